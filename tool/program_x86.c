/* program_x86.c - what x86-64 code refers to, and what for.
 *
 * The code of a piece is decoded from its start. Each relocation then belongs to an
 * operand, and direct jumps and addresses without relocation lead to other places of
 * the section. Where an instruction takes an address into a register, it is followed
 * through the registers to the loads and stores that use it; where it gets out of sight
 * (into memory, to a callee), anything may be done with it.
 *
 * Code that can't be decoded to its end, or has a relocation that is no operand,
 * refers to all that its relocations name and all that four of its bytes may lead to. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "program_private.h"
#include "x86.h"

struct code {
    struct program *p;
    struct piece *x;
    const unsigned char *text; /* of the whole section */
    struct x86_insn *insns;
    size_t n, cap;
    const struct elf_reloc *relocs;
    size_t n_relocs;
    uint16_t *masks; /* for walk(): registers that are looked at, before each instruction... */
    uint32_t *stamps, stamp; /* ... if the instruction has this number */
    size_t *queue;
    unsigned char *alive; /* instructions from which the function may return; NULL: any */
};

static bool never_returns(struct program *p, struct piece *x, unsigned depth);

/* ---- decoding ---- */

static const struct elf_reloc *reloc_at(const struct code *c, size_t at)
{
    size_t low = 0, high = c->n_relocs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->relocs[middle].offset < at)
            low = middle + 1;
        else
            high = middle;
    }
    return at && low < c->n_relocs && c->relocs[low].offset == at ? &c->relocs[low] : NULL;
}

/* Is each relocation an operand of an instruction? */
static bool are_operands(const struct code *c)
{
    size_t k = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct x86_insn *o = &c->insns[i];
        for (; k < c->n_relocs && c->relocs[k].offset < o->at + o->len; k++) {
            uint64_t at = c->relocs[k].offset;
            uint32_t type = c->relocs[k].type;
            if (type != R_X86_64_NONE && type != R_X86_64_TLSDESC_CALL &&
                !(o->disp_len >= 4 && at == o->disp_at) && !(o->imm_len >= 4 && at == o->imm_at) &&
                !(o->imm_len == 1 && o->is_direct && at == o->imm_at))
                return false;
        }
    }
    return k == c->n_relocs;
}

static bool decode(struct code *c)
{
    struct x86_insn insn;
    for (size_t at = c->x->start; at < c->x->end; at += insn.len) {
        if (!x86_decode(c->text, c->x->end, at, &insn))
            return false;
        if (c->n == c->cap) {
            c->cap = c->cap ? c->cap * 2 : 256;
            struct x86_insn *more = realloc(c->insns, c->cap * sizeof *more);
            if (!more)
                return false;
            c->insns = more;
        }
        c->insns[c->n++] = insn;
    }
    return are_operands(c);
}

static size_t insn_at(const struct code *c, uint64_t at)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->insns[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n && c->insns[low].at == at ? low : SIZE_MAX;
}

/* ---- where jumps go ---- */

enum exit_kind {
    EXIT_INSIDE, /* the piece; another instruction of it */
    EXIT_CALLEE, /* the start of a function: it sees arguments */
    EXIT_LOCAL,  /* ... of the same object, whose registers the compiler may know */
    EXIT_PART,   /* anything else: a part of this function */
};

static enum exit_kind exit_of_piece(const struct code *c, const struct piece *to, uint64_t offset)
{
    if (!to || to->start != offset || strstr(to->name, ".cold"))
        return EXIT_PART;
    return to->object == c->x->object ? EXIT_LOCAL : EXIT_CALLEE;
}

/* Where a direct jump or call leads. */
static enum exit_kind exit_of(const struct code *c, const struct x86_insn *o)
{
    const struct elf_reloc *r = reloc_at(c, o->imm_at);
    struct object *object = c->x->object;
    uint32_t section;
    if (!r) {
        if (o->target >= (int64_t)c->x->start && o->target < (int64_t)c->x->end)
            return EXIT_INSIDE;
        return exit_of_piece(c, piece_at(c->p, object, c->x->section, (uint64_t)o->target),
                             (uint64_t)o->target);
    }
    if (reloc_names_section(c->x, r, &section)) {
        uint64_t offset = (uint64_t)(r->addend + o->imm_len);
        return exit_of_piece(c, piece_at(c->p, object, section, offset), offset);
    }
    if (r->symbol >= object->elf.first_global)
        return object->globals[r->symbol - object->elf.first_global] &&
                       object->globals[r->symbol - object->elf.first_global]->object == object
                   ? EXIT_LOCAL
                   : EXIT_CALLEE;
    struct elf_symbol s = elf_symbol(&object->elf, r->symbol);
    return strstr(s.name, ".cold") ? EXIT_PART : EXIT_LOCAL;
}

