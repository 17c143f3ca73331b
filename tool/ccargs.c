/* ccargs.c - see ccargs.h. What the options are is in ccargs.def. */
#include "ccargs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/strbuf.h"

enum form { FLAG, JOINED, NEXT, EITHER };

#define P CCARG_P
#define G CCARG_G
static const struct known {
    const char *spelling;
    unsigned char len, form, role, traits;
} known[] = {
#define CCARG(spelling, form, role, traits)                                                        \
    {spelling, sizeof spelling - 1, form, CC_##role, traits},
#include "ccargs.def"
#undef CCARG
};
#undef P
#undef G

#define MAX_RESPONSE_DEPTH 16

static const struct known *find_known(const char *word)
{
    const struct known *best = NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct known *k = &known[i];
        if (k->spelling[1] != word[1] || (best && k->len <= best->len) ||
            strncmp(word, k->spelling, k->len) != 0)
            continue;
        if (!word[k->len] || k->form == JOINED || k->form == EITHER)
            best = k;
    }
    return best;
}

void word_list_add(struct word_list *w, struct arena *a, const char *word)
{
    if (w->n + 1 >= w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 64;
        w->words = arena_grow(a, w->words, w->n * sizeof *w->words, cap * sizeof *w->words);
        w->cap = cap;
    }
    w->words[w->n++] = word;
    w->words[w->n] = NULL;
}

void ccargs_add_item(struct word_list *w, struct arena *a, const struct cc_item *item)
{
    if (item->is_inner)
        return;
    word_list_add(w, a, item->words[0]);
    if (item->words[1])
        word_list_add(w, a, item->words[1]);
}

/* ---- response files ---- */

size_t ccargs_split_response(struct arena *a, const char *text, size_t len, const char ***words)
{
    struct word_list w = {0};
    struct strbuf word = STRBUF_INIT;
    for (size_t i = 0; i < len;) {
        if (isspace((unsigned char)text[i])) {
            i++;
            continue;
        }
        char quote = 0;
        strbuf_clear(&word);
        for (; i < len && (quote || !isspace((unsigned char)text[i])); i++) {
            if (text[i] == '\\' && i + 1 < len)
                strbuf_addc(&word, text[++i]);
            else if (quote && text[i] == quote)
                quote = 0;
            else if (!quote && (text[i] == '"' || text[i] == '\''))
                quote = text[i];
            else
                strbuf_addc(&word, text[i]);
        }
        word_list_add(&w, a, arena_strndup(a, word.buf, word.len));
    }
    strbuf_release(&word);
    *words = w.words;
    return w.n;
}

static void expand(struct word_list *out, struct arena *a, const char *const *argv, size_t n,
                   unsigned depth)
{
    for (size_t i = 0; i < n; i++) {
        struct strbuf text = STRBUF_INIT;
        if (argv[i][0] == '@' && depth < MAX_RESPONSE_DEPTH && fs_read(argv[i] + 1, &text)) {
            const char **words;
            size_t n_words = ccargs_split_response(a, text.buf, text.len, &words);
            expand(out, a, words, n_words, depth + 1);
        } else {
            word_list_add(out, a, argv[i]);
        }
        strbuf_release(&text);
    }
}

/* ---- items ---- */

static enum cc_language language_of(const char *path, const char *x)
{
    static const char *const headers[] = {".h", ".H", ".hh", ".hpp", ".hxx", ".h++", ".hp", ".tcc"};
    static const char *const other[] = {".s",   ".S",   ".sx", ".cc",  ".cp", ".cxx", ".cpp",
                                        ".CPP", ".c++", ".C",  ".ii",  ".m",  ".mm",  ".M",
                                        ".mi",  ".mii", ".f",  ".for", ".F",  ".f90", ".F90",
                                        ".f95", ".d",   ".go", ".ads", ".adb"};
    if (x) {
        if (!strcmp(x, "c"))
            return CC_LANG_C;
        if (strstr(x, "-header"))
            return CC_LANG_HEADER;
        return strcmp(x, "cpp-output") != 0 ? CC_LANG_OTHER : CC_LANG_C_PREPROCESSED;
    }
    const char *suffix = fs_suffix(path);
    if (!strcmp(suffix, ".c"))
        return CC_LANG_C;
    if (!strcmp(suffix, ".i"))
        return CC_LANG_C_PREPROCESSED;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (!strcmp(suffix, headers[i]))
            return CC_LANG_HEADER;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (!strcmp(suffix, other[i]))
            return CC_LANG_OTHER;
    return CC_LANG_NONE;
}

