/* check_order.c - an `out` is written before it is read.
 *
 * The body is followed once in the order of evaluation, callees in sight too,
 * with one word for each `out`: was any of it written by now on no way here, on
 * some, or on all? Which element is none of our business: `t[i] = t[i - 1] + 1`
 * is what `out` is for. A loop is taken to run; but what stands under a condition
 * in it may wait for a write by an earlier round, and is left alone. Where a
 * pointer gets out of sight, the object counts as written. */
#include "check_order.h"

#include <stdint.h>
#include <string.h>

#include "check_effects.h"
#include "diag.h"
#include "libcalls.h"

#define MAX_VISITS 50000 /* of nodes; what comes then isn't looked at */
#define MAX_DEPTH 5
#define MAX_POINTERS 16

enum written { NO_WAY, SOME_WAYS, ALL_WAYS };

/* A local pointer into what the parameter leads to. */
struct pointer {
    const struct variable *var;
    const char *path; /* of what it points to */
    bool is_other;    /* it may point elsewhere, too */
};

struct order {
    struct memo_function *mf;
    struct arena *arena;
    const struct function *fn; /* at work: mf's, or a callee */
    const struct variable *param;
    const char *target; /* path of the object from the parameter on; effects.h */
    struct pointer pointers[MAX_POINTERS];
    size_t n_pointers;
    enum written state;
    const struct node *read; /* the first that comes too early */
    enum written read_state;
    const struct call_step *via;
    unsigned depth, *n_visits;
    unsigned n_loops, n_conditions; /* around; conditions only inside of loops */
    bool is_strict;                 /* nothing is ever written: conditions don't excuse */
};

static const struct node *strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* ---- paths, as in effects.h; NULL: not from the parameter ---- */

static const char *value_path(struct order *o, const struct node *n);

static const char *step(struct order *o, const char *path, const char *more, const char *name)
{
    return path ? arena_printf(o->arena, "%s%s%s", path, more, name) : NULL;
}

/* Of the object that an lvalue names. */
static const char *place_path(struct order *o, const struct node *n)
{
    n = strip(n);
    if (!n)
        return NULL;
    switch (n->kind) {
    case NODE_VARIABLE:
        return n->var == o->param && n->type && n->type->kind == TYPE_RECORD ? "" : NULL;
    case NODE_DEREF:
    case NODE_INDEX:
        return n->n_kids ? value_path(o, n->kids[0]) : NULL;
    case NODE_MEMBER:
        return step(o, n->is_arrow ? value_path(o, n->kids[0]) : place_path(o, n->kids[0]), ".",
                    n->name);
    default:
        return NULL;
    }
}

/* Of what a pointer points to. */
static const char *value_path(struct order *o, const struct node *n)
{
    const char *path = NULL;
    n = strip(n);
    if (!n)
        return NULL;
    switch (n->kind) {
    case NODE_VARIABLE:
        if (n->var == o->param)
            return n->var->type->kind == TYPE_RECORD ? NULL : "*";
        for (size_t i = 0; i < o->n_pointers; i++)
            if (o->pointers[i].var == n->var)
                return o->pointers[i].path;
        return NULL;
    case NODE_DEREF:
    case NODE_INDEX:
    case NODE_MEMBER:
        path = place_path(o, n);
        return n->type && n->type->kind == TYPE_ARRAY ? path : step(o, path, "*", "");
    case NODE_ADDRESS:
        return place_path(o, n->kids[0]);
    case NODE_BINARY:
    case NODE_COND:
        for (size_t i = n->n_kids; i-- > 0 && !path;)
            path = value_path(o, n->kids[i]);
        return path;
    case NODE_INCDEC:
    case NODE_ASSIGN:
        return n->n_kids ? value_path(o, n->kids[n->n_kids - 1]) : NULL;
    default:
        return NULL;
    }
}

