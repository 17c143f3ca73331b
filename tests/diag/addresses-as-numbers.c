#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct named {
    uintptr_t id;
    int n;
};

static int counter;

/* ---- they reach the result ---- */

#pragma memo
uintptr_t of_a_local(int n)
{
    uintptr_t id = (uintptr_t)&n; // expected-error {{'of_a_local' makes a number of an address}}
    return id ^ (uintptr_t)n;     // expected-note {{it reaches the result here}}
}

#pragma memo in(p[:n])
unsigned hashed(const char *p, int n)
{
    unsigned h = (unsigned)(uintptr_t)p * 2654435761u; // expected-error {{makes a number of an address}}
    return h + (unsigned)n;
}

static uintptr_t number(const void *p)
{
    return (uintptr_t)p; // expected-error {{'in_a_callee' makes a number of an address}}
}

#pragma memo
uintptr_t in_a_callee(int n)
{
    return number(&n); // expected-note {{'in_a_callee' calls 'number' here}}
}

#pragma memo out(*id)
void stored(int n, long *id)
{
    *id = n + (long)&counter; // expected-error {{makes a number of an address}}
}

#pragma memo
struct named in_a_struct(int n)
{
    struct named x = {(uintptr_t)&counter, n}; // expected-error {{makes a number of an address}}
    return x;
}

#pragma memo
uintptr_t copied(int n)
{
    int *p = &n;
    uintptr_t id;
    memcpy(&id, &p, sizeof id); // expected-error {{makes a number of an address}}
    return id;
}

#pragma memo out(text[:32])
void printed(char *text, int n)
{
    memset(text, 0, 32);
    snprintf(text, 32, "%p", (void *)&n); // expected-error {{makes a number of an address}}
}

/* ---- they don't ---- */

#pragma memo in(p[:n])
long aligned(const char *p, size_t n)
{
    const char *end = p + n;
    long sum = 0;
    while (p < end && ((uintptr_t)p & 7) != 0)
        sum += *p++;
    return sum + (long)((uintptr_t)end - (uintptr_t)p);
}

#pragma memo
double rounded_up(int n)
{
    char *raw = malloc((size_t)n * sizeof(double) + 63);
    double *v = (double *)(((uintptr_t)raw + 63) & ~(uintptr_t)63);
    v[0] = n;
    double first = v[0];
    free(raw);
    return first;
}

static int times(void *arg, int n)
{
    return (int)(intptr_t)arg * n;
}

static int each(int (*f)(void *, int), void *arg, int n)
{
    return f(arg, n) + f(arg, n + 1);
}

#pragma memo
int number_in_a_pointer(int n)
{
    return each(times, (void *)(intptr_t)3, n) + times((void *)(intptr_t)n, 2);
}

#pragma memo
size_t offset(int n)
{
    return (size_t) & ((struct named *)0)->n + (size_t)n;
}

#pragma memo in(p[:n])
int by_address(const int *p, int n)
{
    int slots[8] = {0};
    for (int i = 0; i < n; i++)
        slots[(uintptr_t)(p + i) / sizeof *p % 8] += p[i];
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += slots[i];
    return sum;
}

#pragma memo pure
uintptr_t promised(int n)
{
    return (uintptr_t)&counter + (uintptr_t)n;
}
