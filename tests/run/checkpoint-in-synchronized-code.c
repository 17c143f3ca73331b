// stats: late tasks>=60
/* Loops with checkpoints in synchronized code, around it, and both of one loop: saves come after
 * what is pending. */
#include <stdio.h>
#pragma concurrent
static double f(int i)
{
    double s = i;
    for (int k = 0; k < 2000; k++)
        s = s * 1.0000001 + 0.5;
    return s;
}

#pragma synchronized
static double whole(int n, double *v)
{
    double sum = 0, best = f(3);
    for (int w = 0; w < 2; w++) {
        double inner = f(w);
#pragma checkpoint save(v[:n]) every(2 iterations)
        for (int i = 0; i < n; i++) {
            v[i] = f(i);
            sum += v[i];
            inner += f(i + w);
            if (i % 5 == 0)
#pragma checkpoint now
                best = best + f(i);
        }
        sum -= inner;
    }
    printf("%g %g\n", sum, best);
    return sum;
}
static double both(int n)
{
    double sum = 0;
#pragma synchronized
#pragma checkpoint
    for (int i = 0; i < n; i++)
        sum += f(i);
    double t = 1;
#pragma checkpoint
    for (int i = 0; i < n; i++)
#pragma synchronized
        for (int j = 0; j < 10; j++)
            t = t * 0.5 + f(j + i);
#pragma checkpoint
#pragma synchronized
    while (n > 0) {
        if (n == 3)
            break;
        sum += f(n--);
    }
    return sum + t;
}
int main(void)
{
    double v[20] = {0};
    printf("%g\n", whole(20, v));
    printf("%g %g\n", both(15), v[7]);
    return 0;
}
