/* frontend.c - the files of a unit, and what stands at file scope.
 *
 * A header that carries annotations is found only by parsing (frontend_parse.c), so such a unit is
 * parsed twice. */
#include "frontend.h"

#include <stdlib.h>
#include <string.h>

#include "base/panic.h"
#include "base/strbuf.h"
#include "diag.h"
#include "frontend_private.h"

/* ---- small things ---- */

const char *frontend_string(struct frontend *fe, CXString s)
{
    const char *text = lc.getCString(s);
    char *copy = arena_strdup(fe->facts.arena, text ? text : "");
    lc.disposeString(s);
    return copy;
}

void **cursor_map_at(struct arena *a, struct cursor_map *m, CXCursor c)
{
    if (m->n * 2 >= m->cap) {
        struct cursor_map bigger = {.cap = m->cap ? m->cap * 2 : 256};
        bigger.entries = arena_alloc(a, bigger.cap * sizeof *bigger.entries);
        for (size_t i = 0; i < m->cap; i++)
            if (m->entries[i].value)
                *cursor_map_at(a, &bigger, m->entries[i].cursor) = m->entries[i].value;
        *m = bigger;
    }
    size_t i = lc.hashCursor(c) * 0x9e3779b1u & (m->cap - 1);
    while (m->entries[i].value && !lc.equalCursors(m->entries[i].cursor, c))
        i = (i + 1) & (m->cap - 1);
    if (!m->entries[i].value) {
        m->entries[i].cursor = c;
        m->n++; /* whoever asks for a new one fills it */
    }
    return &m->entries[i].value;
}

/* ---- declarations ---- */

static bool is_system(CXCursor c)
{
    CXFile f;
    lc.getExpansionLocation(lc.getCursorLocation(c), &f, NULL, NULL, NULL);
    return !f || lc.Location_isInSystemHeader(lc.getCursorLocation(c));
}

static enum CXChildVisitResult find_body(CXCursor c, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (lc.getCursorKind(c) == CXCursor_CompoundStmt)
        *(CXCursor *)data = c;
    return CXChildVisit_Continue;
}

const char *frontend_attribute_text(struct frontend *fe, CXCursor c)
{
    struct src_range r = frontend_cursor_range(fe, c);
    if (!r.src)
        return "";
    struct strbuf out = STRBUF_INIT;
    const char *text = r.src->text + r.begin;
    if (!fe->macros || !macro_expand(fe->macros, text, r.end - r.begin, &out)) {
        strbuf_clear(&out);
        strbuf_add(&out, text, r.end - r.begin);
    }
    char *copy = arena_strdup(fe->facts.arena, out.buf);
    strbuf_release(&out);
    return copy;
}

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++) {
        char before = p == text ? ' ' : p[-1], after = p[n];
        bool left = before == '_' || !(before >= 'a' && before <= 'z');
        bool right =
            after == '_' || !((after >= 'a' && after <= 'z') || (after >= '0' && after <= '9'));
        if (left && right)
            return true;
    }
    return false;
}

static enum CXChildVisitResult read_attribute(CXCursor c, CXCursor parent, CXClientData data)
{
    void **args = data;
    struct frontend *fe = args[0];
    struct function *fn = args[1];
    (void)parent;
    enum CXCursorKind k = lc.getCursorKind(c);
    if (k == CXCursor_ConstAttr)
        fn->is_const_attr = true;
    else if (k == CXCursor_PureAttr)
        fn->is_pure_attr = true;
    else if (k == CXCursor_VisibilityAttr)
        fn->has_visibility_attribute = true;
    if (!lc.isAttribute(k) || fn->is_system)
        return CXChildVisit_Continue;
    static const char *const refused[] = {"weak",        "weakref",      "alias", "ifunc",
                                          "constructor", "destructor",   "naked", "noreturn",
                                          "interrupt",   "returns_twice"};
    const char *text = frontend_attribute_text(fe, c);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (has_word(text, refused[i]) && !fn->refused_attribute)
            fn->refused_attribute = refused[i];
    if (has_word(text, "optimize") || has_word(text, "target"))
        fn->optimizes_differently = true;
    return CXChildVisit_Continue;
}

