/* Statics of callees that can't be reached, and loops that run ahead of themselves. */
#define DECLARE(name) static int name

static int own_thread(void)
{
    static _Thread_local int count;
    return count++; // expected-note {{used here; 'skip(count)' leaves it as it is}}
}

static int by_macro(void)
{
    DECLARE(made);
    return made++; // expected-note {{used here; 'skip(made)' leaves it as it is}}
}

int thread_local_static(int n)
{
    int sum = 0;
#pragma checkpoint // expected-error {{the static 'count' can't be saved: it is a thread's own}}
    for (int i = 0; i < n; i++)
        sum += own_thread();
    return sum;
}

int static_of_a_macro(int n)
{
    int sum = 0;
#pragma checkpoint // expected-error {{the static 'made' can't be saved: a macro makes its declaration}}
    for (int i = 0; i < n; i++)
        sum += by_macro();
    return sum;
}

#pragma concurrent
static int f(int i)
{
    return i * 7 % 100;
}

#pragma synchronized speculate
int first_above(int n, int limit)
{
#pragma checkpoint // expected-error {{no checkpoint can be had of this loop: calls that run ahead of the results that end a loop (`speculate`) have no state to be saved}}
    for (int i = 0; i < n; i++)
        if (f(i) > limit)
            return i;
    return -1;
}
