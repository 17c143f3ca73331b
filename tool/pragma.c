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
 * Names of clauses are taken as written; their arguments are macro-expanded
 * first. An error in one clause doesn't hide those in the next. */
#include "pragma.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "clex.h"
#include "diag.h"
#include "macro.h"
#include "nearest.h"
#include "sites.h"

enum form {
    FORM_NOTHING,
    FORM_SHAPES,
    FORM_RETURNS,
    FORM_ALIGN,
    FORM_LVALUES,
    FORM_NAMES,
    FORM_TWO_NAMES,
    FORM_EXPR,
    FORM_EXPRS,
    FORM_FILE,
    FORM_STRING,
    FORM_OPTIONAL_STRING,
    FORM_TIER,
    FORM_DURATION,
    FORM_EVERY,
    FORM_PARAMS,
    FORM_RNG,
    FORM_SIGNALS,
};

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
    [FORM_SHAPES] = "(p[:n])",    [FORM_RETURNS] = "([:n])", [FORM_ALIGN] = "(64)",
    [FORM_LVALUES] = "(p)",       [FORM_NAMES] = "(g)",      [FORM_TWO_NAMES] = "(get, set)",
    [FORM_EXPR] = "(expression)", [FORM_EXPRS] = "(x, y)",   [FORM_FILE] = "(path)",
    [FORM_STRING] = "(\"text\")", [FORM_TIER] = "(disk)",    [FORM_DURATION] = "(500ms)",
    [FORM_EVERY] = "(30s)",       [FORM_PARAMS] = "((1, 2), (1, 3))",
    [FORM_RNG] = "(random)",      [FORM_SIGNALS] = "(TERM)", [FORM_OPTIONAL_STRING] = "",
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

struct parser {
    struct arena *arena;
    struct diag_engine *diag;
    const struct macro_table *macros;
    const struct pragma_site *site;
    struct annotation *annotation;
    size_t cap_clauses;
    struct ctokens raw; /* of the pragma, as written */
    size_t at;
    struct cexpr_parser expr; /* over the argument of the current clause, expanded */
    struct clause *clause;
    size_t cap_shapes, cap_exprs;
};

/* ---- places ---- */

static struct src_range range_of(const struct parser *p, size_t begin, size_t end)
{
    return cexpr_range(&p->expr.place, begin, end);
}

static struct src_range token_range(const struct parser *p, const struct ctoken *t)
{
    return range_of(p, t->begin, t->end);
}

/* The next token of the argument, or where it ends. */
static struct src_range here(const struct parser *p)
{
    if (p->expr.at < p->expr.n)
        return token_range(p, &p->expr.tokens[p->expr.at]);
    return range_of(p, p->expr.end, p->expr.end);
}

static void failed(struct parser *p)
{
    p->annotation->has_errors = true;
}

#define FAIL(p, id, range, ...)                                                                    \
    do {                                                                                           \
        diag_report((p)->diag, id, range, ##__VA_ARGS__);                                          \
        failed(p);                                                                                 \
    } while (0)

/* ---- tokens of an argument ---- */

static const struct ctoken *peek(const struct parser *p)
{
    return p->expr.at < p->expr.n ? &p->expr.tokens[p->expr.at] : NULL;
}

static bool is(const struct parser *p, const char *spelling)
{
    return peek(p) && ctoken_is(peek(p), spelling);
}

static bool accept(struct parser *p, const char *spelling)
{
    if (!is(p, spelling))
        return false;
    p->expr.at++;
    return true;
}

/* After an error: to the next comma outside brackets, or the end. */
static void skip_item(struct parser *p)
{
    int depth = 0;
    for (; peek(p); p->expr.at++) {
        if (is(p, "(") || is(p, "[") || is(p, "{"))
            depth++;
        else if (is(p, ")") || is(p, "]") || is(p, "}"))
            depth--;
        else if (depth <= 0 && is(p, ","))
            return;
    }
}

/* Between items: a comma, or the end. */
static bool next_item(struct parser *p)
{
    if (!peek(p))
        return false;
    if (accept(p, ","))
        return true;
    FAIL(p, err_clause_stray, here(p), peek(p)->text);
    skip_item(p);
    return accept(p, ",");
}

static void expect_end(struct parser *p)
{
    if (peek(p))
        FAIL(p, err_clause_stray, here(p), peek(p)->text);
}

static struct cexpr *parse_expr(struct parser *p, bool takes_sections)
{
    p->expr.takes_sections = takes_sections;
    struct cexpr *e = cexpr_parse(&p->expr);
    if (!e) {
        failed(p);
        skip_item(p);
    }
    return e;
}

/* The text as written between two tokens, blanks made single. */
static const char *text_between(struct parser *p, size_t first, size_t last)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = first; i < last; i++) {
        const struct ctoken *t = &p->expr.tokens[i];
        if (i > first && t->has_blank)
            strbuf_addc(&out, ' ');
        strbuf_add(&out, t->text, t->len);
    }
    const char *text = arena_strndup(p->arena, out.buf, out.len);
    strbuf_release(&out);
    return text;
}

