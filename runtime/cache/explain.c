/* explain.c - put reasons into words; see explain.h.
 *
 * The lookup knows why an entry that was there didn't count. Of a key that
 * isn't there the past of the function's name tells: the same arguments under
 * another version of the code (then the two descriptions are compared), the
 * nearest arguments under this one, or nothing. */
#include "cache/explain.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/pool.h"
#include "cache/code_change.h"
#include "cache/difference.h"
#include "cache/gate.h"
#include "base/human.h"
#include "cache/show.h"

#define ARGUMENTS 240u                    /* characters of a line that arguments may take */
#define INLINE_CHANGES 3u                 /* of the code, in the line itself */
#define MOST_CHANGES 24u                  /* lines below it */
#define MOST_COMPARED 64u                 /* versions of the code */
#define SEARCH_NS ((uint64_t)5 * 1000000) /* for the nearest entry, at most, */
#define ALL_NS ((uint64_t)2000 * 1000000) /* and once so much was spent on it, less: */
#define LESS_NS ((uint64_t)50000)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* all of past.c */
static uint64_t spent_ns;                                /* on nearest entries; the lock's */

__attribute__((visibility("default"))) int memo_abi_tells;

void memo__explain_early(void)
{
    const char *value = secure_getenv("MEMOCC");

    memo_abi_tells = value && strstr(value, "explain");
}

void memo__explain_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__explain_fork_done(bool is_child)
{
    if (is_child) {
        memo__past_forget();
        pthread_mutex_init(&lock, NULL);
    } else {
        pthread_mutex_unlock(&lock);
    }
}

/* One miss on its way to a line. */
struct why {
    const struct memo__lookup *l;
    struct memo__site *s;
    struct memo__disk *disk;
    struct memo__past *past; /* NULL: no memory */
    struct memo__line line;
    uint64_t now_ns;
    unsigned n_changes;
    struct memo__past_code *details; /* version whose changes have lines of their own */
};

static struct memo__text age_text(const struct why *w, uint64_t since_ns)
{
    return memo__duration_text(w->now_ns > since_ns ? w->now_ns - since_ns : 0);
}

static void begin_line(struct why *w)
{
    const struct memo_site *abi = w->s->abi;
    const struct memo__key *key = w->l->key;
    const char *comma = "";
    struct memo__args it;
    struct memo__arg arg;

    memo__line_add(&w->line, "miss %s(", abi->m_name);
    memo__args_begin(&it, abi, key->bytes, key->len, key->total);
    while (memo__args_next(&it, &arg)) {
        if (arg.form == MEMO__ARG_THERE)
            continue;
        if (w->line.len > ARGUMENTS) {
            memo__line_add(&w->line, "%s...", comma);
            break;
        }
        memo__line_add(&w->line, "%s%.*s = ", comma, (int)arg.name_len, arg.name);
        memo__show_arg(&w->line, &arg);
        comma = ", ";
    }
    memo__line_add(&w->line, "): ");
}

/* ---- arguments ---- */

static struct memo__kept kept_of(const struct memo__past_entry *e)
{
    struct memo__kept kept = {e->key, e->len, e->total};

    return kept;
}

/* The nearest stored entry of this version of the code, the newest of several;
 * *n: how many there are. */
static const struct memo__past_entry *nearest(const struct why *w, int code, unsigned *n)
{
    const struct memo__key *key = w->l->key;
    struct memo__kept now = {key->bytes, key->len, key->total}, old;
    const struct memo__past_entry *best = NULL;
    uint64_t least = UINT64_MAX, start_ns = memo__monotonic_ns(), distance;
    uint64_t until_ns = start_ns + (spent_ns < ALL_NS ? SEARCH_NS : LESS_NS);
    unsigned i, at = w->past->next_entry;
    bool is_late = false;

    *n = 0;
    for (i = 0; i < w->past->n_entries; i++) {
        const struct memo__past_entry *e;

        at = (at > 0 ? at : MEMO__PAST_MOST) - 1; /* the newest first */
        e = &w->past->entries[at];
        if (e->code != code || e->fate != MEMO__FATE_STORED)
            continue;
        ++*n;
        if (i % 64 == 63)
            is_late = memo__monotonic_ns() > until_ns;
        if (is_late && best)
            continue;
        old = kept_of(e);
        distance = memo__distance(w->s->abi, &old, &now);
        if (distance < least || (distance == least && e->created_ns > best->created_ns)) {
            least = distance;
            best = e;
        }
    }
    spent_ns += memo__monotonic_ns() - start_ns;
    return best;
}

