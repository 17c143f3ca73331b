// flags: -lm
// stats: cold calls=8 miss=4 hit=4
/* 0.0 and -0.0 are two keys, and so are NaNs of both signs. */
#include <math.h>
#include <stdio.h>

#pragma memo
int sign(double x)
{
    return __builtin_signbit(x) ? -1 : 1;
}

int main(void)
{
    double nan = __builtin_nan("");
    for (int i = 0; i < 2; i++)
        printf("%d %d %d %d\n", sign(0.0), sign(-0.0), sign(nan), sign(-nan));
    return 0;
}
