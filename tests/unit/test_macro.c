/* The expander: the examples of C11 6.10.3.5, GNU's extensions, what must not end. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "check.h"
#include "clex.h"
#include "macro.h"

static struct arena arena;
static struct macro_table *table;

static void start(void)
{
    arena_init(&arena);
    table = macro_table_new(&arena);
}

static void define(const char *text)
{
    macro_define(table, text, strlen(text));
}

static const char *expand(const char *text)
{
    struct strbuf s = STRBUF_INIT;
    const char *out = "(failed)";
    if (macro_expand(table, text, strlen(text), &s))
        out = arena_strdup(&arena, s.buf);
    strbuf_release(&s);
    return out;
}

static void test_object_like(void)
{
    start();
    define("N 10");
    define("M N + 1");
    define("EMPTY");
    define("P (x)");
    CHECK_STR(expand("N"), "10");
    CHECK_STR(expand("M*M"), "10 + 1*10 + 1");
    CHECK_STR(expand("a EMPTY b"), "a b");
    CHECK_STR(expand("P"), "(x)"); /* a blank before '(': no parameters */
    CHECK_STR(expand("\"N\" 'N' aN"), "\"N\" 'N' aN");
    define("N 20"); /* the later one counts */
    CHECK_STR(expand("M"), "20 + 1");
    arena_release(&arena);
}

static void test_function_like(void)
{
    start();
    define("MAX(a, b) ((a) > (b) ? (a) : (b))");
    define("ID(x) x");
    define("NONE() 1");
    define("TWO(a,b) [a|b]");
    CHECK_STR(expand("MAX(1, f(2, 3))"), "((1) > (f(2, 3)) ? (1) : (f(2, 3)))");
    CHECK_STR(expand("ID(ID)(3)"), "ID(3)"); /* hidden by the outer one */
    CHECK_STR(expand("MAX + 1"), "MAX + 1");
    CHECK_STR(expand("NONE ( )"), "1");
    CHECK_STR(expand("TWO(,)"), "[|]");
    CHECK_STR(expand("ID()"), "");
    CHECK_STR(expand("ID((1,2))"), "(1,2)");
    CHECK_STR(expand("ID(MAX)(1,2)"), "((1) > (2) ? (1) : (2))");
    CHECK_STR(expand("TWO(1)"), "(failed)");
    CHECK_STR(expand("TWO(1,2,3)"), "(failed)");
    CHECK_STR(expand("NONE(1)"), "(failed)");
    CHECK_STR(expand("TWO(1,2"), "(failed)");
    arena_release(&arena);
}

static void test_self_reference_stops(void)
{
    start();
    define("foo (4 + foo)");
    define("a b c");
    define("b a");
    define("f(x) x + f(x)");
    CHECK_STR(expand("foo"), "(4 + foo)");
    CHECK_STR(expand("a"), "a c");
    CHECK_STR(expand("f(f(1))"), "1 + f(1) + f(1 + f(1))");
    CHECK(!macro_is_stable(table, "foo", 3));
    define("stdin stdin");
    CHECK(macro_is_stable(table, "stdin", 5));
    CHECK(macro_is_stable(table, "unknown", 7));
    arena_release(&arena);
}

static void test_standard_example_3(void)
{
    start();
    define("x 3");
    define("f(a) f(x * (a))");
    define("x 2");
    define("g f");
    define("z z[0]");
    define("h g(~");
    define("m(a) a(w)");
    define("w 0,1");
    define("t(a) a");
    define("p() int");
    define("q(x) x");
    define("r(x,y) x ## y");
    define("str(x) # x");
    CHECK_STR(expand("f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);"),
              "f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1);");
    CHECK_STR(expand("g(x+(3,4)-w) | h 5) & m\n(f)^m(m);"),
              "f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);");
    CHECK_STR(expand("p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };"),
              "int i[] = { 1, 23, 4, 5, };");
    CHECK_STR(expand("char c[2][6] = { str(hello), str() };"),
              "char c[2][6] = { \"hello\", \"\" };");
    arena_release(&arena);
}

