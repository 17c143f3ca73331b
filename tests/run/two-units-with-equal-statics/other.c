int other(int n);

#pragma memo
static int f(int n)
{
    return n + 100;
}

int other(int n)
{
    return f(n);
}
