/* cexpr.c - trees of expressions: printing, comparing, walking. The parser is in
 * cexpr_parse.c. Recursion is safe, since no tree is higher than CEXPR_MAX_HEIGHT. */
#include "cexpr.h"

#include <string.h>

#include "base/strbuf.h"

struct src_range cexpr_range(const struct cexpr_place *place, size_t begin, size_t end)
{
    if (!place->offsets)
        return (struct src_range){place->src, place->begin, place->end};
    size_t first = place->offsets[begin];
    size_t last = end > begin ? place->offsets[end - 1] + 1 : first;
    return (struct src_range){place->src, first, last};
}

/* ---- printing ---- */

static void print_kids(struct strbuf *out, const struct cexpr *e, size_t from, const char *between)
{
    for (size_t i = from; i < e->n_kids; i++) {
        if (i > from)
            strbuf_adds(out, between);
        cexpr_print(out, e->kids[i]);
    }
}

static void print_postfix(struct strbuf *out, const struct cexpr *e)
{
    const struct cexpr *f = e->kids[0];
    /* (f)(x): what is left of a function-like macro's name must not expand again; but
     * builtins want to be called by their plain name. */
    bool in_parens =
        e->kind == CEXPR_CALL && f->kind == CEXPR_NAME && strncmp(f->text, "__builtin_", 10) != 0;
    if (in_parens)
        strbuf_addf(out, "(%s)", f->text);
    else if (f)
        cexpr_print(out, f);
    switch (e->kind) {
    case CEXPR_MEMBER:
        strbuf_addf(out, ".%s", e->text);
        break;
    case CEXPR_ARROW:
        strbuf_addf(out, "->%s", e->text);
        break;
    case CEXPR_INDEX:
        strbuf_addc(out, '[');
        cexpr_print(out, e->kids[1]);
        strbuf_addc(out, ']');
        break;
    case CEXPR_SECTION:
        strbuf_addc(out, '[');
        if (e->kids[1])
            cexpr_print(out, e->kids[1]);
        strbuf_addc(out, ':');
        if (e->kids[2])
            cexpr_print(out, e->kids[2]);
        strbuf_addc(out, ']');
        break;
    default: /* a call */
        strbuf_addc(out, '(');
        print_kids(out, e, 1, ", ");
        strbuf_addc(out, ')');
    }
}

/* Inside the parentheses that cexpr_print puts round it. */
static void print_operator(struct strbuf *out, const struct cexpr *e)
{
    switch (e->kind) {
    case CEXPR_DEREF:
    case CEXPR_ADDRESS:
        strbuf_addc(out, e->kind == CEXPR_DEREF ? '*' : '&');
        cexpr_print(out, e->kids[0]);
        break;
    case CEXPR_UNARY:
        strbuf_addf(out, "%s ", e->text);
        cexpr_print(out, e->kids[0]);
        break;
    case CEXPR_INCDEC:
        if (!e->is_postfix)
            strbuf_adds(out, e->text);
        cexpr_print(out, e->kids[0]);
        if (e->is_postfix)
            strbuf_adds(out, e->text);
        break;
    case CEXPR_COND:
        cexpr_print(out, e->kids[0]);
        strbuf_adds(out, " ? ");
        if (e->kids[1])
            cexpr_print(out, e->kids[1]);
        strbuf_adds(out, e->kids[1] ? " : " : ": ");
        cexpr_print(out, e->kids[2]);
        break;
    case CEXPR_CAST:
        strbuf_addf(out, "(%s)", e->text);
        cexpr_print(out, e->kids[0]);
        break;
    default: /* CEXPR_BINARY, CEXPR_ASSIGN */
        cexpr_print(out, e->kids[0]);
        strbuf_addf(out, " %s ", e->text);
        cexpr_print(out, e->kids[1]);
    }
}

void cexpr_print(struct strbuf *out, const struct cexpr *e)
{
    switch (e->kind) {
    case CEXPR_NAME:
    case CEXPR_LITERAL:
    case CEXPR_SIZEOF:
        strbuf_adds(out, e->text);
        break;
    case CEXPR_MEMBER:
    case CEXPR_ARROW:
    case CEXPR_INDEX:
    case CEXPR_SECTION:
    case CEXPR_CALL:
        print_postfix(out, e);
        break;
    default:
        strbuf_addc(out, '(');
        print_operator(out, e);
        strbuf_addc(out, ')');
    }
}

/* ---- comparing and walking ---- */

/* Where a section begins, left out, is 0. */
static bool is_zero(const struct cexpr *e)
{
    return !e || (e->kind == CEXPR_LITERAL && strcmp(e->text, "0") == 0);
}

bool cexpr_equal_as(const struct cexpr *a, const struct cexpr *b, cexpr_rename *rename, void *arg)
{
    if (!a || !b)
        return !a && !b;
    if (a->kind != b->kind || a->n_kids != b->n_kids || a->is_postfix != b->is_postfix)
        return false;
    const char *text = rename && a->kind == CEXPR_NAME ? rename(arg, a->text) : a->text;
    if (strcmp(text, b->text) != 0)
        return false;
    for (size_t i = 0; i < a->n_kids; i++) {
        bool both_from_start = a->kind == CEXPR_SECTION && i == 1 && is_zero(a->kids[i]) &&
                               is_zero(b->kids[i]);
        if (!both_from_start && !cexpr_equal_as(a->kids[i], b->kids[i], rename, arg))
            return false;
    }
    return true;
}

bool cexpr_equal(const struct cexpr *a, const struct cexpr *b)
{
    return cexpr_equal_as(a, b, NULL, NULL);
}

void cexpr_walk(const struct cexpr *e, bool (*visit)(const struct cexpr *e, void *arg), void *arg)
{
    if (!e || !visit(e, arg))
        return;
    for (size_t i = 0; i < e->n_kids; i++)
        cexpr_walk(e->kids[i], visit, arg);
}

const struct cexpr *cexpr_side_effect(const struct cexpr *e,
                                      bool (*is_pure)(const struct cexpr *call, void *arg),
                                      void *arg)
{
    if (!e)
        return NULL;
    if (e->kind == CEXPR_ASSIGN || e->kind == CEXPR_INCDEC ||
        (e->kind == CEXPR_CALL && is_pure && !is_pure(e, arg)))
        return e;
    for (size_t i = 0; i < e->n_kids; i++) {
        const struct cexpr *found = cexpr_side_effect(e->kids[i], is_pure, arg);
        if (found)
            return found;
    }
    return NULL;
}

const struct cexpr *cexpr_root(const struct cexpr *e)
{
    while (e) {
        switch (e->kind) {
        case CEXPR_NAME:
            return e;
        case CEXPR_MEMBER:
        case CEXPR_ARROW:
        case CEXPR_INDEX:
        case CEXPR_SECTION:
        case CEXPR_DEREF:
        case CEXPR_ADDRESS:
        case CEXPR_CAST:
            e = e->kids[0];
            break;
        case CEXPR_BINARY: /* *(p + i) */
            if (strcmp(e->text, "+") != 0 && strcmp(e->text, "-") != 0)
                return NULL;
            e = e->kids[0];
            break;
        default:
            return NULL;
        }
    }
    return NULL;
}
