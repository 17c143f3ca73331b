#include "machine.h"

/*@~ decode */
static int sign_of(const struct instruction *i)
{
    return i->immediate < 0 ? -1 : 1;
}

/*@~ decode */
#pragma memo
int decode(unsigned bits)
{
    struct instruction i = {0};
    int kind = TAG_SHORT;
    i.op = bits & 15;
    i.reg = bits >> 4 & 7;
    i.wide = bits >> 7 & 1;
    i.immediate = (int16_t)(bits >> 8);
    if (i.wide || i.op == 9)
        kind = TAG_LONG;
    return kind * 1000 + i.reg * 16 + i.op + sign_of(&i) * (int)sizeof i;
}

/*@~ hash */
#pragma memo
unsigned hash(const char *text)
{
    static const char salt[] = "salt";
    unsigned h = 5381;
    for (const char *p = salt; *p; p++)
        h = STEP(h, *p);
    for (; *text; text++)
        h = STEP(h, *text == '_' ? '-' : *text);
    return h ^ word_weight("weight");
}

/*@~ mixed */
#pragma memo
unsigned mixed(unsigned x)
{
    union word w = {.whole = x};
    unsigned char first = w.bytes[0];
    w.bytes[0] = w.bytes[3];
    w.bytes[3] = first;
    return w.whole | 64u;
}

/*@~ */
int nobody(int x)
{
    return x + TAG_OTHER;
}

/*@~ depth */
int bounce(int n)
{
    int less = n - 2;
    return less > 0 ? less : 0;
}
