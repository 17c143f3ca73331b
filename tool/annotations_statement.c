/* annotations_statement.c - pragmas inside functions: the statement, loop or block they stand
 * before, and what is in sight there.
 *
 * A pragma inside a function annotates the statement that begins right behind it: the
 * outermost node whose text begins there. */
#include <string.h>

#include "annotations_private.h"
#include "base/strbuf.h"
#include "clex.h"
#include "node.h"

/* ---- what a pragma stands before ---- */

struct top_level *annotations_enclosing(struct finder *fd, const struct unit_file *f, size_t at)
{
    for (size_t i = 0; i < fd->fe->n_tops; i++) {
        struct top_level *t = &fd->fe->tops[i];
        if (t->kind != TOP_FUNCTION || !t->is_definition || t->file != f || at >= t->end)
            continue;
        if (at > (t->fn->is_macro_body ? t->begin : t->fn->body.begin))
            return t;
    }
    return NULL;
}

static const struct node *first_at(const struct node *n, const struct source *src, size_t at)
{
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *kid = n->kids[i];
        if (kid->range.src != src || at < kid->range.begin)
            continue;
        if (kid->range.begin == at)
            return kid;
        const struct node *found = first_at(kid, src, at);
        if (found)
            return found;
    }
    return NULL;
}

/* The index behind the attribute or _Pragma that begins at tokens->items[i]; i if there is none. */
static size_t skip_attribute(const struct ctokens *tokens, size_t i)
{
    const struct ctoken *t = &tokens->items[i];
    bool is_bracket = ctoken_is(t, "[");
    if (!is_bracket && !ctoken_is(t, "__attribute__") && !ctoken_is(t, "__attribute") &&
        !ctoken_is(t, "_Pragma"))
        return i;
    unsigned depth = is_bracket;
    for (size_t k = i + 1; k < tokens->n; k++) {
        t = &tokens->items[k];
        depth += ctoken_is(t, "(") || ctoken_is(t, "[");
        depth -= depth && (ctoken_is(t, ")") || ctoken_is(t, "]"));
        if (depth == 0)
            return k + 1;
    }
    return i;
}

/* Behind an attribute, or an invocation that makes nothing but those and pragmas. */
static size_t skip_attributes(struct finder *fd, const struct unit_file *f, size_t at)
{
    const struct expansion *e = frontend_expansion(fd->fe, &f->src, at);
    struct ctokens tokens = {0};
    if (!e) {
        ctokens_lex(&tokens, fd->arena, f->src.text + at, f->src.len - at);
        size_t n = tokens.n ? skip_attribute(&tokens, 0) : 0;
        return n ? sites_next_token(&f->src, at + tokens.items[n - 1].end) : at;
    }
    struct strbuf text = STRBUF_INIT;
    bool ok = macro_expand(fd->fe->macros, f->src.text + e->begin, e->end - e->begin, &text);
    if (ok)
        ctokens_lex(&tokens, fd->arena, arena_strndup(fd->arena, text.buf, text.len), text.len);
    strbuf_release(&text);
    size_t i = 0;
    for (size_t next; i < tokens.n && (next = skip_attribute(&tokens, i)) != i;)
        i = next;
    return ok && i == tokens.n ? sites_next_token(&f->src, e->end) : at;
}

const struct node *annotations_statement(struct finder *fd, const struct unit_file *f, size_t at,
                                         struct function *fn)
{
    const struct node *body = frontend_body(fd->fe, fn);
    at = sites_next_token(&f->src, at);
    const struct node *n = body ? first_at(body, &f->src, at) : NULL;
    for (size_t next; body && !n && (next = skip_attributes(fd, f, at)) != at;) {
        at = next;
        n = first_at(body, &f->src, at);
    }
    return n;
}

/* Directives that have no statement of their own. */
static bool stands_alone(const char *text, size_t len)
{
    static const char *const words[] = {"barrier", "taskwait",      "taskyield", "flush",
                                        "cancel",  "threadprivate", "declare",   "depobj"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(text, len, words[i], strlen(words[i])))
            return true;
    return false;
}

bool annotations_is_directed(const struct unit_file *file, const struct node *n)
{
    for (size_t i = 0; i < file->sites.n_directives; i++) {
        const struct parallel_directive *d = &file->sites.directives[i];
        if (!d->is_inactive && n->range.src == &file->src && d->end <= n->range.begin &&
            !stands_alone(file->src.text + d->begin, d->end - d->begin) &&
            sites_next_token(&file->src, d->end) == n->range.begin)
            return true;
    }
    return false;
}

