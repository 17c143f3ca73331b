/* asks.c - see asks.h. Lexical: the invocation's text is split at its
 * parentheses and commas; what the callee is, the facts say. */
#include "asks.h"

#include <ctype.h>
#include <string.h>

#include "base/strbuf.h"
#include "diag.h"

struct span {
    const char *begin, *end;
};

static const char *skip_literal(const char *p, const char *end)
{
    char quote = *p++;
    while (p < end && *p != quote)
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    return p < end ? p + 1 : end;
}

static const char *skip_blank(const char *p, const char *end)
{
    while (p < end) {
        if (isspace((unsigned char)*p)) {
            p++;
        } else if (end - p > 1 && p[0] == '/' && p[1] == '*') {
            const char *close = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
            p = close ? close + 2 : end;
        } else {
            break;
        }
    }
    return p;
}

static const char *skip_word(const char *p, const char *end)
{
    while (p < end && (isalnum((unsigned char)*p) || *p == '_'))
        p++;
    return p;
}

/* The end of the bracket that opens at p; end if it doesn't close. */
static const char *skip_brackets(const char *p, const char *end)
{
    int depth = 0;
    while (p < end) {
        if (*p == '"' || *p == '\'') {
            p = skip_literal(p, end);
            continue;
        }
        if (strchr("([{", *p))
            depth++;
        else if (strchr(")]}", *p) && --depth == 0)
            return p + 1;
        p++;
    }
    return end;
}

static bool has_call(struct span s)
{
    const char *p = s.begin;
    while (p < s.end) {
        if (*p == '"' || *p == '\'') {
            p = skip_literal(p, s.end);
        } else if (isalpha((unsigned char)*p) || *p == '_') {
            const char *q = skip_word(p, s.end), *after = skip_blank(q, s.end);
            bool is_sizeof = q - p == 6 && memcmp(p, "sizeof", 6) == 0;
            if (after < s.end && *after == '(' && !is_sizeof)
                return true;
            p = q;
        } else {
            p++;
        }
    }
    return false;
}

/* Split "a, g(b, c)" at its commas. */
static size_t split(struct span args, struct span *out, size_t max)
{
    size_t n = 0;
    const char *p = args.begin, *start = p;
    if (skip_blank(p, args.end) == args.end)
        return 0;
    while (p < args.end && n < max) {
        if (*p == '"' || *p == '\'') {
            p = skip_literal(p, args.end);
        } else if (strchr("([{", *p)) {
            p = skip_brackets(p, args.end);
        } else if (*p == ',') {
            out[n++] = (struct span){start, p};
            start = ++p;
        } else {
            p++;
        }
    }
    if (n < max)
        out[n++] = (struct span){start, args.end};
    return n;
}

static bool is_annotated(const struct annotations *an, const struct function *fn)
{
    for (size_t i = 0; i < an->n_functions; i++)
        if (an->functions[i]->fn == fn)
            return true;
    for (size_t i = 0; i < an->n_elsewhere; i++)
        if (an->elsewhere[i]->fn == fn)
            return true;
    return false;
}

static void hoist(struct arena *arena, const struct expansion *e, const struct span *args, size_t n,
                  struct edit_list *edits)
{
    const char *text = e->file->src.text;
    struct strbuf before = STRBUF_INIT;
    strbuf_adds(&before, "(__extension__ ({ ");
    for (size_t i = 0; i < n; i++) {
        if (!has_call(args[i]))
            continue;
        strbuf_addf(&before, "__auto_type memo_l_h%zu = (%.*s); ", i,
                    (int)(args[i].end - args[i].begin), args[i].begin);
    }
    edit_add(edits, (struct edit){.file = e->file,
                                  .begin = e->begin,
                                  .end = e->begin,
                                  .text = arena_strdup(arena, before.buf),
                                  .is_inline = true});
    strbuf_release(&before);
    for (size_t i = 0; i < n; i++)
        if (has_call(args[i]))
            edit_add(edits, (struct edit){.file = e->file,
                                          .begin = (size_t)(args[i].begin - text),
                                          .end = (size_t)(args[i].end - text),
                                          .text = arena_printf(arena, "memo_l_h%zu", i),
                                          .is_inline = true});
    edit_add(
        edits,
        (struct edit){
            .file = e->file, .begin = e->end, .end = e->end, .text = "; }))", .is_inline = true});
}

static void rewrite(struct frontend *fe, const struct annotations *an, struct diag_engine *diag,
                    const struct expansion *e, struct edit_list *edits)
{
    const struct source *src = &e->file->src;
    const char *end = src->text + e->end, *p = skip_word(src->text + e->begin, end);
    p = skip_blank(p, end);
    struct src_range range = {src, e->begin, e->end};
    const char *callee = p < end ? skip_blank(p + 1, end) : end, *after = skip_word(callee, end);
    const char *open = skip_blank(after, end), *close = open < end ? skip_brackets(open, end) : end;
    if (after == callee || open >= end || *open != '(' || skip_blank(close, end) != end - 1) {
        diag_report(diag, err_ask_no_call, range, e->name);
        return;
    }
    const char *name = arena_strndup(fe->facts.arena, callee, (size_t)(after - callee));
    struct function *fn = frontend_function(fe, name);
    if (!fn || !is_annotated(an, fn)) {
        struct src_range at = {src, (size_t)(callee - src->text), (size_t)(after - src->text)};
        diag_report(diag, err_ask_not_memoized, at, name, e->name);
        diag_report(diag, note_ask_annotate, at);
        return;
    }
    struct span args[128];
    size_t n = split((struct span){open + 1, close - 1}, args, 128);
    for (size_t i = 0; i < n; i++)
        if (has_call(args[i])) {
            hoist(fe->facts.arena, e, args, n, edits);
            return;
        }
}

void asks_rewrite(struct frontend *fe, const struct annotations *an, struct diag_engine *diag,
                  struct edit_list *edits)
{
    static const char *const asks[] = {"memo_cached", "memo_forget", "memo_refresh",
                                       "memo_uncached"};
    for (size_t i = 0; i < fe->n_expansions; i++)
        for (size_t j = 0; j < sizeof asks / sizeof *asks; j++)
            if (strcmp(fe->expansions[i].name, asks[j]) == 0)
                rewrite(fe, an, diag, &fe->expansions[i], edits);
}
