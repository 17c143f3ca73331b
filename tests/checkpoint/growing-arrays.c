// Arrays that grow by realloc, with other pointers into them, and one in a structure.
#include "sim.h"

struct list {
    uint64_t *items;
    size_t n, capacity;
};

static void add(struct list *list, uint64_t x)
{
    if (list->n == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 3 / 2 + 1 : 4;
        list->items = realloc(list->items, list->capacity * sizeof *list->items);
        if (!list->items)
            abort();
    }
    list->items[list->n++] = x;
}

int main(void)
{
    size_t capacity = 2, n = 0;
    double *values = malloc(capacity * sizeof *values), *largest = values;
    struct list list = {0};
    uint64_t x = 4;

#pragma checkpoint every(5 iterations) save(values[:n], list.items[:list.n])                       \
    alloc(values[:capacity], list.items[:list.capacity])
    while (n < 400) {
        if (n == capacity) {
            size_t at = (size_t)(largest - values);

            capacity *= 2;
            values = realloc(values, capacity * sizeof *values);
            if (!values)
                abort();
            largest = values + at;
        }
        x = spend(x);
        values[n] = (double)(x % 1000000) / 3;
        if (n == 0 || values[n] > *largest)
            largest = &values[n];
        n++;
        if (x % 3)
            add(&list, x ^ n);
    }
    print("values", digest(1, values, n * sizeof *values));
    print("list", digest(1, list.items, list.n * sizeof *list.items));
    printf("%zu %zu %td\n", capacity, list.capacity, largest - values);
    free(values);
    free(list.items);
    return 0;
}