/* A direct call of what an instrument of the compiler is reported to. */
static bool is_report(const struct code *c, const struct x86_insn *o)
{
    const struct elf_reloc *r = o->is_direct ? reloc_at(c, o->imm_at) : NULL;
    return r && r->symbol && name_is_report(elf_symbol(&c->x->object->elf, r->symbol).name);
}

/* ---- following an address through registers ---- */

struct trail {
    unsigned use;
    bool is_varied;   /* places before or behind the address may be meant, too */
    bool is_compared; /* with another one */
};

/* What one instruction does with an address that registers in `mask` hold; returns those
 * that hold it afterwards. */
static unsigned step(const struct code *c, const struct x86_insn *o, unsigned mask, struct trail *t)
{
    unsigned values = o->reads & mask;
    bool is_lea = o->has_memory && o->map == 0 && o->op == 0x8d && !o->is_vector;
    bool is_move = o->map == 0 && (o->op == 0x89 || o->op == 0x8b) && !o->is_vector;
    if (!o->is_known) {
        t->use |= USE_ADDRESS;
        return 0;
    }
    if (o->has_memory && !is_lea && (o->base_mask & mask)) {
        t->use |= (o->memory & X86_READ ? USE_READ : 0) | (o->memory & X86_WRITE ? USE_WRITE : 0);
        t->is_varied |= o->has_index || o->disp < 0;
    }
    if ((o->read_at | o->written_at) & mask) {
        t->use |= (o->read_at & mask ? USE_READ : 0) | (o->written_at & mask ? USE_WRITE : 0);
        t->is_varied = true;
    }
    bool is_stored = (o->has_memory && (o->memory & X86_WRITE)) || o->written_at;
    if (values && (is_stored || o->is_copy))
        t->use |= USE_ADDRESS;
    unsigned after = mask & ~o->writes;
    t->is_compared |= values && o->is_compare;
    if (values && !o->is_compare) {
        after |= o->writes | o->changes;
        t->is_varied |= !is_move && !(is_lea && !o->has_index && o->disp >= 0);
    }
    if (o->flow == X86_CALL) {
        enum exit_kind to = o->is_direct ? exit_of(c, o) : EXIT_CALLEE;
        if ((mask & X86_ARGUMENTS || values) && !is_report(c, o))
            t->use |= USE_ADDRESS;
        if (to == EXIT_CALLEE) /* another's own function may be known to leave registers alone */
            after &= ~X86_CALLER_SAVED;
    }
    return after;
}

/* The jump or branch leaves the piece, with an address in the registers `mask`. */
static void leave(const struct x86_insn *o, enum exit_kind exit, unsigned mask, struct trail *t)
{
    bool is_by_table = !o->is_direct && o->has_memory && !o->is_rip && (o->base_mask & mask);
    if (is_by_table) /* a call at the end: tables for jumps are constant */
        exit = EXIT_CALLEE;
    if ((exit == EXIT_PART && mask) || (mask & X86_ARGUMENTS))
        t->use |= USE_ADDRESS;
}

static bool is_return(const struct x86_insn *o)
{
    return o->flow == X86_END && o->map == 0 && (o->op & 0xf6) == 0xc2;
}

static bool start_walk(struct code *c, size_t from, unsigned mask)
{
    if (!c->masks) {
        c->masks = calloc(c->n + 1, sizeof *c->masks);
        c->stamps = calloc(c->n + 1, sizeof *c->stamps);
        c->queue = malloc((c->n * 16 + 16) * sizeof *c->queue); /* each mask only grows */
    }
    if (!c->masks || !c->stamps || !c->queue || from >= c->n)
        return false;
    c->stamps[from] = ++c->stamp;
    c->masks[from] = (uint16_t)mask;
    c->queue[0] = from;
    return true;
}

