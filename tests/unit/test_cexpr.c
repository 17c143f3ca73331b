/* Expressions: the tree is shown by its fully parenthesized print. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "cexpr.h"
#include "check.h"
#include "clex.h"
#include "diag.h"
#include "macro.h"

static struct arena arena;
static struct macro_table *names;
static struct strbuf reported; /* "col: text" of the last error */
static unsigned n_reported;

static void handle(struct diag_consumer *self, const struct diagnostic *d)
{
    (void)self;
    strbuf_clear(&reported);
    strbuf_addf(&reported, "%zu: %s", d->range.begin + 1, d->text);
    n_reported++;
}

static struct cexpr *parse_in(const char *text, bool takes_sections, struct source *src)
{
    static struct diag_consumer consumer = {handle};
    struct diag_engine diag;
    struct ctokens raw = {0}, tokens = {0};
    const struct ctoken *bad;
    const char *why;
    size_t len = strlen(text), *offsets = arena_alloc(&arena, (len + 1) * sizeof *offsets);
    for (size_t i = 0; i <= len; i++)
        offsets[i] = i;
    diag_init(&diag, &consumer);
    source_init(src, &arena, "t", text, len);
    ctokens_lex(&raw, &arena, text, len);
    CHECK(macro_expand_tokens(names, &arena, raw.items, raw.n, &tokens, &bad, &why));
    struct cexpr_parser p = {.arena = &arena,
                             .diag = &diag,
                             .names = names,
                             .place = {src, offsets, 0, len},
                             .tokens = tokens.items,
                             .n = tokens.n,
                             .end = len,
                             .takes_sections = takes_sections};
    strbuf_clear(&reported);
    n_reported = 0;
    struct cexpr *e = cexpr_parse(&p);
    CHECK_EQ(n_reported, e == NULL); /* exactly one error, or none */
    CHECK_EQ(p.takes_sections, takes_sections);
    CHECK_EQ(p.depth, 0);
    if (e && p.at != p.n) {
        strbuf_adds(&reported, "rest");
        return NULL;
    }
    return e;
}

static struct cexpr *parse(const char *text)
{
    static struct source src; /* the ranges of the last tree point to it */
    return parse_in(text, true, &src);
}

static const char *print(const struct cexpr *e)
{
    struct strbuf s = STRBUF_INIT;
    if (!e)
        return arena_strdup(&arena, reported.buf);
    cexpr_print(&s, e);
    const char *text = arena_strdup(&arena, s.buf);
    strbuf_release(&s);
    return text;
}

/* What it prints is parsed to the same tree again. */
static void check_print(const char *text, const char *want)
{
    struct cexpr *e = parse(text);
    CHECK_STR(print(e), want);
    if (e)
        CHECK(cexpr_equal(e, parse(want)));
}

static void check_error(const char *text, const char *want)
{
    struct source src;
    CHECK(parse_in(text, false, &src) == NULL);
    CHECK_STR(reported.buf, want);
}

static void start(void)
{
    arena_init(&arena);
    names = macro_table_new(&arena);
}

static void define(const char *text)
{
    macro_define(names, text, strlen(text));
}

static void test_precedence(void)
{
    start();
    check_print("a", "a");
    check_print("((a))", "a");
    check_print("a + b * c - d", "((a + (b * c)) - d)");
    check_print("a - b - c", "((a - b) - c)");
    check_print("a || b && c | d ^ e & f", "(a || (b && (c | (d ^ (e & f)))))");
    check_print("a == b < c << d + e % f", "(a == (b < (c << (d + (e % f)))))");
    check_print("a ? b : c ? d : e", "(a ? b : (c ? d : e))");
    check_print("a ? b, c : d", "(a ? (b , c) : d)");
    check_print("a ?: b", "(a ? : b)");
    check_print("a = b += c", "(a = (b += c))");
    check_print("(a, b)", "(a , b)");
    check_print("!a && ~b", "((! a) && (~ b))");
    check_print("- -a", "(- (- a))");
    check_print("a - -b", "(a - (- b))");
    check_print("*p++", "(*(p++))");
    check_print("++*p", "(++(*p))");
    check_print("-a * b", "((- a) * b)");
    check_print("&a[1]", "(&a[1])");
    check_print("__extension__ (1)", "1");
    arena_release(&arena);
}

static void test_postfix(void)
{
    start();
    check_print("a.b->c[d].e", "a.b->c[d].e");
    check_print("(*p).x", "(*p).x");
    check_print("f(a, (b, c), d = 1)", "(f)(a, (b , c), (d = 1))");
    check_print("f()", "(f)()");
    check_print("s->f(1)(2)", "s->f(1)(2)");
    check_print("__builtin_inf()", "__builtin_inf()");
    check_print("a[i, j]", "a[(i , j)]");
    check_print("\"a\" \"b\"[0]", "\"a\" \"b\"[0]");
    arena_release(&arena);
}

