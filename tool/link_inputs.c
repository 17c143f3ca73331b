/* link_inputs.c - see link_inputs.h. */
#include "link_inputs.h"

#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/strbuf.h"
#include "base/subprocess.h"

/* Options of linkers whose value is the next word. */
static const char *const with_value[] = {"-o",
                                         "-m",
                                         "-z",
                                         "-T",
                                         "-h",
                                         "-e",
                                         "-u",
                                         "-y",
                                         "-a",
                                         "-A",
                                         "-b",
                                         "-c",
                                         "-f",
                                         "-F",
                                         "-G",
                                         "-I",
                                         "-O",
                                         "-R",
                                         "-Y",
                                         "-dynamic-linker",
                                         "--dynamic-linker",
                                         "-plugin",
                                         "--plugin",
                                         "-plugin-opt",
                                         "--plugin-opt",
                                         "-rpath",
                                         "--rpath",
                                         "-rpath-link",
                                         "--rpath-link",
                                         "-soname",
                                         "--soname",
                                         "-Map",
                                         "--Map",
                                         "-defsym",
                                         "--defsym",
                                         "-wrap",
                                         "--wrap",
                                         "-entry",
                                         "--entry",
                                         "-init",
                                         "-fini",
                                         "-undefined",
                                         "--undefined",
                                         "-dynamic-list",
                                         "--dynamic-list",
                                         "-version-script",
                                         "--version-script",
                                         "-script",
                                         "--script",
                                         "-sysroot",
                                         "--sysroot",
                                         "-mllvm",
                                         "-Ttext",
                                         "-Tdata",
                                         "-Tbss",
                                         "-exclude-libs",
                                         "--exclude-libs",
                                         "-trace-symbol",
                                         "--trace-symbol"};

/* Libraries that come with the compiler and the system: what their functions do is
 * in libcalls.def. */
static const char *const toolchain[] = {"libc",
                                        "libm",
                                        "libmvec",
                                        "libpthread",
                                        "libdl",
                                        "librt",
                                        "libutil",
                                        "libanl",
                                        "libgcc",
                                        "libgcc_s",
                                        "libgcc_eh",
                                        "libgomp",
                                        "libomp",
                                        "libiomp5",
                                        "libatomic",
                                        "libc_nonshared",
                                        "libasan",
                                        "libubsan",
                                        "libtsan",
                                        "liblsan",
                                        "libgcov",
                                        "libmemocc",
                                        "ld-linux-x86-64",
                                        "libssp",
                                        "libssp_nonshared",
                                        "libpthread_nonshared"};

struct state {
    bool is_static, is_as_needed, is_whole;
};

struct finder {
    struct arena *arena;
    struct link_inputs *out;
    struct word_list dirs;
    const char *sysroot;
    struct state now, pushed[8];
    size_t n_pushed;
};

static bool is_toolchain(const char *path)
{
    const char *base = fs_base(path);
    size_t n = strcspn(base, ".");
    if (!strncmp(base, "crt", 3) || !strncmp(base, "Scrt", 4) || !strncmp(base, "gcrt", 4) ||
        !strncmp(base, "rcrt", 4) || !strncmp(base, "libclang_rt", 11))
        return true;
    for (size_t i = 0; i < sizeof toolchain / sizeof *toolchain; i++) {
        size_t len = strlen(toolchain[i]);
        if (strncmp(base, toolchain[i], len) != 0)
            continue;
        /* libm-2.36.a is libm; libmath.a isn't. */
        if (n == len || (base[len] == '-' && base[len + 1] >= '0' && base[len + 1] <= '9'))
            return true;
    }
    return false;
}

static void add_file(struct finder *f, const char *path)
{
    struct link_inputs *out = f->out;
    ARENA_PUSH(f->arena, out->items, out->n, out->cap) =
        (struct program_input){.path = path,
                               .is_toolchain = is_toolchain(path),
                               .is_whole = f->now.is_whole,
                               .is_as_needed = f->now.is_as_needed};
}

