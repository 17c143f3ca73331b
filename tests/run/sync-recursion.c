// warnings: yes
// stats: late tasks>=3000
/* Functions that are both concurrent and synchronized, and call themselves. */
#include <stdio.h>
#include <string.h>

#pragma concurrent
#pragma synchronized
static long fib(int n)
{
    if (n < 2)
        return n;
    long a = fib(n - 1);
    long b = fib(n - 2);
    return a + b;
}

/* In place: fine, too. */
#pragma concurrent
#pragma synchronized
static long fib_returned(int n)
{
    return n < 2 ? n : fib_returned(n - 1) + fib_returned(n - 2);
}

struct board {
    signed char row[10];
};
static int is_safe(const struct board *b, int column, int row)
{
    for (int i = 0; i < column; i++)
        if (b->row[i] == row || b->row[i] - row == column - i || row - b->row[i] == column - i)
            return 0;
    return 1;
}
#pragma concurrent
#pragma synchronized
static long queens(int n, int column, struct board b)
{
    if (column == n)
        return 1;
    long sum = 0;
    for (int row = 0; row < n; row++)
        if (is_safe(&b, column, row)) {
            b.row[column] = (signed char)row;
            sum += queens(n, column + 1, b);
        }
    return sum;
}

static void swap(int *a, int *b)
{
    int t = *a;
    *a = *b;
    *b = t;
}
#pragma concurrent inout(v[:n])
#pragma synchronized
static void quicksort(int *v, int n)
{
    if (n < 2)
        return;
    swap(&v[0], &v[n / 2]);
    int last = 0;
    for (int i = 1; i < n; i++)
        if (v[i] < v[0])
            swap(&v[++last], &v[i]);
    swap(&v[0], &v[last]);
    quicksort(v, last);
    quicksort(v + last + 1, n - last - 1);
}

#pragma concurrent inout(v[:n]) out(room[:n])
#pragma synchronized
static void mergesort(int *v, int *room, int n)
{
    if (n < 2) {
        memcpy(room, v, (size_t)n * sizeof *v);
        return;
    }
    int half = n / 2, i = 0, j = half;
    mergesort(v, room, half);
    mergesort(v + half, room + half, n - half);
    for (int k = 0; k < n; k++)
        room[k] = j == n || (i < half && v[i] <= v[j]) ? v[i++] : v[j++];
    memcpy(v, room, (size_t)n * sizeof *v);
}

#pragma concurrent
#pragma synchronized
static int depth_of(int n)
{
    int deepest = 0;
    for (int i = 0; i < n; i++) {
        int d = depth_of(i) + 1;
        if (d > deepest)
            deepest = d;
    }
    return deepest;
}

/* One calls the other. */
#pragma concurrent
static int is_odd(int n);
#pragma concurrent
#pragma synchronized
static int is_even(int n)
{
    if (n == 0)
        return 1;
    int r = is_odd(n - 1);
    return r;
}
#pragma synchronized
static int is_odd(int n)
{
    if (n == 0)
        return 0;
    int r = is_even(n - 1);
    return r;
}

#define N 700

int main(void)
{
    printf("%ld %ld\n", fib(17), fib_returned(15));
    struct board empty = {{0}};
    for (int n = 1; n < 7; n++)
        printf("%ld ", queens(n, 0, empty));
    printf("%d %d %d\n", depth_of(9), is_even(41), is_odd(41));
    static int v[N], w[N], room[N];
    unsigned h = 1;
    for (int i = 0; i < N; i++) {
        h = h * 1664525u + 1013904223u;
        v[i] = w[i] = (int)(h >> 12) % 5000;
    }
    quicksort(v, N);
    mergesort(w, room, N);
    printf("%d", memcmp(v, w, sizeof v));
    for (int i = 0; i < N; i += 50)
        printf(" %d", v[i]);
    printf("\n");
    return 0;
}
