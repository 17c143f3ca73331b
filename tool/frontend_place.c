/* frontend_place.c - libclang's files and locations as ranges of sources. */
#include <string.h>

#include "frontend_private.h"

/* libclang tells files apart by their inodes, and those that are not on disk, like standard
 * input, not at all. */
static bool is_same_file(struct frontend *fe, CXFile a, CXFile b)
{
    CXFileUniqueID id;
    if (a == b || !lc.File_isEqual(a, b))
        return a == b;
    if (lc.getFileUniqueID(a, &id) == 0 && (id.data[0] || id.data[1]))
        return true;
    return strcmp(frontend_string(fe, lc.getFileName(a)), frontend_string(fe, lc.getFileName(b))) ==
           0;
}

struct opened_file *frontend_file(struct frontend *fe, CXFile f)
{
    struct frontend_private *p = fe->p;
    if (!f)
        return NULL;
    if (f == p->last_file)
        return p->last_opened;
    struct opened_file *found = NULL;
    for (size_t i = 0; i < p->n_opened && !found; i++)
        if (is_same_file(fe, p->opened[i]->file, f))
            found = p->opened[i];
    if (!found) {
        size_t len = 0;
        const char *text = lc.getFileContents(p->tu, f, &len);
        if (!text)
            return NULL;
        found = ARENA_NEW(fe->facts.arena, struct opened_file);
        found->file = f;
        source_init(&found->src, fe->facts.arena, frontend_string(fe, lc.getFileName(f)), text,
                    len);
        ARENA_PUSH(fe->facts.arena, p->opened, p->n_opened, p->cap_opened) = found;
    }
    p->last_file = f;
    p->last_opened = found;
    return found;
}

bool frontend_location_is_macro(CXSourceLocation l)
{
    CXFile f, g;
    unsigned spelled, expanded;
    lc.getSpellingLocation(l, &f, NULL, NULL, &spelled);
    lc.getExpansionLocation(l, &g, NULL, NULL, &expanded);
    return spelled != expanded || f != g;
}

const struct expansion *frontend_expansion(struct frontend *fe, const struct source *src, size_t at)
{
    size_t low = 0, high = fe->n_expansions;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct expansion *e = &fe->expansions[mid];
        if (&e->file->src < src || (&e->file->src == src && e->begin < at))
            low = mid + 1;
        else
            high = mid;
    }
    const struct expansion *e = &fe->expansions[low];
    return low < fe->n_expansions && &e->file->src == src && e->begin == at ? e : NULL;
}

struct src_range frontend_range(struct frontend *fe, CXSourceRange r)
{
    CXFile f = NULL, g = NULL;
    unsigned begin = 0, end = 0;
    lc.getExpansionLocation(lc.getRangeStart(r), &f, NULL, NULL, &begin);
    lc.getExpansionLocation(lc.getRangeEnd(r), &g, NULL, NULL, &end);
    struct opened_file *o = frontend_file(fe, f);
    if (!o || !g || (f != g && !lc.File_isEqual(f, g)) || end < begin)
        return (struct src_range){0};
    const struct source *src = o->unit_file ? &o->unit_file->src : &o->src;
    /* Of an end in a macro's argument libclang gives where the invocation begins. */
    if (frontend_location_is_macro(lc.getRangeEnd(r))) {
        const struct expansion *e = frontend_expansion(fe, src, end);
        end = e && e->end > end ? (unsigned)e->end : end;
    }
    return (struct src_range){src, begin, end};
}

struct src_range frontend_cursor_range(struct frontend *fe, CXCursor c)
{
    return frontend_range(fe, lc.getCursorExtent(c));
}

bool frontend_is_macro(CXCursor c)
{
    CXSourceRange r = lc.getCursorExtent(c);
    return frontend_location_is_macro(lc.getRangeStart(r)) ||
           frontend_location_is_macro(lc.getRangeEnd(r));
}

size_t frontend_presumed(struct frontend *fe, const struct unit_file *file, size_t offset,
                         const char **name)
{
    struct opened_file *o = file->handle;
    CXSourceLocation l = lc.getLocationForOffset(fe->p->tu, o->file, (unsigned)offset);
    CXString s;
    unsigned line;
    lc.getPresumedLocation(l, &s, &line, NULL);
    *name = frontend_string(fe, s);
    struct line_col physical = source_locate(&file->src, offset);
    CXString t = lc.getFileName(o->file);
    if (strcmp(*name, lc.getCString(t)) == 0)
        *name = file->src.name; /* as the user wrote it */
    lc.disposeString(t);
    return line ? line : physical.line;
}
