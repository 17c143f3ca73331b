// flags: -O2
// runs: threads2 threads3 late reverse
// stats: late tasks>=2000000
/* What is pending is bounded: two million deferred calls take no room to speak of. */
#include <stdio.h>
#include <sys/resource.h>

#pragma concurrent
static unsigned f(unsigned i)
{
    return (i ^ (i >> 5)) * 2654435761u;
}

#pragma synchronized
static unsigned all(unsigned n, unsigned char *kept)
{
    unsigned h = 0, k = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned v = f(i);
        h = h * 31 + v;
        if (v % 4096 == 0)
            kept[k++ % 100] = (unsigned char)v;
    }
    return h + k;
}

int main(void)
{
    unsigned char kept[100] = {0};
    unsigned h = all(2000000, kept);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("%u %d %s\n", h, kept[1], use.ru_maxrss < 60000 ? "little" : "too much");
    return 0;
}
