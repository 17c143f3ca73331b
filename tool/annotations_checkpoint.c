/* annotations_checkpoint.c - loops with `#pragma checkpoint`: which loop a pragma stands
 * before, where `now` stands in it, and whether control can come into it by other ways than
 * its begin. annotations_checkpoint_clauses.c looks at the clauses. */
#include <stdlib.h>
#include <string.h>

#include "annotations_private.h"
#include "clex.h"
#include "node.h"

/* `#pragma checkpoint now`, until all loops are known. */
struct checkpoint_waiting {
    const struct found_site *found;
    struct function *fn;
};

static struct checkpoint_loop *loop_of(struct finder *fd, const struct node *root)
{
    const struct checkpoints *c = &fd->an->checkpoints;
    for (size_t i = 0; i < c->n_loops; i++)
        if (c->loops[i]->root == root)
            return c->loops[i];
    return NULL;
}

/* ---- the loop ---- */

/* Can our text be put around the loop and to its condition? */
static bool find_parts(struct finder *fd, struct checkpoint_loop *loop)
{
    const struct node *root = loop->root, *body = stmt_body(root);
    if (!stmt_range(fd->fe, root, &loop->range))
        return false;
    bool needs_body = root->kind == NODE_DO;
    if (root->kind == NODE_FOR) {
        if (!stmt_for_parts(fd->fe, root, &loop->parts))
            return false;
        body = loop->parts.body;
        needs_body = !loop->parts.cond;
    } else {
        const struct source *src = root->range.src;
        struct clex lx;
        struct clex_token t;
        clex_init(&lx, src->text, src->len);
        lx.pos = root->range.begin;
        clex_next(&lx, &t);
        if (root->is_macro_begin || !clex_is(&lx, &t, root->kind == NODE_DO ? "do" : "while"))
            return false;
        do
            clex_next(&lx, &t);
        while (t.kind == CLEX_NEWLINE);
        if (root->kind == NODE_WHILE && !clex_is(&lx, &t, "("))
            return false;
    }
    struct src_range range;
    return !needs_body || (body && stmt_range(fd->fe, body, &range));
}

static bool not_understood(struct finder *fd, const struct function *fn, const struct annotation *a)
{
    struct src_range where;
    const char *error = frontend_error_in(fd->fe, fn->body, &where);
    if (error) {
        diag_report(fd->diag, err_checkpoint_not_understood, where, fn->name, error);
        diag_report(fd->diag, note_annotated_here, a->range);
    }
    return error != NULL;
}

static void refuse_omp(struct finder *fd, const struct annotation *a)
{
    diag_report(fd->diag, err_checkpoint_omp, a->range);
    diag_report(fd->diag, note_checkpoint_omp, a->range);
}

static void add_loop(struct finder *fd, const struct found_site *s, struct function *fn,
                     const struct node *root)
{
    struct checkpoint_loop *loop = loop_of(fd, root);
    if (loop) {
        diag_report(fd->diag, err_checkpoint_twice, s->annotation->range);
        diag_report(fd->diag, note_annotated_here, loop->annotation->range);
        return;
    }
    loop = ARENA_NEW(fd->arena, struct checkpoint_loop);
    loop->annotation = s->annotation;
    loop->site = s->site;
    loop->file = s->file;
    loop->fn = fn;
    loop->root = root;
    loop->has_errors = s->annotation->has_errors;
    if (!find_parts(fd, loop)) {
        diag_report(fd->diag, err_checkpoint_macro, root->range);
        diag_report(fd->diag, note_checkpoint_macro, s->annotation->range);
        loop->has_errors = true;
    } else if (annotations_is_directed(loop->file, root) ||
               annotations_in_construct(fd, loop->file, root)) {
        refuse_omp(fd, s->annotation);
        loop->has_errors = true;
    }
    struct checkpoints *c = &fd->an->checkpoints;
    ARENA_PUSH(fd->arena, c->loops, c->n_loops, c->cap_loops) = loop;
}

static void nothing_there(struct finder *fd, const struct annotation *a)
{
    diag_report(fd->diag, err_nothing_to_annotate, a->range, "checkpoint", "a loop");
    diag_report(fd->diag, note_checkpoint_place, a->range);
}

