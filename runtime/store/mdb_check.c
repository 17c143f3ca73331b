/* mdb_check.c - walks LMDB's trees, believing nothing.
 *
 * The nodes of a page must fill it from `upper` to the end without a gap, and
 * each must be pointed to once: so we walk over them first, marking where they
 * begin, then over the pointers. Keys must ascend through the whole tree: a
 * floor follows the walk, raised by every separator and every key of a leaf.
 * Every page has one bit: used or free, once. */
#include "store/mdb_check.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/trap.h"
#include "store/mdb_format.h"

#define LEAST_PAGE 4096u
#define LARGEST_PAGE 65536u
#define MAX_PAGES ((uint64_t)1 << 32)
#define HEAD sizeof(struct memo__mdb_page)
#define NODE sizeof(struct memo__mdb_node)

struct walk {
    const unsigned char *file;
    uint64_t size, n_pages; /* of the file; whole pages in it */
    uint32_t page_size, node_max;
    struct memo__mdb_meta meta;
    uint64_t *seen; /* a bit for each page up to the last one; NULL at first */
    /* Of the tree that is being walked: */
    bool is_free_tree;
    uint64_t branch_pages, leaf_pages, overflow_pages, entries;
    const unsigned char *floor; /* the next key isn't less; NULL: may be any */
    uint16_t floor_len;
    bool is_above; /* it is greater */
    /* Of the page that is being looked at: a bit where a node begins. */
    uint64_t starts[LARGEST_PAGE / 2 / 64];
};