static struct variable *new_parameter(struct frontend *fe, CXCursor c, unsigned index)
{
    struct variable *v = frontend_variable_of(fe, c);
    v->is_parameter = true;
    v->index = index;
    return v;
}

static struct variable **parameters(struct frontend *fe, CXCursor c, size_t *n)
{
    int count = lc.Cursor_getNumArguments(c);
    *n = count > 0 ? (size_t)count : 0;
    struct variable **out = arena_alloc(fe->facts.arena, (*n + 1) * sizeof *out);
    for (size_t i = 0; i < *n; i++)
        out[i] = new_parameter(fe, lc.Cursor_getArgument(c, (unsigned)i), (unsigned)i);
    return out;
}

static void read_definition(struct frontend *fe, struct function *fn, CXCursor def)
{
    CXCursor body = lc.getNullCursor();
    lc.visitChildren(def, find_body, &body);
    if (lc.Cursor_isNull(body))
        return;
    fn->has_definition = true;
    fn->has_earlier_declaration = !lc.equalCursors(lc.getCanonicalCursor(def), def);
    struct src_range whole = frontend_cursor_range(fe, def), b = frontend_cursor_range(fe, body);
    const struct source *src = fn->name_range.src;
    /* Braces may come from macros, but the header must stand before them. */
    if (!whole.src || !b.src || !src || whole.src != src || b.src != src || b.end <= b.begin ||
        whole.begin >= b.begin || fn->name_range.begin >= b.begin) {
        fn->is_macro_body = true;
        return;
    }
    fn->body = b;
    size_t end = b.begin;
    while (end > whole.begin && strchr(" \t\r\n\f\v", src->text[end - 1]))
        end--;
    fn->header = (struct src_range){src, whole.begin, end};
}

static void fill_function(struct frontend *fe, struct function *fn, CXCursor c)
{
    CXCursor def = lc.getCursorDefinition(c);
    CXCursor best = lc.Cursor_isNull(def) ? c : def;
    CXCursor *keep = ARENA_NEW(fe->facts.arena, CXCursor);
    *keep = best;
    fn->decl = keep;
    fn->name = frontend_string(fe, lc.getCursorSpelling(c));
    CXType t = lc.getCursorType(best);
    fn->type = frontend_type(fe, t);
    fn->signature = fn->type->spelling;
    fn->result = fn->type->element;
    fn->is_variadic = lc.Cursor_isVariadic(c);
    enum CX_StorageClass sc = lc.Cursor_getStorageClass(lc.getCanonicalCursor(c));
    fn->is_static = sc == CX_SC_Static || lc.getCursorLinkage(best) == CXLinkage_Internal;
    fn->is_inline = lc.Cursor_isFunctionInlined(best);
    fn->is_noreturn = strstr(fn->signature, "noreturn") != NULL;
    fn->is_main = strcmp(fn->name, "main") == 0;
    fn->is_system = is_system(best);
    fn->is_builtin = strncmp(fn->name, "__builtin_", 10) == 0;
    fn->params = parameters(fe, best, &fn->n_params);
    unsigned at = 0;
    CXFile f = NULL;
    lc.getExpansionLocation(lc.getCursorLocation(best), &f, NULL, NULL, &at);
    struct opened_file *o = frontend_file(fe, f);
    size_t n = strlen(fn->name);
    if (o) {
        const struct source *src = o->unit_file ? &o->unit_file->src : &o->src;
        fn->name_range = (struct src_range){src, at, at + n};
        fn->is_macro_name = at + n > src->len || memcmp(src->text + at, fn->name, n) != 0;
        if (fn->is_macro_name)
            fn->name_range.end = at + 1;
    }
    void *args[] = {fe, fn};
    lc.visitChildren(best, read_attribute, args);
    if (!lc.Cursor_isNull(def))
        read_definition(fe, fn, def);
}

struct function *frontend_function_of(struct frontend *fe, CXCursor c)
{
    CXCursor canonical = lc.getCanonicalCursor(c);
    void **slot = cursor_map_at(fe->facts.arena, &fe->p->functions, canonical);
    if (*slot)
        return *slot;
    struct function *fn = ARENA_NEW(fe->facts.arena, struct function);
    *slot = fn;
    fill_function(fe, fn, c);
    struct facts *facts = &fe->facts;
    ARENA_PUSH(facts->arena, facts->functions, facts->n_functions, facts->cap_functions) = fn;
    return fn;
}

