/* MEMOCC=off, refresh, readonly; expires, valid, min_cost; tiers of a site. */
#include "wrap.h"

static int computed;

static long f_body(long x)
{
    computed++;
    return x + 1;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long g_body(long x)
{
    computed++;
    return x + 2;
}
MEMO_SCALAR(g, 0)

static long soon_body(long x)
{
    computed++;
    return x + 3;
}
MEMO_SCALAR(soon, 0)

static long costly_body(long x)
{
    computed++;
    if (x == 2)
        usleep(30000);
    return x;
}
MEMO_SCALAR(costly, 0)

static long disk_body(long x)
{
    computed++;
    return x;
}
MEMO_SCALAR(disk, 0)

static long memory_body(long x)
{
    computed++;
    return x;
}
MEMO_SCALAR(memory, MEMO_SITE_FAST)

/* long judged(long x): valid(is_good && memo_age < 100 && memo_cost >= 0) */
static bool is_good = true;
static double seen_age = -1, seen_cost = -1;
static const struct memo_part judged_parts[] = {
    {"x", "a:i8", NULL, 8, MEMO_KEY, 0, 0},
    {"result", "i8", NULL, 8, MEMO_RESULT, 0, 0},
};
SITE(judged_site, judged_parts, "judged", MEMO_SITE_VALID);

static long judged(long x)
{
    static long version;
    long r;
    struct memo_span spans[2] = {{&x, 1}, {&r, 1}};
    struct memo_call *call = NULL;
    int what = memo_abi_begin(&judged_site, spans, &call);

    if (what == MEMO_CANDIDATE) {
        memo_abi_age(call, &seen_age, &seen_cost);
        what = memo_abi_accept(&call, spans, is_good);
    }
    if (what == MEMO_HIT)
        return r;
    computed++;
    r = x + ++version;
    if (call)
        memo_abi_end(call, spans);
    return r;
}

static void calls(int first, int again)
{
    computed = 0;
    CHECK_EQ(f(1), 2);
    CHECK_EQ(g(1), 3);
    CHECK_EQ(computed, first);
    CHECK_EQ(f(1), 2);
    CHECK_EQ(g(1), 3);
    CHECK_EQ(computed, first + again);
}

static void clauses(void)
{
    soon_site.m_expires_ns = 50000000;
    computed = 0;
    CHECK_EQ(soon(1), 4);
    CHECK_EQ(soon(1), 4);
    CHECK_EQ(computed, 1);
    usleep(80000);
    CHECK(!memo_cached(soon(1)));
    CHECK_EQ(soon(1), 4);
    CHECK_EQ(computed, 2);
    CHECK(memo_cached(soon(1)));

    costly_site.m_min_cost_ns = 20000000;
    computed = 0;
    for (int round = 0; round < 2; round++) {
        CHECK_EQ(costly(1), 1);
        CHECK_EQ(costly(2), 2);
    }
    CHECK_EQ(computed, 3);

    computed = 0;
    CHECK_EQ(judged(10), 11);
    CHECK_EQ(judged(10), 11);
    CHECK_EQ(computed, 1);
    CHECK(seen_age >= 0 && seen_age < 100 && seen_cost >= 0 && seen_cost < 100);
    is_good = false;
    CHECK_EQ(judged(10), 12);
    is_good = true;
    CHECK_EQ(judged(10), 12);
    CHECK_EQ(computed, 2);

    disk_site.m_tiers = MEMO_TIER_DISK;
    computed = 0;
    for (long x = 0; x < 10; x++) {
        CHECK_EQ(disk(x), x);
        CHECK_EQ(disk(x), x);
        CHECK(strcmp(memo_last().tier, "disk") == 0);
    }
    CHECK_EQ(computed, 10);
    memory_site.m_tiers = MEMO_TIER_MEMORY;
    CHECK_EQ(memory(1), 1);
    CHECK_EQ(memory(1), 1);
}

static int child(const char *mode)
{
    if (strcmp(mode, "cold") == 0)
        calls(2, 0);
    else if (strcmp(mode, "warm") == 0)
        calls(0, 0);
    else if (strcmp(mode, "off") == 0)
        calls(2, 2);
    else if (strcmp(mode, "none") == 0) {
        memory_site.m_tiers = MEMO_TIER_MEMORY;
        memory(1);
        CHECK_EQ(computed, 1);
    } else {
        clauses();
    }
    return failures != 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child(argv[1]);
    CHECK_EQ(run_self("off", NULL, "MEMOCC=off", NULL), 0);
    CHECK(access("store", F_OK) != 0);
    CHECK_EQ(run_self("cold", NULL, "MEMOCC=readonly", NULL), 0);
    CHECK(access("store", F_OK) != 0);
    CHECK_EQ(run_self("cold", NULL, NULL), 0);
    CHECK_EQ(run_self("warm", NULL, "MEMOCC=readonly", NULL), 0);
    CHECK_EQ(run_self("warm", NULL, "MEMOCC=on,readonly", NULL), 0);
    CHECK_EQ(run_self("cold", NULL, "MEMOCC=refresh", NULL), 0);
    CHECK_EQ(run_self("cold", NULL, "MEMOCC=refresh,readonly", NULL), 0);
    CHECK_EQ(run_self("warm", NULL, "MEMOCC_VERBOSE=3", NULL), 0);
    CHECK_EQ(run_self("warm", NULL, "MEMOCC_MEMORY=0", NULL), 0);
    CHECK_EQ(run_self("clauses", NULL, NULL), 0);
    CHECK_EQ(run_self("none", NULL, NULL), 0);
    CHECK_EQ(run_self("none", NULL, NULL), 0); /* nothing of it is on disk */
    return failures != 0;
}
