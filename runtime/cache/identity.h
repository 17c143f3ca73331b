/* identity.h - which function is it? Everything that tells one function's results from
 * another's, arguments aside, as one digest. */
#ifndef MEMO_CACHE_IDENTITY_H
#define MEMO_CACHE_IDENTITY_H

#include "cache/link_table.h"
#include "cache/program.h"
#include "include/memo_abi.h"

/* The digest of a site's name, signature, toolchain and code: that in sight by its
 * fingerprint, that out of sight by its entry in the table of the link step, or, where
 * there is none (NULL), by the content of program and libraries. Returns the list of what the code
 * consists of (memo__site_components). */
const char *memo__identify(const struct memo_site *abi, const struct memo__link_entry *entry,
                           unsigned char out[MEMO__DIGEST_LEN]);

#endif
