/* gate_rule.c - see gate_rule.h. */
#include "cache/gate_rule.h"

#include <string.h>

#define WINDOW 1024u
#define SMALLEST_TRIAL 256u
#define LARGEST_TRIAL 65536u
#define FIRST_BYPASS ((uint64_t)1 << 16)
#define LARGEST_BYPASS ((uint64_t)1 << 24)
#define FIRST_DISK_WAIT 64u
#define LARGEST_DISK_WAIT 16384u
#define FEWEST_CHEAP 24u
#define FIRST_CHEAP_WAIT 32u
#define LARGEST_CHEAP_WAIT 4096u

/* On again only below this ratio of cost to saving; off above 1. */
#define COMEBACK 0.7
/* A loss below NOTABLE of what computing takes is none, and a cost below NEGLIGIBLE
 * is always worth it: a dear function whose calls are all new may gain much later. */
#define NOTABLE 0.1
#define NEGLIGIBLE 0.05
/* A hit in the scalar table: no call, no lock. */
#define FAST_HIT_NS 3.0
/* Windows that must lose in a row, and how many more where hits would pay. */
#define FEWEST_LOSING 2.0
#define MORE_LOSING 12.0
#define MOST_LOSING 1024.0
/* Of the time of plain calls that trials may cost. */
#define TRIAL_SHARE (1.0 / 64)

void memo__gate_rule_init(struct memo__gate_rule *r, bool has_memory, bool has_disk)
{
    memset(r, 0, sizeof *r);
    r->has_memory = has_memory;
    r->has_disk = has_disk;
    r->level = has_disk ? MEMO__GATE_ALL : MEMO__GATE_MEMORY;
    r->window = WINDOW;
}

static void add_mean(double *mean, double n, double more, double n_more)
{
    if (more > 0 && n_more > 0)
        *mean = *mean > 0 ? (*mean * n + more * n_more) / (n + n_more) : more;
}

void memo__gate_figures_add(struct memo__gate_figures *a, const struct memo__gate_figures *f)
{
    add_mean(&a->compute_fast_ns, a->fast_hits, f->compute_fast_ns, f->fast_hits);
    add_mean(&a->compute_ns, a->memory_hits, f->compute_ns, f->memory_hits);
    add_mean(&a->compute_miss_ns, a->misses - a->dear_misses, f->compute_miss_ns,
             f->misses - f->dear_misses);
    add_mean(&a->hit_memory_ns, a->memory_hits + a->dear_hits, f->hit_memory_ns,
             f->memory_hits + f->dear_hits);
    add_mean(&a->hit_disk_ns, a->disk_hits, f->hit_disk_ns, f->disk_hits);
    add_mean(&a->miss_ns, a->misses, f->miss_ns, f->misses);
    add_mean(&a->disk_miss_ns, a->misses, f->disk_miss_ns, f->misses);
    a->fast_hits += f->fast_hits;
    a->memory_hits += f->memory_hits;
    a->dear_hits += f->dear_hits;
    a->disk_hits += f->disk_hits;
    a->misses += f->misses;
    a->dear_misses += f->dear_misses;
    a->dear_hits_ns += f->dear_hits_ns;
    a->dear_misses_ns += f->dear_misses_ns;
    a->disk_hits_ns += f->disk_hits_ns;
}

static void remember(double *known, double value)
{
    if (value > 0)
        *known = value;
}

static void learn(struct memo__gate_figures *known, const struct memo__gate_figures *f)
{
    remember(&known->compute_fast_ns, f->compute_fast_ns);
    remember(&known->compute_ns, f->compute_ns);
    remember(&known->compute_miss_ns, f->compute_miss_ns);
    remember(&known->hit_memory_ns, f->hit_memory_ns);
    remember(&known->hit_disk_ns, f->hit_disk_ns);
    remember(&known->miss_ns, f->miss_ns);
    remember(&known->disk_miss_ns, f->disk_miss_ns);
}

static double above(double value, double floor)
{
    return value > floor ? value - floor : 0;
}

static double ratio(double cost, double saving)
{
    if (cost <= 0)
        return 0;
    return saving > 0 ? cost / saving : 1e9;
}

/* What misses left on disk that a later run gains by, if it asks once. */
static double later(const struct memo__gate_rule *r, const struct memo__gate_figures *f)
{
    double hit_ns = r->known.hit_disk_ns > 0 ? r->known.hit_disk_ns : (double)MEMO__GATE_DEAR_NS;

    if (!r->has_disk)
        return 0;
    return above(f->dear_misses_ns, f->dear_misses * hit_ns) +
           (f->misses - f->dear_misses) * above(f->compute_miss_ns, hit_ns);
}

