/* emit_checkpoint_state.c - pieces and inputs of a loop as C text; see
 * emit_checkpoint_private.h.
 *
 * What nobody has the address of is passed as a copy, a member of struct memo_cs_<id>, so
 * that it can stay in a register while no save is due. */
#include <string.h>

#include "checkpoint_private.h"
#include "emit_checkpoint_private.h"
#include "memo_abi.h"
#include "memo_checkpoint_abi.h"
#include "node.h"
#include "plan_kind.h"

/* Larger objects are passed where they are. */
#define MAX_COPY 1024

/* ---- variables ---- */

static bool is_pointer(const struct checkpoint_variable *v)
{
    if (!v->var) /* a function */
        return false;
    return v->type->kind == TYPE_POINTER ||
           (v->type->kind == TYPE_ARRAY && v->var->is_parameter && v->type == v->var->type);
}

static bool is_scalar(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_INTEGER:
    case TYPE_FLOAT:
    case TYPE_COMPLEX:
    case TYPE_ENUM:
    case TYPE_VECTOR:
        return true;
    default:
        return false;
    }
}

/* Does v's name stand in n, in front of `end`? *is_behind: the text has come there. */
static bool is_named_before(const struct node *n, const struct variable *v, const struct node *end,
                            bool *is_behind)
{
    if (!n || *is_behind || n == end) {
        *is_behind |= n && n == end;
        return false;
    }
    if (n->kind == NODE_VARIABLE && n->var == v)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_named_before(n->kids[i], v, end, is_behind))
            return true;
    return false;
}

/* Has v no value when the loop is entered? Only what is sure. */
static bool is_unset(struct ck_emitter *e, const struct variable *v)
{
    const struct node *body = frontend_body(e->fe, e->loop->fn);
    bool is_behind = false;
    if (!v || !body || v->is_parameter || v->is_global || v->is_static_local || v->init ||
        !node_declares(body, v) || node_names(e->loop->parts.init, v) ||
        node_has_kind(body, NODE_GOTO) || is_named_before(body, v, e->loop->root, &is_behind))
        return false;
    for (const struct node *up = e->loop->root->parent; up; up = up->parent)
        if (node_is_loop(up) && !node_declares(up, v))
            return false; /* it may have got one in an iteration before */
    return true;
}

static bool is_copied(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    if (!v->var || v->needs_address || v->is_foreign_static || v->var->is_global ||
        v->var->is_static_local || v->how == CHECKPOINT_OBJECT || v->type->is_const)
        return false;
    for (size_t i = 0; i < e->all->n_syncs; i++) {
        const struct sync_plan *p = e->all->syncs[i];
        const struct sync_variable *sv =
            p->region->fn == e->loop->fn ? sync_find_variable(p, v->var) : NULL;
        if (sv && sv->storage == STORAGE_HOISTED)
            return false;
    }
    return is_pointer(v) || (v->type->is_complete && !v->type->is_variable &&
                             (v->var->is_register || v->type->size <= MAX_COPY));
}

/* The `for` declares v itself, not a statement expression in its head. */
static bool declares(const struct node *n, const struct variable *v)
{
    if (!n || !v || n->kind == NODE_DECL)
        return n && v && n->var == v;
    for (size_t i = 0; n->is_declaration && i < n->n_kids; i++)
        if (declares(n->kids[i], v))
            return true;
    return false;
}

static const char *number(struct ck_emitter *e, size_t n)
{
    return arena_printf(e->arena, "%zuu", n);
}

static struct ck_piece *new_piece(struct ck_emitter *e, const char *name, unsigned role)
{
    struct ck_piece *p = &ARENA_PUSH(e->arena, e->pieces, e->n_pieces, e->cap_pieces);
    *p = (struct ck_piece){.name = name,
                           .role = role,
                           .base = MEMO_CK_NONE,
                           .size = "0",
                           .data = "0",
                           .first = "0",
                           .count = "0",
                           .declare = "",
                           .fill = "",
                           .back = ""};
    return p;
}

/* By memcpy, where C allows it: a variable that isn't set yet has no value to be read, padding is
 * to be copied, too, and compilers see no use in it. Copies of pointers are void *: no type has to
 * be spelled. */
