// runs: cold warm
// flags: -O2
/* Variables of all types go through copies and back while a save is due every second iteration. */
#include <complex.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum color { RED, GREEN = 7, BLUE };
union u {
    int i;
    unsigned char c[8];
};
struct bits {
    unsigned a : 3;
    int b : 9;
    long c;
};
static void types(int n, double arr[static 4])
{
    _Bool flag = false;
    enum color c = RED;
    double complex z = 1;
    long double ld = 0;
    float f = 1;
    union u un = {0};
    struct bits b = {1, 2, 3};
    volatile int vol = 0;
    _Atomic int at = 0;
    register int reg = 1;
    unsigned char bytes[3000];
    int vla[n];
    char small[20] = "";
    typedef int v4 __attribute__((vector_size(16)));
    v4 vec = {1, 2, 3, 4};
    struct local {
        int x, y[2];
    } loc = {1, {2, 3}};
    const int konst = n * 2;
    double maybe, last = 0;
    memset(bytes, 1, sizeof bytes);
    memset(vla, 0, sizeof vla);
#pragma checkpoint every(2 iterations)
    for (int i = 0; i < n; ++i) {
        flag = !flag;
        c = c == RED ? GREEN : c == GREEN ? BLUE : RED;
        z = z * (0.5 + 1.0 * I) + i;
        ld += i / 3.0L;
        f *= 1.5f;
        un.i += i;
        b.a++;
        b.b -= i;
        b.c += b.b;
        vol += i;
        at += 2;
        reg = reg * 3 % 1000 + i;
        bytes[i * 7 % 3000] += i;
        vla[i] = i * reg;
        small[i % 19] = 'a' + i % 26;
        vec += (v4){i, i, i, i};
        loc.x++;
        loc.y[i & 1] += loc.x;
        maybe = i * 0.5;
        if (i == n - 1)
            last = maybe + konst;
    }
    long s = 0;
    for (int i = 0; i < 3000; i++)
        s += bytes[i];
    for (int i = 0; i < n; i++)
        s += vla[i];
    printf("%d %d %g %g %Lg %g %d %d %d %ld %d %d %d %ld %s %d %d %d %d %g %g\n", flag, c, creal(z),
           cimag(z), ld, f, un.i, b.a, b.b, b.c, vol, at, reg, s, small, vec[2], loc.x, loc.y[0],
           loc.y[1], arr[0], last);
}

int main(void)
{
    double arr[4] = {1, 2, 3, 4};
    types(17, arr);
    return 0;
}
