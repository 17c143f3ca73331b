/* sites.c - see sites.h. */
#include "sites.h"

#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "clex.h"

static const char *const kind_names[PRAGMA_KINDS] = {
    [PRAGMA_MEMO] = "memo",
    [PRAGMA_CONCURRENT] = "concurrent",
    [PRAGMA_SYNCHRONIZED] = "synchronized",
    [PRAGMA_CHECKPOINT] = "checkpoint",
};

const char *pragma_kind_name(enum pragma_kind kind)
{
    return kind_names[kind];
}

/* Pragmas of others that change the code of what follows, or the layout of its
 * types. All that begin with these words. */
static const char *const code_pragmas[] = {
    "GCC optimize",
    "GCC target",
    "GCC push_options",
    "GCC pop_options",
    "GCC reset_options",
    "GCC ivdep",
    "GCC unroll",
    "GCC novector",
    "STDC FP_CONTRACT",
    "STDC FENV_ACCESS",
    "STDC FENV_ROUND",
    "STDC FENV_DEC_ROUND",
    "STDC CX_LIMITED_RANGE",
    "clang fp",
    "clang optimize",
    "clang attribute",
    "clang loop",
    "float_control",
    "fp_contract",
    "fenv_access",
    "pack",
    "ms_struct",
    "scalar_storage_order",
    "unroll",
    "nounroll",
    "redefine_extname",
    "weak",
};

/* A text without splices, and where its bytes come from. */
struct mapped {
    struct strbuf text;
    size_t *offsets; /* text.len + 1 of them, in the arena */
    size_t cap;
};

static void mapped_add(struct mapped *m, struct arena *arena, char c, size_t offset)
{
    size_t n = m->text.len;
    ARENA_PUSH(arena, m->offsets, n, m->cap) = offset;
    strbuf_addc(&m->text, c);
}

/* Append the bytes [begin, end) of src but splices and line ends; `as` instead of each
 * if it isn't NUL. */
static void mapped_copy(struct mapped *m, struct arena *arena, const struct source *src,
                        size_t begin, size_t end, char as)
{
    for (size_t i = begin; i < end;) {
        size_t n = clex_splice(src->text, src->len, i);
        char c = src->text[i];
        if (n == 0 && c != '\n' && c != '\r')
            mapped_add(m, arena, as ? as : c, i);
        i += n ? n : 1;
    }
}

static void mapped_end(struct mapped *m, struct arena *arena, size_t offset)
{
    size_t n = m->text.len;
    ARENA_PUSH(arena, m->offsets, n, m->cap) = offset;
}

/* Which pragma of ours is this (what stands behind #pragma)? *behind is where the
 * clauses begin. */
static bool kind_of(const char *text, size_t len, enum pragma_kind *kind, size_t *behind)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, text, len);
    if (clex_next(&lx, &t) != CLEX_NAME)
        return false;
    for (int k = 0; k < PRAGMA_KINDS; k++)
        if (clex_is(&lx, &t, kind_names[k])) {
            *kind = (enum pragma_kind)k;
            *behind = t.end;
            return true;
        }
    return false;
}

bool site_is_ours(const char *text, size_t len)
{
    enum pragma_kind kind;
    size_t behind;
    return kind_of(text, len, &kind, &behind);
}

/* In text[0..len), comments become blanks (a line comment ends it: there is one line). */
static void blank_comments(char *text, size_t len)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, text, len);
    lx.keeps_comments = true;
    while (clex_next(&lx, &t) != CLEX_END)
        if (t.kind == CLEX_COMMENT)
            memset(text + t.begin, ' ', t.end - t.begin);
}

bool site_of_macro(struct pragma_site *out, struct arena *arena, const struct source *src,
                   size_t begin, size_t end, const char *text, size_t len)
{
    enum pragma_kind kind;
    size_t behind;
    if (!kind_of(text, len, &kind, &behind))
        return false;
    char *copy = arena_strndup(arena, text + behind, len - behind);
    blank_comments(copy, len - behind);
    *out = (struct pragma_site){.kind = kind,
                                .src = src,
                                .begin = begin,
                                .end = end,
                                .is_operator = true,
                                .is_macro = true,
                                .text = copy,
                                .text_len = len - behind};
    return true;
}

struct finder {
    struct site_list *out;
    struct arena *arena;
    const struct source *src;
    struct clex lx;
};

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool sites_is_directive(const char *text)
{
    static const char *const words[] = {"omp", "ompx", "acc", "cilk"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(text, words[i], n) == 0 && !is_word_char(text[n]))
            return true;
    }
    return false;
}

