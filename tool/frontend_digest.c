/* frontend_digest.c - bytes that digests are made of, and the digests of types as
 * results: how their bytes lie, by value. */
#include "frontend_hash.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/strbuf.h"

enum { DIGEST = 16 };

/* Seven bits a byte, the last with its highest bit set: the same on all machines. */
void hash_add_number(struct strbuf *out, long long n)
{
    unsigned long long rest = n < 0 ? ~(unsigned long long)n << 1 | 1 : (unsigned long long)n << 1;
    unsigned char bytes[10];
    size_t len = 0;
    for (; rest > 127; rest >>= 7)
        bytes[len++] = rest & 127;
    bytes[len++] = (unsigned char)(rest | 128);
    strbuf_add(out, bytes, len);
}

void hash_add_text(struct strbuf *out, const char *text, size_t len)
{
    hash_add_number(out, (long long)len);
    strbuf_add(out, text, len);
}

void hash_digest(const struct strbuf *in, unsigned char out[DIGEST])
{
    XXH128_canonical_t c;
    XXH128_canonicalFromHash(&c, XXH3_128bits(in->buf, in->len));
    memcpy(out, c.digest, DIGEST);
}

bool hash_is_constant(const struct variable *v)
{
    const struct type *t = v->type;
    while (t->kind == TYPE_ARRAY && !t->is_const)
        t = t->element;
    return t->is_const;
}

static void add_type_layout(struct strbuf *out, const struct type *t);

static void add_record_layout(struct strbuf *out, const struct record *r)
{
    const char *name = strchr(r->name, '(') ? "" : r->name; /* versions describe differently */
    hash_add_text(out, name, strlen(name));
    hash_add_number(out, r->is_union);
    hash_add_number(out, (long long)r->n_fields);
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        hash_add_text(out, f->name, strlen(f->name));
        hash_add_number(out, f->bit_offset);
        hash_add_number(out, f->is_bitfield ? (long long)f->bit_width : -1);
        add_type_layout(out, f->type);
    }
}

/* By value only: what a pointer points to is none of the object's bytes, so this ends. */
static void add_type_layout(struct strbuf *out, const struct type *t)
{
    hash_add_number(out, t->kind);
    hash_add_number(out, t->is_atomic);
    hash_add_number(out, (long long)t->size);
    hash_add_number(out, (long long)t->align);
    switch (t->kind) {
    case TYPE_RECORD:
        add_record_layout(out, t->record);
        break;
    case TYPE_ARRAY:
    case TYPE_VECTOR:
        hash_add_number(out, t->count);
        add_type_layout(out, t->element);
        break;
    case TYPE_COMPLEX:
        add_type_layout(out, t->element);
        break;
    default:
        hash_add_text(out, t->spelling, strlen(t->spelling));
    }
}

void frontend_type_digest(const struct type *t, unsigned char out[16])
{
    struct strbuf s = STRBUF_INIT;
    add_type_layout(&s, t);
    hash_digest(&s, out);
    strbuf_release(&s);
}
