/* describe.h - what the store knows of a function beside its results.
 *
 * Text, written once for each identity when its first result is stored: name,
 * signature, toolchain, parts, and what its code consists of. Listings show it,
 * and two of them side by side say why old results weren't found any more.
 * docs/store-format.md has the lines. */
#ifndef MEMO_CACHE_DESCRIBE_H
#define MEMO_CACHE_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/site.h"
#include "store/store.h"

/* Queues the description of the site, unless this process has done so. */
void memo__describe(struct memo__disk *disk, struct memo__site *s);

/* The same text, in memory of pool.h, to be freed by memo__pool_free; NULL
 * without memory. Not ended by a NUL. */
char *memo__describe_text(struct memo__site *s, size_t *len);

struct memo__words {
    const char *text; /* not ended by a NUL */
    size_t len;
};

/* A description, taken apart; it points into the text. Lines that are missing
 * are empty. has_components: the store was told what the code consists of. */
struct memo__description {
    struct memo__words unit, signature, version, toolchain;
    struct memo__words components; /* lines "KIND NAME DIGEST" */
    bool has_components, is_cut;   /* is_cut: some lines had no room */
    uint64_t seen_ns;
};
void memo__description_read(const char *text, size_t len, struct memo__description *out);

/* The next line at *text, without its end; false: there is none. */
bool memo__next_line(struct memo__words *text, struct memo__words *line);

#endif
