// Static locals of synchronized code stay one object: written by one loop's deferred part,
// read by another's, and kept from call to call.
#include <stdio.h>

#pragma concurrent
static double f(int i)
{
    return i * 0.5 + 1;
}

#pragma concurrent
static double g(int i)
{
    return i * 1000.25;
}

#pragma synchronized
static double rows(int n)
{
    static double y[100];
    static int n_calls;
    double total = 0;
    for (int i = 0; i < n; i++)
        y[i] += f(i);
    for (int i = 0; i < n; i++) {
        total += g(i) + y[i];
        n_calls++;
    }
    return total + n_calls;
}

int main(void)
{
    for (int i = 0; i < 3; i++)
        printf("%.17g\n", rows(60 + i));
    return 0;
}
