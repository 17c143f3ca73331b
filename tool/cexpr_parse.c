/* cexpr_parse.c - parser for C expressions (C11 6.5), by recursive descent.
 *
 * There is no symbol table, so whether `(a)(b)` is a cast is decided by spelling and by
 * the types that macro_add_type() has named. What needs declarations or statements
 * (compound literals, statement expressions, _Generic) is refused.
 *
 * Each function returns NULL after it has reported an error, and its caller does then,
 * too. Recursion goes through cast() and conditional(), which bound it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "cexpr.h"
#include "clex.h"
#include "diag.h"
#include "macro.h"

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static struct cexpr *assignment(struct cexpr_parser *p);
static struct cexpr *comma(struct cexpr_parser *p);
static struct cexpr *cast(struct cexpr_parser *p);

/* ---- tokens ---- */

static const struct ctoken *peek(const struct cexpr_parser *p, size_t ahead)
{
    return p->at + ahead < p->n ? &p->tokens[p->at + ahead] : NULL;
}

static bool is(const struct cexpr_parser *p, size_t ahead, const char *spelling)
{
    const struct ctoken *t = peek(p, ahead);
    return t && (t->kind == CLEX_PUNCT || t->kind == CLEX_NAME) && ctoken_is(t, spelling);
}

static bool accept(struct cexpr_parser *p, const char *spelling)
{
    bool ok = is(p, 0, spelling);
    p->at += ok;
    return ok;
}

static bool one_of(const struct ctoken *t, const char *const *words, size_t n)
{
    for (size_t i = 0; t && i < n; i++)
        if (ctoken_is(t, words[i]))
            return true;
    return false;
}

static struct src_range here(const struct cexpr_parser *p)
{
    const struct ctoken *t = peek(p, 0);
    return t ? cexpr_range(&p->place, t->begin, t->end) : cexpr_range(&p->place, p->end, p->end);
}

static bool expect(struct cexpr_parser *p, const char *spelling)
{
    if (accept(p, spelling))
        return true;
    diag_report(p->diag, err_expr_expected_token, here(p), spelling);
    return false;
}

static void *unsupported(struct cexpr_parser *p, const char *what)
{
    diag_report(p->diag, err_expr_unsupported, here(p), what);
    return NULL;
}

/* ---- nodes ---- */

/* A node over the tokens [first, at). The first n_kids of a, b, c are its kids. */
static struct cexpr *node(struct cexpr_parser *p, enum cexpr_kind kind, const char *text,
                          size_t first, size_t n_kids, struct cexpr *a, struct cexpr *b,
                          struct cexpr *c)
{
    struct cexpr *e = ARENA_NEW(p->arena, struct cexpr);
    struct cexpr *kids[] = {a, b, c};
    *e = (struct cexpr){.kind = kind, .text = text, .n_kids = n_kids, .height = 1};
    if (n_kids)
        e->kids = arena_alloc(p->arena, n_kids * sizeof *e->kids);
    for (size_t i = 0; i < n_kids && i < LENGTH(kids); i++) {
        e->kids[i] = kids[i];
        if (kids[i] && kids[i]->height >= e->height)
            e->height = kids[i]->height + 1;
    }
    size_t begin = p->tokens[first].begin, end = p->tokens[p->at - 1].end;
    e->range = cexpr_range(&p->place, begin, end > begin ? end : begin);
    if (e->height > CEXPR_MAX_HEIGHT) {
        diag_report(p->diag, err_expr_complex, e->range);
        return NULL;
    }
    return e;
}

static bool enter(struct cexpr_parser *p)
{
    if (p->depth++ < CEXPR_MAX_HEIGHT)
        return true;
    p->depth--;
    diag_report(p->diag, err_expr_complex, here(p));
    return false;
}

/* The tokens [first, at) with single blanks between words. */
static const char *spelled(struct cexpr_parser *p, size_t first)
{
    struct strbuf s = STRBUF_INIT;
    for (size_t i = first; i < p->at; i++) {
        const struct ctoken *t = &p->tokens[i];
        if (i > first && t->kind != CLEX_PUNCT && t[-1].kind != CLEX_PUNCT)
            strbuf_addc(&s, ' ');
        else if (i > first && *t->text == '*' && t[-1].kind != CLEX_PUNCT)
            strbuf_addc(&s, ' ');
        strbuf_add(&s, t->text, t->len);
    }
    const char *text = arena_strndup(p->arena, s.buf, s.len);
    strbuf_release(&s);
    return text;
}

