// Ways to write, or to depend on, memory that is in no shape.
#define _GNU_SOURCE
#include <assert.h>
#include <complex.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

struct conf {
    int a, b;
    struct conf *next;
    int *p;
};
struct bits {
    unsigned x : 3, y : 5;
};
static int counter;
static struct conf conf_;
static struct bits bits_;
static int arr[10];
static char buf[64];

struct ops_uses_ops_array_designated {
    const char *n;
    int (*go)(int);
};
static int bump_uses_ops_array_designated(int n)
{
    return counter += n; // expected-error {{'uses_ops_array_designated' writes global 'counter'}}
}
static int id_uses_ops_array_designated(int n)
{
    return n;
}
static const struct ops_uses_ops_array_designated all_uses_ops_array_designated[] = {
    [0] = {.n = "a", .go = id_uses_ops_array_designated},
    [1] = {.n = "b", .go = bump_uses_ops_array_designated}};
#pragma memo
int uses_ops_array_designated(int n)
{
    return all_uses_ops_array_designated[n & 1].go(n);
}

static int bump_uses_fnptr_return(int n)
{
    return counter += n; // expected-error {{'uses_fnptr_return' writes global 'counter'}}
}
static int (*pick(int k))(int)
{
    return k ? bump_uses_fnptr_return : abs;
}
#pragma memo
int uses_fnptr_return(int n)
{
    return pick(n)(n);
}

static int bump_uses_fnptr_void_cast(int n)
{
    return counter += n; // expected-error {{'uses_fnptr_void_cast' writes global 'counter'}}
}
#pragma memo
int uses_fnptr_void_cast(int n)
{
    void *p = (void *)bump_uses_fnptr_void_cast;
    return ((int (*)(int))p)(n);
}

static int bump_uses_fnptr_through_memcpy(int n)
{
    return counter += n; // expected-error {{'uses_fnptr_through_memcpy' writes global 'counter'}}
}
#pragma memo
int uses_fnptr_through_memcpy(int n)
{
    int (*g)(int), (*h)(int) = bump_uses_fnptr_through_memcpy;
    memcpy(&g, &h, sizeof g);
    return g(n);
}

static int bump_uses_fnptr_in_heap(int n)
{
    return counter += n; // expected-error {{'uses_fnptr_in_heap' writes global 'counter'}}
}
struct node_uses_fnptr_in_heap {
    int (*fn)(int);
};
#pragma memo
int uses_fnptr_in_heap(int n)
{
    struct node_uses_fnptr_in_heap *x = malloc(sizeof *x);
    x->fn = bump_uses_fnptr_in_heap;
    int r = x->fn(n);
    free(x);
    return r;
}

static void each_uses_fnptr_deep_callback(const int *v, int n, void (*fn)(int, void *), void *c)
{
    for (int i = 0; i < n; i++)
        fn(v[i], c);
}
static void add_uses_fnptr_deep_callback(int x, void *c)
{
    *(int *)c += x; // expected-error {{'uses_fnptr_deep_callback' writes global 'counter'}}
}
#pragma memo in(v[:n])
int uses_fnptr_deep_callback(const int *v, int n)
{
    each_uses_fnptr_deep_callback(v, n, add_uses_fnptr_deep_callback, &counter);
    return n;
}

static int bump_uses_va_callback(int n)
{
    return counter += n; // expected-error {{'uses_va_callback' writes global 'counter'}}
}
static int run_uses_va_callback(int n, ...)
{
    va_list a;
    va_start(a, n);
    int (*g)(int) = va_arg(a, int (*)(int));
    va_end(a);
    return g(n);
}
#pragma memo
int uses_va_callback(int n)
{
    return run_uses_va_callback(n, bump_uses_va_callback);
}

