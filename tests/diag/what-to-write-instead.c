/* Nearly every error is followed by a note that says what to write. */
#include <memo.h>
#include <stdio.h>
#include <stdlib.h>

struct list {
    int n;
    struct list *next;
};
static int *table; // expected-note {{'table' declared here}}
static int count;  // expected-note {{'count' declared here}}

static int plain(int n)
{
    return n;
}

int ask(void)
{
    return memo_cached(plain(3)); // expected-error {{'plain' has no '#pragma memo' in sight of this 'memo_cached'}} expected-note {{write the annotation before the function's prototype, in the header that this unit includes}}
}

#pragma memo key(zebra) // expected-error {{'zebra' is neither a parameter nor a global in sight}}
int no_such_name(int n) // expected-note {{'no_such_name' is declared here}}
{
    return n;
}

#pragma memo // expected-note {{annotated here}}
int variadic(int n, ...) // expected-error {{a function with variable arguments can't be memoized}}
{
    return n;
}

#pragma memo // expected-note {{write 'in(p[:n])', or 'ignore(p)' if it can't change the result}}
int reads(const int *p)
{
    return *p; // expected-error {{pointer 'p' has no shape: which bytes this reads or writes can't be told}}
}

#pragma memo // expected-note {{write 'inout(p[:bytes])', or 'ignore(p)'}}
void writes(void *p)
{
    *(int *)p = 1; // expected-error {{pointer 'p' has no shape: which bytes this reads or writes can't be told}}
}

#pragma memo // expected-note {{write 'ignore(p)' if it can't change the result, or the section it stands for}}
int unused(const int *p) // expected-error {{pointer parameter 'p' has no shape}}
{
    return p == NULL;
}

#pragma memo // expected-note {{write 'in(code(f))' to identify the function by its code, or 'ignore(f)'}}
int call(int (*f)(int)) // expected-error {{function pointer 'f' has no shape}}
{
    return f(3);
}

#pragma memo // expected-note {{write 'returns([:n])', 'returns([:1])', 'returns(string)', 'returns(in p)' or 'returns(static string)'}}
int *result(int n) // expected-error {{'result' returns a pointer: what it points to has no shape}}
{
    return calloc(n, sizeof(int));
}

#pragma memo in(*l) // expected-error {{pointer '*l.next' has no shape}} expected-note {{a pointer in an object needs a shape of its own, like 'in(s->data[:s->n])', or 'ignore'; results can't hold pointers}}
int whole(const struct list *l)
{
    return l->n;
}

#pragma memo in(l->n) // expected-note {{add a shape for it to 'in', or 'ignore' it; it starts from 'l'}}
int walks(const struct list *l)
{
    int n = 0;
    for (; l; l = l->next) // expected-error {{memoized function 'walks' reads memory behind 'l' that no shape covers}}
        n += l->n;
    return n;
}

#pragma memo in(*p) // expected-note {{add a shape for it to 'out' or 'inout'; it starts from 'p'}}
int scribbles(int *p)
{
    *p = 3; // expected-error {{memoized function 'scribbles' writes memory behind 'p' that no 'out' or 'inout' covers}}
    return *p;
}

#pragma memo ignore(p) // expected-note {{add a shape for it to 'out' or 'inout'; it starts from 'p'}}
int scribbles_ignored(int *p)
{
    *p = 3; // expected-error {{memoized function 'scribbles_ignored' writes through the ignored pointer 'p'}}
    return 0;
}

#pragma memo // expected-note {{write 'reads(table[:n])' or another shape that says which bytes count}}
int looks_up(int n)
{
    return table[n]; // expected-error {{memoized function 'looks_up' reads global 'table', which can't be in the key: it holds pointers}}
}

#pragma memo // expected-note {{'pure' says that this doesn't matter: a hit doesn't repeat it}}
int counts(int n)
{
    count++; // expected-error {{memoized function 'counts' writes global 'count'}}
    return n;
}

#pragma memo // expected-note {{write 'env("HOME")' to have the variable's value in the key}}
int home(void)
{
    return getenv("HOME") != NULL; // expected-error {{it calls 'getenv'}}
}

#pragma memo // expected-note {{write 'file(path)' to have the file's content in the key}}
int opens(const char *path)
{
    FILE *f = fopen(path, "r"); // expected-error {{it calls 'fopen'}}
    return f != NULL;
}

#pragma memo out(*v) // expected-warning {{it can't be seen that every call of 'in_part' writes all of '*v'}} expected-note {{what is written only in part is 'inout'}}
void in_part(int n, int *v)
{
    if (n > 3)
        *v = 1;
}

#pragma memo returns([:4]) // expected-note {{'returns(in p)' is for results that point into an argument, 'returns(static string)' for strings that nobody frees}}
const int *shared(int n)
{
    static const int values[4] = {1, 2, 3, 4};
    (void)n;
    return values; // expected-error {{'shared' returns memory that isn't fresh from malloc here: on a hit the caller would get memory to free}}
}
