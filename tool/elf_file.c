/* elf_file.c - see elf_file.h. */
#include "elf_file.h"

#include <ar.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"

#define THIN_MAGIC "!<thin>\n"
#define MAX_SECTIONS (1u << 24)

static bool inside(struct elf_bytes b, uint64_t offset, uint64_t n)
{
    return offset <= b.len && n <= b.len - offset;
}

bool elf_map(const char *path, struct elf_bytes *out)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    void *map = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0
                    ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                    : MAP_FAILED;
    close(fd);
    if (map == MAP_FAILED)
        return false;
    *out = (struct elf_bytes){map, (size_t)st.st_size};
    return true;
}

void elf_unmap(struct elf_bytes b)
{
    if (b.data)
        munmap((void *)(uintptr_t)b.data, b.len);
}

static bool begins(struct elf_bytes b, const void *magic, size_t n)
{
    return b.len >= n && !memcmp(b.data, magic, n);
}

enum elf_kind elf_kind_of(struct elf_bytes b)
{
    if (begins(b, ELFMAG, SELFMAG) && b.len >= sizeof(Elf32_Ehdr)) {
        uint16_t type;
        memcpy(&type, b.data + EI_NIDENT, sizeof type);
        return type == ET_REL ? ELF_OBJECT : type == ET_DYN ? ELF_SHARED : ELF_UNKNOWN;
    }
    if (begins(b, ARMAG, SARMAG))
        return ELF_ARCHIVE;
    if (begins(b, THIN_MAGIC, SARMAG))
        return ELF_THIN_ARCHIVE;
    if (begins(b, "BC\xc0\xde", 4) || begins(b, "\xde\xc0\x17\x0b", 4))
        return ELF_BITCODE;
    return b.len && !memchr(b.data, '\0', b.len < 1000 ? b.len : 1000) ? ELF_SCRIPT : ELF_UNKNOWN;
}

/* ---- sections ---- */

struct raw_section {
    uint32_t name, type, link, info;
    uint64_t flags, offset, size, entry_size;
};

#define TAKE_SECTION(h)                                                                            \
    (struct raw_section)                                                                           \
    {                                                                                              \
        (h).sh_name, (h).sh_type, (h).sh_link, (h).sh_info, (h).sh_flags, (h).sh_offset,           \
            (h).sh_size, (h).sh_entsize                                                            \
    }

static bool get_section(struct elf_bytes b, bool is_64, uint64_t table, uint64_t i,
                        struct raw_section *out)
{
    uint64_t size = is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
    if (table > b.len || !inside(b, table + i * size, size))
        return false;
    if (is_64) {
        Elf64_Shdr h;
        memcpy(&h, b.data + table + i * size, sizeof h);
        *out = TAKE_SECTION(h);
    } else {
        Elf32_Shdr h;
        memcpy(&h, b.data + table + i * size, sizeof h);
        *out = TAKE_SECTION(h);
    }
    return true;
}

/* A string in a section of strings; "" for what isn't one. */
static const char *get_string(const struct elf_section *s, uint64_t at)
{
    return s->data && at < s->size && s->data[s->size - 1] == '\0' ? (const char *)s->data + at
                                                                   : "";
}

static bool read_header(struct elf *e, struct elf_bytes b, uint64_t *table, uint32_t *n,
                        uint32_t *names)
{
    if (!begins(b, ELFMAG, SELFMAG) || b.len < sizeof(Elf32_Ehdr) ||
        b.data[EI_DATA] != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB))
        return false;
    e->is_64 = b.data[EI_CLASS] == ELFCLASS64;
    if (e->is_64) {
        Elf64_Ehdr h;
        if (b.len < sizeof h)
            return false;
        memcpy(&h, b.data, sizeof h);
        *table = h.e_shoff, *n = h.e_shnum, *names = h.e_shstrndx;
        e->type = h.e_type, e->machine = h.e_machine;
    } else {
        Elf32_Ehdr h;
        memcpy(&h, b.data, sizeof h);
        *table = h.e_shoff, *n = h.e_shnum, *names = h.e_shstrndx;
        e->type = h.e_type, e->machine = h.e_machine;
    }
    return true;
}

