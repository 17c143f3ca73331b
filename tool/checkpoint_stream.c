/* checkpoint_stream.c - which stream an expression in a checkpointed loop, or in a function
 * that it calls, stands for. See checkpoint_effects.h.
 *
 * Parameters are followed to the arguments, local variables to the one value they get. */
#include <fcntl.h>
#include <string.h>

#include "checkpoint_effects.h"

#define MAX_DEPTH 16

/* A variable of the loop's function or a global, and the way from it: "*" follows a pointer,
 * ".m" takes a member, as in effects.h. var NULL: not known. */
struct origin {
    struct variable *var;
    const char *path;
    bool is_brief; /* made in the iteration itself */
    const struct node *adds;
};

static const struct origin unknown = {NULL, "", false, NULL};

static const struct node *strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* ---- what a local variable gets ---- */

/* Opens what is closed by hand. */
static bool is_opener(const struct node *n)
{
    static const char *const names[] = {
        "fopen",    "fopen64",        "fdopen",    "freopen",     "tmpfile", "tmpfile64",
        "fmemopen", "open_memstream", "popen",     "fopencookie", "open",    "open64",
        "openat",   "openat64",       "creat",     "creat64",     "dup",     "mkstemp",
        "mkostemp", "opendir",        "fdopendir", "fileno",      "dirfd",   "shm_open"};
    n = strip(n);
    if (!n || n->kind != NODE_CALL || !n->fn)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(n->fn->name, names[i]))
            return true;
    return false;
}

static bool has_append(const struct node *flags)
{
    if (flags->kind == NODE_VARIABLE || flags->kind == NODE_CALL ||
        (flags->kind == NODE_LITERAL && flags->value & O_APPEND))
        return true;
    for (size_t i = 0; i < flags->n_kids; i++)
        if (flags->kids[i] && has_append(flags->kids[i]))
            return true;
    return false;
}

/* May what is written to it be added to what a file holds? Not if the mode is known to be another
 * one. */
static bool adds_to_file(const struct node *call)
{
    call = strip(call);
    const char *name = call->fn->name;
    const struct node *mode = call->n_kids > 2 ? strip(call->kids[2]) : NULL;
    if (strstr(name, "fopen") || strstr(name, "freopen") || !strcmp(name, "fdopen"))
        return mode && strcmp(name, "fmemopen") != 0 &&
               (mode->kind != NODE_STRING || *mode->name == 'a');
    if (!strncmp(name, "open", 4) && mode && strcmp(name, "open_memstream") != 0)
        return has_append(!strncmp(name, "openat", 6) && call->n_kids > 3 ? call->kids[3] : mode);
    return false;
}

static bool is_null(const struct node *n)
{
    n = strip(n);
    return n && n->kind == NODE_LITERAL && n->value == 0;
}

struct sources {
    const struct variable *var;
    const struct node *other; /* the last one that doesn't open something */
    const struct node *adds;  /* one that opens a file to add to it */
    size_t n_others, n_opened;
    bool is_address_taken;
};