void annotations_add_checkpoint(struct finder *fd, const struct found_site *s)
{
    const struct annotation *a = s->annotation;
    struct top_level *t = annotations_enclosing(fd, s->file, s->site->begin);
    if (!t && s->site->is_macro && s->top && s->top->fn && s->top->fn->is_macro_body)
        t = s->top;
    if (t && t->fn->is_macro_body) {
        diag_report(fd->diag, err_checkpoint_macro_body, a->range, t->fn->name);
        return;
    }
    if (annotation_clause(a, CLAUSE_now)) {
        if (a->has_errors)
            return;
        if (!t) {
            diag_report(fd->diag, err_now_outside, a->range);
            return;
        }
        struct found_site *copy = ARENA_NEW(fd->arena, struct found_site);
        *copy = *s;
        ARENA_PUSH(fd->arena, fd->nows, fd->n_nows, fd->cap_nows) =
            (struct checkpoint_waiting){copy, t->fn};
        return;
    }
    const struct node *n = t ? annotations_statement(fd, s->file, s->site->end, t->fn) : NULL;
    while (n && (n->kind == NODE_LABEL || n->kind == NODE_CASE) && n->n_kids)
        n = n->kids[n->n_kids - 1];
    if (n && node_is_loop(n)) {
        if (!not_understood(fd, t->fn, a))
            add_loop(fd, s, t->fn, n);
    } else if (t && !n && not_understood(fd, t->fn, a)) {
        return;
    } else {
        nothing_there(fd, a);
    }
}

static int compare_loops(const void *va, const void *vb)
{
    const struct checkpoint_loop *a = *(struct checkpoint_loop *const *)va;
    const struct checkpoint_loop *b = *(struct checkpoint_loop *const *)vb;
    return annotations_compare_places(a->file, a->root, b->file, b->root);
}

static void order_loops(struct finder *fd)
{
    struct checkpoints *c = &fd->an->checkpoints;
    if (c->n_loops)
        qsort(c->loops, c->n_loops, sizeof *c->loops, compare_loops);
    for (size_t i = 0; i < c->n_loops; i++) {
        struct checkpoint_loop *loop = c->loops[i];
        loop->id = (unsigned)i;
        loop->ordinal = 1;
        for (size_t k = 0; k < i; k++)
            loop->ordinal += c->loops[k]->fn == loop->fn;
        for (const struct node *n = loop->root->parent; n && !loop->outer; n = n->parent)
            loop->outer = loop_of(fd, n);
    }
}

/* ---- `now` ---- */

/* Is n, a statement, all of a branch or of a loop's body? */
static bool is_alone(const struct node *n)
{
    const struct node *p = n->parent;
    if (!p)
        return false;
    if (p->kind == NODE_FOR)
        return p->kids[p->n_kids - 1] == n;
    return stmt_body(p) == n || stmt_else(p) == n;
}

/* It may also be all of a branch or of a loop's body, together with the statement behind it. */
static bool place_now(struct finder *fd, const struct checkpoint_waiting *w,
                      struct checkpoint_now *now)
{
    const struct found_site *s = w->found;
    struct pragma_place place;
    struct src_range range;
    bool is_between = annotations_place(fd, s->file, s->site, w->fn, &place);
    now->block = place.block;
    now->before = place.before;
    if (is_between || !place.block)
        return is_between;
    if (s->site->is_macro && s->site->begin == s->site->end)
        return false;
    now->alone = annotations_statement(fd, s->file, s->site->end, w->fn);
    return now->alone && is_alone(now->alone) && stmt_range(fd->fe, now->alone, &range);
}

static void add_now(struct finder *fd, const struct checkpoint_waiting *w)
{
    const struct found_site *s = w->found;
    struct checkpoint_now now = {.site = s->site, .file = s->file};
    bool ok = place_now(fd, w, &now);
    struct checkpoint_loop *loop = NULL;
    for (const struct node *n = now.alone ? now.alone : now.block; n && !loop; n = n->parent)
        loop = loop_of(fd, n);
    if (!loop)
        diag_report(fd->diag, err_now_outside, s->annotation->range);
    else if (!ok)
        diag_report(fd->diag, err_now_place, s->annotation->range);
    else
        ARENA_PUSH(fd->arena, loop->nows, loop->n_nows, loop->cap_nows) = now;
}

