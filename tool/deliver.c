/* deliver.c - see deliver.h. */
#include "deliver.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/panic.h"
#include "base/subprocess.h"
#include "options.h"
#include "scan.h"

/* The current folder, spelled as nobody does: names of headers that gcc found
 * through it can be told from all others and be mapped back. */
#define DOT_DIR "./././."

bool unit_is_rewritten(const struct unit *u)
{
    return u->result.form == UNIT_REWRITTEN || u->result.form == UNIT_DIRECTIVES;
}

void deliver_add_ours(const struct delivery *d, struct word_list *out)
{
    word_list_add(out, d->arena, arena_printf(d->arena, "-D__MEMOCC__=%d", MEMOCC_VERSION_NUMBER));
    if (d->include_dir) {
        word_list_add(out, d->arena, "-idirafter");
        word_list_add(out, d->arena, d->include_dir);
    }
}

static const char *user_deps_file(const struct ccargs *cmd)
{
    const char *file = NULL;
    for (size_t i = 0; i < cmd->n; i++) {
        const struct cc_item *item = &cmd->items[i];
        if (item->role == CC_DEPS_FILE || (item->role == CC_DEPS && item->is_inner))
            file = item->value;
    }
    return file;
}

/* ---- names that the compiler would choose ---- */

/* Options of clang -cc1 that name a file beside the object. */
static bool is_cc1_name(const char *word)
{
    static const char *const names[] = {"-coverage-notes-file", "-coverage-data-file",
                                        "-split-dwarf-file", "-split-dwarf-output"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (!strncmp(word, names[i], len) && (word[len] == '\0' || word[len] == '='))
            return true;
    }
    return false;
}

static void add_for_cc1(struct arena *a, struct word_list *out, const char *word)
{
    word_list_add(out, a, "-Xclang");
    word_list_add(out, a, word);
}

/* Older versions say nothing of it: the folder is the current one. */
static void add_coverage_names(const struct delivery *d, struct unit *u)
{
    struct arena *a = d->arena;
    const char *base = fs_base(u->item->value), *dot = strrchr(base, '.');
    int len = dot && dot > base ? (int)(dot - base) : (int)strlen(base);
    bool is_known = false, is_wanted = false;
    char cwd[PATH_MAX];
    for (size_t i = 0; i < u->names.dump.n; i++)
        is_known |= !strncmp(u->names.dump.words[i], "-coverage-notes-file", 20);
    for (size_t i = 0; i < d->cmd->n; i++)
        is_wanted |= !strcmp(d->cmd->items[i].words[0], "--coverage") ||
                     !strcmp(d->cmd->items[i].words[0], "-coverage") ||
                     !strcmp(d->cmd->items[i].words[0], "-ftest-coverage");
    if (is_known || !is_wanted || !getcwd(cwd, sizeof cwd))
        return;
    add_for_cc1(a, &u->names.dump,
                arena_printf(a, "-coverage-notes-file=%s/%.*s.gcno", cwd, len, base));
    add_for_cc1(a, &u->names.dump,
                arena_printf(a, "-coverage-data-file=%s/%.*s.gcda", cwd, len, base));
}

static void read_names(struct arena *a, struct output_names *names, const char *const *words,
                       size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        const char *w = words[i];
        if (!strcmp(w, "-MD") || !strcmp(w, "-MMD") || !strcmp(w, "-dependency-file")) {
            if (words[i + 1][0] != '-')
                names->deps = words[++i];
        } else if (!strcmp(w, "-MF")) {
            names->deps = words[++i];
        } else if (!strcmp(w, "-MQ") || !strcmp(w, "-MT")) {
            word_list_add(&names->targets, a, w);
            word_list_add(&names->targets, a, words[++i]);
        } else if (!strcmp(w, "-dumpdir") || !strcmp(w, "-dumpbase") ||
                   !strcmp(w, "-dumpbase-ext")) {
            word_list_add(&names->dump, a, w);
            word_list_add(&names->dump, a, words[++i]);
        } else if (is_cc1_name(w)) {
            add_for_cc1(a, &names->dump, w);
            if (!strchr(w, '='))
                add_for_cc1(a, &names->dump, words[++i]);
        }
    }
}

