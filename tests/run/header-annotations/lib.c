#include "lib.h"

int elsewhere(const int *a, int count)
{
    int s = 0;
    for (int i = 0; i < count; i++)
        s += a[i];
    return s;
}
