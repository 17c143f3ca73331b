#include <stdio.h>
#include "orbit.h"

int main(void)
{
    for (int i = 1; i < 4; i++) {
        printf("force: %.17g %.17g\n", force(i * 0.75, i), force(i, 5));
        printf("energy: %.17g\n", energy(i * 1.5, i));
        printf("path: %.17g\n", path(i, i + 2));
        printf("drift: %.17g\n", drift(i * 9));
    }
    return 0;
}
