/* site.h - memoized functions as the runtime knows them.
 *
 * A site is registered at its first call. Its identity is a digest of all that
 * tells one function's results from another's, arguments aside: name,
 * signature, code or version, toolchain, and where the code calls out of sight
 * the program and its libraries. Two sites of one identity (a static inline
 * function in two units) share results. States are never freed. */
#ifndef MEMO_CACHE_SITE_H
#define MEMO_CACHE_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/gate.h"
#include "cache/program.h"
#include "include/memo_abi.h"

#define MEMO__MAX_RESULTS 1024u /* parts of one function's result */

struct memo__site {
    const struct memo_site *abi;
    unsigned char identity[MEMO__DIGEST_LEN];
    const char *components; /* see memo__site_components */
    uint64_t name_hash;     /* XXH3_64 of the name: entries of a name stand together */
    unsigned flags;         /* the site's, and what the link step found out */
    unsigned id;
    unsigned n_results;        /* parts with MEMO_RESULT */
    unsigned *results;         /* their indices */
    bool is_usable;            /* false: the site is refused; its calls are computed */
    bool has_memory, has_disk; /* tiers it may use */
    bool has_fast;             /* results may go to the scalar table */
    bool has_files;            /* MEMO_FILE parts */
    bool has_plain_results;    /* all are bytes whose lengths are known before the call */
    bool has_stored;           /* MEMO_STORED parts */
    bool has_views, has_allocs, has_offsets, has_late;    /* kinds among its results */
    bool is_warned_bad, is_warned_offset, is_warned_code; /* __atomic; said once per function */
    bool is_unjudged;                    /* calls functions that only the link step could judge */
    bool is_described;                   /* __atomic; the store knows its name and signature */
    uint64_t n_verified, n_differed;     /* __atomic; verify.h */
    bool has_differed;                   /* __atomic; a result was found wrong */
    uint64_t fast_cost_ns, fast_entries; /* __atomic; what entries of the scalar table cost */
    uint64_t recent_ns;                  /* __atomic; host_flight.h; 0: not known */
    struct memo__gate gate;
    struct memo__site *next; /* all sites, newest first */
};

/* The state of a site, registering it if this is its first call. NULL without
 * memory, or, after one line, if it was compiled for another interface. */
struct memo__site *memo__site_register(struct memo_site *site);
static inline struct memo__site *memo__site_get(struct memo_site *site)
{
    struct memo__site *s = NULL;

    if (__builtin_expect(site->m_abi == MEMO_ABI, 1)) /* else its members lie elsewhere */
        s = __atomic_load_n(&site->m_state, __ATOMIC_ACQUIRE);
    return s ? s : memo__site_register(site);
}

/* What the identity was made of beside name, signature and toolchain: sorted lines
 * "KIND NAME DIGEST", the digest 16 hex digits. Kinds f v t e x as in memo_abi.h
 * (m_components), o (object file), u (function of another annotated unit), l (shared
 * library), c (CPU), p (the program's content). For the process's life; "" if there
 * was no memory for it. */
const char *memo__site_components(const struct memo__site *s);

/* Says of which calls nobody knows whether they are fit for a cache; nothing where
 * there are none. */
void memo__site_say_unjudged(const struct memo__site *s);

/* How many sites have counters, and all sites. Lists only grow. */
unsigned memo__site_count(void);
struct memo__site *memo__site_all(void);

/* Whether a flag that is set once was unset before. */
static inline bool memo__first_time(bool *flag)
{
    return !__atomic_load_n(flag, __ATOMIC_RELAXED) &&
           !__atomic_exchange_n(flag, true, __ATOMIC_RELAXED);
}

uint64_t memo__name_hash(const char *name);

void memo__sites_fork_prepare(void);
void memo__sites_fork_done(bool is_child);

#endif
