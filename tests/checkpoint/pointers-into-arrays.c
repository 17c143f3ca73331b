// Iterators, one past the end, NULL, a pointer to a pointer, pointers in arrays and structures,
// pointers to variables and to elements of constant tables.
#include "sim.h"

enum { N = 40 };
struct rule {
    unsigned next;
    uint64_t mask;
};
static const struct rule rules[3] = {{1, 0xff}, {2, 0xf0f0f}, {0, 0x55555}};

struct cursor {
    const int *at, *end;
    int *marks[4];
    const struct rule *rule;
};

static int data[N];

static void advance(struct cursor *c, uint64_t x)
{
    if (++c->at == c->end)
        c->at = x & 1 ? data : data + 3;
    c->marks[x % 4] = x % 5 ? &data[x % N] : NULL;
    c->rule = &rules[c->rule->next];
}

int main(void)
{
    int local[N] = {0}, *p = local, *q = local, *last = local + N;
    int one = 0, two = 0, *which = &one, **pp = &p;
    struct cursor cursor = {data, data + N, {data}, rules};
    uint64_t x = 9;

#pragma checkpoint every(6 iterations)
    while (x % 100000 || p != local + N) {
        static int n;

        x = spend(x ^ (uint64_t)*cursor.at);
        if (p == local + N)
            p = local;
        if (q == local + N)
            q = local + 5;
        *(*pp)++ += (int)(x % 1000);
        advance(&cursor, x);
        data[x % N] += (int)(x & cursor.rule->mask);
        for (int i = 0; i < 4; i++)
            if (cursor.marks[i])
                ++*cursor.marks[i];
        *which += 1 + (last - p > 7);
        which = x & 8 ? &one : &two;
        pp = x & 64 ? &p : &q;
        last = x & 32 ? local + N : p;
        if (++n == 400)
            break;
    }
    print("data", DIGEST(data));
    print("local", DIGEST(local));
    printf("%td %td %td %td %d %d %d %d\n", p - local, q - local, last - local, cursor.at - data,
           one, two, which == &one, pp == &p);
    printf("%td", cursor.rule - rules);
    for (int i = 0; i < 4; i++)
        printf(" %td", cursor.marks[i] ? cursor.marks[i] - data : -1);
    printf("\n");
    return 0;
}
