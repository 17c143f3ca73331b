/* A call that ends the program stores nothing: what it says first doesn't matter. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static void *get(size_t n)
{
    void *p = malloc(n);
    if (!p) {
        perror("malloc");
        if (n > 1000)
            fprintf(stderr, "%zu bytes\n", n);
        abort();
    }
    return p;
}

#pragma memo
double fine(int n)
{
    double *v = get((size_t)n * sizeof *v), sum = 0;
    if (n > 100)
        die("too many");
    for (int i = 0; i < n; i++)
        sum += v[i] = i;
    free(v);
    return sum;
}

#pragma memo // expected-note {{'pure' says}}
int returns_then(int n)
{
    if (n < 0) {
        puts("negative"); // expected-error {{memoized function 'returns_then' writes output: it calls 'puts'}}
        if (n > -5)
            return 0;
        exit(1);
    }
    return n;
}

#pragma memo // expected-note {{'pure' says}}
int breaks_out(int n)
{
    while (n > 0) {
        if (n == 7) {
            puts("seven"); // expected-error {{memoized function 'breaks_out' writes output: it calls 'puts'}}
            break;
        }
        if (n > 100)
            exit(1);
        n--;
    }
    return n;
}
