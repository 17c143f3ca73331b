/* nearest.c - restricted Damerau-Levenshtein distance; see nearest.h. */
#include "nearest.h"

#include <string.h>

static unsigned min(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned nearest_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > 63 || m > 63 || (n > m ? n - m : m - n) >= NEAREST_MAX)
        return NEAREST_MAX;
    unsigned rows[3][64 + 1]; /* two rows back are needed for swaps */
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *row = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned cost = a[i - 1] != b[j - 1];
            row[j] = min(min(up[j] + 1, row[j - 1] + 1), up[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = min(row[j], up2[j - 2] + 1);
        }
    }
    unsigned d = rows[n % 3][m];
    size_t longer = n > m ? n : m;
    return d >= NEAREST_MAX || d * 2 > longer ? NEAREST_MAX : d;
}

const char *nearest_of(const char *word, const char *const *words, size_t n)
{
    const char *best = NULL;
    unsigned best_distance = NEAREST_MAX;
    for (size_t i = 0; i < n; i++) {
        unsigned d = nearest_distance(word, words[i]);
        if (d < best_distance) {
            best_distance = d;
            best = words[i];
        }
    }
    return best;
}