static void test_stringize_and_paste(void)
{
    start();
    define("str(s) # s");
    define("xstr(s) str(s)");
    define("glue(a, b) a ## b");
    define("xglue(a, b) glue(a, b)");
    define("HIGHLOW \"hello\"");
    define("LOW LOW \", world\"");
    define("N 7");
    define("hash_hash # ## #");
    define("mkstr(a) # a");
    define("in_between(a) mkstr(a)");
    define("join(c, d) in_between(c hash_hash d)");
    CHECK_STR(expand("xstr(strncmp(\"abc\\0d\", \"abc\", '\\4') == 0)"),
              "\"strncmp(\\\"abc\\\\0d\\\", \\\"abc\\\", '\\\\4') == 0\"");
    CHECK_STR(expand("glue(HIGH, LOW)"), "\"hello\"");
    CHECK_STR(expand("xglue(HIGH, LOW)"), "\"hello\" \", world\"");
    CHECK_STR(expand("str(N) xstr(N) glue(N, N) xglue(N, N)"), "\"N\" \"7\" NN 77");
    CHECK_STR(expand("str( a   b\tc )"), "\"a b c\"");
    CHECK_STR(expand("join(x, y)"), "\"x ## y\"");
    CHECK_STR(expand("glue(+, x)"), "(failed)"); /* no token */
    CHECK_STR(expand("glue(/, /)"), "(failed)");
    arena_release(&arena);
}

static void test_variadic(void)
{
    start();
    define("call(f, ...) f(__VA_ARGS__)");
    define("gnu(f, args...) f(0, ## args)");
    define("log(fmt, ...) g(fmt, ## __VA_ARGS__)");
    define("opt(x, ...) f(x __VA_OPT__(, __VA_ARGS__))");
    define("show(...) #__VA_ARGS__");
    define("N 1");
    CHECK_STR(expand("call(f, a, (b, c), N)"), "f(a, (b, c), 1)");
    CHECK_STR(expand("call(f)"), "f()");
    CHECK_STR(expand("gnu(f, N, 2)"), "f(0, 1, 2)");
    CHECK_STR(expand("gnu(f)"), "f(0)");
    CHECK_STR(expand("log(\"x\")"), "g(\"x\")");
    CHECK_STR(expand("log(\"x\", N)"), "g(\"x\", 1)");
    CHECK_STR(expand("opt(1) opt(1, N)"), "f(1) f(1, 1)");
    CHECK_STR(expand("show(a,  b)"), "\"a, b\"");
    CHECK_STR(expand("show()"), "\"\"");
    arena_release(&arena);
}

static void test_broken_definitions_are_left_out(void)
{
    start();
    define("A(x");
    define("B(x,) x");
    define("C(..., x) x");
    define("(x)");
    define("");
    define("D(1) 1");
    CHECK_STR(expand("A(1) B(1) C(1) D(1)"), "A(1) B(1) C(1) D(1)");
    CHECK(!macro_is_defined(table, "A", 1));
    arena_release(&arena);
}

static void test_bombs_are_refused(void)
{
    start();
    define("B0 x x x x x x x x x x");
    for (int i = 1; i < 12; i++)
        define(arena_printf(&arena, "B%d B%d B%d B%d B%d B%d B%d", i, i - 1, i - 1, i - 1, i - 1,
                            i - 1, i - 1));
    CHECK_STR(expand("B11"), "(failed)");
    define("P0(x) x##x##x##x##x##x##x##x");
    for (int i = 1; i < 12; i++)
        define(arena_printf(&arena, "P%d(x) P%d(x##x##x##x##x##x##x##x)", i, i - 1));
    CHECK_STR(expand("P11(aaaa)"), "(failed)");
    struct strbuf deep = STRBUF_INIT;
    define("ID(x) x");
    for (int i = 0; i < 10000; i++)
        strbuf_adds(&deep, "ID(");
    for (int i = 0; i < 10000; i++)
        strbuf_addc(&deep, ')');
    CHECK_STR(expand(deep.buf), "(failed)");
    strbuf_release(&deep);
    arena_release(&arena);
}

