/* fuzz_pragma.c - any text at all: its pragmas are found, masked and parsed.
 *
 * The input is a source file; its #define lines are the macros in sight, and its
 * typedef lines ("typedef int real;") name types. Besides not crashing, what has to
 * hold is checked here, and a violation aborts:
 * - the masked text has the same length and lines, and no pragma of ours left;
 * - the next token behind a pragma is behind it, directives have ranges;
 * - errors have places inside the file;
 * - an expression that was accepted is accepted again as it is printed;
 * - an annotation without errors equals itself, and a second parse of its text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "cexpr.h"
#include "clex.h"
#include "diag.h"
#include "macro.h"
#include "pragma.h"
#include "sites.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct state {
    struct diag_consumer consumer; /* first, so that it can be cast back */
    struct arena arena;
    struct source src;
    struct macro_table *macros;
};

static void must(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "violated: %s\n", what);
    abort();
}

static void check_diagnostic(struct diag_consumer *self, const struct diagnostic *d)
{
    const struct state *st = (const struct state *)self;
    must(d->range.src == &st->src, "a place in the file");
    must(d->range.begin <= d->range.end && d->range.end <= st->src.len, "a range in the file");
    must(d->text[0] != '\0', "a text");
}

static void ignore_diagnostic(struct diag_consumer *self, const struct diagnostic *d)
{
    (void)self;
    (void)d;
}

static void read_definitions(struct state *st)
{
    for (size_t i = 0; i < st->src.n_lines; i++) {
        const char *line = st->src.text + st->src.line_starts[i];
        size_t n =
            source_locate(&st->src, st->src.line_starts[i]).line_end - st->src.line_starts[i];
        if (n > 8 && memcmp(line, "#define ", 8) == 0) {
            macro_define(st->macros, line + 8, n - 8);
        } else if (n > 12 && memcmp(line, "typedef int ", 12) == 0) {
            size_t k = 12;
            while (k < n && line[k] != ';')
                k++;
            macro_add_type(st->macros, line + 12, k - 12);
        }
    }
}

static bool has_cast_or_call(const struct cexpr *e, void *arg)
{
    *(bool *)arg |= e->kind == CEXPR_CAST || e->kind == CEXPR_CALL || e->kind == CEXPR_SIZEOF;
    return true;
}

/* Print, parse again, print again. Whether `(a)(b)` is a cast may be seen differently
 * the second time, and parentheses add to the depth. */
static void check_print(struct state *st, const struct cexpr *e)
{
    static struct diag_consumer silent = {ignore_diagnostic};
    struct diag_engine diag;
    struct ctokens tokens = {0};
    struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
    bool is_ambiguous = false;
    cexpr_walk(e, has_cast_or_call, &is_ambiguous);
    cexpr_print(&first, e);
    must(e->height <= CEXPR_MAX_HEIGHT, "a bound on the height");
    must(cexpr_equal(e, e), "an expression equals itself");
    (void)cexpr_root(e);
    (void)cexpr_side_effect(e, NULL, NULL);
    if (e->height < 50 && !(e->kind == CEXPR_SECTION && !e->kids[0])) {
        diag_init(&diag, &silent);
        ctokens_lex(&tokens, &st->arena, first.buf, first.len);
        struct cexpr_parser p = {.arena = &st->arena,
                                 .diag = &diag,
                                 .names = st->macros,
                                 .place = {&st->src, NULL, 0, 0},
                                 .tokens = tokens.items,
                                 .n = tokens.n,
                                 .takes_sections = true};
        struct cexpr *again = cexpr_parse(&p);
        if (!again || p.at != p.n)
            fprintf(stderr, "%s\n", first.buf);
        must(again && p.at == p.n, "what is printed can be parsed");
        cexpr_print(&second, again);
        must(is_ambiguous || strcmp(first.buf, second.buf) == 0, "it prints the same again");
    }
    strbuf_release(&first);
    strbuf_release(&second);
}

