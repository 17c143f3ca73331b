#include "machine.h"

/*@~ run */
static long op_nop(long a, long b)
{
    (void)b;
    return a;
}

/*@~ run */
static long op_add(long a, long b)
{
    return WRAP(a + b);
}

/*@~ run */
static long op_sub(long a, long b)
{
    return WRAP(a - b);
}

/*@~ run */
static long op_shift(long a, long b)
{
    return WRAP(a << (b & 7) | a >> 3);
}

/*@ run */
static long (*const table[N_OPS])(long, long) = {
    [OP_NOP] = op_nop,
    [OP_ADD] = op_add,
    [OP_SUB] = op_sub,
    [OP_SHIFT] = op_shift,
};

/*@~ run */
#pragma memo in(code[:n])
long run(const unsigned char *code, size_t n, long start)
{
    long value = start;
    for (size_t i = 0; i + 1 < n; i += 2)
        value = table[code[i] % N_OPS](value, code[i + 1]);
    return value;
}

/*@~ */
static int bounce(int n)
{
    return n * 5 - 3;
}

/*@~ */
int elsewhere(int n)
{
    return bounce(n) + 6;
}

/*@~ depth */
#pragma memo
int depth(int n)
{
    if (n > BOUND)
        return (int)PRIME;
    if (n < 1)
        return TAG_LONG;
    return depth(n / 2) + half_way(n) - 1;
}

/*@ folded */
#pragma memo
long folded(long n, int how)
{
    int twice = how * 2;
    switch (how) {
    case 0:
        return rotate(n, 1 + twice);
    case 1:
        n += 100;
        break;
    default:
        n ^= 0x33;
    }
    return n - twice;
}
