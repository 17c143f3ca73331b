/* check.h - checks for test programs. A check that fails prints the place and
 * both values and goes on; main returns check_result(). */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static int check_failures __attribute__((unused));

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #cond);                   \
            check_failures++;                                                                      \
        }                                                                                          \
    } while (0)

/* Integers of any type; both are printed. */
#define CHECK_EQ(got, want)                                                                        \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        if (got_ != want_) {                                                                       \
            fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got, got_,       \
                    want_);                                                                        \
            check_failures++;                                                                      \
        }                                                                                          \
    } while (0)

#define CHECK_STR(got, want)                                                                       \
    do {                                                                                           \
        const char *got_ = (got), *want_ = (want);                                                 \
        if (!got_ || strcmp(got_, want_)) {                                                        \
            fprintf(stderr, "%s:%d: %s is '%s', not '%s'\n", __FILE__, __LINE__, #got,             \
                    got_ ? got_ : "(null)", want_);                                                \
            check_failures++;                                                                      \
        }                                                                                          \
    } while (0)

#define CHECK_MEM(got, want, len)                                                                  \
    do {                                                                                           \
        const unsigned char *got_ = (const void *)(got), *want_ = (const void *)(want);            \
        size_t i_ = 0, len_ = (len);                                                               \
        while (i_ < len_ && got_[i_] == want_[i_])                                                 \
            i_++;                                                                                  \
        if (i_ < len_) {                                                                           \
            fprintf(stderr, "%s:%d: byte %zu of %s is %#x, not %#x\n", __FILE__, __LINE__, i_,     \
                    #got, got_[i_], want_[i_]);                                                    \
            check_failures++;                                                                      \
        }                                                                                          \
    } while (0)

static inline int check_result(void)
{
    if (check_failures)
        fprintf(stderr, "%d checks failed\n", check_failures);
    return check_failures ? 1 : 0;
}

#endif
