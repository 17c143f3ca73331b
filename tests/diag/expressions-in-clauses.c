/* What can't be parsed as an expression is said at its own token, once for each. */
#include <stddef.h>

struct pair {
    int x, y;
};

#define TWO(a, b) ((a) + (b))
#define TWICE(a) TWO(a, a)
#define OPEN 'a
#define O10 ((((((((((
#define O100 O10 O10 O10 O10 O10 O10 O10 O10 O10 O10
#define C10 ))))))))))
#define C100 C10 C10 C10 C10 C10 C10 C10 C10 C10 C10

#pragma memo when(n + *) // expected-error {{expected an expression}}
int a(int n);

#pragma memo when(n + ]) // expected-error {{'(' has no matching ')'}}
int b(int n);

#pragma memo when(n > , 3) // expected-error {{expected an expression before ','}}
int c(int n);

#pragma memo when(int) // expected-error {{expected an expression before 'int'}}
int d(int n);

#pragma memo when((n + 1) key(n // expected-error {{'(' has no matching ')'}}
int e(int n);

#pragma memo when(n ? 1) // expected-error {{expected ':'}}
int f(int n);

#pragma memo in(p->) // expected-error {{expected the name of a member}}
int g(const struct pair *p);

#pragma memo in(p->3) // expected-error {{expected the name of a member}}
int h(const struct pair *p);

#pragma memo when(n == OPEN) // expected-error {{literal without its closing quote}}
int i(int n);

#pragma memo when(n == 12x3) // expected-error {{'12x3' is not a number}}
int j(int n);

#pragma memo when(n == 0b) key(1.5.2) // expected-error {{'0b' is not a number}} expected-error {{'1.5.2' is not a number}}
int k(int n);

#pragma memo when(({ n; })) // expected-error {{a statement expression can't stand in a clause}}
int l(int n);

#pragma memo key(_Generic(n, int: 1)) // expected-error {{_Generic can't stand in a clause}}
int m(int n);

#pragma memo key((struct pair){n, n}) // expected-error {{a compound literal can't stand in a clause}}
int n(int n);

#pragma memo key((typeof(n))1) // expected-error {{typeof can't stand in a clause}}
int o(int n);

#pragma memo key(sizeof(int[n])) // expected-error {{an array type of variable size can't stand in a clause}}
int p(int n);

#pragma memo key(&&n) // expected-error {{the address of a label can't stand in a clause}}
int q(int n);

#pragma memo when(p[0:n]) // expected-error {{an array section can only stand in a shape}}
int r(const int *p, int n);

#pragma memo in(p[0:n:2]) // expected-error {{an array section has no stride here}}
int s(const int *p, int n);

#pragma memo when(O100 O100 O10 n C10 C100 C100) // expected-error {{the expression is too complex}}
int t(int n);

#pragma memo when(TWO(n)) // expected-error {{macro 'TWO' can't be expanded: too few arguments}}
int u(int n);

#pragma memo when(TWICE(n, n) > 3) // expected-error {{macro 'TWICE' can't be expanded: too many arguments}}
int v(int n);

/* A parameter hides no macro, as in C, and offsetof is no call. */
#pragma memo key(TWO(n, 1), offsetof(struct pair, y), (size_t)n, sizeof n, n ?: 1)
int w(int n)
{
    return n;
}
