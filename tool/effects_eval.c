/* effects_eval.c - expressions and statements of one function.
 *
 * eval() gives the set of a pointer's, record's or array's value and walks
 * everything below; scalars have the empty set. eval_place() gives the
 * locations of an lvalue without reading it: what is done with it, its parent
 * knows. */
#include <string.h>

#include "effects_private.h"

static const struct set nothing = {.n = 0};

bool is_pointer_like(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION);
}

const struct node *strip_casts(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    return n;
}

static bool is_record(const struct type *t)
{
    return t && t->kind == TYPE_RECORD;
}

static bool is_lvalue(const struct node *n)
{
    switch (n->kind) {
    case NODE_VARIABLE:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_DEREF:
    case NODE_COMPOUND_LITERAL:
    case NODE_STRING:
        return true;
    default:
        return false;
    }
}

/* Or has it a member that is, for those who copy it? */
static bool is_volatile(const struct type *t)
{
    while (t && t->kind == TYPE_ARRAY && !t->is_volatile)
        t = t->element;
    if (!t || t->is_volatile || t->kind != TYPE_RECORD || !t->record)
        return t && t->is_volatile;
    for (size_t i = 0; i < t->record->n_fields; i++)
        if (is_volatile(t->record->fields[i].type))
            return true;
    return false;
}

static void note_volatile(struct walk *w, const struct node *n)
{
    if (w->is_recording && is_volatile(n->type))
        record_effect(w, EFFECT_VOLATILE, "", NULL, n, NULL);
}

static void read_at(struct walk *w, const struct set *at, const struct node *n)
{
    note_volatile(w, n);
    record_access(w, at, false, false, n, NULL);
}

static void write_at(struct walk *w, const struct set *at, const struct node *n)
{
    note_volatile(w, n);
    record_access(w, at, true, false, n, NULL);
}

/* ---- lvalues ---- */

static struct set variable_place(struct walk *w, const struct variable *v)
{
    enum loc_kind kind = v->is_static_local ? LOC_STATIC
                         : v->is_global     ? LOC_GLOBAL
                         : v->is_parameter  ? LOC_PARAM
                                            : LOC_LOCAL;
    struct loc *l = loc_root(w, kind, v);
    struct set at = set_of(l);
    if (kind == LOC_GLOBAL && v->init && !l->cells && loc_has_known_value(l))
        eval_initializer(w, &at, v->init, v->type);
    return at;
}

static struct set member_place(struct walk *w, const struct node *n)
{
    const struct node *base = n->kids[0];
    const struct type *t = base->type;
    bool is_arrow = n->is_arrow || (t && !is_record(t));
    struct set at = is_arrow ? eval(w, base) : eval_place(w, base);
    while (t && !is_record(t))
        t = t->element;
    return set_member(w, &at, t ? t->record : NULL, n->name);
}

struct set eval_place(struct walk *w, const struct node *n)
{
    struct set s;
    switch (n->kind) {
    case NODE_VARIABLE:
        return variable_place(w, n->var);
    case NODE_MEMBER:
        return member_place(w, n);
    case NODE_INDEX:
        s = n->kids[0]->type && n->kids[0]->type->kind == TYPE_VECTOR ? eval_place(w, n->kids[0])
                                                                      : eval(w, n->kids[0]);
        for (size_t i = 1; i < n->n_kids; i++)
            eval(w, n->kids[i]);
        return s;
    case NODE_DEREF:
        return eval(w, n->kids[0]);
    case NODE_STRING:
        return set_of(w->constant);
    case NODE_COMPOUND_LITERAL:
        s = set_of(loc_root(w, LOC_TEMP, n));
        for (size_t i = 0; i < n->n_kids; i++)
            eval_initializer(w, &s, n->kids[i], n->type);
        return s;
    case NODE_CAST:
        if (n->n_kids == 1 && (is_record(n->type) || is_lvalue(strip_casts(n))))
            return eval_place(w, n->kids[0]);
        return eval(w, n);
    case NODE_UNARY: /* __real__ z = ... */
        return n->n_kids && !is_pointer_like(n->type) ? eval_place(w, n->kids[0]) : eval(w, n);
    default:
        return eval(w, n);
    }
}

