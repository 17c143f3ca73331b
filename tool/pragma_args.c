/* pragma_args.c - what stands in the parentheses of a clause; the grammar is in
 * pragma.c.
 *
 * Each parser reads p->expr.tokens from p->expr.at and fills the current clause.
 * After an error it goes on with the next item of a list where there is one, so that
 * one pragma shows all that is wrong with it. */
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "nearest.h"
#include "pragma_private.h"

/* ---- tokens ---- */

static const struct ctoken *peek(const struct pragma_parser *p, size_t ahead)
{
    return p->expr.at + ahead < p->expr.n ? &p->expr.tokens[p->expr.at + ahead] : NULL;
}

/* The next token, or where the argument ends. */
static struct src_range here(const struct pragma_parser *p)
{
    if (peek(p, 0))
        return pragma_token_range(p, peek(p, 0));
    return cexpr_range(&p->expr.place, p->expr.end, p->expr.end);
}

static bool is(const struct pragma_parser *p, size_t ahead, const char *spelling)
{
    return peek(p, ahead) && ctoken_is(peek(p, ahead), spelling);
}

static bool accept(struct pragma_parser *p, const char *spelling)
{
    bool found = is(p, 0, spelling);
    p->expr.at += found;
    return found;
}

static bool expect(struct pragma_parser *p, const char *spelling)
{
    if (accept(p, spelling))
        return true;
    FAIL(p, err_expr_expected_token, here(p), spelling);
    return false;
}

static void expect_end(struct pragma_parser *p)
{
    if (peek(p, 0))
        FAIL(p, err_clause_stray, here(p), peek(p, 0)->text);
}

/* After an error inside `depth` open brackets: to the next comma outside, or the end. */
static void skip_from(struct pragma_parser *p, int depth)
{
    for (; peek(p, 0); p->expr.at++) {
        if (is(p, 0, "(") || is(p, 0, "[") || is(p, 0, "{"))
            depth++;
        else if (is(p, 0, ")") || is(p, 0, "]") || is(p, 0, "}"))
            depth--;
        else if (depth <= 0 && is(p, 0, ","))
            return;
    }
}

static void skip_item(struct pragma_parser *p)
{
    skip_from(p, 0);
}

static void skip_all(struct pragma_parser *p)
{
    p->expr.at = p->expr.n;
}

/* Between items: a comma, or the end. */
static bool next_item(struct pragma_parser *p)
{
    if (!peek(p, 0))
        return false;
    if (accept(p, ","))
        return true;
    FAIL(p, err_clause_stray, here(p), peek(p, 0)->text);
    skip_item(p);
    return accept(p, ",");
}

static struct cexpr *parse_expr(struct pragma_parser *p, bool takes_sections)
{
    p->expr.takes_sections = takes_sections;
    struct cexpr *e = cexpr_parse(&p->expr);
    if (!e) {
        p->annotation->has_errors = true;
        skip_item(p);
    }
    return e;
}

/* Where the tokens [first, at) stand in the pragma's text; at least one. */
static void bounds(const struct pragma_parser *p, size_t first, size_t *begin, size_t *end)
{
    *begin = p->expr.tokens[first].begin;
    *end = p->expr.tokens[first].end;
    for (size_t i = first + 1; i < p->expr.at; i++)
        if (p->expr.tokens[i].end > *end)
            *end = p->expr.tokens[i].end;
}

static struct src_range range_from(const struct pragma_parser *p, size_t first)
{
    size_t begin, end;
    if (first >= p->expr.at)
        return here(p);
    bounds(p, first, &begin, &end);
    return cexpr_range(&p->expr.place, begin, end);
}

/* The text as the user wrote it, blanks made single. */
static const char *text_from(struct pragma_parser *p, size_t first)
{
    size_t begin, end;
    bounds(p, first, &begin, &end);
    struct strbuf s = STRBUF_INIT;
    bool blank = false;
    for (size_t i = begin; i < end; i++) {
        char c = p->site->text[i];
        if (c != '\0' && strchr(" \t\v\f\r\n", c)) {
            blank = true;
            continue;
        }
        if (blank)
            strbuf_addc(&s, ' ');
        blank = false;
        strbuf_addc(&s, c);
    }
    const char *text = arena_strndup(p->arena, s.buf, s.len);
    strbuf_release(&s);
    return text;
}