static int cmp_uses_qsort_cmp_casts(const int *a, const int *b)
{
    counter++; // expected-error {{'uses_qsort_cmp_casts' writes global 'counter'}}
    return *a - *b;
}
#pragma memo inout(v[:n])
void uses_qsort_cmp_casts(int *v, int n)
{
    qsort(v, n, sizeof *v, (int (*)(const void *, const void *))cmp_uses_qsort_cmp_casts);
}

#pragma memo
int uses_local_static_ptr_to_heap(int n)
{
    static int *cache_uses_local_static_ptr_to_heap;
    if (!cache_uses_local_static_ptr_to_heap)
        cache_uses_local_static_ptr_to_heap = calloc(100, sizeof(int)); // expected-error {{'uses_local_static_ptr_to_heap' writes static 'cache_uses_local_static_ptr_to_heap'}}
    if (!cache_uses_local_static_ptr_to_heap[n])
        cache_uses_local_static_ptr_to_heap[n] = n;
    return cache_uses_local_static_ptr_to_heap[n];
}

static int *slot_uses_static_in_helper_ptr(int n)
{
    static int s_uses_static_in_helper_ptr[10];
    return &s_uses_static_in_helper_ptr[n];
}
#pragma memo
int uses_static_in_helper_ptr(int n)
{
    return ++*slot_uses_static_in_helper_ptr(n); // expected-error {{'uses_static_in_helper_ptr' writes static 's_uses_static_in_helper_ptr'}}
}

#pragma memo
int uses_static_struct(int n)
{
    static struct conf c_uses_static_struct;
    c_uses_static_struct.a++; // expected-error {{'uses_static_struct' writes static 'c_uses_static_struct'}}
    return c_uses_static_struct.a + n;
}

union pp_uses_write_global_through_union {
    int *p;
    char *c;
};
#pragma memo
int uses_write_global_through_union(int n)
{
    union pp_uses_write_global_through_union x;
    x.p = &counter;
    *x.c = 1; // expected-error {{'uses_write_global_through_union' writes global 'counter'}}
    return n;
}

static void cp_uses_write_global_via_restrict_alias(int *restrict d, const int *restrict s)
{
    *d = *s; // expected-error {{'uses_write_global_via_restrict_alias' writes global 'conf_'}}
}
#pragma memo
int uses_write_global_via_restrict_alias(int n)
{
    cp_uses_write_global_via_restrict_alias(&conf_.b, &n);
    return n;
}

#pragma memo
int uses_strcpy_global(const char *s)
{
    strcpy(buf, s); // expected-error {{'uses_strcpy_global' writes global 'buf'}}
    return 0;
}

#pragma memo
int uses_sprintf_global(int n)
{
    return sprintf(buf, "%d", n); // expected-error {{'uses_sprintf_global' writes global 'buf'}}
}

#pragma memo
int uses_strncat_global(const char *s)
{
    strncat(buf, s, 3); // expected-error {{'uses_strncat_global' writes global 'buf'}}
    return 0;
}

static struct random_data rd_uses_random_r_global;
#pragma memo
int uses_random_r_global(int n)
{
    int r;
    random_r(&rd_uses_random_r_global, &r); // expected-error {{'uses_random_r_global' reads global 'rd_uses_random_r_global', which can't be in the key: it holds pointers}} expected-error {{'uses_random_r_global' writes global 'rd_uses_random_r_global'}}
    return r + n;
}

static _Thread_local unsigned seed__uses_rand_s_thread;
static unsigned nextr_uses_rand_s_thread(void)
{
    return seed__uses_rand_s_thread = seed__uses_rand_s_thread * 1103515245 + 12345; // expected-error {{'uses_rand_s_thread' writes global 'seed__uses_rand_s_thread'}}
}
#pragma memo
unsigned uses_rand_s_thread(int n)
{
    return nextr_uses_rand_s_thread() + n;
}

static ucontext_t uc_uses_getcontext;
#pragma memo
int uses_getcontext(int n)
{
    getcontext(&uc_uses_getcontext); // expected-error {{'uses_getcontext' reads global 'uc_uses_getcontext', which can't be in the key: it holds pointers}} expected-error {{'uses_getcontext' writes global 'uc_uses_getcontext'}}
    return n;
}

