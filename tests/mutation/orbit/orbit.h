#ifndef ORBIT_H
#define ORBIT_H
#include "units.h"

/*@ energy path */
#define STEPS 12
/*@ force energy path */
#define SQUARE(x) ((x) * (x))
/*@ force */
#define SOFTENED(d, by) (SQUARE(d) + SQUARE(by))
/*@ drift */
#define HALF(x) ((x) * 0.5)
#define ROUNDS(n) (HALF(n) + 1.0)

/*@ */
enum planet {
    MERCURY = 0, /*@ */
    VENUS = 3,   /*@ force */
    EARTH = 5,   /*@ force drift */
    MARS         /*@ drift */
};

/*@ force energy path */
struct body {
    double mass;
    float radius;
    int kind;
};

/*@ path */
struct state {
    double x, v;
    long step;
};

/*@ energy path */
static inline double damp(double v)
{
    return v * 0.98 - 0.001;
}

/*@ */
static inline double nobody_calls(double v)
{
    return v * 3.5 + 1;
}

struct nobody_has_one {
    int a, b;
};

/*@ energy */
extern const double gravity[4];

/*@ */
double pull(double d, const struct body *b);
double mean(double a, double b);
double polynomial(double x);
double unused_here(double x);
double clamped(double x, double limit);

double force(double d, int kind);
double energy(double v, int kind);
double path(double x, int steps);
double drift(double x);

#endif
