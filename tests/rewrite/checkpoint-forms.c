/* `while` with `keep`, `do` without braces, an endless loop under an `if`; hints to the compiler
 * go; `now`. */
unsigned forms(unsigned s, int n)
{
    int k = 0;
#pragma checkpoint keep every(100 iterations)
    while (k < n) {
        s = s * 1664525u + 1013904223u;
        k++;
    }
#pragma checkpoint
    do
        s += (unsigned)k--;
    while (k > 0);
    if (s)
#pragma GCC unroll 4
#pragma checkpoint
        for (;;) {
            if (s++ % 17 == 0)
                break;
            if (s % 5 == 0)
#pragma checkpoint now
                s++;
        }
    return s;
}