static struct set read_lvalue(struct walk *w, const struct node *n)
{
    struct set at = eval_place(w, n);
    const struct type *t = n->type;
    if (n->kind == NODE_VARIABLE && n->var->is_parameter && t && t->kind == TYPE_ARRAY)
        return memory_load(w, &at); /* in truth a pointer */
    if (t && (t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION))
        return at;
    read_at(w, &at, n);
    if (is_record(t))
        return at;
    return type_holds_pointers(t) ? memory_load(w, &at) : nothing;
}

/* ---- operators ---- */

static bool is_zero(const struct node *n)
{
    n = strip_casts(n);
    return n && n->kind == NODE_LITERAL && n->value == 0;
}

static struct set eval_address(struct walk *w, const struct node *n)
{
    const struct node *of = strip_casts(n->kids[0]);
    struct set at = eval_place(w, n->kids[0]);
    if (of->kind == NODE_INDEX && of->n_kids == 2 && !is_zero(of->kids[1]))
        return set_interior(w, &at);
    return at;
}

static struct set eval_incdec(struct walk *w, const struct node *n)
{
    struct set at = eval_place(w, n->kids[0]);
    read_at(w, &at, n->kids[0]);
    write_at(w, &at, n->kids[0]);
    if (!n->type || n->type->kind != TYPE_POINTER)
        return nothing;
    struct set old = memory_load(w, &at), stepped = set_interior(w, &old);
    memory_store(w, &at, &stepped);
    return n->is_postfix ? old : stepped;
}

static struct set eval_binary(struct walk *w, const struct node *n)
{
    if (n->n_kids != 2)
        return nothing;
    struct set l = eval(w, n->kids[0]), r = eval(w, n->kids[1]);
    if (!strcmp(n->op, ","))
        return r;
    if (!n->type || n->type->kind != TYPE_POINTER)
        return nothing;
    struct set out = set_interior(w, &l), more = set_interior(w, &r);
    set_add_all(w, &out, &more);
    return out;
}

/* A byte that isn't a constant goes to memory through a pointer: it may be a
 * part of a pointer. */
static bool moves_bytes(const struct node *to, const struct node *value)
{
    to = strip_casts(to);
    value = strip_casts(value);
    return to->type && to->type->is_char && (to->kind == NODE_INDEX || to->kind == NODE_DEREF) &&
           value->kind != NODE_LITERAL && value->kind != NODE_ENUMERATOR;
}

static struct set eval_assign(struct walk *w, const struct node *n)
{
    const struct node *to = n->kids[0], *from = n->kids[1];
    struct set value = eval(w, from), at = eval_place(w, to);
    bool is_compound = n->op[0] != '=';
    if (is_compound)
        read_at(w, &at, to);
    write_at(w, &at, to);
    const struct type *t = to->type;
    if (is_record(t)) {
        memory_copy(w, &at, &value, t);
        return at;
    }
    if (moves_bytes(to, from))
        memory_store_bytes(w, &at);
    if (!type_holds_pointers(t))
        return nothing;
    if (is_compound) {
        value = memory_load(w, &at);
        value = set_interior(w, &value);
    }
    memory_store(w, &at, &value);
    return value;
}

/* An operator that a macro made and libclang won't name: operands are read,
 * written and have their address taken. */
