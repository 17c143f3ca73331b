/* primes.c - the next n primes.
 *
 * Each run finds n more primes than are known, by dividing by those that are. What
 * was found stays: where the last run ended this one goes on, and one that was
 * killed goes on where it was. One line says so, the one that begins with #pragma.
 *
 *   primes [N]
 *
 * Built with another compiler each run begins with 2. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_prime(long candidate, const long *primes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (candidate % primes[i] == 0)
            return false;
    }
    return true;
}

/* The first prime and n more, or, where an earlier run left some, those and n more; *n_primes of
 * them. The caller frees the array. NULL with errno if there is no memory. */
static long *compute_primes(long n, size_t *n_primes)
{
    size_t count = 1, capacity = 8;
    long candidate = 2, found = 0; /* found: how many of the n */
    long *primes = malloc(capacity * sizeof *primes);

    if (!primes)
        return NULL;
    primes[0] = candidate;

/* `n` is what this run was asked for, and not part of the state. */
#pragma checkpoint save(primes[:count]) alloc(primes[:capacity]) skip(n) keep name("primes")       \
    every(10000 iterations)
    while (n > 0) {
        candidate++;
        if (!is_prime(candidate, primes, count))
            continue;
        if (count == capacity) {
            long *larger = realloc(primes, 2 * capacity * sizeof *primes);
            if (!larger) {
                free(primes);
                return NULL;
            }
            primes = larger;
            capacity *= 2;
        }
        primes[count++] = candidate;
        if (++found >= n)
            found = n = 0; /* the next run counts from here */
    }
    *n_primes = count;
    return primes;
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 10;
    size_t count;

    if (argc > 2 || n < 1) {
        fprintf(stderr, "usage: primes [N]\n");
        return 2;
    }
    long *primes = compute_primes(n, &count);
    if (!primes) {
        perror("primes");
        return 1;
    }
    size_t first = count > 20 ? count - 20 : 0;
    printf("%zu primes:%s", count, first > 0 ? " ..." : "");
    for (size_t i = first; i < count; i++)
        printf(" %ld", primes[i]);
    printf("\n");
    free(primes);
    return 0;
}
