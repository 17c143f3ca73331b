/* checkpoint_leaves.c - the members of a type, one by one. */
#include <string.h>

#include "checkpoint_private.h"

#define MAX_ELEMENTS 64 /* of arrays of structures in each other that are taken apart */

static bool holds_pointers(struct arena *arena, const struct type *t)
{
    return type_pointer_member(arena, t) != NULL;
}

static void add(struct arena *arena, struct leaves *out, const struct leaf *l)
{
    ARENA_PUSH(arena, out->at, out->n, out->cap) = *l;
}

static void walk(struct arena *arena, struct leaves *out, const struct type *t, struct leaf base);

static void walk_fields(struct arena *arena, struct leaves *out, const struct record *r,
                        struct leaf base)
{
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        struct leaf l = base;
        l.offset += (size_t)f->bit_offset / 8;
        bool is_nameless = !*f->name || strchr(f->name, '(');
        if (f->is_bitfield && is_nameless)
            continue;
        if (!is_nameless)
            l.path = arena_printf(arena, "%s.%s", base.path, f->name);
        if (f->is_bitfield) {
            size_t last = ((size_t)f->bit_offset + f->bit_width + 7) / 8;
            l.size = last - (size_t)f->bit_offset / 8;
            l.type = f->type;
            l.is_bitfield = true;
            add(arena, out, &l);
            continue;
        }
        walk(arena, out, f->type, l);
    }
}

static void walk_array(struct arena *arena, struct leaves *out, const struct type *t,
                       struct leaf base)
{
    const struct type *element = t->element;
    size_t n = t->count > 0 ? (size_t)t->count : 0;
    bool is_plain = element->kind != TYPE_RECORD && element->kind != TYPE_ARRAY &&
                    element->kind != TYPE_POINTER;
    for (; element->kind == TYPE_ARRAY; element = element->element)
        n *= element->count > 0 ? (size_t)element->count : 0;
    is_plain |= element->kind != TYPE_RECORD && element->kind != TYPE_POINTER;
    if (n == 0) /* a flexible array: no part of the object */
        return;
    if (is_plain) {
        base.type = t;
        base.size = t->size;
        add(arena, out, &base);
    } else if (base.count == 1) {
        base.count = n;
        base.stride = element->size;
        walk(arena, out, element, base);
    } else if (n <= MAX_ELEMENTS) {
        for (size_t i = 0; i < n; i++) {
            struct leaf l = base;
            l.offset += i * element->size;
            walk(arena, out, element, l);
        }
    } else {
        base.type = t;
        base.size = t->size;
        base.is_opaque = holds_pointers(arena, t);
        add(arena, out, &base);
    }
}

static void walk(struct arena *arena, struct leaves *out, const struct type *t, struct leaf base)
{
    if (t->kind == TYPE_ARRAY) {
        walk_array(arena, out, t, base);
        return;
    }
    if (t->kind == TYPE_RECORD && t->record && t->record->is_complete && !t->record->is_union) {
        walk_fields(arena, out, t->record, base);
        return;
    }
    base.type = t;
    base.size = t->size;
    base.is_pointer = t->kind == TYPE_POINTER;
    base.is_opaque = t->kind == TYPE_RECORD && holds_pointers(arena, t);
    add(arena, out, &base);
}

void checkpoint_leaves(struct arena *arena, const struct type *t, struct leaves *out)
{
    struct leaf base = {.path = "", .count = 1};
    *out = (struct leaves){.n = 0};
    walk(arena, out, t, base);
    for (size_t i = 0; i < out->n; i++)
        if (out->at[i].count == 1)
            out->at[i].stride = out->at[i].size;
}

struct checkpoint_pointer leaf_bytes(const struct leaf *l, bool is_changed)
{
    return (struct checkpoint_pointer){.name = l->path,
                                       .offset = l->offset,
                                       .size = l->size,
                                       .count = l->count,
                                       .stride = l->stride,
                                       .is_changed = is_changed};
}

enum checkpoint_pointee leaf_pointee(const struct leaf *l)
{
    return l->type->element->is_char ? POINTS_TO_TEXT : POINTS_TO_ANYTHING;
}
