// stats: cold tiny.miss=100 tiny.hit=39900 next.miss=100 next.hit=39900
/* Functions that aren't worth caching, called often enough for the cost gate to
 * notice: with it, without it, and half way, results are the same. Some known calls
 * are computed again to be measured; what inout names has to be as it was. */
#include <stdio.h>
#include <string.h>

struct state {
    int a, b, steps[4];
};

#pragma memo
__attribute__((noinline)) static int tiny(int x)
{
    return x * 3 + 1;
}

#pragma memo inout(*s)
__attribute__((noinline)) static int next(struct state *s)
{
    s->a += s->b;
    s->b ^= s->a;
    s->steps[s->a & 3]++;
    return s->a;
}

#pragma memo in(v[:n]) out(sums[:n])
__attribute__((noinline)) static void sum(const int *v, int n, int *sums)
{
    int all = 0;
    for (int i = 0; i < n; i++)
        sums[i] = all += v[i];
}

int main(void)
{
    unsigned long total = 0;
    for (int i = 0; i < 40000; i++) {
        struct state s = {i % 100, 7, {1, 2, 3, 4}};
        int v[6] = {i % 10, 2, 3, 4, i % 3, 6}, sums[6];
        memset(sums, -1, sizeof sums);
        total = total * 31 + (unsigned)tiny(i % 100) + (unsigned)next(&s);
        sum(v, i % 5 + 2, sums);
        for (int k = 0; k < 4; k++)
            total = total * 31 + (unsigned)s.steps[k] + (unsigned)sums[k];
    }
    printf("%lu\n", total);
    return 0;
}
