// Two arrays whose pointers change places in each iteration, and a third that follows.
#include "sim.h"

enum { N = 3000 };

int main(void)
{
    double *u = malloc(N * sizeof *u), *v = malloc(N * sizeof *v), *cur = u, *next = v;
    const double *hot = cur;
    uint64_t x = 1;

    for (int i = 0; i < N; i++)
        u[i] = v[i] = i % 17;
#pragma checkpoint save(u[:N], v[:N]) every(5 iterations)
    for (int t = 0; t < 400; t++) {
        double *swap;

        for (int i = 1; i < N - 1; i++)
            next[i] = 0.25 * cur[i - 1] + 0.5 * cur[i] + 0.25 * cur[i + 1];
        next[0] = next[N - 1] = (double)(t % 13);
        x = spend(x);
        if (x % 3 == 0)
            hot = &next[x % N];
        swap = cur;
        cur = next;
        next = swap;
    }
    print("u", digest(1, u, N * sizeof *u));
    print("v", digest(1, v, N * sizeof *v));
    printf("%d %td %.17g\n", cur == v, hot >= u && hot < u + N ? hot - u : hot - v, *hot);
    print("x", x);
    free(u);
    free(v);
    return 0;
}
