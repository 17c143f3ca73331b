/* generator.c - the C library's random numbers. See generator.h.
 *
 * glibc keeps random()'s state in an array that the program may have given (initstate). Its first
 * word, written when another array is made current, is type + 5 * position of the rear pointer;
 * the type says how many words follow. So: another array is made current for a moment, which
 * tells where the current one is, and brings its first word up to date. */
#include "checkpoint/generator.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* While another array is current, or X isn't what it was: no other thread takes or gives. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define N_TYPES 5
static const unsigned char degrees[N_TYPES] = {0, 7, 15, 31, 63}; /* words but the first */

static size_t len_of_type(int32_t type)
{
    return type == 0 ? 8 : 4u * (degrees[type] + 1u);
}

static int32_t first_word(const void *state)
{
    int32_t word;
    memcpy(&word, state, sizeof word);
    return word;
}

int memo__ck_random_check(const void *state, size_t len)
{
    if (len < 8)
        return MEMO_ECORRUPT;
    int32_t word = first_word(state), type = word % N_TYPES;
    bool is_known = word >= 0 && len == len_of_type(type) &&
                    (type ? word / N_TYPES < degrees[type] : word == 0);
    return is_known ? 0 : MEMO_ECORRUPT;
}

#if defined __GLIBC__

/* The current array; another one is current until it is set again. */
static char *current(void)
{
    static char meanwhile[8];
    return initstate(1, meanwhile, sizeof meanwhile);
}

static int take(struct memo__ck_random *out)
{
    char *state = current();
    if (!state)
        return MEMO_EINVALID;
    int32_t word = first_word(state);
    size_t len = word >= 0 ? len_of_type(word % N_TYPES) : 8;
    int err = memo__ck_random_check(state, len) ? MEMO_EINVALID : 0;
    if (!err) {
        memset(out, 0, sizeof *out);
        memcpy(out->state, state, len);
        out->len = len;
    }
    setstate(state);
    return err;
}

int memo__ck_random_take(struct memo__ck_random *out)
{
    pthread_mutex_lock(&lock);
    int err = take(out);
    pthread_mutex_unlock(&lock);
    return err;
}

static int give(const void *state, size_t len)
{
    char *to = current();
    if (!to)
        return MEMO_ECORRUPT;
    char *fresh = to;
    if (first_word(to) < 0 || first_word(to) % N_TYPES != first_word(state) % N_TYPES)
        fresh = memo__malloc(len);
    if (fresh)
        memcpy(fresh, state, len);
    setstate(fresh ? fresh : to);
    return fresh ? 0 : MEMO_ENOMEM;
}

int memo__ck_random_give(const void *state, size_t len)
{
    if (memo__ck_random_check(state, len))
        return MEMO_ECORRUPT;
    pthread_mutex_lock(&lock);
    int err = give(state, len);
    pthread_mutex_unlock(&lock);
    return err;
}

#else

int memo__ck_random_take(struct memo__ck_random *out)
{
    (void)out;
    return MEMO_EINVALID;
}

int memo__ck_random_give(const void *state, size_t len)
{
    (void)state;
    (void)len;
    return MEMO_ECORRUPT;
}

#endif

/* ---- drand48(): X' = a X + c modulo 2^48 */

#define MASK (((uint64_t)1 << 48) - 1)

static uint64_t join(const unsigned short x[3])
{
    return (uint64_t)x[2] << 32 | (uint64_t)x[1] << 16 | x[0];
}

static void split(uint64_t x, unsigned short out[3])
{
    out[0] = (unsigned short)x;
    out[1] = (unsigned short)(x >> 16);
    out[2] = (unsigned short)(x >> 32);
}

/* Of an odd number, modulo 2^64: each step doubles the bits that are right. */
static uint64_t inverse(uint64_t a)
{
    uint64_t x = a;
    for (int i = 0; i < 6; i++)
        x *= 2 - a * x;
    return x;
}

static void set48(const struct memo__ck_rand48 *s)
{
    unsigned short param[7];
    split(s->x, param);
    split(s->a, param + 3);
    param[6] = (unsigned short)s->c;
    lcong48(param);
}

void memo__ck_rand48_take(struct memo__ck_rand48 *out)
{
    unsigned short zero[3] = {0, 0, 0}, one[3] = {1, 0, 0};
    pthread_mutex_lock(&lock);
    erand48(zero); /* these use the program's a and c, and not its X */
    erand48(one);
    out->c = join(zero);
    out->a = (join(one) - out->c) & MASK;
    if (out->a & 1) {
        /* Its value has all bits of the next X. seed48 would overwrite the old value that
         * it returns, which the program may want to read. */
        uint64_t next = (uint64_t)(drand48() * 0x1p48);
        out->x = (next - out->c) * inverse(out->a) & MASK;
    } else {
        out->x = join(seed48(zero));
    }
    set48(out);
    pthread_mutex_unlock(&lock);
}

int memo__ck_rand48_check(const struct memo__ck_rand48 *s)
{
    return (s->x | s->a | s->c) & ~MASK || s->c > 0xffff ? MEMO_ECORRUPT : 0;
}

void memo__ck_rand48_give(const struct memo__ck_rand48 *s)
{
    pthread_mutex_lock(&lock);
    set48(s);
    pthread_mutex_unlock(&lock);
}