static void set_mode(struct ccargs *c, enum cc_mode mode)
{
    if (mode > c->mode) /* the stage that stops earliest wins */
        c->mode = mode;
}

static void note_option(struct ccargs *c, const struct cc_item *item)
{
    switch (item->role) {
    case CC_COMPILE:
        set_mode(c, CC_MODE_COMPILE);
        break;
    case CC_ASSEMBLE:
        set_mode(c, CC_MODE_ASSEMBLE);
        break;
    case CC_CHECK:
        set_mode(c, CC_MODE_CHECK);
        break;
    case CC_PREPROCESS:
        set_mode(c, CC_MODE_PREPROCESS);
        break;
    case CC_OUTPUT:
        c->output = item->value;
        break;
    case CC_LANGUAGE:
        c->x = strcmp(item->value, "none") != 0 ? item->value : NULL;
        break;
    case CC_INFO:
        c->is_info = true;
        break;
    case CC_END:
        c->has_end = true;
        break;
    case CC_DEPS:
        c->has_deps = true;
        break;
    case CC_AUX:
        c->has_aux = true;
        break;
    case CC_SYSROOT:
        c->sysroot = item->value;
        break;
    case CC_SHARED:
        c->is_shared = true;
        break;
    case CC_STATIC:
        c->is_static = true;
        break;
    case CC_NO_LIBRARIES:
        c->no_libraries = true;
        break;
    case CC_WL:
        if (!strcmp(item->value, "-shared") || !strcmp(item->value, "-Bshareable"))
            c->is_shared = true;
        if (!strcmp(item->value, "-r") || !strcmp(item->value, "--relocatable"))
            c->no_libraries = true;
        break;
    default:
        break;
    }
}

static void add_input(struct ccargs *c, struct arena *a, const char *word)
{
    struct cc_item *item = &ARENA_PUSH(a, c->items, c->n, c->cap);
    *item = (struct cc_item){.role = CC_INPUT, .words = {word, NULL}, .value = word};
    item->x = c->x;
    item->lang = language_of(word, c->x);
    if (word[0] == '-' && word[1]) /* behind "--" */
        item->words[0] = item->value = arena_printf(a, "./%s", word);
    c->n_inputs++;
    c->has_header |= item->lang == CC_LANG_HEADER;
    c->n_compiled += item->lang != CC_LANG_NONE;
}

/* In -Wp,-MD,file the file is -MD's own. */
static bool takes_next(const struct known *k, bool is_inner)
{
    return k->form == NEXT || k->form == EITHER || (is_inner && k->role == CC_DEPS);
}

static void add_words(struct ccargs *c, struct arena *a, const char *const *words, size_t n,
                      bool is_inner)
{
    for (size_t i = 0; i < n; i++) {
        const char *word = words[i];
        if (word[0] != '-' || !word[1] || (c->has_end && !is_inner)) {
            if (!is_inner)
                add_input(c, a, word);
            continue;
        }
        const struct known *k = find_known(word);
        struct cc_item item = {.words = {word, NULL}, .is_inner = is_inner};
        if (k) {
            item.role = k->role;
            item.traits = k->traits;
            if (word[k->len]) {
                item.value = word + k->len;
            } else if (takes_next(k, is_inner)) {
                if (i + 1 == n) {
                    c->is_incomplete = true;
                    continue;
                }
                item.value = item.words[1] = words[++i];
            } else {
                item.value = "";
            }
        }
        ARENA_PUSH(a, c->items, c->n, c->cap) = item;
        note_option(c, &item);
    }
}

