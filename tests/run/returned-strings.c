// stats: warm miss=0
/* string, static string, and a pointer into an argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo returns(string)
char *repeat(const char *s, int n)
{
    char *r = malloc(strlen(s) * n + 1);
    r[0] = 0;
    for (int i = 0; i < n; i++)
        strcat(r, s);
    return r;
}

#pragma memo returns(static string)
const char *sign(int n)
{
    return n < 0 ? "negative" : n ? "positive" : "zero";
}

#pragma memo in(string(s)) returns(in s)
const char *last_word(const char *s)
{
    const char *p = strrchr(s, ' ');
    return p ? p + 1 : s[0] ? s : NULL;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        char *r = repeat("ab", 3);
        printf("%s\n", r);
        free(r);
        printf("%s %s %s\n", sign(-4), sign(4), sign(0));
        const char *text = "one two three";
        printf("%s %d\n", last_word(text), (int)(last_word(text) - text));
        printf("%d\n", last_word("") == NULL);
        printf("%s\n", last_word("single"));
    }
    return 0;
}
