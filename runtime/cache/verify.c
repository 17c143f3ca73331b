/* verify.c - choose hits, judge them, report; see verify.h. */
#include "cache/verify.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cache/compare.h"
#include "base/human.h"
#include "cache/lookup.h"
#include "cache/runtime.h"
#include "key/key.h"

/* Without a fraction: this many hits of each function, and of the others one in
 * ten. What is wrong with a function mostly shows in its first hits. */
#define FIRST_HITS 100u
#define LATER_FRACTION ((uint32_t)(UINT32_MAX / 10))

#define MOMENT_NS ((uint64_t)10000000)
#define SEEN_BITS 65536u

/* ---- which hits ---- */

static bool is_inside(const struct memo_call *outer)
{
    return outer && (outer->is_verified || outer->is_inside_verified);
}

static uint32_t seen_index(const struct memo__key *key)
{
    return key->hash[1] % SEEN_BITS;
}

static uint32_t next_random(struct memo__thread *t)
{
    uint64_t z;

    if (t->verify_random == 0)
        t->verify_random = memo__realtime_coarse_ns() ^ (uintptr_t)t;
    z = t->verify_random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(z >> 32);
}

bool memo__verify_wants(struct memo__thread *t, const struct memo__site *s,
                        const struct memo__key *key, uintptr_t frame)
{
    const struct memo__config *c = &memo__runtime.config;
    uint32_t i = seen_index(key), fraction = c->verify_fraction;

    if (!c->is_verify || !memo__on_own_stack(t, frame))
        return false;
    if (is_inside(t->calls) && (!t->verify_seen || (t->verify_seen[i / 8] >> i % 8 & 1)))
        return false;
    if (__atomic_load_n(&s->has_differed, __ATOMIC_RELAXED))
        return true;
    if (!c->has_verify_fraction) {
        if (__atomic_load_n(&s->n_verified, __ATOMIC_RELAXED) < FIRST_HITS)
            return true;
        fraction = LATER_FRACTION;
    }
    return fraction == UINT32_MAX || next_random(t) < fraction;
}

void memo__verify_begin(struct memo__thread *t, struct memo_call *call, struct memo_span *spans)
{
    uint32_t i = seen_index(&call->key);

    if (!t->verify_seen)
        t->verify_seen = memo__permanent(SEEN_BITS / 8);
    else if (!call->is_inside_verified)
        memset(t->verify_seen, 0, SEEN_BITS / 8);
    if (t->verify_seen)
        t->verify_seen[i / 8] |= (unsigned char)(1u << i % 8);
    call->is_verified = true;
    call->spans = spans;
}

/* ---- the verdict ---- */

/* A line is shortened where the whole would be too long to print. */
static const char *clip(struct memo__line *l, size_t len)
{
    if (l->len > len)
        memcpy(l->text + len - 3, "...", 4);
    return l->text;
}

/* Whether the entry stays on disk, which may not be written. */
static bool is_kept(const struct memo__site *s)
{
    struct memo__disk *disk = s->has_disk ? memo__runtime_open_disk() : NULL;

    return disk && (memo__runtime.config.is_readonly || !memo__disk_writable(disk));
}

/* The clock of entries is a coarse one. */
static const char *age_of(const struct memo_call *call, struct memo__text *text)
{
    uint64_t now = memo__realtime_coarse_ns();

    if (now < call->candidate_ns + MOMENT_NS)
        return "just now";
    *text = memo__duration_text(now - call->candidate_ns);
    return strncat(text->s, " ago", sizeof text->s - strlen(text->s) - 1);
}

static void tell(const struct memo_call *call, enum memo__last_tier tier,
                 struct memo__difference *d)
{
    const struct memo_site *abi = call->site->abi;
    struct memo__line args = MEMO__LINE_INIT;
    struct memo__text age;