/* ---- shapes ---- */

static bool is_lvalue(const struct cexpr *e)
{
    while (e->kind == CEXPR_CAST)
        e = e->kids[0];
    return e->kind == CEXPR_NAME || e->kind == CEXPR_MEMBER || e->kind == CEXPR_ARROW ||
           e->kind == CEXPR_INDEX || e->kind == CEXPR_SECTION || e->kind == CEXPR_DEREF;
}

static bool count_section(const struct cexpr *e, void *n)
{
    *(size_t *)n += e->kind == CEXPR_SECTION;
    return true;
}

/* Are all sections of e its last brackets, p[:n] or a[:n][:m]? What is taken of each
 * element of a section (s[:n].x) is no stretch of memory. */
static bool ends_in_sections(const struct cexpr *e)
{
    size_t n = 0, n_last = 0;
    cexpr_walk(e, count_section, &n);
    for (; e && e->kind == CEXPR_SECTION; e = e->kids[0])
        n_last++;
    return n == n_last;
}

static void add_shape(struct pragma_parser *p, struct shape shape, size_t first)
{
    shape.range = range_from(p, first);
    shape.text = text_from(p, first);
    ARENA_PUSH(p->arena, p->clause->shapes, p->clause->n_shapes, p->cap_shapes) = shape;
}

/* An lvalue that may end in sections. */
static struct cexpr *parse_shape_expr(struct pragma_parser *p)
{
    struct cexpr *e = parse_expr(p, true);
    if (!e)
        return NULL;
    if (!is_lvalue(e)) {
        FAIL(p, err_shape_lvalue, e->range);
        diag_report(p->diag, note_shapes, e->range);
        return NULL;
    }
    if (!ends_in_sections(e)) {
        FAIL(p, err_shape_section_inside, e->range);
        return NULL;
    }
    return e;
}

/* Behind `string(` or `code(`: the expression and its parenthesis. */
static struct cexpr *parse_inner_expr(struct pragma_parser *p)
{
    p->expr.takes_sections = false;
    struct cexpr *e = cexpr_parse(&p->expr);
    if (e && expect(p, ")"))
        return e;
    p->annotation->has_errors = true;
    skip_from(p, 1);
    return NULL;
}

static void parse_shape(struct pragma_parser *p)
{
    struct shape shape = {.kind = SHAPE_OBJECT};
    size_t first = p->expr.at;
    bool is_string = is(p, 0, "string"), is_code = is(p, 0, "code");
    if ((is_string || is_code) && is(p, 1, "(")) {
        shape.kind = is_string ? SHAPE_STRING : SHAPE_CODE;
        p->expr.at += 2;
        shape.expr = parse_inner_expr(p);
    } else if (is(p, 0, "alloc") && peek(p, 1) &&
               (peek(p, 1)->kind == CLEX_NAME || is(p, 1, "(") || is(p, 1, "*"))) {
        if (p->clause->id != CLAUSE_out)
            FAIL(p, err_shape_place, here(p), "alloc", "out");
        shape.kind = SHAPE_ALLOC;
        p->expr.at++;
        shape.expr = parse_shape_expr(p);
        if (shape.expr && shape.expr->kind != CEXPR_SECTION) {
            FAIL(p, err_shape_section, shape.expr->range);
            shape.expr = NULL;
        }
    } else {
        shape.expr = parse_shape_expr(p);
    }
    if (shape.expr)
        add_shape(p, shape, first);
}