static const char *in_folder(struct finder *f, const char *dir, const char *name)
{
    const char *path = dir[0] == '=' ? arena_printf(f->arena, "%s%s/%s", f->sysroot, dir + 1, name)
                                     : arena_printf(f->arena, "%s/%s", dir, name);
    return fs_is_file(path) ? path : NULL;
}

static const char *library(struct finder *f, const char *dir, const char *name)
{
    if (name[0] == ':')
        return in_folder(f, dir, name + 1);
    const char *path = NULL;
    if (!f->now.is_static)
        path = in_folder(f, dir, arena_printf(f->arena, "lib%s.so", name));
    return path ? path : in_folder(f, dir, arena_printf(f->arena, "lib%s.a", name));
}

static void add_library(struct finder *f, const char *name)
{
    for (size_t i = 0; i < f->dirs.n; i++) {
        const char *path = library(f, f->dirs.words[i], name);
        if (path) {
            add_file(f, path);
            return;
        }
    }
}

/* One dash or two, as linkers take long options. */
static bool is_word(const char *word, const char *option)
{
    return word[0] == '-' &&
           (!strcmp(word + 1, option) || (word[1] == '-' && !strcmp(word + 2, option)));
}

static bool is_export(const char *word)
{
    static const char *const options[] = {"export-dynamic", "dynamic-list"};
    if (!strcmp(word, "-E"))
        return true;
    for (size_t i = 0; i < 2; i++)
        if (word[0] == '-' &&
            (!strncmp(word + 1, options[i], strlen(options[i])) ||
             (word[1] == '-' && !strncmp(word + 2, options[i], strlen(options[i])))))
            return true;
    return false;
}

static bool change_state(struct finder *f, const char *word)
{
    struct state *now = &f->now;
    f->out->are_exported |= is_export(word);
    if (is_word(word, "Bstatic") || is_word(word, "dn") || is_word(word, "non_shared") ||
        is_word(word, "static"))
        now->is_static = true;
    else if (is_word(word, "Bdynamic") || is_word(word, "dy") || is_word(word, "call_shared"))
        now->is_static = false;
    else if (is_word(word, "as-needed"))
        now->is_as_needed = true;
    else if (is_word(word, "no-as-needed"))
        now->is_as_needed = false;
    else if (is_word(word, "whole-archive"))
        now->is_whole = true;
    else if (is_word(word, "no-whole-archive"))
        now->is_whole = false;
    else if (is_word(word, "push-state") && f->n_pushed < 8)
        f->pushed[f->n_pushed++] = *now;
    else if (is_word(word, "pop-state") && f->n_pushed)
        *now = f->pushed[--f->n_pushed];
    else
        return false;
    return true;
}

static bool takes_value(const char *word)
{
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++)
        if (!strcmp(word, with_value[i]))
            return true;
    return false;
}

static void add_rename(struct finder *f, const char *from, const char *to)
{
    struct link_inputs *out = f->out;
    ARENA_PUSH(f->arena, out->renames, out->n_renames, out->cap_renames) =
        (struct program_rename){from, to};
    ARENA_PUSH(f->arena, out->renames, out->n_renames, out->cap_renames) =
        (struct program_rename){NULL, NULL};
    out->n_renames--;
}

/* The value of `--option=value`, `--option value`, with one dash or two; NULL: another. */
static const char *value_of(const char *const *words, size_t n, size_t *i, const char *option)
{
    const char *w = words[*i];
    size_t len = strlen(option);
    w += w[0] == '-';
    w += w[0] == '-';
    if (w == words[*i] || strncmp(w, option, len) != 0)
        return NULL;
    if (w[len] == '=')
        return w + len + 1;
    return w[len] == '\0' && *i + 1 < n ? words[++*i] : NULL;
}

