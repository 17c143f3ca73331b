/* A clock that is set back, or forward: entries from the future are neither valid
 * for ever nor of a negative age, refresh doesn't take them for its own, and what
 * is evicted is still in order. */
#include "fault/interpose.h"

static int computed;

static long soon_body(long x)
{
    computed++;
    return x + 3;
}
MEMO_SCALAR(soon, 0)

static long plain_body(long x)
{
    computed++;
    return x + 4;
}
MEMO_SCALAR(plain, MEMO_SITE_FAST)

static bool is_sane_age(double most)
{
    struct memo_info info = memo_last();

    return info.age >= 0 && info.age <= most && info.cost >= 0;
}

/* 50 of each; the exit status is how many were computed. */
static int count_computed(void)
{
    bool is_sane = true;

    soon_site.m_expires_ns = 3600ll * 1000000000;
    for (long x = 0; x < 50; x++) {
        if (soon(x) != x + 3 || !is_sane_age(3600))
            is_sane = false;
        if (plain(x) != x + 4 || !is_sane_age(1e9))
            is_sane = false;
    }
    return is_sane ? computed : 201;
}

/* The clock goes back in the middle of the program. */
static int set_back(void)
{
    soon_site.m_expires_ns = 3600ll * 1000000000;
    for (long x = 0; x < 50; x++)
        soon(1000 + x);
    memo_flush();
    fault.clock_offset -= 7200;
    for (int round = 0; round < 2; round++) /* too old is all that was; then the new is there */
        for (long x = 0; x < 50; x++)
            if (soon(1000 + x) != x + 1003 || !is_sane_age(3600))
                return 201;
    return computed;
}

static int child(const char *what)
{
    return strcmp(what, "count") == 0 ? count_computed() : set_back();
}

static int run_at(const char *what, const char *offset, const char *setting)
{
    const char *settings[] = {offset, setting, NULL};

    return run_program(what, "out", "err", settings);
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=0", "MEMOCC_MEMORY=0"), 100);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=0", "MEMOCC_MEMORY=0"), 0);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=1800", "MEMOCC_MEMORY=0"), 0);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=7200", "MEMOCC_MEMORY=0"), 50); /* expired */
    /* These 50 are now from two hours ahead. */
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=0", "A="), 50);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=0", "A="), 0);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=-7200", "A="), 50);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=-7200", "A="), 0);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=-100000000", "A="), 50); /* years */
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=-100000000", "A="), 0);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=0", "MEMOCC=refresh"), 100);
    CHECK_EQ(run_at("count", "CLOCK_OFFSET=-7200", "MEMOCC=refresh"), 100);
    for (int i = 0; i < 20; i++) /* within one tick of the clock, too */
        CHECK_EQ(run_at("count", "CLOCK_OFFSET=0", "MEMOCC=refresh"), 100);
    CHECK_EQ(run_at("back", "CLOCK_OFFSET=0", "A="), 100);
    CHECK_EQ(run_at("back", "CLOCK_OFFSET=0", "MEMOCC_MEMORY=0"), 100);
    CHECK_EQ(run_at("back", "CLOCK_OFFSET=100000", "MEMOCC_MAX_SIZE=100K"), 100);
    CHECK_EQ(n_lines_of_ours("err"), 0);
    return failures != 0;
}
