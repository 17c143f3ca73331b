/* plan_sections.c - from shapes to parts: the C text of their addresses and counts. */
#include <string.h>

#include "base/panic.h"
#include "base/strbuf.h"
#include "memo_abi.h"
#include "plan_kind.h"
#include "plan_private.h"

const char *plan_guarded(struct planner *p, const char *guard, const char *text)
{
    return *guard ? arena_printf(p->arena, "(%s) ? (%s) : 0", guard, text) : text;
}

/* The brackets of a section, outermost first: a[0:n][0:m] has two. */
static size_t section_dims(const struct cexpr *e, const struct cexpr **dims, size_t max)
{
    size_t n = 0;
    const struct cexpr *walk[8];
    while (e && (e->kind == CEXPR_SECTION) && n < max && n < 8) {
        walk[n++] = e;
        e = e->kids[0];
    }
    for (size_t i = 0; i < n; i++)
        dims[i] = walk[n - 1 - i];
    return n;
}

/* The address of the first element, and the guards for it, the base's own
 * NULL included. */
static void set_section_data(struct planner *p, struct part_plan *part, const struct cexpr *e)
{
    const struct scope *s = p->scope;
    const struct cexpr *base = e;
    while (base->kind == CEXPR_SECTION)
        base = base->kids[0];
    struct strbuf text = STRBUF_INIT;
    strbuf_addf(&text, "(%s)", scope_text(s, base));
    const struct cexpr *dims[8];
    size_t n = section_dims(e, dims, 8);
    const struct type *t = scope_type(s, base);
    bool is_void = t && t->kind == TYPE_POINTER && t->element->kind == TYPE_VOID;
    if (is_void) {
        strbuf_clear(&text);
        strbuf_addf(&text, "((char *)(%s))", scope_text(s, base));
    }
    for (size_t i = 0; i < n; i++)
        strbuf_addf(&text, "[%s]", dims[i]->kids[1] ? scope_text(s, dims[i]->kids[1]) : "0");
    const char *address = arena_printf(p->arena, "(void *)&%s", text.buf);
    strbuf_release(&text);
    struct strbuf guard = STRBUF_INIT;
    strbuf_adds(&guard, scope_guard(s, e));
    part->data = plan_guarded(p, guard.buf, address);
    strbuf_release(&guard);
}

static const char *element_text(struct planner *p, const struct cexpr *e)
{
    /* An element of the innermost section, for sizeof: never evaluated. */
    struct strbuf text = STRBUF_INIT;
    const struct cexpr *base = e;
    size_t n = 0;
    for (; base->kind == CEXPR_SECTION; base = base->kids[0])
        n++;
    strbuf_addf(&text, "(%s)", scope_text(p->scope, base));
    while (n-- > 0)
        strbuf_adds(&text, "[0]");
    const char *out = arena_strdup(p->arena, text.buf);
    strbuf_release(&text);
    return out;
}

static bool is_void_pointer(const struct type *t)
{
    return t && t->kind == TYPE_POINTER && t->element->kind == TYPE_VOID;
}

static const char *count_of(struct planner *p, const struct cexpr *section, const char *size)
{
    if (section->kids[2])
        return scope_count(p->scope, section->kids[2], size);
    const struct type *t = scope_type(p->scope, section->kids[0]);
    long long n = t && t->kind == TYPE_ARRAY && t->count >= 0 ? t->count : 0;
    return arena_printf(p->arena, "%lld", n);
}

/* p[a:n], a[0:n][0:m]: the inner dimension is contiguous, an outer one is rows. */
static void plan_section(struct planner *p, struct part_plan *part, const struct cexpr *e)
{
    const struct cexpr *dims[8];
    size_t n = section_dims(e, dims, 8);
    const struct scope *s = p->scope;
    const struct type *elem = scope_type(s, e);
    const struct type *outer_base = scope_type(s, dims[0]->kids[0]);
    bool is_void = is_void_pointer(outer_base);
    bool variable = elem && elem->is_variable;
    const char *sizeof_elem =
        is_void ? "1" : arena_printf(p->arena, "sizeof(%s)", element_text(p, e));
    part->size = variable ? "1" : sizeof_elem;
    set_section_data(p, part, e);
    part->count = count_of(p, dims[n - 1], sizeof_elem);
    if (variable)
        part->count = arena_printf(p->arena, "memo_abi_scale(%s, %s)", part->count, sizeof_elem);
    part->kind = elem && !is_void ? plan_kind(p->arena, elem) : "b";
    if (n > 1)
        part->role |= MEMO_ROWS;
}

