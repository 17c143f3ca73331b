// flags: -Rmemo
#include <string.h>

static int scale = 3;

#pragma memo
int length(const char *s) // expected-remark {{'s' is taken for a string}}
{
    return (int)strlen(s) * scale; // expected-remark {{reads global 'scale': its value is in the key}}
}
