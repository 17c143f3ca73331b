/* depend_types.c - may two lvalues be of one object, by their types? C11 6.5p7, as compilers
 * take it: signed and unsigned twins, enumerations and integers of their size, records and
 * what is in them meet; character types meet all. */
#include <string.h>

#include "touch_private.h"

static bool meets_all(const struct type *t)
{
    if (!t || t->is_char)
        return true;
    switch (t->kind) {
    case TYPE_VOID:
    case TYPE_FUNCTION:
    case TYPE_VECTOR: /* of intrinsics: may_alias */
    case TYPE_OTHER:
        return true;
    default:
        return false;
    }
}

static const struct type *plain(const struct type *t)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    return t;
}

static bool contains(const struct type *record, const struct type *t, unsigned depth);

static bool is_integer(const struct type *t)
{
    return t->kind == TYPE_INTEGER || t->kind == TYPE_ENUM || t->kind == TYPE_BOOL;
}

/* One and the same type, but for signs and qualifiers. */
static bool is_twin(const struct type *a, const struct type *b)
{
    if (is_integer(a) && is_integer(b))
        return a->size == b->size; /* long and long long: often meant to be one */
    if (a->kind != b->kind)
        return (a->kind == TYPE_COMPLEX && is_twin(a->element, b)) ||
               (b->kind == TYPE_COMPLEX && is_twin(b->element, a));
    switch (a->kind) {
    case TYPE_FLOAT:
        return a->size == b->size;
    case TYPE_COMPLEX:
        return is_twin(a->element, b->element);
    default: /* pointers: compilers don't tell void * and others apart */
        return true;
    }
}

static bool meet(const struct type *a, const struct type *b, unsigned depth)
{
    a = plain(a);
    b = plain(b);
    if (meets_all(a) || meets_all(b) || depth > 8)
        return true;
    if (a->kind == TYPE_RECORD && b->kind == TYPE_RECORD) {
        /* Equal names: compatible types of different scopes. */
        return a->record == b->record || !strcmp(a->record->name, b->record->name) ||
               contains(a, b, depth) || contains(b, a, depth);
    }
    if (a->kind == TYPE_RECORD)
        return contains(a, b, depth);
    if (b->kind == TYPE_RECORD)
        return contains(b, a, depth);
    return is_twin(a, b);
}

/* Has it a part that a lvalue of type t may be? */
static bool contains(const struct type *record, const struct type *t, unsigned depth)
{
    const struct record *r = record->record;
    if (!r || !r->is_complete || depth > 8)
        return true;
    /* Addresses of sockets and their like are made to be looked at as each other. */
    if (r->is_system && !strncmp(r->name, "struct sockaddr", 15))
        return true;
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct type *f = plain(r->fields[i].type);
        bool is_pair = f && f->kind == TYPE_RECORD && t->kind == TYPE_RECORD;
        /* Bytes in it may be looked at as anything. */
        if (meets_all(f) || (is_pair && f->record == t->record) ||
            (f->kind == TYPE_RECORD && contains(f, t, depth + 1)) ||
            (f->kind != TYPE_RECORD && t->kind != TYPE_RECORD && is_twin(f, t)))
            return true;
    }
    return false;
}

bool depend_types_meet(const struct touch_scope *s, const struct type *a, const struct type *b)
{
    return !s->strict_aliasing || meet(a, b, 0);
}
