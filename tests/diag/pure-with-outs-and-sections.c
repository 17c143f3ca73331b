// Sections and `out`s as people use them: nothing is said of any.
// expected-no-diagnostics
#define _GNU_SOURCE
#include <assert.h>
#include <complex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo out(s[:32])
void out_string_walk_only(char *s, int n)
{
    char *p = s;
    memset(s, 0, 32);
    do {
        *p++ = '0' + n % 10;
        n /= 10;
    } while (n);
    for (char *q = s; q < --p; q++) {
        char t = *q;
        *q = *p;
        *p = t;
    }
}

#pragma memo inout(s[:32])
int out_sprintf_strlen_only(char *s, int n)
{
    sprintf(s, "%d", n);
    return (int)strlen(s);
}

#pragma memo out(s[:32])
int out_snprintf_strlen_only(char *s, int n)
{
    memset(s, 0, 32);
    snprintf(s, 32, "%d", n);
    strcat(s, "x");
    return (int)strlen(s);
}

#pragma memo in(a[:n])out(pre[:n])
void out_two_pass_only(const int *a, int n, int *pre)
{
    if (n <= 0)
        return;
    pre[0] = a[0];
    for (int i = 1; i < n; i++)
        pre[i] = pre[i - 1] + a[i];
}

static void ident_out_mat_init_fn_only(double *m, int n)
{
    for (int i = 0; i < n * n; i++)
        m[i] = i % (n + 1) == 0;
}
static void mul_out_mat_init_fn_only(double *m, const double *b, int n)
{
    double t[n * n];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double s = 0;
            for (int k = 0; k < n; k++)
                s += m[i * n + k] * b[k * n + j];
            t[i * n + j] = s;
        }
    memcpy(m, t, sizeof t);
}
#pragma memo in(b[:n * n]) out(r[:n * n])
void out_mat_init_fn_only(int n, const double *b, int e, double *r)
{
    ident_out_mat_init_fn_only(r, n);
    while (e--)
        mul_out_mat_init_fn_only(r, b, n);
}

struct res_out_struct_ptr_local_only {
    int n;
    double v[4];
};
#pragma memo out(*r)
void out_struct_ptr_local_only(int k, struct res_out_struct_ptr_local_only *r)
{
    struct res_out_struct_ptr_local_only *q = r;
    memset(q, 0, sizeof *q);
    for (q->n = 0; q->n < 4 && q->n < k; q->n++)
        q->v[q->n] = k;
}

#pragma memo out(*r)
int out_switch_only(int k, int *r)
{
    switch (k) {
    case 0:
        *r = 1;
        break;
    case 1:
        *r = 2;
        break;
    default:
        *r = 0;
    }
    return *r + 1;
}

#pragma memo out(*r)
int out_ifelse_chain_only(int k, double *r)
{
    if (k < 0)
        *r = -1;
    else if (k == 0)
        *r = 0;
    else
        *r = 1;
    return *r > 0;
}

#pragma memo inout(*r)
int out_fail_path_only(int k, double *r)
{
    if (k < 0)
        return -1;
    *r = k;
    return *r > 3;
}

#pragma memo out(*r)
int out_goto_only(int k, int *r)
{
    int rc = 0;
    *r = 0;
    if (k < 0) {
        rc = -1;
        goto done;
    }
    *r = k;
done:
    return rc + *r;
}

#pragma memo out(*a, *b)
void out_ternary_ptr_only(int k, int *a, int *b)
{
    *a = *b = 0;
    int *p = k ? a : b;
    *p += k;
}

#pragma memo in(v[:n])out(o[:n])
void out_swap_bufs_only(const int *v, int n, int *o)
{
    int *tmp = malloc(n * sizeof *tmp), *src = o, *dst = tmp;
    memcpy(o, v, n * sizeof *o);
    for (int w = 1; w < n; w *= 2) {
        for (int i = 0; i < n; i++)
            dst[i] = src[i];
        int *t = src;
        src = dst;
        dst = t;
    }
    if (src != o)
        memcpy(o, src, n * sizeof *o);
    free(tmp);
}

