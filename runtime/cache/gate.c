/* gate.c - measure calls, and open or close the gate; see gate.h. */
#include "cache/gate.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/human.h"
#include "base/log.h"
#include "cache/result.h"
#include "cache/runtime.h"
#include "cache/thread.h"
#include "store/fast.h"

/* Calls of a thread that are too cold to tell anything. */
#define COLD_CALLS 256
/* One call in so many is timed. */
#define TIMED_EVERY 8
#define MARKED_EVERY 256
/* Of a bypassed function one call in so many is measured, should it have become dear. */
#define SLICE 1024
/* Windows that aren't measured after one that was far from any doubt. */
#define MOST_PAUSES 4 /* each twice as long as the one before */
#define FAR 0.5
/* A function keeps its dear results out of the scalar table while it looks cheap,
 * and all of them while so few were computed that the times say little. */
#define FEW_DEAR 16
#define FEW_CHEAP 8
#define RECENT 8192
/* What putting a result on disk takes, in this thread and in the one that writes.
 * Cheap results may cost an eighth of what computing them took, beside what is in
 * the purse at first. */
#define PUT_NS 8000
#define PUT_SHARE 8
/* Windows of a function that synchronized code asks for, judged as one. */
#define TOGETHER 8
#define FEW_ANSWERS 32
/* Cheap calls that were asked for in vain in a row, and of how many one is asked for then. */
#define MOST_IN_VAIN 256
#define ASKED_EVERY 16
/* Computing more isn't repeated to measure it. */
#define LONGEST_CHECK_NS 50000000

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define STORE(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)

/* The rules of all sites; only tried, never waited for. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t clock_ns; /* __atomic; what reading the clock takes; 0: not yet known */

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static void measure_clock(void)
{
    uint64_t least = 1000000, before, took;
    int i;

    if (LOAD(clock_ns))
        return;
    for (i = 0; i < 24; i++) {
        before = memo__monotonic_ns();
        took = memo__monotonic_ns() - before;
        if (took < least)
            least = took;
    }
    STORE(clock_ns, least > 0 ? least : 1);
}

/* From then to now, without the clock's own time. */
static uint64_t since(uint64_t from_ns)
{
    return less(memo__monotonic_ns(), from_ns + LOAD(clock_ns));
}

static void add_time(struct memo__gate_time *to, uint64_t ns)
{
    ns += ns == 0;
    if (to->waiting_ns) {
        to->sum_ns += ns < to->waiting_ns ? ns : to->waiting_ns;
        to->waiting_ns = 0;
        to->n++;
    } else {
        to->waiting_ns = ns;
    }
}

static double mean(uint64_t sum, unsigned n)
{
    if (n == 0)
        return 0;
    return sum > 0 ? (double)sum / n : 0.5;
}

/* ---- the rule ---- */

void memo__gate_init(struct memo__site *s)
{
    const struct memo__config *config = &memo__runtime.config;
    struct memo__gate *gate = &s->gate;
    unsigned i;

    gate->is_on = config->has_gate && !config->is_off && !config->is_verify && s->is_usable &&
                  !(s->abi->m_flags & MEMO_SITE_VALID);
    for (i = 0; i < s->abi->m_n_parts; i++) /* memo_get_or_compute: many functions in one */
        if (s->abi->m_parts[i].m_role & MEMO__CAPACITY)
            gate->is_on = false;
    if (!gate->is_on)
        return;
    measure_clock();
    memo__gate_rule_init(&gate->rule, s->has_memory && memo__runtime.memory, s->has_disk);
    gate->level = gate->rule.level;
    gate->window = gate->rule.window;
    gate->purse_ns = MEMO__GATE_PURSE_NS;
}

/* The numbers of the window that made the gate leave something out. */
static void note_figures(struct memo__gate *gate)
{
    const struct memo__gate_figures *k = &gate->rule.known;
    double compute = k->compute_ns > 0 ? k->compute_ns : k->compute_miss_ns;

    STORE(gate->compute_ns, (uint64_t)compute);
    STORE(gate->hit_ns, (uint64_t)k->hit_memory_ns);
    STORE(gate->hit_disk_ns, (uint64_t)k->hit_disk_ns);
    STORE(gate->miss_ns, (uint64_t)(k->miss_ns + k->disk_miss_ns));
}

