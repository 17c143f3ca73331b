/* objfile.c - see objfile.h. Every offset is checked against the file's size: objects
 * come from anywhere. Only files of this machine's byte order are understood. */
#include "objfile.h"

#include <ar.h>
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"

struct bytes {
    const unsigned char *data;
    size_t len;
};

static bool inside(struct bytes b, uint64_t offset, uint64_t n)
{
    return offset <= b.len && n <= b.len - offset;
}

/* One section header, of either class. */
struct section {
    uint32_t name, type, link;
    uint64_t offset, size, entry_size;
};

static bool get_section(struct bytes b, bool is_64, uint64_t table, unsigned i, struct section *out)
{
    uint64_t at = table + (uint64_t)i * (is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
    if (is_64) {
        Elf64_Shdr h;
        if (!inside(b, at, sizeof h))
            return false;
        memcpy(&h, b.data + at, sizeof h);
        *out =
            (struct section){h.sh_name, h.sh_type, h.sh_link, h.sh_offset, h.sh_size, h.sh_entsize};
    } else {
        Elf32_Shdr h;
        if (!inside(b, at, sizeof h))
            return false;
        memcpy(&h, b.data + at, sizeof h);
        *out =
            (struct section){h.sh_name, h.sh_type, h.sh_link, h.sh_offset, h.sh_size, h.sh_entsize};
    }
    return inside(b, out->offset, out->type == SHT_NOBITS ? 0 : out->size);
}

/* Is there an undefined symbol with that prefix in the symbol table `symbols`? */
static bool table_needs(struct bytes b, bool is_64, const struct section *symbols,
                        const struct section *strings, const char *prefix)
{
    size_t size = is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym), n = strlen(prefix);
    for (uint64_t at = 0; at + size <= symbols->size; at += size) {
        uint32_t name;
        uint16_t index;
        if (is_64) {
            Elf64_Sym s;
            memcpy(&s, b.data + symbols->offset + at, sizeof s);
            name = s.st_name;
            index = s.st_shndx;
        } else {
            Elf32_Sym s;
            memcpy(&s, b.data + symbols->offset + at, sizeof s);
            name = s.st_name;
            index = s.st_shndx;
        }
        if (index == SHN_UNDEF && name <= strings->size && n <= strings->size - name &&
            !memcmp(b.data + strings->offset + name, prefix, n))
            return true;
    }
    return false;
}

static bool elf_object_needs(struct bytes b, const char *prefix)
{
    bool is_64 = b.data[EI_CLASS] == ELFCLASS64;
    Elf64_Ehdr h64;
    Elf32_Ehdr h32;
    uint64_t table;
    unsigned n, type, names_index;
    if (b.data[EI_DATA] != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB))
        return false;
    if (is_64) {
        if (b.len < sizeof h64)
            return false;
        memcpy(&h64, b.data, sizeof h64);
        table = h64.e_shoff, n = h64.e_shnum, type = h64.e_type, names_index = h64.e_shstrndx;
    } else {
        if (b.len < sizeof h32)
            return false;
        memcpy(&h32, b.data, sizeof h32);
        table = h32.e_shoff, n = h32.e_shnum, type = h32.e_type, names_index = h32.e_shstrndx;
    }
    if (type != ET_REL)
        return false;
    struct section first, names, s, strings;
    if (!get_section(b, is_64, table, 0, &first))
        return false;
    if (n == 0 && first.size < 1u << 24) /* more than fit: ELF keeps the numbers in section 0 */
        n = (unsigned)first.size;
    if (names_index == SHN_XINDEX)
        names_index = first.link;
    if (!get_section(b, is_64, table, names_index, &names))
        return false;
    for (unsigned i = 1; i < n; i++) {
        if (!get_section(b, is_64, table, i, &s))
            return false;
        if (s.type == SHT_SYMTAB && get_section(b, is_64, table, s.link, &strings) &&
            table_needs(b, is_64, &s, &strings, prefix))
            return true;
        if (names.size > 9 && s.name < names.size - 9 &&
            !memcmp(b.data + names.offset + s.name, ".gnu.lto_", 9) && s.type != SHT_NOBITS &&
            memmem(b.data + s.offset, s.size, prefix, strlen(prefix)))
            return true;
    }
    return false;
}

