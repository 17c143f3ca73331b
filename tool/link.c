/* link.c - see link.h. */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "ccargs.h"
#include "objfile.h"

/* Symbols of the runtime that programs and libraries may share. */
static const char *const abi_prefixes[] = {"memo_abi_", "memo_ck_"};
#define N_ABI_PREFIXES (sizeof abi_prefixes / sizeof *abi_prefixes)
#ifndef MEMOCC_LIBDIR
#define MEMOCC_LIBDIR "lib"
#endif

static bool holds(struct arena *a, const char *dir, const char *name)
{
    return fs_is_file(arena_printf(a, "%s/%s", dir, name));
}

void runtime_find(struct runtime *r, struct arena *a)
{
    static const char *const libs[] = {"lib", MEMOCC_LIBDIR, "lib64"};
    const char *self = fs_self(a);
    const char *bin = arena_strndup(a, self, fs_dir_len(self) - 1);
    const char *root = arena_strndup(a, bin, fs_dir_len(bin) ? fs_dir_len(bin) - 1 : 0);
    *r = (struct runtime){0};
    for (size_t i = 0; i < sizeof libs / sizeof *libs && !r->lib_dir; i++) {
        const char *dir = arena_printf(a, "%s/%s", root, libs[i]);
        if (holds(a, dir, "libmemocc.a"))
            r->lib_dir = dir;
    }
    const char *include = arena_printf(a, "%s/include", root);
    if (holds(a, include, "memo.h"))
        r->include_dir = include;
}

/* An input that isn't there fails the link; what we'd add would only change the
 * messages. */
static bool has_missing_input(const struct ccargs *cmd)
{
    for (size_t i = 0; i < cmd->n; i++)
        if (cmd->items[i].role == CC_INPUT && cmd->items[i].lang == CC_LANG_NONE &&
            access(cmd->items[i].value, F_OK) != 0)
            return true;
    return false;
}

bool link_happens(const struct ccargs *cmd)
{
    return cmd->mode == CC_MODE_LINK && !cmd->is_info && !cmd->is_incomplete && !cmd->has_header &&
           !cmd->no_libraries && !has_missing_input(cmd);
}

/* The archive that -lname means, of those in folders given by -L. */
static const char *find_archive(const struct ccargs *cmd, struct arena *a, const char *name)
{
    for (size_t i = 0; i < cmd->n; i++) {
        if (cmd->items[i].role != CC_DIR_LIBRARY)
            continue;
        const char *path = name[0] == ':'
                               ? arena_printf(a, "%s/%s", cmd->items[i].value, name + 1)
                               : arena_printf(a, "%s/lib%s.a", cmd->items[i].value, name);
        if (fs_is_file(path))
            return path;
    }
    return NULL;
}

static bool file_needs(const char *path)
{
    for (size_t i = 0; path && i < N_ABI_PREFIXES; i++)
        if (objfile_needs(path, abi_prefixes[i]))
            return true;
    return false;
}

/* What `memocc -S` made. */
static bool is_assembled(const char *path)
{
    struct strbuf text = STRBUF_INIT;
    size_t n = strlen(path);
    bool is_ours = n > 2 && (!strcmp(path + n - 2, ".s") || !strcmp(path + n - 2, ".S")) &&
                   fs_is_file(path) && fs_read(path, &text) &&
                   (strstr(text.buf, abi_prefixes[0]) || strstr(text.buf, abi_prefixes[1]));
    strbuf_release(&text);
    return is_ours;
}

bool link_needs_runtime(const struct ccargs *cmd, struct arena *a)
{
    for (size_t i = 0; i < cmd->n; i++) {
        const struct cc_item *item = &cmd->items[i];
        if (item->role == CC_INPUT && item->lang == CC_LANG_NONE && file_needs(item->value))
            return true;
        if (item->role == CC_INPUT && item->lang == CC_LANG_OTHER && is_assembled(item->value))
            return true;
        if (item->role == CC_LIBRARY && file_needs(find_archive(cmd, a, item->value)))
            return true;
        if (item->role == CC_WL) {
            for (const char *p = item->value; *p;) {
                size_t n = strcspn(p, ",");
                if (*p != '-' && file_needs(arena_strndup(a, p, n)))
                    return true;
                p += n + (p[n] != '\0');
            }
        }
    }
    return false;
}

