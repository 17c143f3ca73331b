// stats: late tasks>=200
/* A call's result goes to the element that the destination named when the
 * statement was reached, however the element is written. */
#include <stdio.h>
#include <stdlib.h>

#define N 40

#pragma concurrent
static double weight(int i)
{
    double x = i;
    for (int k = 1; k < 400; k++)
        x = x * 0.75 + (double)(i % k) / k;
    return x;
}

struct cell {
    int id;
    struct {
        double v[3];
    } in;
};
struct box {
    double *v;
    struct cell *cells;
    int n;
};

static void show(const char *name, const double *v, int n)
{
    printf("%s:", name);
    for (int i = 0; i < n; i++)
        printf(" %a", v[i]);
    printf("\n");
}

#pragma synchronized
static void one_dimension(double *v, const int *order)
{
    for (int i = 0; i < N; i++)
        v[i] = weight(i);
    for (int i = 0; i < N; i += 4)
        v[N - 1 - i] = weight(i + 100);
    for (int i = 0; i < 8; i++)
        v[order[i]] = weight(i + 200);
    for (int i = 0; i < 3; i++)
        *(v + i + 8) = weight(i + 300);
    for (int i = 0; i < 3; i++)
        (i + 12)[v] = weight(i + 400);
    v[0] = weight(500);
    v[0] = weight(501); /* the last one stays */
}

#pragma synchronized
static void more_dimensions(double a[8][5], double b[][3][2], int n)
{
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 5; j++)
            a[i][j] = weight(i * 5 + j);
    for (int i = n - 1; i >= 0; i--)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 2; k++)
                b[i][j][k] = weight(i * 100 + j * 10 + k);
    for (int i = 0; i < 5; i++)
        (*(a + i))[i] = weight(-i);
}

#pragma synchronized
static void variable_sizes(int rows, int columns, double a[rows][columns], double *sum)
{
    double local[rows][columns + 1];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            a[i][j] = weight(i - j);
            local[i][j + 1] = weight(i + j);
        }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            *sum += local[i][j + 1];
}

#pragma synchronized
static void members(struct cell *cells, struct box *box)
{
    for (int i = 0; i < box->n; i++) {
        cells[i].in.v[i % 3] = weight(i);
        cells[i].id = i;
    }
    for (int i = 0; i < box->n; i++) {
        box->v[i] = weight(2 * i);
        box->cells[i].in.v[(i + 1) % 3] = weight(3 * i);
        (&box->cells[i])->in.v[(i + 2) % 3] = weight(4 * i);
    }
}

#pragma synchronized
static int side_effects(double *v, int n)
{
    double *p = v, *const end = v + n;
    int k = 0;
    while (p < end - 8)
        *p++ = weight((int)(p - v) * 0 + k++);
    for (int i = 0; i < 4; i++)
        *--p = weight(i + 1000);
    p = end;
    for (int i = 0; i < 8; i++)
        *--p = weight(i + 2000);
    int at = 0;
    for (int i = 0; i < 6; i++)
        v[at += 2] = weight(i + 3000);
    return k * 100 + at;
}

int main(void)
{
    static double v[N], a[8][5], b[4][3][2];
    const int order[8] = {21, 20, 22, 23, 29, 28, 21, 20};
    one_dimension(v, order);
    show("one dimension", v, N);
    more_dimensions(a, b, 4);
    show("two dimensions", a[0], 40);
    show("three dimensions", b[0][0], 24);

    double vla[6][7], sum = 0.5;
    variable_sizes(6, 7, vla, &sum);
    show("variable sizes", vla[0], 42);
    show("a local array", &sum, 1);

    struct cell cells[9] = {{0}}, others[9] = {{0}};
    struct box box = {malloc(9 * sizeof(double)), others, 9};
    members(cells, &box);
    show("a pointer's", box.v, 9);
    for (int i = 0; i < 9; i++) {
        printf("%d ", cells[i].id);
        show("members", cells[i].in.v, 3);
        show("members behind pointers", others[i].in.v, 3);
    }
    free(box.v);

    printf("%d\n", side_effects(v, N));
    show("side effects", v, N);
    return 0;
}
