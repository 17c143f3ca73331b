/* Clauses: what each form is parsed to, every diagnostic with its column, comparison. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "check.h"
#include "diag.h"
#include "macro.h"
#include "pragma.h"
#include "sites.h"

static struct arena arena;
static struct macro_table *macros;
static struct source src;
static struct strbuf reported; /* "col: text" of each diagnostic, lines */

static void handle(struct diag_consumer *self, const struct diagnostic *d)
{
    (void)self;
    CHECK(d->range.src == &src && d->range.begin <= d->range.end && d->range.end <= src.len);
    strbuf_addf(&reported, "%s%zu: %s%s", reported.len ? "\n" : "", d->range.begin + 1,
                d->severity == DIAG_NOTE ? "note: " : "", d->text);
}

/* The annotation of a text like "memo in(p)", behind "#pragma ". */
static struct annotation *parse(const char *pragma)
{
    static struct diag_consumer consumer = {handle};
    struct diag_engine diag;
    struct site_list sites;
    diag_init(&diag, &consumer);
    strbuf_clear(&reported);
    const char *text = arena_printf(&arena, "#pragma %s", pragma);
    source_init(&src, &arena, "t.c", text, strlen(text));
    sites_find(&sites, &arena, &src);
    CHECK_EQ(sites.n_sites, 1);
    struct annotation *a = pragma_parse(&arena, &sites.sites[0], macros, &diag);
    CHECK_EQ(a->has_errors, diag.n_errors > 0);
    return a;
}

static struct annotation *parse_ok(const char *pragma)
{
    struct annotation *a = parse(pragma);
    CHECK_STR(reported.buf, "");
    return a;
}

static const struct clause *clause(const char *pragma, enum clause_id id)
{
    static const struct clause none;
    const struct clause *c = annotation_clause(parse_ok(pragma), id);
    CHECK(c != NULL);
    return c ? c : &none;
}

#define ERRORS(pragma, want)                                                                       \
    do {                                                                                           \
        parse(pragma);                                                                             \
        CHECK_STR(reported.buf, want);                                                             \
    } while (0)

static const char *print(const struct cexpr *e)
{
    struct strbuf s = STRBUF_INIT;
    if (e)
        cexpr_print(&s, e);
    const char *text = arena_strdup(&arena, s.buf);
    strbuf_release(&s);
    return text;
}

static void start(void)
{
    arena_init(&arena);
    macros = macro_table_new(&arena);
}

static void define(const char *text)
{
    macro_define(macros, text, strlen(text));
}

static void test_lists_of_clauses(void)
{
    start();
    CHECK_EQ(parse_ok("memo")->n_clauses, 0);
    struct annotation *a =
        parse_ok("memo pure, strict params((1)) external /* x */ name(\"a\") // y");
    CHECK_EQ(a->n_clauses, 5);
    CHECK_EQ(a->clauses[0].id, CLAUSE_pure);
    CHECK_EQ(a->clauses[3].id, CLAUSE_external);
    CHECK_EQ(a->clauses[1].name_range.begin, 19);
    CHECK_EQ(a->clauses[2].range.begin, 26);
    CHECK_EQ(a->clauses[2].range.end, 37);
    CHECK(annotation_clause(a, CLAUSE_in) == NULL);
    CHECK_EQ(parse_ok("synchronized wait")->clauses[0].id, CLAUSE_wait);
    CHECK_EQ(parse_ok("checkpoint now")->clauses[0].id, CLAUSE_now);
    arena_release(&arena);
}

