/* touch_place.c - lvalues and pointers: which object, and where in it.
 *
 * Local pointers are followed back to what they come from, where all that is ever
 * assigned to them comes from one object. Subscripts are kept as expressions where
 * the variables in them still have the same values. */
#include <stdint.h>
#include <string.h>

#include "libcalls.h"
#include "node.h"
#include "touch_private.h"

#define MAX_FOLLOWED 8

static const struct type long_type = {.kind = TYPE_INTEGER,
                                      .is_signed = true,
                                      .is_complete = true,
                                      .size = 8,
                                      .align = 8,
                                      .count = -1,
                                      .spelling = "long"};
static const struct node zero = {.kind = NODE_LITERAL, .type = &long_type, .op = "", .name = ""};

/* ---- constants and types ---- */

static bool constant_binary(const struct node *n, long long *value)
{
    long long a, b;
    if (n->n_kids != 2 || n->is_guessed || !touch_constant(n->kids[0], &a) ||
        !touch_constant(n->kids[1], &b))
        return false;
    if (!strcmp(n->op, "+"))
        return !__builtin_add_overflow(a, b, value);
    if (!strcmp(n->op, "-"))
        return !__builtin_sub_overflow(a, b, value);
    if (!strcmp(n->op, "*"))
        return !__builtin_mul_overflow(a, b, value);
    if (!strcmp(n->op, "/") && a >= 0 && b > 0) {
        *value = a / b;
        return true;
    }
    if (!strcmp(n->op, "<<") && a >= 0 && b >= 0 && b < 31 && a < 1LL << 31) {
        *value = a << b;
        return true;
    }
    return false;
}

static bool fits(const struct type *t, long long v)
{
    if (!t || (t->kind != TYPE_INTEGER && t->kind != TYPE_ENUM) || !t->size || t->size > 8)
        return false;
    bool is_signed = t->kind == TYPE_ENUM ? v < 0 : t->is_signed;
    if (t->size == 8)
        return is_signed || v >= 0;
    long long half = 1LL << (t->size * 8 - 1);
    return is_signed ? v >= -half && v < half : v >= 0 && v < 2 * half;
}

bool touch_constant(const struct node *n, long long *value)
{
    bool ok = false;
    switch (n->kind) {
    case NODE_LITERAL:
        *value = n->value;
        /* Of characters nobody has noted the value. */
        ok = n->type && n->type->kind == TYPE_INTEGER &&
             (n->value || !n->range.src ||
              (!n->is_macro && n->range.src->text[n->range.begin] == '0'));
        break;
    case NODE_ENUMERATOR:
        *value = n->value;
        ok = true;
        break;
    case NODE_CAST:
        ok = n->n_kids == 1 && touch_constant(n->kids[0], value);
        break;
    case NODE_UNARY:
        ok = n->n_kids == 1 && !n->is_guessed && (!strcmp(n->op, "-") || !strcmp(n->op, "+")) &&
             touch_constant(n->kids[0], value) &&
             (n->op[0] == '+' || !__builtin_sub_overflow(0LL, *value, value));
        break;
    case NODE_BINARY:
        ok = constant_binary(n, value);
        break;
    default:
        return false;
    }
    return ok && fits(n->type, *value);
}

static bool is_scalar(const struct type *t)
{
    return t->kind == TYPE_BOOL || t->kind == TYPE_INTEGER || t->kind == TYPE_FLOAT ||
           t->kind == TYPE_ENUM || t->kind == TYPE_POINTER || t->kind == TYPE_COMPLEX;
}

bool touch_same_layout(const struct type *a, const struct type *b)
{
    if (a == b)
        return true;
    if (!a || !b)
        return false;
    if (a->kind == TYPE_ARRAY && b->kind == TYPE_ARRAY)
        return a->count >= 0 && a->count == b->count && touch_same_layout(a->element, b->element);
    if (a->kind == TYPE_RECORD && b->kind == TYPE_RECORD)
        return a->record == b->record;
    return is_scalar(a) && is_scalar(b) && a->size == b->size;
}

/* ---- places ---- */

void touch_place_widen(struct touch_place *p)
{
    p->is_exact = false;
    p->is_frozen = true;
    p->n_indices = 0;
    p->path = "";
}