static void find_sources(struct sources *s, const struct node *n)
{
    const struct node *value = NULL;
    if (n->kind == NODE_DECL && n->var == s->var && n->n_kids)
        value = n->kids[0];
    if (n->kind == NODE_ASSIGN && n->n_kids == 2) {
        const struct node *to = strip(n->kids[0]);
        if (to->kind == NODE_VARIABLE && to->var == s->var)
            value = n->kids[1];
    }
    if (n->kind == NODE_ADDRESS && n->n_kids && strip(n->kids[0])->kind == NODE_VARIABLE &&
        strip(n->kids[0])->var == s->var)
        s->is_address_taken = true;
    if (value && is_opener(value)) {
        s->n_opened++;
        s->adds = adds_to_file(value) ? strip(value) : s->adds;
    } else if (value && !is_null(value)) {
        s->n_others++;
        s->other = value;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        if (n->kids[i])
            find_sources(s, n->kids[i]);
}

static struct sources sources_of(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                                 const struct variable *v)
{
    struct sources s = {.var = v};
    const struct node *body = frontend_body(plan->fe, frame->fn);
    if (body)
        find_sources(&s, body);
    return s;
}

/* Is it gone when the iteration ends? */
static bool is_short_lived(const struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                           const struct variable *v)
{
    if (v->is_global || v->is_static_local || v->is_parameter)
        return false;
    return frame->up || loop_declares(plan->loop_effects, v);
}

/* ---- where an expression comes from ---- */

/* "&" before "*" is nothing. */
static const char *join(struct arena *a, const char *path, const char *more)
{
    size_t n = strlen(path);
    if (n && path[n - 1] == '&' && *more == '*')
        return arena_printf(a, "%.*s%s", (int)(n - 1), path, more + 1);
    return arena_printf(a, "%s%s", path, more);
}

static struct origin origin_of(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                               const struct node *n, unsigned depth);

static struct origin origin_of_variable(struct checkpoint_plan *plan,
                                        const struct checkpoint_frame *frame, struct variable *v,
                                        unsigned depth)
{
    struct origin itself = {v, "", false, NULL};
    if (v->is_global || v->is_static_local)
        return itself;
    if (v->is_parameter && frame->up) {
        const struct node *call = frame->call;
        if (!call || call->n_kids < v->index + 2)
            return unknown;
        return origin_of(plan, frame->up, call->kids[v->index + 1], depth + 1);
    }
    if (!is_short_lived(plan, frame, v))
        return itself;
    struct sources s = sources_of(plan, frame, v);
    itself.is_brief = !s.n_others && !s.is_address_taken;
    itself.adds = itself.is_brief ? s.adds : NULL;
    if (itself.is_brief || v->type->kind != TYPE_POINTER)
        return itself;
    if (s.n_others != 1 || s.n_opened || s.is_address_taken)
        return unknown;
    return origin_of(plan, frame, s.other, depth + 1);
}

static struct origin origin_of(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                               const struct node *n, unsigned depth)
{
    struct arena *a = plan->arena;
    const char *more = "";
    n = strip(n);
    if (!n || depth > MAX_DEPTH)
        return unknown;
    switch (n->kind) {
    case NODE_VARIABLE:
        return origin_of_variable(plan, frame, n->var, depth);
    case NODE_MEMBER:
        more = arena_printf(a, "%s.%s", n->is_arrow ? "*" : "", n->name);
        break;
    case NODE_INDEX: {
        const struct node *base = n->kids[0];
        while (base->kind == NODE_CAST && base->is_implicit && base->n_kids == 1)
            base = base->kids[0];
        more = base->type && base->type->kind == TYPE_ARRAY ? "" : "*";
        break;
    }
    case NODE_DEREF:
        more = "*";
        break;
    case NODE_ADDRESS:
        more = "&";
        break;
    default:
        return unknown;
    }
    struct origin o = n->n_kids ? origin_of(plan, frame, n->kids[0], depth + 1) : unknown;
    o.path = join(a, o.path, more);
    return o;
}

/* ---- is it named? ---- */

static bool leads_only_to(struct loop_effects *fx, const struct loop_places *from,
                          const struct loop_places *to)
{
    struct loop_places x = loop_places_load(fx, from), y = loop_places_load(fx, to);
    size_t n_found = 0;
    for (size_t i = 0; i < x.n; i++) {
        struct variable *var;
        struct function *fn;
        bool found = false;
        if (loop_place_kind(fx, x.at[i], &var, &fn) == PLACE_IS_NULL)
            continue;
        for (size_t k = 0; k < y.n && !found; k++)
            found = loop_is_within(x.at[i], y.at[k]) && loop_is_within(y.at[k], x.at[i]);
        if (!found)
            return false;
        n_found++;
    }
    return n_found > 0;
}

static bool is_named_by(struct checkpoint_plan *plan, const struct cexpr *e, const struct origin *o)
{
    const struct scope *scope = &plan->loop->scope;
    const struct cexpr *root = cexpr_root(e);
    const struct variable *v = root ? scope_variable(scope, root) : NULL;
    if (v && v == o->var && !strcmp(scope_path(scope, e), o->path))
        return true;
    if (!v || *o->path)
        return false;
    struct loop_places named = loop_places_lvalue(plan->loop_effects, scope, e);
    struct loop_places used = loop_places_of(plan->loop_effects, o->var);
    return leads_only_to(plan->loop_effects, &used, &named);
}

static bool is_named(struct checkpoint_plan *plan, const struct origin *o)
{
    const struct annotation *a = plan->loop->annotation;
    for (size_t i = 0; i < a->n_clauses; i++)
        for (size_t k = 0; a->clauses[i].id == CLAUSE_file && k < a->clauses[i].n_exprs; k++)
            if (is_named_by(plan, a->clauses[i].exprs[k], o))
                return true;
    return false;
}

static bool is_stderr(struct checkpoint_plan *plan, const struct origin *o)
{
    struct variable *v = frontend_global(plan->fe, "stderr");
    if (!v || *o->path)
        return false;
    if (o->var == v)
        return true;
    struct loop_places used = loop_places_of(plan->loop_effects, o->var);
    struct loop_places free = loop_places_of(plan->loop_effects, v);
    return leads_only_to(plan->loop_effects, &used, &free);
}

/* "ctx->log": NULL where the name isn't one in front of the loop. */
static const char *text_of(struct checkpoint_plan *plan, const struct origin *o)
{
    const struct variable *v = o->var;
    bool is_visible = v->is_global && !v->is_static_local;
    for (size_t i = 0; i < plan->loop->n_visible; i++)
        is_visible |= plan->loop->visible[i] == v;
    const char *p = o->path;
    if (!is_visible || (*p && *p != '*' && *p != '.'))
        return NULL;
    if (*p == '*' && p[1] == '.')
        p = arena_printf(plan->arena, "->%s", p + 2);
    return strchr(p, '*') || strchr(p, '&') ? NULL : arena_printf(plan->arena, "%s%s", v->name, p);
}

static struct checkpoint_stream stream_of(struct checkpoint_plan *plan, const struct origin *o)
{
    struct checkpoint_stream s = {STREAM_UNKNOWN, o->var, o->path, o->adds, NULL};
    if (!o->var)
        return s;
    s.kind = o->is_brief || is_stderr(plan, o) ? STREAM_FREE
             : is_named(plan, o)               ? STREAM_NAMED
                                               : STREAM_UNNAMED;
    s.text = text_of(plan, o);
    return s;
}

struct checkpoint_stream checkpoint_stream(struct checkpoint_plan *plan,
                                           const struct checkpoint_frame *frame,
                                           const struct node *expr)
{
    struct origin o = origin_of(plan, frame, expr, 0);
    return stream_of(plan, &o);
}

struct checkpoint_stream checkpoint_standard_stream(struct checkpoint_plan *plan, const char *name)
{
    struct origin o = {frontend_global(plan->fe, name), "", false, NULL};
    struct checkpoint_stream s = stream_of(plan, &o);
    if (s.kind == STREAM_UNKNOWN)
        s.kind = STREAM_UNNAMED;
    s.text = name;
    return s;
}

bool checkpoint_is_stream_named(struct checkpoint_plan *plan, const struct checkpoint_stream *s,
                                const struct cexpr *name)
{
    struct origin o = {(struct variable *)s->var, s->path, false, NULL};
    return s->var && is_named_by(plan, name, &o);
}

bool checkpoint_is_brief(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                         const struct node *expr, const struct node **adds)
{
    struct origin o = origin_of(plan, frame, expr, 0);
    *adds = o.adds;
    return o.is_brief;
}

bool checkpoint_is_kept_briefly(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                                const struct node *call)
{
    const struct node *up = call->parent;
    while (up && up->kind == NODE_CAST)
        up = up->parent;
    if (up && up->kind == NODE_DECL)
        return is_short_lived(plan, frame, up->var);
    if (!up || up->kind != NODE_ASSIGN)
        return false;
    const struct node *to = strip(up->kids[0]);
    return to->kind == NODE_VARIABLE && is_short_lived(plan, frame, to->var);
}