static struct set eval_operator(struct walk *w, const struct node *n)
{
    bool outer = w->is_unexpanded;
    w->is_unexpanded = true;
    struct set all = nothing;
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *k = n->kids[i], *inner = strip_casts(k);
        struct set value = eval(w, k);
        set_add_all(w, &all, &value);
        if (is_pointer_like(k->type)) {
            record_access(w, &value, false, false, k, NULL);
            record_access(w, &value, true, false, k, NULL);
        }
        if (!is_lvalue(inner))
            continue;
        struct set at = eval_place(w, inner);
        read_at(w, &at, inner);
        write_at(w, &at, inner);
        set_add_all(w, &all, &at);
    }
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *inner = strip_casts(n->kids[i]);
        if (!is_lvalue(inner))
            continue;
        struct set at = eval_place(w, inner);
        memory_store(w, &at, &all);
        memory_pun(w, &at);
    }
    w->is_unexpanded = outer;
    struct set more = memory_load(w, &all);
    set_add_all(w, &all, &more);
    return all;
}

static bool is_constant(const struct node *n)
{
    switch (n->kind) {
    case NODE_LITERAL:
    case NODE_ENUMERATOR:
    case NODE_SIZEOF:
        return true;
    case NODE_CAST:
    case NODE_UNARY:
    case NODE_BINARY:
        for (size_t i = 0; i < n->n_kids; i++)
            if (!is_constant(n->kids[i]))
                return false;
        return n->n_kids > 0;
    default:
        return false;
    }
}

/* Is the constant the address of something? Small and negative ones mark special
 * pointers, (void *)-1, that nobody follows. */
static bool is_address(const struct node *n)
{
    n = strip_casts(n);
    if (n->kind == NODE_UNARY)
        return false;
    if (n->kind == NODE_LITERAL || n->kind == NODE_ENUMERATOR)
        return n->value >= 4096;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_address(n->kids[i]))
            return true;
    return false;
}

/* The pointers that an integer expression is computed from in plain sight, as
 * in (T *)(((uintptr_t)p + 63) & ~63); everything has been walked already. */
static void integer_pointers(struct walk *w, const struct node *n, struct set *out)
{
    if (n->kind == NODE_CAST && n->n_kids == 1 && n->kids[0]->type &&
        is_pointer_like(n->kids[0]->type)) {
        bool recording = w->is_recording;
        w->is_recording = false;
        struct set s = eval(w, n->kids[0]);
        w->is_recording = recording;
        s = set_interior(w, &s);
        set_add_all(w, out, &s);
        return;
    }
    if (n->kind == NODE_CAST || n->kind == NODE_UNARY || n->kind == NODE_BINARY)
        for (size_t i = 0; i < n->n_kids; i++)
            integer_pointers(w, n->kids[i], out);
}

static struct set eval_cast(struct walk *w, const struct node *n)
{
    if (!n->n_kids)
        return set_of(w->unknown);
    const struct node *kid = n->kids[0];
    if (n->type && n->type->kind == TYPE_VOID && is_lvalue(strip_casts(kid))) {
        eval_place(w, strip_casts(kid)); /* (void)x */
        return nothing;
    }
    struct set s = eval(w, kid);
    if (!n->type || n->type->kind != TYPE_POINTER || !kid->type)
        return s;
    switch (kid->type->kind) {
    case TYPE_BOOL:
    case TYPE_INTEGER:
    case TYPE_ENUM:
        break;
    default:
        return s;
    }
    if (is_constant(kid))
        return set_of(is_address(kid) ? w->unknown : w->null);
    s = nothing;
    integer_pointers(w, kid, &s);
    return s.n ? s : set_of(w->unknown);
}

/* ---- initializers ---- */

/* `.name` or `name:` at the beginning of an initializer; NULL if there is none.
 * *rest: what may follow. */
