// stats: cold calls=4 miss=2 hit=2
/* Annotations in a header: on a static inline function, and on the prototype of
 * a function that another unit defines. */
#include "lib.h"

#include <stdio.h>

int main(void)
{
    int v[2] = {1, 2};
    printf("%d %d\n", from_header(3), from_header(3));
    printf("%d %d\n", elsewhere(v, 2), elsewhere(v, 2));
    printf("%s %s %d\n", name_of_header(), __FILE__, __LINE__);
    return 0;
}