static struct touch_place memory(void)
{
    return (struct touch_place){.base = TOUCH_MEMORY, .path = "", .is_frozen = true};
}

static struct touch_place nothing(void)
{
    return (struct touch_place){.is_nothing = true, .path = "", .is_exact = true};
}

static struct touch_place object(enum touch_base base, const struct variable *v)
{
    return (struct touch_place){.base = base, .var = v, .path = "", .is_exact = true};
}

static void stop_here(struct touch_place *p)
{
    p->is_exact = false;
    p->is_frozen = true;
}

/* Is it a member of a union, or of an anonymous one inside? */
static bool is_of_union(const struct record *r, const char *name)
{
    if (!r || r->is_union)
        return true;
    for (size_t i = 0; i < r->n_fields; i++)
        if (!strcmp(r->fields[i].name, name))
            return false;
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct type *t = r->fields[i].type;
        if (!*r->fields[i].name && t->kind == TYPE_RECORD && record_field(t->record, name))
            return is_of_union(t->record, name);
    }
    return true;
}

static void step_member(struct touch_scope *s, struct touch_place *p, const char *name,
                        const struct type *of)
{
    if (of && of->kind == TYPE_RECORD && is_of_union(of->record, name)) {
        if (of->record && !of->record->is_union && !p->is_frozen)
            p->path = arena_printf(s->arena, "%s.?", p->path); /* an anonymous one */
        p->is_any = true;
        stop_here(p);
    }
    if (!p->is_frozen && *name)
        p->path = arena_printf(s->arena, "%s.%s", p->path, name);
}

static void step_index(struct touch_scope *s, struct touch_place *p, const struct touch_index *at)
{
    if (p->is_frozen)
        return;
    if (p->n_indices == TOUCH_STEPS) {
        stop_here(p);
        return;
    }
    p->indices[p->n_indices++] = *at;
    p->path = arena_printf(s->arena, "%s[]", p->path);
}

struct touch_place touch_deref(struct touch_scope *s, const struct touch_pointer *p,
                               const struct type *type)
{
    struct touch_place at = p->at;
    long long k;
    if (at.is_nothing || at.is_frozen)
        return at;
    if (p->is_single) {
        if (!p->index || !touch_constant(p->index, &k) || k != 0 ||
            !touch_same_layout(p->element, type))
            touch_place_widen(&at);
        return at;
    }
    if (!touch_same_layout(p->element, type) || (type && type->kind == TYPE_VOID)) {
        touch_place_widen(&at);
        return at;
    }
    struct touch_index i = {p->index, p->element, p->is_derived};
    step_index(s, &at, &i);
    return at;
}

/* An lvalue that is none of the usual ones: of a value nothing is touched. */
static struct touch_place other_place(const struct node *n)
{
    switch (n->kind) {
    case NODE_STRING:
    case NODE_CALL:
    case NODE_COND:
    case NODE_BINARY:
    case NODE_ASSIGN:
    case NODE_STMT_EXPR:
    case NODE_INIT_LIST:
    case NODE_LITERAL:
    case NODE_FUNCTION:
        return nothing();
    default:
        break;
    }
    struct touch_place p = memory();
    p.is_any = true;
    return p;
}

static struct touch_pointer advance(struct touch_scope *s, struct touch_pointer p,
                                    const struct node *by, bool is_minus);

