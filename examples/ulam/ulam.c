/* ulam.c - the primes in a spiral.
 *
 * Write 1 in the middle of a grid and the numbers that follow around it in a
 * spiral, then mark the primes: they gather on diagonals. Both steps are
 * remembered, the second by the content of the array that the first returned.
 *
 *   ulam [-b N] [-z N] [-o FILE] [--full]
 *
 * The spiral holds the numbers up to b; the picture shows the N x N cells (-z)
 * in its middle. What was counted goes to stdout, times to stderr, the picture
 * to a PNG file. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The primes in [a, b], ascending; *count of them. The caller frees the array.
 * NULL, and a count of 0, if there is no memory. Sieve of Eratosthenes, a byte
 * for each number. */
#pragma memo out(*count) returns([:*count])
static long *primes_between(long a, long b, size_t *count)
{
    *count = 0;
    if (b < 2)
        b = 1;
    char *is_composite = calloc((size_t)b + 1, 1);
    if (!is_composite)
        return NULL;
    is_composite[0] = is_composite[1] = 1;
    for (long i = 2; i <= b / i; i++) {
        if (is_composite[i])
            continue;
        for (long multiple = i * i; multiple <= b; multiple += i)
            is_composite[multiple] = 1;
    }

    size_t n = 0;
    long first = a < 0 ? 0 : a;
    for (long i = first; i <= b; i++)
        n += !is_composite[i];
    long *primes = malloc((n ? n : 1) * sizeof *primes);
    if (primes) {
        for (long i = first; i <= b; i++) {
            if (!is_composite[i])
                primes[(*count)++] = i;
        }
    }
    free(is_composite);
    return primes;
}

/* A grid of side * side cells, side odd, row by row; 1 where the number of a
 * cell is among the primes. 1 stands in the middle, 2 to the right of it, and
 * the spiral goes on counterclockwise. The caller frees the grid; NULL if there
 * is no memory. */
#pragma memo in(primes[:count]), returns([:side * side])
static unsigned char *ulam_spiral(const long *primes, size_t count, size_t side)
{
    static const int dx[4] = {1, 0, -1, 0}, dy[4] = {0, -1, 0, 1};
    unsigned char *grid = calloc(side, side);
    if (!grid)
        return NULL;
    size_t x = side / 2, y = side / 2, next = 0;
    long number = 1, last = (long)(side * side);
    /* Legs of 1, 1, 2, 2, 3, 3, ... steps, each turned by a quarter. */
    for (unsigned leg = 0; number <= last; leg++) {
        for (unsigned step = 0; step < leg / 2 + 1 && number <= last; step++) {
            while (next < count && primes[next] < number)
                next++;
            if (next < count && primes[next] == number)
                grid[y * side + x] = 1;
            x += (size_t)dx[leg % 4];
            y += (size_t)dy[leg % 4];
            number++;
        }
    }
    return grid;
}

/* ---- PNG: a palette of two colours, one bit for each pixel, not compressed */

struct png {
    FILE *file;
    uint32_t crc;              /* of the chunk that is being written */
    uint32_t adler_a, adler_b; /* of the image data so far */
};

static void png_bytes(struct png *png, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < len; i++) {
        png->crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            png->crc = png->crc >> 1 ^ (png->crc & 1 ? 0xedb88320 : 0);
    }
    fwrite(bytes, 1, len, png->file);
}

static void png_u32(struct png *png, uint32_t value)
{
    unsigned char bytes[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                              (unsigned char)(value >> 8), (unsigned char)value};
    png_bytes(png, bytes, sizeof bytes);
}

static void png_begin_chunk(struct png *png, const char *type, size_t len)
{
    png_u32(png, (uint32_t)len);
    png->crc = 0xffffffff; /* from the type on */
    png_bytes(png, type, 4);
}

static void png_end_chunk(struct png *png)
{
    png_u32(png, ~png->crc);
}

/* One row as a stored block of a zlib stream; the last one ends the stream. */
static void png_row(struct png *png, const unsigned char *row, size_t len, bool is_last)
{
    unsigned char head[5] = {is_last, (unsigned char)len, (unsigned char)(len >> 8),
                             (unsigned char)~len, (unsigned char)(~len >> 8)};
    png_bytes(png, head, sizeof head);
    png_bytes(png, row, len);
    for (size_t i = 0; i < len; i++) {
        png->adler_a = (png->adler_a + row[i]) % 65521;
        png->adler_b = (png->adler_b + png->adler_a) % 65521;
    }
}

