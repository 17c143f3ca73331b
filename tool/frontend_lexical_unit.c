/* frontend_lexical_unit.c - the files, inclusions, macros and errors of a unit; which
 * pragmas are in force at a place; and values that depend on the place.
 *
 * Files here are those that are no system headers: the user's own. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/strbuf.h"
#include "frontend_lexical.h"

/* ---- values that depend on the place ---- */

struct unit_text *unit_text_of(struct lexical *lx, const struct source *src)
{
    for (size_t i = 0; i < lx->n_texts; i++)
        if (lx->texts[i]->src == src)
            return lx->texts[i];
    return NULL;
}

void unit_add_all(struct lexical *lx, struct strbuf *out)
{
    if (!lx->has_digest) {
        struct strbuf all = STRBUF_INIT;
        for (size_t i = 0; i < lx->n_texts; i++)
            hash_add_text(&all, lx->texts[i]->src->text, lx->texts[i]->src->len);
        hash_digest(&all, lx->digest);
        strbuf_release(&all);
        lx->has_digest = true;
    }
    strbuf_adds(out, "unit:");
    strbuf_add(out, lx->digest, DIGEST);
}

/* What __DATE__ and __TIME__ are made of: another one for each compilation, unless the
 * user fixes it as compilers allow. */
static void add_time(struct strbuf *out)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (fixed)
        strbuf_addf(out, "epoch:%s;", fixed);
    else
        strbuf_addf(out, "time:%lld;", (long long)now.tv_sec);
}

static void add_stamp(struct strbuf *out, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        strbuf_addf(out, "changed:%lld;", (long long)st.st_mtime);
    else
        add_time(out);
}

void unit_add_place(struct lexical *lx, unsigned meaning, const struct source *src, size_t begin,
                    size_t end, struct strbuf *out)
{
    const struct unit_text *text = unit_text_of(lx, src);
    if (meaning & IS_UNIT || !text)
        unit_add_all(lx, out);
    if (meaning & IS_TIME)
        add_time(out);
    if (!text)
        return;
    CXString name;
    unsigned first, last, col;
    CXTranslationUnit tu = lx->fe->p->tu;
    lc.getPresumedLocation(lc.getLocationForOffset(tu, text->file, (unsigned)end - 1), &name, &last,
                           NULL);
    lc.disposeString(name);
    lc.getPresumedLocation(lc.getLocationForOffset(tu, text->file, (unsigned)begin), &name, &first,
                           &col);
    const char *path = frontend_string(lx->fe, name);
    if (meaning & IS_LINE)
        strbuf_addf(out, "line:%u-%u:%u;", first, last, col);
    if (meaning & IS_FILE) {
        hash_add_text(out, path, strlen(path));
        hash_add_text(out, lx->fe->p->request->path, strlen(lx->fe->p->request->path));
    }
    if (meaning & IS_STAMP)
        add_stamp(out, path);
}

/* ---- pragmas in force ---- */