static void test_literals(void)
{
    start();
    check_print("0x1FuLL", "0x1FuLL");
    check_print("1.5e-3f", "1.5e-3f");
    check_print("0x1p-3L", "0x1p-3L");
    check_print("0b101", "0b101");
    check_print("'a'", "'a'");
    check_print("L\"x\"", "L\"x\"");
    check_print("2.0i", "2.0i");
    check_error("1x", "1: '1x' is not a number");
    check_error("30s", "1: '30s' is not a number");
    check_error("0x", "1: '0x' is not a number");
    check_error("1.2.3", "1: '1.2.3' is not a number");
    check_error("\"abc", "1: literal without its closing quote");
    arena_release(&arena);
}

static void test_casts(void)
{
    start();
    check_print("(int)x", "((int)x)");
    check_print("(unsigned long) -x", "((unsigned long)(- x))");
    check_print("(const struct s *)p", "((const struct s *)p)");
    check_print("((struct s *)p)->n", "((struct s *)p)->n");
    check_print("(int)x + y", "(((int)x) + y)");
    check_print("(size_t)-n", "((size_t)(- n))");
    check_print("(real)x", "((real)x)"); /* nothing else can be meant */
    check_print("(real *)(x)", "((real *)x)");
    check_print("(a)(x)", "(a)(x)"); /* a call */
    check_print("(a) - x", "(a - x)");
    check_print("(char (*)[3])p", "((char(*)[3])p)");
    check_print("(int)(char)x", "((int)((char)x))");
    macro_add_type(names, "real", 4);
    check_print("(real)-x", "((real)(- x))");
    check_print("(real)(x)", "((real)x)");
    check_print("(n_t) - x", "(n_t - x)"); /* all types are known now */
    check_error("(int)", "6: expected an expression");
    check_error("(int x", "7: expected ')'");
    check_error("(struct s){1}", "11: a compound literal can't stand in a clause");
    check_error("(typeof(x))y", "2: typeof can't stand in a clause");
    check_error("(char (*)[n++])p", "10: an array type of variable size can't stand in a clause");
    arena_release(&arena);
}

static void test_sizeof(void)
{
    start();
    check_print("sizeof(int) * n", "(sizeof(int) * n)");
    check_print("sizeof x", "sizeof(x)");
    check_print("sizeof *p + 1", "(sizeof((*p)) + 1)");
    check_print("sizeof(x) - 1", "(sizeof(x) - 1)");
    check_print("sizeof(x)[0]", "sizeof(x[0])");
    check_print("sizeof(struct s [3])", "sizeof(struct s[3])");
    check_print("_Alignof(double)", "_Alignof(double)");
    check_print("__builtin_offsetof(struct s, a.b[2])", "__builtin_offsetof(struct s,a.b[2])");
    check_error("sizeof", "7: expected an expression");
    check_error("__builtin_offsetof(struct s, a[i++])", "33: expected ')'");
    arena_release(&arena);
}

static void test_sections(void)
{
    start();
    check_print("p[:n]", "p[:n]");
    check_print("p[a:b]", "p[a:b]");
    check_print("p[a ? b : c : d]", "p[(a ? b : c):d]");
    check_print("a[0:n][0:m]", "a[0:n][0:m]");
    check_print("m->data[:m->rows * m->cols]", "m->data[:(m->rows * m->cols)]");
    check_print("(*pp)[:n]", "(*pp)[:n]");
    check_print("a[:]", "a[:]");
    check_print("a[1:]", "a[1:]");
    check_error("p[:n]", "3: an array section can only stand in a shape");
    struct source src;
    CHECK(!parse_in("p[0:n:2]", true, &src));
    CHECK_STR(reported.buf, "6: an array section has no stride here");
    CHECK(!parse_in("p[q[:1]:2]", true, &src)); /* not inside a bound */
    CHECK(!parse_in("f(p[:1])", true, &src));
    arena_release(&arena);
}

static void test_errors(void)
{
    start();
    check_error("", "1: expected an expression");
    check_error("a +", "4: expected an expression");
    check_error("a + )", "5: expected an expression before ')'");
    check_error("(a", "3: expected ')'");
    check_error("a[1", "4: expected ']'");
    check_error("f(a b)", "5: expected ','");
    check_error("f(a,)", "5: expected an expression before ')'");
    check_error("a.1", "rest"); /* a and .1 */
    check_error("a.", "3: expected the name of a member");
    check_error("a->*b", "4: expected the name of a member");
    check_error("a ? b", "6: expected ':'");
    check_error("int", "1: expected an expression before 'int'");
    check_error("@", "1: expected an expression before '@'");
    check_error("({ 1; })", "1: a statement expression can't stand in a clause");
    check_error("_Generic(x, int: 1)", "1: _Generic can't stand in a clause");
    check_error("&&l", "1: the address of a label can't stand in a clause");
    check_error("a b", "rest");
    arena_release(&arena);
}

static char *repeat(const char *s, size_t n, const char *end)
{
    struct strbuf b = STRBUF_INIT;
    for (size_t i = 0; i < n; i++)
        strbuf_adds(&b, s);
    strbuf_adds(&b, end);
    char *text = arena_strdup(&arena, b.buf);
    strbuf_release(&b);
    return text;
}

