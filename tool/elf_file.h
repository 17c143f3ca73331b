/* elf_file.h - what is in object files, archives and shared libraries, and which files a
 * linker script names.
 *
 * Nothing is believed: every offset, index and string is checked when it is read,
 * since files come from anywhere. Only this machine's byte order is understood;
 * both classes are. Contents are pointed into, so the bytes must live as long as
 * what was read from them. */
#ifndef MEMOCC_ELF_FILE_H
#define MEMOCC_ELF_FILE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct elf_bytes {
    const unsigned char *data;
    size_t len;
};

/* Map a regular file for reading; false if that can't be. */
bool elf_map(const char *path, struct elf_bytes *out);
void elf_unmap(struct elf_bytes b);

enum elf_kind {
    ELF_UNKNOWN,
    ELF_OBJECT,
    ELF_SHARED,
    ELF_ARCHIVE,
    ELF_THIN_ARCHIVE,
    ELF_BITCODE, /* LLVM's */
    ELF_SCRIPT,  /* text: maybe a linker script */
};
enum elf_kind elf_kind_of(struct elf_bytes b);

struct elf_section {
    const char *name;
    uint32_t type, link, info;
    uint64_t flags, size, entry_size;
    const unsigned char *data; /* NULL: none in the file (SHT_NOBITS, or cut off) */
};

struct elf_symbol {
    const char *name; /* of a section symbol: "" */
    unsigned char bind, type, visibility;
    uint32_t section; /* ELF_IN_... or an index below n_sections */
    uint64_t value, size;
};
/* Values of elf_symbol.section that aren't an index. */
#define ELF_IN_NONE 0u             /* undefined */
#define ELF_IN_COMMON 0xfffffff2u  /* value: its alignment */
#define ELF_IN_NOTHING 0xfffffff1u /* absolute, or a section that there isn't */

struct elf_reloc {
    uint64_t offset;
    uint32_t type, symbol; /* symbol: below n_symbols, or 0 */
    int64_t addend;
    bool has_addend; /* false: it stands in the code, in a form that isn't known here */
};

struct elf {
    bool is_64;
    uint16_t type, machine;
    uint32_t n_sections;
    struct elf_section *sections;
    uint32_t n_symbols, first_global;
    uint32_t symbols, strings, indices; /* sections; 0: none */
};

/* Read headers; false: not an object or library that can be understood. The symbols
 * are those of .symtab, in shared libraries of .dynsym. Lives in the arena. */
bool elf_read(struct elf *e, struct arena *a, struct elf_bytes b);

struct elf_symbol elf_symbol(const struct elf *e, uint32_t i); /* i < n_symbols */

/* The relocations in section i, if it holds such; the last one is made 0 where it's cut off. */
size_t elf_n_relocs(const struct elf *e, uint32_t section);
struct elf_reloc elf_reloc(const struct elf *e, uint32_t section, size_t i);

/* The section of that name, or NULL. */
const struct elf_section *elf_find(const struct elf *e, const char *name);

/* DT_SONAME, or NULL. */
const char *elf_soname(const struct elf *e);

/* The next DT_NEEDED, or NULL. *at is 0 for the first. */
const char *elf_needed(const struct elf *e, uint64_t *at);

/* The members of an archive, in order. */
struct elf_archive {
    struct elf_bytes bytes, names;
    const char *path;
    bool is_thin;
    size_t at;
};
struct elf_member {
    const char *name;       /* in the arena */
    struct elf_bytes bytes; /* data is NULL if a thin archive's file can't be read */
    bool is_mapped;         /* a thin archive's: elf_unmap() is for the caller */
};
void elf_archive_open(struct elf_archive *ar, const char *path, struct elf_bytes b);
bool elf_archive_next(struct elf_archive *ar, struct arena *a, struct elf_member *out);

/* A file that a linker script names. */
struct elf_script_input {
    const char *name; /* a path, or "-lname" */
    bool is_as_needed;
};
/* The files in the GROUP and INPUT commands; 0 if it isn't a script. */
size_t elf_script(struct arena *a, struct elf_bytes b, struct elf_script_input **out);

#endif
