/* program.c - reading the inputs of a link, and finding definitions as the linker does:
 * the first one wins, a weak one gives way, archives give the members that somebody
 * needs, libraries come after objects. */
#include "program.h"

#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "libcalls.h"
#include "program_private.h"

#define MAX_DEPTH 4    /* of scripts that name each other */
#define MAX_SCRIPTS 64 /* altogether */

/* A definition that is stronger replaces one that is weaker. */
enum strength { STRENGTH_NONE, STRENGTH_WEAK, STRENGTH_COMMON, STRENGTH_STRONG };

struct member {
    struct object object;
    bool is_taken;
    struct member *next;
};

struct archive {
    struct member *members;
    struct archive *next;
};

/* ---- names ---- */

static size_t hash(const char *s)
{
    size_t h = 5381;
    for (; *s; s++)
        h = h * 33 ^ (unsigned char)*s;
    return h ^ h >> 15;
}

static struct global **slot_of(struct global **slots, size_t n_slots, const char *name)
{
    size_t i = hash(name) & (n_slots - 1);
    while (slots[i] && strcmp(slots[i]->name, name))
        i = (i + 1) & (n_slots - 1);
    return &slots[i];
}

const char *program_renamed(const struct program *p, const char *name)
{
    for (const struct program_rename *r = p->renames; r && r->from; r++)
        if (!strcmp(r->from, name))
            return r->to;
    return name;
}

struct global *program_global(const struct program *p, const char *name)
{
    return *slot_of(p->slots, p->n_slots, name);
}

/* The name must live as long as the program. */
static struct global *intern(struct program *p, const char *name)
{
    if (p->n_globals * 2 >= p->n_slots) {
        size_t n = p->n_slots * 2;
        struct global **slots = arena_alloc(p->arena, n * sizeof(struct global *));
        for (size_t i = 0; i < p->n_slots; i++)
            if (p->slots[i])
                *slot_of(slots, n, p->slots[i]->name) = p->slots[i];
        p->slots = slots;
        p->n_slots = n;
    }
    struct global **slot = slot_of(p->slots, p->n_slots, name);
    if (!*slot) {
        *slot = ARENA_NEW(p->arena, struct global);
        (*slot)->name = name;
        p->n_globals++;
    }
    return *slot;
}

/* ---- objects ---- */

static void define(struct global *g, struct object *o, uint32_t index, enum strength strength)
{
    if (strength <= g->strength)
        return;
    g->object = o;
    g->index = index;
    g->strength = (unsigned char)strength;
}

static enum strength strength_of(const struct elf_symbol *s)
{
    if (s->section == ELF_IN_NONE)
        return STRENGTH_NONE;
    if (s->section == ELF_IN_COMMON)
        return STRENGTH_COMMON;
    return s->bind == STB_WEAK ? STRENGTH_WEAK : STRENGTH_STRONG;
}

/* gcc's list of the symbols in an object of LTO: name, group, a byte that says whether
 * it's defined (0 1 4: yes, weakly, common; 2 3: no, weakly), and 13 others. */
static const char *next_lto_symbol(const struct elf_section *s, size_t *at, unsigned *kind)
{
    const char *text = (const char *)s->data;
    const char *end = memchr(text + *at, '\0', s->size - *at);
    const char *group = end ? end + 1 : NULL;
    end = group ? memchr(group, '\0', s->size - (size_t)(group - text)) : NULL;
    if (!end || s->size - (size_t)(end - text) < 15)
        return NULL;
    const char *name = text + *at;
    *kind = (unsigned char)end[1];
    *at = (size_t)(end - text) + 15;
    return name;
}

static const struct elf_section *lto_symbols(const struct elf *e)
{
    for (uint32_t i = 1; i < e->n_sections; i++)
        if (!strncmp(e->sections[i].name, ".gnu.lto_.symtab", 16) && e->sections[i].data)
            return &e->sections[i];
    return NULL;
}

static void add_lto_symbols(struct program *p, struct object *o)
{
    static const enum strength strengths[5] = {STRENGTH_STRONG, STRENGTH_WEAK, STRENGTH_NONE,
                                               STRENGTH_NONE, STRENGTH_COMMON};
    const struct elf_section *s = lto_symbols(&o->elf);
    const char *name;
    size_t at = 0;
    unsigned kind;
    while (s && at < s->size && (name = next_lto_symbol(s, &at, &kind))) {
        bool is_defined = kind < 5 && strengths[kind];
        struct global *g = intern(p, is_defined ? name : program_renamed(p, name));
        if (is_defined)
            define(g, o, 0, strengths[kind]);
        g->is_needed |= kind == 2;
    }
}

