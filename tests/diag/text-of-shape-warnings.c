#pragma memo in(v[:n], w[:n]) out(r[:n], q[:n])
void scale(const double *v, const double *w, int n, double *r, double *q)
{
    for (int i = 0; i <= n; i++)
        r[i] = v[i] * 2;
}

#pragma memo out(r[:n])
int first(int n, int *r, int k)
{
    if (k)
        for (int i = 0; i < n; i++)
            r[i] = i;
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += r[i];
    return sum;
}