/* Look at instruction i with these registers, too. */
static size_t add_step(struct code *c, size_t n, size_t i, unsigned mask)
{
    if (!mask || i >= c->n)
        return n;
    if (c->stamps[i] != c->stamp) {
        c->stamps[i] = c->stamp;
        c->masks[i] = 0;
    }
    if ((c->masks[i] | mask) == c->masks[i])
        return n;
    c->masks[i] |= (uint16_t)mask;
    c->queue[n++] = i;
    return n;
}

/* Where instruction i may go inside the piece: the next one, and to[1]. Elsewhere: the
 * kind of exit. */
static enum exit_kind successors(const struct code *c, size_t i, size_t to[2])
{
    const struct x86_insn *o = &c->insns[i];
    enum exit_kind exit = EXIT_INSIDE;
    to[0] = o->flow != X86_JUMP && o->flow != X86_END ? i + 1 : SIZE_MAX;
    to[1] = SIZE_MAX;
    if (o->flow == X86_JUMP || o->flow == X86_BRANCH) {
        exit = o->is_direct ? exit_of(c, o) : EXIT_PART;
        if (exit == EXIT_INSIDE)
            to[1] = insn_at(c, (uint64_t)o->target);
        if (exit == EXIT_INSIDE && to[1] == SIZE_MAX)
            exit = EXIT_PART;
    }
    return exit;
}

/* What is done with an address that registers in `mask` hold in front of instruction
 * `from`. */
static struct trail follow(struct code *c, size_t from, unsigned mask)
{
    struct trail t = {0};
    size_t n = 1, to[2];
    bool is_second_result = false;
    if (from >= c->n)
        return t;
    if (!start_walk(c, from, mask))
        return (struct trail){.use = USE_ADDRESS, .is_varied = true};
    while (n && !(t.use & USE_ADDRESS)) {
        size_t i = c->queue[--n];
        const struct x86_insn *o = &c->insns[i];
        unsigned after = step(c, o, c->masks[i], &t);
        enum exit_kind exit = successors(c, i, to);
        if (exit != EXIT_INSIDE)
            leave(o, exit, after, &t);
        if (is_return(o)) {
            t.use |= after & X86_BIT(0) ? USE_RETURN : 0;
            is_second_result |= (after & X86_BIT(2)) != 0;
        }
        n = add_step(c, n, to[0], after);
        n = add_step(c, n, to[1], after);
    }
    /* What was of use before is left in rdx by chance; else it is a part of a structure
     * that is returned. */
    if (is_second_result && !(t.use & (USE_READ | USE_WRITE)) && !t.is_compared)
        t.use |= USE_ADDRESS;
    return t;
}

/* What is done with the result, in rax, of the call before instruction `from`. */
static unsigned follow_result(struct code *c, size_t from)
{
    const unsigned rax = X86_BIT(0);
    unsigned use = 0;
    size_t n = 1, to[2];
    if (from >= c->n)
        return 0;
    if (!start_walk(c, from, rax))
        return USE_RESULT;
    while (n && !(use & USE_RESULT)) {
        size_t i = c->queue[--n];
        const struct x86_insn *o = &c->insns[i];
        enum exit_kind exit = successors(c, i, to);
        bool is_known_callee = o->is_direct && exit_of(c, o) != EXIT_CALLEE;
        bool is_replaced = (o->writes & rax) || (o->flow == X86_CALL && !is_known_callee);
        if (!o->is_known || (o->reads | o->base_mask | o->read_at) & rax || exit == EXIT_PART)
            use |= USE_RESULT;
        if (is_return(o))
            use |= USE_PASS;
        n = add_step(c, n, to[0], is_replaced ? 0 : rax);
        n = add_step(c, n, to[1], is_replaced ? 0 : rax);
    }
    return use;
}

/* A call at the end of a function is a jump: its result is the function's. */
static unsigned use_of_result(struct code *c, size_t i)
{
    enum x86_flow flow = c->insns[i].flow;
    return flow == X86_CALL ? follow_result(c, i + 1) : flow == X86_NEXT ? 0 : USE_PASS;
}

/* The piece that a relocation leads to, or NULL. */
static const struct piece *target_of(const struct code *c, const struct elf_reloc *r,
                                     int64_t offset)
{
    struct object *o = c->x->object;
    uint32_t section;
    if (reloc_names_section(c->x, r, &section))
        return offset < 0 ? NULL : piece_at(c->p, o, section, (uint64_t)offset);
    if (r->symbol < o->elf.first_global)
        return r->symbol ? piece_of_symbol(c->p, o, r->symbol) : NULL;
    const struct global *g = o->globals[r->symbol - o->elf.first_global];
    return g ? piece_of_global(c->p, g) : NULL;
}

