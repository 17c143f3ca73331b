// stats: cold calls=4 miss=2 hit=2
/* Braces, or a whole body, may come from a macro. */
#include <stdio.h>

#define BODY { return x * 3; }
#define OPEN {
#define CLOSE }

#pragma memo
int whole(int x) BODY

#pragma memo
int braces(int x) OPEN
    return x * 4;
CLOSE

int main(void)
{
    printf("%d %d %d %d\n", whole(1), whole(1), braces(2), braces(2));
    return 0;
}
