// runs: cold warm
// stats: cold work.miss=2 work.hit=1
/* <stdatomic.h> of either compiler is understood. */
#include <stdatomic.h>
#include <stdio.h>

static atomic_long total;

#pragma memo
static int work(int n)
{
    atomic_int sum = 3;
    int expected = 7;

    for (int i = 0; i < n; i++)
        atomic_fetch_add(&sum, i * i % 7);
    atomic_store(&sum, atomic_load(&sum) ^ 5);
    atomic_compare_exchange_strong(&sum, &expected, 8);
    return atomic_exchange(&sum, 1) + expected;
}

static void add(long x)
{
    atomic_fetch_add(&total, x);
}

int main(void)
{
    printf("%d %d %d\n", work(1000), work(1001), work(1000));
#pragma checkpoint every(2 iterations)
    for (int i = 0; i < 10; i++)
        add(i);
    printf("%ld\n", atomic_load(&total));
    return 0;
}