    memo__show_args(&args, abi, call->key.bytes, call->key.len, call->key.total);
    memo__log("verify: %s(%s) differs in %s: stored %s, computed %s; stored %s, found %s, %s",
              abi->m_name, clip(&args, 500), clip(&d->place, 200), clip(&d->stored, 400),
              clip(&d->computed, 400), age_of(call, &age),
              tier == MEMO__LAST_DISK ? "on disk" : "in memory",
              is_kept(call->site) ? "not removed: the store is read-only" : "removed");
}

static void condemn(struct memo_call *call, enum memo__last_tier tier, struct memo__difference *d)
{
    struct memo__site *s = call->site;

    __atomic_fetch_add(&s->n_differed, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&s->has_differed, true, __ATOMIC_RELAXED);
    call->has_differed = true;
    memo__lookup_forget(s, call->spans, &call->key);
    tell(call, tier, d);
}

bool memo__verify_end(struct memo_call *call, struct memo__errno e, bool has_late)
{
    struct memo__site *s = call->site;
    struct memo__capture computed;
    struct memo__comparison c = {.computed = &computed, .has_late = has_late};
    struct memo__lookup l = {.site = s,
                             .spans = call->spans,
                             .key = &call->key,
                             .is_peek = true,
                             .only_ns = call->candidate_ns};
    bool is_there;
    int err;

    if (has_late && s->has_late && memo__key_check_late(s->abi, call->spans) != 0)
        return true; /* overlapping sections, now that the lengths are known: another call */
    err = memo__result_capture(s, call->spans, e, &computed);
    l.compare = err == 0 ? &c : NULL;
    is_there = memo__lookup(&l);
    memo__capture_release(&computed);
    if (!is_there) /* evicted, expired or replaced */
        return false;
    if (err == MEMO_EINVALID && has_late) {
        c.differs = true;
        memo__line_add(&c.what.place, "its results");
        memo__line_add(&c.what.stored, "ones that can be stored");
        memo__line_add(&c.what.computed, "a pointer into an argument, or a bad size");
    }
    if (err == 0 || c.differs)
        __atomic_fetch_add(&s->n_verified, 1, __ATOMIC_RELAXED);
    if (c.differs)
        condemn(call, l.tier, &c.what);
    return true;
}

bool memo__verify_is_fatal(const struct memo_call *call)
{
    return call->has_differed && memo__runtime.config.is_verify_abort;
}

/* ---- at exit ---- */

static uint64_t sum(uint64_t *n_verified)
{
    const struct memo__site *s;
    uint64_t n_differed = 0;

    *n_verified = 0;
    for (s = memo__site_all(); s; s = s->next) {
        *n_verified += __atomic_load_n(&s->n_verified, __ATOMIC_RELAXED);
        n_differed += __atomic_load_n(&s->n_differed, __ATOMIC_RELAXED);
    }
    return n_differed;
}

uint64_t memo__verify_differences(void)
{
    uint64_t n_verified;

    return sum(&n_verified);
}

void memo__verify_report(void)
{
    uint64_t n_verified, n_differed = sum(&n_verified), n;
    struct memo__line names = MEMO__LINE_INIT;
    struct memo__site *s;

    if (!memo__runtime.config.is_verify || memo__runtime_is_shadowed() ||
        (n_differed == 0 && memo__runtime.config.verbose < 1))
        return;
    for (s = memo__site_all(); s; s = s->next) {
        n = __atomic_load_n(&s->n_differed, __ATOMIC_RELAXED);
        if (n > 0)
            memo__line_add(&names, "%s%s (%" PRIu64 ")", names.len > 0 ? ", " : ": ",
                           s->abi->m_name, n);
    }
    memo__log("verify: %" PRIu64 " hit%s recomputed, %" PRIu64 " differed%s", n_verified,
              n_verified == 1 ? "" : "s", n_differed, names.text);
}

void memo__verify_fork_child(void)
{
    struct memo__site *s;

    for (s = memo__site_all(); s; s = s->next)
        s->n_verified = s->n_differed = 0;
}
