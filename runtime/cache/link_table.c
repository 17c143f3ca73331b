/* link_table.c - see link_table.h. */
#include "cache/link_table.h"

#include <string.h>

static const char magic[] = "memocc-link 1\n";

bool memo__link_is_table(const char *table)
{
    size_t i;

    if (!table)
        return false;
    /* Where the linker left something else, it may be shorter than the magic. */
    for (i = 0; magic[i]; i++)
        if (table[i] != magic[i])
            return false;
    return true;
}

static bool is_code(const char *text, size_t len, const unsigned char code[MEMO__DIGEST_LEN])
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    if (len < MEMO__DIGEST_LEN * 2)
        return false;
    for (i = 0; i < MEMO__DIGEST_LEN; i++)
        if (text[2 * i] != digits[code[i] >> 4] || text[2 * i + 1] != digits[code[i] & 15])
            return false;
    return true;
}

static bool has_word(const char *line, size_t len, const char *word)
{
    size_t n = strlen(word), i;

    for (i = 0; i + n <= len; i++)
        if (line[i] == ' ' && memcmp(line + i, word, n) == 0 &&
            (i + n == len || line[i + n] == ' '))
            return true;
    return false;
}

#define FUNCTION "function "
#define FUNCTION_LEN (sizeof FUNCTION - 1)

bool memo__link_find(const char *table, const unsigned char code[MEMO__DIGEST_LEN],
                     struct memo__link_entry *out)
{
    const char *p, *end, *words;
    size_t len;

    if (!memo__link_is_table(table))
        return false;
    for (p = table; *p; p = *end ? end + 1 : end) {
        end = strchrnul(p, '\n');
        len = (size_t)(end - p);
        if (len < FUNCTION_LEN || memcmp(p, FUNCTION, FUNCTION_LEN) != 0 ||
            !is_code(p + FUNCTION_LEN, len - FUNCTION_LEN, code))
            continue;
        /* Behind the code comes the name, and behind that what we look for. */
        words = memchr(p, ' ', len);
        words = words ? memchr(words + 1, ' ', (size_t)(end - words - 1)) : NULL;
        words = words ? memchr(words + 1, ' ', (size_t)(end - words - 1)) : NULL;
        out->is_open = words && has_word(words, (size_t)(end - words), " open");
        out->has_errno = words && has_word(words, (size_t)(end - words), " errno");
        out->has_locale = words && has_word(words, (size_t)(end - words), " locale");
        out->has_cpu = words && has_word(words, (size_t)(end - words), " cpu");
        out->lines = p = *end ? end + 1 : end;
        while (*p && strncmp(p, FUNCTION, FUNCTION_LEN) != 0) {
            end = strchrnul(p, '\n');
            p = *end ? end + 1 : end;
        }
        out->len = (size_t)(p - out->lines);
        return true;
    }
    return false;
}

bool memo__link_next(const struct memo__link_entry *entry, const char **at,
                     struct memo__link_line *out)
{
    const char *stop = entry->lines + entry->len, *p, *end, *blank;

    while (*at < stop) {
        p = *at;
        end = memchr(p, '\n', (size_t)(stop - p));
        end = end ? end : stop;
        *at = end < stop ? end + 1 : stop;
        if (end - p < 3 || p[1] != ' ')
            continue;
        out->kind = *p;
        out->name = p + 2;
        blank = memchr(out->name, ' ', (size_t)(end - out->name));
        out->name_len = (size_t)((blank ? blank : end) - out->name);
        out->text = blank ? blank + 1 : end;
        out->text_len = (size_t)(end - out->text);
        return true;
    }
    return false;
}