/* ---- ways into the loop ---- */

static const struct node *find_label(const struct node *n, const char *name)
{
    if (n->kind == NODE_LABEL && (!*name || strcmp(n->name, name) == 0))
        return n;
    const struct node *found = NULL;
    for (size_t i = 0; i < n->n_kids && !found; i++)
        found = find_label(n->kids[i], name);
    return found;
}

static void report_jump(struct finder *fd, struct checkpoint_loop *loop, const struct node *n)
{
    diag_report(fd->diag, err_checkpoint_jump, n->range);
    diag_report(fd->diag, note_checkpoint_jump, loop->annotation->range);
    loop->has_errors = true;
}

/* Each goto outside of the loop that leads into it. */
static void check_gotos(struct finder *fd, struct checkpoint_loop *loop, const struct node *n)
{
    if (n == loop->root)
        return;
    if (n->kind == NODE_GOTO && find_label(loop->root, n->name))
        report_jump(fd, loop, n);
    for (size_t i = 0; i < n->n_kids; i++)
        check_gotos(fd, loop, n->kids[i]);
}

/* Each case in the loop whose switch stands around it. */
static void check_cases(struct finder *fd, struct checkpoint_loop *loop, const struct node *n)
{
    if (n->kind == NODE_SWITCH)
        return;
    if (n->kind == NODE_CASE)
        report_jump(fd, loop, n);
    for (size_t i = 0; i < n->n_kids; i++)
        check_cases(fd, loop, n->kids[i]);
}

/* ---- what is in sight ---- */

static bool is_hidden(const struct checkpoint_loop *loop, const struct variable *v)
{
    for (size_t i = 0; i < loop->n_visible; i++)
        if (strcmp(loop->visible[i]->name, v->name) == 0)
            return true;
    return !*v->name;
}

static void find_scopes(struct finder *fd, struct checkpoint_loop *loop)
{
    struct function *fn = loop->fn;
    struct variable **locals, **declared = NULL, **all;
    size_t n = annotations_locals(fd, loop->root, &locals), n_declared = 0;
    if (loop->parts.init)
        n_declared = annotations_declared(fd, loop->parts.init, &declared);
    all = arena_alloc(fd->arena, (n_declared + n + 1) * sizeof *all);
    for (size_t i = 0; i < n_declared + n; i++)
        all[i] = i < n_declared ? declared[i] : locals[i - n_declared];
    annotations_scope(fd, fn, &loop->scope);
    loop->scope.is_loop = true;
    loop->scope.n_local_names = stmt_local_names(fd->fe, fn, &loop->scope.local_names);
    loop->outside = loop->scope;
    loop->scope.locals = all;
    loop->scope.n_locals = n_declared + n;
    loop->outside.locals = locals;
    loop->outside.n_locals = n;
    loop->visible = arena_alloc(fd->arena, (n + fn->n_params + 1) * sizeof *loop->visible);
    for (size_t i = 0; i < n + fn->n_params; i++) {
        struct variable *v = i < n ? locals[i] : fn->params[i - n];
        if (!is_hidden(loop, v))
            loop->visible[loop->n_visible++] = v;
    }
}

void annotations_finish_checkpoints(struct finder *fd)
{
    struct checkpoints *c = &fd->an->checkpoints;
    order_loops(fd);
    for (size_t i = 0; i < fd->n_nows; i++)
        add_now(fd, &fd->nows[i]);
    for (size_t i = 0; i < c->n_loops; i++) {
        struct checkpoint_loop *loop = c->loops[i];
        find_scopes(fd, loop);
        check_gotos(fd, loop, frontend_body(fd->fe, loop->fn));
        for (size_t k = 0; k < loop->root->n_kids; k++)
            check_cases(fd, loop, loop->root->kids[k]);
        annotations_check_checkpoint(fd, loop);
    }
}