static bool is_pointer(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY);
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Is one of them a part of the other, without a pointer between? */
static bool meets(const char *a, const char *b)
{
    return starts_with(a, b)   ? !strchr(a + strlen(b), '*')
           : starts_with(b, a) ? !strchr(b + strlen(a), '*')
                               : false;
}

/* ---- pointers into it ---- */

static void note_pointer(struct order *o, const struct variable *v, const struct node *value)
{
    const char *path = value_path(o, value);
    const struct node *inner = strip(value);
    bool is_null = inner && inner->kind == NODE_LITERAL;
    if (v->is_global || is_null || !is_pointer(v->type))
        return;
    for (size_t i = 0; i < o->n_pointers; i++)
        if (o->pointers[i].var == v) {
            o->pointers[i].is_other |= !path || strcmp(path, o->pointers[i].path) != 0;
            return;
        }
    if (path && o->n_pointers < MAX_POINTERS)
        o->pointers[o->n_pointers++] = (struct pointer){v, path, false};
}

static void find_pointers(struct order *o, const struct node *n)
{
    if (!n || ++*o->n_visits > MAX_VISITS)
        return;
    const struct node *to = n->kind == NODE_ASSIGN && n->n_kids == 2 ? strip(n->kids[0]) : NULL;
    if (n->kind == NODE_DECL && n->n_kids && n->kids[0]->kind != NODE_INIT_LIST)
        note_pointer(o, n->var, n->kids[0]);
    if (to && to->kind == NODE_VARIABLE && strcmp(n->op, "=") == 0 && to->var != o->param)
        note_pointer(o, to->var, n->kids[1]);
    for (size_t i = 0; i < n->n_kids; i++)
        find_pointers(o, n->kids[i]);
}

/* Does the lvalue lead over a pointer that may point elsewhere? */
static bool is_doubtful(const struct order *o, const struct node *n)
{
    for (n = strip(n); n; n = n->n_kids ? strip(n->kids[0]) : NULL)
        for (size_t i = 0; n->kind == NODE_VARIABLE && i < o->n_pointers; i++)
            if (o->pointers[i].var == n->var)
                return o->pointers[i].is_other;
    return false;
}

/* ---- reads and writes ---- */

static void note_read(struct order *o, const char *path, const struct node *n)
{
    if (!path || o->read || o->state == ALL_WAYS || !meets(path, o->target) || is_doubtful(o, n) ||
        (o->n_conditions && !o->is_strict))
        return;
    if (o->depth == 0) { /* an `in` that overlaps it has it in the key */
        struct access a = {
            .place = PLACE_PARAM, .var = (struct variable *)(uintptr_t)o->param, .path = path};
        if (check_covers(o->mf, CLAUSE_in, &a) || check_covers(o->mf, CLAUSE_inout, &a))
            return;
    }
    o->read = n;
    o->read_state = o->state;
}

static void note_write(struct order *o, const char *path)
{
    if (path && (meets(path, o->target) || starts_with(o->target, path)))
        o->state = ALL_WAYS;
}

/* ---- calls ---- */

static void follow(struct order *o, const struct node *n);

/* The callee's parameter i points to `path`: where the target lies from there. */
static const char *target_behind(struct order *o, const char *path)
{
    if (starts_with(o->target, path))
        return arena_printf(o->arena, "*%s", o->target + strlen(path));
    return meets(path, o->target) ? "*" : NULL;
}

