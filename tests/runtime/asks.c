/* memo.h: asking, forgetting, refreshing, going around; the last call; clearing;
 * memo_get_or_compute. */
#include "wrap.h"

static int computed;
static long offset;

static long f_body(long x)
{
    computed++;
    return x + offset;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long g_body(long x)
{
    computed++;
    return x + offset;
}
MEMO_SCALAR(g, 0)

static long plain(long x)
{
    return x;
}

static void asks(void)
{
    CHECK(!memo_cached(f(1)));
    CHECK_EQ(computed, 0);
    f(1);
    CHECK(memo_cached(f(1)));
    CHECK(!memo_cached(f(2)));
    CHECK_EQ(computed, 1);
    offset = 10;
    CHECK_EQ(f(1), 1);
    CHECK_EQ(memo_uncached(f(1)), 11);
    CHECK_EQ(f(1), 1);
    CHECK_EQ(memo_refresh(f(1)), 11);
    CHECK_EQ(f(1), 11);
    CHECK(memo_forget(f(1)));
    CHECK(!memo_forget(f(1)));
    CHECK(!memo_cached(f(1)));
    computed = 0;
    CHECK_EQ(f(1), 11);
    CHECK_EQ(computed, 1);
    CHECK_EQ(g(1), 11);
    CHECK(memo_forget(g(1)));
    memo_flush();
    CHECK(!memo_cached(g(1)));
    CHECK(!memo_cached(plain(1)));
    CHECK_EQ(f(1), 11); /* the ask of plain() isn't left over */
}

static void last(void)
{
    CHECK(strcmp(memo_last().tier, "memory") == 0);
    g(500);
    CHECK(strcmp(memo_last().tier, "computed") == 0);
    usleep(2000);
    g(500);
    CHECK(strcmp(memo_last().tier, "memory") == 0);
    CHECK(memo_last().age >= 0.002 && memo_last().age < 60);
    CHECK(memo_last().cost > 0 && memo_last().cost < 60);
    f(500);
    f(500);
    CHECK(strcmp(memo_last().tier, "memory") == 0);
    CHECK(memo_last().cost > 0 && memo_last().cost < 60);
}

static void clear(void)
{
    memo_clear(NULL);
    for (long x = 0; x < 100; x++)
        f(x), g(x);
    memo_flush();
    for (long x = 100; x < 150; x++)
        f(x), g(x);
    CHECK_EQ(memo_clear("f"), 150);
    CHECK_EQ(memo_clear("f"), 0);
    CHECK(!memo_cached(f(3)));
    CHECK(memo_cached(g(3)));
    f(1);
    CHECK_EQ(memo_clear(NULL), 151);
    CHECK_EQ(memo_clear(NULL), 0);
    CHECK(!memo_cached(g(3)));
}

static int text(void *out, size_t *out_len, void *ctx)
{
    computed++;
    if (*out_len < 6)
        return -5;
    memcpy(out, ctx, 6);
    *out_len = 6;
    return 0;
}

static void get_or_compute(void)
{
    char out[16];
    size_t len = sizeof out;

    computed = 0;
    CHECK_EQ(memo_get_or_compute("key", 3, text, "hello", out, &len), 0);
    CHECK_EQ(len, 6);
    memset(out, 0, sizeof out);
    len = sizeof out;
    CHECK_EQ(memo_get_or_compute("key", 3, text, "other", out, &len), 0);
    CHECK_EQ(len, 6);
    CHECK(strcmp(out, "hello") == 0);
    CHECK_EQ(computed, 1);
    len = 3;
    CHECK_EQ(memo_get_or_compute("key", 3, text, "other", out, &len), -5);
    CHECK_EQ(memo_get_or_compute("kez", 3, text, "other", out, &len), -5);
    CHECK_EQ(memo_get_or_compute("kez", 3, text, "other", out, &len), -5);
    CHECK_EQ(computed, 4);
    len = 6;
    CHECK_EQ(memo_get_or_compute("kez", 3, text, "other", out, &len), 0);
    CHECK(strcmp(out, "other") == 0);
}

static int second(void)
{
    char out[16];
    size_t len = sizeof out;

    CHECK_EQ(memo_get_or_compute("key", 3, text, "never", out, &len), 0);
    CHECK(strcmp(out, "hello") == 0);
    CHECK(strcmp(memo_last().tier, "disk") == 0);
    CHECK_EQ(computed, 0);
    return failures != 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return second();
    asks();
    last();
    clear();
    get_or_compute();
    CHECK_EQ(memo_flush(), 0);
    CHECK_EQ(run_self("second", NULL, NULL), 0);
    return failures != 0;
}