static void find_symbols(struct elf *e)
{
    uint64_t size = e->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
    uint32_t wanted = e->type == ET_REL ? SHT_SYMTAB : SHT_DYNSYM;
    for (uint32_t i = 1; i < e->n_sections; i++) {
        const struct elf_section *s = &e->sections[i];
        if (s->type == wanted && s->data && !e->symbols) {
            e->symbols = i;
            e->strings = s->link < e->n_sections ? s->link : 0;
            e->n_symbols = s->size / size < UINT32_MAX ? (uint32_t)(s->size / size) : 0;
            e->first_global = s->info < e->n_symbols ? s->info : e->n_symbols;
        }
    }
    for (uint32_t i = 1; i < e->n_sections; i++)
        if (e->sections[i].type == SHT_SYMTAB_SHNDX && e->sections[i].link == e->symbols &&
            e->sections[i].data)
            e->indices = i;
}

bool elf_read(struct elf *e, struct arena *a, struct elf_bytes b)
{
    uint64_t table;
    uint32_t n, names;
    struct raw_section raw;
    *e = (struct elf){0};
    if (!read_header(e, b, &table, &n, &names) || (e->type != ET_REL && e->type != ET_DYN) ||
        !get_section(b, e->is_64, table, 0, &raw))
        return false;
    if (n == 0 && raw.size < MAX_SECTIONS) /* more than fit: ELF keeps the numbers in section 0 */
        n = (uint32_t)raw.size;
    if (names == SHN_XINDEX)
        names = raw.link;
    if (n == 0 || !get_section(b, e->is_64, table, n - 1, &raw))
        return false;
    e->n_sections = n;
    e->sections = arena_alloc(a, n * sizeof *e->sections);
    uint32_t *name_at = arena_alloc(a, n * sizeof *name_at);
    uint64_t total = 0;
    for (uint32_t i = 0; i < n; i++) {
        get_section(b, e->is_64, table, i, &raw);
        bool has_data = i > 0 && raw.type != SHT_NOBITS && raw.type != SHT_NULL;
        name_at[i] = raw.name;
        e->sections[i] = (struct elf_section){
            .name = "",
            .type = raw.type,
            .link = raw.link,
            .info = raw.info,
            .flags = raw.flags,
            .size = raw.size,
            .entry_size = raw.entry_size,
            .data = has_data && inside(b, raw.offset, raw.size) ? b.data + raw.offset : NULL,
        };
        if (has_data && !e->sections[i].data)
            return false;
        total += has_data ? raw.size : 0;
        if (e->type == ET_REL && total > b.len) /* sections of objects don't overlap */
            return false;
    }
    if (names < n)
        for (uint32_t i = 0; i < n; i++)
            e->sections[i].name = get_string(&e->sections[names], name_at[i]);
    find_symbols(e);
    return true;
}

const struct elf_section *elf_find(const struct elf *e, const char *name)
{
    for (uint32_t i = 1; i < e->n_sections; i++)
        if (!strcmp(e->sections[i].name, name))
            return &e->sections[i];
    return NULL;
}

/* ---- symbols, relocations ---- */

struct elf_symbol elf_symbol(const struct elf *e, uint32_t i)
{
    struct elf_symbol s;
    const unsigned char *table = e->sections[e->symbols].data;
    uint32_t name, section;
    unsigned char info, other;
    if (e->is_64) {
        Elf64_Sym y;
        memcpy(&y, table + (size_t)i * sizeof y, sizeof y);
        name = y.st_name, section = y.st_shndx, info = y.st_info, other = y.st_other;
        s.value = y.st_value, s.size = y.st_size;
    } else {
        Elf32_Sym y;
        memcpy(&y, table + (size_t)i * sizeof y, sizeof y);
        name = y.st_name, section = y.st_shndx, info = y.st_info, other = y.st_other;
        s.value = y.st_value, s.size = y.st_size;
    }
    if (section == SHN_XINDEX) {
        const struct elf_section *x = &e->sections[e->indices];
        section = ELF_IN_NOTHING;
        if (e->indices && ((uint64_t)i + 1) * sizeof section <= x->size)
            memcpy(&section, x->data + (size_t)i * sizeof section, sizeof section);
    } else if (section == SHN_COMMON || (e->machine == EM_X86_64 && section == 0xff02)) {
        section = ELF_IN_COMMON; /* 0xff02: SHN_X86_64_LCOMMON */
    }
    if (section != ELF_IN_COMMON && section >= e->n_sections)
        section = ELF_IN_NOTHING;
    s.bind = info >> 4, s.type = info & 15, s.visibility = other & 3;
    s.section = section;
    s.name = s.type == STT_SECTION ? "" : get_string(&e->sections[e->strings], name);
    return s;
}