struct variable *frontend_variable_of(struct frontend *fe, CXCursor c)
{
    CXCursor canonical = lc.getCanonicalCursor(c);
    void **slot = cursor_map_at(fe->facts.arena, &fe->p->variables, canonical);
    if (*slot)
        return *slot;
    struct variable *v = ARENA_NEW(fe->facts.arena, struct variable);
    *slot = v;
    CXCursor def = lc.getCursorDefinition(c);
    CXCursor best = lc.Cursor_isNull(def) ? c : def;
    v->name = frontend_string(fe, lc.getCursorSpelling(c));
    v->type = frontend_type(fe, lc.getCursorType(best));
    v->range = frontend_cursor_range(fe, best);
    unsigned at;
    CXFile f;
    lc.getExpansionLocation(lc.getCursorLocation(best), &f, NULL, NULL, &at);
    if (v->range.src) {
        v->range.begin = at;
        v->range.end = at + (*v->name ? strlen(v->name) : 1);
    }
    enum CXLinkageKind linkage = lc.getCursorLinkage(c);
    enum CX_StorageClass sc = lc.Cursor_getStorageClass(c);
    bool in_function = lc.getCursorKind(lc.getCursorSemanticParent(c)) == CXCursor_FunctionDecl;
    v->is_static_local = in_function && sc == CX_SC_Static;
    v->is_block_extern =
        lc.Cursor_getStorageClass(canonical) == CX_SC_Extern &&
        lc.getCursorKind(lc.getCursorLexicalParent(canonical)) == CXCursor_FunctionDecl;
    v->is_global = linkage == CXLinkage_External || linkage == CXLinkage_UniqueExternal ||
                   (linkage == CXLinkage_Internal && !in_function) || v->is_static_local ||
                   sc == CX_SC_Extern;
    v->is_internal = linkage == CXLinkage_Internal;
    v->is_register = sc == CX_SC_Register;
    v->is_thread_local = lc.getCursorTLSKind(best) != CXTLS_None;
    v->is_defined_here = !lc.Cursor_isNull(def) || (v->is_global && sc != CX_SC_Extern);
    v->is_system = is_system(best);
    struct facts *facts = &fe->facts;
    if (v->is_global)
        ARENA_PUSH(facts->arena, facts->globals, facts->n_globals, facts->cap_globals) = v;
    return v;
}

struct function *frontend_function(struct frontend *fe, const char *name)
{
    for (size_t i = 0; i < fe->facts.n_functions; i++)
        if (strcmp(fe->facts.functions[i]->name, name) == 0)
            return fe->facts.functions[i];
    return NULL;
}

struct variable *frontend_global(struct frontend *fe, const char *name)
{
    for (size_t i = 0; i < fe->facts.n_globals; i++)
        if (strcmp(fe->facts.globals[i]->name, name) == 0 && !fe->facts.globals[i]->is_static_local)
            return fe->facts.globals[i];
    return NULL;
}

struct enumerator_search {
    const char *name;
    bool found;
};

static enum CXChildVisitResult find_enumerator(CXCursor c, CXCursor parent, CXClientData data)
{
    struct enumerator_search *s = data;
    (void)parent;
    if (lc.getCursorKind(c) == CXCursor_EnumDecl)
        return CXChildVisit_Recurse;
    if (lc.getCursorKind(c) != CXCursor_EnumConstantDecl)
        return CXChildVisit_Continue;
    CXString spelling = lc.getCursorSpelling(c);
    s->found = strcmp(lc.getCString(spelling), s->name) == 0;
    lc.disposeString(spelling);
    return s->found ? CXChildVisit_Break : CXChildVisit_Continue;
}

bool frontend_enumerator(struct frontend *fe, const char *name)
{
    struct enumerator_search s = {name, false};
    lc.visitChildren(lc.getTranslationUnitCursor(fe->p->tu), find_enumerator, &s);
    return s.found;
}

/* ---- file scope ---- */