static void parse_align(struct pragma_parser *p)
{
    const struct ctoken *t = peek(p, 0);
    unsigned long long v = 0;
    size_t i = 0;
    for (; t && t->kind == CLEX_NUMBER && t->text[i] >= '0' && t->text[i] <= '9' && i < 11; i++)
        v = v * 10 + (unsigned)(t->text[i] - '0');
    bool is_power = v != 0 && (v & (v - 1)) == 0 && v <= 1u << 30;
    if (!is_power || (t->text[i] && strspn(t->text + i, "uUlL") != strlen(t->text + i)))
        FAIL(p, err_clause_align, here(p));
    p->expr.at += t != NULL;
    p->clause->number = (long long)v;
}

/* align(64) inside returns(...) becomes a clause of its own. */
static void parse_inner_align(struct pragma_parser *p)
{
    const struct clause *before = annotation_clause(p->annotation, CLAUSE_align);
    struct clause c = {.id = CLAUSE_align, .range = here(p), .name_range = here(p)};
    if (before) {
        FAIL(p, err_clause_twice, here(p), "align");
        diag_report(p->diag, note_first_given, before->name_range);
    }
    p->expr.at++;
    if (!expect(p, "("))
        return;
    pragma_add_clause(p, &c);
    parse_align(p);
    expect(p, ")");
}

static void parse_returns(struct pragma_parser *p)
{
    struct shape shape = {0};
    size_t first = p->expr.at;
    bool ok = true;
    if (is(p, 0, "[") || is(p, 0, "view")) {
        shape.kind = accept(p, "view") ? SHAPE_RETURN_VIEW : SHAPE_RETURN_SECTION;
        shape.expr = cexpr_parse_section(&p->expr);
        ok = shape.expr != NULL;
    } else if (accept(p, "string")) {
        shape.kind = SHAPE_RETURN_STRING;
    } else if (is(p, 0, "static") && is(p, 1, "string")) {
        p->expr.at += 2;
        shape.kind = SHAPE_RETURN_STATIC;
    } else if (accept(p, "in")) {
        shape.kind = SHAPE_RETURN_IN;
        shape.expr = parse_expr(p, false);
        ok = shape.expr != NULL;
        if (ok && !is_lvalue(shape.expr))
            FAIL(p, err_clause_lvalue, shape.expr->range, "returns(in)");
    } else {
        FAIL(p, err_returns_form, here(p));
        diag_report(p->diag, note_returns_forms, here(p));
        ok = false;
    }
    if (!ok) {
        p->annotation->has_errors = true;
        skip_all(p);
        return;
    }
    add_shape(p, shape, first);
    if (is(p, 0, ",") && is(p, 1, "align"))
        p->expr.at++;
    if (is(p, 0, "align"))
        parse_inner_align(p);
    if (is(p, 0, ","))
        FAIL(p, err_clause_count, here(p), "returns", "one shape");
    else
        expect_end(p);
}

/* ---- literals ---- */

static void parse_string(struct pragma_parser *p)
{
    struct strbuf s = STRBUF_INIT;
    const char *name = clause_name(p->clause->id);
    size_t first = p->expr.at;
    bool ok = true;
    if (!peek(p, 0) || peek(p, 0)->kind != CLEX_STRING) {
        FAIL(p, err_clause_string, here(p), name);
        return;
    }
    for (; peek(p, 0) && peek(p, 0)->kind == CLEX_STRING; p->expr.at++)
        ok &= !peek(p, 0)->is_open && clex_string_value(peek(p, 0)->text, peek(p, 0)->len, &s);
    if (!ok || strlen(s.buf) != s.len)
        FAIL(p, err_clause_string_value, range_from(p, first), name);
    else if (s.len == 0)
        FAIL(p, err_clause_empty_string, range_from(p, first), name);
    p->clause->string = arena_strndup(p->arena, s.buf, s.len);
    strbuf_release(&s);
    expect_end(p);
}

/* The decimal number at s, times scale. Returns what follows it, or NULL if that is no
 * number, not a whole one, or too large. */
