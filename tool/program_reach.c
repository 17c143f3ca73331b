/* program_reach.c - what a symbol leads to, and digests of objects. */
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "libcalls.h"
#include "program_private.h"

/* ---- reach ---- */

struct walk {
    struct program *p;
    struct program_reach *out;
    struct piece **queue;
    size_t n, cap;
};

static void add_object(struct walk *w, struct object *o)
{
    if (o->mark == w->p->walks)
        return;
    o->mark = w->p->walks;
    ARENA_PUSH(w->p->arena, w->out->objects, w->out->n_objects, w->out->cap_objects) = &o->out;
}

static void add_function(struct walk *w, const struct section_function *f)
{
    struct program_reach *out = w->out;
    for (size_t i = 0; i < out->n_functions; i++)
        if (out->functions[i] == f)
            return;
    ARENA_PUSH(w->p->arena, out->functions, out->n_functions, out->cap_functions) = f;
}

static void add_library(struct walk *w, const char *soname)
{
    struct program_reach *out = w->out;
    for (size_t i = 0; i < out->n_libraries; i++)
        if (!strcmp(out->libraries[i], soname))
            return;
    ARENA_PUSH(w->p->arena, out->libraries, out->n_libraries, out->cap_libraries) = soname;
}

static void reach_global(struct walk *w, const struct global *g)
{
    if (g->library) {
        const struct section_function *f = section_find(g->library->units, g->name);
        if (f)
            add_function(w, f);
        else
            add_library(w, g->library->soname);
    } else if (g->is_needed && !name_is_helper(g->name) && !name_is_harmless_data(g->name)) {
        w->out->is_open = true;
    }
}

/* What the program's own code asks the C library for. */
static void note_name(struct walk *w, const char *name)
{
    w->out->has_errno |= !strcmp(name, "__errno_location") || !strcmp(name, "perror");
    w->out->has_locale |= libcall_uses_locale(name);
}

static void reach_ref(struct walk *w, struct piece *to, const struct global *g)
{
    const char *name = g ? g->name : to->name;
    if (name_is_ours(name, to ? to->object : NULL) || name_is_runtime(name))
        return;
    if (!to) {
        reach_global(w, g);
        return;
    }
    if (to->mark == w->p->walks)
        return;
    to->mark = w->p->walks;
    const struct section_function *f = piece_listed(w->p, to);
    if (f) {
        add_function(w, f);
        return;
    }
    add_object(w, to->object);
    w->out->is_open |= to->object->out.is_opaque;
    ARENA_PUSH(w->p->arena, w->queue, w->n, w->cap) = to;
}

static int by_object(const void *a, const void *b)
{
    const struct program_object *x = *(const struct program_object *const *)a;
    const struct program_object *y = *(const struct program_object *const *)b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->path, y->path);
}

