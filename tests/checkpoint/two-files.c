// Two files written in the loop, one opened by "w", one by "a", with what stood in it.
// setup: printf 'yesterday\n' >journal
// appends: yes
#include "sim.h"

static FILE *journal;

static void note(int i, uint64_t x)
{
    fprintf(journal, "%d: %llu\n", i, (unsigned long long)(x % 1000));
}

int main(void)
{
    FILE *data = fopen("data.bin", "w");
    uint64_t x = 6;

    journal = fopen("journal", "a");
    if (!data || !journal)
        return 2;
    fprintf(data, "header\n");
    fprintf(journal, "today\n");
#pragma checkpoint file(data, journal) every(5 iterations)
    for (int i = 0; i < 400; i++) {
        x = spend(x);
        fwrite(&x, sizeof x, 1, data);
        if (x % 3 == 0)
            note(i, x);
        if (x % 11 == 0)
            fflush(journal);
    }
    fprintf(journal, "end\n");
    fprintf(data, "%ld\n", ftell(data));
    return fclose(data) + fclose(journal);
}
