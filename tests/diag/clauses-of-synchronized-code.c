/* Names are looked up where the loop stands; what is declared later, or in a block that
 * has ended, is out of sight. */
double g(int n);
static int limit = 3;
static volatile int changing;
int count(void);

#pragma synchronized threads(n) noalias(x, y)
double parameters(int n, double *x, double *y)
{
    x[0] = y[0] = g(n);
    return x[0];
}

#pragma synchronized noalias(x, q) // expected-error {{'q' is neither a parameter nor a global in sight}}
double k(int n, double *x)
{
    x[0] = g(n);
    return x[0];
}

struct both {
    double *a, *b;
};

double locals(int n, double *x, struct both *m)
{
    enum { SEVERAL = 4 };
    int n_threads = 2, depth = 1;
    double s = 0, y[10] = {0};
    {
        double *hidden = x;
        s += hidden[0];
    }
#pragma synchronized threads(n_threads + depth) noalias(x, y)
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(SEVERAL * limit) noalias(m->a, m->b)
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(n_thread) // expected-error {{'n_thread' is neither a variable in sight here nor a global}} expected-note {{did you mean 'n_threads'?}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(i) // expected-error {{'i' is neither}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized noalias(x, hidden) // expected-error {{'hidden' is neither}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized noalias(x, later) // expected-error {{'later' is neither}}
    for (int i = 0; i < n; i++)
        s += g(i);
    double later[3] = {s};
#pragma synchronized noalias(x, s) // expected-error {{'noalias' takes pointers and arrays}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized noalias(x, m->c) // expected-error {{no member 'c' in 'struct both'}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(s) // expected-error {{'threads' takes an integer}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(2.5) // expected-error {{'threads' takes an integer}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(0) // expected-error {{'0' is out of range}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(depth++) // expected-error {{must have no side effects}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(changing) // expected-error {{must have no side effects}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized threads(count()) // expected-error {{a clause can't call 'count'}}
    for (int i = 0; i < n; i++)
        s += g(i);
    return s + later[0];
}
