// stats: late tasks>=120
/* Compound assignments are carried out in program order: sums of floating-point
 * numbers are the serial ones to the last bit, and operands are read when the
 * assignment is carried out. */
#include <complex.h>
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i * 2654435761u;
    for (int k = 0; k < 500; k++)
        h = (h ^ (h >> 13)) * 1274126177u;
    return (int)(h >> 20) + 1;
}
#pragma concurrent
static double x(int i)
{
    double r = 1.0 + i;
    for (int k = 1; k < 500; k++)
        r = r * 0.9 + 1.0 / (k + i);
    return i % 3 ? r : -1e10 * r;
}

static double merge(double a, double b)
{
    return a * 0.25 + b;
}

#pragma synchronized
static void integers(int n)
{
    int add = 7, sub = 7, mul = 1, div = 2147483647, mod = 2147483647, and = -1, or = 0, xor = 5;
    unsigned shl = 1, shr = 4294967295u;
    unsigned char narrow = 200;
    signed char tight = 0;
    long hash = 17;
    for (int i = 0; i < n; i++) {
        add += f(i);
        sub -= f(i);
        mul = (int)((unsigned)mul * (unsigned)f(i));
        div /= f(i) % 3 + 1;
        mod %= 1000000 + f(i);
        and &= ~(f(i) & 0x11);
        or |= f(i) & 0x3300;
        xor ^= f(i);
        shl <<= f(i) % 3;
        shr >>= f(i) % 2;
        narrow += f(i);
        tight -= (f(i) & 1);
        hash = hash * 31 % 1000003 + f(i);
    }
    printf("integers %d %d %d %d %d %d %d %d %u %u %d %d %ld\n", add, sub, mul, div, mod, and, or,
           xor, shl, shr, narrow, tight, hash);
}

#pragma synchronized
static void floating(int n)
{
    double sum = 0, product = 1, difference = 1, quotient = 1e300, mean = 0, tree = 0;
    float narrow = 0;
    long double wide = 0;
    double complex z = 1;
    int count = 3;
    for (int i = 0; i < n; i++) {
        sum += x(i);
        product *= x(i) / 1e5;
        difference -= x(i);
        quotient /= x(i);
        narrow += x(i);
        wide += x(i);
        z *= x(i) * I;
        mean = mean * 0.5 + x(i);
        tree = merge(tree, x(i));
        count *= x(i) < 0 ? 1.5 : 1.25; /* converted to int each time */
    }
    printf("floating %a %a %a %a %a %La %a%+ai %a %a %d\n", sum, product, difference, quotient,
           narrow, wide, creal(z), cimag(z), mean, tree, count);
}

struct totals {
    double sum[4];
    unsigned bits : 9;
    int n;
};

#pragma synchronized
static void places(struct totals *t, double (*grid)[3], int n)
{
    const char text[] = "the quick brown fox jumps over the lazy dog";
    const char *p = text;
    for (int i = 0; i < n; i++) {
        t->sum[i & 3] += x(i);
        t->bits += (unsigned)f(i);
        t->n = t->n + f(i);
        grid[f(i) % 4][i % 3] += x(i + 1); /* the place is a pending value */
        if (i % 8 == 0)
            p += f(i) % 5;
    }
    printf("places %a %a %a %a %u %d %s\n", t->sum[0], t->sum[1], t->sum[2], t->sum[3], t->bits,
           t->n, p);
}

/* What the right side reads besides the call changes at once, or later, too. */
#pragma synchronized
static void operands(int n)
{
    double a = 1, b = 2, scale = 1;
    for (int i = 0; i < n; i++) {
        scale *= 1.0625; /* at once: each statement has the scale it was reached with */
        a = a * 0.5 + x(i) * scale;
        b = b + a * f(i) - scale; /* a as it is then */
        a += b;
    }
    printf("operands %a %a %a\n", a, b, scale);
}

int main(void)
{
    integers(24);
    floating(24);
    struct totals t = {{0}, 0, 0};
    double grid[4][3] = {{0}};
    places(&t, grid, 24);
    for (int i = 0; i < 12; i++)
        printf("%a%c", grid[i / 3][i % 3], i == 11 ? '\n' : ' ');
    operands(24);
    return 0;
}