static void say_nearest(struct why *w, int code)
{
    const struct memo__key *key = w->l->key;
    struct memo__kept now = {key->bytes, key->len, key->total}, old;
    const struct memo__past_entry *e;
    unsigned n;

    e = nearest(w, code, &n);
    if (n == 1)
        memo__line_add(&w->line, "never seen; the only entry differs in ");
    else
        memo__line_add(&w->line, "never seen; the nearest of %u entries differs in ", n);
    old = kept_of(e);
    if (!memo__show_difference(&w->line, w->s->abi, w->l->spans, &old, &now))
        memo__line_add(&w->line, "what lies beyond the first %zu bytes of its arguments", old.len);
}

/* ---- code ---- */

static void say_change(void *arg, const char *text)
{
    struct why *w = arg;

    if (w->n_changes++ < INLINE_CHANGES)
        memo__line_add(&w->line, "%s%s", w->n_changes > 1 ? ", " : "", text);
}

static void say_detail(void *arg, const char *text)
{
    struct why *w = arg;

    if (w->n_changes++ < MOST_CHANGES)
        memo__log("  changed: %s", text);
}

static void count_change(void *arg, const char *text)
{
    (void)text;
    ++*(unsigned *)arg;
}

/* How the code of the call differs from another version; 0: not known. */
static unsigned compare_code(const struct why *w, const struct memo__past_code *old,
                             memo__say_change *say, void *arg)
{
    struct memo__description now;
    size_t len = 0;
    char *text = old->text ? memo__describe_text(w->s, &len) : NULL;
    unsigned n = 0;

    if (text) {
        memo__description_read(text, len, &now);
        n = memo__code_changes(w->s->abi->m_name, &old->description, &now, say, arg);
    }
    memo__pool_free(text);
    return n;
}

/* Counted once for each version; what isn't known counts as much. */
static unsigned n_changes(const struct why *w, struct memo__past_code *old)
{
    unsigned n = 0, i;

    if (w->past->counted_for != w->s)
        for (i = 0; i < w->past->n_codes; i++)
            w->past->codes[i].n_changes = -1;
    w->past->counted_for = w->s;
    if (old->n_changes < 0) {
        compare_code(w, old, count_change, &n);
        old->n_changes = n > 0 ? (int)n : INT_MAX;
    }
    return (unsigned)old->n_changes;
}

static bool is_same_unit(const struct why *w, const struct memo__past_code *c)
{
    const char *unit = w->s->abi->m_unit ? w->s->abi->m_unit : "";
    const struct memo__words *u = &c->description.unit;

    return c->text && u->len == strlen(unit) && memcmp(u->text, unit, u->len) == 0;
}

/* The version that is taken for the one before: of those that have the key, if
 * any has, and of the same unit, if one is, the one with the fewest differences,
 * of several the newest. -1: there is none. */
static int older_code(const struct why *w, int code, bool wants_key)
{
    unsigned n_compared = 0;
    int best = -1, i;

    for (i = (int)w->past->n_codes - 1; i >= 0; i--) {
        struct memo__past_code *c = &w->past->codes[i],
                               *b = best < 0 ? NULL : &w->past->codes[best];
        bool fits = is_same_unit(w, c);

        if (i == code || (wants_key && !c->has_key) || (b && is_same_unit(w, b) && !fits))
            continue;
        if (!b || (fits && !is_same_unit(w, b)))
            best = i;
        else if (n_compared++ < MOST_COMPARED &&
                 (n_changes(w, c) < n_changes(w, b) ||
                  (n_changes(w, c) == n_changes(w, b) && c->newest_ns > b->newest_ns)))
            best = i;
    }
    return best;
}

