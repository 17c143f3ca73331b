// flags: -O1 -ffp-contract=off
// Deferred text names variables that are reached through pointers by then; members, tags and
// labels that are called alike are left alone, also where macros stand in between.
#include <assert.h>
#include <stdio.h>
#include <string.h>

struct best {
    int area;
    long nodes;
    char grid[200];
};
struct sums {
    int n, total;
    struct {
        int total[20];
    } by;
};

#define SQUARE(x) ((x) * (x))
#define ADD(to, what) ((to).total += (what))

#pragma concurrent
static struct best lay(int x)
{
    struct best best = {x * 7 % 5, x, {0}};
    return best;
}

#pragma concurrent
static int f(int i)
{
    return i * 3 % 7;
}

static void clear(int *p)
{
    *p = 0;
}

#pragma synchronized
static struct best all(int n)
{
    struct best best = {100, 0, {0}};
    for (int i = 0; i < n; i++) {
        struct best b = lay(i);
        best.nodes += b.nodes;
        if (b.area < best.area) {
            struct best was = best;
            best = b;
            best.nodes += was.nodes;
            best.grid[i % 200] = 1;
        }
    }
    return best;
}

#pragma synchronized
static int work(struct sums *t, int k)
{
    int total, list[20] = {0};
    struct sums local = {.n = 1, .total = 2}, *at = &local;
    clear(&total);
    for (int i = 0; i < k; i++) {
        int v = f(i);
        total += v;
        t->total += v * total;
        at->total ^= SQUARE(v);
        t->by.total[v] += SQUARE(total + v) % 5 + at->total;
        ADD(local, SQUARE(total % 3));
        ADD(*t, total % 4 + (int)sizeof total);
        list[v] += total > 10 ? t->by.total[v] : local.total;
        assert(total >= 0 && list[v] != -1);
        switch (v) {
        case 3:
            goto total;
        total:
            total++;
            break;
        default:
            local = (struct sums){.total = local.total, .n = total};
        }
    }
    return total + local.total + list[3];
}

int main(void)
{
    struct sums t;
    struct best b = all(60);
    memset(&t, 0, sizeof t);
    printf("%d %ld\n", b.area, b.nodes);
    printf("%d", work(&t, 40));
    printf(" %d %d %d\n", t.n, t.total, t.by.total[5]);
    return 0;
}