static size_t reloc_size(const struct elf *e, const struct elf_section *s)
{
    if (s->type == SHT_RELA)
        return e->is_64 ? sizeof(Elf64_Rela) : sizeof(Elf32_Rela);
    return e->is_64 ? sizeof(Elf64_Rel) : sizeof(Elf32_Rel);
}

size_t elf_n_relocs(const struct elf *e, uint32_t section)
{
    const struct elf_section *s = &e->sections[section];
    bool holds = (s->type == SHT_RELA || s->type == SHT_REL) && s->data;
    return holds ? s->size / reloc_size(e, s) : 0;
}

struct elf_reloc elf_reloc(const struct elf *e, uint32_t section, size_t i)
{
    const struct elf_section *s = &e->sections[section];
    const unsigned char *at = s->data + i * reloc_size(e, s);
    struct elf_reloc r = {.has_addend = s->type == SHT_RELA};
    if (e->is_64) {
        Elf64_Rela x = {0};
        memcpy(&x, at, reloc_size(e, s));
        r.offset = x.r_offset, r.addend = x.r_addend;
        r.type = (uint32_t)ELF64_R_TYPE(x.r_info), r.symbol = (uint32_t)ELF64_R_SYM(x.r_info);
    } else {
        Elf32_Rela x = {0};
        memcpy(&x, at, reloc_size(e, s));
        r.offset = x.r_offset, r.addend = x.r_addend;
        r.type = ELF32_R_TYPE(x.r_info), r.symbol = ELF32_R_SYM(x.r_info);
    }
    if (r.symbol >= e->n_symbols)
        r.symbol = 0;
    return r;
}

/* The string of the dynamic entry number *at or a later one that has the tag; NULL: none.
 * *at is set behind it. */
static const char *dynamic_string(const struct elf *e, int64_t wanted, uint64_t *at)
{
    for (uint32_t i = 1; i < e->n_sections; i++) {
        const struct elf_section *s = &e->sections[i];
        uint64_t size = e->is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
        if (s->type != SHT_DYNAMIC || !s->data || s->link >= e->n_sections)
            continue;
        for (; *at < s->size / size; ++*at) {
            int64_t tag;
            uint64_t value;
            if (e->is_64) {
                Elf64_Dyn d;
                memcpy(&d, s->data + *at * size, sizeof d);
                tag = d.d_tag, value = d.d_un.d_val;
            } else {
                Elf32_Dyn d;
                memcpy(&d, s->data + *at * size, sizeof d);
                tag = d.d_tag, value = d.d_un.d_val;
            }
            if (tag == wanted) {
                ++*at;
                return get_string(&e->sections[s->link], value);
            }
        }
        break;
    }
    return NULL;
}

const char *elf_soname(const struct elf *e)
{
    uint64_t at = 0;
    return dynamic_string(e, DT_SONAME, &at);
}

const char *elf_needed(const struct elf *e, uint64_t *at)
{
    return dynamic_string(e, DT_NEEDED, at);
}

/* ---- archives ---- */

void elf_archive_open(struct elf_archive *ar, const char *path, struct elf_bytes b)
{
    *ar = (struct elf_archive){.bytes = b, .path = path, .at = SARMAG};
    ar->is_thin = elf_kind_of(b) == ELF_THIN_ARCHIVE;
}

/* The name in a header: "/123" leads into the table of names; "#1/12" (BSD's) stands
 * before the content. */
static const char *member_name(const struct elf_archive *ar, struct arena *a, const char *name,
                               struct elf_bytes *content)
{
    size_t n = 16;
    if (!memcmp(name, "#1/", 3)) {
        n = strtoul(name + 3, NULL, 10);
        n = n < content->len ? n : content->len;
        name = (const char *)content->data;
        content->data += n, content->len -= n;
        return arena_strndup(a, name, strnlen(name, n));
    }
    if (name[0] == '/') {
        size_t at = strtoul(name + 1, NULL, 10);
        if (at >= ar->names.len)
            return "";
        name = (const char *)ar->names.data + at;
        n = ar->names.len - at;
        const char *end = memchr(name, '\n', n);
        n = end ? (size_t)(end - name) : n;
    }
    while (n && (name[n - 1] == '/' || name[n - 1] == ' '))
        n--;
    return arena_strndup(a, name, n);
}

