/* Each clause says what it takes. */
int helper(int n);

#pragma memo (n) key(n) // expected-error {{expected a clause before '('}}
int a(int n);

#pragma memo in // expected-error {{'in' needs an argument}} expected-note {{write 'in(p[:n])'}}
int b(int n);

#pragma memo name() // expected-error {{'name' needs an argument}} expected-note {{write 'name("text")'}}
int c(int n);

#pragma memo pure(n) // expected-error {{'pure' takes no argument}}
int d(int n);

#pragma memo when(n > 0, n < 3) // expected-error {{'when' takes one expression}}
int e(int n);

#pragma memo key(n n) // expected-error {{unexpected 'n'}}
int f(int n);

#pragma memo tier(disk disk) // expected-error {{unexpected 'disk'}}
int g(int n);

#pragma memo name(n) // expected-error {{'name' takes a string literal}}
int h(int n);

#pragma memo name("\q") // expected-error {{invalid string literal in 'name'}}
int i(int n);

#pragma memo env("A\0B") // expected-error {{invalid string literal in 'env'}}
int j(int n);

#pragma memo name("") // expected-error {{the string of 'name' is empty}}
int k(int n);

#pragma memo expires(5 apples) // expected-error {{'expires' takes a duration}} expected-note {{a number with its unit: ms, s, m, h, d or w, e.g. '500ms'}}
int l(int n);

#pragma memo min_cost(-1ms) // expected-error {{'min_cost' takes a duration}}
int m(int n);

#pragma memo expires(99999999999999w) // expected-error {{'expires' takes a duration}}
int n(int n);

#pragma memo tier(elsewhere) // expected-error {{'elsewhere' is not a tier}} expected-note {{it can be 'memory', 'disk' or 'shared'}}
int o(int n);

#pragma memo tier(memry) // expected-error {{'memry' is not a tier}} expected-note {{did you mean 'memory'?}}
int p(int n);

#pragma memo returns([:n]) align(48) // expected-error {{the alignment is not a power of two}}
int *q(int n);

#pragma memo returns([:n] align(0)) // expected-error {{the alignment is not a power of two}}
int *r(int n);

#pragma memo align(64) // expected-error {{'align' needs 'returns'}}
int s(int n);

#pragma memo returns(string) align(64) // expected-error {{'align' needs 'returns' with an array section}}
char *t(int n);

#pragma memo ignore(n + 1) // expected-error {{'ignore' takes objects and members, not expressions}}
int u(int n);

#pragma memo trust(helper(3)) // expected-error {{'trust' takes names, not expressions}}
int v(int n);

#pragma memo in(*x, *x) // expected-error {{'*x' is given twice in 'in'}}
int w(const int *x);

#pragma memo env("HOME") env("HOME") // expected-error {{clause 'env' is given twice}} expected-note {{first given here}}
int x(int n);

#pragma memo in(*x) out(*x) // expected-error {{'*x' stands in both 'in' and 'out'}}
int y(int *x);

#pragma memo strict // expected-error {{'strict' needs 'params'}}
int z(int n);

#pragma memo file(n, n) // expected-error {{'file' takes one expression}}
int aa(const char *n);

#pragma memo every(3s) // expected-error {{'every' is not a clause of '#pragma memo'}} expected-note {{it is one of '#pragma checkpoint'}}
int bb(int n);

#pragma memo params((1), (2)) // expected-error {{clause 'params' is not supported by this version}}
int cc(int n)
{
    return n;
}
