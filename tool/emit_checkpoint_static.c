/* emit_checkpoint_static.c - addresses of what a loop saves; see emit_checkpoint_private.h.
 *
 * A static local of a callee has no name in the loop's function: it gets a section of its own,
 * whose begin the linker names (__start_SECTION). A global that is hidden, or declared further
 * down, is reached through a function at the end of the unit. */
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "clex.h"
#include "diag.h"
#include "emit_checkpoint_private.h"
#include "emit_sync_private.h"

/* ---- statics ---- */

#define MAX_IN_FILE 4096

static const struct unit_file *file_of(struct ck_emitter *e, const struct source *src)
{
    for (size_t i = 0; src && i < e->fe->n_files; i++)
        if (&e->fe->files[i].src == src)
            return &e->fe->files[i];
    return NULL;
}

static bool is_in_macro(struct ck_emitter *e, const struct src_range *r)
{
    for (size_t i = 0; i < e->fe->n_expansions; i++) {
        const struct expansion *x = &e->fe->expansions[i];
        if (&x->file->src == r->src && x->begin <= r->begin && r->begin < x->end)
            return true;
    }
    return false;
}

/* Behind the declarator that has its name at r: at the '=', ',' or ';'; or behind the ';' of the
 * declaration. 0: there is none. */
static size_t declarator_end(const struct src_range *r, bool is_last)
{
    struct clex lx;
    struct clex_token t;
    int depth = 0, lowest = 0;
    clex_init(&lx, r->src->text, r->src->len);
    lx.pos = r->end;
    lx.at_line_start = false;
    while (clex_next(&lx, &t) != CLEX_END) {
        bool ends = clex_is(&lx, &t, "=") || clex_is(&lx, &t, ",") || clex_is(&lx, &t, ";");
        if (ends && depth == lowest && (!is_last || clex_is(&lx, &t, ";")))
            return is_last ? t.end : t.begin;
        depth += clex_is(&lx, &t, "(") || clex_is(&lx, &t, "[") || clex_is(&lx, &t, "{");
        depth -= clex_is(&lx, &t, ")") || clex_is(&lx, &t, "]") || clex_is(&lx, &t, "}");
        lowest = depth < lowest ? depth : lowest;
    }
    return 0;
}

static bool has_edit(const struct edit_list *edits, const struct edit *x)
{
    for (size_t i = 0; i < edits->n; i++)
        if (edits->edits[i].file == x->file && edits->edits[i].begin == x->begin &&
            strcmp(edits->edits[i].text, x->text) == 0)
            return true;
    return false;
}

static void add_once(struct ck_emitter *e, struct edit x)
{
    if (!has_edit(e->edits, &x))
        edit_add(e->edits, x);
}

void emit_checkpoint_initialize(struct ck_emitter *e, const struct variable *v)
{
    const struct unit_file *file = file_of(e, v->range.src);
    size_t at = file && !is_in_macro(e, &v->range) ? declarator_end(&v->range, false) : 0;
    if (at)
        add_once(e, (struct edit){
                        .file = file, .begin = at, .end = at, .text = " = 0", .is_inline = true});
}

/* One for each object of the program: a header's static inline function has one in each unit, and
 * one file may be compiled twice, with other options. */
static const char *section_of(struct ck_emitter *e, const struct variable *v)
{
    XXH3_state_t *h = XXH3_createState();
    const struct unit_request *rq = e->all->request;
    char place[32];
    XXH3_128bits_reset(h);
    XXH3_128bits_update(h, e->fe->files[0].src.name, strlen(e->fe->files[0].src.name) + 1);
    XXH3_128bits_update(h, v->range.src->name, strlen(v->range.src->name) + 1);
    XXH3_128bits_update(h, v->name, strlen(v->name) + 1);
    XXH3_128bits_update(h, place, (size_t)snprintf(place, sizeof place, "%zu", v->range.begin));
    XXH3_128bits_update(h, rq->text, rq->len);
    for (size_t i = 0; i < rq->n_args; i++) { /* paths don't tell objects apart */
        bool is_macro = !strncmp(rq->args[i], "-D", 2) || !strncmp(rq->args[i], "-U", 2);
        if (is_macro || (i && (!strcmp(rq->args[i - 1], "-D") || !strcmp(rq->args[i - 1], "-U"))))
            XXH3_128bits_update(h, rq->args[i], strlen(rq->args[i]) + 1);
    }
    XXH128_hash_t d = XXH3_128bits_digest(h);
    XXH3_freeState(h);
    return arena_printf(e->arena, "memo_st_%016llx%08llx", (unsigned long long)d.low64,
                        (unsigned long long)(d.high64 & 0xffffffffu));
}

