/* fuzz_link_table.c - any text as the table that a link leaves in a program. The
 * first function it names is looked for, and one that it doesn't name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cache/link_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t sink;

static unsigned char digit(char c)
{
    return (unsigned char)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

/* The code after the first "function ", or zeros. */
static void first_code(const char *table, unsigned char code[MEMO__DIGEST_LEN])
{
    const char *p = strstr(table, "\nfunction ");

    memset(code, 0, MEMO__DIGEST_LEN);
    if (!p || strspn(p + 10, "0123456789abcdef") < 2 * (size_t)MEMO__DIGEST_LEN)
        return;
    for (unsigned i = 0; i < MEMO__DIGEST_LEN; i++)
        code[i] = (unsigned char)(digit(p[10 + 2 * i]) << 4 | digit(p[11 + 2 * i]));
}

static void read_entry(const char *table, size_t size, const struct memo__link_entry *e)
{
    struct memo__link_line line;
    const char *at = e->lines;

    if (e->lines < table || e->lines + e->len > table + size)
        abort();
    while (memo__link_next(e, &at, &line)) {
        if (line.name < e->lines || line.text + line.text_len > e->lines + e->len)
            abort();
        for (size_t i = 0; i < line.name_len; i++)
            sink += (unsigned char)line.name[i];
        for (size_t i = 0; i < line.text_len; i++)
            sink += (unsigned char)line.text[i];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char other[MEMO__DIGEST_LEN] = {1, 2, 3};
    unsigned char code[MEMO__DIGEST_LEN];
    struct memo__link_entry entry;
    char *table = malloc(size + 1);

    if (!table)
        return 0;
    memcpy(table, data, size);
    table[size] = '\0';
    first_code(table, code);
    if (memo__link_find(table, code, &entry))
        read_entry(table, size, &entry);
    if (memo__link_find(table, other, &entry))
        read_entry(table, size, &entry);
    free(table);
    return 0;
}