/* What the rule says from now on becomes what all threads do. The lock is held. */
static void publish(struct memo__site *s, bool was_trial)
{
    struct memo__gate *gate = &s->gate;
    struct memo_site *abi = (struct memo_site *)(uintptr_t)s->abi;
    bool is_bypassed = gate->rule.level == MEMO__GATE_NONE;
    char text[MEMO__GATE_TEXT];

    if (!was_trial)
        note_figures(gate);
    STORE(gate->window, gate->rule.window);
    STORE(gate->n_bypass, gate->rule.n_bypass);
    STORE(gate->level, gate->rule.level);
    STORE(gate->epoch, gate->epoch + 1);
    if (s->has_fast)
        memo__fast_hide(abi, is_bypassed);
    STORE(abi->m_bypass, is_bypassed ? s->id + 1 : 0);
    if (memo__runtime.config.verbose >= 1 || memo__runtime.config.is_explain)
        memo__log("gate %s: %s", s->abi->m_name,
                  *memo__gate_text(s, text) ? text : "all tiers are used");
}

static void give_up(struct memo__site *s)
{
    if (pthread_mutex_trylock(&lock) != 0) /* the next call does it */
        return;
    STORE(s->gate.has_given_up, true);
    STORE(s->gate.is_choosy, false);
    memo__gate_rule_give_up(&s->gate.rule);
    if (s->gate.rule.level != LOAD(s->gate.level))
        publish(s, true);
    pthread_mutex_unlock(&lock);
}

