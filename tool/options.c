/* options.c - see options.h. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "diag.h"
#include "nearest.h"

static const struct {
    const char *name, *takes, *help;
} known[OPTION_COUNT] = {
#define OPTION(id, name, takes, help) [OPTION_##id] = {name, takes, help},
#include "options.def"
#undef OPTION
};

static bool is_diag_option(const char *word)
{
    static const char *const prefixes[] = {"-Wmemo",          "-Wno-memo", "-Werror=memo",
                                           "-Wno-error=memo", "-Rmemo",    "-Rno-memo"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);
        if (!strncmp(word, prefixes[i], n) && (!word[n] || word[n] == '-'))
            return true;
    }
    return false;
}

static bool is_ours(const char *word)
{
    return !strncmp(word, "--memo-", 7) || is_diag_option(word);
}

__attribute__((noreturn)) static void unknown(const char *word)
{
    const char *names[OPTION_COUNT];
    for (size_t i = 0; i < OPTION_COUNT; i++)
        names[i] = known[i].name;
    const char *near = nearest_of(word, names, OPTION_COUNT);
    fprintf(stderr, "memocc: error: unknown option '%s'", word);
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputc('\n', stderr);
    exit(EXIT_MEMOCC_USAGE);
}

static void take(struct options *o, struct arena *a, const char *word)
{
    if (word[1] != '-') {
        word_list_add(&o->diag, a, word);
        return;
    }
    size_t n = strcspn(word, "=");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strlen(known[i].name) != n || strncmp(known[i].name, word, n) != 0)
            continue;
        if ((word[n] == '=') != (*known[i].takes != '\0')) {
            fprintf(stderr, "memocc: error: '%s' takes %s%s\n", known[i].name,
                    *known[i].takes ? "=" : "no value", known[i].takes);
            exit(EXIT_MEMOCC_USAGE);
        }
        o->is_set[i] = true;
        if (i == OPTION_LIBCLANG)
            o->libclang = word + n + 1;
        return;
    }
    unknown(word);
}

/* Does a response file, or one that it names, hold an option of ours? */
static bool response_has_ours(struct arena *a, const char *path, unsigned depth)
{
    struct strbuf text = STRBUF_INIT;
    bool found = false;
    if (depth < 16 && fs_read(path, &text)) {
        const char **words;
        size_t n = ccargs_split_response(a, text.buf, text.len, &words);
        for (size_t i = 0; i < n && !found; i++)
            found = is_ours(words[i]) ||
                    (words[i][0] == '@' && response_has_ours(a, words[i] + 1, depth + 1));
    }
    strbuf_release(&text);
    return found;
}

static void parse(struct options *o, struct arena *a, const char *const *argv, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_ours(argv[i])) {
            take(o, a, argv[i]);
        } else if (argv[i][0] == '@' && response_has_ours(a, argv[i] + 1, 0)) {
            struct strbuf text = STRBUF_INIT;
            const char **words;
            if (!fs_read(argv[i] + 1, &text))
                fatal("cannot read '%s'", argv[i] + 1);
            size_t n_words = ccargs_split_response(a, text.buf, text.len, &words);
            strbuf_release(&text);
            o->has_response = true;
            parse(o, a, words, n_words);
        } else {
            word_list_add(&o->rest, a, argv[i]);
        }
    }
}

void options_parse(struct options *o, struct arena *a, const char *const *argv, size_t n)
{
    *o = (struct options){0};
    parse(o, a, argv, n);
    if (!o->libclang) {
        const char *env = getenv("MEMOCC_LIBCLANG");
        o->libclang = env && *env ? env : NULL;
    }
}

void options_apply_diag(const struct options *o, struct diag_engine *e)
{
    for (size_t i = 0; i < o->diag.n; i++) {
        const char *word = o->diag.words[i];
        if (diag_option(e, word))
            continue;
        const char *near = diag_option_nearest(word);
        fprintf(stderr, "memocc: warning: unknown option '%s'", word);
        if (near)
            fprintf(stderr, "; did you mean '-%c%s'?", word[1], near);
        fputc('\n', stderr);
    }
    if (o->is_set[OPTION_EXPLAIN])
        diag_option(e, "-Rmemo");
}

void options_print_help(void)
{
    puts("usage: memocc [options of the compiler] file...\n"
         "       memocc <compiler> [its options] file...\n"
         "\n"
         "Compiles annotated C; without annotations it is the compiler ($MEMOCC_CC, else cc).\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (*known[i].help)
            printf("  %s%s%s%-*s %s\n", known[i].name, *known[i].takes ? "=<" : "", known[i].takes,
                   (int)(32 - strlen(known[i].name) - strlen(known[i].takes) -
                         (*known[i].takes ? 2 : 0)),
                   *known[i].takes ? ">" : "", known[i].help);
    puts("  -W[no-]memo-<name>               a warning of memocc's; -W[no-]error=memo-<name>\n"
         "  -R[no-]memo[-<name>]             its remarks");
}
