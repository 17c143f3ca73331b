/* link_openmp.c - see link_openmp.h. */
#include "link_openmp.h"

#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "elf_file.h"
#include "objfile.h"

/* What generated code calls where synchronized code begins. */
#define SYNC_PREFIX "memo_abi_sync_"

/* The names under which compilers link one; -l may be put before them. */
static const char *const names[] = {"gomp", "omp", "iomp5"};
#define N_NAMES (sizeof names / sizeof *names)

/* libgomp.so.1 or a path of it: which of `names`; -1: none of them. */
static int which(const char *path)
{
    const char *base = fs_base(path);
    for (size_t i = 0; i < N_NAMES && !strncmp(base, "lib", 3); i++) {
        size_t n = strlen(names[i]);
        if (!strncmp(base + 3, names[i], n) && (base[3 + n] == '.' || base[3 + n] == '-'))
            return (int)i;
    }
    return -1;
}

bool link_has_sync(const struct link_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        if (!inputs->items[i].is_toolchain && objfile_needs(inputs->items[i].path, SYNC_PREFIX))
            return true;
    return false;
}

static const char *among(const struct link_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        if (which(inputs->items[i].path) >= 0)
            return inputs->items[i].path;
    return NULL;
}

/* Which of `names` a shared library needs; -1: none. */
static int needed_by(struct arena *a, const char *path)
{
    struct elf_bytes b;
    struct elf e;
    const char *name;
    uint64_t at = 0;
    int found = -1;
    if (!elf_map(path, &b))
        return -1;
    if (elf_kind_of(b) == ELF_SHARED && elf_read(&e, a, b))
        while (found < 0 && (name = elf_needed(&e, &at)))
            found = which(name);
    elf_unmap(b);
    return found;
}

/* The file that the linker takes if `option` stands behind the words. */
static const char *with(struct arena *a, const struct compiler *compiler,
                        const struct word_list *words, const char *option)
{
    struct link_inputs inputs = {0};
    struct word_list all = {0};
    for (size_t i = 0; i < words->n; i++)
        word_list_add(&all, a, words->words[i]);
    word_list_add(&all, a, option);
    return link_inputs_find(&inputs, a, compiler, &all) ? among(&inputs) : NULL;
}

const char *link_find_openmp(struct arena *a, const struct compiler *compiler,
                             const struct word_list *words, const struct link_inputs *inputs)
{
    const char *path = among(inputs);
    for (size_t i = 0; i < inputs->n && !path; i++) {
        int name = inputs->items[i].is_toolchain ? -1 : needed_by(a, inputs->items[i].path);
        if (name >= 0)
            path = with(a, compiler, words, arena_printf(a, "-l%s", names[name]));
    }
    /* clang links libomp where it was made to, whether it is there or not. */
    if (!path)
        path = with(a, compiler, words, "-fopenmp");
    for (size_t i = 0; i < N_NAMES && !path; i++)
        path = with(a, compiler, words, arena_printf(a, "-l%s", names[i]));
    return path;
}

const char *link_openmp_by_hand(struct arena *a, const struct compiler *compiler)
{
    struct word_list words = {0};
    struct link_inputs none = {0};
    word_list_add(&words, a, "/dev/null"); /* as an object */
    const char *path = link_find_openmp(a, compiler, &words, &none);
    /* A name serves static programs, too, where the compiler finds it by itself. */
    return path && which(path) == 0 ? "-lgomp" : path;
}