static void set_copy(struct ck_emitter *e, struct ck_piece *p, const struct checkpoint_variable *v)
{
    const char *x = v->text;
    bool is_exposed = v->type->is_volatile || v->type->is_atomic;
    const char *member = arena_printf(e->arena, "m_%zu", e->n_pieces - 1);
    const char *copy =
        arena_printf(e->arena, "memo_c%c_%u.%s", p->is_inner ? 'w' : 'v', e->id, member);
    bool by_value =
        v->var->is_register ||
        (is_exposed && (is_pointer(v) || is_scalar(v->type) || v->type->kind == TYPE_RECORD));
    p->role |= MEMO_CK_COPY;
    p->member = copy;
    p->is_in_register =
        is_pointer(v) || (v->type->kind != TYPE_ARRAY && v->type->kind != TYPE_RECORD);
    p->is_in_register &= !is_exposed;
    p->comes_back_anyway = !is_exposed && (is_pointer(v) || v->type->kind != TYPE_ARRAY);
    p->data = arena_printf(e->arena, "(void *)&%s", copy);
    p->declare = is_pointer(v) ? arena_printf(e->arena, "void *%s; ", member)
                               : arena_printf(e->arena, "__typeof__(%s) %s; ", x, member);
    if (by_value) {
        p->fill =
            arena_printf(e->arena, is_pointer(v) ? "%s = (void *)%s; " : "%s = %s; ", copy, x);
        p->back = arena_printf(e->arena, "%s = %s; ", x, copy);
    } else {
        const char *form = "__builtin_memcpy((void *)&%s, (const void *)&%s, sizeof %s); ";
        p->fill = arena_printf(e->arena, form, copy, x, copy);
        p->back = arena_printf(e->arena, form, x, copy, copy);
    }
}

static bool add_variable(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    struct ck_piece *p = new_piece(e, v->text, MEMO_CK_VARIABLE);
    const struct node *head = e->loop->parts.init;
    p->type = v->type;
    p->count = "1u";
    p->var = v->var;
    p->is_inner = declares(head, v->var);
    if (v->how == CHECKPOINT_OBJECT) {
        p->role = MEMO_CK_OBJECT;
        p->size = v->fn           ? "1u"
                  : is_pointer(v) ? number(e, sizeof(void *))
                                  : number(e, v->type->size);
    } else if (is_pointer(v)) {
        p->role = v->how == CHECKPOINT_MOVED ? MEMO_CK_POINTER : MEMO_CK_POINTER | MEMO_CK_CHANGED;
        p->size = number(e, sizeof(void *));
    } else {
        p->size = number(e, v->type->size);
        p->pointers = v->pointers;
        p->n_pointers = v->n_pointers;
    }
    if (!is_pointer(v) && v->how != CHECKPOINT_OBJECT && v->type->is_variable) {
        const struct type *t = v->type;
        while (t->kind == TYPE_ARRAY)
            t = t->element;
        p->type = t;
        p->size = "1u";
        p->count = arena_printf(e->arena, "sizeof(%s)", v->text);
    }
    if (p->role & (MEMO_CK_VARIABLE | MEMO_CK_POINTER) && is_unset(e, v->var))
        p->role |= MEMO_CK_UNSET;
    if (is_copied(e, v))
        set_copy(e, p, v);
    else
        p->data = emit_checkpoint_address(e, v);
    if (p->data && v->is_foreign_static && v->how != CHECKPOINT_OBJECT)
        p->count = arena_printf(e->arena, "%s ? 1u : 0", p->data); /* its function may be gone */
    return p->data != NULL;
}

/* ---- inputs ---- */

static struct ck_input *new_input(struct ck_emitter *e, const char *name, unsigned role)
{
    struct ck_input *in = &ARENA_PUSH(e->arena, e->inputs, e->n_inputs, e->cap_inputs);
    *in = (struct ck_input){.name = name,
                            .kind = "b",
                            .role = role,
                            .size = "1u",
                            .setup = "",
                            .data = "0",
                            .count = "1u"};
    return in;
}

/* Which bytes of the value count, and how they read. */
static void set_kind(struct ck_emitter *e, struct ck_input *in, const struct checkpoint_variable *v)
{
    const struct type *t = v->type;
    const char *dot = strchr(v->text, '.');
    struct part_plan part = {.size = "1", .setup = ""};
    in->kind = plan_kind(e->arena, t);
    in->parts = v->pointers;
    in->n_parts = v->n_pointers;
    if (!in->n_parts && !t->is_variable) {
        plan_set_key_type(&e->planner, &part, t, v->var->name, dot ? dot : "");
        in->type = part.type;
        in->excluded = part.excluded;
    }
}

