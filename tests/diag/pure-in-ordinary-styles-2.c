// Pure functions as people write them: nothing is said of any.
// expected-no-diagnostics
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo in(a[:n * n], b[:n * n]) out(c[:n * n])
void matmul_only(int n, const double *restrict a, const double *restrict b, double *restrict c)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double s = 0;
            for (int k = 0; k < n; k++)
                s += a[i * n + k] * b[k * n + j];
            c[i * n + j] = s;
        }
}

#pragma memo out(t[:n])
void dp_out_only(int n, long *t)
{
    for (int i = 0; i < n; i++)
        t[i] = i < 2 ? i : t[i - 1] + t[i - 2];
}

#pragma memo in(v[:n])out(h[:16])
void out_zero_then_add_only(const unsigned char *v, int n, int *h)
{
    memset(h, 0, 16 * sizeof *h);
    for (int i = 0; i < n; i++)
        h[v[i] & 15]++;
}

#pragma memo in(v[:n])out(h[:16])
void out_loop_zero_then_add_only(const unsigned char *v, int n, int *h)
{
    for (int i = 0; i < 16; i++)
        h[i] = 0;
    for (int i = 0; i < n; i++)
        h[v[i] & 15] += 1;
}

#pragma memo in(v[:n])out(*s, *q)
void out_scalar_acc_only(const double *v, int n, double *s, double *q)
{
    *s = *q = 0;
    for (int i = 0; i < n; i++) {
        *s += v[i];
        *q += v[i] * v[i];
    }
}

static void zero_out_helper_only(int *p, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = 0;
}
static void add_out_helper_only(int *p, int n)
{
    for (int i = 0; i < n; i++)
        p[i] += i;
}
#pragma memo out(p[:n])
void out_helper_only(int *p, int n)
{
    zero_out_helper_only(p, n);
    add_out_helper_only(p, n);
}

#pragma memo out(*st)
int out_optional_only(int n, int *st)
{
    if (st)
        *st = n > 0;
    return n;
}

