// flags: -O1 -ffp-contract=off -lm
// warnings: yes
// Forces on bodies, ranks of pages, shortest ways from each place, levels of a graph, a terrain.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODIES 40
struct body {
    double x[3], v[3], mass;
};
struct force {
    double f[3];
};

#pragma concurrent in(bodies[:n])
static struct force force_on(int i, const struct body *bodies, int n)
{
    struct force f = {{0, 0, 0}};
    for (int j = 0; j < n; j++) {
        double d[3], r = 1e-3;
        if (j == i)
            continue;
        for (int k = 0; k < 3; k++) {
            d[k] = bodies[j].x[k] - bodies[i].x[k];
            r += d[k] * d[k];
        }
        for (int k = 0; k < 3; k++)
            f.f[k] += bodies[j].mass * d[k] / (r * sqrt(r));
    }
    return f;
}

#pragma concurrent inout(*b)
static void move(struct body *b, struct force f, double dt)
{
    for (int k = 0; k < 3; k++) {
        b->v[k] += f.f[k] * dt;
        b->x[k] += b->v[k] * dt;
    }
}

#pragma synchronized
static double step(struct body *bodies, struct force *forces, int n, double dt)
{
    double energy = 0;
    for (int i = 0; i < n; i++)
        forces[i] = force_on(i, bodies, n);
    for (int i = 0; i < n; i++)
        move(&bodies[i], forces[i], dt);
    for (int i = 0; i < n; i++)
        energy +=
            bodies[i].mass * (bodies[i].v[0] * bodies[i].v[0] + bodies[i].v[1] * bodies[i].v[1]);
    return energy;
}

#define PAGES 120
static int links[PAGES][5];

#pragma concurrent
static double rank_of(int page, const double *old, int n)
{
    double r = 0.15 / n;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 5; k++)
            if (links[i][k] == page)
                r += 0.85 * old[i] / 5;
    return r;
}

#pragma synchronized
static double ranks(double *now, double *next, int n, int steps)
{
    double change = 0;
    for (int s = 0; s < steps; s++) {
        change = 0;
        for (int i = 0; i < n; i++)
            next[i] = rank_of(i, now, n);
        for (int i = 0; i < n; i++) {
            change += fabs(next[i] - now[i]);
            now[i] = next[i];
        }
    }
    return change;
}

/* Ways from one place: a result of many numbers in an array of the caller's. */
#pragma concurrent out(far[:PAGES])
static int ways(int from, int *far)
{
    int queue[PAGES], head = 0, tail = 0;
    for (int i = 0; i < PAGES; i++)
        far[i] = -1;
    far[from] = 0;
    queue[tail++] = from;
    while (head < tail) {
        int i = queue[head++];
        for (int k = 0; k < 5; k++)
            if (far[links[i][k]] < 0) {
                far[links[i][k]] = far[i] + 1;
                queue[tail++] = links[i][k];
            }
    }
    return tail;
}

#pragma synchronized
static long all_ways(long *reached)
{
    static int far[PAGES][PAGES];
    long sum = 0;
    *reached = 0;
    for (int i = 0; i < PAGES; i++)
        *reached += ways(i, far[i]);
    for (int i = 0; i < PAGES; i++)
        for (int j = 0; j < PAGES; j++)
            sum += far[i][j] * (j % 3 + 1);
    return sum;
}

/* Level by level: who is new goes to the next list, in order. */
#pragma concurrent
static int first_new(int i, const unsigned char *seen)
{
    for (int k = 0; k < 5; k++)
        if (!seen[links[i][k]])
            return links[i][k];
    return -1;
}

#pragma synchronized
static int levels(int from, int *order)
{
    unsigned char seen[PAGES] = {0}, next[PAGES];
    int n = 0, first = 0;
    order[n++] = from;
    seen[from] = 1;
    while (first < n) {
        int end = n;
        memcpy(next, seen, sizeof seen);
        for (int k = first; k < end; k++) {
            int i = first_new(order[k], seen);
            if (i >= 0 && !next[i]) {
                next[i] = 1;
                order[n++] = i;
            }
        }
        memcpy(seen, next, sizeof seen);
        first = end;
    }
    return n;
}

#pragma concurrent
static float height(int x, int y)
{
    float h = 0, scale = 1;
    for (int o = 0; o < 5; o++, scale /= 2) {
        unsigned s = (unsigned)(x >> (5 - o)) * 374761393u + (unsigned)(y >> (5 - o)) * 668265263u;
        s = (s ^ s >> 13) * 1274126177u;
        h += (float)(s >> 16) / 65536 * scale;
    }
    return h;
}

#define SIDE 65
static float terrain[SIDE][SIDE];
static struct {
    int x, y;
    float h;
} peaks[30];

int main(void)
{
    static struct body bodies[BODIES];
    static struct force forces[BODIES];
    static double now[PAGES], next[PAGES];
    int order[PAGES], n_peaks = 0, n;
    long reached;
    for (int i = 0; i < BODIES; i++)
        for (int k = 0; k < 3; k++) {
            bodies[i].x[k] = (i * 37 + k * 11) % 29;
            bodies[i].mass = 1 + i % 3;
        }
    for (int s = 0; s < 10; s++)
        printf("%.17g\n", step(bodies, forces, BODIES, 0.01));
    for (int i = 0; i < PAGES; i++) {
        now[i] = 1.0 / PAGES;
        for (int k = 0; k < 5; k++)
            links[i][k] = (i * (k + 2) + 7 * k * k + 1) % PAGES;
    }
    printf("%.17g", ranks(now, next, PAGES, 12));
    printf(" %.17g\n", now[17]);
    printf("%ld", all_ways(&reached));
    printf(" %ld\n", reached);
    n = levels(3, order);
    printf("%d %d %d\n", n, order[n / 2], order[n - 1]);
#pragma synchronized
    {
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                terrain[y][x] = height(x, y);
        for (int y = 1; y < SIDE - 1; y++)
            for (int x = 1; x < SIDE - 1; x++) {
                float h = terrain[y][x];
                if (h > terrain[y - 1][x] && h > terrain[y + 1][x] && h > terrain[y][x - 1] &&
                    h > terrain[y][x + 1] && n_peaks < 30) {
                    peaks[n_peaks].x = x;
                    peaks[n_peaks].y = y;
                    peaks[n_peaks++].h = h;
                }
            }
    }
    printf("%d peaks, %d,%d %.9g\n", n_peaks, peaks[0].x, peaks[0].y,
           n_peaks ? (double)peaks[0].h : 0.0);
    return 0;
}
