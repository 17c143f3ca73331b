/* errno: part of the result if the call set it, also to the value that it had;
 * otherwise left as it was, on a miss as on a hit. */
#include <errno.h>

#include "wrap.h"

static int computed;

static long sets_body(long x)
{
    computed++;
    if (x > 0)
        errno = (int)x;
    return -x;
}
MEMO_SCALAR(sets, MEMO_SITE_FAST)

static long reads_body(long x)
{
    computed++;
    return x + errno;
}
MEMO_SCALAR(reads, MEMO_SITE_ERRNO_READ)

static long never_body(long x)
{
    computed++;
    return x + 1;
}
MEMO_SCALAR(never, MEMO_SITE_FAST | MEMO_SITE_ERRNO_NEVER)

static void set_or_not(void)
{
    for (int round = 0; round < 3; round++) {
        errno = 7;
        CHECK_EQ(sets(0), 0);
        CHECK_EQ(errno, 7);
        errno = 0;
        CHECK_EQ(sets(0), 0);
        CHECK_EQ(errno, 0);
        errno = ERANGE;
        CHECK_EQ(sets(EDOM), -EDOM);
        CHECK_EQ(errno, EDOM);
        errno = 5;
        CHECK_EQ(sets(5), -5); /* to the value that it has */
        CHECK_EQ(errno, 5);
        errno = 6;
        CHECK_EQ(sets(5), -5);
        CHECK_EQ(errno, 5);
        errno = 9;
        CHECK_EQ(never(1), 2);
        CHECK_EQ(errno, 9);
    }
    CHECK_EQ(computed, 4);
}

static void read_first(void)
{
    computed = 0;
    for (int round = 0; round < 2; round++) {
        errno = 1;
        CHECK_EQ(reads(10), 11);
        CHECK_EQ(errno, 1);
        errno = 2;
        CHECK_EQ(reads(10), 12);
        CHECK_EQ(errno, 2);
    }
    CHECK_EQ(computed, 2);
}

/* What a call inside sees is the caller's errno, unless that is watched. */
static long outer_body(long x)
{
    return sets(x) * 2;
}
MEMO_SCALAR(outer, 0)

static void nested(void)
{
    for (int round = 0; round < 2; round++) {
        errno = 3;
        CHECK_EQ(outer(0), 0);
        CHECK_EQ(errno, 3);
        CHECK_EQ(outer(8), -16);
        CHECK_EQ(errno, 8);
    }
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) { /* the same from disk */
        errno = 4;
        CHECK_EQ(sets(0), 0);
        CHECK_EQ(errno, 4);
        CHECK_EQ(sets(5), -5);
        CHECK_EQ(errno, 5);
        CHECK_EQ(computed, 0);
        return failures != 0;
    }
    set_or_not();
    read_first();
    nested();
    memo_flush();
    CHECK_EQ(run_self("disk", NULL, NULL), 0);
    return failures != 0;
}