static bool call_in_sight(struct order *o, const struct node *n, size_t i, const char *target)
{
    struct function *fn = n->fn;
    if (!fn || !fn->has_definition || libcall_find(fn->name) || i - 1 >= fn->n_params ||
        o->depth >= MAX_DEPTH)
        return false;
    const struct node *body = frontend_body(o->mf->scope.fe, fn);
    struct call_step *via = ARENA_NEW(o->arena, struct call_step);
    *via = (struct call_step){(struct function *)(uintptr_t)o->fn, fn, n, NULL, 1};
    struct order inner = {.mf = o->mf,
                          .arena = o->arena,
                          .fn = fn,
                          .param = fn->params[i - 1],
                          .target = target,
                          .state = o->state,
                          .depth = o->depth + 1,
                          .n_visits = o->n_visits,
                          .n_loops = o->n_loops,
                          .n_conditions = o->n_conditions,
                          .is_strict = o->is_strict};
    find_pointers(&inner, body);
    follow(&inner, body);
    o->state = inner.state;
    if (inner.read && !o->read) {
        o->read = inner.read;
        o->read_state = inner.read_state;
        via->next = inner.via;
        o->via = via;
    }
    return true;
}

/* One argument that points into the object, or to where it hangs. */
static void see_argument(struct order *o, const struct node *n, size_t i)
{
    const struct node *arg = n->kids[i];
    const char *path = is_pointer(arg->type) ? value_path(o, arg) : NULL;
    const char *target = path ? target_behind(o, path) : NULL;
    const struct libcall *lib = n->fn ? libcall_find(n->fn->name) : NULL;
    if (!target || call_in_sight(o, n, i, target))
        return;
    const struct type *param =
        n->fn && i - 1 < n->fn->n_params ? n->fn->params[i - 1]->type : arg->type;
    if (!lib || !meets(path, o->target)) {
        if (!is_pointer(param) || !param->element || !param->element->is_const)
            o->state = ALL_WAYS;
        return;
    }
    switch (libcall_use(lib, i - 1)) {
    case LIBCALL_READS:
    case LIBCALL_PATH:
        note_read(o, path, arg);
        break;
    case LIBCALL_MODIFIES:
        note_read(o, path, arg);
        o->state = ALL_WAYS;
        break;
    case LIBCALL_NOTHING:
        if (lib->effects == 0 && libcall_n_args(lib) > i - 1)
            break;
        /* fall through */
    default:
        o->state = ALL_WAYS;
    }
}

static void see_call(struct order *o, const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++)
        follow(o, n->kids[i]);
    /* memcpy(p, p + 1, ...): what is read is read first. */
    for (int reads = 1; reads >= 0; reads--)
        for (size_t i = 1; i < n->n_kids; i++) {
            const struct libcall *lib = n->fn ? libcall_find(n->fn->name) : NULL;
            bool is_read = lib && libcall_use(lib, i - 1) == LIBCALL_READS;
            if (is_read == (reads == 1))
                see_argument(o, n, i);
        }
}

/* ---- statements and expressions ---- */

/* An lvalue that isn't read as such. */
static void follow_place(struct order *o, const struct node *n)
{
    const struct node *inner = strip(n);
    const struct node *base = inner && inner->n_kids ? inner->kids[0] : NULL;
    if (!inner)
        return;
    switch (inner->kind) {
    case NODE_VARIABLE:
        return;
    case NODE_MEMBER:
        if (inner->is_arrow)
            follow(o, base);
        else
            follow_place(o, base);
        return;
    case NODE_INDEX:
        follow(o, base);
        for (size_t i = 1; i < inner->n_kids; i++)
            follow(o, inner->kids[i]);
        return;
    case NODE_DEREF:
        follow(o, base);
        return;
    default:
        follow(o, inner);
    }
}

static void follow_assignment(struct order *o, const struct node *n)
{
    const struct node *to = strip(n->kids[0]), *value = n->kids[1];
    follow(o, value);
    follow_place(o, to);
    const char *path = place_path(o, to);
    if (strcmp(n->op, "=") != 0)
        note_read(o, path, to);
    note_write(o, path);
    const char *into = is_pointer(to->type) ? value_path(o, value) : NULL;
    bool is_local = to->kind == NODE_VARIABLE && !to->var->is_global;
    if (into && !is_local && target_behind(o, into))
        o->state = ALL_WAYS; /* it may be written from there */
    if (to->kind == NODE_VARIABLE && to->var == o->param && !into)
        o->state = ALL_WAYS;
}

