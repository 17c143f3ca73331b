/* stmt.c - see stmt.h.
 *
 * Where a macro makes the begin or the end of a statement, text can still stand before or
 * behind the invocation if that begins or ends with the statement: told from the nodes
 * around it, and from the first and the last token of the expansion. */
#include "stmt.h"

#include <string.h>

#include "base/strbuf.h"
#include "clex.h"

/* ---- macros ---- */

/* The longest invocation in src that ends at `at`, or NULL. */
static const struct expansion *invocation_before(struct frontend *fe, const struct source *src,
                                                 size_t at)
{
    const struct expansion *best = NULL;
    for (size_t i = 0; i < fe->n_expansions; i++) {
        const struct expansion *e = &fe->expansions[i];
        if (&e->file->src == src && e->end == at && (!best || e->begin < best->begin))
            best = e;
    }
    return best;
}

/* The tokens that [begin, end) of src stands for, without _Pragma(...). */
static bool expand(struct frontend *fe, const struct source *src, size_t begin, size_t end,
                   struct ctokens *out)
{
    struct strbuf text = STRBUF_INIT;
    bool ok = end > begin && macro_expand(fe->macros, src->text + begin, end - begin, &text);
    struct ctokens all = {0};
    *out = (struct ctokens){0};
    if (ok)
        ctokens_lex(&all, fe->facts.arena, arena_strndup(fe->facts.arena, text.buf, text.len),
                    text.len);
    strbuf_release(&text);
    for (size_t i = 0; i < all.n; i++) {
        if (ctoken_is(&all.items[i], "_Pragma") && i + 3 < all.n)
            i += 3;
        else
            ARENA_PUSH(fe->facts.arena, out->items, out->n, out->cap) = all.items[i];
    }
    return ok && out->n;
}

static bool is_block(const struct node *n)
{
    return n->kind == NODE_BLOCK && !n->is_declaration;
}

static const char *keyword(const struct node *s)
{
    switch (s->kind) {
    case NODE_BLOCK:
        return s->is_declaration ? NULL : "{";
    case NODE_NULL:
        return ";";
    case NODE_IF:
        return "if";
    case NODE_FOR:
        return "for";
    case NODE_WHILE:
        return "while";
    case NODE_DO:
        return "do";
    case NODE_SWITCH:
        return "switch";
    case NODE_RETURN:
        return "return";
    case NODE_GOTO:
        return "goto";
    case NODE_BREAK:
        return "break";
    case NODE_CONTINUE:
        return "continue";
    default:
        return NULL;
    }
}

static bool fits_begin(const struct node *s, const struct ctoken *t)
{
    static const char *const others[] = {
        "else",  "case",    "default", "do", "for", "while", "if", "switch", "return",   "goto",
        "break", "typedef", "{",       "}",  ";",   ")",     ",",  "]",      "continue", ":"};
    const char *word = keyword(s);
    if (word)
        return ctoken_is(t, word);
    if (s->kind == NODE_CASE)
        return ctoken_is(t, "case") || ctoken_is(t, "default");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ctoken_is(t, others[i]))
            return false;
    return true;
}

static size_t index_in_parent(const struct node *n)
{
    size_t i = 0;
    while (i < n->parent->n_kids && n->parent->kids[i] != n)
        i++;
    return i;
}

/* Is nothing made by the invocation at s's begin before s? */
static bool is_first_of_macro(struct frontend *fe, const struct node *s)
{
    const struct node *p = s->parent;
    size_t at = s->range.begin;
    if (p && p->range.src == s->range.src) {
        if (p->range.begin == at)
            return false;
        for (size_t i = index_in_parent(s); i-- > 0;)
            if (p->kids[i]->range.end > at)
                return false;
    }
    const struct expansion *e = frontend_expansion(fe, s->range.src, at);
    struct ctokens tokens;
    return e && expand(fe, s->range.src, e->begin, e->end, &tokens) &&
           fits_begin(s, &tokens.items[0]);
}

/* ---- ranges ---- */

