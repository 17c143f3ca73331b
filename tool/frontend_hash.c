/* frontend_hash.c - fingerprints of functions and digests of types.
 *
 * Every function, file-scope variable, enumerator and type that a function can reach is
 * a node with a digest of its own: its text as clang prints it (macros expanded, no
 * comments, no blanks), the kind and canonical type of every expression in it, and what
 * only its source text shows (frontend_lexical.c). A fingerprint is the digest of the
 * function's node and of the sorted set of all nodes it reaches, so recursion needs no
 * care and the order of declarations doesn't count. The set carries no edges; they
 * follow from the names in each node's text, which are unique at file scope. Types
 * without a name are therefore digested where they are used.
 *
 * Digests of two versions of libclang differ; those of one version don't depend on
 * addresses, folders or the machine. */
#include "frontend_hash.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum { DIGEST = HASH_DIGEST, MAX_DEPTH = 200 };

/* A canonical type: what it adds to a digest, and the records and enums in it. */
struct type_note {
    CXType type;
    const char *text;
    size_t len;
    CXCursor *decls;
    size_t n_decls, cap_decls;
};

/* All declarations of one function, variable or type at file scope. */
struct declarations {
    const char *name;
    CXCursor *items;
    size_t n, cap;
};

struct hasher {
    struct frontend *fe;
    struct lexical *lexical;
    struct cursor_map declarations; /* by canonical cursor */
    struct declarations **by_name;  /* sorted */
    size_t n_names, cap_names;
    struct type_note **types; /* open addressing */
    size_t n_types, cap_types;
    struct hash_node **queue; /* made, not yet digested */
    size_t n_queue, cap_queue;
    CXPrintingPolicy policy;
    unsigned long traversal;
    struct name_list foreign_names;
    unsigned char foreign[DIGEST];
};

/* One node's digest in the making. */
struct digestion {
    struct hasher *h;
    struct hash_node *node;
    struct strbuf *out;
    unsigned depth; /* of types without names in each other */
    bool is_loop;   /* then the static locals that it names are noted: */
    struct cursors {
        CXCursor *items;
        size_t n, cap;
    } statics;
};

static void add_string(struct strbuf *out, CXString s)
{
    const char *text = lc.getCString(s);
    hash_add_text(out, text ? text : "", text ? strlen(text) : 0);
    lc.disposeString(s);
}

/* ---- nodes ---- */

/* The one cursor that stands for everything declared under a name; null for what
 * needs no node: parameters and local variables are part of their function. */
static CXCursor representative(CXCursor c)
{
    switch (lc.getCursorKind(c)) {
    case CXCursor_VarDecl:
        if (lc.getCursorLinkage(c) == CXLinkage_NoLinkage)
            return lc.getNullCursor();
        break;
    case CXCursor_FunctionDecl:
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_EnumDecl:
        break;
    case CXCursor_TypedefDecl:
        return lc.getCanonicalCursor(c);
    case CXCursor_EnumConstantDecl:
        return c;
    default:
        return lc.getNullCursor();
    }
    CXCursor def = lc.getCursorDefinition(c);
    return lc.Cursor_isNull(def) ? lc.getCanonicalCursor(c) : def;
}

static struct hash_node *node_of(struct hasher *h, CXCursor c)
{
    struct arena *a = h->fe->facts.arena;
    CXCursor r = representative(c);
    if (lc.Cursor_isNull(r))
        return NULL;
    void **slot = cursor_map_at(a, &h->fe->p->hashes, r);
    if (!*slot) {
        struct hash_node *n = ARENA_NEW(a, struct hash_node);
        n->cursor = r;
        *slot = n;
        ARENA_PUSH(a, h->queue, h->n_queue, h->cap_queue) = n;
    }
    return *slot;
}

