/* abi_task.c - the entry points of memo_task_abi.h, for synchronized code.
 *
 * Apart from abi.c, so that a program without such code holds nothing of the engine. */
#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cache/runtime.h"
#include "cache/show.h"
#include "cache/stats.h"
#include "cache/thread.h"
#include "task/count.h"
#include "task/event.h"
#include "task/ranges.h"
#include "task/watch.h"

#define EXPORTED __attribute__((visibility("default"), noinline))

#define MAX_SHOWN 20u /* differences, in a process; at the end all are counted */

static int has_started; /* __atomic; 1: it is being started, 2: it has been */

/* A call whose second run, out of order, had other results: where, and both values. */
static bool report_difference(const struct memo_task_site *site, const void *serial,
                              const void *again)
{
    static unsigned n_shown; /* __atomic */
    struct memo__line record = MEMO__LINE_INIT, a = MEMO__LINE_INIT, b = MEMO__LINE_INIT;
    const char *kind = site->m_shown;
    struct memo__leaf leaf;
    size_t size;

    if (!site->m_shown) {
        memo__log("verify: %s:%u: '%s' has another result when it is carried out later",
                  site->m_file, site->m_line, site->m_text);
        return true;
    }
    size = memo__kind_read(&kind).size; /* records are padded to a multiple of 16 bytes */
    if (size == 0 || size > site->m_size)
        size = site->m_size;
    if (!memo__kind_differs(site->m_shown, serial, again, 1, size, &leaf))
        return false;
    if (__atomic_fetch_add(&n_shown, 1, __ATOMIC_RELAXED) >= MAX_SHOWN)
        return true;
    memo__show_leaf(&a, &leaf, serial);
    memo__show_leaf(&b, &leaf, again);
    memo__show_value(&record, site->m_shown, serial, 1, size);
    memo__log("verify: %s:%u: '%s' differs in %s: %s in its place, %s when carried out later; "
              "the call: %s",
              site->m_file, site->m_line, site->m_text,
              leaf.path[0] == '.' ? leaf.path + 1 : leaf.path, a.text, b.text, record.text);
    return true;
}

__attribute__((destructor)) static void at_end(void)
{
    uint64_t n_again, n_differed;

    memo__redo_counts(&n_again, &n_differed);
    if (n_differed > 0 || (n_again > 0 && memo__runtime.config.verbose >= 1))
        memo__log("verify: %" PRIu64 " concurrent call%s carried out again, %" PRIu64 " differed",
                  n_again, n_again == 1 ? "" : "s", n_differed);
}

static enum memo__progress_wish read_progress(void)
{
    const char *value = secure_getenv("MEMOCC_PROGRESS");

    if (value && strcmp(value, "1") == 0)
        return MEMO__PROGRESS_ALL;
    if (value && strcmp(value, "0") == 0)
        return MEMO__PROGRESS_NONE;
    if (value && *value)
        memo__log("MEMOCC_PROGRESS: '%.200s' is not understood; allowed: 0, 1; the default is used",
                  value);
    return MEMO__PROGRESS_CLAUSE;
}

static const struct memo__stats_part concurrent_stats = {memo__count_has_any, memo__count_add_json,
                                                         memo__count_print};

static void start(void)
{
    const struct memo__config *c = &memo__runtime.config;
    const char *order = secure_getenv("MEMOCC_ORDER");
    struct memo__task_settings settings = {
        .is_verify = c->is_verify,
        .redo = {.fraction = c->has_verify_fraction ? c->verify_fraction : UINT32_MAX,
                 .is_fatal = c->is_verify_abort,
                 .report = report_difference}};

    struct memo__watch_settings watch = {.has_stats = c->stats != MEMO__STATS_NONE,
                                         .verbose = c->verbose,
                                         .progress = read_progress()};

    if (order && *order && !memo__order_parse(order, &settings.order))
        memo__log("MEMOCC_ORDER: '%.200s' is not understood; allowed: serial, late, reverse, "
                  "random:SEED; the default is used",
                  order);
    memo__stats_add(&concurrent_stats);
    memo__watch_start(&watch);
    memo__task_start(&settings);
}

/* false: a signal handler interrupted the runtime, or another thread starts it. */
static bool is_running(void)
{
    struct memo__thread *t;
    int not_yet = 0, saved;

    if (__builtin_expect(__atomic_load_n(&has_started, __ATOMIC_ACQUIRE) == 2, 1))
        return true;
    saved = errno;
    t = memo__enter(); /* starts the runtime: it has the settings */
    if (t && __atomic_compare_exchange_n(&has_started, &not_yet, 1, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_RELAXED)) {
        start();
        __atomic_store_n(&has_started, 2, __ATOMIC_RELEASE);
    }
    if (t)
        memo__leave(t);
    errno = saved;
    return __atomic_load_n(&has_started, __ATOMIC_ACQUIRE) == 2;
}

EXPORTED void memo_abi_sync_begin(struct memo_sync *s)
{
    if (!is_running()) {
        memo__sync_begin_in_place(s);
        return;
    }
    if (__builtin_expect(s->m_info->m_label != NULL, 0))
        memo__watch_label();
    memo__sync_begin(s);
}

EXPORTED int memo_abi_sync_event(struct memo_sync *s)
{
    return memo__sync_event(s);
}

EXPORTED void memo_abi_sync_end(struct memo_sync *s)
{
    memo__sync_end(s);
}

EXPORTED void *memo_abi_task_room(struct memo_sync *s, struct memo_task_site *site)
{
    return memo__task_room(s, site);
}

EXPORTED void memo_abi_task_verify(struct memo_sync *s)
{
    memo__task_verify(s);
}

EXPORTED int memo_abi_range_hit(const struct memo_ranges *r, const void *p, memo_abi_size size)
{
    return memo__range_hit(r, p, size);
}

EXPORTED void memo_abi_range_note(struct memo_ranges *r, const void *p, memo_abi_size size)
{
    memo__range_note(r, p, size);
}
