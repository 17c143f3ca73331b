// flags: -O1 -ffp-contract=off -lm
// The game of life and heat in a plate: what is read and what is written change places.
#include <stdio.h>
#include <string.h>

#define W 48
#define H 24

typedef unsigned char field[H][W];

#pragma concurrent
static unsigned char cell(const field *f, int y, int x)
{
    int n = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (dy || dx)
                n += (*f)[(y + dy + H) % H][(x + dx + W) % W];
    return n == 3 || (n == 2 && (*f)[y][x]);
}

/* By pointers that are exchanged. */
#pragma synchronized
static field *live(field *now, field *next, int steps)
{
    while (steps-- > 0) {
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                (*next)[y][x] = cell(now, y, x);
        field *t = now;
        now = next;
        next = t;
    }
    return now;
}

#pragma concurrent in(up[:w], here[:w], down[:w])out(to[:w])
static void spread(double *to, const double *up, const double *here, const double *down, int w)
{
    to[0] = here[0];
    to[w - 1] = here[w - 1];
    for (int x = 1; x < w - 1; x++)
        to[x] = here[x] + 0.2 * (up[x] + down[x] + here[x - 1] + here[x + 1] - 4 * here[x]);
}

/* By the parity of the step. */
#pragma synchronized
static void warm(double plate[2][H][W], int steps)
{
    for (int s = 0; s < steps; s++)
        for (int y = 1; y < H - 1; y++)
            spread(plate[(s + 1) % 2][y], plate[s % 2][y - 1], plate[s % 2][y], plate[s % 2][y + 1],
                   W);
}

#pragma concurrent
static double mean(double l, double m, double r)
{
    return (l + 2 * m + r) / 4;
}

/* A rod, smoothed into another and copied back; and in place, which is serial. */
#pragma synchronized
static void smooth(double *x, double *tmp, int n, int steps)
{
    for (int s = 0; s < steps; s++) {
        for (int i = 1; i < n - 1; i++)
            tmp[i] = mean(x[i - 1], x[i], x[i + 1]);
        memcpy(x + 1, tmp + 1, (size_t)(n - 2) * sizeof *x);
    }
    for (int i = 1; i < n - 1; i++)
        x[i] = mean(x[i - 1], x[i], x[i + 1]);
}

int main(void)
{
    static field one, two;
    static double plate[2][H][W], rod[100], tmp[100];
    one[1][2] = one[2][3] = one[3][1] = one[3][2] = one[3][3] = 1;
    for (int i = 0; i < W; i++)
        one[12][i] = i % 5 != 0;
    field *end = live(&one, &two, 30);
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++)
            putchar((*end)[y][x] ? '#' : '.');
        putchar('\n');
    }
    for (int k = 0; k < 2; k++)
        for (int x = 0; x < W; x++)
            plate[k][0][x] = 100;
    warm(plate, 25);
    for (int y = 0; y < H; y += 5)
        printf("%.17g %.17g\n", plate[1][y][W / 2], plate[0][y][3]);
    rod[50] = 1000;
    smooth(rod, tmp, 100, 9);
    for (int i = 40; i < 62; i++)
        printf("%.17g\n", rod[i]);
    return 0;
}