static struct src_range range_between(struct parser *p, size_t first, size_t last)
{
    if (last <= first)
        return here(p);
    struct src_range r = token_range(p, &p->expr.tokens[first]);
    struct src_range e = token_range(p, &p->expr.tokens[last - 1]);
    r.end = e.end > r.end ? e.end : r.end;
    return r;
}

/* ---- shapes ---- */

static bool is_lvalue(const struct cexpr *e)
{
    while (e && e->kind == CEXPR_CAST)
        e = e->kids[0];
    switch (e ? e->kind : CEXPR_LITERAL) {
    case CEXPR_NAME:
    case CEXPR_MEMBER:
    case CEXPR_ARROW:
    case CEXPR_INDEX:
    case CEXPR_SECTION:
    case CEXPR_DEREF:
        return true;
    default:
        return false;
    }
}

static void add_shape(struct parser *p, struct shape shape, size_t first)
{
    shape.range = range_between(p, first, p->expr.at);
    shape.text = text_between(p, first, p->expr.at);
    ARENA_PUSH(p->arena, p->clause->shapes, p->clause->n_shapes, p->cap_shapes) = shape;
}

/* string(e), code(e): the name is one only before a parenthesis. */
static bool parse_call_shape(struct parser *p, struct shape *shape)
{
    if (p->expr.at + 1 >= p->expr.n || !ctoken_is(&p->expr.tokens[p->expr.at + 1], "("))
        return false;
    if (is(p, "string"))
        shape->kind = SHAPE_STRING;
    else if (is(p, "code"))
        shape->kind = SHAPE_CODE;
    else
        return false;
    p->expr.at += 2;
    shape->expr = parse_expr(p, false);
    if (shape->expr && !accept(p, ")")) {
        FAIL(p, err_expr_expected_token, here(p), ")");
        shape->expr = NULL;
        skip_item(p);
    }
    return true;
}

static void parse_shape(struct parser *p)
{
    struct shape shape = {.kind = SHAPE_OBJECT};
    size_t first = p->expr.at;
    if (parse_call_shape(p, &shape)) {
        if (shape.expr)
            add_shape(p, shape, first);
        return;
    }
    const struct ctoken *next = p->expr.at + 1 < p->expr.n ? &p->expr.tokens[p->expr.at + 1] : NULL;
    bool is_alloc = is(p, "alloc") && next && (next->kind == CLEX_NAME || ctoken_is(next, "(") ||
                                               ctoken_is(next, "*"));
    if (is_alloc) {
        if (p->clause->id != CLAUSE_out) {
            FAIL(p, err_shape_place, here(p), "alloc", "out");
            skip_item(p);
            return;
        }
        p->expr.at++;
        shape.kind = SHAPE_ALLOC;
    }
    shape.expr = parse_expr(p, true);
    if (!shape.expr)
        return;
    if (!is_lvalue(shape.expr)) {
        FAIL(p, err_shape_lvalue, shape.expr->range);
        diag_report(p->diag, note_shapes, shape.expr->range);
        return;
    }
    if (is_alloc && shape.expr->kind != CEXPR_SECTION) {
        FAIL(p, err_shape_section, shape.expr->range);
        return;
    }
    add_shape(p, shape, first);
}

static void parse_align(struct parser *p);

static void parse_section(struct parser *p, struct shape *shape)
{
    if (!is(p, "[")) {
        FAIL(p, err_shape_section, here(p));
        skip_item(p);
        return;
    }
    p->expr.takes_sections = true;
    shape->expr = cexpr_parse_section(&p->expr);
    if (!shape->expr) {
        failed(p);
        skip_item(p);
    }
}

