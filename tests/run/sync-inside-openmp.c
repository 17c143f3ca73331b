// flags: -fopenmp
// stats: late tasks>=1000
/* Synchronized code in the user's own parallel regions and tasks, and the user's
 * directives in functions that call it. */
#include <omp.h>
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 1001;
    for (int k = 0; k < 1500; k++)
        h = h * 1597334677u + 3u;
    return (int)(h >> 24);
}

#pragma synchronized
static double row(int n, int seed, int *v)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        v[i] = f(i + seed);
        sum = sum * 0.5 + v[i] / 3.0;
    }
    return sum;
}

#pragma concurrent
static int with_a_region_of_its_own(int n)
{
    int sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (int i = 0; i < n; i++)
        sum += f(i);
    return sum;
}

#pragma synchronized
static int calls_it(int n)
{
    int all = 0;
    for (int i = 0; i < n; i++)
        all = all * 3 % 10007 + with_a_region_of_its_own(i * 10);
    return all;
}

int main(void)
{
    static int v[12][60];
    double sums[12];
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < 12; i++)
        sums[i] = row(60, i, v[i]);
    for (int i = 0; i < 12; i++)
        printf("%a %d\n", sums[i], v[i][59]);
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 12; i++) {
#pragma omp task firstprivate(i) shared(sums, v)
        sums[i] = row(60, i * 2, v[i]);
    }
    for (int i = 0; i < 12; i++)
        printf("%a\n", sums[i]);
    printf("%a %d\n", row(60, 5, v[0]), calls_it(9));
    return 0;
}
