/* The function keeps its place and its lines; its name belongs to the wrapper. */
#pragma memo
static double mix(int n, double x)
{
    return n * x;
}

double use(int n)
{
    return mix(n, 0.5) + mix(n + 1, 0.25);
}