static void add_macro(struct frontend *fe, CXCursor c)
{
    unsigned begin, end;
    CXFile f;
    CXSourceRange r = lc.getCursorExtent(c);
    lc.getFileLocation(lc.getRangeStart(r), &f, NULL, NULL, &begin);
    lc.getFileLocation(lc.getRangeEnd(r), NULL, NULL, NULL, &end);
    struct opened_file *o = frontend_file(fe, f);
    if (!o || end <= begin || end > o->src.len)
        return;
    const char *text = o->src.text + begin;
    if (strncmp(text, SITES_MARKER, sizeof SITES_MARKER - 1) == 0 && o->unit_file) {
        struct unit_file *u = o->unit_file;
        for (size_t i = 0; i < u->sites.n_sites; i++)
            if (begin > u->sites.sites[i].begin && begin < u->sites.sites[i].end) {
                u->is_included_again |= u->is_active[i];
                u->is_active[i] = true;
            }
        return;
    }
    macro_define(fe->macros, text, end - begin);
}

static void add_expansion(struct frontend *fe, CXCursor c)
{
    struct src_range r = frontend_cursor_range(fe, c);
    for (size_t i = 0; r.src && i < fe->n_files; i++)
        if (r.src == &fe->files[i].src)
            ARENA_PUSH(fe->facts.arena, fe->expansions, fe->n_expansions, fe->cap_expansions) =
                (struct expansion){&fe->files[i], frontend_string(fe, lc.getCursorSpelling(c)),
                                   r.begin, r.end};
}

static int compare_expansions(const void *va, const void *vb)
{
    const struct expansion *a = va, *b = vb;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return a->end > b->end ? -1 : a->end < b->end;
}

static struct unit_file *unit_file_of(struct frontend *fe, const struct source *src)
{
    for (size_t i = 0; i < fe->n_files; i++)
        if (src == &fe->files[i].src)
            return &fe->files[i];
    return NULL;
}

static void add_top(struct frontend *fe, CXCursor c)
{
    enum CXCursorKind k = lc.getCursorKind(c);
    struct src_range r = frontend_cursor_range(fe, c);
    struct unit_file *file = r.src ? unit_file_of(fe, r.src) : NULL;
    if (k == CXCursor_FunctionDecl && (file || !is_system(c)))
        frontend_function_of(fe, c);
    if (k == CXCursor_VarDecl)
        frontend_variable_of(fe, c);
    if (k == CXCursor_TypedefDecl) {
        CXString name = lc.getCursorSpelling(c);
        macro_add_type(fe->macros, lc.getCString(name), strlen(lc.getCString(name)));
        lc.disposeString(name);
    }
    if (!file)
        return;
    struct top_level t = {.kind = TOP_OTHER, .file = file, .begin = r.begin, .end = r.end};
    t.is_definition = lc.isCursorDefinition(c);
    if (k == CXCursor_FunctionDecl) {
        t.kind = TOP_FUNCTION;
        t.fn = frontend_function_of(fe, c);
        t.params = parameters(fe, c, &t.n_params);
        unsigned at;
        lc.getExpansionLocation(lc.getCursorLocation(c), NULL, NULL, NULL, &at);
        t.name_range = (struct src_range){r.src, at, at + strlen(t.fn->name)};
    } else if (k == CXCursor_VarDecl) {
        t.kind = TOP_VARIABLE;
    }
    ARENA_PUSH(fe->facts.arena, fe->tops, fe->n_tops, fe->cap_tops) = t;
}

/* Macros first: attributes are read with them expanded. */
static enum CXChildVisitResult visit_preprocessing(CXCursor c, CXCursor parent, CXClientData data)
{
    (void)parent;
    enum CXCursorKind k = lc.getCursorKind(c);
    if (k == CXCursor_MacroDefinition)
        add_macro(data, c);
    else if (k == CXCursor_MacroExpansion)
        add_expansion(data, c);
    return CXChildVisit_Continue;
}

static enum CXChildVisitResult visit_declarations(CXCursor c, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (lc.isDeclaration(lc.getCursorKind(c)))
        add_top(data, c);
    return CXChildVisit_Continue;
}

/* ---- files ---- */

