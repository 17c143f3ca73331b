// Ways to write, or to depend on, memory that is in no shape.
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct conf {
    int a, b;
    struct conf *next;
    int *p;
};
struct bits {
    unsigned x : 3, y : 5;
};
union u {
    int i;
    float f;
    char c[8];
};
static int counter;
static struct conf conf_;
static struct conf *confp = &conf_;
static struct bits bits_;
static union u un_;
static int arr[10];
static char buf[64];
static int *gp;
static void *kept;

#pragma memo
int uses_g_via_struct_ptr(int n)
{
    confp->a = n; // expected-error {{'uses_g_via_struct_ptr' reads global 'confp', which can't be in the key: it holds pointers}} expected-error {{'uses_g_via_struct_ptr' writes global 'confp'}}
    return n;
}

#pragma memo
int uses_g_via_local_ptr(int n)
{
    struct conf *c = &conf_;
    c->b += n; // expected-error {{'uses_g_via_local_ptr' reads global 'conf_', which can't be in the key: it holds pointers}} expected-error {{'uses_g_via_local_ptr' writes global 'conf_'}}
    return n;
}

static int **pp_uses_g_via_ptrptr = &gp;
#pragma memo
int uses_g_via_ptrptr(int n)
{
    **pp_uses_g_via_ptrptr = n; // expected-error {{'uses_g_via_ptrptr' reads global 'pp_uses_g_via_ptrptr', which can't be in the key: it holds pointers}} expected-error {{'uses_g_via_ptrptr' writes global 'pp_uses_g_via_ptrptr'}}
    return n;
}

static int *at_uses_g_via_returned_ptr(int i)
{
    return &arr[i];
}
#pragma memo
int uses_g_via_returned_ptr(int n)
{
    *at_uses_g_via_returned_ptr(n & 7) = n; // expected-error {{'uses_g_via_returned_ptr' writes global 'arr'}}
    return n;
}

static void swap_uses_g_swap_helper(int *a, int *b)
{
    int t = *a;
    *a = *b;
    *b = t; // expected-error {{'uses_g_swap_helper' writes global 'counter'}}
}
#pragma memo
int uses_g_swap_helper(int n)
{
    int x = n;
    swap_uses_g_swap_helper(&x, &counter);
    return x;
}

#pragma memo
int uses_static_local(int n)
{
    static int calls_uses_static_local;
    return n + calls_uses_static_local++; // expected-error {{'uses_static_local' writes static 'calls_uses_static_local'}}
}

#pragma memo
int uses_static_local_cond(int n)
{
    static int init_uses_static_local_cond;
    if (!init_uses_static_local_cond)
        init_uses_static_local_cond = n; // expected-error {{'uses_static_local_cond' writes static 'init_uses_static_local_cond'}}
    return init_uses_static_local_cond;
}

#pragma memo
int uses_static_local_block(int n)
{
    for (int i = 0; i < n; i++) {
        static int k_uses_static_local_block;
        k_uses_static_local_block += i; // expected-error {{'uses_static_local_block' writes static 'k_uses_static_local_block'}}
        if (k_uses_static_local_block > 100)
            return k_uses_static_local_block;
    }
    return 0;
}

#pragma memo
int uses_static_local_ptr(int n)
{
    static int s_uses_static_local_ptr;
    int *p = &s_uses_static_local_ptr;
    *p += n; // expected-error {{'uses_static_local_ptr' writes static 's_uses_static_local_ptr'}}
    return *p;
}

#pragma memo_uses_static_array
double uses_static_array(int n)
{
    static double memo_uses_static_array[100];
    if (memo_uses_static_array[n] == 0)
        memo_uses_static_array[n] = n * 2.0;
    return memo_uses_static_array[n];
}

static int bump_uses_callback(int n)
{
    return counter += n; // expected-error {{'uses_callback' writes global 'counter'}}
}
static int apply_uses_callback(int (*fn)(int), int n)
{
    return fn(n);
}
#pragma memo
int uses_callback(int n)
{
    return apply_uses_callback(bump_uses_callback, n);
}

static int bump_uses_callback_struct(int n)
{
    return counter += n; // expected-error {{'uses_callback_struct' writes global 'counter'}}
}
struct ops_uses_callback_struct {
    int (*op)(int);
};
static int apply_uses_callback_struct(const struct ops_uses_callback_struct *o, int n)
{
    return o->op(n);
}
#pragma memo
int uses_callback_struct(int n)
{
    struct ops_uses_callback_struct o = {.op = bump_uses_callback_struct};
    return apply_uses_callback_struct(&o, n);
}

