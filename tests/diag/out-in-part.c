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

#pragma memo out(r)
void each_element(double a, double r[3])
{
    r[0] = a;
    r[1] = r[0] * a;
    r[2] = r[1] * a;
}

#pragma memo out(r[:3]) // expected-warning {{writes all of 'r[:3]'}}
void all_but_one(double a, double *r)
{
    r[0] = r[2] = a;
}

static int gives(int n, int *out)
{
    *out = n;
    return n > 0;
}

#pragma memo out(*r)
int in_a_condition(int n, int *r)
{
    if (!gives(n, r))
        return -1;
    return *r;
}