/* Writes the zoom * zoom cells in the middle of the grid, each of them
 * scale * scale pixels. Returns 0, or -1 with errno. */
static int write_png(const char *path, const unsigned char *grid, size_t side, size_t zoom,
                     size_t scale)
{
    static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const unsigned char format[5] = {1, 3, 0, 0, 0};              /* 1 bit, palette */
    static const unsigned char palette[6] = {255, 245, 235, 217, 72, 1}; /* paper, orange */
    size_t pixels = zoom * scale, row_len = 1 + (pixels + 7) / 8;
    if (row_len > 65535) {
        errno = EFBIG;
        return -1;
    }
    unsigned char *row = malloc(row_len);
    struct png png = {.file = fopen(path, "wb"), .adler_a = 1};
    if (!row || !png.file) {
        free(row);
        if (png.file)
            fclose(png.file);
        return -1;
    }
    fwrite(signature, 1, sizeof signature, png.file);
    png_begin_chunk(&png, "IHDR", 13);
    png_u32(&png, (uint32_t)pixels);
    png_u32(&png, (uint32_t)pixels);
    png_bytes(&png, format, sizeof format);
    png_end_chunk(&png);
    png_begin_chunk(&png, "PLTE", sizeof palette);
    png_bytes(&png, palette, sizeof palette);
    png_end_chunk(&png);
    png_begin_chunk(&png, "IDAT", 2 + pixels * (5 + row_len) + 4);
    png_bytes(&png, "\x78\x01", 2);
    const unsigned char *corner = &grid[(side - zoom) / 2 * (side + 1)];
    for (size_t y = 0; y < pixels; y++) {
        memset(row, 0, row_len); /* row[0]: no filter */
        for (size_t x = 0; x < pixels; x++) {
            if (corner[y / scale * side + x / scale])
                row[1 + x / 8] |= (unsigned char)(0x80 >> x % 8);
        }
        png_row(&png, row, row_len, y + 1 == pixels);
    }
    png_u32(&png, png.adler_b << 16 | png.adler_a);
    png_end_chunk(&png);
    png_begin_chunk(&png, "IEND", 0);
    png_end_chunk(&png);
    free(row);
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

/* The least odd side of a grid that has room for b numbers. */
static size_t side_for(long b)
{
    size_t side = 1;
    while (side * side < (size_t)b)
        side += 2;
    return side;
}

struct options {
    long b, z;
    const char *path;
};

static bool parse_number(const char *text, long *value)
{
    char *end;
    errno = 0;
    *value = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *value >= 1 && *value <= 2000000000;
}

static bool parse_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--full") == 0) {
            o->b = 500000000;
        } else if (strcmp(argv[i], "-b") == 0 && parse_number(value, &o->b)) {
            i++;
        } else if (strcmp(argv[i], "-z") == 0 && parse_number(value, &o->z)) {
            i++;
        } else if (strcmp(argv[i], "-o") == 0 && *value) {
            o->path = value;
            i++;
        } else {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct options o = {.b = 150000000, .z = 501, .path = "ulam.png"};
    if (!parse_options(argc, argv, &o)) {
        fprintf(stderr, "usage: ulam [-b N] [-z N] [-o FILE] [--full]\n");
        return 2;
    }

    double start = seconds();
    size_t count;
    long *primes = primes_between(1, o.b, &count);
    if (!primes) {
        perror("primes_between");
        return 1;
    }
    double found = seconds();
    size_t side = side_for(o.b);
    unsigned char *grid = ulam_spiral(primes, count, side);
    if (!grid) {
        perror("ulam_spiral");
        return 1;
    }
    double drawn = seconds();

    size_t zoom = (size_t)o.z < side ? (size_t)o.z : side;
    zoom -= (side - zoom) % 2; /* so that there is a middle */
    printf("%zu primes between 1 and %ld, the last is %ld\n", count, o.b,
           count ? primes[count - 1] : 0);
    printf("a spiral of %zu x %zu cells; %s shows the %zu x %zu in the middle\n", side, side,
           o.path, zoom, zoom);
    if (write_png(o.path, grid, side, zoom, 1 + 999 / zoom) != 0) {
        perror(o.path);
        return 1;
    }
    fprintf(stderr, "primes_between %9.6f s\n", found - start);
    fprintf(stderr, "ulam_spiral    %9.6f s\n", drawn - found);
    fprintf(stderr, "total          %9.6f s\n", drawn - start);
    free(grid);
    free(primes);
    return 0;
}
