/* stats.c - the table and the JSON of MEMOCC_STATS; see stats.h. The schema is
 * that of docs/language.md: members may be added, none may go. */
#include "cache/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/human.h"
#include "base/log.h"
#include "cache/runtime.h"
#include "cache/thread.h"
#include "cache/verify.h"

/* One function: all sites of one identity. */
struct row {
    const struct memo__site *site;
    struct memo__counts counts;
    uint64_t hits_memory; /* those of the scalar path included */
    uint64_t calls;
};

static bool is_child;
static const struct memo__stats_part *concurrent;  /* __atomic; NULL: there is none */
static const struct memo__stats_part *checkpoints; /* the same */

void memo__stats_add(const struct memo__stats_part *part)
{
    __atomic_store_n(&concurrent, part, __ATOMIC_RELEASE);
}

void memo__stats_add_checkpoints(const struct memo__stats_part *part)
{
    __atomic_store_n(&checkpoints, part, __ATOMIC_RELEASE);
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int names = strcmp(x->site->abi->m_name, y->site->abi->m_name);

    return names ? names : memcmp(x->site->identity, y->site->identity, MEMO__DIGEST_LEN);
}

static void add_row(struct row *to, const struct row *from)
{
    to->calls += from->calls;
    to->hits_memory += from->hits_memory;
    to->counts.hits_disk += from->counts.hits_disk;
    to->counts.misses += from->counts.misses;
    to->counts.stored += from->counts.stored;
    to->counts.compute_ns += from->counts.compute_ns;
    to->counts.saved_ns += from->counts.saved_ns;
}

/* The scalar path doesn't tell which entry it hit: the function's mean counts. */
static void fill_row(struct row *row, const struct memo__site *s)
{
    uint64_t fast_hits;

    row->site = s;
    memo__counts_sum(s->id, &row->counts, &fast_hits);
    row->hits_memory = row->counts.hits_memory + fast_hits;
    row->calls = row->counts.calls + fast_hits;
    if (fast_hits > 0)
        row->counts.saved_ns += (uint64_t)((double)fast_hits * memo__gate_fast_ns(s));
}

/* Functions that were called, sorted by name; *n: how many. NULL without memory. */
static struct row *collect(size_t *n)
{
    struct row *rows = memo__calloc(memo__site_count() + 1, sizeof *rows);
    const struct memo__site *s;
    size_t i, n_rows = 0, room = memo__site_count();

    *n = 0;
    if (!rows)
        return NULL;
    for (s = memo__site_all(); s && n_rows < room; s = s->next) {
        if (!s->is_usable)
            continue;
        fill_row(&rows[n_rows], s);
        n_rows += rows[n_rows].calls > 0;
    }
    qsort(rows, n_rows, sizeof *rows, compare_rows);
    for (i = 0; i < n_rows; i++) {
        if (*n > 0 && compare_rows(&rows[*n - 1], &rows[i]) == 0)
            add_row(&rows[*n - 1], &rows[i]);
        else
            rows[(*n)++] = rows[i];
    }
    return rows;
}

/* ---- JSON ---- */

static int add_json_string(struct memo__buf *b, const char *text)
{
    int err = memo__buf_add(b, "\"", 1);

    for (; err == 0 && *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            err = memo__buf_addf(b, "\\%c", c);
        else if (c < 0x20)
            err = memo__buf_addf(b, "\\u%04x", c);
        else
            err = memo__buf_add(b, text, 1);
    }
    return err ? err : memo__buf_add(b, "\"", 1);
}

/* Seconds with a point whatever the locale says. */
static int add_seconds(struct memo__buf *b, uint64_t ns)
{
    return memo__buf_addf(b, "%" PRIu64 ".%09" PRIu64, ns / 1000000000, ns % 1000000000);
}

static int add_function(struct memo__buf *b, const struct row *row)
{
    int err = memo__buf_addf(b, "{\"name\":");

    if (err == 0)
        err = add_json_string(b, row->site->abi->m_name);
    if (err == 0)
        err = memo__buf_addf(b,
                             ",\"calls\":%" PRIu64 ",\"hits\":{\"memory\":%" PRIu64
                             ",\"disk\":%" PRIu64 ",\"shared\":0},\"misses\":%" PRIu64
                             ",\"stored\":%" PRIu64 ",\"seconds_computing\":",
                             row->calls, row->hits_memory, row->counts.hits_disk,
                             row->counts.misses, row->counts.stored);
    if (err == 0)
        err = add_seconds(b, row->counts.compute_ns);
    if (err == 0)
        err = memo__buf_addf(b, ",\"seconds_saved\":");
    if (err == 0)
        err = add_seconds(b, row->counts.saved_ns);
    return err ? err : memo__buf_addf(b, "}");
}

