// runs: cold warm
// stats: cold f.miss=3
/* memo.h from the program; under plain cc it is as if nothing were cached, so
 * this prints only what doesn't depend on it. */
#include <memo.h>
#include <stdio.h>
#include <string.h>

#pragma memo
static int f(int n)
{
    return n * n;
}

#pragma memo
static int g(int n)
{
    return n + 1;
}

static int compute(void *out, size_t *len, void *ctx)
{
    memcpy(out, ctx, 5);
    *len = 5;
    return 0;
}

int main(void)
{
    memo_clear("f");
    bool before = memo_cached(f(3));
    int v = f(3);
    bool after = memo_cached(f(3));
    int r = memo_refresh(f(g(2)));
    int u = memo_uncached(f(3));
    bool forgotten = memo_forget(f(3)), again = memo_cached(f(3));
    (void)after;
    (void)forgotten;
#ifdef __MEMOCC__
    if (before || !after || !forgotten || again)
        printf("wrong: %d %d %d %d\n", before, after, forgotten, again);
#endif
    printf("%d %d %d %d\n", v, r, u, f(3));
    char buf[8];
    size_t len = sizeof buf;
    int e = memo_get_or_compute("key", 3, compute, "hello", buf, &len);
    printf("%d %zu %.5s\n", e, len, buf);
    printf("%d %d\n", before, again);
    printf("%d\n", memo_flush());
    return 0;
}
