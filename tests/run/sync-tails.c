// stats: late tasks>=250
/* What follows in the iteration from a pending value is carried out later, in
 * order, with conditions and loops of its own. */
#include <stdio.h>

#define N 48

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i * 40503u + 1;
    for (int k = 0; k < 400; k++)
        h = (h << 5 | h >> 27) ^ (h * 9u);
    return (int)(h % 201u) - 100;
}
#pragma concurrent
static double g(int i)
{
    return f(i) / 8.0 + f(i + 1);
}

#pragma synchronized
static void as_in_the_manual(int n, const double *w)
{
    double best = -1e9, sum = 0, kept[N];
    int at = -1, k = 0, out[N], m = 0;
    for (int i = 0; i < n; i++) {
        double v = g(i);
        if (v > best) {
            best = v;
            at = i;
        }
        sum += v * w[i];
        if (v > 0)
            kept[k++] = v;
    }
    for (int i = 0; i < n; i++)
        if (f(i) % 2)
            out[m++] = i;
    printf("%a %d %a %d %d\n", best, at, sum, k, m);
    for (int i = 0; i < k; i++)
        printf("%a ", kept[i]);
    for (int i = 0; i < m; i++)
        printf("%d ", out[i]);
    printf("\n");
}

#pragma synchronized
static void histogram(int n, int *bins)
{
    int least = 1000, most = -1000, n_negative = 0, first = -1;
    for (int i = 0; i < n; i++) {
        int v = f(i);
        bins[(v + 100) / 20]++;
        least = v < least ? v : least;
        most = v > most ? v : most;
        if (v < 0)
            n_negative++;
        else if (first < 0)
            first = i;
        else
            bins[11] += v;
    }
    printf("%d %d %d %d\n", least, most, n_negative, first);
}

#pragma synchronized
static void cases(int n)
{
    int counts[4] = {0}, last = -1;
    for (int i = 0; i < n; i++) {
        switch (f(i) & 3) {
        case 0:
            counts[0] += i;
            break;
        case 1:
            counts[1]++;
            /* fall through */
        case 2:
            counts[2] ^= i;
            if (i % 5 == 0)
                break;
            last = i;
            break;
        default:
            counts[3] = counts[3] * 2 % 1009 + 1;
        }
    }
    printf("%d %d %d %d %d\n", counts[0], counts[1], counts[2], counts[3], last);
}

#pragma synchronized
static void loops(int n, double (*m)[4])
{
    for (int i = 0; i < n; i++) {
        double v = g(i);
        for (int j = 0; j < 4; j++)
            m[i][j] = v * j;
        int j = 0;
        while (v > 1.5) {
            v /= 2;
            j++;
            if (j == 5)
                break;
        }
        do {
            if (j % 2)
                continue;
            m[i][j & 3] += v;
        } while (--j > 0);
    }
}

/* The value decides only what is left of the iteration. */
#pragma synchronized
static void skipped(int n)
{
    int sum = 0, n_done = 0;
    for (int i = 0; i < n; i++) {
        int v = f(i);
        if (v < 0)
            continue;
        sum = sum * 7 % 10007 + v;
        int w = f(v);
        if (w < v)
            sum += w;
        n_done++;
    }
    printf("%d %d\n", sum, n_done);
}

/* A scalar that the tail reads and the loop changes at once. */
#pragma synchronized
static void copies(int n, double *y)
{
    int stride = 1, where = 0;
    double scale = 1;
    for (int i = 0; i < n; i++) {
        double v = g(i);
        y[where] = v * scale + stride;
        where = (where + stride) % N;
        stride = stride % 7 + 2;
        scale = -scale / 2;
        if (v > scale)
            y[where] -= scale;
    }
}

int main(void)
{
    double w[N], m[N][4], y[N] = {0};
    int bins[12] = {0};
    for (int i = 0; i < N; i++)
        w[i] = 1.0 / (i + 3);
    as_in_the_manual(N, w);
    histogram(N, bins);
    for (int i = 0; i < 12; i++)
        printf("%d ", bins[i]);
    cases(N);
    loops(N, m);
    skipped(N);
    copies(N, y);
    for (int i = 0; i < N; i++)
        printf("%a %a %a %a\n", m[i][0], m[i][1], m[i][3], y[i]);
    return 0;
}