static int bump_uses_fn_array(int n)
{
    return counter += n;
}
static int same_uses_fn_array(int n)
{
    return n;
}
static int (*table_uses_fn_array[])(int) = {same_uses_fn_array, bump_uses_fn_array};
#pragma memo
int uses_fn_array(int n)
{
    return table_uses_fn_array[n & 1](n); // expected-error {{'uses_fn_array' reads global 'table_uses_fn_array', which can't be in the key: it holds pointers}}
}

static int bump_uses_fn_array_local(int n)
{
    return counter += n; // expected-error {{'uses_fn_array_local' writes global 'counter'}}
}
static int same_uses_fn_array_local(int n)
{
    return n;
}
#pragma memo
int uses_fn_array_local(int n)
{
    int (*t[2])(int) = {same_uses_fn_array_local, bump_uses_fn_array_local};
    return t[n & 1](n);
}

static int bump_uses_fn_ternary(int n)
{
    return counter += n; // expected-error {{'uses_fn_ternary' writes global 'counter'}}
}
static int same_uses_fn_ternary(int n)
{
    return n;
}
#pragma memo
int uses_fn_ternary(int n)
{
    return (n > 3 ? bump_uses_fn_ternary : same_uses_fn_ternary)(n);
}

static int same_uses_fn_global_pointer(int n)
{
    return n;
}
int (*hook_uses_fn_global_pointer)(int) = same_uses_fn_global_pointer;
#pragma memo
int uses_fn_global_pointer(int n)
{
    return hook_uses_fn_global_pointer(n); // expected-error {{'uses_fn_global_pointer' reads global 'hook_uses_fn_global_pointer', which can't be in the key: it holds pointers}}
}

static int same_uses_fn_static_global_pointer(int n)
{
    return n;
}
static int (*hook_uses_fn_static_global_pointer)(int) = same_uses_fn_static_global_pointer;
void set_hook(int (*h)(int))
{
    hook_uses_fn_static_global_pointer = h;
}
#pragma memo
int uses_fn_static_global_pointer(int n)
{
    return hook_uses_fn_static_global_pointer(n); // expected-error {{'uses_fn_static_global_pointer' reads global 'hook_uses_fn_static_global_pointer', which can't be in the key: it holds pointers}}
}

#define BUMP_uses_macro(x) (counter++, (x))
#pragma memo
int uses_macro(int n)
{
    return BUMP_uses_macro(n); // expected-error {{'uses_macro' writes global 'counter'}}
}

