/* What a callee out of sight may do with a pointer is what its type says. */
double sum(double *v, int n); // expected-note {{'sum' is out of sight and may write through a pointer that isn't to const; if it only reads, declare its parameter so}}
double sum_of_const(const double *v, int n);

#pragma memo in(p[:n]) // expected-note {{add a shape for it to 'out' or 'inout'; it starts from 'p'}}
double total(double *p, int n)
{
    return sum(p, n); // expected-error {{memoized function 'total' writes memory behind 'p' that no 'out' or 'inout' covers}}
}

#pragma memo in(p[:n])
double total_of_const(double *p, int n)
{
    return sum_of_const(p, n);
}
