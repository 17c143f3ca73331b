/* plan.h - what will be done for one memoized function, as data: the parts of
 * its calls, in order, each with the C text that finds its bytes at run time.
 *
 * check_memo.c has found the annotation sound; plan_memo() turns its clauses
 * and what effects.c found into parts; emit_memo.c writes them out. explain.c
 * says them in words. */
#ifndef MEMOCC_PLAN_H
#define MEMOCC_PLAN_H

#include <stdbool.h>

#include "effects.h"
#include "frontend.h"
#include "pragma.h"
#include "shape.h"

struct memo_plan;

/* One function with `#pragma memo`, and where that stands. */
struct memo_function {
    struct function *fn;
    const struct annotation *annotation;
    const struct pragma_site *site;     /* of the annotation that counts */
    const struct top_level *top;        /* the declaration it stands before */
    const struct top_level *definition; /* NULL: not in this unit, or `external` */
    struct scope scope;
    const struct unit_request *request;
    struct effects *effects; /* NULL for `external` */
    bool is_external, has_errors;
    bool is_concurrent;                 /* has `#pragma concurrent`, too */
    struct memo_plan *plan;             /* once it is planned; NULL: it has errors */
    const char *const *ignored_members; /* "c.cache": root name and path, see scope_path */
    size_t n_ignored_members;
};

struct part_plan {
    const char *name, *kind;
    const char *kind_text; /* C text in place of kind, where only the compiler knows it; or NULL */
    unsigned role;         /* MEMO_... of memo_abi.h */
    const struct type
        *type;            /* of an element whose padding stays out of the key; NULL: plain bytes */
    const char *excluded; /* path of the element, for members left out of the key; NULL: none */
    const struct variable *root; /* the parameter or global that the shape starts from, or NULL */
    const char *size;            /* C text: bytes of one element, a constant expression */
    const char *data, *count;    /* C text, evaluated before the call */
    const char *late_count;      /* MEMO_LATE: after it */
    unsigned ref;
    unsigned long align;
    const char *setup;         /* C text before the spans are filled, e.g. a temporary; "" */
    const struct type *layout; /* of results: in the layout digest */
};

/* A scalar parameter in the packed key. */
struct packed {
    const char *name;
    size_t offset, len;
    bool is_long_complex; /* long double _Complex on x86: 20 of 32 bytes */
};

struct memo_plan {
    struct memo_function *mf;
    struct part_plan *parts;
    size_t n_parts, cap_parts;
    struct packed *packed;
    size_t n_packed, cap_packed, packed_len;
    const char *packed_kinds; /* "a:i4,b:f8" */
    bool is_fast;
    size_t result_size;    /* is_fast */
    unsigned flags, tiers; /* MEMO_SITE_..., MEMO_TIER_... */
    long long min_cost_ns, expires_ns;
    const char *when, *valid, *store_if; /* C text or NULL */
    bool store_if_uses_result;
    const char *name, *version;
    const char *signature;
    struct fingerprint fingerprint;
    unsigned char layout[16];
};

/* Bytes of t that take part in a key (10 of a long double's 16 on x86). */
size_t plan_value_size(const struct type *t);

struct memo_plan *plan_memo(struct memo_function *mf, const struct unit_request *request);

#endif