/* Code that is there only in the form of an intermediate language, or that has
 * relocations of a kind that isn't known. */
static bool is_opaque(const struct elf *e)
{
    bool has_lto = false, has_code = false;
    for (uint32_t i = 1; i < e->n_sections; i++) {
        const struct elf_section *s = &e->sections[i];
        has_lto |= !strncmp(s->name, ".gnu.lto_", 9);
        has_code |= (s->flags & SHF_ALLOC) && s->size && s->type != SHT_NOTE;
        if (s->type == 0x40000014) /* SHT_CREL */
            return true;
    }
    return has_lto && !has_code;
}

/* What has to be known of an object before it is decided whether it takes part. */
static bool read_object(struct program *p, struct object *o, const char *path, const char *name,
                        struct elf_bytes b, bool is_toolchain)
{
    *o = (struct object){.bytes = b};
    o->out = (struct program_object){.path = path, .name = name, .is_toolchain = is_toolchain};
    if (elf_kind_of(b) == ELF_BITCODE) {
        o->out.is_opaque = true;
        return true;
    }
    if (!elf_read(&o->elf, p->arena, b) || o->elf.type != ET_REL)
        return false;
    o->out.is_opaque = is_opaque(&o->elf);
    return true;
}

static void add_symbols(struct program *p, struct object *o)
{
    struct elf *e = &o->elf;
    o->globals = arena_alloc(p->arena, (e->n_symbols - e->first_global + 1) * sizeof *o->globals);
    for (uint32_t i = e->first_global; i < e->n_symbols; i++) {
        struct elf_symbol s = elf_symbol(e, i);
        if (s.bind == STB_LOCAL || !*s.name)
            continue;
        bool is_defined = s.section != ELF_IN_NONE;
        struct global *g = intern(p, is_defined ? s.name : program_renamed(p, s.name));
        o->globals[i - e->first_global] = g;
        define(g, o, i, strength_of(&s));
        g->is_needed |= s.section == ELF_IN_NONE && s.bind != STB_WEAK;
        if (s.section == ELF_IN_NONE &&
            (!strncmp(s.name, "__ubsan_", 8) || !strncmp(s.name, "__asan_", 7)))
            o->is_sanitized = true;
    }
    if (o->out.is_opaque)
        add_lto_symbols(p, o);
}

static void add_object(struct program *p, struct object *o)
{
    const struct elf_section *s = elf_find(&o->elf, SECTION_NAME);
    o->index = p->n_objects;
    o->is_x86 = o->elf.machine == EM_X86_64;
    if (s && s->data)
        o->out.units = section_read(p->arena, (const char *)s->data, s->size);
    p->has_opaque |= o->out.is_opaque;
    o->out.has_hidden_calls =
        o->out.is_opaque && (memmem(o->bytes.data, o->bytes.len, "memo_abi_begin", 14) ||
                             memmem(o->bytes.data, o->bytes.len, "memo_ck_enter", 13));
    ARENA_PUSH(p->arena, p->objects, p->n_objects, p->cap_objects) = o;
    add_symbols(p, o);
}

bool program_is_mentioned(const struct program *p, const char *name)
{
    for (size_t i = 0; p->has_opaque && i < p->n_objects; i++) {
        const struct object *o = p->objects[i];
        if (o->out.is_opaque && memmem(o->bytes.data, o->bytes.len, name, strlen(name)))
            return true;
    }
    return false;
}

/* ---- archives ---- */

static bool is_wanted(const struct program *p, const char *name)
{
    const struct global *g = program_global(p, name);
    return g && !g->library &&
           ((g->is_needed && g->strength == STRENGTH_NONE) || g->strength == STRENGTH_COMMON);
}

/* Does it define something that is needed so far? */
static bool is_member_wanted(const struct program *p, const struct object *o)
{
    const struct elf *e = &o->elf;
    for (uint32_t i = e->first_global; i < e->n_symbols; i++) {
        struct elf_symbol s = elf_symbol(e, i);
        if (s.bind != STB_LOCAL && strength_of(&s) != STRENGTH_NONE && is_wanted(p, s.name)) {
            const struct global *g = program_global(p, s.name);
            if (g->strength == STRENGTH_NONE || strength_of(&s) == STRENGTH_STRONG)
                return true;
        }
    }
    const struct elf_section *s = o->out.is_opaque ? lto_symbols(e) : NULL;
    const char *name;
    size_t at = 0;
    unsigned kind;
    while (s && at < s->size && (name = next_lto_symbol(s, &at, &kind)))
        if ((kind < 2 || kind == 4) && is_wanted(p, name))
            return true;
    return o->out.is_opaque && !e->n_sections; /* bitcode: its symbols aren't known */
}