static void test_depth_is_bounded(void)
{
    static const char *const pieces[] = {"(",  "-",       "*",  "a+",  "a?b:", "a=", "(int)", "f(",
                                         "a[", "sizeof ", "a,", "a->", "!(",   "a?", "&",     "++"};
    start();
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct source src;
        CHECK(parse_in(repeat(pieces[i], 10000, "x"), false, &src) == NULL);
    }
    CHECK(parse(repeat("a+", 150, "a")) != NULL);
    CHECK(parse(repeat("a->", 150, "a")) != NULL);
    CHECK(parse(repeat("a(0)", 1, repeat("(0)", 10000, ""))) == NULL);
    CHECK(strstr(reported.buf, "the expression is too complex") != NULL);
    arena_release(&arena);
}

static void test_macros(void)
{
    start();
    define("N 10");
    define("SQ(x) ((x) * (x))");
    define("NULL ((void *)0)");
    define("loop (loop + 1)");
    define("stdin stdin");
    define("get(x) get(x)");
    check_print("SQ(a + N)", "((a + 10) * (a + 10))");
    check_print("p == NULL", "(p == ((void *)0))");
    check_print("stdin", "stdin");
    CHECK_STR(print(parse("get(1)")), "(get)(1)");
    check_error("1 + loop", "5: a macro that contains itself can't stand in a clause");
    arena_release(&arena);
}

static void test_ranges(void)
{
    start();
    define("N 10 + 1");
    struct cexpr *e = parse("  p->x [ i ] * N");
    CHECK_EQ(e->range.begin, 2);
    CHECK_EQ(e->range.end, 16);
    CHECK_STR(print(e), "((p->x[i] * 10) + 1)"); /* text, as the preprocessor has it */
    e = e->kids[0];
    CHECK_EQ(e->kids[0]->range.begin, 2);
    CHECK_EQ(e->kids[0]->range.end, 12);
    CHECK_EQ(e->kids[1]->range.begin, 15); /* the invocation */
    CHECK_EQ(e->kids[1]->range.end, 16);
    struct cexpr_place macro = {NULL, NULL, 5, 9};
    CHECK_EQ(cexpr_range(&macro, 100, 200).begin, 5);
    CHECK_EQ(cexpr_range(&macro, 100, 200).end, 9);
    arena_release(&arena);
}

static const char *rename_a(void *arg, const char *name)
{
    return strcmp(name, "a") == 0 ? arg : name;
}

static bool is_sin(const struct cexpr *call, void *arg)
{
    (void)arg;
    return strcmp(call->kids[0]->text, "sin") == 0;
}

static bool count(const struct cexpr *e, void *n)
{
    ++*(int *)n;
    return e->kind != CEXPR_CALL;
}

static void test_comparing_and_walking(void)
{
    start();
    CHECK(cexpr_equal(parse("a + (b)"), parse("(a) + b")));
    CHECK(!cexpr_equal(parse("a + b"), parse("b + a")));
    CHECK(!cexpr_equal(parse("a++"), parse("++a")));
    CHECK(cexpr_equal(parse("p[:1]"), parse("p[0:1]")));
    CHECK(!cexpr_equal(parse("p"), NULL));
    CHECK(cexpr_equal(NULL, NULL));
    CHECK(cexpr_equal_as(parse("a->a + a"), parse("p->a + p"), rename_a, (void *)"p"));
    CHECK(!cexpr_equal_as(parse("a->a"), parse("p->p"), rename_a, (void *)"p"));
    CHECK(cexpr_side_effect(parse("a + b[c]"), NULL, NULL) == NULL);
    CHECK_EQ(cexpr_side_effect(parse("a + b++"), NULL, NULL)->kind, CEXPR_INCDEC);
    CHECK_EQ(cexpr_side_effect(parse("a[b = 1]"), NULL, NULL)->kind, CEXPR_ASSIGN);
    CHECK(cexpr_side_effect(parse("f(1)"), NULL, NULL) == NULL);
    CHECK_EQ(cexpr_side_effect(parse("sin(f(1))"), is_sin, NULL)->kind, CEXPR_CALL);
    CHECK(cexpr_side_effect(parse("sin(1)"), is_sin, NULL) == NULL);
    CHECK(cexpr_side_effect(parse("sizeof(x++)"), NULL, NULL) == NULL); /* not evaluated */
    CHECK_STR(cexpr_root(parse("((T *)p->a)[3].b"))->text, "p");
    CHECK_STR(cexpr_root(parse("*(p + 1)"))->text, "p");
    CHECK(cexpr_root(parse("f(1)")) == NULL);
    CHECK(cexpr_root(parse("a * b")) == NULL);
    int n = 0;
    cexpr_walk(parse("a + f(b, c)"), count, &n);
    CHECK_EQ(n, 3);
    arena_release(&arena);
}

int main(void)
{
    strbuf_init(&reported);
    test_precedence();
    test_postfix();
    test_literals();
    test_casts();
    test_sizeof();
    test_sections();
    test_errors();
    test_depth_is_bounded();
    test_macros();
    test_ranges();
    test_comparing_and_walking();
    strbuf_release(&reported);
    return check_result();
}
