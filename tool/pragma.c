/* pragma.c - clauses: see pragma.h.
 *
 *   clauses    = { clause [","] }
 *   clause     = name [ "(" argument ")" ]
 *   shapes     = shape { "," shape }
 *   shape      = lvalue | "string" "(" expr ")" | "code" "(" expr ")" | "alloc" section
 *   result     = section | "view" section | "string" | "static" "string" | "in" lvalue
 *   duration   = number unit
 *   grid       = name "=" ( expr ":" expr [ ":" expr ] | "{" exprs "}" ) { "," ... }
 *   tuples     = "(" exprs ")" { "," "(" exprs ")" }
 *
 * Names of clauses are taken as written; their arguments are macro-expanded first
 * and parsed in pragma_args.c. An error in one clause doesn't hide those in the next. */
#include "pragma.h"

#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "macro.h"
#include "nearest.h"
#include "pragma_private.h"

enum { M = 1, C = 2, S = 4, K = 8, MANY = 16 };

static const struct {
    const char *name;
    unsigned where;
    enum form form;
} infos[CLAUSE_COUNT] = {
#define CLAUSE(id, name, where, form) [CLAUSE_##id] = {name, where, FORM_##form},
#include "pragma.def"
};

/* How each form is written, for notes. */
static const char *const form_texts[] = {
    [FORM_SHAPES] = "(p[:n])",
    [FORM_RETURNS] = "([:n])",
    [FORM_ALIGN] = "(64)",
    [FORM_LVALUES] = "(p)",
    [FORM_NAMES] = "(g)",
    [FORM_TWO_NAMES] = "(get, set)",
    [FORM_EXPR] = "(expression)",
    [FORM_EXPRS] = "(x, y)",
    [FORM_FILE] = "(path)",
    [FORM_STRING] = "(\"text\")",
    [FORM_TIER] = "(disk)",
    [FORM_DURATION] = "(500ms)",
    [FORM_EVERY] = "(30s)",
    [FORM_PARAMS] = "((1, 2), (1, 3))",
    [FORM_RNG] = "(random)",
    [FORM_SIGNALS] = "(TERM)",
    [FORM_OPTIONAL_STRING] = "(\"text\")",
    [FORM_NOTHING] = "",
};

static const unsigned kind_bits[] = {
    [PRAGMA_MEMO] = M, [PRAGMA_CONCURRENT] = C, [PRAGMA_SYNCHRONIZED] = S, [PRAGMA_CHECKPOINT] = K};

const char *clause_name(enum clause_id id)
{
    return infos[id].name;
}

const struct clause *annotation_clause(const struct annotation *a, enum clause_id id)
{
    for (size_t i = 0; i < a->n_clauses; i++)
        if (a->clauses[i].id == id)
            return &a->clauses[i];
    return NULL;
}

/* ---- places ---- */

struct src_range pragma_token_range(const struct pragma_parser *p, const struct ctoken *t)
{
    return cexpr_range(&p->expr.place, t->begin, t->end);
}

void pragma_add_clause(struct pragma_parser *p, const struct clause *c)
{
    struct annotation *a = p->annotation;
    ARENA_PUSH(p->arena, a->clauses, a->n_clauses, p->cap_clauses) = *c;
    p->clause = &a->clauses[a->n_clauses - 1];
    p->cap_shapes = p->cap_exprs = 0;
}

/* ---- clauses ---- */

/* The index of the bracket that closes raw[open], or raw.n if they don't match. */
static size_t closing(const struct pragma_parser *p, size_t open)
{
    char expected[256];
    size_t depth = 0;
    for (size_t i = open; i < p->raw.n; i++) {
        const struct ctoken *t = &p->raw.items[i];
        if (t->kind != CLEX_PUNCT || t->len != 1)
            continue;
        const char *at = strchr("()[]{}", *t->text);
        if (!at)
            continue;
        if (strchr("([{", *t->text)) {
            if (depth == sizeof expected)
                return p->raw.n;
            expected[depth++] = at[1];
        } else if (expected[--depth] != *t->text) {
            return p->raw.n;
        } else if (depth == 0) {
            return i;
        }
    }
    return p->raw.n;
}

/* The words of this form are no macros where they stand for themselves. */
static void keep_words(struct pragma_parser *p, enum form form, size_t first, size_t last)
{
    const char *const *words = pragma_form_words(form);
    for (size_t i = first; i < last; i++)
        for (const char *const *w = words; *w; w++)
            if (ctoken_is(&p->raw.items[i], *w))
                p->raw.items[i].no_expand = true;
}

