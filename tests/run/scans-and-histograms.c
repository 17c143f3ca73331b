// flags: -O1 -ffp-contract=off -lm
// warnings: yes
// Prefix sums in two passes over blocks, histograms, grouping, running hashes.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define N 6000
#define BLOCK 256

#pragma concurrent in(x[:n])
static long total(const int *x, int n)
{
    long s = 0;
    for (int i = 0; i < n; i++)
        s += x[i];
    return s;
}

#pragma concurrent in(x[:n])out(y[:n])
static void add_up(long *y, const int *x, int n, long before)
{
    for (int i = 0; i < n; i++)
        y[i] = before += x[i];
}

#pragma synchronized
static void scan(long *y, const int *x, int n)
{
    long sums[(N + BLOCK - 1) / BLOCK], before = 0;
    int k = 0;
    for (int i = 0; i < n; i += BLOCK)
        sums[k++] = total(x + i, n - i < BLOCK ? n - i : BLOCK);
    k = 0;
    for (int i = 0; i < n; i += BLOCK) {
        add_up(y + i, x + i, n - i < BLOCK ? n - i : BLOCK, before);
        before += sums[k++];
    }
}

/* The same in one pass, where each call needs the one before. */
#pragma synchronized
static void scan_at_once(long *y, const int *x, int n)
{
    long before = 0;
    for (int i = 0; i < n; i += BLOCK) {
        int m = n - i < BLOCK ? n - i : BLOCK;
        add_up(y + i, x + i, m, before);
        before += total(x + i, m);
    }
}

#pragma concurrent
static unsigned bucket(int v)
{
    unsigned h = (unsigned)v * 2654435761u;
    for (int i = 0; i < 20; i++)
        h = (h ^ h >> 15) * 2246822519u;
    return h % 10;
}

static int counts[10], lists[10][N / 5], sizes[10];
static uint64_t hash = 1469598103934665603u;

#pragma synchronized
static void group(const int *x, int n)
{
    for (int i = 0; i < n; i++) {
        unsigned b = bucket(x[i]);
        counts[b]++;
        lists[b][sizes[b]++] = i;
        hash = (hash ^ b) * 1099511628211u;
    }
}

#pragma synchronized
static void count(const int *x, int n, int *h)
{
    for (int i = 0; i < n; i++)
        h[bucket(x[i])] += 1;
}

#pragma concurrent in(x[:n])out(h[:10])
static void count_block(const int *x, int n, int *h)
{
    memset(h, 0, 10 * sizeof *h);
    for (int i = 0; i < n; i++)
        h[bucket(x[i])]++;
}

#pragma synchronized
static void count_by_blocks(const int *x, int n, int *h)
{
    int parts[N / BLOCK + 1][10], k = 0;
    for (int i = 0; i < n; i += BLOCK, k++)
        count_block(x + i, n - i < BLOCK ? n - i : BLOCK, parts[k]);
    for (int i = 0; i < k; i++)
        for (int j = 0; j < 10; j++)
            h[j] += parts[i][j];
}

int main(void)
{
    static int x[N], h[10], g[10];
    static long y[N], z[N];
    for (int i = 0; i < N; i++)
        x[i] = (i * 7919) % 1000 - 300;
    scan(y, x, N);
    scan_at_once(z, x, N);
    printf("%ld %ld %d\n", y[N - 1], y[N / 3], memcmp(y, z, sizeof y));
    group(x, 3000);
    count(x, 3000, h);
    count_by_blocks(x, 3000, g);
    for (int i = 0; i < 10; i++)
        printf("%d %d %d, last %d\n", counts[i], h[i], g[i], lists[i][sizes[i] - 1]);
    printf("%llx\n", (unsigned long long)hash);
    return 0;
}