static bool is_function_pointer(const struct type *t)
{
    return t->kind == TYPE_POINTER && t->element->kind == TYPE_FUNCTION;
}

/* Pointers to functions in what input `i` is: they are told by their code, not by their value.
 * element: the distance of two of them, if the input's elements hold one each. */
static void add_codes(struct ck_emitter *e, size_t i, const struct leaf *l, const char *element,
                      bool may_be_null)
{
    const struct ck_input from = e->inputs[i];
    bool is_behind = *from.name == '*' && *l->path;
    const char *name = is_behind ? arena_printf(e->arena, "%s->%s", from.name + 1, l->path + 1)
                                 : arena_printf(e->arena, "%s%s", from.name, l->path);
    for (size_t k = 0; k < (element ? l->count : 1); k++) {
        struct ck_input *in = new_input(e, name,
                                        (from.role & (MEMO_CK_SKIPPED | MEMO_CK_ENTRY)) | MEMO_KEY |
                                            MEMO_CODE | MEMO_CK_CODES);
        in->size = element ? element : number(e, l->stride);
        const char *count = arena_printf(e->arena, "%zuu", l->count);
        in->count = element       ? from.count
                    : may_be_null ? arena_printf(e->arena, "(%s) ? %s : 0", from.data, count)
                                  : count;
        const char *form = may_be_null ? "(%s) ? (char *)(%s) + %zu : 0" : "(char *)(%s) + %zu";
        size_t offset = l->offset + k * l->stride;
        in->data = may_be_null ? arena_printf(e->arena, form, from.data, from.data, offset)
                               : arena_printf(e->arena, form, from.data, offset);
    }
}

/* Those in a variable, the input added last. */
static void take_codes(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    struct leaves leaves;
    size_t i = e->n_inputs - 1, n = 0;
    struct ck_input *in = &e->inputs[i];
    const struct type *t = v->type;
    struct checkpoint_pointer *parts = arena_alloc(e->arena, (in->n_parts + 1) * sizeof *parts);
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (t->kind != TYPE_RECORD && !is_function_pointer(t))
        return;
    checkpoint_leaves(e->arena, v->type, &leaves);
    for (size_t k = 0; k < leaves.n; k++) {
        const struct leaf *l = &leaves.at[k];
        bool is_part = in->n_parts == 0;
        for (size_t x = 0; x < in->n_parts; x++)
            is_part |= in->parts[x].offset == l->offset && in->parts[x].size == l->size;
        if (!is_part)
            continue;
        if (is_function_pointer(l->type)) {
            add_codes(e, i, l, NULL, v->is_foreign_static);
            in = &e->inputs[i];
        } else if (in->n_parts) {
            parts[n++] = (struct checkpoint_pointer){.name = l->path,
                                                     .offset = l->offset,
                                                     .size = l->size,
                                                     .count = l->count,
                                                     .stride = l->stride};
        }
    }
    if (in->n_parts && n) {
        in->parts = parts;
        in->n_parts = n;
    } else if (in->n_parts || t->kind != TYPE_RECORD) { /* nothing else is in it */
        in[1].setup = in->setup;
        memmove(in, in + 1, (--e->n_inputs - i) * sizeof *in);
    }
}

