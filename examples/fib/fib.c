/* fib.c - a function that calls itself, remembered: each value once.
 *
 *   fib [N]
 *
 * The definition in the textbook's words takes 866,988,873 calls for N = 42, and
 * 43 when its results are remembered, since recursive calls profit too. */
#include <stdio.h>
#include <stdlib.h>

#pragma memo
static unsigned long fib(unsigned n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv)
{
    char *end = "";
    unsigned long n = argc > 1 ? strtoul(argv[1], &end, 10) : 42;
    if (*end || n > 93) { /* fib(94) has 65 bits */
        fprintf(stderr, "usage: fib [N], N at most 93\n");
        return 2;
    }
    printf("fib(%lu) = %lu\n", n, fib((unsigned)n));
    return 0;
}
