// stats: cold calls=8 miss=4 hit=4
/* Names from macros, annotations from macros, _Pragma. */
#include <stdio.h>

#define DEFUN(type, name, args) type name args
#define CACHED _Pragma("memo")
#define MEMOIZE(x) _Pragma(#x)

#pragma memo
DEFUN(static int, one, (int x))
{
    return x + 1;
}

CACHED
static int two(int x)
{
    return x + 2;
}

MEMOIZE(memo min_cost(0ms)) static int three(int x) { return x + 3; }

_Pragma("memo") static int four(int x) { return x + 4; }

int main(void)
{
    printf("%d %d %d %d\n", one(1), one(1), two(1), two(1));
    printf("%d %d %d %d\n", three(1), three(1), four(1), four(1));
    return 0;
}