struct touch_place touch_place_of(struct touch_scope *s, const struct node *n)
{
    struct touch_place p;
    struct touch_pointer to;
    n = node_strip(n);
    switch (n->kind) {
    case NODE_VARIABLE:
    case NODE_COMPOUND_LITERAL:
        return object(TOUCH_VARIABLE, n->var);
    case NODE_MEMBER:
        if (n->kids[0]->type && n->kids[0]->type->kind == TYPE_RECORD) {
            p = touch_place_of(s, n->kids[0]);
            step_member(s, &p, n->name, n->kids[0]->type);
            return p;
        }
        to = touch_pointer_of(s, n->kids[0]);
        p = touch_deref(s, &to, n->kids[0]->type ? n->kids[0]->type->element : NULL);
        step_member(s, &p, n->name, n->kids[0]->type ? n->kids[0]->type->element : NULL);
        return p;
    case NODE_INDEX:
        if (n->n_kids != 2)
            return memory();
        if (n->kids[0]->type && n->kids[0]->type->kind == TYPE_VECTOR) {
            p = touch_place_of(s, n->kids[0]);
            stop_here(&p);
            return p;
        }
        to = advance(s, touch_pointer_of(s, n->kids[0]), n->kids[1], false);
        return touch_deref(s, &to, n->type);
    case NODE_DEREF:
        if (n->type && n->type->kind == TYPE_FUNCTION)
            return nothing();
        to = touch_pointer_of(s, n->kids[0]);
        return touch_deref(s, &to, n->type);
    case NODE_UNARY:
        p = touch_place_of(s, n->kids[0]);
        stop_here(&p);
        return p;
    default:
        return other_place(n);
    }
}

/* ---- pointers ---- */

static struct touch_pointer pointer_to(struct touch_place at, const struct type *element)
{
    return (struct touch_pointer){.at = at, .index = &zero, .element = element};
}

static bool is_zero(const struct node *n)
{
    long long k;
    return n && touch_constant(n, &k) && k == 0;
}

static struct touch_pointer advance(struct touch_scope *s, struct touch_pointer p,
                                    const struct node *by, bool is_minus)
{
    if (p.at.is_nothing || p.at.is_frozen || !p.index || is_zero(by))
        return p;
    if (!by || p.is_single) {
        if (p.is_single)
            touch_place_widen(&p.at);
        p.index = NULL;
        return p;
    }
    if (is_zero(p.index) && !is_minus) {
        p.index = by;
        return p;
    }
    struct node *sum = ARENA_NEW(s->arena, struct node);
    sum->kind = NODE_BINARY;
    sum->type = &long_type;
    sum->op = is_minus ? "-" : "+";
    sum->name = "";
    sum->range = by->range;
    sum->n_kids = 2;
    sum->kids = arena_alloc(s->arena, 2 * sizeof *sum->kids);
    sum->kids[0] = (struct node *)(uintptr_t)p.index;
    sum->kids[1] = (struct node *)(uintptr_t)by;
    p.index = sum;
    return p;
}

struct touch_pointer touch_pointer_at(struct touch_scope *s, struct touch_pointer p,
                                      const struct node *by)
{
    p = advance(s, p, by, false);
    p.is_derived = true;
    return p;
}

static void convert(struct touch_pointer *p, const struct type *to)
{
    if (!to || p->at.is_nothing || p->at.is_frozen || to->kind == TYPE_VOID ||
        touch_same_layout(p->element, to))
        return;
    /* The beginning of the whole object, looked at anew. */
    if (p->index && is_zero(p->index) && !*p->at.path && p->at.is_exact) {
        p->is_single = false;
        p->element = to;
        return;
    }
    touch_place_widen(&p->at);
    p->index = NULL;
}

static struct touch_pointer either(struct touch_pointer a, struct touch_pointer b)
{
    if (a.at.is_nothing)
        return b;
    if (b.at.is_nothing)
        return a;
    if (a.at.base != b.at.base || a.at.var != b.at.var)
        a.at = memory();
    a.at.is_any |= b.at.is_any;
    touch_place_widen(&a.at);
    a.index = NULL;
    return a;
}

static struct touch_pointer follow(struct touch_scope *s, const struct variable *v);

static struct touch_pointer address_of(struct touch_scope *s, const struct node *n)
{
    const struct node *of = node_strip(n->kids[0]);
    struct touch_pointer p;
    if (of->kind == NODE_INDEX && of->n_kids == 2 &&
        !(of->kids[0]->type && of->kids[0]->type->kind == TYPE_VECTOR)) {
        p = advance(s, touch_pointer_of(s, of->kids[0]), of->kids[1], false);
        p.is_derived = true;
        return p;
    }
    if (of->kind == NODE_DEREF && of->type && of->type->kind != TYPE_FUNCTION)
        return touch_pointer_of(s, of->kids[0]);
    p = pointer_to(touch_place_of(s, of), of->type);
    p.is_single = true;
    return p;
}