static void parse_returns(struct parser *p)
{
    struct shape shape = {0};
    size_t first = p->expr.at;
    if (is(p, "[")) {
        shape.kind = SHAPE_RETURN_SECTION;
        parse_section(p, &shape);
    } else if (accept(p, "view")) {
        shape.kind = SHAPE_RETURN_VIEW;
        parse_section(p, &shape);
    } else if (accept(p, "string")) {
        shape.kind = SHAPE_RETURN_STRING;
    } else if (is(p, "static") && p->expr.at + 1 < p->expr.n &&
               ctoken_is(&p->expr.tokens[p->expr.at + 1], "string")) {
        p->expr.at += 2;
        shape.kind = SHAPE_RETURN_STATIC;
    } else if (accept(p, "in")) {
        shape.kind = SHAPE_RETURN_IN;
        shape.expr = parse_expr(p, false);
    } else {
        FAIL(p, err_returns_form, here(p));
        diag_report(p->diag, note_returns_forms, here(p));
        p->expr.at = p->expr.n;
        return;
    }
    if (p->annotation->has_errors && !shape.expr && shape.kind != SHAPE_RETURN_STRING &&
        shape.kind != SHAPE_RETURN_STATIC)
        return;
    add_shape(p, shape, first);
    accept(p, ",");
    if (is(p, "align"))
        parse_align(p);
    if (peek(p))
        FAIL(p, err_clause_too_many, here(p), "returns", "one shape");
}

/* ---- literals ---- */

static bool unescape(struct strbuf *out, const char *s, size_t n)
{
    static const char letters[] = "abefnrtv\\'\"?", values[] = "\a\b\033\f\n\r\t\v\\'\"?";
    for (size_t i = 0; i < n; i++) {
        if (s[i] != '\\') {
            strbuf_addc(out, s[i]);
            continue;
        }
        const char *at = ++i < n ? strchr(letters, s[i]) : NULL;
        if (at && *at) {
            strbuf_addc(out, values[at - letters]);
        } else if (i < n && s[i] >= '0' && s[i] <= '7') {
            unsigned v = 0;
            for (int k = 0; k < 3 && i < n && s[i] >= '0' && s[i] <= '7'; k++, i++)
                v = v * 8 + (unsigned)(s[i] - '0');
            i--;
            if (v == 0 || v > 255)
                return false;
            strbuf_addc(out, (char)v);
        } else {
            return false;
        }
    }
    return true;
}

static void parse_string(struct parser *p, bool may_be_empty)
{
    struct strbuf out = STRBUF_INIT;
    size_t first = p->expr.at;
    bool ok = true;
    if (!peek(p) || peek(p)->kind != CLEX_STRING) {
        FAIL(p, err_clause_string, here(p), clause_name(p->clause->id));
        p->expr.at = p->expr.n;
        return;
    }
    for (; peek(p) && peek(p)->kind == CLEX_STRING; p->expr.at++) {
        const struct ctoken *t = peek(p);
        ok &= !t->is_open && t->text[0] == '"' && t->len >= 2 &&
              unescape(&out, t->text + 1, t->len - 2);
    }
    if (!ok)
        FAIL(p, err_clause_string_value, range_between(p, first, p->expr.at),
             clause_name(p->clause->id));
    else if (out.len == 0 && !may_be_empty)
        FAIL(p, err_clause_empty_string, range_between(p, first, p->expr.at),
             clause_name(p->clause->id));
    p->clause->string = arena_strndup(p->arena, out.buf, out.len);
    strbuf_release(&out);
    expect_end(p);
}

/* "500ms", also in two tokens; nanoseconds. */
static bool read_duration(struct parser *p, long long *ns)
{
    static const struct {
        const char *unit;
        double ns;
    } units[] = {{"ns", 1},       {"us", 1e3},     {"ms", 1e6},      {"s", 1e9},
                 {"m", 60e9},     {"h", 3600e9},   {"d", 86400e9},   {"w", 604800e9}};
    const struct ctoken *t = peek(p);
    if (!t || t->kind != CLEX_NUMBER)
        return false;
    char *unit;
    double v = strtod(t->text, &unit);
    p->expr.at++;
    if (!*unit && peek(p) && peek(p)->kind == CLEX_NAME)
        unit = (char *)p->expr.tokens[p->expr.at++].text;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].unit) != 0)
            continue;
        v *= units[i].ns;
        if (!(v >= 0 && v < 9e18))
            return false;
        *ns = (long long)v;
        return true;
    }
    if (v == 0 && !*unit) {
        *ns = 0;
        return true;
    }
    return false;
}

