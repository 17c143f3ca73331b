#ifndef SHAPES_H
#define SHAPES_H

double area(double r);          /* areas.c: static library */
double length(double r);        /* lengths.c: shared library */
double volume(double r);        /* plain.c: no annotations, not compiled by memocc */

#endif
