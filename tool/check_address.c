/* check_address.c - pointers that become numbers, and the numbers results.
 *
 * Followed are values of expressions and of local variables, and what callees in
 * sight return. Differences and comparisons of addresses are harmless, and so is
 * their alignment (`& 15`, `% 16`): of numbers in memory, only those that go
 * straight to memory of the caller's count. What isn't seen is none of memocc's
 * promises; what is seen is wrong for certain. */
#include "check_address.h"

#include <stdint.h>
#include <string.h>

#include "check_effects.h"
#include "diag.h"
#include "libcalls.h"

#define MAX_VARIABLES 32
#define MAX_DEPTH 4
#define MAX_VISITS 50000 /* of nodes; what comes then isn't looked at */

/* Where a number comes from. */
struct origin {
    const struct node *cast;
    const struct call_step *via;
};

struct flow {
    struct memo_function *mf;
    const struct function *fn;
    const struct variable *vars[MAX_VARIABLES]; /* that hold such a number */
    struct origin origins[MAX_VARIABLES];
    size_t n_vars;
    unsigned depth;
    const struct node *call; /* of a callee */
    struct origin returned;
    unsigned *n_visits;
    const struct node *sink; /* where it leaves the annotated function */
};

static const struct origin nowhere = {NULL, NULL};

static const struct node *strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

static bool is_number(const struct type *t)
{
    return t && (t->kind == TYPE_INTEGER || t->kind == TYPE_FLOAT || t->kind == TYPE_ENUM);
}

static bool is_pointer(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION);
}

/* offsetof written by hand, and marks like (void *)-1: no address of anything. */
static bool is_constant_address(const struct node *n)
{
    for (n = strip(n); n; n = strip(n->kids[0])) {
        if (n->kind == NODE_LITERAL || n->kind == NODE_ENUMERATOR || n->kind == NODE_SIZEOF)
            return true;
        if (n->n_kids == 0)
            return false;
    }
    return false;
}

/* A `void *` may carry a number: (int)(intptr_t)arg. Of a variable, what it was
 * initialized with tells; of the parameter of a callee, the argument. */
static bool may_be_number(const struct flow *f, const struct node *n)
{
    n = strip(n);
    if (!n->type || n->type->kind != TYPE_POINTER || n->type->element->kind != TYPE_VOID)
        return false;
    if (n->kind == NODE_CALL || n->kind == NODE_ADDRESS)
        return false;
    if (n->kind != NODE_VARIABLE)
        return true;
    if (n->var->is_parameter && f->depth > 0) {
        const struct node *arg = f->call && n->var->index + 1 < f->call->n_kids
                                     ? strip(f->call->kids[n->var->index + 1])
                                     : NULL;
        return !arg || !is_pointer(arg->type);
    }
    return !n->var->is_parameter && (!n->var->init || !is_pointer(strip(n->var->init)->type));
}

static bool is_small_constant(const struct node *n)
{
    n = strip(n);
    return (n->kind == NODE_LITERAL || n->kind == NODE_ENUMERATOR) && n->value < 4096;
}

static struct origin number_of(struct flow *f, const struct node *n);

static struct origin number_of_call(struct flow *f, const struct node *n);

static struct origin number_of_binary(struct flow *f, const struct node *n)
{
    static const char *const plain[] = {"+", "*", "/", "^", "|", "<<", ">>", "&", "%"};
    struct origin a = number_of(f, n->kids[0]), b = number_of(f, n->kids[1]);
    if (!strcmp(n->op, ","))
        return b;
    if (!strcmp(n->op, "-"))
        return a.cast && b.cast ? nowhere : a.cast ? a : b;
    if ((!strcmp(n->op, "&") || !strcmp(n->op, "%")) &&
        (is_small_constant(n->kids[0]) || is_small_constant(n->kids[1])))
        return nowhere;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (!strcmp(n->op, plain[i]))
            return a.cast ? a : b;
    return nowhere;
}

