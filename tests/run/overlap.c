// stats: cold calls=6 miss=2 hit=1
/* A call in which an out section overlaps another section is carried out and
 * not cached. */
#include <stdio.h>

#pragma memo in(a[:n]) out(b[:n])
void shift(int n, const int *a, int *b)
{
    for (int i = 0; i < n; i++)
        b[i] = a[i] + 1;
}

static void show(const int *v)
{
    for (int i = 0; i < 5; i++)
        printf("%d ", v[i]);
    printf("\n");
}

int main(void)
{
    int v[5] = {1, 2, 3, 4, 5}, w[5] = {0};
    shift(4, v, w); /* apart */
    show(w);
    shift(4, v, w);
    show(w);
    shift(4, v, v + 1); /* each sees the one before */
    show(v);
    shift(4, v, v + 1);
    show(v);
    shift(4, v, v);
    show(v);
    shift(4, v, w);
    show(w);
    return 0;
}