static void add_use(struct digestion *d, CXCursor c)
{
    struct hash_node *used = node_of(d->h, c), *n = d->node;
    if (!used || used == n || (n->n_uses && n->uses[n->n_uses - 1] == used))
        return;
    ARENA_PUSH(d->h->fe->facts.arena, n->uses, n->n_uses, n->cap_uses) = used;
}

static int by_name(const void *key, const void *item)
{
    return strcmp(key, (*(struct declarations *const *)item)->name);
}

/* What is declared under that name at file scope, if anything: it may be a function,
 * and a struct, too. */
static void add_use_by_name(struct digestion *d, const char *name)
{
    struct hasher *h = d->h;
    struct declarations **found =
        bsearch(name, h->by_name, h->n_names, sizeof *h->by_name, by_name);
    if (!found)
        return;
    while (found > h->by_name && strcmp(found[-1]->name, name) == 0)
        found--;
    for (; found < h->by_name + h->n_names && strcmp((*found)->name, name) == 0; found++)
        add_use(d, (*found)->items[0]);
}

/* ---- types ---- */

static bool is_unnamed(const char *spelling)
{
    return strstr(spelling, "(unnamed") || strstr(spelling, "(anonymous");
}

static const struct type_note *type_note(struct hasher *h, CXType t, unsigned depth);

static void add_type(struct digestion *d, CXType t)
{
    const struct type_note *note = type_note(d->h, t, d->depth);
    hash_add_text(d->out, note->text, note->len);
    if (d->node)
        for (size_t i = 0; i < note->n_decls; i++)
            add_use(d, note->decls[i]);
}

static enum CXVisitorResult add_field(CXCursor f, CXClientData data)
{
    struct digestion *d = data;
    const char *name = frontend_string(d->h->fe, lc.getCursorSpelling(f));
    if (strchr(name, '(')) /* newer versions: "struct A::(anonymous at ...)" */
        name = "";
    hash_add_text(d->out, name, strlen(name));
    hash_add_number(d->out, lc.Cursor_getOffsetOfField(f));
    hash_add_number(d->out, lc.Cursor_isBitField(f) ? lc.getFieldDeclBitWidth(f) : -1);
    add_type(d, lc.getCursorType(f));
    return CXVisit_Continue;
}

/* Size, alignment and members of a record or an enum. */
static void add_layout(struct digestion *d, CXCursor c)
{
    CXType t = lc.getCursorType(c);
    hash_add_number(d->out, lc.getCursorKind(c));
    hash_add_number(d->out, lc.Type_getSizeOf(t));
    if (lc.getCursorKind(c) == CXCursor_EnumDecl) {
        add_type(d, lc.getEnumDeclIntegerType(c));
        return;
    }
    hash_add_number(d->out, lc.Type_getAlignOf(t));
    if (d->depth++ < MAX_DEPTH)
        lc.Type_visitFields(t, add_field, d);
    d->depth--;
}

/* The records and enums that a canonical type mentions. */
static void find_decls(struct arena *a, struct type_note *note, CXType t, unsigned depth)
{
    for (; depth < MAX_DEPTH; depth++) {
        CXType inner;
        switch (t.kind) {
        case CXType_Record:
        case CXType_Enum: {
            CXCursor decl = representative(lc.getTypeDeclaration(t));
            if (!lc.Cursor_isNull(decl))
                ARENA_PUSH(a, note->decls, note->n_decls, note->cap_decls) = decl;
            return;
        }
        case CXType_FunctionProto:
        case CXType_FunctionNoProto:
            for (int i = 0; i < lc.getNumArgTypes(t); i++)
                find_decls(a, note, lc.getCanonicalType(lc.getArgType(t, (unsigned)i)), depth + 1);
            inner = lc.getResultType(t);
            break;
        case CXType_Atomic:
            inner = lc.Type_getValueType(t);
            break;
        case CXType_Pointer:
        case CXType_BlockPointer:
            inner = lc.getPointeeType(t);
            break;
        default:
            inner = lc.getElementType(t); /* arrays, vectors, complex numbers */
        }
        if (inner.kind == CXType_Invalid)
            return;
        t = lc.getCanonicalType(inner);
    }
}

