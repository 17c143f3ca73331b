/* polls.h - the loops of polls.c: `n` iterations; a value that depends on all of them. */
#ifndef TESTS_BENCH_POLLS_H
#define TESTS_BENCH_POLLS_H

#define POLLS(X)                                                                                   \
    X(vector, 1)                                                                                   \
    X(chain, 1)                                                                                    \
    X(chain_while, 1)                                                                              \
    X(registers, 1)                                                                                \
    X(array, 1)                                                                                    \
    X(chains, 2)                                                                                   \
    X(chains, 8)

#define POLLS_DECLARE(name, steps)                                                                 \
    unsigned long ours_##name(long n, long s);                                                     \
    unsigned long plain_##name(long n, long s);
POLLS(POLLS_DECLARE)

#endif
