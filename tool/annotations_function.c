/* annotations_function.c - functions with `#pragma memo` and `#pragma concurrent`:
 * prototype and definition are one. */
#include <string.h>

#include "annotations_private.h"

static struct memo_function *find_memo(struct annotations *an, const struct function *fn)
{
    for (size_t i = 0; i < an->n_functions; i++)
        if (an->functions[i]->fn == fn)
            return an->functions[i];
    for (size_t i = 0; i < an->n_elsewhere; i++)
        if (an->elsewhere[i]->fn == fn)
            return an->elsewhere[i];
    return NULL;
}

static const struct top_level *definition_of(struct finder *fd, const struct function *fn)
{
    for (size_t i = 0; i < fd->fe->n_tops; i++)
        if (fd->fe->tops[i].fn == fn && fd->fe->tops[i].is_definition)
            return &fd->fe->tops[i];
    return NULL;
}

const char *const *annotations_names(struct finder *fd, const struct top_level *t)
{
    size_t n = t->n_params > t->fn->n_params ? t->n_params : t->fn->n_params;
    const char **names = arena_alloc(fd->arena, (n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++) /* `int f();` has none */
        names[i] = i < t->n_params ? t->params[i]->name : "";
    return names;
}

/* The wrapper of a library function has parameters of its own. */
static void name_external_parameters(struct finder *fd, struct memo_function *mf)
{
    struct variable **params = arena_alloc(fd->arena, (mf->top->n_params + 1) * sizeof *params);
    for (size_t i = 0; i < mf->top->n_params; i++) {
        params[i] = ARENA_NEW(fd->arena, struct variable);
        *params[i] = *mf->top->params[i];
        if (!*params[i]->name)
            params[i]->name = arena_printf(fd->arena, "memo_l_a%zu", i);
        params[i]->index = (unsigned)i;
        params[i]->is_parameter = true;
    }
    mf->fn->params = params;
    mf->fn->n_params = mf->top->n_params;
    const char **names = arena_alloc(fd->arena, (mf->fn->n_params + 1) * sizeof *names);
    for (size_t i = 0; i < mf->fn->n_params; i++)
        names[i] = params[i]->name;
    mf->scope.names = names;
}

struct renaming {
    const char *const *from, *const *to;
    size_t n;
};

static const char *rename_parameter(void *arg, const char *name)
{
    const struct renaming *r = arg;
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->from[i], name) == 0)
            return r->to[i];
    return name;
}

void annotations_compare(struct finder *fd, const struct annotation *a, const struct top_level *top,
                         const struct annotation *b, const char *const *names)
{
    struct renaming r = {annotations_names(fd, top), names, top->n_params};
    if (a->has_errors || b->has_errors || annotation_equal_as(a, b, rename_parameter, &r))
        return;
    diag_report(fd->diag, err_annotations_differ, a->range, top->fn->name);
    diag_report(fd->diag, note_annotated_here, b->range);
}

/* Another annotation b of the kind of a, which stands at `top`, was there first, at `first`. */
static void merge(struct finder *fd, const struct found_site *s, const struct annotation *b,
                  const struct top_level *first, const char *const *names)
{
    if (first == s->top) {
        diag_report(fd->diag, err_annotated_twice, s->annotation->range, s->top->fn->name,
                    pragma_kind_name(s->site->kind));
        diag_report(fd->diag, note_annotated_here, b->range);
        return;
    }
    annotations_compare(fd, s->annotation, s->top, b, names);
}

bool annotations_one_function(struct finder *fd, const struct found_site *s, const char *what)
{
    const char *kind = pragma_kind_name(s->site->kind);
    if (!s->top || s->top->kind != TOP_FUNCTION) {
        diag_report(fd->diag, err_nothing_to_annotate, s->annotation->range, kind, what);
        return false;
    }
    if (s->n_declarators > 1) {
        diag_report(fd->diag, err_several_declarators, s->annotation->range, kind);
        return false;
    }
    return true;
}

void annotations_add_memo(struct finder *fd, const struct found_site *s)
{
    if (!annotations_one_function(fd, s, "a function"))
        return;
    const struct annotation *a = s->annotation;
    struct top_level *top = s->top;
    struct memo_function *mf = find_memo(fd->an, top->fn);
    if (mf) {
        merge(fd, s, mf->annotation, mf->top, mf->scope.names);
        return;
    }
    mf = ARENA_NEW(fd->arena, struct memo_function);
    mf->fn = top->fn;
    mf->annotation = a;
    mf->site = s->site;
    mf->top = top;
    mf->definition = definition_of(fd, top->fn);
    mf->is_external = annotation_clause(a, CLAUSE_external) != NULL;
    mf->scope = (struct scope){
        .fe = fd->fe, .fn = top->fn, .names = annotations_names(fd, top), .diag = fd->diag};
    struct annotations *an = fd->an;
    if (mf->is_external && !top->fn->has_definition)
        name_external_parameters(fd, mf);
    if (top->fn->has_definition && top->fn->is_macro_body) {
        diag_report(fd->diag, err_memo_macro_body, top->name_range, top->fn->name);
        diag_report(fd->diag, note_annotated_here, a->range);
        return;
    }
    if (mf->is_external || top->fn->has_definition)
        ARENA_PUSH(fd->arena, an->functions, an->n_functions, an->cap_functions) = mf;
    else
        ARENA_PUSH(fd->arena, an->elsewhere, an->n_elsewhere, an->cap_elsewhere) = mf;
}

void annotations_add_concurrent(struct finder *fd, const struct found_site *s)
{
    if (!annotations_one_function(fd, s, "a function"))
        return;
    struct concurrency *c = &fd->an->concurrency;
    struct concurrent_function *cf = concurrent_find(c, s->top->fn);
    if (cf) {
        merge(fd, s, cf->annotation, cf->top, cf->scope.names);
        return;
    }
    cf = ARENA_NEW(fd->arena, struct concurrent_function);
    cf->fn = s->top->fn;
    cf->annotation = s->annotation;
    cf->site = s->site;
    cf->top = s->top;
    cf->has_errors = s->annotation->has_errors;
    cf->scope = (struct scope){
        .fe = fd->fe, .fn = s->top->fn, .names = annotations_names(fd, s->top), .diag = fd->diag};
    ARENA_PUSH(fd->arena, c->functions, c->n_functions, c->cap_functions) = cf;
}

struct concurrent_function *concurrent_find(const struct concurrency *c, const struct function *fn)
{
    for (size_t i = 0; i < c->n_functions; i++)
        if (c->functions[i]->fn == fn)
            return c->functions[i];
    return NULL;
}

void annotations_note_memoized(struct annotations *an)
{
    for (size_t i = 0; i < an->concurrency.n_functions; i++) {
        struct concurrent_function *cf = an->concurrency.functions[i];
        struct memo_function *mf = find_memo(an, cf->fn);
        cf->memo = mf;
        cf->is_memoized = mf != NULL;
        if (mf)
            mf->is_concurrent = true;
    }
}