static bool add_input(struct ck_emitter *e, const struct checkpoint_variable *v, unsigned role)
{
    struct ck_input *in = new_input(e, v->text, role);
    size_t i = e->n_inputs - 1;
    const struct type *t = v->type;
    const char *moved = emit_checkpoint_moved(e, v), *text = moved ? moved : v->text;
    bool is_member = strchr(v->text, '.') != NULL;
    bool is_whole = t->kind == TYPE_INTEGER || t->kind == TYPE_BOOL || t->kind == TYPE_ENUM;
    if (is_pointer(v) && v->how != CHECKPOINT_TARGETS) {
        bool is_code = is_function_pointer(v->type);
        in->role |= is_code ? MEMO_CODE : MEMO_CK_NULLNESS;
        in->count = is_code ? "0" : in->count;
        in->size = number(e, sizeof(void *));
        if (v->is_foreign_static || v->var->is_global) {
            const char *at = emit_checkpoint_address(e, v);
            const char *form = v->is_foreign_static ? "%s ? *(void **)%s : 0" : "*(void **)%s";
            in->data = at ? arena_printf(e->arena, form, at, at) : NULL;
        } else {
            in->data = arena_printf(e->arena, "(void *)%s", text);
        }
        return in->data != NULL;
    }
    set_kind(e, in, v);
    in->size = number(e, t->size);
    if (t->is_variable) {
        in->size = "1u";
        in->count = arena_printf(e->arena, "sizeof(%s)", text);
    }
    bool is_value = !v->var->is_global && !v->is_foreign_static && !v->needs_address &&
                    t->kind != TYPE_ARRAY && t->is_complete;
    if (is_member && is_whole && !v->is_foreign_static && !v->var->is_global) {
        /* It may be a bit-field, which has no address: its value, promoted. */
        in->setup = arena_printf(e->arena, "__extension__ __typeof__((%s) + 0) memo_in%zu = %s; ",
                                 text, i, text);
        in->size = t->size > 4 ? "8u" : "4u";
        in->kind = t->size > 4 ? "i8" : "i4";
        in->data = arena_printf(e->arena, "(void *)&memo_in%zu", i);
        in->type = NULL;
    } else if (is_value) {
        in->setup = arena_printf(e->arena, "__typeof__(%s) memo_in%zu = %s; ", text, i, text);
        in->data = arena_printf(e->arena, "(void *)&memo_in%zu", i);
    } else {
        in->data = emit_checkpoint_address(e, v);
        if (in->data && v->is_foreign_static)
            in->count = arena_printf(e->arena, "%s ? %s : 0", in->data, in->count);
    }
    if (!in->data)
        return false;
    if (!t->is_variable)
        take_codes(e, v);
    return true;
}

static unsigned targets_role(enum checkpoint_pointee to)
{
    return MEMO_KEY | MEMO_CK_TARGETS | (to == POINTS_TO_TEXT ? MEMO_CK_TEXTS : 0);
}

static bool add_variables(struct ck_emitter *e)
{
    const struct checkpoint_plan *plan = e->plan;
    bool keep = annotation_clause(e->loop->annotation, CLAUSE_keep) != NULL, ok = true;
    for (size_t i = 0; i < plan->n_variables; i++) {
        const struct checkpoint_variable *v = &plan->variables[i];
        const struct node *head = e->loop->parts.init;
        bool in_head = declares(head, v->var);
        if (!in_head && v->var && node_declares(head, v->var))
            continue; /* it is gone before the first iteration */
        switch (v->how) {
        case CHECKPOINT_MATCHED:
            if (in_head && strchr(v->text, '.')) /* of an object that is saved */
                break;
            ok &= in_head ? add_variable(e, v) : add_input(e, v, MEMO_KEY);
            break;
        case CHECKPOINT_TARGETS:
            ok &= add_input(e, v, targets_role(v->pointee));
            break;
        case CHECKPOINT_ENTRY:
            ok = ok && add_input(e, v, MEMO_KEY | MEMO_CK_ENTRY); /* once is enough to say it */
            break;
        case CHECKPOINT_SKIPPED:
            if (keep && !in_head && v->is_read && v->type->is_complete)
                ok &= add_input(e, v, MEMO_KEY | MEMO_CK_SKIPPED);
            break;
        case CHECKPOINT_MOVED:
            ok &= add_variable(e, v);
            if (v->is_read && !in_head)
                ok &= add_input(e, v, MEMO_KEY);
            break;
        case CHECKPOINT_DEAD:
            break;
        default:
            ok &= add_variable(e, v);
        }
    }
    return ok;
}

/* ---- sections ---- */

static struct part_plan *part_of(struct ck_emitter *e, const struct checkpoint_section *s,
                                 unsigned role, size_t *n)
{
    size_t at = e->memo.n_parts;
    e->planner.scope = s->id == CLAUSE_match ? &e->loop->outside : &e->loop->scope;
    plan_shape(&e->planner, s->shape, role);
    e->planner.scope = &e->loop->scope;
    *n = e->memo.n_parts - at;
    return &e->memo.parts[at];
}

static const char *element_size(struct ck_emitter *e, const struct checkpoint_section *s,
                                const struct part_plan *part)
{
    bool is_bytes = strcmp(part->size, "1") == 0 || !s->element || !s->element->is_complete ||
                    s->element->size == 0;
    return is_bytes ? "1u" : number(e, s->element->size);
}

/* In elements of that size: bytes where the type isn't known, as behind a cast. */
static const char *element_count(struct ck_emitter *e, const struct checkpoint_section *s,
                                 const struct part_plan *part)
{
    bool is_known = strcmp(part->size, "1") == 0 || strcmp(element_size(e, s, part), "1u") != 0;
    return is_known ? part->count
                    : arena_printf(e->arena, "memo_abi_scale(%s, %s)", part->count, part->size);
}