static void check_annotation(struct state *st, const struct annotation *a)
{
    for (size_t i = 0; i < a->n_clauses; i++) {
        const struct clause *c = &a->clauses[i];
        must(c->range.begin <= c->range.end && c->range.end <= st->src.len, "a clause's range");
        for (size_t k = 0; k < c->n_shapes; k++) {
            if (c->shapes[k].expr)
                check_print(st, c->shapes[k].expr);
            must(c->shapes[k].text[0] != '\0', "a shape has a text");
        }
        for (size_t k = 0; k < c->n_exprs; k++)
            check_print(st, c->exprs[k]);
    }
    if (!a->has_errors)
        must(annotation_equal(a, a), "an annotation equals itself");
}

static void check_sites(struct state *st)
{
    struct site_list list, left;
    struct source masked;
    struct diag_engine diag;
    sites_find(&list, &st->arena, &st->src);
    char *text = sites_mask(&st->arena, &st->src, &list);
    for (size_t i = 0; i < st->src.len; i++)
        must((text[i] == '\n') == (st->src.text[i] == '\n'), "the same lines");
    source_init(&masked, &st->arena, "masked", text, st->src.len);
    sites_find(&left, &st->arena, &masked);
    bool has_operators = false; /* a '#' behind one begins its line in the masked text */
    for (size_t i = 0; i < list.n_sites; i++)
        has_operators |= list.sites[i].is_operator;
    must(left.n_sites == 0 || has_operators, "no pragma of ours is left");
    must(left.n_others == list.n_others || has_operators, "the others are");
    must(left.n_directives == list.n_directives || has_operators, "directives, too");
    for (size_t i = 0; i < list.n_directives; i++)
        must(list.directives[i].begin < list.directives[i].end &&
                 list.directives[i].end <= st->src.len,
             "a directive's range");

    diag_init(&diag, &st->consumer);
    for (size_t i = 0; i < list.n_sites && i < 100; i++) {
        struct pragma_site *s = &list.sites[i], made;
        must(s->begin < s->end && s->end <= st->src.len, "a site's range");
        size_t next = sites_next_token(&st->src, s->end);
        must(next >= s->end && next <= st->src.len, "a place behind it");
        const struct annotation *a = pragma_parse(&st->arena, s, st->macros, &diag);
        check_annotation(st, a);
        struct strbuf again = STRBUF_INIT;
        strbuf_addf(&again, "%s ", pragma_kind_name(s->kind));
        strbuf_add(&again, s->text, s->text_len);
        must(site_of_macro(&made, &st->arena, &st->src, s->begin, s->end, again.buf, again.len),
             "the text is a pragma");
        const struct annotation *b = pragma_parse(&st->arena, &made, st->macros, &diag);
        must(a->has_errors == b->has_errors, "the same errors");
        must(a->has_errors || annotation_equal(a, b), "the same annotation");
        strbuf_release(&again);
    }
}

static void check_macros(struct state *st)
{
    struct strbuf out = STRBUF_INIT;
    char **pragmas;
    bool rest;
    if (macro_expand(st->macros, st->src.text, st->src.len, &out)) {
        size_t n = macro_pragmas(&st->arena, out.buf, out.len, &pragmas, &rest);
        for (size_t i = 0; i < n; i++)
            must(site_is_ours(pragmas[i], strlen(pragmas[i])), "a pragma of ours");
    }
    strbuf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct state st = {.consumer = {check_diagnostic}};
    if (len > 20000)
        return 0;
    arena_init(&st.arena);
    char *text = arena_strndup(&st.arena, (const char *)data, len);
    source_init(&st.src, &st.arena, "fuzz.c", text, len);
    st.macros = macro_table_new(&st.arena);
    macro_add_type(st.macros, "size_t", 6); /* all types are known: no guesses by spelling */
    read_definitions(&st);
    check_sites(&st);
    check_macros(&st);
    arena_release(&st.arena);
    return 0;
}
