/* frontend_header.c - where functions' headers begin and end in the text, and
 * what only the text says of them: old-style parameter lists, attributes that
 * clang drops. */
#include <stdlib.h>
#include <string.h>

#include "frontend_private.h"

static int by_place(const void *a, const void *b)
{
    const struct top_level *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Leading attributes and macros that expand to nothing belong to no cursor: the
 * header starts at the first token behind what stands before, provided only
 * words and parentheses lie between. */
static void widen_header(struct function *fn, size_t from)
{
    const char *text = fn->header.src->text;
    size_t at = from, end = fn->header.begin, last = from;
    bool at_line_start = true;
    while (at < end) {
        char c = text[at];
        if (c == '/' && text[at + 1] == '*') {
            const char *close = strstr(text + at + 2, "*/");
            if (!close)
                return;
            at = (size_t)(close + 2 - text);
        } else if (c == '/' && text[at + 1] == '/') {
            while (at < end && text[at] != '\n')
                at++;
        } else if (c == '#' && at_line_start) {
            while (at < end && (text[at] != '\n' || text[at - 1] == '\\'))
                at++;
            last = at;
        } else if (c == ';' || c == '{' || c == '}' || c == '=') {
            if (c != ';')
                return;
            last = ++at;
        } else {
            at_line_start = c == '\n' || (at_line_start && (c == ' ' || c == '\t'));
            at++;
            continue;
        }
    }
    for (at = last; at < end;) {
        if (strchr(" \t\r\n\f\v", text[at])) {
            at++;
        } else if (text[at] == '/' && text[at + 1] == '*') {
            at = (size_t)(strstr(text + at + 2, "*/") + 2 - text);
        } else if (text[at] == '/' && text[at + 1] == '/') {
            while (at < end && text[at] != '\n')
                at++;
        } else {
            break;
        }
    }
    if (at < end)
        fn->header.begin = at;
}

/* Where the parameter list ends; K&R parameters are declared behind it. */
static void find_knr(struct function *fn)
{
    if (fn->is_macro_name || fn->n_params == 0)
        return;
    const char *text = fn->header.src->text;
    size_t at = fn->name_range.end, depth = 0;
    for (; at < fn->header.end; at++) {
        if (text[at] == '(')
            depth++;
        else if (text[at] == ')' && depth > 0 && --depth == 0)
            break;
    }
    fn->is_knr = fn->params[0]->range.src == fn->header.src && fn->params[0]->range.begin > at;
}

static const char *skip_number(const char *p, const char *end, unsigned *n)
{
    while (p < end && strchr(" \t\n,", *p))
        p++;
    for (*n = 0; p < end && *p >= '0' && *p <= '9'; p++)
        *n = *n * 10 + (unsigned)(*p - '0');
    return p;
}

/* access(mode, pointer, size): clang drops the attribute, so it is read in the
 * text of each of the user's declarations. */
static void read_access(struct frontend *fe, struct function *fn, const char *p, const char *end)
{
    static const char *const modes[] = {"read_only", "write_only", "read_write"};
    while ((p = memmem(p, (size_t)(end - p), "access", 6)) != NULL) {
        for (p += 6; p < end && strchr(" \t_(", *p); p++)
            continue;
        for (unsigned m = 0; m < 3; m++) {
            size_t len = strlen(modes[m]);
            unsigned pointer, size;
            if ((size_t)(end - p) < len || memcmp(p, modes[m], len) != 0)
                continue;
            const char *q = p + len;
            while (q < end && *q == '_')
                q++;
            q = skip_number(skip_number(q, end, &pointer), end, &size);
            if (pointer >= 1 && size >= 1 && pointer <= fn->n_params && size <= fn->n_params)
                ARENA_PUSH(fe->facts.arena, fn->access, fn->n_access, fn->cap_access) =
                    (struct access_attribute){m, pointer - 1, size - 1};
        }
    }
}

static void find_access(struct frontend *fe)
{
    for (size_t i = 0; i < fe->n_tops; i++) {
        struct top_level *t = &fe->tops[i];
        if (!t->fn)
            continue;
        const struct source *src = &t->file->src;
        size_t end = t->is_definition && t->fn->body.src == src ? t->fn->body.begin : t->end;
        size_t begin =
            t->is_definition && t->fn->header.src == src ? t->fn->header.begin : t->begin;
        while (end < src->len && !strchr(";{", src->text[end]))
            end++;
        read_access(fe, t->fn, src->text + begin, src->text + end);
    }
}

void frontend_finish_headers(struct frontend *fe)
{
    if (fe->n_tops)
        qsort(fe->tops, fe->n_tops, sizeof *fe->tops, by_place);
    for (size_t i = 0; i < fe->n_tops; i++) {
        struct function *fn = fe->tops[i].fn;
        if (!fn || !fe->tops[i].is_definition || !fn->has_definition || fn->is_macro_body ||
            fn->header.src != &fe->tops[i].file->src)
            continue;
        size_t prev_end = 0;
        for (size_t j = 0; j < fe->n_tops; j++) {
            const struct top_level *t = &fe->tops[j];
            if (t->file == fe->tops[i].file && t->end <= fn->header.begin && t->end > prev_end)
                prev_end = t->end;
            if (t->file == fe->tops[i].file && t->kind == TOP_OTHER && t->is_definition &&
                t->begin >= fn->header.begin && t->end <= fn->header.end)
                fn->defines_type = true;
        }
        widen_header(fn, prev_end);
        fn->is_noreturn |= memmem(fn->header.src->text + fn->header.begin,
                                  fn->header.end - fn->header.begin, "_Noreturn", 9) != NULL;
        find_knr(fn);
    }
    find_access(fe);
}