/* One of code_pragmas, or of others' parallelism? Then note it. */
static void note_other(struct finder *f, size_t begin, size_t end, const char *text, size_t len)
{
    struct strbuf s = STRBUF_INIT;
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, text, len);
    while (clex_next(&lx, &t) != CLEX_END) {
        if (s.len && t.has_blank)
            strbuf_addc(&s, ' ');
        clex_spell(&lx, &t, &s);
    }
    if (sites_is_directive(s.buf))
        ARENA_PUSH(f->arena, f->out->directives, f->out->n_directives, f->out->cap_directives) =
            (struct parallel_directive){begin, end, false};
    for (size_t i = 0; i < sizeof code_pragmas / sizeof *code_pragmas; i++) {
        size_t n = strlen(code_pragmas[i]);
        if (strncmp(s.buf, code_pragmas[i], n) != 0 || is_word_char(s.buf[n]))
            continue;
        ARENA_PUSH(f->arena, f->out->others, f->out->n_others, f->out->cap_others) =
            (struct other_pragma){begin, end, arena_strndup(f->arena, s.buf, s.len)};
        break;
    }
    strbuf_release(&s);
}

/* A whole pragma, without its #pragma or quotes: ours, another to note, or neither.
 * Returns true if it is ours. */
static bool add_pragma(struct finder *f, size_t begin, size_t end, struct mapped *m,
                       bool is_operator)
{
    enum pragma_kind kind;
    size_t behind;
    if (!kind_of(m->text.buf, m->text.len, &kind, &behind)) {
        note_other(f, begin, end, m->text.buf, m->text.len);
        return false;
    }
    blank_comments(m->text.buf, m->text.len);
    struct site_list *out = f->out;
    ARENA_PUSH(f->arena, out->sites, out->n_sites, out->cap_sites) = (struct pragma_site){
        .kind = kind,
        .src = f->src,
        .begin = begin,
        .end = end,
        .is_operator = is_operator,
        .text = arena_strndup(f->arena, m->text.buf + behind, m->text.len - behind),
        .text_len = m->text.len - behind,
        .offsets = m->offsets + behind};
    return true;
}

/* Behind #pragma; `begin` is the '#'. Comments become blanks here already, since one
 * that spans lines has no place in a text of one line. */
static void pragma_directive(struct finder *f, size_t begin)
{
    struct mapped m = {.text = STRBUF_INIT};
    struct clex_token t;
    size_t end = f->lx.pos, last = end;
    f->lx.keeps_comments = true;
    while (clex_next(&f->lx, &t) != CLEX_END && t.kind != CLEX_NEWLINE) {
        mapped_copy(&m, f->arena, f->src, last, t.begin, ' ');
        mapped_copy(&m, f->arena, f->src, t.begin, t.end, t.kind == CLEX_COMMENT ? ' ' : '\0');
        last = end = t.end;
    }
    f->lx.keeps_comments = false;
    /* Blanks behind the last token are the directive's, a line end is not. */
    end = t.begin;
    if (end > begin && f->src->text[end - 1] == '\r')
        end--;
    mapped_end(&m, f->arena, last);
    add_pragma(f, begin, end, &m, false);
    strbuf_release(&m.text);
}

/* At a '#' that begins a line. */
static void directive(struct finder *f, size_t begin)
{
    struct clex_token t;
    if (clex_next(&f->lx, &t) == CLEX_NAME && clex_is(&f->lx, &t, "pragma")) {
        pragma_directive(f, begin);
        return;
    }
    if (t.kind == CLEX_NAME)
        f->lx.expects_header = clex_is(&f->lx, &t, "include") ||
                               clex_is(&f->lx, &t, "include_next") || clex_is(&f->lx, &t, "import");
    bool is_define = t.kind == CLEX_NAME && clex_is(&f->lx, &t, "define");
    while (t.kind != CLEX_END && t.kind != CLEX_NEWLINE) {
        clex_next(&f->lx, &t);
        if (is_define && t.kind == CLEX_NAME && clex_is(&f->lx, &t, "_Pragma"))
            f->out->has_define_pragma = true;
    }
}

static enum clex_kind next_on_any_line(struct clex *lx, struct clex_token *t)
{
    do
        clex_next(lx, t);
    while (t->kind == CLEX_NEWLINE);
    return t->kind;
}

