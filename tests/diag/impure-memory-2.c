// Ways to write, or to depend on, memory that is in no shape.
#define _GNU_SOURCE
#include <math.h>
#include <search.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct conf {
    int a, b;
    struct conf *next;
    int *p;
};
static int counter;
static int arr[10];
static int *gp;
static _Atomic int at_;
static _Thread_local int tl_;
int ext_;

#pragma memo
int uses_thread_local_w(int n)
{
    tl_ = n; // expected-error {{'uses_thread_local_w' writes global 'tl_'}}
    return n;
}

#pragma memo
int uses_thread_local_static(int n)
{
    static _Thread_local int t_uses_thread_local_static;
    return n + t_uses_thread_local_static++; // expected-error {{'uses_thread_local_static' writes static 't_uses_thread_local_static'}}
}

#pragma memo
int uses_atomic_w(int n)
{
    at_ = n; // expected-error {{'uses_atomic_w' writes global 'at_'}}
    return n;
}

#pragma memo
int uses_atomic_inc(int n)
{
    return n + at_++; // expected-error {{'uses_atomic_inc' writes global 'at_'}}
}

#pragma memo
int uses_sync_builtin(int n)
{
    return __sync_fetch_and_add(&counter, n); // expected-error {{'uses_sync_builtin' writes global 'counter'}}
}

#pragma memo
int uses_atomic_builtin(int n)
{
    return __atomic_add_fetch(&counter, n, __ATOMIC_SEQ_CST); // expected-error {{'uses_atomic_builtin' writes global 'counter'}}
}

