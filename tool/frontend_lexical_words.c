/* frontend_lexical_words.c - what words and macros mean to a fingerprint.
 *
 * A macro means what its words mean and the macros in it, to any depth. All of its
 * definitions in the unit count, wherever they stand: which one holds at a place is
 * known to the preprocessor only, and to be wrong in this direction costs a miss. */
#include <stdlib.h>
#include <ctype.h>
#include <string.h>

#include "base/strbuf.h"
#include "clex.h"
#include "frontend_lexical.h"

static const struct word {
    const char *text;
    unsigned meaning;
} words[] = {
    {"__attribute__", IS_TEXT},
    {"__attribute", IS_TEXT},
    {"asm", IS_TEXT},
    {"__asm__", IS_TEXT},
    {"__asm", IS_TEXT},
    {"__declspec", IS_TEXT},
    {"_Pragma", IS_TEXT},
    {"__pragma", IS_TEXT},
    {"__LINE__", IS_LINE},
    {"__builtin_LINE", IS_LINE},
    {"__builtin_COLUMN", IS_LINE},
    {"__builtin_source_location", IS_LINE | IS_FILE},
    {"__FILE__", IS_FILE},
    {"__FILE_NAME__", IS_FILE},
    {"__BASE_FILE__", IS_FILE},
    {"__builtin_FILE", IS_FILE},
    {"__builtin_FILE_NAME", IS_FILE},
    {"__COUNTER__", IS_UNIT},
    {"__INCLUDE_LEVEL__", IS_UNIT},
    {"__DATE__", IS_TIME},
    {"__TIME__", IS_TIME},
    {"__TIMESTAMP__", IS_STAMP},
    {"__VERSION__", IS_COMPILER},
    {"_MSC_VER", IS_COMPILER},
    {"__llvm__", IS_COMPILER},
};
static const char *const compiler_prefixes[] = {
    "__clang",    "__GNUC",      "__GCC",         "__has_",     "__INTEL",
    "__OPTIMIZE", "__FAST_MATH", "__FINITE_MATH", "__SANITIZE", "__NO_INLINE"};

/* Pragmas that change the code of functions behind them. */
static const char *const file_pragmas[] = {
    "GCC optimize", "GCC target",  "GCC push_options",     "GCC pop_options", "GCC reset_options",
    "STDC",         "clang fp",    "clang optimize",       "clang attribute", "float_control",
    "fp_contract",  "fenv_access", "scalar_storage_order",
};
/* Pragmas that change no code. */
static const char *const silent_pragmas[] = {
    "GCC diagnostic",
    "GCC warning",
    "GCC error",
    "GCC poison",
    "GCC system_header",
    "clang diagnostic",
    "clang system_header",
    "message",
    "once",
    "region",
    "endregion",
    "mark",
};

unsigned word_meaning(const char *text, size_t len)
{
    if (*text != '_' && *text != 'a')
        return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(words[i].text, text, len) == 0 && words[i].text[len] == '\0')
            return words[i].meaning;
    for (size_t i = 0; i < sizeof compiler_prefixes / sizeof *compiler_prefixes; i++)
        if (strncmp(compiler_prefixes[i], text, strlen(compiler_prefixes[i])) == 0)
            return IS_COMPILER;
    return 0;
}

static bool begins_with_one_of(const char *const *list, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(list[i], text, strlen(list[i])) == 0)
            return true;
    return false;
}
#define BEGINS_WITH_ONE_OF(list, text) begins_with_one_of(list, sizeof(list) / sizeof *(list), text)

bool is_file_pragma(const char *text)
{
    return BEGINS_WITH_ONE_OF(file_pragmas, text);
}

bool is_silent_pragma(const char *text)
{
    return BEGINS_WITH_ONE_OF(silent_pragmas, text);
}

