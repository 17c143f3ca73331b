#include <stdio.h>

static int scale = 2;

static int shout(int n)
{
    puts("n"); // expected-error {{it calls 'puts'}}
    return n;
}

static int twice(int n)
{
    return n * scale; // a global that is keyed
}

static int (*const loud[])(int) = {twice, shout};
static int (*const calm[])(int) = {twice, twice};

#pragma memo
int by_loud_table(int i, int n)
{
    return loud[i](n);
}

#pragma memo
int by_calm_table(int i, int n)
{
    return calm[i](n);
}

static int *slot(void)
{
    static int value;
    return &value;
}

#pragma memo
int behind(int n)
{
    return n + *slot(); // expected-error {{reads static 'value' over a pointer}}
}

#pragma memo
int own_table(int n)
{
    static int squares[] = {0, 1, 4, 9};
    return squares[n & 3];
}
