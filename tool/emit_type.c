/* emit_type.c - struct memo_type tables: an object as runs of bytes.
 *
 * Members follow each other; plain neighbours melt into one run; bit-fields
 * become bytes with masks, arrays of structs with padding a run with a type of
 * its own. Pointers and ignored members are left out: their shapes are parts. */
#include <string.h>

#include "emit.h"

struct run {
    size_t offset, len, count, stride;
    const char *sub; /* name of a struct memo_type, or NULL */
    unsigned mask;
};

struct run_list {
    struct run *runs;
    size_t n, cap;
};

struct type_emitter {
    struct arena *arena;
    struct strbuf *out;
    const struct memo_plan *plan;
    const char *name;
    bool is_raw; /* padding counts */
    unsigned n_subs;
};

static void add_run(struct type_emitter *te, struct run_list *list, struct run r)
{
    struct run *last = list->n ? &list->runs[list->n - 1] : NULL;
    if (last && !last->sub && !r.sub && last->mask == 0xff && r.mask == 0xff && last->count == 1 &&
        r.count == 1 && last->offset + last->len == r.offset) {
        last->len += r.len;
        return;
    }
    if (last && !last->sub && !r.sub && last->len == 1 && r.len == 1 && last->offset == r.offset &&
        last->count == 1 && r.count == 1) {
        last->mask |= r.mask; /* two bit-fields in one byte */
        return;
    }
    ARENA_PUSH(te->arena, list->runs, list->n, list->cap) = r;
}

static void add_plain(struct type_emitter *te, struct run_list *list, size_t offset, size_t len)
{
    if (len)
        add_run(te, list, (struct run){offset, len, 1, 0, NULL, 0xff});
}

static void add_bits(struct type_emitter *te, struct run_list *list, size_t bit, size_t width)
{
    while (width > 0) {
        size_t in_byte = bit % 8, n = 8 - in_byte < width ? 8 - in_byte : width;
        unsigned mask = ((1u << n) - 1) << in_byte;
        add_run(te, list, (struct run){bit / 8, 1, 1, 0, NULL, mask});
        bit += n;
        width -= n;
    }
}

static bool is_excluded(const struct memo_plan *plan, const char *path)
{
    const struct memo_function *mf = plan->mf;
    for (size_t i = 0; i < mf->n_ignored_members; i++)
        if (strcmp(mf->ignored_members[i], path) == 0)
            return true;
    return false;
}

static void add_type(struct type_emitter *te, struct run_list *list, const struct type *t,
                     size_t offset, const char *path);

static void add_record(struct type_emitter *te, struct run_list *list, const struct record *r,
                       size_t offset, const char *path)
{
    size_t done = offset; /* raw: what lies between members counts, too */
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        size_t bit = offset * 8 + (size_t)f->bit_offset;
        const char *inner = *f->name ? arena_printf(te->arena, "%s.%s", path, f->name) : path;
        bool out = f->type->kind == TYPE_POINTER || (*f->name && is_excluded(te->plan, inner));
        if (f->is_bitfield) {
            if (*f->name && !out && !te->is_raw)
                add_bits(te, list, bit, f->bit_width);
            continue;
        }
        if (te->is_raw && bit / 8 > done) {
            add_plain(te, list, done, bit / 8 - done);
            done = bit / 8;
        }
        if (!out)
            add_type(te, list, f->type, bit / 8, inner);
        done = bit / 8 + f->type->size;
    }
    if (te->is_raw && offset + r->size > done)
        add_plain(te, list, done, offset + r->size - done);
}

static void emit_runs(struct type_emitter *te, const char *name, const struct run_list *list,
                      size_t size)
{
    strbuf_addf(te->out, "static const struct memo_run %s_r[] = {", name);
    for (size_t i = 0; i < list->n; i++) {
        const struct run *r = &list->runs[i];
        strbuf_addf(te->out, "{%zu, %zu, %zu, %zu, %s%s, %u}, ", r->offset, r->len, r->count,
                    r->stride, r->sub ? "&" : "", r->sub ? r->sub : "0", r->mask);
    }
    if (list->n == 0)
        strbuf_adds(te->out, "{0, 0, 0, 0, 0, 0}");
    strbuf_addf(te->out, "};\nstatic const struct memo_type %s = {%zu, %s_r, %zu};\n", name, size,
                name, list->n);
}

static void add_array(struct type_emitter *te, struct run_list *list, const struct type *t,
                      size_t offset, const char *path)
{
    const struct type *elem = t->element;
    if (t->count <= 0)
        return;
    if (!type_has_padding(elem) && !type_pointer_member(te->arena, elem)) {
        add_plain(te, list, offset, (size_t)t->count * elem->size);
        return;
    }
    struct run_list inner = {0};
    add_type(te, &inner, elem, 0, path);
    const char *sub = arena_printf(te->arena, "%s_%u", te->name, te->n_subs++);
    emit_runs(te, sub, &inner, elem->size);
    add_run(te, list, (struct run){offset, 0, (size_t)t->count, elem->size, sub, 0xff});
}

static void add_type(struct type_emitter *te, struct run_list *list, const struct type *t,
                     size_t offset, const char *path)
{
    switch (t->kind) {
    case TYPE_POINTER:
        return;
    case TYPE_ARRAY:
        add_array(te, list, t, offset, path);
        return;
    case TYPE_RECORD:
        if (t->record->is_union)
            add_plain(te, list, offset, t->size);
        else
            add_record(te, list, t->record, offset, path);
        return;
    case TYPE_COMPLEX:
        if (t->is_long_double && !te->is_raw) {
            add_plain(te, list, offset, plan_value_size(t->element));
            add_plain(te, list, offset + t->element->size, plan_value_size(t->element));
            return;
        }
        add_plain(te, list, offset, t->size);
        return;
    default:
        add_plain(te, list, offset, te->is_raw ? t->size : plan_value_size(t));
        return;
    }
}

void emit_type(struct strbuf *out, const struct memo_plan *plan, const char *name,
               const struct type *type, const char *excluded)
{
    struct type_emitter te = {
        plan->mf->scope.fe->facts.arena, out, plan, name, excluded[0] == '!', 0};
    struct run_list list = {0};
    add_type(&te, &list, type, 0, excluded + te.is_raw);
    emit_runs(&te, name, &list, type->size);
}