/* The address that the value of n is made of; .cast NULL: of none. */
static struct origin number_of(struct flow *f, const struct node *n)
{
    struct origin found = nowhere;
    if (!n)
        return nowhere;
    switch (n->kind) {
    case NODE_CAST:
        if (n->n_kids != 1 || !n->type)
            return nowhere;
        /* An implicit one is va_arg, or a mistake that the compiler tells of. */
        if (n->type->kind == TYPE_INTEGER && is_pointer(n->kids[0]->type) && !n->is_implicit)
            return is_constant_address(n->kids[0]) || may_be_number(f, n->kids[0])
                       ? nowhere
                       : (struct origin){n, NULL};
        return is_number(n->type) || n->type->kind == TYPE_RECORD ? number_of(f, n->kids[0])
                                                                  : nowhere;
    case NODE_VARIABLE:
        for (size_t i = 0; i < f->n_vars; i++)
            if (f->vars[i] == n->var)
                return f->origins[i];
        return nowhere;
    case NODE_BINARY:
        return n->n_kids == 2 && is_number(n->type) ? number_of_binary(f, n) : nowhere;
    case NODE_UNARY:
        return n->n_kids && strcmp(n->op, "!") != 0 ? number_of(f, n->kids[0]) : nowhere;
    case NODE_ASSIGN:
        return n->n_kids == 2 ? number_of(f, n->kids[1]) : nowhere;
    case NODE_COND:
        for (size_t i = 1; i < n->n_kids && !found.cast; i++)
            found = number_of(f, n->kids[i]);
        return found;
    case NODE_COMPOUND_LITERAL:
    case NODE_INIT_LIST:
        for (size_t i = 0; i < n->n_kids && !found.cast; i++)
            found = number_of(f, n->kids[i]);
        return found;
    case NODE_OTHER: /* a designated initializer, a conversion */
        return n->n_kids ? number_of(f, n->kids[n->n_kids - 1]) : nowhere;
    case NODE_CALL:
        return number_of_call(f, n);
    default:
        return nowhere;
    }
}

static void hold(struct flow *f, const struct variable *v, struct origin from)
{
    bool takes = !v->is_global && (is_number(v->type) || v->type->kind == TYPE_RECORD);
    for (size_t i = 0; i < f->n_vars; i++)
        if (f->vars[i] == v)
            return;
    if (!from.cast || !takes || f->n_vars == MAX_VARIABLES)
        return;
    f->vars[f->n_vars] = v;
    f->origins[f->n_vars++] = from;
}

/* ---- statements ---- */

/* Does the lvalue lie behind a pointer that the caller gave? */
static bool is_callers(const struct flow *f, const struct node *to)
{
    bool is_behind = false;
    for (to = strip(to); to; to = to->n_kids ? strip(to->kids[0]) : NULL) {
        is_behind |= to->kind == NODE_DEREF || to->kind == NODE_INDEX || to->is_arrow;
        if (to->kind == NODE_VARIABLE)
            return f->depth == 0 && is_behind && to->var->is_parameter && is_pointer(to->var->type);
    }
    return false;
}

static void leave(struct flow *f, struct origin from, const struct node *sink)
{
    if (!from.cast || f->returned.cast)
        return;
    f->returned = from;
    f->sink = sink;
}

/* `memcpy(&number, &pointer, sizeof number)`; "%p". */
static void see_library_call(struct flow *f, const struct node *n)
{
    const struct libcall *lib = n->fn ? libcall_find(n->fn->name) : NULL;
    if (!lib || n->n_kids < 3)
        return;
    const struct node *to = strip(n->kids[1]), *from = strip(n->kids[2]);
    bool is_copy =
        strstr(n->fn->name, "memcpy") && to->kind == NODE_ADDRESS && from->kind == NODE_ADDRESS;
    const struct node *of = is_copy ? strip(from->kids[0]) : NULL;
    if (of && of->type && of->type->kind == TYPE_POINTER && to->kids[0]->kind == NODE_VARIABLE)
        hold(f, to->kids[0]->var, (struct origin){n, NULL});
    for (size_t i = 1; i < n->n_kids; i++) {
        const struct node *format = strip(n->kids[i]);
        if (libcall_use(lib, i - 1) == LIBCALL_PRINT && i > 1 && format->kind == NODE_STRING &&
            strstr(format->name, "%p") &&
            is_callers(f, &(struct node){.kind = NODE_DEREF, .kids = &n->kids[1], .n_kids = 1}))
            leave(f, (struct origin){n, NULL}, n);
    }
}