#pragma memo
int uses_atomic_store_builtin(int n)
{
    __atomic_store_n(&counter, n, __ATOMIC_RELAXED); // expected-error {{'uses_atomic_store_builtin' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_atomic_cas(int n)
{
    int e = 0;
    return __atomic_compare_exchange_n(&counter, &e, n, 0, 5, 5); // expected-error {{'uses_atomic_cas' writes global 'counter'}}
}

#pragma memo
int uses_atomic_exchange_gen(int n)
{
    int r;
    __atomic_exchange(&counter, &n, &r, 5); // expected-error {{'uses_atomic_exchange_gen' writes global 'counter'}}
    return r;
}

static atomic_flag fl_uses_atomic_flag = ATOMIC_FLAG_INIT;
#pragma memo
int uses_atomic_flag(int n)
{
    return atomic_flag_test_and_set(&fl_uses_atomic_flag) ? n : 0; // expected-error {{'uses_atomic_flag' writes global 'fl_uses_atomic_flag'}}
}

#pragma memo
int uses_sync_lock(int n)
{
    while (__sync_lock_test_and_set(&counter, 1)) // expected-error {{'uses_sync_lock' writes global 'counter'}}
        ;
    __sync_lock_release(&counter);
    return n;
}

static void *root__uses_tsearch_global;
static int cmp_uses_tsearch_global(const void *a, const void *b)
{
    return a < b;
}
#pragma memo
int uses_tsearch_global(int n)
{
    tsearch(&n, &root__uses_tsearch_global, cmp_uses_tsearch_global); // expected-error {{'uses_tsearch_global' reads global 'root__uses_tsearch_global', which can't be in the key: it holds pointers}} expected-error {{'uses_tsearch_global' writes global 'root__uses_tsearch_global'}}
    return n;
}

#pragma memo
int uses_int_to_ptr(uintptr_t a)
{
    return *(int *)a; // expected-error {{'uses_int_to_ptr' reads memory that can't be traced to a shape}}
}

#pragma memo
int uses_int_to_ptr_const(int n)
{
    return *(int *)0x1000 + n; // expected-error {{'uses_int_to_ptr_const' reads memory that can't be traced to a shape}}
}

#pragma memo
int uses_int_to_ptr_write(uintptr_t a)
{
    *(int *)a = 1; // expected-error {{'uses_int_to_ptr_write' writes memory that can't be traced to a shape}}
    return 1;
}

#pragma memo ignore(c.p)
int uses_param_ptr_in_struct(struct conf c) // expected-error {{pointer 'c.next' has no shape}}
{
    *c.p = 1;
    return 1;
}

#pragma memo in(p[:n])
int uses_write_in_param(int *p, int n)
{
    for (int i = 0; i < n; i++)
        *p++ = i; // expected-error {{'uses_write_in_param' writes memory behind 'p' that no 'out' or 'inout' covers}}
    return n;
}

#pragma memo in(p[:n])
int uses_write_cast_const(const int *p, int n)
{
    ((int *)p)[0] = 1; // expected-error {{'uses_write_cast_const' writes memory behind 'p' that no 'out' or 'inout' covers}}
    return n;
}

#pragma memo in(*p)
int uses_write_char_alias(double *p)
{
    ((char *)p)[0] ^= 1; // expected-error {{'uses_write_char_alias' writes memory behind 'p' that no 'out' or 'inout' covers}}
    return 1;
}

#pragma memo in(p[:n])
int uses_store_param_in_global(int *p, int n)
{
    gp = p; // expected-error {{'uses_store_param_in_global' writes global 'gp'}}
    return n;
}

static void keep_uses_store_param_helper(int *p)
{
    gp = p; // expected-error {{'uses_store_param_helper' writes global 'gp'}}
}
#pragma memo in(p[:n])
int uses_store_param_helper(int *p, int n)
{
    keep_uses_store_param_helper(p);
    return n;
}

static struct conf *head_uses_list_global;
#pragma memo
int uses_list_global(int n)
{
    struct conf *c = malloc(sizeof *c);
    c->a = n;
    c->next = head_uses_list_global; // expected-error {{'uses_list_global' reads global 'head_uses_list_global', which can't be in the key: it holds pointers}}
    head_uses_list_global = c; // expected-error {{'uses_list_global' writes global 'head_uses_list_global'}}
    return n;
}

static struct conf *head_uses_list_walk_global;
#pragma memo
int uses_list_walk_global(int n)
{
    int s = n;
    for (struct conf *c = head_uses_list_walk_global; c; c = c->next) // expected-error {{'uses_list_walk_global' reads global 'head_uses_list_walk_global', which can't be in the key: it holds pointers}}
        s += c->a;
    return s;
}

#pragma memo in(*c) // expected-error {{pointer '*c.next' has no shape}} expected-error {{pointer '*c.p' has no shape}}
int uses_write_via_list(struct conf *c)
{
    c->next->a = 1;
    return 1;
}

#pragma memo
int uses_comma_write(int n)
{
    return (ext_ = n, n); // expected-error {{'uses_comma_write' writes global 'ext_'}}
}

#pragma memo
int uses_block_extern_w(int n)
{
    extern int hid;
    hid = n; // expected-error {{'uses_block_extern_w' writes global 'hid'}}
    return n;
}

static int deep_uses_recursion_write(int n)
{
    if (!n) {
        counter++; // expected-error {{'uses_recursion_write' writes global 'counter'}}
        return 0;
    }
    return deep_uses_recursion_write(n - 1);
}
#pragma memo
int uses_recursion_write(int n)
{
    return deep_uses_recursion_write(n);
}

#pragma memo
int uses_vla_ptr(int n)
{
    int *a[n + 1];
    a[n] = &counter;
    *a[n] = 1; // expected-error {{'uses_vla_ptr' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_vla_size_side(int n)
{
    int a[(counter++ & 7) + 1]; // expected-error {{'uses_vla_size_side' writes global 'counter'}}
    a[0] = n;
    return a[0];
}

#pragma memo
int uses_typeof_side(int n)
{
    __typeof__(int[counter++ + 1]) a; // expected-error {{'uses_typeof_side' writes global 'counter'}}
    a[0] = n;
    return a[0];
}

#define inc_uses_generic_sel(x)                                                                    \
    _Generic((x), int : bumpi_uses_generic_sel, double : bumpd_uses_generic_sel)(x)
static int bumpi_uses_generic_sel(int n)
{
    return counter += n; // expected-error {{'uses_generic_sel' writes global 'counter'}}
}
static double bumpd_uses_generic_sel(double n)
{
    return n;
}
#pragma memo
int uses_generic_sel(int n)
{
    return inc_uses_generic_sel(n);
}

#pragma memo
int uses_generic_expr(int n)
{
    return _Generic(n, int : counter++, default : 0) + n; // expected-error {{'uses_generic_expr' writes global 'counter'}}
}

#pragma memo
int uses_switch_init(int n)
{
    switch (counter++) { // expected-error {{'uses_switch_init' writes global 'counter'}}
    case 1:
        return n;
    default:
        return 2;
    }
}

#pragma memo
int uses_for_init(int n)
{
    int s = 0;
    for (int i = counter++; i < n; i++) // expected-error {{'uses_for_init' writes global 'counter'}}
        s += i;
    return s;
}

#pragma memo
int uses_cond_write(int n)
{
    n > 3 ? counter++ : 0; // expected-error {{'uses_cond_write' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_andand_write(int n)
{
    n > 3 && (counter = n); // expected-error {{'uses_andand_write' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_addr_deref(int n)
{
    *&counter = n; // expected-error {{'uses_addr_deref' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_index_swap(int n)
{
    3 [arr] = n; // expected-error {{'uses_index_swap' writes global 'arr'}}
    return n;
}

#pragma memo
int uses_ptr_arith(int n)
{
    *(arr + 2) = n; // expected-error {{'uses_ptr_arith' writes global 'arr'}}
    return n;
}

struct outer_uses_container_of {
    int k;
    struct conf in;
};
static struct outer_uses_container_of og_uses_container_of;
#pragma memo
int uses_container_of(int n)
{
    struct conf *c = &og_uses_container_of.in;
    struct outer_uses_container_of *o =
        (struct outer_uses_container_of *)((char *)c -
                                           offsetof(struct outer_uses_container_of, in));
    o->k = n; // expected-error {{'uses_container_of' writes global 'og_uses_container_of'}}
    return n;
}

static struct conf cs_uses_array_of_struct_w[3];
#pragma memo
int uses_array_of_struct_w(int n)
{
    struct conf *c = cs_uses_array_of_struct_w + (n % 3);
    c->a = n; // expected-error {{'uses_array_of_struct_w' writes global 'cs_uses_array_of_struct_w'}}
    return n;
}

#pragma memo
int uses_multi_ptr(int n)
{
    int *p[2] = {&n, &counter};
    *p[n & 1] = 3; // expected-error {{'uses_multi_ptr' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_struct_with_ptr_copy(int n)
{
    struct conf c = {.p = &counter}, d;
    d = c;
    *d.p = n; // expected-error {{'uses_struct_with_ptr_copy' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_struct_memcpy_ptr(int n)
{
    struct conf c = {.p = &counter}, d;
    memcpy(&d, &c, sizeof d);
    *d.p = n; // expected-error {{'uses_struct_memcpy_ptr' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_struct_bytecopy_ptr(int n)
{
    struct conf c = {.p = &counter}, d;
    for (size_t i = 0; i < sizeof d; i++)
        ((char *)&d)[i] = ((char *)&c)[i];
    *d.p = n; // expected-error {{'uses_struct_bytecopy_ptr' writes memory that can't be traced to a shape}}
    return n;
}

static struct conf mkc_uses_ret_struct_ptr(void)
{
    return (struct conf){.p = &counter};
}
#pragma memo
int uses_ret_struct_ptr(int n)
{
    *mkc_uses_ret_struct_ptr().p = n; // expected-error {{'uses_ret_struct_ptr' writes global 'counter'}}
    return n;
}

static void get_uses_out_ptr_helper(int **p)
{
    *p = &counter;
}
#pragma memo
int uses_out_ptr_helper(int n)
{
    int *p;
    get_uses_out_ptr_helper(&p);
    *p = n; // expected-error {{'uses_out_ptr_helper' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_heap_ptr(int n)
{
    int **p = malloc(sizeof *p);
    *p = &counter;
    **p = n; // expected-error {{'uses_heap_ptr' writes global 'counter'}}
    free(p);
    return n;
}

static inline int nx_uses_inline_fn_static(void)
{
    static int s_uses_inline_fn_static;
    return s_uses_inline_fn_static++; // expected-error {{'uses_inline_fn_static' writes static 's_uses_inline_fn_static'}}
}
#pragma memo
int uses_inline_fn_static(int n)
{
    return n + nx_uses_inline_fn_static();
}

__attribute__((const)) static int liar_uses_const_attr_liar(int n)
{
    return counter += n; // expected-error {{'uses_const_attr_liar' writes global 'counter'}}
}
#pragma memo
int uses_const_attr_liar(int n)
{
    return liar_uses_const_attr_liar(n);
}

static int sumv_uses_va_copy(int n, va_list a)
{
    va_list b;
    va_copy(b, a);
    int *p = va_arg(b, int *);
    *p = n;
    va_end(b);
    return n;
}
static int sum_uses_va_copy(int n, ...)
{
    va_list ap;
    va_start(ap, n);
    int r = sumv_uses_va_copy(n, ap);
    va_end(ap);
    return r;
}
#pragma memo
int uses_va_copy(int n)
{
    return sum_uses_va_copy(n, &counter); // expected-error {{'uses_va_copy' writes global 'counter'}}
}

#pragma memo
int uses_va_format_n(int n)
{
    char b[20];
    snprintf(b, 20, "%d%n", n, &counter); // expected-error {{'uses_va_format_n' writes global 'counter'}}
    return b[0];
}

#pragma memo
int uses_sscanf_global(const char *s)
{
    return sscanf(s, "%d", &counter); // expected-error {{'uses_sscanf_global' writes global 'counter'}}
}

static char *endp_uses_strtol_end_global;
#pragma memo
long uses_strtol_end_global(const char *s)
{
    return strtol(s, &endp_uses_strtol_end_global, 10); // expected-error {{'uses_strtol_end_global' writes global 'endp_uses_strtol_end_global'}}
}

#pragma memo
double uses_frexp_global(double x)
{
    return frexp(x, &counter); // expected-error {{'uses_frexp_global' writes global 'counter'}}
}

static char *msg__uses_asprintf_global;
#pragma memo
int uses_asprintf_global(int n)
{
    return asprintf(&msg__uses_asprintf_global, "%d", n); // expected-error {{'uses_asprintf_global' reads global 'msg__uses_asprintf_global', which can't be in the key: it holds pointers}} expected-error {{'uses_asprintf_global' writes global 'msg__uses_asprintf_global'}}
}

struct ops_uses_struct_fn_ptr_global {
    int (*go)(int);
};
static int bump_uses_struct_fn_ptr_global(int n)
{
    return counter += n;
}
static struct ops_uses_struct_fn_ptr_global dflt_uses_struct_fn_ptr_global = {
    bump_uses_struct_fn_ptr_global};
#pragma memo
int uses_struct_fn_ptr_global(int n)
{
    return dflt_uses_struct_fn_ptr_global.go(n); // expected-error {{'uses_struct_fn_ptr_global' reads global 'dflt_uses_struct_fn_ptr_global', which can't be in the key: it holds pointers}}
}

struct ops_uses_const_struct_ptr_ops {
    int (*go)(int);
};
static int bump_uses_const_struct_ptr_ops(int n)
{
    return counter += n; // expected-error {{'uses_const_struct_ptr_ops' writes global 'counter'}}
}
static const struct ops_uses_const_struct_ptr_ops dflt_uses_const_struct_ptr_ops = {
    bump_uses_const_struct_ptr_ops};
static const struct ops_uses_const_struct_ptr_ops *const cur_uses_const_struct_ptr_ops =
    &dflt_uses_const_struct_ptr_ops;
#pragma memo
int uses_const_struct_ptr_ops(int n)
{
    return cur_uses_const_struct_ptr_ops->go(n);
}
