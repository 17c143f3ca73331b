/* montecarlo.c - how far two points in a cube are apart, on average.
 *
 * Throws pairs of points into the unit cube, as many as asked for: hours, if wanted.
 * The state of GSL's generator is saved with the sums, so that a run that was
 * killed and started again goes on with the very numbers that were to come, and
 * prints the very digits. SIGTERM, which batch systems send before they kill, and
 * SIGINT save and end the program.
 *
 *   montecarlo [PAIRS [SEED]]
 *
 * The answer is known (Robbins 1978), so the last column is the true error. */
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The square of how far two coordinates are apart. */
static double draw(gsl_rng *r)
{
    double x = gsl_rng_uniform(r);
    double difference = x - gsl_rng_uniform(r);

    return difference * difference;
}

struct estimate {
    long pairs;
    double sum, squares; /* of the distances */
};

static struct estimate throw_pairs(gsl_rng *r, long pairs)
{
    struct estimate e = {0, 0, 0};

/* trust: GSL keeps nothing else that the next number depends on. */
#pragma checkpoint rng(r->state[:r->type->size]) trust(gsl_rng_uniform) every(1 %) on(TERM, INT)
    while (e.pairs < pairs) {
        double square = draw(r);
        square += draw(r);
        square += draw(r);
        e.sum += sqrt(square);
        e.squares += square;
        e.pairs++;
    }
    return e;
}

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    const double robbins = (4 + 17 * sqrt(2) - 6 * sqrt(3) + 21 * log(1 + sqrt(2)) +
                            42 * log(2 + sqrt(3)) - 7 * acos(-1)) /
                           105;
    double pairs = argc > 1 ? atof(argv[1]) : 3e7; /* 1e12 is easier to type so */
    unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;

    if (argc > 3 || !(pairs >= 2 && pairs <= 1e18)) {
        fprintf(stderr, "usage: montecarlo [PAIRS [SEED]]\n");
        return 2;
    }
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(r, seed);

    double start = seconds();
    struct estimate e = throw_pairs(r, (long)pairs);
    double n = (double)e.pairs, mean = e.sum / n;
    double deviation = sqrt((e.squares / n - mean * mean) / (n - 1));
    printf("%ld pairs: %.15f +- %.15f, which is off by %.15f\n", e.pairs, mean, deviation,
           mean - robbins);
    fprintf(stderr, "%.3f s\n", seconds() - start);
    gsl_rng_free(r);
    return 0;
}
