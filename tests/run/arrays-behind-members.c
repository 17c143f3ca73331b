// Arrays that are found through members: whether they overlap is seen while the program runs.
#include <stdio.h>

struct mesh {
    int n;
    double *in, *out;
};

#pragma concurrent
static double step(double x, int k)
{
    for (int i = 0; i < 40; i++)
        x = x * 0.75 + k;
    return x;
}

#pragma synchronized
static void all(struct mesh *m)
{
    for (int i = 0; i < m->n; i++)
        m->out[i] = step(m->in[i], i);
}

#pragma synchronized
static void scattered(struct mesh *m, const int *at, double *sum)
{
    for (int i = 0; i < m->n; i++) {
        m->out[at[i]] = step(m->in[i], i);
        *sum += m->in[m->n - 1 - i];
    }
}

/* The pointers themselves change on the way. */
#pragma synchronized
static void walking(struct mesh *m, int n)
{
    for (int i = 0; i < n; i++) {
        m->out[0] = step(m->in[0], i);
        m->in++;
        m->out++;
    }
}

static void show(const char *what, const double *x, int n, double sum)
{
    printf("%s:", what);
    for (int i = 0; i < n; i++)
        printf(" %.17g", x[i]);
    printf(" %.17g\n", sum);
}

int main(void)
{
    for (int shift = -3; shift <= 3; shift++) {
        double x[64], sum = 0;
        int at[16];
        for (int i = 0; i < 64; i++)
            x[i] = i * 0.5;
        for (int i = 0; i < 16; i++)
            at[i] = i * 5 % 16;
        struct mesh m = {16, x + 8, x + 8 + shift};
        all(&m);
        show("all", x, 64, 0);
        scattered(&m, at, &sum);
        show("scattered", x, 64, sum);
        walking(&m, 12);
        show("walking", x, 64, 0);
    }
    struct mesh none = {0, NULL, NULL};
    all(&none);
    return 0;
}