void deliver_find_names(const struct delivery *d, struct unit *u)
{
    struct arena *a = d->arena;
    struct word_list words = {0};
    struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
    if (u->names.is_known)
        return;
    u->names.is_known = true;
    for (size_t i = 0; i < d->compiler->n_words; i++)
        word_list_add(&words, a, d->compiler->words[i]);
    word_list_add(&words, a, "-###");
    for (size_t i = 0; i < d->cmd->n; i++)
        ccargs_add_item(&words, a, &d->cmd->items[i]);
    subprocess_run(&(struct subprocess){
        .path = d->compiler->path, .argv = words.words, .input = "", .out = &out, .err = &err});
    for (char *line = err.buf; *line;) {
        size_t len = strcspn(line, "\n");
        const char **parts;
        size_t n = ccargs_split_response(a, line, len, &parts);
        bool is_ours = false;
        for (size_t i = 1; i < n; i++)
            is_ours |= !strcmp(parts[i], u->item->value);
        if (n && is_ours &&
            (strstr(fs_base(parts[0]), "cc1") || (n > 1 && !strcmp(parts[1], "-cc1"))))
            read_names(a, &u->names, parts, n);
        line += len + (line[len] != '\0');
    }
    if (!u->names.deps)
        u->names.deps = user_deps_file(d->cmd);
    if (d->flavor == COMPILER_CLANG && d->cmd->mode == CC_MODE_LINK)
        add_coverage_names(d, u);
    strbuf_release(&out);
    strbuf_release(&err);
}

/* ---- -E ---- */

/* Options that belong to later stages, or that are given anew. */
static bool is_for_preprocessor(const struct cc_item *item)
{
    switch (item->role) {
    case CC_COMPILE:
    case CC_ASSEMBLE:
    case CC_CHECK:
    case CC_OUTPUT:
    case CC_LIBRARY:
    case CC_WL:
    case CC_SHARED:
    case CC_STATIC:
    case CC_END:
    case CC_DUMP_NAME:
    case CC_INPUT:
        return false;
    case CC_AUX:
        return (item->traits & CCARG_G) != 0;
    default:
        return true;
    }
}

bool deliver_directives_only(const struct delivery *d, struct unit *u, struct strbuf *out)
{
    struct arena *a = d->arena;
    struct word_list words = {0};
    bool has_target = false;
    for (size_t i = 0; i < d->compiler->n_words; i++)
        word_list_add(&words, a, d->compiler->words[i]);
    for (size_t i = 0; i < d->cmd->n; i++) {
        has_target |= d->cmd->items[i].role == CC_DEPS_TARGET;
        if (is_for_preprocessor(&d->cmd->items[i]))
            ccargs_add_item(&words, a, &d->cmd->items[i]);
        else if (&d->cmd->items[i] == u->item)
            word_list_add(&words, a, u->item->value);
    }
    word_list_add(&words, a, "-E");
    word_list_add(&words, a,
                  d->flavor == COMPILER_CLANG ? "-frewrite-includes" : "-fdirectives-only");
    if (d->cmd->has_deps) {
        deliver_find_names(d, u);
        if (u->names.deps && !user_deps_file(d->cmd)) {
            word_list_add(&words, a, "-MF");
            word_list_add(&words, a, u->names.deps);
        }
        for (size_t i = 0; i < u->names.targets.n && !has_target; i++)
            word_list_add(&words, a, u->names.targets.words[i]);
    }
    deliver_add_ours(d, &words);
    strbuf_clear(&u->warnings);
    int status = subprocess_run(&(struct subprocess){.path = d->compiler->path,
                                                     .argv = words.words,
                                                     .input = u->is_stdin ? u->source.buf : NULL,
                                                     .input_len = u->source.len,
                                                     .out = out,
                                                     .err = &u->warnings});
    if (subprocess_is_success(status))
        return true;
    fputs(u->warnings.buf, stderr);
    return false;
}

/* ---- delivery ---- */

/* What the user's -f...-prefix-map options, those named `option` or
 * -ffile-prefix-map, make of path. The last that fits counts. */
static const char *mapped(const struct delivery *d, const char *option, const char *path)
{
    const char *result = path;
    for (size_t i = 0; i < d->cmd->n; i++) {
        const char *word = d->cmd->items[i].words[0];
        size_t n = strcspn(word, "=");
        if (!word[n] ||
            (strncmp(word, option, n + 1) != 0 && strncmp(word, "-ffile-prefix-map=", n + 1) != 0))
            continue;
        const char *from = word + n + 1, *to = strchr(from, '=');
        if (to && !strncmp(path, from, (size_t)(to - from)))
            result = arena_printf(d->arena, "%s%s", to + 1, path + (to - from));
    }
    return result;
}

/* Names that begin with `from` are to be those that begin with `to`. gcc applies
 * the last -ffile-prefix-map that fits, before any -fmacro-prefix-map. */
static void add_maps(const struct delivery *d, const char *from, const char *to,
                     struct word_list *out)
{
    struct arena *a = d->arena;
    const char *debug = mapped(d, "-fdebug-prefix-map=", to);
    const char *macro = mapped(d, "-fmacro-prefix-map=", to);
    word_list_add(out, a, arena_printf(a, "-ffile-prefix-map=%s=%s", from, macro));
    if (strcmp(debug, macro) != 0)
        word_list_add(out, a, arena_printf(a, "-fdebug-prefix-map=%s=%s", from, debug));
}