static const char *read_number(const char *s, long long scale, long long *out)
{
    const long long most = 9000000000000000000;
    long long whole = 0, v;
    if (*s < '0' || *s > '9')
        return NULL;
    for (; *s >= '0' && *s <= '9'; s++) {
        if (whole > most / 10)
            return NULL;
        whole = whole * 10 + (*s - '0');
    }
    if (whole > most / scale)
        return NULL;
    v = whole * scale;
    if (*s == '.')
        for (s++; *s >= '0' && *s <= '9'; s++) {
            if (scale % 10 != 0 && *s != '0')
                return NULL;
            scale /= 10;
            v += (*s - '0') * scale;
        }
    *out = v;
    return s;
}

/* "500ms", also in two tokens, to nanoseconds. */
static bool read_duration(struct pragma_parser *p)
{
    static const struct {
        const char *name;
        long long ns;
    } units[] = {
        {"ns", 1},          {"us", 1000},         {"ms", 1000000},       {"s", 1000000000},
        {"m", 60000000000}, {"h", 3600000000000}, {"d", 86400000000000}, {"w", 604800000000000}};
    const struct ctoken *t = peek(p, 0);
    if (!t || t->kind != CLEX_NUMBER)
        return false;
    p->expr.at++;
    const char *unit = t->text + strspn(t->text, "0123456789.");
    if (!*unit && peek(p, 0) && peek(p, 0)->kind == CLEX_NAME) {
        unit = peek(p, 0)->text;
        p->expr.at++;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0) {
            const char *end = read_number(t->text, units[i].ns, &p->clause->number);
            return end && (end == unit || !*end);
        }
    return ctoken_is(t, "0");
}

static void parse_duration(struct pragma_parser *p)
{
    size_t first = p->expr.at;
    if (!read_duration(p)) {
        FAIL(p, err_clause_duration, range_from(p, first), clause_name(p->clause->id));
        diag_report(p->diag, note_duration, range_from(p, first));
        return;
    }
    expect_end(p);
}

/* every(30s), every(1000 iterations), every(1%) */
static void parse_every(struct pragma_parser *p)
{
    bool is_count = is(p, 1, "iterations") || is(p, 1, "iteration"), is_share = is(p, 1, "%");
    size_t first = p->expr.at;
    const struct ctoken *t = peek(p, 0);
    long long *n = &p->clause->number;
    p->clause->word = is_count ? "iterations" : is_share ? "%" : "s";
    bool is_read = is_count || is_share ? t->kind == CLEX_NUMBER : read_duration(p);
    const char *end = is_count || is_share ? read_number(t->text, is_share ? 10000 : 1, n) : "";
    p->expr.at += is_count || is_share ? 2 : 0;
    if (!is_read) {
        FAIL(p, err_every, range_from(p, first));
        diag_report(p->diag, note_every, range_from(p, first));
        return;
    }
    if (!end || *end || *n == 0 || (is_share && *n > 100 * 10000))
        FAIL(p, err_every_range, range_from(p, first), text_from(p, first),
             is_share   ? "above 0% and up to 100%"
             : is_count ? "whole numbers from 1 on"
                        : "durations above 0");
    expect_end(p);
}

/* ---- words ---- */

#define SIGNALS(S)                                                                                 \
    S(ABRT)                                                                                        \
    S(ALRM)                                                                                        \
    S(BUS)                                                                                         \
    S(CHLD)                                                                                        \
    S(CONT)                                                                                        \
    S(FPE)                                                                                         \
    S(HUP) S(ILL) S(INT) S(IO) S(KILL) S(PIPE) S(POLL) S(PROF) S(PWR) S(QUIT) S(SEGV) S(STOP)      \
        S(SYS) S(TERM) S(TRAP) S(TSTP) S(TTIN) S(TTOU) S(URG) S(USR1) S(USR2) S(VTALRM) S(WINCH)   \
            S(XCPU) S(XFSZ)
#define SHORT_NAME(s) #s,
#define LONG_NAME(s) "SIG" #s,

static const char *const shape_words[] = {"string", "code", "alloc", NULL};
static const char *const returns_words[] = {"view", "string", "static", "in", "align", NULL};
static const char *const every_words[] = {"iterations", "iteration", NULL};
static const char *const tiers[] = {"memory", "disk", "shared", NULL};
static const char *const generators[] = {"rand", "random", "rand48", NULL};
static const char *const signals[] = {SIGNALS(SHORT_NAME) SIGNALS(LONG_NAME) NULL};
static const char *const uncaught[] = {"KILL", "STOP", NULL};
static const char *const faults[] = {"ABRT", "BUS", "FPE", "ILL", "SEGV", "SYS", NULL};
#define N_SIGNALS (sizeof signals / sizeof *signals / 2)

