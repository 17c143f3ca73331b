/* fast.h - the scalar tables behind memo_abi_fast().
 *
 * Each function with small scalar keys has a direct-mapped table of its own,
 * made when its first result is stored. Readers are generated code; writers
 * come here, one at a time, under one lock. A slot's sequence number is odd
 * while the slot holds an entry, even while it is empty or being written. A
 * table that thrashes is replaced by one four times as large, up to a bound;
 * old tables stay where they are, emptied, since a reader may be in them: all
 * of them together are smaller than a third of the newest. */
#ifndef MEMO_STORE_FAST_H
#define MEMO_STORE_FAST_H

#include <stdbool.h>
#include <stdint.h>

#include "include/memo_abi.h"

/* Keys and values shorter than 16 bytes are filled up with zeros. Never fails:
 * what can't be stored isn't. */
void memo__fast_put(struct memo_site *site, const uint64_t key[2], const uint64_t value[2],
                    uint64_t created_ns, uint64_t cost_ns);
void memo__fast_del(const struct memo_site *site, const uint64_t key[2]);
void memo__fast_clear(const struct memo_site *site);

/* Keeps readers away from a site's table, or lets them in again. */
void memo__fast_hide(struct memo_site *site, bool is_hidden);

/* Bytes all tables together may take; before the first put. */
void memo__fast_set_limit(uint64_t bytes);

void memo__fast_atfork_prepare(void);
void memo__fast_atfork_done(void);

#endif
