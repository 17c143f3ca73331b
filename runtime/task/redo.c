/* redo.c - the serial run, and the second one; see redo.h. */
#include "task/redo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* A call that is made again. `bytes` has what m_to pointed to: before its deferred
 * part, and room for what was there after it. */
struct entry {
    struct memo_task_site *site;
    char *record;
    size_t bytes;
};

struct memo__redo {
    struct entry *entries;
    size_t n, max;
    char *bytes;
    size_t len, max_len;
};

static struct memo__redo_settings settings;
static uint64_t n_again, n_differed; /* __atomic */
static __thread bool is_on __attribute__((tls_model("initial-exec")));
static __thread uint64_t random_state __attribute__((tls_model("initial-exec")));

void memo__redo_start(const struct memo__redo_settings *given)
{
    settings = *given;
}

bool memo__redo_is_on(void)
{
    return is_on;
}

void memo__redo_counts(uint64_t *again, uint64_t *differed)
{
    *again = __atomic_load_n(&n_again, __ATOMIC_RELAXED);
    *differed = __atomic_load_n(&n_differed, __ATOMIC_RELAXED);
}

static bool is_chosen(void)
{
    uint64_t z;

    if (settings.fraction == UINT32_MAX)
        return true;
    z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(z >> 32) < settings.fraction;
}

static void *destination(const struct entry *e)
{
    void *to = NULL;

    if (e->site->m_to != MEMO_TASK_NONE)
        memcpy(&to, e->record + e->site->m_to, sizeof to);
    return to;
}

/* Without memory the call isn't made again. */
static bool remember(struct memo__batch *b, struct memo_task_site *site, char *record)
{
    struct memo__redo *r = b->redo;
    struct entry e = {site, record, 0};
    const void *to = destination(&e);
    size_t len = to ? 2 * (size_t)site->m_to_size : 0;

    if (!r && !(r = b->redo = memo__calloc(1, sizeof *r)))
        return false;
    if (r->n == r->max) {
        size_t max = r->max ? 2 * r->max : 64;
        struct entry *entries = memo__realloc(r->entries, max * sizeof *entries);

        if (!entries)
            return false;
        r->entries = entries;
        r->max = max;
    }
    if (len > r->max_len - r->len) {
        size_t max = 2 * r->max_len + len + 1024;
        char *bytes = memo__realloc(r->bytes, max);

        if (!bytes)
            return false;
        r->bytes = bytes;
        r->max_len = max;
    }
    e.bytes = r->len;
    if (to)
        memcpy(r->bytes + r->len, to, site->m_to_size);
    r->len += len;
    r->entries[r->n++] = e;
    return true;
}

void memo__redo_first(struct memo__batch *b, struct memo_task_site *site, void *record)
{
    int before = errno, pair[2];
    memo_abi_size n;

    memo__task_busy = b->is_private;
    if (site->m_run)
        site->m_run(record, 1);
    errno = before;
    if (site->m_errno != MEMO_TASK_NONE) {
        memcpy(pair, (char *)record + site->m_errno, sizeof pair);
        errno = pair[1] == MEMO_TASK_ERRNO_UNSET ? before : pair[1];
    }
    before = errno;
    memo__task_busy = 1;
    bool is_kept = site->m_run && site->m_again & MEMO_TASK_TWICE &&
                   site->m_results != MEMO_TASK_NONE && site->m_results_size > 0 && is_chosen() &&
                   remember(b, site, record);
    memo__task_busy = b->is_private;
    errno = before;
    n = site->m_commit(record, 1, b->sync->m_env);
    memo__task_busy = 1;
    /* What can't be put back as it was: earlier calls might read other values. */
    if (b->redo && (site->m_again & MEMO_TASK_CHANGES || (!is_kept && site->m_to != MEMO_TASK_NONE)))
        b->redo->n = b->redo->len = 0;
    if (n == 0) {
        b->is_stopped = true;
        b->sync->m_stopped = record;
    }
}

static void put_back(struct memo__redo *r)
{
    size_t i;

    for (i = r->n; i > 0; i--) {
        struct entry *e = &r->entries[i - 1];
        void *to = destination(e);

        if (to) {
            memcpy(r->bytes + e->bytes + e->site->m_to_size, to, e->site->m_to_size);
            memcpy(to, r->bytes + e->bytes, e->site->m_to_size);
        }
    }
}

static void restore(struct memo__redo *r)
{
    size_t i;

    for (i = 0; i < r->n; i++) {
        struct entry *e = &r->entries[i];
        void *to = destination(e);

        if (to)
            memcpy(to, r->bytes + e->bytes + e->site->m_to_size, e->site->m_to_size);
    }
}

/* Returns whether its results are others than before. */
static bool make_again(const struct memo__batch *b, const struct entry *e, char *copy)
{
    const struct memo_task_site *site = e->site;

    memcpy(copy, e->record, site->m_size);
    memo__task_busy = b->is_private;
    is_on = true;
    e->site->m_run(copy, 1);
    is_on = false;
    memo__task_busy = 1;
    __atomic_fetch_add(&n_again, 1, __ATOMIC_RELAXED);
    return memcmp(copy + site->m_results, e->record + site->m_results, site->m_results_size) != 0;
}

void memo__redo_again(struct memo__batch *b)
{
    struct memo__redo *r = b->redo;
    int saved = errno;
    size_t i, size = 0;
    char *copy;

    if (!r || r->n == 0)
        return;
    for (i = 0; i < r->n; i++)
        if (r->entries[i].site->m_size > size)
            size = r->entries[i].site->m_size;
    copy = memo__malloc(size);
    if (!copy)
        return;
    put_back(r);
    for (i = r->n; i > 0; i--) {
        struct entry *e = &r->entries[i - 1];

        if (!make_again(b, e, copy))
            continue;
        if (settings.report && !settings.report(e->site, e->record, copy))
            continue; /* only padding differs */
        __atomic_fetch_add(&n_differed, 1, __ATOMIC_RELAXED);
        if (settings.is_fatal)
            abort();
    }
    restore(r);
    memo__free(copy);
    r->n = r->len = 0;
    errno = saved;
}

void memo__redo_release(struct memo__batch *b)
{
    if (!b->redo)
        return;
    memo__free(b->redo->entries);
    memo__free(b->redo->bytes);
    memo__free(b->redo);
    b->redo = NULL;
}