static int cmp_out_copy_sort_only(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
#pragma memo in(v[:n])out(o[:n])
void out_copy_sort_only(const int *v, int n, int *o)
{
    memcpy(o, v, n * sizeof *o);
    qsort(o, n, sizeof *o, cmp_out_copy_sort_only);
}

struct st_out_struct_members_only {
    double mean, var;
    int n;
};
#pragma memo in(v[:n])out(*s)
void out_struct_members_only(const double *v, int n, struct st_out_struct_members_only *s)
{
    s->n = n;
    s->mean = 0;
    for (int i = 0; i < n; i++)
        s->mean += v[i];
    s->mean /= n;
    s->var = 0;
    for (int i = 0; i < n; i++)
        s->var += (v[i] - s->mean) * (v[i] - s->mean);
}

struct st_out_struct_assign_only {
    double mean;
    int n;
};
#pragma memo in(v[:n])out(*s)
void out_struct_assign_only(const double *v, int n, struct st_out_struct_assign_only *s)
{
    *s = (struct st_out_struct_assign_only){0};
    for (int i = 0; i < n; i++)
        s->mean += v[i];
    s->n = n;
}

#pragma memo
double libm_only(double x)
{
    return sin(x) * exp(-x) + pow(x, 1.5) + fma(x, x, 1) + fmod(x, 3) + floor(x) + hypot(x, 2) +
           tgamma(x) + erf(x);
}

#pragma memo
double frexp_ldexp_only(double x)
{
    int e;
    double m = frexp(x, &e), i;
    return ldexp(modf(m, &i), e) + i;
}

#pragma memo
double strtod_only(const char *s)
{
    char *end;
    double r = strtod(s, &end);
    return *end ? NAN : r;
}

#pragma memo
int sscanf_only(const char *s)
{
    int a, b;
    return sscanf(s, "%d-%d", &a, &b) == 2 ? a * b : -1;
}

#pragma memo
long errno_check_only(const char *s)
{
    errno = 0;
    long v = strtol(s, NULL, 10);
    return errno ? -1 : v;
}

static double sq_callbacks_in_sight_only(double x)
{
    return x * x;
}
static double integrate_callbacks_in_sight_only(double (*g)(double), double a, double b)
{
    double s = 0;
    for (int i = 0; i < 100; i++)
        s += g(a + (b - a) * i / 100);
    return s * (b - a) / 100;
}
#pragma memo
double callbacks_in_sight_only(double a, double b)
{
    return integrate_callbacks_in_sight_only(sq_callbacks_in_sight_only, a, b) +
           integrate_callbacks_in_sight_only(sin, a, b);
}

#pragma memo in(code(g))
double code_param_only(double (*g)(double), double a)
{
    return g(a) + g(a + 1);
}

struct ctx_callback_ctx_only {
    double k;
    int calls;
};
static double g_callback_ctx_only(double x, void *p)
{
    struct ctx_callback_ctx_only *c = p;
    c->calls++;
    return x * c->k;
}
static double run_callback_ctx_only(double (*fn)(double, void *), void *p)
{
    double s = 0;
    for (int i = 0; i < 10; i++)
        s += fn(i, p);
    return s;
}
#pragma memo
double callback_ctx_only(double k)
{
    struct ctx_callback_ctx_only c = {k, 0};
    return run_callback_ctx_only(g_callback_ctx_only, &c) / c.calls;
}

struct ops_vtable_only {
    double (*area)(const void *);
};
struct sq_vtable_only {
    const struct ops_vtable_only *o;
    double a;
};
static double sq_area_vtable_only(const void *p)
{
    const struct sq_vtable_only *s = p;
    return s->a * s->a;
}
static const struct ops_vtable_only sq_ops_vtable_only = {sq_area_vtable_only};
#pragma memo
double vtable_only(double a)
{
    struct sq_vtable_only s = {&sq_ops_vtable_only, a};
    return s.o->area(&s);
}

static int add_dispatch_table_only(int a, int b)
{
    return a + b;
}
static int sub_dispatch_table_only(int a, int b)
{
    return a - b;
}
static const struct {
    char op;
    int (*fn)(int, int);
} ops[] = {{'+', add_dispatch_table_only}, {'-', sub_dispatch_table_only}};
#pragma memo
int dispatch_table_only(char op, int a, int b)
{
    for (size_t i = 0; i < 2; i++)
        if (ops[i].op == op)
            return ops[i].fn(a, b);
    return 0;
}

static uint64_t next_rng_own_state_only(uint64_t *s)
{
    uint64_t x = *s;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *s = x;
}
#pragma memo
double rng_own_state_only(uint64_t seed, int n)
{
    uint64_t s = seed;
    int in = 0;
    for (int i = 0; i < n; i++) {
        double x = next_rng_own_state_only(&s) / 0x1p64, y = next_rng_own_state_only(&s) / 0x1p64;
        in += x * x + y * y < 1;
    }
    return 4.0 * in / n;
}

#pragma memo
int rng_rand_r_only(unsigned seed, int n)
{
    int s = 0;
    while (n--)
        s ^= rand_r(&seed);
    return s;
}

#pragma memo
double rng_erand48_only(int n)
{
    unsigned short x[3] = {1, 2, 3};
    double s = 0;
    while (n--)
        s += erand48(x);
    return s;
}

#pragma memo
uint32_t union_pun_only(float x)
{
    union {
        float f;
        uint32_t u;
    } v = {.f = x};
    return v.u >> 23 & 255;
}

#pragma memo
uint64_t memcpy_pun_only(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

#pragma memo in(p[:n])
uint32_t bytes_of_only(const void *p, size_t n)
{
    const unsigned char *b = p;
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * 16777619u;
    return h;
}

#pragma memo in(p[:n * 8])
double void_elements_only(const void *p, size_t n)
{
    const double *v = p;
    double s = 0;
    for (size_t i = 0; i < n; i++)
        s += v[i];
    return s;
}

#pragma memo in(p[:n])
long pointer_walk_only(const int *p, int n)
{
    const int *e = p + n;
    long s = 0;
    for (; p != e; ++p)
        s += *p;
    return s;
}

#pragma memo in(p[:n])
long pointer_walk_back_only(const int *p, int n)
{
    long s = 0;
    const int *q = p + n;
    while (q > p)
        s = s * 2 + *--q;
    return s;
}

#pragma memo in(p[:n])
long align_check_only(const char *p, size_t n)
{
    size_t i = 0;
    long s = 0;
    while (i < n && ((uintptr_t)(p + i) & 7))
        s += p[i++];
    for (; i < n; i++)
        s += p[i];
    return s;
}

#pragma memo
double aligned_alloc_only(int n)
{
    double *p = aligned_alloc(64, (n * 8 + 63) / 64 * 64);
    if (!p)
        return 0;
    for (int i = 0; i < n; i++)
        p[i] = i;
    double r = p[n - 1];
    free(p);
    return r;
}

#pragma memo
double posix_memalign_only(int n)
{
    void *v;
    if (posix_memalign(&v, 64, n * 8))
        return 0;
    double *p = v;
    for (int i = 0; i < n; i++)
        p[i] = i;
    double r = p[n - 1];
    free(p);
    return r;
}

#pragma memo
int alloca_only(int n)
{
    char *p = alloca(n + 1);
    memset(p, 'x', n);
    p[n] = 0;
    return (int)strlen(p);
}

#pragma memo
double manual_align_only(int n)
{
    char *raw = malloc(n * 8 + 63);
    double *p = (double *)(((uintptr_t)raw + 63) & ~(uintptr_t)63);
    for (int i = 0; i < n; i++)
        p[i] = i;
    double r = p[n - 1];
    free(raw);
    return r;
}
