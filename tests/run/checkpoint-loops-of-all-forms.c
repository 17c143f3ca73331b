// runs: cold warm
/* Each kind of loop in each kind of place, with jumps out of it; nested; statics of callees, a
 * global that is declared further down. */
#include <stdio.h>

static int helper_calls(int i)
{
    static int n, table[3] = {1, 2, 3};
    n += i;
    table[i % 3] += n;
    return n ^ table[(i + 1) % 3];
}
static int pair(int i)
{
    static int a, b = 5, (*fp)(int) = helper_calls;
    a += i;
    b ^= a;
    return fp(i) + b;
}
int later(int);

static int forms(int n)
{
    int i = 0, k, total = 0;
#pragma checkpoint every(1 iterations)
    while (i < n)
        i++, total += i;
    if (total)
#pragma checkpoint every(1 iterations)
        for (k = 0, i = 5; k < n; k++)
            ;
    else
        k = -1;
    total = total * 3 + k + i;
#pragma checkpoint every(1 iterations)
    do
        total += i--;
    while (i > 0);
#pragma checkpoint every(1 iterations)
    for (;;) {
        if (++i > n)
            break;
        if (i & 1)
            continue;
        total ^= i;
    }
again:
#pragma checkpoint every(1 iterations)
    while (1) {
        if (total++ % 13 == 0)
            goto out;
    }
out:
    if (total % 2) {
        total++;
        goto again;
    }
    switch (total & 1) {
    case 0:
#pragma checkpoint every(1 iterations)
        for (int a[3] = {1, 2, 3}, q = 0; q < n && a[0] < 1000; q++, a[q % 3] += q) {
            int q = 3;
            total += a[q % 3];
            if (total > 100000)
                return total;
        }
        break;
    }
    total += pair(n);
#pragma checkpoint every(1 iterations)
    for (int x = 0; x < n; x++) {
        total += pair(x) + helper_calls(x);
        total += later(x);
    }
    return total;
}
static int far_global = 3;
int later(int x)
{
    static struct {
        int a, b;
    } s, t = {4, 5};
    s.a += x;
    t.b -= s.a;
    far_global += x + t.b;
    return far_global;
}

static int nested(int n)
{
    int sum = 0;
#pragma checkpoint every(1 iterations)
    for (int i = 0; i < n; i++)
#pragma GCC unroll 4
#pragma checkpoint every(1 iterations)
        for (int j = 0; j < n; j++)
            sum = sum * 3 % 10007 + i * j;
    return sum;
}

int main(void)
{
    printf("%d\n", forms(20));
    printf("%d\n", nested(6));
    return 0;
}
