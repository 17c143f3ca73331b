// flags: -O1 -ffp-contract=off -lm
// warnings: yes
// Filters, least elements, counts, chains: what stands behind a call in a loop and uses its
// result, as C programs write it.
#include <stdio.h>
#include <string.h>

#pragma concurrent
static int is_prime(unsigned n)
{
    if (n < 2)
        return 0;
    for (unsigned d = 2; d * d <= n; d++)
        if (n % d == 0)
            return 0;
    return 1;
}

#pragma concurrent
static unsigned collatz(unsigned long n)
{
    unsigned steps = 0;
    for (; n != 1; steps++)
        n = n % 2 ? 3 * n + 1 : n / 2;
    return steps;
}

#pragma concurrent
static double f(int i)
{
    double x = i * 0.37;
    for (int k = 0; k < 40; k++)
        x = x * x / (1 + x * x) * 3.7 - 1.1;
    return x;
}

static unsigned primes[2000];

#pragma synchronized
static int filter(unsigned from, unsigned to)
{
    int n = 0;
    for (unsigned i = from; i < to; i++)
        if (is_prime(i))
            primes[n++] = i;
    return n;
}

#pragma synchronized
static unsigned gaps(unsigned to, unsigned *widest, unsigned *where)
{
    unsigned last = 2, twins = 0;
    *widest = *where = 0;
    for (unsigned i = 3; i < to; i += 2) {
        if (!is_prime(i))
            continue;
        if (i - last > *widest) {
            *widest = i - last;
            *where = last;
        }
        twins += i - last == 2;
        last = i;
    }
    return twins;
}

#pragma synchronized
static void longest_chain(unsigned long to)
{
    unsigned most = 0;
    unsigned long at = 0;
    int histogram[8] = {0};
    for (unsigned long i = 1; i < to; i++) {
        unsigned n = collatz(i);
        histogram[n < 140 ? n / 20 : 7]++;
        if (n > most) {
            most = n;
            at = i;
            printf("%lu takes %u\n", i, n);
        }
    }
    printf("longest: %lu, %u:", at, most);
    for (int i = 0; i < 8; i++)
        printf(" %d", histogram[i]);
    printf("\n");
}

struct top {
    double value[5];
    int at[5], n;
};

static void insert(struct top *t, double v, int at)
{
    int i = t->n < 5 ? t->n++ : 4;
    if (i == 4 && t->n == 5 && t->at[4] >= 0 && t->value[4] >= v)
        return;
    for (; i > 0 && t->value[i - 1] < v; i--) {
        t->value[i] = t->value[i - 1];
        t->at[i] = t->at[i - 1];
    }
    t->value[i] = v;
    t->at[i] = at;
}

int main(void)
{
    struct top best;
    char marks[64] = "";
    double least = 1e300, total = 0;
    int at = -1, n_negative = 0;
    memset(&best, 0, sizeof best);
    for (int i = 0; i < 5; i++)
        best.at[i] = -1;
#pragma synchronized
    for (int i = 0; i < 300; i++) {
        double v = f(i);
        if (v < least) {
            least = v;
            at = i;
        }
        if (v < 0)
            n_negative++;
        else
            total += v;
        insert(&best, v, i);
        if (i < 60)
            strcat(marks, v < 0 ? "-" : v < 1 ? "." : "#");
    }
    printf("%.17g at %d, %d negative, %.17g\n%s\n", least, at, n_negative, total, marks);
    for (int i = 0; i < best.n; i++)
        printf("%.17g %d\n", best.value[i], best.at[i]);
    int n = filter(0, 5000);
    unsigned h = 0, widest, where, twins = gaps(5000, &widest, &where);
    for (int i = 0; i < n; i++)
        h = h * 31 + primes[i];
    printf("%d primes, %u, %u twins, %u behind %u\n", n, h, twins, widest, where);
    longest_chain(2000);
    return 0;
}
