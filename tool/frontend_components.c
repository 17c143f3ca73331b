/* frontend_components.c - what a fingerprint is made of, by name; and what of it only
 * the link step will know. */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "frontend_hash.h"

/* ---- by name ---- */

static void add_component(struct strbuf *out, char kind, const char *name,
                          const unsigned char digest[HASH_DIGEST])
{
    strbuf_addf(out, "%c %s ", kind, *name ? name : "(unnamed)");
    for (size_t i = 0; i < HASH_DIGEST / 2; i++)
        strbuf_addf(out, "%02x", digest[i]);
    strbuf_addc(out, '\n');
}

static char kind_of_node(const struct hash_node *n)
{
    switch (lc.getCursorKind(n->cursor)) {
    case CXCursor_FunctionDecl:
        return 'f';
    case CXCursor_VarDecl:
        return 'v';
    case CXCursor_EnumConstantDecl:
        return 'e';
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
    case CXCursor_DoStmt:
        return 'k';
    default:
        return 't';
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lines sorted, so that they don't depend on the order of declarations. */
const char *hash_components(const struct closure *r)
{
    const char **lines = arena_alloc(r->arena, (r->n + 1) * sizeof *lines);
    struct strbuf line = STRBUF_INIT;
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct hash_node *node = r->nodes[i];
        unsigned char digest[HASH_DIGEST];
        char kind = kind_of_node(node);
        if (kind != 'f' &&
            hash_is_system(node->cursor)) /* libraries' types aren't news to anybody */
            continue;
        CXString s = lc.getCursorSpelling(node->cursor);
        const char *name =
            kind == 'k' ? "loop" : frontend_without_places(r->arena, lc.getCString(s));
        lc.disposeString(s);
        memcpy(digest, node->digest, HASH_DIGEST);
        if (hash_has_version(r, node))
            hash_digest_version(node->fn, digest);
        strbuf_clear(&line);
        add_component(&line, kind, strchr(name, '(') ? "" : name, digest);
        lines[n++] = arena_strdup(r->arena, line.buf);
    }
    strbuf_clear(&line);
    add_component(&line, 'x', "preprocessing", r->foreign);
    lines[n++] = arena_strdup(r->arena, line.buf);
    qsort(lines, n, sizeof *lines, by_text);
    strbuf_clear(&line);
    for (size_t i = 0; i < n; i++)
        strbuf_adds(&line, lines[i]);
    const char *text = arena_strdup(r->arena, line.buf);
    strbuf_release(&line);
    return text;
}

/* ---- what of it lies out of sight ---- */

/* A weak definition may give way to another one when the program is linked. */
static bool is_out_of_sight(const struct hash_node *n)
{
    if (n->fn)
        return !n->fn->is_builtin && !n->fn->version &&
               (!n->fn->has_definition ||
                (n->fn->refused_attribute && strcmp(n->fn->refused_attribute, "weak") == 0));
    return n->var && n->var->is_global && !n->var->is_static_local && !n->var->is_defined_here &&
           hash_is_constant(n->var);
}

/* Its value is in the key of a memoized function that sees it, and not in that of a
 * caller in another unit. */
static bool is_global_elsewhere(const struct hash_node *n)
{
    return n->var && n->var->is_global && !n->var->is_static_local && !n->var->is_defined_here &&
           !n->var->is_system && !hash_is_constant(n->var);
}

/* The linker may take another definition than the one in sight: that of the unit with
 * the external one. */
static bool is_shared_inline(const struct hash_node *n)
{
    return n->fn && n->fn->has_definition && n->fn->is_inline && !n->fn->is_static &&
           !n->fn->is_system && !n->fn->version;
}

const char *hash_symbol(struct frontend *fe, CXCursor c)
{
    return frontend_string(fe, lc.Cursor_getMangling(c));
}

const char *frontend_symbol(struct frontend *fe, struct function *fn)
{
    return hash_symbol(fe, *(CXCursor *)fn->decl);
}

void hash_find_uses(const struct closure *r, struct fingerprint *out)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct hash_node *node = r->nodes[i];
        if (is_shared_inline(node))
            ARENA_PUSH(r->arena, out->inlines, out->n_inlines, out->cap_inlines) =
                hash_symbol(r->fe, node->cursor);
        if (is_global_elsewhere(node))
            ARENA_PUSH(r->arena, out->globals, out->n_globals, out->cap_globals) =
                hash_symbol(r->fe, node->cursor);
        if (!is_out_of_sight(node))
            continue;
        ARENA_PUSH(r->arena, out->uses, out->n_uses, out->cap_uses) =
            hash_symbol(r->fe, node->cursor);
        out->uses_program |= !(node->fn ? node->fn->is_system : node->var->is_system);
    }
    size_t n = 0;
    if (out->n_globals)
        qsort(out->globals, out->n_globals, sizeof *out->globals, by_text);
    if (out->n_uses)
        qsort(out->uses, out->n_uses, sizeof *out->uses, by_text);
    for (size_t i = 0; i < out->n_uses; i++)
        if (n == 0 || strcmp(out->uses[n - 1], out->uses[i]) != 0)
            out->uses[n++] = out->uses[i];
    out->n_uses = n;
}
