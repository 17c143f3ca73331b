// Files that are read: lines, formatted numbers, characters that are put back.
// setup: seq 1 500 >lines; seq -f '%.2f' 0 0.25 120 | tr '\n' ' ' >numbers; seq 1 9999 >characters
#include "sim.h"

static uint64_t read_line(FILE *file)
{
    char line[64];

    return fgets(line, sizeof line, file) ? strtoul(line, NULL, 10) : 0;
}

int main(void)
{
    FILE *lines = fopen("lines", "r"), *numbers = fopen("numbers", "r");
    FILE *characters = fopen("characters", "r");
    double value = 0, sum = 0;
    uint64_t x = 6, line;
    int c = 0;

    if (!lines || !numbers || !characters)
        return 2;
#pragma checkpoint file(lines, numbers, characters) every(5 iterations)
    while ((line = read_line(lines)) != 0) {
        x = spend(x + line);
        if (fscanf(numbers, "%lf", &value) == 1)
            sum += value * (double)line;
        c = fgetc(characters);
        if (c == '\n')
            x ^= (uint64_t)fgetc(characters);
        x += (uint64_t)c;
    }
    printf("%.17g %c %ld %d\n", sum, c, ftell(characters), feof(lines) != 0);
    print("x", x);
    fclose(lines);
    fclose(numbers);
    return fclose(characters);
}
