/* lookup.h - ask the tiers for a result, and give it to them.
 *
 * Memory first, then disk; a hit on disk is copied to memory. What is wrong with
 * a tier is a miss; nothing here fails in another way. */
#ifndef MEMO_CACHE_LOOKUP_H
#define MEMO_CACHE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/compare.h"
#include "cache/result.h"
#include "cache/site.h"
#include "cache/thread.h"
#include "key/key.h"
#include "store/store.h"

/* Why there is no hit. */
enum memo__reason {
    MEMO__FOUND,
    MEMO__ABSENT,
    MEMO__EXPIRED,
    MEMO__OLDER,     /* than this process, with MEMOCC=refresh */
    MEMO__INVALID,   /* `valid` was false */
    MEMO__REFRESHED, /* memo_refresh */
    MEMO__LAYOUT,    /* the result types differ */
    MEMO__UNFIT,     /* the result doesn't fit this call */
    MEMO__DAMAGED,
    MEMO__FAULT, /* of the store */
};

struct memo__lookup {
    struct memo__site *site;
    struct memo_span *spans;
    const struct memo__key *key;
    bool is_peek;                     /* only whether it is there; no results are restored */
    uint64_t only_ns;                 /* not 0: only the entry created then */
    bool has_plain_fp;                /* the scalar table may be filled */
    struct memo__comparison *compare; /* with is_peek, not NULL: the entry is compared */
    /* Set by a hit: */
    enum memo__last_tier tier;
    uint64_t created_ns, cost_ns;
    struct memo__errno result_errno;
    /* Set by memo__lookup, for explaining: */
    enum memo__reason reason;
    int reason_err;     /* MEMO__FAULT */
    uint64_t reason_ns; /* when the entry that doesn't count was created */
};

/* Whether there is an entry that fits; unless is_peek, the results are then in
 * place and errno is to be set as result_errno says. */
bool memo__lookup(struct memo__lookup *l);

/* Gives the result of a call that took cost_ns to the tiers of its site. Whether
 * any took it. *is_claimed: the process has claimed the key (host_flight.h); false
 * afterwards if the disk tier took the result, and the claim with it. */
bool memo__lookup_store(struct memo__site *s, struct memo_span *spans, const struct memo__key *key,
                        struct memo__errno e, uint64_t cost_ns, bool has_plain_fp,
                        bool *is_claimed);

/* What the disk tier knows the key by. */
struct memo__disk_key memo__lookup_disk_key(const struct memo__site *s,
                                            const struct memo__key *key);

/* Removes the entry from all tiers that may be written. */
void memo__lookup_forget(struct memo__site *s, const struct memo_span *spans,
                         const struct memo__key *key);

#endif