/* A bit-field has no address: its value is keyed. */
static void plan_bitfield(struct planner *p, struct part_plan *part, const struct cexpr *e)
{
    const char *text = scope_text(p->scope, e), *guard = scope_guard(p->scope, e);
    size_t i = p->plan->n_parts;
    part->setup = arena_printf(p->arena, "__extension__ __typeof__((%s) + 0) memo_l_b%zu = %s; ",
                               text, i, plan_guarded(p, guard, text));
    part->data = plan_guarded(p, guard, arena_printf(p->arena, "(void *)&memo_l_b%zu", i));
    part->count = plan_guarded(p, guard, "1u");
    part->size = arena_printf(p->arena, "sizeof((%s) + 0)", text);
    const struct type *t = scope_type(p->scope, e);
    part->kind = t && t->size > 4 ? "i8" : "i4";
}

static void plan_object(struct planner *p, struct part_plan *part, const struct cexpr *e)
{
    const struct scope *s = p->scope;
    const char *text = scope_text(s, e), *guard = scope_guard(s, e);
    if (scope_is_bitfield(s, e)) {
        plan_bitfield(p, part, e);
        return;
    }
    const struct type *t = scope_type(s, e);
    const struct variable *param = e->kind == CEXPR_NAME ? scope_parameter(s, e) : NULL;
    if (param && t && t->kind == TYPE_ARRAY) { /* double a[16]: a pointer to the first of 16 */
        part->data = arena_printf(p->arena, "(void *)(%s)", text);
        part->size = arena_printf(p->arena, "sizeof((%s)[0])", text);
        part->count = arena_printf(p->arena, "(%s) ? %lldu : 0", text, t->count);
        part->kind = plan_kind(p->arena, t);
        return;
    }
    part->data = plan_guarded(p, guard, arena_printf(p->arena, "(void *)&%s", text));
    part->count = plan_guarded(p, guard, "1u");
    bool variable = t && t->is_variable;
    part->size = variable ? "1" : arena_printf(p->arena, "sizeof(%s)", text);
    if (variable)
        part->count = plan_guarded(p, guard, arena_printf(p->arena, "sizeof(%s)", text));
    if (t)
        part->kind = plan_kind(p->arena, t);
}

/* The type of one element of a shape. */
static const struct type *shape_element(struct planner *p, const struct cexpr *e)
{
    const struct type *t = scope_type(p->scope, e);
    if (e->kind == CEXPR_NAME && scope_parameter(p->scope, e) && t && t->kind == TYPE_ARRAY)
        return t->element;
    return t;
}

static bool names_an_out_object(struct planner *p, const struct cexpr *bound)
{
    /* Bounds of an `out` that name an `out` object are evaluated after the call. */
    const struct clause *c = annotation_clause(p->mf->annotation, CLAUSE_out);
    const struct cexpr *reads[32];
    size_t n = 0;
    scope_bound_reads(p->scope, bound, reads, &n, 32);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; c && j < c->n_shapes; j++)
            if (c->shapes[j].expr && cexpr_equal(reads[i], c->shapes[j].expr))
                return true;
    return false;
}

static const struct cexpr *last_bound(const struct cexpr *e)
{
    return e && e->kind == CEXPR_SECTION ? e->kids[2] : NULL;
}

/* Spans that follow a section of rows: how far apart the rows of each outer
 * dimension are, and how many, the second-innermost first. */
static void plan_rows(struct planner *p, const char *name, const struct cexpr *e)
{
    const struct cexpr *dims[8] = {NULL};
    size_t n = section_dims(e, dims, 8);
    const char *base = scope_text(p->scope, dims[0]->kids[0]);
    for (size_t i = n - 1; i-- > 0;) {
        struct strbuf size = STRBUF_INIT;
        strbuf_addf(&size, "sizeof((%s)", base);
        for (size_t k = 0; k <= i; k++)
            strbuf_adds(&size, "[0]");
        strbuf_addc(&size, ')');
        const char *stride = arena_strdup(p->arena, size.buf);
        strbuf_release(&size);
        struct part_plan *more = plan_new_part(p, name, MEMO_MORE);
        more->data = arena_printf(p->arena, "(void *)(%s)", stride);
        more->count = count_of(p, dims[i], stride);
    }
}