/* The lines of link.flags: libraries behind libmemocc.a. */
static void read_flags(const struct runtime *r, struct arena *a, struct word_list *out)
{
    struct strbuf text = STRBUF_INIT;
    const char *path = arena_printf(a, "%s/memocc/link.flags", r->lib_dir);
    if (!fs_read(path, &text))
        strbuf_adds(&text, "-llmdb\n-pthread\n");
    for (char *p = text.buf; *p;) {
        size_t n = strcspn(p, "\n");
        if (n)
            word_list_add(out, a, arena_strndup(a, p, n));
        p += n + (p[n] != '\0');
    }
    strbuf_release(&text);
}

/* gold's output changes with an as-needed library even if that stays out. */
static bool is_gold(const struct ccargs *cmd)
{
    for (size_t i = 0; i < cmd->n; i++)
        if (!strcmp(cmd->items[i].words[0], "-fuse-ld=gold"))
            return true;
    return false;
}

/* Libraries come as-needed, so that a program without annotations doesn't get
 * to depend on them; other flags only matter with the runtime. */
static void add_libraries(const struct ccargs *cmd, const struct runtime *r, bool needs,
                          const char *openmp, struct arena *a, struct word_list *out)
{
    struct word_list flags = {0};
    bool with_shared = needs || !is_gold(cmd);
    read_flags(r, a, &flags);
    word_list_add(out, a, arena_printf(a, "%s/libmemocc.a", r->lib_dir));
    word_list_add(out, a, "-Wl,--push-state,--as-needed");
    if (openmp)
        word_list_add(out, a, openmp);
    for (size_t i = 0; i < flags.n; i++) {
        const char *flag = flags.words[i];
        if (!strcmp(flag, "-pthread")) /* which would define a macro in what is compiled */
            flag = "-lpthread";
        if (needs || flag[0] != '-' || (with_shared && flag[1] == 'l'))
            word_list_add(out, a, flag);
    }
    word_list_add(out, a, "-Wl,--pop-state");
}

static void add_shared(const struct runtime *r, const char *openmp, struct arena *a,
                       struct word_list *out)
{
    const char *so = arena_printf(a, "%s/libmemocc.so", r->lib_dir);
    if (!fs_is_file(so))
        fatal("'%s' is missing; a shared library with annotations needs it", so);
    word_list_add(out, a, "-Wl,--push-state,--as-needed");
    word_list_add(out, a, so);
    if (openmp)
        word_list_add(out, a, openmp);
    word_list_add(out, a, "-Wl,--pop-state");
    word_list_add(out, a, "-Xlinker");
    word_list_add(out, a, "-rpath");
    word_list_add(out, a, "-Xlinker");
    word_list_add(out, a, r->lib_dir);
    /* The runtime keeps pointers to its functions' descriptions. */
    word_list_add(out, a, "-Wl,-z,nodelete");
}

/* Annotated libraries that a program opens later find the runtime in it. A
 * dynamic list is what all linkers know, and it takes patterns. */
static void add_exports(struct arena *a, struct word_list *out)
{
    const char *path = arena_printf(a, "%s/exports", fs_temp_dir(a));
    static const char list[] =
        "{ memo_abi_*; memo_ck_*; memo_clear; memo_last; memo_release; memo_flush; };\n";
    if (!fs_write(path, list, sizeof list - 1))
        fatal("cannot write '%s': %s", path, strerror(errno));
    word_list_add(out, a, "-Xlinker");
    word_list_add(out, a, arena_printf(a, "--dynamic-list=%s", path));
}

void link_add(const struct ccargs *cmd, const struct runtime *r, bool needs, const char *openmp,
              struct arena *a, struct word_list *out)
{
    if (!link_happens(cmd) || (cmd->is_shared && !needs))
        return;
    if (!r->lib_dir) {
        if (needs)
            fatal("cannot find the runtime, libmemocc.a, beside '%s'", fs_self(a));
        return;
    }
    if (cmd->x) {
        word_list_add(out, a, "-x");
        word_list_add(out, a, "none");
    }
    if (cmd->is_shared) {
        add_shared(r, openmp, a, out);
        return;
    }
    add_libraries(cmd, r, needs, openmp, a, out);
    if (needs && !cmd->is_static)
        add_exports(a, out);
}

void link_print(const struct runtime *r, const char *openmp, struct arena *a)
{
    struct word_list flags = {0};
    if (!r->lib_dir)
        fatal("cannot find the runtime, libmemocc.a, beside '%s'", fs_self(a));
    read_flags(r, a, &flags);
    printf("%s/libmemocc.a", r->lib_dir);
    if (openmp)
        printf(" -Wl,--push-state,--as-needed %s -Wl,--pop-state", openmp);
    for (size_t i = 0; i < flags.n; i++)
        printf(" %s", flags.words[i]);
    putchar('\n');
}