/* ---- types ---- */

static bool is_type_keyword(const struct ctoken *t)
{
    static const char *const words[] = {
        "void",         "char",
        "short",        "int",
        "long",         "float",
        "double",       "signed",
        "unsigned",     "_Bool",
        "bool",         "_Complex",
        "__complex__",  "const",
        "volatile",     "restrict",
        "struct",       "union",
        "enum",         "_Atomic",
        "__int128",     "__signed__",
        "__const",      "__const__",
        "__volatile__", "__restrict",
        "__restrict__", "__float128",
        "_Float16",     "_Float32",
        "_Float64",     "_Float32x",
        "_Float64x",    "_Float128",
        "typeof",       "__typeof__",
        "__typeof",     "__builtin_va_list",
    };
    return t->kind == CLEX_NAME && one_of(t, words, LENGTH(words));
}

static bool is_type_name(const struct cexpr_parser *p, const struct ctoken *t)
{
    if (t->kind != CLEX_NAME)
        return false;
    if (is_type_keyword(t) || (p->names && macro_is_type(p->names, t->text, t->len)))
        return true;
    if (p->names && macro_has_types(p->names))
        return false;
    return t->len > 2 && strcmp(t->text + t->len - 2, "_t") == 0;
}

/* Does the '(' at tokens[at] open a type's name? */
static bool opens_type(const struct cexpr_parser *p)
{
    const struct ctoken *t = peek(p, 1);
    if (!t || t->kind != CLEX_NAME)
        return false;
    if (ctoken_is(t, "__extension__"))
        t = peek(p, 2);
    if (t && is_type_name(p, t))
        return true;
    size_t i = 2;
    while (is(p, i, "*") || is(p, i, "const"))
        i++;
    if (!is(p, i, ")"))
        return false;
    if (i > 2)
        return true; /* `(a *)` is nothing else */
    t = peek(p, 3);
    return t && (t->kind == CLEX_NAME || t->kind == CLEX_NUMBER || t->kind == CLEX_CHAR ||
                 t->kind == CLEX_STRING || ctoken_is(t, "~") || ctoken_is(t, "!"));
}

/* Behind a '(': a type up to its ')', which is consumed. Expressions in it are refused,
 * since nobody would look at them: array sizes are numbers, and typeof is left out. */
static const char *type_name(struct cexpr_parser *p)
{
    size_t first = p->at, depth = 0;
    accept(p, "__extension__");
    for (; p->at < p->n; p->at++) {
        const struct ctoken *t = peek(p, 0);
        if (ctoken_is(t, ")") && depth-- == 0) {
            const char *text = spelled(p, first);
            p->at++;
            return text;
        }
        depth += ctoken_is(t, "(");
        if (t->kind == CLEX_NAME && strstr(t->text, "typeof"))
            return unsupported(p, "typeof");
        if (ctoken_is(t, "{"))
            return unsupported(p, "the definition of a type");
        if (ctoken_is(t, "[") && !is(p, 1, "]") &&
            !(is(p, 2, "]") && peek(p, 1)->kind == CLEX_NUMBER))
            return unsupported(p, "an array type of variable size");
        if (t->kind != CLEX_NAME && t->kind != CLEX_NUMBER && !strchr("*()[],", *t->text))
            break;
    }
    expect(p, ")");
    return NULL;
}

/* ---- primary and postfix expressions (6.5.1, 6.5.2) ---- */

static bool is_number(const char *s)
{
    bool is_hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
    bool is_binary = s[0] == '0' && (s[1] == 'b' || s[1] == 'B');
    bool is_float = strchr(s, '.') || strpbrk(s, is_hex ? "pP" : "eE");
    char *end;
    if (is_float)
        strtod(s, &end);
    else
        strtoull(is_binary ? s + 2 : s, &end, is_hex ? 16 : is_binary ? 2 : 10);
    if (end == s || (is_binary && end == s + 2))
        return false;
    static const char *const suffixes[] = {
        "",   "u",  "l",   "ul",  "lu",  "ll",   "ull",  "llu",  "i", "j",
        "f",  "q",  "li",  "il",  "if",  "fi",   "jf",   "fj",   "w", "df",
        "dd", "dl", "f16", "f32", "f64", "f128", "f32x", "f64x",
    };
    for (size_t i = 0; i < LENGTH(suffixes); i++)
        if (strcasecmp(end, suffixes[i]) == 0)
            return true;
    return false;
}