static struct unit_file *add_unit_file(struct frontend *fe, const char *name, const char *path,
                                       const char *text, size_t len)
{
    struct unit_file *f = &ARENA_PUSH(fe->facts.arena, fe->files, fe->n_files, fe->cap_files);
    *f = (struct unit_file){.path = path, .is_main = fe->n_files == 1};
    source_init(&f->src, fe->facts.arena, name, text, len);
    return f;
}

struct inclusion_visit {
    struct frontend *fe;
    struct {
        CXFile file;
        const char *text;
        size_t len;
    } * found;
    size_t n, cap;
};

static void visit_inclusion(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    struct inclusion_visit *v = data;
    (void)stack;
    struct frontend *fe = v->fe;
    if (depth == 0 || lc.Location_isInSystemHeader(lc.getLocationForOffset(fe->p->tu, file, 0)))
        return;
    size_t len = 0;
    const char *text = lc.getFileContents(fe->p->tu, file, &len);
    fe->names_may_alias |= text && memmem(text, len, "may_alias", 9);
    if (!text || !memmem(text, len, "ragma", 5))
        return;
    for (size_t i = 0; i < v->n; i++)
        if (lc.File_isEqual(v->found[i].file, file))
            return;
    struct source src;
    struct site_list sites = {0};
    source_init(&src, fe->facts.arena, "", text, len);
    sites_find(&sites, fe->facts.arena, &src);
    if (sites.n_sites == 0)
        return;
    size_t i = v->n++;
    v->found = arena_grow(fe->facts.arena, v->found, i * sizeof *v->found, v->n * sizeof *v->found);
    v->found[i].file = file;
    v->found[i].text = arena_strndup(fe->facts.arena, text, len);
    v->found[i].len = len;
}

/* Headers with annotations: known after a parse only. Returns whether another
 * parse, with them masked, is needed. */
static bool add_annotated_headers(struct frontend *fe)
{
    struct inclusion_visit v = {.fe = fe};
    fe->names_may_alias |= strstr(fe->files[0].src.text, "may_alias") != NULL;
    lc.getInclusions(fe->p->tu, visit_inclusion, &v);
    for (size_t i = 0; i < v.n; i++) {
        const char *name = frontend_string(fe, lc.getFileName(v.found[i].file));
        add_unit_file(fe, name, name, v.found[i].text, v.found[i].len);
    }
    return v.n > 0;
}

static void connect_files(struct frontend *fe)
{
    for (size_t i = 0; i < fe->n_files; i++) {
        struct unit_file *f = &fe->files[i];
        f->sites = (struct site_list){0};
        sites_find(&f->sites, fe->facts.arena, &f->src);
        f->is_active = arena_alloc(fe->facts.arena, f->sites.n_sites + 1);
        for (size_t j = 0; j < f->sites.n_sites; j++)
            f->is_active[j] = f->sites.sites[j].is_operator;
    }
}

static void connect_handles(struct frontend *fe)
{
    fe->p->n_opened = 0;
    fe->p->last_file = NULL;
    for (size_t i = 0; i < fe->n_files; i++) {
        struct unit_file *f = &fe->files[i];
        struct opened_file *o = frontend_file(fe, lc.getFile(fe->p->tu, f->path));
        if (!o)
            BUG("libclang lost '%s'", f->path);
        o->unit_file = f;
        f->handle = o;
    }
}

/* A _Pragma, or a directive of others, in text that the preprocessor left out does nothing. */
static void find_inactive_pragmas(struct frontend *fe)
{
    for (size_t i = 0; i < fe->n_files; i++) {
        struct unit_file *f = &fe->files[i];
        struct opened_file *o = f->handle;
        CXSourceRangeList *skipped = lc.getSkippedRanges(fe->p->tu, o->file);
        for (unsigned k = 0; skipped && k < skipped->count; k++) {
            struct src_range r = frontend_range(fe, skipped->ranges[k]);
            for (size_t j = 0; r.src == &f->src && j < f->sites.n_sites; j++) {
                const struct pragma_site *s = &f->sites.sites[j];
                if (s->is_operator && s->begin >= r.begin && s->end <= r.end)
                    f->is_active[j] = false;
            }
            for (size_t j = 0; r.src == &f->src && j < f->sites.n_directives; j++) {
                struct parallel_directive *d = &f->sites.directives[j];
                d->is_inactive |= d->begin >= r.begin && d->end <= r.end;
            }
        }
        if (skipped)
            lc.disposeSourceRangeList(skipped);
    }
}

