/* libraries.c - shared objects by name, and what each needs; see program.h.
 *
 * The dynamic loader is asked twice: for the names and who needs whom, and then,
 * in its own callback, where nothing can be unloaded, for the digests of those
 * that count. */
#include <stdint.h>
#include <string.h>

#include "base/pool.h"
#include "cache/program_private.h"

#define MAX_OBJECTS 1024
#define MAX_NEEDED 16384

struct object {
    const char *name; /* DT_SONAME, or the last part of the path; "" for the executable */
    unsigned first_needed, n_needed;
    bool is_chosen, is_of_program;
};

struct objects {
    struct object items[MAX_OBJECTS];
    unsigned n;
    const char *needed[MAX_NEEDED];
    unsigned n_needed;
    bool are_too_many;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static const ElfW(Dyn) * dynamic_of(const struct dl_phdr_info *info)
{
    unsigned i;

    for (i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            return (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    return NULL;
}

/* glibc has made addresses of the entries, others leave offsets. */
static const char *strings_of(const struct dl_phdr_info *info, const ElfW(Dyn) * dynamic)
{
    for (; dynamic->d_tag != DT_NULL; dynamic++)
        if (dynamic->d_tag == DT_STRTAB)
            return (const char *)(dynamic->d_un.d_ptr < info->dlpi_addr
                                      ? info->dlpi_addr + dynamic->d_un.d_ptr
                                      : dynamic->d_un.d_ptr);
    return NULL;
}

static void read_dynamic(struct objects *all, struct object *o, const struct dl_phdr_info *info)
{
    const ElfW(Dyn) *d = dynamic_of(info);
    const char *strings = d ? strings_of(info, d) : NULL;

    if (!strings)
        return;
    for (; d->d_tag != DT_NULL; d++) {
        if (d->d_tag == DT_SONAME && o->name[0])
            o->name = strings + d->d_un.d_val;
        if (d->d_tag != DT_NEEDED)
            continue;
        if (all->n_needed == MAX_NEEDED) {
            all->are_too_many = true;
            return;
        }
        all->needed[all->n_needed++] = strings + d->d_un.d_val;
        o->n_needed++;
    }
}

static int find_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct objects *all = arg;
    struct object *o;

    (void)size;
    if (all->n == MAX_OBJECTS) {
        all->are_too_many = true;
        return 1;
    }
    o = &all->items[all->n];
    o->name = all->n == 0 ? "" : last_part(info->dlpi_name);
    o->first_needed = all->n_needed;
    o->n_needed = 0;
    o->is_chosen = o->is_of_program = false;
    all->n++;
    if (!memo__is_vdso(info))
        read_dynamic(all, o, info);
    return 0;
}

static struct object *named(struct objects *all, const char *name, size_t len)
{
    unsigned i;

    for (i = 1; i < all->n; i++)
        if (strlen(all->items[i].name) == len && memcmp(all->items[i].name, name, len) == 0)
            return &all->items[i];
    return NULL;
}

/* Marks o and all that it needs; `mark` tells which of the two marks. */
static void mark_needed(struct objects *all, struct object *o, bool is_choice)
{
    bool *mark = is_choice ? &o->is_chosen : &o->is_of_program;
    unsigned i;

    if (*mark)
        return;
    *mark = true;
    for (i = 0; i < o->n_needed; i++) {
        const char *name = all->needed[o->first_needed + i];
        struct object *next = named(all, name, strlen(name));

        if (next)
            mark_needed(all, next, is_choice);
    }
}

struct report {
    struct objects *all;
    unsigned at;
    memo__add_library *add;
    void *arg;
};

static int report_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct report *r = arg;
    unsigned i = r->at++;
    struct digest d;

    (void)size;
    if (i == 0 || memo__is_vdso(info))
        return 0;
    /* One that was loaded in between counts, too. */
    if (i < r->all->n && !r->all->items[i].is_chosen)
        return 0;
    d = memo__digest_of_object(info);
    r->add(r->arg, i < r->all->n ? r->all->items[i].name : last_part(info->dlpi_name), d.bytes);
    return 0;
}

bool memo__libraries_of(const char *name, size_t len, memo__add_library *add, void *arg)
{
    struct objects *all = memo__pool_alloc(sizeof *all);
    struct object *o = NULL;
    struct report r = {all, 0, add, arg};
    struct digest unknown;
    unsigned i;

    if (all) {
        all->n = all->n_needed = 0;
        all->are_too_many = false;
        dl_iterate_phdr(find_object, all);
    }
    if (!all || all->are_too_many) {
        unknown = memo__digest_of_unknown();
        add(arg, "?", unknown.bytes);
        memo__pool_free(all);
        return false;
    }
    mark_needed(all, &all->items[0], false);
    if (name)
        o = named(all, name, len);
    if (o)
        mark_needed(all, o, true);
    for (i = 1; i < all->n; i++)
        if (!name || !all->items[i].is_of_program)
            all->items[i].is_chosen = true;
    dl_iterate_phdr(report_object, &r);
    memo__pool_free(all);
    return o != NULL;
}
