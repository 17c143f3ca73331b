/* A scalar function: computed once per argument in this process, and not again
 * in the next ones; counters are exact. */
#include "wrap.h"

static int computed;

static long square_body(long x)
{
    computed++;
    return x * x;
}
MEMO_SCALAR(square, MEMO_SITE_FAST | MEMO_SITE_ERRNO_NEVER)

static long cube_body(long x)
{
    computed++;
    return x * x * x;
}
MEMO_SCALAR(cube, 0)

static int calls(int expected)
{
    for (int round = 0; round < 3; round++) {
        for (long x = -5; x < 5; x++) {
            CHECK_EQ(square(x), x * x);
            CHECK_EQ(cube(x), x * x * x);
        }
    }
    CHECK_EQ(computed, expected);
    return failures != 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return calls(strcmp(argv[1], "cold") == 0 ? 20 : 0);
    CHECK_EQ(run_self("cold", NULL, "MEMOCC_STATS=cold.json", NULL), 0);
    CHECK_EQ(counter_in("cold.json", "square", "calls"), 30);
    CHECK_EQ(counter_in("cold.json", "square", "misses"), 10);
    CHECK_EQ(counter_in("cold.json", "square", "stored"), 10);
    CHECK_EQ(counter_in("cold.json", "square", "memory"), 20);
    CHECK_EQ(counter_in("cold.json", "cube", "misses"), 10);
    CHECK_EQ(counter_in("cold.json", "cube", "memory"), 20);
    CHECK_EQ(run_self("warm", NULL, "MEMOCC_STATS=warm.json", NULL), 0);
    CHECK_EQ(counter_in("warm.json", "square", "misses"), 0);
    CHECK_EQ(counter_in("warm.json", "square", "disk"), 10);
    CHECK_EQ(counter_in("warm.json", "cube", "disk"), 10);
    CHECK_EQ(counter_in("warm.json", "cube", "memory"), 20);
    CHECK_EQ(run_self("cold", NULL, "MEMOCC_STATS=refresh.json", "MEMOCC=refresh", NULL), 0);
    CHECK_EQ(counter_in("refresh.json", "cube", "misses"), 10);
    return failures != 0;
}
