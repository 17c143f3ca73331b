/* generator.h - the C library's random numbers: random(), rand(), drand48() and its kin.
 *
 * Taking doesn't disturb the program's sequence: no number is drawn that the program would miss,
 * and the array that initstate() or setstate() made current stays current. While a state
 * is taken or given, other threads' random numbers may come from another sequence.
 * Threads: all may be called at once.
 *
 * The states are given back behind memo__ck_image_restore, since a program's own array may
 * be a piece of the state, too. */
#ifndef MEMO_CHECKPOINT_GENERATOR_H
#define MEMO_CHECKPOINT_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

/* The current array of random(), with its first word (type and position). */
struct memo__ck_random {
    unsigned char state[256];
    size_t len; /* 8, 32, 64, 128 or 256 */
};

/* 0, or MEMO_EINVALID: this C library's state isn't known to us; *out is untouched. */
int memo__ck_random_take(struct memo__ck_random *out);

/* Gives what a file has. 0; MEMO_ECORRUPT: no such state, and nothing was changed. _check says
 * so beforehand. If the current array is of another size, the state gets fresh memory, which
 * is never freed: the library goes on using it; there being none is MEMO_ENOMEM, which _check
 * can't know. */
int memo__ck_random_check(const void *state, size_t len);
int memo__ck_random_give(const void *state, size_t len);

/* X, a and c of drand48(), 48 bits each. */
struct memo__ck_rand48 {
    uint64_t x, a, c;
};
void memo__ck_rand48_take(struct memo__ck_rand48 *out);
int memo__ck_rand48_check(const struct memo__ck_rand48 *state); /* 0 or MEMO_ECORRUPT */
void memo__ck_rand48_give(const struct memo__ck_rand48 *state);

#endif
