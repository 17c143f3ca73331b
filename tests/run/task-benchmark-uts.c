// flags: -O1 -ffp-contract=off -lm
// A tree that nobody knows beforehand: each node's number of children comes from a hash.
#include <stdint.h>
#include <stdio.h>

struct node {
    uint32_t state[4];
    int height;
};
struct found {
    long nodes, leaves;
    int depth;
};

static uint32_t turn(uint32_t x, int k)
{
    return x << k | x >> (32 - k);
}

static struct node spawn(const struct node *parent, int i)
{
    struct node n = *parent;
    n.height++;
    n.state[0] += (uint32_t)i * 0x9e3779b9u + 1;
    for (int r = 0; r < 20; r++) {
        n.state[r % 4] += turn(n.state[(r + 1) % 4], 7) ^ n.state[(r + 2) % 4];
        n.state[(r + 3) % 4] ^= turn(n.state[r % 4], 13);
    }
    return n;
}

#pragma concurrent
#pragma synchronized
static struct found search(struct node n)
{
    struct found all = {1, 0, n.height};
    int n_children = n.height == 0 ? 60 : n.state[1] % 1000 < 235 ? 4 : 0;
    if (n_children == 0)
        all.leaves = 1;
    for (int i = 0; i < n_children; i++) {
        struct node child = spawn(&n, i);
        struct found f = search(child);
        all.nodes += f.nodes;
        all.leaves += f.leaves;
        all.depth = f.depth > all.depth ? f.depth : all.depth;
    }
    return all;
}

int main(void)
{
    for (uint32_t seed = 1; seed < 6; seed++) {
        struct node root = {{seed, 17, 99, seed * 3}, 0};
        struct found f = search(root);
        printf("%u: %ld nodes, %ld leaves, depth %d\n", seed, f.nodes, f.leaves, f.depth);
    }
    return 0;
}