static void test_shapes(void)
{
    start();
    const struct clause *c =
        clause("memo in(x, s->n, *p, q[1:n], string(t + 1), code(f), a[0:n][0:m],"
               " m->data[ :m->rows  * m->cols ], ((T *)v)->w)",
               CLAUSE_in);
    CHECK_EQ(c->n_shapes, 9);
    CHECK_EQ(c->shapes[0].kind, SHAPE_OBJECT);
    CHECK_STR(c->shapes[1].text, "s->n");
    CHECK_STR(print(c->shapes[2].expr), "(*p)");
    CHECK_STR(print(c->shapes[3].expr), "q[1:n]");
    CHECK_EQ(c->shapes[4].kind, SHAPE_STRING);
    CHECK_STR(print(c->shapes[4].expr), "(t + 1)");
    CHECK_STR(c->shapes[4].text, "string(t + 1)");
    CHECK_EQ(c->shapes[5].kind, SHAPE_CODE);
    CHECK_STR(print(c->shapes[6].expr), "a[0:n][0:m]");
    CHECK_STR(c->shapes[7].text, "m->data[ :m->rows * m->cols ]");
    CHECK_EQ(c->shapes[1].range.begin, 19);
    CHECK_EQ(c->shapes[1].range.end, 23);
    c = clause("memo out(alloc (*pp)[:n], *n, alloc q[:1])", CLAUSE_out);
    CHECK_EQ(c->shapes[0].kind, SHAPE_ALLOC);
    CHECK_STR(print(c->shapes[0].expr), "(*pp)[:n]");
    CHECK_EQ(c->shapes[2].kind, SHAPE_ALLOC);
    c = clause("memo in(alloc, string, code)", CLAUSE_in); /* names like any other */
    CHECK_EQ(c->n_shapes, 3);
    CHECK_EQ(c->shapes[1].kind, SHAPE_OBJECT);
    CHECK_EQ(clause("checkpoint save(p[:n]) alloc(p[:cap])", CLAUSE_alloc)->n_shapes, 1);
    arena_release(&arena);
}

static void test_wrong_shapes(void)
{
    start();
    ERRORS("memo in(p + 1, f(x), 3)",
           "17: a shape names memory, not a value\n17: note: a shape is e.g. 'x', '*p', 's->n', "
           "'p[first:count]' or 'string(p)'\n"
           "24: a shape names memory, not a value\n24: note: a shape is e.g. 'x', '*p', 's->n', "
           "'p[first:count]' or 'string(p)'\n"
           "30: a shape names memory, not a value\n30: note: a shape is e.g. 'x', '*p', 's->n', "
           "'p[first:count]' or 'string(p)'");
    ERRORS("memo in(s[:n].x)", "17: only further sections can follow an array section");
    ERRORS("memo in(*(x + p[:n]))", "17: only further sections can follow an array section");
    ERRORS("memo in(alloc p[:n])", "17: 'alloc' can only stand in 'out'");
    ERRORS("memo out(alloc (*pp))", "25: expected an array section");
    ERRORS("memo in(string(p, q), 3 +)", "25: expected ')'\n34: expected an expression");
    ERRORS("memo in(string(), code(+), q r)", "24: expected an expression before ')'\n"
                                              "33: expected an expression before ')'\n"
                                              "38: unexpected 'r'");
    ERRORS("memo in(p[:n], , q +)", "24: expected an expression before ','\n"
                                    "29: expected an expression");
    ERRORS("memo in(p q, r)", "19: unexpected 'q'");
    ERRORS("memo in(p[0:n:2])", "22: an array section has no stride here");
    ERRORS("memo key(p[:n])", "20: an array section can only stand in a shape");
    arena_release(&arena);
}

