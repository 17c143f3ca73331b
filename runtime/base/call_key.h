/* call_key.h - the key of one call, as the tiers see it. key/key.h makes it. */
#ifndef MEMO_BASE_CALL_KEY_H
#define MEMO_BASE_CALL_KEY_H

#include <stddef.h>
#include <stdint.h>

#define MEMO__KEY_KEPT 256u /* bytes of a key that are kept, at most */
#define MEMO__KEY_SMALL 64u /* keys up to this length are kept and compared whole */

struct memo__key {
    uint64_t hash[2];   /* of the key and the function's identity */
    uint64_t args_hash; /* of the key alone */
    uint64_t total;     /* bytes of the whole key */
    uint64_t files;     /* hash of what the files held; 0: there are none */
    uint32_t len;       /* bytes kept: all if total <= MEMO__KEY_SMALL, else the head */
    uint32_t spare;
    unsigned char bytes[MEMO__KEY_KEPT];
};

/* Bytes of a key that mean something: for copying. */
static inline size_t memo__key_size(const struct memo__key *k)
{
    return offsetof(struct memo__key, bytes) + k->len;
}

#endif