#pragma memo
int uses_assert_side(int n)
{
    assert(counter++ < 10); // expected-error {{'uses_assert_side' writes global 'counter'}}
    return n;
}

struct rc_uses_shared_ptr_refcount {
    int refs;
    int v;
};
#pragma memo in(r->v)
int uses_shared_ptr_refcount(struct rc_uses_shared_ptr_refcount *r)
{
    r->refs++; // expected-error {{'uses_shared_ptr_refcount' reads memory behind 'r' that no shape covers}} expected-error {{'uses_shared_ptr_refcount' writes memory behind 'r' that no 'out' or 'inout' covers}}
    int v = r->v;
    r->refs--;
    return v;
}

struct rc_uses_write_through_ignored_member {
    int refs;
    int v;
};
#pragma memo in(r->v)ignore(r->refs)
int uses_write_through_ignored_member(struct rc_uses_write_through_ignored_member *r)
{
    r->refs++; // expected-error {{'uses_write_through_ignored_member' writes through the ignored pointer 'r'}}
    return r->v;
}

#pragma memo in(v[:n])
int uses_write_out_of_in_alias(int *v, int n)
{
    int *w = v;
    w[0] = 1; // expected-error {{'uses_write_out_of_in_alias' writes memory behind 'v' that no 'out' or 'inout' covers}}
    return n;
}

#pragma memo in(a)
int uses_write_array_param(int a[4])
{
    a[1] = 2; // expected-error {{'uses_write_array_param' writes memory behind 'a' that no 'out' or 'inout' covers}}
    return a[0];
}

#pragma memo in(a [0:n] [0:n])
int uses_write_2d(int n, int a[n][n])
{
    a[1][1] = 2; // expected-error {{'uses_write_2d' writes memory behind 'a' that no 'out' or 'inout' covers}}
    return a[0][0];
}

#pragma memo in(*a)
int uses_write_ptr_to_array(int (*a)[4])
{
    (*a)[1] = 2; // expected-error {{'uses_write_ptr_to_array' writes memory behind 'a' that no 'out' or 'inout' covers}}
    return (*a)[0];
}

#pragma memo in(string(s))
int uses_write_string_arg(char *s)
{
    s[0] = 'x'; // expected-error {{'uses_write_string_arg' writes memory behind 's' that no 'out' or 'inout' covers}}
    return 1;
}

static void up_uses_toupper_inplace_helper(char *s)
{
    for (; *s; s++)
        *s = toupper(*s); // expected-error {{'uses_toupper_inplace_helper' writes memory behind 's' that no 'out' or 'inout' covers}}
}
#pragma memo in(string(s))
int uses_toupper_inplace_helper(char *s)
{
    up_uses_toupper_inplace_helper(s);
    return s[0];
}

static void w_uses_const_cast_helper(const int *p)
{
    *(int *)p = 3; // expected-error {{'uses_const_cast_helper' writes memory behind 'p' that no 'out' or 'inout' covers}}
}
#pragma memo in(*p)
int uses_const_cast_helper(const int *p)
{
    w_uses_const_cast_helper(p);
    return *p;
}

#pragma memo in(*pp) // expected-error {{pointer '*pp' has no shape}}
int uses_double_pointer(int **pp)
{
    **pp = 1;
    return 1;
}

#pragma memo in(c.p[:1])
int uses_struct_value_ptr(struct conf c) // expected-error {{pointer 'c.next' has no shape}}
{
    *c.p = 2;
    return 1;
}

#pragma memo in(string(s))returns(in s)
char *uses_return_in_written(char *s)
{
    *s = 0; // expected-error {{'uses_return_in_written' writes memory behind 's' that no 'out' or 'inout' covers}}
    return s;
}

