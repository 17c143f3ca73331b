#include "grid.h"
#include "gridlib.h"

/*@ smooth */
static double times(double v, short level)
{
    double scaled = v;
    for (short i = 0; i < level; i++)
        scaled = scaled * 0.5 + 1;
    return scaled;
}

/*@~ smooth */
#pragma memo in(*g, g->cells[:g->n]) out(out[:g->n])
void smooth(const struct grid *g, double *out)
{
    for (size_t i = 0; i < g->n; i++)
        out[i] = times(stencil(g->cells, g->n, i), g->level);
}

/*@~ count */
#pragma memo in(*g, g->cells[:g->n])
int count(const struct grid *g, double above)
{
    int found = 0;
    for (size_t i = 0; i < g->n; i++)
        found += g->cells[i] > above;
    return found * 10;
}

/*@~ edge */
#pragma memo in(*f)
double edge(const struct frame *f)
{
    double both = border(f->left, 1) + border(f->right, 2);
    return both - f->inner.top - f->inner.bottom * 4;
}
