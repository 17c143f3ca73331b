/* A `for` that declares its variable: copies, a static of a callee, a section and its pointer. */
static int count(int i)
{
    static int calls;
    return calls += i;
}

double sum_up(int n, double *v)
{
    double sum = 0;
#pragma checkpoint save(v[:n]) every(10s)
    for (int i = 0; i < n; i++) {
        v[i] += count(i);
        sum += v[i];
    }
    return sum;
}
