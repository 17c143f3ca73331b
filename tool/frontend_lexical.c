/* frontend_lexical.c - what only the text of a declaration shows; see frontend_hash.h.
 *
 * Ordinary code adds nothing here, so that renaming a macro or moving a line is no
 * change. What counts: attributes, asm and pragmas, spelled or made by a macro; uses of
 * __LINE__ and its kin, directly or through macros (but for the assert of a system
 * header: what it prints ends the program); and, where #if stands inside, all tokens,
 * since libclang takes clang's branch and the real compiler may take another.
 *
 * No text of system headers is read but the macros'. Where libclang reports an error, or
 * a value depends on everything before it (__COUNTER__), the whole text of the unit
 * counts. */
#include <string.h>

#include "base/strbuf.h"
#include "clex.h"
#include "frontend_lexical.h"

enum { MAX_TAIL = 400 }; /* tokens of attributes behind a declaration */

struct scan {
    struct lexical *lexical;
    const struct source *src;
    struct clex lx;
    struct strbuf *out;
    struct name_list *names;
    bool has_conditionals;
    bool is_definition; /* in a #define: nothing is expanded here */
    unsigned depth;     /* of inclusions */
};

static void add_macro(struct scan *s, const struct macro *m)
{
    struct arena *a = s->lexical->fe->facts.arena;
    strbuf_adds(s->out, "macro:");
    strbuf_add(s->out, m->digest, DIGEST);
    for (size_t i = 0; i < m->names.n; i++)
        ARENA_PUSH(a, s->names->items, s->names->n, s->names->cap) = m->names.items[i];
}

/* A token as it is; names and macros in it count. */
static void add_token(struct scan *s, const struct clex_token *t)
{
    struct strbuf text = STRBUF_INIT;
    clex_spell(&s->lx, t, &text);
    hash_add_text(s->out, text.buf, text.len);
    if (t->kind == CLEX_NAME) {
        unsigned place = word_meaning(text.buf, text.len) & ~(unsigned)(IS_TEXT | IS_COMPILER);
        struct macro *m = macro_named(s->lexical, text.buf, text.len);
        name_list_add(s->lexical, s->names, text.buf, text.len);
        if (m)
            add_macro(s, m);
        place |= m ? m->meaning & ~(unsigned)(IS_TEXT | IS_COMPILER) : 0;
        if (place && !s->is_definition)
            unit_add_place(s->lexical, place, s->src, t->begin, t->end, s->out);
    } else if (t->kind == CLEX_STRING) {
        name_list_add_string(s->lexical, s->names, text.buf, text.len);
    }
    strbuf_release(&text);
}

/* Go to the end of a parenthesis that begins with the next token; *end is behind it,
 * and unchanged if there is none. */
static void skip_parentheses(struct clex lx, size_t *end)
{
    struct clex_token t;
    size_t depth = 0;
    do {
        do {
            if (clex_next(&lx, &t) == CLEX_END)
                return;
        } while (t.kind == CLEX_NEWLINE);
        if (t.kind == CLEX_PUNCT && clex_is(&lx, &t, "("))
            depth++;
        else if (t.kind == CLEX_PUNCT && clex_is(&lx, &t, ")") && depth > 0)
            depth--;
        else if (depth == 0)
            return;
    } while (depth > 0);
    *end = t.end;
}

static void add_tokens_to(struct scan *s, size_t end)
{
    struct clex_token t;
    while (s->lx.pos < end && clex_next(&s->lx, &t) != CLEX_END)
        if (t.kind != CLEX_NEWLINE)
            add_token(s, &t);
}

/* Behind one of the words that begin what clang may drop. */
static void scan_text(struct scan *s, const struct clex_token *word)
{
    struct clex_token t;
    struct clex at = s->lx;
    while (clex_next(&at, &t) == CLEX_NAME || t.kind == CLEX_NEWLINE)
        s->lx = at; /* asm volatile goto */
    size_t end = s->lx.pos;
    skip_parentheses(s->lx, &end);
    if (clex_is(&s->lx, word, "_Pragma")) {
        struct clex inner = s->lx;
        struct strbuf spelling = STRBUF_INIT, text = STRBUF_INIT;
        clex_next(&inner, &t);
        if (clex_next(&inner, &t) == CLEX_STRING)
            clex_spell(&inner, &t, &spelling);
        bool is_quiet = clex_string_value(spelling.buf, spelling.len, &text) &&
                        (site_is_ours(text.buf, text.len) || is_silent_pragma(text.buf));
        strbuf_release(&spelling);
        strbuf_release(&text);
        if (is_quiet) {
            s->lx.pos = end;
            return;
        }
    }
    add_token(s, word);
    add_tokens_to(s, end);
}

static void scan_range(struct scan *s, size_t begin, size_t end, bool has_tail);