static const char *designator(struct walk *w, const struct node *n, size_t *at)
{
    const struct source *src = n->range.src;
    if (!src || n->is_macro || n->kind != NODE_OTHER || n->n_kids == 0 || n->type == NULL)
        return NULL;
    size_t i = *at ? *at : n->range.begin, end = n->range.end;
    while (i < end && strchr(" \t\r\n", src->text[i]))
        i++;
    if (i >= end || src->text[i] != '.')
        return NULL;
    for (i++; i < end && strchr(" \t\r\n", src->text[i]);)
        i++;
    size_t begin = i;
    while (i < end && (src->text[i] == '_' || (src->text[i] | 32) - 'a' + 0u < 26u ||
                       src->text[i] - '0' + 0u < 10u))
        i++;
    *at = i;
    return i > begin ? arena_strndup(w->arena, src->text + begin, i - begin) : NULL;
}

static const struct field *field_named(const struct record *r, const char *name, size_t *index)
{
    for (size_t i = 0; i < r->n_fields; i++)
        if (!strcmp(r->fields[i].name, name)) {
            *index = i;
            return &r->fields[i];
        }
    return NULL;
}

/* The whole object may hold every pointer below n. */
static void initialize_anyhow(struct walk *w, const struct set *at, const struct node *n)
{
    struct set s = nothing;
    if (n->kind == NODE_INIT_LIST || n->kind == NODE_OTHER) {
        for (size_t i = 0; i < n->n_kids; i++)
            initialize_anyhow(w, at, n->kids[i]);
        return;
    }
    s = eval(w, n);
    if (is_record(n->type))
        s = memory_load_any(w, &s);
    if (!s.n) /* no pointer: nothing to be mistaken for another */
        return;
    memory_store(w, at, &s);
    memory_pun(w, at);
}

/* Would braces be elided if this initialized a member of that type? */
static bool fits(const struct type *t, const struct node *init)
{
    const struct node *n = strip_casts(init);
    if (t->kind == TYPE_ARRAY)
        return n->kind == NODE_INIT_LIST || n->kind == NODE_STRING;
    if (t->kind == TYPE_RECORD)
        return n->kind == NODE_INIT_LIST || is_record(init->type);
    return true;
}

static void initialize_record(struct walk *w, const struct set *at, const struct node *list,
                              const struct type *t)
{
    const struct record *r = t->record;
    size_t next = 0;
    for (size_t i = 0; i < list->n_kids; i++) {
        const struct node *kid = list->kids[i];
        size_t text = 0, index = next;
        const char *name = designator(w, kid, &text);
        while (!name && index < r->n_fields && r->fields[index].is_bitfield &&
               !*r->fields[index].name)
            index++;
        const struct field *f = name                  ? field_named(r, name, &index)
                                : index < r->n_fields ? &r->fields[index]
                                                      : NULL;
        if (name)
            kid = kid->kids[kid->n_kids - 1];
        bool is_nested = name && list->kids[i]->range.src->text[text] != ' ' &&
                         strchr(".[", list->kids[i]->range.src->text[text]);
        if (!f || is_nested || (!name && kid->kind == NODE_OTHER) || !fits(f->type, kid)) {
            initialize_anyhow(w, at, kid);
            if (!f || !fits(f->type, kid)) /* what follows can't be placed either */
                next = r->n_fields;
            continue;
        }
        struct set member = set_member(w, at, r, f->name);
        eval_initializer(w, &member, kid, f->type);
        next = index + 1;
    }
}

void eval_initializer(struct walk *w, const struct set *at, const struct node *init,
                      const struct type *t)
{
    const struct node *n = init->kind == NODE_CAST && init->is_implicit ? strip_casts(init) : init;
    if (n->kind != NODE_INIT_LIST) {
        struct set s = eval(w, init);
        if (is_record(t))
            memory_copy(w, at, &s, t);
        else if (t && t->kind != TYPE_ARRAY && type_holds_pointers(t))
            memory_store(w, at, &s);
        return;
    }
    struct set null = set_of(w->null); /* what isn't named is zero */
    if (type_holds_pointers(t))
        memory_store(w, at, &null);
    if (is_record(t) && t->record && t->record->is_complete && !t->record->is_union) {
        initialize_record(w, at, n, t);
        return;
    }
    if (!is_pointer_like(t) && !is_record(t))
        t = NULL;
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *kid = n->kids[i];
        if (t && t->kind == TYPE_ARRAY && kid->kind != NODE_OTHER && fits(t->element, kid))
            eval_initializer(w, at, kid, t->element);
        else
            initialize_anyhow(w, at, kid);
    }
}

