/* test_trace.c - texts in a timeline: valid JSON whatever they hold. */
#include "base/trace.h"

#include <stdio.h>
#include <string.h>

static int failures;

static void check(size_t size, const char *text, const char *expected)
{
    char out[64];

    memo__trace_quote(out, size, text);
    if (strcmp(out, expected) != 0) {
        printf("'%s' becomes %s, not %s\n", text, out, expected);
        failures++;
    }
}

int main(void)
{
    check(64, "", "\"\"");
    check(64, "f, g", "\"f, g\"");
    check(64, "a\"b\\c", "\"a\\\"b\\\\c\"");
    check(64, "\n\x01\x7f", "\"\\u000a\\u0001\x7f\"");
    check(64,
          "Gr\xc3\xb6\xc3\x9f"
          "e \xe2\x82\xac \xf0\x9f\x98\x80",
          "\"Gr\xc3\xb6\xc3\x9f"
          "e \xe2\x82\xac \xf0\x9f\x98\x80\"");
    check(64, "\xff\xc3", "\"??\"");                /* no UTF-8, and cut off */
    check(64, "\xc0\x80\xed\xa0\x80", "\"?????\""); /* overlong, a surrogate */
    check(16, "0123456789abcdef", "\"01234567\"");
    check(16, "0123456\xf0\x9f\x98\x80z", "\"0123456\xf0\x9f\x98\x80\"");
    return failures > 0;
}
