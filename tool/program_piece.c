/* program_piece.c - sections cut into pieces. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "program_private.h"

/* ---- names ---- */

const char *name_strip(struct arena *a, const char *name)
{
    static const char *const suffixes[] = {".cold",       ".part.",     ".isra.",
                                           ".constprop.", ".lto_priv.", ".llvm."};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const char *at = strstr(name + (*name != '\0'), suffixes[i]);
        if (at && (size_t)(at - name) < n)
            n = (size_t)(at - name);
    }
    return name[n] ? arena_strndup(a, name, n) : name;
}

static bool begins_with_one_of(const char *name, const char *const *prefixes)
{
    for (; *prefixes; prefixes++)
        if (!strncmp(name, *prefixes, strlen(*prefixes)))
            return true;
    return false;
}

bool name_is_ours(const char *name, const struct object *o)
{
    static const char *const prefixes[] = {"memo_l_",  "memo_gen_", "memo_cc_", "memo_cf_",
                                           "memo_cg_", "memo_cn_",  "memo_cq_", "memo_cs_",
                                           "memo_ct_", "memo_cx_",  NULL};
    return !strncmp(name, "memo_abi_", 9) || !strncmp(name, "memo_ck_", 8) ||
           (o && o->out.units && begins_with_one_of(name, prefixes));
}

