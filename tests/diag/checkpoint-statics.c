/* Statics of callees that can't be reached, and functions whose calls are no tasks for the sake of
 * a loop. */
#define DECLARE(name) static int name

static int own_thread(void)
{
    static _Thread_local int count;
    return count++; // expected-note {{used here; move it to file scope, or write 'trust(own_thread)' if its value doesn't matter}}
}

static int by_macro(void)
{
    DECLARE(made);
    return made++; // expected-note {{used here; move it to file scope, or write 'trust(by_macro)' if its value doesn't matter}}
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
int with_checkpoints(int n) // expected-warning {{concurrent function 'with_checkpoints' runs serially: it has a loop with checkpoints}}
{
    int sum = 0;
#pragma checkpoint // expected-note {{this is where it has a loop with checkpoints}}
    for (int i = 0; i < n; i++)
        sum += i;
    return sum;
}
