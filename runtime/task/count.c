/* count.c - see count.h.
 *
 * A table of sites and regions by their addresses, which are never given back; entries
 * are only added. What belongs to one function is put together at exit. */
#include "task/count.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "base/trace.h"
#include "task/batch.h"

#define ROOM 4096u /* entries; a power of two. What doesn't fit isn't counted */
#define SITES 32u  /* of one event that are told apart */
#define NAME ((size_t)128)

struct entry {
    const void *key; /* __atomic; a site, or the info of a region */
    const char *names;
    bool is_region;
    uint64_t tasks, serial, events; /* __atomic */
};

static struct entry *entries; /* ROOM of them */

struct row {
    char name[NAME];
    uint64_t tasks, serial, events;
};

bool memo__count_start(void)
{
    entries = memo__calloc(ROOM, sizeof *entries);
    return entries != NULL;
}

static struct entry *find(const void *key, const char *names, bool is_region)
{
    size_t i = ((uintptr_t)key >> 4) * 0x9e3779b97f4a7c15u >> 40, n;

    for (n = 0; n < ROOM / 2; n++, i++) {
        struct entry *e = &entries[i % ROOM];
        const void *seen = __atomic_load_n(&e->key, __ATOMIC_ACQUIRE);

        if (!seen && __atomic_compare_exchange_n(&e->key, &seen, key, false, __ATOMIC_ACQ_REL,
                                                 __ATOMIC_ACQUIRE)) {
            e->is_region = is_region;
            __atomic_store_n(&e->names, names, __ATOMIC_RELEASE);
            return e;
        }
        if (seen == key)
            return e;
    }
    return NULL;
}

static void add(uint64_t *counter, uint64_t n)
{
    __atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

void memo__count_in_place(const struct memo_sync *s, size_t n)
{
    const struct memo_sync_info *info = s->m_info;
    struct entry *e = find(info, info->m_calls ? info->m_calls : info->m_function, true);

    if (e)
        add(&e->serial, n);
}

/* Those that the cache didn't know. */
static uint64_t count_tasks(const struct memo__run *r)
{
    uint64_t n = 0;
    uint32_t i;

    if (r->site->m_ready == MEMO_TASK_NONE)
        return r->n;
    for (i = 0; i < r->n; i++)
        n += *(const int *)(const void *)(r->first + (size_t)i * r->site->m_size +
                                          r->site->m_ready) == 0;
    return n;
}

void memo__count_event(const struct memo__event_report *report)
{
    const struct memo_task_site *seen[SITES];
    unsigned n_seen = 0, j;
    uint32_t i;

    for (i = 0; i < report->n_runs; i++) {
        const struct memo_task_site *site = report->runs[i].site;
        struct entry *e;

        if (!site->m_run || !(e = find(site, site->m_name, false)))
            continue;
        add(&e->tasks, count_tasks(&report->runs[i]));
        for (j = 0; j < n_seen && seen[j] != site; j++)
            ;
        if (j < n_seen || n_seen == SITES)
            continue;
        seen[n_seen++] = site;
        add(&e->events, 1);
    }
}

/* ---- the report ---- */

static struct row *row_of(struct row *rows, size_t *n, const char *name, size_t len)
{
    size_t i;

    if (len >= NAME)
        len = NAME - 1;
    for (i = 0; i < *n; i++)
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
            return &rows[i];
    memcpy(rows[*n].name, name, len);
    return &rows[(*n)++];
}

/* "f, g": each of them, if these are tasks; which of them it was isn't known of calls in
 * place. */
static void add_entry(struct row *rows, size_t *n, size_t room, const struct entry *e)
{
    const char *name = __atomic_load_n(&e->names, __ATOMIC_ACQUIRE);

    if (!name || e->tasks + e->serial + e->events == 0)
        return;
    while (*n < room) {
        size_t len = e->is_region ? strlen(name) : strcspn(name, ",");
        struct row *row = row_of(rows, n, name, len);

        row->tasks += __atomic_load_n(&e->tasks, __ATOMIC_RELAXED);
        row->serial += __atomic_load_n(&e->serial, __ATOMIC_RELAXED);
        row->events += __atomic_load_n(&e->events, __ATOMIC_RELAXED);
        name += len;
        if (!*name)
            break;
        name += strspn(name, ", ");
    }
}

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static struct row *collect(size_t *n)
{
    struct row *rows = entries ? memo__calloc(ROOM, sizeof *rows) : NULL;
    size_t i;

    *n = 0;
    for (i = 0; rows && i < ROOM; i++)
        add_entry(rows, n, ROOM, &entries[i]);
    if (rows)
        qsort(rows, *n, sizeof *rows, compare_rows);
    return rows;
}

bool memo__count_has_any(void)
{
    size_t n;

    memo__free(collect(&n));
    return n > 0;
}

int memo__count_add_json(struct memo__buf *b)
{
    char quoted[NAME * 2];
    size_t i, n;
    struct row *rows = collect(&n);
    int err = 0;

    for (i = 0; err == 0 && i < n; i++)
        err = memo__buf_addf(b,
                             "%s{\"function\":%s,\"tasks\":%" PRIu64 ",\"serial\":%" PRIu64
                             ",\"events\":%" PRIu64 "}",
                             i > 0 ? ",\n" : "",
                             memo__trace_quote(quoted, sizeof quoted, rows[i].name), rows[i].tasks,
                             rows[i].serial, rows[i].events);
    memo__free(rows);
    return err;
}

void memo__count_print(void)
{
    size_t i, n;
    struct row *rows = collect(&n);
    int width = 19;

    for (i = 0; i < n; i++)
        if (strlen(rows[i].name) > (size_t)width)
            width = strlen(rows[i].name) > 40 ? 40 : (int)strlen(rows[i].name);
    if (n > 0)
        memo__log("%-*s %10s %10s %10s", width, "concurrent function", "tasks", "in place",
                  "events");
    for (i = 0; i < n; i++)
        memo__log("%-*.40s %10" PRIu64 " %10" PRIu64 " %10" PRIu64, width, rows[i].name,
                  rows[i].tasks, rows[i].serial, rows[i].events);
    memo__free(rows);
}

void memo__count_fork_child(void)
{
    size_t i;

    for (i = 0; entries && i < ROOM; i++)
        entries[i].tasks = entries[i].serial = entries[i].events = 0;
}
