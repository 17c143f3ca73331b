// stats: late tasks>=3000 events<=900
// stats: threads1 events<=900
/* Loops that run ahead of the results that end them: what was changed too early has its value
 * back, and what follows in order has stopped. */
#include <stdio.h>
#include <string.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i * 2654435761u;
    for (int k = 0; k < 2000; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}

/* Found at the n-th call, or never; what was counted ahead is counted once. */
#pragma synchronized speculate
static int until(int n, int limit, int *v, int *n_done)
{
    int i, sum = 0;
    for (i = 0; i < n; i++) {
        int r = f(i);
        if (r > limit)
            break;
        v[i] = r;
        sum = sum * 3 % 10007 + r;
        ++*n_done;
    }
    return sum + i * 100000;
}

/* The value is used where the loop is left, and locals changed at once are as they were. */
#pragma synchronized speculate
static long describe(int n, int limit)
{
    long steps = 0, last = -1;
    unsigned state = 1;
    int k = 7;
    for (int i = 0; i < n; i += 2) {
        int from = k;
        state = state * 69069u + 1u;
        k = (k + i) % 1000;
        steps++;
        const int v = f(k + i);
        if (v > limit) {
            printf("[%d at %d of %d, %u, %ld] ", v, i, from, state % 1000, steps);
            return v * 1000 + k;
        }
        last = steps * 2 + from;
        k += 3;
    }
    return steps * 10000 + last + k + (long)(state % 100);
}

static int nested(int limit, int *where)
{
    int found = 0;
    for (int row = 0; row < 12; row++) {
#pragma synchronized speculate
        for (int i = 0; i < 40; i++) {
            int v = f(row * 100 + i);
            found += v % 3;
            if (v > limit && row % 4 != 3) {
                *where = i;
                found += row * 100 + v;
                break;
            }
            found++;
        }
    }
    return found;
}

#pragma synchronized speculate
static int rows(int limit, int *counts)
{
    int total = 0, row;
    for (row = 0; row < 9; row++) {
        int i = 0;
        while (i < 50) {
            counts[row]++;
            if (f(row * 50 + i++) > limit)
                goto next;
            total += i;
        }
        total += 100000;
    next:
        total += row;
    }
    return total;
}

#pragma synchronized speculate
static int ever(int limit)
{
    int i = 0;
    do {
        int v;
        v = f(i);
        printf("%d,", v);
        if ((v = v + 1) > limit)
            return i * 1000 + v;
        i++;
    } while (1);
}

#pragma synchronized speculate
static int truth(int bits)
{
    for (int i = 1;; ++i)
        if ((f(i) & bits) == bits)
            return i;
}

#pragma synchronized speculate
static int at_once_between(int n, int limit)
{
    int a = 1, b = 1;
    for (int i = 0; i < n; i++) {
        int v = f(i);
        if (i & 1)
            a = a * 5 % 1009;
        if (v > limit)
            break;
        b = (b + a) % 1013;
        a += f(i + 1000) == 3 ? 0 : 0;
    }
    return a * 10000 + b;
}

int main(void)
{
    for (int limit = -1; limit < 256; limit += 32) {
        int v[64], n_done = 0, where = -1, counts[9] = {0};
        memset(v, -1, sizeof v);
        printf("%d ", until(64, limit, v, &n_done));
        printf("%d", n_done);
        for (int i = 0; i < 64; i++)
            printf(" %d", v[i]);
        printf("\n%ld ", describe(150, limit));
        printf("%d ", nested(limit, &where));
        printf("%d ", where);
        printf("%d", rows(limit, counts));
        for (int i = 0; i < 9; i++)
            printf(" %d", counts[i]);
        printf(" %d\n", at_once_between(90, limit));
        if (limit < 240)
            printf("%d\n", ever(limit));
    }
    printf("%d %d %d %d\n", truth(0), truth(64), truth(63), truth(255));
    return 0;
}