/* Behind the name _Pragma, which begins at `begin`. */
static void pragma_operator(struct finder *f, size_t begin)
{
    struct clex ahead = f->lx;
    struct clex_token open, string, close;
    if (next_on_any_line(&ahead, &open) != CLEX_PUNCT || !clex_is(&ahead, &open, "(") ||
        next_on_any_line(&ahead, &string) != CLEX_STRING || string.is_open ||
        next_on_any_line(&ahead, &close) != CLEX_PUNCT || !clex_is(&ahead, &close, ")"))
        return;
    struct mapped spelled = {.text = STRBUF_INIT}, m = {.text = STRBUF_INIT};
    mapped_copy(&spelled, f->arena, f->src, string.begin, string.end, '\0');
    size_t len = spelled.text.len;
    char *text = arena_alloc(f->arena, len + 1);
    size_t *map = arena_alloc(f->arena, (len + 1) * sizeof *map);
    size_t n = clex_destringize(spelled.text.buf, len, text, map);
    for (size_t i = 0; i < n; i++)
        mapped_add(&m, f->arena, text[i], spelled.offsets[map[i]]);
    mapped_end(&m, f->arena, string.end - 1);
    if (add_pragma(f, begin, close.end, &m, true))
        f->lx = ahead;
    strbuf_release(&spelled.text);
    strbuf_release(&m.text);
}

void sites_find(struct site_list *out, struct arena *arena, const struct source *src)
{
    struct finder f = {.out = out, .arena = arena, .src = src};
    struct clex_token t;
    *out = (struct site_list){0};
    clex_init(&f.lx, src->text, src->len);
    while (clex_next(&f.lx, &t) != CLEX_END) {
        if (t.kind == CLEX_PUNCT && t.at_line_start && clex_is(&f.lx, &t, "#"))
            directive(&f, t.begin);
        else if (t.kind == CLEX_NAME && clex_is(&f.lx, &t, "_Pragma"))
            pragma_operator(&f, t.begin);
    }
}

/* ---- what stands behind ---- */

size_t sites_next_token(const struct source *src, size_t at)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, src->text, src->len);
    lx.pos = at > lx.pos ? at : lx.pos;
    lx.at_line_start = true;
    while (clex_next(&lx, &t) != CLEX_END) {
        if (t.kind == CLEX_NEWLINE)
            continue;
        if (t.at_line_start && clex_is(&lx, &t, "#")) {
            while (clex_next(&lx, &t) != CLEX_END && t.kind != CLEX_NEWLINE) {
            }
            continue;
        }
        if (t.kind != CLEX_NAME || !clex_is(&lx, &t, "_Pragma"))
            return t.begin;
        size_t begin = t.begin;
        for (unsigned depth = 0; next_on_any_line(&lx, &t) != CLEX_END;) {
            depth += clex_is(&lx, &t, "(");
            depth -= depth && clex_is(&lx, &t, ")");
            if (depth == 0)
                break;
        }
        if (t.kind == CLEX_END)
            return begin;
    }
    return src->len;
}

/* ---- the masked text ---- */

/* Write `with` and then blanks over text[begin, end), but not over splices and line
 * ends. */
static void overwrite(char *text, const struct source *src, size_t begin, size_t end,
                      const char *with)
{
    for (size_t i = begin; i < end;) {
        size_t n = clex_splice(src->text, src->len, i);
        if (n == 0 && src->text[i] != '\n' && src->text[i] != '\r')
            text[i] = *with ? *with++ : ' ';
        i += n ? n : 1;
    }
}

/* `#pragma memo in(p)` becomes `#define MM__      `: word for word, since "pragma" is as
 * long as "define" and no kind's name is shorter than the marker. Comments that span
 * lines stay as they are: blanked, their lines would end the directive. */
static void mask_directive(char *text, const struct pragma_site *site)
{
    struct clex lx;
    struct clex_token t;
    const struct source *src = site->src;
    clex_init(&lx, src->text, site->end);
    lx.pos = site->begin;
    lx.keeps_comments = true;
    clex_next(&lx, &t); /* the # */
    for (const char *with[] = {"define", SITES_MARKER, ""}, **w = with;
         clex_next(&lx, &t) != CLEX_END;) {
        bool is_comment = t.kind == CLEX_COMMENT;
        if (is_comment && memchr(src->text + t.begin, '\n', t.end - t.begin) &&
            src->text[t.begin + 1] != '/')
            continue;
        overwrite(text, src, t.begin, t.end, is_comment ? "" : *w);
        w += !is_comment && **w;
    }
}

char *sites_mask(struct arena *arena, const struct source *src, const struct site_list *sites)
{
    char *text = arena_strndup(arena, src->text, src->len);
    for (size_t i = 0; i < sites->n_sites; i++) {
        const struct pragma_site *s = &sites->sites[i];
        if (s->is_macro)
            continue;
        if (s->is_operator)
            overwrite(text, src, s->begin, s->end, "");
        else
            mask_directive(text, s);
    }
    return text;
}
