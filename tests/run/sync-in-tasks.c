// stats: late tasks>=300
/* Concurrent functions that are synchronized themselves: three levels, uneven. */
#include <stdio.h>

#pragma concurrent
static int leaf(int i)
{
    unsigned h = (unsigned)i + 17;
    for (int k = 0; k < 200 + (i % 16 == 3 ? 20000 : 0); k++)
        h = h * 1597334677u + 3u;
    return (int)(h >> 24);
}
#pragma concurrent
#pragma synchronized
static double line(int i, int n)
{
    double sum = 0, best = 0;
    for (int k = 0; k < n; k++) {
        int v = leaf(i + k);
        sum = sum * 0.75 + v;
        if (v > best)
            best = v;
    }
    return sum + best;
}
#pragma concurrent out(to[:n])
#pragma synchronized
static int page(int i, int n, double *to)
{
    for (int k = 0; k < n; k++)
        to[k] = line(i + k, k);
    int check = leaf(i);
    return check;
}
#pragma synchronized
static int book(int n, double (*to)[10])
{
    int all = 0;
    for (int i = 0; i < n; i++) {
        int c = page(i * 10, 10, to[i]);
        all = all * 7 % 10007 + c;
    }
    return all;
}

int main(void)
{
    double v[8][10];
    printf("%d\n", book(8, v));
    for (int i = 0; i < 80; i++)
        printf("%a%c", v[i / 10][i % 10], i % 10 == 9 ? '\n' : ' ');
    return 0;
}