static const char *refuse(struct ck_emitter *e, const struct checkpoint_variable *v,
                          const char *why)
{
    struct diag_engine *diag = e->all->request->diag;
    const struct call_step *last = v->via;
    while (last && last->next)
        last = last->next;
    diag_report(diag, err_checkpoint_static, e->loop->annotation->range, v->text, why);
    if (v->where && last)
        diag_report(diag, note_checkpoint_static, v->where->range, last->callee->name);
    return NULL;
}

/* Of ".a.b" in an object of type t. */
static size_t offset_of(const struct type *t, const char *path)
{
    size_t offset = 0;
    while (*path == '.' && t && t->kind == TYPE_RECORD) {
        size_t n = strcspn(path + 1, ".");
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)n, path + 1);
        const struct field *f = record_field(t->record, name);
        if (!f)
            break;
        offset += (size_t)f->bit_offset / 8;
        t = f->type;
        path += 1 + n;
    }
    return offset;
}

static const char *path_of(const struct checkpoint_variable *v)
{
    const char *dot = strchr(v->text, '.');
    return dot ? dot : "";
}

/* gcc wants variables of one name, in blocks that lie in each other, in one section. */
static bool has_namesake(struct ck_emitter *e, const struct variable *v)
{
    for (size_t i = 0; i < e->all->n_plans; i++) {
        const struct checkpoint_plan *p = e->all->plans[i];
        for (size_t k = 0; k < p->n_variables; k++) {
            const struct variable *x = p->variables[k].var;
            if (x && x->is_static_local && x->range.src == v->range.src &&
                x->range.begin < v->range.begin && strcmp(x->name, v->name) == 0)
                return true;
        }
    }
    return false;
}