static void parse_duration(struct parser *p)
{
    size_t first = p->expr.at;
    if (!read_duration(p, &p->clause->number)) {
        FAIL(p, err_clause_duration, range_between(p, first, p->expr.at > first ? p->expr.at : first),
             clause_name(p->clause->id));
        diag_report(p->diag, note_duration, range_between(p, first, first));
        p->expr.at = p->expr.n;
    }
    expect_end(p);
}

/* align(64): of its own, or inside returns(...). */
static void parse_align(struct parser *p)
{
    bool is_inner = is(p, "align");
    struct clause *c = p->clause;
    size_t first = p->expr.at;
    if (is_inner) {
        p->expr.at++;
        if (!accept(p, "(")) {
            FAIL(p, err_expr_expected_token, here(p), "(");
            return;
        }
        static const struct clause empty;
        struct clause inner = empty;
        inner.id = CLAUSE_align;
        inner.range = inner.name_range = token_range(p, &p->expr.tokens[first]);
        size_t at = p->annotation->n_clauses;
        ARENA_PUSH(p->arena, p->annotation->clauses, p->annotation->n_clauses, p->cap_clauses) =
            inner;
        p->clause = &p->annotation->clauses[at - 1]; /* the array may have moved */
        c = &p->annotation->clauses[at];
    }
    const struct ctoken *t = peek(p);
    char *end = NULL;
    unsigned long v = t && t->kind == CLEX_NUMBER ? strtoul(t->text, &end, 0) : 0;
    if (!end || *end || v == 0 || (v & (v - 1)) || v > 1u << 30)
        FAIL(p, err_clause_align, here(p));
    if (t)
        p->expr.at++;
    c->number = (long long)v;
    if (is_inner && !accept(p, ")"))
        FAIL(p, err_expr_expected_token, here(p), ")");
    if (!is_inner)
        expect_end(p);
}

static void parse_word(struct parser *p, const char *const *words, size_t n, const char *what,
                       const char *known)
{
    const struct ctoken *t = peek(p);
    for (size_t i = 0; t && i < n; i++)
        if (ctoken_is(t, words[i]))
            p->clause->word = words[i];
    if (!p->clause->word) {
        const char *best = t ? nearest_of(t->text, words, n) : NULL;
        FAIL(p, err_clause_word, here(p), t ? t->text : "", what);
        if (best)
            diag_report(p->diag, note_did_you_mean, here(p), best);
        else
            diag_report(p->diag, note_known_words, here(p), known);
    }
    if (t)
        p->expr.at++;
    expect_end(p);
}

/* every(30s), every(1000 iterations), every(1%) */
static void parse_every(struct parser *p)
{
    const struct ctoken *t = peek(p), *next = p->expr.at + 1 < p->expr.n ? t + 1 : NULL;
    char *end = NULL;
    double v = t && t->kind == CLEX_NUMBER ? strtod(t->text, &end) : 0;
    if (next && end && !*end && (ctoken_is(next, "iterations") || ctoken_is(next, "iteration"))) {
        p->clause->word = "iterations";
        p->clause->number = (long long)v;
        if (v < 1 || v > 9e15)
            FAIL(p, err_clause_range, here(p), t->text);
        p->expr.at += 2;
        expect_end(p);
    } else if (next && end && !*end && ctoken_is(next, "%")) {
        p->clause->word = "%";
        p->clause->number = (long long)(v * 10000);
        if (!(v > 0 && v <= 100))
            FAIL(p, err_clause_range, here(p), t->text);
        p->expr.at += 2;
        expect_end(p);
    } else {
        p->clause->word = "s";
        parse_duration(p);
    }
}

/* ---- lists of expressions ---- */

static void add_expr(struct parser *p, struct cexpr *e)
{
    ARENA_PUSH(p->arena, p->clause->exprs, p->clause->n_exprs, p->cap_exprs) = e;
}