static struct touch_pointer sum_of(struct touch_scope *s, const struct node *n)
{
    if (n->n_kids != 2 || n->is_guessed)
        return pointer_to(memory(), NULL);
    const struct node *l = n->kids[0], *r = n->kids[1];
    if (!strcmp(n->op, ","))
        return touch_pointer_of(s, r);
    bool is_left = l->type && (l->type->kind == TYPE_POINTER || l->type->kind == TYPE_ARRAY);
    if (!strcmp(n->op, "+"))
        return is_left ? advance(s, touch_pointer_of(s, l), r, false)
                       : advance(s, touch_pointer_of(s, r), l, false);
    if (!strcmp(n->op, "-"))
        return advance(s, touch_pointer_of(s, l), r, true);
    return pointer_to(memory(), NULL);
}

static struct touch_pointer result_of(struct touch_scope *s, const struct node *call)
{
    struct touch_pointer p = pointer_to(memory(), NULL);
    const struct function *fn = call->fn;
    const struct libcall *lib = fn && !fn->has_definition ? libcall_find(fn->name) : NULL;
    if (fn && !strcmp(fn->name, "__builtin_assume_aligned") && call->n_kids > 1)
        return touch_pointer_of(s, call->kids[1]);
    int kind = lib && (fn->is_system || fn->is_builtin || !strncmp(fn->name, "__", 2))
                   ? libcall_result(lib)
                   : LIBCALL_NO_POINTER;
    if (kind == LIBCALL_ERRNO_AT)
        p.at.base = TOUCH_ERRNO;
    if (kind < '0' || kind > '9' || (size_t)(kind - '0') + 1 >= call->n_kids)
        return p;
    p = touch_pointer_of(s, call->kids[kind - '0' + 1]);
    touch_place_widen(&p.at);
    p.index = NULL;
    return p;
}

static struct touch_pointer converted(struct touch_scope *s, const struct node *n)
{
    const struct type *from = n->n_kids ? n->kids[0]->type : NULL;
    if (!from)
        return pointer_to(memory(), NULL);
    if (from->kind == TYPE_POINTER || from->kind == TYPE_ARRAY) {
        struct touch_pointer p = touch_pointer_of(s, n->kids[0]);
        if (n->type && n->type->kind == TYPE_POINTER)
            convert(&p, n->type->element);
        return p;
    }
    bool is_null = n->kids[0]->kind == NODE_LITERAL && n->kids[0]->value == 0;
    return pointer_to(is_null || from->kind == TYPE_FUNCTION ? nothing() : memory(), NULL);
}

struct touch_pointer touch_pointer_of(struct touch_scope *s, const struct node *n)
{
    const struct type *element = n->type ? n->type->element : NULL;
    struct touch_pointer p;
    bool is_parameter = n->kind == NODE_VARIABLE && n->var->is_parameter;
    if (touch_is_array(n->type) && !is_parameter && n->kind != NODE_CAST)
        return pointer_to(touch_place_of(s, n), element);
    switch (n->kind) {
    case NODE_CAST:
        return converted(s, n);
    case NODE_VARIABLE:
        return follow(s, n->var);
    case NODE_ADDRESS:
        return address_of(s, n);
    case NODE_BINARY:
        return sum_of(s, n);
    case NODE_ASSIGN:
        p = touch_pointer_of(s, n->kids[*n->op == '=' ? 1 : 0]);
        return *n->op == '=' ? p : advance(s, p, NULL, false);
    case NODE_INCDEC:
        return advance(s, touch_pointer_of(s, n->kids[0]), NULL, false);
    case NODE_COND:
        return either(touch_pointer_of(s, n->kids[n->n_kids > 2 ? 1 : 0]),
                      touch_pointer_of(s, n->kids[n->n_kids - 1]));
    case NODE_CALL:
        return result_of(s, n);
    case NODE_LITERAL:
    case NODE_FUNCTION:
        return pointer_to(nothing(), NULL);
    default:
        return pointer_to(memory(), element);
    }
}

/* ---- pointer variables ---- */