struct frontend *frontend_new(struct arena *arena, const struct unit_request *rq)
{
    libclang_load(rq->libclang);
    struct frontend *fe = ARENA_NEW(arena, struct frontend);
    fe->facts.arena = arena;
    fe->p = ARENA_NEW(arena, struct frontend_private);
    fe->p->request = rq;
    fe->macros = macro_table_new(arena);
    fe->p->index = lc.createIndex(0, 0);
    bool is_stdin = strcmp(rq->path, "-") == 0;
    add_unit_file(fe, is_stdin ? "<stdin>" : rq->path, is_stdin ? "memocc-stdin.c" : rq->path,
                  rq->text, rq->len);
    connect_files(fe);
    if (!frontend_parse(fe))
        return NULL;
    if (add_annotated_headers(fe)) {
        connect_files(fe);
        if (!frontend_parse(fe))
            return NULL;
    }
    connect_handles(fe);
    find_inactive_pragmas(fe);
    frontend_define_options(fe);
    CXCursor tu = lc.getTranslationUnitCursor(fe->p->tu);
    lc.visitChildren(tu, visit_preprocessing, fe);
    if (fe->n_expansions)
        qsort(fe->expansions, fe->n_expansions, sizeof *fe->expansions, compare_expansions);
    lc.visitChildren(tu, visit_declarations, fe);
    frontend_finish_headers(fe);
    return fe;
}

const char *frontend_error_in(struct frontend *fe, struct src_range range, struct src_range *where)
{
    unsigned n = lc.getNumDiagnostics(fe->p->tu);
    for (unsigned i = 0; i < n; i++) {
        CXDiagnostic d = lc.getDiagnostic(fe->p->tu, i);
        unsigned at = 0;
        CXFile f = NULL;
        lc.getExpansionLocation(lc.getDiagnosticLocation(d), &f, NULL, NULL, &at);
        struct opened_file *o = frontend_file(fe, f);
        bool is_error = lc.getDiagnosticSeverity(d) >= CXDiagnostic_Error;
        const struct source *src = !o ? NULL : o->unit_file ? &o->unit_file->src : &o->src;
        const char *text = NULL;
        if (is_error && src && src == range.src && at >= range.begin && at < range.end)
            text = frontend_string(fe, lc.getDiagnosticSpelling(d));
        lc.disposeDiagnostic(d);
        if (text) {
            *where = (struct src_range){src, at, at + 1};
            return text;
        }
    }
    return NULL;
}

/* ---- calls of one function, for `external` ---- */

struct call_visit {
    struct frontend *fe;
    struct function *fn;
    struct call_site *found;
    size_t n, cap;
};

static enum CXChildVisitResult visit_call(CXCursor c, CXCursor parent, CXClientData data)
{
    struct call_visit *v = data;
    if (lc.getCursorKind(c) == CXCursor_CallExpr) {
        CXCursor r = lc.getCursorReferenced(c);
        if (lc.getCursorKind(r) == CXCursor_FunctionDecl &&
            frontend_function_of(v->fe, r) == v->fn) {
            struct src_range range = frontend_cursor_range(v->fe, c);
            struct unit_file *file = range.src ? unit_file_of(v->fe, range.src) : NULL;
            size_t n = strlen(v->fn->name);
            /* A call that starts with the bare name, not (f)(x), not from a macro. */
            if (file && range.begin + n < range.src->len && !frontend_is_macro(c) &&
                memcmp(range.src->text + range.begin, v->fn->name, n) == 0)
                ARENA_PUSH(v->fe->facts.arena, v->found, v->n, v->cap) =
                    (struct call_site){file, range.begin, range.begin + n};
        }
    }
    (void)parent;
    return CXChildVisit_Recurse;
}

size_t frontend_calls_of(struct frontend *fe, struct function *fn, struct call_site **out)
{
    struct call_visit v = {.fe = fe, .fn = fn};
    lc.visitChildren(lc.getTranslationUnitCursor(fe->p->tu), visit_call, &v);
    *out = v.found;
    return v.n;
}
