// flags: -O1 -ffp-contract=off -lm
// Clusters by k-means: the nearest centre of each point is a concurrent call, sums are kept in order.
#include <float.h>
#include <stdio.h>
#include <string.h>

#define POINTS 400
#define K 7
#define DIM 3

struct point {
    double x[DIM];
};
struct near {
    int k;
    double distance;
};

#pragma concurrent in(centres[:k])
static struct near nearest(struct point p, const struct point *centres, int k)
{
    struct near best = {-1, DBL_MAX};
    for (int c = 0; c < k; c++) {
        double d = 0;
        for (int i = 0; i < DIM; i++)
            d += (p.x[i] - centres[c].x[i]) * (p.x[i] - centres[c].x[i]);
        if (d < best.distance) {
            best.k = c;
            best.distance = d;
        }
    }
    return best;
}

#pragma synchronized
static int step(const struct point *points, int *group, struct point *centres, double *cost)
{
    struct point sums[K];
    int sizes[K], moved = 0;
    memset(sums, 0, sizeof sums);
    memset(sizes, 0, sizeof sizes);
    *cost = 0;
    for (int i = 0; i < POINTS; i++) {
        struct near n = nearest(points[i], centres, K);
        if (n.k != group[i]) {
            group[i] = n.k;
            moved++;
        }
        *cost += n.distance;
        sizes[n.k]++;
        for (int d = 0; d < DIM; d++)
            sums[n.k].x[d] += points[i].x[d];
    }
    for (int c = 0; c < K; c++)
        for (int d = 0; d < DIM && sizes[c]; d++)
            centres[c].x[d] = sums[c].x[d] / sizes[c];
    return moved;
}

int main(void)
{
    static struct point points[POINTS], centres[K];
    static int group[POINTS];
    unsigned x = 5;
    double cost = 0;
    int moved, steps = 0;
    for (int i = 0; i < POINTS; i++)
        for (int d = 0; d < DIM; d++) {
            x = x * 1664525 + 1013904223;
            points[i].x[d] = (double)(x >> 12) / (1 << 20) + (i % K) * 0.3 * d;
        }
    for (int c = 0; c < K; c++)
        centres[c] = points[c * 31];
    do {
        moved = step(points, group, centres, &cost);
        printf("%d moved, %.17g\n", moved, cost);
    } while (moved > 2 && ++steps < 15);
    for (int c = 0; c < K; c++)
        printf("%.17g %.17g %.17g\n", centres[c].x[0], centres[c].x[1], centres[c].x[2]);
    return 0;
}
