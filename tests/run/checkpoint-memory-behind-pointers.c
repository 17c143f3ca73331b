// runs: cold warm
/* Sections that grow, a string, rows of a matrix, a member's memory, a pointer that follows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void memory(int wanted)
{
    int count = 0, cap = 2;
    long *p = malloc(cap * sizeof *p), *last = p;
    char *text = malloc(40);
    strcpy(text, "x");
    double(*m)[5] = calloc(4, sizeof *m);
    struct vec {
        int n;
        int *data;
    } v = {10, calloc(10, sizeof(int))}, *pv = &v;
#pragma checkpoint save(p[:count], string(text), m [0:4] [1:3], pv->data[:pv->n]) alloc(p[:cap])
    while (count < wanted) {
        if (count == cap) {
            cap *= 2;
            p = realloc(p, cap * sizeof *p);
        }
        p[count] = count * 7;
        last = &p[count];
        count++;
        text[0] = 'a' + count % 26;
        for (int i = 0; i < 4; i++)
            m[i][1 + count % 3] += i;
        pv->data[count % pv->n] += count;
#pragma checkpoint now
    }
    long s = 0;
    for (int i = 0; i < count; i++)
        s += p[i];
    for (int i = 0; i < 20; i++)
        s += (long)(m[i / 5][i % 5] * i);
    for (int i = 0; i < 10; i++)
        s += v.data[i] * i;
    printf("%ld %ld %s\n", s, *last, text);
    free(p);
    free(text);
    free(m);
    free(v.data);
}

int main(void)
{
    memory(30);
    return 0;
}