bool annotations_in_construct(struct finder *fd, const struct unit_file *file, const struct node *n)
{
    for (; fd->fe->has_openmp && n; n = n->parent)
        if (annotations_is_directed(file, n))
            return true;
    return false;
}

/* ---- blocks ---- */

static bool holds(const struct node *n, const struct source *src, size_t at)
{
    return n->range.src == src && n->range.begin < at && at < n->range.end;
}

/* The innermost { } of n that holds the place, or NULL. */
static const struct node *block_at(const struct node *n, const struct source *src, size_t at)
{
    const struct node *found = node_is_block(n) && holds(n, src, at) ? n : NULL;
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *inner = block_at(n->kids[i], src, at);
        if (inner)
            return inner;
    }
    return found;
}

/* The label or case at the end of a chain of them whose statement begins at `next`. */
static const struct node *label_before(const struct node *n, size_t next)
{
    while (n && (n->kind == NODE_LABEL || n->kind == NODE_CASE) && n->n_kids) {
        const struct node *last = n->kids[n->n_kids - 1];
        if (last->range.begin == next)
            return n;
        n = last;
    }
    return NULL;
}

bool annotations_place(struct finder *fd, const struct unit_file *file,
                       const struct pragma_site *site, struct function *fn,
                       struct pragma_place *out)
{
    const struct node *body = frontend_body(fd->fe, fn);
    *out = (struct pragma_place){.block = body ? block_at(body, &file->src, site->begin) : NULL};
    if (!out->block)
        return false;
    size_t next = sites_next_token(&file->src, site->end);
    while (out->before < out->block->n_kids && out->block->kids[out->before]->range.begin < next)
        out->before++;
    if (site->is_macro && site->begin == site->end)
        return false;
    const struct node *above = out->before ? out->block->kids[out->before - 1] : NULL;
    if (!above)
        return true;
    struct src_range range = above->range;
    stmt_range(fd->fe, above, &range);
    if (site->begin >= range.end)
        return true;
    out->before--;
    out->label = label_before(above, next);
    return out->label != NULL;
}

int annotations_compare_places(const struct unit_file *a_file, const struct node *a,
                               const struct unit_file *b_file, const struct node *b)
{
    const struct src_range *x = &a->range, *y = &b->range;
    if (a_file != b_file)
        return a_file < b_file ? -1 : 1;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

/* ---- clauses ---- */

struct variables {
    struct variable **items;
    size_t n, cap;
};

static void add_declared(struct finder *fd, const struct node *d, struct variables *out)
{
    if (d->kind == NODE_DECL)
        ARENA_PUSH(fd->arena, out->items, out->n, out->cap) = d->var;
    else if (d->is_declaration)
        for (size_t i = 0; i < d->n_kids; i++)
            add_declared(fd, d->kids[i], out);
}

size_t annotations_declared(struct finder *fd, const struct node *d, struct variable ***out)
{
    struct variables found = {0};
    add_declared(fd, d, &found);
    *out = found.items;
    return found.n;
}

size_t annotations_locals(struct finder *fd, const struct node *root, struct variable ***out)
{
    struct variables found = {0};
    for (const struct node *inner = root; inner->parent; inner = inner->parent) {
        const struct node *outer = inner->parent;
        for (size_t i = 0; i < outer->n_kids && outer->kids[i] != inner; i++)
            add_declared(fd, outer->kids[i], &found);
    }
    *out = found.items;
    return found.n;
}

void annotations_scope(struct finder *fd, struct function *fn, struct scope *out)
{
    const char **names = arena_alloc(fd->arena, (fn->n_params + 1) * sizeof *names);
    for (size_t i = 0; i < fn->n_params; i++)
        names[i] = fn->params[i]->name;
    *out = (struct scope){.fe = fd->fe, .fn = fn, .names = names, .diag = fd->diag};
}

static bool visit_volatile(const struct cexpr *e, void *arg)
{
    const void **a = arg;
    const struct type *t = e->kind == CEXPR_SIZEOF ? NULL : scope_type(a[0], e);
    if (t && t->is_volatile && !a[1])
        a[1] = e;
    return e->kind != CEXPR_SIZEOF;
}

bool annotations_check_value(const struct scope *s, const struct cexpr *e)
{
    const void *found[] = {s, NULL};
    if (!scope_check(s, e))
        return false;
    cexpr_walk(e, visit_volatile, found);
    if (found[1])
        diag_report(s->diag, err_clause_side_effect, e->range);
    return !found[1];
}