static unsigned pointer_piece(struct ck_emitter *e, const struct checkpoint_section *s)
{
    const struct scope *scope = &e->loop->scope;
    const struct cexpr *x = s->pointer;
    while (x->kind == CEXPR_CAST)
        x = x->kids[0];
    struct variable *var = x->kind == CEXPR_NAME ? scope_variable(scope, x) : NULL;
    for (size_t i = 0; i < e->n_pieces; i++)
        if ((e->pieces[i].role & MEMO_CK_POINTER) &&
            (var ? e->pieces[i].var == var : cexpr_equal(e->pieces[i].lvalue, x))) {
            if (s->is_pointer_changed)
                e->pieces[i].role |= MEMO_CK_CHANGED;
            return (unsigned)i;
        }
    if (var) {
        struct checkpoint_variable v = {.how = s->is_pointer_changed ? CHECKPOINT_SAVED
                                                                     : CHECKPOINT_MOVED,
                                        .var = var,
                                        .text = x->text,
                                        .type = var->type};
        return add_variable(e, &v) ? (unsigned)e->n_pieces - 1 : MEMO_CK_NONE;
    }
    const char *text = scope_text(scope, x);
    struct ck_piece *p = new_piece(
        e, text, s->is_pointer_changed ? MEMO_CK_POINTER | MEMO_CK_CHANGED : MEMO_CK_POINTER);
    p->lvalue = x;
    p->size = number(e, sizeof(void *));
    p->count = "1u";
    p->data = plan_guarded(&e->planner, scope_guard(scope, x),
                           arena_printf(e->arena, "(void *)&(%s)", text));
    return (unsigned)e->n_pieces - 1;
}

static const char *begin_of(struct ck_emitter *e, const struct checkpoint_section *s)
{
    const struct scope *scope = &e->loop->scope;
    const struct cexpr *x = s->pointer;
    if (x)
        return plan_guarded(&e->planner, scope_guard(scope, x),
                            arena_printf(e->arena, "(void *)(%s)", scope_text(scope, x)));
    for (x = s->shape->expr; x->kind == CEXPR_SECTION;)
        x = x->kids[0];
    return arena_printf(e->arena, "(void *)&(%s)", scope_text(scope, x));
}

static void add_span_inputs(struct ck_emitter *e, const struct checkpoint_section *s,
                            const struct part_plan *part, size_t n, unsigned role)
{
    for (size_t i = 0; i < n; i++) {
        struct ck_input *in = new_input(e, part[i].name, part[i].role | role);
        in->kind = part[i].kind;
        in->size = i ? "1u" : element_size(e, s, part);
        in->type = part[i].type;
        in->excluded = part[i].excluded;
        in->setup = part[i].setup;
        in->data = part[i].data;
        in->count = part[i].count;
    }
}

/* Is the shape's variable one that the head of the `for` declares? */
static bool is_of_head(const struct ck_emitter *e, const struct cexpr *x)
{
    while (x->n_kids && x->kind != CEXPR_NAME)
        x = x->kids[0];
    const struct variable *v = x->kind == CEXPR_NAME ? scope_variable(&e->loop->scope, x) : NULL;
    return v && node_declares(e->loop->parts.init, v);
}

/* Where pointers in it lead; see struct checkpoint_section. */
static void add_targets(struct ck_emitter *e, const struct checkpoint_section *s,
                        const struct part_plan *part, size_t n)
{
    if (n > 1 || part->role & (MEMO_STRING | MEMO_CODE) || *part->setup ||
        is_of_head(e, s->shape->expr))
        return;
    for (int to = 0; to < POINTEE_KINDS; to++) {
        if (!s->targets[to].n)
            continue;
        struct ck_input *in = new_input(e, s->shape->text, targets_role(to));
        in->size = number(e, s->element->size);
        in->parts = s->targets[to].at;
        in->n_parts = s->targets[to].n;
        in->data = part->data;
        in->count = part->count;
    }
}

