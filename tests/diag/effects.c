#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#pragma memo
int prints(int n)
{
    printf("%d\n", n); // expected-error {{it calls 'printf'}}
    return n;
}

static void helper(int n)
{
    puts("x"); // expected-error {{it calls 'puts'}}
    (void)n;
}

#pragma memo
int prints_below(int n)
{
    helper(n); // expected-note {{'prints_below' calls 'helper' here}}
    return n;
}

#pragma memo
int random_one(int n)
{
    return n + rand(); // expected-error {{it calls 'rand'}}
}

#pragma memo
long now(void)
{
    return time(NULL); // expected-error {{it calls 'time'}}
}

#pragma memo
int foreign(int n)
{
    setlocale(LC_ALL, "C"); // expected-error {{it calls 'setlocale'}}
    return n;
}

#pragma memo
int home(void)
{
    return getenv("HOME") != NULL; // expected-error {{it calls 'getenv'}}
}

#pragma memo env("HOME")
int keyed_home(void)
{
    return getenv("HOME") != NULL;
}

#pragma memo
int assembly(int n)
{
    __asm__("" : "+r"(n)); // expected-error {{'assembly'}}
    return n;
}

#pragma memo pure
int promised(int n)
{
    printf("%d\n", n);
    return n;
}

#pragma memo trust(helper)
int trusted(int n)
{
    helper(n);
    return n;
}
