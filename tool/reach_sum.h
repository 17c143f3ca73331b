/* reach_sum.h - indices as sums of products of parameters, and ranges of them.
 *
 * 2 * i * n - n + 5 is a sum. A range lies between the least of some sums and the greatest
 * of others. Values are mathematical: whoever computes with them sees to it that C would, too.
 * What becomes too large to write down isn't ok. */
#ifndef MEMOCC_REACH_SUM_H
#define MEMOCC_REACH_SUM_H

#include "facts.h"

#define SUM_PRODUCTS 8
#define SUM_FACTORS 4
#define RANGE_SUMS 4

struct product {
    long long by;
    unsigned params[SUM_FACTORS]; /* indices of parameters, in order */
    unsigned n;
};
struct sum {
    struct product products[SUM_PRODUCTS]; /* by their parameters, each once; none by 0 */
    unsigned n;
};
struct range {
    bool is_ok;
    struct sum low[RANGE_SUMS], high[RANGE_SUMS]; /* the least, the greatest of them counts */
    unsigned n_low, n_high;
};

struct range range_none(void);
struct range range_number(long long value);
struct range range_parameter(unsigned index);

/* One value alone? */
bool range_is_point(const struct range *r);
/* A number? */
bool sum_is_number(const struct sum *s, long long *value);
bool sum_equal(const struct sum *a, const struct sum *b);

struct range range_add(const struct range *a, const struct range *b);
struct range range_negate(const struct range *a);
struct range range_shift(const struct range *a, long long by);
/* Everything in both, and between. */
struct range range_union(const struct range *a, const struct range *b);
/* is_positive: the parameters that can't be negative. */
struct range range_multiply(const struct range *a, const struct range *b, const bool *is_positive);
/* The values from the least of a to the greatest of b. */
struct range range_between(const struct range *a, const struct range *b);
bool range_equal(const struct range *a, const struct range *b);

/* a, with parameter i replaced by with[i]. */
struct range range_substitute(const struct range *a, const struct range *with, size_t n,
                              const bool *is_positive);

/* C text of type long long. */
const char *range_low_text(struct arena *arena, const struct range *r, const struct function *fn);
const char *range_high_text(struct arena *arena, const struct range *r, const struct function *fn);
/* That of the number of values, 0 at least. */
const char *range_count_text(struct arena *arena, const struct range *r, const struct function *fn);

#endif
