/* mdb_format.h - LMDB's data format 1 (versions 0.9.x), as far as we look at it.
 *
 * In the machine's own byte order and word size, as LMDB writes it. Everything
 * is at an even offset only: copy it out with memcpy. */
#ifndef MEMO_STORE_MDB_FORMAT_H
#define MEMO_STORE_MDB_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/* Every page begins with this; of an overflow run only the first one does. */
struct memo__mdb_page {
    size_t number;
    uint16_t pad, flags;
    union {
        struct {
            uint16_t lower, upper; /* of the free room between pointers and nodes */
        };
        uint32_t n_pages; /* overflow: of the run */
    };
    /* Branch and leaf: offsets of nodes, 2 bytes each, in the order of keys. */
};

#define MEMO__MDB_BRANCH 0x01u
#define MEMO__MDB_LEAF 0x02u
#define MEMO__MDB_OVERFLOW 0x04u
#define MEMO__MDB_META 0x08u

/* Key and data follow. In a branch: low, high and flags are the child's page
 * number. In a leaf: low and high are the data's length. */
struct memo__mdb_node {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint16_t low, high;
#else
    uint16_t high, low;
#endif
    uint16_t flags, key_len;
};

#define MEMO__MDB_BIG 0x01u /* instead of the data: the number of its overflow run */

struct memo__mdb_tree {
    uint32_t pad; /* page size, in the tree of free pages */
    uint16_t flags, depth;
    size_t branch_pages, leaf_pages, overflow_pages, entries, root;
};

#define MEMO__MDB_INTEGER_KEYS 0x08u
#define MEMO__MDB_NO_PAGE (~(size_t)0)
#define MEMO__MDB_MAX_KEY 511u
#define MEMO__MDB_MAX_DEPTH 32u

enum { MEMO__MDB_FREE, MEMO__MDB_MAIN };

struct memo__mdb_meta {
    struct memo__mdb_page head;
    uint32_t magic, version;
    void *address;
    size_t map_size;
    struct memo__mdb_tree trees[2];
    size_t last_page, txnid;
};

#define MEMO__MDB_MAGIC 0xbeefc0deu
#define MEMO__MDB_VERSION 1u

#endif
