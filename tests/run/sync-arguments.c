// warnings: yes
// stats: late tasks>=40
/* Arguments are what they are when the call is reached: converted, copied, with their
 * side effects done. */
#include <stdio.h>
#include <string.h>

struct vector {
    double x[3];
};
struct big {
    int v[64];
    char name[20];
};

#pragma concurrent
static double length(struct vector v)
{
    double sum = 0;
    for (int k = 0; k < 60; k++)
        for (int i = 0; i < 3; i++)
            sum += v.x[i] * v.x[i] / (k + 1);
    return sum;
}
#pragma concurrent
static int weigh(struct big b, int i)
{
    int sum = (int)strlen(b.name);
    for (int k = 0; k < 64; k++)
        sum = sum * 3 % 10007 + b.v[k] * i;
    return sum;
}
#pragma concurrent
static double converted(double a, float b, short c, unsigned char d, _Bool e)
{
    double sum = a;
    for (int k = 0; k < 100; k++)
        sum = sum * 0.9 + b - c + d + e;
    return sum;
}
#pragma concurrent in(string(text))
static int hashed(const char *text)
{
    unsigned h = 5381;
    while (*text)
        h = h * 33 ^ (unsigned char)*text++;
    return (int)(h >> 3 & 0xffff);
}
#pragma concurrent
static int through(int (*g)(int), int i)
{
    return g(i) + 1;
}
static int square(int i)
{
    return i * i;
}
static int negated(int i)
{
    return -i;
}
#pragma concurrent
static int trace(int m[3][3])
{
    return m[0][0] + m[1][1] + m[2][2];
}
#pragma concurrent in(v[:n])
static long sum(int n, const int v[n])
{
    long s = 0;
    for (int i = 0; i < n; i++)
        s = s * 7 + v[i];
    return s % 100003;
}

#pragma synchronized
static void by_value(int n, double *y, int *w)
{
    struct vector v = {{1, 2, 3}};
    struct big b;
    memset(&b, 0, sizeof b);
    for (int i = 0; i < n; i++) {
        v.x[i % 3] += i; /* each call has its own copy */
        y[i] = length(v);
        y[i] += length((struct vector){{i, i + 1, 0.5}});
        b.v[i] = i * 3;
        snprintf(b.name, sizeof b.name, "%*d", i, i);
        w[i] = weigh(b, i);
    }
}

#pragma synchronized
static void conversions(int n, double *y)
{
    for (int i = 0; i < n; i++)
        y[i] = converted(i, i / 3.0, i * 10000, i * 100, i % 2 ? 0.5 : 0);
    long long big = 1ll << 40;
    for (int i = 0; i < n; i++, big += 12345)
        y[i] += converted(big, big, 'a' + i, -i, big & 1);
}

#pragma synchronized
static void side_effects(int n, int *w)
{
    int k = 0, numbers[20];
    for (int i = 0; i < 20; i++)
        numbers[i] = 100 - i;
    int *p = numbers;
    for (int i = 0; i < n; i++) {
        w[i] = through(square, k++);
        w[i] += through(k % 2 ? square : negated, *p++);
        w[i] -= through(negated, k += 2);
        w[i] += through(square, (k--, k));
    }
    w[0] += k * 1000 + (int)(p - numbers);
}

#pragma synchronized
static void strings(int n, int *w)
{
    char text[16] = "a", *const words[3] = {"one", "two", text};
    for (int i = 0; i < n; i++) {
        w[i] = hashed("literal");
        w[i] += hashed(words[i % 3]);
        text[0] = (char)('a' + i); /* calls in flight read it */
        w[i] ^= hashed(text);
        w[i] += hashed(i % 2 ? "odd" : &"even"[i % 4]);
        w[i] += hashed(__func__) + hashed((char[]){'x', (char)('0' + i), 0});
    }
}

#pragma synchronized
static void arrays(int n, int *w)
{
    int m[4][3][3], v[6];
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 9; k++)
            m[i & 3][k / 3][k % 3] = i + k;
        w[i] = trace(m[i & 3]);
        for (int k = 0; k < 6; k++)
            v[k] = i * k; /* what the last call reads changes */
        w[i] += (int)sum(6, v);
        w[i] += (int)sum(3, v + i % 4);
        w[i] += (int)sum(2, (int[]){i, i + 1});
    }
}

int main(void)
{
    double y[8];
    int w[8];
    by_value(8, y, w);
    for (int i = 0; i < 8; i++)
        printf("%a %d ", y[i], w[i]);
    conversions(8, y);
    side_effects(8, w);
    for (int i = 0; i < 8; i++)
        printf("%a %d ", y[i], w[i]);
    strings(8, w);
    for (int i = 0; i < 8; i++)
        printf("%d ", w[i]);
    arrays(8, w);
    for (int i = 0; i < 8; i++)
        printf("%d ", w[i]);
    printf("\n");
    return 0;
}
