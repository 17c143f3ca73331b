/* What a task may not do makes calls run in their place: one warning a function, with the causes
 * as notes. */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int total, limit;

#pragma concurrent // expected-note {{like 'inout(total)', and calls that have to do with it}}
int adds(int i)    // expected-warning {{concurrent function 'adds' runs serially: it writes global 'total'}}
{
    total += i; // expected-note {{this is where it writes global 'total'}}
    return i;
}

#pragma concurrent // expected-note {{write 'pure' if the order}}
int counts(int i)  // expected-warning {{'counts' runs serially: it writes static 'n'}}
{
    static int n;
    n++; // expected-note {{this is where it writes static 'n'}}
    return i + n;
}

#pragma concurrent // expected-note {{write 'trust(printf)'}}
int prints(int i)  // expected-warning {{it writes output with 'printf'}}
{
    printf("%d\n", i); // expected-note {{this is where it}}
    return i;
}

static int inner(int i)
{
    return i + rand(); // expected-note {{this is where it uses the state of a random number generator with 'rand'}}
}
#pragma concurrent // expected-note {{write 'trust(rand)'}}
int draws(int i)   // expected-warning {{'draws' runs serially}}
{
    return inner(i); // expected-note {{'draws' calls 'inner' here}}
}

static __thread int last;
#pragma concurrent // expected-note {{write 'pure'}}
int remembers(int i) // expected-warning {{it uses thread-local 'last'}}
{
    int before = last; // expected-note {{this is where it uses thread-local 'last'}}
    return before + i;
}

#pragma concurrent // expected-note {{write 'trust(exit)'}}
int ends(int i)    // expected-warning {{it ends the program with 'exit'}}
{
    if (i < 0)
        exit(1); // expected-note {{this is where it}}
    return i;
}

jmp_buf out;
#pragma concurrent // expected-note {{write 'trust(longjmp)'}}
int jumps(int i)   // expected-warning {{it leaves by a jump with 'longjmp'}}
{
    if (i < 0)
        longjmp(out, 1); // expected-note {{this is where it}}
    return i;
}

#pragma concurrent // expected-note {{write 'trust(fesetround)'}}
double rounds(double x) // expected-warning {{it changes the floating-point environment with 'fesetround'}}
{
    fesetround(FE_UPWARD); // expected-note {{this is where it}}
    return x / 3;
}

pthread_mutex_t lock;
#pragma concurrent // expected-note {{write 'trust(pthread_mutex_lock)'}} expected-note {{write 'trust(pthread_mutex_unlock)'}}
int locks(int i)   // expected-warning {{it depends on threads with 'pthread_mutex_lock'}}
{
    pthread_mutex_lock(&lock);   // expected-note {{this is where it}}
    pthread_mutex_unlock(&lock); // expected-note {{this is where it}}
    return i;
}

volatile int port;
#pragma concurrent // expected-note {{write 'pure'}}
int reads_port(int i) // expected-warning {{it accesses a volatile object}}
{
    return i + port; // expected-note {{this is where it}}
}

int elsewhere(int i);
#pragma concurrent // expected-note {{'#pragma concurrent' before the prototype of 'elsewhere'}}
int asks(int i)    // expected-warning {{it calls 'elsewhere', which is out of sight}}
{
    return elsewhere(i); // expected-note {{this is where it}}
}

#pragma concurrent // expected-note {{write 'pure'}}
int through(int (*call)(int), int i) // expected-warning {{it calls a function through a pointer}}
{
    return call(i); // expected-note {{this is where it}}
}

#pragma concurrent // expected-note {{write 'pure'}}
void pokes(unsigned long at, int value) // expected-warning {{it writes memory that can't be traced}}
{
    *(int *)at = value; // expected-note {{this is where it}}
}

#pragma concurrent
int many(int n, ...) // expected-warning {{it takes variable arguments}}
{
    return n;
}

#pragma concurrent
int listed(int n, va_list ap); // expected-warning {{it takes a 'va_list'}} expected-note {{this is where it takes a 'va_list'}}

#pragma concurrent
_Noreturn void never(int i) // expected-warning {{it doesn't return}}
{
    for (;;)
        i++;
}

#pragma concurrent // expected-note {{write a prototype}}
int old(i)         // expected-warning {{it declares its parameters in the old style}}
int i;
{
    return i;
}

#pragma concurrent // expected-note {{define the type before the function}}
struct made { int a; } makes(int i) // expected-warning {{it defines a type in its header}}
{
    struct made m = {i};
    return m;
}

#pragma concurrent
__attribute__((weak)) int weak(int i) // expected-warning {{it is weak: another definition may take its place}}
{
    return i;
}

struct fixed {
    const int a;
    int b;
};
#pragma concurrent // expected-note {{pass a pointer to it}}
int takes(struct fixed x) // expected-warning {{it takes 'x' of type 'struct fixed', which can't be assigned}} expected-note {{this is where it}}
{
    return x.a + x.b;
}
#pragma concurrent
struct fixed gives(int i) // expected-warning {{it returns type 'struct fixed', which can't be assigned}}
{
    struct fixed x = {i, i};
    return x;
}

#pragma concurrent // expected-note {{assign 'errno = 0' at the beginning}}
int tells_errno(int i) // expected-warning {{it reads 'errno' that it may not have set}}
{
    if (i > 3)
        errno = 0;
    return errno; // expected-note {{this is where it reads}}
}
static int asks_errno(void)
{
    switch (limit) {
    case 1:
        errno = 0;
        break;
    case 2:
        return errno; // expected-note {{this is where it reads}}
    }
    return 0;
}
#pragma concurrent // expected-note {{assign 'errno = 0'}}
int tells_deeper(int i) // expected-warning {{it reads 'errno'}}
{
    return i + asks_errno();
}
