// Pure functions as people write them: nothing is said of any.
// expected-no-diagnostics
#define _GNU_SOURCE
#include <assert.h>
#include <complex.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo
double own_malloc_only(int n)
{
    double *t = malloc(n * sizeof *t), s = 0;
    if (!t)
        return -1;
    for (int i = 0; i < n; i++)
        t[i] = i;
    for (int i = 0; i < n; i++)
        s += t[i];
    free(t);
    return s;
}

static int *mk_own_calloc_helper_only(int n)
{
    int *p = calloc(n, sizeof *p);
    if (!p)
        abort();
    return p;
}
#pragma memo
int own_calloc_helper_only(int n)
{
    int *p = mk_own_calloc_helper_only(n);
    for (int i = 0; i < n; i++)
        p[i] += i;
    int r = p[n - 1];
    free(p);
    return r;
}

#pragma memo
int grow_realloc_only(int n)
{
    int *v = NULL, cap = 0, len = 0;
    for (int i = 0; i < n; i++) {
        if (len == cap) {
            cap = cap ? 2 * cap : 8;
            int *w = realloc(v, cap * sizeof *w);
            if (!w) {
                free(v);
                return -1;
            }
            v = w;
        }
        v[len++] = i;
    }
    int r = len ? v[len - 1] : 0;
    free(v);
    return r;
}

static void fill_local_array_down_only(int *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = i * i;
}
static int total_local_array_down_only(const int *v, int n)
{
    int s = 0;
    while (n--)
        s += *v++;
    return s;
}
#pragma memo
int local_array_down_only(int n)
{
    int v[100];
    fill_local_array_down_only(v, n);
    return total_local_array_down_only(v, n);
}

static void minmax_out_helpers_only(const double *v, int n, double *lo, double *hi)
{
    *lo = *hi = v[0];
    for (int i = 1; i < n; i++) {
        if (v[i] < *lo)
            *lo = v[i];
        if (v[i] > *hi)
            *hi = v[i];
    }
}
#pragma memo in(v[:n])
double out_helpers_only(const double *v, int n)
{
    double lo, hi;
    minmax_out_helpers_only(v, n, &lo, &hi);
    return hi - lo;
}

static const unsigned char days_const_table_only[2][12] = {{31, 28, 31}, {31, 29, 31}};
#pragma memo
int const_table_only(int m, int y)
{
    return days_const_table_only[y % 4 == 0][m];
}

#pragma memo
int static_const_local_only(int m)
{
    static const int t_static_const_local_only[] = {1, 2, 3};
    return t_static_const_local_only[m % 3];
}

static const char *const names[] = {"a", "bb", NULL};
#pragma memo
int string_table_only(const char *s)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], s))
            return i;
    return -1;
}

static const struct {
    const char *name;
    int v;
} tab[] = {{"one", 1}, {"two", 2}};
#pragma memo
int string_table_struct_only(const char *s)
{
    for (size_t i = 0; i < sizeof tab / sizeof *tab; i++)
        if (strcmp(tab[i].name, s) == 0)
            return tab[i].v;
    return 0;
}

#pragma memo
static long fib_memoized_callee_only(int n)
{
    return n < 2 ? n : fib_memoized_callee_only(n - 1) + fib_memoized_callee_only(n - 2);
}
#pragma memo
long memoized_callee_only(int n)
{
    return fib_memoized_callee_only(n) + 1;
}

#pragma memo returns(string)
char *string_build_only(const char *a, int n)
{
    size_t l = strlen(a);
    char *r = malloc(l * n + 1);
    if (!r)
        return NULL;
    char *p = r;
    for (int i = 0; i < n; i++) {
        memcpy(p, a, l);
        p += l;
    }
    *p = '\0';
    return r;
}

#pragma memo returns(string)
char *string_build_snprintf_only(int a, double b)
{
    int n = snprintf(NULL, 0, "%d %g", a, b);
    char *r = malloc(n + 1);
    if (r)
        snprintf(r, n + 1, "%d %g", a, b);
    return r;
}

#pragma memo returns(string)
char *strdup_ret_only(const char *a)
{
    char *r = strdup(a);
    for (char *p = r; p && *p; p++)
        *p = toupper((unsigned char)*p);
    return r;
}

#pragma memo returns(string)
char *asprintf_ret_only(int a)
{
    char *r;
    if (asprintf(&r, "%d", a) < 0)
        return NULL;
    return r;
}

