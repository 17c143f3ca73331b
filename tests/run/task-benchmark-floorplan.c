// flags: -O1 -ffp-contract=off -lm
// The smallest box for some tiles: a search over all places, minima taken in order.
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define TILES 5
#define SIDE 12

struct plan {
    unsigned char grid[SIDE][SIDE];
    int width, height;
};
struct best {
    int area;
    long nodes;
    struct plan plan;
};
static const int shapes[TILES][2] = {{3, 2}, {2, 2}, {4, 1}, {2, 3}, {1, 3}};

static int fits(const struct plan *p, int x, int y, int w, int h)
{
    if (x + w > SIDE || y + h > SIDE)
        return 0;
    for (int i = y; i < y + h; i++)
        for (int j = x; j < x + w; j++)
            if (p->grid[i][j])
                return 0;
    return 1;
}

#pragma concurrent
#pragma synchronized
static struct best lay(const struct plan *p, int tile, int bound)
{
    struct best best = {INT_MAX, 1, {{{0}}, 0, 0}};
    if (tile == TILES) {
        best.area = p->width * p->height;
        best.plan = *p;
        return best;
    }
    for (int turn = 0; turn < 2; turn++) {
        int w = shapes[tile][turn], h = shapes[tile][!turn];
        for (int y = 0; y < 5; y += 1)
            for (int x = 0; x < 5; x += 2) {
                if (!fits(p, x, y, w, h))
                    continue;
                struct plan next = *p;
                for (int i = y; i < y + h; i++)
                    memset(&next.grid[i][x], tile + 1, (size_t)w);
                if (x + w > next.width)
                    next.width = x + w;
                if (y + h > next.height)
                    next.height = y + h;
                if (next.width * next.height > bound)
                    continue;
                struct best b = lay(&next, tile + 1, bound);
                best.nodes += b.nodes;
                if (b.area < best.area) {
                    long nodes = best.nodes;
                    best = b;
                    best.nodes = nodes;
                }
            }
    }
    return best;
}

int main(void)
{
    struct plan empty = {{{0}}, 0, 0};
    struct best b = lay(&empty, 0, 24);
    printf("%d by %d, %ld nodes\n", b.plan.width, b.plan.height, b.nodes);
    for (int i = 0; i < b.plan.height; i++) {
        for (int j = 0; j < b.plan.width; j++)
            putchar(".abcde"[b.plan.grid[i][j]]);
        putchar('\n');
    }
    return 0;
}
