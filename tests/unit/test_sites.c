/* Where pragmas stand, what their text is, where its bytes come from, and the masked
 * text for libclang. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "check.h"
#include "clex.h"
#include "sites.h"

static struct arena arena;
static struct source src;
static struct site_list list;
static char *masked;

static void find(const char *text, size_t len)
{
    source_init(&src, &arena, "t.c", text, len);
    sites_find(&list, &arena, &src);
    masked = sites_mask(&arena, &src, &list);
    /* What always holds: same length, same line ends, offsets inside the site, and a
     * text whose bytes are those of the file, comments and escapes aside. */
    size_t n = strlen(text) == len ? strlen(masked) : len;
    CHECK_EQ(n, len);
    for (size_t i = 0; i < len; i++)
        CHECK_EQ(masked[i] == '\n', text[i] == '\n');
    for (size_t i = 0; i < list.n_sites; i++) {
        const struct pragma_site *s = &list.sites[i];
        CHECK(s->begin < s->end && s->end <= len && strlen(s->text) == s->text_len);
        for (size_t k = 0; k < s->text_len; k++) {
            CHECK(s->offsets[k] >= s->begin && s->offsets[k] < s->end);
            CHECK(k == 0 || s->offsets[k - 1] < s->offsets[k]);
            char c = text[s->offsets[k]];
            CHECK(s->text[k] == c || s->text[k] == ' ' || c == '\\');
        }
        CHECK(s->offsets[s->text_len] <= s->end);
    }
}

#define FIND(text) find(text, sizeof(text) - 1)

static const char *whole(size_t i) /* the bytes of site i */
{
    const struct pragma_site *s = &list.sites[i];
    return arena_strndup(&arena, src.text + s->begin, s->end - s->begin);
}

static void test_plain(void)
{
    FIND("int x;\n  #  pragma\tmemo in(p[:n]) \nint f();\n#pragma memo\n#pragma concurrent\n"
         "#pragma synchronized wait\n#pragma checkpoint now");
    CHECK_EQ(list.n_sites, 5);
    CHECK_STR(whole(0), "#  pragma\tmemo in(p[:n]) ");
    CHECK_STR(list.sites[0].text, " in(p[:n])");
    CHECK_EQ(list.sites[0].kind, PRAGMA_MEMO);
    CHECK(!list.sites[0].is_operator);
    CHECK_STR(list.sites[1].text, "");
    CHECK_EQ(list.sites[2].kind, PRAGMA_CONCURRENT);
    CHECK_EQ(list.sites[3].kind, PRAGMA_SYNCHRONIZED);
    CHECK_EQ(list.sites[4].kind, PRAGMA_CHECKPOINT);
    CHECK_STR(list.sites[4].text, " now");
    CHECK_STR(masked, "int x;\n  #  define\tMM__           \nint f();\n#define MM__\n"
                      "#define MM__      \n#define MM__             \n#define MM__          ");
}

static void test_what_is_no_pragma_of_ours(void)
{
    FIND("#pragma memory\n#pragma GCC memo\n// #pragma memo\n/*\n#pragma memo\n*/\n"
         "const char *s = \"\\\n#pragma memo\\\n\";\n#define X #pragma memo\nx #pragma memo\n"
         "#pragma\n#pragma memo_x\n#pragma 1\n#error don't\nint memo;\n"
         "const char *r = R\"(\n#pragma memo\n)\";\n#include <a'\n");
    CHECK_EQ(list.n_sites, 0);
    CHECK_STR(masked, src.text);
}

static void test_spellings(void)
{
    FIND("#pra\\\ngma me\\\r\nmo in\\  \n(p)\n");
    CHECK_EQ(list.n_sites, 1);
    CHECK_STR(list.sites[0].text, " in(p)");
    CHECK_STR(masked, "#def\\\nine MM\\\r\n__   \\  \n   \n");
    FIND("%:pragma memo\n%\\\n:pragma memo pure\n");
    CHECK_EQ(list.n_sites, 2);
    CHECK_STR(list.sites[1].text, " pure");
    CHECK_STR(masked, "%:define MM__\n%\\\n:define MM__     \n");
    FIND("/* a */ # /* b */ pragma /* c */ memo /* d */ pure // e\n");
    CHECK_EQ(list.n_sites, 1);
    CHECK_STR(list.sites[0].text, "         pure     ");
    FIND("\xef\xbb\xbf#pragma memo pure\r\nint x;\r\n");
    CHECK_EQ(list.n_sites, 1);
    CHECK_STR(whole(0), "#pragma memo pure");
    CHECK_STR(masked, "\xef\xbb\xbf#define MM__     \r\nint x;\r\n");
    FIND("#include <it's>\n#pragma memo\n#include \"b\"\n#if 0\nit's\n#pragma memo\n#endif\n");
    CHECK_EQ(list.n_sites, 2);
}

