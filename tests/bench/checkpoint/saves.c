/* saves.c - a state of some size that is saved in each iteration, after it has been changed
 * from its first byte to its last. */
#include "saves.h"

#include <string.h>

int save_often(unsigned char *state, size_t n, long saves, int ends)
{
    int sum = 0;

#pragma checkpoint save(state[:n]) skip(ends) name("saves") every(1000000000 iterations)           \
    trust(mark_top, mark_bottom, mark_end)
    for (long i = 0; i <= saves; i++) {
        mark_top();
        if (ends && i == saves)
            mark_end();
        memset(state, (int)i, n);
        sum += state[n / 2];
        mark_bottom();
#pragma checkpoint now
    }
    return sum;
}
