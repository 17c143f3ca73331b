/* frontend_lexical.c - what only the text of a declaration shows; see frontend_hash.h.
 *
 * Ordinary code adds nothing here, so that renaming a macro or moving a line is no
 * change. What counts: attributes, asm and pragmas, spelled or made by a macro; uses of
 * __LINE__ and its kin, directly or through macros (but for the assert of a system
 * header: what it prints ends the program); and, where #if stands inside, all tokens,
 * since libclang takes clang's branch and the real compiler may take another. Of a macro
 * all definitions in the unit count, wherever they stand.
 *
 * No text of system headers is read but the macros'. Where libclang reports an error, or
 * a value depends on everything before it (__COUNTER__), the whole text of the unit
 * counts. */
#include "frontend_hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/strbuf.h"
#include "clex.h"

enum { DIGEST = 16, MAX_NESTED = 64, MAX_TAIL = 400 };

enum word_meaning {
    IS_TEXT = 1,     /* begins what clang may drop */
    IS_LINE = 2,     /* its value depends on: the line and column, */
    IS_FILE = 4,     /* the file's name, */
    IS_UNIT = 8,     /* all that stands before, */
    IS_TIME = 16,    /* the time of compilation, */
    IS_STAMP = 32,   /* the time of the file's last change, */
    IS_COMPILER = 64, /* or the compiler */
};

static const struct word {
    const char *text;
    unsigned meaning;
} words[] = {
    {"__attribute__", IS_TEXT},      {"__attribute", IS_TEXT},
    {"asm", IS_TEXT},                {"__asm__", IS_TEXT},
    {"__asm", IS_TEXT},              {"__declspec", IS_TEXT},
    {"_Pragma", IS_TEXT},            {"__pragma", IS_TEXT},
    {"__LINE__", IS_LINE},           {"__builtin_LINE", IS_LINE},
    {"__builtin_COLUMN", IS_LINE},   {"__builtin_source_location", IS_LINE | IS_FILE},
    {"__FILE__", IS_FILE},           {"__FILE_NAME__", IS_FILE},
    {"__BASE_FILE__", IS_FILE},      {"__builtin_FILE", IS_FILE},
    {"__builtin_FILE_NAME", IS_FILE}, {"__COUNTER__", IS_UNIT},
    {"__INCLUDE_LEVEL__", IS_UNIT},  {"__DATE__", IS_TIME},
    {"__TIME__", IS_TIME},           {"__TIMESTAMP__", IS_STAMP},
    {"__VERSION__", IS_COMPILER},    {"_MSC_VER", IS_COMPILER},
    {"__llvm__", IS_COMPILER},
};
static const char *const compiler_prefixes[] = {"__clang", "__GNUC", "__has_", "__INTEL"};

/* Pragmas that change the code of functions behind them. */
static const char *const file_pragmas[] = {
    "GCC optimize", "GCC target", "GCC push_options", "GCC pop_options", "GCC reset_options",
    "STDC", "clang fp", "clang optimize", "clang attribute", "float_control", "fp_contract",
    "fenv_access", "scalar_storage_order",
};
/* Pragmas that change no code. */
static const char *const silent_pragmas[] = {
    "GCC diagnostic", "GCC warning", "GCC error", "GCC poison", "GCC system_header",
    "clang diagnostic", "clang system_header", "message", "once", "region", "endregion", "mark",
};

struct definition {
    const char *text; /* from its name on */
    size_t len;
    bool is_system;
};
struct macro {
    const char *name;
    size_t name_len;
    struct definition *defs;
    size_t n_defs, cap_defs;
    unsigned long visited; /* number of the last traversal that came by */
    /* Of it and all macros that it mentions: */
    bool is_known;
    unsigned meaning; /* enum word_meaning */
    bool makes_file_pragma;
    unsigned char digest[DIGEST];
    struct name_list names; /* all words and strings in them */
};

struct use {
    struct macro *macro;
    CXCursor cursor;
};

