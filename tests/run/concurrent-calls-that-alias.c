/* Calls whose elements meet, and calls whose elements do not: indices with offsets and factors,
 * members of structs, pointers into one array, two dimensions, an argument that is narrowed. */
#include <stdio.h>
struct s {
    double a, b;
};
#pragma concurrent
static void shift(double *x, int i)
{
    x[i + 1] = x[i] * 0.5 + 1;
}
#pragma concurrent
static void back(double *x, long i)
{
    x[2 * i] += x[i];
}
#pragma concurrent
static void swap(struct s *p, int i)
{
    p[i].a = p[i + 1].b;
}
#pragma concurrent
static void swap2(struct s *p, int i)
{
    p[i].b = p[i - 1].a + 1;
}
#pragma concurrent
static void two(double *x, double *y, int i)
{
    x[i] = y[i - 1] + 1;
}
#pragma concurrent
static void rev(double *x, int n, int i)
{
    double t = x[i];
    x[i] = x[n - 1 - i] + t;
}
#pragma concurrent
static void narrow(double *x, unsigned char i)
{
    x[i] = x[i] * 3 + i;
}
#pragma concurrent
static void grid(double g[16][16], int i, int j)
{
    g[i][j] = g[i - 1][j] + g[i][j - 1];
}
int main(void)
{
    double x[600] = {1}, y[600] = {2}, g[16][16] = {{1, 1}, {1}};
    struct s p[100] = {{1, 2}};
    for (int i = 0; i < 600; i++)
        x[i] = y[i] = i % 7;
    for (int i = 0; i < 100; i++)
        p[i].a = p[i].b = i;
#pragma synchronized
    {
        for (int i = 0; i < 99; i++)
            shift(x, i);
        for (int i = 1; i < 99; i++)
            back(x, i);
        for (int i = 1; i < 98; i++)
            swap(p, i);
        for (int i = 1; i < 98; i++)
            swap2(p, i);
        for (int i = 1; i < 98; i++) {
            swap(p, i);
            swap2(p, i + 1);
        }
        for (int i = 1; i < 98; i++)
            two(x, y, i);
        for (int i = 1; i < 98; i++)
            two(x, x, i);
        for (int i = 1; i < 98; i++)
            two(x + 1, x, i);
        for (int i = 0; i < 98; i++)
            rev(y, 98, i);
        for (int i = 0; i < 580; i++)
            narrow(x, i);
        for (int i = 1; i < 16; i++)
            for (int j = 1; j < 16; j++)
                grid(g, i, j);
        for (int i = 1; i < 30; i++)
            for (int j = 1; j < 3; j++)
                shift(x + j, i * 2 - j);
        double *q = x;
        for (int i = 1; i < 30; i++) {
            shift(q, 3);
            q++;
        }
    }
    double t = 0;
    for (int i = 0; i < 600; i++)
        t = t * 0.999 + x[i] + 3 * y[i];
    for (int i = 0; i < 100; i++)
        t = t * 0.999 + p[i].a + 3 * p[i].b;
    printf("%.17g %.17g\n", t, g[15][15]);
}
