// A file that is read and written ("r+"), at positions all over it, and made longer.
// updates: yes
// setup: seq 100000 100399 >table
#include "sim.h"

int main(void)
{
    FILE *table = fopen("table", "r+");
    uint64_t x = 6, d = 0;

    if (!table)
        return 2;
#pragma checkpoint file(table) every(5 iterations)
    for (int i = 0; i < 400; i++) {
        char line[8] = "";

        x = spend(x);
        fseek(table, (long)(x % 400) * 7, SEEK_SET);
        if (fread(line, 1, 7, table) != 7)
            return 3;
        d = d * 31 + strtoul(line, NULL, 10);
        fseek(table, -7, SEEK_CUR);
        fprintf(table, "%06lu\n", (unsigned long)(d % 1000000));
        if (i % 50 == 0) {
            fseek(table, 0, SEEK_END);
            fprintf(table, "more\n");
        }
    }
    print("d", d);
    return fclose(table);
}