struct part_plan *plan_shape(struct planner *p, const struct shape *shape, unsigned role)
{
    const struct scope *s = p->scope;
    const struct cexpr *e = shape->expr;
    struct part_plan *part = plan_new_part(p, shape->text, role | MEMO_SECTION);
    const struct cexpr *root = e ? cexpr_root(e) : NULL;
    part->root = root ? scope_parameter(s, root) : NULL;
    if (root && !part->root)
        part->root = scope_global(s, root);
    switch (shape->kind) {
    case SHAPE_STRING:
        part->role |= MEMO_STRING;
        part->data = plan_guarded(p, scope_guard(s, e),
                                  arena_printf(p->arena, "(void *)(%s)", scope_text(s, e)));
        part->kind = "s";
        part->count = "0";
        break;
    case SHAPE_CODE:
        part->role = MEMO_KEY | MEMO_CODE;
        part->data = plan_guarded(p, scope_guard(s, e),
                                  arena_printf(p->arena, "(void *)(%s)", scope_text(s, e)));
        part->count = "0";
        break;
    case SHAPE_OBJECT:
        if (e->kind == CEXPR_SECTION)
            plan_section(p, part, e);
        else
            plan_object(p, part, e);
        const struct type *t = shape_element(p, e);
        if (t && (role & MEMO_KEY) && root) {
            const struct variable *v = scope_parameter(s, root);
            plan_set_key_type(p, part, t, v ? v->name : root->text, scope_path(s, e));
        }
        part->layout = (role & MEMO_RESULT) ? t : NULL;
        if ((role & (MEMO_KEY | MEMO_RESULT)) == MEMO_RESULT && last_bound(e) &&
            names_an_out_object(p, last_bound(e))) {
            part->role |= MEMO_LATE;
            part->late_count = part->count;
            part->count = "0";
        }
        break;
    default:
        BUG("shape %d in a section clause", shape->kind);
    }
    if (part->role & MEMO_ROWS) {
        size_t at = p->plan->n_parts - 1;
        plan_rows(p, shape->text, e);
        part = &p->plan->parts[at];
    }
    return part;
}

/* out(alloc (*pp)[:n]): the pointer is the caller's, its memory the call's. */
static void plan_alloc(struct planner *p, const struct shape *shape)
{
    const struct scope *s = p->scope;
    const struct cexpr *e = shape->expr; /* (*pp)[:n] */
    const struct cexpr *pointer = e->kids[0];
    struct part_plan *part =
        plan_new_part(p, shape->text, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE | MEMO_STORED);
    const char *text = scope_text(s, pointer);
    const struct type *t = scope_type(s, pointer), *elem = t ? scope_type(s, e) : NULL;
    const char *size = is_void_pointer(t) ? "1" : arena_printf(p->arena, "sizeof((%s)[0])", text);
    part->data =
        plan_guarded(p, scope_guard(s, pointer), arena_printf(p->arena, "(void *)&%s", text));
    part->size = size;
    part->count = "0";
    part->late_count = count_of(p, e, size);
    part->kind = elem && !is_void_pointer(t) ? plan_kind(p->arena, elem) : "b";
    part->layout = elem;
}

static void plan_bounds(struct planner *p, const struct cexpr *e)
{
    const struct cexpr *reads[32];
    size_t n = 0;
    for (; e && e->kind == CEXPR_SECTION; e = e->kids[0]) {
        scope_bound_reads(p->scope, e->kids[1], reads, &n, 32);
        if (!names_an_out_object(p, e->kids[2]))
            scope_bound_reads(p->scope, e->kids[2], reads, &n, 32);
    }
    for (size_t i = 0; i < n; i++) {
        const char *text = scope_text(p->scope, reads[i]);
        bool known = false;
        for (size_t j = 0; j < p->plan->n_parts; j++)
            known |= strcmp(p->plan->parts[j].name, text) == 0;
        if (known)
            continue;
        struct part_plan *part = plan_new_part(p, text, MEMO_KEY | MEMO_SECTION);
        plan_object(p, part, reads[i]);
    }
}

void plan_sections(struct planner *p, enum clause_id id, unsigned role)
{
    const struct clause *c = annotation_clause(p->mf->annotation, id);
    for (size_t i = 0; c && i < c->n_shapes; i++) {
        const struct shape *shape = &c->shapes[i];
        if (shape->kind == SHAPE_ALLOC) {
            plan_alloc(p, shape);
        } else {
            unsigned r = p->has_key_clause && id != CLAUSE_reads ? role & ~MEMO_KEY : role;
            if (r == 0)
                r = MEMO_IGNORED;
            plan_shape(p, shape, r);
            plan_bounds(p, shape->expr);
        }
    }
}

/* Ignored pointers' objects count in the overlap check, as far as their extent
 * is known: that of one element. */
void plan_ignored(struct planner *p)
{
    struct function *fn = p->mf->fn;
    for (size_t i = 0; i < fn->n_params; i++) {
        const struct variable *v = fn->params[i];
        if (!plan_is_ignored(p->mf, p->scope->names[i]) || v->type->kind != TYPE_POINTER ||
            v->type->element->kind == TYPE_FUNCTION)
            continue;
        struct part_plan *part = plan_new_part(p, v->name, MEMO_SECTION | MEMO_IGNORED);
        part->data = arena_printf(p->arena, "(void *)(%s)", v->name);
        bool sized = v->type->element->is_complete;
        part->size = sized ? arena_printf(p->arena, "sizeof(*%s)", v->name) : "1";
        part->count = arena_printf(p->arena, "%s ? 1u : 0", v->name);
    }
}
