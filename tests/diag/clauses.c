struct pair {
    int x;
};

/* Unknown clauses, names, repetitions and contradictions. */
#pragma memo inn(p[:n]) // expected-error {{unknown clause 'inn'}} expected-note {{did you mean 'in'}}
int a(const int *p, int n)
{
    return p[0] + n;
}

#pragma memo in(nope[:n]) // expected-error {{'nope' is neither a parameter nor a global}}
int b(const int *p, int n)
{
    return p[0] + n;
}

#pragma memo in(p[:n]) in(p[:1]) // expected-error {{clause 'in' is given twice}}
int c(const int *p, int n)
{
    return p[0] + n;
}

#pragma memo in(p[:n]) ignore(p) // expected-error {{stands in both 'in' and 'ignore'}}
int d(const int *p, int n)
{
    return p[0] + n;
}

#pragma memo version("2") // expected-error {{'version' needs 'name'}}
int e(int n)
{
    return n;
}

#pragma memo threads(3) // expected-error {{'threads' is not a clause of '#pragma memo'}}
int f(int n)
{
    return n;
}

#pragma memo expires(30) // expected-error {{'expires' takes a duration}}
int g(int n)
{
    return n;
}

#pragma memo tier(disc) // expected-error {{'disc' is not a tier}} expected-note {{did you mean 'disk'}}
int h(int n)
{
    return n;
}

#pragma memo when(n++ > 3) // expected-error {{must have no side effects}}
int i(int n)
{
    return n;
}

#pragma memo in(p[:n] // expected-error {{has no matching ')'}}
int j(const int *p, int n)
{
    return p[0] + n;
}

#pragma memo pure(1) // expected-error {{'pure' takes no argument}}
int k(int n)
{
    return n;
}

#pragma memo returns(string) // expected-error {{'returns' is for functions that return a pointer}}
int l(int n)
{
    return n;
}

#pragma memo in(n[:3]) // expected-error {{is neither a pointer nor an array}}
int m(int n)
{
    return n;
}

#pragma memo in(s->y) // expected-error {{no member 'y'}}
int o(const struct pair *s)
{
    return s->x;
}

#pragma memo out(n) // expected-error {{'n' is passed by value}}
int q(int n)
{
    return n;
}

#pragma memo params((1), (2)) // expected-error {{clause 'params' is not supported}}
int r(int n)
{
    return n;
}
