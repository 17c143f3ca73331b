/* touch_global.c - static objects at file scope that no pointer can lead to: their address is
 * taken nowhere in the unit. All functions of the unit are looked at, once; what can't be seen
 * as nodes (initializers at file scope, macros) is searched for the name. */
#include <string.h>

#include "touch_private.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Does the name stand in [p, end), other than at `own`? Comments and strings count. */
static bool is_named(const char *p, const char *end, const char *name, const char *own)
{
    size_t n = strlen(name);
    const char *start = p;
    while ((p = memmem(p, (size_t)(end - p), name, n)) != NULL) {
        bool is_whole =
            (p == start || !is_name_char(p[-1])) && (p + n == end || !is_name_char(p[n]));
        if (is_whole && p != own)
            return true;
        p += n;
    }
    return false;
}

/* Directives: a macro that names it may take its address at file scope, one that pastes may make
 * the name, and code of a file that is included further down isn't among ours. */
static bool is_in_directive(const struct source *src, const struct variable *v)
{
    const char *p = src->text, *end = src->text + src->len;
    while (p < end) {
        const char *line = p, *stop = memchr(p, '\n', (size_t)(end - p));
        while (stop && stop > p && stop + 1 < end && stop[-1] == '\\')
            stop = memchr(stop + 1, '\n', (size_t)(end - stop - 1));
        stop = stop ? stop : end;
        while (line < stop && (*line == ' ' || *line == '\t'))
            line++;
        if (line < stop && *line == '#') {
            bool is_include = memmem(line, (size_t)(stop - line), "include", 7) != NULL;
            if (is_include && (size_t)(line - src->text) > v->range.begin)
                return true;
            if (!is_include && (memmem(line, (size_t)(stop - line), "##", 2) ||
                                (!memmem(line, (size_t)(stop - line), "pragma", 6) &&
                                 is_named(line, stop, v->name, NULL))))
                return true;
        }
        p = stop + 1;
    }
    return false;
}

static bool is_in_declaration(struct frontend *fe, const struct variable *v)
{
    for (size_t i = 0; i < fe->n_tops; i++) {
        const struct top_level *t = &fe->tops[i];
        const char *text = t->file->src.text;
        if (t->kind != TOP_FUNCTION &&
            is_named(text + t->begin, text + t->end, v->name,
                     v->range.src == &t->file->src ? text + v->range.begin : NULL))
            return true;
    }
    return false;
}

static struct touch_data *scan_unit(struct touch_scope *s)
{
    struct frontend *fe = s->fe;
    struct touch_scope all = {.fe = fe, .arena = fe->facts.arena, .all = s->all};
    all.data = ARENA_NEW(all.arena, struct touch_data);
    struct touch_data *d = all.data;
    for (size_t i = 0; i < fe->n_tops; i++) {
        const struct top_level *t = &fe->tops[i];
        if (t->kind != TOP_FUNCTION || !t->is_definition)
            continue;
        if (!frontend_body(fe, t->fn))
            d->has_assembler = true; /* it can't be seen */
        else
            touch_scan(&all, t->fn);
    }
    return all.data;
}

bool touch_is_hidden(struct touch_scope *s, const struct variable *v)
{
    if (!v->is_global || !v->is_internal || v->type->is_volatile || !v->range.src ||
        v->range.src != &s->fe->files[0].src)
        return false;
    if (!s->fe->touched)
        s->fe->touched = scan_unit(s);
    struct touch_data *d = s->fe->touched;
    if (d->has_assembler)
        return false;
    struct touch_scope all = {.fe = s->fe, .arena = s->fe->facts.arena, .data = d};
    struct variable_facts *f = touch_facts(&all, v);
    if (!f->is_searched) {
        f->is_searched = true;
        f->is_exposed |= is_in_directive(v->range.src, v) || is_in_declaration(s->fe, v);
    }
    return !f->is_exposed;
}