bool elf_archive_next(struct elf_archive *ar, struct arena *a, struct elf_member *out)
{
    while (inside(ar->bytes, ar->at, sizeof(struct ar_hdr))) {
        struct ar_hdr h;
        char size_text[sizeof h.ar_size + 1] = {0}, name[sizeof h.ar_name + 1] = {0};
        memcpy(&h, ar->bytes.data + ar->at, sizeof h);
        memcpy(size_text, h.ar_size, sizeof h.ar_size);
        memcpy(name, h.ar_name, sizeof h.ar_name);
        size_t size = strtoul(size_text, NULL, 10), at = ar->at + sizeof h;
        bool is_table =
            name[0] == '/' && (name[1] == ' ' || name[1] == '/' || !memcmp(name, "/SYM64/", 7));
        bool is_inside = !ar->is_thin || is_table;
        if (is_inside && !inside(ar->bytes, at, size))
            return false;
        struct elf_bytes content = {ar->bytes.data + at, is_inside ? size : 0};
        ar->at = is_inside ? at + size + (size & 1) : at;
        if (name[0] == '/' && name[1] == '/')
            ar->names = content;
        if (is_table)
            continue;
        *out = (struct elf_member){member_name(ar, a, name, &content), content, false};
        if (ar->is_thin) {
            const char *path = out->name;
            if (path[0] != '/')
                path = arena_printf(a, "%.*s%s", (int)fs_dir_len(ar->path), ar->path, path);
            out->is_mapped = elf_map(path, &out->bytes);
            if (!out->is_mapped)
                out->bytes = (struct elf_bytes){NULL, 0};
        }
        return true;
    }
    return false;
}

/* ---- linker scripts ---- */

struct script {
    const char *p, *end;
    struct elf_script_input *items;
    size_t n, cap;
};

/* The next word, or one of ( ) , ; {}; empty at the end. */
static size_t next_word(struct script *s, const char **word)
{
    for (;;) {
        while (s->p < s->end && isspace((unsigned char)*s->p))
            s->p++;
        if (s->end - s->p < 2 || s->p[0] != '/' || s->p[1] != '*')
            break;
        const char *close = memmem(s->p + 2, (size_t)(s->end - s->p) - 2, "*/", 2);
        s->p = close ? close + 2 : s->end;
    }
    *word = s->p;
    if (s->p == s->end)
        return 0;
    if (*s->p == '"') {
        const char *close = memchr(s->p + 1, '"', (size_t)(s->end - s->p) - 1);
        *word = s->p + 1;
        s->p = close ? close + 1 : s->end;
        return (size_t)((close ? close : s->end) - *word);
    }
    if (strchr("(),;{}", *s->p))
        return (size_t)(++s->p - *word);
    while (s->p < s->end && !isspace((unsigned char)*s->p) && *s->p && !strchr("(),;{}\"", *s->p))
        s->p++;
    if (s->p == *word)
        s->p++; /* a NUL */
    return (size_t)(s->p - *word);
}

static bool is_word(const char *word, size_t n, const char *text)
{
    return n == strlen(text) && !memcmp(word, text, n);
}

size_t elf_script(struct arena *a, struct elf_bytes b, struct elf_script_input **out)
{
    struct script s = {.p = (const char *)b.data, .end = (const char *)b.data + b.len};
    const char *word;
    size_t n, depth = 0, listed_at = 0, as_needed_at = 0;
    bool is_list = false, is_as_needed = false; /* the word before says what '(' opens */
    while ((n = next_word(&s, &word)) > 0) {
        if (is_word(word, n, "(")) {
            depth++;
            if (is_list && !listed_at)
                listed_at = depth;
            else if (is_as_needed && listed_at && !as_needed_at)
                as_needed_at = depth;
        } else if (is_word(word, n, ")")) {
            if (depth == listed_at)
                listed_at = 0;
            if (depth == as_needed_at)
                as_needed_at = 0;
            depth -= depth > 0;
        }
        is_list = is_word(word, n, "GROUP") || is_word(word, n, "INPUT");
        is_as_needed = is_word(word, n, "AS_NEEDED");
        if (listed_at && !is_as_needed && !strchr("(),;{}", *word))
            ARENA_PUSH(a, s.items, s.n, s.cap) =
                (struct elf_script_input){arena_strndup(a, word, n), as_needed_at != 0};
    }
    *out = s.items;
    return s.n;
}
