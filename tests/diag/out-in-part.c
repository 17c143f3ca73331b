#pragma memo out(v[:n]) // expected-warning {{it can't be seen that every call of 'sometimes' writes all of 'v[:n]'}}
void sometimes(int n, int *v)
{
    if (n > 3)
        v[0] = 1;
}

#pragma memo out(v[:n], *count)
void always(int n, int *v, int *count)
{
    for (int i = 0; i < n; i++)
        v[i] = i;
    if (count)
        *count = n;
}