/* Expand the raw tokens [first, last) for the parsers of arguments. */
static bool expand(struct pragma_parser *p, enum form form, size_t first, size_t last)
{
    struct ctokens out = {0};
    const struct ctoken *bad = NULL;
    const char *why = "";
    p->expr.at = 0;
    p->expr.end = p->raw.items[last].begin;
    p->expr.tokens = p->raw.items + first;
    p->expr.n = last - first;
    if (!p->macros)
        return true;
    keep_words(p, form, first, last);
    if (!macro_expand_tokens(p->macros, p->arena, p->raw.items + first, last - first, &out, &bad,
                             &why)) {
        FAIL(p, err_clause_expansion, pragma_token_range(p, bad), bad->text, why);
        return false;
    }
    p->expr.tokens = out.items;
    p->expr.n = out.n;
    return true;
}

static int clause_by_name(const struct ctoken *t)
{
    for (int i = 0; i < CLAUSE_COUNT; i++)
        if (ctoken_is(t, infos[i].name))
            return i;
    return -1;
}

static void report_unknown(struct pragma_parser *p, const struct ctoken *t)
{
    const char *names[CLAUSE_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < CLAUSE_COUNT; i++)
        if (infos[i].where & kind_bits[p->site->kind])
            names[n++] = infos[i].name;
    FAIL(p, err_clause_unknown, pragma_token_range(p, t), t->text, pragma_kind_name(p->site->kind));
    const char *best = nearest_of(t->text, names, n);
    if (best)
        diag_report(p->diag, note_did_you_mean, pragma_token_range(p, t), best);
}

static const char *owner_of(unsigned where)
{
    for (int k = 0; k < PRAGMA_KINDS; k++)
        if (where & kind_bits[k])
            return pragma_kind_name((enum pragma_kind)k);
    return "";
}

/* Is the clause allowed here, and for the first time? */
static bool check_place(struct pragma_parser *p, enum clause_id id, const struct ctoken *t)
{
    struct src_range at = pragma_token_range(p, t);
    if (!(infos[id].where & kind_bits[p->site->kind])) {
        FAIL(p, err_clause_elsewhere, at, t->text, pragma_kind_name(p->site->kind));
        diag_report(p->diag, note_clause_of, at, owner_of(infos[id].where));
        return false;
    }
    const struct clause *before = annotation_clause(p->annotation, id);
    if (before && !(infos[id].where & MANY)) {
        FAIL(p, err_clause_twice, at, t->text);
        diag_report(p->diag, note_first_given, before->name_range);
        return false;
    }
    return true;
}

static void report_missing_argument(struct pragma_parser *p, enum clause_id id, struct src_range at)
{
    const char *form = form_texts[infos[id].form];
    if (id == CLAUSE_file && p->site->kind == PRAGMA_CHECKPOINT)
        form = "(stream)";
    FAIL(p, err_clause_no_argument, at, clause_name(id));
    diag_report(p->diag, note_clause_form, at,
                arena_printf(p->arena, "%s%s", clause_name(id), form));
}

/* The part of parse_clause() that is the same for all: does an argument stand where
 * the form wants one? */
static bool check_argument(struct pragma_parser *p, const struct clause *c, size_t open,
                           bool has_argument, size_t close)
{
    enum form form = infos[c->id].form;
    struct src_range at = pragma_token_range(p, &p->raw.items[has_argument ? open : open - 1]);
    if (has_argument && close == p->raw.n)
        FAIL(p, err_clause_unbalanced, at, "(", ")");
    else if (form == FORM_NOTHING && has_argument)
        FAIL(p, err_clause_argument, at, clause_name(c->id));
    else if (form != FORM_NOTHING && has_argument && close == open + 1)
        report_missing_argument(p, c->id, c->range);
    else if (form != FORM_NOTHING && form != FORM_OPTIONAL_STRING && !has_argument)
        report_missing_argument(p, c->id, c->range);
    else
        return true;
    return false;
}

