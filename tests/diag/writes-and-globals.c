#include <stdio.h>

static int counter;       // expected-note {{'counter' declared here}}
static int *where;        // expected-note {{'where' declared here}}
static volatile int port;

#pragma memo
int counts(int n)
{
    counter++; // expected-error {{memoized function 'counts' writes global 'counter'}}
    return n;
}

#pragma memo
int remembers(int n)
{
    static int last;
    int before = last;
    last = n; // expected-error {{writes static 'last'}}
    return before;
}

#pragma memo in(v[:n])
void clears(int *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = 0; // expected-error {{writes memory behind 'v' that no 'out' or 'inout' covers}}
}

#pragma memo
int follows(void)
{
    return *where; // expected-error {{reads global 'where', which can't be in the key: it holds pointers}}
}

#pragma memo ignore(log)
int logs(int n, int *log)
{
    *log = n; // expected-error {{writes through the ignored pointer 'log'}}
    return n;
}

#pragma memo
int watches(int n)
{
    return n + port; // expected-error {{'watches'}}
}
