/* mandelbrot.c - a picture of the Mandelbrot set, row by row.
 *
 * Each row is one call of draw_row(), which writes the pixels of that row and
 * nothing else. Rows through the set take a hundred times as long as those at
 * the edge; which thread draws which is not the program's business.
 *
 *   mandelbrot [-w WIDTH] [-n ITERATIONS] [-c X Y] [-z ZOOM] [-o FILE]
 *
 * The picture is a PNG file of WIDTH x WIDTH * 2/3 pixels around X Y. What it
 * shows is counted on stdout; the time goes to stderr. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct view {
    int width, height, iterations;
    double x, y, pixel; /* the middle, and the size of a pixel */
};

/* After how many steps z -> z * z + c has left the circle of radius 2, from 1 on; 0: it hasn't. */
static int escape(double cx, double cy, int iterations)
{
    double x = 0, y = 0;

    for (int i = 1; i <= iterations; i++) {
        double xx = x * x, yy = y * y;
        if (xx + yy > 4)
            return i;
        y = 2 * x * y + cy;
        x = xx - yy + cx;
    }
    return 0;
}

/* A pixel is an index into the palette: 0 in the set, else by how soon it escapes. */
#pragma concurrent in(*view)out(row[:view->width])
static void draw_row(const struct view *view, int line, unsigned char *row)
{
    double cy = view->y + (view->height / 2.0 - line - 0.5) * view->pixel;

    for (int i = 0; i < view->width; i++) {
        double cx = view->x + (i + 0.5 - view->width / 2.0) * view->pixel;
        int steps = escape(cx, cy, view->iterations);
        row[i] = (unsigned char)(steps ? 1 + (int)(48 * log2(steps)) % 255 : 0);
    }
}

#pragma synchronized
static void draw(const struct view *view, unsigned char *pixels)
{
    for (int line = 0; line < view->height; line++)
        draw_row(view, line, &pixels[(size_t)line * (size_t)view->width]);
}

/* ---- PNG: a palette of 256 colours, a byte for each pixel, not compressed */

struct png {
    FILE *file;
    uint32_t crc_table[256], crc; /* of the chunk that is being written */
    uint32_t adler_a, adler_b;    /* of the image data so far */
};

static void png_bytes(struct png *png, const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++)
        png->crc = png->crc >> 8 ^ png->crc_table[(png->crc ^ bytes[i]) & 0xff];
    fwrite(bytes, 1, len, png->file);
}

static void png_u32(struct png *png, uint32_t value)
{
    unsigned char bytes[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                              (unsigned char)(value >> 8), (unsigned char)value};
    png_bytes(png, bytes, sizeof bytes);
}

static void png_chunk(struct png *png, const char *type, size_t len)
{
    png_u32(png, (uint32_t)len);
    png->crc = 0xffffffff; /* from the type on */
    png_bytes(png, type, 4);
}

static void png_end_chunk(struct png *png)
{
    png_u32(png, ~png->crc);
}

/* Dark blue, orange, white and back again. */
static void png_palette(struct png *png)
{
    png_chunk(png, "PLTE", 256 * 3);
    png_bytes(png, "\0\0\0", 3);
    for (int i = 1; i < 256; i++) {
        double turn = 2 * 3.14159265358979323846 * (i - 1) / 255;
        double value[3] = {0.5 - 0.5 * cos(turn), 0.5 - 0.5 * cos(turn - 0.6),
                           0.55 - 0.45 * cos(turn - 1.8)};
        unsigned char rgb[3];
        for (int c = 0; c < 3; c++)
            rgb[c] = (unsigned char)(255 * value[c]);
        png_bytes(png, rgb, 3);
    }
    png_end_chunk(png);
}