/* One clause from raw[at]; stands behind it afterwards. */
static void parse_clause(struct pragma_parser *p)
{
    const struct ctoken *t = &p->raw.items[p->at];
    if (t->kind != CLEX_NAME) {
        FAIL(p, err_clause_expected, pragma_token_range(p, t), t->text);
        size_t close = strchr("([{", *t->text) ? closing(p, p->at) : p->at;
        p->at = close < p->raw.n ? close + 1 : close;
        return;
    }
    int id = clause_by_name(t);
    size_t open = p->at + 1;
    bool has_argument = open < p->raw.n && ctoken_is(&p->raw.items[open], "(");
    size_t close = has_argument ? closing(p, open) : p->at;
    p->at = close < p->raw.n ? close + 1 : close;
    if (id < 0) {
        report_unknown(p, t);
        return;
    }
    if (!check_place(p, (enum clause_id)id, t))
        return;
    struct clause c = {.id = (enum clause_id)id, .name_range = pragma_token_range(p, t)};
    c.range = c.name_range;
    if (close < p->raw.n)
        c.range = cexpr_range(&p->expr.place, t->begin, p->raw.items[close].end);
    if (!check_argument(p, &c, open, has_argument, close))
        return;
    enum form form = infos[id].form;
    pragma_add_clause(p, &c);
    if (has_argument && expand(p, form, open + 1, close))
        pragma_parse_argument(p, form);
}

/* ---- comparison ---- */

static size_t n_items(const struct clause *c)
{
    return c->n_shapes + c->n_exprs;
}

static const struct cexpr *item(const struct clause *c, size_t i)
{
    return i < c->n_shapes ? c->shapes[i].expr : c->exprs[i - c->n_shapes];
}

static bool strings_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool has_item(const struct clause *c, const struct clause *of, size_t i,
                     cexpr_rename *rename, void *arg)
{
    for (size_t j = 0; j < n_items(c); j++) {
        bool kinds = (i < of->n_shapes) == (j < c->n_shapes) &&
                     (i >= of->n_shapes || of->shapes[i].kind == c->shapes[j].kind);
        if (kinds && cexpr_equal_as(item(of, i), item(c, j), rename, arg))
            return true;
    }
    return false;
}

static bool params_equal(const struct params *a, const struct params *b)
{
    if (!a || !b)
        return a == b;
    if (a->is_grid != b->is_grid || a->n_axes != b->n_axes)
        return false;
    for (size_t i = 0; i < a->n_axes; i++) {
        if (!strings_equal(a->axes[i].name, b->axes[i].name) ||
            a->axes[i].n_values != b->axes[i].n_values)
            return false;
        for (size_t k = 0; k < a->axes[i].n_values; k++)
            if (!cexpr_equal(a->axes[i].values[k], b->axes[i].values[k]))
                return false;
    }
    return true;
}

static bool clauses_equal(const struct clause *a, const struct clause *b, cexpr_rename *rename,
                          void *arg)
{
    if (a->id != b->id || n_items(a) != n_items(b) || a->number != b->number ||
        !strings_equal(a->string, b->string) || !strings_equal(a->word, b->word) ||
        !params_equal(a->params, b->params))
        return false;
    for (size_t i = 0; i < n_items(a); i++) {
        if (a->id == CLAUSE_key) {
            if (!cexpr_equal_as(item(a, i), item(b, i), rename, arg))
                return false;
        } else if (!has_item(b, a, i, rename, arg)) {
            return false;
        }
    }
    return true;
}

bool annotation_equal_as(const struct annotation *a, const struct annotation *b,
                         cexpr_rename *rename, void *arg)
{
    if (a->kind != b->kind || a->n_clauses != b->n_clauses)
        return false;
    for (size_t i = 0; i < a->n_clauses; i++) {
        bool found = false;
        for (size_t j = 0; j < b->n_clauses; j++)
            found |= clauses_equal(&a->clauses[i], &b->clauses[j], rename, arg);
        if (!found)
            return false;
    }
    return true;
}

bool annotation_equal(const struct annotation *a, const struct annotation *b)
{
    return annotation_equal_as(a, b, NULL, NULL);
}

/* ---- what goes together ---- */

static void check_needs(struct pragma_parser *p, enum clause_id a, enum clause_id b)
{
    const struct clause *c = annotation_clause(p->annotation, a);
    if (c && !annotation_clause(p->annotation, b))
        FAIL(p, err_clause_needs, c->name_range, clause_name(a), clause_name(b));
}

static void check_alone(struct pragma_parser *p, enum clause_id a)
{
    const struct clause *c = annotation_clause(p->annotation, a);
    if (c && p->annotation->n_clauses > 1)
        FAIL(p, err_clause_alone, c->name_range, clause_name(a));
}

static const char *item_text(struct pragma_parser *p, const struct clause *c, size_t i)
{
    if (i < c->n_shapes)
        return c->shapes[i].text;
    struct strbuf out = STRBUF_INIT;
    cexpr_print(&out, item(c, i));
    const char *text = arena_strdup(p->arena, out.buf);
    strbuf_release(&out);
    return text;
}

