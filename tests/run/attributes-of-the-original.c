// flags: -fvisibility=hidden
// stats: cold calls=6 miss=3 hit=3
/* Attributes that a static function that isn't inlined can't have, and a pragma
 * in the middle of a header that a macro makes. */
#include <stdio.h>

#define API __attribute__((visibility("default")))
#define CACHED(name) _Pragma("memo") static inline int name(int x)

#pragma memo
API int shown(int x)
{
    return x + 1;
}

#pragma memo
__attribute__((always_inline)) static inline int inlined(int x)
{
    return x + 3;
}

CACHED(made)
{
    return x + 2;
}

int main(void)
{
    printf("%d %d %d %d\n", shown(1), shown(1), made(1), made(1));
    printf("%d %d\n", inlined(1), inlined(1));
    return 0;
}