static int cmp_qsort_pure_only(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
#pragma memo in(v[:n])
double qsort_pure_only(const double *v, size_t n)
{
    double *t = malloc(n * sizeof *t);
    if (!t)
        return 0;
    memcpy(t, v, n * sizeof *t);
    qsort(t, n, sizeof *t, cmp_qsort_pure_only);
    double m = t[n / 2];
    free(t);
    return m;
}

static int cmp_qsort_inout_only(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
#pragma memo inout(v[:n])
void qsort_inout_only(int *v, size_t n)
{
    qsort(v, n, sizeof *v, cmp_qsort_inout_only);
}

static int cmp_qsort_strings_only(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}
#pragma memo
int qsort_strings_only(const char *s)
{
    char *w[32], *c = strdup(s), *save;
    int n = 0;
    if (!c)
        return -1;
    for (char *t = strtok_r(c, " ", &save); t && n < 32; t = strtok_r(NULL, " ", &save))
        w[n++] = t;
    qsort(w, n, sizeof *w, cmp_qsort_strings_only);
    int d = 0;
    for (int i = 1; i < n; i++)
        d += strcmp(w[i], w[i - 1]) != 0;
    free(c);
    return d;
}

static int cmp_bsearch_pure_only(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
#pragma memo in(v[:n])
int bsearch_pure_only(const int *v, int n, int k)
{
    const int *p = bsearch(&k, v, n, sizeof *v, cmp_bsearch_pure_only);
    return p ? (int)(p - v) : -1;
}

#pragma memo
int vla_only(int n)
{
    int d[n + 1][n + 1];
    memset(d, 0, sizeof d);
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= n; j++)
            d[i][j] = d[i - 1][j] + d[i][j - 1] + 1;
    return d[n][n];
}

#pragma memo in(a [0:n] [0:m])
double vla_param_only(int n, int m, double a[n][m])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            s += a[i][j];
    return s;
}

#pragma memo
int lev_only(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    int *row = malloc((m + 1) * sizeof(int));
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        int prev = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            int t = row[j];
            int c = prev + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < c)
                c = row[j] + 1;
            if (row[j - 1] + 1 < c)
                c = row[j - 1] + 1;
            row[j] = c;
            prev = t;
        }
    }
    int r = row[m];
    free(row);
    return r;
}

struct nd_tree_array_only {
    int l, r, v;
};
static int sum_tree_array_only(const struct nd_tree_array_only *t, int i)
{
    return i < 0 ? 0 : t[i].v + sum_tree_array_only(t, t[i].l) + sum_tree_array_only(t, t[i].r);
}
#pragma memo in(t[:n])
int tree_array_only(const struct nd_tree_array_only *t, int n)
{
    return n ? sum_tree_array_only(t, 0) : 0;
}

struct nd_own_tree_only {
    struct nd_own_tree_only *l, *r;
    int v;
};
static struct nd_own_tree_only *ins_own_tree_only(struct nd_own_tree_only *t, int v)
{
    if (!t) {
        t = calloc(1, sizeof *t);
        if (!t)
            abort();
        t->v = v;
        return t;
    }
    if (v < t->v)
        t->l = ins_own_tree_only(t->l, v);
    else
        t->r = ins_own_tree_only(t->r, v);
    return t;
}
static int depth_own_tree_only(const struct nd_own_tree_only *t)
{
    if (!t)
        return 0;
    int a = depth_own_tree_only(t->l), b = depth_own_tree_only(t->r);
    return 1 + (a > b ? a : b);
}
static void drop_own_tree_only(struct nd_own_tree_only *t)
{
    if (t) {
        drop_own_tree_only(t->l);
        drop_own_tree_only(t->r);
        free(t);
    }
}
#pragma memo in(v[:n])
int own_tree_only(const int *v, int n)
{
    struct nd_own_tree_only *t = NULL;
    for (int i = 0; i < n; i++)
        t = ins_own_tree_only(t, v[i]);
    int d = depth_own_tree_only(t);
    drop_own_tree_only(t);
    return d;
}

struct it_own_list_only {
    struct it_own_list_only *next;
    int v;
};
#pragma memo
int own_list_only(int n)
{
    struct it_own_list_only *h = NULL;
    for (int i = 0; i < n; i++) {
        struct it_own_list_only *e = malloc(sizeof *e);
        if (!e)
            break;
        e->v = i;
        e->next = h;
        h = e;
    }
    int s = 0;
    while (h) {
        struct it_own_list_only *e = h;
        s += e->v;
        h = h->next;
        free(e);
    }
    return s;
}

