/* timeline.c - see timeline.h. */
#include "task/timeline.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/trace.h"

#define DEPTH 64u           /* activations of one thread that are noted, outermost first */
#define SHORT_NS 1000u      /* waits and activations without an event that aren't worth a line */
#define PLACE ((size_t)256) /* "file.c:12", quoted */

/* The activations of a thread that are under way, outermost first. Not thread-local by
 * itself: a library that is loaded late finds little room for that. Never given back. */
struct noted {
    const struct memo_sync *sync;
    uint64_t begin_ns, n_in_place;
    bool has_events;
};
struct notes {
    struct notes *next; /* of all threads */
    unsigned n;
    struct noted at[DEPTH];
};
static struct notes *all_notes; /* __atomic */
static __thread struct notes *notes __attribute__((tls_model("initial-exec")));
static __thread uint64_t last_claim_ns __attribute__((tls_model("initial-exec")));

static char *place(char out[PLACE], const char *file)
{
    return memo__trace_quote(out, PLACE, file);
}

/* The note of s. Those above it were left by longjmp. */
static struct noted *find(const struct memo_sync *s)
{
    unsigned n = notes ? notes->n : 0;

    while (n > 0 && notes->at[n - 1].sync != s)
        n--;
    if (n == 0)
        return NULL;
    notes->n = n;
    return &notes->at[n - 1];
}

static bool make_notes(void)
{
    struct notes *made = memo__calloc(1, sizeof *made);

    if (!made)
        return false;
    made->next = __atomic_load_n(&all_notes, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&all_notes, &made->next, made, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_RELAXED))
        ;
    notes = made;
    return true;
}

void memo__timeline_begin(struct memo_sync *s)
{
    if (!notes && !make_notes())
        return;
    if (find(s))
        notes->n--; /* it was left, too */
    if (notes->n < DEPTH)
        notes->at[notes->n++] = (struct noted){.sync = s, .begin_ns = memo__monotonic_ns()};
}

void memo__timeline_in_place(struct memo_sync *s, size_t n)
{
    struct noted *it = find(s);

    if (it)
        it->n_in_place += n;
}

void memo__timeline_end(struct memo_sync *s)
{
    struct noted *it = find(s);
    uint64_t now = memo__monotonic_ns();
    char file[PLACE];

    if (!it)
        return;
    notes->n--;
    if (it->has_events || now - it->begin_ns >= SHORT_NS)
        memo__trace_span("synchronized", s->m_info->m_function, it->begin_ns, now,
                         "\"file\":%s,\"line\":%u,\"calls in place\":%llu",
                         place(file, s->m_info->m_file), s->m_info->m_line,
                         (unsigned long long)it->n_in_place);
}

void memo__timeline_claim(const struct memo_sync *s, struct memo_task_site *site, size_t n,
                          uint64_t begin_ns, uint64_t end_ns)
{
    char file[PLACE];

    (void)s;
    last_claim_ns = end_ns;
    memo__trace_span("task", site->m_name, begin_ns, end_ns,
                     "\"calls\":%zu,\"file\":%s,\"line\":%u", n, place(file, site->m_file),
                     site->m_line);
}

void memo__timeline_event(struct memo_sync *s, const struct memo__event_report *e)
{
    struct noted *it = find(s);
    uint64_t idle_ns = last_claim_ns > e->begin_ns ? last_claim_ns : e->begin_ns;
    char file[PLACE];

    if (it)
        it->has_events = true;
    memo__trace_span("event", "event", e->begin_ns, e->end_ns,
                     "\"records\":%zu,\"threads\":%u,\"file\":%s,\"line\":%u", e->n_records,
                     e->n_threads, place(file, s->m_info->m_file), s->m_info->m_line);
    if (e->n_threads > 1 && e->run_ns > idle_ns + SHORT_NS)
        memo__trace_span("wait", "wait", idle_ns, e->run_ns, NULL);
    memo__trace_span("commit", "commit", e->run_ns, e->end_ns, "\"records\":%zu", e->n_records);
}