struct absolute_includes {
    const struct unit *u;
    struct strbuf out;
    size_t done; /* offset in the text up to which out is complete */
};

static void make_absolute(void *arg, size_t offset, size_t name_len)
{
    struct absolute_includes *abs = arg;
    const struct unit *u = abs->u;
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s%.*s", u->header_dir, (int)name_len,
                     u->result.text.buf + offset);
    if (u->result.text.buf[offset] == '/' || n < 0 || (size_t)n >= sizeof path || !fs_is_file(path))
        return;
    strbuf_add(&abs->out, u->result.text.buf + abs->done, offset - abs->done);
    strbuf_adds(&abs->out, u->header_dir);
    abs->done = offset;
}

/* The text with each `#include "x"` of the unit's own folder made absolute. */
static void use_absolute_includes(const struct delivery *d, struct unit *u)
{
    char dir[PATH_MAX];
    size_t len = fs_dir_len(u->item->value);
    if (!realpath(len ? arena_strndup(d->arena, u->item->value, len) : ".", dir))
        fatal("cannot find the folder of '%s': %s", u->item->value, strerror(errno));
    u->header_dir = arena_printf(d->arena, "%s/" DOT_DIR "/", dir);
    struct absolute_includes abs = {u, STRBUF_INIT, 0};
    scan_quoted_includes(u->result.text.buf, u->result.text.len, make_absolute, &abs);
    strbuf_add(&abs.out, u->result.text.buf + abs.done, u->result.text.len - abs.done);
    strbuf_release(&u->result.text);
    u->result.text = abs.out;
}

/* gcc leaves an -iquote folder out that is among the system ones as well. */
static bool is_system_folder(const struct delivery *d, const char *dir)
{
    for (size_t i = 0; i < d->cmd->n; i++) {
        const struct cc_item *item = &d->cmd->items[i];
        if ((item->role == CC_DIR_SYSTEM || item->role == CC_DIR_AFTER) &&
            fs_same_file(item->value, dir))
            return true;
    }
    return false;
}

static void write_temp(const struct delivery *d, struct unit *u)
{
    u->temp_path = arena_printf(d->arena, "%s/%s", fs_temp_dir(d->arena), fs_base(u->item->value));
    if (!fs_write(u->temp_path, u->result.text.buf, u->result.text.len))
        fatal("cannot write '%s': %s", u->temp_path, strerror(errno));
}

/* Make gcc search the unit's folder first for what it includes with quotes. */
static void add_header_folder(const struct delivery *d, struct unit *u, struct word_list *first,
                              struct word_list *last)
{
    struct arena *a = d->arena;
    size_t len = fs_dir_len(u->item->value);
    const char *dir = arena_strndup(a, u->item->value, len);
    const char *folder = len == 0   ? DOT_DIR
                         : len == 1 ? "/"
                                    : arena_strndup(a, u->item->value, len - 1);
    if (scan_is_ambiguous(d->scan, u->item->value) || is_system_folder(d, folder)) {
        use_absolute_includes(d, u);
        add_maps(d, u->header_dir, dir, last);
        return;
    }
    word_list_add(first, a, "-iquote");
    word_list_add(first, a, folder);
    /* The last quote folder is dropped if it is also the first of -I. */
    word_list_add(first, a, "-iquote");
    word_list_add(first, a, fs_temp_dir(a));
    if (len == 0) {
        u->has_dot_dir = true;
        add_maps(d, DOT_DIR "/", "", last);
    }
}

static void deliver_by_file(const struct delivery *d, struct unit *u, struct word_list *first,
                            struct word_list *input, struct word_list *last)
{
    struct arena *a = d->arena;
    bool is_directives = u->result.form == UNIT_DIRECTIVES;
    if (!u->is_stdin) {
        if (!is_directives)
            add_header_folder(d, u, first, last);
        write_temp(d, u);
        add_maps(d, u->temp_path, u->item->value, last);
    }
    if (is_directives) {
        word_list_add(first, a, "-fpreprocessed");
        word_list_add(first, a, "-fdirectives-only");
        word_list_add(input, a, "-x");
        word_list_add(input, a, "cpp-output");
    }
    word_list_add(input, a, u->is_stdin ? u->item->value : u->temp_path);
    if (is_directives) {
        word_list_add(input, a, "-x");
        word_list_add(input, a, u->item->x ? u->item->x : "none");
    }
}