struct item_out_heap_queue_only {
    int a, b;
};
#pragma memo out(q[:n])
int out_heap_queue_only(struct item_out_heap_queue_only *q, int n)
{
    int head = 0, tail = 0;
    q[tail++] = (struct item_out_heap_queue_only){0, 0};
    while (head < tail && tail < n) {
        struct item_out_heap_queue_only x = q[head++];
        q[tail++] = (struct item_out_heap_queue_only){x.a + 1, x.b};
    }
    return tail;
}

#pragma memo in(v[:n])out(*k, o[:*k])
void out_count_late_only(const int *v, int n, int *k, int *o)
{
    *k = 0;
    for (int i = 0; i < n; i++)
        if (v[i] > 0)
            o[(*k)++] = v[i];
}

#pragma memo in(v[:n])out(*k, o[:*k])
void out_dedup_only(const int *v, int n, int *k, int *o)
{
    int m = 0;
    for (int i = 0; i < n; i++)
        if (m == 0 || o[m - 1] != v[i])
            o[m++] = v[i];
    *k = m;
}

#pragma memo in(v[:n])out(st[:n])
int out_while_stack_only(const int *v, int n, int *st)
{
    int k = 0;
    for (int i = 0; i < n; i++) {
        while (k > 0 && st[k - 1] > v[i])
            k--;
        st[k++] = v[i];
    }
    return k;
}

#pragma memo out(t [0:n] [0:n])
void out_2d_only(int n, long t[n][n])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            t[i][j] = i == 0 || j == 0 ? 1 : t[i - 1][j] + t[i][j - 1];
}

#pragma memo out(t [0:n] [0:n])
void out_2d_first_row_only(int n, long t[n][n])
{
    for (int j = 0; j < n; j++)
        t[0][j] = 1;
    for (int i = 1; i < n; i++) {
        t[i][0] = 1;
        for (int j = 1; j < n; j++)
            t[i][j] = t[i - 1][j] + t[i][j - 1];
    }
}

#pragma memo out(r)
void out_fixed_array_only(double a, double r[3])
{
    r[0] = a;
    r[1] = r[0] * a;
    r[2] = r[1] * a;
}

#pragma memo out(z[:n])
void out_complex_only(int n, double complex *z)
{
    for (int i = 0; i < n; i++) {
        z[i] = i;
        z[i] *= I;
        z[i] += 1;
    }
}

#pragma memo out(b[:n])
void out_bits_only(unsigned char *b, int n)
{
    for (int i = 0; i < n; i++)
        b[i] = 0;
    for (int i = 0; i < 8 * n; i += 3)
        b[i / 8] |= 1 << (i % 8);
}

struct view_out_passed_in_struct_read_only {
    int *p;
    int n;
};
static int total_out_passed_in_struct_read_only(const struct view_out_passed_in_struct_read_only *v)
{
    int s = 0;
    for (int i = 0; i < v->n; i++)
        s += v->p[i];
    return s;
}
#pragma memo out(o[:n])
int out_passed_in_struct_read_only(int *o, int n)
{
    for (int i = 0; i < n; i++)
        o[i] = i;
    struct view_out_passed_in_struct_read_only v = {o, n};
    return total_out_passed_in_struct_read_only(&v);
}

static void go_out_fft_like_only(double *x, int n)
{
    if (n < 2)
        return;
    go_out_fft_like_only(x, n / 2);
    go_out_fft_like_only(x + n / 2, n / 2);
    for (int i = 0; i < n / 2; i++) {
        double a = x[i], b = x[i + n / 2];
        x[i] = a + b;
        x[i + n / 2] = a - b;
    }
}
#pragma memo in(v[:n])out(x[:n])
void out_fft_like_only(const double *v, double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = v[i];
    go_out_fft_like_only(x, n);
}

#pragma memo out(x[:n])
static void base_out_memo_inner_only(double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = i;
}
#pragma memo out(x[:n])
void out_memo_inner_only(double *x, int n)
{
    base_out_memo_inner_only(x, n);
    for (int i = 0; i < n; i++)
        x[i] += 1;
}

#pragma memo out(*r)
int out_assign_expr_only(int n, int *r)
{
    int k = (*r = n) + 1;
    return k + *r;
}

static int mk_out_or_chain_only(int n, int *r)
{
    *r = n;
    return n > 0;
}
#pragma memo out(*a)
int out_or_chain_only(int n, int *a)
{
    int ok = mk_out_or_chain_only(n, a) && *a > 3;
    return ok ? *a : 0;
}

