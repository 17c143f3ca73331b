/* Shapes, results and tuples that make no sense whatever their types are. */
struct pair {
    int x, y;
};

#pragma memo in(n + 1) // expected-error {{a shape names memory, not a value}} expected-note {{a shape is e.g. 'x', '*p', 's->n', 'p[first:count]' or 'string(p)'}}
int a(int n);

#pragma memo in(alloc p[:n]) // expected-error {{'alloc' can only stand in 'out'}}
int b(int *p, int n);

#pragma memo out(alloc *p) // expected-error {{expected an array section}}
int c(int **p, int n);

#pragma memo returns([n]) // expected-error {{expected an array section}}
int *d(int n);

#pragma memo returns(view n) // expected-error {{expected an array section}}
int *e(int n);

#pragma memo in(p[:n].x) // expected-error {{only further sections can follow an array section}}
int f(const struct pair *p, int n);

#pragma memo returns(p) // expected-error {{unknown shape of a result}} expected-note {{it is one of '[:n]', 'string', 'static string', 'in p', 'view [:n]'}}
int *g(int *p);

#pragma memo returns(in p + 1) // expected-error {{'returns(in)' takes objects and members}}
int *h(int *p);

#pragma memo returns([:n], [:n]) // expected-error {{'returns' takes one shape}}
int *i(int n);

#pragma memo returns(view [:n]) tier(memory) // expected-error {{a view needs a store to point into, but 'tier(memory)' has none}}
int *j(int n);

#pragma memo params(1, 2) // expected-error {{expected tuples, '(1, 2), (3, 4)', or a grid, 'x = 0:10:2, y = {1, 2}'}}
int k(int n, int m);

#pragma memo params((1, 2), (3, 4, 5)) // expected-error {{this tuple has 3 values, the first one has 2}}
int l(int n, int m);

#pragma memo params((1, 2), n = 3:4) // expected-error {{tuples and a grid don't mix}}
int m(int n, int m);

#pragma memo params(n = {1}, n = 3:4) // expected-error {{'n' is given twice in 'params'}}
int n(int n, int m);

#pragma memo params(n = 1) // expected-error {{expected ':'}}
int o(int n, int m);

#pragma memo in(string(p) // expected-error {{'(' has no matching ')'}}
int p(const char *p);

#pragma memo in(string(p, n)) // expected-error {{expected ')'}}
int q(const char *p, int n);
