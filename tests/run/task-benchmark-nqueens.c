// flags: -O1 -ffp-contract=off -lm
// Queens on a board: counted by bits, by boards passed by value, and the first solution by rows.
#include <stdio.h>
#include <string.h>

#pragma concurrent
#pragma synchronized
static long count(unsigned all, unsigned columns, unsigned left, unsigned right)
{
    long n = 0;
    if (columns == all)
        return 1;
    for (unsigned free = all & ~(columns | left | right); free; free &= free - 1) {
        unsigned bit = free & -free;
        n += count(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return n;
}

struct board {
    signed char at[12];
    int n;
};

static int is_free(const struct board *b, int row, int column)
{
    for (int i = 0; i < row; i++)
        if (b->at[i] == column || b->at[i] - column == row - i || column - b->at[i] == row - i)
            return 0;
    return 1;
}

struct result {
    long solutions, nodes;
    struct board first;
};

#pragma concurrent
#pragma synchronized
static struct result place(struct board b, int row)
{
    struct result all = {0, 1, {{0}, 0}};
    if (row == b.n) {
        all.solutions = 1;
        all.first = b;
        return all;
    }
    for (int column = 0; column < b.n; column++) {
        if (!is_free(&b, row, column))
            continue;
        struct board next = b;
        next.at[row] = (signed char)column;
        struct result r = place(next, row + 1);
        if (r.solutions && !all.solutions)
            all.first = r.first;
        all.solutions += r.solutions;
        all.nodes += r.nodes;
    }
    return all;
}

int main(void)
{
    for (int n = 1; n <= 9; n++) {
        struct board b;
        memset(&b, 0, sizeof b);
        b.n = n;
        struct result r = place(b, 0);
        printf("%d: %ld %ld %ld:", n, count((1u << n) - 1, 0, 0, 0), r.solutions, r.nodes);
        for (int i = 0; i < n && r.solutions; i++)
            printf(" %d", r.first.at[i]);
        printf("\n");
    }
    return 0;
}