static void deliver_by_remap(const struct delivery *d, struct unit *u, struct word_list *input,
                             struct word_list *last)
{
    struct arena *a = d->arena;
    if (!u->is_stdin) {
        write_temp(d, u);
        word_list_add(last, a, "-Xclang");
        word_list_add(last, a, "-remap-file");
        word_list_add(last, a, "-Xclang");
        word_list_add(last, a, arena_printf(a, "%s;%s", u->item->value, u->temp_path));
    }
    word_list_add(input, a, u->item->value);
    if (u->result.form != UNIT_DIRECTIVES)
        return;
    for (size_t i = 0; i < d->cmd->n; i++) { /* what deliver_drops() drops of -Wp, but is needed */
        const struct cc_item *item = &d->cmd->items[i];
        for (size_t w = 0; item->is_inner && item->traits & CCARG_P && item->role != CC_INCLUDE &&
                           w < 2 && item->words[w];
             w++)
            word_list_add(last, a, item->words[w]);
    }
}

/* The section for the link step is seen in an object with machine code only; and gcc
 * puts that beside what it keeps for optimization when linking. */
static bool has_hidden_section(const struct delivery *d)
{
    bool is_lto = false;
    for (size_t i = 0; i < d->cmd->n; i++) {
        const char *word = d->cmd->items[i].words[0];
        if (!strncmp(word, "-flto", 5))
            is_lto = true;
        else if (!strcmp(word, "-fno-lto"))
            is_lto = false;
    }
    return is_lto && d->flavor == COMPILER_GCC;
}

void deliver_unit(const struct delivery *d, struct unit *u, struct word_list *first,
                  struct word_list *input, struct word_list *last)
{
    if (u->result.form == UNIT_DIRECTIVES && u->warnings.len && d->flavor == COMPILER_GCC)
        fputs(u->warnings.buf, stderr); /* clang gives them again */
    if (d->flavor == COMPILER_CLANG)
        deliver_by_remap(d, u, input, last);
    else
        deliver_by_file(d, u, first, input, last);
    if (has_hidden_section(d))
        word_list_add(last, d->arena, "-ffat-lto-objects");
}

bool deliver_drops(const struct delivery *d, const struct unit *u, const struct cc_item *item)
{
    if (u->result.form != UNIT_DIRECTIVES)
        return false;
    switch (item->role) {
    case CC_DEPS:
    case CC_DEPS_FILE:
    case CC_DEPS_TARGET:
    case CC_DEPS_MORE:
        return true;
    case CC_WP:
    case CC_XPREPROCESSOR: /* -MD or -include may be in them; all has been done */
        return true;
    case CC_INCLUDE:
    case CC_INCLUDE_PCH:
        return d->flavor == COMPILER_CLANG;
    default:
        return false;
    }
}

/* ---- dependencies ---- */

/* As make wants it, and gcc writes it. */
static void add_escaped(struct strbuf *out, const char *path)
{
    for (const char *p = path; *p; p++) {
        if (*p == ' ' || *p == '\t' || *p == '#') {
            for (const char *q = p; q > path && q[-1] == '\\'; q--)
                strbuf_addc(out, '\\');
            strbuf_addc(out, '\\');
        } else if (*p == '$') {
            strbuf_addc(out, '$');
        }
        strbuf_addc(out, *p);
    }
}

static void replace_all(struct strbuf *text, const char *from, const char *to)
{
    struct strbuf out = STRBUF_INIT, a = STRBUF_INIT, b = STRBUF_INIT;
    add_escaped(&a, from);
    add_escaped(&b, to);
    const char *p = text->buf, *end = text->buf + text->len;
    for (const char *q; (q = memmem(p, (size_t)(end - p), a.buf, a.len)); p = q + a.len) {
        strbuf_add(&out, p, (size_t)(q - p));
        strbuf_add(&out, b.buf, b.len);
    }
    strbuf_add(&out, p, (size_t)(end - p));
    strbuf_release(&a);
    strbuf_release(&b);
    strbuf_release(text);
    *text = out;
}

void deliver_fix_dependencies(const struct delivery *d, struct unit *u)
{
    if (!u->temp_path || !d->cmd->has_deps || d->flavor == COMPILER_CLANG ||
        u->result.form != UNIT_REWRITTEN)
        return;
    deliver_find_names(d, u);
    struct strbuf text = STRBUF_INIT;
    if (u->names.deps && fs_is_file(u->names.deps) && fs_read(u->names.deps, &text)) {
        size_t len = fs_dir_len(u->item->value);
        replace_all(&text, u->temp_path, u->item->value);
        if (u->has_dot_dir)
            replace_all(&text, DOT_DIR "/", "");
        if (u->header_dir)
            replace_all(&text, u->header_dir, arena_strndup(d->arena, u->item->value, len));
        if (!fs_write(u->names.deps, text.buf, text.len))
            fatal("cannot write '%s': %s", u->names.deps, strerror(errno));
    }
    strbuf_release(&text);
}