/* The statement that ends where s ends. */
static const struct node *last_statement(const struct node *s)
{
    for (;;) {
        bool goes_on = s->kind == NODE_IF || s->kind == NODE_FOR || s->kind == NODE_WHILE ||
                       s->kind == NODE_SWITCH || s->kind == NODE_LABEL || s->kind == NODE_CASE ||
                       (s->kind == NODE_OTHER && !s->type);
        if (!goes_on || s->n_kids == 0)
            return s;
        s = s->kids[s->n_kids - 1];
    }
}

static bool needs_semicolon(const struct node *s)
{
    return !is_block(s) && s->kind != NODE_NULL;
}

/* Behind the semicolon that is the next token at `at`; 0 if there is none. */
static size_t behind_semicolon(const struct source *src, size_t at)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, src->text, src->len);
    lx.pos = at;
    do
        clex_next(&lx, &t);
    while (t.kind == CLEX_NEWLINE);
    return t.kind == CLEX_PUNCT && clex_is(&lx, &t, ";") ? t.end : 0;
}

/* Is nothing made by the invocation at s's end behind s? */
static bool is_last_of_macro(const struct node *s)
{
    size_t end = s->range.end;
    for (const struct node *n = s; n->parent && n->parent->range.src == s->range.src;
         n = n->parent) {
        const struct node *p = n->parent;
        for (size_t i = index_in_parent(n) + 1; i < p->n_kids; i++)
            if (p->kids[i]->range.begin < end)
                return false;
        if (p->range.end != end)
            return true;
        if (is_block(p) || p->kind == NODE_DO || p->type)
            return false;
    }
    return true;
}

static bool find_end(struct frontend *fe, const struct node *s, size_t *end)
{
    const struct node *last = last_statement(s);
    const struct source *src = s->range.src;
    if (last->range.src != src)
        return false;
    *end = last->range.end;
    const struct expansion *e = invocation_before(fe, src, *end);
    if (e) {
        struct ctokens tokens;
        if (!is_last_of_macro(last) || !expand(fe, src, e->begin, e->end, &tokens))
            return false;
        const struct ctoken *t = &tokens.items[tokens.n - 1];
        if (ctoken_is(t, ";"))
            return !is_block(last);
        if (!needs_semicolon(last))
            return ctoken_is(t, "}");
    } else if (last->is_declaration && src->text[*end - 1] == ';') {
        return true;
    }
    if (needs_semicolon(last))
        *end = behind_semicolon(src, *end);
    return *end != 0;
}

bool stmt_range(struct frontend *fe, const struct node *s, struct src_range *out)
{
    size_t end;
    if (!s->range.src || (s->is_macro_begin && !is_first_of_macro(fe, s)) || !find_end(fe, s, &end))
        return false;
    *out = (struct src_range){s->range.src, s->range.begin, end};
    return true;
}

/* ---- for ---- */

struct header {
    size_t open, first, second, close; /* of the parentheses and semicolons */
};

/* Behind the word `for` of s, or 0. */
static size_t behind_for(struct frontend *fe, const struct node *s)
{
    const struct source *src = s->range.src;
    if (s->is_macro_begin) {
        const struct expansion *e =
            is_first_of_macro(fe, s) ? frontend_expansion(fe, src, s->range.begin) : NULL;
        struct ctokens tokens;
        if (!e || !expand(fe, src, e->begin, e->end, &tokens) || tokens.n != 1)
            return 0;
        return e->end;
    }
    struct clex lx;
    struct clex_token t;
    unsigned depth = 0;
    clex_init(&lx, src->text, src->len);
    lx.pos = s->range.begin;
    while (clex_next(&lx, &t) != CLEX_END && t.begin < s->range.end) { /* behind attributes */
        if (depth == 0 && clex_is(&lx, &t, "for"))
            return t.end;
        depth += clex_is(&lx, &t, "(") || clex_is(&lx, &t, "[");
        depth -= depth && (clex_is(&lx, &t, ")") || clex_is(&lx, &t, "]"));
    }
    return 0;
}