static void say_code_changed(struct why *w, int old)
{
    const unsigned out_of_sight = MEMO_SITE_PROGRAM | MEMO_SITE_LIBRARIES | MEMO_SITE_CPU;
    struct memo__past_code *c = &w->past->codes[old];

    memo__line_add(&w->line, "code changed: ");
    w->n_changes = 0;
    if (compare_code(w, c, say_change, w) == 0)
        memo__line_add(&w->line, "%s",
                       c->text && (w->s->abi->m_flags & out_of_sight)
                           ? "what it calls out of sight"
                           : "what of it isn't recorded");
    if (w->n_changes > INLINE_CHANGES) {
        memo__line_add(&w->line, ", and %u more", w->n_changes - INLINE_CHANGES);
        if (!c->is_told)
            w->details = c;
        c->is_told = true;
    }
}

/* ---- keys that aren't there ---- */

static void say_fate(struct why *w, const struct memo__past_entry *e)
{
    switch ((enum memo__fate)e->fate) {
    case MEMO__FATE_STORED:
        if (w->disk)
            memo__line_add(&w->line, "evicted, or removed by another process");
        else
            memo__line_add(&w->line, "evicted from memory");
        break;
    case MEMO__FATE_FORGOTTEN:
        memo__line_add(&w->line, "removed by memo_forget or memo_clear");
        break;
    case MEMO__FATE_REFUSED:
        memo__line_add(&w->line, "computed before and not stored: store_if was false");
        break;
    case MEMO__FATE_CHEAP:
        memo__line_add(&w->line, "computed before and not stored: in less than min_cost");
        break;
    case MEMO__FATE_UNSTORED:
        memo__line_add(&w->line, "computed before and not stored: no tier took the result");
        break;
    }
}

static bool say_evicted(struct why *w)
{
    struct memo__disk_key key = {w->s->name_hash, {w->l->key->hash[0], w->l->key->hash[1]}};
    struct memo__disk_evicted evicted;

    if (!w->disk || !w->s->has_disk)
        return false;
    memo__disk_evicted(w->disk, &key, &evicted);
    if (evicted.when_ns)
        memo__line_add(&w->line, "evicted %s ago: the store was full",
                       age_text(w, evicted.when_ns).s);
    return evicted.when_ns != 0;
}

/* What may be the case besides, where the store doesn't remember. */
static void say_doubt(struct why *w)
{
    struct memo__disk_key key = {w->s->name_hash, {w->l->key->hash[0], w->l->key->hash[1]}};
    struct memo__disk_evicted evicted;
    char gate[MEMO__GATE_TEXT];

    if (*memo__gate_text(w->s, gate))
        memo__line_add(&w->line, " (gate: %s)", gate);
    if (!w->s->has_disk)
        return;
    if (!w->disk) {
        memo__line_add(&w->line, " (there is no store on disk)");
        return;
    }
    memo__disk_evicted(w->disk, &key, &evicted);
    if (!evicted.is_all)
        memo__line_add(&w->line, " (or evicted: %llu entries of the store were, the last %s ago)",
                       (unsigned long long)evicted.total, age_text(w, evicted.last_ns).s);
}

/* No result of this key and this code is known to have been there. */
static void say_unseen(struct why *w, int code)
{
    struct memo__past *p = w->past;
    bool is_elsewhere = memo__past_mark(p, w->l->key);
    bool is_known = code >= 0 && (p->codes[code].n_stored > 0 || p->codes[code].text);
    int old = is_elsewhere || !is_known ? older_code(w, code, is_elsewhere) : -1;

    if (old >= 0) {
        say_code_changed(w, old);
        if (!is_elsewhere)
            memo__line_add(&w->line, " (and no entry has these arguments)");
        return;
    }
    if (is_known && p->codes[code].n_stored > 0)
        say_nearest(w, code);
    else
        memo__line_add(&w->line, "never seen: no result of %s'%s' is stored",
                       is_known ? "this code of " : "", w->s->abi->m_name);
    say_doubt(w);
}

