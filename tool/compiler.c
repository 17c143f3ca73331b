/* compiler.c - see compiler.h. */
#include "compiler.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "base/subprocess.h"
#include "ccargs.h"

static bool is_launcher_name(const char *name)
{
    static const char *const names[] = {"ccache", "distcc", "sccache", "icecc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(fs_base(name), names[i]))
            return true;
    return false;
}

/* Words that end so are never compilers, executable or not. */
static bool is_file_name(const char *word)
{
    static const char *const suffixes[] = {
        ".c",  ".i",  ".s", ".S", ".o",  ".a",   ".so", ".cc",  ".C",   ".cpp", ".cxx", ".ii",
        ".lo", ".la", ".h", ".m", ".ld", ".lds", ".x",  ".out", ".obj", ".bc",  ".ll"};
    const char *suffix = fs_suffix(word);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (!strcmp(suffix, suffixes[i]))
            return true;
    return strstr(fs_base(word), ".so.") != NULL;
}

/* ccache's rule: an argument that is no option and that could be run. */
static bool is_program_word(struct arena *a, const char *word)
{
    return word[0] != '-' && word[0] != '@' && word[0] && !is_file_name(word) &&
           fs_find_program(a, word, NULL, NULL) != NULL;
}

/* gcc, x86_64-linux-gnu-gcc-12, clang-19, cc, c99: what stands behind a launcher
 * that isn't one of the known ones. */
static bool is_compiler_name(const char *word)
{
    const char *name = fs_base(word), *at;
    if ((at = strstr(name, "gcc")) || (at = strstr(name, "clang")))
        at += *at == 'g' ? 3 : 5;
    else if (!strcmp(name, "cc") || !strcmp(name, "c99") || !strcmp(name, "c11"))
        return true;
    return at && (!*at || (*at == '-' && at[1] >= '0' && at[1] <= '9'));
}

static void split_words(struct word_list *out, struct arena *a, const char *text)
{
    const char **words;
    size_t n = ccargs_split_response(a, text, strlen(text), &words);
    for (size_t i = 0; i < n; i++)
        word_list_add(out, a, words[i]);
}

void compiler_find(struct compiler *c, struct arena *a, const char *const *argv, size_t n)
{
    struct word_list words = {0};
    *c = (struct compiler){0};
    if (n && is_program_word(a, argv[0])) {
        do {
            word_list_add(&words, a, argv[c->n_taken++]);
        } while (
            c->n_taken < n && is_program_word(a, argv[c->n_taken]) &&
            (is_launcher_name(words.words[words.n - 1]) || is_compiler_name(argv[c->n_taken])));
    } else {
        const char *env = getenv("MEMOCC_CC");
        split_words(&words, a, env && *env ? env : "cc");
        if (!words.n)
            word_list_add(&words, a, "cc");
    }
    c->words = words.words;
    c->n_words = words.n;
    c->name = words.words[words.n - 1];
    if (words.n > 1 && !is_launcher_name(words.words[0]) && !is_compiler_name(c->name))
        c->name = words.words[0]; /* MEMOCC_CC="gcc -m32" */

    const char *self = fs_self(a);
    for (size_t i = 0; i < words.n; i++) {
        if (words.words[i][0] == '-')
            break;
        const char *path = fs_find_program(a, words.words[i], NULL, NULL);
        if (!path)
            fatal("cannot find the compiler '%s'", words.words[i]);
        if (fs_same_file(path, self))
            fatal("the compiler '%s' is memocc itself; set MEMOCC_CC to the real one",
                  words.words[i]);
        if (i == 0)
            c->path = path;
    }
}

static bool isnt_launcher(const char *path, void *arg)
{
    const char *real = fs_real_path(arg, path);
    return real && !is_launcher_name(real);
}

/* The program that c->name stands for, through links; a link to ccache stands
 * for the next program of that name in $PATH. */
static const char *real_program(const struct compiler *c, struct arena *a)
{
    const char *path = fs_find_program(a, c->name, NULL, NULL);
    const char *real = path ? fs_real_path(a, path) : NULL;
    if (real && is_launcher_name(real)) {
        path = fs_find_program(a, fs_base(c->name), isnt_launcher, a);
        real = path ? fs_real_path(a, path) : NULL;
    }
    return real ? real : c->name;
}

enum compiler_flavor compiler_flavor(const struct compiler *c, struct arena *a)
{
    const char *name = fs_base(real_program(c, a));
    if (strstr(name, "clang"))
        return COMPILER_CLANG;
    if (strstr(name, "gcc"))
        return COMPILER_GCC;
    struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
    struct word_list words = {0};
    for (size_t i = 0; i < c->n_words; i++)
        word_list_add(&words, a, c->words[i]);
    word_list_add(&words, a, "--version");
    subprocess_run(
        &(struct subprocess){.path = c->path, .argv = words.words, .out = &out, .err = &err});
    enum compiler_flavor flavor = strstr(out.buf, "clang") ? COMPILER_CLANG : COMPILER_GCC;
    strbuf_release(&out);
    strbuf_release(&err);
    return flavor;
}

/* <root>/lib/gcc/<triplet>/<version>/include: of the version that the name of
 * the program ends with, else the highest. */
const char *compiler_gcc_headers(const struct compiler *c, struct arena *a)
{
    const char *program = real_program(c, a);
    const char *best = NULL, *dash = strrchr(fs_base(program), '-');
    long wanted = dash && isdigit((unsigned char)dash[1]) ? strtol(dash + 1, NULL, 10) : 0;
    long best_version = 0;
    size_t bin = fs_dir_len(program);
    const char *root = arena_printf(a, "%.*s../lib/gcc", (int)bin, program);
    DIR *triplets = bin ? opendir(root) : NULL;
    for (struct dirent *t; triplets && (t = readdir(triplets)) != NULL;) {
        const char *name = fs_base(program);
        if (t->d_name[0] == '.' ||
            (strstr(name, "-linux-") && strncmp(name, t->d_name, strlen(t->d_name)) != 0))
            continue;
        const char *dir = arena_printf(a, "%s/%s", root, t->d_name);
        DIR *versions = opendir(dir);
        for (struct dirent *v; versions && (v = readdir(versions)) != NULL;) {
            long version = strtol(v->d_name, NULL, 10);
            if (version <= 0 || (wanted && version != wanted) || version < best_version)
                continue;
            const char *include = arena_printf(a, "%s/%s/include", dir, v->d_name);
            if (fs_is_file(arena_printf(a, "%s/stddef.h", include))) {
                best = include;
                best_version = version;
            }
        }
        if (versions)
            closedir(versions);
    }
    if (triplets)
        closedir(triplets);
    return best;
}
