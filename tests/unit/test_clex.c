/* Tokens: each case is a text and what it is lexed into, kind by kind. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "check.h"
#include "clex.h"

/* "n:foo p:( s:"x"" — kind and spelling of each token; a '!' marks an open literal, a
 * '/' a line end, a '_' a blank before the token. */
static void lex_to(struct strbuf *out, const char *text, size_t len, bool comments)
{
    static const char letters[] = "?/cnd'shpx";
    struct clex lx;
    struct clex_token t;
    strbuf_clear(out);
    clex_init(&lx, text, len);
    lx.keeps_comments = comments;
    while (clex_next(&lx, &t) != CLEX_END) {
        CHECK(t.begin < t.end && t.end <= len);
        if (out->len)
            strbuf_addc(out, ' ');
        if (t.has_blank)
            strbuf_addc(out, '_');
        if (t.kind == CLEX_NEWLINE) {
            strbuf_addc(out, '/');
            continue;
        }
        strbuf_addc(out, letters[t.kind]);
        strbuf_addc(out, ':');
        clex_spell(&lx, &t, out);
        if (t.is_open)
            strbuf_addc(out, '!');
    }
}

#define CHECK_LEX(text, want)                                                                      \
    do {                                                                                           \
        struct strbuf out_ = STRBUF_INIT;                                                          \
        lex_to(&out_, text, sizeof text - 1, false);                                               \
        CHECK_STR(out_.buf, want);                                                                 \
        strbuf_release(&out_);                                                                     \
    } while (0)

static void test_kinds(void)
{
    CHECK_LEX("", "");
    CHECK_LEX("a+b1_", "n:a p:+ n:b1_");
    CHECK_LEX("x y", "n:x _n:y");
    CHECK_LEX("1e+5 .5f 0x1p-3 30s 1.2.3 0x1e+1",
              "d:1e+5 _d:.5f _d:0x1p-3 _d:30s _d:1.2.3 _d:0x1e+1");
    CHECK_LEX("1'000 1'", "d:1'000 _d:1 ':'!");
    CHECK_LEX("'a' L'b' u8\"c\" U\"d\" X\"e\"", "':'a' _':L'b' _s:u8\"c\" _s:U\"d\" _n:X s:\"e\"");
    CHECK_LEX("\"a\\\"b\" '\\''", "s:\"a\\\"b\" _':'\\''");
    CHECK_LEX("a->b--c...d<<=e>>=f&&g##h", "n:a p:-> n:b p:-- n:c p:... n:d p:<<= n:e p:>>= n:f "
                                           "p:&& n:g p:## n:h");
    CHECK_LEX("p[:n]", "n:p p:[ p:: n:n p:]");
    CHECK_LEX("\xc3\xa4 a\\u00e4b $x", "n:\xc3\xa4 _n:a\\u00e4b _n:$x");
    CHECK_LEX("a\\b @`", "n:a x:\\ n:b _x:@ x:`");
}

static void test_digraphs(void)
{
    CHECK_LEX("<:%:%:<%%>:>%:", "p:[ p:## p:{ p:} p:] p:#");
    CHECK_LEX("a%b", "n:a p:% n:b");
}

static void test_splices(void)
{
    CHECK_LEX("fo\\\no", "n:foo");
    CHECK_LEX("fo\\  \t\no", "n:foo"); /* blanks between the two, as gcc and clang allow */
    CHECK_LEX("fo\\\r\no", "n:foo");
    CHECK_LEX("a\\\n\\\nb \\\n c", "n:ab _n:c");
    CHECK_LEX("-\\\n>", "p:->");
    CHECK_LEX("%\\\n:", "p:#");
    CHECK_LEX("a\\\n", "n:a");
    CHECK_LEX("a\\", "n:a x:\\");
    CHECK_LEX("\"a\\\nb\"", "s:\"ab\"");
    CHECK_LEX("/\\\n* x *\\\n/ y", "_n:y");
    CHECK_LEX("// x \\\n y\nz", "_/ n:z");
    CHECK_LEX("1\\\n2", "d:12");
}

static void test_splices_behind_a_token_are_not_its_own(void)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, "ab\\\n\\\n+", 7);
    CHECK_EQ(clex_next(&lx, &t), CLEX_NAME);
    CHECK_EQ(t.begin, 0);
    CHECK_EQ(t.end, 2);
    CHECK(!t.is_spliced);
    CHECK_EQ(clex_next(&lx, &t), CLEX_PUNCT);
    CHECK_EQ(t.begin, 6);
}

static void test_comments(void)
{
    struct strbuf out = STRBUF_INIT;
    CHECK_LEX("a/* \n */b", "n:a _n:b");
    CHECK_LEX("a//b\nc", "n:a _/ n:c");
    CHECK_LEX("a/*/b*/c", "n:a _n:c");
    CHECK_LEX("\"/*\"b\"*/\"", "s:\"/*\" n:b s:\"*/\"");
    CHECK_LEX("a/* open", "n:a");
    lex_to(&out, "a/*b*/c//d\r\ne", 13, true);
    CHECK_STR(out.buf, "n:a c:/*b*/ n:c c://d _/ n:e");
    lex_to(&out, "a/* b", 5, true);
    CHECK_STR(out.buf, "n:a c:/* b!");
    strbuf_release(&out);
}