static void fill_type_note(struct hasher *h, struct type_note *note, unsigned depth)
{
    struct arena *a = h->fe->facts.arena;
    CXString s = lc.getTypeSpelling(note->type);
    const char *spelling = lc.getCString(s);
    note->text = frontend_without_places(a, spelling ? spelling : "");
    lc.disposeString(s);
    note->len = strlen(note->text);
    find_decls(a, note, note->type, 0);
    if (!is_unnamed(note->text) || depth >= MAX_DEPTH)
        return;
    struct strbuf out = STRBUF_INIT;
    struct digestion d = {.h = h, .out = &out, .depth = depth + 1};
    strbuf_add(&out, note->text, note->len);
    for (size_t i = 0; i < note->n_decls; i++) {
        const char *name =
            frontend_string(h->fe, lc.getTypeSpelling(lc.getCursorType(note->decls[i])));
        if (is_unnamed(name))
            add_layout(&d, note->decls[i]);
    }
    note->len = out.len;
    note->text = arena_strndup(a, out.buf, out.len);
    strbuf_release(&out);
}

static struct type_note **type_slot(struct hasher *h, CXType t)
{
    size_t i = (size_t)((uintptr_t)t.data[0] * 0x9e3779b97f4a7c15u >> 32) & (h->cap_types - 1);
    while (h->types[i] && !lc.equalTypes(h->types[i]->type, t))
        i = (i + 1) & (h->cap_types - 1);
    return &h->types[i];
}

static const struct type_note *type_note(struct hasher *h, CXType t, unsigned depth)
{
    struct arena *a = h->fe->facts.arena;
    t = lc.getCanonicalType(t);
    if (h->n_types * 2 >= h->cap_types) {
        struct type_note **old = h->types;
        size_t n = h->cap_types;
        h->cap_types = n ? n * 2 : 256;
        h->types = arena_alloc(a, h->cap_types * sizeof *h->types);
        for (size_t i = 0; i < n; i++)
            if (old[i])
                *type_slot(h, old[i]->type) = old[i];
    }
    struct type_note **slot = type_slot(h, t);
    if (*slot)
        return *slot;
    struct type_note *note = *slot = ARENA_NEW(a, struct type_note);
    h->n_types++;
    note->type = t;
    note->text = "";
    fill_type_note(h, note, depth);
    return note;
}

/* ---- the digest of one node ---- */

static bool is_static_local(CXCursor c)
{
    return lc.getCursorKind(c) == CXCursor_VarDecl &&
           lc.getCursorLinkage(c) == CXLinkage_NoLinkage &&
           lc.Cursor_getStorageClass(c) == CX_SC_Static;
}

static void note_static(struct digestion *d, CXCursor c)
{
    for (size_t i = 0; i < d->statics.n; i++)
        if (lc.equalCursors(d->statics.items[i], c))
            return;
    ARENA_PUSH(d->h->fe->facts.arena, d->statics.items, d->statics.n, d->statics.cap) = c;
}

static enum CXChildVisitResult walk(CXCursor c, CXCursor parent, CXClientData data)
{
    struct digestion *d = data;
    (void)parent;
    enum CXCursorKind k = lc.getCursorKind(c);
    hash_add_number(d->out, k);
    if (k == CXCursor_StringLiteral)
        return CXChildVisit_Recurse; /* its type is its length, which its text has */
    if (lc.isExpression(k) || k == CXCursor_VarDecl || k == CXCursor_ParmDecl ||
        k == CXCursor_FieldDecl || k == CXCursor_TypedefDecl)
        add_type(d, lc.getCursorType(c));
    else if (k == CXCursor_StructDecl || k == CXCursor_UnionDecl || k == CXCursor_EnumDecl)
        add_layout(d, c);
    if (k == CXCursor_DeclRefExpr || k == CXCursor_MemberRefExpr || k == CXCursor_TypeRef) {
        CXCursor r = lc.getCursorReferenced(c);
        if (!lc.Cursor_isNull(r))
            add_use(d, r);
        if (d->is_loop && is_static_local(r))
            note_static(d, r);
    }
    return CXChildVisit_Recurse;
}

