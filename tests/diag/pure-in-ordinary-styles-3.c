// Pure functions as people write them: nothing is said of any.
// expected-no-diagnostics
#define _GNU_SOURCE
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo
int setjmp_local_only(int n)
{
    jmp_buf b;
    int r = setjmp(b);
    if (r == 0 && n > 3)
        longjmp(b, 2);
    return r + n;
}

static int sum_va_sum_only(int n, ...)
{
    va_list ap;
    int s = 0;
    va_start(ap, n);
    while (n--)
        s += va_arg(ap, int);
    va_end(ap);
    return s;
}
#pragma memo
int va_sum_only(int a, int b)
{
    return sum_va_sum_only(3, a, b, 4);
}

static int fmt_va_fmt_only(char *b, size_t n, const char *f, ...)
{
    va_list ap;
    va_start(ap, f);
    int r = vsnprintf(b, n, f, ap);
    va_end(ap);
    return r;
}
#pragma memo
int va_fmt_only(int a)
{
    char b[32];
    return fmt_va_fmt_only(b, sizeof b, "%d", a) + b[0];
}

struct big_bigint_only {
    unsigned d[64];
    int n;
};
static void mul_bigint_only(struct big_bigint_only *b, unsigned k)
{
    unsigned long long c = 0;
    for (int i = 0; i < b->n; i++) {
        c += (unsigned long long)b->d[i] * k;
        b->d[i] = c % 1000000000;
        c /= 1000000000;
    }
    if (c)
        b->d[b->n++] = c;
}
#pragma memo
int bigint_only(int n)
{
    struct big_bigint_only b = {{1}, 1};
    for (int i = 2; i <= n; i++)
        mul_bigint_only(&b, i);
    int s = 0;
    for (int i = 0; i < b.n; i++)
        for (unsigned d = b.d[i]; d; d /= 10)
            s += d % 10;
    return s;
}

struct mat_matrix_struct2_only {
    int r, c;
    double *d;
};
#pragma memo in(m->d[:m->r * m->c], m->r, m->c)
double matrix_struct2_only(const struct mat_matrix_struct2_only *m)
{
    double s = 0;
    for (int i = 0; i < m->r * m->c; i++)
        s += m->d[i];
    return s;
}

struct mat_matrix_struct3_only {
    int r, c;
    double *d;
};
static double at_matrix_struct3_only(const struct mat_matrix_struct3_only *m, int i, int j)
{
    return m->d[i * m->c + j];
}
#pragma memo in(*m, m->d[:m->r * m->c])
double matrix_struct3_only(const struct mat_matrix_struct3_only *m)
{
    double s = 0;
    for (int i = 0; i < m->r; i++)
        s += at_matrix_struct3_only(m, i, i % m->c);
    return s;
}

struct mat_matrix_alloc_only {
    int r, c;
    double *d;
};
static struct mat_matrix_alloc_only *mnew_matrix_alloc_only(int r, int c)
{
    struct mat_matrix_alloc_only *m = malloc(sizeof *m);
    m->r = r;
    m->c = c;
    m->d = calloc(r * c, sizeof *m->d);
    return m;
}
static void mfree_matrix_alloc_only(struct mat_matrix_alloc_only *m)
{
    free(m->d);
    free(m);
}
#pragma memo
double matrix_alloc_only(int n)
{
    struct mat_matrix_alloc_only *m = mnew_matrix_alloc_only(n, n);
    for (int i = 0; i < n; i++)
        m->d[i * n + i] = i;
    double t = 0;
    for (int i = 0; i < n; i++)
        t += m->d[i * n + i];
    mfree_matrix_alloc_only(m);
    return t;
}

#pragma memo
double rows_alloc_only(int n)
{
    double **a = malloc(n * sizeof *a);
    for (int i = 0; i < n; i++)
        a[i] = calloc(n, sizeof **a);
    a[n - 1][0] = 3;
    double r = a[n - 1][0];
    for (int i = 0; i < n; i++)
        free(a[i]);
    free(a);
    return r;
}

