/* annotations.c - see annotations.h. */
#include "annotations.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "diag.h"

struct finder {
    struct annotations *an;
    struct frontend *fe;
    struct diag_engine *diag;
    struct arena *arena;
};

/* ---- what stands behind a pragma ---- */

static const char *skip_comment(const char *p, const char *end)
{
    if (end - p > 1 && p[0] == '/' && p[1] == '*') {
        const char *close = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
        return close ? close + 2 : end;
    }
    if (end - p > 1 && p[0] == '/' && p[1] == '/') {
        while (p < end && *p != '\n')
            p += p[0] == '\\' && p + 1 < end ? 2 : 1;
        return p;
    }
    return p;
}

static const char *skip_directive(const char *p, const char *end)
{
    while (p < end && *p != '\n')
        p += p[0] == '\\' && p + 1 < end ? 2 : 1;
    return p;
}

/* The next token behind `at` that isn't blank, comment, directive or another
 * pragma of ours. */
static size_t next_token(const struct unit_file *f, size_t at)
{
    const char *text = f->src.text, *end = text + f->src.len, *p = text + at;
    while (p < end) {
        const char *after = skip_comment(p, end);
        if (after != p) {
            p = after;
        } else if (strchr(" \t\r\n\f\v", *p) || (*p == '\\' && p + 1 < end && p[1] == '\n')) {
            p++;
        } else if (*p == '#' || (*p == '%' && p + 1 < end && p[1] == ':')) {
            p = skip_directive(p, end);
        } else {
            size_t here = (size_t)(p - text), skip = 0;
            for (size_t i = 0; i < f->sites.n_sites; i++)
                if (f->sites.sites[i].is_operator && f->sites.sites[i].begin == here)
                    skip = f->sites.sites[i].end;
            if (!skip)
                return here;
            p = text + skip;
        }
    }
    return f->src.len;
}

/* Only words, parentheses and strings between: attributes, empty macros. */
static bool is_prefix_of_declaration(const struct unit_file *f, size_t from, size_t to)
{
    const char *text = f->src.text;
    for (const char *p = text + from; p < text + to; p++) {
        const char *after = skip_comment(p, text + to);
        if (after != p) {
            p = after - 1;
            continue;
        }
        if (strchr(";{}=", *p))
            return false;
        if (*p == '#')
            p = skip_directive(p, text + to);
    }
    return true;
}

static struct top_level *target_of(struct finder *fd, const struct unit_file *f, size_t at,
                                   unsigned *n_declarators)
{
    size_t from = next_token(f, at);
    struct top_level *best = NULL;
    for (size_t i = 0; i < fd->fe->n_tops; i++) {
        struct top_level *t = &fd->fe->tops[i];
        if (t->file != f || t->begin < from)
            continue;
        if (!best || t->begin < best->begin)
            best = t;
    }
    if (!best || !is_prefix_of_declaration(f, from, best->begin))
        return NULL;
    *n_declarators = 0;
    for (size_t i = 0; i < fd->fe->n_tops; i++) {
        struct top_level *t = &fd->fe->tops[i];
        if (t->file != f || t->begin != best->begin)
            continue;
        if (t->kind != TOP_OTHER)
            (*n_declarators)++;
        /* `struct s { ... } *f(void)`: the tag's declaration comes first. */
        if (t->kind == TOP_FUNCTION && best->kind != TOP_FUNCTION)
            best = t;
    }
    return best;
}

/* ---- functions ---- */

static struct memo_function *find_function(struct annotations *an, const struct function *fn)
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