/* A file included inside a declaration: a table, mostly. */
static void scan_inclusion(struct scan *s, size_t begin, size_t end)
{
    struct lexical *lx = s->lexical;
    if (s->depth++ < MAX_NESTED)
        for (size_t i = 0; i < lx->n_inclusions; i++) {
            const struct inclusion *in = &lx->inclusions[i];
            if (in->includer != s->src || in->offset < begin || in->offset > end)
                continue;
            struct scan inner = *s;
            inner.src = in->included->src;
            scan_range(&inner, 0, inner.src->len, false);
            s->has_conditionals |= inner.has_conditionals;
        }
    s->depth--;
}

/* From behind '#'; leaves the rest of the line, its end too. */
static void scan_directive(struct scan *s, size_t begin)
{
    static const char *const conditionals[] = {"if",   "ifdef",   "ifndef",   "elif",
                                               "else", "elifdef", "elifndef", "endif"};
    struct clex_token t;
    if (clex_next(&s->lx, &t) == CLEX_NEWLINE || t.kind == CLEX_END)
        return;
    bool is_pragma = clex_is(&s->lx, &t, "pragma"), is_include = clex_is(&s->lx, &t, "include");
    for (size_t i = 0; i < sizeof conditionals / sizeof *conditionals; i++)
        s->has_conditionals |= clex_is(&s->lx, &t, conditionals[i]);
    struct clex line = s->lx;
    struct strbuf text = STRBUF_INIT;
    while (clex_next(&s->lx, &t) != CLEX_END && t.kind != CLEX_NEWLINE) {
        if (text.len)
            strbuf_addc(&text, ' ');
        clex_spell(&s->lx, &t, &text);
    }
    if (is_include)
        scan_inclusion(s, begin, s->lx.pos);
    if (is_pragma && !site_is_ours(text.buf, text.len) && !is_silent_pragma(text.buf)) {
        struct clex behind = s->lx;
        strbuf_adds(s->out, "pragma:");
        s->lx = line;
        add_tokens_to(s, behind.pos);
        s->lx = behind;
    }
    strbuf_release(&text);
}

static void scan_name(struct scan *s, const struct clex_token *t)
{
    const char *text = s->src->text + t->begin;
    size_t len = t->end - t->begin;
    struct strbuf spelling = STRBUF_INIT;
    if (t->is_spliced) {
        clex_spell(&s->lx, t, &spelling);
        text = spelling.buf;
        len = spelling.len;
    }
    unsigned meaning = word_meaning(text, len);
    struct macro *m = meaning ? NULL : macro_named(s->lexical, text, len);
    strbuf_release(&spelling);
    if (meaning & IS_TEXT)
        scan_text(s, t);
    if (m && m->meaning & IS_TEXT)
        add_macro(s, m);
    meaning |= m ? m->meaning : 0;
    meaning &= ~(unsigned)(IS_TEXT | IS_COMPILER);
    if (meaning) {
        size_t end = t->end;
        if (m)
            skip_parentheses(s->lx, &end);
        unit_add_place(s->lexical, meaning, s->src, t->begin, end, s->out);
    }
}

/* [[...]]: from its first bracket. */
static void scan_brackets(struct scan *s, const struct clex_token *first)
{
    struct clex at = s->lx;
    struct clex_token t;
    if (clex_next(&at, &t) != CLEX_PUNCT || !clex_is(&at, &t, "[") || t.has_blank)
        return;
    add_token(s, first);
    for (size_t depth = 1; depth > 0 && clex_next(&s->lx, &t) != CLEX_END;) {
        if (t.kind == CLEX_NEWLINE)
            continue;
        add_token(s, &t);
        depth += clex_is(&s->lx, &t, "[");
        depth -= clex_is(&s->lx, &t, "]");
    }
}

/* has_tail: attributes may stand between the end and the next ; , = or {. */
static void scan_range(struct scan *s, size_t begin, size_t end, bool has_tail)
{
    struct clex_token t;
    clex_init(&s->lx, s->src->text, has_tail ? s->src->len : end);
    s->lx.pos = begin > s->lx.pos ? begin : s->lx.pos;
    s->lx.at_line_start = begin == 0;
    unsigned n_tail = 0;
    while (clex_next(&s->lx, &t) != CLEX_END) {
        bool is_tail = t.begin >= end;
        if (is_tail && (++n_tail > MAX_TAIL ||
                        (t.kind == CLEX_PUNCT && strchr(";,={}", s->src->text[t.begin]))))
            break;
        if (t.kind == CLEX_PUNCT && t.at_line_start && clex_is(&s->lx, &t, "#")) {
            if (is_tail)
                break;
            scan_directive(s, t.begin);
        } else if (t.kind == CLEX_NAME) {
            scan_name(s, &t);
        } else if (t.kind == CLEX_PUNCT && s->src->text[t.begin] == '[') {
            scan_brackets(s, &t);
        }
    }
}

