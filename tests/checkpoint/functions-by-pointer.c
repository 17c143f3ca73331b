// A machine whose state is a pointer to a function, and one to a row of its table.
#include "sim.h"

struct machine;
typedef uint64_t action(struct machine *, uint64_t);
struct machine {
    action *act;
    uint64_t n[3];
};

static action idle, work, rest;

static uint64_t idle(struct machine *m, uint64_t x)
{
    m->n[0]++;
    m->act = x % 2 ? work : idle;
    return x + 1;
}

static uint64_t work(struct machine *m, uint64_t x)
{
    m->n[1]++;
    m->act = x % 3 ? work : rest;
    return spend(x);
}

static uint64_t rest(struct machine *m, uint64_t x)
{
    m->n[2]++;
    m->act = idle;
    return x ^ m->n[1];
}

int main(void)
{
    struct machine m = {.act = idle};
    uint64_t x = 1;

#pragma checkpoint every(6 iterations)
    for (int i = 0; i < 800; i++)
        x = m.act(&m, x);
    print("x", x);
    printf("%llu %llu %llu\n", (unsigned long long)m.n[0], (unsigned long long)m.n[1],
           (unsigned long long)m.n[2]);
    return m.act == rest;
}
