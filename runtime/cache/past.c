/* past.c - see past.h. */
#include "cache/past.h"

#include <string.h>

#include "base/clock.h"
#include "base/pool.h"

#define MOST_CODES 512u
#define MOST_NS ((uint64_t)200 * 1000000) /* of reading the store, once for each name */

static struct memo__past *pasts;

static void *zeroed(size_t size)
{
    void *p = memo__pool_alloc(size);

    return p ? memset(p, 0, size) : NULL;
}

int memo__past_code_of(const struct memo__past *p, const unsigned char *identity)
{
    unsigned i;

    for (i = 0; i < p->n_codes; i++)
        if (memcmp(p->codes[i].identity, identity, MEMO__DIGEST_LEN) == 0)
            return (int)i;
    return -1;
}

static int add_code(struct memo__past *p, const unsigned char *identity)
{
    int i = memo__past_code_of(p, identity);

    if (i >= 0 || p->n_codes == MOST_CODES)
        return i;
    memset(&p->codes[p->n_codes], 0, sizeof p->codes[0]);
    memcpy(p->codes[p->n_codes].identity, identity, MEMO__DIGEST_LEN);
    p->codes[p->n_codes].n_changes = -1;
    return (int)p->n_codes++;
}

static void add_entry(struct memo__past *p, int code, uint64_t args_hash, uint64_t total,
                      const unsigned char *key, uint32_t len, uint64_t created_ns,
                      enum memo__fate fate)
{
    struct memo__past_entry *e = &p->entries[p->next_entry];
    unsigned char *copy = memo__pool_alloc(len + 1);

    if (!copy || code < 0) {
        memo__pool_free(copy);
        return;
    }
    if (len)
        memcpy(copy, key, len);
    if (p->n_entries < MEMO__PAST_MOST)
        p->n_entries++;
    else
        memo__pool_free(e->key);
    p->next_entry = (p->next_entry + 1) % MEMO__PAST_MOST;
    *e = (struct memo__past_entry){.args_hash = args_hash,
                                   .total = total,
                                   .created_ns = created_ns,
                                   .len = len,
                                   .code = (uint16_t)code,
                                   .fate = (uint8_t)fate,
                                   .key = copy};
    if (created_ns > p->codes[code].newest_ns)
        p->codes[code].newest_ns = created_ns;
}

/* ---- the store ---- */

struct reading {
    struct memo__past *past;
    uint64_t until_ns;
};

static int read_entry(void *arg, const struct memo__disk_key *key, const struct memo__record *r,
                      uint64_t len)
{
    struct reading *reading = arg;
    struct memo__past *p = reading->past;

    (void)key;
    (void)len;
    if (!r)
        p->n_damaged++;
    else
        add_entry(p, add_code(p, r->identity), r->args_hash, r->key_total, r->key, r->key_len,
                  r->created_ns, MEMO__FATE_STORED);
    return memo__monotonic_ns() > reading->until_ns;
}

static int read_function(void *arg, uint64_t name, const unsigned char *identity, const void *data,
                         size_t len)
{
    struct reading *reading = arg;
    struct memo__past *p = reading->past;
    int i = add_code(p, identity);
    struct memo__past_code *code = i < 0 ? NULL : &p->codes[i];

    (void)name;
    if (code && !code->text && (code->text = memo__pool_alloc(len + 1)) != NULL) {
        memcpy(code->text, data, len);
        code->text[len] = '\0';
        memo__description_read(code->text, len, &code->description);
    }
    return 0;
}

static void read_store(struct memo__past *p, struct memo__disk *disk)
{
    struct reading reading = {p, memo__monotonic_ns() + MOST_NS};
    /* Descriptions first: they are few, and entries may end by the clock. */
    struct memo__disk_visitor functions = {.function = read_function, .arg = &reading};
    struct memo__disk_visitor entries = {.entry = read_entry, .arg = &reading};

    (void)memo__disk_iterate_name(disk, p->name, &functions);
    (void)memo__disk_iterate_name(disk, p->name, &entries);
}

struct memo__past *memo__past_of(struct memo__site *s, struct memo__disk *disk)
{
    struct memo__past *p;

    for (p = pasts; p && p->name != s->name_hash; p = p->next)
        continue;
    if (p)
        return p;
    p = zeroed(1 * sizeof *p);
    if (!p)
        return NULL;
    p->name = s->name_hash;
    p->entries = zeroed(MEMO__PAST_MOST * sizeof *p->entries);
    p->codes = zeroed(MOST_CODES * sizeof *p->codes);
    if (!p->entries || !p->codes) {
        memo__pool_free(p->entries);
        memo__pool_free(p->codes);
        memo__pool_free(p);
        return NULL;
    }
    p->next = pasts;
    pasts = p;
    if (disk)
        read_store(p, disk);
    return p;
}

/* ---- entries ---- */

static bool is_of_key(const struct memo__past_entry *e, const struct memo__key *key)
{
    return e->args_hash == key->args_hash && e->total == key->total;
}

struct memo__past_entry *memo__past_find(const struct memo__past *p, const struct memo__key *key,
                                         int code)
{
    unsigned i;

    for (i = 0; i < p->n_entries; i++)
        if (is_of_key(&p->entries[i], key) && p->entries[i].code == code)
            return &p->entries[i];
    return NULL;
}

bool memo__past_mark(struct memo__past *p, const struct memo__key *key)
{
    bool any = false;
    unsigned i;

    for (i = 0; i < p->n_codes; i++) {
        p->codes[i].has_key = false;
        p->codes[i].n_stored = 0;
    }
    for (i = 0; i < p->n_entries; i++) {
        struct memo__past_code *c = &p->codes[p->entries[i].code];

        if (p->entries[i].fate != MEMO__FATE_STORED)
            continue;
        c->n_stored++;
        if (is_of_key(&p->entries[i], key))
            any = c->has_key = true;
    }
    return any;
}

void memo__past_note(struct memo__past *p, struct memo__site *s, const struct memo__key *key,
                     uint64_t now_ns, enum memo__fate fate)
{
    int code = add_code(p, s->identity);
    struct memo__past_entry *e = code < 0 ? NULL : memo__past_find(p, key, code);

    if (e) {
        e->fate = (uint8_t)fate;
        if (fate == MEMO__FATE_STORED)
            e->created_ns = p->codes[code].newest_ns = now_ns;
        return;
    }
    add_entry(p, code, key->args_hash, key->total, key->bytes, key->len, now_ns, fate);
}

void memo__past_forget(void)
{
    pasts = NULL;
}

void memo__past_clear(const uint64_t *name)
{
    struct memo__past *p;
    unsigned i;

    for (p = pasts; p; p = p->next)
        for (i = 0; i < p->n_entries && (!name || p->name == *name); i++)
            if (p->entries[i].fate == MEMO__FATE_STORED)
                p->entries[i].fate = MEMO__FATE_FORGOTTEN;
}