static void parse_exprs(struct parser *p, enum form form)
{
    const char *name = clause_name(p->clause->id);
    do {
        struct cexpr *e = parse_expr(p, false);
        if (!e)
            continue;
        if (form == FORM_LVALUES && !is_lvalue(e))
            FAIL(p, err_clause_lvalue, e->range, name);
        else if ((form == FORM_NAMES || form == FORM_TWO_NAMES || form == FORM_SIGNALS) &&
                 e->kind != CEXPR_NAME)
            FAIL(p, err_clause_name, e->range, name);
        else
            add_expr(p, e);
    } while (next_item(p));
    if (form == FORM_TWO_NAMES && p->clause->n_exprs != 2)
        FAIL(p, err_clause_too_many, p->clause->range, name, "two functions");
    if (form == FORM_EXPR && p->clause->n_exprs > 1)
        FAIL(p, err_clause_too_many, p->clause->exprs[1]->range, name, "one expression");
}

static void parse_rng(struct parser *p)
{
    static const char *const words[] = {"rand", "random", "rand48"};
    for (size_t i = 0; i < 3; i++)
        if (p->expr.n == 1 && is(p, words[i])) {
            p->clause->word = words[i];
            p->expr.at++;
            return;
        }
    parse_exprs(p, FORM_LVALUES);
}

/* ---- params ---- */

struct axis_list {
    struct params_axis *axes;
    size_t n, cap;
};

static void add_value(struct parser *p, struct params_axis *axis, size_t *cap)
{
    struct cexpr *e = parse_expr(p, false);
    ARENA_PUSH(p->arena, axis->values, axis->n_values, *cap) = e;
}

static bool parse_values(struct parser *p, struct params_axis *axis, const char *close)
{
    size_t cap = 0;
    do
        add_value(p, axis, &cap);
    while (!p->annotation->has_errors && accept(p, ","));
    if (accept(p, close))
        return true;
    if (!p->annotation->has_errors)
        FAIL(p, err_expr_expected_token, here(p), close);
    return false;
}

static bool parse_axis(struct parser *p, struct params_axis *axis)
{
    size_t cap = 0;
    axis->name = peek(p)->text;
    axis->range = here(p);
    p->expr.at += 2;
    if (accept(p, "{"))
        return parse_values(p, axis, "}");
    axis->is_range = true;
    add_value(p, axis, &cap);
    for (int i = 0; i < 2 && accept(p, ":"); i++)
        add_value(p, axis, &cap);
    if (axis->n_values >= 2)
        return true;
    if (!p->annotation->has_errors)
        FAIL(p, err_params_form, here(p));
    return false;
}

static void parse_params(struct parser *p)
{
    struct params *out = ARENA_NEW(p->arena, struct params);
    struct axis_list list = {0};
    bool ok = true, has_tuple = false, has_axis = false;
    do {
        struct params_axis axis = {.range = here(p)};
        const struct ctoken *next = p->expr.at + 1 < p->expr.n ? peek(p) + 1 : NULL;
        if (accept(p, "(")) {
            has_tuple = true;
            ok = parse_values(p, &axis, ")");
            if (ok && list.n && list.axes[0].n_values != axis.n_values)
                FAIL(p, err_params_length, axis.range, axis.n_values, list.axes[0].n_values);
        } else if (peek(p) && peek(p)->kind == CLEX_NAME && next && ctoken_is(next, "=")) {
            has_axis = true;
            ok = parse_axis(p, &axis);
        } else {
            FAIL(p, err_params_form, here(p));
            ok = false;
        }
        ARENA_PUSH(p->arena, list.axes, list.n, list.cap) = axis;
    } while (ok && next_item(p));
    if (has_tuple && has_axis)
        FAIL(p, err_params_mixed, p->clause->range);
    p->expr.at = p->expr.n;
    *out = (struct params){has_axis, list.axes, list.n};
    p->clause->params = out;
}

/* ---- clauses ---- */