static bool find_header(struct frontend *fe, const struct node *s, struct header *h)
{
    const struct source *src = s->range.src;
    size_t at = src ? behind_for(fe, s) : 0, n_semicolons = 0, depth = 0;
    if (!at)
        return false;
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, src->text, src->len);
    lx.pos = at;
    *h = (struct header){0};
    while (clex_next(&lx, &t) != CLEX_END) {
        if (t.kind == CLEX_NEWLINE)
            continue;
        if (depth == 0 && !clex_is(&lx, &t, "("))
            return false;
        if (t.kind != CLEX_PUNCT)
            continue;
        if (t.at_line_start && clex_is(&lx, &t, "#"))
            return false;
        if (clex_is(&lx, &t, "(") || clex_is(&lx, &t, "[") || clex_is(&lx, &t, "{")) {
            if (depth++ == 0)
                h->open = t.begin;
        } else if (clex_is(&lx, &t, ")") || clex_is(&lx, &t, "]") || clex_is(&lx, &t, "}")) {
            if (--depth == 0) {
                h->close = t.begin;
                return n_semicolons == 2;
            }
        } else if (depth == 1 && clex_is(&lx, &t, ";")) {
            if (n_semicolons++ == 0)
                h->first = t.begin;
            else
                h->second = t.begin;
        }
    }
    return false;
}

static bool is_blank(const struct source *src, struct src_range r)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, src->text, r.end);
    lx.pos = r.begin;
    do
        clex_next(&lx, &t);
    while (t.kind == CLEX_NEWLINE);
    return t.kind == CLEX_END;
}

/* Give each of s's kids its part, has[i] says which are written. */
static bool assign_parts(const struct node *s, const bool has[3], struct for_parts *out)
{
    size_t n = 0;
    const struct node **parts[] = {&out->init, &out->cond, &out->inc};
    for (size_t i = 0; i < 3; i++) {
        *parts[i] = NULL;
        if (has[i] && n < s->n_kids)
            *parts[i] = s->kids[n++];
        else if (has[i])
            return false;
    }
    if (n + 1 != s->n_kids)
        return false;
    out->body = s->kids[n];
    return true;
}

bool stmt_for_parts(struct frontend *fe, const struct node *s, struct for_parts *out)
{
    struct header h;
    if (s->kind != NODE_FOR || !find_header(fe, s, &h))
        return false;
    const struct source *src = s->range.src;
    struct src_range ranges[] = {
        {src, h.open + 1, h.first}, {src, h.first + 1, h.second}, {src, h.second + 1, h.close}};
    bool has[3];
    for (size_t i = 0; i < 3; i++)
        has[i] = !is_blank(src, ranges[i]);
    if (!assign_parts(s, has, out))
        return false;
    const struct node *parts[] = {out->init, out->cond, out->inc};
    for (size_t i = 0; i < 3; i++)
        if (parts[i] && (parts[i]->range.src != src || parts[i]->range.begin < ranges[i].begin ||
                         parts[i]->range.begin >= ranges[i].end))
            return false;
    out->init_range = ranges[0];
    out->cond_range = ranges[1];
    out->inc_range = ranges[2];
    return out->body->range.src == src && out->body->range.begin > h.close;
}

/* Counts the loops in n that come before s, in order of the text; true: s was met. */
static bool count_loops(const struct node *n, const struct node *s, size_t *count)
{
    if (n == s)
        return true;
    *count += n->kind == NODE_FOR;
    for (size_t i = 0; i < n->n_kids; i++)
        if (count_loops(n->kids[i], s, count))
            return true;
    return false;
}

/* Which parts of the for at tokens->items[at] are written? */
static bool scan_header(const struct ctokens *tokens, size_t at, bool has[3])
{
    size_t depth = 0, part = 0;
    has[0] = has[1] = has[2] = false;
    for (size_t i = at + 1; i < tokens->n; i++) {
        const struct ctoken *t = &tokens->items[i];
        bool opens = ctoken_is(t, "(") || ctoken_is(t, "[") || ctoken_is(t, "{");
        if (depth == 0 && !ctoken_is(t, "("))
            return false;
        if (depth == 1 && ctoken_is(t, ";")) {
            if (++part > 2)
                return false;
            continue;
        }
        bool closes = ctoken_is(t, ")") || ctoken_is(t, "]") || ctoken_is(t, "}");
        if (closes && --depth == 0)
            return part == 2;
        if (depth)
            has[part] = true;
        depth += opens;
    }
    return false;
}

