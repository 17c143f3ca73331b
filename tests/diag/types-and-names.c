/* What can't be a key or a result by its type, and what a clause can't name. */
#include <stdlib.h>

struct pair {
    int x, y;
};
struct tail {
    int n;
    int data[];
};
typedef int vector __attribute__((vector_size(16)));
static int total;
int unseen(int n);

#pragma memo
int atomic(_Atomic int n) // expected-error {{parameter of type '_Atomic(int)' can't be stored or compared}}
{
    return n;
}

#pragma memo
int by_value(struct tail t) // expected-error {{parameter of type 'struct tail' has a size of its own at run time}}
{
    return t.n;
}

#pragma memo
struct tail returned(int n) // expected-error {{result of type 'struct tail' has a size of its own at run time}}
{
    return (struct tail){n};
}

#pragma memo
int unnamed(const int *, int n);
int unnamed(const int *p, int n) // expected-error {{a pointer parameter of a memoized function needs a name}}
{
    return p[n];
}

#pragma memo
int broken(int n)
{
    return n + not_declared; // expected-error {{memoized function 'broken' can't be analysed: use of undeclared identifier 'not_declared'}}
}

#pragma memo in(*(n ? p : q)) // expected-error {{'*(n ? p : q)' doesn't start from a parameter or a global}}
int chosen(const int *p, const int *q, int n)
{
    return n ? *p : *q;
}

#pragma memo returns(string) // expected-error {{type 'int *' is no string}}
int *no_string(int n)
{
    return calloc(n, sizeof(int));
}

#pragma memo returns([:n]) // expected-error {{'returns' is for functions that return a pointer; 'no_pointer' returns 'int'}}
int no_pointer(int n)
{
    return n;
}

#pragma memo ignore(total) // expected-error {{'ignore' takes parameters and their members}}
int ignores(int n)
{
    return n + total;
}

#pragma memo when(rand() > 3) // expected-error {{a clause can't call 'rand': it may have side effects}}
int random_when(int n)
{
    return n;
}

#pragma memo when(unseen(n)) // expected-error {{a clause can't call 'unseen': it may have side effects}}
int unseen_when(int n)
{
    return n;
}

#pragma memo in(p->z) // expected-error {{no member 'z' in 'const struct pair'}}
int no_member(const struct pair *p)
{
    return p->x;
}

#pragma memo in(p.x) // expected-error {{no member 'x' in 'const struct pair *'}}
int member_of_pointer(const struct pair *p)
{
    return p->x;
}

#pragma memo in(n[:3]) // expected-error {{type 'int' is neither a pointer nor an array}}
int section_of_number(int n)
{
    return n;
}

#pragma memo
int reads_anywhere(long at)
{
    return *(int *)at; // expected-error {{memoized function 'reads_anywhere' reads memory that can't be traced to a shape}}
}

#pragma memo
int writes_anywhere(long at)
{
    *(int *)at = 3; // expected-error {{memoized function 'writes_anywhere' writes memory that can't be traced to a shape}}
    return 0;
}

#pragma memo // expected-error {{'#pragma memo' is not followed by a function}}
struct nothing;

#pragma memo // expected-error {{'#pragma memo' is not followed by}}
