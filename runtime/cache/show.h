/* show.h - arguments and results as people read them, for messages.
 *
 * Everything goes into a line of bounded length; what doesn't fit is left out,
 * and "..." says so. Nothing here allocates or fails. Any thread; a line belongs
 * to one. */
#ifndef MEMO_CACHE_SHOW_H
#define MEMO_CACHE_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/kind.h"
#include "include/memo_abi.h"

#define MEMO__LINE 800u

struct memo__line {
    char text[MEMO__LINE]; /* with its NUL */
    size_t len;
    bool is_full;
};
#define MEMO__LINE_INIT                                                                            \
    {                                                                                              \
        "", 0, false                                                                               \
    }

void memo__line_add(struct memo__line *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* One argument of a call, as it stands in the call's canonical key (key/key.h). */
struct memo__arg {
    const struct memo_part *part; /* NULL: state of the thread, rounding mode or errno */
    unsigned index;               /* of the part */
    const char *name;             /* as written in the source; not NUL-terminated */
    size_t name_len;
    const char *kind; /* begins with the kind; NULL: see form */
    enum memo__arg_form {
        MEMO__ARG_VALUE, /* data: elements, packed; or text */
        MEMO__ARG_HASH,  /* data: the hash of what was too large for a key */
        MEMO__ARG_NULL,
        MEMO__ARG_THERE, /* not NULL is all that the key says: a pure result */
        MEMO__ARG_FILE,  /* data: the hash of the content; NULL: missing */
        MEMO__ARG_ENV,   /* data: the variable's value; NULL: unset */
        MEMO__ARG_CODE   /* data: the identity of the function; NULL: a null pointer */
    } form;
    uint64_t count; /* elements (of rows: of all rows), or bytes of a string or variable */
    const unsigned char *data;
    size_t len;  /* bytes at data */
    bool is_cut; /* the rest of the key wasn't kept: this is the last one */
};

/* Goes through the arguments of a key of which the first `len` of `total` bytes
 * were kept. The key belongs to the caller; arguments point into it. */
struct memo__args {
    const struct memo_site *site;
    const unsigned char *at, *end;
    uint64_t left;       /* bytes of the whole key from `at` on */
    unsigned next;       /* index of the part */
    const char *list;    /* rest of a list of packed parameters, or NULL */
    bool is_cut, has_fp; /* has_fp: the rounding mode is behind us */
};
void memo__args_begin(struct memo__args *it, const struct memo_site *site, const void *key,
                      size_t len, uint64_t total);
bool memo__args_next(struct memo__args *it, struct memo__arg *arg);

/* "3", "{1, 2, 3}", "\"text\"", "NULL": the value alone. */
void memo__show_arg(struct memo__line *l, const struct memo__arg *arg);

/* "n = 3, p[:n] = {1, 2, 3}": all of them. */
void memo__show_args(struct memo__line *l, const struct memo_site *site, const void *key,
                     size_t len, uint64_t total);

/* `count` objects of a kind, each `size` bytes, as they lie in memory. */
void memo__show_value(struct memo__line *l, const char *kind, const void *data, size_t count,
                      size_t size);

/* One scalar of an object at `data`: memo__kind_differs. */
void memo__show_leaf(struct memo__line *l, const struct memo__leaf *leaf, const void *data);

/* How many whole elements of an argument with the form VALUE were kept, and the
 * bytes of one as it lies in memory; 0: they can't be told apart. `object` of
 * memo__arg_element has room for MEMO__ELEMENT bytes; false: it is larger. */
#define MEMO__ELEMENT 1024u
size_t memo__arg_elements(const struct memo__arg *arg, size_t *size);
bool memo__arg_element(const struct memo__arg *arg, size_t i, unsigned char *object);

/* A string of len bytes, quoted. */
void memo__show_text(struct memo__line *l, const void *text, size_t len);

#endif
