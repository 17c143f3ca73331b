#include <stdio.h>

#include "shapes.h"

int main(void)
{
    for (int i = 0; i < 3; i++)
        printf("%g %g\n", area(2), length(2));
    return 0;
}
