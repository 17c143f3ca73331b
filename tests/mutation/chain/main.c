#include <stdio.h>
#include "chain.h"

int own(int n);

int main(void)
{
    for (int i = 1; i < 4; i++) {
        printf("top: %d\n", top(i));
        printf("direct: %d\n", direct(i));
        printf("indirect: %d\n", indirect(i));
        printf("any: %d\n", any(i));
        printf("chosen: %d\n", chosen(i, i % 2));
        printf("alone: %d\n", alone(i));
        printf("calls: %d\n", calls_alone(i));
        printf("tuning: %d\n", reads_tuning(i));
        printf("own: %d\n", own(i));
    }
    return 0;
}
