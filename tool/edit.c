/* edit.c - see edit.h. */
#include "edit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void edit_add(struct edit_list *list, struct edit e)
{
    e.seq = (unsigned)list->n;
    ARENA_PUSH(list->arena, list->edits, list->n, list->cap) = e;
}

static int by_place(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->is_end != y->is_end)
        return x->is_end ? -1 : 1;
    if (x->partner != y->partner)
        return x->partner > y->partner ? -1 : 1;
    if (x->rank != y->rank)
        return (x->rank < y->rank) != x->is_end ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void add_name(struct strbuf *out, const char *name)
{
    strbuf_addc(out, '"');
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            strbuf_addc(out, '\\');
        strbuf_addc(out, *name);
    }
    strbuf_addc(out, '"');
}

void edit_line_directive(struct frontend *fe, struct strbuf *out, const struct unit_file *file,
                         size_t offset)
{
    const char *name;
    size_t line = frontend_presumed(fe, file, offset, &name);
    strbuf_addf(out, "#line %zu ", line);
    add_name(out, name);
    strbuf_addc(out, '\n');
}

/* Blanks up to the column of offset; tabs stay tabs. */
static void add_padding(struct strbuf *out, const struct source *src, size_t offset)
{
    size_t at = source_locate(src, offset).line_begin;
    for (; at < offset; at++)
        if (((unsigned char)src->text[at] & 0xc0) != 0x80)
            strbuf_addc(out, src->text[at] == '\t' ? '\t' : ' ');
}

static bool at_line_end(const struct source *src, size_t at)
{
    return at >= src->len || src->text[at] == '\n' ||
           (src->text[at] == '\r' && at + 1 < src->len && src->text[at + 1] == '\n');
}

/* Behind an edit: go on at `offset` of the user's text. Returns where. */
static size_t resync(struct frontend *fe, struct strbuf *out, const struct unit_file *file,
                     size_t offset)
{
    const struct source *src = &file->src;
    if (out->len && out->buf[out->len - 1] != '\n')
        strbuf_addc(out, '\n');
    if (at_line_end(src, offset)) {
        while (offset < src->len && src->text[offset] != '\n')
            offset++;
        if (offset == src->len)
            return offset;
        if (offset + 1 < src->len)
            edit_line_directive(fe, out, file, offset + 1);
        return offset + 1;
    }
    edit_line_directive(fe, out, file, offset);
    add_padding(out, src, offset);
    return offset;
}

static void add_text(struct strbuf *out, const struct edit *e, const char **preamble)
{
    if (e->is_inline) {
        strbuf_adds(out, e->text);
        return;
    }
    if (*e->text && out->len && out->buf[out->len - 1] != '\n')
        strbuf_addc(out, '\n');
    if (e->needs_preamble && *preamble) {
        strbuf_adds(out, *preamble);
        *preamble = NULL;
    }
    strbuf_adds(out, e->text);
}