static void parse_argument(struct parser *p, enum form form)
{
    static const char *const tiers[] = {"memory", "disk", "shared"};
    switch (form) {
    case FORM_SHAPES:
        do
            parse_shape(p);
        while (next_item(p));
        break;
    case FORM_RETURNS:
        parse_returns(p);
        break;
    case FORM_ALIGN:
        parse_align(p);
        break;
    case FORM_STRING:
        parse_string(p, false);
        break;
    case FORM_OPTIONAL_STRING:
        parse_string(p, true);
        break;
    case FORM_TIER:
        parse_word(p, tiers, 3, "tier", "'memory', 'disk' or 'shared'");
        break;
    case FORM_DURATION:
        parse_duration(p);
        break;
    case FORM_EVERY:
        parse_every(p);
        break;
    case FORM_PARAMS:
        parse_params(p);
        break;
    case FORM_RNG:
        parse_rng(p);
        break;
    default:
        parse_exprs(p, form);
        break;
    }
}

/* The index of the bracket that closes raw[open], or raw.n. */
static size_t closing(const struct parser *p, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < p->raw.n; i++) {
        const struct ctoken *t = &p->raw.items[i];
        if (ctoken_is(t, "(") || ctoken_is(t, "[") || ctoken_is(t, "{"))
            depth++;
        else if ((ctoken_is(t, ")") || ctoken_is(t, "]") || ctoken_is(t, "}")) && --depth == 0)
            return i;
    }
    return p->raw.n;
}

/* Expand the raw tokens [first, last) for the expression parser. */
static bool expand(struct parser *p, size_t first, size_t last)
{
    struct ctokens *out = ARENA_NEW(p->arena, struct ctokens);
    const struct ctoken *bad = NULL;
    const char *why = "";
    p->expr.at = 0;
    p->expr.end = last < p->raw.n ? p->raw.items[last].begin : p->site->text_len;
    p->expr.tokens = p->raw.items + first;
    p->expr.n = last - first;
    if (!p->macros)
        return true;
    if (!macro_expand_tokens(p->macros, p->arena, p->raw.items + first, last - first, out, &bad,
                             &why)) {
        FAIL(p, err_clause_expansion, bad ? token_range(p, bad) : here(p), bad ? bad->text : "",
             why);
        return false;
    }
    p->expr.tokens = out->items;
    p->expr.n = out->n;
    return true;
}

static const char *const all_names[] = {
#define CLAUSE(id, name, where, form) name,
#include "pragma.def"
};

static int clause_by_name(const struct ctoken *t)
{
    for (int i = 0; i < CLAUSE_COUNT; i++)
        if (ctoken_is(t, infos[i].name))
            return i;
    return -1;
}

static void report_unknown(struct parser *p, const struct ctoken *t)
{
    const char *names[CLAUSE_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < CLAUSE_COUNT; i++)
        if (infos[i].where & kind_bits[p->site->kind])
            names[n++] = all_names[i];
    FAIL(p, err_clause_unknown, token_range(p, t), t->text, pragma_kind_name(p->site->kind));
    const char *best = nearest_of(t->text, names, n);
    if (best)
        diag_report(p->diag, note_did_you_mean, token_range(p, t), best);
}

static const char *owner_of(unsigned where)
{
    for (int k = 0; k < PRAGMA_KINDS; k++)
        if (where & kind_bits[k])
            return pragma_kind_name((enum pragma_kind)k);
    return "";
}

