// stats: late tasks>=40
/* Calls where evaluation may not happen, or happens more than once, or isn't one. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 31;
    for (int k = 0; k < 300; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 27);
}

static int n_seen;
static int seen(int i)
{
    n_seen = n_seen * 3 % 10007 + i;
    return i;
}

#pragma synchronized
static int operators(int n, int *v)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        v[i] = i && f(i);
        v[i] += i % 3 ? f(i) : -f(i + 1);
        if (f(i) > 12 && f(i + 1) > 12)
            sum += 10;
        if (i % 2 || f(i) == 3)
            sum++;
        if (!f(i))
            sum += 1000;
        v[i] += (sum++, f(i));
        v[i] += f(i) ? f(i) : f(i + 2);
        sum += (f(i) > 7) + (int)sizeof f(i) + _Generic(f(i), int: 1, default: 2);
        (void)f(i);
        f(i);
        v[i] ^= __builtin_constant_p(f(i)) + __builtin_expect(f(i), 1);
    }
    return sum;
}

/* Other operands with effects, or that calls have an effect on. */
#pragma synchronized
static int operands(int n, int *v)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += seen(i) + f(i);
        v[seen(i)] = f(i);
        v[i] += f(seen(i + 1)) * 2;
        sum ^= f(i), seen(sum);
        v[i] = (v[i + 1] = f(i)) + 1;
        v[i] += ({
            int w = f(i);
            w + seen(w);
        });
        sum = -f(sum & 15);
    }
    return sum + n_seen;
}

#pragma synchronized
static int values(int n)
{
    int a, b, c = 0, v[3] = {0};
    for (int i = 0; i < n; i++) {
        a = b = f(i);
        c += a = f(b);
        v[0] = v[1] = v[2] = f(i) + b;
        if ((a = f(i)) > 9)
            c += a;
        while ((b = f(c & 31)) > 25)
            c++;
        c += v[(a + b) % 3];
    }
    return a + b * 32 + c;
}

#pragma synchronized
static int return_of_a_call(int n)
{
    if (n == 0)
        return f(1);
    if (n == 1)
        return f(2) + f(3);
    if (n == 2)
        return n_seen = f(4);
    int v = f(5);
    return f(v) ? v : f(6);
}

int main(void)
{
    int v[17] = {0};
    printf("%d\n", operators(16, v));
    for (int i = 0; i < 16; i++)
        printf("%d ", v[i]);
    printf("\n");
    printf("%d\n", operands(16, v));
    for (int i = 0; i < 16; i++)
        printf("%d ", v[i]);
    printf("%d\n", values(16));
    for (int n = 0; n < 4; n++)
        printf("%d ", return_of_a_call(n));
    printf("\n");
    return 0;
}
