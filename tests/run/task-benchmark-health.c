// flags: -O1 -ffp-contract=off -lm
// warnings: yes
// Villages in a tree, with patients in lists: what a call changes hangs on its pointer, and
// children hand on to their parents after they are done.
#include <stdio.h>
#include <stdlib.h>

struct patient {
    int id, time;
    struct patient *next;
};
struct village {
    int id, level;
    unsigned seed;
    struct patient *waiting, *up;
    long treated;
    struct village *children[4];
};

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 16;
}

static struct village *build(int level, int *id)
{
    struct village *v = calloc(1, sizeof *v);
    v->id = (*id)++;
    v->level = level;
    v->seed = (unsigned)v->id * 977 + 3;
    for (int i = 0; i < 4 && level > 0; i++)
        v->children[i] = build(level - 1, id);
    return v;
}

static void push(struct patient **list, struct patient *p)
{
    while (*list)
        list = &(*list)->next;
    p->next = NULL;
    *list = p;
}

#pragma concurrent
#pragma synchronized
static void simulate(struct village *v, int step)
{
    if (v->level > 0)
        for (int i = 0; i < 4; i++)
            simulate(v->children[i], step);
    for (int i = 0; i < 4; i++)
        while (v->children[i] && v->children[i]->up) {
            struct patient *p = v->children[i]->up;
            v->children[i]->up = p->next;
            push(&v->waiting, p);
        }
    if (next_random(&v->seed) % 3 == 0) {
        struct patient *p = calloc(1, sizeof *p);
        p->id = v->id * 1000 + step;
        push(&v->waiting, p);
    }
    for (int n = 0; n < 2 && v->waiting; n++) {
        struct patient *p = v->waiting;
        v->waiting = p->next;
        p->time++;
        if (next_random(&v->seed) % 4 == 0 && v->level < 3) {
            push(&v->up, p);
        } else {
            v->treated += p->time;
            free(p);
        }
    }
}

static void print_and_free(struct village *v, unsigned long *sum)
{
    long n = 0;
    for (int i = 0; i < 4; i++)
        if (v->children[i])
            print_and_free(v->children[i], sum);
    for (struct patient *p = v->waiting, *next; p; p = next) {
        n += p->id;
        next = p->next;
        free(p);
    }
    for (struct patient *p = v->up, *next; p; p = next) {
        n += p->id * 2;
        next = p->next;
        free(p);
    }
    *sum = *sum * 3 + (unsigned long)(v->treated * 7 + n);
    free(v);
}

int main(void)
{
    int id = 0;
    unsigned long sum = 0;
    struct village *top = build(3, &id);
    for (int step = 0; step < 40; step++)
        simulate(top, step);
    print_and_free(top, &sum);
    printf("%d %lu\n", id, sum);
    return 0;
}
