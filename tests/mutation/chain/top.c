#include "chain.h"
#include "choice.h"

/*@~ top */
#pragma memo
int top(int n)
{
    int sum = 1;
    for (int i = 0; i < 3; i++)
        sum = sum * FACTOR + middle(n + i);
    return sum;
}

/*@~ direct */
#pragma memo
int direct(int n)
{
    return leaf(n + 4) * 2;
}

/*@~ indirect */
#pragma memo
int indirect(int n)
{
    int sum = n;
    for (int i = 0; i < 4; i++)
        sum += weights[i] ^ i;
    return sum;
}

/*@~ any */
#pragma memo
int any(int n)
{
    int value = steps[n & 1](n + 10);
    return value - 2;
}

/*@~ calls alone= tuning= */
#pragma memo name("calls")
int calls_alone(int n)
{
    return alone(n + 1) * 2 + CHOICE + reads_tuning(4);
}

/*@ chosen */
static int add_one(int n)
{
    return n + 1;
}

/*@ chosen */
static int times_two(int n)
{
    return n * 2;
}

/*@~ chosen */
#pragma memo
int chosen(int n, int which)
{
    return apply(which > 0 ? add_one : times_two, n);
}