static struct cexpr *literal(struct cexpr_parser *p)
{
    size_t first = p->at;
    const struct ctoken *t = peek(p, 0);
    if (t->is_open) {
        diag_report(p->diag, err_expr_open_literal, here(p));
        return NULL;
    }
    if (t->kind == CLEX_NUMBER && !is_number(t->text)) {
        diag_report(p->diag, err_expr_number, here(p), t->text);
        return NULL;
    }
    enum clex_kind kind = t->kind;
    do
        p->at++;
    while (kind == CLEX_STRING && (t = peek(p, 0)) && t->kind == CLEX_STRING && !t->is_open);
    return node(p, CEXPR_LITERAL, spelled(p, first), first, 0, NULL, NULL, NULL);
}

static struct cexpr *parenthesized(struct cexpr_parser *p)
{
    if (is(p, 1, "{"))
        return unsupported(p, "a statement expression");
    p->at++;
    struct cexpr *e = comma(p);
    return e && expect(p, ")") ? e : NULL;
}

/* offsetof(type, member) as it is: its operands are no expressions. */
static struct cexpr *offset_of(struct cexpr_parser *p)
{
    size_t first = p->at, depth = 0;
    for (p->at++; p->at < p->n; p->at++) {
        depth += is(p, 0, "(");
        if (is(p, 0, ")") && --depth == 0) {
            p->at++;
            return node(p, CEXPR_SIZEOF, spelled(p, first), first, 0, NULL, NULL, NULL);
        }
        if (is(p, 0, "++") || is(p, 0, "--") || is(p, 0, "=") || depth == 0)
            break;
    }
    expect(p, ")");
    return NULL;
}

static struct cexpr *name(struct cexpr_parser *p)
{
    const struct ctoken *t = peek(p, 0);
    size_t first = p->at;
    if (ctoken_is(t, "__builtin_offsetof") || (ctoken_is(t, "offsetof") && is(p, 1, "(")))
        return offset_of(p);
    if (ctoken_is(t, "_Generic"))
        return unsupported(p, "_Generic");
    if (t->no_expand && t->is_from_macro && p->names && !macro_is_stable(p->names, t->text, t->len))
        return unsupported(p, "a macro that contains itself");
    if (is_type_keyword(t)) {
        diag_report(p->diag, err_expr_expected, here(p), t->text);
        return NULL;
    }
    p->at++;
    return node(p, CEXPR_NAME, t->text, first, 0, NULL, NULL, NULL);
}

static struct cexpr *primary(struct cexpr_parser *p)
{
    const struct ctoken *t = peek(p, 0);
    if (!t) {
        diag_report(p->diag, err_expr_expected_end, here(p));
        return NULL;
    }
    if (t->kind == CLEX_NUMBER || t->kind == CLEX_CHAR || t->kind == CLEX_STRING)
        return literal(p);
    if (t->kind == CLEX_NAME)
        return name(p);
    if (is(p, 0, "("))
        return parenthesized(p);
    diag_report(p->diag, err_expr_expected, here(p), t->text);
    return NULL;
}

/* Behind the '[' that follows `base` (NULL in returns([:n])). */
static struct cexpr *subscript(struct cexpr_parser *p, struct cexpr *base, size_t first)
{
    bool takes_sections = p->takes_sections;
    struct cexpr *index = NULL, *count = NULL;
    p->takes_sections = false;
    if (!is(p, 0, ":") && !(index = comma(p)))
        return NULL;
    bool is_section = is(p, 0, ":");
    if (is_section && !takes_sections) {
        diag_report(p->diag, err_expr_section, here(p));
        return NULL;
    }
    p->at += is_section;
    if (is_section && !is(p, 0, "]") && !(count = comma(p)))
        return NULL;
    if (is_section && is(p, 0, ":")) {
        diag_report(p->diag, err_expr_stride, here(p));
        return NULL;
    }
    p->takes_sections = takes_sections;
    if (!expect(p, "]"))
        return NULL;
    if (is_section)
        return node(p, CEXPR_SECTION, "", first, 3, base, index, count);
    return node(p, CEXPR_INDEX, "", first, 2, base, index, NULL);
}

