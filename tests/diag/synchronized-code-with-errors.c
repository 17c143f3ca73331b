/* What libclang can't read can't be synchronized. */
double g(int n);

double f(int n)
{
    double s = 0;
#pragma synchronized // expected-note {{annotated here}}
    for (int i = 0; i < n; i++)
        s += g(i) + unknown; // expected-warning {{synchronized code in 'f' runs serially, since it can't be analysed: use of undeclared identifier 'unknown'}}
    return s;
}
