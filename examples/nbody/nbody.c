/* nbody.c - stars that attract each other.
 *
 * In each step the force on every star is one call of attract(): these read all
 * positions and write one acceleration each, so they can run at the same time.
 * Then the stars are moved, which has to wait for all of them; nobody has to
 * write that. The energy is printed with all its digits: they are those of the
 * serial program, however many threads there are.
 *
 *   nbody [STARS [STEPS]] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct vector {
    double x, y, z;
};

struct star {
    struct vector position, velocity;
    double mass;
};

/* Positions nearer than this attract no more than if they were so far apart. */
#define SOFTENING 0.05

#pragma concurrent in(stars[:n])out(*acceleration)
static void attract(const struct star *stars, int n, int i, struct vector *acceleration)
{
    struct vector sum = {0, 0, 0};

    for (int j = 0; j < n; j++) {
        double dx = stars[j].position.x - stars[i].position.x;
        double dy = stars[j].position.y - stars[i].position.y;
        double dz = stars[j].position.z - stars[i].position.z;
        double square = dx * dx + dy * dy + dz * dz + SOFTENING * SOFTENING;
        double pull = stars[j].mass / (square * sqrt(square));
        sum.x += pull * dx;
        sum.y += pull * dy;
        sum.z += pull * dz;
    }
    *acceleration = sum;
}

/* Potential energy of star i and those behind it. */
#pragma concurrent in(stars[:n])
static double potential(const struct star *stars, int n, int i)
{
    double sum = 0;

    for (int j = i + 1; j < n; j++) {
        double dx = stars[j].position.x - stars[i].position.x;
        double dy = stars[j].position.y - stars[i].position.y;
        double dz = stars[j].position.z - stars[i].position.z;
        sum -= stars[i].mass * stars[j].mass /
               sqrt(dx * dx + dy * dy + dz * dz + SOFTENING * SOFTENING);
    }
    return sum;
}

static double square(struct vector v)
{
    return v.x * v.x + v.y * v.y + v.z * v.z;
}

#pragma synchronized
static double energy(const struct star *stars, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += potential(stars, n, i); /* added in this order, whichever call ends first */
        sum += stars[i].mass * square(stars[i].velocity) / 2;
    }
    return sum;
}

/* One step of dt: all stars are accelerated, then moved. */
#pragma synchronized
static void step(struct star *stars, struct vector *accelerations, int n, double dt)
{
    for (int i = 0; i < n; i++)
        attract(stars, n, i, &accelerations[i]);
    for (int i = 0; i < n; i++) {
        struct star *s = &stars[i];
        s->velocity.x += accelerations[i].x * dt;
        s->velocity.y += accelerations[i].y * dt;
        s->velocity.z += accelerations[i].z * dt;
        s->position.x += s->velocity.x * dt;
        s->position.y += s->velocity.y * dt;
        s->position.z += s->velocity.z * dt;
    }
}

/* Pseudo-random numbers from -1 to 1, the same everywhere. */
static double next_random(unsigned long long *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 4503599627370496.0 - 1;
}

/* A cloud that turns slowly. */
static void place(struct star *stars, int n)
{
    unsigned long long state = 42;

    for (int i = 0; i < n; i++) {
        struct vector p;
        do {
            p.x = next_random(&state);
            p.y = next_random(&state);
            p.z = next_random(&state);
        } while (square(p) > 1);
        stars[i].position = p;
        stars[i].velocity.x = -0.4 * p.y;
        stars[i].velocity.y = 0.4 * p.x;
        stars[i].velocity.z = 0;
        stars[i].mass = 1.0 / n;
    }
}

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 600, steps = argc > 2 ? atoi(argv[2]) : 400;
    struct star *stars = n > 0 ? calloc((size_t)n, sizeof *stars) : NULL;
    struct vector *accelerations = n > 0 ? calloc((size_t)n, sizeof *accelerations) : NULL;

    if (argc > 3 || steps < 1 || !stars || !accelerations) {
        fprintf(stderr, "usage: nbody [STARS [STEPS]]\n");
        return 2;
    }
    place(stars, n);
    double start = seconds();
    printf("%6s  %s\n", "step", "energy");
    printf("%6d  %.17g\n", 0, energy(stars, n));
    for (int i = 1; i <= steps; i++) {
        step(stars, accelerations, n, 0.0025);
        if (i % ((steps + 7) / 8) == 0 || i == steps)
            printf("%6d  %.17g\n", i, energy(stars, n));
    }
    fprintf(stderr, "%d stars, %d steps: %.3f s\n", n, steps, seconds() - start);
    free(accelerations);
    free(stars);
    return 0;
}