/* Everything but our own pragmas, in all branches. */
static void add_whole(struct scan *s, size_t begin, size_t end)
{
    struct clex_token t;
    clex_init(&s->lx, s->src->text, end);
    s->lx.pos = begin > s->lx.pos ? begin : s->lx.pos;
    s->lx.at_line_start = begin == 0;
    while (clex_next(&s->lx, &t) != CLEX_END) {
        if (t.kind == CLEX_NEWLINE) {
            s->is_definition = false;
            continue;
        }
        struct clex at = s->lx;
        struct clex_token word;
        bool is_directive =
            t.at_line_start && clex_is(&s->lx, &t, "#") && clex_next(&at, &word) == CLEX_NAME;
        if (is_directive)
            s->is_definition = clex_is(&at, &word, "define");
        if (is_directive && clex_is(&at, &word, "pragma"))
            scan_directive(s, t.begin);
        else if (t.kind == CLEX_NAME && clex_is(&s->lx, &t, "_Pragma"))
            scan_text(s, &t);
        else
            add_token(s, &t);
    }
}

/* [[...]] in front of a declaration is no part of its extent. */
static size_t widen_begin(const struct source *src, size_t begin)
{
    size_t at = begin;
    while (at > 0 && strchr(" \t\r\n\f\v", src->text[at - 1]))
        at--;
    if (at < 4 || src->text[at - 1] != ']' || src->text[at - 2] != ']')
        return begin;
    for (at -= 2; at > 1 && !strchr(";{}", src->text[at]); at--)
        if (src->text[at - 1] == '[' && src->text[at - 2] == '[')
            return at - 2;
    return begin;
}

void lexical_declaration(struct lexical *lx, struct src_range range, bool has_body,
                         struct strbuf *out, struct name_list *names)
{
    const struct source *src = range.src;
    if (!src)
        return;
    if (unit_has_error(lx, range)) {
        strbuf_adds(out, "error:");
        unit_add_all(lx, out);
    }
    struct scan s = {.lexical = lx, .src = src, .out = out, .names = names};
    size_t begin = widen_begin(src, range.begin);
    scan_range(&s, begin, range.end, !has_body);
    if (s.has_conditionals)
        add_whole(&s, begin, range.end);
}

/* ---- code for another compiler ---- */

struct conditional {
    size_t begin;
    bool is_foreign;
};

static bool mentions_compiler(struct lexical *lx, struct clex *at)
{
    struct clex_token t;
    struct strbuf text = STRBUF_INIT;
    bool found = false;
    while (clex_next(at, &t) != CLEX_END && t.kind != CLEX_NEWLINE) {
        if (t.kind != CLEX_NAME)
            continue;
        strbuf_clear(&text);
        clex_spell(at, &t, &text);
        struct macro *m = macro_named(lx, text.buf, text.len);
        found |= ((word_meaning(text.buf, text.len) | (m ? m->meaning : 0)) & IS_COMPILER) != 0;
    }
    strbuf_release(&text);
    return found;
}

static bool is_condition(const struct clex *at, const struct clex_token *t)
{
    return clex_is(at, t, "if") || clex_is(at, t, "ifdef") || clex_is(at, t, "ifndef") ||
           clex_is(at, t, "elif");
}

/* Most files have no such condition; to know that, only lines with a # need reading. */
static bool may_be_foreign(struct lexical *lx, const struct source *src)
{
    const char *end = src->text + src->len;
    for (const char *p = src->text; (p = memchr(p, '#', (size_t)(end - p))) != NULL; p++) {
        struct clex at;
        struct clex_token t;
        clex_init(&at, src->text, src->len);
        at.pos = (size_t)(p + 1 - src->text);
        if (clex_next(&at, &t) == CLEX_NAME && is_condition(&at, &t) && mentions_compiler(lx, &at))
            return true;
    }
    return memmem(src->text, src->len, "%:", 2) != NULL;
}

static void add_foreign_of(struct lexical *lx, const struct source *src, struct strbuf *out,
                           struct name_list *names)
{
    struct conditional open[MAX_NESTED];
    size_t n = 0;
    struct clex at;
    struct clex_token t;
    clex_init(&at, src->text, src->len);
    while (clex_next(&at, &t) != CLEX_END) {
        size_t begin = t.begin;
        if (t.kind != CLEX_PUNCT || !t.at_line_start || !clex_is(&at, &t, "#") ||
            clex_next(&at, &t) != CLEX_NAME)
            continue;
        if (is_condition(&at, &t) && !clex_is(&at, &t, "elif")) {
            bool is_foreign = mentions_compiler(lx, &at);
            if (n < MAX_NESTED)
                open[n] = (struct conditional){begin, is_foreign};
            n++;
        } else if (clex_is(&at, &t, "elif")) {
            bool is_foreign = mentions_compiler(lx, &at);
            if (n > 0 && n <= MAX_NESTED)
                open[n - 1].is_foreign |= is_foreign;
        } else if (clex_is(&at, &t, "endif") && n > 0) {
            n--;
            if (n >= MAX_NESTED || !open[n].is_foreign)
                continue;
            struct scan s = {.lexical = lx, .src = src, .out = out, .names = names};
            add_whole(&s, open[n].begin, t.end);
        }
    }
}

void lexical_foreign(struct lexical *lx, struct strbuf *out, struct name_list *names)
{
    for (size_t i = 0; i < lx->n_texts; i++)
        if (may_be_foreign(lx, lx->texts[i]->src))
            add_foreign_of(lx, lx->texts[i]->src, out, names);
}
