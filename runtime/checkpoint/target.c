/* target.c - see target.h. */
#include "checkpoint/target.h"

#include <link.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAX_POINTERS 65536u /* more of one input aren't looked at */

/* An object of the program: itself, or a library. */
struct module {
    uintptr_t at;          /* looked for */
    const char *name;      /* without folders; "": the program. NULL: `at` isn't in any */
    uintptr_t base;
    uintptr_t begin, end;  /* the segment that `at` is in */
    bool is_constant;
};

static int look(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct module *m = arg;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + h->p_vaddr;

        if (h->p_type != PT_LOAD || m->at < begin || m->at - begin >= h->p_memsz)
            continue;
        const char *slash = strrchr(info->dlpi_name, '/');
        m->name = slash ? slash + 1 : info->dlpi_name;
        m->base = info->dlpi_addr;
        m->begin = begin;
        m->end = begin + h->p_memsz;
        m->is_constant = !(h->p_flags & PF_W);
        return 1;
    }
    return 0;
}

struct reader {
    XXH3_state_t hash;
    struct module module; /* what the pointer before led to; neighbours lead to the same */
    bool is_text;
};

static void add(struct reader *r, const char *p)
{
    enum { IS_NULL, IS_ELSEWHERE, IS_TEXT, IS_STATIC };
    struct module *m = &r->module;
    unsigned char kind = IS_NULL;
    uintptr_t at = (uintptr_t)p;

    if (p && (!m->name || at < m->begin || at >= m->end)) {
        *m = (struct module){.at = at};
        dl_iterate_phdr(look, m);
    }
    if (p)
        kind = !m->name ? IS_ELSEWHERE : r->is_text && m->is_constant ? IS_TEXT : IS_STATIC;
    XXH3_128bits_update(&r->hash, &kind, sizeof kind);
    if (kind == IS_TEXT) {
        XXH3_128bits_update(&r->hash, p, strnlen(p, m->end - at));
    } else if (kind == IS_STATIC) {
        uint64_t offset = at - m->base;

        XXH3_128bits_update(&r->hash, m->name, strlen(m->name));
        XXH3_128bits_update(&r->hash, &offset, sizeof offset);
    }
}

void memo__ck_targets(const struct memo_type *type, const void *object, size_t n_objects,
                      bool is_text, uint64_t hash[2])
{
    struct reader reader = {.is_text = is_text};
    size_t left = MAX_POINTERS;

    XXH3_128bits_reset(&reader.hash);
    for (size_t k = 0; object && k < n_objects; k++) {
        const char *one = (const char *)object + k * type->m_size;

        for (unsigned r = 0; r < type->m_n_runs; r++) {
            const struct memo_run *run = &type->m_runs[r];

            for (size_t i = 0; i < run->m_count && left > 0; i++, left--) {
                const char *p;

                memcpy(&p, one + run->m_offset + i * run->m_stride, sizeof p);
                add(&reader, p);
            }
        }
    }
    XXH128_hash_t all = XXH3_128bits_digest(&reader.hash);
    hash[0] = all.low64;
    hash[1] = all.high64;
}
