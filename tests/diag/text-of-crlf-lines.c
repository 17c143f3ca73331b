/* Lines that end in CR LF, one of them continued. */
#pragma memo in(p[:n]) \
    out(nope[:n])
int a(const int *p, int n)
{
    return p[n]; /* ok */
}

#pragma memo
int b(const int *p)
{
    return *p;
}

#pragma memo in(p[:n]
int c(const int *p, int n)
{
    return p[n];
}
