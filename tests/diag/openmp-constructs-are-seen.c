// flags: -fopenmp -Rmemo-reads
/* What stands under a directive of OpenMP is judged as the serial program, with -fopenmp too. */
#ifndef _OPENMP
#error "-fopenmp defines it"
#endif
#include <omp.h>

static int total; // expected-note {{'total' declared here}}
static int table[100];

#pragma memo // expected-note {{'pure' says}}
int memoized(int n)
{
    int s = 0;
#pragma omp parallel for reduction(+ : s)
    for (int k = 0; k < n; k++) {
        s += table[k]; // expected-remark {{memoized function 'memoized' reads global 'table'}}
#pragma omp atomic
        total++; // expected-error {{memoized function 'memoized' writes global 'total'}} expected-remark {{reads global 'total'}}
    }
    return s;
}

double looped(int n, const double *p)
{
    double sum = 0;
    int i = 0;
#pragma checkpoint // expected-note {{write e.g. 'match(p[:count])'}}
    while (i < n) {
#pragma omp parallel for reduction(+ : sum)
        for (int k = 0; k < n; k++)
            sum += p[k]; // expected-error {{the loop reads memory behind 'p' that no clause covers}}
        i++;
    }
    return sum;
}

#pragma concurrent
static int f(int i)
{
    return i * 3;
}

int inside(int n)
{
    int s = 0;
#pragma omp parallel
    {
#pragma checkpoint // expected-error {{a loop under a directive of OpenMP can't be saved}} expected-note {{annotate a serial loop around it}}
        for (int i = 0; i < n; i++)
            s += i;
#pragma synchronized // expected-warning {{this synchronized code runs serially: memocc doesn't look into the OpenMP construct that it stands in}}
        for (int i = 0; i < n; i++)
            s += f(i);
    }
#pragma omp barrier
#pragma checkpoint
    for (int i = 0; i < n; i++)
        s += i;
    return s;
}