extern int *const table_ptr_uses_const_global_modified_elsewhere_ptr;
#pragma memo
int uses_const_global_modified_elsewhere_ptr(int n)
{
    return table_ptr_uses_const_global_modified_elsewhere_ptr[n]; // expected-error {{'uses_const_global_modified_elsewhere_ptr' reads global 'table_ptr_uses_const_global_modified_elsewhere_ptr', which can't be in the key: it holds pointers}}
}

extern int unknown__uses_extern_array_unknown[];
#pragma memo
int uses_extern_array_unknown(int n)
{
    return unknown__uses_extern_array_unknown[n]; // expected-error {{'uses_extern_array_unknown' reads global 'unknown__uses_extern_array_unknown', which can't be in the key: its size is unknown here}}
}

struct inc;
extern struct inc thing;
int get_(struct inc *);
#pragma memo
int uses_extern_struct_incomplete(int n)
{
    return get_(&thing) + n; // expected-error {{'uses_extern_struct_incomplete' reads global 'thing', which can't be in the key: its size is unknown here}} expected-error {{'uses_extern_struct_incomplete' writes global 'thing'}}
}

static const char *msg_uses_static_ptr_to_const = "a";
void set_msg(const char *m)
{
    msg_uses_static_ptr_to_const = m;
}
#pragma memo
int uses_static_ptr_to_const(int n)
{
    return msg_uses_static_ptr_to_const[0] + n; // expected-error {{'uses_static_ptr_to_const' reads global 'msg_uses_static_ptr_to_const', which can't be in the key: it holds pointers}}
}

static int data__uses_ptr_global_to_static_arr[4];
static int *cur__uses_ptr_global_to_static_arr = data__uses_ptr_global_to_static_arr;
#pragma memo
int uses_ptr_global_to_static_arr(int n)
{
    return cur__uses_ptr_global_to_static_arr[n]; // expected-error {{'uses_ptr_global_to_static_arr' reads global 'cur__uses_ptr_global_to_static_arr', which can't be in the key: it holds pointers}}
}

struct fl_uses_flex_array {
    int n;
    int d[];
};
static struct fl_uses_flex_array *flg_uses_flex_array;
#pragma memo
int uses_flex_array(int n)
{
    return flg_uses_flex_array->d[n]; // expected-error {{'uses_flex_array' reads global 'flg_uses_flex_array', which can't be in the key: it holds pointers}}
}

#pragma memo
int uses_bitfield_via_ptr(int n)
{
    struct bits *b = &bits_;
    b->x ^= n; // expected-error {{'uses_bitfield_via_ptr' writes global 'bits_'}}
    return n;
}

#pragma memo
int uses_comma_ops(int n)
{
    int r = (counter += n, n); // expected-error {{'uses_comma_ops' writes global 'counter'}}
    return r;
}

#pragma memo
int uses_cond_lvalue(int n)
{
    int x;
    *(n ? &x : &counter) = n; // expected-error {{'uses_cond_lvalue' writes global 'counter'}}
    return n;
}

struct deep_uses_nested_struct {
    struct {
        struct {
            int z;
        } y;
    } x;
};
static struct deep_uses_nested_struct dp_uses_nested_struct;
#pragma memo
int uses_nested_struct(int n)
{
    dp_uses_nested_struct.x.y.z = n; // expected-error {{'uses_nested_struct' writes global 'dp_uses_nested_struct'}}
    return n;
}

static void zero_uses_array_decay_global(int *p, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = 0; // expected-error {{'uses_array_decay_global' writes global 'arr'}}
}
#pragma memo
int uses_array_decay_global(int n)
{
    zero_uses_array_decay_global(arr, n);
    return n;
}

#pragma memo
int uses_arr_ptr_arith_neg(int n)
{
    int *e = arr + 10;
    while (e > arr)
        *--e = n; // expected-error {{'uses_arr_ptr_arith_neg' writes global 'arr'}}
    return n;
}

extern volatile const int hw_uses_extern_const_nonconst_decl;
#pragma memo
int uses_extern_const_nonconst_decl(int n)
{
    return n + hw_uses_extern_const_nonconst_decl; // expected-error {{'uses_extern_const_nonconst_decl' accesses a volatile object}}
}