/* A place in a file where a pragma is switched, or a file with such places comes in. */
struct event {
    size_t offset;
    const char *text;                  /* NULL: */
    struct unit_text *inclusion;
};
struct unit_text { /* a file that is no system header */
    const struct source *src;
    CXFile file;
    const struct source *includer; /* NULL: the main file */
    size_t include_offset;         /* in the includer, of the first inclusion */
    struct event *events;          /* by offset */
    size_t n_events, cap_events;
    bool is_open; /* being traversed */
};

struct inclusion {
    const struct source *includer;
    size_t offset;
    struct unit_text *included;
};

struct error_place {
    const struct source *src;
    size_t offset;
};

struct lexical {
    struct frontend *fe;
    struct macro **macros; /* open addressing */
    size_t n_macros, cap_macros;
    struct use *uses; /* of macros that make a pragma */
    size_t n_uses, cap_uses;
    unsigned long traversal;
    struct unit_text **texts; /* in order of first inclusion; the main file first */
    size_t n_texts, cap_texts;
    struct inclusion *inclusions;
    size_t n_inclusions, cap_inclusions;
    struct error_place *errors;
    size_t n_errors, cap_errors;
    bool has_pragma_macros, has_events;
    bool has_digest;
    unsigned char digest[DIGEST]; /* of all texts */
};

/* ---- words and macros ---- */

static unsigned meaning_of(const char *text, size_t len)
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
#define BEGINS_WITH_ONE_OF(list, text)                                                             \
    begins_with_one_of(list, sizeof(list) / sizeof *(list), text)

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

/* text and its name stay where they are. */
static void add_definition(struct lexical *lx, const char *text, size_t len, bool is_system)
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

static void add_names_of_string(struct lexical *lx, const char *spelling, size_t len,
                                struct name_list *names)
{
    struct strbuf s = STRBUF_INIT;
    if (clex_string_value(spelling, len, &s))
        ARENA_PUSH(lx->fe->facts.arena, names->items, names->n, names->cap) =
            arena_strndup(lx->fe->facts.arena, s.buf, s.len);
    strbuf_release(&s);
}

/* A macro's own definition: what it means by itself, and the macros in it. */
struct reading {
    struct lexical *lx;
    struct macro *of;          /* collects */
    struct macro **found;      /* reached and not yet read */
    size_t n_found, cap_found;
    unsigned char (*digests)[DIGEST];
    size_t n_digests, cap_digests;
};