/* Options for the preprocessor that came wrapped: again as items, inner ones. */
static void add_inner(struct ccargs *c, struct arena *a)
{
    struct word_list inner = {0};
    size_t n = c->n;
    for (size_t i = 0; i < n; i++) {
        if (c->items[i].role == CC_XPREPROCESSOR) {
            word_list_add(&inner, a, c->items[i].value);
        } else if (c->items[i].role == CC_WP) {
            const char *p = c->items[i].value;
            for (;;) {
                size_t len = strcspn(p, ",");
                word_list_add(&inner, a, arena_strndup(a, p, len));
                if (!p[len])
                    break;
                p += len + 1;
            }
        }
    }
    if (inner.n)
        add_words(c, a, inner.words, inner.n, true);
}

void ccargs_parse(struct ccargs *c, struct arena *a, const char *const *argv, size_t n)
{
    struct word_list words = {0};
    *c = (struct ccargs){.sysroot = ""};
    expand(&words, a, argv, n, 0);
    add_words(c, a, words.words, words.n, false);
    add_inner(c, a);
    bool has_library = false;
    for (size_t i = 0; i < c->n; i++)
        has_library |= c->items[i].role == CC_LIBRARY;
    if (c->n_inputs == 0 && !has_library)
        c->is_info = true;
}

/* ---- views ---- */

/* A precompiled header is for one compiler only: libclang gets the header. */
static bool add_header_itself(const struct cc_item *item, struct arena *a, struct word_list *out)
{
    const char *header = item->value;
    if (item->role == CC_INCLUDE_PCH)
        header = arena_strndup(a, header, strlen(header) - strlen(fs_suffix(header)));
    else if (item->role != CC_INCLUDE || !strcmp(item->words[0], "-imacros") ||
             (!fs_is_file(arena_printf(a, "%s.gch", header)) &&
              !fs_is_file(arena_printf(a, "%s.pch", header))))
        return false;
    if (fs_is_file(header)) {
        word_list_add(out, a, "-Xclang");
        word_list_add(out, a, "-include");
        word_list_add(out, a, "-Xclang");
        word_list_add(out, a, header);
    }
    return true;
}

void ccargs_for_libclang(const struct ccargs *c, struct arena *a, const char *memo_include_dir,
                         const char *gcc_include_dir, struct word_list *out)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct cc_item *item = &c->items[i];
        if (add_header_itself(item, a, out) || !(item->traits & CCARG_P))
            continue;
        word_list_add(out, a, item->words[0]);
        if (item->words[1])
            word_list_add(out, a, item->words[1]);
    }
    if (memo_include_dir) {
        word_list_add(out, a, "-idirafter");
        word_list_add(out, a, memo_include_dir);
    }
    if (gcc_include_dir) {
        word_list_add(out, a, "-idirafter");
        word_list_add(out, a, gcc_include_dir);
    }
}

static bool is_level(const struct cc_item *item)
{
    return (item->traits & CCARG_G) && !strncmp(item->words[0], "-O", 2);
}

const char *ccargs_codegen(const struct ccargs *c, struct arena *a)
{
    struct strbuf text = STRBUF_INIT;
    size_t last_level = 0; /* of several -O only the last counts */
    for (size_t i = 0; i < c->n; i++)
        if (is_level(&c->items[i]))
            last_level = i;
    for (size_t i = 0; i < c->n; i++) {
        const struct cc_item *item = &c->items[i];
        if (!(item->traits & CCARG_G) || (is_level(item) && i != last_level))
            continue;
        for (size_t w = 0; w < 2 && item->words[w]; w++) {
            if (text.len)
                strbuf_addc(&text, ' ');
            strbuf_adds(&text, item->words[w]);
        }
    }
    const char *result = arena_strndup(a, text.buf, text.len);
    strbuf_release(&text);
    return result;
}

bool ccargs_is_native(const struct ccargs *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->items[i].role == CC_MARCH && !strcmp(c->items[i].value, "native"))
            return true;
    return false;
}

bool ccargs_has_strict_aliasing(const struct ccargs *c)
{
    bool is_strict = true; /* so says C11 6.5p7, whatever the level of optimization */
    for (size_t i = 0; i < c->n; i++) {
        if (!strcmp(c->items[i].words[0], "-fno-strict-aliasing"))
            is_strict = false;
        else if (!strcmp(c->items[i].words[0], "-fstrict-aliasing"))
            is_strict = true;
    }
    return is_strict;
}
