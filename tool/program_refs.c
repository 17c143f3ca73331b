/* program_refs.c - what pieces refer to, by their relocations. */
#include <string.h>

#include "base/arena.h"
#include "program_private.h"

void piece_add_ref(struct program *p, struct piece *x, struct piece *to, struct global *global,
                   unsigned use)
{
    if (to == x && x->kind == PIECE_CODE)
        return;
    for (size_t i = x->n_refs; i > 0 && i + 8 > x->n_refs; i--) { /* the same, just now */
        struct ref *r = &x->refs[i - 1];
        if (r->piece == to && r->global == global) {
            r->use = ((r->use | use) & ~USE_GUESSED) | (r->use & use & USE_GUESSED);
            return;
        }
    }
    ARENA_PUSH(p->arena, x->refs, x->n_refs, x->cap_refs) = (struct ref){to, global, use};
}

const struct elf_reloc *piece_relocs(const struct piece *x, size_t *n)
{
    const struct object *o = x->object;
    *n = 0;
    if (x->section >= o->elf.n_sections || !o->n_relocs[x->section])
        return NULL;
    const struct elf_reloc *all = o->relocs[x->section];
    size_t low = 0, high = o->n_relocs[x->section];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].offset < x->start)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + *n < o->n_relocs[x->section] && all[low + *n].offset < x->end)
        ++*n;
    return all + low;
}

bool reloc_names_section(const struct piece *x, const struct elf_reloc *r, uint32_t *section)
{
    if (r->symbol == 0)
        return false;
    struct elf_symbol s = elf_symbol(&x->object->elf, r->symbol);
    *section = s.section;
    return s.type == STT_SECTION && s.section < x->object->elf.n_sections;
}

static void refer_to_section(struct program *p, struct piece *x, uint32_t section, unsigned use)
{
    struct pieces *all = &x->object->pieces[section];
    for (size_t i = 0; i < all->n; i++)
        piece_add_ref(p, x, &all->items[i], NULL, use);
}

void piece_refer(struct program *p, struct piece *x, const struct elf_reloc *r, int64_t offset,
                 unsigned use)
{
    struct object *o = x->object;
    uint32_t section;
    if (r->symbol == 0)
        return;
    if (reloc_names_section(x, r, &section)) {
        /* Elsewhere than on x86, offsets may be from an anchor, or in parts. */
        if (!o->is_x86 || offset < 0)
            refer_to_section(p, x, section, use);
        else if (o->pieces[section].n)
            piece_add_ref(p, x, piece_at(p, o, section, (uint64_t)offset), NULL, use);
        return;
    }
    struct global *g =
        r->symbol >= o->elf.first_global ? o->globals[r->symbol - o->elf.first_global] : NULL;
    struct piece *to = g ? piece_of_global(p, g) : piece_of_symbol(p, o, r->symbol);
    if (to || (g && !g->object))
        piece_add_ref(p, x, to, g, use);
}

/* ---- data ---- */

static bool is_relative(const struct object *o, uint32_t type)
{
    return o->is_x86 && (type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64 ||
                         type == R_X86_64_PC16 || type == R_X86_64_PC8);
}

/* Labels inside functions are there for the function's own jumps (switch, &&label); a
 * function's unlikely part is only for itself, too. A table of distances to
 * them doesn't say where they are. */
static bool is_label(struct program *p, const struct piece *x, const struct elf_reloc *r,
                     uint32_t section)
{
    struct object *o = x->object;
    if (!o->is_x86 || !(o->elf.sections[section].flags & SHF_EXECINSTR) || !o->pieces[section].n)
        return false;
    if (is_relative(o, r->type))
        return true;
    const struct piece *to = piece_at(p, o, section, (uint64_t)r->addend);
    if (!*to->name || to->is_joined) /* a function without a symbol, maybe */
        return false;
    return to->start != (uint64_t)r->addend || strstr(to->name, ".cold");
}

/* What is the start of an object may be the end of the one before. */
static void refer_to_place(struct program *p, struct piece *x, const struct elf_reloc *r,
                           uint32_t section)
{
    struct piece *to = r->addend < 0 ? NULL : piece_at(p, x->object, section, (uint64_t)r->addend);
    struct piece *before = to ? piece_before(to) : NULL;
    piece_refer(p, x, r, r->addend, USE_ADDRESS);
    if (before && before->kind != PIECE_CODE && to->start == (uint64_t)r->addend)
        piece_add_ref(p, x, before, NULL, USE_ADDRESS | USE_GUESSED);
}

static void find_data_refs(struct program *p, struct piece *x)
{
    size_t n;
    const struct elf_reloc *r = piece_relocs(x, &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t section;
        if (!reloc_names_section(x, &r[i], &section))
            piece_refer(p, x, &r[i], 0, USE_ADDRESS);
        else if (is_label(p, x, &r[i], section))
            continue;
        else if (is_relative(x->object, r[i].type) || !r[i].has_addend)
            refer_to_section(p, x, section, USE_ADDRESS);
        else
            refer_to_place(p, x, &r[i], section);
    }
}

/* ---- code of other machines ---- */

static void find_code_refs(struct program *p, struct piece *x)
{
    size_t n;
    const struct elf_reloc *r = piece_relocs(x, &n);
    struct pieces *all = &x->object->pieces[x->section];
    for (size_t i = 0; i < n; i++)
        piece_refer(p, x, &r[i], -1, USE_CALL | USE_ADDRESS);
    for (size_t i = 0; i < all->n; i++) /* what the assembler has resolved isn't seen */
        if (all->items[i].has_local || !*all->items[i].name)
            piece_add_ref(p, x, &all->items[i], NULL, USE_CALL);
    if (!x->has_size && piece_behind(x))
        piece_add_ref(p, x, piece_behind(x), NULL, USE_CALL);
}

/* A jump table may be all that leads to a function's unlikely part. */
static void add_cold_parts(struct program *p, struct piece *x)
{
    size_t n = strlen(x->name);
    for (size_t i = 0; n && i < x->object->n_colds; i++) {
        struct piece *cold = x->object->colds[i];
        if (!strncmp(cold->name, x->name, n) && !strncmp(cold->name + n, ".cold", 5))
            piece_add_ref(p, x, cold, NULL, USE_CALL);
    }
}

void piece_refs(struct program *p, struct piece *x)
{
    if (x->has_refs)
        return;
    x->has_refs = true;
    if (x->section >= x->object->elf.n_sections)
        return;
    if (x->kind != PIECE_CODE) {
        find_data_refs(p, x);
        return;
    }
    if (x->object->is_x86)
        piece_refs_x86(p, x);
    else
        find_code_refs(p, x);
    add_cold_parts(p, x);
}
