// flags: -O1 -ffp-contract=off -lm
// The Mandelbrot set three ways: pixel by pixel, row by row into sections, and with statistics
// in the tail of each call.
#include <stdio.h>

#define W 64
#define H 40

#pragma concurrent
static int iterations(double cr, double ci, int most)
{
    double r = 0, i = 0;
    int n = 0;
    while (n < most && r * r + i * i <= 4) {
        double t = r * r - i * i + cr;
        i = 2 * r * i + ci;
        r = t;
        n++;
    }
    return n;
}

#pragma concurrent out(row[:w])
static void line(unsigned char *row, int w, double ci, int most)
{
    for (int x = 0; x < w; x++)
        row[x] = (unsigned char)iterations(-2.2 + 3.0 * x / w, ci, most);
}

static unsigned char pixels[H][W], lines[H * W];

#pragma synchronized
static void draw(int most)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            pixels[y][x] = (unsigned char)iterations(-2.2 + 3.0 * x / W, -1.2 + 2.4 * y / H, most);
}

#pragma synchronized
static void draw_lines(unsigned char *to, int w, int h, int most)
{
    for (int y = 0; y < h; y++, to += w)
        line(to, w, -1.2 + 2.4 * y / h, most);
}

struct figures {
    long sum;
    int inside, highest, at_x, at_y;
    long by_row[H];
};

#pragma synchronized
static struct figures measure(int most)
{
    struct figures f = {0, 0, -1, 0, 0, {0}};
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            int n = iterations(-2.2 + 3.0 * x / W, -1.2 + 2.4 * y / H, most);
            f.sum += n;
            f.by_row[y] += n;
            if (n == most) {
                f.inside++;
            } else if (n > f.highest) {
                f.highest = n;
                f.at_x = x;
                f.at_y = y;
            }
        }
    return f;
}

int main(void)
{
    draw(200);
    draw_lines(lines, W, H, 200);
    int n_different = 0;
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            n_different += pixels[y][x] != lines[y * W + x];
            putchar(" .:-=+*#%@"[pixels[y][x] * 9 / 200]);
        }
        putchar('\n');
    }
    struct figures f = measure(300);
    printf("%d differ, sum %ld, %d inside, %d at %d,%d, row %ld\n", n_different, f.sum, f.inside,
           f.highest, f.at_x, f.at_y, f.by_row[H / 2]);
    return 0;
}