const char *const *pragma_form_words(enum form form)
{
    static const char *const none[] = {NULL};
    switch (form) {
    case FORM_SHAPES:
        return shape_words;
    case FORM_RETURNS:
        return returns_words;
    case FORM_EVERY:
        return every_words;
    case FORM_TIER:
        return tiers;
    case FORM_RNG:
        return generators;
    case FORM_SIGNALS:
        return signals;
    default:
        return none;
    }
}

static const char *find_word(const char *const *words, const char *word)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words;
}

static void report_word(struct pragma_parser *p, const char *const *words, size_t n,
                        const char *what, const char *known)
{
    const char *word = peek(p, 0) ? peek(p, 0)->text : "";
    const char *best = nearest_of(word, words, n);
    FAIL(p, err_clause_word, here(p), word, what);
    if (best)
        diag_report(p->diag, note_did_you_mean, here(p), best);
    else
        diag_report(p->diag, note_known_words, here(p), known);
}

static void parse_tier(struct pragma_parser *p)
{
    p->clause->word = peek(p, 0) ? find_word(tiers, peek(p, 0)->text) : NULL;
    if (!p->clause->word) {
        report_word(p, tiers, 3, "tier", "'memory', 'disk' or 'shared'");
        return;
    }
    p->expr.at++;
    expect_end(p);
}

/* ---- lists of expressions ---- */

static void add_expr(struct pragma_parser *p, struct cexpr *e)
{
    ARENA_PUSH(p->arena, p->clause->exprs, p->clause->n_exprs, p->cap_exprs) = e;
}

static const char *short_signal(const char *name)
{
    return strncmp(name, "SIG", 3) == 0 ? name + 3 : name;
}

static void parse_signals(struct pragma_parser *p)
{
    do {
        const char *name = peek(p, 0) ? find_word(signals, peek(p, 0)->text) : NULL;
        if (!name) {
            report_word(p, signals, N_SIGNALS, "signal", "'TERM', 'INT', 'USR1' and so on");
            skip_item(p);
            continue;
        }
        struct cexpr *e = parse_expr(p, false);
        if (!e)
            continue;
        if (e->kind != CEXPR_NAME) {
            FAIL(p, err_clause_name, e->range, clause_name(p->clause->id));
            continue;
        }
        if (find_word(uncaught, short_signal(name)))
            FAIL(p, err_signal_never, e->range, e->text);
        if (find_word(faults, short_signal(name)))
            FAIL(p, err_signal_fault, e->range, e->text);
        e->text = short_signal(name);
        add_expr(p, e);
    } while (next_item(p));
}

static void parse_exprs(struct pragma_parser *p, enum form form)
{
    const char *name = clause_name(p->clause->id);
    bool takes_names = form == FORM_NAMES || form == FORM_TWO_NAMES;
    size_t n = 0;
    do {
        struct cexpr *e = parse_expr(p, false);
        n++;
        if (!e)
            continue;
        if (form == FORM_LVALUES && !is_lvalue(e))
            FAIL(p, err_clause_lvalue, e->range, name);
        else if (takes_names && e->kind != CEXPR_NAME)
            FAIL(p, err_clause_name, e->range, name);
        else if (form == FORM_EXPR && p->clause->n_exprs == 1 && n == 2)
            FAIL(p, err_clause_count, e->range, name, "one expression");
        else
            add_expr(p, e);
    } while (next_item(p));
    if (form == FORM_TWO_NAMES && n != 2)
        FAIL(p, err_clause_count, p->clause->name_range, name, "two functions");
    if (p->clause->id == CLAUSE_noalias && n < 2)
        FAIL(p, err_clause_count, p->clause->name_range, name, "two pointers or more");
}