/* What the window's calls would have taken without any cache. */
static double plain(const struct memo__gate_rule *r, const struct memo__gate_figures *f)
{
    const struct memo__gate_figures *k = &r->known;

    return f->fast_hits * k->compute_fast_ns + f->memory_hits * k->compute_ns + f->dear_hits_ns +
           f->disk_hits_ns + f->dear_misses_ns + (f->misses - f->dear_misses) * f->compute_miss_ns;
}

static void judge_disk(struct memo__gate_rule *r, const struct memo__gate_figures *f)
{
    const struct memo__gate_figures *k = &r->known;
    double cost = f->disk_hits * k->hit_disk_ns + f->misses * k->disk_miss_ns;
    double saving = f->disk_hits_ns + later(r, f);

    r->disk_ratio = r->has_disk ? ratio(cost, saving) : 0;
    r->disk_loss = r->has_disk ? ratio(cost - saving, plain(r, f)) : 0;
    r->disk_share = r->has_disk ? ratio(cost, plain(r, f)) : 0;
}

static void judge_memory(struct memo__gate_rule *r, const struct memo__gate_figures *f)
{
    const struct memo__gate_figures *k = &r->known;
    double cost =
        f->fast_hits * FAST_HIT_NS + f->memory_hits * k->hit_memory_ns + f->misses * k->miss_ns;
    double saving =
        f->fast_hits * k->compute_fast_ns + f->memory_hits * k->compute_ns + f->dear_hits_ns;

    /* Dear results go to disk at the level MEMORY too. */
    if (f->dear_misses > 0)
        saving += later(r, f);
    r->memory_ratio = ratio(cost, saving);
    r->memory_share = ratio(cost, plain(r, f));
    r->sum_cost += cost;
    r->sum_saving += saving;
    r->sum_plain += plain(r, f);
    r->sum_calls += f->fast_hits + f->memory_hits + f->dear_hits + f->disk_hits + f->misses;
}

/* Windows that must lose together before calls that take `compute` are left out. */
static double enough(const struct memo__gate_rule *r, double compute)
{
    double hit = r->known.hit_memory_ns, n;

    if (compute < r->known.compute_ns)
        compute = r->known.compute_ns;
    if (compute < r->known.compute_miss_ns)
        compute = r->known.compute_miss_ns;
    if (hit <= 0)
        hit = FAST_HIT_NS * 16; /* none was seen */
    n = FEWEST_LOSING + MORE_LOSING * above(compute / hit, 1);
    return n < MOST_LOSING ? n : MOST_LOSING;
}

static uint64_t grown(uint64_t first, unsigned n, uint64_t largest)
{
    return n > 16 || first << 2 * n > largest ? largest : first << 2 * n;
}

/* As many calls as may be lost in a trial, by what the plain ones before it take. */
static unsigned trial_window(const struct memo__gate_rule *r)
{
    double n = SMALLEST_TRIAL;

    if (r->known.miss_ns > 0)
        n = (double)r->n_bypass * r->known.compute_miss_ns * TRIAL_SHARE / r->known.miss_ns;
    if (n > LARGEST_TRIAL)
        return LARGEST_TRIAL;
    return n > SMALLEST_TRIAL ? (unsigned)n : SMALLEST_TRIAL;
}

static void count_anew(struct memo__gate_rule *r)
{
    r->n_losing = 0;
    r->sum_cost = r->sum_saving = r->sum_plain = r->sum_calls = 0;
}

static void set_level(struct memo__gate_rule *r, enum memo__gate_level level, bool is_trial)
{
    r->level = level;
    r->is_trial = is_trial;
    r->window = WINDOW;
    r->n_disk_losing = 0;
    count_anew(r);
}

static void bypass(struct memo__gate_rule *r)
{
    set_level(r, MEMO__GATE_NONE, false);
    r->n_bypass = grown(FIRST_BYPASS, r->n_off, LARGEST_BYPASS);
    r->n_off += r->n_off < 31;
}

static void leave_disk_out(struct memo__gate_rule *r)
{
    if (!r->has_memory) {
        bypass(r);
        return;
    }
    set_level(r, MEMO__GATE_MEMORY, false);
    r->n_until_disk = (unsigned)grown(FIRST_DISK_WAIT, r->n_disk_off, LARGEST_DISK_WAIT);
    r->n_disk_off += r->n_disk_off < 31;
}

