// flags: -fvisibility=hidden
// stats: cold calls=4 miss=2 hit=2
/* An attribute that a static function can't have, and a pragma in the middle of
 * a header that a macro makes. */
#include <stdio.h>

#define API __attribute__((visibility("default")))
#define CACHED(name) _Pragma("memo") static inline int name(int x)

#pragma memo
API int shown(int x)
{
    return x + 1;
}

CACHED(made)
{
    return x + 2;
}

int main(void)
{
    printf("%d %d %d %d\n", shown(1), shown(1), made(1), made(1));
    return 0;
}
