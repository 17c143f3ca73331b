// Structures in structures, unions, bit-fields, arrays of structures, enumerations, _Bool.
#include <stdbool.h>

#include "sim.h"

enum phase { SOLID, LIQUID = 7, GAS = -2 };

struct flags {
    unsigned is_hot : 1, level : 5;
    int drift : 9;
    unsigned long long mark : 40;
    _Bool is_new : 1;
};

struct cell {
    char name[5];
    enum phase phase;
    union {
        double temperature;
        uint64_t bits;
        struct {
            float a, b;
        } pair;
    } u;
    struct flags flags;
    struct {
        short x, y;
        struct {
            unsigned char r, g, b;
        } color[2];
    } at;
};

static struct {
    struct cell cells[20];
    struct flags all;
    bool is_running;
} world;

static uint64_t digest_of_cell(uint64_t d, const struct cell *c)
{
    d = digest(d, c->name, sizeof c->name);
    d = digest(d, &c->phase, sizeof c->phase);
    d = digest(d, &c->u.bits, sizeof c->u.bits);
    d = d * 31 + c->flags.is_hot + c->flags.level * 2u + (unsigned)c->flags.drift * 64u;
    d = d * 31 + c->flags.mark + c->flags.is_new;
    d = digest(d, &c->at.x, sizeof c->at.x);
    d = digest(d, &c->at.y, sizeof c->at.y);
    return digest(d, c->at.color, sizeof c->at.color);
}

static void change(struct cell *c, uint64_t x)
{
    static const enum phase phases[3] = {SOLID, LIQUID, GAS};

    c->name[x % 5] = (char)('a' + x % 26);
    c->phase = phases[x % 3];
    switch (c->phase) {
    case SOLID:
        c->u.temperature = (double)(x % 1000) / 7;
        break;
    case LIQUID:
        c->u.bits ^= x;
        break;
    default:
        c->u.pair.b += 0.5f;
    }
    c->flags.is_hot = x >> 9 & 1;
    c->flags.level += 3;
    c->flags.drift = (int)(x % 500) - 250;
    c->flags.mark += x;
    c->flags.is_new = !c->flags.is_new;
    c->at.x = (short)(c->at.x + (short)(x & 15) - 7);
    c->at.color[x & 1].g ^= (unsigned char)x;
}

int main(void)
{
    struct cell spare = {.name = "s", .phase = GAS}, pair[2] = {{.at.y = 5}, {.at.x = -3}};
    uint64_t x = 3, d = 1;

    world.is_running = true;
#pragma checkpoint every(5 iterations)
    while (world.is_running) {
        static unsigned n;
        struct cell swap;

        x = spend(x);
        change(&world.cells[x % 20], x >> 8);
        change(&pair[x & 1], x >> 16);
        swap = world.cells[x % 19];
        world.cells[x % 19] = spare;
        spare = swap;
        world.all.mark += world.cells[4].flags.mark;
        world.all.level ^= 5;
        world.is_running = ++n < 400;
    }
    for (int i = 0; i < 20; i++)
        d = digest_of_cell(d, &world.cells[i]);
    d = digest_of_cell(digest_of_cell(digest_of_cell(d, &spare), &pair[0]), &pair[1]);
    print("cells", d + world.all.mark + world.all.level);
    return world.is_running;
}
