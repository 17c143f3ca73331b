// What the loop prints, to the end of a file, as `>>` does.
// appends: yes
// args: "one argument"
#include "sim.h"

int main(int argc, char **argv)
{
    uint64_t x = 6;

    printf("before the loop, %d argument(s) %s\n", argc - 1, argc > 1 ? argv[1] : "");
#pragma checkpoint file(stdout) every(5 iterations)
    for (int i = 0; i < 400; i++) {
        x = spend(x);
        printf("%d %llu\n", i, (unsigned long long)x);
        if (x % 20 == 0)
            puts("a twentieth");
    }
    print("x", x);
    return 7;
}