static void eval_declaration(struct walk *w, const struct node *n)
{
    struct set at = variable_place(w, n->var);
    for (size_t i = 0; i < n->n_kids; i++)
        eval_initializer(w, &at, n->kids[i], n->var->type);
}

/* ---- the rest ---- */

/* One of libclang's nodes that facts.h has no kind for: conversions we don't
 * know, GNU ?:, _Generic, atomic builtins. The latter look like a node of the
 * type that its first operand points to. */
static bool may_be_atomic(const struct node *n)
{
    const struct type *p = n->n_kids ? n->kids[0]->type : NULL;
    if (!n->type || !p || p->kind != TYPE_POINTER || !p->element)
        return false;
    for (size_t i = 0; i < n->n_kids; i++)
        if (strip_casts(n->kids[i])->kind == NODE_FUNCTION)
            return false;
    const struct type *t = n->type, *e = p->element;
    return t->kind == TYPE_VOID || t->kind == TYPE_BOOL ||
           (t != p && t->kind == e->kind && t->size == e->size);
}

/* A macro's invocation, too, starts with the name. */
static bool only_loads(const struct node *n)
{
    static const char *const names[] = {"__atomic_load_n", "__c11_atomic_load", "atomic_load"};
    const struct source *src = n->range.src;
    for (size_t i = 0; src && i < sizeof names / sizeof names[0]; i++)
        if (n->range.end - n->range.begin > strlen(names[i]) &&
            !memcmp(src->text + n->range.begin, names[i], strlen(names[i])))
            return true;
    return false;
}

static struct set eval_other(struct walk *w, const struct node *n)
{
    struct set out = nothing;
    bool is_atomic = may_be_atomic(n), is_load = is_atomic && only_loads(n);
    for (size_t i = 0; i < n->n_kids; i++) {
        struct set s = eval(w, n->kids[i]);
        if (is_atomic && is_pointer_like(n->kids[i]->type)) {
            record_access(w, &s, false, false, n, NULL);
            if (!is_load)
                record_access(w, &s, true, false, n, NULL);
            struct set at = s;
            s = memory_load(w, &at);
            if (out.n)
                memory_store(w, &at, &out);
        }
        set_add_all(w, &out, &s);
    }
    if (n->type && type_holds_pointers(n->type) && !n->n_kids)
        set_add(w, &out, w->constant); /* __func__ */
    return out;
}

static void eval_asm(struct walk *w, const struct node *n)
{
    record_effect(w, EFFECT_ASM, "", NULL, n, NULL);
    struct set unknown = set_of(w->unknown);
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *inner = strip_casts(n->kids[i]);
        struct set s = eval(w, n->kids[i]);
        if (is_pointer_like(n->kids[i]->type)) {
            record_access(w, &s, false, true, n, NULL);
            record_access(w, &s, true, true, n, NULL);
        }
        if (!is_lvalue(inner))
            continue;
        struct set at = eval_place(w, inner);
        record_access(w, &at, true, false, n, NULL);
        memory_store(w, &at, &unknown);
    }
}

static bool is_constant_object(const struct variable *v)
{
    const struct type *t = v->type;
    while (t->kind == TYPE_ARRAY && !t->is_const)
        t = t->element;
    return t->is_const;
}

