// flags: -O1 -ffp-contract=off -lm
// Merge sort and quicksort: recursive calls on two parts of one array.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void insertion(int *a, long n)
{
    for (long i = 1; i < n; i++) {
        int x = a[i];
        long j = i;
        for (; j > 0 && a[j - 1] > x; j--)
            a[j] = a[j - 1];
        a[j] = x;
    }
}

static void merge(int *a, int *room, long half, long n)
{
    long i = 0, j = half, k = 0;
    while (i < half && j < n)
        room[k++] = a[j] < a[i] ? a[j++] : a[i++];
    while (i < half)
        room[k++] = a[i++];
    while (j < n)
        room[k++] = a[j++];
    memcpy(a, room, (size_t)n * sizeof *a);
}

#pragma concurrent inout(a[:n], room[:n])
#pragma synchronized
static void merge_sort(int *a, int *room, long n)
{
    if (n < 24) {
        insertion(a, n);
        return;
    }
    merge_sort(a, room, n / 2);
    merge_sort(a + n / 2, room + n / 2, n - n / 2);
    merge(a, room, n / 2, n);
}

#pragma concurrent inout(a[:n])
#pragma synchronized
static void quick_sort(int *a, long n)
{
    if (n < 24) {
        insertion(a, n);
        return;
    }
    int pivot = a[n / 2];
    long i = 0, j = n - 1;
    while (i <= j) {
        while (a[i] < pivot)
            i++;
        while (a[j] > pivot)
            j--;
        if (i <= j) {
            int t = a[i];
            a[i++] = a[j];
            a[j--] = t;
        }
    }
    if (j > 0)
        quick_sort(a, j + 1);
    if (i < n)
        quick_sort(a + i, n - i);
}

#define N 20000
static int numbers[N], copy[N], room[N];

static unsigned check(const int *a)
{
    unsigned h = 0;
    for (int i = 0; i < N; i++)
        h = h * 31 + (unsigned)a[i];
    return h;
}

int main(void)
{
    unsigned x = 1;
    for (int i = 0; i < N; i++) {
        x = x * 1103515245 + 12345;
        numbers[i] = copy[i] = (int)(x >> 8) % 5000;
    }
    merge_sort(numbers, room, N);
    quick_sort(copy, N);
    printf("%u %u %d %d %d\n", check(numbers), check(copy), numbers[0], numbers[N / 2],
           copy[N - 1]);
    return 0;
}
