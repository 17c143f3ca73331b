// flags: -Rmemo -Werror=memo-partial-out
/* Remarks and warnings name the flag that turns them off. */
#include <string.h>

static int scale = 3;

#pragma memo
int length(const char *s)
{
    return (int)strlen(s) * scale;
}

#pragma memo out(*v)
void in_part(int n, int *v)
{
    if (n > 3)
        *v = 1;
}