static bool take_members(struct program *p, struct archive *ar)
{
    bool has_taken = false, again;
    do {
        again = false;
        for (struct member *m = ar->members; m; m = m->next)
            if (!m->is_taken && is_member_wanted(p, &m->object)) {
                m->is_taken = true;
                add_object(p, &m->object);
                again = has_taken = true;
            }
    } while (again);
    return has_taken;
}

static void add_archive(struct program *p, const struct program_input *in, struct elf_bytes b,
                        bool is_nested)
{
    struct elf_archive files;
    struct elf_member file;
    struct archive *ar = ARENA_NEW(p->arena, struct archive);
    struct member **end = &ar->members;
    elf_archive_open(&files, in->path, b);
    while (elf_archive_next(&files, p->arena, &file)) {
        if (!file.bytes.data)
            continue;
        if (file.is_mapped)
            ARENA_PUSH(p->arena, p->files, p->n_files, p->cap_files) = file.bytes;
        enum elf_kind kind = elf_kind_of(file.bytes);
        if (kind == ELF_ARCHIVE || kind == ELF_THIN_ARCHIVE) {
            if (is_nested) /* thin archives name other archives, and no more */
                continue;
            struct program_input nested = *in;
            int folder = file.name[0] == '/' ? 0 : (int)fs_dir_len(in->path);
            nested.path = arena_printf(p->arena, "%.*s%s", folder, in->path, file.name);
            add_archive(p, &nested, file.bytes, true);
            continue;
        }
        struct member *m = ARENA_NEW(p->arena, struct member);
        const char *name = arena_printf(p->arena, "%s(%s)", fs_base(in->path), fs_base(file.name));
        if (!read_object(p, &m->object, in->path, name, file.bytes, in->is_toolchain))
            continue;
        *end = m;
        end = &m->next;
        if (in->is_whole) {
            m->is_taken = true;
            add_object(p, &m->object);
        }
    }
    *p->last_archive = ar;
    p->last_archive = &ar->next;
    take_members(p, ar);
}

/* ---- shared libraries, scripts ---- */

/* Can its content change? Without sections nobody knows. */
static bool is_constant(const struct elf *e, const struct elf_symbol *s)
{
    const struct elf_section *x = s->section < e->n_sections ? &e->sections[s->section] : NULL;
    return x && s->type != STT_TLS &&
           (!(x->flags & SHF_WRITE) || !strncmp(x->name, ".data.rel.ro", 12));
}

static bool is_library_needed(const struct program *p, const struct elf *e)
{
    for (uint32_t i = 1; i < e->n_symbols; i++) {
        struct elf_symbol s = elf_symbol(e, i);
        const struct global *g = s.section != ELF_IN_NONE ? program_global(p, s.name) : NULL;
        if (g && (g->is_needed || g->is_library_need) && !g->object && !g->library)
            return true;
    }
    return false;
}

static void add_library(struct program *p, const struct program_input *in, struct elf_bytes b)
{
    struct elf e;
    if (!elf_read(&e, p->arena, b) || (in->is_as_needed && !is_library_needed(p, &e)))
        return;
    struct library *l = ARENA_NEW(p->arena, struct library);
    const struct elf_section *section = elf_find(&e, SECTION_NAME);
    l->soname = elf_soname(&e);
    if (!l->soname || !*l->soname)
        l->soname = arena_strdup(p->arena, fs_base(in->path));
    l->is_toolchain = in->is_toolchain;
    l->next = p->libraries;
    p->libraries = l;
    if (section && section->data)
        l->units = section_read(p->arena, (const char *)section->data, section->size);
    for (uint32_t i = 1; i < e.n_symbols; i++) {
        struct elf_symbol s = elf_symbol(&e, i);
        if (s.bind == STB_LOCAL || !*s.name)
            continue;
        struct global *g = intern(p, s.name);
        g->in_library = true;
        if (!l->is_toolchain)
            ARENA_PUSH(p->arena, l->names, l->n_names, l->cap_names) = g->name;
        g->is_library_need |= s.section == ELF_IN_NONE && s.bind != STB_WEAK;
        if (s.section == ELF_IN_NONE || g->library)
            continue;
        g->library = l;
        g->is_library_data = s.type == STT_OBJECT || s.type == STT_TLS || s.type == STT_COMMON;
        g->is_library_constant = g->is_library_data && is_constant(&e, &s);
    }
}

static void add_file(struct program *p, const struct program_input *in, unsigned depth);

