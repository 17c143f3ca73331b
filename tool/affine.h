/* affine.h - polynomials with integer coefficients in variables: what subscripts and the bounds of
 * loops are, as far as they can be followed.
 *
 * Values are those of the C expressions: an operation that could wrap round, or a conversion
 * that could change the value, makes the result unknown; of signed types and of those
 * with 64 bits, which count what fits into memory, no overflow is assumed. */
#ifndef MEMOCC_AFFINE_H
#define MEMOCC_AFFINE_H

#include <stdbool.h>
#include <stddef.h>

struct node;
struct variable;
struct touch_scope;

#define AFFINE_TERMS 24
#define AFFINE_FACTORS 4
#define AFFINE_INFINITY (1LL << 62) /* of ranges: no bound */

/* A variable at one of several moments that the user of a polynomial tells apart. */
struct affine_factor {
    const struct variable *var;
    unsigned moment;
};
struct affine_term {
    struct affine_factor factors[AFFINE_FACTORS]; /* in a fixed order */
    unsigned n_factors;
    long long k; /* not 0 */
};
struct affine {
    bool is_known;
    long long constant;
    struct affine_term terms[AFFINE_TERMS];
    unsigned n_terms;
};

struct affine affine_constant(long long k);
struct affine affine_variable(const struct variable *v, unsigned moment);
struct affine affine_sum(const struct affine *a, const struct affine *b, long long k); /* a + k b */
struct affine affine_product(const struct affine *a, const struct affine *b);
/* a with p in place of the factor. */
struct affine affine_substitute(const struct affine *a, struct affine_factor f,
                                const struct affine *p);
/* c and r with a == c * f + r; false: f is in a with a higher power. */
bool affine_split(const struct affine *a, struct affine_factor f, struct affine *c,
                  struct affine *r);
bool affine_is_constant(const struct affine *a, long long *k);

struct affine_range {
    long long min, max; /* AFFINE_INFINITY and its negative: none */
};
/* The range of a variable, as the one who asks knows it. */
typedef struct affine_range affine_range_of(void *arg, struct affine_factor f);
struct affine_range affine_range(const struct affine *a, affine_range_of *of, void *arg);

/* The value of expression n, all variables at moment 0. Locals that are set once, by their
 * initializer, are looked through. */
struct affine affine_of(struct touch_scope *s, const struct node *n);
/* All values of the variable's type. */
struct affine_range affine_type_range(const struct variable *v);

/* A loop `for (i = first; i < end; i += step)` in one of its forms. */
struct affine_loop {
    const struct node *loop, *body;
    const struct variable *var;
    long long step;
    /* In the body lowest <= var < end. Unknown where they can't be followed. */
    struct affine lowest, end;
};
/* false: it is another kind of loop, or its variable may change elsewhere. */
bool affine_loop_of(struct touch_scope *s, const struct node *loop, struct affine_loop *out);

#endif