static void judge_return(struct walk *w, const struct node *n, const struct set *value)
{
    struct effects *out = &w->recorder->out;
    bool is_other = value->n == 0;
    for (size_t i = 0; i < value->n; i++) {
        const struct loc *l = value->at[i];
        if (l->kind == LOC_CONST ||
            ((l->kind == LOC_GLOBAL || l->kind == LOC_STATIC) && l->n_stars == 0))
            out->returns_static = true;
        if (l->kind == LOC_GLOBAL && !l->n_stars && !is_constant_object(l->base))
            out->returned_global = l->base;
        if (l->kind != LOC_NULL && (l->kind != LOC_HEAP || l->is_interior || l->n_members))
            is_other = true;
    }
    if (is_other) {
        out->returns_allocated = false;
        if (!out->returned_other)
            out->returned_other = n;
    }
}

static void eval_return(struct walk *w, const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++) {
        struct set value = eval(w, n->kids[i]), to = set_of(w->result);
        const struct type *t = w->fn->result;
        if (is_record(t))
            memory_copy(w, &to, &value, t);
        else if (type_holds_pointers(t))
            memory_store(w, &to, &value);
        if (w->is_recording && t && t->kind == TYPE_POINTER)
            judge_return(w, n, &value);
    }
}

/* Statements, and the value of the last one for ({ }). */
static struct set eval_kids(struct walk *w, const struct node *n)
{
    struct set last = nothing;
    for (size_t i = 0; i < n->n_kids; i++)
        last = eval(w, n->kids[i]);
    return last;
}

struct set eval(struct walk *w, const struct node *n)
{
    if (!n)
        return nothing;
    switch (n->kind) {
    case NODE_STRING:
        record_date(w, n);
        return set_of(w->constant);
    case NODE_COMPOUND_LITERAL:
    case NODE_VARIABLE:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_DEREF:
        return read_lvalue(w, n);
    case NODE_FUNCTION:
        return set_of(loc_root(w, LOC_FUNCTION, n->fn));
    case NODE_LITERAL:
    case NODE_ENUMERATOR:
    case NODE_SIZEOF:
        return n->type && n->type->kind == TYPE_POINTER ? set_of(w->null) : nothing;
    case NODE_ADDRESS:
        return eval_address(w, n);
    case NODE_INCDEC:
        return eval_incdec(w, n);
    case NODE_BINARY:
        return eval_binary(w, n);
    case NODE_ASSIGN:
        return n->n_kids == 2 ? eval_assign(w, n) : eval_operator(w, n);
    case NODE_OPERATOR:
        return eval_operator(w, n);
    case NODE_COND: {
        struct set out = nothing;
        for (size_t i = 0; i < n->n_kids; i++) {
            struct set s = eval(w, n->kids[i]);
            if (i || n->n_kids == 2) /* a ?: b */
                set_add_all(w, &out, &s);
        }
        return is_pointer_like(n->type) || is_record(n->type) ? out : nothing;
    }
    case NODE_CALL:
        return eval_call(w, n);
    case NODE_CAST:
        return eval_cast(w, n);
    case NODE_VA_ARG: /* the caller answers for what is passed: see effects_call.c */
        eval_kids(w, n);
        return is_record(n->type) ? set_of(loc_root(w, LOC_TEMP, n)) : set_of(w->constant);
    case NODE_INIT_LIST: {
        struct set at = set_of(loc_root(w, LOC_TEMP, n));
        eval_initializer(w, &at, n, n->type);
        return is_record(n->type) ? at : memory_load_any(w, &at);
    }
    case NODE_DECL:
        eval_declaration(w, n);
        return nothing;
    case NODE_RETURN:
        eval_return(w, n);
        return nothing;
    case NODE_ASM:
        eval_asm(w, n);
        return nothing;
    case NODE_OTHER:
        return eval_other(w, n);
    case NODE_UNARY: { /* __extension__ made by a macro looks like any operator */
        struct set s = eval_kids(w, n);
        return is_pointer_like(n->type) || is_record(n->type) ? s : nothing;
    }
    default:
        return eval_kids(w, n);
    }
}
