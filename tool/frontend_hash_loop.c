/* frontend_hash_loop.c - a loop in what clang prints of the function around it.
 *
 * libclang prints declarations only, so a loop's text is cut out of its function's. Which of
 * the loops there it is follows from the order of keywords: all loops that the parsed code
 * has must be there, in order, or nothing is cut. */
#include <string.h>

#include "base/strbuf.h"
#include "frontend_hash.h"

/* ---- the loops of a function ---- */

struct search {
    struct frontend *fe;
    const struct node *loop;
    struct hash_loop *out;
    struct strbuf keywords;
    size_t n_found;
    unsigned n_kids; /* of a do statement, so far */
};

static void search_cursor(struct search *s, CXCursor c);

static enum CXChildVisitResult search_kid(CXCursor c, CXCursor parent, CXClientData data)
{
    (void)parent;
    search_cursor(data, c);
    return CXChildVisit_Continue;
}

/* The body, then the keyword, then the condition. */
static enum CXChildVisitResult search_do(CXCursor c, CXCursor parent, CXClientData data)
{
    struct search *s = data;
    unsigned n = s->n_kids;
    (void)parent;
    if (n == 1)
        strbuf_addc(&s->keywords, 'w');
    search_cursor(s, c);
    s->n_kids = n + 1;
    return CXChildVisit_Continue;
}

static char keyword_of(enum CXCursorKind k)
{
    switch (k) {
    case CXCursor_ForStmt:
        return 'f';
    case CXCursor_WhileStmt:
        return 'w';
    case CXCursor_DoStmt:
        return 'd';
    default:
        return 0;
    }
}

static char keyword_of_node(const struct node *n)
{
    return n->kind == NODE_FOR ? 'f' : n->kind == NODE_WHILE ? 'w' : n->kind == NODE_DO ? 'd' : 0;
}

static void search_cursor(struct search *s, CXCursor c)
{
    char keyword = keyword_of(lc.getCursorKind(c));
    if (keyword) {
        struct src_range r = frontend_cursor_range(s->fe, c);
        if (keyword == keyword_of_node(s->loop) && r.src == s->loop->range.src &&
            r.begin == s->loop->range.begin && r.end == s->loop->range.end) {
            s->out->cursor = c;
            s->out->index = s->keywords.len;
            s->n_found++;
        }
        strbuf_addc(&s->keywords, keyword);
    }
    unsigned n_kids = s->n_kids;
    s->n_kids = 0;
    lc.visitChildren(c, keyword == 'd' ? search_do : search_kid, s);
    s->n_kids = n_kids;
}

bool hash_find_loop(struct frontend *fe, CXCursor function, const struct node *loop,
                    struct hash_loop *out)
{
    struct search s = {.fe = fe, .loop = loop, .out = out, .keywords = STRBUF_INIT};
    CXCursor definition = lc.getCursorDefinition(function);
    *out = (struct hash_loop){.function = definition};
    if (!lc.Cursor_isNull(definition) && loop->range.src)
        search_cursor(&s, definition);
    out->keywords = arena_strdup(fe->facts.arena, s.keywords.buf);
    strbuf_release(&s.keywords);
    return s.n_found == 1;
}

/* ---- where a statement ends ---- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 128;
}

/* Behind a literal, a word, a directive's line, or one character. */
static const char *skip_token(const char *p)
{
    if (*p == '"' || *p == '\'') {
        char quote = *p++;
        while (*p && *p != quote)
            p += p[0] == '\\' && p[1] ? 2 : 1;
        return p + (*p != '\0');
    }
    if (*p == '#')
        return p + strcspn(p, "\n");
    if (!is_word(*p))
        return p + 1;
    while (is_word(*p))
        p++;
    return p;
}

static const char *skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '#')
        p = *p == '#' ? skip_token(p) : p + 1;
    return p;
}

static bool is_at(const char *p, const char *word)
{
    size_t n = strlen(word);
    return strncmp(p, word, n) == 0 && !is_word(p[n]);
}

/* Behind what closes the bracket at p; NULL: nothing does. */
static const char *skip_brackets(const char *p)
{
    size_t depth = 0;
    do {
        depth += *p == '(' || *p == '[' || *p == '{';
        depth -= *p == ')' || *p == ']' || *p == '}';
        p = skip_token(p);
    } while (*p && depth);
    return depth ? NULL : p;
}

static const char *skip_head(const char *p, size_t keyword)
{
    p = skip_blanks(p + keyword);
    return *p == '(' ? skip_brackets(p) : NULL;
}

/* Behind the statement at p. NULL: it isn't one whose end is known, like one with a label. */
static const char *skip_statement(const char *p)
{
    p = skip_blanks(p);
    if (*p == '{')
        return skip_brackets(p);
    if (is_at(p, "case") || is_at(p, "default"))
        return NULL;
    if (is_at(p, "for") || is_at(p, "while") || is_at(p, "switch")) {
        p = skip_head(p, (size_t)(skip_token(p) - p));
        return p ? skip_statement(p) : NULL;
    }
    if (is_at(p, "if")) {
        p = skip_head(p, 2);
        p = p ? skip_statement(p) : NULL;
        if (p && is_at(skip_blanks(p), "else"))
            p = skip_statement(skip_blanks(p) + 4);
        return p;
    }
    if (is_at(p, "do")) {
        p = skip_statement(p + 2);
        p = p ? skip_blanks(p) : NULL;
        p = p && is_at(p, "while") ? skip_head(p, 5) : NULL;
        return p && *p == ';' ? p + 1 : NULL;
    }
    bool may_be_label = is_word(*p);
    for (const char *next; *p && *p != ';'; p = next) {
        bool is_name = is_word(*p);
        next = *p == '(' || *p == '[' || *p == '{' ? skip_brackets(p) : skip_token(p);
        if (!next || *p == '}' || *p == ')' || (may_be_label && !is_name && *p == ':'))
            return NULL;
        may_be_label &= is_name;
    }
    return *p ? p + 1 : NULL;
}

/* ---- the loop's text ---- */

/* A run of blanks is as good as one: how many there are tells how deep the loop stands. */
static void add_words(struct strbuf *out, const char *p, const char *end)
{
    while (p < end) {
        size_t n_blanks = strspn(p, " \t\n");
        const char *next = n_blanks ? p + n_blanks : skip_token(p);
        if (n_blanks)
            strbuf_addc(out, ' ');
        else
            strbuf_add(out, p, (size_t)(next - p));
        p = next;
    }
}

bool hash_loop_text(const struct hash_loop *loop, const char *printed, struct strbuf *out)
{
    static const char *const words[] = {"for", "while", "do"};
    const char *begin = NULL;
    size_t n = 0;
    for (const char *p = printed ? printed : ""; *p; p = skip_token(p))
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (!is_at(p, words[i]))
                continue;
            if (loop->keywords[n] != *words[i])
                return false;
            if (n++ == loop->index)
                begin = p;
        }
    const char *end = begin && !loop->keywords[n] ? skip_statement(begin) : NULL;
    if (end)
        add_words(out, begin, end);
    return end != NULL;
}
