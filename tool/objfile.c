/* objfile.c - see objfile.h. */
#include "objfile.h"

#include <string.h>

#include "base/arena.h"
#include "elf_file.h"

#define MAX_DEPTH 2 /* of archives; thin ones may name others */

static bool object_needs(struct arena *a, struct elf_bytes b, const char *prefix)
{
    struct elf e;
    if (!elf_read(&e, a, b) || e.type != ET_REL)
        return false;
    for (uint32_t i = 1; i < e.n_symbols; i++) {
        struct elf_symbol s = elf_symbol(&e, i);
        if (s.section == ELF_IN_NONE && !strncmp(s.name, prefix, strlen(prefix)))
            return true;
    }
    for (uint32_t i = 1; i < e.n_sections; i++) {
        const struct elf_section *s = &e.sections[i];
        if (s->data && !strncmp(s->name, ".gnu.lto_", 9) &&
            memmem(s->data, s->size, prefix, strlen(prefix)))
            return true;
    }
    return false;
}

static bool bytes_need(struct arena *a, const char *path, struct elf_bytes b, const char *prefix,
                       unsigned depth)
{
    struct elf_archive ar;
    struct elf_member m;
    bool needs = false;
    switch (elf_kind_of(b)) {
    case ELF_OBJECT:
        return object_needs(a, b, prefix);
    case ELF_BITCODE:
        return memmem(b.data, b.len, prefix, strlen(prefix)) != NULL;
    case ELF_ARCHIVE:
    case ELF_THIN_ARCHIVE:
        elf_archive_open(&ar, path, b);
        while (!needs && depth < MAX_DEPTH && elf_archive_next(&ar, a, &m)) {
            needs = m.bytes.data && bytes_need(a, m.name, m.bytes, prefix, depth + 1);
            if (m.is_mapped)
                elf_unmap(m.bytes);
        }
        return needs;
    case ELF_SHARED:
    case ELF_SCRIPT:
    case ELF_UNKNOWN:
        break;
    }
    return false;
}

bool objfile_needs(const char *path, const char *prefix)
{
    struct elf_bytes b;
    struct arena a;
    if (!elf_map(path, &b))
        return false;
    arena_init(&a);
    bool needs = bytes_need(&a, path, b, prefix, 0);
    arena_release(&a);
    elf_unmap(b);
    return needs;
}