/* ---- code after which the program ends ---- */

#define MAX_CALLS 6 /* of functions that end the program in each other */

static bool is_fatal_call(const struct code *c, const struct x86_insn *o, unsigned depth)
{
    if (o->flow != X86_CALL || !o->is_direct)
        return false;
    const struct elf_reloc *r = reloc_at(c, o->imm_at);
    struct object *object = c->x->object;
    if (r && r->symbol >= object->elf.first_global) {
        const struct global *g = object->globals[r->symbol - object->elf.first_global];
        if (g && (!g->object || g->object->out.is_toolchain))
            return name_ends_program(g->name);
    }
    struct piece *to = r ? (struct piece *)target_of(c, r, r->addend + o->imm_len)
                         : piece_at(c->p, object, c->x->section, (uint64_t)o->target);
    return to && never_returns(c->p, to, depth);
}

/* Sets c->alive; leaves it where there is no memory. */
static void find_alive(struct code *c, unsigned depth)
{
    bool is_changed = true;
    unsigned char *alive = calloc(c->n + 1, 1), *is_end = calloc(c->n + 1, 1);
    for (size_t i = 0; alive && is_end && i < c->n; i++)
        is_end[i] = is_fatal_call(c, &c->insns[i], depth);
    while (alive && is_end && is_changed) {
        is_changed = false;
        for (size_t i = c->n; i-- > 0;) {
            size_t to[2];
            if (alive[i] || is_end[i])
                continue;
            alive[i] = is_return(&c->insns[i]) || successors(c, i, to) != EXIT_INSIDE ||
                       to[0] == c->n || (to[0] < c->n && alive[to[0]]) ||
                       (to[1] < c->n && alive[to[1]]);
            is_changed |= alive[i];
        }
    }
    free(is_end);
    c->alive = alive;
}

static void code_release(struct code *c)
{
    free(c->insns);
    free(c->masks);
    free(c->stamps);
    free(c->queue);
    free(c->alive);
}

static bool never_returns(struct program *p, struct piece *x, unsigned depth)
{
    const struct elf_section *s = &x->object->elf.sections[x->section];
    struct code c = {.p = p, .x = x};
    if (x->returns)
        return x->returns == RETURNS_NEVER;
    if (x->kind != PIECE_CODE || x->object->out.is_opaque || !x->object->is_x86 || !s->data ||
        x->end > s->size || depth >= MAX_CALLS)
        return false;
    x->returns = RETURNS_ASKED; /* one that calls itself may return */
    c.text = s->data;
    c.relocs = piece_relocs(x, &c.n_relocs);
    bool is_known = decode(&c) && c.n;
    if (is_known)
        find_alive(&c, depth + 1);
    x->returns = is_known && c.alive && !c.alive[0] ? RETURNS_NEVER : RETURNS_MAYBE;
    code_release(&c);
    return x->returns == RETURNS_NEVER;
}

/* ---- references ---- */

/* Refer to the place that a relocation names, and, if the address may mean something
 * before or behind it, to its neighbours: the start of an object may be the end of the one
 * before, and an address before an object the base of a loop over it. */
static void refer(const struct code *c, const struct elf_reloc *r, int64_t offset, unsigned use,
                  bool before, bool behind)
{
    uint32_t section;
    struct piece *x = c->x;
    piece_refer(c->p, x, r, offset, use);
    if (!(before || behind) || offset < 0 || !reloc_names_section(x, r, &section))
        return;
    struct piece *to = piece_at(c->p, x->object, section, (uint64_t)offset);
    if (!to || to->kind == PIECE_CODE)
        return;
    use |= use ? USE_GUESSED : 0;
    if (before && to->start == (uint64_t)offset && piece_before(to))
        piece_add_ref(c->p, x, piece_before(to), NULL, use);
    if (behind && piece_behind(to))
        piece_add_ref(c->p, x, piece_behind(to), NULL, use);
}

/* The register that the instruction puts an address into, as a mask; 0: none, and
 * *use says what is done with it. */
