#include <stdlib.h>
static inline int bump(int i)
{
    static int total;
    return total += i;
}
static inline int in_header(int n)
{
    int s = 0;
#pragma GCC ivdep
#pragma checkpoint every(2 iterations)
#pragma GCC unroll 8
    for (int i = 0; /* one */
         i < n; i++) {
        s = s * 3 % 1001 + bump(i);
        if (s % 3 == 0)
#pragma checkpoint now
            s++;
        else {
#pragma checkpoint now
        }
    }
    return s;
}