static void test_positions_are_those_of_the_invocation(void)
{
    start();
    define("ADD(a, b) a + TWICE(b)");
    define("TWICE(x) 2 * x");
    struct ctokens in = {0}, out = {0};
    const struct ctoken *bad = NULL;
    const char *text = "k ADD(1, n) m", *why = NULL;
    ctokens_lex(&in, &arena, text, strlen(text));
    CHECK(macro_expand_tokens(table, &arena, in.items, in.n, &out, &bad, &why));
    CHECK_EQ(out.n, 7);
    CHECK_EQ(out.items[0].begin, 0);
    CHECK(!out.items[0].is_from_macro);
    for (size_t i = 1; i < 6; i++) {
        CHECK_EQ(out.items[i].begin, 2);
        CHECK_EQ(out.items[i].end, 11);
        CHECK(out.items[i].is_from_macro);
    }
    CHECK_EQ(out.items[6].begin, 12);
    text = "a ADD(1)";
    in = out = (struct ctokens){0};
    ctokens_lex(&in, &arena, text, strlen(text));
    CHECK(!macro_expand_tokens(table, &arena, in.items, in.n, &out, &bad, &why));
    CHECK_STR(bad->text, "ADD");
    CHECK_STR(why, "too few arguments");
    arena_release(&arena);
}

static void test_types(void)
{
    start();
    CHECK(!macro_has_types(table));
    macro_add_type(table, "real", 4);
    CHECK(macro_has_types(table));
    CHECK(macro_is_type(table, "real", 4));
    CHECK(!macro_is_type(table, "rea", 3));
    CHECK(!macro_is_defined(table, "real", 4));
    arena_release(&arena);
}

static void test_pragmas_made_by_macros(void)
{
    start();
    define("MEMO(x) PRAGMA(memo x)");
    define("PRAGMA(x) _Pragma(#x)");
    define("BOTH MEMO(in(p[:N])) _Pragma(\"omp simd\")");
    define("N 3");
    define("LOOP LOOP2");
    define("LOOP2 LOOP");
    char **texts;
    bool rest;
    CHECK(macro_may_make_pragma(table, "BOTH", 4));
    CHECK(macro_may_make_pragma(table, "MEMO", 4));
    CHECK(!macro_may_make_pragma(table, "N", 1));
    CHECK(!macro_may_make_pragma(table, "LOOP", 4));
    CHECK(!macro_may_make_pragma(table, "nothing", 7));
    define("LOOP2 PRAGMA(x)"); /* an answer doesn't outlive a new definition */
    CHECK(macro_may_make_pragma(table, "LOOP", 4));

    const char *s = expand("MEMO(name(\"a\\n\"))");
    CHECK_STR(s, "_Pragma(\"memo name(\\\"a\\\\n\\\")\")");
    CHECK_EQ(macro_pragmas(&arena, s, strlen(s), &texts, &rest), 1);
    CHECK_STR(texts[0], "memo name(\"a\\n\")");
    CHECK(!rest);
    s = expand("BOTH MEMO(pure) int f(void);");
    CHECK_EQ(macro_pragmas(&arena, s, strlen(s), &texts, &rest), 2);
    CHECK_STR(texts[0], "memo in(p[:3])");
    CHECK_STR(texts[1], "memo pure");
    CHECK(rest);
    s = "_Pragma(memo) _Pragma(\"memory\")";
    CHECK_EQ(macro_pragmas(&arena, s, strlen(s), &texts, &rest), 0);
    CHECK(rest);
    arena_release(&arena);
}

int main(void)
{
    test_object_like();
    test_function_like();
    test_self_reference_stops();
    test_standard_example_3();
    test_stringize_and_paste();
    test_variadic();
    test_broken_definitions_are_left_out();
    test_bombs_are_refused();
    test_positions_are_those_of_the_invocation();
    test_types();
    test_pragmas_made_by_macros();
    return check_result();
}
