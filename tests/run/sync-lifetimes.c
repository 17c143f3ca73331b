// stats: late tasks>=50
/* Objects of a block that calls work on: copies for each iteration, or waits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 11;
    for (int k = 0; k < 400; k++)
        h = h * 1597334677u + 3u;
    return (int)(h >> 24);
}
#pragma concurrent out(*to)
static int split(int i, int *to)
{
    *to = f(i) % 10;
    return f(i + 1);
}
#pragma concurrent out(v[:n])
static void fill(int n, int *v, int seed)
{
    for (int i = 0; i < n; i++)
        v[i] = f(seed + i);
}
#pragma concurrent in(v[:n])
static int sum(int n, const int *v)
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s = s * 3 % 10007 + v[i];
    return s;
}

#pragma synchronized
static int one_value(int n)
{
    int all = 0;
    for (int i = 0; i < n; i++) {
        int v;
        int u = split(i, &v);
        all = all * 3 % 10007 + v + u;
    }
    return all;
}

#pragma synchronized
static int arrays(int n)
{
    int all = 0;
    for (int i = 0; i < n; i++) {
        int v[5], w[n + 1];
        fill(5, v, i);
        fill(i + 1, w, i * 2);
        all = all * 3 % 10007 + sum(5, v);
        all ^= sum(i + 1, w);
        all += v[i % 5] + w[i];
        if (i % 2)
            continue; /* the block is left */
        v[0] = all;
        all += sum(2, v);
    }
    return all;
}

#pragma synchronized
static int *returned(int n)
{
    int *v = malloc((size_t)n * sizeof *v);
    if (!v)
        abort();
    fill(n, v, 5);
    int *w = malloc((size_t)n * sizeof *w);
    if (!w)
        abort();
    fill(n, w, 6);
    v[0] += sum(n, w);
    fill(n - 1, w, 7);
    free(w); /* in use until here */
    v = realloc(v, (size_t)n * 4 * sizeof *v);
    if (!v)
        abort();
    fill(n, v + n, 8);
    memmove(v + 1, v, (size_t)n * sizeof *v);
    return v;
}

#pragma synchronized
static int jumps(int n)
{
    int i = 0, all = 0;
again: {
    int v[3] = {i, 2, 3};
    fill(2, v, i);
    all += sum(3, v);
    if (++i < n)
        goto again;
    fill(3, v, all);
}
    return all;
}

struct line {
    char text[24];
    int length;
};
#pragma concurrent
static struct line line(int i)
{
    struct line l = {"", 0};
    l.length = snprintf(l.text, sizeof l.text, "%d", f(i) * 1001);
    return l;
}
#pragma synchronized
static void temporaries(int n)
{
    for (int i = 0; i < n; i++) {
        printf("%s ", line(i).text);
        int length = line(i + 1).length;
        const char *text = (struct line){"abc", length}.text + 1;
        printf("%d %s ", length, text);
    }
    printf("\n");
}

#pragma concurrent
static void release(char *p)
{
    free(p);
}
#pragma concurrent
static char *made(int i)
{
    char *p = malloc(20);
    if (p)
        snprintf(p, 20, "made %d", f(i));
    return p;
}
#pragma synchronized
static void allocated(int n)
{
    char *p[8];
    for (int i = 0; i < n; i++)
        p[i] = made(i);
    for (int i = 0; i < n; i++) {
        printf("%s ", p[i]);
        release(p[i]);
    }
    for (int i = 0; i < n; i++) {
        char *q = made(i + 9);
        puts(q);
        free(q);
    }
}

int main(void)
{
    printf("%d %d\n", one_value(9), arrays(9));
    int *v = returned(6);
    for (int i = 0; i < 12; i++)
        printf("%d ", v[i]);
    free(v);
    printf("%d\n", jumps(5));
    temporaries(5);
    allocated(5);
    return 0;
}
