// flags: -O1 -ffp-contract=off -lm
// Monte Carlo with a generator without state: floating-point sums are those of the serial
// program, to the last bit, at any number of threads.
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static double uniform(uint64_t seed, uint64_t i)
{
    return (double)(mix(seed + i * 0x9e3779b97f4a7c15u) >> 11) * 0x1p-53;
}

#pragma concurrent
static double path(uint64_t seed, int i, int steps)
{
    double s = 100;
    for (int k = 0; k < steps; k++) {
        double u = uniform(seed, (uint64_t)i * 4096 + 2 * (unsigned)k) + 1e-300;
        double v = uniform(seed, (uint64_t)i * 4096 + 2 * (unsigned)k + 1);
        s *= exp(0.0002 + 0.02 * sqrt(-2 * log(u)) * cos(6.283185307179586 * v));
    }
    return s;
}

#pragma concurrent
static long in_circle(uint64_t seed, long first, long n)
{
    long hits = 0;
    for (long i = first; i < first + n; i++) {
        double x = uniform(seed, (uint64_t)(2 * i)), y = uniform(seed, (uint64_t)(2 * i + 1));
        hits += x * x + y * y <= 1;
    }
    return hits;
}

int main(void)
{
    enum { PATHS = 600 };
    double sum = 0, squares = 0, payoff = 0, least = 1e300, most = 0, product = 1;
    long hits = 0;
#pragma synchronized
    for (int i = 0; i < PATHS; i++) {
        double s = path(42, i, 40);
        sum += s;
        squares += s * s;
        payoff += s > 105 ? s - 105 : 0;
        least = fmin(least, s);
        if (s > most)
            most = s;
        product *= 1 + (s - 100) / 1000;
    }
    printf("%.17g %.17g %.17g %.17g %.17g %.17g\n", sum / PATHS,
           sqrt(squares / PATHS - sum / PATHS * sum / PATHS), payoff / PATHS, least, most, product);
#pragma synchronized
    {
        for (long i = 0; i < 100000; i += 5000)
            hits += in_circle(7, i, 5000);
    }
    printf("%.17g\n", 4.0 * (double)hits / 100000);
    return 0;
}
