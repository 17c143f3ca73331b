#include <stdio.h>
#include "lens.h"

int main(void)
{
    for (int i = 1; i < 4; i++) {
        printf("view: %.17g\n", view(i * 0.5));
        printf("shade: %.17g\n", shade(i));
        printf("sharp: %.17g\n", sharp(i * 3));
        printf("both: %d\n", both(i + 2));
        printf("fixed: %.17g\n", fixed(i));
        printf("uses: %.17g\n", uses_fixed(i));
        printf("left: %.17g\n", left_turn(i));
        printf("right: %.17g\n", right_turn(i));
    }
    return 0;
}