static int mk_out_if_call_only(int n, int *r)
{
    *r = n;
    return n > 0;
}
#pragma memo out(*a)
int out_if_call_only(int n, int *a)
{
    if (!mk_out_if_call_only(n, a))
        return -1;
    return *a;
}

#pragma memo out(p[:n])
void out_void_bytes_only(void *p, size_t n)
{
    unsigned char *b = p;
    for (size_t i = 0; i < n; i++)
        b[i] = i;
    for (size_t i = 1; i < n; i++)
        b[i] ^= b[i - 1];
}

#pragma memo out(p[:n])
void out_asserted_only(int *p, int n)
{
    assert(p != NULL && n > 0);
    for (int i = 0; i < n; i++)
        p[i] = i;
    assert(p[0] == 0);
}

#pragma memo out(*r)
void out_do_while_only(int n, int *r)
{
    int i = 0;
    do {
        if (i)
            *r += i;
        else
            *r = 0;
    } while (++i < n);
}

#pragma memo out(*r)
void out_for_header_only(int n, int *r)
{
    for (*r = 0; n; n /= 10)
        *r += n % 10;
}

#pragma memo in(v[:n])out(*best)
void out_first_flag_only(const int *v, int n, int *best)
{
    int first = 1;
    for (int i = 0; i < n; i++) {
        if (first || v[i] > *best) {
            *best = v[i];
            first = 0;
        }
    }
}

#pragma memo out(*best)
int out_return_only_if_null_only(int n, int *best)
{
    int tmp;
    if (!best)
        best = &tmp;
    *best = n;
    return *best + 1;
}

#pragma memo in(v[:n + 1])
int in_bound_loop_le_only(const int *v, int n)
{
    int s = 0;
    for (int i = n; i >= 0; i--)
        s += v[i];
    return s;
}

#pragma memo in(v[:n])
int in_sentinel_only(const int *v, int n)
{
    int i = 0;
    while (i < n && v[i])
        i++;
    return i == n ? 0 : v[i];
}

#pragma memo in(v[:2 * n])
int in_pairs_only(const int *v, int n)
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += v[2 * i] * v[2 * i + 1];
    return s;
}

#pragma memo in(v[:n])
int in_last_only(const int *v, int n)
{
    return n ? v[n - 1] : 0;
}

#pragma memo in(v[:n + k - 1])
int in_window_only(const int *v, int n, int k)
{
    int s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < k; j++)
            s += v[i + j];
    return s;
}

#pragma memo in(v[:n])
int in_rev_only(const int *v, int n)
{
    int s = 0;
    for (int i = n - 1; i >= 0; i--)
        s += v[i] * v[n - 1 - i];
    return s;
}

#pragma memo in(v[:n])
int in_step2_only(const int *v, int n)
{
    int s = 0;
    for (int i = 0; i + 1 < n; i += 2)
        s += v[i] * v[i + 1];
    return s;
}

#pragma memo in(v[:n])
int in_n_minus_only(const int *v, int n)
{
    int s = 0;
    for (int i = 0; i < n - 1; i++)
        s += v[i] < v[i + 1];
    return s;
}

#pragma memo in(v[:n])
int in_from1_only(const int *v, int n)
{
    int s = 0;
    for (int i = 1; i < n; i++)
        s += v[i] - v[i - 1];
    return s;
}

#pragma memo in(v[:n])
int in_unsigned_only(const int *v, size_t n)
{
    int s = 0;
    for (size_t i = n; i-- > 0;)
        s += v[i];
    return s;
}

#pragma memo in(v[:256])
int in_char_const_only(const int *v, const char *t)
{
    int s = 0;
    for (; *t; t++)
        s += v[(unsigned char)*t];
    return s + v['a'] + v[255];
}

#pragma memo in(v[:n])
int in_mutated_n_only(const int *v, int n)
{
    int s = 0;
    while (n > 0)
        s += v[--n];
    return s;
}

#pragma memo in(v[:n])
int in_shadow_only(const int *v, int n)
{
    int s = 0;
    {
        int n = 0;
        s += v[n];
    }
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}

#define EACH_in_macro_loop_only(i, n) for (int i = 0; i < (n); i++)
#pragma memo in(v[:n])
int in_macro_loop_only(const int *v, int n)
{
    int s = 0;
    EACH_in_macro_loop_only(i, n) s += v[i];
    return s;
}
