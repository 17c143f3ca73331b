/* plan_kind.c - see plan_kind.h. */
#include "plan_kind.h"

#include "base/strbuf.h"
#include "plan.h"

static char letter_of(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
        return 'u';
    case TYPE_INTEGER:
    case TYPE_ENUM:
        return t->is_signed || t->kind == TYPE_ENUM ? 'i' : 'u';
    case TYPE_FLOAT:
        return 'f';
    case TYPE_COMPLEX:
        return 'c';
    default:
        return 'b';
    }
}

static void add_members(struct arena *a, struct strbuf *out, const struct record *r);

static void add_kind(struct arena *a, struct strbuf *out, const struct type *t)
{
    char letter = letter_of(t);
    if (t->kind == TYPE_RECORD && !t->record->is_union) {
        strbuf_addc(out, '{');
        add_members(a, out, t->record);
        strbuf_addf(out, "}%zu", t->size);
    } else {
        strbuf_addf(out, "%c%zu", letter, letter == 'b' ? t->size : plan_value_size(t));
    }
}

static void add_field(struct arena *a, struct strbuf *out, const struct field *f)
{
    const struct type *t = f->type;
    unsigned long long bit = (unsigned long long)f->bit_offset, n = 1;
    if (f->is_bitfield) {
        char letter = t->kind == TYPE_ENUM && !t->is_signed ? 'u' : letter_of(t);
        strbuf_addf(out, "%s:%c%zu@%llu.%llu+%u", f->name, letter, t->size, bit / 8, bit % 8,
                    f->bit_width);
        return;
    }
    bool is_array = t->kind == TYPE_ARRAY;
    for (; t->kind == TYPE_ARRAY; t = t->element)
        n *= (unsigned long long)t->count;
    strbuf_addf(out, "%s:", f->name);
    add_kind(a, out, t);
    if (is_array)
        strbuf_addf(out, "*%llu", n);
    strbuf_addf(out, "@%llu", bit / 8);
}

/* Pointers, and what has no size here, are left out. */
static bool has_value(const struct field *f)
{
    const struct type *t = f->type;
    for (; t->kind == TYPE_ARRAY; t = t->element)
        if (t->count < 0)
            return false;
    return t->kind != TYPE_POINTER && t->size > 0 && (!f->is_bitfield || *f->name);
}

static void add_members(struct arena *a, struct strbuf *out, const struct record *r)
{
    const char *comma = "";
    for (size_t i = 0; i < r->n_fields; i++) {
        if (!has_value(&r->fields[i]))
            continue;
        strbuf_adds(out, comma);
        add_field(a, out, &r->fields[i]);
        comma = ",";
    }
}

const char *plan_kind_packed(struct arena *a, const struct type *t)
{
    struct strbuf text = STRBUF_INIT;
    add_kind(a, &text, t);
    const char *kind = arena_strdup(a, text.buf);
    strbuf_release(&text);
    return kind;
}

const char *plan_kind(struct arena *a, const struct type *t)
{
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    bool is_record = t->kind == TYPE_RECORD && t->is_complete && t->size > 0;
    return is_record || letter_of(t) != 'b' ? plan_kind_packed(a, t) : "b";
}
