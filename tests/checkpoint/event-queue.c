// Discrete events: a heap in a structure of the caller, clocks, a ring of messages.
#include "sim.h"

struct event {
    double at;
    unsigned kind, who;
};
struct world {
    struct event heap[200];
    size_t n;
    double clock;
    struct {
        double busy_until, served;
        unsigned queue[8];
        unsigned char first, n;
    } desks[4];
    unsigned long lost;
};

static void push(struct world *w, double at, unsigned kind, unsigned who)
{
    size_t i = w->n++;

    for (; i > 0 && w->heap[(i - 1) / 2].at > at; i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = (struct event){at, kind, who};
}

static struct event pop(struct world *w)
{
    struct event top = w->heap[0], last = w->heap[--w->n];
    size_t i = 0, k;

    while ((k = 2 * i + 1) < w->n) {
        if (k + 1 < w->n && w->heap[k + 1].at < w->heap[k].at)
            k++;
        if (w->heap[k].at >= last.at)
            break;
        w->heap[i] = w->heap[k];
        i = k;
    }
    w->heap[i] = last;
    return top;
}

static void handle(struct world *w, struct event e, uint64_t x)
{
    unsigned desk = e.who % 4;

    w->clock = e.at;
    if (e.kind == 0) {
        push(w, e.at + (double)(x % 50) / 9, 0, (unsigned)(x >> 20) & 1023);
        if (w->desks[desk].n == 8) {
            w->lost++;
            return;
        }
        w->desks[desk].queue[(w->desks[desk].first + w->desks[desk].n++) % 8] = e.who;
        if (w->desks[desk].n > 1)
            return;
    } else {
        w->desks[desk].served += e.at - w->desks[desk].busy_until;
        w->desks[desk].first = (unsigned char)((w->desks[desk].first + 1) % 8);
        if (--w->desks[desk].n == 0)
            return;
    }
    w->desks[desk].busy_until = e.at;
    push(w, e.at + (double)(x % 70) / 8, 1, w->desks[desk].queue[w->desks[desk].first]);
}

static void simulate(struct world *w)
{
    uint64_t x = 1;

#pragma checkpoint save(*w) every(5 iterations)
    for (unsigned long n = 0; n < 400 && w->n; n++) {
        x = spend(x);
        handle(w, pop(w), x);
    }
}

int main(void)
{
    struct world *w = calloc(1, sizeof *w);

    if (!w)
        return 2;
    for (unsigned i = 0; i < 10; i++)
        push(w, i / 3.0, 0, i * 37);
    simulate(w);
    printf("%.17g %zu %lu\n", w->clock, w->n, w->lost);
    for (int i = 0; i < 4; i++)
        printf("%.17g %u\n", w->desks[i].served, w->desks[i].n);
    print("heap", digest(1, w->heap, w->n * sizeof *w->heap));
    free(w);
    return 0;
}