static int by_function(const void *a, const void *b)
{
    const struct section_function *x = *(const struct section_function *const *)a;
    const struct section_function *y = *(const struct section_function *const *)b;
    int order = strcmp(x->name, y->name);
    if (!order)
        order = memcmp(x->code, y->code, sizeof x->code);
    return order ? order : strcmp(x->unit ? x->unit->file : "", y->unit ? y->unit->file : "");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void program_reach(struct program *p, const char *symbol, struct program_reach *out)
{
    struct walk w = {.p = p, .out = out};
    *out = (struct program_reach){0};
    p->walks++;
    const struct global *g = program_global(p, program_renamed(p, symbol));
    struct piece *first = g ? piece_of_global(p, g) : NULL;
    if (!g)
        out->is_open = true;
    else
        reach_ref(&w, first, g);
    for (size_t i = 0; i < w.n; i++) {
        struct piece *x = w.queue[i];
        piece_refs(p, x);
        for (size_t k = 0; k < x->n_refs; k++) {
            if (x->refs[k].global && !x->object->out.is_toolchain)
                note_name(&w, x->refs[k].global->name);
            reach_ref(&w, x->refs[k].piece, x->refs[k].global);
        }
    }
    if (out->n_objects)
        qsort(out->objects, out->n_objects, sizeof *out->objects, by_object);
    if (out->n_functions)
        qsort(out->functions, out->n_functions, sizeof *out->functions, by_function);
    if (out->n_libraries)
        qsort(out->libraries, out->n_libraries, sizeof *out->libraries, by_text);
}

/* ---- digests ---- */

/* Length-prefixed, so that two texts in a row can't be taken for two others. */
static void add_text(struct strbuf *out, const char *text)
{
    uint64_t n = strlen(text);
    strbuf_add(out, &n, sizeof n);
    strbuf_add(out, text, n);
}

static void add_number(struct strbuf *out, uint64_t n)
{
    strbuf_add(out, &n, sizeof n);
}

static bool takes_part(const struct elf_section *s)
{
    return (s->flags & SHF_ALLOC) && s->type != SHT_NOTE && strncmp(s->name, ".eh_frame", 9) &&
           (s->data || s->type == SHT_NOBITS);
}

static const char *section_name(const struct elf *e, uint32_t i)
{
    return i < e->n_sections ? e->sections[i].name : i == ELF_IN_COMMON ? "COMMON" : "ABS";
}

static void add_reloc(struct strbuf *out, const struct elf *e, const struct elf_reloc *r)
{
    struct elf_symbol y = {.name = ""};
    if (r->symbol)
        y = elf_symbol(e, r->symbol);
    bool is_global = *y.name && y.bind != STB_LOCAL;
    add_number(out, r->offset);
    add_number(out, r->type);
    add_text(out, *y.name ? y.name : section_name(e, y.section));
    add_number(out, is_global ? 0 : y.value); /* where it is defined is told by itself */
    add_number(out, (uint64_t)r->addend);
}

/* relocs: the first section with relocations for this one, and more[] the next; 0: none. */
static void add_section(struct strbuf *out, const struct elf *e, uint32_t i, uint32_t relocs,
                        const uint32_t *more)
{
    const struct elf_section *s = &e->sections[i];
    const uint64_t flags = SHF_WRITE | SHF_EXECINSTR | SHF_TLS | SHF_MERGE | SHF_STRINGS;
    add_text(out, s->name);
    add_number(out, s->type);
    add_number(out, s->flags & flags);
    add_number(out, s->size);
    if (s->data)
        strbuf_add(out, s->data, s->size);
    for (uint32_t k = relocs; k; k = more[k])
        for (size_t at = 0; at < elf_n_relocs(e, k); at++) {
            struct elf_reloc r = elf_reloc(e, k, at);
            add_reloc(out, e, &r);
        }
}

static void add_sections(struct program *p, struct strbuf *out, const struct elf *e)
{
    uint32_t *first = arena_alloc(p->arena, e->n_sections * sizeof *first);
    uint32_t *more = arena_alloc(p->arena, e->n_sections * sizeof *more);
    for (uint32_t k = e->n_sections; k-- > 1;)
        if (elf_n_relocs(e, k) && e->sections[k].info < e->n_sections) {
            more[k] = first[e->sections[k].info];
            first[e->sections[k].info] = k;
        }
    for (uint32_t i = 1; i < e->n_sections; i++)
        if (takes_part(&e->sections[i]))
            add_section(out, e, i, first[i], more);
}

static int by_name(const void *a, const void *b)
{
    const struct elf_symbol *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : x->value < y->value ? -1 : x->value > y->value;
}

static void add_definitions(struct program *p, struct strbuf *out, const struct elf *e)
{
    size_t n = 0;
    struct elf_symbol *all =
        arena_alloc(p->arena, (e->n_symbols - e->first_global + 1) * sizeof *all);
    for (uint32_t i = e->first_global; i < e->n_symbols; i++) {
        all[n] = elf_symbol(e, i);
        n += all[n].section != ELF_IN_NONE && *all[n].name;
    }
    qsort(all, n, sizeof *all, by_name);
    for (size_t i = 0; i < n; i++) {
        add_text(out, all[i].name);
        add_text(out, section_name(e, all[i].section));
        add_number(out, all[i].value);
        add_number(out, all[i].size);
        add_number(out, all[i].bind);
    }
}

/* The intermediate language, without debug information. The names of gcc's sections end
 * with a number that differs each time. */
static void add_opaque(struct strbuf *out, const struct object *o)
{
    const struct elf *e = &o->elf;
    if (!e->n_sections)
        strbuf_add(out, o->bytes.data, o->bytes.len);
    for (uint32_t i = 1; i < e->n_sections; i++) {
        const struct elf_section *s = &e->sections[i];
        const char *number = strrchr(s->name, '.');
        if (strncmp(s->name, ".gnu.lto_", 9) || !s->data)
            continue;
        add_number(out, (uint64_t)(number - s->name));
        strbuf_add(out, s->name, (size_t)(number - s->name));
        add_number(out, s->size);
        strbuf_add(out, s->data, s->size);
    }
}

void program_object_digest(struct program *p, const struct program_object *o,
                           unsigned char digest[16])
{
    const struct object *object = (const struct object *)o;
    const struct elf *e = &object->elf;
    struct strbuf text = STRBUF_INIT;
    add_number(&text, e->machine);
    if (o->is_opaque) {
        add_opaque(&text, object);
    } else {
        add_sections(p, &text, e);
        add_definitions(p, &text, e);
    }
    XXH128_canonical_t c;
    XXH128_canonicalFromHash(&c, XXH3_128bits(text.buf, text.len));
    memcpy(digest, c.digest, 16);
    strbuf_release(&text);
}
