/* heat.c - how heat spreads in a plate.
 *
 * A square plate, cold at the rim, with some hot shapes in it, in steps of time: each
 * cell moves towards the mean of its neighbours. The state is two grids, some 100 MB, a
 * step reads one and writes the other. What the plate is like is written to a log
 * while it cools, and to a picture at the end. After `kill -9`, run again, log and
 * picture are, byte for byte, what they would have been.
 *
 *   heat [-n SIZE] [-s STEPS] [-l LOG] [-o FILE]
 *
 * The log is a text file, the picture a PNG file. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One step: n * n cells, the rim stays as it is. */
static void spread(const double *restrict from, double *restrict to, size_t n)
{
    for (size_t y = 1; y + 1 < n; y++) {
        const double *above = &from[(y - 1) * n], *row = above + n, *below = row + n;
        double *out = &to[y * n];
        for (size_t x = 1; x + 1 < n; x++)
            out[x] = row[x] + 0.2 * (above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x]);
    }
}

static void write_line(FILE *log, long step, const double *grid, size_t n)
{
    double sum = 0, hottest = grid[0];

    for (size_t i = 0; i < n * n; i++) {
        sum += grid[i];
        hottest = grid[i] > hottest ? grid[i] : hottest;
    }
    fprintf(log, "%8ld %.15f %.15f\n", step, sum / (double)(n * n), hottest);
}

/* Returns the grid with the last step, one of the two. */
static double *cool(double *now, double *next, size_t n, long steps, FILE *log)
{
#pragma checkpoint save(now[:n * n], next[:n * n]) file(log) every(5 %) on(TERM, INT)
    for (long step = 0; step < steps; step++) {
        if (step % 20 == 0)
            write_line(log, step, now, n);
        spread(now, next, n);
        double *last = now;
        now = next;
        next = last;
    }
    write_line(log, steps, now, n);
    return now;
}

/* A disc, a ring and a bar, of 1000 degrees. */
static void heat_up(double *grid, size_t n)
{
    for (size_t y = 1; y + 1 < n; y++) {
        for (size_t x = 1; x + 1 < n; x++) {
            double u = ((double)x + 0.5) / (double)n, v = ((double)y + 0.5) / (double)n;
            double disc = hypot(u - 0.3, v - 0.3), ring = hypot(u - 0.68, v - 0.36);
            bool is_bar = fabs(v - 0.75 + 0.2 * (u - 0.5)) < 0.03 && fabs(u - 0.5) < 0.35;
            grid[y * n + x] = disc < 0.12 || fabs(ring - 0.14) < 0.025 || is_bar ? 1000 : 20;
        }
    }
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

/* From black over red and yellow to white. */
static void png_palette(struct png *png)
{
    png_chunk(png, "PLTE", 256 * 3);
    for (int i = 0; i < 256; i++) {
        for (int c = 0; c < 3; c++) {
            int value = 3 * i - 255 * c;
            unsigned char byte = (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
            png_bytes(png, &byte, 1);
        }
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

/* A pixel for each cell, or for the middle one of a square of cells: at most `most` * `most` of
 * them, which the caller frees; *side is how many. NULL if there is no memory. */
static unsigned char *paint(const double *grid, size_t n, size_t most, size_t *side)
{
    size_t step = (n + most - 1) / most, width = n / step;
    unsigned char *pixels = malloc(width * width);

    for (size_t y = 0; pixels && y < width; y++) {
        for (size_t x = 0; x < width; x++) {
            double heat = grid[(y * step + step / 2) * n + x * step + step / 2];
            pixels[y * width + x] = (unsigned char)(heat / 1000 * 255);
        }
    }
    *side = width;
    return pixels;
}

static double seconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct options {
    long n, steps;
    const char *log, *picture;
};

static bool parse_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "-n") == 0)
            o->n = atol(argv[i + 1]);
        else if (strcmp(argv[i], "-s") == 0)
            o->steps = atol(argv[i + 1]);
        else if (strcmp(argv[i], "-l") == 0)
            o->log = argv[i + 1];
        else if (strcmp(argv[i], "-o") == 0)
            o->picture = argv[i + 1];
        else
            return false;
    }
    return argc % 2 == 1 && o->n >= 3 && o->n <= 60000 && o->steps >= 0;
}

int main(int argc, char **argv)
{
    struct options o = {.n = 2500, .steps = 1000, .log = "heat.log", .picture = "heat.png"};

    if (!parse_options(argc, argv, &o)) {
        fprintf(stderr, "usage: heat [-n SIZE] [-s STEPS] [-l LOG] [-o FILE]\n");
        return 2;
    }
    size_t n = (size_t)o.n, side;
    double *grids = calloc(2 * n * n, sizeof *grids);
    FILE *log = fopen(o.log, "w");
    if (!grids || !log) {
        perror(log ? "heat" : o.log);
        return 1;
    }

    double start = seconds();
    heat_up(grids, n);
    const double *last = cool(grids, grids + n * n, n, o.steps, log);
    double end = seconds();
    if (ferror(log) || fclose(log) != 0) {
        perror(o.log);
        return 1;
    }
    unsigned char *pixels = paint(last, n, 1000, &side);
    if (!pixels || write_png(o.picture, pixels, side, side) != 0) {
        perror(o.picture);
        return 1;
    }
    printf("%zu x %zu cells after %ld steps: %s, %s\n", n, n, o.steps, o.log, o.picture);
    fprintf(stderr, "cool: %.3f s\n", end - start);
    free(pixels);
    free(grids);
    return 0;
}
