// stats: warm miss=0
#include <stdio.h>

struct small {
    char c;
    int i;
};
struct big {
    double v[20];
    int n;
};

#pragma memo
struct small small_of(int n)
{
    struct small s = {(char)('a' + n), n * 5};
    return s;
}

#pragma memo
struct big big_of(struct small s)
{
    struct big b = {{0}, s.i};
    for (int i = 0; i < 20; i++)
        b.v[i] = s.c * i;
    return b;
}

int main(void)
{
    for (int k = 0; k < 2; k++) {
        struct small s = small_of(3);
        struct big b = big_of(s);
        printf("%c %d %g %d\n", s.c, s.i, b.v[19], b.n);
    }
    return 0;
}