static void test_returns(void)
{
    start();
    CHECK_EQ(clause("memo returns([:*count])", CLAUSE_returns)->shapes[0].kind,
             SHAPE_RETURN_SECTION);
    const struct cexpr *e = clause("memo returns([:*count])", CLAUSE_returns)->shapes[0].expr;
    CHECK(e->kind == CEXPR_SECTION && !e->kids[0] && !e->kids[1]);
    CHECK_STR(print(e), "[:(*count)]");
    CHECK_EQ(clause("memo returns(view [:n])", CLAUSE_returns)->shapes[0].kind, SHAPE_RETURN_VIEW);
    CHECK_EQ(clause("memo returns(string)", CLAUSE_returns)->shapes[0].kind, SHAPE_RETURN_STRING);
    CHECK_EQ(clause("memo returns(static string)", CLAUSE_returns)->shapes[0].kind,
             SHAPE_RETURN_STATIC);
    CHECK_STR(print(clause("memo returns(in p)", CLAUSE_returns)->shapes[0].expr), "p");
    CHECK_EQ(clause("memo returns([:n]) align(64)", CLAUSE_align)->number, 64);
    CHECK_EQ(clause("memo returns([:n], align(32u))", CLAUSE_align)->number, 32);
    CHECK_EQ(clause("memo returns([:n] align(16))", CLAUSE_align)->number, 16);
    CHECK_EQ(clause("memo returns([:n], align(32))", CLAUSE_returns)->n_shapes, 1);

    ERRORS("memo returns(p[:n])",
           "22: unknown shape of a result\n22: note: it is one of '[:n]', 'string', "
           "'static string', 'in p', 'view [:n]'");
    ERRORS("memo returns(view)", "26: expected an array section");
    ERRORS("memo returns([n])", "22: expected an array section");
    ERRORS("memo returns([:1], [:2])", "26: 'returns' takes one shape");
    ERRORS("memo returns([:1] x)", "27: unexpected 'x'");
    ERRORS("memo returns(in 3)", "25: 'returns(in)' takes objects and members, not expressions");
    ERRORS("memo returns([:n], align(48))", "34: the alignment is not a power of two");
    ERRORS("memo returns([:n], align)", "33: expected '('");
    ERRORS("memo align(8) returns([:n], align(8))",
           "37: clause 'align' is given twice\n14: note: first given here");
    ERRORS("memo returns([:n], align(8)) align(8)",
           "38: clause 'align' is given twice\n28: note: first given here");
    ERRORS("memo returns([:n]) align(0)", "34: the alignment is not a power of two");
    ERRORS("memo returns([:n]) align(99999999999999999999)",
           "34: the alignment is not a power of two");
    ERRORS("memo returns(string) align(8)", "30: 'align' needs 'returns' with an array section");
    ERRORS("memo align(8)", "14: 'align' needs 'returns'");
    ERRORS("memo returns(view [:n]) tier(memory)",
           "22: a view needs a store to point into, but 'tier(memory)' has none");
    CHECK_EQ(parse_ok("memo returns(view [:n]) tier(disk)")->n_clauses, 2);
    arena_release(&arena);
}

static void test_strings(void)
{
    start();
    define("VERSION \"1.\" MINOR");
    define("MINOR \"2\"");
    CHECK_STR(clause("memo name(\"f\") version(VERSION)", CLAUSE_version)->string, "1.2");
    CHECK_STR(clause("memo name(\"a\\\"b\" \"c\")", CLAUSE_name)->string, "a\"bc");
    CHECK_STR(clause("synchronized progress(\"rows\")", CLAUSE_progress)->string, "rows");
    CHECK(clause("synchronized progress", CLAUSE_progress)->string == NULL);
    CHECK_EQ(parse_ok("memo env(\"A\") env(\"B\") file(a) file(b)")->n_clauses, 4);
    ERRORS("memo name(f)", "19: 'name' takes a string literal");
    ERRORS("memo name(L\"f\")", "19: invalid string literal in 'name'");
    ERRORS("memo name(\"a\\0b\")", "19: invalid string literal in 'name'");
    ERRORS("memo name(\"\")", "19: the string of 'name' is empty");
    ERRORS("memo name(\"a\" b)", "23: unexpected 'b'");
    ERRORS("memo name(\"a\", \"b\")", "22: unexpected ','");
    ERRORS("memo name(\"a)", "18: '(' has no matching ')'");
    ERRORS("memo env(\"A\") env(\"A\")",
           "23: clause 'env' is given twice\n14: note: first given here");
    ERRORS("memo version(\"2\")", "14: 'version' needs 'name'");
    arena_release(&arena);
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        long long ns;
    } cases[] = {
        {"500ms", 500000000},
        {"1.5s", 1500000000},
        {"30 s", 30000000000},
        {"2m", 120000000000},
        {"24h", 86400000000000},
        {"1d", 86400000000000},
        {"1w", 604800000000000},
        {"0.1s", 100000000},
        {"0.000000001s", 1},
        {"50us", 50000},
        {"10ns", 10},
        {"TTL", 3600000000000},
        {"0", 0},
        {"0.5w", 302400000000000},
    };
    static const char *const wrong[] = {
        "30",     "x",     "30x",
        "1e3s",   "0x10s", "\"1s\"",
        "1.2.3s", "0.1ns", "99999999999999999999s",
        "20000w", "-1s",   "s",
        "1..s",
    };
    start();
    define("TTL 1h");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_EQ(
            clause(arena_printf(&arena, "memo expires(%s)", cases[i].text), CLAUSE_expires)->number,
            cases[i].ns);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ERRORS(arena_printf(&arena, "memo min_cost(%s)", wrong[i]),
               "23: 'min_cost' takes a duration\n23: note: a number with its unit: ms, s, m, h, d "
               "or w, e.g. '500ms'");
    ERRORS("memo min_cost(1s s)", "26: unexpected 's'");
    arena_release(&arena);
}