static int by_offset(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static struct event *add_event(struct lexical *lx, struct unit_text *text, size_t offset)
{
    struct event *e =
        &ARENA_PUSH(lx->fe->facts.arena, text->events, text->n_events, text->cap_events);
    *e = (struct event){.offset = offset};
    return e;
}

static void find_pragmas(struct lexical *lx, struct unit_text *text)
{
    struct site_list sites = {0};
    if (!memmem(text->src->text, text->src->len, "ragma", 5))
        return;
    sites_find(&sites, lx->fe->facts.arena, text->src);
    for (size_t i = 0; i < sites.n_others; i++)
        if (is_file_pragma(sites.others[i].text)) {
            add_event(lx, text, sites.others[i].begin)->text = sites.others[i].text;
            lx->has_events = true;
        }
}

/* FAST_MATH_ON, which expands to _Pragma("GCC optimize ..."). */
static void find_pragmas_of_macros(struct lexical *lx)
{
    for (size_t i = 0; i < lx->n_uses; i++) {
        const struct macro *m = lx->uses[i].macro;
        struct src_range r = frontend_cursor_range(lx->fe, lx->uses[i].cursor);
        for (size_t j = 0; r.src && j < lx->n_texts; j++)
            if (lx->texts[j]->src == r.src) {
                struct strbuf s = STRBUF_INIT;
                hash_add_text(&s, r.src->text + r.begin, r.end - r.begin);
                for (size_t k = 0; k < DIGEST; k++)
                    strbuf_addf(&s, "%02x", m->digest[k]);
                add_event(lx, lx->texts[j], r.begin)->text =
                    arena_strndup(lx->fe->facts.arena, s.buf, s.len);
                strbuf_release(&s);
                lx->has_events = true;
            }
    }
}

static void find_events(struct lexical *lx)
{
    for (size_t i = 0; i < lx->n_texts; i++)
        find_pragmas(lx, lx->texts[i]);
    find_pragmas_of_macros(lx);
    for (size_t i = 0; lx->has_events && i < lx->n_inclusions; i++) {
        const struct inclusion *in = &lx->inclusions[i];
        for (size_t j = 0; j < lx->n_texts; j++)
            if (lx->texts[j]->src == in->includer)
                add_event(lx, lx->texts[j], in->offset)->inclusion = in->included;
    }
    for (size_t i = 0; i < lx->n_texts; i++)
        if (lx->texts[i]->n_events)
            qsort(lx->texts[i]->events, lx->texts[i]->n_events, sizeof(struct event), by_offset);
}

static void add_events(struct unit_text *text, size_t before, struct strbuf *out)
{
    if (text->is_open)
        return; /* a file that includes itself */
    text->is_open = true;
    for (size_t i = 0; i < text->n_events && text->events[i].offset < before; i++)
        if (text->events[i].text)
            hash_add_text(out, text->events[i].text, strlen(text->events[i].text));
        else
            add_events(text->events[i].inclusion, (size_t)-1, out);
    text->is_open = false;
}

void lexical_pragmas(struct lexical *lx, struct src_range range, struct strbuf *out)
{
    struct unit_text *text = range.src ? unit_text_of(lx, range.src) : NULL;
    if (!lx->has_events || !text)
        return;
    /* From the inside out: what stands before the place, before the #include of its
     * file, and so on. */
    size_t before = range.begin;
    for (unsigned depth = 0; text && depth < MAX_NESTED; depth++) {
        add_events(text, before, out);
        before = text->include_offset;
        text = text->includer ? unit_text_of(lx, text->includer) : NULL;
    }
}

/* ---- a unit ---- */

static void read_macro_definition(struct lexical *lx, CXCursor c)
{
    unsigned begin, end;
    CXFile f;
    CXSourceRange r = lc.getCursorExtent(c);
    lc.getFileLocation(lc.getRangeStart(r), &f, NULL, NULL, &begin);
    if (!f)
        return;
    lc.getFileLocation(lc.getRangeEnd(r), NULL, NULL, NULL, &end);
    struct opened_file *o = frontend_file(lx->fe, f);
    if (!o || end <= begin || end > o->src.len)
        return;
    const char *text = o->src.text + begin;
    if (strncmp(text, SITES_MARKER, sizeof SITES_MARKER - 1) != 0)
        macro_add(lx, text, end - begin, lc.Location_isInSystemHeader(lc.getRangeStart(r)));
}

static enum CXChildVisitResult visit_macro(CXCursor c, CXCursor parent, CXClientData data)
{
    struct lexical *lx = data;
    (void)parent;
    enum CXCursorKind k = lc.getCursorKind(c);
    if (k == CXCursor_MacroDefinition)
        read_macro_definition(lx, c);
    else if (k == CXCursor_MacroExpansion)
        ARENA_PUSH(lx->fe->facts.arena, lx->uses, lx->n_uses, lx->cap_uses) =
            (struct use){.cursor = c};
    return CXChildVisit_Continue;
}

/* Macros that may make a pragma are few; only their uses are kept. */
static void choose_uses(struct lexical *lx)
{
    size_t n = 0;
    for (size_t i = 0; lx->has_pragma_macros && i < lx->n_uses; i++) {
        CXCursor c = lx->uses[i].cursor;
        CXString s = lc.getCursorSpelling(c);
        const char *name = lc.getCString(s);
        struct macro *m = macro_named(lx, name, strlen(name));
        lc.disposeString(s);
        if (m && m->makes_file_pragma && !lc.Location_isInSystemHeader(lc.getCursorLocation(c)))
            lx->uses[n++] = (struct use){m, c};
    }
    lx->n_uses = n;
}

/* -DNAME=value stands in no file. */
static void read_options(struct lexical *lx)
{
    const struct unit_request *rq = lx->fe->p->request;
    for (size_t i = 0; i < rq->n_args; i++) {
        const char *a = rq->args[i];
        if (strncmp(a, "-D", 2) != 0)
            continue;
        a = a[2] ? a + 2 : i + 1 < rq->n_args ? rq->args[++i] : "";
        char *text = arena_strdup(lx->fe->facts.arena, a), *eq = strchr(text, '=');
        if (eq)
            *eq = ' ';
        macro_add(lx, text, strlen(text), false);
    }
}

static void visit_inclusion(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    struct lexical *lx = data;
    struct arena *a = lx->fe->facts.arena;
    if (lc.Location_isInSystemHeader(lc.getLocationForOffset(lx->fe->p->tu, file, 0)))
        return;
    struct opened_file *o = frontend_file(lx->fe, file);
    if (!o)
        return;
    const struct source *src = o->unit_file ? &o->unit_file->src : &o->src, *includer = NULL;
    unsigned offset = 0;
    if (depth > 0) {
        CXFile f;
        lc.getExpansionLocation(stack[0], &f, NULL, NULL, &offset);
        struct opened_file *by = frontend_file(lx->fe, f);
        includer = !by ? NULL : by->unit_file ? &by->unit_file->src : &by->src;
    }
    struct unit_text *text = unit_text_of(lx, src);
    if (!text) {
        text = ARENA_NEW(a, struct unit_text);
        *text = (struct unit_text){.src = src, .file = file, .includer = includer};
        text->include_offset = offset;
        ARENA_PUSH(a, lx->texts, lx->n_texts, lx->cap_texts) = text;
    }
    if (includer)
        ARENA_PUSH(a, lx->inclusions, lx->n_inclusions, lx->cap_inclusions) =
            (struct inclusion){includer, offset, text};
}

bool unit_has_error(const struct lexical *lx, struct src_range range)
{
    for (size_t i = 0; i < lx->n_errors; i++)
        if (lx->errors[i].src == range.src && lx->errors[i].offset >= range.begin &&
            lx->errors[i].offset <= range.end)
            return true;
    return false;
}

static void read_errors(struct lexical *lx)
{
    unsigned n = lc.getNumDiagnostics(lx->fe->p->tu);
    for (unsigned i = 0; i < n; i++) {
        CXDiagnostic d = lc.getDiagnostic(lx->fe->p->tu, i);
        unsigned offset;
        CXFile f;
        lc.getExpansionLocation(lc.getDiagnosticLocation(d), &f, NULL, NULL, &offset);
        struct opened_file *o = frontend_file(lx->fe, f);
        if (o && lc.getDiagnosticSeverity(d) >= CXDiagnostic_Error)
            ARENA_PUSH(lx->fe->facts.arena, lx->errors, lx->n_errors, lx->cap_errors) =
                (struct error_place){o->unit_file ? &o->unit_file->src : &o->src, offset};
        lc.disposeDiagnostic(d);
    }
}

struct lexical *lexical_new(struct frontend *fe)
{
    struct lexical *lx = ARENA_NEW(fe->facts.arena, struct lexical);
    CXCursor unit = lc.getTranslationUnitCursor(fe->p->tu);
    lx->fe = fe;
    read_options(lx);
    lc.visitChildren(unit, visit_macro, lx);
    lc.getInclusions(fe->p->tu, visit_inclusion, lx);
    choose_uses(lx);
    find_events(lx);
    read_errors(lx);
    return lx;
}
