/* site.c - register memoized functions; see site.h. */
#include "cache/site.h"

#include <pthread.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/log.h"
#include "base/trace.h"
#include "cache/identity.h"
#include "cache/link_table.h"
#include "cache/runtime.h"
#include "cache/thread.h"

/* Guards the list, the ids and m_state of all sites while they are set. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct memo__site *sites; /* __atomic */
static unsigned n_ids;           /* __atomic */

uint64_t memo__name_hash(const char *name)
{
    return XXH3_64bits(name, strlen(name));
}

unsigned memo__site_count(void)
{
    return __atomic_load_n(&n_ids, __ATOMIC_ACQUIRE);
}

struct memo__site *memo__site_all(void)
{
    return __atomic_load_n(&sites, __ATOMIC_ACQUIRE);
}

static void look_at_parts(struct memo__site *s, const struct memo_site *abi)
{
    const unsigned plain = MEMO_KEY | MEMO_RESULT | MEMO_SECTION | MEMO_GLOBAL;
    unsigned i, n = 0;

    s->has_plain_results = true;
    for (i = 0; i < abi->m_n_parts; i++) {
        unsigned role = abi->m_parts[i].m_role;

        if ((role & MEMO_KEY) && (role & MEMO_FILE))
            s->has_files = true;
        if (!(role & MEMO_RESULT) || (role & MEMO_MORE))
            continue;
        s->results[n++] = i;
        s->has_plain_results &= (role & ~plain) == 0;
        s->has_views |= (role & MEMO_VIEW) != 0;
        s->has_allocs |= (role & MEMO_ALLOC) != 0;
        s->has_stored |= (role & MEMO_STORED) != 0;
        s->has_offsets |= (role & MEMO_OFFSET) != 0;
        s->has_late |= (role & MEMO_LATE) && !(role & MEMO_ALLOC);
    }
    s->n_results = n;
}

/* The scalar table knows neither errno nor dates nor conditions. */
static bool may_use_fast(const struct memo_site *abi, unsigned flags)
{
    return (flags & MEMO_SITE_FAST) &&
           !(flags & (MEMO_SITE_VALID | MEMO_SITE_ERRNO_READ | MEMO_SITE_LOCALE)) &&
           (abi->m_tiers & MEMO_TIER_MEMORY) && abi->m_expires_ns == 0 && abi->m_n_parts == 2 &&
           memo__runtime.config.memory > 0 && memo__runtime.config.verbose < 2 &&
           !memo__runtime.config.is_verify && !memo__trace_is_on;
}

static unsigned count_results(const struct memo_site *abi)
{
    unsigned i, n = 0;

    for (i = 0; i < abi->m_n_parts; i++)
        n += (abi->m_parts[i].m_role & MEMO_RESULT) != 0;
    return n;
}

/* Only the number of such a site can be believed; the rest may be elsewhere. */
static void refuse(unsigned abi)
{
    memo__warn_once(MEMO__ONCE_ABI,
                    "this program was compiled for interface %u of the runtime, which has %u: its "
                    "calls are computed, not cached (use program and runtime of one memocc)",
                    abi, (unsigned)MEMO_ABI);
}

/* Everything but what the lock guards. */
static struct memo__site *site_new(const struct memo_site *abi)
{
    struct memo__site *s = memo__permanent(sizeof *s);
    struct memo__link_entry entry;
    bool has_entry;
    unsigned n_results;

    if (!s)
        return NULL;
    s->abi = abi;
    s->name_hash = memo__name_hash(abi->m_name);
    n_results = count_results(abi);
    s->results = memo__permanent((n_results + 1) * sizeof *s->results);
    if (!s->results)
        return NULL;
    look_at_parts(s, abi);
    s->is_usable = n_results <= MEMO__MAX_RESULTS;
    has_entry = memo__link_find(abi->m_link, abi->m_code, &entry);
    s->components = memo__identify(abi, has_entry ? &entry : NULL, s->identity);
    s->is_unjudged = abi->m_unseen && !has_entry;
    s->flags = abi->m_flags;
    /* Code that nobody has looked at may read errno and depend on the locale. */
    if (has_entry ? entry.has_errno : s->is_unjudged || (abi->m_flags & MEMO_SITE_ANY))
        s->flags = (s->flags & ~MEMO_SITE_ERRNO_NEVER) | MEMO_SITE_ERRNO_READ;
    if (has_entry ? entry.has_locale : s->is_unjudged || (abi->m_flags & MEMO_SITE_ANY))
        s->flags |= MEMO_SITE_LOCALE;
    s->has_memory = (abi->m_tiers & MEMO_TIER_MEMORY) != 0;
    s->has_disk = (abi->m_tiers & MEMO_TIER_DISK) != 0;
    s->has_fast = may_use_fast(abi, s->flags);
    memo__gate_init(s);
    return s;
}

void memo__site_say_unjudged(const struct memo__site *s)
{
    const char *p = s->abi->m_unseen;
    bool has_table = memo__link_is_table(s->abi->m_link);
    size_t n;

    if (!s->is_unjudged || memo__runtime.config.is_off)
        return;
    for (; *p; p += n + (p[n] != '\0')) {
        n = strcspn(p, "\n");
        memo__log("warning: '%s' calls '%.*s', which %s: state or effects of it would go unnoticed",
                  s->abi->m_name, (int)n, p,
                  has_table ? "memocc couldn't look into when it linked the program (link-time "
                              "optimization?)"
                            : "memocc judges when it links the program, and this one was linked "
                              "without");
    }
}

const char *memo__site_components(const struct memo__site *s)
{
    return s->components;
}

struct memo__site *memo__site_register(struct memo_site *site)
{
    struct memo__site *s, *made;

    if (site->m_abi != MEMO_ABI) {
        refuse(site->m_abi);
        return NULL;
    }
    s = __atomic_load_n(&site->m_state, __ATOMIC_ACQUIRE);
    if (s)
        return s;
    made = site_new(site);
    if (!made)
        return NULL;
    pthread_mutex_lock(&lock);
    s = site->m_state;
    if (!s) {
        s = made;
        if (n_ids < MEMO__MAX_SITES) {
            s->id = site->m_id = n_ids;
            __atomic_store_n(&n_ids, n_ids + 1, __ATOMIC_RELEASE);
        } else {
            s->is_usable = false;
            memo__warn_once(MEMO__ONCE_OTHER,
                            "more than %u memoized functions: the others are computed",
                            MEMO__MAX_SITES);
        }
        s->next = sites;
        __atomic_store_n(&sites, s, __ATOMIC_RELEASE);
        __atomic_store_n(&site->m_state, s, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return s;
}

void memo__sites_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__sites_fork_done(bool is_child)
{
    if (is_child)
        pthread_mutex_init(&lock, NULL);
    else
        pthread_mutex_unlock(&lock);
}
