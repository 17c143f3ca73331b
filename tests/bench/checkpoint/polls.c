/* polls.c - tight loops, compiled twice: by memocc and, without its pragmas, by the plain
 * compiler. PREFIX tells the functions apart. */
#include "polls.h"

#define JOIN_(prefix, name) prefix##_##name
#define JOIN(prefix, name) JOIN_(prefix, name)
#define LOOP(name) unsigned long JOIN(PREFIX, name)(long n, long steps)

/* Iterations that compilers join to vectors, where nothing is in the way. */
LOOP(vector)
{
    unsigned x = (unsigned)steps;

#pragma checkpoint
    for (long i = 0; i < n; i++)
        x ^= (unsigned)i * 2654435761u;
    return x;
}

/* Each iteration waits for the one before, in a way that compilers can't shorten. */
LOOP(chain)
{
    unsigned long x = (unsigned long)steps;

#pragma checkpoint
    for (long i = 0; i < n; i++)
        x = (x ^ x >> 29) * 6364136223846793005u + 1;
    return x;
}

LOOP(chain_while)
{
    unsigned long x = (unsigned long)steps;

#pragma checkpoint
    while (n-- > 0)
        x = (x ^ x >> 29) * 6364136223846793005u + 1;
    return x;
}

/* So many of them in an iteration. */
LOOP(chains)
{
    unsigned long x = 1;

#pragma checkpoint
    for (long i = 0; i < n; i++)
        for (long k = 0; k < steps; k++)
            x = (x ^ x >> 29) * 6364136223846793005u + 1;
    return x;
}

/* Four variables in registers. */
LOOP(registers)
{
    double a = 1, b = 0, c = 0.5, d = (double)steps;

#pragma checkpoint
    for (long i = 0; i < n; i++) {
        a = a * 0.999 + 0.1;
        b = b * 0.998 + 0.2;
        c = c * 0.997 + 0.3;
        d = d * 0.996 + (double)(i & 7);
    }
    return (unsigned long)(a + b + c + d);
}

/* An element for each iteration. */
LOOP(array)
{
    static unsigned data[4096];

#pragma checkpoint
    for (long i = 0; i < n; i++)
        data[i & 4095] += (unsigned)i;
    return data[steps & 4095];
}
