// stats: warm calls=4 hit=4 miss=0
/* All bytes of a result are stored and restored, padding too. */
#include <stdio.h>
#include <string.h>

struct point {
    char tag;
    double x;
};

#pragma memo out(*p)
void make(int n, struct point *p)
{
    memset(p, n, sizeof *p);
    p->tag = (char)n;
    p->x = n;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        for (int n = 1; n < 3; n++) {
            struct point p;
            memset(&p, 0x55, sizeof p);
            make(n, &p);
            fwrite(&p, sizeof p, 1, stdout);
        }
    }
    return 0;
}