static struct macro **macro_slot(struct lexical *lx, const char *name, size_t len)
{
    unsigned long h = 5381;
    for (size_t i = 0; i < len; i++)
        h = h * 33 + (unsigned char)name[i];
    size_t at = (h * 0x9e3779b97f4a7c15u >> 32) & (lx->cap_macros - 1);
    for (struct macro *m; (m = lx->macros[at]) != NULL; at = (at + 1) & (lx->cap_macros - 1))
        if (m->name_len == len && memcmp(m->name, name, len) == 0)
            break;
    return &lx->macros[at];
}

static void grow_macros(struct lexical *lx)
{
    struct macro **old = lx->macros;
    size_t n = lx->cap_macros;
    lx->cap_macros = n ? n * 2 : 4096;
    lx->macros = arena_alloc(lx->fe->facts.arena, lx->cap_macros * sizeof *lx->macros);
    for (size_t i = 0; i < n; i++)
        if (old[i])
            *macro_slot(lx, old[i]->name, old[i]->name_len) = old[i];
}

void macro_add(struct lexical *lx, const char *text, size_t len, bool is_system)
{
    size_t name_len = 0;
    while (name_len < len && !strchr(" \t\r\n\f\v(\\/", text[name_len]))
        name_len++;
    if (name_len == 0)
        return;
    if (lx->n_macros * 2 >= lx->cap_macros)
        grow_macros(lx);
    struct macro **slot = macro_slot(lx, text, name_len);
    if (!*slot) {
        *slot = ARENA_NEW(lx->fe->facts.arena, struct macro);
        (*slot)->name = text;
        (*slot)->name_len = name_len;
        lx->n_macros++;
    }
    struct macro *m = *slot;
    ARENA_PUSH(lx->fe->facts.arena, m->defs, m->n_defs, m->cap_defs) =
        (struct definition){text, len, is_system};
    if (memmem(text, len, "_Pragma", 7))
        lx->has_pragma_macros = true;
}

/* A system header's assert may say __LINE__: it only prints it, and ends the program. */
static bool is_assert(const struct macro *m)
{
    if (m->name_len != 6 || memcmp(m->name, "assert", 6) != 0)
        return false;
    for (size_t i = 0; i < m->n_defs; i++)
        if (!m->defs[i].is_system)
            return false;
    return true;
}

void name_list_add(struct lexical *lx, struct name_list *names, const char *text, size_t len)
{
    struct arena *a = lx->fe->facts.arena;
    ARENA_PUSH(a, names->items, names->n, names->cap) = arena_strndup(a, text, len);
}

void name_list_add_string(struct lexical *lx, struct name_list *names, const char *spelling,
                          size_t len)
{
    struct strbuf s = STRBUF_INIT;
    if (clex_string_value(spelling, len, &s))
        name_list_add(lx, names, s.buf, s.len);
    strbuf_release(&s);
}

/* A macro's own definition: what it means by itself, and the macros in it. */
struct reading {
    struct lexical *lx;
    struct macro *of;     /* collects */
    struct macro **found; /* reached and not yet read */
    size_t n_found, cap_found;
    unsigned char (*digests)[DIGEST];
    size_t n_digests, cap_digests;
};

/* Behind _Pragma: does its text, if it is spelled here, act on what follows? */
static bool makes_file_pragma(struct clex lx)
{
    struct clex_token t;
    if (clex_next(&lx, &t) == CLEX_PUNCT && clex_is(&lx, &t, "(") &&
        clex_next(&lx, &t) == CLEX_STRING) {
        struct strbuf spelling = STRBUF_INIT, s = STRBUF_INIT;
        clex_spell(&lx, &t, &spelling);
        bool is_text = clex_string_value(spelling.buf, spelling.len, &s);
        bool acts = !is_text || is_file_pragma(s.buf + strspn(s.buf, " \t"));
        strbuf_release(&spelling);
        strbuf_release(&s);
        return acts;
    }
    return true; /* _Pragma(#x): whatever the caller says */
}