bool name_is_runtime(const char *name)
{
    static const char *const names[] = {"memo_clear", "memo_flush",   "memo_get_or_compute",
                                        "memo_last",  "memo_release", NULL};
    for (size_t i = 0; names[i]; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* Arithmetic that the processor doesn't have, of libgcc and compiler-rt: its names end
 * with a mode and mostly a number (__udivti3, __fixdfti). */
static bool is_arithmetic(const char *name)
{
    static const char *const modes[] = {"si", "di", "ti", "hf", "bf", "sf", "df", "xf",
                                        "tf", "sc", "dc", "xc", "tc", "sd", "dd", "td"};
    static const char *const prefixes[] = {
        "__add",    "__sub",  "__mul",   "__div",   "__mod",  "__udiv",  "__umod", "__neg",
        "__ashl",   "__ashr", "__lshr",  "__cmp",   "__ucmp", "__clz",   "__ctz",  "__ffs",
        "__parity", "__pop",  "__bswap", "__clrsb", "__fix",  "__float", "__ext",  "__trunc",
        "__powi",   "__eq",   "__ne",    "__lt",    "__le",   "__gt",    "__ge",   "__unord",
        "__abs",    "__bid_", "__dpd_",  NULL};
    size_t n = strlen(name);
    n -= n && name[n - 1] >= '2' && name[n - 1] <= '4';
    for (size_t i = 0; n > 4 && i < sizeof modes / sizeof *modes; i++)
        if (!memcmp(name + n - 2, modes[i], 2))
            return begins_with_one_of(name, prefixes);
    return false;
}

bool name_is_helper(const char *name)
{
    static const char *const prefixes[] = {
        "__asan_",   "__ubsan_",  "__tsan_", "__msan_",    "__sanitizer_",
        "__sancov_", "__hwasan_", "__lsan_", "__gcov_",    "__llvm_",
        "GOMP_",     "GOACC_",    "__kmpc_", "_Unwind_",   "__cyg_",
        "__cpu_",    "__atomic_", "__sync_", "__aarch64_", "__gcc_personality_",
        "__x86_",    NULL};
    static const char *const names[] = {"mcount",
                                        "_mcount",
                                        "__fentry__",
                                        "__stack_chk_fail_local",
                                        "__morestack",
                                        "__clear_cache",
                                        "__tls_get_addr",
                                        "__emutls_get_address",
                                        "_GLOBAL_OFFSET_TABLE_",
                                        NULL};
    for (size_t i = 0; names[i]; i++)
        if (!strcmp(name, names[i]))
            return true;
    return begins_with_one_of(name, prefixes) || is_arithmetic(name);
}

bool name_ends_program(const char *name)
{
    static const char *const names[] = {"exit",
                                        "_exit",
                                        "_Exit",
                                        "quick_exit",
                                        "abort",
                                        "__assert_fail",
                                        "__assert_perror_fail",
                                        "__assert",
                                        "longjmp",
                                        "_longjmp",
                                        "siglongjmp",
                                        "__longjmp_chk",
                                        "pthread_exit",
                                        "__stack_chk_fail",
                                        "__chk_fail",
                                        "__fortify_fail",
                                        "err",
                                        "errx",
                                        "verr",
                                        "verrx",
                                        "thrd_exit"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

bool name_is_report(const char *name)
{
    static const char *const prefixes[] = {"__ubsan_handle_", "__asan_report_", "__tsan_read",
                                           "__tsan_write", NULL};
    return begins_with_one_of(name, prefixes);
}

bool name_is_harmless_data(const char *name)
{
    static const char *const names[] = {"stdin",
                                        "stdout",
                                        "stderr",
                                        "_IO_2_1_stdin_",
                                        "_IO_2_1_stdout_",
                                        "_IO_2_1_stderr_",
                                        "__stack_chk_guard",
                                        "__dso_handle",
                                        "_GLOBAL_OFFSET_TABLE_",
                                        "_DYNAMIC",
                                        "__ehdr_start",
                                        "__executable_start",
                                        "__TMC_END__",
                                        "errno",
                                        "__libc_errno",
                                        "_TLS_MODULE_BASE_",
                                        "__gnu_lto_slim",
                                        "__cpu_model",
                                        NULL};
    static const char *const prefixes[] = {"__gcov",
                                           "__llvm_",
                                           "__prof",
                                           "__covrec",
                                           "__asan",
                                           "__ubsan",
                                           "__tsan",
                                           "__msan",
                                           "__sancov",
                                           "__odr_asan",
                                           ".gomp_critical_user_",
                                           NULL};
    for (size_t i = 0; names[i]; i++)
        if (!strcmp(name, names[i]))
            return true;
    return begins_with_one_of(name, prefixes);
}

/* ---- pieces ---- */

struct label {
    uint32_t section;
    uint64_t start, size;
    struct elf_symbol symbol;
};

static int by_place(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    if (x->section != y->section)
        return x->section < y->section ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return strcmp(x->symbol.name, y->symbol.name);
}

/* Loaded, and more than information about what is. */
static bool is_loaded(const struct elf_section *s)
{
    static const char *const others[] = {".eh_frame",  "asan_globals", "__llvm_prf", "__sancov_",
                                         "__llvm_cov", "__patchable_", ".stapsdt",   NULL};
    return (s->flags & SHF_ALLOC) && s->size && s->type != SHT_NOTE &&
           (s->data || s->type == SHT_NOBITS) && !begins_with_one_of(s->name, others);
}

static enum piece_kind kind_of(const struct elf_section *s)
{
    static const char *const constants[] = {
        ".data.rel.ro", ".init_array", ".fini_array", ".preinit_array", ".ctors",
        ".dtors",       ".got",        ".toc",        ".opd",           NULL};
    if (s->flags & SHF_EXECINSTR)
        return PIECE_CODE;
    bool is_constant = !(s->flags & SHF_WRITE) ||
                       (!(s->flags & SHF_TLS) && begins_with_one_of(s->name, constants));
    return is_constant ? PIECE_CONSTANT : PIECE_STATE;
}

/* What a label says where it isn't a function's or an object's: the assembler's own,
 * and marks between code and data. */
static bool is_mark(const struct elf_symbol *s)
{
    return s->type == STT_NOTYPE && s->bind == STB_LOCAL &&
           (!strncmp(s->name, ".L", 2) || s->name[0] == '$' || !*s->name);
}

static unsigned rank(const struct elf_symbol *s)
{
    return (s->type != STT_NOTYPE ? 4 : 0) + (s->bind == STB_LOCAL  ? 0
                                              : s->bind == STB_WEAK ? 1
                                                                    : 2);
}

static size_t find_labels(struct program *p, struct object *o, struct label **out)
{
    struct elf *e = &o->elf;
    struct label *labels = arena_alloc(p->arena, (e->n_symbols + 1) * sizeof *labels);
    size_t n = 0;
    for (uint32_t i = 1; i < e->n_symbols; i++) {
        struct elf_symbol s = elf_symbol(e, i);
        if (s.section == ELF_IN_COMMON && i >= e->first_global) {
            struct piece *x = o->commons[i - e->first_global] = ARENA_NEW(p->arena, struct piece);
            *x = (struct piece){.object = o, .name = s.name, .section = s.section};
            x->end = s.size;
            x->kind = PIECE_STATE;
            x->is_exported = s.bind != STB_LOCAL && s.visibility == STV_DEFAULT;
        }
        if (s.section == ELF_IN_NONE || s.section >= e->n_sections || s.type == STT_SECTION ||
            s.type == STT_FILE || is_mark(&s) || !is_loaded(&e->sections[s.section]) ||
            s.value >= e->sections[s.section].size)
            continue;
        labels[n++] = (struct label){s.section, s.value, s.size, s};
    }
    qsort(labels, n, sizeof *labels, by_place);
    *out = labels;
    return n;
}

static void name_piece(struct piece *x, const struct label *l, unsigned *best)
{
    if (x->start == l->start && (!*x->name || rank(&l->symbol) > *best)) {
        x->name = l->symbol.name;
        *best = rank(&l->symbol);
    }
    x->is_joined |= x->start != l->start;
    x->has_local |= l->symbol.bind == STB_LOCAL;
    x->has_size |= l->size != 0;
    x->is_exported |= l->symbol.bind != STB_LOCAL && l->symbol.visibility != STV_HIDDEN &&
                      l->symbol.visibility != STV_INTERNAL;
}

/* Cut one section along its labels: n of them, sorted. */
static void split_section(struct program *p, struct object *o, uint32_t section,
                          const struct label *labels, size_t n)
{
    const struct elf_section *s = &o->elf.sections[section];
    struct pieces *all = &o->pieces[section];
    unsigned best = 0;
    uint64_t at = 0; /* where the pieces so far end */
    all->items = arena_alloc(p->arena, (2 * n + 1) * sizeof *all->items);
    for (size_t i = 0; i <= n; i++) {
        uint64_t start = i < n ? labels[i].start : s->size, end = start;
        if (start > at)
            all->items[all->n++] = (struct piece){.start = at, .end = start, .name = ""};
        if (i == n)
            break;
        if (labels[i].size) {
            end = labels[i].size < s->size - start ? start + labels[i].size : s->size;
        } else {
            size_t k = i + 1;
            while (k < n && labels[k].start == start)
                k++;
            end = k < n ? labels[k].start : s->size;
        }
        if (start >= at || !all->n) {
            all->items[all->n++] = (struct piece){.start = start, .name = ""};
            best = 0;
        }
        struct piece *x = &all->items[all->n - 1]; /* overlaps are one piece */
        x->end = x->end > end ? x->end : end;
        name_piece(x, &labels[i], &best);
        at = x->end;
    }
    for (size_t i = 0; i < all->n; i++) {
        struct piece *x = &all->items[i];
        x->object = o;
        x->section = section;
        x->kind = kind_of(s);
        if (x->kind == PIECE_CODE && strstr(x->name, ".cold"))
            ARENA_PUSH(p->arena, o->colds, o->n_colds, o->cap_colds) = x;
    }
}

static int by_offset(const void *a, const void *b)
{
    const struct elf_reloc *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void read_relocs(struct program *p, struct object *o)
{
    struct elf *e = &o->elf;
    size_t *n = o->n_relocs = arena_alloc(p->arena, e->n_sections * sizeof *n);
    o->relocs = arena_alloc(p->arena, e->n_sections * sizeof(struct elf_reloc *));
    for (uint32_t i = 1; i < e->n_sections; i++) {
        uint32_t to = e->sections[i].info;
        size_t more = elf_n_relocs(e, i);
        if (!more || to >= e->n_sections || !o->pieces[to].n)
            continue;
        o->relocs[to] = arena_grow(p->arena, o->relocs[to], n[to] * sizeof(struct elf_reloc),
                                   (n[to] + more) * sizeof(struct elf_reloc));
        bool is_sorted = n[to] == 0;
        for (size_t k = 0; k < more; k++) {
            struct elf_reloc *r = &o->relocs[to][n[to]++];
            *r = elf_reloc(e, i, k);
            is_sorted &= k == 0 || r[-1].offset <= r->offset;
        }
        if (!is_sorted)
            qsort(o->relocs[to], n[to], sizeof(struct elf_reloc), by_offset);
    }
}

void object_split(struct program *p, struct object *o)
{
    struct elf *e = &o->elf;
    struct label *labels;
    if (o->pieces)
        return;
    o->pieces = arena_alloc(p->arena, (e->n_sections + 1) * sizeof *o->pieces);
    o->commons = arena_alloc(p->arena, (e->n_symbols - e->first_global + 1) * sizeof *o->commons);
    if (o->out.is_opaque) {
        o->opaque = ARENA_NEW(p->arena, struct piece);
        *o->opaque = (struct piece){.object = o, .name = "", .has_refs = true};
        return;
    }
    size_t n = find_labels(p, o, &labels);
    for (uint32_t i = 1; i < e->n_sections; i++) {
        size_t k = 0;
        while (k < n && labels[k].section == i)
            k++;
        if (is_loaded(&e->sections[i]))
            split_section(p, o, i, labels, k);
        labels += k;
        n -= k;
    }
    read_relocs(p, o);
}

struct piece *piece_at(struct program *p, struct object *o, uint32_t section, uint64_t offset)
{
    object_split(p, o);
    if (o->out.is_opaque || section >= o->elf.n_sections || !o->pieces[section].n)
        return NULL;
    struct piece *items = o->pieces[section].items;
    size_t low = 0, high = o->pieces[section].n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].start <= offset)
            low = middle;
        else
            high = middle;
    }
    return &items[low];
}

struct piece *piece_before(const struct piece *x)
{
    if (x->section >= x->object->elf.n_sections)
        return NULL;
    const struct pieces *all = &x->object->pieces[x->section];
    return x > all->items ? all->items + (x - all->items) - 1 : NULL;
}

struct piece *piece_behind(const struct piece *x)
{
    if (x->section >= x->object->elf.n_sections)
        return NULL;
    const struct pieces *all = &x->object->pieces[x->section];
    return x + 1 < all->items + all->n ? all->items + (x - all->items) + 1 : NULL;
}

struct piece *piece_of_symbol(struct program *p, struct object *o, uint32_t index)
{
    object_split(p, o);
    struct elf_symbol s = elf_symbol(&o->elf, index);
    if (s.section == ELF_IN_COMMON)
        return index >= o->elf.first_global ? o->commons[index - o->elf.first_global] : NULL;
    if (s.section == ELF_IN_NONE || s.section >= o->elf.n_sections)
        return NULL;
    return piece_at(p, o, s.section, s.value);
}

struct piece *piece_of_global(struct program *p, const struct global *g)
{
    if (!g->object)
        return NULL;
    object_split(p, g->object);
    return g->object->out.is_opaque ? g->object->opaque : piece_of_symbol(p, g->object, g->index);
}

const struct section_function *piece_listed(struct program *p, struct piece *x)
{
    if (!x->is_listed_known && x->object->out.units && *x->name)
        x->listed = section_find(x->object->out.units, name_strip(p->arena, x->name));
    x->is_listed_known = true;
    return x->listed;
}
