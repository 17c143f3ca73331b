// runs: cold warm
/* What a `for` may declare, and macros in the parts of loops. */
#include <stdio.h>

#define UPDATE(i) s += (i)
#define STEP s++
#define MORE (s < 100)
#define NOTHING
#define EACH_COND i < 5

struct p {
    int a, b;
};
static void heads(void)
{

    int s = 0, z = 3;
    static const char text[] = "abc";
#pragma checkpoint every(2 iterations)
    for (struct {
             int i;
             double d;
         } q = {0, 1};
         q.i < 5; q.i++) {
        q.d *= 2;
        s += (int)q.d;
    }
#pragma checkpoint every(2 iterations)
    for (int a[3] = {1, 2, 3}, i = 0, *p = a; i < 6; i++, p = &a[i % 3]) {
        a[i % 3] += *p;
        s += a[0];
    }
#pragma checkpoint every(2 iterations)
    for (struct p x = {1, 2}, y = {3, 4}, *w = &x; y.a > 0; y.a--, w = w == &x ? &y : &x)
        s += w->b + x.a;
#pragma checkpoint every(2 iterations)
    for (const char *c = text; *c; c++)
        s += *c;
#pragma checkpoint every(2 iterations)
    for (int i = 0, n = z++, *np = &n; i < *np; i++)
        s += n;
#pragma checkpoint every(2 iterations)
    for (_Bool more = 1; more; more = s % 7 != 0)
        s++;
#pragma checkpoint every(2 iterations)
    for (int i = (s++, 0), j = ({
                               int k = 3;
                               k * 2;
                           });
         i < j; i++)
        s += i;
#pragma checkpoint every(2 iterations)
    for (register unsigned char c = 250; c; c++)
        s += c;
#pragma checkpoint every(2 iterations)
    for (auto int i = 0; i < 4; i++)
        s += i;
#pragma checkpoint every(2 iterations)
    for (volatile int i = 0; i < 4; i++)
        s += i;
#pragma checkpoint every(2 iterations)
    for (_Atomic int i = 0; i < 4; i++)
        s += i;
#pragma checkpoint every(2 iterations)
    for (long double i = 0; i < 4; i++)
        s += (int)i;
    printf("%d %d\n", s, z);
}

static void macros(void)
{
    int s = 0, i;
#pragma checkpoint
    for (i = 0; i < 4; i++)
        UPDATE(i);
#pragma checkpoint
    while (s < 20)
        STEP;
#pragma checkpoint
    while (MORE) {
        STEP;
    }
#pragma checkpoint
    do {
        STEP;
    } while (s < 200 && !MORE);
#pragma checkpoint
    do
        STEP;
    while (s < 210);
#pragma checkpoint keep
    do
        UPDATE(3);
    while (s < 210);
#pragma checkpoint
    for (UPDATE(2), i = 0; EACH_COND; STEP, i++)
        NOTHING;
#pragma checkpoint
    for (;;) {
        UPDATE(1);
        if (s > 300)
            break;
    }
#pragma checkpoint
    while (1)
        if (s++ > 400)
            break;
#pragma checkpoint
    for (;;)
        if (s++ > 500)
            break;
        else
            UPDATE(3);
    printf("%d %d\n", s, i);
}

int main(void)
{
    heads();
    macros();
    return 0;
}