/* Behind the '(' that follows `callee`. */
static struct cexpr *call(struct cexpr_parser *p, struct cexpr *callee, size_t first)
{
    struct cexpr **kids = NULL;
    size_t n = 0, cap = 0;
    unsigned height = callee->height;
    bool takes_sections = p->takes_sections;
    p->takes_sections = false;
    ARENA_PUSH(p->arena, kids, n, cap) = callee;
    while (!is(p, 0, ")")) {
        if (n > 1 && !expect(p, ","))
            return NULL;
        struct cexpr *arg = assignment(p);
        if (!arg)
            return NULL;
        height = arg->height > height ? arg->height : height;
        ARENA_PUSH(p->arena, kids, n, cap) = arg;
    }
    p->at++;
    p->takes_sections = takes_sections;
    struct cexpr *e = node(p, CEXPR_CALL, "", first, 1, callee, NULL, NULL);
    if (e && height >= CEXPR_MAX_HEIGHT) {
        diag_report(p->diag, err_expr_complex, e->range);
        return NULL;
    }
    if (e) {
        e->kids = kids;
        e->n_kids = n;
        e->height = height + 1;
    }
    return e;
}

static struct cexpr *postfix(struct cexpr_parser *p)
{
    size_t first = p->at;
    struct cexpr *e = primary(p);
    while (e) {
        if (accept(p, "[")) {
            e = subscript(p, e, first);
        } else if (accept(p, "(")) {
            e = call(p, e, first);
        } else if (is(p, 0, ".") || is(p, 0, "->")) {
            enum cexpr_kind kind = is(p, 0, ".") ? CEXPR_MEMBER : CEXPR_ARROW;
            const struct ctoken *member = peek(p, 1);
            p->at++;
            if (!member || member->kind != CLEX_NAME) {
                diag_report(p->diag, err_expr_expected_member, here(p));
                return NULL;
            }
            p->at++;
            e = node(p, kind, member->text, first, 1, e, NULL, NULL);
        } else if (is(p, 0, "++") || is(p, 0, "--")) {
            e = node(p, CEXPR_INCDEC, p->tokens[p->at++].text, first, 1, e, NULL, NULL);
            if (e)
                e->is_postfix = true;
        } else {
            break;
        }
    }
    return e;
}

/* ---- unary expressions and casts (6.5.3, 6.5.4) ---- */

static struct cexpr *size_of(struct cexpr_parser *p)
{
    size_t first = p->at++;
    bool takes_sections = p->takes_sections;
    struct strbuf s = STRBUF_INIT;
    bool ok;
    p->takes_sections = false;
    strbuf_addf(&s, "%s(", p->tokens[first].text);
    if (is(p, 0, "(") && opens_type(p)) {
        p->at++;
        const char *type = type_name(p);
        ok = type != NULL;
        strbuf_adds(&s, ok ? type : "");
        if (ok && is(p, 0, "{"))
            ok = unsupported(p, "a compound literal");
    } else {
        const struct cexpr *operand = cast(p); /* a cast binds less, but needs its parentheses */
        ok = operand != NULL;
        if (ok)
            cexpr_print(&s, operand);
    }
    p->takes_sections = takes_sections;
    strbuf_addc(&s, ')');
    const char *text = arena_strndup(p->arena, s.buf, s.len);
    strbuf_release(&s);
    return ok ? node(p, CEXPR_SIZEOF, text, first, 0, NULL, NULL, NULL) : NULL;
}

static struct cexpr *unary(struct cexpr_parser *p)
{
    static const char *const sizes[] = {"sizeof", "_Alignof", "alignof", "__alignof__",
                                        "__alignof"};
    static const char *const signs[] = {"+", "-", "~", "!", "__real__", "__imag__"};
    const struct ctoken *t = peek(p, 0);
    size_t first = p->at;
    if (t && t->kind == CLEX_NAME && one_of(t, sizes, LENGTH(sizes)))
        return size_of(p);
    if (t && is(p, 0, "&&"))
        return unsupported(p, "the address of a label");
    enum cexpr_kind kind;
    if (is(p, 0, "*"))
        kind = CEXPR_DEREF;
    else if (is(p, 0, "&"))
        kind = CEXPR_ADDRESS;
    else if (is(p, 0, "++") || is(p, 0, "--"))
        kind = CEXPR_INCDEC;
    else if (t && (t->kind == CLEX_PUNCT || t->kind == CLEX_NAME) &&
             one_of(t, signs, LENGTH(signs)))
        kind = CEXPR_UNARY;
    else
        return postfix(p);
    p->at++;
    struct cexpr *kid = cast(p);
    const char *text = kind == CEXPR_UNARY || kind == CEXPR_INCDEC ? t->text : "";
    return kid ? node(p, kind, text, first, 1, kid, NULL, NULL) : NULL;
}

