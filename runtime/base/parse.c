/* parse.c - sizes and durations as people write them.
 *
 * Decimals are read by hand: strtod depends on the locale of the user's
 * program. A fraction has at most nine digits that count. */
#include "base/parse.h"

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

#include "base/error.h"

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit sizes[] = {
    {"", 1},
    {"b", 1},
    {"k", 1u << 10},
    {"kb", 1u << 10},
    {"kib", 1u << 10},
    {"m", 1u << 20},
    {"mb", 1u << 20},
    {"mib", 1u << 20},
    {"g", 1u << 30},
    {"gb", 1u << 30},
    {"gib", 1u << 30},
    {"t", 1ull << 40},
    {"tb", 1ull << 40},
    {"tib", 1ull << 40},
    {NULL, 0},
};

static const struct unit durations[] = {
    {"ns", 1},
    {"us", 1000},
    {"ms", 1000000},
    {"s", 1000000000},
    {"m", 60ull * 1000000000},
    {"min", 60ull * 1000000000},
    {"h", 3600ull * 1000000000},
    {"d", 86400ull * 1000000000},
    {"w", 7 * 86400ull * 1000000000},
    {NULL, 0},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    return s;
}

/* value = whole + billionths * 1e-9; NULL unless a digit was there. */
static const char *read_number(const char *s, uint64_t *whole, uint64_t *billionths)
{
    bool any = false;
    *whole = *billionths = 0;
    for (; is_digit(*s); s++, any = true)
        if (__builtin_mul_overflow(*whole, 10u, whole) ||
            __builtin_add_overflow(*whole, (uint64_t)(*s - '0'), whole))
            return NULL;
    if (*s == '.') {
        uint64_t place = 100000000;
        for (s++; is_digit(*s); s++, any = true, place /= 10)
            *billionths += place * (uint64_t)(*s - '0');
    }
    return any ? s : NULL;
}

static int parse(const char *text, const struct unit *units, uint64_t *out)
{
    uint64_t whole, billionths, value;
    if (!text)
        return MEMO_EINVALID;
    const char *s = read_number(skip_blanks(text), &whole, &billionths);
    if (!s)
        return MEMO_EINVALID;
    s = skip_blanks(s);
    size_t len = 0;
    while (s[len] && s[len] != ' ' && s[len] != '\t')
        len++;
    if (*skip_blanks(s + len))
        return MEMO_EINVALID;
    for (const struct unit *u = units; u->name; u++) {
        if (strncasecmp(s, u->name, len) || u->name[len])
            continue;
        if (__builtin_mul_overflow(whole, u->factor, &value))
            return MEMO_EINVALID;
        uint64_t part = (uint64_t)((long double)billionths * (long double)u->factor / 1e9L);
        if (__builtin_add_overflow(value, part, &value))
            return MEMO_EINVALID;
        *out = value;
        return 0;
    }
    return MEMO_EINVALID;
}

int memo__parse_size(const char *text, uint64_t *bytes)
{
    return parse(text, sizes, bytes);
}

int memo__parse_duration(const char *text, uint64_t *ns)
{
    if (text && text[0] == '0' && !text[1]) {
        *ns = 0;
        return 0;
    }
    return parse(text, durations, ns);
}