/* Does control never come out at the end? */
static bool leaves(const struct node *n)
{
    if (!n)
        return false;
    switch (n->kind) {
    case NODE_BLOCK:
        return n->n_kids && leaves(n->kids[n->n_kids - 1]);
    case NODE_RETURN:
    case NODE_GOTO:
    case NODE_BREAK:
    case NODE_CONTINUE:
        return true;
    case NODE_CALL: {
        const struct libcall *lib = n->fn ? libcall_find(n->fn->name) : NULL;
        return n->fn && (n->fn->is_noreturn || (lib && lib->effects & 1u << EFFECT_EXIT));
    }
    default:
        return false;
    }
}

/* `p`, `p != NULL`: without memory behind it there is nothing to write. */
static bool is_null_test(const struct order *o, const struct node *n)
{
    n = strip(n);
    if (n && n->kind == NODE_BINARY && n->n_kids == 2 && strcmp(n->op, "!=") == 0)
        n = strip(n->kids[0]);
    return n && n->kind == NODE_VARIABLE && n->var == o->param;
}

static void follow_branches(struct order *o, const struct node *n, size_t first)
{
    for (size_t i = 0; i < first && i < n->n_kids; i++)
        follow(o, n->kids[i]);
    enum written before = o->state, least = ALL_WAYS, most = NO_WAY;
    size_t n_branches = 0;
    bool is_loop = o->n_loops > 0, may_come_back = false;
    o->n_conditions += is_loop;
    for (size_t i = first; i < n->n_kids; i++) {
        o->state = before;
        follow(o, n->kids[i]);
        if (leaves(n->kids[i])) {
            may_come_back |= is_loop && o->state > before; /* `continue` */
            continue;
        }
        least = o->state < least ? o->state : least;
        most = o->state > most ? o->state : most;
        n_branches++;
    }
    o->n_conditions -= is_loop;
    bool has_both = n->n_kids > first + 1;
    if (!has_both && !(n->n_kids && is_null_test(o, n->kids[0]))) {
        least = before < least ? before : least;
        most = before > most ? before : most;
        n_branches++;
    }
    o->state = may_come_back ? ALL_WAYS : !n_branches ? before : least == most ? most : SOME_WAYS;
}

/* `for (a; b; c) d`: c comes behind d. Which of the three are there, only their
 * kinds tell. */
static void follow_for(struct order *o, const struct node *n)
{
    size_t last = n->n_kids ? n->n_kids - 1 : 0, end = last;
    const struct node *step_node = last ? strip(n->kids[last - 1]) : NULL;
    bool has_step = last >= 2 && step_node &&
                    (step_node->kind == NODE_INCDEC || step_node->kind == NODE_ASSIGN ||
                     (step_node->kind == NODE_BINARY && strcmp(step_node->op, ",") == 0));
    if (has_step)
        end = last - 1;
    for (size_t i = 0; i < end; i++)
        follow(o, n->kids[i]);
    if (n->n_kids)
        follow(o, n->kids[last]);
    if (has_step)
        follow(o, n->kids[last - 1]);
}

static void follow_loop(struct order *o, const struct node *n)
{
    bool is_inner = o->n_loops++ > 0; /* which may not run in the first round */
    o->n_conditions += is_inner;
    if (n->kind == NODE_FOR)
        follow_for(o, n);
    for (size_t i = 0; n->kind != NODE_FOR && i < n->n_kids; i++)
        follow(o, n->kids[i]);
    o->n_conditions -= is_inner;
    o->n_loops--;
}

static void follow_list(struct order *o, const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++) {
        const char *path = is_pointer(n->kids[i]->type) ? value_path(o, n->kids[i]) : NULL;
        follow(o, n->kids[i]);
        if (path && target_behind(o, path))
            o->state = ALL_WAYS;
    }
}