static void read_definition(struct reading *r, const struct definition *def)
{
    struct arena *a = r->lx->fe->facts.arena;
    struct strbuf out = STRBUF_INIT;
    struct clex lx;
    struct clex_token t;
    struct name_list *names = &r->of->names;
    size_t n_tokens = 0;
    clex_init(&lx, def->text, def->len);
    while (clex_next(&lx, &t) != CLEX_END) {
        if (t.kind == CLEX_NEWLINE)
            continue;
        size_t begin = out.len;
        clex_spell(&lx, &t, &out);
        const char *text = out.buf + begin;
        size_t len = out.len - begin;
        if (t.kind == CLEX_NAME) {
            unsigned meaning = word_meaning(text, len);
            r->of->meaning |= meaning;
            if (meaning & IS_TEXT && len == 7 && memcmp(text, "_Pragma", 7) == 0)
                r->of->makes_file_pragma |= makes_file_pragma(lx);
            struct macro *m = meaning ? NULL : *macro_slot(r->lx, text, len);
            if (m && m->visited != r->lx->traversal && !is_assert(m)) {
                m->visited = r->lx->traversal;
                ARENA_PUSH(a, r->found, r->n_found, r->cap_found) = m;
            }
            name_list_add(r->lx, names, text, len);
        } else if (t.kind == CLEX_STRING) {
            name_list_add_string(r->lx, names, text, len);
        }
        bool is_function_like = n_tokens == 1 && !t.has_blank && *text == '(';
        strbuf_addc(&out, is_function_like ? 'F' : '\n'); /* F(x) is not F (x) */
        n_tokens++;
    }
    hash_digest(&out, ARENA_PUSH(a, r->digests, r->n_digests, r->cap_digests));
    strbuf_release(&out);
}

static int by_digest(const void *a, const void *b)
{
    return memcmp(a, b, DIGEST);
}

struct macro *macro_named(struct lexical *lx, const char *name, size_t len)
{
    struct macro *m = lx->n_macros ? *macro_slot(lx, name, len) : NULL;
    if (!m || m->is_known)
        return m;
    struct reading r = {.lx = lx, .of = m};
    m->is_known = true;
    m->visited = ++lx->traversal;
    if (!is_assert(m))
        ARENA_PUSH(lx->fe->facts.arena, r.found, r.n_found, r.cap_found) = m;
    for (size_t i = 0; i < r.n_found; i++)
        for (size_t j = 0; j < r.found[i]->n_defs; j++)
            read_definition(&r, &r.found[i]->defs[j]);
    if (r.n_digests)
        qsort(r.digests, r.n_digests, sizeof *r.digests, by_digest);
    struct strbuf all = STRBUF_INIT;
    strbuf_add(&all, r.digests ? r.digests[0] : (unsigned char *)"", r.n_digests * DIGEST);
    hash_digest(&all, m->digest);
    strbuf_release(&all);
    return m;
}

/* ---- clang's text ---- */

/* The condition of an assert as text: it is printed when the program ends, no more. */
static bool is_message_of_assert(const struct strbuf *before)
{
    static const char callee[] = "__assert_fail(";
    size_t len = sizeof callee - 1;
    if (before->len < len || memcmp(before->buf + before->len - len, callee, len) != 0)
        return false;
    char c = before->len > len ? before->buf[before->len - len - 1] : ' ';
    return !isalnum((unsigned char)c) && c != '_' && c != '$';
}

void lexical_printed(const char *p, struct strbuf *out)
{
    struct strbuf text = STRBUF_INIT;
    while (p && *p) {
        const char *begin = p++;
        if (*begin == '"' || *begin == '\'') {
            while (*p && *p != *begin)
                p += p[0] == '\\' && p[1] ? 2 : 1;
            p += *p != '\0';
            if (is_message_of_assert(&text))
                continue;
        }
        strbuf_add(&text, begin, (size_t)(p - begin));
    }
    hash_add_text(out, text.buf, text.len);
    strbuf_release(&text);
}
