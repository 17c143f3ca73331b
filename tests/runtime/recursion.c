/* Recursive functions: each argument is computed once; depth costs little stack. */
#include "wrap.h"

static int computed;
static long fib(long n);

static long fib_body(long n)
{
    computed++;
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
MEMO_SCALAR(fib, MEMO_SITE_FAST | MEMO_SITE_ERRNO_NEVER)

static long depth(long n);
static char *lowest;

static long depth_body(long n)
{
    if (n == 0)
        lowest = __builtin_frame_address(0);
    return n == 0 ? 0 : depth(n - 1) + 1;
}
MEMO_SCALAR(depth, 0)

/* A function that needs its own result computes it: it can't wait for itself. */
static int rounds;
static long self(long n);

static long self_body(long n)
{
    return ++rounds < 3 ? self(n) : n;
}
MEMO_SCALAR(self, 0)

int main(void)
{
    char *here = __builtin_frame_address(0);

    CHECK_EQ(fib(80), 23416728348467685);
    CHECK_EQ(computed, 81);
    CHECK_EQ(depth(4000), 4000);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    CHECK((here - lowest) / 4000 < 400);
#else
    (void)here;
#endif
    CHECK_EQ(self(5), 5);
    CHECK_EQ(rounds, 3);
    return failures != 0;
}
