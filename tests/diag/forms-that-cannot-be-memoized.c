/* Each form of function that can't be memoized has its own message. */
#include <stdarg.h>
#include <stdlib.h>

#pragma memo
int variadic(int n, ...) // expected-error {{a function with variable arguments can't be memoized}}
{
    return n;
}

#pragma memo
_Noreturn void stop(int n) // expected-error {{a function that doesn't return can't be memoized}}
{
    exit(n);
}

#pragma memo
inline int plain_inline(int n) // expected-error {{an 'inline' function with external linkage}}
{
    return n;
}

#pragma memo
__attribute__((weak)) int weak_one(int n) // expected-error {{attribute 'weak'}}
{
    return n;
}

#pragma memo
__attribute__((constructor)) static void early(void) // expected-error {{attribute 'constructor'}}
{
}

#pragma memo
struct made_here {
    int a;
} by_value(int n) // expected-error {{a function whose header defines a type}}
{
    struct made_here m = {n};
    return m;
}

#define MAKE(name) \
    static int name(int n) { return n; }

#pragma memo
MAKE(made_by_a_macro) // expected-error {{is made by a macro as a whole}}

#pragma memo
int main(void) // expected-error {{'main' can't be memoized}}
{
    return 0;
}
