/* past.h - the entries of a function's name, of all versions of its code, for
 * explaining misses.
 *
 * What the disk store has is read when a function first misses, the last
 * MEMO__PAST_MOST entries of it; what this process computes from then on is
 * added. So a miss costs a walk over memory, not over the store. What other
 * processes store meanwhile isn't seen.
 *
 * Everything here is under the lock of explain.c, and in memory of pool.h. Lists
 * are never freed. */
#ifndef MEMO_CACHE_PAST_H
#define MEMO_CACHE_PAST_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/describe.h"
#include "cache/site.h"
#include "key/key.h"

#define MEMO__PAST_MOST 10000u

enum memo__fate {
    MEMO__FATE_STORED,
    MEMO__FATE_FORGOTTEN, /* by memo_forget or memo_clear */
    MEMO__FATE_REFUSED,   /* computed; store_if was false */
    MEMO__FATE_CHEAP,     /* computed in less than min_cost */
    MEMO__FATE_UNSTORED,  /* computed; no tier took it */
};

struct memo__past_entry {
    uint64_t args_hash, total, created_ns;
    uint32_t len;  /* bytes kept of the key */
    uint16_t code; /* index into codes */
    uint8_t fate;
    unsigned char *key;
};

/* One version of the code under the name. */
struct memo__past_code {
    unsigned char identity[MEMO__DIGEST_LEN];
    uint64_t newest_ns; /* of its entries */
    char *text;         /* its description; NULL: there is none */
    bool is_told;       /* all that changed since was said */
    bool has_key;       /* memo__past_mark */
    unsigned n_stored;  /* memo__past_mark */
    int n_changes;      /* explain.c: to past.counted_for; -1: not counted */
    struct memo__description description;
};

struct memo__past {
    uint64_t name;
    struct memo__past *next;
    struct memo__past_entry *entries; /* the oldest are replaced */
    unsigned n_entries, next_entry;
    struct memo__past_code *codes;
    unsigned n_codes;
    const struct memo__site *counted_for;
    unsigned n_damaged; /* records that couldn't be read */
};

/* What is known under the site's name; reads the store the first time, the last
 * result of this process excepted. NULL without memory. */
struct memo__past *memo__past_of(struct memo__site *s, struct memo__disk *disk);

/* The version with this identity; -1: there is none. */
int memo__past_code_of(const struct memo__past *p, const unsigned char *identity);

/* The entry of this key and version. NULL: there is none. */
struct memo__past_entry *memo__past_find(const struct memo__past *p, const struct memo__key *key,
                                         int code);

/* Sets has_key of all versions: whether a result of these arguments is stored;
 * and n_stored: how many are. Returns whether any has the key. */
bool memo__past_mark(struct memo__past *p, const struct memo__key *key);

/* A call of this process was computed, or its entry removed. */
void memo__past_note(struct memo__past *p, struct memo__site *s, const struct memo__key *key,
                     uint64_t now_ns, enum memo__fate fate);

/* In a child after fork: the parent's memory is left alone, the store read anew. */
void memo__past_forget(void);

/* All entries under the name hash (NULL: of all names) were removed. */
void memo__past_clear(const uint64_t *name);

#endif
