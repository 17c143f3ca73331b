#include "matrix.h"

void multiply(matrix out, matrix a, matrix b)
{
    for (int i = 0; i < a.rows; i++) {
        double sum = 0;
        for (int k = 0; k < a.columns; k++)
            sum += a.data[i * a.columns + k] * b.data[k];
        out.data[i] = sum + 0.5 * out.data[i];
    }
}

void count(int *const *counters, int i)
{
    ++*counters[i % 2];
}
