/* sim.h - what the programs have in common: something that takes time, and a digest.
 * SCALE (a percentage, on the command line) makes them longer. */
#ifndef SIM_H
#define SIM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef SCALE
#define SCALE 100
#endif

/* A number that depends on all of x, after some 0.5 ms. */
static inline uint64_t spend(uint64_t x)
{
    for (int i = 0; i < 3000 * SCALE; i++) {
        x += 0x9e3779b97f4a7c15u;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    }
    return x ^ x >> 31;
}

static inline uint64_t digest(uint64_t seed, const void *data, size_t len)
{
    const unsigned char *p = data;

    for (size_t i = 0; i < len; i++)
        seed = (seed ^ p[i]) * 0x100000001b3u;
    return seed;
}

#define DIGEST(x) digest(14695981039346656037u, &(x), sizeof(x))

static inline void print(const char *name, uint64_t value)
{
    printf("%s %016llx\n", name, (unsigned long long)value);
}

#endif
