// Results that depend on what an `out` held before, and calls that nobody wrote.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int counter;

__attribute__((weak)) int wk(int n)
{
    return counter += n; // expected-error {{'uses_weak_callee_effect' writes global 'counter'}}
}
#pragma memo
int uses_weak_callee_effect(int n)
{
    return wk(n);
}

static void a1_uses_cleanup_two(int *p)
{
    (void)p;
}
static void b1_uses_cleanup_two(int *p)
{
    counter += *p; // expected-error {{'uses_cleanup_two' writes global 'counter'}}
}
#pragma memo
int uses_cleanup_two(int n)
{
    int x __attribute__((cleanup(a1_uses_cleanup_two))) = n,
          y __attribute__((cleanup(b1_uses_cleanup_two))) = n;
    return x + y;
}

static void b1_uses_cleanup_unused_attr(int *p)
{
    counter += *p; // expected-error {{'uses_cleanup_unused_attr' writes global 'counter'}}
}
#pragma memo
int uses_cleanup_unused_attr(int n)
{
    __attribute__((unused, cleanup(b1_uses_cleanup_unused_attr))) int x = n;
    return n;
}

static void late_uses_cleanup_static_later(int *p);
#pragma memo
int uses_cleanup_static_later(int n)
{
    __attribute__((cleanup(late_uses_cleanup_static_later))) int x = n;
    return n;
}
static void late_uses_cleanup_static_later(int *p)
{
    puts("x"); // expected-error {{'uses_cleanup_static_later' writes output: it calls 'puts'}}
}

void ext_cleanup(int **p);
#pragma memo
int uses_cleanup_extern(int n)
{
    __attribute__((cleanup(ext_cleanup))) int *p = &counter; // expected-error {{'uses_cleanup_extern' writes global 'counter'}}
    return n;
}

#pragma memo in(a[:n])out(b[:n])
int uses_out_alias_in(const int *a, int *b, int n)
{
    int s = b[0]; // expected-error {{'uses_out_alias_in' reads 'b[:n]' before it is written: what it held before the call isn't in the key}}
    for (int i = 0; i < n; i++)
        b[i] = a[i];
    return s;
}

#pragma memo out(s[:32])
int uses_out_read_strlen(char *s, int n)
{
    strcat(s, "x"); // expected-error {{'uses_out_read_strlen' reads 's[:32]' before it is written: what it held before the call isn't in the key}}
    return n;
}

#pragma memo out(s[:8])
int uses_out_read_cmp(char *s, int n)
{
    int r = memcmp(s, "abc", 3); // expected-error {{'uses_out_read_cmp' reads 's[:8]' before it is written: what it held before the call isn't in the key}}
    memset(s, n, 8);
    return r;
}

struct p2_uses_out_read_struct_copy {
    int x, y;
};
#pragma memo out(*p)
int uses_out_read_struct_copy(struct p2_uses_out_read_struct_copy *p, int n)
{
    struct p2_uses_out_read_struct_copy old = *p; // expected-error {{'uses_out_read_struct_copy' reads '*p' before it is written: what it held before the call isn't in the key}}
    *p = (struct p2_uses_out_read_struct_copy){n, n};
    return old.x;
}

struct p2_uses_out_read_member_alias {
    int x, y;
};
#pragma memo out(*p)
int uses_out_read_member_alias(struct p2_uses_out_read_member_alias *p, int n)
{
    int *q = &p->y;
    int old = *q; // expected-error {{'uses_out_read_member_alias' reads '*p' before it is written: what it held before the call isn't in the key}}
    p->x = n;
    p->y = n;
    return old;
}

#pragma memo out(*p)
int uses_out_read_ternary(int *p, int n)
{
    *p = n > 3 ? *p : n; // expected-error {{'uses_out_read_ternary' reads '*p' before it is written: what it held before the call isn't in the key}}
    return n;
}

#pragma memo out(*p)
void uses_out_incdec(int *p)
{
    ++*p; // expected-error {{'uses_out_incdec' reads '*p' before it is written: what it held before the call isn't in the key}}
}

static int peek_uses_out_callee_memo_in(const int *p)
{
    return p[0]; // expected-error {{'uses_out_callee_memo_in' reads 'v[:n]' before it is written: what it held before the call isn't in the key}}
}
#pragma memo out(v[:n])
int uses_out_callee_memo_in(int *v, int n)
{
    int r = peek_uses_out_callee_memo_in(v);
    for (int i = 0; i < n; i++)
        v[i] = i;
    return r;
}

#pragma memo in(p[:1], q[:1])
long uses_addr_ret_ptrdiff_param(const char *p, const char *q)
{
    return (intptr_t)p - 5; // expected-error {{'uses_addr_ret_ptrdiff_param' makes a number of an address, which is another one in each run}}
}
