// flags: -ffp-contract=off -lm
// warnings: yes
/* Locals that are also reached through pointers, inner regions, memory of streams, flags of the
 * floating-point unit: what is deferred must see them as the serial program does. */
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>

#pragma concurrent
static double f(int i)
{
    return i * 0.5 + 1;
}
#pragma concurrent
__attribute__((noinline)) static double third(int i)
{
    return i / 3.0;
}

#pragma synchronized
static void counted_through_a_pointer(double *out, int n)
{
    int i, *pi = &i;
    for (i = 0; i < n; (*pi)++) {
        double v = f(i);
        out[i] += v * *pi;
    }
}

#pragma synchronized
static double changed_under_a_name(int n)
{
    int i = 0, *pi = &i;
    double s = 0;
    for (int k = 0; k < n; k++) {
        double v = f(k);
        s += v * *pi;
        i++;
    }
    return s;
}

static double one_in_another(int n)
{
    double s = 0;
#pragma synchronized
    for (int j = 0; j < n; j++) {
        s += f(j);
#pragma synchronized
        {
            double q = f(j);
            s = s * 3 - q;
        }
    }
    return s;
}

#pragma synchronized
static void into_memory(int n)
{
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    if (!stream)
        return;
    for (int i = 0; i < n; i++) {
        double x = f(i);
        fprintf(stream, "%g,", x);
        fflush(stream);
        printf("%zu %s\n", len, text);
    }
    fclose(stream);
    free(text);
}

#pragma synchronized
static void flags(void)
{
    feclearexcept(FE_ALL_EXCEPT);
    double a = third(1);
    printf("%s ", fetestexcept(FE_INEXACT) ? "inexact" : "exact");
    feclearexcept(FE_ALL_EXCEPT);
    double b = third(9);
    printf("%s %g %g\n", fetestexcept(FE_INEXACT) ? "inexact" : "exact", a, b);
}

/* A block-scope declaration of what is declared outside as well. */
static double declared_again(int n)
{
    double s = 0;
    double third(int i);
#pragma synchronized
    for (int j = 0; j < n; j++)
        s += third(j);
    return s;
}

struct wide {
    double v;
};
#define v w.v /* not expanded twice */
#pragma synchronized
static double by_macro(int n)
{
    struct wide w = {0};
    for (int i = 0; i < n; i++)
        v += f(i);
    return v;
}
#undef v

#pragma synchronized
static int names_of_ours(int n)
{
    int memo_r = 0, memo_i = 1;
    for (int i = 0; i < n; i++)
        memo_r += (int)f(i) * memo_i;
    return memo_r;
}

#pragma synchronized
static unsigned long sizes(int n, double *a)
{
    unsigned long s = 0;
    double d8[7];
    for (int i = 0; i < n; i++)
        s += (unsigned long)f(i) * sizeof(d8) + sizeof a[i];
    return s;
}

int main(void)
{
    double out[10] = {0};
    counted_through_a_pointer(out, 10);
    for (int i = 0; i < 10; i++)
        printf("%g ", out[i]);
    printf("%g %g\n", changed_under_a_name(10), one_in_another(4));
    into_memory(3);
    flags();
    printf("%g %g %d %lu\n", declared_again(9), by_macro(9), names_of_ours(9), sizes(9, out));
    return 0;
}
