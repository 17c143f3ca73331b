// flags: -O1 -ffp-contract=off -lm
// A ray tracer after c-ray: structs by value, samples summed for each pixel, bytes out.
#include <math.h>
#include <stdio.h>

struct vec {
    double x, y, z;
};
struct sphere {
    struct vec centre, colour;
    double radius, reflection;
};
struct scene {
    const struct sphere *spheres;
    int n;
    struct vec light;
};

static struct vec add(struct vec a, struct vec b, double s)
{
    return (struct vec){a.x + s * b.x, a.y + s * b.y, a.z + s * b.z};
}
static double dot(struct vec a, struct vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
static struct vec unit(struct vec a)
{
    double l = sqrt(dot(a, a));
    return (struct vec){a.x / l, a.y / l, a.z / l};
}

static int hit(const struct scene *s, struct vec from, struct vec to, double *at)
{
    int best = -1;
    *at = 1e9;
    for (int i = 0; i < s->n; i++) {
        struct vec d = add(from, s->spheres[i].centre, -1);
        double b = dot(d, to), c = dot(d, d) - s->spheres[i].radius * s->spheres[i].radius;
        double q = b * b - c;
        if (q < 0)
            continue;
        double t = -b - sqrt(q);
        if (t > 1e-6 && t < *at) {
            *at = t;
            best = i;
        }
    }
    return best;
}

static struct vec look(const struct scene *s, struct vec from, struct vec to, int depth)
{
    double t;
    int i = hit(s, from, to, &t);
    if (i < 0)
        return (struct vec){0.1, 0.1, 0.2 + 0.3 * to.y};
    const struct sphere *o = &s->spheres[i];
    struct vec p = add(from, to, t), n = unit(add(p, o->centre, -1));
    struct vec l = unit(add(s->light, p, -1));
    double u, lit = fmax(0, dot(n, l));
    if (hit(s, p, l, &u) >= 0)
        lit = 0;
    struct vec c = {o->colour.x * (0.1 + lit), o->colour.y * (0.1 + lit),
                    o->colour.z * (0.1 + lit)};
    if (depth > 0 && o->reflection > 0)
        c = add(c, look(s, p, add(to, n, -2 * dot(to, n)), depth - 1), o->reflection);
    return c;
}

#define W 40
#define H 24
#define SAMPLES 3

#pragma concurrent in(*s, s->spheres[:s->n])
static struct vec trace(const struct scene *s, double x, double y)
{
    struct vec eye = {0, 0.5, -4};
    return look(s, eye, unit((struct vec){(x - W / 2.0) / W * 2, (H / 2.0 - y) / W * 2, 2}), 3);
}

static unsigned char image[H][W][3];

#pragma synchronized
static double render(const struct scene *s)
{
    double brightest = 0;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            double r = 0, g = 0, b = 0;
            for (int k = 0; k < SAMPLES; k++) {
                struct vec c = trace(s, x + k / (double)SAMPLES, y + k * k / 9.0);
                r += c.x;
                g += c.y;
                b += c.z;
            }
            image[y][x][0] = (unsigned char)fmin(255, r / SAMPLES * 255);
            image[y][x][1] = (unsigned char)fmin(255, g / SAMPLES * 255);
            image[y][x][2] = (unsigned char)fmin(255, b / SAMPLES * 255);
            if (r + g + b > brightest)
                brightest = r + g + b;
        }
    return brightest;
}

int main(void)
{
    struct sphere spheres[] = {{{0, 0, 1}, {0.9, 0.2, 0.2}, 1, 0.3},
                               {{1.6, 0.4, 2}, {0.2, 0.8, 0.3}, 0.9, 0.5},
                               {{-1.5, 0.2, 0.5}, {0.3, 0.3, 0.9}, 0.7, 0.2},
                               {{0, -101, 2}, {0.7, 0.7, 0.7}, 100, 0}};
    struct scene s = {spheres, 4, {5, 6, -5}};
    unsigned h = 0;
    double b = render(&s);
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            int v = image[y][x][0] + image[y][x][1] + image[y][x][2];
            putchar(" .:-=+*#%@"[v * 9 / 765]);
            h = (h * 31 + (unsigned)v) * 17 + image[y][x][1];
        }
        putchar('\n');
    }
    printf("%.17g %u\n", b, h);
    return 0;
}
