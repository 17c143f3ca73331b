/* annotations_sync.c - synchronized code: which function, loop or block a pragma stands
 * before, the waits in it, and its clauses. */
#include <stdlib.h>
#include <string.h>

#include "annotations_private.h"
#include "base/strbuf.h"
#include "clex.h"
#include "node.h"
#include "stmt.h"

#define TARGETS "a function's definition, a loop or a block"

/* `#pragma synchronized wait`, until all regions are known. */
struct sync_waiting {
    const struct unit_file *file;
    const struct pragma_site *site;
    const struct annotation *annotation;
    struct function *fn;
};

/* On a prototype: compared with the definition's. */
struct sync_prototype {
    const struct annotation *annotation;
    const struct top_level *top;
};

/* ---- regions ---- */

static struct sync_region *region_of(struct finder *fd, const struct node *root)
{
    const struct concurrency *c = &fd->an->concurrency;
    for (size_t i = 0; i < c->n_regions; i++)
        if (c->regions[i]->root == root)
            return c->regions[i];
    return NULL;
}

static void add_region(struct finder *fd, const struct found_site *s, struct function *fn,
                       const struct node *root, bool is_function)
{
    struct sync_region *r = region_of(fd, root);
    if (r) {
        if (is_function)
            diag_report(fd->diag, err_annotated_twice, s->annotation->range, fn->name,
                        pragma_kind_name(s->site->kind));
        else
            diag_report(fd->diag, err_region_twice, s->annotation->range,
                        node_is_loop(root) ? "loop" : "block");
        diag_report(fd->diag, note_annotated_here, r->annotation->range);
        return;
    }
    r = ARENA_NEW(fd->arena, struct sync_region);
    r->annotation = s->annotation;
    r->site = s->site;
    r->file = s->file;
    r->fn = fn;
    r->root = root;
    r->is_function = is_function;
    r->has_errors = s->annotation->has_errors;
    struct src_range range;
    if (!is_function && !stmt_range(fd->fe, root, &range)) {
        diag_report(fd->diag, err_sync_macro, s->annotation->range,
                    node_is_loop(root) ? "loop" : "block");
        r->has_errors = true;
    }
    struct concurrency *c = &fd->an->concurrency;
    ARENA_PUSH(fd->arena, c->regions, c->n_regions, c->cap_regions) = r;
}

static void macro_body(struct finder *fd, const struct found_site *s, const struct function *fn)
{
    diag_report(fd->diag, err_sync_macro_body, s->annotation->range, fn->name);
}

static void add_function(struct finder *fd, const struct found_site *s)
{
    if (annotation_clause(s->annotation, CLAUSE_wait)) {
        diag_report(fd->diag, err_wait_outside, s->annotation->range);
        return;
    }
    if (!annotations_one_function(fd, s, TARGETS))
        return;
    if (!s->top->is_definition) {
        ARENA_PUSH(fd->arena, fd->prototypes, fd->n_prototypes, fd->cap_prototypes) =
            (struct sync_prototype){s->annotation, s->top};
        return;
    }
    if (s->top->fn->is_macro_body) {
        macro_body(fd, s, s->top->fn);
        return;
    }
    const struct node *body = frontend_body(fd->fe, s->top->fn);
    if (body)
        add_region(fd, s, s->top->fn, body, true);
}

/* Is there an error of libclang's in fn? */
static bool not_understood(struct finder *fd, const struct function *fn, const struct annotation *a)
{
    struct src_range where;
    const char *error = frontend_error_in(fd->fe, fn->body, &where);
    if (error) {
        diag_report(fd->diag, warn_sync_not_understood, where, fn->name, error);
        diag_report(fd->diag, note_annotated_here, a->range);
    }
    return error != NULL;
}

void annotations_add_synchronized(struct finder *fd, const struct found_site *s)
{
    struct top_level *t = annotations_enclosing(fd, s->file, s->site->begin);
    if (!t) {
        add_function(fd, s);
        return;
    }
    if (t->fn->is_macro_body) {
        macro_body(fd, s, t->fn);
        return;
    }
    if (annotation_clause(s->annotation, CLAUSE_wait)) {
        ARENA_PUSH(fd->arena, fd->waits, fd->n_waits, fd->cap_waits) =
            (struct sync_waiting){s->file, s->site, s->annotation, t->fn};
        return;
    }
    const struct node *root = annotations_statement(fd, s->file, s->site->end, t->fn);
    if (!root && not_understood(fd, t->fn, s->annotation))
        return;
    if (root && annotations_in_construct(fd, s->file, root))
        diag_report(fd->diag, warn_sync_serial, s->annotation->range,
                    "memocc doesn't look into the OpenMP construct that it stands in; a function "
                    "of its own would run in parallel");
    else if (!root || !(node_is_loop(root) || node_is_block(root)))
        diag_report(fd->diag, err_nothing_to_annotate, s->annotation->range,
                    pragma_kind_name(s->site->kind), TARGETS);
    else
        add_region(fd, s, t->fn, root, false);
}

static int compare_regions(const void *va, const void *vb)
{
    const struct sync_region *a = *(struct sync_region *const *)va;
    const struct sync_region *b = *(struct sync_region *const *)vb;
    return annotations_compare_places(a->file, a->root, b->file, b->root);
}

