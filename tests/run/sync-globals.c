// warnings: yes
/* Globals that calls read and write, named in clauses or found, and changed between. */
#include <stdio.h>

static int offset = 3, n_calls, table[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static struct {
    double scale;
    int *where;
} settings = {0.5, table};
int shared_by_all;

static int mixed(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 300; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
#pragma concurrent
static int reads_some(int i)
{
    return mixed(i) + offset + table[i & 7];
}
#pragma concurrent
static double reads_a_structure(int i)
{
    return settings.scale * mixed(i) + *settings.where;
}
#pragma concurrent inout(n_calls)
static int counts(int i)
{
    n_calls++;
    return mixed(i + n_calls);
}
#pragma concurrent out(table)
static void sets(int seed)
{
    for (int k = 0; k < 8; k++)
        table[k] = mixed(seed + k) % 50;
}
#pragma concurrent inout(shared_by_all)
static int adds(int i)
{
    return shared_by_all += mixed(i);
}

#pragma synchronized
static void all(int n, int *v, double *w)
{
    for (int i = 0; i < n; i++) {
        v[i] = reads_some(i);
        offset++; /* calls before have the value before */
    }
    for (int i = 0; i < n; i++) {
        w[i] = reads_a_structure(i);
        if (i % 3 == 2)
            settings.scale *= 0.5;
        if (i == 4)
            settings.where = &offset;
    }
    for (int i = 0; i < n; i++) {
        sets(i);
        v[i] += reads_some(i);
        v[i] += counts(i);
    }
    for (int i = 0; i < n; i++) {
        table[i & 7] = reads_some(i); /* each reads what those before have written */
        v[i] += table[7] + n_calls;
        offset = reads_some(i) % 9;
    }
    for (int i = 0; i < n; i++)
        v[i] ^= adds(i);
}

int main(void)
{
    int v[12] = {0};
    double w[12];
    all(12, v, w);
    for (int i = 0; i < 12; i++)
        printf("%d %a ", v[i], w[i]);
    for (int i = 0; i < 8; i++)
        printf("%d ", table[i]);
    printf("%d %d %d\n", offset, n_calls, shared_by_all);
    return 0;
}
