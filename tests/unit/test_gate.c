/* The gate's rule, with made-up times. */
#include "cache/gate_rule.h"

#include "check.h"

/* A window of n calls: a share of them hits in memory. */
static struct memo__gate_figures window(double n, double hit_rate, double compute_ns, double hit_ns)
{
    struct memo__gate_figures f = {.memory_hits = n * hit_rate,
                                   .misses = n * (1 - hit_rate),
                                   .compute_fast_ns = compute_ns,
                                   .compute_ns = compute_ns,
                                   .compute_miss_ns = compute_ns,
                                   .hit_memory_ns = hit_ns,
                                   .hit_disk_ns = 2000,
                                   .miss_ns = 300,
                                   .disk_miss_ns = 600};
    return f;
}

/* How many windows like this it takes until the level is `level`; limit: never. */
static unsigned windows_until(struct memo__gate_rule *r, const struct memo__gate_figures *f,
                              enum memo__gate_level level, unsigned limit)
{
    unsigned n = 0;

    while (r->level != level && n < limit) {
        memo__gate_rule_step(r, f);
        n++;
    }
    return n;
}

/* How often the level changes in n windows; a bypassed function is tried at once. */
static unsigned changes(struct memo__gate_rule *r, const struct memo__gate_figures *f, unsigned n)
{
    unsigned n_changes = 0;

    while (n-- > 0) {
        if (r->level == MEMO__GATE_NONE)
            memo__gate_rule_try(r);
        else
            n_changes += memo__gate_rule_step(r, f);
    }
    return n_changes;
}

static void test_cheap_functions_are_bypassed(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 1, 20, 40);

    memo__gate_rule_init(&r, true, true);
    CHECK_EQ(r.level, MEMO__GATE_ALL);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_NONE, 100), 2);
    memo__gate_rule_init(&r, true, true);
    f = window(1024, 0, 20, 0);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_MEMORY, 100), 2);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_NONE, 100), 2);
    memo__gate_rule_init(&r, true, false);
    CHECK_EQ(r.level, MEMO__GATE_MEMORY);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_NONE, 100), 2);
    memo__gate_rule_init(&r, false, true);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_NONE, 100), 2);
}

static void test_dear_functions_stay(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 0.5, 1000, 50);

    memo__gate_rule_init(&r, true, false);
    CHECK_EQ(changes(&r, &f, 100000), 0);
    /* No hit in this run; the next one has them from the disk. */
    f = window(1024, 0, 0, 0);
    f.dear_misses = f.misses;
    f.dear_misses_ns = f.misses * 10000;
    f.compute_miss_ns = 0;
    memo__gate_rule_init(&r, true, true);
    CHECK_EQ(changes(&r, &f, 100000), 0);
    /* None in sight, without a disk: keeping it costs nothing worth the name. */
    memo__gate_rule_init(&r, true, false);
    CHECK_EQ(changes(&r, &f, 100000), 0);
    /* Bypassed, since it was cheap; then it is dear, and all calls are new. */
    f = window(1024, 0, 20, 0);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_NONE, 100), 2);
    memo__gate_rule_try(&r);
    f = window(256, 0, 0, 0);
    f.dear_misses = f.misses;
    f.dear_misses_ns = f.misses * 10000;
    CHECK(!memo__gate_rule_step(&r, &f));
    CHECK(r.level == MEMO__GATE_MEMORY && !r.is_trial);
}

/* What is saved in total counts: a thousand cheap hits, and one that saves 5 ms. */
static void test_sums_count(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 1, 20, 40);

    f.dear_hits = 1;
    f.dear_hits_ns = 5e6;
    memo__gate_rule_init(&r, true, true);
    CHECK_EQ(changes(&r, &f, 100000), 0);
    f = window(1024, 0, 20, 40);
    f.dear_misses = 1;
    f.dear_misses_ns = 5e6;
    memo__gate_rule_init(&r, true, true);
    CHECK_EQ(changes(&r, &f, 100000), 0);
    /* Hits in the scalar table are nearly free. */
    f = window(1024, 0, 20, 40);
    f.fast_hits = 1e6;
    memo__gate_rule_init(&r, true, false);
    CHECK_EQ(changes(&r, &f, 100000), 0);
}

static void test_disk_alone_is_left_out(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 0.6, 800, 50);

    memo__gate_rule_init(&r, true, true);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_MEMORY, 100), 2);
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_NONE, 50), 50);
    f.dear_misses = f.misses;
    f.dear_misses_ns = f.misses * 50000;
    CHECK_EQ(windows_until(&r, &f, MEMO__GATE_ALL, 100), 1);
    CHECK_EQ(changes(&r, &f, 1000), 0);
}