/* The image data: a zlib stream of a stored block for each row. */
static void png_rows(struct png *png, const unsigned char *pixels, size_t width, size_t height)
{
    size_t len = 1 + width; /* a byte in front: no filter */

    png_chunk(png, "IDAT", 2 + height * (5 + len) + 4);
    png_bytes(png, "\x78\x01", 2);
    for (size_t y = 0; y < height; y++, pixels += width) {
        unsigned char head[6] = {
            y + 1 == height,     (unsigned char)len,         (unsigned char)(len >> 8),
            (unsigned char)~len, (unsigned char)(~len >> 8), 0};
        png_bytes(png, head, sizeof head);
        png_bytes(png, pixels, width);
        png->adler_b = (png->adler_b + png->adler_a) % 65521; /* the byte in front */
        for (size_t x = 0; x < width; x++) {
            png->adler_a = (png->adler_a + pixels[x]) % 65521;
            png->adler_b = (png->adler_b + png->adler_a) % 65521;
        }
    }
    png_u32(png, png->adler_b << 16 | png->adler_a);
    png_end_chunk(png);
}

/* Returns 0, or -1 with errno. */
static int write_png(const char *path, const unsigned char *pixels, size_t width, size_t height)
{
    static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const unsigned char format[5] = {8, 3, 0, 0, 0}; /* 8 bits, palette */
    struct png png = {.file = fopen(path, "wb"), .adler_a = 1};

    if (!png.file)
        return -1;
    for (uint32_t i = 0; i < 256; i++) {
        png.crc_table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            png.crc_table[i] = png.crc_table[i] >> 1 ^ (png.crc_table[i] & 1 ? 0xedb88320 : 0);
    }
    fwrite(signature, 1, sizeof signature, png.file);
    png_chunk(&png, "IHDR", 13);
    png_u32(&png, (uint32_t)width);
    png_u32(&png, (uint32_t)height);
    png_bytes(&png, format, sizeof format);
    png_end_chunk(&png);
    png_palette(&png);
    png_rows(&png, pixels, width, height);
    png_chunk(&png, "IEND", 0);
    png_end_chunk(&png);
    bool failed = ferror(png.file);
    return fclose(png.file) != 0 || failed ? -1 : 0;
}

/* ---- the program */

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool parse_options(int argc, char **argv, struct view *v, double *zoom, const char **path)
{
    for (int i = 1; i < argc; i++) {
        if (i + 1 >= argc)
            return false;
        else if (strcmp(argv[i], "-w") == 0)
            v->width = atoi(argv[++i]);
        else if (strcmp(argv[i], "-n") == 0)
            v->iterations = atoi(argv[++i]);
        else if (strcmp(argv[i], "-z") == 0)
            *zoom = atof(argv[++i]);
        else if (strcmp(argv[i], "-o") == 0)
            *path = argv[++i];
        else if (strcmp(argv[i], "-c") == 0 && i + 2 < argc) {
            v->x = atof(argv[++i]);
            v->y = atof(argv[++i]);
        } else
            return false;
    }
    return v->width >= 3 && v->width <= 65000 && v->iterations > 0 && *zoom > 0;
}

int main(int argc, char **argv)
{
    struct view view = {.width = 1200, .iterations = 2000, .x = -0.6, .y = 0};
    const char *path = "mandelbrot.png";
    double zoom = 1;

    if (!parse_options(argc, argv, &view, &zoom, &path)) {
        fprintf(stderr, "usage: mandelbrot [-w WIDTH] [-n ITERATIONS] [-c X Y] [-z ZOOM] "
                        "[-o FILE]\n");
        return 2;
    }
    view.height = view.width * 2 / 3;
    view.pixel = 3.3 / view.width / zoom;
    size_t n = (size_t)view.width * (size_t)view.height, n_inside = 0;
    unsigned char *pixels = malloc(n);
    if (!pixels) {
        perror("mandelbrot");
        return 1;
    }

    double start = seconds();
    draw(&view, pixels);
    double end = seconds();
    for (size_t i = 0; i < n; i++)
        n_inside += pixels[i] == 0;
    printf("%s: %d x %d pixels, %zu of them in the set after %d steps\n", path, view.width,
           view.height, n_inside, view.iterations);
    if (write_png(path, pixels, (size_t)view.width, (size_t)view.height) != 0) {
        perror(path);
        return 1;
    }
    fprintf(stderr, "draw: %.3f s\n", end - start);
    free(pixels);
    return 0;
}
