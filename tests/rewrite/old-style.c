// warnings: yes
/* A definition of the old style is called through a prototype of its promoted types. */
#pragma memo in(v[:n])
int sum(v, n)
    const int *v;
    short n;
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}