static const struct node *declaration_of(const struct node *n, const struct variable *v)
{
    if (n->kind == NODE_DECL && n->var == v) {
        while (n->parent && n->parent->is_declaration)
            n = n->parent;
        return n;
    }
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *found = n->kids[i] ? declaration_of(n->kids[i], v) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

/* The function that v is local to, and its declaration there; NULL: not found. */
static struct function *owner_of(struct ck_emitter *e, const struct variable *v,
                                 const struct node **declaration)
{
    const struct effects *fx = e->plan->effects;
    for (size_t i = 0; i <= fx->n_callees; i++) {
        struct function *fn = i ? fx->callees[i - 1] : e->loop->fn;
        const struct node *body = fn->has_definition ? frontend_body(e->fe, fn) : NULL;
        *declaration = body ? declaration_of(body, v) : NULL;
        if (*declaration)
            return fn;
    }
    return NULL;
}

/* Does its declaration name a section, or may a macro in it? */
static bool has_own_section(struct ck_emitter *e, const struct node *declaration)
{
    const struct src_range *r = &declaration->range;
    for (size_t i = 0; i < e->fe->n_expansions; i++) {
        const struct expansion *x = &e->fe->expansions[i];
        if (&x->file->src == r->src && x->begin < r->end && x->end > r->begin)
            return true;
    }
    return memmem(r->src->text + r->begin, r->end - r->begin, "section", 7) != NULL;
}

/* It stays where it is, and only a pointer to it gets a section: nothing of a named section is left
 * out of the program's file because it is zero. */
static bool has_to_be_pointed_to(struct ck_emitter *e, const struct variable *v,
                                 const struct node *declaration)
{
    return v->type->size > MAX_IN_FILE || has_own_section(e, declaration) ||
           (e->all->request->is_gcc && has_namesake(e, v));
}

static const char *static_address(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    const struct src_range *r = &v->var->range;
    const struct unit_file *file = file_of(e, r->src);
    const struct node *declaration;
    struct function *owner = owner_of(e, v->var, &declaration);
    if (v->var->is_thread_local)
        return refuse(e, v, "it is a thread's own");
    if (!file)
        return refuse(e, v, "it stands in a header without annotations");
    size_t n = strlen(v->var->name), at = 0;
    bool is_behind = owner && has_to_be_pointed_to(e, v->var, declaration);
    if (owner && r->end - r->begin == n && memcmp(r->src->text + r->begin, v->var->name, n) == 0 &&
        !is_in_macro(e, r))
        at = declarator_end(r, is_behind);
    if (!at)
        return refuse(e, v, "a macro makes its declaration");
    const char *section = section_of(e, v->var);
    const char *text = arena_printf(e->arena, " __attribute__((section(\"%s\"), used)) ", section);
    if (is_behind) {
        text = arena_printf(e->arena, " MEMO_CK_POINTER_TO(memo_sp_%s, \"%s\", %s) ", section,
                            section, v->var->name);
        add_once(e, (struct edit){.file = file,
                                  .begin = owner->header.begin,
                                  .end = owner->header.begin,
                                  .text = "\n",
                                  .needs_preamble = true});
    }
    add_once(e,
             (struct edit){.file = file, .begin = at, .end = at, .text = text, .is_inline = true});
    const char *begin = arena_printf(e->arena, "__start_%s", section);
    if (!strstr(e->before.buf, begin))
        strbuf_addf(&e->before,
                    "extern char %s%s[] __attribute__((weak, visibility(\"hidden\")));\n",
                    is_behind ? "*" : "", begin);
    if (is_behind)
        begin = arena_printf(e->arena, "(%s ? *%s : 0)", begin, begin);
    size_t offset = offset_of(v->var->type, path_of(v));
    return offset ? arena_printf(e->arena, "(void *)(%s ? %s + %zu : 0)", begin, begin, offset)
                  : arena_printf(e->arena, "(void *)%s", begin);
}

/* ---- globals ---- */

static bool is_hidden(struct ck_emitter *e, const struct variable *v)
{
    const struct scope *s = &e->loop->scope;
    for (size_t i = 0; i < e->loop->n_visible; i++)
        if (e->loop->visible[i] != v && strcmp(e->loop->visible[i]->name, v->name) == 0)
            return true;
    for (size_t i = 0; i < s->n_locals; i++)
        if (s->locals[i] != v && strcmp(s->locals[i]->name, v->name) == 0)
            return true;
    for (size_t i = 0; i < s->n_local_names; i++)
        if (strcmp(s->local_names[i], v->name) == 0)
            return true;
    return false;
}

static bool is_in_sight(struct ck_emitter *e, const struct variable *v)
{
    const struct src_range *header = &e->loop->fn->header;
    return v->range.src == header->src && v->range.begin < header->begin && !v->is_block_extern &&
           !is_hidden(e, v);
}

/* Text that means the object or function at the end of the unit. */
static const char *far_address(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    const char *name =
        arena_printf(e->arena, "memo_at_%u_%zu_%zu", e->id, e->n_pieces, e->n_inputs);
    strbuf_addf(&e->before, "static void *%s(void);\n", name);
    strbuf_addf(e->all->tail, "%sstatic void *%s(void) { ", emit_sync_quiet, name);
    if (v->var && v->var->is_block_extern)
        strbuf_addf(e->all->tail, "extern __typeof__(%s) %s; ", v->var->type->spelling,
                    v->var->name);
    strbuf_addf(e->all->tail, "return (void *)&%s; }\n%s", v->fn ? v->fn->name : v->text,
                emit_sync_quiet_end);
    return arena_printf(e->arena, "%s()", name);
}

const char *emit_checkpoint_moved(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    for (size_t i = 0; i < e->all->n_syncs; i++) {
        const struct sync_plan *p = e->all->syncs[i];
        const struct sync_variable *sv =
            p->region->fn == e->loop->fn ? sync_find_variable(p, v->var) : NULL;
        if (sv && sv->storage == STORAGE_HOISTED)
            return arena_printf(e->arena, "memo_env_%u.%s%s", p->id, sv->name, path_of(v));
    }
    return NULL;
}

const char *emit_checkpoint_address(struct ck_emitter *e, const struct checkpoint_variable *v)
{
    if (v->fn)
        return v->is_declared_later ? far_address(e, v)
                                    : arena_printf(e->arena, "(void *)&%s", v->fn->name);
    if (v->is_foreign_static && v->var->is_static_local)
        return static_address(e, v);
    if (v->var->is_global && !v->var->is_static_local && !is_in_sight(e, v->var))
        return far_address(e, v);
    const char *moved = emit_checkpoint_moved(e, v);
    return arena_printf(e->arena, "(void *)&%s", moved ? moved : v->text);
}
