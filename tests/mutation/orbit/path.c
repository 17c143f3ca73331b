/* Where things go. */
#include <math.h>
#include <assert.h>
#include "orbit.h"

/*@ path */
static struct state advance(struct state s, quantity by)
{
    s.v = damp(s.v) + by;
    s.x += s.v * 0.125;
    s.step++;
    return s;
}

/*@~ energy */
#pragma memo
double energy(double v, int kind)
{
    struct body b = {.mass = 3.0, .radius = 0.5f, .kind = kind};
    quantity total = SQUARE(v) + gravity[kind & 3];
    for (int i = 0; i < STEPS; i++) {
        v = damp(v);
        total += sqrt(v * v + 2.0) + pull(v + i, &b);
    }
    assert(total > -1e9);
    return total;
}

/*@~ path */
#pragma memo
double path(double x, int steps)
{
    struct state s = {x, 1.5, 0};
    struct body around = {2.0, 0.75f, 1};
    for (int i = 0; i < steps + STEPS; i++) {
        quantity by = polynomial(SQUARE(s.x));
        s = advance(s, by - pull(s.x, &around));
    }
    return s.x + s.step;
}

/*@~ drift */
#pragma memo
double drift(double x)
{
    quantity sum = 0.25;
    double n = ROUNDS(x);
    while (n > MARS) {
        sum += mean(n, x);
        n -= 2.5;
    }
    return sum + n;
}

/*@~ */
double another(double x)
{
    return x * 7 + STEPS;
}
