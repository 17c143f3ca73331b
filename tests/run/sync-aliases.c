// warnings: yes
// stats: late tasks>=400
/* Pointers that may lead to the same memory: apart by proof (restrict), by the user's
 * word (noalias), by a test at run time, or not apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 24

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i ^ 0x5bd1e995u;
    for (int k = 0; k < 500; k++)
        h = (h ^ (h >> 15)) * 0x2c1b3c6du;
    return (int)(h >> 24);
}

#pragma synchronized
static void proved(int n, int *restrict to, const int *restrict from)
{
    for (int i = 0; i < n; i++)
        to[i] = f(from[i]) + from[n - 1 - i];
}

#pragma synchronized noalias(to, from)
static void declared(int n, int *to, const int *from)
{
    for (int i = 0; i < n; i++)
        to[i] = f(from[i]) + from[n - 1 - i];
}

#pragma synchronized
static void tested(int n, int *to, const int *from)
{
    for (int i = 0; i < n; i++)
        to[i] = f(from[i]);
}

#pragma synchronized
static void by_index(int n, int *v, const int *where)
{
    for (int i = 0; i < n; i++)
        v[where[i]] = f(v[(i * 7) % n]);
}

/* The same through pointers to pointers: no address can be had beforehand. */
#pragma synchronized
static void rows(int n, int **to, int **from)
{
    for (int i = 0; i < n; i++)
        to[i][i % 3] = f(from[n - 1 - i][1]);
}

struct model {
    int n, *weights;
    double scale;
};
#pragma concurrent
static double process(int i, const struct model *m)
{
    double sum = 0;
    for (int k = 0; k < m->n; k++)
        sum += m->weights[k] * m->scale + f(i + k);
    return sum;
}
#pragma synchronized
static void grid(const struct model *m, double (*to)[4], int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 4; j++)
            to[i][j] = process(i * 4 + j, m);
}
/* What the calls read is changed, where it can be told only at run time. */
#pragma synchronized
static void changed(struct model *m, double *to, double *scale, int *weight, int n)
{
    for (int i = 0; i < n; i++) {
        to[i] = process(i, m);
        *scale += 0.5;
        *weight += i;
    }
}

#pragma concurrent in(a[:n]) out(b[:n])
static void smooth(int n, const int *a, int *b)
{
    for (int i = 0; i < n; i++)
        b[i] = f(a[i]) + 1;
}
#pragma synchronized
static void sections(int *v, int n, int step, int distance)
{
    for (int i = 0; i + distance + step <= n; i += step)
        smooth(step, v + i, v + i + distance);
}

static int everywhere[N], *somewhere = everywhere;
static void change(void)
{
    somewhere[2] = -1;
}
#pragma synchronized
static void behind_calls(int *v, int n)
{
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        if (i == 5)
            change();
    }
    v[2] += somewhere[3];
}

/* Bytes may be anything. */
#pragma synchronized
static void bytes(int *v, const unsigned char *p, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        sum = sum * 3 % 10007 + p[i * 2];
    }
    v[0] = sum;
}
#pragma synchronized
static void types(double *d, int *v, const short *s, int n)
{
    for (int i = 0; i < n; i++) {
        d[i] = f(v[i]);
        v[i] = f(s[i]);
    }
}
union both {
    int i[2];
    double d;
};
#pragma synchronized
static void in_a_union(union both *u, int n)
{
    for (int i = 0; i < n; i++) {
        u[i].d = f(i);
        u[i].i[0] ^= f(u[i].i[1]);
    }
}

static void reset(int *v)
{
    for (int i = 0; i < N; i++)
        v[i] = i * i % 17;
}
static void show(const char *name, const int *v)
{
    printf("%s:", name);
    for (int i = 0; i < N; i++)
        printf(" %d", v[i]);
    printf("\n");
}

int main(void)
{
    int v[N], w[N];
    const int where[N] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4};
    reset(v);
    proved(N / 2, v, v + N / 2);
    show("proved", v);
    proved(N / 2, v + N / 2, v);
    show("proved", v);
    declared(N / 2, v, v + N / 2);
    show("declared", v);
    for (int shift = 0; shift < 4; shift++) {
        reset(v);
        reset(w);
        tested(N - shift, v, w + shift);
        show("apart", v);
        tested(N - shift, v, v + shift);
        show("behind", v);
        tested(N - shift, v + shift, v);
        show("in front", v);
        tested(N / 2, v + N / 2, v + shift);
        show("half", v);
    }
    by_index(N, v, where);
    show("by index", v);
    int *to[8], *from[8];
    for (int i = 0; i < 8; i++) {
        to[i] = v + i * 3;
        from[i] = i < 4 ? v + i * 3 : w + i;
    }
    rows(8, to, from);
    show("rows", v);

    struct model m = {5, v, 1.5};
    double d[6][4] = {{0}}, *line = d[0];
    grid(&m, d, 6);
    for (int i = 0; i < N; i++)
        printf("%g ", line[i]);
    changed(&m, line, &m.scale, &v[2], 9);
    changed(&m, line + 9, line + 2, &w[2], 9);
    changed(&m, line + 2, line + 2, &w[2], 9);
    for (int i = 0; i < N; i++)
        printf("%g ", line[i]);
    printf("\n");

    for (int distance = 0; distance < 9; distance += 2) {
        reset(v);
        sections(v, N, 3, distance);
        show("sections", v);
        sections(v, N, 1, distance);
        show("sections", v);
    }
    behind_calls(everywhere, 8);
    show("behind calls", everywhere);
    behind_calls(v, 8);
    show("behind calls", v);
    bytes(v, (const unsigned char *)v, 9);
    show("bytes", v);
    bytes(v, (const unsigned char *)w, 9);
    show("bytes", v);
    short s[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    types(line, v, s, 9);
    show("types", v);
    union both u[4];
    memset(u, 0, sizeof u);
    in_a_union(u, 4);
    for (int i = 0; i < 4; i++)
        printf("%a ", u[i].d);
    for (int i = 0; i < 9; i++)
        printf("%g ", line[i]);
    printf("\n");
    return 0;
}
