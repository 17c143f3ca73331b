/* Nothing of this is a reason to run serially. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// expected-no-diagnostics

static const int table[] = {1, 2, 3};
int limit;
static int calls;

#pragma concurrent
double computes(int i)
{
    char text[32];
    int *own = malloc(sizeof *own);
    assert(i >= 0);
    if (!own)
        return 0;
    *own = table[i % 3] + limit;
    snprintf(text, sizeof text, "%d", *own);
    errno = 0;
    double x = strtod(text, NULL) + sqrt(i) + (errno != 0);
    free(own);
    return x;
}

static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
#pragma concurrent
void sorts(int *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
}

/* What time it is, the program's output may not depend on. */
#pragma concurrent
int waits(int i)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    nanosleep(&(struct timespec){0, 1000}, NULL);
    return i;
}

#pragma concurrent inout(calls)
int counts(void)
{
    return ++calls;
}

#pragma concurrent pure
int logs(int i)
{
    fprintf(stderr, "%d\n", i);
    return i;
}

int elsewhere(int i);
void tells(int i);
__attribute__((const)) int promised(int i);
#pragma concurrent
int task_elsewhere(int i);
#pragma concurrent trust(elsewhere, tells)
int calls_them(int i)
{
    tells(i);
    return elsewhere(i) + promised(i) + task_elsewhere(i);
}

#pragma concurrent
int calls_pure(int i)
{
    return logs(i) + calls_them(i);
}

/* The word given for the memo counts. */
#pragma memo trust(elsewhere)
#pragma concurrent
int both(int i)
{
    return elsewhere(i) * 2;
}

struct node {
    struct node *next;
    int value;
};
#pragma concurrent
int adds(const struct node *list)
{
    int sum = 0;
    for (; list; list = list->next)
        sum += list->value;
    return sum;
}