/* Is the clause allowed here, and for the first time? */
static bool check_place(struct parser *p, enum clause_id id, const struct ctoken *t)
{
    struct src_range at = token_range(p, t);
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

static void report_missing_argument(struct parser *p, enum clause_id id, struct src_range at)
{
    FAIL(p, err_clause_no_argument, at, clause_name(id));
    diag_report(p->diag, note_clause_form, at,
                arena_printf(p->arena, "%s%s", clause_name(id), form_texts[infos[id].form]));
}

/* One clause from raw[at]; stands behind it afterwards. */
static void parse_clause(struct parser *p)
{
    const struct ctoken *t = &p->raw.items[p->at];
    if (t->kind != CLEX_NAME) {
        FAIL(p, err_clause_expected, token_range(p, t), t->text);
        p->at = strchr("([{", t->text[0]) ? closing(p, p->at) + 1 : p->at + 1;
        return;
    }
    int id = clause_by_name(t);
    size_t open = p->at + 1;
    bool has_argument = open < p->raw.n && ctoken_is(&p->raw.items[open], "(");
    size_t close = has_argument ? closing(p, open) : open;
    bool is_open = has_argument && close == p->raw.n;
    p->at = has_argument && !is_open ? close + 1 : has_argument ? p->raw.n : open;
    if (id < 0) {
        report_unknown(p, t);
        return;
    }
    if (!check_place(p, (enum clause_id)id, t))
        return;
    if (is_open) {
        FAIL(p, err_clause_unbalanced, token_range(p, &p->raw.items[open]), "(", ")");
        return;
    }
    struct clause c = {.id = (enum clause_id)id, .name_range = token_range(p, t)};
    c.range = has_argument ? range_of(p, t->begin, p->raw.items[close].end) : c.name_range;
    enum form form = infos[id].form;
    if (form == FORM_NOTHING && has_argument) {
        FAIL(p, err_clause_argument, token_range(p, &p->raw.items[open]), t->text);
        return;
    }
    bool needs = form != FORM_NOTHING && form != FORM_OPTIONAL_STRING;
    if (needs && (!has_argument || close == open + 1)) {
        report_missing_argument(p, c.id, c.range);
        return;
    }
    size_t at = p->annotation->n_clauses;
    ARENA_PUSH(p->arena, p->annotation->clauses, p->annotation->n_clauses, p->cap_clauses) = c;
    p->clause = &p->annotation->clauses[at];
    p->cap_shapes = p->cap_exprs = 0;
    if (has_argument && form != FORM_NOTHING && expand(p, open + 1, close))
        parse_argument(p, form);
}

/* ---- what goes together ---- */

static void check_needs(struct parser *p, enum clause_id a, enum clause_id b)
{
    const struct clause *c = annotation_clause(p->annotation, a);
    if (c && !annotation_clause(p->annotation, b))
        FAIL(p, err_clause_needs, c->name_range, clause_name(a), clause_name(b));
}

static void check_alone(struct parser *p, enum clause_id a)
{
    const struct clause *c = annotation_clause(p->annotation, a);
    if (c && p->annotation->n_clauses > 1)
        FAIL(p, err_clause_alone, c->name_range, clause_name(a));
}

static size_t n_items(const struct clause *c)
{
    return c->n_shapes + c->n_exprs;
}

static const struct cexpr *item(const struct clause *c, size_t i)
{
    return i < c->n_shapes ? c->shapes[i].expr : c->exprs[i - c->n_shapes];
}

static const char *item_text(struct parser *p, const struct clause *c, size_t i)
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

static void check_disjoint(struct parser *p, enum clause_id a, enum clause_id b)
{
    const struct clause *x = annotation_clause(p->annotation, a);
    const struct clause *y = annotation_clause(p->annotation, b);
    for (size_t i = 0; x && y && i < n_items(x); i++)
        for (size_t j = 0; j < n_items(y); j++) {
            const struct cexpr *e = item(x, i), *f = item(y, j);
            if (!e || !f)
                continue;
            bool meets = y->n_exprs ? is_on_the_way(e, f) : cexpr_equal(e, f);
            if (meets)
                FAIL(p, err_clause_disjoint, e->range, item_text(p, x, i), clause_name(a),
                     clause_name(b));
        }
}

static void check_items_once(struct parser *p, const struct clause *c)
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

static void check_together(struct parser *p)
{
#define NEEDS(a, b) check_needs(p, CLAUSE_##a, CLAUSE_##b);
#define ALONE(a) check_alone(p, CLAUSE_##a);
#define DISJOINT(a, b) check_disjoint(p, CLAUSE_##a, CLAUSE_##b);
#include "pragma.def"
    const struct annotation *a = p->annotation;
    for (size_t i = 0; i < a->n_clauses; i++)
        check_items_once(p, &a->clauses[i]);
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
    struct parser p = {.arena = arena, .diag = diag, .macros = macros, .site = site,
                       .annotation = a};
    p.expr = (struct cexpr_parser){.arena = arena, .diag = diag, .names = macros,
                                   .place = {site->src, site->offsets, site->begin, site->end}};
    ctokens_lex(&p.raw, arena, site->text, site->text_len);
    while (p.at < p.raw.n) {
        if (ctoken_is(&p.raw.items[p.at], ",") && a->n_clauses > 0)
            p.at++;
        else
            parse_clause(&p);
    }
    if (!a->has_errors)
        check_together(&p);
    return a;
}

/* ---- comparison ---- */

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
