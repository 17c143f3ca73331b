// flags: -Wall -Wextra -O1
// The number of calls that `progress` expects is worked out from the loops, at the start.
#include <stdio.h>
#define columns_of(n) (n)

#pragma concurrent
static double f(int i, int j)
{
    return i * 0.5 + j;
}

static double grid[40][30];
static int first = 2, volatile_free;

#pragma synchronized progress("grid")
static void fill(unsigned rows, int columns)
{
    for (unsigned i = 0; i < rows; i += 3)
        for (int j = columns - 1; j >= first; j--)
            grid[i][j] = f((int)i, j);
}

static double sums(int n)
{
    double total = 0;
    int m = columns_of(n) * 2;
#pragma synchronized progress
    for (int i = 0; i < m; i++)
        for (int j = 0; j <= i; j += 2)
            total += f(i, j);
#pragma synchronized progress("some of them")
    {
        for (int i = n; i > 0; i--)
            total += f(i, 0);
        if (n > 3)
            total += f(n, n);
    }
    return total;
}

int main(void)
{
    fill(40, 30);
    volatile_free = 7;
    printf("%.17g %.17g %.17g\n", grid[3][4], grid[39][29], sums(volatile_free));
    fill(0, -5);
    printf("%.17g\n", sums(-3));
    return 0;
}
