#include <stdio.h>
#include <stdlib.h>

static int counter; // expected-note 2 {{'counter' declared here}}

/* ---- functions that are called where no call is written ---- */

static void count(int *p)
{
    counter += *p; // expected-error {{'cleans' writes global 'counter'}}
}

static void release(char **p)
{
    free(*p);
}

#define AUTO_FREE __attribute__((__cleanup__(release)))
#define GUARD(v) int *guard __attribute__((cleanup(unlock))) = &(v)

#pragma memo
int cleans(int n)
{
    __attribute__((cleanup(count))) int x = n; // expected-note {{'cleans' calls 'count' here}}
    return x + 1;
}

static void unlock(int **p)
{
    **p = 0; // expected-error {{'guarded' writes global 'counter'}}
}

#pragma memo
int guarded(int n)
{
    GUARD(counter); // expected-note {{'guarded' calls 'unlock' here}}
    return n;
}

#pragma memo
int frees_itself(int n)
{
    AUTO_FREE char *p = malloc((size_t)n + 1);
    if (!p)
        return -1;
    p[0] = 'x';
    return p[0];
}

static int nested(int n)
{
    int inner(int k) { return counter += k; } // expected-error {{can't be analysed}}
    return inner(n);
}

#pragma memo
int calls_nested(int n)
{
    return nested(n);
}

/* ---- registers, addresses, fixed places ---- */

#pragma memo
long stack(long n)
{
    register long sp __asm__("rsp"); // expected-error {{'stack' contains inline assembly}}
    return sp + n;
}

#pragma memo
int device(int n)
{
    return n + *(int *)0xfee00000; // expected-error {{reads memory that can't be traced}}
}

#pragma memo
int special(int n)
{
    const char *p = n ? (const char *)-1 : NULL;
    return p == (const char *)-1;
}

/* ---- the date inside of strings and macros ---- */

#define STAMP "v1 " __TIME__
#define QUOTED "__DATE__"

#pragma memo
int glued(int n)
{
    return ("built " __DATE__)[n]; // expected-error {{contains the date of compilation}}
}

static const char *stamp(void)
{
    return STAMP; // expected-error {{contains the date of compilation}}
}

#pragma memo
int in_a_macro(int n)
{
    return stamp()[n]; // expected-note {{'in_a_macro' calls 'stamp' here}}
}

#pragma memo
int only_its_name(int n)
{
    return QUOTED[n] + "__TIME__"[n];
}

/* ---- libraries ---- */

int MPI_Comm_rank(int communicator, int *rank);
int PMPI_Send(const void *p, int n, int type, int to, int tag, int communicator);

#pragma memo
int rank(int n)
{
    int r;
    MPI_Comm_rank(0, &r); // expected-error {{it calls 'MPI_Comm_rank'}}
    return r + n;
}

#pragma memo
int sends(int n)
{
    return PMPI_Send(&n, 1, 0, 0, 0, 0); // expected-error {{it calls 'PMPI_Send'}}
}

static void die(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

#pragma memo trust(die)
int complains(int n)
{
    if (n < 0)
        die("negative");
    return n;
}

#pragma memo
double own_generator(int n)
{
    unsigned short x[3] = {1, 2, 3};
    double sum = 0;
    while (n-- > 0)
        sum += erand48(x);
    return sum;
}

/* ---- strings that may change ---- */

static char label[8];            // expected-note {{'label' declared here}}
static const char fixed[8] = "a";

#pragma memo returns(static string) // expected-note {{a static string is a literal or a const object}}
const char *labelled(int n) // expected-error {{returns 'label', which isn't constant}}
{
    return n ? label : "none";
}

#pragma memo returns(static string)
const char *settled(int n)
{
    return n ? fixed : "none";
}