/* Is e one of the lvalues on the way down from shape? */
static bool is_on_the_way(const struct cexpr *shape, const struct cexpr *e)
{
    for (; shape; shape = shape->n_kids ? shape->kids[0] : NULL)
        if (cexpr_equal(shape, e))
            return true;
    return false;
}

static void check_disjoint_clauses(struct pragma_parser *p, const struct clause *x,
                                   const struct clause *y)
{
    for (size_t i = 0; i < n_items(x); i++)
        for (size_t j = 0; j < n_items(y); j++) {
            const struct cexpr *e = item(x, i), *f = item(y, j);
            if (!e || !f)
                continue;
            bool meets = y->n_exprs ? is_on_the_way(e, f) : cexpr_equal(e, f);
            if (meets)
                FAIL(p, err_clause_disjoint, e->range, item_text(p, x, i), clause_name(x->id),
                     clause_name(y->id));
        }
}

static void check_disjoint(struct pragma_parser *p, enum clause_id a, enum clause_id b)
{
    const struct annotation *all = p->annotation;
    for (size_t i = 0; i < all->n_clauses; i++)
        for (size_t j = 0; all->clauses[i].id == a && j < all->n_clauses; j++)
            if (all->clauses[j].id == b)
                check_disjoint_clauses(p, &all->clauses[i], &all->clauses[j]);
}

static void check_items_once(struct pragma_parser *p, const struct clause *c)
{
    if (c->id == CLAUSE_key || c->id == CLAUSE_params)
        return;
    for (size_t i = 0; i < n_items(c); i++)
        for (size_t j = 0; j < i; j++)
            if (item(c, i) && cexpr_equal(item(c, i), item(c, j))) {
                FAIL(p, err_clause_item_twice, item(c, i)->range, item_text(p, c, i),
                     clause_name(c->id));
                break;
            }
}

/* file, env and rng may be given more than once, but not for the same thing. */
static void check_repeated(struct pragma_parser *p, const struct clause *c)
{
    if (!(infos[c->id].where & MANY))
        return;
    for (const struct clause *b = p->annotation->clauses; b < c; b++)
        if (clauses_equal(b, c, NULL, NULL)) {
            FAIL(p, err_clause_twice, c->name_range, clause_name(c->id));
            diag_report(p->diag, note_first_given, b->name_range);
            return;
        }
}

static void check_together(struct pragma_parser *p)
{
#define NEEDS(a, b) check_needs(p, CLAUSE_##a, CLAUSE_##b);
#define ALONE(a) check_alone(p, CLAUSE_##a);
#define DISJOINT(a, b) check_disjoint(p, CLAUSE_##a, CLAUSE_##b);
#include "pragma.def"
    const struct annotation *a = p->annotation;
    for (size_t i = 0; i < a->n_clauses; i++) {
        check_items_once(p, &a->clauses[i]);
        check_repeated(p, &a->clauses[i]);
    }
    const struct clause *returns = annotation_clause(a, CLAUSE_returns);
    const struct clause *tier = annotation_clause(a, CLAUSE_tier);
    const struct clause *align = annotation_clause(a, CLAUSE_align);
    enum shape_kind kind = returns && returns->n_shapes ? returns->shapes[0].kind : SHAPE_OBJECT;
    if (kind == SHAPE_RETURN_VIEW && tier && tier->word && strcmp(tier->word, "memory") == 0)
        FAIL(p, err_clause_view_memory, returns->shapes[0].range);
    if (align && returns && returns->n_shapes && kind != SHAPE_RETURN_SECTION &&
        kind != SHAPE_RETURN_VIEW)
        FAIL(p, err_clause_align_shape, align->name_range);
}

struct annotation *pragma_parse(struct arena *arena, const struct pragma_site *site,
                                const struct macro_table *macros, struct diag_engine *diag)
{
    struct annotation *a = ARENA_NEW(arena, struct annotation);
    a->kind = site->kind;
    a->range = (struct src_range){site->src, site->begin, site->end};
    struct pragma_parser p = {
        .arena = arena, .diag = diag, .macros = macros, .site = site, .annotation = a};
    p.expr = (struct cexpr_parser){.arena = arena,
                                   .diag = diag,
                                   .names = macros,
                                   .place = {site->src, site->offsets, site->begin, site->end}};
    ctokens_lex(&p.raw, arena, site->text, site->text_len);
    while (p.at < p.raw.n) {
        parse_clause(&p);
        if (p.at < p.raw.n && ctoken_is(&p.raw.items[p.at], ","))
            p.at++;
    }
    if (!a->has_errors)
        check_together(&p);
    return a;
}