/* Behind _Pragma: does its text, if it is spelled here, act on what follows? */
static bool is_file_pragma(struct clex lx)
{
    struct clex_token t;
    if (clex_next(&lx, &t) == CLEX_PUNCT && clex_is(&lx, &t, "(") &&
        clex_next(&lx, &t) == CLEX_STRING) {
        struct strbuf spelling = STRBUF_INIT, s = STRBUF_INIT;
        clex_spell(&lx, &t, &spelling);
        bool is_text = clex_string_value(spelling.buf, spelling.len, &s);
        bool acts = !is_text || BEGINS_WITH_ONE_OF(file_pragmas, s.buf + strspn(s.buf, " \t"));
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
            unsigned meaning = meaning_of(text, len);
            r->of->meaning |= meaning;
            if (meaning & IS_TEXT && len == 7 && memcmp(text, "_Pragma", 7) == 0)
                r->of->makes_file_pragma |= is_file_pragma(lx);
            struct macro *m = meaning ? NULL : *macro_slot(r->lx, text, len);
            if (m && m->visited != r->lx->traversal && !is_assert(m)) {
                m->visited = r->lx->traversal;
                ARENA_PUSH(a, r->found, r->n_found, r->cap_found) = m;
            }
            ARENA_PUSH(a, names->items, names->n, names->cap) = arena_strndup(a, text, len);
        } else if (t.kind == CLEX_STRING) {
            add_names_of_string(r->lx, text, len, names);
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

/* The macro of that name with all members known, or NULL. */
static struct macro *macro_named(struct lexical *lx, const char *name, size_t len)
{
    struct macro *m = *macro_slot(lx, name, len);
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

/* ---- values that depend on the place ---- */

static struct unit_text *text_of(struct lexical *lx, const struct source *src)
{
    for (size_t i = 0; i < lx->n_texts; i++)
        if (lx->texts[i]->src == src)
            return lx->texts[i];
    return NULL;
}

static void add_all_texts(struct lexical *lx, struct strbuf *out)
{
    if (!lx->has_digest) {
        struct strbuf all = STRBUF_INIT;
        for (size_t i = 0; i < lx->n_texts; i++)
            hash_add_text(&all, lx->texts[i]->src->text, lx->texts[i]->src->len);
        hash_digest(&all, lx->digest);
        strbuf_release(&all);
        lx->has_digest = true;
    }
    strbuf_adds(out, "unit:");
    strbuf_add(out, lx->digest, DIGEST);
}

/* What __DATE__ and __TIME__ are made of: another one for each compilation, unless the
 * user fixes it as compilers allow. */
static void add_time(struct strbuf *out)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (fixed)
        strbuf_addf(out, "epoch:%s;", fixed);
    else
        strbuf_addf(out, "time:%lld;", (long long)now.tv_sec);
}

static void add_stamp(struct strbuf *out, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        strbuf_addf(out, "changed:%lld;", (long long)st.st_mtime);
    else
        add_time(out);
}

/* Where [begin, end) is expanded, as far as the meaning of its words asks for it. */
static void add_place(struct lexical *lx, unsigned meaning, const struct source *src, size_t begin,
                      size_t end, struct strbuf *out)
{
    const struct unit_text *text = text_of(lx, src);
    if (meaning & IS_UNIT || !text)
        add_all_texts(lx, out);
    if (meaning & IS_TIME)
        add_time(out);
    if (!text)
        return;
    CXString name;
    unsigned first, last, col;
    CXTranslationUnit tu = lx->fe->p->tu;
    lc.getPresumedLocation(lc.getLocationForOffset(tu, text->file, (unsigned)end - 1), &name, &last,
                           NULL);
    lc.disposeString(name);
    lc.getPresumedLocation(lc.getLocationForOffset(tu, text->file, (unsigned)begin), &name, &first,
                           &col);
    const char *path = frontend_string(lx->fe, name);
    if (meaning & IS_LINE)
        strbuf_addf(out, "line:%u-%u:%u;", first, last, col);
    if (meaning & IS_FILE) {
        hash_add_text(out, path, strlen(path));
        hash_add_text(out, lx->fe->p->request->path, strlen(lx->fe->p->request->path));
    }
    if (meaning & IS_STAMP)
        add_stamp(out, path);
}

/* ---- reading a declaration ---- */

struct scan {
    struct lexical *lexical;
    const struct source *src;
    struct clex lx;
    struct strbuf *out;
    struct name_list *names;
    bool has_conditionals;
    unsigned depth; /* of inclusions */
};

static void add_name(struct scan *s, const char *text, size_t len)
{
    struct arena *a = s->lexical->fe->facts.arena;
    ARENA_PUSH(a, s->names->items, s->names->n, s->names->cap) = arena_strndup(a, text, len);
}

static void add_macro(struct scan *s, const struct macro *m)
{
    struct arena *a = s->lexical->fe->facts.arena;
    strbuf_adds(s->out, "macro:");
    strbuf_add(s->out, m->digest, DIGEST);
    for (size_t i = 0; i < m->names.n; i++)
        ARENA_PUSH(a, s->names->items, s->names->n, s->names->cap) = m->names.items[i];
}

/* A token as it is; names and macros in it count. */
static void add_token(struct scan *s, const struct clex_token *t)
{
    struct strbuf text = STRBUF_INIT;
    clex_spell(&s->lx, t, &text);
    hash_add_text(s->out, text.buf, text.len);
    if (t->kind == CLEX_NAME) {
        unsigned place = meaning_of(text.buf, text.len) & ~(unsigned)(IS_TEXT | IS_COMPILER);
        struct macro *m = macro_named(s->lexical, text.buf, text.len);
        add_name(s, text.buf, text.len);
        if (m)
            add_macro(s, m);
        place |= m ? m->meaning & ~(unsigned)(IS_TEXT | IS_COMPILER) : 0;
        if (place)
            add_place(s->lexical, place, s->src, t->begin, t->end, s->out);
    } else if (t->kind == CLEX_STRING) {
        add_names_of_string(s->lexical, text.buf, text.len, s->names);
    }
    strbuf_release(&text);
}

/* Go to the end of a parenthesis that begins with the next token; *end is behind it,
 * and unchanged if there is none. */
static void skip_parentheses(struct clex lx, size_t *end)
{
    struct clex_token t;
    size_t depth = 0;
    do {
        do {
            if (clex_next(&lx, &t) == CLEX_END)
                return;
        } while (t.kind == CLEX_NEWLINE);
        if (t.kind == CLEX_PUNCT && clex_is(&lx, &t, "("))
            depth++;
        else if (t.kind == CLEX_PUNCT && clex_is(&lx, &t, ")") && depth > 0)
            depth--;
        else if (depth == 0)
            return;
    } while (depth > 0);
    *end = t.end;
}

static void add_tokens_to(struct scan *s, size_t end)
{
    struct clex_token t;
    while (s->lx.pos < end && clex_next(&s->lx, &t) != CLEX_END)
        if (t.kind != CLEX_NEWLINE)
            add_token(s, &t);
}

/* Behind one of the words that begin what clang may drop. */
static void scan_text(struct scan *s, const struct clex_token *word)
{
    struct clex_token t;
    struct clex at = s->lx;
    while (clex_next(&at, &t) == CLEX_NAME || t.kind == CLEX_NEWLINE)
        s->lx = at; /* asm volatile goto */
    size_t end = s->lx.pos;
    skip_parentheses(s->lx, &end);
    if (clex_is(&s->lx, word, "_Pragma")) {
        struct clex inner = s->lx;
        struct strbuf spelling = STRBUF_INIT, text = STRBUF_INIT;
        clex_next(&inner, &t);
        if (clex_next(&inner, &t) == CLEX_STRING)
            clex_spell(&inner, &t, &spelling);
        bool is_quiet = clex_string_value(spelling.buf, spelling.len, &text) &&
                        (site_is_ours(text.buf, text.len) ||
                         BEGINS_WITH_ONE_OF(silent_pragmas, text.buf));
        strbuf_release(&spelling);
        strbuf_release(&text);
        if (is_quiet) {
            s->lx.pos = end;
            return;
        }
    }
    add_token(s, word);
    add_tokens_to(s, end);
}

static void scan_range(struct scan *s, size_t begin, size_t end, bool has_tail);

/* A file included inside a declaration: a table, mostly. */
static void scan_inclusion(struct scan *s, size_t begin, size_t end)
{
    struct lexical *lx = s->lexical;
    if (s->depth++ < MAX_NESTED)
        for (size_t i = 0; i < lx->n_inclusions; i++) {
            const struct inclusion *in = &lx->inclusions[i];
            if (in->includer != s->src || in->offset < begin || in->offset > end)
                continue;
            struct scan inner = *s;
            inner.src = in->included->src;
            scan_range(&inner, 0, inner.src->len, false);
            s->has_conditionals |= inner.has_conditionals;
        }
    s->depth--;
}

/* From behind '#'; leaves the rest of the line, its end too. */
static void scan_directive(struct scan *s, size_t begin)
{
    static const char *const conditionals[] = {"if",   "ifdef",   "ifndef",   "elif",
                                               "else", "elifdef", "elifndef", "endif"};
    struct clex_token t;
    if (clex_next(&s->lx, &t) == CLEX_NEWLINE || t.kind == CLEX_END)
        return;
    bool is_pragma = clex_is(&s->lx, &t, "pragma"), is_include = clex_is(&s->lx, &t, "include");
    for (size_t i = 0; i < sizeof conditionals / sizeof *conditionals; i++)
        s->has_conditionals |= clex_is(&s->lx, &t, conditionals[i]);
    struct clex line = s->lx;
    struct strbuf text = STRBUF_INIT;
    while (clex_next(&s->lx, &t) != CLEX_END && t.kind != CLEX_NEWLINE) {
        if (text.len)
            strbuf_addc(&text, ' ');
        clex_spell(&s->lx, &t, &text);
    }
    if (is_include)
        scan_inclusion(s, begin, s->lx.pos);
    if (is_pragma && !site_is_ours(text.buf, text.len) &&
        !BEGINS_WITH_ONE_OF(silent_pragmas, text.buf)) {
        struct clex behind = s->lx;
        strbuf_adds(s->out, "pragma:");
        s->lx = line;
        add_tokens_to(s, behind.pos);
        s->lx = behind;
    }
    strbuf_release(&text);
}

static void scan_name(struct scan *s, const struct clex_token *t)
{
    const char *text = s->src->text + t->begin;
    size_t len = t->end - t->begin;
    struct strbuf spelling = STRBUF_INIT;
    if (t->is_spliced) {
        clex_spell(&s->lx, t, &spelling);
        text = spelling.buf;
        len = spelling.len;
    }
    unsigned meaning = meaning_of(text, len);
    struct macro *m = meaning ? NULL : macro_named(s->lexical, text, len);
    strbuf_release(&spelling);
    if (meaning & IS_TEXT)
        scan_text(s, t);
    if (m && m->meaning & IS_TEXT)
        add_macro(s, m);
    meaning |= m ? m->meaning : 0;
    meaning &= ~(unsigned)(IS_TEXT | IS_COMPILER);
    if (meaning) {
        size_t end = t->end;
        if (m)
            skip_parentheses(s->lx, &end);
        add_place(s->lexical, meaning, s->src, t->begin, end, s->out);
    }
}

/* [[...]]: from its first bracket. */
static void scan_brackets(struct scan *s, const struct clex_token *first)
{
    struct clex at = s->lx;
    struct clex_token t;
    if (clex_next(&at, &t) != CLEX_PUNCT || !clex_is(&at, &t, "[") || t.has_blank)
        return;
    add_token(s, first);
    for (size_t depth = 1; depth > 0 && clex_next(&s->lx, &t) != CLEX_END;) {
        if (t.kind == CLEX_NEWLINE)
            continue;
        add_token(s, &t);
        depth += clex_is(&s->lx, &t, "[");
        depth -= clex_is(&s->lx, &t, "]");
    }
}

/* has_tail: attributes may stand between the end and the next ; , = or {. */
static void scan_range(struct scan *s, size_t begin, size_t end, bool has_tail)
{
    struct clex_token t;
    clex_init(&s->lx, s->src->text, has_tail ? s->src->len : end);
    s->lx.pos = begin > s->lx.pos ? begin : s->lx.pos;
    s->lx.at_line_start = begin == 0;
    unsigned n_tail = 0;
    while (clex_next(&s->lx, &t) != CLEX_END) {
        bool is_tail = t.begin >= end;
        if (is_tail && (++n_tail > MAX_TAIL ||
                        (t.kind == CLEX_PUNCT && strchr(";,={}", s->src->text[t.begin]))))
            break;
        if (t.kind == CLEX_PUNCT && t.at_line_start && clex_is(&s->lx, &t, "#")) {
            if (is_tail)
                break;
            scan_directive(s, t.begin);
        } else if (t.kind == CLEX_NAME) {
            scan_name(s, &t);
        } else if (t.kind == CLEX_PUNCT && s->src->text[t.begin] == '[') {
            scan_brackets(s, &t);
        }
    }
}

/* Everything but our own pragmas, in all branches. */
static void add_whole(struct scan *s, size_t begin, size_t end)
{
    struct clex_token t;
    clex_init(&s->lx, s->src->text, end);
    s->lx.pos = begin > s->lx.pos ? begin : s->lx.pos;
    s->lx.at_line_start = begin == 0;
    while (clex_next(&s->lx, &t) != CLEX_END) {
        if (t.kind == CLEX_NEWLINE)
            continue;
        struct clex at = s->lx;
        struct clex_token word;
        if (t.at_line_start && clex_is(&s->lx, &t, "#") && clex_next(&at, &word) == CLEX_NAME &&
            clex_is(&at, &word, "pragma"))
            scan_directive(s, t.begin);
        else if (t.kind == CLEX_NAME && clex_is(&s->lx, &t, "_Pragma"))
            scan_text(s, &t);
        else
            add_token(s, &t);
    }
}

/* [[...]] in front of a declaration is no part of its extent. */
static size_t widen_begin(const struct source *src, size_t begin)
{
    size_t at = begin;
    while (at > 0 && strchr(" \t\r\n\f\v", src->text[at - 1]))
        at--;
    if (at < 4 || src->text[at - 1] != ']' || src->text[at - 2] != ']')
        return begin;
    for (at -= 2; at > 1 && !strchr(";{}", src->text[at]); at--)
        if (src->text[at - 1] == '[' && src->text[at - 2] == '[')
            return at - 2;
    return begin;
}

void lexical_declaration(struct lexical *lx, struct src_range range, bool has_body,
                         struct strbuf *out, struct name_list *names)
{
    const struct source *src = range.src;
    if (!src)
        return;
    for (size_t i = 0; i < lx->n_errors; i++)
        if (lx->errors[i].src == src && lx->errors[i].offset >= range.begin &&
            lx->errors[i].offset <= range.end) {
            strbuf_adds(out, "error:");
            add_all_texts(lx, out);
            break;
        }
    struct scan s = {.lexical = lx, .src = src, .out = out, .names = names};
    size_t begin = widen_begin(src, range.begin);
    scan_range(&s, begin, range.end, !has_body);
    if (s.has_conditionals)
        add_whole(&s, begin, range.end);
}

/* ---- pragmas in force ---- */

static int by_offset(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static struct event *add_event(struct lexical *lx, struct unit_text *text, size_t offset)
{
    struct event *e = &ARENA_PUSH(lx->fe->facts.arena, text->events, text->n_events,
                                  text->cap_events);
    *e = (struct event){.offset = offset};
    return e;
}

static void find_pragmas(struct lexical *lx, struct unit_text *text)
{
    struct site_list sites = {0};
    if (!memmem(text->src->text, text->src->len, "ragma", 5))
        return;
    sites_find(&sites, lx->fe->facts.arena, text->src);
    for (size_t i = 0; i < sites.n_others; i++)
        if (BEGINS_WITH_ONE_OF(file_pragmas, sites.others[i].text)) {
            add_event(lx, text, sites.others[i].begin)->text = sites.others[i].text;
            lx->has_events = true;
        }
}

/* FAST_MATH_ON, which expands to _Pragma("GCC optimize ..."). */
static void find_pragmas_of_macros(struct lexical *lx)
{
    for (size_t i = 0; i < lx->n_uses; i++) {
        const struct macro *m = lx->uses[i].macro;
        struct src_range r = frontend_cursor_range(lx->fe, lx->uses[i].cursor);
        for (size_t j = 0; r.src && j < lx->n_texts; j++)
            if (lx->texts[j]->src == r.src) {
                struct strbuf s = STRBUF_INIT;
                hash_add_text(&s, r.src->text + r.begin, r.end - r.begin);
                for (size_t k = 0; k < DIGEST; k++)
                    strbuf_addf(&s, "%02x", m->digest[k]);
                add_event(lx, lx->texts[j], r.begin)->text =
                    arena_strndup(lx->fe->facts.arena, s.buf, s.len);
                strbuf_release(&s);
                lx->has_events = true;
            }
    }
}

static void find_events(struct lexical *lx)
{
    for (size_t i = 0; i < lx->n_texts; i++)
        find_pragmas(lx, lx->texts[i]);
    if (lx->has_pragma_macros)
        find_pragmas_of_macros(lx);
    for (size_t i = 0; lx->has_events && i < lx->n_inclusions; i++) {
        const struct inclusion *in = &lx->inclusions[i];
        for (size_t j = 0; j < lx->n_texts; j++)
            if (lx->texts[j]->src == in->includer)
                add_event(lx, lx->texts[j], in->offset)->inclusion = in->included;
    }
    for (size_t i = 0; i < lx->n_texts; i++)
        if (lx->texts[i]->n_events)
            qsort(lx->texts[i]->events, lx->texts[i]->n_events, sizeof(struct event), by_offset);
}

static void add_events(struct unit_text *text, size_t before, struct strbuf *out)
{
    if (text->is_open)
        return; /* a file that includes itself */
    text->is_open = true;
    for (size_t i = 0; i < text->n_events && text->events[i].offset < before; i++)
        if (text->events[i].text)
            hash_add_text(out, text->events[i].text, strlen(text->events[i].text));
        else
            add_events(text->events[i].inclusion, (size_t)-1, out);
    text->is_open = false;
}

void lexical_pragmas(struct lexical *lx, struct src_range range, struct strbuf *out)
{
    struct unit_text *text = range.src ? text_of(lx, range.src) : NULL;
    if (!lx->has_events || !text)
        return;
    /* From the inside out: what stands before the place, before the #include of its
     * file, and so on. */
    size_t before = range.begin;
    for (unsigned depth = 0; text && depth < MAX_NESTED; depth++) {
        add_events(text, before, out);
        before = text->include_offset;
        text = text->includer ? text_of(lx, text->includer) : NULL;
    }
}

/* ---- code for another compiler ---- */

struct conditional {
    size_t begin;
    bool is_foreign;
};

static bool mentions_compiler(struct lexical *lx, struct clex *at)
{
    struct clex_token t;
    struct strbuf text = STRBUF_INIT;
    bool found = false;
    while (clex_next(at, &t) != CLEX_END && t.kind != CLEX_NEWLINE) {
        if (t.kind != CLEX_NAME)
            continue;
        strbuf_clear(&text);
        clex_spell(at, &t, &text);
        struct macro *m = macro_named(lx, text.buf, text.len);
        found |= ((meaning_of(text.buf, text.len) | (m ? m->meaning : 0)) & IS_COMPILER) != 0;
    }
    strbuf_release(&text);
    return found;
}

static void add_foreign_of(struct lexical *lx, const struct source *src, struct strbuf *out,
                           struct name_list *names)
{
    struct conditional open[MAX_NESTED];
    size_t n = 0;
    struct clex at;
    struct clex_token t;
    clex_init(&at, src->text, src->len);
    while (clex_next(&at, &t) != CLEX_END) {
        size_t begin = t.begin;
        if (t.kind != CLEX_PUNCT || !t.at_line_start || !clex_is(&at, &t, "#") ||
            clex_next(&at, &t) != CLEX_NAME)
            continue;
        if (clex_is(&at, &t, "if") || clex_is(&at, &t, "ifdef") || clex_is(&at, &t, "ifndef")) {
            bool is_foreign = mentions_compiler(lx, &at);
            if (n < MAX_NESTED)
                open[n] = (struct conditional){begin, is_foreign};
            n++;
        } else if (clex_is(&at, &t, "elif")) {
            bool is_foreign = mentions_compiler(lx, &at);
            if (n > 0 && n <= MAX_NESTED)
                open[n - 1].is_foreign |= is_foreign;
        } else if (clex_is(&at, &t, "endif") && n > 0) {
            n--;
            if (n >= MAX_NESTED || !open[n].is_foreign)
                continue;
            struct scan s = {.lexical = lx, .src = src, .out = out, .names = names};
            add_whole(&s, open[n].begin, t.end);
        }
    }
}

void lexical_foreign(struct lexical *lx, struct strbuf *out, struct name_list *names)
{
    for (size_t i = 0; i < lx->n_texts; i++)
        add_foreign_of(lx, lx->texts[i]->src, out, names);
}

/* ---- a unit ---- */

static void read_macro_definition(struct lexical *lx, CXCursor c)
{
    unsigned begin, end;
    CXFile f;
    CXSourceRange r = lc.getCursorExtent(c);
    lc.getFileLocation(lc.getRangeStart(r), &f, NULL, NULL, &begin);
    if (!f)
        return;
    lc.getFileLocation(lc.getRangeEnd(r), NULL, NULL, NULL, &end);
    struct opened_file *o = frontend_file(lx->fe, f);
    if (!o || end <= begin || end > o->src.len)
        return;
    const char *text = o->src.text + begin;
    if (strncmp(text, SITES_MARKER, sizeof SITES_MARKER - 1) != 0)
        add_definition(lx, text, end - begin, lc.Location_isInSystemHeader(lc.getRangeStart(r)));
}

static enum CXChildVisitResult visit_macro(CXCursor c, CXCursor parent, CXClientData data)
{
    struct lexical *lx = data;
    (void)parent;
    if (lc.getCursorKind(c) == CXCursor_MacroDefinition)
        read_macro_definition(lx, c);
    return CXChildVisit_Continue;
}

/* Macros that may make a pragma are few; only their uses are kept. */
static enum CXChildVisitResult visit_use(CXCursor c, CXCursor parent, CXClientData data)
{
    struct lexical *lx = data;
    (void)parent;
    if (lc.getCursorKind(c) != CXCursor_MacroExpansion)
        return CXChildVisit_Continue;
    CXString s = lc.getCursorSpelling(c);
    const char *name = lc.getCString(s);
    struct macro *m = macro_named(lx, name, strlen(name));
    if (m && m->makes_file_pragma && !lc.Location_isInSystemHeader(lc.getCursorLocation(c)))
        ARENA_PUSH(lx->fe->facts.arena, lx->uses, lx->n_uses, lx->cap_uses) = (struct use){m, c};
    lc.disposeString(s);
    return CXChildVisit_Continue;
}

/* -DNAME=value stands in no file. */
static void read_options(struct lexical *lx)
{
    const struct unit_request *rq = lx->fe->p->request;
    for (size_t i = 0; i < rq->n_args; i++) {
        const char *a = rq->args[i];
        if (strncmp(a, "-D", 2) != 0)
            continue;
        a = a[2] ? a + 2 : i + 1 < rq->n_args ? rq->args[++i] : "";
        char *text = arena_strdup(lx->fe->facts.arena, a), *eq = strchr(text, '=');
        if (eq)
            *eq = ' ';
        add_definition(lx, text, strlen(text), false);
    }
}

static void visit_inclusion(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    struct lexical *lx = data;
    struct arena *a = lx->fe->facts.arena;
    if (lc.Location_isInSystemHeader(lc.getLocationForOffset(lx->fe->p->tu, file, 0)))
        return;
    struct opened_file *o = frontend_file(lx->fe, file);
    if (!o)
        return;
    const struct source *src = o->unit_file ? &o->unit_file->src : &o->src, *includer = NULL;
    unsigned offset = 0;
    if (depth > 0) {
        CXFile f;
        lc.getExpansionLocation(stack[0], &f, NULL, NULL, &offset);
        struct opened_file *by = frontend_file(lx->fe, f);
        includer = !by ? NULL : by->unit_file ? &by->unit_file->src : &by->src;
    }
    struct unit_text *text = text_of(lx, src);
    if (!text) {
        text = ARENA_NEW(a, struct unit_text);
        *text = (struct unit_text){.src = src, .file = file, .includer = includer};
        text->include_offset = offset;
        ARENA_PUSH(a, lx->texts, lx->n_texts, lx->cap_texts) = text;
    }
    if (includer)
        ARENA_PUSH(a, lx->inclusions, lx->n_inclusions, lx->cap_inclusions) =
            (struct inclusion){includer, offset, text};
}

static void read_errors(struct lexical *lx)
{
    unsigned n = lc.getNumDiagnostics(lx->fe->p->tu);
    for (unsigned i = 0; i < n; i++) {
        CXDiagnostic d = lc.getDiagnostic(lx->fe->p->tu, i);
        unsigned offset;
        CXFile f;
        lc.getExpansionLocation(lc.getDiagnosticLocation(d), &f, NULL, NULL, &offset);
        struct opened_file *o = frontend_file(lx->fe, f);
        if (o && lc.getDiagnosticSeverity(d) >= CXDiagnostic_Error)
            ARENA_PUSH(lx->fe->facts.arena, lx->errors, lx->n_errors, lx->cap_errors) =
                (struct error_place){o->unit_file ? &o->unit_file->src : &o->src, offset};
        lc.disposeDiagnostic(d);
    }
}

struct lexical *lexical_new(struct frontend *fe)
{
    struct lexical *lx = ARENA_NEW(fe->facts.arena, struct lexical);
    CXCursor unit = lc.getTranslationUnitCursor(fe->p->tu);
    lx->fe = fe;
    grow_macros(lx);
    read_options(lx);
    lc.visitChildren(unit, visit_macro, lx);
    lc.getInclusions(fe->p->tu, visit_inclusion, lx);
    if (lx->has_pragma_macros)
        lc.visitChildren(unit, visit_use, lx);
    find_events(lx);
    read_errors(lx);
    return lx;
}