bool hash_is_system(CXCursor c)
{
    return lc.Location_isInSystemHeader(lc.getCursorLocation(c));
}

static void add_lexical(struct digestion *d, CXCursor c)
{
    struct name_list names = {0};
    if (hash_is_system(c))
        return;
    bool has_body = lc.getCursorKind(c) == CXCursor_FunctionDecl && lc.isCursorDefinition(c);
    struct src_range range = frontend_cursor_range(d->h->fe, c);
    lexical_declaration(d->h->lexical, range, has_body, d->out, &names);
    enum CXCursorKind k = lc.getCursorKind(c);
    if (has_body || k == CXCursor_StructDecl || k == CXCursor_UnionDecl)
        lexical_pragmas(d->h->lexical, range, d->out);
    for (size_t i = 0; i < names.n; i++)
        add_use_by_name(d, names.items[i]);
}

static int by_digest(const void *a, const void *b)
{
    return memcmp(a, b, DIGEST);
}

/* What other declarations of the same function or variable say, in no order: an
 * attribute of a prototype holds for the definition, too. */
static void add_redeclarations(struct digestion *d)
{
    struct arena *a = d->h->fe->facts.arena;
    CXCursor canonical = lc.getCanonicalCursor(d->node->cursor);
    struct declarations *all = *cursor_map_at(a, &d->h->declarations, canonical);
    unsigned char(*found)[DIGEST] = arena_alloc(a, (all ? all->n + 1 : 1) * sizeof *found);
    size_t n = 0;
    struct strbuf *out = d->out, one = STRBUF_INIT;
    d->out = &one;
    for (size_t i = 0; all && i < all->n; i++) {
        if (lc.equalCursors(all->items[i], d->node->cursor))
            continue;
        strbuf_clear(&one);
        add_lexical(d, all->items[i]);
        if (one.len)
            hash_digest(&one, found[n++]);
    }
    d->out = out;
    strbuf_release(&one);
    qsort(found, n, sizeof *found, by_digest);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || memcmp(found[i - 1], found[i], DIGEST) != 0)
            strbuf_add(out, found[i], DIGEST);
}

static void add_function_or_variable(struct digestion *d, CXCursor c)
{
    add_type(d, lc.getCursorType(c));
    add_redeclarations(d);
    add_lexical(d, c);
    bool is_function = lc.getCursorKind(c) == CXCursor_FunctionDecl;
    bool is_definition = lc.isCursorDefinition(c);
    if (!is_definition)
        add_string(d->out, lc.Cursor_getMangling(c)); /* an asm label, or the name */
    if (is_definition || !is_function) { /* a tentative definition is none to libclang */
        CXString printed = lc.getCursorPrettyPrinted(c, d->h->policy);
        lexical_printed(lc.getCString(printed), d->out);
        lc.disposeString(printed);
        lc.visitChildren(c, walk, d);
    }
}

static void digest_node(struct hasher *h, struct hash_node *n, struct strbuf *out)
{
    struct digestion d = {.h = h, .node = n, .out = out};
    CXCursor c = n->cursor;
    strbuf_clear(out);
    hash_add_number(out, lc.getCursorKind(c));
    char *name = frontend_without_places(h->fe->facts.arena,
                                         frontend_string(h->fe, lc.getCursorSpelling(c)));
    hash_add_text(out, name, strlen(name));
    switch (lc.getCursorKind(c)) {
    case CXCursor_FunctionDecl:
        n->fn = frontend_function_of(h->fe, c);
        add_function_or_variable(&d, c);
        break;
    case CXCursor_VarDecl:
        n->var = frontend_variable_of(h->fe, c);
        add_function_or_variable(&d, c);
        break;
    case CXCursor_EnumConstantDecl:
        hash_add_number(out, lc.getEnumConstantDeclValue(c));
        break;
    case CXCursor_TypedefDecl: {
        CXType t = lc.getCursorType(c);
        add_type(&d, t);
        hash_add_number(out, lc.Type_getSizeOf(t));
        hash_add_number(out, lc.Type_getAlignOf(t));
        add_lexical(&d, c);
        break;
    }
    default:
        add_layout(&d, c);
        add_lexical(&d, c);
    }
    hash_digest(out, n->digest);
}

