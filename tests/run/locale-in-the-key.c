/* What depends on the locale is cached for each; errno and %m are seen as they are. */
// flags: -O1
// env: LC_ALL=C.UTF-8
// stats: warm miss=0
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo
int letters(const char *s)
{
    return (int)mbstowcs(NULL, s, 0);
}

#pragma memo out(text[:64])
void message(int n, char *text)
{
    memset(text, 0, 64);
    snprintf(text, 64, "%d: %m", n);
}

int main(void)
{
    char text[64];
    for (int i = 0; i < 3; i++) {
        printf("%d ", letters("\303\244\303\266"));
        setlocale(LC_ALL, "");
        printf("%d %d\n", letters("\303\244\303\266"), letters("abc"));
        setlocale(LC_ALL, "C");
        errno = i + 1;
        message(7, text);
        puts(text);
    }
    return 0;
}
