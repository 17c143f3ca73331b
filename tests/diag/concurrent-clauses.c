/* The clauses of `concurrent` are checked as those of `memo` are. */
#include <stddef.h>

#pragma concurrent in(p[:m]) // expected-note {{what is written is 'out' or 'inout'; it starts from 'p'}}
double contradicts(double *p, int m)
{
    p[m - 1] = 0; // expected-error {{concurrent function 'contradicts' writes memory of 'p' that 'in' says is only read}}
    return p[0];
}

static void clears(int *q)
{
    *q = 0; // expected-error {{writes memory of 'status' that 'in' says}}
}
#pragma concurrent in(*status) // expected-note {{it starts from 'status'}}
int deeper(int *status)
{
    clears(status); // expected-note {{'deeper' calls 'clears' here}}
    return 1;
}

#pragma concurrent in(*p) // expected-note {{write a section, like 'p[:n]'}}
double single(const double *p, int i)
{
    return p[i]; // expected-error {{'p' has the shape of one object, '*p', and here is another}}
}

#pragma concurrent in(data[:n]) // expected-error {{'data' is neither a parameter nor a global}}
double named(const double *date, int n); // expected-note@-1 {{did you mean 'date'?}}

#pragma concurrent in(p) // expected-error {{'p' is a pointer; write '*p' or 'p[:n]'}}
double pointer(const double *p);

#pragma concurrent out(n) // expected-error {{'n' is passed by value}}
void value(int n);

#pragma concurrent in(rows[:n][:n]) // expected-error {{the rows of 'rows[:n][:n]' are separate blocks}}
double blocks(double **rows, int n);

#pragma concurrent in(p[:]) // expected-error {{section 'p[:]' needs a count}}
double open(const double *p);

#pragma concurrent trust(nobody) // expected-error {{'nobody' is no function in sight}}
int trusts(int i)
{
    return i;
}

#pragma concurrent // expected-note {{annotated here}}
int main(void)     // expected-error {{'main' can't be concurrent}}
{
    return 0;
}

#pragma concurrent // expected-note {{annotated here}}
__attribute__((constructor)) void start(void) // expected-error {{a function with attribute 'constructor' can't be concurrent}}
{
}
