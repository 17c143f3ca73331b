/* sync.c - the passes over a region; see sync.h. */
#include "sync.h"

#include <string.h>

#include "clex.h"
#include "node.h"
#include "sync_private.h"

static bool has_labels_from_outside(const struct node *n)
{
    if (n->kind == NODE_LABEL || n->kind == NODE_CASE)
        return true;
    if (n->kind == NODE_SWITCH)
        return false;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_labels_from_outside(n->kids[i]))
            return true;
    return false;
}

static bool has_cleanup(const struct node *n)
{
    if (n->kind == NODE_BLOCK && n->is_declaration)
        for (size_t i = 1; i < n->n_kids; i++) /* sizes stand in front of what is declared */
            if (n->kids[i]->kind == NODE_CALL && n->kids[i - 1]->kind == NODE_DECL &&
                n->kids[i]->n_kids == 2 && n->kids[i]->kids[1]->kind == NODE_ADDRESS &&
                n->kids[i]->kids[1]->kids[0]->var == n->kids[i - 1]->var)
                return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_cleanup(n->kids[i]))
            return true;
    return false;
}

static bool names_memory_streams(const struct frontend *fe)
{
    static const char *const names[] = {"open_memstream", "open_wmemstream", "fmemopen",
                                        "setvbuf",        "setbuf",          "fopencookie"};
    for (size_t i = 0; i < fe->n_files; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (memmem(fe->files[i].src.text, fe->files[i].src.len, names[k], strlen(names[k])))
                return true;
    return false;
}

/* A function that is declared at file scope, too, means the same everywhere. */
static void find_local_names(struct sync_plan *p)
{
    const char *const *all;
    size_t n = stmt_local_names(p->fe, p->region->fn, &all);
    const char **names = arena_alloc(p->arena, (n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        if (!frontend_function(p->fe, all[i]))
            names[p->n_local_names++] = all[i];
    p->local_names = names;
}

/* Names that the generated code has for itself. */
static bool is_ours(const char *name)
{
    static const char *const words[] = {"r", "p", "n", "e", "v", "i", "d", "f", "k"};
    static const char *const prefixes[] = {"s_",  "env_",  "g_",     "rec_", "run_",  "commit_",
                                           "do_", "site_", "info_",  "b_",   "x",     "a",
                                           "to",  "v",     "reach_", "w",    "exit_", "now_"};
    if (strncmp(name, "memo_", 5) != 0)
        return false;
    name += 5;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], n) == 0 && name[n] >= '0' && name[n] <= '9')
            return true;
    }
    return false;
}

static bool uses_our_names(const struct sync_plan *p)
{
    const struct src_range *body = &p->region->fn->body;
    struct ctokens tokens = {0};
    if (!memmem(body->src->text + body->begin, body->end - body->begin, "memo_", 5))
        return false;
    ctokens_lex(&tokens, p->arena, body->src->text + body->begin, body->end - body->begin);
    for (size_t i = 0; i < tokens.n; i++)
        if (tokens.items[i].kind == CLEX_NAME && is_ours(tokens.items[i].text))
            return true;
    return false;
}

/* Is errno used other than by its value? */
static bool takes_errno(const struct node *n, bool is_value)
{
    if (n->kind == NODE_CALL && n->fn && !strcmp(n->fn->name, "__errno_location"))
        return !is_value;
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *kid = n->kids[i];
        bool is_deref = n->kind == NODE_DEREF || (is_value && node_strip(n) != n);
        if (n->kind == NODE_ADDRESS && node_strip(kid)->kind == NODE_DEREF &&
            takes_errno(node_strip(kid)->kids[0], false))
            return true;
        if (takes_errno(kid, is_deref))
            return true;
    }
    return false;
}

static bool has_vectors(const struct node *n)
{
    if ((n->type && n->type->kind == TYPE_VECTOR) ||
        (n->kind == NODE_DECL && n->var->type->kind == TYPE_VECTOR))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_vectors(n->kids[i]))
            return true;
    return false;
}

static void refuse(struct sync_plan *p, const char *why)
{
    if (p->why_serial)
        return;
    p->why_serial = why;
    p->why_range = p->region->annotation->range;
}

static bool has_calls(const struct sync_plan *p)
{
    for (size_t i = 0; i < p->n_segments; i++)
        if (p->segments[i]->has_calls)
            return true;
    return false;
}

static void make(struct sync_plan *p)
{
    if (!p->region->is_function && has_labels_from_outside(p->region->root))
        refuse(p, "it has labels that the program may jump to from outside");
    if (p->region->fn->is_macro_body)
        refuse(p, "a macro makes the function");
    if (!p->why_serial && uses_our_names(p))
        refuse(p, "it has names that memocc uses itself, like memo_r or memo_x1");
    if (has_vectors(p->region->root))
        refuse(p, "it has values of GNU vector types");
    if (takes_errno(frontend_body(p->fe, p->region->fn), false))
        refuse(p, "it takes the address of errno");
    if (has_cleanup(p->region->root))
        refuse(p, "a variable has a cleanup function");
    if (p->why_serial)
        return;
    sync_build(p);
    do {
        if (!p->why_serial)
            sync_decide(p);
    } while (!p->why_serial && !sync_make_segments(p));
    if (!p->why_serial && !has_calls(p)) {
        struct sync_inside inside;
        sync_look(p, p->region->root, &inside);
        p->is_without_calls = !inside.has_call;
        refuse(p, "no call can run as a task");
    }
    if (!p->why_serial)
        sync_make_graph(p);
    if (!p->why_serial)
        sync_place_events(p);
}

struct sync_plan *sync_plan(struct frontend *fe, struct arena *arena, struct diag_engine *diag,
                            const struct concurrency *all, struct touch_scope *scope,
                            struct sync_region *region, unsigned id)
{
    struct sync_plan *p = ARENA_NEW(arena, struct sync_plan);
    const char *why;
    p->region = region;
    p->all = all;
    p->fe = fe;
    p->arena = arena;
    p->diag = diag;
    p->scope = scope;
    p->id = id;
    p->has_memory_streams = names_memory_streams(fe);
    find_local_names(p);
    make(p);
    if (p->exit && (why = sync_why_not_ahead(p)) != NULL) {
        *p = (struct sync_plan){.region = region,
                                .all = all,
                                .fe = fe,
                                .arena = arena,
                                .diag = diag,
                                .scope = scope,
                                .id = id,
                                .local_names = p->local_names,
                                .has_memory_streams = p->has_memory_streams,
                                .n_local_names = p->n_local_names,
                                .is_without_exit = true,
                                .why_not_ahead = why};
        make(p);
    }
    return p;
}
