/* __func__, assert and __LINE__ speak of the user's source. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#pragma memo returns(static string)
const char *whoami(int n)
{
    assert(n > 0);
    return __func__;
}

#pragma memo
int where(int n)
{
    return n + __LINE__;
}

#pragma memo
int which(void)
{
    return strcmp(__FILE__, "x") != 0 && sizeof __func__ == 6;
}

int main(void)
{
    printf("%s %d %d\n", whoami(1), where(0), which());
    return 0;
}
