// flags: --memo-explain
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct body {
    char kind;
    double mass;
};
struct grid {
    int rows, columns;
    double *cells;
};

int scale = 2;
double weights[4] = {1, 2, 3, 4};
double elsewhere(double x);

static double square(double x)
{
    return x * x;
}

static double sum(const double *v, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += square(v[i]) * scale;
    return s;
}

#pragma memo
int fast(int a, short b)
{
    return a * b;
}

#pragma memo in(v[:n])
double norm(const double *v, int n)
{
    return sqrt(sum(v, n)) + elsewhere(n);
}

#pragma memo in(g->rows, g->columns, g->cells[:g->rows * g->columns]) out(best[:2], *status)
void search(const struct grid *g, int best[2], int *status)
{
    best[0] = best[1] = (int)g->cells[0];
    *status = g->rows > 0;
}

#pragma memo
int counted(int n)
{
    static int calls;
    return n + calls++;
}

#pragma memo in(bodies[:n]) inout(*total) ignore(label) name("bodies/heaviest") tier(disk)
double heaviest(const struct body *bodies, int n, double *total, const char *label)
{
    double most = 0;
    for (int i = 0; i < n; i++) {
        *total += bodies[i].mass;
        most = bodies[i].mass > most ? bodies[i].mass : most;
    }
    (void)label;
    return most;
}

#pragma memo file(path) env("LANG") returns(string) pure
char *first_line(const char *path, int verbose)
{
    char line[100] = "", *lang = getenv("LANG");
    FILE *f = fopen(path, "r");
    if (f && fgets(line, sizeof line, f) && verbose)
        fprintf(stderr, "%s\n", lang);
    if (f)
        fclose(f);
    return strdup(line);
}

#pragma memo in(code(f)) reads(weights) when(n > 8) store_if(result > 0) expires(12h) min_cost(5ms)
double applied(double (*f)(double), int n)
{
    if (n > 100)
        abort();
    return f(weights[n & 3]);
}

#pragma memo version("3") name("table") out(*count) returns([:*count])
long *table(int n, int *count)
{
    long *t = calloc((size_t)n, sizeof *t);
    *count = t ? n : 0;
    return t;
}

#pragma memo external
double erf(double x);

double uses_erf(double x)
{
    return erf(x);
}

int main(void)
{
    return 0;
}