#define SET_uses_macro_token_paste(a, b, v) a##b = (v)
#pragma memo
int uses_macro_token_paste(int n)
{
    SET_uses_macro_token_paste(coun, ter, n); // expected-error {{'uses_macro_token_paste' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_stmt_expr(int n)
{
    return ({
        int t = n;
        counter = t; // expected-error {{'uses_stmt_expr' writes global 'counter'}}
        t + 1;
    });
}

#define MAXC_uses_stmt_expr_macro(a, b)                                                            \
    ({                                                                                             \
        __typeof__(a) _a = (a);                                                                    \
        __typeof__(b) _b = (b);                                                                    \
        counter++;                                                                                 \
        _a > _b ? _a : _b;                                                                         \
    })
#pragma memo
int uses_stmt_expr_macro(int n)
{
    return MAXC_uses_stmt_expr_macro(n, 3); // expected-error {{'uses_stmt_expr_macro' writes global 'counter'}}
}

#pragma memo
int uses_compound_literal(int n)
{
    struct conf *c = &(struct conf){.p = &counter};
    *c->p = n; // expected-error {{'uses_compound_literal' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_compound_literal_array(int n)
{
    int **a = (int *[]){&counter, gp}; // expected-error {{'uses_compound_literal_array' reads global 'gp', which can't be in the key: it holds pointers}}
    *a[0] = n; // expected-error {{'uses_compound_literal_array' writes global 'counter'}}
    return n;
}

#pragma memo
int uses_memcpy_global(int n)
{
    memcpy(&conf_.a, &n, sizeof n); // expected-error {{'uses_memcpy_global' writes global 'conf_'}}
    return n;
}

#pragma memo in(v[:n])
int uses_memcpy_global_arr(int n, const char *v)
{
    memcpy(buf, v, n); // expected-error {{'uses_memcpy_global_arr' writes global 'buf'}}
    return n;
}

#pragma memo
int uses_memset_global(int n)
{
    memset(arr, n, sizeof arr); // expected-error {{'uses_memset_global' writes global 'arr'}}
    return n;
}

#pragma memo
int uses_struct_assign_global(int n)
{
    struct conf c = {n, n, 0, 0};
    conf_ = c; // expected-error {{'uses_struct_assign_global' writes global 'conf_'}}
    return n;
}

#pragma memo
int uses_bitfield(int n)
{
    bits_.x = n; // expected-error {{'uses_bitfield' writes global 'bits_'}}
    return n;
}

#pragma memo
int uses_bitfield_inc(int n)
{
    bits_.y++; // expected-error {{'uses_bitfield_inc' writes global 'bits_'}}
    return n;
}

#pragma memo
int uses_union_g(int n)
{
    un_.f = n; // expected-error {{'uses_union_g' writes global 'un_'}}
    return n;
}

union pu_uses_union_local_ptr {
    int *p;
    uintptr_t u;
};
#pragma memo
int uses_union_local_ptr(int n)
{
    union pu_uses_union_local_ptr x;
    x.u = (uintptr_t)&counter;
    *x.p = n; // expected-error {{'uses_union_local_ptr' writes memory that can't be traced to a shape}}
    return n;
}

struct vm_uses_volatile_member {
    int a;
    volatile int v;
};
#pragma memo in(*p)
int uses_volatile_member(const struct vm_uses_volatile_member *p)
{
    return p->v; // expected-error {{'uses_volatile_member' accesses a volatile object}}
}

#pragma memo in(*p)
int uses_volatile_cast(const int *p)
{
    return *(const volatile int *)p; // expected-error {{'uses_volatile_cast' accesses a volatile object}}
}

#pragma memo
int uses_volatile_local(int n)
{
    volatile int x = n;
    return x; // expected-error {{'uses_volatile_local' accesses a volatile object}}
}

static volatile int port_uses_volatile_helper;
static int get_uses_volatile_helper(void)
{
    return port_uses_volatile_helper; // expected-error {{'uses_volatile_helper' accesses a volatile object}}
}
#pragma memo
int uses_volatile_helper(int n)
{
    return n + get_uses_volatile_helper();
}

static volatile struct conf vc_uses_volatile_struct_global;
#pragma memo
int uses_volatile_struct_global(int n)
{
    return n + vc_uses_volatile_struct_global.a; // expected-error {{'uses_volatile_struct_global' accesses a volatile object}} expected-error {{'uses_volatile_struct_global' reads global 'vc_uses_volatile_struct_global', which can't be in the key: it holds pointers}}
}

static volatile int va_uses_volatile_array_elem[4];
#pragma memo
int uses_volatile_array_elem(int n)
{
    return va_uses_volatile_array_elem[n & 3]; // expected-error {{'uses_volatile_array_elem' accesses a volatile object}}
}

typedef volatile int reg_uses_volatile_typedef;
extern reg_uses_volatile_typedef status;
#pragma memo
int uses_volatile_typedef(int n)
{
    return n + status; // expected-error {{'uses_volatile_typedef' accesses a volatile object}}
}

#pragma memo
int uses_asm(int n)
{
    __asm__ volatile("nop"); // expected-error {{'uses_asm' contains inline assembly}}
    return n;
}

#pragma memo
int uses_asm_basic(int n)
{
    asm("nop"); // expected-error {{'uses_asm_basic' contains inline assembly}}
    return n;
}

#define BARRIER_uses_asm_macro() __asm__ volatile("" ::: "memory")
static int g1_uses_asm_macro(int n)
{
    BARRIER_uses_asm_macro(); // expected-error {{'uses_asm_macro' contains inline assembly}}
    return n;
}
#pragma memo
int uses_asm_macro(int n)
{
    return g1_uses_asm_macro(n);
}

static unsigned seed_uses_rand_r_global;
#pragma memo
int uses_rand_r_global(int n)
{
    return n + rand_r(&seed_uses_rand_r_global); // expected-error {{'uses_rand_r_global' writes global 'seed_uses_rand_r_global'}}
}

#pragma memo
double uses_erand48_static(int n)
{
    static unsigned short x_uses_erand48_static[3];
    return n + erand48(x_uses_erand48_static); // expected-error {{'uses_erand48_static' writes static 'x_uses_erand48_static'}}
}

static int sum_uses_va_helper(int n, ...)
{
    va_list ap;
    va_start(ap, n);
    int *p = va_arg(ap, int *);
    *p += n;
    va_end(ap);
    return n;
}
#pragma memo
int uses_va_helper(int n)
{
    return sum_uses_va_helper(n, &counter); // expected-error {{'uses_va_helper' writes global 'counter'}}
}

static jmp_buf jb_uses_setjmp_global;
#pragma memo
int uses_setjmp_global(int n)
{
    if (setjmp(jb_uses_setjmp_global)) // expected-error {{'uses_setjmp_global' writes global 'jb_uses_setjmp_global'}}
        return 1;
    return n;
}

#pragma memo
int uses_kept_malloc(int n)
{
    if (!kept) // expected-error {{'uses_kept_malloc' reads global 'kept', which can't be in the key: it holds pointers}}
        kept = malloc(n); // expected-error {{'uses_kept_malloc' writes global 'kept'}}
    return n;
}

#pragma memo
int uses_kept_read(int n)
{
    return kept ? n : 0; // expected-error {{'uses_kept_read' reads global 'kept', which can't be in the key: it holds pointers}}
}

#pragma memo
int uses_kept_deref(int n)
{
    return gp ? *gp : n; // expected-error {{'uses_kept_deref' reads global 'gp', which can't be in the key: it holds pointers}}
}

#pragma memo in(p[:n])
int uses_realloc_param(int *p, int n)
{
    p = realloc(p, 2 * n); // expected-error {{'uses_realloc_param' writes memory behind 'p' that no 'out' or 'inout' covers}}
    return p != 0;
}

#pragma memo in(p[:n])
int uses_free_param(int *p, int n)
{
    int r = p[0];
    free(p); // expected-error {{'uses_free_param' writes memory behind 'p' that no 'out' or 'inout' covers}}
    return r;
}

static void drop_uses_free_param_helper(void *p)
{
    free(p); // expected-error {{'uses_free_param_helper' writes memory behind 'p' that no 'out' or 'inout' covers}}
}
#pragma memo in(p[:n])
int uses_free_param_helper(int *p, int n)
{
    int r = p[0];
    drop_uses_free_param_helper(p);
    return r;
}

#pragma memo returns([:1])
int *uses_return_static_ptr(int n)
{
    static int r_uses_return_static_ptr;
    r_uses_return_static_ptr = n; // expected-error {{'uses_return_static_ptr' writes static 'r_uses_return_static_ptr'}}
    return &r_uses_return_static_ptr; // expected-error {{'uses_return_static_ptr' returns memory that isn't fresh from malloc here: on a hit the caller would get memory to free}}
}

#pragma memo returns(static string)
const char *uses_return_static_str(int n)
{
    static char b_uses_return_static_str[20];
    sprintf(b_uses_return_static_str, "%d", n); // expected-error {{'uses_return_static_str' writes static 'b_uses_return_static_str'}}
    return b_uses_return_static_str;
}

#pragma memo returns(static string)
const char *uses_return_global_str(int n) // expected-error {{'uses_return_global_str' returns 'buf', which isn't constant: on a hit the caller would get a copy of what it held}}
{
    return n ? buf : "x";
}

static int cmp_uses_qsort_state(const void *a, const void *b)
{
    counter++; // expected-error {{'uses_qsort_state' writes global 'counter'}}
    return *(const int *)a - *(const int *)b;
}
#pragma memo inout(v[:n])
void uses_qsort_state(int *v, int n)
{
    qsort(v, n, sizeof *v, cmp_uses_qsort_state);
}

static int cmp_uses_qsort_r_state(const void *a, const void *b, void *c)
{
    ++*(int *)c;
    return *(const int *)a - *(const int *)b;
}
#pragma memo inout(v[:n])
void uses_qsort_r_state(int *v, int n)
{
    qsort_r(v, n, sizeof *v, cmp_uses_qsort_r_state, &counter); // expected-error {{'uses_qsort_r_state' writes global 'counter'}}
}

static int cmp_uses_bsearch_state(const void *a, const void *b)
{
    counter++; // expected-error {{'uses_bsearch_state' writes global 'counter'}}
    return *(const int *)a - *(const int *)b;
}
#pragma memo in(v[:n])
int uses_bsearch_state(const int *v, int n, int k)
{
    return bsearch(&k, v, n, sizeof *v, cmp_uses_bsearch_state) != 0;
}

#pragma memo in(v[:n]) // expected-error {{'v' is neither a parameter nor a global in sight}} expected-error {{'n' is neither a parameter nor a global in sight}}
static int cmp2_uses_bsearch_write(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
#pragma memo in(v[:n])
int uses_bsearch_write(int *v, int n, int k)
{
    int *p = bsearch(&k, v, n, sizeof *v, cmp2_uses_bsearch_write);
    if (p)
        *p = 0; // expected-error {{'uses_bsearch_write' writes memory behind 'v' that no 'out' or 'inout' covers}}
    return p != 0;
}