static void follow(struct order *o, const struct node *n)
{
    if (!n || o->read || ++*o->n_visits > MAX_VISITS)
        return;
    switch (n->kind) {
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_DEREF:
        follow_place(o, n);
        if (n->type && n->type->kind != TYPE_ARRAY && n->type->kind != TYPE_FUNCTION)
            note_read(o, place_path(o, n), n);
        return;
    case NODE_ADDRESS:
        follow_place(o, n->kids[0]);
        return;
    case NODE_ASSIGN:
        if (n->n_kids == 2)
            follow_assignment(o, n);
        return;
    case NODE_INCDEC:
        follow_place(o, n->kids[0]);
        note_read(o, place_path(o, n->kids[0]), n);
        note_write(o, place_path(o, n->kids[0]));
        return;
    case NODE_CALL:
        see_call(o, n);
        return;
    case NODE_IF:
    case NODE_COND:
        follow_branches(o, n, 1);
        return;
    case NODE_BINARY:
        if (n->n_kids == 2 && (!strcmp(n->op, "&&") || !strcmp(n->op, "||"))) {
            follow_branches(o, n, 1);
            return;
        }
        break;
    case NODE_FOR:
    case NODE_WHILE:
    case NODE_DO:
        follow_loop(o, n);
        return;
    case NODE_INIT_LIST:
        follow_list(o, n);
        return;
    case NODE_OPERATOR: /* the worst, but not what nobody wrote */
    case NODE_ASM:
    case NODE_LABEL:
    case NODE_CASE:
        for (size_t i = 0; i < n->n_kids; i++)
            follow(o, n->kids[i]);
        if (n->kind != NODE_LABEL && n->kind != NODE_CASE)
            o->state = ALL_WAYS;
        return;
    case NODE_SWITCH: {
        enum written before = o->state;
        for (size_t i = 0; i < n->n_kids; i++)
            follow(o, n->kids[i]);
        o->state = o->state > before ? ALL_WAYS : before;
        return;
    }
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        follow(o, n->kids[i]);
}

/* ---- each `out` ---- */

static bool check_shape(struct memo_function *mf, const struct shape *shape)
{
    const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
    const struct variable *param = root ? scope_parameter(&mf->scope, root) : NULL;
    if (!param || (shape->kind != SHAPE_OBJECT && shape->kind != SHAPE_STRING))
        return true;
    const char *path = scope_path(&mf->scope, shape->expr);
    if (shape->kind == SHAPE_STRING || !*path) /* `double a[16]`: what a points to */
        path = arena_printf(mf->scope.fe->facts.arena, "%s*", path);
    unsigned n_visits = 0;
    struct order o = {.mf = mf,
                      .arena = mf->scope.fe->facts.arena,
                      .fn = mf->fn,
                      .param = param,
                      .target = path,
                      .n_visits = &n_visits};
    const struct node *body = frontend_body(mf->scope.fe, mf->fn);
    find_pointers(&o, body);
    follow(&o, body);
    if (!o.read && o.state == NO_WAY) {
        o.is_strict = true;
        follow(&o, body);
    }
    if (!o.read)
        return true;
    struct diag_engine *diag = mf->scope.diag;
    struct src_range at = o.read->range.src ? o.read->range : mf->fn->name_range;
    bool is_error = true;
    if (o.read_state == NO_WAY)
        diag_report(diag, err_memo_out_read, at, mf->fn->name, shape->text);
    else
        is_error = diag_report(diag, warn_memo_out_read, at, mf->fn->name, shape->text);
    check_report_chain(mf, o.via);
    diag_report(diag, note_memo_out_read, shape->range);
    return !is_error;
}

bool check_order(struct memo_function *mf)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_out);
    bool ok = true;
    if (annotation_clause(mf->annotation, CLAUSE_key))
        return true;
    for (size_t i = 0; c && i < c->n_shapes; i++)
        ok &= check_shape(mf, &c->shapes[i]);
    return ok;
}
