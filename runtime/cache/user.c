/* user.c - asks, clearing, and the cache without a pragma; see memo.h. */
#include "cache/user.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cache/call.h"
#include "cache/explain.h"
#include "cache/result.h"
#include "cache/runtime.h"
#include "store/fast.h"

/* ---- asks ---- */

void memo__ask(int kind)
{
    int saved = errno;
    struct memo__thread *t = memo__enter();

    if (t) {
        t->ask = kind;
        t->has_answer = false;
        memo__leave(t);
    }
    errno = saved;
}

int memo__answer(void)
{
    int saved = errno, answer = 0;
    struct memo__thread *t = memo__enter();

    if (t) {
        if (t->has_answer)
            answer = t->answer;
        else if (t->ask)
            memo__warn_once(MEMO__ONCE_OTHER, "memo_cached or memo_forget was asked about a call "
                                              "that isn't of a memoized function");
        t->ask = 0;
        t->has_answer = false;
        memo__leave(t);
    }
    errno = saved;
    return answer;
}

/* ---- the last call ---- */

static double age_of(uint64_t created_ns)
{
    uint64_t now = memo__realtime_ns();

    return now > created_ns ? (double)(now - created_ns) / 1e9 : 0;
}

enum memo__last_tier memo__last(double *age, double *cost)
{
    const struct memo__thread *t = memo__self;
    const struct memo_slot *slot = t ? t->abi.m_last : NULL;

    *age = *cost = 0;
    if (!t || memo__gate_is_left(t, slot))
        return MEMO__LAST_COMPUTED;
    if (slot) { /* the slot may hold another entry by now; its dates are as good as any */
        *age = age_of(__atomic_load_n(&slot->m_created_ns, __ATOMIC_RELAXED));
        *cost = (double)__atomic_load_n(&slot->m_cost_ns, __ATOMIC_RELAXED) / 1e9;
        return MEMO__LAST_MEMORY;
    }
    if (t->last.tier != MEMO__LAST_COMPUTED)
        *age = age_of(t->last.created_ns);
    *cost = (double)t->last.cost_ns / 1e9;
    return t->last.tier;
}

/* ---- clear and flush ---- */

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* How many different ones there are in both. `a` and `b` are sorted here. */
static size_t count_union(uint64_t *a, size_t n_a, uint64_t *b, size_t n_b)
{
    size_t i = 0, j = 0, n = 0;

    if (n_a > 0)
        qsort(a, n_a, sizeof *a, compare_hashes);
    if (n_b > 0)
        qsort(b, n_b, sizeof *b, compare_hashes);
    while (i < n_a || j < n_b) {
        uint64_t least = j == n_b || (i < n_a && a[i] <= b[j]) ? a[i] : b[j];

        while (i < n_a && a[i] == least)
            i++;
        while (j < n_b && b[j] == least)
            j++;
        n++;
    }
    return n;
}

static void clear_tables(const char *name)
{
    const struct memo__site *s;

    for (s = memo__site_all(); s; s = s->next)
        if (s->has_fast && (!name || strcmp(s->abi->m_name, name) == 0))
            memo__fast_clear(s->abi);
}

static size_t clear(const char *name)
{
    uint64_t name_hash = name ? memo__name_hash(name) : 0;
    struct memo__disk *disk = memo__runtime.config.is_readonly ? NULL : memo__runtime_disk();
    uint64_t *in_memory = NULL, *on_disk = NULL;
    size_t n_memory = 0, n_disk = 0, n;

    if (disk && memo__disk_writable(disk)) {
        if (name)
            memo__disk_del_name(disk, name_hash, &on_disk, &n_disk);
        else
            memo__disk_del_all(disk, &on_disk, &n_disk);
    }
    clear_tables(name);
    memo__explain_cleared(name);
    if (memo__runtime.memory)
        memo__memory_del_name(memo__runtime.memory, name ? &name_hash : NULL, &in_memory,
                              &n_memory);
    n = count_union(in_memory, n_memory, on_disk, n_disk);
    memo__free(in_memory);
    memo__free(on_disk);
    return n;
}

size_t memo__clear(const char *name)
{
    int saved = errno, cancel_state;
    struct memo__thread *t = memo__enter();
    size_t n = 0;

    if (t) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
        if (!memo__runtime.config.is_off)
            n = clear(name);
        pthread_setcancelstate(cancel_state, NULL);
        memo__leave(t);
    }
    errno = saved;
    return n;
}

int memo__flush(void)
{
    int saved = errno, err = MEMO_EBUSY, cancel_state;
    struct memo__thread *t = memo__enter();
    struct memo__disk *disk;

    if (t) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
        disk = memo__runtime_open_disk();
        err = disk ? memo__disk_flush(disk, 0) : 0;
        pthread_setcancelstate(cancel_state, NULL);
        memo__leave(t);
    }
    errno = saved;
    return err;
}

/* ---- memo_get_or_compute ---- */

/* A function with one key and one result of any length. What `compute` does is
 * out of sight: the program is in the key. errno is none of its results. */
static const struct memo_part bytes_parts[] = {
    {"key", "b", NULL, 1, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"out", "b", NULL, 1, MEMO_RESULT | MEMO_SECTION | MEMO_LATE | MEMO__CAPACITY, 0, 0},
};
static struct memo_site bytes_site = {
    .m_abi = MEMO_ABI,
    .m_flags = MEMO_SITE_PROGRAM | MEMO_SITE_LIBRARIES | MEMO_SITE_FP | MEMO_SITE_ERRNO_NEVER,
    .m_name = "memo_get_or_compute",
    .m_unit = "",
    .m_signature = "int(const void*,size_t)",
    .m_toolchain = "",
    .m_parts = bytes_parts,
    .m_n_parts = 2,
    .m_tiers = MEMO_TIER_MEMORY | MEMO_TIER_DISK | MEMO_TIER_SHARED,
};

int memo__get_or_compute(const void *key, size_t key_len,
                         int (*compute)(void *out, size_t *out_len, void *ctx), void *ctx,
                         void *out, size_t *out_len, uintptr_t frame)
{
    struct memo_span spans[2] = {{(void *)(uintptr_t)key, key_len}, {out, *out_len}};
    size_t capacity = *out_len;
    struct memo_call *call = NULL;
    int err;

    if (memo__begin(&bytes_site, spans, &call, frame) == MEMO_HIT) {
        *out_len = spans[1].m_count;
        return 0;
    }
    err = compute(out, out_len, ctx);
    if (!call)
        return err;
    spans[1].m_count = *out_len;
    if (err == 0 && *out_len <= capacity)
        memo__end(call, spans);
    else
        memo__drop(call);
    return err;
}
