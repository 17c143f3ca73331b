// warnings: yes
// stats: late tasks>=40
/* Names mean what they mean where they stand: statics, globals, shadows, local types. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 5;
    for (int k = 0; k < 400; k++)
        h = h * 214013u + 2531011u;
    return (int)(h >> 26);
}

int total = 3;
static double mean;
static int bins[8];
extern int later[4];

#pragma synchronized
static int accumulators(int n)
{
    static int calls, seen[4];
    static double sum = 0.5;
    for (int i = 0; i < n; i++) {
        total += f(i);
        bins[f(i) & 7]++;
        sum += f(i) / 3.0;
        mean = mean * 0.5 + f(i + calls);
        seen[i & 3] = f(i);
        later[i & 3] ^= f(i);
    }
    calls++;
    return calls * 1000000 + seen[0] + seen[1] * 2 + seen[2] * 3 + seen[3] * 5 + (int)(sum * 7);
}

int later[4] = {1, 2, 3, 4};

#pragma synchronized
static int shadows(int i, int n)
{
    int v = 0, w = 100;
    for (int i = 0; i < n; i++) { /* not the parameter */
        int w = f(i);
        v += w;
        {
            int v = f(w); /* not the sum */
            w += v;
            extern int total;
            total += w;
        }
        if (w > 60) {
            int total = f(i + w);
            v -= total;
        }
    }
    for (i++; i < n; i++) {
        double total = f(i);
        v += total / 2 + w;
    }
    return v;
}

/* A function's name is a variable's elsewhere. */
#pragma synchronized
static int hidden_function(int n)
{
    int sum = f(1);
    {
        int f = n, g[2] = {f, f + 1};
        sum += f + g[1];
        for (int i = 0; i < f; i++)
            sum += i;
    }
    sum = sum * 3 + f(2);
    return sum;
}

#pragma synchronized
static double local_types(int n)
{
    typedef double number;
    struct point {
        number x, y;
    };
    enum kind { SMALL = 20, LARGE = 40 };
    union either {
        int i;
        struct point p;
    };
    struct point sum = {0, 0};
    enum kind last = SMALL;
    union either e = {0};
    for (int i = 0; i < n; i++) {
        number v = f(i);
        struct point p = {f(i), f(i + 1)};
        sum.x += v > LARGE ? p.x : p.y;
        sum.y = sum.y * 0.5 + (number)f(i);
        last = f(i) > SMALL ? LARGE : SMALL;
        e.p.x = f(i);
        struct inner {
            struct point p[2];
        } q = {{p, sum}};
        sum.x -= q.p[1].y * f(i) / 64;
    }
    return sum.x + sum.y * 3 + last + e.p.x;
}

#pragma synchronized
static int qualifiers(const int n, const int *const restrict v)
{
    const int *p = v;
    register int r = 0;
    volatile int seen = 0;
    _Atomic int counted = 0;
    for (register int i = 0; i < n; i++) {
        r += f(p[i]);
        seen += f(i);
        counted += f(i) % 3;
        const int w = f(v[i]);
        r ^= w;
    }
    return r * 3 + seen + counted;
}

static inline __attribute__((always_inline)) int twice(int i)
{
    return i * 2;
}
#pragma concurrent
static inline __attribute__((hot)) int attributed(int i)
{
    return f(twice(i));
}
#pragma synchronized
__attribute__((noinline)) static int with_attributes(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum = twice(sum) % 10007 + attributed(i);
    return sum;
}

int main(void)
{
    printf("%d ", accumulators(9));
    printf("%d ", accumulators(7));
    printf("%d ", shadows(2, 8));
    printf("%d %a ", total, mean);
    for (int i = 0; i < 8; i++)
        printf("%d ", bins[i]);
    for (int i = 0; i < 4; i++)
        printf("%d ", later[i]);
    printf("%d %a ", hidden_function(5), local_types(9));
    const int v[8] = {5, 4, 3, 2, 1, 0, -1, -2};
    printf("%d %d\n", qualifiers(8, v), with_attributes(6));
    return 0;
}
