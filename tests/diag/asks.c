#include <memo.h>

static int plain(int n)
{
    return n;
}

#pragma memo
static int f(int n)
{
    return n;
}

int main(void)
{
    int v = f(1);
    bool a = memo_cached(plain(3)); // expected-error {{'plain' has no '#pragma memo' in sight}}
    bool b = memo_cached(v + 1);    // expected-error {{takes a direct call}}
    return a + b + memo_refresh(f(2));
}
