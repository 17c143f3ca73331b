// The loop closes all descriptors that it doesn't know, as daemons do, and uses the numbers anew.
// flags: -Wno-memo-stream
#include "sim.h"

#include <unistd.h>

int main(void)
{
    FILE *out = fopen("out", "w"), *scratch[4] = {NULL};
    uint64_t x = 3;

    if (!out)
        return 2;
#pragma checkpoint file(out) every(10 iterations) skip(scratch)
    for (int i = 0; i < 300; i++) {
        x = spend(x);
        fprintf(out, "%d %lx\n", i, (unsigned long)x);
        if (i % 60 == 40) {
            for (int fd = 3; fd < 64; fd++)
                if (fd != fileno(out))
                    close(fd);
            for (int k = 0; k < 4; k++) {
                char name[] = "scratch-0";

                name[8] = (char)('0' + k);
                scratch[k] = fopen(name, "w");
                if (!scratch[k])
                    return 3;
                fprintf(scratch[k], "%d\n", k);
                fflush(scratch[k]);
            }
        }
    }
    print("x", x);
    return fclose(out);
}