static void add_section(struct ck_emitter *e, const struct checkpoint_section *s)
{
    size_t n;
    const struct part_plan *part = part_of(e, s, MEMO_KEY, &n);
    unsigned role = s->id == CLAUSE_alloc ? MEMO_CK_ALLOC : MEMO_CK_SECTION;
    unsigned base = s->pointer ? pointer_piece(e, s) : MEMO_CK_NONE;
    bool is_object = !s->pointer && s->shape->expr->kind != CEXPR_SECTION;
    role = is_object ? MEMO_CK_VARIABLE : role;
    role |= s->id == CLAUSE_rng ? MEMO_CK_RNG : 0;
    role |= part->role & MEMO_STRING && role != MEMO_CK_ALLOC ? MEMO_CK_STRING : 0;
    role |= part->role & MEMO_ROWS ? MEMO_CK_ROWS : 0;
    struct ck_piece *p = new_piece(e, s->shape->text, role);
    p->base = base;
    p->size = element_size(e, s, part);
    p->type = s->element;
    p->pointers = s->pointers;
    p->n_pointers = s->n_pointers;
    p->count = element_count(e, s, part);
    p->data = is_object ? part->data : begin_of(e, s);
    if (!is_object && role != MEMO_CK_ALLOC)
        p->first = part->data; /* made a distance where it is filled in */
    for (size_t i = 1; i < n; i++) {
        struct ck_piece *more = new_piece(e, s->shape->text, MEMO_CK_MORE);
        more->data = part[i].data;
        more->count = part[i].count;
    }
    add_targets(e, s, part, n);
    if (s->is_start_matched && !*part->setup)
        add_span_inputs(e, s, part, n, MEMO_CK_ENTRY);
}

/* Saved pointers may lead there, too. Where it lies is told in front of the loop. */
static void add_matched_object(struct ck_emitter *e, const struct checkpoint_section *s,
                               const struct part_plan *part, size_t n)
{
    size_t at = e->n_inputs - n;
    struct strbuf bytes = STRBUF_INIT;
    const char *size = element_size(e, s, part);
    if (part->role & MEMO_STRING) {
        size = "1u";
        strbuf_addf(&bytes, "memo_cy[%zu].m_data ? __builtin_strlen(memo_cy[%zu].m_data) + 1 : 0",
                    at, at);
    } else if (n > 1) { /* up to the last row's end */
        for (size_t i = 0; i < n; i++)
            strbuf_addf(&bytes, "%smemo_cy[%zu].m_count", i ? " && " : "", at + i);
        strbuf_addf(&bytes, " ? memo_cy[%zu].m_count * %s", at, size);
        for (size_t i = 1; i < n; i++)
            strbuf_addf(&bytes,
                        " + (memo_cy[%zu].m_count - 1) * (memo_abi_size)memo_cy[%zu].m_data",
                        at + i, at + i);
        strbuf_adds(&bytes, " : 0");
        size = "1u";
    } else {
        strbuf_addf(&bytes, "memo_cy[%zu].m_count", at);
    }
    unsigned base = pointer_piece(e, s);
    struct ck_piece *p = new_piece(e, s->shape->text, MEMO_CK_OBJECT);
    p->base = base;
    p->size = size;
    p->data = arena_printf(e->arena, "memo_co_%u[%zu].m_data", e->id, e->n_objects);
    p->count = arena_printf(e->arena, "memo_co_%u[%zu].m_count", e->id, e->n_objects);
    e->n_objects++;
    e->inputs[at].object = arena_strndup(e->arena, bytes.buf, bytes.len);
    strbuf_release(&bytes);
}

static void add_match(struct ck_emitter *e, const struct checkpoint_section *s)
{
    size_t n;
    const struct part_plan *part = part_of(e, s, MEMO_KEY, &n);
    add_span_inputs(e, s, part, n, 0);
    bool is_code = part->role & MEMO_CODE, is_bitfield = *part->setup;
    if (s->pointer && !s->is_pointer_changed && !is_code && !is_bitfield)
        add_matched_object(e, s, part, n);
    add_targets(e, s, part, n);
    if (n > 1 || is_code || is_bitfield || part->role & MEMO_STRING || !s->element)
        return;
    struct leaves leaves;
    checkpoint_leaves(e->arena, s->element, &leaves);
    for (size_t i = 0, at = e->n_inputs - 1; i < leaves.n; i++)
        if (is_function_pointer(leaves.at[i].type))
            add_codes(e, at, &leaves.at[i], element_size(e, s, part), true);
}

bool emit_checkpoint_state(struct ck_emitter *e)
{
    bool ok = add_variables(e);
    for (size_t i = 0; i < e->plan->n_sections; i++)
        if (e->plan->sections[i].id == CLAUSE_match)
            add_match(e, &e->plan->sections[i]);
        else
            add_section(e, &e->plan->sections[i]);
    return ok;
}
