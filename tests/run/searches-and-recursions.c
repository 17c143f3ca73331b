// flags: -O1 -ffp-contract=off -lm
// warnings: yes
// Adaptive quadrature, knapsacks, alpha-beta at the leaves, Karatsuba, permutations, first
// solutions.
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double wave(double x)
{
    return sin(1 / (x + 0.02)) + sqrt(x);
}

#pragma concurrent
#pragma synchronized
static double integrate(double a, double b, double fa, double fm, double fb, double whole,
                        int depth)
{
    double m = (a + b) / 2, fl = wave((a + m) / 2), fr = wave((m + b) / 2);
    double left = (m - a) / 6 * (fa + 4 * fl + fm), right = (b - m) / 6 * (fm + 4 * fr + fb);
    if (depth == 0 || fabs(left + right - whole) < 1e-9)
        return left + right + (left + right - whole) / 15;
    double x = integrate(a, m, fa, fl, fm, left, depth - 1);
    double y = integrate(m, b, fm, fr, fb, right, depth - 1);
    return x + y;
}

struct item {
    int weight, value;
};

#pragma concurrent in(items[:n])
#pragma synchronized
static int knapsack(const struct item *items, int n, int room)
{
    int with = 0, without;
    if (n == 0)
        return 0;
    without = knapsack(items + 1, n - 1, room);
    if (items->weight <= room)
        with = items->value + knapsack(items + 1, n - 1, room - items->weight);
    return with > without ? with : without;
}

struct tour {
    int n, length;
    unsigned char at[9];
};

#pragma concurrent
#pragma synchronized
static struct tour travel(struct tour t, unsigned left, const int distance[9][9])
{
    struct tour best = {0, INT_MAX, {0}};
    if (!left) {
        t.length += distance[t.at[t.n - 1]][0];
        return t;
    }
    for (int next = 1; next < 9; next++) {
        if (!(left >> next & 1))
            continue;
        struct tour longer = t;
        longer.length += distance[t.at[t.n - 1]][next];
        longer.at[longer.n++] = (unsigned char)next;
        struct tour found = travel(longer, left & ~(1u << next), distance);
        if (found.length < best.length)
            best = found;
    }
    return best;
}

/* out[0:2n] = a * b, little-endian digits of base 10000. */
#pragma concurrent in(a[:n], b[:n])out(to[:2 * n])
#pragma synchronized
static void karatsuba(long *to, const long *a, const long *b, int n)
{
    memset(to, 0, (size_t)n * 2 * sizeof *to);
    if (n <= 8) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                to[i + j] += a[i] * b[j];
        return;
    }
    int h = n / 2;
    long *sa = calloc((size_t)n * 4, sizeof *sa), *sb = sa + h, *mid = sb + h, *low = mid + n,
         *high = low + n;
    for (int i = 0; i < h; i++) {
        sa[i] = a[i] + a[h + i];
        sb[i] = b[i] + b[h + i];
    }
    karatsuba(mid, sa, sb, h);
    karatsuba(low, a, b, h);
    karatsuba(high, a + h, b + h, h);
    for (int i = 0; i < n; i++) {
        to[i] += low[i];
        to[n + i] += high[i];
    }
    for (int i = 0; i < n; i++)
        to[h + i] += mid[i] - low[i] - high[i];
    free(sa);
}

#pragma concurrent
static int is_witness(int a, int n)
{
    long r = 1, b = a;
    for (int e = n - 1; e; e /= 2) {
        if (e % 2)
            r = r * b % n;
        b = b * b % n;
    }
    return r != 1;
}

#pragma synchronized
static int first_witness(int n)
{
    for (int a = 2; a < n; a++)
        if (is_witness(a, n))
            return a;
    return -1;
}

#pragma synchronized speculate
static int find_divisor(long n, long from)
{
    int tried = 0;
    for (long d = from; d * d <= n; d += 2) {
        tried++;
        if (is_witness((int)d % 97 + 2, (int)(n % 10007) + 3) && n % d == 0)
            break;
    }
    return tried;
}

int main(void)
{
    double fa = wave(0), fm = wave(0.5), fb = wave(1);
    printf("%.17g\n", integrate(0, 1, fa, fm, fb, (fa + 4 * fm + fb) / 6, 14));
    struct item items[18];
    for (int i = 0; i < 18; i++)
        items[i] = (struct item){3 + i * 7 % 11, 10 + i * 13 % 17};
    printf("%d\n", knapsack(items, 14, 50));
    int distance[9][9];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 9; j++)
            distance[i][j] = i == j ? 0 : 5 + (i * 17 + j * 31) % 23;
    struct tour t = travel((struct tour){1, 0, {0}}, 0xfe, (const int(*)[9])distance);
    printf("%d:", t.length);
    for (int i = 0; i < t.n; i++)
        printf(" %d", t.at[i]);
    printf("\n");
    long a[64], b[64], product[128], carry = 0;
    for (int i = 0; i < 64; i++) {
        a[i] = (i * 7919 + 13) % 10000;
        b[i] = (i * 104729 + 7) % 10000;
    }
    karatsuba(product, a, b, 64);
    for (int i = 0; i < 128; i++) {
        carry += product[i];
        product[i] = carry % 10000;
        carry /= 10000;
    }
    for (int i = 127; i >= 0; i--)
        printf("%04ld", product[i]);
    printf("\n%d %d %d\n", first_witness(561), first_witness(1009), first_witness(15));
    printf("%d\n", find_divisor(1000003L * 3, 3));
    return 0;
}
