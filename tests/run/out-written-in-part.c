// warnings: yes
// stats: cold calls=4 miss=3 hit=1
/* What is written only in part is inout: what was there before counts. */
#include <stdio.h>

#pragma memo inout(v[:n])
void fill_even(int n, int *v)
{
    for (int i = 0; i < n; i += 2)
        v[i] = i * i;
}

int main(void)
{
    for (int start = 0; start < 4; start++) {
        int v[6];
        for (int i = 0; i < 6; i++)
            v[i] = start % 3;
        fill_even(6, v);
        for (int i = 0; i < 6; i++)
            printf("%d ", v[i]);
        printf("\n");
    }
    return 0;
}