/* rng(random), or memory */
static void parse_rng(struct pragma_parser *p)
{
    p->clause->word = p->expr.n == 1 ? find_word(generators, peek(p, 0)->text) : NULL;
    if (p->clause->word) {
        p->expr.at++;
        return;
    }
    do
        parse_shape(p);
    while (next_item(p));
    for (size_t i = 0; i < p->clause->n_shapes; i++)
        if (p->clause->shapes[i].kind != SHAPE_OBJECT)
            FAIL(p, err_rng_form, p->clause->shapes[i].range, p->clause->shapes[i].text);
    if (p->clause->n_shapes > 1)
        FAIL(p, err_clause_count, p->clause->shapes[1].range, "rng", "one generator");
}

/* ---- params ---- */

static bool add_value(struct pragma_parser *p, struct params_axis *axis, size_t *cap)
{
    struct cexpr *e = parse_expr(p, false);
    if (e)
        ARENA_PUSH(p->arena, axis->values, axis->n_values, *cap) = e;
    return e != NULL;
}

static bool parse_values(struct pragma_parser *p, struct params_axis *axis, const char *close)
{
    size_t cap = 0;
    do
        if (!add_value(p, axis, &cap))
            return false;
    while (accept(p, ","));
    return expect(p, close);
}

/* x = first:end[:step], or x = {1, 2} */
static bool parse_axis(struct pragma_parser *p, struct params_axis *axis)
{
    size_t cap = 0;
    axis->name = peek(p, 0)->text;
    p->expr.at += 2;
    if (accept(p, "{"))
        return parse_values(p, axis, "}");
    axis->is_range = true;
    if (!add_value(p, axis, &cap) || !expect(p, ":") || !add_value(p, axis, &cap))
        return false;
    return !accept(p, ":") || add_value(p, axis, &cap);
}

static void parse_params(struct pragma_parser *p)
{
    struct params *out = ARENA_NEW(p->arena, struct params);
    size_t cap = 0, n_tuples = 0, n_named = 0;
    bool ok = true;
    p->clause->params = out;
    do {
        struct params_axis axis = {.range = here(p)};
        if (accept(p, "(")) {
            n_tuples++;
            ok = parse_values(p, &axis, ")");
            if (ok && out->n_axes && out->axes[0].n_values != axis.n_values)
                FAIL(p, err_params_length, axis.range, axis.n_values, out->axes[0].n_values);
        } else if (peek(p, 0) && peek(p, 0)->kind == CLEX_NAME && is(p, 1, "=")) {
            n_named++;
            for (size_t i = 0; i < out->n_axes; i++)
                if (out->axes[i].name && ctoken_is(peek(p, 0), out->axes[i].name))
                    FAIL(p, err_clause_item_twice, axis.range, peek(p, 0)->text, "params");
            ok = parse_axis(p, &axis);
        } else {
            FAIL(p, err_params_form, axis.range);
            ok = false;
        }
        if (ok)
            ARENA_PUSH(p->arena, out->axes, out->n_axes, cap) = axis;
    } while (ok && next_item(p));
    out->is_grid = n_named > 0;
    if (n_tuples && n_named)
        FAIL(p, err_params_mixed, p->clause->name_range);
}

/* ---- all of them ---- */

void pragma_parse_argument(struct pragma_parser *p, enum form form)
{
    switch (form) {
    case FORM_NOTHING:
        break;
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
        expect_end(p);
        break;
    case FORM_STRING:
    case FORM_OPTIONAL_STRING:
        parse_string(p);
        break;
    case FORM_TIER:
        parse_tier(p);
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
    case FORM_SIGNALS:
        parse_signals(p);
        break;
    case FORM_FILE:
        parse_exprs(p, p->site->kind == PRAGMA_MEMO ? FORM_EXPR : FORM_EXPRS);
        break;
    case FORM_LVALUES:
    case FORM_NAMES:
    case FORM_TWO_NAMES:
    case FORM_EXPR:
    case FORM_EXPRS:
        parse_exprs(p, form);
        break;
    }
}
