static int counter(int i)
{
    static int n = 5, big[1000];
    n += i;
    big[i % 1000] += n;
    return n + big[(i * 7) % 1000];
}
static inline int arr(int i)
{
    static struct {
        int a;
        double b[3];
    } s[2];
    s[i & 1].a += i;
    s[1].b[i % 3] += 0.5;
    return s[0].a + (int)s[1].b[0];
}
static int unused_one(int i)
{
    static int never;
    return never += i;
}
int other(int n);
int run(int n)
{
    int total = 0;
#pragma checkpoint every(3 iterations)
    for (int i = 0; i < n; i++) {
        static int inner = 9;
        total += counter(i) + arr(i) + inner++;
        if (n < 0)
            total += unused_one(i);
    }
    return total;
}