#pragma memo out(*count) returns([:*count])
int *sieve_ret_only(int n, int *count)
{
    char *c = calloc(n + 1, 1);
    int *p = malloc((n + 1) * sizeof *p), k = 0;
    for (int i = 2; i <= n; i++) {
        if (c[i])
            continue;
        p[k++] = i;
        for (int j = 2 * i; j <= n; j += i)
            c[j] = 1;
    }
    free(c);
    *count = k;
    return p;
}

#pragma memo out(*n, alloc(*pp) [:*n])
int alloc_out_only(int k, double **pp, int *n)
{
    double *p = malloc(k * sizeof *p);
    if (!p)
        return -1;
    for (int i = 0; i < k; i++)
        p[i] = i;
    *pp = p;
    *n = k;
    return 0;
}

#pragma memo returns(in s)
const char *ret_in_only(const char *s, int c)
{
    while (*s && *s != c)
        s++;
    return s;
}

#pragma memo returns(static string)
const char *ret_static_only(int n)
{
    switch (n) {
    case 0:
        return "zero";
    case 1:
        return "one";
    }
    return "many";
}

static const char *const nm_ret_static_table_only[] = {"zero", "one"};
#pragma memo returns(static string)
const char *ret_static_table_only(int n)
{
    return nm_ret_static_table_only[n & 1];
}

static const char nm_ret_static_array2d_only[2][8] = {"zero", "one"};
#pragma memo returns(static string)
const char *ret_static_array2d_only(int n)
{
    return nm_ret_static_array2d_only[n & 1];
}

#define MIN_comma_macro_minmax_only(a, b)                                                          \
    ({                                                                                             \
        __typeof__(a) a_ = (a);                                                                    \
        __typeof__(b) b_ = (b);                                                                    \
        a_ < b_ ? a_ : b_;                                                                         \
    })
#define SWAP_comma_macro_minmax_only(a, b)                                                         \
    do {                                                                                           \
        __typeof__(a) t_ = (a);                                                                    \
        (a) = (b);                                                                                 \
        (b) = t_;                                                                                  \
    } while (0)
#pragma memo
int comma_macro_minmax_only(int a, int b)
{
    SWAP_comma_macro_minmax_only(a, b);
    return MIN_comma_macro_minmax_only(a, b) * 2;
}

#define absx_generic_only(x) _Generic((x), int : abs, double : fabs)(x)
#pragma memo
double generic_only(int a, double b)
{
    return absx_generic_only(a) + absx_generic_only(b);
}

#pragma memo
int bits_builtin_only(unsigned long n)
{
    return __builtin_popcountl(n) + __builtin_ctzl(n | 1) + (__builtin_expect(n > 3, 1) ? 1 : 0);
}

#pragma memo
int overflow_builtin_only(int a, int b)
{
    int r;
    if (__builtin_mul_overflow(a, b, &r))
        __builtin_trap();
    return r;
}

#pragma memo
int unreachable_only(int a)
{
    switch (a & 1) {
    case 0:
        return 1;
    case 1:
        return 2;
    }
    __builtin_unreachable();
}

struct opt_designated_only {
    int a, b;
    double c[3];
};
#pragma memo
double designated_only(int n)
{
    struct opt_designated_only o = {.b = n, .c = {[1] = 2.5}}, *p = &o;
    p->a = 3;
    return p->a + o.b + o.c[1];
}

enum st_enum_state_only { A, B, C };
static enum st_enum_state_only step_enum_state_only(enum st_enum_state_only s, int c)
{
    return c == 'x' ? (s + 1) % 3 : s;
}
#pragma memo
int enum_state_only(const char *t)
{
    enum st_enum_state_only s = A;
    for (; *t; t++)
        s = step_enum_state_only(s, *t);
    return s;
}

