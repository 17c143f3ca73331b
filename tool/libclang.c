/* libclang.c - see libclang.h. Libraries are looked for where distributions put
 * them: the directories of LLVM, the multiarch folder, and the loader's own
 * search path; the newest version wins. */
#include "libclang.h"

#include <ctype.h>
#include <dlfcn.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/panic.h"

struct libclang lc;

enum { OLDEST = 14 };

static const char *const patterns[] = {
    "/usr/lib/llvm-*/lib/libclang-*.so*", "/usr/lib/llvm-*/lib/libclang.so*",
    "/usr/lib/*/libclang-*.so*",          "/usr/lib*/libclang.so*",
    "/usr/local/lib/libclang.so*",
};

/* Version out of ".../llvm-19/..." or "libclang-19..." or "libclang.so.19". */
static int version_of_path(const char *path)
{
    static const char *const marks[] = {"/llvm-", "/libclang-", "/libclang.so."};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *p = strstr(path, marks[i]);
        if (p && isdigit((unsigned char)p[strlen(marks[i])]))
            return atoi(p + strlen(marks[i]));
    }
    return 0;
}

static bool load_functions(void *handle)
{
#define LIBCLANG(name)                                                                             \
    *(void **)&lc.name = dlsym(handle, "clang_" #name);                                            \
    if (!lc.name)                                                                                  \
        return false;
#include "libclang.def"
#undef LIBCLANG
    *(void **)&lc.getCursorBinaryOperatorKind = dlsym(handle, "clang_getCursorBinaryOperatorKind");
    *(void **)&lc.getCursorUnaryOperatorKind = dlsym(handle, "clang_getCursorUnaryOperatorKind");
    return true;
}

static bool open_library(const char *path)
{
    void *handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (!handle)
        return false;
    if (!load_functions(handle)) {
        dlclose(handle);
        return false;
    }
    CXString s = lc.getClangVersion();
    const char *text = lc.getCString(s), *p = text ? strstr(text, "version ") : NULL;
    int version = p ? atoi(p + strlen("version ")) : 0;
    lc.disposeString(s);
    if (version < OLDEST) {
        dlclose(handle);
        return false;
    }
    lc.version = version;
    lc.path = strdup(path);
    return true;
}

struct candidate {
    int version;
    char *path;
};

static int newest_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->version != y->version ? y->version - x->version : strcmp(x->path, y->path);
}

/* Try what is installed; only version `only` unless that is 0. */
static bool open_installed(int only)
{
    struct candidate found[256];
    size_t n = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        glob_t g;
        if (glob(patterns[i], 0, NULL, &g) != 0)
            continue;
        for (size_t j = 0; j < g.gl_pathc && n < 256; j++) {
            const char *base = strrchr(g.gl_pathv[j], '/') + 1;
            if (strncmp(base, "libclang-cpp", 12) != 0)
                found[n++] =
                    (struct candidate){version_of_path(g.gl_pathv[j]), strdup(g.gl_pathv[j])};
        }
        globfree(&g);
    }
    qsort(found, n, sizeof *found, newest_first);
    bool ok = false;
    for (size_t i = 0; i < n; i++) {
        ok = ok || ((only == 0 || found[i].version == only) && open_library(found[i].path));
        free(found[i].path);
    }
    return ok;
}

void libclang_load(const char *wish)
{
    if (lc.path)
        return;
    if (wish && strchr(wish, '/')) {
        if (!open_library(wish))
            fatal("cannot load libclang from '%s' (version %d or newer is needed)", wish, OLDEST);
        return;
    }
    int only = wish ? atoi(wish) : 0;
    if (wish && only < OLDEST)
        fatal("libclang '%s': a version from %d on, or a path, is needed", wish, OLDEST);
    if (open_installed(only) || (only == 0 && open_library("libclang.so.1")))
        return;
    if (only)
        fatal("libclang %d is not installed (Debian, Ubuntu: package libclang-%d-dev)", only, only);
    fatal("libclang is not installed; annotated sources need it, version %d or newer "
          "(Debian, Ubuntu: package libclang-dev)",
          OLDEST);
}