bool touch_is_constant_for(struct touch_scope *s, const struct variable *v,
                           const struct variable *user)
{
    const struct touch_data *d = s->data;
    const struct variable_facts *f = touch_facts(s, v);
    const struct node *block = touch_facts(s, user)->block;
    if (v->is_global)
        return v->type->is_const && !v->type->is_volatile;
    if (f->is_exposed || d->goes_back || v->type->is_volatile)
        return false;
    if (f->n_assigned == 0 || (f->n_assigned == 1 && f->assigned[0]->kind == NODE_DECL))
        return true;
    return block && !touch_assigns(s, block, v);
}

/* Only variables that keep their values, and arithmetic. */
bool touch_keeps_value(struct touch_scope *s, const struct node *n, const struct variable *user)
{
    switch (n->kind) {
    case NODE_VARIABLE:
        return touch_is_constant_for(s, n->var, user);
    case NODE_LITERAL:
    case NODE_ENUMERATOR:
    case NODE_SIZEOF:
    case NODE_CAST:
    case NODE_UNARY:
    case NODE_BINARY:
        for (size_t i = 0; i < n->n_kids; i++)
            if (!touch_keeps_value(s, n->kids[i], user))
                return false;
        return true;
    default:
        return false;
    }
}

/* What `p`, the value that user is initialized with, is wherever user is seen. */
static void keep(struct touch_scope *s, struct touch_pointer *p, const struct variable *user)
{
    bool is_kept = p->at.base != TOUCH_POINTER || touch_is_constant_for(s, p->at.var, user);
    for (size_t i = 0; i < p->at.n_indices; i++)
        if (p->at.indices[i].expr && !touch_keeps_value(s, p->at.indices[i].expr, user))
            p->at.indices[i].expr = NULL;
    if (p->index && !touch_keeps_value(s, p->index, user))
        p->index = NULL;
    if (!is_kept) {
        touch_place_widen(&p->at);
        p->index = NULL;
    }
    p->is_derived = true;
}

/* The value that an assignment to v gives it; NULL: one that can't be told. */
static const struct node *source_of(const struct node *by, bool *is_step)
{
    *is_step = by->kind == NODE_INCDEC || (by->kind == NODE_ASSIGN && *by->op != '=');
    if (by->kind == NODE_DECL)
        return by->kids[0];
    return by->kind == NODE_ASSIGN && *by->op == '=' ? by->kids[1] : NULL;
}

/* Where v points at the time; depend.c knows whether that is the same at another time. */
static struct touch_pointer itself(const struct variable *v)
{
    return pointer_to(object(TOUCH_POINTER, v), v->type->element);
}

static struct touch_pointer follow_sources(struct touch_scope *s, struct variable_facts *f)
{
    const struct variable *v = f->var;
    struct touch_pointer from = pointer_to(nothing(), NULL);
    bool is_step;
    for (size_t i = 0; i < f->n_assigned; i++) {
        const struct node *source = source_of(f->assigned[i], &is_step);
        if (is_step)
            continue;
        if (!source || source->kind == NODE_INIT_LIST || !source->type)
            return itself(v);
        from = either(from, touch_pointer_of(s, source));
    }
    if (from.at.is_nothing || from.at.base == TOUCH_MEMORY || from.at.base == TOUCH_ERRNO)
        return itself(v);
    if (v->is_parameter)
        return itself(v);
    convert(&from, v->type->element);
    if (f->n_assigned == 1 && f->assigned[0]->kind == NODE_DECL) {
        keep(s, &from, v);
        return from;
    }
    touch_place_widen(&from.at);
    from.index = NULL;
    return from;
}

static struct touch_pointer follow(struct touch_scope *s, const struct variable *v)
{
    struct touch_data *d = s->data;
    struct variable_facts *f = touch_facts(s, v);
    if (v->is_global || f->is_exposed || v->type->is_volatile)
        return itself(v);
    if (f->n_assigned == 0)
        return itself(v);
    if (f->is_followed) /* what it gets from itself adds nothing */
        return pointer_to(nothing(), NULL);
    if (f->origin)
        return *f->origin;
    if (d->depth >= MAX_FOLLOWED)
        return itself(v);
    f->is_followed = true;
    d->depth++;
    struct touch_pointer p = follow_sources(s, f);
    d->depth--;
    f->is_followed = false;
    if (d->depth == 0) {
        f->origin = ARENA_NEW(s->arena, struct touch_pointer);
        *f->origin = p;
    }
    return p;
}