static int solve_recursion_backtrack_only(int n, int row, unsigned c, unsigned d, unsigned e)
{
    if (row == n)
        return 1;
    int s = 0;
    for (int i = 0; i < n; i++) {
        unsigned b = 1u << i;
        if ((c | d | e) & b)
            continue;
        s += solve_recursion_backtrack_only(n, row + 1, c | b, (d | b) << 1, (e | b) >> 1);
    }
    return s;
}
#pragma memo
int recursion_backtrack_only(int n)
{
    return solve_recursion_backtrack_only(n, 0, 0, 0, 0);
}

static void perm_permute_local_only(int *a, int k, int n, long *count)
{
    if (k == n) {
        (*count)++;
        return;
    }
    for (int i = k; i < n; i++) {
        int t = a[k];
        a[k] = a[i];
        a[i] = t;
        perm_permute_local_only(a, k + 1, n, count);
        t = a[k];
        a[k] = a[i];
        a[i] = t;
    }
}
#pragma memo
long permute_local_only(int n)
{
    int a[10];
    long c = 0;
    for (int i = 0; i < n; i++)
        a[i] = i;
    perm_permute_local_only(a, 0, n, &c);
    return c;
}

struct img_image_filter_only {
    int w, h;
    unsigned char *px;
};
#pragma memo in(a->w, a->h, a->px[:a->w * a->h]) out(o[:a->w * a->h])
void image_filter_only(const struct img_image_filter_only *a, unsigned char *o)
{
    for (int y = 0; y < a->h; y++)
        for (int x = 0; x < a->w; x++)
            o[y * a->w + x] = 255 - a->px[y * a->w + x];
}

#pragma memo
double restrict_static_array_only(const double v[static 4])
{
    return v[0] * v[3] - v[1] * v[2];
}

#pragma memo out(r)
void mat4_only(const double a[4][4], const double b[4][4], double r[4][4])
{
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            r[i][j] = 0;
            for (int k = 0; k < 4; k++)
                r[i][j] += a[i][k] * b[k][j];
        }
}

static long go_memo_table_local_only(int n, long *t)
{
    if (n < 2)
        return n;
    if (t[n])
        return t[n];
    return t[n] = go_memo_table_local_only(n - 1, t) + go_memo_table_local_only(n - 2, t);
}
#pragma memo
long memo_table_local_only(int n)
{
    long *t = calloc(n + 2, sizeof *t);
    long r = go_memo_table_local_only(n, t);
    free(t);
    return r;
}

#pragma memo
int ctype_only(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += isalpha((unsigned char)*s) || isdigit((unsigned char)*s);
    return n;
}

static void die_abort_helper_only(const char *m)
{
    fprintf(stderr, "%s\n", m);
    exit(1);
}
#pragma memo trust(die_abort_helper_only)
int abort_helper_only(int n)
{
    if (n < 0)
        die_abort_helper_only("neg");
    return n;
}

#pragma memo
int wide_only(int n)
{
    wchar_t w[] = L"abc";
    return w[n % 3];
}

#pragma memo
unsigned long int128_only(unsigned long a, unsigned long b, unsigned long m)
{
    return (unsigned long)((unsigned __int128)a * b % m);
}

typedef float v4_vec_ext_only __attribute__((vector_size(16)));
#pragma memo
float vec_ext_only(v4_vec_ext_only a, v4_vec_ext_only b)
{
    v4_vec_ext_only c = a * b;
    return c[0] + c[1] + c[2] + c[3];
}

#pragma memo in(p[:n])
int getline_no_only(const char *p, size_t n)
{
    int lines = 0;
    for (const char *q = p; (q = memchr(q, '\n', n - (q - p))); q++)
        lines++;
    return lines;
}

#pragma memo
int fmemopen_read_pure_only(const char *s)
{
    const char *colon = strchr(s, ':');
    return colon ? (int)(colon - s) : -1;
}