static unsigned taken_into(const struct x86_insn *o, bool by_immediate, unsigned *use)
{
    unsigned group = o->modrm >> 3 & 7;
    *use = USE_ADDRESS;
    if (o->map != 0 || o->is_vector || (by_immediate && o->has_memory && o->op != 0x81))
        return 0;
    if (!by_immediate)
        return o->op == 0x8d || o->op == 0x8b || o->op == 0x03 ? o->writes | o->changes : 0;
    if (o->op == 0x3d || (o->op == 0x81 && group == 7)) {
        *use = 0;
        return 0;
    }
    bool is_taken = o->op >> 3 == 0x17 || o->op == 0xc7 || o->op == 0x05 ||
                    (o->op == 0x81 && !o->has_memory && (group == 0 || group == 5));
    return is_taken ? o->writes | o->changes : 0;
}

static bool is_got(uint32_t type)
{
    return type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX ||
           type == R_X86_64_REX_GOTPCRELX || type == R_X86_64_GOTTPOFF;
}

/* Does an instruction with that relocation get the address itself, or its distance from
 * something? */
static bool is_address(uint32_t type)
{
    static const unsigned char types[] = {R_X86_64_64,      R_X86_64_32,       R_X86_64_32S,
                                          R_X86_64_PC32,    R_X86_64_PLT32,    R_X86_64_TPOFF32,
                                          R_X86_64_TPOFF64, R_X86_64_DTPOFF32, R_X86_64_DTPOFF64,
                                          R_X86_64_GOTOFF64};
    for (size_t i = 0; i < sizeof types; i++)
        if (types[i] == type)
            return true;
    return is_got(type);
}

static void refer_by_address(struct code *c, size_t i, const struct elf_reloc *r, int64_t offset,
                             bool by_immediate)
{
    const struct x86_insn *o = &c->insns[i];
    unsigned use;
    unsigned mask = taken_into(o, by_immediate, &use);
    if (!is_address(r->type)) { /* a place in a table, say, that holds the address */
        mask = 0;
        use = USE_ADDRESS;
    }
    struct trail t = {.use = use, .is_varied = use != 0};
    if (mask)
        t = follow(c, i + 1, mask);
    const struct piece *to = target_of(c, r, offset);
    bool is_start = !to || to->start == (uint64_t)offset;
    if (to && to->kind == PIECE_CODE) /* of functions, others want to know */
        t.use |= USE_ADDRESS;
    bool is_sum = by_immediate ? false : !o->is_rip && o->base_mask; /* lea of an indexed place */
    bool is_varied = t.is_varied || is_sum || (t.use & (USE_ADDRESS | USE_RETURN));
    refer(c, r, offset, t.use, is_varied, is_sum || (is_varied && !is_start));
}

/* The displacement of a memory operand. */
static void refer_by_memory(struct code *c, size_t i, const struct elf_reloc *r)
{
    const struct x86_insn *o = &c->insns[i];
    bool is_lea = o->map == 0 && o->op == 0x8d && !o->is_vector;
    unsigned use = (o->memory & X86_READ ? USE_READ : 0) | (o->memory & X86_WRITE ? USE_WRITE : 0);
    int64_t offset = r->addend;
    if (is_got(r->type)) {
        if (o->flow == X86_CALL || o->flow == X86_JUMP)
            piece_refer(c->p, c->x, r, 0, USE_CALL | use_of_result(c, i));
        else
            refer_by_address(c, i, r, 0, false);
        return;
    }
    if (o->is_rip && (r->type == R_X86_64_PC32 || r->type == R_X86_64_PLT32 ||
                      r->type == R_X86_64_GOTPC32_TLSDESC))
        offset += (int64_t)(o->at + o->len - o->disp_at);
    else if (r->type != R_X86_64_32 && r->type != R_X86_64_32S && r->type != R_X86_64_TPOFF32 &&
             r->type != R_X86_64_DTPOFF32)
        use |= USE_ADDRESS;
    if (is_lea)
        refer_by_address(c, i, r, offset, false);
    else
        refer(c, r, offset, use, !o->is_rip && o->base_mask, !o->is_rip && o->base_mask);
}

/* Refer to another place of the same section, or only to a piece that starts there. */
static void refer_within(struct code *c, int64_t at, bool is_start, unsigned use)
{
    const struct piece *x = c->x;
    if (at < 0 || (uint64_t)at >= x->object->elf.sections[x->section].size ||
        (at >= (int64_t)x->start && at < (int64_t)x->end))
        return;
    struct piece *to = piece_at(c->p, x->object, x->section, (uint64_t)at);
    if (to && (!is_start || to->start == (uint64_t)at))
        piece_add_ref(c->p, c->x, to, NULL, use);
}

