/* memo_cached and its kin: arguments with calls in them are evaluated before. */
#include <memo.h>

#pragma memo
static int square(int n)
{
    return n * n;
}

static int next(void)
{
    static int n;
    return ++n;
}

int use(void)
{
    int cached = memo_cached(square(3)); /* as it is */
    return cached + memo_refresh(square(next()));
}
