// flags: -O1 -ffp-contract=off -lm
// The doubly recursive Fibonacci numbers: a function that is concurrent and synchronized.
#include <stdio.h>

#pragma concurrent
#pragma synchronized
static long fib(int n)
{
    if (n < 2)
        return n;
    long a = fib(n - 1);
    long b = fib(n - 2);
    return a + b;
}

/* The same without names for the results. */
#pragma concurrent
#pragma synchronized
static long trib(int n)
{
    long sum = 0;
    if (n < 3)
        return n == 2;
    sum += trib(n - 1);
    sum += trib(n - 2);
    sum += trib(n - 3);
    return sum;
}

int main(void)
{
    for (int n = 0; n < 24; n++)
        printf("%ld %ld\n", fib(n), trib(n));
    return 0;
}