static const char *const *names_of(struct finder *fd, const struct top_level *t)
{
    const char **names = arena_alloc(fd->arena, (t->n_params + 1) * sizeof *names);
    for (size_t i = 0; i < t->n_params; i++)
        names[i] = t->params[i]->name;
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

static void merge(struct finder *fd, struct memo_function *mf, const struct annotation *a,
                  const struct top_level *top)
{
    if (mf->top == top) {
        diag_report(fd->diag, err_annotated_twice, a->range, mf->fn->name);
        diag_report(fd->diag, note_annotated_here, mf->annotation->range);
        return;
    }
    struct renaming r = {names_of(fd, top), mf->scope.names, top->n_params};
    if (!a->has_errors && !mf->annotation->has_errors &&
        !annotation_equal_as(a, mf->annotation, rename_parameter, &r)) {
        diag_report(fd->diag, err_annotations_differ, a->range, mf->fn->name);
        diag_report(fd->diag, note_annotated_here, mf->annotation->range);
    }
}

static void add_memo(struct finder *fd, const struct pragma_site *site, const struct annotation *a,
                     struct top_level *top)
{
    struct memo_function *mf = find_function(fd->an, top->fn);
    if (mf) {
        merge(fd, mf, a, top);
        return;
    }
    mf = ARENA_NEW(fd->arena, struct memo_function);
    mf->fn = top->fn;
    mf->annotation = a;
    mf->site = site;
    mf->top = top;
    mf->definition = definition_of(fd, top->fn);
    mf->is_external = annotation_clause(a, CLAUSE_external) != NULL;
    mf->scope =
        (struct scope){.fe = fd->fe, .fn = top->fn, .names = names_of(fd, top), .diag = fd->diag};
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

/* ---- sites ---- */

/* A pragma operator is no part of the header it stands before. */
static void trim_header(const struct unit_file *f, const struct pragma_site *site,
                        struct top_level *top)
{
    struct function *fn = top ? top->fn : NULL;
    if (fn && top->is_definition && site->is_macro && site->begin == site->end)
        fn->has_pragma_in_header = true;
    if (!fn || !top->is_definition || fn->header.src != &f->src || fn->header.begin >= site->end ||
        site->end > fn->name_range.begin)
        return;
    fn->header.begin = next_token(f, site->end);
}

static void add_site(struct finder *fd, const struct unit_file *f, const struct pragma_site *site)
{
    struct annotation *a = pragma_parse(fd->arena, site, fd->fe->macros, fd->diag);
    unsigned n_declarators = 0;
    struct top_level *top = target_of(fd, f, site->end, &n_declarators);
    trim_header(f, site, top);
    if (site->kind != PRAGMA_MEMO) {
        diag_report(fd->diag, warn_not_yet, a->range, pragma_kind_name(site->kind));
        return;
    }
    if (!top || top->kind != TOP_FUNCTION) {
        diag_report(fd->diag, err_nothing_to_annotate, a->range, pragma_kind_name(site->kind),
                    "a function");
        return;
    }
    if (n_declarators > 1) {
        diag_report(fd->diag, err_several_declarators, a->range);
        return;
    }
    add_memo(fd, site, a, top);
}

static void find_macro_sites(struct finder *fd)
{
    for (size_t i = 0; i < fd->fe->n_expansions; i++) {
        const struct expansion *e = &fd->fe->expansions[i];
        if (!macro_may_make_pragma(fd->fe->macros, e->name, strlen(e->name)))
            continue;
        struct strbuf text = STRBUF_INIT;
        char **pragmas;
        bool rest = false;
        size_t n = 0;
        if (macro_expand(fd->fe->macros, e->file->src.text + e->begin, e->end - e->begin, &text))
            n = macro_pragmas(fd->arena, text.buf, text.len, &pragmas, &rest);
        for (size_t j = 0; j < n; j++) {
            struct pragma_site *site = ARENA_NEW(fd->arena, struct pragma_site);
            if (!site_of_macro(site, fd->arena, &e->file->src, e->begin, e->end, pragmas[j],
                               strlen(pragmas[j])))
                continue;
            struct annotations *an = fd->an;
            ARENA_PUSH(fd->arena, an->macro_sites, an->n_macro_sites, an->cap_macro_sites) =
                (struct macro_site){e->file, site, rest || n > 1};
            if (rest)
                site->end = site->begin; /* the rest of the macro is what it annotates */
            add_site(fd, e->file, site);
        }
        strbuf_release(&text);
    }
}

struct annotations *annotations_find(struct frontend *fe, struct diag_engine *diag)
{
    struct arena *arena = fe->facts.arena;
    struct finder fd = {ARENA_NEW(arena, struct annotations), fe, diag, arena};
    fd.an->fe = fe;
    fd.an->diag = diag;
    for (size_t i = 0; i < fe->n_files; i++)
        for (size_t j = 0; j < fe->files[i].sites.n_sites; j++)
            if (fe->files[i].is_active[j])
                add_site(&fd, &fe->files[i], &fe->files[i].sites.sites[j]);
    find_macro_sites(&fd);
    return fd.an;
}

void annotations_blank_macros(const struct annotations *an, struct edit_list *edits)
{
    for (size_t i = 0; i < an->n_macro_sites; i++) {
        const struct macro_site *m = &an->macro_sites[i];
        if (!m->has_rest)
            edit_add(edits, (struct edit){.file = m->file,
                                          .begin = m->site->begin,
                                          .end = m->site->end,
                                          .text = ""});
    }
}