/* ---- touches ---- */

static bool is_member_of_variable(const struct node *n)
{
    while (n->kind == NODE_MEMBER && n->kids[0]->type && n->kids[0]->type->kind == TYPE_RECORD)
        n = node_strip(n->kids[0]);
    return n->kind == NODE_VARIABLE;
}

/* Of an array, a row of it; else what is found there must be loaded. */
static bool is_load_computable(const struct node *n, bool *loads)
{
    if (touch_is_array(n->type))
        return touch_is_computable(n, loads);
    bool is_scalar_load =
        n->type && is_scalar(n->type) && !n->type->is_volatile && !n->type->is_atomic;
    if (!loads || !is_scalar_load || !touch_is_computable(n, NULL))
        return false;
    *loads = true;
    return true;
}

static bool is_value_computable(const struct node *n, bool *loads)
{
    long long k;
    switch (n->kind) {
    case NODE_LITERAL:
    case NODE_ENUMERATOR:
    case NODE_SIZEOF:
    case NODE_STRING:
        return true;
    case NODE_VARIABLE:
        return n->type && !n->type->is_volatile && !n->type->is_atomic;
    case NODE_MEMBER:
        if (is_member_of_variable(n) && !touch_is_array(n->type))
            return n->type && !n->type->is_volatile && !n->type->is_atomic;
        return is_load_computable(n, loads);
    case NODE_INDEX:
    case NODE_DEREF:
        return is_load_computable(n, loads);
    case NODE_ADDRESS:
        return touch_is_computable(node_strip(n->kids[0]), loads);
    case NODE_CAST:
        return n->n_kids == 1 && is_value_computable(n->kids[0], loads);
    case NODE_UNARY:
        return n->n_kids == 1 && is_value_computable(n->kids[0], loads);
    case NODE_BINARY:
        if (n->n_kids != 2 || !*n->op)
            return false;
        if (*n->op == '/' || *n->op == '%')
            return touch_constant(n->kids[1], &k) && k > 0 &&
                   is_value_computable(n->kids[0], loads);
        return is_value_computable(n->kids[0], loads) && is_value_computable(n->kids[1], loads);
    default:
        return false;
    }
}

static bool is_bitfield(const struct node *member)
{
    const struct type *t = member->kids[0]->type;
    if (t && t->kind == TYPE_POINTER)
        t = t->element;
    if (!t || t->kind != TYPE_RECORD || !t->record)
        return true;
    const struct field *f = record_field(t->record, member->name);
    return !f || f->is_bitfield;
}

bool touch_is_computable(const struct node *n, bool *loads)
{
    switch (n->kind) {
    case NODE_VARIABLE:
        return true;
    case NODE_MEMBER:
        if (is_bitfield(n))
            return false;
        return n->kids[0]->type->kind == TYPE_RECORD
                   ? touch_is_computable(node_strip(n->kids[0]), loads)
                   : is_value_computable(n->kids[0], loads);
    case NODE_INDEX:
        return n->n_kids == 2 && n->kids[0]->type && n->kids[0]->type->kind != TYPE_VECTOR &&
               is_value_computable(n->kids[0], loads) && is_value_computable(n->kids[1], loads);
    case NODE_DEREF:
        return is_value_computable(n->kids[0], loads);
    default:
        return false;
    }
}

struct touch touch_of_place(struct touch_scope *s, const struct touch_place *p, bool is_write,
                            const struct type *type, const struct node *where)
{
    struct touch t = {.base = p->base,
                      .is_write = is_write,
                      .var = p->var,
                      .type = p->is_any ? NULL : type,
                      .n_indices = p->n_indices,
                      .path = p->path,
                      .is_exact = p->is_exact,
                      .where = where};
    if (p->n_indices)
        t.indices = arena_grow(s->arena, p->indices, p->n_indices * sizeof *p->indices,
                               p->n_indices * sizeof *p->indices);
    return t;
}