static bool object_needs(struct bytes b, const char *prefix)
{
    static const unsigned char bitcode[] = {'B', 'C', 0xc0, 0xde},
                               wrapped[] = {0xde, 0xc0, 0x17, 0x0b};
    if (b.len < EI_NIDENT)
        return false;
    if (!memcmp(b.data, ELFMAG, SELFMAG))
        return elf_object_needs(b, prefix);
    if (!memcmp(b.data, bitcode, 4) || !memcmp(b.data, wrapped, 4))
        return memmem(b.data, b.len, prefix, strlen(prefix)) != NULL;
    return false;
}

/* Members of a thin archive are files beside it. */
static bool thin_member_needs(const char *archive, struct bytes names, const char *name,
                              const char *prefix)
{
    char path[4096], file[1024];
    size_t n;
    if (name[0] == '/') {
        size_t at = strtoul(name + 1, NULL, 10);
        if (at >= names.len)
            return false;
        const char *p = (const char *)names.data + at;
        const char *end = memchr(p, '\n', names.len - at);
        n = end ? (size_t)(end - p) : names.len - at;
        name = p;
    } else {
        n = strnlen(name, 16);
    }
    while (n && (name[n - 1] == '/' || name[n - 1] == ' '))
        n--;
    if (!n || n >= sizeof file)
        return false;
    memcpy(file, name, n);
    file[n] = '\0';
    int len = snprintf(path, sizeof path, "%.*s%s", file[0] == '/' ? 0 : (int)fs_dir_len(archive),
                       archive, file);
    return len > 0 && (size_t)len < sizeof path && objfile_needs(path, prefix);
}

static bool archive_needs(struct bytes b, const char *path, bool is_thin, const char *prefix)
{
    struct bytes names = {NULL, 0};
    for (size_t at = SARMAG; inside(b, at, sizeof(struct ar_hdr));) {
        struct ar_hdr h;
        char size_text[sizeof h.ar_size + 1] = {0};
        memcpy(&h, b.data + at, sizeof h);
        memcpy(size_text, h.ar_size, sizeof h.ar_size);
        size_t size = strtoul(size_text, NULL, 10);
        at += sizeof h;
        bool is_table = h.ar_name[0] == '/' && (h.ar_name[1] == ' ' || h.ar_name[1] == '/' ||
                                                !memcmp(h.ar_name, "/SYM64/", 7));
        if ((!is_thin || is_table) && !inside(b, at, size))
            return false;
        if (h.ar_name[0] == '/' && h.ar_name[1] == '/')
            names = (struct bytes){b.data + at, size};
        else if (!is_table && is_thin && thin_member_needs(path, names, h.ar_name, prefix))
            return true;
        else if (!is_table && !is_thin && object_needs((struct bytes){b.data + at, size}, prefix))
            return true;
        if (!is_thin || is_table)
            at += size + (size & 1);
    }
    return false;
}

bool objfile_needs(const char *path, const char *prefix)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    void *map = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > SARMAG
                    ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                    : MAP_FAILED;
    close(fd);
    if (map == MAP_FAILED)
        return false;
    struct bytes b = {map, (size_t)st.st_size};
    bool needs;
    if (!memcmp(b.data, ARMAG, SARMAG))
        needs = archive_needs(b, path, false, prefix);
    else if (!memcmp(b.data, "!<thin>\n", SARMAG))
        needs = archive_needs(b, path, true, prefix);
    else
        needs = object_needs(b, prefix);
    munmap(map, b.len);
    return needs;
}