static unsigned effects_of_insn(const struct x86_insn *o, const unsigned char *text)
{
    unsigned group = o->modrm >> 3 & 7;
    bool is_register = o->modrm >> 6 == 3;
    if (o->is_vector)
        return 0;
    if (o->map == 0)
        return o->op == 0xcd && text[o->imm_at] == 0x80 ? 1u << EFFECT_PROCESS : 0;
    if (o->map != 1)
        return 0;
    if (o->op == 0x31 || (o->op == 0x01 && o->modrm == 0xf9) || o->op == 0x33)
        return 1u << EFFECT_TIME;
    if (o->op == 0xc7 && is_register && (group == 6 || group == 7))
        return 1u << EFFECT_RANDOM;
    if (o->op == 0x05)
        return 1u << EFFECT_PROCESS;
    return o->op == 0xae && group == 2 && !is_register ? 1u << EFFECT_FENV_WRITE : 0;
}

static void find_insn_refs(struct code *c, size_t i)
{
    const struct x86_insn *o = &c->insns[i];
    const struct elf_reloc *disp = reloc_at(c, o->disp_at), *imm = reloc_at(c, o->imm_at);
    c->x->effects |= effects_of_insn(o, c->text);
    unsigned call = c->alive && !c->alive[i] ? USE_DOOMED : USE_CALL | use_of_result(c, i);
    if (o->is_direct && imm)
        piece_refer(c->p, c->x, imm, imm->addend + o->imm_len, call);
    else if (o->is_direct)
        refer_within(c, o->target, false, call);
    else if (imm)
        refer_by_address(c, i, imm, imm->addend, true);
    if (disp)
        refer_by_memory(c, i, disp);
    else if (o->is_rip)
        refer_within(c, (int64_t)(o->at + o->len) + o->disp, false, USE_ADDRESS);
}

/* ---- code that isn't understood ---- */

static void find_any_refs(struct code *c)
{
    struct piece *x = c->x;
    for (size_t i = 0; i < c->n_relocs; i++) {
        const struct elf_reloc *r = &c->relocs[i];
        bool is_relative = r->type == R_X86_64_PC32 || r->type == R_X86_64_PLT32;
        refer(c, r, r->addend + (is_relative ? 4 : 0), USE_CALL | USE_ADDRESS, true, true);
    }
    for (uint64_t at = x->start; at < x->end; at++) {
        const unsigned char *t = c->text + at;
        bool is_short = *t == 0xeb || *t >> 4 == 7;
        bool is_jump = (at > x->start && (t[-1] == 0xe8 || t[-1] == 0xe9)) ||
                       (at > x->start + 1 && t[-2] == 0x0f && t[-1] >> 4 == 8);
        int32_t distance;
        if (x->end - at >= 4 && !reloc_at(c, at)) {
            memcpy(&distance, t, sizeof distance);
            refer_within(c, (int64_t)at + 4 + distance, !is_jump, USE_CALL | USE_ADDRESS);
        }
        if (is_short && at + 1 < x->end)
            refer_within(c, (int64_t)at + 2 + (int8_t)t[1], true, USE_CALL);
    }
}

void piece_refs_x86(struct program *p, struct piece *x)
{
    const struct elf_section *s = &x->object->elf.sections[x->section];
    struct code c = {.p = p, .x = x, .text = s->data};
    if (!s->data || x->end > s->size)
        return;
    c.relocs = piece_relocs(x, &c.n_relocs);
    bool is_decoded = decode(&c);
    if (is_decoded) {
        find_alive(&c, 0);
        for (size_t i = 0; i < c.n; i++)
            find_insn_refs(&c, i);
    } else {
        find_any_refs(&c);
    }
    /* Code that doesn't say where it ends may run on into what follows. */
    bool runs_on = !is_decoded ||
                   (c.n && c.insns[c.n - 1].flow != X86_END && c.insns[c.n - 1].flow != X86_JUMP);
    if (!x->has_size && runs_on && piece_behind(x))
        piece_add_ref(p, x, piece_behind(x), NULL, USE_CALL);
    code_release(&c);
}