static struct cexpr *cast_in(struct cexpr_parser *p)
{
    size_t first = p->at;
    while (accept(p, "__extension__"))
        ;
    if (!is(p, 0, "(") || !opens_type(p))
        return unary(p);
    p->at++;
    const char *type = type_name(p);
    if (!type)
        return NULL;
    if (is(p, 0, "{"))
        return unsupported(p, "a compound literal");
    struct cexpr *kid = cast(p);
    return kid ? node(p, CEXPR_CAST, type, first, 1, kid, NULL, NULL) : NULL;
}

static struct cexpr *cast(struct cexpr_parser *p)
{
    if (!enter(p))
        return NULL;
    struct cexpr *e = cast_in(p);
    p->depth--;
    return e;
}

/* ---- operators (6.5.5 to 6.5.17) ---- */

static int precedence(const struct ctoken *t)
{
    static const struct {
        char op[3];
        signed char level;
    } levels[] = {
        {"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
        {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
        {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10},
    };
    for (size_t i = 0; t && t->kind == CLEX_PUNCT && i < LENGTH(levels); i++)
        if (ctoken_is(t, levels[i].op))
            return levels[i].level;
    return 0;
}

static struct cexpr *binary(struct cexpr_parser *p, int lowest)
{
    size_t first = p->at;
    struct cexpr *left = cast(p);
    for (int level; left && (level = precedence(peek(p, 0))) >= lowest && level;) {
        const char *op = p->tokens[p->at++].text;
        struct cexpr *right = binary(p, level + 1);
        left = right ? node(p, CEXPR_BINARY, op, first, 2, left, right, NULL) : NULL;
    }
    return left;
}

static struct cexpr *conditional(struct cexpr_parser *p)
{
    size_t first = p->at;
    struct cexpr *e = binary(p, 1);
    if (!e || !accept(p, "?"))
        return e;
    struct cexpr *yes = NULL, *no = NULL;
    if (enter(p)) {
        if ((is(p, 0, ":") || (yes = comma(p))) && expect(p, ":"))
            no = conditional(p);
        p->depth--;
    }
    return no ? node(p, CEXPR_COND, "", first, 3, e, yes, no) : NULL;
}

static struct cexpr *assignment(struct cexpr_parser *p)
{
    static const char *const ops[] = {
        "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="};
    size_t first = p->at;
    struct cexpr *left = conditional(p);
    const struct ctoken *t = peek(p, 0);
    if (!left || !t || t->kind != CLEX_PUNCT || !one_of(t, ops, LENGTH(ops)))
        return left;
    struct cexpr *right = NULL;
    if (enter(p)) {
        p->at++;
        right = assignment(p);
        p->depth--;
    }
    return right ? node(p, CEXPR_ASSIGN, t->text, first, 2, left, right, NULL) : NULL;
}

static struct cexpr *comma(struct cexpr_parser *p)
{
    size_t first = p->at;
    struct cexpr *left = assignment(p);
    while (left && accept(p, ",")) {
        struct cexpr *right = assignment(p);
        left = right ? node(p, CEXPR_BINARY, ",", first, 2, left, right, NULL) : NULL;
    }
    return left;
}

struct cexpr *cexpr_parse(struct cexpr_parser *p)
{
    bool takes_sections = p->takes_sections;
    unsigned depth = p->depth;
    struct cexpr *e = assignment(p);
    p->takes_sections = takes_sections; /* as they were, also after an error */
    p->depth = depth;
    return e;
}

struct cexpr *cexpr_parse_section(struct cexpr_parser *p)
{
    bool takes_sections = p->takes_sections;
    unsigned depth = p->depth;
    size_t first = p->at;
    p->takes_sections = true;
    struct cexpr *e = NULL;
    if (!accept(p, "["))
        diag_report(p->diag, err_shape_section, here(p));
    else
        e = subscript(p, NULL, first);
    if (e && e->kind != CEXPR_SECTION) {
        diag_report(p->diag, err_shape_section, e->range);
        e = NULL;
    }
    p->takes_sections = takes_sections;
    p->depth = depth;
    return e;
}