struct vec_own_stack_struct_only {
    int *p;
    size_t n, cap;
};
static void push_own_stack_struct_only(struct vec_own_stack_struct_only *v, int x)
{
    if (v->n == v->cap) {
        v->cap = v->cap ? v->cap * 2 : 4;
        int *q = realloc(v->p, v->cap * sizeof *q);
        if (!q)
            abort();
        v->p = q;
    }
    v->p[v->n++] = x;
}
static int pop_own_stack_struct_only(struct vec_own_stack_struct_only *v)
{
    return v->n ? v->p[--v->n] : -1;
}
#pragma memo
int own_stack_struct_only(int n)
{
    struct vec_own_stack_struct_only v = {0};
    for (int i = 0; i < n; i++)
        push_own_stack_struct_only(&v, i ^ 5);
    int s = 0;
    while (v.n)
        s = s * 3 + pop_own_stack_struct_only(&v);
    free(v.p);
    return s;
}

struct e_hash_table_only {
    char *k;
    int n;
    struct e_hash_table_only *next;
};
static unsigned hash_hash_table_only(const char *s)
{
    unsigned h = 5381;
    while (*s)
        h = h * 33 + (unsigned char)*s++;
    return h;
}
#pragma memo
int hash_table_only(const char *text)
{
    struct e_hash_table_only *tab[64] = {0};
    char *c = strdup(text), *sv = NULL;
    int best = 0;
    if (!c)
        return -1;
    for (char *w = strtok_r(c, " ", &sv); w; w = strtok_r(NULL, " ", &sv)) {
        struct e_hash_table_only **b = &tab[hash_hash_table_only(w) % 64], *p;
        for (p = *b; p && strcmp(p->k, w); p = p->next)
            ;
        if (!p) {
            p = malloc(sizeof *p);
            if (!p)
                break;
            p->k = w;
            p->n = 0;
            p->next = *b;
            *b = p;
        }
        if (++p->n > best)
            best = p->n;
    }
    for (int i = 0; i < 64; i++)
        while (tab[i]) {
            struct e_hash_table_only *p = tab[i];
            tab[i] = p->next;
            free(p);
        }
    free(c);
    return best;
}

#pragma memo
int complex_only(double x, double y)
{
    double complex c = x + y * I, z = 0;
    int n = 0;
    while (n < 500 && cabs(z) < 2) {
        z = z * z + c;
        n++;
    }
    return n;
}

#pragma memo
double complex complex_ret_only(double complex z, int n)
{
    return cpow(z, n) + cexp(z);
}

struct v3_struct_by_value_only {
    double x, y, z;
};
static struct v3_struct_by_value_only cross_struct_by_value_only(struct v3_struct_by_value_only a,
                                                                 struct v3_struct_by_value_only b)
{
    return (struct v3_struct_by_value_only){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
                                            a.x * b.y - a.y * b.x};
}
#pragma memo
struct v3_struct_by_value_only struct_by_value_only(struct v3_struct_by_value_only a,
                                                    struct v3_struct_by_value_only b)
{
    struct v3_struct_by_value_only c = cross_struct_by_value_only(a, b);
    double l = sqrt(c.x * c.x + c.y * c.y + c.z * c.z);
    c.x /= l;
    c.y /= l;
    c.z /= l;
    return c;
}

#pragma memo
int snprintf_local_only(int n)
{
    char b[64];
    int s = 0;
    snprintf(b, sizeof b, "%d:%x", n, n);
    for (char *p = b; *p; p++)
        s += *p;
    return s;
}

#pragma memo
int assert_only(int n)
{
    assert(n >= 0);
    assert(n < 1000 && "too big");
    return n * 2;
}

#pragma memo
int switch_fall_only(int n)
{
    int r = 0;
    switch (n) {
    case 3:
        r += 3; /* fall */
    case 2:
        r += 2;
        break;
    default:
        r = -1;
    }
    return r;
}

#pragma memo
int goto_cleanup_only(int n)
{
    int rc = -1;
    char *a = malloc(n), *b = NULL;
    if (!a)
        goto out;
    b = malloc(n);
    if (!b)
        goto out;
    memset(a, 1, n);
    memcpy(b, a, n);
    rc = b[n - 1];
out:
    free(b);
    free(a);
    return rc;
}

#pragma memo
unsigned collatz_only(unsigned long long n)
{
    unsigned c = 0;
    for (; n != 1; c++)
        n = n % 2 ? 3 * n + 1 : n / 2;
    return c;
}
