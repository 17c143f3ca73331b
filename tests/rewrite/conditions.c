/* Conditions before, on a hit and after the call; key, name and version. */
#pragma memo in(v[:n]) when(n > 3) valid(memo_age < 60) store_if(result >= 0) \
    name("sum") version("2") expires(30s) min_cost(1ms) tier(memory)
int sum(const int *v, int n)
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}

#pragma memo key(n % 10) env("HOME")
int last_digit(int n)
{
    return n % 10;
}