bool stmt_for_nodes(struct frontend *fe, const struct node *s, struct for_parts *out)
{
    if (s->kind != NODE_FOR)
        return false;
    if (stmt_for_parts(fe, s, out))
        return true;
    *out = (struct for_parts){0};
    bool has[3] = {true, true, true};
    if (s->n_kids == 4)
        return assign_parts(s, has, out);
    if (s->n_kids == 1)
        return assign_parts(s, (const bool[3]){false}, out);
    /* The how-manieth `for` of what the invocation makes is it? */
    const struct node *top = s;
    while (top->parent && top->parent->range.src == s->range.src &&
           top->parent->range.begin == s->range.begin)
        top = top->parent;
    size_t n = 0;
    if (top->parent && top->parent->range.src == s->range.src)
        for (size_t i = 0; i < index_in_parent(top); i++)
            if (top->parent->kids[i]->range.end > s->range.begin)
                count_loops(top->parent->kids[i], s, &n);
    count_loops(top, s, &n);
    struct ctokens tokens;
    if (!s->range.src || !expand(fe, s->range.src, s->range.begin, s->range.end, &tokens))
        return false;
    for (size_t i = 0; i < tokens.n; i++)
        if (ctoken_is(&tokens.items[i], "for") && n-- == 0)
            return scan_header(&tokens, i, has) && assign_parts(s, has, out);
    return false;
}

/* ---- other parts ---- */

const struct node *stmt_condition(const struct node *s)
{
    if (s->n_kids < 2)
        return NULL;
    if (s->kind == NODE_DO)
        return s->kids[1];
    return s->kind == NODE_IF || s->kind == NODE_WHILE || s->kind == NODE_SWITCH ? s->kids[0]
                                                                                 : NULL;
}

const struct node *stmt_body(const struct node *s)
{
    if (s->n_kids < 2)
        return NULL;
    if (s->kind == NODE_DO)
        return s->kids[0];
    return s->kind == NODE_IF || s->kind == NODE_WHILE || s->kind == NODE_SWITCH ? s->kids[1]
                                                                                 : NULL;
}

const struct node *stmt_else(const struct node *s)
{
    return s->kind == NODE_IF && s->n_kids > 2 ? s->kids[2] : NULL;
}

size_t stmt_local_names(struct frontend *fe, struct function *fn, const char *const **names)
{
    return frontend_local_names(fe, fn, names);
}

/* ---- directives ---- */

static bool makes_directive(struct frontend *fe, const struct expansion *e)
{
    if (!macro_may_make_pragma(fe->macros, e->name, strlen(e->name)))
        return false;
    struct strbuf text = STRBUF_INIT;
    bool found = !macro_expand(fe->macros, e->file->src.text + e->begin, e->end - e->begin, &text);
    for (const char *p = text.buf; !found && (p = strstr(p, "_Pragma")) != NULL; p++) {
        const char *q = strchr(p, '"');
        found = q && sites_is_directive(q + 1 + strspn(q + 1, " "));
    }
    strbuf_release(&text);
    return found;
}

/* Does something at [begin, end) stand in s, or right before it? */
static bool concerns(const struct node *s, size_t begin, size_t end)
{
    return (begin >= s->range.begin && begin < s->range.end) ||
           (end <= s->range.begin && sites_next_token(s->range.src, end) == s->range.begin);
}

bool stmt_has_directive(struct frontend *fe, const struct node *s)
{
    for (size_t i = 0; i < fe->n_files; i++) {
        const struct unit_file *f = &fe->files[i];
        for (size_t k = 0; &f->src == s->range.src && k < f->sites.n_directives; k++) {
            const struct parallel_directive *d = &f->sites.directives[k];
            if (!d->is_inactive && concerns(s, d->begin, d->end))
                return true;
        }
    }
    for (size_t i = 0; i < fe->n_expansions; i++) {
        const struct expansion *e = &fe->expansions[i];
        if (&e->file->src == s->range.src && concerns(s, e->begin, e->end) &&
            makes_directive(fe, e))
            return true;
    }
    return false;
}
