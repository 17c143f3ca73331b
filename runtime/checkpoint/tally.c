/* tally.c - see tally.h. */
#include "checkpoint/tally.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/human.h"
#include "base/log.h"
#include "base/trace.h"
#include "checkpoint/background.h"
#include "checkpoint/loop.h"

#define NAME ((size_t)512)

struct row {
    const char *name;
    struct memo__ck_tally sum;
};

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static void add(struct memo__ck_tally *to, const struct memo__ck_tally *from)
{
    to->entered += from->entered;
    to->restored += from->restored;
    if (from->restored > 0)
        to->iteration = from->iteration;
    to->saves += from->saves;
    to->failed += from->failed;
    to->bytes += from->bytes;
    to->copy_ns += from->copy_ns;
    to->write_ns += from->write_ns;
}

/* Sorted by name; memo__free. NULL without memory. */
static struct row *collect(size_t *n)
{
    const struct memo__ck_site *s;
    struct row *rows;
    size_t room = 1, i, n_all = 0;

    *n = 0;
    pthread_mutex_lock(&memo__ck_lock);
    for (s = memo__ck_sites(); s; s = s->next)
        room++;
    rows = memo__calloc(room, sizeof *rows);
    for (s = memo__ck_sites(); rows && s; s = s->next) {
        if (s->tally.entered == 0)
            continue;
        rows[n_all].name = s->abi->m_name;
        rows[n_all++].sum = s->tally;
    }
    pthread_mutex_unlock(&memo__ck_lock);
    if (!rows)
        return NULL;
    qsort(rows, n_all, sizeof *rows, compare_rows);
    for (i = 0; i < n_all; i++) {
        if (*n > 0 && strcmp(rows[*n - 1].name, rows[i].name) == 0)
            add(&rows[*n - 1].sum, &rows[i].sum);
        else
            rows[(*n)++] = rows[i];
    }
    return rows;
}

bool memo__ck_tally_has_any(void)
{
    size_t n;

    memo__free(collect(&n));
    return n > 0;
}

static int add_seconds(struct memo__buf *b, const char *name, uint64_t ns)
{
    return memo__buf_addf(b, ",\"%s\":%" PRIu64 ".%09" PRIu64, name, ns / 1000000000,
                          ns % 1000000000);
}

int memo__ck_tally_add_json(struct memo__buf *b)
{
    char quoted[NAME];
    size_t i, n;
    struct row *rows = collect(&n);
    int err = 0;

    for (i = 0; err == 0 && i < n; i++) {
        const struct memo__ck_tally *t = &rows[i].sum;

        err = memo__buf_addf(
            b,
            "%s{\"name\":%s,\"entered\":%" PRIu64 ",\"restored\":%" PRIu64 ",\"iteration\":%" PRIu64
            ",\"saves\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"bytes\":%" PRIu64,
            i > 0 ? ",\n" : "", memo__trace_quote(quoted, sizeof quoted, rows[i].name), t->entered,
            t->restored, t->iteration, t->saves, t->failed, t->bytes);
        if (err == 0)
            err = add_seconds(b, "seconds_copying", t->copy_ns);
        if (err == 0)
            err = add_seconds(b, "seconds_writing", t->write_ns);
        if (err == 0)
            err = memo__buf_addf(b, "}");
    }
    memo__free(rows);
    return err;
}

void memo__ck_tally_print(void)
{
    size_t i, n;
    struct row *rows = collect(&n);
    int width = 17;

    for (i = 0; i < n; i++)
        if (strlen(rows[i].name) > (size_t)width)
            width = strlen(rows[i].name) > 40 ? 40 : (int)strlen(rows[i].name);
    if (n > 0)
        memo__log("%-*s %10s %10s %10s %10s %10s %10s %10s", width, "checkpointed loop", "entered",
                  "restored", "saves", "failed", "written", "copying", "writing");
    for (i = 0; i < n; i++) {
        const struct memo__ck_tally *t = &rows[i].sum;

        memo__log("%-*.40s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10s %10s %10s",
                  width, rows[i].name, t->entered, t->restored, t->saves, t->failed,
                  memo__size_text(t->bytes).s, memo__duration_text(t->copy_ns).s,
                  memo__duration_text(t->write_ns).s);
    }
    memo__free(rows);
}
