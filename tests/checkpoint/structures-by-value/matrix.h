#ifndef MATRIX_H
#define MATRIX_H

typedef struct {
    int rows, columns;
    double *data;
} matrix;

struct walker {
    double *at;
    double steps[4];
};

void multiply(matrix out, matrix a, matrix b);
void count(int *const *counters, int i);

#endif