/* --wrap=g, --defsym=g=k. */
static bool change_name(struct finder *f, const char *const *words, size_t n, size_t *i)
{
    const char *value = value_of(words, n, i, "wrap");
    if (value) {
        add_rename(f, value, arena_printf(f->arena, "__wrap_%s", value));
        add_rename(f, arena_printf(f->arena, "__real_%s", value), value);
        return true;
    }
    value = value_of(words, n, i, "defsym");
    const char *equals = value ? strchr(value, '=') : NULL;
    if (equals)
        add_rename(f, arena_strndup(f->arena, value, (size_t)(equals - value)), equals + 1);
    return value != NULL;
}

/* All -L count for all -l, wherever they stand. */
static void find_folders(struct finder *f, const char *const *words, size_t n)
{
    static const char *const usual[] = {"/usr/local/lib", "/lib64", "/usr/lib64", "/lib",
                                        "/usr/lib"};
    for (size_t i = 0; i < n; i++) {
        const char *w = words[i];
        if (!strcmp(w, "-L") && i + 1 < n)
            word_list_add(&f->dirs, f->arena, words[++i]);
        else if (!strncmp(w, "-L", 2) && w[2])
            word_list_add(&f->dirs, f->arena, w + 2);
        else if (!strncmp(w, "--library-path=", 15))
            word_list_add(&f->dirs, f->arena, w + 15);
        else if (!strncmp(w, "--sysroot=", 10))
            f->sysroot = w + 10;
        else if (takes_value(w))
            i++;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        word_list_add(&f->dirs, f->arena, arena_printf(f->arena, "%s%s", f->sysroot, usual[i]));
}

void link_inputs_of_linker(struct link_inputs *out, struct arena *a, const char *const *words,
                           size_t n)
{
    struct finder f = {.arena = a, .out = out, .sysroot = ""};
    find_folders(&f, words, n);
    for (size_t i = 0; i < n; i++) {
        const char *w = words[i];
        if ((!strcmp(w, "-l") || !strcmp(w, "--library")) && i + 1 < n)
            add_library(&f, words[++i]);
        else if (!strncmp(w, "-l", 2))
            add_library(&f, w + 2);
        else if (!strncmp(w, "--library=", 10))
            add_library(&f, w + 10);
        else if (w[0] != '-' && fs_is_file(w))
            add_file(&f, w);
        else if (!change_name(&f, words, n, &i) && !change_state(&f, w) &&
                 (takes_value(w) || !strcmp(w, "-L")))
            i++;
    }
}

/* collect2, ld, ld.gold, x86_64-linux-gnu-ld, ld.lld, mold, ... */
static bool is_linker(const char *path)
{
    const char *base = fs_base(path);
    size_t n = strlen(base);
    return !strcmp(base, "collect2") || !strcmp(base, "ld") || !strncmp(base, "ld.", 3) ||
           !strcmp(base, "lld") || !strcmp(base, "mold") || !strcmp(base, "gold") ||
           (n > 3 && !strcmp(base + n - 3, "-ld"));
}

bool link_inputs_find(struct link_inputs *out, struct arena *a, const struct compiler *compiler,
                      const struct word_list *words)
{
    struct word_list all = {0};
    struct strbuf text = STRBUF_INIT;
    bool is_found = false;
    for (size_t i = 0; i < compiler->n_words; i++)
        word_list_add(&all, a, compiler->words[i]);
    word_list_add(&all, a, "-###");
    for (size_t i = 0; i < words->n; i++)
        word_list_add(&all, a, words->words[i]);
    struct strbuf ignored = STRBUF_INIT;
    subprocess_run(&(struct subprocess){
        .path = compiler->path, .argv = all.words, .input = "", .out = &ignored, .err = &text});
    for (char *line = text.buf; *line && !is_found;) {
        size_t len = strcspn(line, "\n");
        const char **parts;
        size_t n = ccargs_split_response(a, line, len, &parts);
        if (n > 1 && is_linker(parts[0])) {
            link_inputs_of_linker(out, a, parts + 1, n - 1);
            is_found = true;
        }
        line += len + (line[len] != '\0');
    }
    strbuf_release(&ignored);
    strbuf_release(&text);
    return is_found;
}
