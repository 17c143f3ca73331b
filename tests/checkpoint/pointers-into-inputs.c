// Pointers that walk through what is only matched: a string, an array, rows, a structure with
// pointers in it; functions as state and as input, declared further down, too.
#include "sim.h"

struct settings {
    unsigned flags : 3;
    const char *name;
    uint64_t weights[4];
    struct settings *next;
    char last;
};

typedef uint64_t step(uint64_t);
static step later;

static uint64_t twice(uint64_t x)
{
    return 2 * x;
}

static uint64_t simulate(const struct settings *s, const char *text, const uint64_t *data, size_t n,
                         uint64_t (*grid)[6], step *first)
{
    const uint64_t *at = data, *best = NULL, *weight = s->weights, *cell = &grid[1][1];
    const char *letter = text;
    step *now = twice;
    uint64_t x = 0;

#pragma checkpoint match(*s, string(text), data[:n], grid[0:3][1:4]) every(5 iterations)
    for (int i = 0; i < 700; i++) {
        x = spend(x + *at * *weight + (unsigned char)*letter + *cell + s->flags);
        x = now(first(x));
        if (!best || *at > *best)
            best = at;
        at = ++at == data + n ? data : at;
        weight = &s->weights[x % 4];
        letter = *++letter ? letter : text;
        cell = &grid[x % 3][1 + x % 4];
        now = x % 2 ? later : twice;
    }
    return x + (uint64_t)(best - data) + (uint64_t)(letter - text) + (now == later);
}

static uint64_t later(uint64_t x)
{
    return x / 2;
}

int main(void)
{
    struct settings s = {5, "name", {1, 2, 3, 4}, NULL, 'x'};
    uint64_t data[20], grid[3][6] = {{0}};
    char *text = malloc(30);

    if (!text)
        return 2;
    s.next = &s;
    strcpy(text, "the quick brown fox");
    for (uint64_t i = 0; i < 20; i++)
        grid[i % 3][i % 6] = data[i] = (i * 7) % 20;
    print("simulated", simulate(&s, text, data, 20, grid, twice));
    free(text);
    return 0;
}
