// long double, complex, float and unsigned char as loop variables, _Bool, character types.
// flags: -lm
#include <complex.h>
#include <math.h>
#include <stdbool.h>

#include "sim.h"

int main(void)
{
    long double sum = 1.0L / 3;
    double complex z = 0.1 + 0.2 * I, zs[3] = {1, I, 2 - I};
    float f = 0;
    _Bool is_odd = 0;
    signed char small = -100;
    wchar_t wide = L'x';
    uint64_t x = 5;

    printf("start\n");
#pragma checkpoint every(3 iterations)
    for (unsigned char c = 7; c != 250; c += 1, small++) {
        x = spend(x + c);
        sum = sum * 1.0000001L + (long double)(x % 100) / 7;
        z = z * z + (double)(x % 7) / 9 - 0.3;
        zs[c % 3] += z * (1 + I) / 3;
        if (cabs(z) > 2)
            z /= 4;
        is_odd ^= x & 1;
        wide += (wchar_t)(x & 3);
    }
    printf("%.21Lg %.17g %.17g %d %d %ld\n", sum, creal(z), cimag(z), is_odd, small, (long)wide);
    for (int i = 0; i < 3; i++)
        printf("%.17g %.17g\n", creal(zs[i]), cimag(zs[i]));
#pragma checkpoint every(3 iterations) name("floating")
    for (f = 0.1f; f < 20; f *= 1.03f) {
        x = spend(x + (uint64_t)f);
        sum -= (long double)f;
    }
    printf("%.21Lg %.9g\n", sum, (double)f);
    print("x", x);
    return 0;
}