static void say_absent(struct why *w)
{
    int code = memo__past_code_of(w->past, w->s->identity);
    struct memo__past_entry *e = code < 0 ? NULL : memo__past_find(w->past, w->l->key, code);

    if (e && e->fate != MEMO__FATE_STORED)
        say_fate(w, e);
    else if (say_evicted(w))
        return;
    else if (e)
        say_fate(w, e);
    else
        say_unseen(w, code);
}

static void say_reason(struct why *w)
{
    const struct memo__lookup *l = w->l;

    switch (l->reason) {
    case MEMO__FOUND:
        break;
    case MEMO__ABSENT:
        if (w->past)
            say_absent(w);
        else
            memo__line_add(&w->line, "%s", memo__strerror(MEMO_ENOMEM));
        break;
    case MEMO__EXPIRED:
        memo__line_add(&w->line, "expired: %s old", age_text(w, l->reason_ns).s);
        memo__line_add(&w->line, ", limit %s",
                       memo__duration_text((uint64_t)w->s->abi->m_expires_ns).s);
        break;
    case MEMO__OLDER:
        memo__line_add(&w->line, "refreshed: MEMOCC=refresh doesn't use what was stored %s ago",
                       age_text(w, l->reason_ns).s);
        break;
    case MEMO__INVALID:
        memo__line_add(&w->line, "refused by valid: the entry is %s old",
                       age_text(w, l->reason_ns).s);
        break;
    case MEMO__REFRESHED:
        memo__line_add(&w->line, "refreshed: memo_refresh was called");
        break;
    case MEMO__LAYOUT:
        memo__line_add(&w->line, "the type of its result changed");
        break;
    case MEMO__UNFIT:
        memo__line_add(&w->line, "the stored result has other lengths than this call has room for");
        break;
    case MEMO__DAMAGED:
        memo__line_add(&w->line, "damaged: the entry was removed");
        break;
    case MEMO__FAULT:
        memo__line_add(&w->line, "the store can't be read: %s", memo__strerror(l->reason_err));
        break;
    }
}

void memo__explain_miss(const struct memo__lookup *l)
{
    struct why w = {.l = l, .s = l->site, .line = MEMO__LINE_INIT};
    int cancel_state;

    if (!memo__explains() || l->reason == MEMO__FOUND)
        return;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    w.disk = w.s->has_disk ? memo__runtime_disk() : NULL;
    w.now_ns = memo__realtime_ns();
    begin_line(&w);
    pthread_mutex_lock(&lock);
    w.past = memo__past_of(w.s, w.disk);
    say_reason(&w);
    memo__log("%s", w.line.text);
    if (w.details) {
        w.n_changes = 0;
        compare_code(&w, w.details, say_detail, &w);
    }
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(cancel_state, NULL);
}

void memo__explain_uncached(const struct memo__site *s, const char *why)
{
    if (memo__explains())
        memo__log("uncached %s: %s", s->abi->m_name, why);
}

void memo__explain_fate(struct memo__site *s, const struct memo__key *key, enum memo__fate fate)
{
    struct memo__past *past;
    struct memo__disk *disk;
    int cancel_state;

    if (!memo__explains())
        return;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    disk = s->has_disk ? memo__runtime_disk() : NULL;
    pthread_mutex_lock(&lock);
    past = memo__past_of(s, disk);
    if (past)
        memo__past_note(past, s, key, memo__realtime_ns(), fate);
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(cancel_state, NULL);
}

void memo__explain_cleared(const char *name)
{
    uint64_t hash = name ? memo__name_hash(name) : 0;

    if (!memo__explains())
        return;
    pthread_mutex_lock(&lock);
    memo__past_clear(name ? &hash : NULL);
    pthread_mutex_unlock(&lock);
}
