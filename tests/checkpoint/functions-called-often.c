// A loop in a function that is called many times with different arguments, from several places.
#include "sim.h"

static unsigned long n_steps;

static double integrate(const double *coefficients, int n, double from, double to)
{
    double sum = 0, h = (to - from) / 12;
    int k;

#pragma checkpoint match(coefficients[:n]) every(2 iterations)
    for (k = 0; k < 12; k++) {
        double x = from + (k + 0.5) * h, value = 0;

        for (int i = n; i-- > 0;)
            value = value * x + coefficients[i];
        sum += value * h + (double)(spend((uint64_t)k) % 3);
        n_steps++;
    }
    return sum;
}

int main(void)
{
    double polynomial[5] = {1, -2, 0.5, 3, 0.125}, total = 0;

    for (int i = 0; i < 15; i++) {
        polynomial[i % 5] += 0.1;
        total += integrate(polynomial, 5, i, i + 1);
        printf("%.17g\n", total);
        if (i % 3 == 0)
            total -= integrate(polynomial + 1, 3, -i, i);
    }
    printf("%.17g %lu\n", total, n_steps);
    return 0;
}
