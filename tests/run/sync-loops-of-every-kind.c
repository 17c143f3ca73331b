// stats: late tasks>=250
/* Loops of every kind round calls, and calls in their headers. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i ^ 0x9e3779b9u;
    for (int k = 0; k < 300; k++)
        h = h * 5u + 0x3779u;
    return (int)(h >> 27);
}

static int total;

#pragma synchronized
static void nested(int v[6][5][4])
{
    int i = 0;
    while (i < 6) {
        int j = 5;
        do {
            for (int k = 0; k < 4; k++)
                v[i][j - 1][k] = f(i * 100 + j * 10 + k);
        } while (--j);
        i++;
    }
    for (i = 5; i--;)
        for (int j = 0, k = 3; j < 5; j += 2, k--)
            v[i][j][k] += f(i + j + k);
    for (int a = 0; a < 6; a++)
        for (int b = a; b < 5; b++)
            for (int c = b; c < 4; c++)
                v[a][b][c] -= f(a * b * c);
}

#pragma synchronized
static void without_parts(int *v, int n)
{
    int i = 0;
    for (;;) {
        if (i == n)
            break;
        v[i] = f(i);
        i++;
    }
    for (; i;) {
        v[i - 1] += f(i);
        --i;
    }
    for (;; i++) {
        if (i >= n)
            break;
        if (i % 3 == 1)
            continue;
        v[i] ^= f(i + 7);
    }
    while (1) {
        total += f(i);
        if (--i < 3)
            break;
    }
    do
        v[i] = f(i);
    while (0);
    for (int k = 0; k < n; v[k] = f(k + 50), k++)
        ;
    for (int k = 0; k < n; k++)
        v[k] += f(k);
}

#pragma synchronized
static int headers(int *v, int n)
{
    int i = 0, rounds = 0;
    while (f(i) > 2)
        i++;
    rounds += i;
    for (i = 0; f(i + 20) > 1 && i < n; i++)
        v[i] = f(i);
    rounds = rounds * 100 + i;
    do
        i += 3;
    while (f(i) % 4);
    for (int k = f(3) % 3; k < f(9); k++)
        v[k % n] += f(k);
    for (int k = 0; k < n; k += f(k) % 2 + 1)
        v[k] = -v[k];
    return rounds * 100 + i;
}

#pragma synchronized
static void steps(int *v, int n)
{
    for (int i = 0; i < n; i += 2)
        v[i] = f(i);
    for (int i = 1; i < n; i += 2)
        v[i] = f(v[i - 1]); /* other elements than those that are pending */
    for (int i = n - 1; i >= 0; i -= 3)
        v[i] += f(i);
    for (unsigned i = 1; i < (unsigned)n; i *= 2)
        v[i] = f((int)i);
    for (char c = 'a'; c <= 'f'; c++)
        v[c - 'a'] ^= f(c);
    for (double t = 0; t < 4; t += 0.5)
        v[(int)(t * 2)] += f((int)(t * 4));
    for (int *p = v; p < v + n; p++)
        *p += f((int)(p - v));
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        int t = v[i];
        v[i] = v[j] + f(i);
        v[j] = t;
    }
}

int main(void)
{
    int v[6][5][4] = {{{0}}}, w[20] = {0};
    nested(v);
    for (int i = 0; i < 120; i++)
        printf("%d%c", v[i / 20][i / 4 % 5][i % 4], i % 20 == 19 ? '\n' : ' ');
    without_parts(w, 20);
    printf("%d %d\n", headers(w, 20), total);
    steps(w, 20);
    for (int i = 0; i < 20; i++)
        printf("%d ", w[i]);
    printf("\n");
    return 0;
}