static bool loses(double ratio, double loss)
{
    return ratio > 1 && loss > NOTABLE;
}

static bool comes_back(double ratio, double share)
{
    return ratio < COMEBACK || share < NEGLIGIBLE;
}

/* Not in a trial: whether the function is bypassed now. All windows since the last
 * time that the sums were even count together: a single one may be odd. */
static bool counts_out(struct memo__gate_rule *r)
{
    if (!loses(ratio(r->sum_cost, r->sum_saving),
               ratio(r->sum_cost - r->sum_saving, r->sum_plain))) {
        count_anew(r);
        return false;
    }
    r->n_losing++;
    if (r->n_losing < enough(r, r->sum_calls > 0 ? r->sum_plain / r->sum_calls : 0))
        return false;
    bypass(r);
    return true;
}

/* All tiers are in use. */
static bool step_all(struct memo__gate_rule *r)
{
    if (r->is_trial) {
        if (comes_back(r->disk_ratio, r->disk_share)) {
            set_level(r, MEMO__GATE_ALL, false);
            return false;
        }
        leave_disk_out(r);
        return true;
    }
    if (r->disk_ratio <= 0 && r->has_memory) /* everything was in memory */
        return counts_out(r);
    r->n_disk_losing = loses(r->disk_ratio, r->disk_loss) ? r->n_disk_losing + 1 : 0;
    if (r->n_disk_losing < FEWEST_LOSING)
        return false;
    leave_disk_out(r);
    return true;
}

static bool step_memory(struct memo__gate_rule *r)
{
    if (r->is_trial) {
        if (comes_back(r->memory_ratio, r->memory_share)) {
            set_level(r, MEMO__GATE_MEMORY, false);
            return false;
        }
        bypass(r);
        return true;
    }
    if (counts_out(r))
        return true;
    if (!r->has_disk || r->n_losing > 0)
        return false;
    if (r->disk_ratio > 0 && r->disk_ratio < COMEBACK) { /* its misses have become dear */
        set_level(r, MEMO__GATE_ALL, false);
        return true;
    }
    r->n_until_disk -= r->n_until_disk > 0;
    if (r->n_until_disk > 0)
        return false;
    set_level(r, MEMO__GATE_ALL, true);
    return true;
}

/* Dear calls are what the function stays for, if for anything: whether its cheap
 * results are worth being stored beside theirs. */
static void judge_cheap(struct memo__gate_rule *r, const struct memo__gate_figures *f)
{
    const struct memo__gate_figures *k = &r->known;
    double cost = (f->misses - f->dear_misses) * k->miss_ns;
    double saving = f->fast_hits * k->compute_fast_ns + f->memory_hits * k->compute_ns, patience;

    if (r->is_choosy) {
        r->is_choosy = --r->n_until_cheap > 0;
        return;
    }
    if (f->dear_hits + f->dear_misses == 0 ||
        !loses(ratio(cost, saving), ratio(cost - saving, plain(r, f)))) {
        r->n_cheap_losing = 0;
        return;
    }
    patience = enough(r, 0);
    if (++r->n_cheap_losing < (patience > FEWEST_CHEAP ? patience : FEWEST_CHEAP))
        return;
    r->n_cheap_losing = 0;
    r->is_choosy = true;
    r->n_until_cheap = (unsigned)grown(FIRST_CHEAP_WAIT, r->n_choosy, LARGEST_CHEAP_WAIT);
    r->n_choosy += r->n_choosy < 31;
}

bool memo__gate_rule_step(struct memo__gate_rule *r, const struct memo__gate_figures *f)
{
    learn(&r->known, f);
    judge_disk(r, f);
    judge_memory(r, f);
    judge_cheap(r, f);
    switch (r->level) {
    case MEMO__GATE_ALL:
        return step_all(r);
    case MEMO__GATE_MEMORY:
        return step_memory(r);
    default: /* a window that began before */
        return false;
    }
}

void memo__gate_rule_try(struct memo__gate_rule *r)
{
    unsigned window = trial_window(r);

    set_level(r, r->has_memory ? MEMO__GATE_MEMORY : MEMO__GATE_ALL, true);
    r->window = window;
}

void memo__gate_rule_give_up(struct memo__gate_rule *r)
{
    set_level(r, r->has_disk ? MEMO__GATE_ALL : MEMO__GATE_MEMORY, false);
    r->is_choosy = false;
}
