// stats: late tasks>=200
/* The pragma before a loop or a block of an ordinary function. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 400; k++)
        h = h * 1103515245u + 12345u;
    return (int)(h >> 25);
}

static int each_kind(int *v, int n)
{
    int sum = f(1); /* an ordinary call */
#pragma synchronized
    for (int i = 0; i < n; i++)
        v[i] = f(i);
    int i = 0;
#pragma synchronized
    while (i < n) {
        v[i] += f(i * 2);
        i++;
    }
#pragma synchronized
    do {
        sum += f(i);
        i -= 2;
    } while (i > 0);
#pragma synchronized
    {
        int a = f(10), b = f(11);
        v[0] = a - b;
        v[1] = f(12);
    }
    v[2] = v[1] + v[0]; /* complete */
    if (n > 3)
#pragma synchronized
        for (int j = 3; j < n; ++j)
            sum ^= f(j);
    else
        sum = 0;
    switch (n & 1) {
    case 0:
#pragma synchronized
        for (int j = 0; j < n; j++)
            v[j] ^= f(j);
        break;
    default:;
    }
    return sum;
}

static int left(int *v, int n, int how)
{
#pragma synchronized
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        if (i == 5) {
            if (how == 0)
                break;
            if (how == 1)
                return v[3];
            if (how == 2)
                goto out;
            if (how == 3)
                continue;
            v[i] = -1;
        }
        v[i] += f(i + 1);
    }
    return v[n - 1];
out:
    v[0] = 99;
    return -v[5];
}

static void one_in_another(int m[5][5])
{
#pragma synchronized
    for (int i = 0; i < 5; i++) {
        int base = f(i);
#pragma synchronized threads(2)
        for (int j = 0; j < 5; j++)
            m[i][j] = f(j) + base;
        m[i][i] = f(i * i);
    }
}

static int round_a_loop(int *v, int n)
{
    int sum = 0;
    for (int k = 0; k < 3; k++) {
#pragma synchronized
        for (int i = 0; i < n; i++)
            v[i] = v[i] / 2 + f(i + k);
        for (int i = 0; i < n; i++)
            sum += v[i] * k;
    }
    return sum;
}

static int locals_in_sight(int n)
{
    int v[n], *p = v;
    struct {
        int a, b[3];
    } s = {0, {0}};
#pragma synchronized
    for (int i = 0; i < n; i++) {
        *p++ = f(i);
        s.a += f(i);
        s.b[i % 3] = f(i);
    }
    int sum = s.a + s.b[0] + s.b[1] * 2 + s.b[2] * 3;
    for (int i = 0; i < n; i++)
        sum = sum * 3 % 10007 + v[i];
    return sum + (int)(p - v);
}

int main(void)
{
    int v[12] = {0}, m[5][5];
    for (int n = 2; n < 13; n += 3) {
        printf("%d:", each_kind(v, n));
        for (int i = 0; i < n; i++)
            printf(" %d", v[i]);
        printf("\n");
    }
    for (int how = 0; how < 5; how++) {
        printf("%d:", left(v, 9, how));
        for (int i = 0; i < 6; i++)
            printf(" %d", v[i]);
        printf("\n");
    }
    one_in_another(m);
    for (int i = 0; i < 25; i++)
        printf("%d ", m[i / 5][i % 5]);
    printf("%d %d\n", round_a_loop(v, 12), locals_in_sight(9));

    int in_main[6], sum = 0;
#pragma synchronized
    for (int i = 0; i < 6; i++) {
        in_main[i] = f(i + 40);
        sum += f(i);
    }
    printf("%d", sum);
    for (int i = 0; i < 6; i++)
        printf(" %d", in_main[i]);
    printf("\n");
    return 0;
}
