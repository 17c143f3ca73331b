/* target.h - where pointers lead that a loop reads and doesn't change, in words that mean the
 * same in another run: NULL; object of the program and offset, for what lies in it or in a
 * library; the text itself, for strings in constant memory. All other memory, of the
 * heap and of stacks, is one: what it holds is matched or saved by clauses.
 *
 * Any thread. Nothing is allocated. */
#ifndef MEMOCC_CHECKPOINT_TARGET_H
#define MEMOCC_CHECKPOINT_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memo_abi.h"

/* The pointers at type->m_runs of n_objects objects at `object`, each of type->m_size bytes.
 * is_text: they are pointers to char. */
void memo__ck_targets(const struct memo_type *type, const void *object, size_t n_objects,
                      bool is_text, uint64_t hash[2]);

#endif