static void test_literals_without_end(void)
{
    CHECK_LEX("don't /* x\nb", "n:don ':'t /* x! / n:b");
    CHECK_LEX("\"abc\r\nd", "s:\"abc! _/ n:d");
    CHECK_LEX("\"abc\\", "s:\"abc\\!");
    CHECK_LEX("'", "':'!");
}

static void test_raw_strings(void)
{
    CHECK_LEX("R\"(a\"b)\" c", "s:R\"(a\"b)\" _n:c");
    CHECK_LEX("LR\"x(\n)\")x\"+", "s:LR\"x(\n)\")x\" p:+");
    CHECK_LEX("R\"(no end\" b", "n:R s:\"(no end\" _n:b");
    CHECK_LEX("R\"plain\"", "n:R s:\"plain\"");
}

static void test_odd_bytes(void)
{
    CHECK_LEX("\xef\xbb\xbf#x", "p:# n:x"); /* byte order mark */
    CHECK_LEX("a\0b", "n:a _n:b");
    CHECK_LEX("a\r\nb\rc", "n:a _/ n:b _n:c");
}

static void test_headers_only_where_expected(void)
{
    struct clex lx;
    struct clex_token t;
    const char *text = "<a'b> <c";
    clex_init(&lx, text, 8);
    lx.expects_header = true;
    CHECK_EQ(clex_next(&lx, &t), CLEX_HEADER);
    CHECK_EQ(t.end, 5);
    lx.expects_header = true;
    CHECK_EQ(clex_next(&lx, &t), CLEX_PUNCT); /* no '>' on this line */
}

static void test_line_starts(void)
{
    struct clex lx;
    struct clex_token t;
    clex_init(&lx, " /* c */ #\n\n#\\\nx #", 18);
    CHECK(clex_next(&lx, &t) == CLEX_PUNCT && t.at_line_start);
    clex_next(&lx, &t);
    clex_next(&lx, &t);
    CHECK(clex_next(&lx, &t) == CLEX_PUNCT && t.at_line_start);
    CHECK(clex_next(&lx, &t) == CLEX_NAME && !t.at_line_start);
    CHECK(clex_next(&lx, &t) == CLEX_PUNCT && !t.at_line_start);
}

static void check_value(const char *literal, bool ok, const char *want)
{
    struct strbuf s = STRBUF_INIT;
    CHECK_EQ(clex_string_value(literal, strlen(literal), &s), ok);
    if (ok)
        CHECK_STR(s.buf, want);
    strbuf_release(&s);
}

static void test_string_values(void)
{
    check_value("\"\"", true, "");
    check_value("\"a\\tb\\\\\\\"\\?\\e\"", true, "a\tb\\\"?\033");
    check_value("\"\\101\\x42\\1012\"", true, "ABA2");
    check_value("\"\\u00e4\\U0001F600\"", true, "\xc3\xa4\xf0\x9f\x98\x80");
    check_value("\"\\q\"", false, NULL);
    check_value("\"\\x\"", false, NULL);
    check_value("\"\\x100\"", false, NULL);
    check_value("\"\\777\"", false, NULL);
    check_value("\"\\u12\"", false, NULL);
    check_value("\"\\ud800\"", false, NULL);
    check_value("L\"a\"", false, NULL);
    check_value("\"", false, NULL);
    check_value("\"a\\\"", false, NULL);
}

static void test_destringize(void)
{
    const char *s = "L\"a\\\"b\\\\c\\n\"";
    char out[16];
    size_t map[17], n = clex_destringize(s, strlen(s), out, map);
    out[n] = '\0';
    CHECK_STR(out, "a\"b\\c\\n");
    CHECK_EQ(map[0], 2);
    CHECK_EQ(map[1], 3); /* the backslash of \" */
    CHECK_EQ(map[2], 5);
    CHECK_EQ(map[n], strlen(s) - 1);
}

static void test_ctokens(void)
{
    struct arena arena;
    struct ctokens tokens = {0};
    arena_init(&arena);
    ctokens_lex(&tokens, &arena, "a /* x */ <: \n b", 16);
    CHECK_EQ(tokens.n, 3);
    CHECK_STR(tokens.items[1].text, "[");
    CHECK_EQ(tokens.items[1].begin, 10);
    CHECK_EQ(tokens.items[1].end, 12);
    CHECK(tokens.items[2].has_blank && ctoken_is(&tokens.items[2], "b"));
    arena_release(&arena);
}

int main(void)
{
    test_kinds();
    test_digraphs();
    test_splices();
    test_splices_behind_a_token_are_not_its_own();
    test_comments();
    test_literals_without_end();
    test_raw_strings();
    test_odd_bytes();
    test_headers_only_where_expected();
    test_line_starts();
    test_string_values();
    test_destringize();
    test_ctokens();
    return check_result();
}