static void try_again(struct memo__site *s, unsigned epoch)
{
    if (pthread_mutex_trylock(&lock) != 0)
        return;
    if (LOAD(s->gate.epoch) == epoch && !LOAD(s->gate.has_given_up)) {
        memo__gate_rule_try(&s->gate.rule);
        publish(s, true);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- windows ---- */

/* Of rusage only the count of waits: its times are those of the last tick. */
static void mark(struct memo__gate_window *w)
{
    struct rusage r;

    if (getrusage(RUSAGE_THREAD, &r) == 0)
        w->n_waits = (uint64_t)r.ru_nvcsw;
    w->mark_ns = memo__thread_cpu_ns();
}

static void open_window(const struct memo__thread *t, const struct memo__site *s,
                        struct memo__gate_window *w, unsigned pause)
{
    memset(w, 0, offsetof(struct memo__gate_window, n_all_computed));
    w->epoch = LOAD(s->gate.epoch);
    w->n = w->has_begun ? -(int)pause : -COLD_CALLS;
    w->has_begun = true;
    w->fast_before = t->abi.m_hits[s->id];
}

static struct memo__gate_figures figures(const struct memo__thread *t, const struct memo__site *s,
                                         const struct memo__gate_window *w)
{
    struct memo__gate_figures f = {.fast_hits = (double)(t->abi.m_hits[s->id] - w->fast_before),
                                   .memory_hits = w->n_memory,
                                   .dear_hits = w->n_dear_hits,
                                   .disk_hits = w->n_disk,
                                   .misses = w->n_misses,
                                   .dear_misses = w->n_dear_misses,
                                   .dear_hits_ns = (double)w->dear_hits_ns,
                                   .dear_misses_ns = (double)w->dear_misses_ns,
                                   .disk_hits_ns = (double)w->disk_hits_ns};

    f.compute_miss_ns = mean(w->computed_ns, w->n_computed);
    f.compute_ns =
        w->n_samples >= 8 ? mean(w->sample_ns, w->n_samples) : mean(w->cheap_hits_ns, w->n_memory);
    f.compute_fast_ns = memo__gate_fast_ns(s);
    f.hit_memory_ns = mean(w->hit_memory.sum_ns, w->hit_memory.n);
    f.hit_disk_ns = mean(w->hit_disk.sum_ns, w->hit_disk.n);
    f.miss_ns = mean(w->miss.sum_ns, w->miss.n);
    f.disk_miss_ns = mean(w->disk_miss.sum_ns, w->disk_miss.n);
    return f;
}

static bool has_answers(struct memo__gate *gate)
{
    return LOAD(gate->is_asked) &&
           __atomic_exchange_n(&gate->n_answered, 0, __ATOMIC_RELAXED) >= FEW_ANSWERS;
}

/* f becomes the sum of the last windows. false: some are missing. The lock is held. */
static bool add_together(struct memo__gate *gate, unsigned epoch, struct memo__gate_figures *f)
{
    struct memo__gate_figures *a = &gate->together;

    if (gate->n_together == 0 || gate->together_epoch != epoch) {
        memset(a, 0, sizeof *a);
        gate->n_together = 0;
        gate->together_epoch = epoch;
    }
    memo__gate_figures_add(a, f);
    if (++gate->n_together < TOGETHER)
        return false;
    gate->n_together = 0;
    *f = *a;
    return true;
}

/* Ends a window and opens the next. */
static void judge(struct memo__thread *t, struct memo__site *s, struct memo__gate_window *w)
{
    struct memo__gate *gate = &s->gate;
    struct memo__gate_figures f = figures(t, s, w);
    const struct memo__gate_rule *r = &gate->rule;
    unsigned pause = 0;

    if (pthread_mutex_trylock(&lock) == 0) {
        if (LOAD(gate->epoch) == w->epoch && !LOAD(gate->has_given_up) &&
            (!has_answers(gate) || add_together(gate, w->epoch, &f))) {
            bool was_trial = r->is_trial;

            if (memo__gate_rule_step(&gate->rule, &f)) {
                w->n_pauses = 0;
                publish(s, was_trial);
            } else if (!was_trial && r->memory_ratio < FAR && r->disk_ratio < FAR &&
                       r->n_cheap_losing == 0) {
                w->n_pauses += w->n_pauses < MOST_PAUSES;
                pause = LOAD(gate->window) << w->n_pauses;
            }
            STORE(gate->window, r->window);
            STORE(gate->is_choosy, r->is_choosy);
        }
        pthread_mutex_unlock(&lock);
    }
    if (w->n_all_computed > RECENT)
        w->n_all_computed /= 2;
    open_window(t, s, w, pause);
}

/* ---- calls ---- */

/* The function is bypassed, but this call came here: the wrapper's grant is used
 * up, or it doesn't count. */
static bool pass_by(struct memo__thread *t, struct memo__site *s, struct memo__gate_window *w,
                    struct memo__gate_try *g)
{
    unsigned epoch = LOAD(s->gate.epoch);
    __INT64_TYPE__ *left = &t->abi.m_left[s->id];
    uint64_t slice;

    if (*left > 0) {
        --*left;
        w->n_granted--;
        return true;
    }
    if (w->left_epoch != epoch) {
        w->left_epoch = epoch;
        w->n_left = LOAD(s->gate.n_bypass);
    }
    if (w->n_left == 0) {
        try_again(s, epoch);
        return false;
    }
    slice = w->n_left < SLICE ? w->n_left : SLICE;
    w->n_left -= slice;
    w->n_granted += slice;
    *left = (__INT64_TYPE__)slice;
    g->is_bypassed = g->is_sample = true;
    return false;
}

bool memo__gate_enter_slow(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g)
{
    struct memo__gate *gate = &s->gate;
    struct memo__gate_window *w = &t->windows[s->id];

    if (LOAD(gate->level) == MEMO__GATE_NONE)
        return pass_by(t, s, w, g);
    if (w->epoch != LOAD(gate->epoch) || !w->has_begun)
        open_window(t, s, w, 0);
    else if (w->n >= (int)LOAD(gate->window))
        judge(t, s, w);
    if (LOAD(gate->level) == MEMO__GATE_NONE)
        return pass_by(t, s, w, g);
    g->doubt = &w->doubt;
    if (++w->n <= 0) {
        w->fast_before = t->abi.m_hits[s->id];
        w->n += w->n == 0;
        return false;
    }
    g->window = w;
    if (w->n % MARKED_EVERY == 1)
        mark(w);
    if (w->n % TIMED_EVERY == 1) {
        t->is_timed = true;
        t->disk_ns = 0;
        g->entry_ns = memo__monotonic_ns();
    }
    return false;
}

bool memo__gate_asked(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g)
{
    struct memo__gate *gate = &s->gate;
    struct memo__gate_window *w = &t->windows[s->id];
    uint64_t hits = t->abi.m_hits[s->id];

    if (!gate->is_on || LOAD(gate->has_given_up))
        return false;
    if (!LOAD(gate->is_asked))
        STORE(gate->is_asked, true);
    if (LOAD(gate->level) == MEMO__GATE_NONE)
        return true;
    if (hits != w->hits_before) {
        __atomic_fetch_add(&gate->n_answered, (unsigned)(hits - w->hits_before), __ATOMIC_RELAXED);
        w->hits_before = hits;
        w->n_in_vain = 0;
    }
    if (++w->n_in_vain > MOST_IN_VAIN && w->n_in_vain % ASKED_EVERY != 0 &&
        LOAD(gate->n_cheap) > 8 * LOAD(gate->n_dear))
        return true;
    if (w->n > 0 && w->n % TIMED_EVERY == 0) { /* the next call in the window is timed */
        t->is_timed = true;
        t->disk_ns = 0;
        g->entry_ns = memo__monotonic_ns();
    }
    return false;
}

/* What is known is told from what isn't only now: hits alone are in the window. */
void memo__gate_answered(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g)
{
    uint64_t entry_ns = g->entry_ns;

    t->windows[s->id].n_in_vain = 0;
    __atomic_fetch_add(&s->gate.n_answered, 1, __ATOMIC_RELAXED);
    g->entry_ns = 0;
    memo__gate_enter(t, s, &s->gate, g);
    g->entry_ns = g->window ? entry_ns : 0;
    g->is_sample = g->is_check = false;
}

bool memo__gate_samples(struct memo__gate_try *g, bool is_disk, uint64_t cost_ns)
{
    g->is_check = g->is_check && !is_disk && cost_ns == g->doubt->cost_ns;
    return g->is_check ||
           (!is_disk && cost_ns < MEMO__GATE_DEAR_NS && (g->window || g->is_bypassed));
}

/* Whether what an entry took says little of what it would take now. */
static bool is_doubtful(const struct memo__gate *gate, uint64_t cost_ns)
{
    unsigned n_cheap = LOAD(gate->n_cheap), n_dear = LOAD(gate->n_dear);

    if (cost_ns < MEMO__GATE_DEAR_NS)
        return n_cheap < FEW_CHEAP;
    return cost_ns <= LONGEST_CHECK_NS && (n_dear <= 2 || n_dear < n_cheap / 8);
}

/* One entry at a time; another's turn comes if it is hardly hit any more. */
static void doubt(const struct memo__gate *gate, struct memo__gate_doubt *d, uint64_t key,
                  uint64_t cost_ns)
{
    if (!is_doubtful(gate, cost_ns))
        return;
    if (d->key == key && d->cost_ns == cost_ns) {
        d->n_hits++;
    } else if (d->key == 0 || ++d->n_others > 256 * (d->n_hits + 1)) {
        d->key = key;
        d->cost_ns = cost_ns;
        d->n_hits = 1;
        d->n_others = 0;
    }
}

/* The entry in doubt was computed anew: what it saved is put right. */
static void settle(struct memo__gate_try *g, struct memo__counts *counts, uint64_t cost_ns,
                   bool can_store)
{
    struct memo__gate_doubt *d = g->doubt;
    uint64_t too_much_ns = less(d->cost_ns, cost_ns) * d->n_hits;

    if (g->is_correction)
        counts->saved_ns = less(counts->saved_ns, too_much_ns);
    if (!g->is_correction || !can_store)
        d->n_right += d->n_right < 6;
    d->key = 0;
}

void memo__gate_hit_slow(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g,
                         uint64_t key, bool is_disk, uint64_t cost_ns)
{
    struct memo__gate_window *w = g->window;

    t->is_timed = false;
    if (g->is_bypassed && cost_ns >= MEMO__GATE_DEAR_NS)
        try_again(s, LOAD(s->gate.epoch));
    if (g->doubt && !is_disk)
        doubt(&s->gate, g->doubt, key, cost_ns);
    if (!w)
        return;
    if (g->entry_ns)
        add_time(is_disk ? &w->hit_disk : &w->hit_memory, since(g->entry_ns));
    if (is_disk) {
        w->n_disk++;
        w->disk_hits_ns += cost_ns;
    } else if (cost_ns >= MEMO__GATE_DEAR_NS) {
        w->n_dear_hits++;
        w->dear_hits_ns += cost_ns;
    } else {
        w->n_memory++;
        w->cheap_hits_ns += less(cost_ns, LOAD(clock_ns));
    }
}

void memo__gate_computes(struct memo__thread *t, struct memo__gate_try *g, uint64_t start_ns)
{
    t->is_timed = false;
    t->abi.m_last = NULL;
    g->n_calls = t->n_calls;
    if (g->entry_ns) {
        g->begin_ns = less(start_ns, g->entry_ns + LOAD(clock_ns) + t->disk_ns);
        g->disk_ns = t->disk_ns;
    }
}

/* Where nearly all calls are cheap, a dear one may only have been interrupted: its
 * thread has hardly computed since the mark, and didn't sleep of its own will. */
static bool is_disturbed(struct memo__gate_window *w, uint64_t cost_ns)
{
    uint64_t before_ns = w->mark_ns, n_waits = w->n_waits;

    if (w->n_all_computed < 64 || w->n_computed + w->n_memory < 16 * w->n_dear_misses)
        return false;
    mark(w);
    return w->n_waits == n_waits && w->mark_ns - before_ns < cost_ns / 4;
}

bool memo__gate_ends(struct memo__thread *t, struct memo__gate_try *g, uint64_t cost_ns)
{
    g->is_disturbed =
        g->window && cost_ns >= MEMO__GATE_DEAR_NS && is_disturbed(g->window, cost_ns);
    t->is_timed = g->entry_ns != 0;
    t->disk_ns = 0;
    if (t->n_calls != g->n_calls || t->abi.m_last)
        return false;
    g->is_correction = g->is_check && cost_ns < g->doubt->cost_ns / 2;
    return true;
}

/* What computing takes, of late, for all threads. */
static void note(struct memo__gate *gate, uint64_t cost_ns)
{
    unsigned n_cheap = LOAD(gate->n_cheap), n_dear = LOAD(gate->n_dear);

    if (cost_ns < MEMO__GATE_DEAR_NS) {
        STORE(gate->recent_ns[n_cheap % MEMO__GATE_RECENT], (unsigned)cost_ns);
        n_cheap++;
    } else {
        n_dear++;
    }
    if (n_cheap + n_dear > RECENT) {
        n_cheap /= 2;
        n_dear /= 2;
    }
    STORE(gate->n_cheap, n_cheap);
    STORE(gate->n_dear, n_dear);
}

static void add_miss(struct memo__thread *t, struct memo__gate_try *g, uint64_t cost_ns,
                     uint64_t end_ns)
{
    struct memo__gate_window *w = g->window;

    w->n_misses++;
    if (g->is_disturbed)
        return;
    if (cost_ns >= MEMO__GATE_DEAR_NS) {
        w->n_dear_misses++;
        w->dear_misses_ns += cost_ns;
    } else {
        w->n_computed++;
        w->computed_ns += cost_ns;
        w->n_all_computed++;
    }
    if (g->entry_ns) {
        add_time(&w->miss, g->begin_ns + less(since(end_ns), t->disk_ns));
        if (g->disk_ns + t->disk_ns > 0)
            add_time(&w->disk_miss, g->disk_ns + t->disk_ns);
    }
}

void memo__gate_computed(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g,
                         bool is_leaf, uint64_t cost_ns, uint64_t end_ns)
{
    struct memo__gate *gate = &s->gate;
    struct memo__gate_window *w = g->window;
    uint64_t plain_ns = less(cost_ns, LOAD(clock_ns));

    t->is_timed = false;
    if (!gate->is_on || LOAD(gate->has_given_up))
        return;
    if (is_leaf && !g->is_disturbed)
        note(gate, plain_ns);
    if (g->is_check)
        settle(g, &t->counts[s->id], cost_ns, s->abi->m_min_cost_ns == 0);
    if (!is_leaf) {
        give_up(s);
    } else if (g->is_bypassed) {
        if (plain_ns >= MEMO__GATE_DEAR_NS)
            try_again(s, LOAD(gate->epoch));
    } else if (w && w->epoch == LOAD(gate->epoch)) {
        if (!g->is_sample) {
            add_miss(t, g, plain_ns, end_ns);
        } else if (plain_ns < MEMO__GATE_DEAR_NS) { /* else something came in between */
            w->n_memory++;
            w->n_samples++;
            w->sample_ns += plain_ns;
        }
    }
}

/* ---- what the tiers ask ---- */

bool memo__gate_asks_disk(const struct memo__site *s)
{
    return LOAD(s->gate.level) == MEMO__GATE_ALL || !s->gate.rule.has_disk;
}

bool memo__gate_puts_disk(struct memo__site *s, uint64_t cost_ns)
{
    struct memo__gate *gate = &s->gate;
    int64_t purse_ns;
    bool can_pay;

    if (cost_ns >= MEMO__GATE_DEAR_NS || !gate->is_on || LOAD(gate->has_given_up))
        return true;
    if (LOAD(gate->level) != MEMO__GATE_ALL)
        return false;
    purse_ns = LOAD(gate->purse_ns) + (int64_t)less(cost_ns, LOAD(clock_ns)) / PUT_SHARE;
    can_pay = purse_ns >= PUT_NS;
    STORE(gate->purse_ns, can_pay ? purse_ns - PUT_NS : purse_ns);
    return can_pay;
}

/* Whether dear results are among those in the scalar table. */
static bool is_mostly_dear(const struct memo__gate *gate)
{
    unsigned n_dear = LOAD(gate->n_dear);

    return n_dear >= FEW_DEAR && n_dear >= LOAD(gate->n_cheap) / 4;
}

bool memo__gate_puts_fast(const struct memo__site *s, uint64_t cost_ns)
{
    const struct memo__gate *gate = &s->gate;

    if (!gate->is_on || LOAD(gate->has_given_up))
        return true;
    if (cost_ns < MEMO__GATE_DEAR_NS)
        return LOAD(gate->n_cheap) >= FEW_CHEAP;
    return is_mostly_dear(gate);
}

/* The mean of the last times, the highest quarter cut down to the next lower one:
 * the first calls of a program are cold. */
static double recent_ns(const struct memo__gate *gate, unsigned n)
{
    unsigned sorted[MEMO__GATE_RECENT], i, j, last = (n - 1) * 3 / 4;
    uint64_t sum = 0;

    for (i = 0; i < n; i++) {
        unsigned ns = LOAD(gate->recent_ns[i]);

        for (j = i; j > 0 && sorted[j - 1] > ns; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = ns;
    }
    for (i = 0; i < n; i++)
        sum += sorted[i < last ? i : last];
    return mean(sum, n);
}

double memo__gate_fast_ns(const struct memo__site *s)
{
    const struct memo__gate *gate = &s->gate;
    uint64_t n_entries = LOAD(s->fast_entries);
    unsigned n = LOAD(gate->n_cheap);

    if (n > 0 && gate->is_on && !LOAD(gate->has_given_up) && !is_mostly_dear(gate))
        return recent_ns(gate, n < MEMO__GATE_RECENT ? n : MEMO__GATE_RECENT);
    if (n_entries > 0)
        return (double)LOAD(s->fast_cost_ns) / (double)n_entries;
    return (double)MEMO__GATE_DEAR_NS; /* unknown */
}

uint64_t memo__gate_disk_begin(void)
{
    return memo__self && memo__self->is_timed ? memo__monotonic_ns() : 0;
}

void memo__gate_disk_end(uint64_t began_ns)
{
    if (began_ns)
        memo__self->disk_ns += since(began_ns);
}

/* ---- what people ask ---- */

/* Another thread may be counting. */
__attribute__((no_sanitize("thread"))) uint64_t memo__gate_bypassed(const struct memo__thread *t,
                                                                    unsigned id)
{
    const volatile __INT64_TYPE__ *left = &t->abi.m_left[id];
    __INT64_TYPE__ n = *left;

    return t->windows[id].n_granted - (uint64_t)(n > 0 ? n : 0);
}

bool memo__gate_is_left(const struct memo__thread *t, const void *m_last)
{
    uintptr_t at = (uintptr_t)m_last, first = (uintptr_t)t->abi.m_left;

    return at >= first && at < first + MEMO__MAX_SITES * sizeof *t->abi.m_left;
}

const char *memo__gate_text(const struct memo__site *s, char text[MEMO__GATE_TEXT])
{
    const struct memo__gate *gate = &s->gate;
    enum memo__gate_level level = LOAD(gate->level);
    bool has_none = level == MEMO__GATE_NONE;
    uint64_t hit_ns = LOAD(gate->hit_ns), hit_disk_ns = LOAD(gate->hit_disk_ns);
    uint64_t miss_ns = LOAD(gate->miss_ns);
    int n;

    *text = '\0';
    if (!gate->is_on || level == MEMO__GATE_ALL || (!has_none && !s->has_disk))
        return text;
    n = snprintf(text, MEMO__GATE_TEXT, "%s off: computing takes %s", has_none ? "memory" : "disk",
                 memo__duration_text(LOAD(gate->compute_ns)).s);
    if (has_none && hit_ns)
        n += snprintf(text + n, MEMO__GATE_TEXT - (size_t)n, ", a hit %s",
                      memo__duration_text(hit_ns).s);
    if (!has_none && hit_disk_ns)
        n += snprintf(text + n, MEMO__GATE_TEXT - (size_t)n, ", a hit on disk %s",
                      memo__duration_text(hit_disk_ns).s);
    if (miss_ns)
        n += snprintf(text + n, MEMO__GATE_TEXT - (size_t)n, ", a miss %s more",
                      memo__duration_text(miss_ns).s);
    if (has_none && LOAD(gate->compute_ns) > hit_ns)
        snprintf(text + n, MEMO__GATE_TEXT - (size_t)n, ", and hits are too few");
    return text;
}

void memo__gate_fork_child(void)
{
    pthread_mutex_init(&lock, NULL);
}
