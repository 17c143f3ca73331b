/* annotations.c - see annotations.h. */
#include "annotations.h"

#include <stdlib.h>
#include <string.h>

#include "annotations_private.h"
#include "base/strbuf.h"

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
    size_t from = sites_next_token(&f->src, at);
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
    fn->header.begin = sites_next_token(&f->src, site->end);
}

static void add_site(struct finder *fd, const struct unit_file *f, const struct pragma_site *site)
{
    struct found_site s = {.file = f, .site = site};
    s.annotation = pragma_parse(fd->arena, site, fd->fe->macros, fd->diag);
    s.top = target_of(fd, f, site->end, &s.n_declarators);
    trim_header(f, site, s.top);
    switch (site->kind) {
    case PRAGMA_MEMO:
        annotations_add_memo(fd, &s);
        return;
    case PRAGMA_CONCURRENT:
        annotations_add_concurrent(fd, &s);
        return;
    case PRAGMA_SYNCHRONIZED:
        annotations_add_synchronized(fd, &s);
        return;
    case PRAGMA_CHECKPOINT:
        annotations_add_checkpoint(fd, &s);
        return;
    case PRAGMA_KINDS:
        break;
    }
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
    struct finder fd = {
        .an = ARENA_NEW(arena, struct annotations), .fe = fe, .diag = diag, .arena = arena};
    fd.an->fe = fe;
    fd.an->diag = diag;
    for (size_t i = 0; i < fe->n_files; i++)
        for (size_t j = 0; j < fe->files[i].sites.n_sites; j++)
            if (fe->files[i].is_active[j])
                add_site(&fd, &fe->files[i], &fe->files[i].sites.sites[j]);
    find_macro_sites(&fd);
    annotations_note_memoized(fd.an);
    annotations_finish_synchronized(&fd);
    annotations_finish_checkpoints(&fd);
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