static void add_script(struct program *p, const struct program_input *in, struct elf_bytes b,
                       unsigned depth)
{
    struct elf_script_input *items;
    bool is_read = depth < MAX_DEPTH && p->n_scripts++ < MAX_SCRIPTS;
    size_t n = is_read ? elf_script(p->arena, b, &items) : 0;
    int folder = (int)fs_dir_len(in->path);
    for (size_t i = 0; i < n; i++) {
        static const char *const suffixes[] = {"so", "a"};
        struct program_input file = *in;
        file.is_as_needed |= items[i].is_as_needed;
        file.path = items[i].name;
        if (!strncmp(file.path, "-l", 2)) {
            for (size_t k = 0; k < 2; k++) {
                file.path = arena_printf(p->arena, "%.*slib%s.%s", folder, in->path,
                                         items[i].name + 2, suffixes[k]);
                if (fs_is_file(file.path))
                    break;
            }
        } else if (file.path[0] != '/' && !fs_is_file(file.path)) {
            file.path = arena_printf(p->arena, "%.*s%s", folder, in->path, file.path);
        }
        add_file(p, &file, depth + 1);
    }
}

static void add_file(struct program *p, const struct program_input *in, unsigned depth)
{
    struct elf_bytes b;
    struct object *o;
    if (!elf_map(in->path, &b))
        return;
    ARENA_PUSH(p->arena, p->files, p->n_files, p->cap_files) = b;
    switch (elf_kind_of(b)) {
    case ELF_OBJECT:
    case ELF_BITCODE:
        o = ARENA_NEW(p->arena, struct object);
        if (read_object(p, o, in->path, arena_strdup(p->arena, fs_base(in->path)), b,
                        in->is_toolchain))
            add_object(p, o);
        break;
    case ELF_ARCHIVE:
    case ELF_THIN_ARCHIVE:
        add_archive(p, in, b, false);
        break;
    case ELF_SHARED:
        add_library(p, in, b);
        break;
    case ELF_SCRIPT:
        add_script(p, in, b, depth);
        break;
    case ELF_UNKNOWN:
        break;
    }
}

struct program *program_load(struct arena *a, const struct program_input *inputs, size_t n)
{
    return program_load_renamed(a, inputs, n, NULL);
}

struct program *program_load_renamed(struct arena *a, const struct program_input *inputs, size_t n,
                                     const struct program_rename *renames)
{
    struct program *p = ARENA_NEW(a, struct program);
    bool again;
    p->arena = a;
    p->renames = renames;
    p->n_slots = 8192;
    p->slots = arena_alloc(a, p->n_slots * sizeof(struct global *));
    p->last_archive = &p->archives;
    for (size_t i = 0; i < n; i++)
        add_file(p, &inputs[i], 0);
    do { /* groups of archives; lld takes all of them for one */
        again = false;
        for (struct archive *ar = p->archives; ar; ar = ar->next)
            again |= take_members(p, ar);
    } while (again);
    const struct global *start = program_global(p, "main");
    p->is_library = !start || !start->object;
    return p;
}

void program_export(struct program *p)
{
    p->is_library = true;
}

void program_release(struct program *p)
{
    for (size_t i = 0; i < p->n_files; i++)
        elf_unmap(p->files[i]);
    p->n_files = 0;
}

/* ---- questions ---- */

size_t program_n_objects(const struct program *p)
{
    return p->n_objects;
}

const struct program_object *program_object_at(const struct program *p, size_t i)
{
    return &p->objects[i]->out;
}

struct program_symbol program_find(struct program *p, const char *symbol)
{
    symbol = program_renamed(p, symbol);
    const struct global *g = program_global(p, symbol);
    struct program_symbol found = {.home = PROGRAM_NOWHERE};
    if (g && g->object) {
        found.home = PROGRAM_OBJECT;
        found.object = &g->object->out;
        found.function = section_find(g->object->out.units, symbol);
        found.is_toolchain = g->object->out.is_toolchain;
    } else if (g && g->library) {
        found.home = PROGRAM_LIBRARY;
        found.library = g->library->soname;
        found.function = section_find(g->library->units, symbol);
        found.is_toolchain = g->library->is_toolchain;
    }
    found.uses_locale =
        found.is_toolchain ? libcall_uses_locale(symbol) : found.home == PROGRAM_LIBRARY;
    return found;
}

size_t program_library_names(const struct program *p, const char *soname, const char ***names)
{
    for (const struct library *l = p->libraries; l; l = l->next)
        if (!strcmp(l->soname, soname)) {
            *names = l->names;
            return l->n_names;
        }
    return 0;
}