static void test_every(void)
{
    start();
    const struct clause *c = clause("checkpoint every(30s)", CLAUSE_every);
    CHECK_STR(c->word, "s");
    CHECK_EQ(c->number, 30000000000);
    c = clause("checkpoint every(1000 iterations)", CLAUSE_every);
    CHECK_STR(c->word, "iterations");
    CHECK_EQ(c->number, 1000);
    CHECK_EQ(clause("checkpoint every(1 iteration)", CLAUSE_every)->number, 1);
    c = clause("checkpoint every(0.29%)", CLAUSE_every);
    CHECK_STR(c->word, "%");
    CHECK_EQ(c->number, 2900);
    ERRORS("checkpoint every(0 iterations)",
           "26: '0 iterations' is out of range; allowed: whole numbers from 1 on");
    ERRORS("checkpoint every(1.5 iterations)",
           "26: '1.5 iterations' is out of range; allowed: whole numbers from 1 on");
    ERRORS("checkpoint every(101%)",
           "26: '101%' is out of range; allowed: above 0% and up to 100%");
    ERRORS("checkpoint every(0%)", "26: '0%' is out of range; allowed: above 0% and up to 100%");
    ERRORS("checkpoint every(0s)", "26: '0s' is out of range; allowed: durations above 0");
    static const char *const others[] = {"30", "30q", "n iterations", "x%", "-1s"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ERRORS(arena_printf(&arena, "checkpoint every(%s)", others[i]),
               "26: 'every' takes a constant: a duration, a number of iterations or a share of the "
               "time\n26: note: write e.g. 'every(30s)', 'every(1000 iterations)' or 'every(1%)'");
    ERRORS("checkpoint file()", "20: 'file' needs an argument\n20: note: write 'file(stream)'");
    arena_release(&arena);
}

static void test_words(void)
{
    start();
    define("disk 1"); /* the clause's own words are no macros */
    define("SIGTERM 15");
    define("random rand");
    define("string no");
    CHECK_STR(clause("memo tier(disk)", CLAUSE_tier)->word, "disk");
    CHECK_EQ(clause("memo in(string(p))", CLAUSE_in)->shapes[0].kind, SHAPE_STRING);
    const struct clause *c = clause("checkpoint on(HUP, SIGTERM, SIGUSR1)", CLAUSE_on);
    CHECK_EQ(c->n_exprs, 3);
    CHECK_STR(c->exprs[1]->text, "TERM");
    CHECK_STR(c->exprs[2]->text, "USR1");
    CHECK_STR(clause("checkpoint rng(random)", CLAUSE_rng)->word, "random");
    c = clause("checkpoint rng(s->state)", CLAUSE_rng);
    CHECK(c->word == NULL);
    CHECK_STR(print(c->shapes[0].expr), "s->state");
    CHECK_STR(clause("checkpoint rng(r->state[:r->type->size])", CLAUSE_rng)->shapes[0].text,
              "r->state[:r->type->size]");
    CHECK_EQ(parse_ok("checkpoint rng(random) rng(rand48) rng(x)")->n_clauses, 3);
    ERRORS("memo tier(dsik)", "19: 'dsik' is not a tier\n19: note: did you mean 'disk'?");
    ERRORS("memo tier(tape)",
           "19: 'tape' is not a tier\n19: note: it can be 'memory', 'disk' or 'shared'");
    ERRORS("memo tier(disk, memory)", "23: unexpected ','");
    ERRORS("checkpoint on(TREM)", "23: 'TREM' is not a signal\n23: note: did you mean 'TERM'?");
    ERRORS("checkpoint on(9)", "23: '9' is not a signal\n23: note: it can be 'TERM', 'INT', "
                               "'USR1' and so on");
    ERRORS("checkpoint on(TERM, SIGTERM)", "29: 'TERM' is given twice in 'on'");
    ERRORS("checkpoint on(INT + 1)", "23: 'on' takes names, not expressions");
    ERRORS("checkpoint rng(a + b)",
           "24: a shape names memory, not a value\n"
           "24: note: a shape is e.g. 'x', '*p', 's->n', 'p[first:count]' or "
           "'string(p)'");
    ERRORS("checkpoint on(KILL)", "23: 'KILL' can't be caught");
    ERRORS("checkpoint on(SIGSTOP)", "23: 'SIGSTOP' can't be caught");
    ERRORS("checkpoint on(TERM, SEGV)",
           "29: 'SEGV' comes from a fault, and the loop can't go on behind it");
    ERRORS("checkpoint every(0s)", "26: '0s' is out of range; allowed: durations above 0");
    ERRORS("checkpoint rng(a, b)", "27: 'rng' takes one generator");
    arena_release(&arena);
}

static void test_expressions(void)
{
    start();
    define("LIMIT (1 << 4)");
    define("MAX(a, b) ((a) > (b) ? (a) : (b))");
    define("BOTH a, b");
    CHECK_STR(print(clause("memo when(n > LIMIT)", CLAUSE_when)->exprs[0]), "(n > (1 << 4))");
    CHECK_EQ(clause("memo key(a, MAX(b, 1))", CLAUSE_key)->n_exprs, 2);
    CHECK_EQ(clause("memo ignore(BOTH)", CLAUSE_ignore)->n_exprs, 2);
    CHECK_EQ(clause("memo ignore(s->log, p)", CLAUSE_ignore)->n_exprs, 2);
    CHECK_STR(print(clause("memo file(\"a\" \".txt\")", CLAUSE_file)->exprs[0]), "\"a\" \".txt\"");
    CHECK_EQ(clause("checkpoint file(in, out)", CLAUSE_file)->n_exprs, 2);
    CHECK_EQ(clause("checkpoint state(get, set)", CLAUSE_state)->n_exprs, 2);
    CHECK_STR(print(clause("synchronized threads(2 * n)", CLAUSE_threads)->exprs[0]), "(2 * n)");
    CHECK_EQ(clause("synchronized noalias(p, q, r)", CLAUSE_noalias)->n_exprs, 3);
    CHECK_EQ(clause("concurrent trust(f, g)", CLAUSE_trust)->n_exprs, 2);
    CHECK_EQ(clause("concurrent in(*p) out(q[:2]) pure", CLAUSE_in)->n_shapes, 1);
    ERRORS("memo when(a, b)", "22: 'when' takes one expression");
    ERRORS("memo file(a, b)", "22: 'file' takes one expression");
    ERRORS("memo when(a b)", "21: unexpected 'b'");
    ERRORS("memo ignore(a + b)", "21: 'ignore' takes objects and members, not expressions");
    ERRORS("memo trust(s.f)", "20: 'trust' takes names, not expressions");
    ERRORS("checkpoint state(get)", "20: 'state' takes two functions");
    ERRORS("synchronized noalias(p)", "22: 'noalias' takes two pointers or more");
    ERRORS("memo when(MAX(1))", "19: macro 'MAX' can't be expanded: too few arguments");
    ERRORS("memo when(n > MAX + 1) pure(1)", "36: 'pure' takes no argument");
    arena_release(&arena);
}

static void test_params(void)
{
    start();
    const struct params *p = clause("memo params((1, \"a\"), (2, \"b\"))", CLAUSE_params)->params;
    CHECK(!p->is_grid);
    CHECK_EQ(p->n_axes, 2);
    CHECK_EQ(p->axes[1].n_values, 2);
    CHECK_STR(print(p->axes[1].values[1]), "\"b\"");
    p = clause("memo params(x = 0:10:2, y = {1, 2, 5}, z = -1:1)", CLAUSE_params)->params;
    CHECK(p->is_grid);
    CHECK_EQ(p->n_axes, 3);
    CHECK_STR(p->axes[0].name, "x");
    CHECK(p->axes[0].is_range && !p->axes[1].is_range);
    CHECK_EQ(p->axes[0].n_values, 3);
    CHECK_EQ(p->axes[1].n_values, 3);
    CHECK_STR(print(p->axes[2].values[0]), "(- 1)");
    ERRORS("memo params(1, 2)", "21: expected tuples, '(1, 2), (3, 4)', or a grid, 'x = 0:10:2, "
                                "y = {1, 2}'");
    ERRORS("memo params((1, 2), (3))", "29: this tuple has 1 values, the first one has 2");
    ERRORS("memo params((1), x = 0:1)", "14: tuples and a grid don't mix");
    ERRORS("memo params(x = 1)", "26: expected ':'");
    ERRORS("memo params(x = {1, 2)", "20: '(' has no matching ')'");
    ERRORS("memo params(x = {1, }, y = 0:1)", "29: expected an expression before '}'");
    ERRORS("memo params(x = 0:1, x = 0:2)", "30: 'x' is given twice in 'params'");
    ERRORS("memo strict", "14: 'strict' needs 'params'");
    arena_release(&arena);
}

static void test_all_errors_are_reported(void)
{
    start();
    ERRORS("memo pur in(p[:n] q) tier(x) name(\"\") pure",
           "14: unknown clause 'pur' in '#pragma memo'\n14: note: did you mean 'pure'?\n"
           "27: unexpected 'q'\n"
           "35: 'x' is not a tier\n35: note: it can be 'memory', 'disk' or 'shared'\n"
           "43: the string of 'name' is empty");
    ERRORS("memo foo", "14: unknown clause 'foo' in '#pragma memo'");
    ERRORS("memo threads(2)", "14: 'threads' is not a clause of '#pragma memo'\n"
                              "14: note: it is one of '#pragma synchronized'");
    ERRORS("concurrent in(p) in(q)", "26: clause 'in' is given twice\n20: note: first given here");
    ERRORS("memo in", "14: 'in' needs an argument\n14: note: write 'in(p[:n])'");
    ERRORS("memo in() pure", "14: 'in' needs an argument\n14: note: write 'in(p[:n])'");
    ERRORS("synchronized progress()",
           "22: 'progress' needs an argument\n22: note: write 'progress(\"text\")'");
    ERRORS("memo in(p", "16: '(' has no matching ')'");
    ERRORS("memo in(p])", "16: '(' has no matching ')'");
    ERRORS("memo (p) pure", "14: expected a clause before '('");
    ERRORS("memo pure,, strict", "19: expected a clause before ','");
    ERRORS("memo , pure", "14: expected a clause before ','");
    ERRORS("memo pure )", "19: expected a clause before ')'");
    ERRORS("memo 3 \"x\"",
           "14: expected a clause before '3'\n16: expected a clause before '\"x\"'");
    arena_release(&arena);
}

static void test_contradictions(void)
{
    start();
    ERRORS("memo in(p[:n]) ignore(p)", "17: 'p[:n]' stands in both 'in' and 'ignore'");
    ERRORS("memo in(s->x) ignore(s->y)", "");
    ERRORS("memo out(s->x[:2]) ignore(s->x)", "18: 's->x[:2]' stands in both 'out' and 'ignore'");
    ERRORS("memo in(*p) inout(*p)", "17: '*p' stands in both 'in' and 'inout'");
    ERRORS("memo in(string(p)) inout(p[:2])", "");
    ERRORS("memo in(x, y, x)", "23: 'x' is given twice in 'in'");
    ERRORS("memo key(x, x)", "");
    ERRORS("checkpoint save(p[:n]) skip(p)", "25: 'p[:n]' stands in both 'save' and 'skip'");
    ERRORS("checkpoint alloc(p[:n]) skip(p)", "26: 'p[:n]' stands in both 'alloc' and 'skip'");
    ERRORS("checkpoint rng(x) rng(y) save(y)", "39: 'y' stands in both 'save' and 'rng'");
    ERRORS("synchronized wait threads(2)", "22: 'wait' stands alone");
    ERRORS("checkpoint now keep", "20: 'now' stands alone");
    arena_release(&arena);
}

static const char *rename_p(void *arg, const char *name)
{
    (void)arg;
    return strcmp(name, "p") == 0 ? "q" : name;
}

static bool equal(const char *a, const char *b)
{
    struct annotation *first = parse_ok(a), *second = parse_ok(b);
    bool same = annotation_equal(first, second);
    CHECK_EQ(annotation_equal(second, first), same);
    return same;
}

static void test_comparison(void)
{
    start();
    define("N 3");
    CHECK(equal("memo in(p[:n], x) pure", "memo pure,in( x , p [ : n ] )"));
    CHECK(equal("memo in(p[:N])", "memo in(p[:3])"));
    CHECK(equal("memo expires(60s)", "memo expires(1m)"));
    CHECK(!equal("memo in(p[:n])", "memo in(p[:m])"));
    CHECK(!equal("memo in(p[:n])", "memo inout(p[:n])"));
    CHECK(!equal("memo in(p)", "memo in(string(p))"));
    CHECK(!equal("memo in(p, q)", "memo in(p)"));
    CHECK(!equal("memo key(a, b)", "memo key(b, a)"));
    CHECK(!equal("memo name(\"a\")", "memo name(\"b\")"));
    CHECK(!equal("memo tier(disk)", "memo tier(memory)"));
    CHECK(!equal("memo env(\"A\") env(\"B\")", "memo env(\"A\") env(\"C\")"));
    CHECK(!equal("memo pure", "concurrent pure"));
    CHECK(equal("memo params((1),(2))", "memo params((1), (2))"));
    CHECK(!equal("memo params((1),(2))", "memo params((1), (3))"));
    CHECK(annotation_equal_as(parse_ok("memo in(p[:n]) ignore(p->x)"),
                              parse_ok("memo in(q[:n]) ignore(q->x)"), rename_p, NULL));
    arena_release(&arena);
}

/* Positions: in a string of _Pragma, behind splices, and of a macro's invocation. */
static void test_positions(void)
{
    static struct diag_consumer consumer = {handle};
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"_Pragma(\"memo name(\\\"a\\\") foo\")", "27: unknown clause 'foo' in '#pragma memo'"},
        {"#pragma memo \\\n  foo", "18: unknown clause 'foo' in '#pragma memo'"},
        {"#pragma memo in(\\\n3 +)", "22: expected an expression"},
        {"#pragma memo in", "14: 'in' needs an argument\n14: note: write 'in(p[:n])'"},
    };
    start();
    struct diag_engine diag;
    diag_init(&diag, &consumer);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct site_list sites;
        strbuf_clear(&reported);
        source_init(&src, &arena, "t.c", cases[i].text, strlen(cases[i].text));
        sites_find(&sites, &arena, &src);
        pragma_parse(&arena, &sites.sites[0], macros, &diag);
        CHECK_STR(reported.buf, cases[i].want);
    }
    struct pragma_site site;
    const char *text = "int x; MEMO(y) int f();", *made = "memo foo in(p[:2 +])";
    source_init(&src, &arena, "t.c", text, strlen(text));
    CHECK(site_of_macro(&site, &arena, &src, 7, 14, made, strlen(made)));
    strbuf_clear(&reported);
    pragma_parse(&arena, &site, NULL, &diag);
    CHECK_STR(reported.buf, "8: unknown clause 'foo' in '#pragma memo'\n"
                            "8: expected an expression before ']'");
    arena_release(&arena);
}

int main(void)
{
    strbuf_init(&reported);
    test_lists_of_clauses();
    test_shapes();
    test_wrong_shapes();
    test_returns();
    test_strings();
    test_durations();
    test_every();
    test_words();
    test_expressions();
    test_params();
    test_all_errors_are_reported();
    test_contradictions();
    test_comparison();
    test_positions();
    strbuf_release(&reported);
    return check_result();
}
