/* Calls inside the function, and those before it, are memoized too. */
long fibonacci(int n);

long before(int n)
{
    return fibonacci(n) + 1;
}

#pragma memo
long fibonacci(int n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