/* ---- a unit's hasher ---- */

static enum CXChildVisitResult visit_declaration(CXCursor c, CXCursor parent, CXClientData data)
{
    struct hasher *h = data;
    struct arena *a = h->fe->facts.arena;
    (void)parent;
    enum CXCursorKind k = lc.getCursorKind(c);
    bool is_type = k == CXCursor_StructDecl || k == CXCursor_UnionDecl || k == CXCursor_EnumDecl ||
                   k == CXCursor_TypedefDecl;
    if (k != CXCursor_FunctionDecl && k != CXCursor_VarDecl && (!is_type || hash_is_system(c)))
        return CXChildVisit_Continue;
    void **slot = cursor_map_at(a, &h->declarations, lc.getCanonicalCursor(c));
    if (!*slot) {
        struct declarations *new = *slot = ARENA_NEW(a, struct declarations);
        new->name = frontend_string(h->fe, lc.getCursorSpelling(c));
        ARENA_PUSH(a, h->by_name, h->n_names, h->cap_names) = new;
    }
    struct declarations *all = *slot;
    ARENA_PUSH(a, all->items, all->n, all->cap) = c;
    return CXChildVisit_Continue;
}

static int by_names(const void *a, const void *b)
{
    const struct declarations *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* One for each unit; it stands in the map of nodes, under the unit's own cursor. */
static struct hasher *hasher_of(struct frontend *fe)
{
    struct arena *a = fe->facts.arena;
    CXCursor unit = lc.getTranslationUnitCursor(fe->p->tu);
    void **slot = cursor_map_at(a, &fe->p->hashes, unit);
    if (*slot)
        return *slot;
    struct hasher *h = *slot = ARENA_NEW(a, struct hasher);
    h->fe = fe;
    h->lexical = lexical_new(fe);
    lc.visitChildren(unit, visit_declaration, h);
    qsort(h->by_name, h->n_names, sizeof *h->by_name, by_names);
    struct strbuf out = STRBUF_INIT;
    lexical_foreign(h->lexical, &out, &h->foreign_names);
    hash_digest(&out, h->foreign);
    strbuf_release(&out);
    return h;
}

static CXPrintingPolicy policy_of(CXCursor c)
{
    CXPrintingPolicy policy = lc.getCursorPrintingPolicy(c);
    lc.PrintingPolicy_setProperty(policy, CXPrintingPolicy_IncludeNewlines, 0);
    lc.PrintingPolicy_setProperty(policy, CXPrintingPolicy_AnonymousTagLocations, 0);
    lc.PrintingPolicy_setProperty(policy, CXPrintingPolicy_ConstantsAsWritten, 0);
    return policy;
}

static void digest_queue(struct hasher *h, CXCursor root)
{
    h->policy = policy_of(root);
    struct strbuf out = STRBUF_INIT;
    while (h->n_queue > 0)
        digest_node(h, h->queue[--h->n_queue], &out);
    strbuf_release(&out);
    lc.PrintingPolicy_dispose(h->policy);
}

/* ---- everything that a function reaches ---- */

static void reach(struct closure *r, struct hash_node *n)
{
    if (!n || n->visited == r->traversal)
        return;
    n->visited = r->traversal;
    ARENA_PUSH(r->arena, r->nodes, r->n, r->cap) = n;
}

/* The root itself is taken as it stands; others with `version` count by that. */
bool hash_has_version(const struct closure *r, const struct hash_node *n)
{
    return n->fn && n->fn->version && n != r->nodes[0];
}

static struct closure closure_of(struct hasher *h, CXCursor c, struct hash_node *root)
{
    struct closure r = {.fe = h->fe, .arena = h->fe->facts.arena, .foreign = h->foreign};
    struct hash_node anyway = {.cursor = c}; /* uses what every function may use */
    struct digestion d = {.h = h, .node = &anyway};
    for (size_t i = 0; i < h->foreign_names.n; i++)
        add_use_by_name(&d, h->foreign_names.items[i]);
    digest_queue(h, c);
    r.traversal = ++h->traversal;
    reach(&r, root);
    for (size_t i = 0; i < anyway.n_uses; i++)
        reach(&r, anyway.uses[i]);
    for (size_t i = 0; i < r.n; i++)
        for (size_t j = 0; !hash_has_version(&r, r.nodes[i]) && j < r.nodes[i]->n_uses; j++)
            reach(&r, r.nodes[i]->uses[j]);
    return r;
}

void hash_digest_version(const struct function *fn, unsigned char out[DIGEST])
{
    struct strbuf text = STRBUF_INIT;
    hash_add_text(&text, fn->memo_name, strlen(fn->memo_name));
    hash_add_text(&text, fn->version, strlen(fn->version));
    hash_add_text(&text, fn->signature, strlen(fn->signature));
    hash_digest(&text, out);
    strbuf_release(&text);
}

static void digest_closure(const struct closure *r, unsigned char out[DIGEST])
{
    unsigned char(*digests)[DIGEST] = arena_alloc(r->arena, r->n * sizeof *digests);
    for (size_t i = 0; i < r->n; i++)
        if (hash_has_version(r, r->nodes[i]))
            hash_digest_version(r->nodes[i]->fn, digests[i]);
        else
            memcpy(digests[i], r->nodes[i]->digest, DIGEST);
    qsort(digests, r->n, sizeof *digests, by_digest);

    struct strbuf all = STRBUF_INIT;
    hash_add_number(&all, lc.version);
    strbuf_add(&all, r->nodes[0]->digest, DIGEST);
    strbuf_add(&all, r->foreign, DIGEST);
    for (size_t i = 0; i < r->n; i++)
        if (i == 0 || memcmp(digests[i - 1], digests[i], DIGEST) != 0)
            strbuf_add(&all, digests[i], DIGEST);
    hash_digest(&all, out);
    strbuf_release(&all);
}

/* ---- the answers ---- */

void frontend_fingerprint(struct frontend *fe, struct function *fn, struct fingerprint *out)
{
    struct hasher *h = hasher_of(fe);
    CXCursor c = *(CXCursor *)fn->decl;
    struct closure r = closure_of(h, c, node_of(h, c));
    *out = (struct fingerprint){.components = hash_components(&r)};
    digest_closure(&r, out->code);
    hash_find_uses(&r, out);
}

/* The loop's text as clang prints it, the depth at which it stands aside. */
static bool add_loop_text(struct digestion *d, const struct hash_loop *loop)
{
    CXPrintingPolicy policy = policy_of(loop->function);
    CXString printed = lc.getCursorPrettyPrinted(loop->function, policy);
    struct strbuf text = STRBUF_INIT;
    bool ok = hash_loop_text(loop, lc.getCString(printed), &text);
    if (ok)
        lexical_printed(text.buf, d->out);
    strbuf_release(&text);
    lc.disposeString(printed);
    lc.PrintingPolicy_dispose(policy);
    return ok;
}

/* What they start with, and what that names in turn. */
static void add_statics(struct digestion *d)
{
    for (size_t i = 0; i < d->statics.n; i++) {
        CXCursor c = d->statics.items[i];
        CXPrintingPolicy policy = policy_of(c);
        CXString printed = lc.getCursorPrettyPrinted(c, policy);
        lexical_printed(lc.getCString(printed), d->out);
        lc.disposeString(printed);
        lc.PrintingPolicy_dispose(policy);
        lc.visitChildren(c, walk, d);
    }
}

/* The function around it takes part by what its attributes and the pragmas before it do to
 * the loop's code. */
static bool digest_loop(struct hasher *h, struct function *fn, const struct hash_loop *loop,
                        struct hash_node *root)
{
    struct strbuf out = STRBUF_INIT;
    struct name_list names = {0};
    struct hash_node *anyway = ARENA_NEW(h->fe->facts.arena, struct hash_node);
    struct digestion d = {.h = h, .node = root, .out = &out};
    bool ok = add_loop_text(&d, loop);
    anyway->cursor = loop->function;
    d.node = anyway; /* whose redeclarations those are */
    add_redeclarations(&d);
    d.node = root;
    lexical_declaration(h->lexical, fn->header, true, &out, &names);
    lexical_declaration(h->lexical, frontend_cursor_range(h->fe, loop->cursor), true, &out, &names);
    lexical_pragmas(h->lexical, frontend_cursor_range(h->fe, loop->cursor), &out);
    for (size_t i = 0; i < names.n; i++)
        add_use_by_name(&d, names.items[i]);
    for (size_t i = 0; i < anyway->n_uses; i++)
        add_use(&d, anyway->uses[i]->cursor);
    hash_add_number(&out, lc.getCursorKind(loop->cursor));
    d.is_loop = true;
    lc.visitChildren(loop->cursor, walk, &d);
    add_statics(&d);
    hash_digest(&out, root->digest);
    strbuf_release(&out);
    return ok;
}

void frontend_fingerprint_loop(struct frontend *fe, struct function *fn, const struct node *loop,
                               struct fingerprint *out)
{
    struct hasher *h = hasher_of(fe);
    struct hash_loop found;
    struct hash_node *root = ARENA_NEW(fe->facts.arena, struct hash_node);
    if (!fn->header.src || !hash_find_loop(fe, *(CXCursor *)fn->decl, loop, &found) ||
        !digest_loop(h, fn, &found, root)) {
        frontend_fingerprint(fe, fn, out);
        return;
    }
    root->cursor = found.cursor;
    struct closure r = closure_of(h, found.function, root);
    *out = (struct fingerprint){.components = hash_components(&r)};
    digest_closure(&r, out->code);
    hash_find_uses(&r, out);
}

/* The declaration of a global that other units see, or null. */
static CXCursor exported_cursor(struct hasher *h, const struct variable *v)
{
    struct declarations **d = bsearch(v->name, h->by_name, h->n_names, sizeof *d, by_name);
    while (d && d > h->by_name && strcmp(d[-1]->name, v->name) == 0)
        d--;
    for (; d && d < h->by_name + h->n_names && strcmp((*d)->name, v->name) == 0; d++) {
        CXCursor c = (*d)->items[0];
        if (lc.getCursorKind(c) == CXCursor_VarDecl && frontend_variable_of(h->fe, c) == v &&
            lc.getCursorLinkage(c) == CXLinkage_External)
            return c;
    }
    return lc.getNullCursor();
}

const char *frontend_fingerprint_constant(struct frontend *fe, const struct variable *v,
                                          struct fingerprint *out)
{
    struct hasher *h = hasher_of(fe);
    CXCursor c = exported_cursor(h, v);
    if (lc.Cursor_isNull(c))
        return NULL;
    struct closure r = closure_of(h, c, node_of(h, c));
    for (size_t i = 0; i < r.n; i++)
        if (r.nodes[i]->fn || (r.nodes[i]->var && !hash_is_constant(r.nodes[i]->var)))
            return NULL;
    *out = (struct fingerprint){.components = ""};
    digest_closure(&r, out->code);
    hash_find_uses(&r, out);
    return hash_symbol(fe, c);
}