/* A hit would pay, but there are none: that takes long to be believed. */
static void test_patience_where_hits_would_pay(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 0, 1000, 50);
    unsigned n;

    memo__gate_rule_init(&r, true, false);
    n = windows_until(&r, &f, MEMO__GATE_NONE, 5000);
    CHECK(n > 200 && n < 2000);
    memo__gate_rule_init(&r, true, false);
    for (n = 0; n < 5000; n++) { /* one good window in three is enough */
        struct memo__gate_figures g = window(1024, n % 3 == 2, 1000, 50);

        memo__gate_rule_step(&r, &g);
    }
    CHECK_EQ(r.level, MEMO__GATE_MEMORY);
    for (n = 0; n < 5000 && r.level == MEMO__GATE_MEMORY; n++) { /* one in thirty isn't */
        struct memo__gate_figures g = window(1024, n % 30 == 29, 1000, 50);

        memo__gate_rule_step(&r, &g);
    }
    CHECK_EQ(r.level, MEMO__GATE_NONE);
}

static void test_comes_back(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 1, 20, 40);

    memo__gate_rule_init(&r, true, true);
    windows_until(&r, &f, MEMO__GATE_NONE, 100);
    memo__gate_rule_try(&r);
    CHECK(r.is_trial && r.level == MEMO__GATE_MEMORY);
    f = window(256, 1, 200, 40);
    CHECK(!memo__gate_rule_step(&r, &f));
    CHECK(!r.is_trial && r.level == MEMO__GATE_MEMORY);
}

/* On the border, with noise on both sides, and far from it. */
static void test_never_oscillates(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f;
    unsigned n, n_on = 0;
    uint64_t n_bypass = 0;
    bool was_trial;

    /* A little cheaper than a hit: bypassed, and no trial takes it back. */
    for (double compute = 30; compute < 56; compute += 5) {
        f = window(1024, 1, compute, 40);
        memo__gate_rule_init(&r, true, false);
        memo__gate_rule_step(&r, &f);
        memo__gate_rule_step(&r, &f);
        CHECK_EQ(r.level, compute < 40 ? MEMO__GATE_NONE : MEMO__GATE_MEMORY);
        for (n = 0; r.level == MEMO__GATE_NONE && n < 100; n++) {
            memo__gate_rule_try(&r);
            memo__gate_rule_step(&r, &f);
            CHECK_EQ(r.level, MEMO__GATE_NONE);
        }
    }
    /* Measured as 20 % less and 20 % more in turn: never taken back either. */
    memo__gate_rule_init(&r, true, false);
    for (n = 0; n < 1000; n++) {
        f = window(1024, 1, n % 4 < 2 ? 32 : 48, 40);
        was_trial = r.is_trial;
        if (r.level == MEMO__GATE_NONE) {
            CHECK(r.n_bypass >= n_bypass); /* trials only get rarer */
            n_bypass = r.n_bypass;
            memo__gate_rule_try(&r);
            continue;
        }
        memo__gate_rule_step(&r, &f);
        n_on += was_trial && r.level != MEMO__GATE_NONE;
    }
    CHECK_EQ(n_on, 0);
    CHECK_EQ(n_bypass, 1 << 24);
}

static void test_trials_cost_little(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 0, 20, 0);

    memo__gate_rule_init(&r, true, false);
    for (unsigned n = 0; n < 20; n++) {
        windows_until(&r, &f, MEMO__GATE_NONE, 100);
        memo__gate_rule_try(&r);
        CHECK(r.window >= 256 && r.window <= 65536);
    }
    /* misses of 300 ns against calls of 20 ns */
    CHECK((double)r.window * 300 <= (double)r.n_bypass * 20 / 50);
}

static void test_given_up(void)
{
    struct memo__gate_rule r;
    struct memo__gate_figures f = window(1024, 1, 20, 40);

    memo__gate_rule_init(&r, true, true);
    windows_until(&r, &f, MEMO__GATE_NONE, 100);
    memo__gate_rule_give_up(&r);
    CHECK_EQ(r.level, MEMO__GATE_ALL);
}

int main(void)
{
    test_cheap_functions_are_bypassed();
    test_dear_functions_stay();
    test_sums_count();
    test_disk_alone_is_left_out();
    test_patience_where_hits_would_pay();
    test_comes_back();
    test_never_oscillates();
    test_trials_cost_little();
    test_given_up();
    return check_result();
}