static bool mark(struct walk *w, uint64_t page)
{
    if (page < 2 || page > w->meta.last_page)
        return false;
    uint64_t bit = (uint64_t)1 << page % 64, *word = &w->seen[page / 64];
    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

static bool take_start(struct walk *w, unsigned offset)
{
    uint64_t bit = (uint64_t)1 << offset / 2 % 64, *word = &w->starts[offset / 2 / 64];
    if (offset % 2 || offset >= w->page_size || !(*word & bit))
        return false;
    *word &= ~bit;
    return true;
}

static uint64_t word_at(const unsigned char *p)
{
    size_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Free pages of one transaction: their number, then theirs, falling. The record
 * may have room for more. */
static bool check_free_list(struct walk *w, const unsigned char *key, size_t key_len,
                            const unsigned char *data, uint64_t len)
{
    const unsigned word = sizeof(size_t);
    uint64_t id = key_len == word ? word_at(key) : 0;
    if (!id || id > w->meta.txnid || len < word || word_at(data) > len / word - 1)
        return false;
    uint64_t n = word_at(data), above = UINT64_MAX;
    for (uint64_t i = 1; i <= n; i++) {
        uint64_t page = word_at(data + i * word);
        if (page >= above || !mark(w, page))
            return false;
        above = page;
    }
    return true;
}

static int compare_keys(const struct walk *w, const unsigned char *a, size_t a_len,
                        const unsigned char *b, size_t b_len)
{
    if (w->is_free_tree) { /* lengths were checked */
        uint64_t x = word_at(a), y = word_at(b);
        return (x > y) - (x < y);
    }
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* The next key or separator in the order of the walk. */
static bool raise_floor(struct walk *w, const unsigned char *key, uint16_t len, bool is_separator)
{
    if (!len || len > MEMO__MDB_MAX_KEY || (w->is_free_tree && len != sizeof(size_t)))
        return false;
    if (w->floor) {
        int order = compare_keys(w, key, len, w->floor, w->floor_len);
        if (order < 0 || (!order && w->is_above))
            return false;
    }
    w->floor = key;
    w->floor_len = len;
    w->is_above = !is_separator;
    return true;
}

static struct memo__mdb_node node_at(const unsigned char *page, unsigned offset)
{
    struct memo__mdb_node n;
    memcpy(&n, page + offset, sizeof n);
    return n;
}

static uint32_t data_len(const struct memo__mdb_node *n)
{
    return n->low | (uint32_t)n->high << 16;
}

static uint64_t child_of(const struct memo__mdb_node *n)
{
    uint64_t page = data_len(n);
    return sizeof(size_t) > 4 ? page | (uint64_t)n->flags << 32 : page;
}

static bool is_big(const struct memo__mdb_node *n)
{
    return n->flags & MEMO__MDB_BIG;
}

/* Marks where nodes begin. `count` of them fill the page. */
static bool mark_starts(struct walk *w, const unsigned char *page, unsigned upper, bool is_leaf,
                        unsigned count)
{
    unsigned n = 0;
    uint64_t at = upper;
    memset(w->starts, 0, w->page_size / 16);
    while (at < w->page_size) {
        if (w->page_size - at < NODE || n++ == count)
            return false;
        struct memo__mdb_node node = node_at(page, (unsigned)at);
        uint64_t len = NODE + node.key_len;
        if (is_leaf) {
            if (node.flags & ~MEMO__MDB_BIG)
                return false;
            len += is_big(&node) ? sizeof(size_t) : data_len(&node);
            if (len > w->node_max)
                return false;
        }
        w->starts[at / 2 / 64] |= (uint64_t)1 << at / 2 % 64;
        at += len + len % 2;
    }
    return at == w->page_size && n == count;
}

/* A page in the file, seen for the first time, that says it is what it should be. */
static const unsigned char *enter_page(struct walk *w, uint64_t number, unsigned flags,
                                       struct memo__mdb_page *head)
{
    if (number >= w->n_pages || !mark(w, number))
        return NULL;
    const unsigned char *page = w->file + number * w->page_size;
    memcpy(head, page, sizeof *head);
    return head->number == number && head->flags == flags ? page : NULL;
}

/* The data of a leaf's node; NULL: there is something wrong with it. A run may
 * be longer than it has to be: LMDB uses those again for shorter data. */
static const unsigned char *node_data(struct walk *w, const unsigned char *page, unsigned offset,
                                      const struct memo__mdb_node *n)
{
    struct memo__mdb_page head;
    const unsigned char *data = page + offset + NODE + n->key_len;
    if (!is_big(n))
        return data;
    uint64_t first = word_at(data);
    uint64_t needed = (HEAD - 1 + (uint64_t)data_len(n)) / w->page_size + 1;
    const unsigned char *run = enter_page(w, first, MEMO__MDB_OVERFLOW, &head);
    if (!run || head.n_pages < needed || head.n_pages > w->n_pages - first)
        return NULL;
    for (uint64_t i = 1; i < head.n_pages; i++)
        if (!mark(w, first + i))
            return NULL;
    w->overflow_pages += head.n_pages;
    return run + HEAD;
}

static bool check_leaf_node(struct walk *w, const unsigned char *page, unsigned offset)
{
    struct memo__mdb_node n = node_at(page, offset);
    const unsigned char *key = page + offset + NODE;
    const unsigned char *data = node_data(w, page, offset, &n);
    if (!data || !raise_floor(w, key, n.key_len, false))
        return false;
    return !w->is_free_tree || check_free_list(w, key, n.key_len, data, data_len(&n));
}

/* `depth`: 1 for a leaf. Not deeper than MEMO__MDB_MAX_DEPTH. */
static bool check_page(struct walk *w, uint64_t number, unsigned depth)
{
    struct memo__mdb_page head;
    const bool is_leaf = depth == 1;
    const unsigned char *page =
        enter_page(w, number, is_leaf ? MEMO__MDB_LEAF : MEMO__MDB_BRANCH, &head);
    if (!page || head.lower < HEAD || head.lower % 2 || head.lower > head.upper || head.upper % 2 ||
        head.upper > w->page_size)
        return false;
    /* In the tree of free pages LMDB itself allows for a branch with one child. */
    unsigned n = (head.lower - (unsigned)HEAD) / 2;
    if (n < (is_leaf || w->is_free_tree ? 1u : 2u) || !mark_starts(w, page, head.upper, is_leaf, n))
        return false;
    uint16_t offset;
    for (unsigned i = 0; i < n; i++) { /* all of them before `starts` is used again */
        memcpy(&offset, page + HEAD + 2 * (size_t)i, sizeof offset);
        if (!take_start(w, offset))
            return false;
    }
    if (is_leaf) {
        w->leaf_pages++;
        w->entries += n;
    } else {
        w->branch_pages++;
    }
    for (unsigned i = 0; i < n; i++) {
        memcpy(&offset, page + HEAD + 2 * (size_t)i, sizeof offset);
        if (is_leaf) {
            if (!check_leaf_node(w, page, offset))
                return false;
            continue;
        }
        struct memo__mdb_node node = node_at(page, offset);
        /* The first child's key is never looked at, nor always there. */
        if (node.key_len > MEMO__MDB_MAX_KEY ||
            (i && !raise_floor(w, page + offset + NODE, node.key_len, true)) ||
            !check_page(w, child_of(&node), depth - 1))
            return false;
    }
    return true;
}

static bool check_tree(struct walk *w, unsigned which)
{
    const struct memo__mdb_tree *t = &w->meta.trees[which];
    w->is_free_tree = which == MEMO__MDB_FREE;
    w->branch_pages = w->leaf_pages = w->overflow_pages = w->entries = 0;
    w->floor = NULL;
    w->is_above = false;
    if (t->flags != (w->is_free_tree ? MEMO__MDB_INTEGER_KEYS : 0))
        return false;
    if (t->root == MEMO__MDB_NO_PAGE
            ? t->depth != 0
            : !t->depth || t->depth > MEMO__MDB_MAX_DEPTH || !check_page(w, t->root, t->depth))
        return false;
    return w->branch_pages == t->branch_pages && w->leaf_pages == t->leaf_pages &&
           w->overflow_pages == t->overflow_pages && w->entries == t->entries;
}

static bool read_meta(const struct walk *w, unsigned which, struct memo__mdb_meta *m)
{
    uint64_t at = (uint64_t)which * w->page_size;
    if (w->size < at + sizeof *m)
        return false;
    memcpy(m, w->file + at, sizeof *m);
    return m->head.flags & MEMO__MDB_META && m->magic == MEMO__MDB_MAGIC &&
           m->version == MEMO__MDB_VERSION;
}

/* LMDB's writer takes the meta page that the lock file's transaction says; the
 * other one may be of a commit that was cut short. */
static bool find_meta(struct walk *w, uint64_t txnid)
{
    struct memo__mdb_meta metas[2];
    if (!read_meta(w, 0, &metas[0]))
        return false;
    w->page_size = metas[0].trees[MEMO__MDB_FREE].pad;
    if (w->page_size < LEAST_PAGE || w->page_size > LARGEST_PAGE ||
        w->page_size & (w->page_size - 1) || !read_meta(w, 1, &metas[1]))
        return false;
    unsigned which = txnid ? txnid & 1 : metas[1].txnid > metas[0].txnid;
    w->meta = metas[which];
    w->n_pages = w->size / w->page_size;
    w->node_max = (((w->page_size - (uint32_t)HEAD) / 2) & ~1u) - 2;
    return (!txnid || w->meta.txnid == txnid) && w->meta.head.number == which &&
           w->meta.trees[MEMO__MDB_FREE].pad == w->page_size && w->meta.last_page >= 1 &&
           w->meta.last_page < MAX_PAGES;
}

struct check {
    struct walk walk;
    uint64_t txnid;
};

static int check_meta(void *arg)
{
    struct check *c = arg;
    return find_meta(&c->walk, c->txnid) ? 0 : MEMO_EDAMAGED;
}

static int check_trees(void *arg)
{
    struct check *c = arg;
    return check_tree(&c->walk, MEMO__MDB_MAIN) && check_tree(&c->walk, MEMO__MDB_FREE)
               ? 0
               : MEMO_EDAMAGED;
}

int memo__mdb_check(int fd, uint64_t txnid)
{
    struct stat st;
    if (fstat(fd, &st))
        return MEMO_EIO;
    if (!S_ISREG(st.st_mode) || st.st_size <= 0)
        return MEMO_EDAMAGED;
    if ((uint64_t)st.st_size > SIZE_MAX)
        return MEMO_ENOMEM;
    struct check *c = memo__calloc(1, sizeof *c);
    if (!c)
        return MEMO_ENOMEM;
    c->txnid = txnid;
    c->walk.size = (uint64_t)st.st_size;
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    int err = map == MAP_FAILED ? MEMO_ENOMEM : 0;
    if (!err) {
        c->walk.file = map;
        err = memo__trap(check_meta, c);
    }
    if (!err && !(c->walk.seen = memo__calloc((size_t)c->walk.meta.last_page / 64 + 1, 8)))
        err = MEMO_ENOMEM;
    if (!err)
        err = memo__trap(check_trees, c);
    if (map != MAP_FAILED)
        munmap(map, (size_t)st.st_size);
    memo__free(c->walk.seen);
    memo__free(c);
    return err;
}