static double complex cg_uses_complex_part;
#pragma memo
int uses_complex_part(int n)
{
    __real__ cg_uses_complex_part = n; // expected-error {{'uses_complex_part' writes global 'cg_uses_complex_part'}}
    return n;
}

typedef int v4_uses_vector_elem __attribute__((vector_size(16)));
static v4_uses_vector_elem vg_uses_vector_elem;
#pragma memo
int uses_vector_elem(int n)
{
    vg_uses_vector_elem[1] = n; // expected-error {{'uses_vector_elem' writes global 'vg_uses_vector_elem'}}
    return n;
}

#pragma memo
int uses_builtin_memcpy(int n)
{
    __builtin_memcpy(&counter, &n, sizeof n); // expected-error {{'uses_builtin_memcpy' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_builtin_overflow(int n)
{
    return __builtin_add_overflow(n, 1, &counter); // expected-error {{'uses_builtin_overflow' writes global 'counter'}}
}

#pragma memo
int uses_builtin_apply(int n)
{
    __builtin_va_list ap;
    (void)ap;
    __sync_synchronize();
    return __sync_bool_compare_and_swap(&counter, 0, n); // expected-error {{'uses_builtin_apply' writes global 'counter'}}
}

#pragma memo
int uses_omp_critical_global(int n)
{
#pragma omp parallel for
    for (int i = 0; i < n; i++) {
#pragma omp atomic
        counter += i; // expected-error {{'uses_omp_critical_global' writes global 'counter'}}
    }
    return n;
}

#pragma memo
int uses_gnu_case_range_goto(int n)
{
    static void *tab_uses_gnu_case_range_goto[] = {&&a, &&b};
    goto *tab_uses_gnu_case_range_goto[n & 1];
a:
    counter++; // expected-error {{'uses_gnu_case_range_goto' writes global 'counter'}}
b:
    return n;
}

#pragma memo
int uses_typeof_expr_static(int n)
{
    __typeof__(counter) *p = &counter;
    (*p)--; // expected-error {{'uses_typeof_expr_static' writes global 'counter'}}
    return n;
}

struct vm_uses_struct_volatile_copy {
    volatile int v;
};
#pragma memo in(*p)
int uses_struct_volatile_copy(const struct vm_uses_struct_volatile_copy *p)
{
    struct vm_uses_struct_volatile_copy q = *p; // expected-error {{'uses_struct_volatile_copy' accesses a volatile object}}
    return 1;
}

typedef volatile unsigned *reg_t_uses_volatile_ptr_typedef;
#pragma memo
unsigned uses_volatile_ptr_typedef(int n)
{
    return *(reg_t_uses_volatile_ptr_typedef)(uintptr_t)n; // expected-error {{'uses_volatile_ptr_typedef' accesses a volatile object}} expected-error {{'uses_volatile_ptr_typedef' reads memory that can't be traced to a shape}}
}

struct vl_uses_volatile_member_write_local {
    volatile int v;
};
#pragma memo
int uses_volatile_member_write_local(int n)
{
    struct vl_uses_volatile_member_write_local x;
    x.v = n; // expected-error {{'uses_volatile_member_write_local' accesses a volatile object}}
    return x.v;
}

#pragma memo
int uses_atomic_local_struct(int n)
{
    static atomic_int c_uses_atomic_local_struct;
    return ++c_uses_atomic_local_struct + n; // expected-error {{'uses_atomic_local_struct' writes static 'c_uses_atomic_local_struct'}}
}

static _Thread_local int *tlp_uses_thread_local_ptr;
#pragma memo
int uses_thread_local_ptr(int n)
{
    return *tlp_uses_thread_local_ptr + n; // expected-error {{'uses_thread_local_ptr' reads global 'tlp_uses_thread_local_ptr', which can't be in the key: it holds pointers}}
}
