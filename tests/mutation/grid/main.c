#include <stdio.h>
#include "grid.h"

int main(void)
{
    double cells[16], out[16];
    for (int i = 0; i < 16; i++)
        cells[i] = (i * 7) % 11 - 3.25;
    for (int i = 1; i < 4; i++) {
        struct grid g = {.n = 5 + (size_t)i, .cells = cells + i, .level = (short)i};
        struct frame f = {.left = i, .right = 2 * i, .inner = {(char)i, 3 * i}};
        smooth(&g, out);
        printf("smooth:");
        for (size_t j = 0; j < g.n; j++)
            printf(" %.17g", out[j]);
        printf("\ncount: %d\n", count(&g, i * 0.5));
        printf("edge: %.17g\n", edge(&f));
        printf("level: %d\n", level(i * 10));
        printf("norm: %.17g\n", norm(g.n, g.cells));
    }
    return 0;
}
