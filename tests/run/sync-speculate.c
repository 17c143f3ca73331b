// warnings: yes
// stats: late tasks>=60
/* A loop that ends by a result: later calls may have started; nothing of them shows. */
#include <stdio.h>
#include <string.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i * 2654435761u;
    for (int k = 0; k < 2000; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}

#pragma synchronized speculate
static int first_above(int n, int limit)
{
    for (int i = 0; i < n; i++)
        if (f(i) > limit)
            return i;
    return -1;
}
#pragma synchronized speculate
static int until(int n, int limit, int *v, int *n_done)
{
    int i, sum = 0;
    for (i = 0; i < n; i++) {
        int r = f(i);
        if (r > limit)
            break;
        v[i] = r;
        sum = sum * 3 % 10007 + r;
        ++*n_done;
    }
    return sum + i * 100000;
}
#pragma synchronized speculate
static int while_small(int limit)
{
    int i = 0;
    while (f(i) < limit)
        i++;
    return i;
}
static int nested(int *where)
{
    int found = 0;
    for (int row = 0; row < 6; row++) {
#pragma synchronized speculate
        for (int i = 0; i < 40; i++) {
            int v = f(row * 100 + i);
            if (v < 20) {
                *where = i;
                found += row * 100 + v;
                break;
            }
            if (v == 255)
                goto out;
        }
    }
out:
    return found;
}

int main(void)
{
    for (int limit = 0; limit < 256; limit += 51)
        printf("%d ", first_above(200, limit));
    for (int limit = 100; limit < 256; limit += 50) {
        int v[64], n_done = 0;
        memset(v, -1, sizeof v);
        printf("%d ", until(64, limit, v, &n_done));
        printf("%d", n_done);
        for (int i = 0; i < 12; i++)
            printf(" %d", v[i]);
        printf("\n");
    }
    int where = -1, found = nested(&where);
    printf("%d %d %d\n", while_small(200), found, where);
    return 0;
}