void edit_apply(struct frontend *fe, struct edit_list *list, const char *preamble,
                struct strbuf *out)
{
    const struct unit_file *main_file = &fe->files[0];
    const struct source *src = &main_file->src;
    size_t at = src->len >= 3 && memcmp(src->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    strbuf_adds(out, "#line 1 ");
    add_name(out, src->name);
    strbuf_addc(out, '\n');
    qsort(list->edits, list->n, sizeof *list->edits, by_place);
    for (size_t i = 0; i < list->n; i++) {
        const struct edit *e = &list->edits[i];
        if (e->file != main_file)
            continue;
        if (e->begin > at) {
            strbuf_add(out, src->text + at, e->begin - at);
            at = e->begin;
        }
        add_text(out, e, &preamble);
        at = e->end > at ? e->end : at;
        bool more = i + 1 < list->n && list->edits[i + 1].file == main_file &&
                    list->edits[i + 1].begin <= at;
        if (!e->is_inline && !more)
            at = resync(fe, out, main_file, at);
    }
    strbuf_add(out, src->text + at, src->len - at);
}

/* ---- texts with includes resolved ---- */

struct place {
    const struct unit_file *file; /* NULL: not ours */
    const char *name;             /* as the compiler wrote it: what __FILE__ gives */
    size_t line;
};

static const struct unit_file *file_by_name(struct frontend *fe, const char *name)
{
    struct stat a, b;
    for (size_t i = 0; i < fe->n_files; i++)
        if (strcmp(fe->files[i].path, name) == 0 || strcmp(fe->files[i].src.name, name) == 0)
            return &fe->files[i];
    if (stat(name, &a) != 0)
        return NULL;
    for (size_t i = 0; i < fe->n_files; i++)
        if (stat(fe->files[i].path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev)
            return &fe->files[i];
    return NULL;
}

/* `# 12 "name" flags`; returns whether the line is one. */
static bool read_marker(struct frontend *fe, const char *line, size_t len, struct place *p)
{
    const char *end = line + len, *q = line;
    if (q == end || *q++ != '#')
        return false;
    while (q < end && *q == ' ')
        q++;
    if (end - q > 5 && memcmp(q, "line ", 5) == 0)
        q += 5;
    if (q == end || *q < '0' || *q > '9')
        return false;
    size_t n = 0;
    while (q < end && *q >= '0' && *q <= '9')
        n = n * 10 + (size_t)(*q++ - '0');
    while (q < end && *q == ' ')
        q++;
    if (q == end || *q != '"') {
        p->line = n;
        return q == end;
    }
    struct strbuf name = STRBUF_INIT;
    for (q++; q < end && *q != '"'; q++) {
        if (*q == '\\' && q + 1 < end)
            q++;
        strbuf_addc(&name, *q);
    }
    *p = (struct place){file_by_name(fe, name.buf), NULL, n};
    if (p->file)
        p->name = arena_strdup(fe->facts.arena, name.buf);
    strbuf_release(&name);
    return true;
}

static void add_marker(struct strbuf *out, const char *name, size_t line)
{
    if (out->len && out->buf[out->len - 1] != '\n')
        strbuf_addc(out, '\n');
    strbuf_addf(out, "#line %zu ", line);
    add_name(out, name);
    strbuf_addc(out, '\n');
}

struct application {
    struct frontend *fe;
    struct edit_list *list;
    const char *preamble;
    struct strbuf *out;
    bool *is_done;     /* of each edit */
    size_t drop_until; /* lines of a directive that goes */
    const struct unit_file *drop_file;
    size_t skip_to; /* the end of an edit over several lines, an offset in skip_file */
    const struct unit_file *skip_file;
};

/* clang adds lines of its own (#if 0, #else) that count until the next marker: a
 * directive goes only where one of ours stands. */
static bool is_pragma_line(const char *line, size_t len)
{
    const char *p = memmem(line, len, "pragma", 6);
    return p && site_is_ours(p + 6, len - (size_t)(p + 6 - line));
}

/* One line of the text with the edits that lie on that line of its file. */
static void apply_to_line(struct application *a, const char *line, size_t len, struct place p)
{
    const struct source *src = &p.file->src;
    if (p.line == 0 || p.line > src->n_lines) {
        strbuf_add(a->out, line, len);
        return;
    }
    size_t begin = src->line_starts[p.line - 1];
    struct line_col lc = source_locate(src, begin);
    bool is_same = len >= lc.line_end - lc.line_begin &&
                   memcmp(line, src->text + begin, lc.line_end - lc.line_begin) == 0;
    size_t at = 0;
    if (a->skip_file == p.file && a->skip_to > begin && is_same) {
        if (a->skip_to > lc.line_end)
            return;
        at = a->skip_to - begin;
        add_marker(a->out, p.name, p.line);
        add_padding(a->out, src, a->skip_to);
    }
    for (size_t i = 0; i < a->list->n; i++) {
        const struct edit *e = &a->list->edits[i];
        if (e->file != p.file || e->begin < begin + at || e->begin > lc.line_end ||
            (a->is_done[i] && a->skip_file == p.file && e->begin < a->skip_to))
            continue;
        if (e->is_directive && !is_same && !is_pragma_line(line, len))
            continue;
        if (e->is_directive) {
            a->drop_file = p.file;
            a->drop_until = source_locate(src, e->end).line;
            add_text(a->out, e, &a->preamble);
            add_marker(a->out, p.name, a->drop_until + 1);
            a->is_done[i] = true;
            return;
        }
        if (!is_same)
            continue; /* blank here: this inclusion doesn't see it */
        size_t from = e->begin - begin, to = e->end - begin;
        strbuf_add(a->out, line + at, from - at);
        add_text(a->out, e, &a->preamble);
        a->is_done[i] = true;
        at = to < len ? to : len;
        if (e->end > lc.line_end) {
            a->skip_file = p.file;
            a->skip_to = e->end;
            return;
        }
        if (e->is_inline)
            continue;
        add_marker(a->out, p.name, p.line);
        add_padding(a->out, src, e->end);
    }
    strbuf_add(a->out, line + at, len - at);
}

bool edit_apply_directives(struct frontend *fe, struct edit_list *list, const char *preamble,
                           const char *text, size_t len, struct strbuf *out)
{
    qsort(list->edits, list->n, sizeof *list->edits, by_place);
    struct application a = {.fe = fe, .list = list, .preamble = preamble, .out = out};
    a.is_done = arena_alloc(list->arena, list->n + 1);
    struct place p = {&fe->files[0], fe->files[0].src.name, 1};
    const char *end = text + len;
    for (const char *line = text; line < end;) {
        const char *nl = memchr(line, '\n', (size_t)(end - line));
        size_t n = nl ? (size_t)(nl - line) : (size_t)(end - line);
        if (read_marker(fe, line, n, &p)) {
            strbuf_add(out, line, n);
            strbuf_addc(out, '\n');
            line += n + 1;
            continue;
        }
        bool drop = p.file && p.file == a.drop_file && p.line <= a.drop_until;
        if (!p.file)
            strbuf_add(out, line, n);
        else if (!drop)
            apply_to_line(&a, line, n, p);
        if (!drop && !(out->len && out->buf[out->len - 1] == '\n' && a.drop_file == p.file &&
                       p.line <= a.drop_until && p.file))
            strbuf_addc(out, '\n');
        p.line++;
        line += n + 1;
    }
    for (size_t i = 0; i < list->n; i++)
        if (!a.is_done[i])
            return false;
    return true;
}
