// flags: -Rmemo-match
/* What stops a loop from being saved, and what to write, with carets. */
#include <stdlib.h>

struct node {
    struct node *next;
    double value;
};
struct node *find(int key);

/* A variable of the body is gone in the next iteration. */
double local(int n)
{
    double s = 0, *best = NULL;
#pragma checkpoint
    for (int i = 0; i < n; i++) {
        double x = i * 0.5;
        best = &x;
        s += *best;
        if (s > 10)
            break;
    }
    return s + *best;
}

const char *literal(int n)
{
    static const char even[] = "even", odd[] = "odd";
    const char *word = NULL, *name = even;
#pragma checkpoint
    for (int i = 0; i < n; i++) {
        word = i % 2 ? "odd" : "even";
        name = i % 2 ? odd : even;
    }
    return n > 10 ? word : name;
}

double unknown(int n)
{
    double s = 0;
#pragma checkpoint trust(find)
    for (int i = 0; i < n; i++) {
        s += find(i)->value;
        find(i)->value = i;
    }
    return s;
}

int strings(const char *text, int n)
{
    int s = 0;
#pragma checkpoint
    for (int i = 0; i < n; i++)
        s += text[i % 3] == 'a';
    return s;
}

static void smooth(double *v, int n)
{
    for (int i = 1; i < n; i++)
        v[i] = (v[i - 1] + v[i]) / 2;
}

void shape(double *grid, int n, long steps)
{
#pragma checkpoint
    for (long step = 0; step < steps; step++)
        smooth(grid, n);
}
