/* link_table.h - the table that memocc made when it linked (docs/link-table.md).
 *
 * Text, so that it is easy to make and to look at; each executable and shared
 * library has its own. A site whose table doesn't know it is treated as one without
 * table. */
#ifndef MEMO_CACHE_LINK_TABLE_H
#define MEMO_CACHE_LINK_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cache/program.h"

struct memo__link_entry {
    bool is_open;      /* anything in the program may be reached */
    bool has_errno;    /* code out of sight may read errno, or */
    bool has_locale;   /* depend on the locale */
    bool has_cpu;      /* code of the system's libraries is reached */
    const char *lines; /* of the table, `len` bytes: "KIND NAME [DIGEST]\n" */
    size_t len;
};

/* The entry of a function by the fingerprint of its code. false: none; a table that
 * is NULL or isn't one has none. */
bool memo__link_find(const char *table, const unsigned char code[MEMO__DIGEST_LEN],
                     struct memo__link_entry *out);

bool memo__link_is_table(const char *table); /* NULL is none */

/* One line after the other: *at starts as entry->lines. Returns false at the end.
 * Lines that aren't of the form are left out. */
struct memo__link_line {
    char kind;               /* 'o' object, 'u' function of another unit, 'g' options of
                                its unit, 'l' library */
    const char *name, *text; /* text: what follows the name, "" for libraries */
    size_t name_len, text_len;
};
bool memo__link_next(const struct memo__link_entry *entry, const char **at,
                     struct memo__link_line *out);

#endif