static void see(struct flow *f, const struct node *n)
{
    if (!n || ++*f->n_visits > MAX_VISITS)
        return;
    const struct node *to = n->kind == NODE_ASSIGN && n->n_kids == 2 ? strip(n->kids[0]) : NULL;
    if (n->kind == NODE_DECL && n->n_kids)
        hold(f, n->var, number_of(f, n->kids[0]));
    if (to) {
        const struct node *base = to;
        while (base->kind == NODE_MEMBER && !base->is_arrow)
            base = strip(base->kids[0]);
        if (base->kind == NODE_VARIABLE)
            hold(f, base->var, number_of(f, n->kids[1]));
        else if (is_number(to->type) && is_callers(f, to))
            leave(f, number_of(f, n->kids[1]), n);
    }
    if (n->kind == NODE_CALL)
        see_library_call(f, n);
    if (n->kind == NODE_RETURN && n->n_kids && !is_pointer(f->fn->result) &&
        f->fn->result->kind != TYPE_BOOL)
        leave(f, number_of(f, n->kids[0]), n);
    for (size_t i = 0; i < n->n_kids; i++)
        see(f, n->kids[i]);
}

static void follow(struct flow *f)
{
    const struct node *body = frontend_body(f->mf->scope.fe, (struct function *)(uintptr_t)f->fn);
    size_t before;
    do {
        before = f->n_vars;
        see(f, body);
    } while (f->n_vars != before && !f->returned.cast);
}

static struct origin number_of_call(struct flow *f, const struct node *n)
{
    struct function *fn = n->fn;
    bool is_trusted = false;
    if (!fn || !fn->has_definition || *f->n_visits > MAX_VISITS || fn->memo_name ||
        f->depth >= MAX_DEPTH || !fn->result ||
        (!is_number(fn->result) && fn->result->kind != TYPE_RECORD))
        return nowhere;
    const struct clause *trust = annotation_clause(f->mf->annotation, CLAUSE_trust);
    for (size_t i = 0; trust && i < trust->n_exprs; i++)
        is_trusted |= strcmp(trust->exprs[i]->text, fn->name) == 0;
    if (is_trusted)
        return nowhere;
    struct flow inner = {
        .mf = f->mf, .fn = fn, .depth = f->depth + 1, .call = n, .n_visits = f->n_visits};
    for (size_t i = 0; i < fn->n_params && i + 1 < n->n_kids; i++)
        hold(&inner, fn->params[i], number_of(f, n->kids[i + 1]));
    size_t n_given = inner.n_vars;
    follow(&inner);
    if (!inner.returned.cast)
        return nowhere;
    for (size_t i = 0; i < n_given; i++)
        if (inner.origins[i].cast == inner.returned.cast)
            return inner.returned; /* through the callee and back */
    struct call_step *step = ARENA_NEW(f->mf->scope.fe->facts.arena, struct call_step);
    *step = (struct call_step){(struct function *)(uintptr_t)f->fn, fn, n, inner.returned.via, 1};
    return (struct origin){inner.returned.cast, step};
}

bool check_address(struct memo_function *mf)
{
    unsigned n_visits = 0;
    struct flow f = {.mf = mf, .fn = mf->fn, .n_visits = &n_visits};
    if (annotation_clause(mf->annotation, CLAUSE_pure))
        return true;
    follow(&f);
    if (!f.returned.cast)
        return true;
    struct diag_engine *diag = mf->scope.diag;
    diag_report(diag, err_memo_address, f.returned.cast->range, mf->fn->name);
    check_report_chain(mf, f.returned.via);
    if (f.sink && f.sink->range.src)
        diag_report(diag, note_memo_address, f.sink->range);
    diag_report(diag, note_memo_pure, mf->annotation->range);
    return false;
}
