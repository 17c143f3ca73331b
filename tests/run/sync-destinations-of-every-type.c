// stats: late tasks>=100
/* Results and destinations of every type, with the conversions of an assignment. */
#include <complex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#pragma concurrent
static unsigned seed(unsigned i)
{
    for (int k = 0; k < 300; k++)
        i = i * 1664525u + 1013904223u;
    return i;
}
#pragma concurrent
static double real(int i)
{
    return (int)(seed((unsigned)i) >> 8) / 1024.0 - 4000.0;
}
#pragma concurrent
static long double extended(int i)
{
    return (long double)seed((unsigned)i) / 7;
}
#pragma concurrent
static double complex turn(int i)
{
    return real(i) + I * real(i + 1);
}
#pragma concurrent
static float complex small_turn(int i)
{
    return (float)real(i) - I * (float)i;
}
struct pair {
    int a;
    double b;
    char name[12];
};
#pragma concurrent
static struct pair pair(int i)
{
    struct pair p = {i, real(i), ""};
    snprintf(p.name, sizeof p.name, "p%d", i * i);
    return p;
}
union word {
    uint32_t u;
    float f;
};
#pragma concurrent
static union word word(int i)
{
    return (union word){.u = seed((unsigned)i) & 0x7effffffu};
}
#pragma concurrent
static bool odd(int i)
{
    return seed((unsigned)i) >> 31;
}
enum colour { RED, GREEN = 7, BLUE };
#pragma concurrent
static enum colour colour(int i)
{
    return i % 3 == 0 ? RED : i % 3 == 1 ? GREEN : BLUE;
}
static int numbers[64];
#pragma concurrent
static int *place(int i)
{
    return &numbers[seed((unsigned)i) % 64];
}
#pragma concurrent
static const char *text(int i)
{
    static const char *const words[] = {"zero", "one", "two"};
    return words[i % 3];
}
typedef int (*binary)(int, int);
static int plus(int a, int b)
{
    return a + b;
}
static int minus(int a, int b)
{
    return a - b;
}
#pragma concurrent
static binary chosen(int i)
{
    return odd(i) ? plus : minus;
}
#ifdef __SIZEOF_FLOAT128__
typedef __float128 widest;
#else
typedef long double widest;
#endif
#pragma concurrent
static widest wide(int i)
{
    return (widest)real(i) * real(i + 1);
}

struct fields {
    unsigned low : 3, : 0, high : 11;
    signed sign : 5;
    bool flag : 1;
    enum colour colour : 4;
    unsigned long long rest : 40;
};

#pragma synchronized
static void scalars(void)
{
    char c[4];
    signed char sc[4];
    short s[4];
    unsigned long long ull[4];
    float f[4];
    double d[4];
    bool b[4];
    for (int i = 0; i < 4; i++) {
        c[i] = (char)(seed(i) & 63);
        sc[i] = (signed char)(seed(i + 4) >> 25);
        s[i] = (short)(real(i) * 3);
        ull[i] = seed(i + 8);
        f[i] = real(i + 9); /* narrowed when it is assigned */
        d[i] = seed(i + 10);
        b[i] = real(i + 1); /* not 0 */
    }
    for (int i = 0; i < 4; i++)
        printf("scalars %d %d %d %llu %a %a %d\n", c[i], sc[i], s[i], ull[i], f[i], d[i], b[i]);
}

#pragma synchronized
static void floating(void)
{
    long double ld[5];
    double complex z[5];
    float complex fz[5];
    double parts[10];
    widest w[5];
    for (int i = 0; i < 5; i++) {
        ld[i] = extended(i);
        z[i] = turn(i);
        fz[i] = small_turn(i);
        __real__ z[4 - i] = real(i * 5);
        parts[2 * i] = turn(i); /* the real part */
        parts[2 * i + 1] = extended(i);
        w[i] = wide(i);
    }
    for (int i = 0; i < 5; i++)
        printf("floating %La %a%+ai %a%+ai %a %a %a\n", ld[i], creal(z[i]), cimag(z[i]),
               crealf(fz[i]), cimagf(fz[i]), parts[2 * i], parts[2 * i + 1], (double)w[i]);
}

#pragma synchronized
static void aggregates(void)
{
    struct pair p[6];
    union word u[6];
    struct {
        struct pair inner;
        int tail;
    } nested[6];
    memset(nested, 0, sizeof nested);
    for (int i = 0; i < 6; i++) {
        p[i] = pair(i);
        u[i] = word(i);
        nested[i].inner = pair(10 * i);
        nested[i].tail = pair(i).a; /* a member of a result */
    }
    for (int i = 0; i < 6; i++)
        printf("aggregates %d %a %s %08x %s %d\n", p[i].a, p[i].b, p[i].name, u[i].u,
               nested[i].inner.name, nested[i].tail);
}

#pragma synchronized
static void bit_fields(void)
{
    struct fields f[5], one;
    memset(f, 0, sizeof f);
    memset(&one, 0, sizeof one);
    for (int i = 0; i < 5; i++) {
        f[i].low = seed(i);
        f[i].high = seed(i + 1);
        f[i].sign = i - 2;
        f[i].flag = odd(i);
        f[i].colour = colour(i);
        f[i].rest = seed(i + 2) * 3ull;
        one.high += seed(i);
        one.low ^= seed(i + 1) & 7u;
        one.flag = odd(i + 5);
    }
    for (int i = 0; i < 5; i++)
        printf("bit-fields %u %u %d %d %d %llu\n", f[i].low, f[i].high, f[i].sign, f[i].flag,
               f[i].colour, (unsigned long long)f[i].rest);
    printf("bit-fields %u %u %d\n", one.low, one.high, one.flag);
}

#pragma synchronized
static void pointers(void)
{
    int *p[7];
    const char *t[7];
    void *v[7];
    binary f[7];
    enum colour k[7];
    for (int i = 0; i < 7; i++) {
        p[i] = place(i);
        t[i] = text(i);
        v[i] = place(i + 1);
        f[i] = chosen(i);
        k[i] = colour(i);
    }
    for (int i = 0; i < 7; i++)
        printf("pointers %td %s %td %d %d\n", p[i] - numbers, t[i], (int *)v[i] - numbers,
               f[i](50, i), k[i]);
}

#pragma synchronized
static void variables(void)
{
    struct pair p;
    int last = -1;
    unsigned all = 0;
    double complex z = 0;
    bool any = false;
    for (int i = 0; i < 6; i++) {
        p = pair(i);
        last = (int)real(i);
        all = seed(i);
        z = turn(i);
        any |= odd(i);
    }
    printf("variables %s %d %u %a%+ai %d\n", p.name, last, all, creal(z), cimag(z), any);
}

int main(void)
{
    scalars();
    floating();
    aggregates();
    bit_fields();
    pointers();
    variables();
    return 0;
}