static void test_continuations(void)
{
    FIND("#pragma memo \\\n  in(p[:n]) \\\n  pure\nint x;");
    CHECK_STR(list.sites[0].text, "   in(p[:n])   pure");
    CHECK_STR(masked, "#define MM__ \\\n            \\\n      \nint x;");
    FIND("#pragma memo // in(p) \\\n out(q)\nint x;");
    CHECK_STR(whole(0), "#pragma memo // in(p) \\\n out(q)");
    CHECK(strspn(list.sites[0].text, " ") == list.sites[0].text_len);
    CHECK_STR(masked, "#define MM__          \\\n       \nint x;");
}

static void test_comments_over_lines(void)
{
    FIND("#pragma memo in(p) /* a\n\n b */ out(q)\nint x;");
    CHECK_EQ(list.n_sites, 1);
    CHECK_STR(whole(0), "#pragma memo in(p) /* a\n\n b */ out(q)");
    CHECK(strstr(list.sites[0].text, "in(p)") && strstr(list.sites[0].text, "out(q)"));
    CHECK_STR(masked, "#define MM__       /* a\n\n b */       \nint x;");
    FIND("#/*\n*/pragma/*\n*/memo\nint x;");
    CHECK_STR(masked, "#/*\n*/define/*\n*/MM__\nint x;");
    FIND("#pragma memo /* open");
    CHECK_EQ(list.n_sites, 1);
}

static void test_operators(void)
{
    FIND("_Pragma(\"memo in(p[:n])\") int f();");
    CHECK_EQ(list.n_sites, 1);
    CHECK(list.sites[0].is_operator);
    CHECK_STR(whole(0), "_Pragma(\"memo in(p[:n])\")");
    CHECK_STR(list.sites[0].text, " in(p[:n])");
    CHECK_EQ(src.text[list.sites[0].offsets[1]], 'i');
    CHECK_STR(masked, "                          int f();");
    FIND("_Pragma ( L\"memo\" )\n_Pragma\n(\nu8\"  memo name(\\\"a\\\\n\\\")\"\n)x");
    CHECK_EQ(list.n_sites, 2);
    CHECK_STR(list.sites[1].text, " name(\"a\\n\")");
    CHECK_STR(masked, "                   \n       \n \n                         \n x");
    FIND("_Pragma(\"me\\\nmo pure\")");
    CHECK_EQ(list.n_sites, 1);
    CHECK_STR(list.sites[0].text, " pure");
    FIND("_Pragma(\"omp simd\") _Pragma(memo) _Pragma(\"memo\" \"x\") _Pragma "
         "\"_Pragma(\\\"memo\\\")\"");
    CHECK_EQ(list.n_sites, 0);
    CHECK(!list.has_define_pragma);
    FIND("#define P _Pragma(\"memo\")\nP int f();");
    CHECK_EQ(list.n_sites, 0);
    CHECK(list.has_define_pragma);
    FIND("M(_Pragma(\"memo\") int f(void);)");
    CHECK_EQ(list.n_sites, 1);
}

static void test_other_pragmas(void)
{
    FIND("#pragma GCC   optimize (\"O3\")\n#pragma once\n#pragma STDC FP_CONTRACT OFF\n"
         "_Pragma(\"GCC push_options\")\n#pragma packed\n#pragma pack(1)\n#pragma clang fp "
         "contract(fast)\n#pragma memo\n#pragma float_control(precise, on)\n");
    CHECK_EQ(list.n_sites, 1);
    CHECK_EQ(list.n_others, 6);
    CHECK_STR(list.others[0].text, "GCC optimize (\"O3\")");
    CHECK_STR(list.others[1].text, "STDC FP_CONTRACT OFF");
    CHECK_STR(list.others[2].text, "GCC push_options");
    CHECK_EQ(src.text[list.others[2].begin], '_');
    CHECK_STR(list.others[3].text, "pack(1)");
    CHECK_STR(list.others[4].text, "clang fp contract(fast)");
    CHECK_STR(list.others[5].text, "float_control(precise, on)");
    CHECK(strstr(masked, "#pragma GCC   optimize") != NULL);
}

static void test_sites_of_macros(void)
{
    struct pragma_site site;
    FIND("MEMO(x) int f();");
    CHECK(site_of_macro(&site, &arena, &src, 0, 7, " memo /* a */ pure", 18));
    CHECK_EQ(site.kind, PRAGMA_MEMO);
    CHECK_STR(site.text, "         pure");
    CHECK(site.is_macro && site.is_operator && !site.offsets);
    CHECK_EQ(site.end, 7);
    CHECK(!site_of_macro(&site, &arena, &src, 0, 7, "omp memo", 8));
    CHECK(site_is_ours("checkpoint", 10));
    CHECK(!site_is_ours("", 0));
}

int main(void)
{
    arena_init(&arena);
    test_plain();
    test_what_is_no_pragma_of_ours();
    test_spellings();
    test_continuations();
    test_comments_over_lines();
    test_operators();
    test_other_pragmas();
    test_sites_of_macros();
    arena_release(&arena);
    return check_result();
}
