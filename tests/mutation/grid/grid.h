#ifndef GRID_H
#define GRID_H
#include <stddef.h>

/*@ smooth count */
struct grid {
    size_t n;
    double *cells;
    short level;
};

/*@ edge */
struct frame {
    int left, right;
    struct {
        char top;
        int bottom;
    } inner;
};

/*@ level */
extern int sea_level;

/*@ */
void smooth(const struct grid *g, double *out);
int count(const struct grid *g, double above);
double edge(const struct frame *f);
int level(int height);
double norm(size_t n, const double *v);

#endif