static void order_regions(struct finder *fd)
{
    struct concurrency *c = &fd->an->concurrency;
    if (c->n_regions)
        qsort(c->regions, c->n_regions, sizeof *c->regions, compare_regions);
    for (size_t i = 0; i < c->n_regions; i++)
        for (const struct node *n = c->regions[i]->root->parent; n && !c->regions[i]->outer;
             n = n->parent)
            c->regions[i]->outer = region_of(fd, n);
}

/* Prototypes that say what the definition doesn't. */
static void check_prototypes(struct finder *fd)
{
    for (size_t i = 0; i < fd->n_prototypes; i++) {
        const struct sync_prototype *p = &fd->prototypes[i];
        struct function *fn = p->top->fn;
        if (!fn->has_definition) /* that unit reads it again */
            continue;
        const struct node *body = frontend_body(fd->fe, fn);
        const struct sync_region *r = body ? region_of(fd, body) : NULL;
        if (!r) {
            diag_report(fd->diag, err_sync_prototype, p->annotation->range, fn->name);
            diag_report(fd->diag, note_sync_definition, fn->name_range);
            continue;
        }
        const char **names = arena_alloc(fd->arena, (fn->n_params + 1) * sizeof *names);
        for (size_t k = 0; k < fn->n_params; k++)
            names[k] = fn->params[k]->name;
        annotations_compare(fd, p->annotation, p->top, r->annotation, names);
    }
}

/* ---- waits ---- */

static void add_wait(struct finder *fd, const struct sync_waiting *w)
{
    struct pragma_place place;
    bool is_between = annotations_place(fd, w->file, w->site, w->fn, &place);
    struct sync_region *region = NULL;
    for (const struct node *n = place.block; n && !region; n = n->parent)
        region = region_of(fd, n);
    if (!region)
        diag_report(fd->diag, err_wait_outside, w->annotation->range);
    else if (!is_between)
        diag_report(fd->diag, err_wait_place, w->annotation->range);
    else
        ARENA_PUSH(fd->arena, region->waits, region->n_waits, region->cap_waits) =
            (struct sync_wait){.begin = w->site->begin,
                               .end = w->site->end,
                               .block = place.block,
                               .before = place.before,
                               .label = place.label};
}

/* ---- clauses ---- */

static bool is_integer(const struct type *t)
{
    return t->kind == TYPE_INTEGER || t->kind == TYPE_BOOL || t->kind == TYPE_ENUM;
}

static void check_threads(struct sync_region *r, const struct clause *c)
{
    if (c->n_exprs != 1 || !annotations_check_value(&r->scope, c->exprs[0])) {
        r->has_errors = true;
        return;
    }
    const struct cexpr *e = c->exprs[0];
    const struct type *t = scope_type(&r->scope, e);
    bool is_literal = e->kind == CEXPR_LITERAL;
    char *end;
    long long value = is_literal ? strtoll(e->text, &end, 0) : 1;
    if ((t && !is_integer(t)) || (is_literal && (end == e->text || *end == '.' || *end == 'e' ||
                                                 *end == 'E' || *end == 'p')))
        diag_report(r->scope.diag, err_threads_type, e->range);
    else if (value <= 0)
        diag_report(r->scope.diag, err_clause_range, e->range, e->text);
    else
        return;
    r->has_errors = true;
}

static void check_noalias(struct finder *fd, struct sync_region *r, const struct clause *c)
{
    for (size_t i = 0; i < c->n_exprs; i++) {
        const struct cexpr *e = c->exprs[i];
        bool ok = annotations_check_value(&r->scope, e);
        const struct type *t = ok ? scope_type(&r->scope, e) : NULL;
        if (ok && (!t || (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY))) {
            diag_report(r->scope.diag, err_noalias_no_pointer, e->range);
            ok = false;
        }
        const struct variable *v = ok ? scope_variable(&r->scope, e) : NULL;
        if (v)
            ARENA_PUSH(fd->arena, r->noalias, r->n_noalias, r->cap_noalias) = v;
        r->has_errors |= !ok;
    }
}

static void check_region(struct finder *fd, struct sync_region *r)
{
    struct function *fn = r->fn;
    annotations_scope(fd, fn, &r->scope);
    if (!r->is_function) {
        struct variable **locals;
        r->scope.n_locals = annotations_locals(fd, r->root, &locals);
        r->scope.locals = locals;
        r->scope.n_local_names = stmt_local_names(fd->fe, fn, &r->scope.local_names);
    }
    if (!r->outer)
        r->has_errors |= not_understood(fd, fn, r->annotation);
    for (size_t i = 0; i < r->annotation->n_clauses; i++) {
        const struct clause *c = &r->annotation->clauses[i];
        if (c->id == CLAUSE_threads)
            check_threads(r, c);
        else if (c->id == CLAUSE_noalias)
            check_noalias(fd, r, c);
    }
}

void annotations_finish_synchronized(struct finder *fd)
{
    order_regions(fd);
    check_prototypes(fd);
    for (size_t i = 0; i < fd->n_waits; i++)
        add_wait(fd, &fd->waits[i]);
    for (size_t i = 0; i < fd->an->concurrency.n_regions; i++)
        check_region(fd, fd->an->concurrency.regions[i]);
}
