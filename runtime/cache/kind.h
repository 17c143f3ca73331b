/* kind.h - what bytes mean, as struct memo_part says it in m_kind; memo_abi.h
 * has the grammar. Text that isn't a kind means bytes.
 *
 * Nothing here allocates or fails. Any thread. */
#ifndef MEMO_CACHE_KIND_H
#define MEMO_CACHE_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memo__kind {
    char letter;         /* i u f c b s, or '{' */
    size_t size;         /* of an object in memory; of an 's': 0 */
    size_t value;        /* bytes of it that are its value: 10 of a long double's 16 */
    const char *members; /* '{': what stands behind the brace */
};

/* The kind at *text, which is moved behind it. */
struct memo__kind memo__kind_read(const char **text);

/* A member of a record, or a parameter in a list of packed ones. */
struct memo__member {
    const char *name;
    size_t name_len; /* 0: of a member without a name */
    struct memo__kind kind;
    size_t count;       /* of an array; else 1 */
    size_t offset;      /* in the record; bytes */
    unsigned bit, bits; /* of a bit-field: its place in the byte at offset, its width */
};

/* The next one at *text. false: that was all. */
bool memo__member_next(const char **text, struct memo__member *m);

/* Whether it is a list of packed parameters, "a:i4,b:f8". */
bool memo__kind_is_list(const char *text);

/* A scalar inside an object: where two objects differ, as a path ".y" or
 * "[3].pos.x" relative to the object, and the scalar's own kind. */
struct memo__leaf {
    char path[120]; /* cut if it is longer */
    struct memo__kind kind;
    size_t offset;
    unsigned bit, bits;
};

/* The first scalar in which the values of `count` objects of a kind differ,
 * `stride` bytes apart: an object may be an array of its kind. Padding isn't
 * looked at. false: there is none. */
bool memo__kind_differs(const char *kind, const void *a, const void *b, size_t count, size_t stride,
                        struct memo__leaf *leaf);

#endif