static int add_faults(struct memo__buf *b)
{
    struct memo__disk *disk = memo__runtime_open_disk();
    struct memo__disk_stats stats;
    const char *comma = "";
    int err = 0;

    memo__disk_stats(disk, &stats);
#define DISK_COUNTER(name, is_fault, text)                                                         \
    if (err == 0 && is_fault) {                                                                    \
        err = memo__buf_addf(b, "%s\"%s\":%" PRIu64, comma, #name, stats.name);                    \
        comma = ",";                                                                               \
    }
#include "store/counters.def"
#undef DISK_COUNTER
    if (err == 0)
        err = memo__buf_addf(b, "%s\"verify_differences\":%" PRIu64, comma,
                             memo__verify_differences());
    return err;
}

static void write_json(const struct row *rows, size_t n, const struct memo__stats_part *tasks,
                       const struct memo__stats_part *loops)
{
    struct memo__buf b = MEMO__BUF_INIT;
    size_t i;
    int err = memo__buf_addf(&b, "{\"functions\":[");

    for (i = 0; err == 0 && i < n; i++) {
        if (i > 0)
            err = memo__buf_addf(&b, ",\n");
        if (err == 0)
            err = add_function(&b, &rows[i]);
    }
    if (err == 0)
        err = memo__buf_addf(&b, "],\n\"concurrent\":[");
    if (err == 0 && tasks)
        err = tasks->add_json(&b);
    if (err == 0)
        err = memo__buf_addf(&b, "],\n\"checkpoints\":[");
    if (err == 0 && loops)
        err = loops->add_json(&b);
    if (err == 0)
        err = memo__buf_addf(&b, "],\n\"faults\":{");
    if (err == 0)
        err = add_faults(&b);
    if (err == 0)
        err = memo__buf_addf(&b, "}}\n");
    if (err != 0 || memo__write_file(memo__runtime.config.stats_file, b.data, b.len) != 0)
        memo__log("MEMOCC_STATS: '%s' can't be written", memo__runtime.config.stats_file);
    memo__buf_release(&b);
}

/* ---- the table ---- */

static void print_store(void)
{
    struct memo__disk *disk = memo__runtime_open_disk();
    struct memo__disk_stats stats;

    memo__disk_stats(disk, &stats);
    if (disk)
        memo__log("store %s: %s", memo__disk_dir(disk), memo__size_text(stats.used_bytes).s);
#define DISK_COUNTER(name, is_fault, text)                                                         \
    if (is_fault && stats.name > 0)                                                                \
        memo__log("faults: %" PRIu64 " %s", stats.name, text);
#include "store/counters.def"
#undef DISK_COUNTER
}

static void print_table(const struct row *rows, size_t n)
{
    char gate[MEMO__GATE_TEXT];
    size_t i, len;
    int width = 8;

    for (i = 0; i < n; i++) {
        len = strlen(rows[i].site->abi->m_name);
        if (len > (size_t)width)
            width = len > 40 ? 40 : (int)len;
    }
    memo__log("%-*s %10s %10s %10s %10s %10s %10s %10s", width, "function", "calls", "memory",
              "disk", "misses", "stored", "computing", "saved");
    for (i = 0; i < n; i++) {
        const struct row *r = &rows[i];

        memo__log("%-*.40s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64
                  " %10s %10s",
                  width, r->site->abi->m_name, r->calls, r->hits_memory, r->counts.hits_disk,
                  r->counts.misses, r->counts.stored, memo__duration_text(r->counts.compute_ns).s,
                  memo__duration_text(r->counts.saved_ns).s);
    }
    for (i = 0; i < n; i++)
        if (*memo__gate_text(rows[i].site, gate))
            memo__log("gate %s: %s", rows[i].site->abi->m_name, gate);
    print_store();
}

void memo__stats_report(void)
{
    const struct memo__stats_part *tasks = __atomic_load_n(&concurrent, __ATOMIC_ACQUIRE);
    const struct memo__stats_part *loops = __atomic_load_n(&checkpoints, __ATOMIC_ACQUIRE);
    struct row *rows;
    bool has_tasks, has_loops;
    size_t n;

    if (memo__runtime.config.stats == MEMO__STATS_NONE || memo__runtime_is_shadowed())
        return;
    rows = collect(&n);
    has_tasks = tasks && tasks->has_any();
    has_loops = loops && loops->has_any();
    if (rows && (n > 0 || has_tasks || has_loops || !is_child)) {
        if (memo__runtime.config.stats == MEMO__STATS_JSON)
            write_json(rows, n, tasks, loops);
        else if (n > 0 || !(has_tasks || has_loops))
            print_table(rows, n);
        if (has_tasks && memo__runtime.config.stats == MEMO__STATS_TABLE)
            tasks->print();
        if (has_loops && memo__runtime.config.stats == MEMO__STATS_TABLE)
            loops->print();
    }
    memo__free(rows);
}

void memo__stats_fork_child(void)
{
    is_child = true;
}
