/* Sections in the key, in the result, in both; bounds over members. */
struct matrix {
    int rows, cols;
    double *data;
};

#pragma memo in(m->rows, m->cols, m->data[:m->rows * m->cols]) out(*trace, first[:2]) inout(sum[0:m->rows])
int reduce(const struct matrix *m, double *trace, double first[2], double *sum)
{
    *trace = 0;
    for (int i = 0; i < m->rows; i++) {
        sum[i] += m->data[i * m->cols];
        *trace += m->data[i * m->cols + i];
    }
    for (int i = 0; i < 2; i++)
        first[i] = m->data[i];
    return m->rows;
}
