/* Fingerprints: which edits change the fingerprint of f, and which don't.
 *
 * A case is two texts of a unit, the second an edit of the first. Each is parsed on its
 * own; where the fingerprints must be equal the second lies in another folder. All
 * cases run with every libclang that is installed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "diag.h"
#include "frontend.h"
#include "libclang_versions.h"

enum expectation { SAME, DIFFERENT };

struct text {
    const char *unit;
    const char *header; /* h.h, or NULL */
    const char *args[4];
    const char *name; /* of the unit's file; NULL: unit.c */
};
struct fingerprint_case {
    const char *name;
    enum expectation expected;
    struct text before, after;
};

/* Edits of one long unit. */
#define BASE_HEADER                                                                                \
    "typedef unsigned int word;\n"                                                                 \
    "enum speed { FAST, SLOW = 5 };\n"                                                             \
    "struct vec { double x, y; int tag; };\n"                                                      \
    "#define FROM_HEADER 42\n"                                                                     \
    "static inline int in_header(int x) { return x * 3; }\n"
#define BASE_TOP                                                                                   \
    "#include <assert.h>\n"                                                                        \
    "#include \"h.h\"\n"                                                                           \
    "double sqrt(double);\n"
#define BASE_MIDDLE                                                                                \
    "#define ADD(a, b) ((a) + (b))\n"                                                              \
    "static const double table[3] = {1.0, 2.5, 3.0};\n"                                            \
    "static int counter;\n"                                                                        \
    "static int deeper(int x) { return x ^ 0x55; }\n"                                              \
    "static int helper(int x) { return deeper(x) + FROM_HEADER; }\n"                               \
    "typedef struct { word a; struct vec v; } box;\n"
#define BASE_HEAD "int f(int n, const struct vec *v, box b)\n"
#define BASE_BODY                                                                                  \
    "{\n"                                                                                          \
    "    /* comment */\n"                                                                          \
    "    int s = 0;\n"                                                                             \
    "    for (int i = 0; i < n; i++)\n"                                                            \
    "        s += ADD(helper(i), 10) + (int) v[i].x;\n"                                            \
    "    if (b.a == SLOW) s += (int) table[1];\n"                                                  \
    "    assert(s > -1000);\n"                                                                     \
    "    counter++;\n"                                                                             \
    "    return s + in_header(s) + (int) sqrt(2.0);\n"                                             \
    "}\n"
#define BASE_END "int unrelated(int x) { return x - 1; }\n"
#define BASE BASE_TOP BASE_MIDDLE BASE_HEAD BASE_BODY BASE_END

/* `was` becomes `is` in the unit or its header. */
struct edit_case {
    const char *name;
    enum expectation expected;
    const char *was, *is;
};

static const struct edit_case edits[] = {
    {"nothing", SAME, "", ""},
    {"another comment", SAME, "/* comment */", "// more\n /* and\n more */"},
    {"blanks", SAME, "s += ADD(helper(i), 10)", "s\t+=   ADD( helper (i),\n\n 10 )"},
    {"joined lines", SAME, "int s = 0;\n", "int s = 0; "},
    {"a line continued", SAME, "int s = 0;", "int \\\ns = 0;"},
    {"lines before everything", SAME, "#include <assert.h>", "\n\n\n#include <assert.h>"},
    {"lines before an assert", SAME, "    assert(", "\n\n    assert("},
    {"lines in the header", SAME, "enum speed", "\n\n/* */\nenum speed"},
    {"blanks in an assert", SAME, "assert(s > -1000)", "assert( s>- 1000 )"},
    {"an assert's value as a macro", SAME, "    assert(s > -1000);",
     "#define LEAST -1000\n    assert(s > LEAST);"},
    {"an unused macro", SAME, "#define ADD", "#define FOO 7\n#define ADD"},
    {"another function", SAME, "int unrelated", "int fresh(void) { return 4; }\nint unrelated"},
    {"another function before", SAME, "static const double",
     "static int fresh(void) { return 4; }\n"
     "static const double"},
    {"another type", SAME, "typedef unsigned int word;",
     "struct more { int x; };\n"
     "typedef unsigned int word;"},
    {"body of an unrelated function", SAME, "x - 1", "x - 2"},
    {"an enumerator that nothing uses", SAME, "FAST, ", "FAST, FASTER, "},
    {"a prototype more", SAME, "static int counter;",
     "static int counter;\nstatic int helper(int);"},
    {"a prototype with other names", SAME, "double sqrt(double);", "double sqrt(double of);"},
    {"a pragma of ours inside", SAME, "    int s = 0;", "    int s = 0;\n#pragma synchronized\n"},
    {"a quiet pragma inside", SAME, "    int s = 0;",
     "    int s = 0;\n#pragma GCC diagnostic ignored \"-Wall\"\n"},
    {"a pragma of ours before", SAME, "int f(int n", "#pragma memo in(v[:n])\nint f(int n"},

    {"a macro's operator", DIFFERENT, "((a) + (b))", "((a) - (b))"},
    {"an argument of a macro", DIFFERENT, "ADD(helper(i), 10)", "ADD(helper(i), 11)"},
    {"a constant of the header", DIFFERENT, "42", "43"},
    {"a deep callee's constant", DIFFERENT, "0x55", "0x56"},
    {"a deep callee's operator", DIFFERENT, "x ^ 0x55", "x | 0x55"},
    {"a callee in the header", DIFFERENT, "x * 3", "x * 4"},
    {"an element of a table", DIFFERENT, "2.5", "2.6"},
    {"a size of a table", DIFFERENT, "table[3]", "table[4]"},
    {"an enumerator's value", DIFFERENT, "SLOW = 5", "SLOW = 6"},
    {"type of a field", DIFFERENT, "int tag", "short tag"},
    {"order of fields", DIFFERENT, "double x, y", "double y, x"},
    {"a field's name", DIFFERENT, "int tag", "int label"},
    {"a field more", DIFFERENT, "int tag", "int tag, more"},
    {"a typedef", DIFFERENT, "typedef unsigned int", "typedef unsigned long"},
    {"type of a member through no typedef", DIFFERENT, "{ word a;", "{ int a;"},
    {"type of a parameter", DIFFERENT, "int f(int n", "int f(long n"},
    {"a qualifier of a parameter", DIFFERENT, "const struct vec *v", "struct vec *v"},
    {"type of a local variable", DIFFERENT, "int s = 0", "long s = 0"},
    {"a local variable's name", DIFFERENT, "int i = 0; i < n; i++", "int j = 0, i = 0; i < n; i++"},
    {"a comparison", DIFFERENT, "i < n", "i <= n"},
    {"an increment", DIFFERENT, "i++", "i += 2"},
    {"postfix and prefix", DIFFERENT, "counter++", "++counter"},
    {"an equality", DIFFERENT, "b.a == SLOW", "b.a != SLOW"},
    {"the condition of an assert", DIFFERENT, "s > -1000", "s > -1001"},
    {"a literal's type", DIFFERENT, "sqrt(2.0)", "sqrt(2.0f)"},
    {"a statement less", DIFFERENT, "    counter++;\n", ""},
    {"a statement more", DIFFERENT, "    counter++;", "    counter++; s++;"},
    {"another order of statements", DIFFERENT, "counter++;\n    return s", "return s++; return s"},
    {"an initial value of a variable", DIFFERENT, "static int counter;", "static int counter = 5;"},
    {"a variable's type", DIFFERENT, "static int counter;", "static long counter;"},
    {"type of an external function", DIFFERENT, "double sqrt(double)", "float sqrt(double)"},
    {"an attribute that clang knows", DIFFERENT, "int f(int n",
     "__attribute__((noinline)) int f(int n"},
    {"an attribute of gcc's", DIFFERENT, "int f(int n",
     "__attribute__((optimize(\"fast-math\"))) int f(int n"},
    {"an attribute of a callee", DIFFERENT, "static int deeper",
     "__attribute__((optimize(\"O3\"))) static int deeper"},
    {"an attribute behind the name", DIFFERENT, "static int helper",
     "static int helper(int) __attribute__((optimize(\"O3\")));\nstatic int helper"},
    {"a string", DIFFERENT, "counter++;", "counter++; (void)\"a\";"},
    {"the result's type", DIFFERENT, "int f(int n", "long f(int n"},
    {"a cast", DIFFERENT, "(int) v[i].x", "(short) v[i].x"},
    {"another member", DIFFERENT, "v[i].x", "v[i].y"},
    {"an index", DIFFERENT, "table[1]", "table[2]"},
    {"parentheses that change nothing but the tree", DIFFERENT, "i < n", "i < (n)"},
    {"another callee", DIFFERENT, "ADD(helper(i)", "ADD(deeper(i)"},
};

#define UNIT(text)                                                                                 \
    {                                                                                              \
        .unit = text                                                                               \
    }
#define WITH(text, ...)                                                                            \
    {                                                                                              \
        .unit = text, .args = { __VA_ARGS__ }                                                      \
    }
#define S "struct S { int a; char b; };\n"

static const struct fingerprint_case cases[] = {
    /* ---- places and names that don't count ---- */
    {"the file is renamed",
     SAME,
     UNIT("int f(int x) { return x; }\n"),
     {.unit = "int f(int x) { return x; }\n", .name = "renamed (copy) 2.c"}},
    {"line ends of Windows", SAME, UNIT("/* a */\nint f(int x)\n{\n    return x + \\\n 1;\n}\n"),
     UNIT("/* a */\r\nint f(int x)\r\n{\r\n    return x + \\\r\n 1;\r\n}\r\n")},
    {"a byte order mark", SAME, UNIT("int f(int x) { return x; }\n"),
     UNIT("\xef\xbb\xbfint f(int x) { return x; }\n")},
    {"functions in another order", SAME,
     UNIT("static int a(int x) { return x + 1; }\nstatic int b(int x) { return x + 2; }\n"
          "int f(int x) { return a(x) + b(x); }\n"),
     UNIT("static int b(int x) { return x + 2; }\nstatic int a(int x) { return x + 1; }\n"
          "int f(int x) { return a(x) + b(x); }\n")},
    {"a callee behind its caller", SAME,
     UNIT("static int a(int);\nstatic int a(int x) { return x + 1; }\nint f(int x) { return a(x); "
          "}\n"),
     UNIT("static int a(int);\nint f(int x) { return a(x); }\nstatic int a(int x) { return x + 1; "
          "}\n")},
    {"code moves to a header",
     SAME,
     {.unit = "#include \"h.h\"\nstatic int a(int x) { return x + 1; }\nint f(int x) { return "
              "a(x); }\n",
      .header = "\n"},
     {.unit = "#include \"h.h\"\nint f(int x) { return a(x); }\n",
      .header = "static int a(int x) { return x + 1; }\n"}},
    {"a macro is renamed", SAME, UNIT("#define OLD 10\nint f(int x) { return x + OLD; }\n"),
     UNIT("#define NEW 10\nint f(int x) { return x + NEW; }\n")},
    {"a macro instead of its value", SAME,
     UNIT("#define TEN 10\nint f(int x) { return x + TEN; }\n"),
     UNIT("int f(int x) { return x + 10; }\n")},
    {"a macro from the command line", SAME,
     UNIT("#define TEN 10\nint f(int x) { return x + TEN; }\n"),
     WITH("int f(int x) { return x + TEN; }\n", "-DTEN=10")},
    {"a comment in a macro", SAME, UNIT("#define Q 3 /* a */\nint f(void) { return Q; }\n"),
     UNIT("#define Q 3 /* b */\nint f(void) { return Q; }\n")},
    {"a stringized name", SAME,
     UNIT("#define STR(x) #x\n#define N a\nconst char *f(void) { return STR(N); }\n"),
     UNIT("#define STR(x) #x\n#define N b\nconst char *f(void) { return STR(N); }\n")},
    {"a struct without a name moves", SAME,
     UNIT("struct { int q; } g;\nint f(void) { return g.q; }\n"),
     UNIT("\n\n/* c */  struct { int q; } g;\nint f(void) { return g.q; }\n")},
    {"a local struct without a name moves", SAME,
     UNIT("int f(void) { struct { int q; } l = {1}; return l.q; }\n"),
     UNIT("\nint f(void) {\n   struct { int q; } l = {1}; return l.q; }\n")},
    {"a member without a name moves", SAME,
     UNIT("struct A { struct { int x; }; int y; };\nint f(struct A *a) { return a->x; }\n"),
     UNIT("\n  struct A {\n struct { int x; }; int y; };\nint f(struct A *a) { return a->x; }\n")},
    {"an enum without a name moves", SAME, UNIT("enum { K = 3 };\nint f(void) { return K; }\n"),
     UNIT("\n\n  enum { K = 3 };\nint f(void) { return K; }\n")},
    {"__COUNTER__ elsewhere", SAME, UNIT("int z = __COUNTER__;\nint f(void) { return 3; }\n"),
     UNIT("int z = __COUNTER__;\nint y = __COUNTER__;\nint f(void) { return 3; }\n")},
    {"__LINE__ elsewhere", SAME,
     UNIT("int g(void) { return __LINE__; }\nint f(void) { return 3; }\n"),
     UNIT("\nint g(void) { return __LINE__; }\nint f(void) { return 3; }\n")},
    {"a macro that wraps assert moves", SAME,
     UNIT(
         "#include <assert.h>\n#define CHECK(x) assert(x)\nint f(int x) { CHECK(x); return x; }\n"),
     UNIT("#include <assert.h>\n#define CHECK(x) assert(x)\n\n\nint f(int x) {\n CHECK(x); return "
          "x; }\n")},
    {"a pragma behind the function", SAME, UNIT("int f(int x) { return x; }\n"),
     UNIT("int f(int x) { return x; }\n#pragma GCC optimize(\"fast-math\")\n")},
    {"an attribute of the next function", SAME,
     UNIT("int f(int x) { return x; }\n int g(int x) { return x; }\n"),
     UNIT("int f(int x) { return x; }\n__attribute__((optimize(\"O3\"))) int g(int x) { return x; "
          "}\n")},
    {"an option that is no code", SAME, UNIT("int f(int x) { return x; }\n"),
     WITH("int f(int x) { return x; }\n", "-DUNUSED")},
    {"an include guard",
     SAME,
     {.unit = "#include \"h.h\"\nint f(int x) { return x; }\n", .header = "int g(int);\n"},
     {.unit = "#include \"h.h\"\nint f(int x) { return x; }\n",
      .header = "#ifndef H_H\n#define H_H\nint g(int);\n#endif\n"}},
    {"an included table with other blanks",
     SAME,
     {.unit = "static const int t[] = {\n#include \"h.h\"\n};\nint f(int x) { return t[x]; }\n",
      .header = "1,\n2,\n"},
     {.unit = "static const int t[] = {\n#include \"h.h\"\n};\nint f(int x) { return t[x]; }\n",
      .header = "1, 2, /* all */\n"}},

    {"a macro for one compiler that says __LINE__ moves", SAME,
     UNIT("#ifdef __GNUC__\n#define LOG() log(__LINE__)\n#endif\nint f(int x) { return x; }\n"),
     UNIT("\n#ifdef __GNUC__\n#define LOG() log(__LINE__)\n#endif\nint f(int x) { return x; }\n")},
    {"code for one compiler moves", SAME,
     UNIT("#ifdef __GNUC__\n#define L(x) x\n#else\n#define L(x) (x)\n#endif\nint f(int x) { return "
          "x; }\n"),
     UNIT("\n#ifdef __GNUC__ /* gcc */\n#define L(x)  x\n\n#else\n#define L(x) (x)\n#endif\nint "
          "f(int x) { return x; }\n")},
    {"_Pragma of ours inside", SAME, UNIT("int f(int x) { return x; }\n"),
     UNIT("int f(int x) { _Pragma(\"synchronized\") return x; }\n")},
    {"a macro with a loop's pragma, before", SAME, UNIT("int f(int x) { return x; }\n"),
     UNIT("#define SIMD _Pragma(\"GCC ivdep\")\nint g(int x) { SIMD while (x) x--; return x; "
          "}\nint f(int x) { return x; }\n")},
    {"an unrelated variable's attribute", SAME, UNIT("int v;\nint f(int x) { return x; }\n"),
     UNIT("int v __attribute__((section(\".x\")));\nint f(int x) { return x; }\n")},
    {"an unrelated error", SAME, UNIT("int f(int x) { return x; }\n"),
     UNIT("int f(int x) { return x; }\nint g(int x) { return unknown_name; }\n")},

    /* ---- what clang drops, hides behind a macro, or gives another value ---- */
    {"an included table",
     DIFFERENT,
     {.unit = "static const int t[] = {\n#include \"h.h\"\n};\nint f(int x) { return t[x]; }\n",
      .header = "1,\n2,\n"},
     {.unit = "static const int t[] = {\n#include \"h.h\"\n};\nint f(int x) { return t[x]; }\n",
      .header = "1,\n3,\n"}},
    {"__LINE__ in an included table",
     DIFFERENT,
     {.unit = "static const int t[] = {\n#include \"h.h\"\n};\nint f(int x) { return t[x]; }\n",
      .header = "__LINE__,\n2,\n"},
     {.unit = "static const int t[] = {\n#include \"h.h\"\n};\nint f(int x) { return t[x]; }\n",
      .header = "\n__LINE__,\n2,\n"}},
    {"__LINE__ in a result", DIFFERENT, UNIT("int f(void) { return __LINE__; }\n"),
     UNIT("\nint f(void) { return __LINE__; }\n")},
    {"__LINE__ through macros", DIFFERENT,
     UNIT("#define HERE __LINE__\n#define AT HERE\nint f(void) { return AT; }\n"),
     UNIT("#define HERE __LINE__\n#define AT HERE\n\nint f(void) { return AT; }\n")},
    {"__LINE__ as a macro's argument", DIFFERENT,
     UNIT("#define ID(x) x\nint f(void) { return ID(__LINE__); }\n"),
     UNIT("#define ID(x) x\n\nint f(void) { return ID(__LINE__); }\n")},
    {"__LINE__ in a callee", DIFFERENT,
     UNIT("static int g(void) { return __LINE__; }\nint f(void) { return g(); }\n"),
     UNIT("\nstatic int g(void) { return __LINE__; }\nint f(void) { return g(); }\n")},
    {"__LINE__ in an initializer", DIFFERENT,
     UNIT("static int g = __LINE__;\nint f(void) { return g; }\n"),
     UNIT("\nstatic int g = __LINE__;\nint f(void) { return g; }\n")},
    {"__LINE__ in a macro from the command line", DIFFERENT,
     WITH("int f(void) { return AT; }\n", "-DAT=__LINE__"),
     WITH("\nint f(void) { return AT; }\n", "-DAT=__LINE__")},
    {"__LINE__ behind #line", DIFFERENT, UNIT("#line 5\nint f(void) { return __LINE__; }\n"),
     UNIT("#line 6\nint f(void) { return __LINE__; }\n")},
    {"__LINE__ at the end of an invocation", DIFFERENT,
     UNIT("#define AT(x) __LINE__\nint f(void) { return AT(1\n); }\n"),
     UNIT("#define AT(x) __LINE__\nint f(void) { return AT(1\n\n); }\n")},
    {"an assert of the user's own", DIFFERENT,
     UNIT("int g;\n#define assert(x) (g = (x) ? 0 : __LINE__)\nint f(int x) { assert(x); return g; "
          "}\n"),
     UNIT("int g;\n#define assert(x) (g = (x) ? 0 : __LINE__)\n\nint f(int x) { assert(x); return "
          "g; }\n")},
    {"__builtin_LINE", DIFFERENT, UNIT("int f(void) { return __builtin_LINE(); }\n"),
     UNIT("\nint f(void) { return __builtin_LINE(); }\n")},
    {"__FILE__",
     DIFFERENT,
     UNIT("const char *f(void) { return __FILE__; }\n"),
     {.unit = "const char *f(void) { return __FILE__; }\n", .name = "other.c"}},
    {"__BASE_FILE__ through a macro",
     DIFFERENT,
     UNIT("#define B __BASE_FILE__\nconst char *f(void) { return B; }\n"),
     {.unit = "#define B __BASE_FILE__\nconst char *f(void) { return B; }\n", .name = "other.c"}},
    {"__COUNTER__", DIFFERENT, UNIT("int f(void) { return __COUNTER__; }\n"),
     UNIT("int z = __COUNTER__;\nint f(void) { return __COUNTER__; }\n")},
    {"__COUNTER__ used up in a header",
     DIFFERENT,
     {.unit = "#include \"h.h\"\nint f(void) { return __COUNTER__; }\n", .header = "int z;\n"},
     {.unit = "#include \"h.h\"\nint f(void) { return __COUNTER__; }\n",
      .header = "int z = __COUNTER__;\n"}},
    {"the other compiler's branch inside", DIFFERENT,
     UNIT("int f(void) {\n#ifdef __clang__\nreturn 1;\n#else\nreturn 2;\n#endif\n}\n"),
     UNIT("int f(void) {\n#ifdef __clang__\nreturn 1;\n#else\nreturn 3;\n#endif\n}\n")},
    {"a branch that libclang doesn't take", DIFFERENT,
     UNIT("int f(void) {\n#ifdef SET_BY_THE_COMPILER\nreturn 1;\n#endif\nreturn 0; }\n"),
     UNIT("int f(void) {\n#ifdef SET_BY_THE_COMPILER\nreturn 2;\n#endif\nreturn 0; }\n")},
    {"a macro for -ffast-math", DIFFERENT,
     UNIT("#ifdef __FAST_MATH__\n#define K 1\n#else\n#define K 2\n#endif\nint f(void) { return K; "
          "}\n"),
     UNIT("#ifdef __FAST_MATH__\n#define K 3\n#else\n#define K 2\n#endif\nint f(void) { return K; "
          "}\n")},
    {"members without names change places", DIFFERENT,
     UNIT("struct A { struct { int x; } u; int t; };\nstruct B { struct { float x; } u; int t; };\n"
          "int f(struct A *a, struct B *b) { return a->t + 2 * b->t; }\n"),
     UNIT("struct A { struct { float x; } u; int t; };\nstruct B { struct { int x; } u; int t; };\n"
          "int f(struct A *a, struct B *b) { return a->t + 2 * b->t; }\n")},
    {"the other compiler's macro", DIFFERENT,
     UNIT("#ifdef __clang__\n#define K 1\n#else\n#define K 2\n#endif\nint f(void) { return K; }\n"),
     UNIT(
         "#ifdef __clang__\n#define K 1\n#else\n#define K 3\n#endif\nint f(void) { return K; }\n")},
    {"the other compiler's helper", DIFFERENT,
     UNIT("static int g(void) { return 2; }\nint f(void) {\n#if __GNUC__ > 4\nreturn "
          "g();\n#endif\nreturn 1; }\n"),
     UNIT("static int g(void) { return 3; }\nint f(void) {\n#if __GNUC__ > 4\nreturn "
          "g();\n#endif\nreturn 1; }\n")},
    {"code that clang can't read", DIFFERENT,
     UNIT("int f(int x) { int g(int y) { return y + 1; } return g(x); }\n"),
     UNIT("int f(int x) { int g(int y) { return y + 2; } return g(x); }\n")},
    {"an attribute in a macro", DIFFERENT,
     UNIT("#define AT __attribute__((optimize(\"O0\")))\nAT int f(int x) { return x; }\n"),
     UNIT("#define AT __attribute__((optimize(\"Ofast\")))\nAT int f(int x) { return x; }\n")},
    {"an attribute with a macro inside", DIFFERENT,
     UNIT("#define L \"O0\"\n__attribute__((optimize(L))) int f(int x) { return x; }\n"),
     UNIT("#define L \"O1\"\n__attribute__((optimize(L))) int f(int x) { return x; }\n")},
    {"an attribute of a prototype", DIFFERENT, UNIT("int f(int);\nint f(int x) { return x; }\n"),
     UNIT("int f(int) __attribute__((optimize(\"O3\")));\nint f(int x) { return x; }\n")},
    {"an attribute behind a variable", DIFFERENT, UNIT("int v;\nint f(void) { return v; }\n"),
     UNIT("int v __attribute__((section(\".x\")));\nint f(void) { return v; }\n")},
    {"an attribute of gcc's behind a struct", DIFFERENT,
     UNIT(S "int f(struct S *s) { return s->a; }\n"),
     UNIT("struct S { int a; char b; } __attribute__((scalar_storage_order(\"big-endian\")));\n"
          "int f(struct S *s) { return s->a; }\n")},
    {"the function of an alias", DIFFERENT,
     UNIT("int g(int x) { return x + 1; }\nint a(int) __attribute__((alias(\"g\")));\nint f(int x) "
          "{ return a(x); }\n"),
     UNIT("int g(int x) { return x + 2; }\nint a(int) __attribute__((alias(\"g\")));\nint f(int x) "
          "{ return a(x); }\n")},
    {"a clean-up function", DIFFERENT,
     UNIT("int s;\nstatic void c(int *p) { s += *p; }\n#define CLEAN __attribute__((cleanup(c)))\n"
          "int f(int x) { { CLEAN int y = x; } return s; }\n"),
     UNIT("int s;\nstatic void c(int *p) { s -= *p; }\n#define CLEAN __attribute__((cleanup(c)))\n"
          "int f(int x) { { CLEAN int y = x; } return s; }\n")},
    {"an asm label", DIFFERENT,
     UNIT("int g(int) __asm__(\"g1\");\nint f(int x) { return g(x); }\n"),
     UNIT("int g(int) __asm__(\"g2\");\nint f(int x) { return g(x); }\n")},
    {"the function behind an asm label", DIFFERENT,
     UNIT("int h(int x) { return x + 1; }\nint g(int) __asm__(\"h\");\nint f(int x) { return g(x); "
          "}\n"),
     UNIT("int h(int x) { return x + 2; }\nint g(int) __asm__(\"h\");\nint f(int x) { return g(x); "
          "}\n")},
    {"an attribute as in C23", DIFFERENT,
     WITH("[[gnu::optimize(\"O1\")]] int f(int x) { return x; }\n", "-std=gnu2x"),
     WITH("[[gnu::optimize(\"O2\")]] int f(int x) { return x; }\n", "-std=gnu2x")},
    {"a field's alignment", DIFFERENT,
     UNIT("struct Q { char c, d; };\nint f(struct Q *q) { return q->d; }\n"),
     UNIT("struct Q { char c, d __attribute__((aligned(8))); };\nint f(struct Q *q) { return q->d; "
          "}\n")},
    {"a union's byte order", DIFFERENT,
     UNIT("union U { int a; };\nint f(union U *u) { return u->a; }\n"),
     UNIT("union U { int a; } __attribute__((scalar_storage_order(\"big-endian\")));\nint f(union "
          "U *u) { return u->a; }\n")},
    {"#pragma scalar_storage_order", DIFFERENT, UNIT(S "int f(struct S *s) { return s->a; }\n"),
     UNIT("#pragma scalar_storage_order big-endian\n" S "int f(struct S *s) { return s->a; }\n")},
    {"a macro redefined later", DIFFERENT,
     UNIT("#define AT __attribute__((optimize(\"O1\")))\nAT int f(int x) { return x; }\n#undef "
          "AT\n#define AT\n"),
     UNIT("#define AT __attribute__((optimize(\"O2\")))\nAT int f(int x) { return x; }\n#undef "
          "AT\n#define AT\n")},
    {"a clean-up function named by a macro", DIFFERENT,
     UNIT("int s;\nstatic void c(int *p) { s += *p; }\n#define C c\n"
          "int f(int x) { { __attribute__((cleanup(C))) int y = x; } return s; }\n"),
     UNIT("int s;\nstatic void c(int *p) { s -= *p; }\n#define C c\n"
          "int f(int x) { { __attribute__((cleanup(C))) int y = x; } return s; }\n")},
    {"an asm label of a system header",
     DIFFERENT,
     {.unit = "#include \"h.h\"\nint f(int x) { return g(x); }\n",
      .header = "#pragma GCC system_header\nint g(int) __asm__(\"g1\");\n"},
     {.unit = "#include \"h.h\"\nint f(int x) { return g(x); }\n",
      .header = "#pragma GCC system_header\nint g(int) __asm__(\"g2\");\n"}},
    {"#pragma GCC optimize before", DIFFERENT, UNIT("int f(int x) { return x; }\n"),
     UNIT("#pragma GCC optimize(\"fast-math\")\nint f(int x) { return x; }\n")},
    {"another #pragma GCC optimize before", DIFFERENT,
     UNIT("#pragma GCC optimize(\"O1\")\nint f(int x) { return x; }\n"),
     UNIT("#pragma GCC optimize(\"O2\")\nint f(int x) { return x; }\n")},
    {"#pragma GCC target moves before a callee", DIFFERENT,
     UNIT("static int g(int x) { return x; }\n#pragma GCC target(\"fma\")\nint f(int x) { return "
          "g(x); }\n"),
     UNIT("#pragma GCC target(\"fma\")\nstatic int g(int x) { return x; }\nint f(int x) { return "
          "g(x); }\n")},
    {"#pragma GCC optimize in a header",
     DIFFERENT,
     {.unit = "#include \"h.h\"\nint f(int x) { return x; }\n", .header = "int g;\n"},
     {.unit = "#include \"h.h\"\nint f(int x) { return x; }\n",
      .header = "int g;\n#pragma GCC optimize(\"O3\")\n"}},
    {"a header with a pragma comes in earlier",
     DIFFERENT,
     {.unit = "int f(int x) { return x; }\n#include \"h.h\"\n",
      .header = "#pragma GCC optimize(\"O3\")\n"},
     {.unit = "#include \"h.h\"\nint f(int x) { return x; }\n",
      .header = "#pragma GCC optimize(\"O3\")\n"}},
    {"a pragma before the header of a callee",
     DIFFERENT,
     {.unit = "#include \"h.h\"\nint f(int x) { return g(x); }\n",
      .header = "static int g(int x) { return x; }\n"},
     {.unit = "#pragma GCC push_options\n#pragma GCC optimize(\"O3\")\n#include \"h.h\"\n"
              "#pragma GCC pop_options\nint f(int x) { return g(x); }\n",
      .header = "static int g(int x) { return x; }\n"}},
    {"#pragma STDC at file level", DIFFERENT, UNIT("double f(double x) { return x * 2 + 1; }\n"),
     UNIT("#pragma STDC FP_CONTRACT ON\ndouble f(double x) { return x * 2 + 1; }\n")},
    {"#pragma STDC inside", DIFFERENT, UNIT("double f(double x) {\nreturn x * 2; }\n"),
     UNIT("double f(double x) {\n#pragma STDC FP_CONTRACT OFF\nreturn x * 2; }\n")},
    {"_Pragma by a macro before", DIFFERENT,
     UNIT("#define FAST _Pragma(\"GCC optimize(\\\"O1\\\")\")\nFAST\nint f(int x) { return x; }\n"),
     UNIT(
         "#define FAST _Pragma(\"GCC optimize(\\\"O3\\\")\")\nFAST\nint f(int x) { return x; }\n")},
    {"a clause of OpenMP", DIFFERENT,
     WITH("int f(int n) { int t = 0;\n#pragma omp parallel for reduction(+:t)\n"
          "for (int i = 0; i < n; i++) t += i; return t; }\n",
          "-fopenmp"),
     WITH("int f(int n) { int t = 0;\n#pragma omp parallel for reduction(*:t)\n"
          "for (int i = 0; i < n; i++) t += i; return t; }\n",
          "-fopenmp")},
    {"asm", DIFFERENT, UNIT("int f(int n) { asm(\"nop\"); return n; }\n"),
     UNIT("int f(int n) { asm(\"pause\"); return n; }\n")},
    {"asm in a macro", DIFFERENT,
     UNIT("#define A \"nop\"\nint f(int n) { asm volatile(A : \"+r\"(n)); return n; }\n"),
     UNIT("#define A \"pause\"\nint f(int n) { asm volatile(A : \"+r\"(n)); return n; }\n")},
    {"a constraint in a macro", DIFFERENT,
     UNIT("#define A \"+r\"\nint f(int n) { asm volatile(\"\" : A(n)); return n; }\n"),
     UNIT("#define A \"+m\"\nint f(int n) { asm volatile(\"\" : A(n)); return n; }\n")},
    {"_Generic in a macro", DIFFERENT,
     UNIT("#define G(x) _Generic(x, int: 1, long: 2)\nint f(int n) { return G(n); }\n"),
     UNIT("#define G(x) _Generic(x, int: 3, long: 2)\nint f(int n) { return G(n); }\n")},
    {"the last bit of a double", DIFFERENT, UNIT("#define K 0.1\ndouble f(void) { return K; }\n"),
     UNIT("#define K 0.10000000000000002\ndouble f(void) { return K; }\n")},
    {"the last bit of a long double", DIFFERENT,
     UNIT("#define K 0.1L\nlong double f(void) { return K; }\n"),
     UNIT("#define K 0.1000000000000000001L\nlong double f(void) { return K; }\n")},
    {"a float's suffix", DIFFERENT, UNIT("#define K 0.1\ndouble f(double x) { return x * K; }\n"),
     UNIT("#define K 0.1f\ndouble f(double x) { return x * K; }\n")},
    {"an integer's suffix", DIFFERENT, UNIT("#define K 1\nlong f(int x) { return K << x; }\n"),
     UNIT("#define K 1L\nlong f(int x) { return K << x; }\n")},
    {"code between strings, one of them with the name of assert's function", DIFFERENT,
     UNIT("int f(int x) { (void)\"__assert_fail(\"; x += 2; (void)\"\"; return x; }\n"),
     UNIT("int f(int x) { (void)\"__assert_fail(\"; x += 3; (void)\"\"; return x; }\n")},
    {"a string's prefix", DIFFERENT, UNIT("#define K \"ab\"\nint f(void) { return sizeof K; }\n"),
     UNIT("#define K L\"ab\"\nint f(void) { return sizeof K; }\n")},
    {"a byte behind a string's NUL", DIFFERENT, UNIT("const char *f(void) { return \"a\\0b\"; }\n"),
     UNIT("const char *f(void) { return \"a\\0c\"; }\n")},
    {"a designator in a macro", DIFFERENT,
     UNIT(S "#define D .a\nint f(void) { struct S s = {D = 1}; return s.a; }\n"),
     UNIT(S "#define D .b\nint f(void) { struct S s = {D = 1}; return s.a; }\n")},
    {"an index as designator", DIFFERENT,
     UNIT("#define D 1\nint f(void) { int s[3] = {[D] = 1}; return s[1]; }\n"),
     UNIT("#define D 2\nint f(void) { int s[3] = {[D] = 1}; return s[1]; }\n")},
    {"sizeof in a macro", DIFFERENT, UNIT("#define T int\nint f(void) { return sizeof(T); }\n"),
     UNIT("#define T char\nint f(void) { return sizeof(T); }\n")},
    {"a cast in a macro", DIFFERENT, UNIT("#define T int\nint f(double x) { return (T) x; }\n"),
     UNIT("#define T char\nint f(double x) { return (T) x; }\n")},
    {"offsetof", DIFFERENT,
     UNIT(S "#include <stddef.h>\n#define M a\nint f(void) { return offsetof(struct S, M); }\n"),
     UNIT(S "#include <stddef.h>\n#define M b\nint f(void) { return offsetof(struct S, M); }\n")},
    {"va_arg", DIFFERENT,
     UNIT("#include <stdarg.h>\n#define T int\nint f(int n, ...) { va_list ap; va_start(ap, n); "
          "return va_arg(ap, T); }\n"),
     UNIT("#include <stdarg.h>\n#define T long\nint f(int n, ...) { va_list ap; va_start(ap, n); "
          "return va_arg(ap, T); }\n")},
    {"a compound literal", DIFFERENT,
     UNIT(S "#define Q 3\nint f(void) { return ((struct S){Q, 1}).a; }\n"),
     UNIT(S "#define Q 4\nint f(void) { return ((struct S){Q, 1}).a; }\n")},
    {"a statement expression", DIFFERENT,
     UNIT("#define Q ({ int z = 3; z; })\nint f(void) { return Q; }\n"),
     UNIT("#define Q ({ int z = 4; z; })\nint f(void) { return Q; }\n")},
    {"a local type in a macro", DIFFERENT,
     UNIT("#define T int\nint f(int x) { T y = x; return y; }\n"),
     UNIT("#define T char\nint f(int x) { T y = x; return y; }\n")},
    {"a typedef of a local variable", DIFFERENT,
     UNIT("typedef int T;\nint f(int x) { T y = x; return y; }\n"),
     UNIT("typedef char T;\nint f(int x) { T y = x; return y; }\n")},
    {"a typedef in a cast", DIFFERENT, UNIT("typedef int T;\nint f(double x) { return (T) x; }\n"),
     UNIT("typedef char T;\nint f(double x) { return (T) x; }\n")},
    {"a typedef in sizeof", DIFFERENT, UNIT("typedef int T;\nint f(void) { return sizeof(T); }\n"),
     UNIT("typedef char T;\nint f(void) { return sizeof(T); }\n")},
    {"a typedef's alignment", DIFFERENT,
     UNIT("typedef int T;\nint f(void) { return _Alignof(T); }\n"),
     UNIT("typedef int T __attribute__((aligned(32)));\nint f(void) { return _Alignof(T); }\n")},
    {"sizeof of a struct", DIFFERENT,
     UNIT("struct Q { int a; };\nint f(void) { return sizeof(struct Q); }\n"),
     UNIT("struct Q { int a, b; };\nint f(void) { return sizeof(struct Q); }\n")},
    {"order in a table of functions", DIFFERENT,
     UNIT("static int a(int x) { return x + 1; }\nstatic int b(int x) { return x + 2; }\n"
          "static int (*const t[])(int) = {a, b};\nint f(int x) { return t[0](x); }\n"),
     UNIT("static int a(int x) { return x + 1; }\nstatic int b(int x) { return x + 2; }\n"
          "static int (*const t[])(int) = {b, a};\nint f(int x) { return t[0](x); }\n")},
    {"a function in a table", DIFFERENT,
     UNIT("static int a(int x) { return x + 1; }\nstatic int (*const t[])(int) = {a};\nint f(int "
          "x) { return t[0](x); }\n"),
     UNIT("static int a(int x) { return x + 2; }\nstatic int (*const t[])(int) = {a};\nint f(int "
          "x) { return t[0](x); }\n")},
    {"bodies change places", DIFFERENT,
     UNIT("static int a(int x) { return x + 1; }\nstatic int b(int x) { return x + 2; }\nint f(int "
          "x) { return a(x) * 3 + b(x); }\n"),
     UNIT("static int a(int x) { return x + 2; }\nstatic int b(int x) { return x + 1; }\nint f(int "
          "x) { return a(x) * 3 + b(x); }\n")},
    {"structs without names change places", DIFFERENT,
     UNIT("struct { int q; } g;\nstruct { char q; } h;\nint f(void) { return g.q + 2 * h.q; }\n"),
     UNIT("struct { char q; } g;\nstruct { int q; } h;\nint f(void) { return g.q + 2 * h.q; }\n")},
    {"a static local variable", DIFFERENT, UNIT("int f(void) { static int k = 3; return k++; }\n"),
     UNIT("int f(void) { static int k = 4; return k++; }\n")},
    {"an extern variable declared inside", DIFFERENT,
     UNIT("int f(void) { extern int k; return k; }\nint k = 3;\n"),
     UNIT("int f(void) { extern int k; return k; }\nint k = 4;\n")},
    {"an enumerator before the one used", DIFFERENT,
     UNIT("enum E { A, B };\nint f(int x) { switch (x) { case B: return 1; } return 0; }\n"),
     UNIT("enum E { A, C, B };\nint f(int x) { switch (x) { case B: return 1; } return 0; }\n")},
    {"mutual recursion", DIFFERENT,
     UNIT("int g(int);\nint f(int x) { return x ? g(x - 1) : 0; }\nint g(int x) { return x ? f(x - "
          "1) : 1; }\n"),
     UNIT("int g(int);\nint f(int x) { return x ? g(x - 1) : 0; }\nint g(int x) { return x ? f(x - "
          "1) : 2; }\n")},
    {"an enum without a name", DIFFERENT, UNIT("enum { K = 3 };\nint f(void) { return K; }\n"),
     UNIT("enum { K = 4 };\nint f(void) { return K; }\n")},
    {"#pragma pack", DIFFERENT,
     UNIT("#pragma pack(4)\nstruct Q { char c; double d; };\n#pragma pack()\nint f(struct Q *q) { "
          "return q->d; }\n"),
     UNIT("#pragma pack(1)\nstruct Q { char c; double d; };\n#pragma pack()\nint f(struct Q *q) { "
          "return q->d; }\n")},
    {"a bit-field's width", DIFFERENT,
     UNIT("struct Q { int a : 3; };\nint f(struct Q *q) { return q->a; }\n"),
     UNIT("struct Q { int a : 4; };\nint f(struct Q *q) { return q->a; }\n")},
    {"a struct behind two pointers", DIFFERENT,
     UNIT("struct Q { int a; };\nstruct P { struct Q *q; };\nint f(struct P *p) { return p->q->a; "
          "}\n"),
     UNIT("struct Q { int z, a; };\nstruct P { struct Q *q; };\nint f(struct P *p) { return "
          "p->q->a; }\n")},
    {"an initial value of a global", DIFFERENT, UNIT("int g;\nint f(void) { return g; }\n"),
     UNIT("int g = 3;\nint f(void) { return g; }\n")},
    {"type of an external variable", DIFFERENT, UNIT("extern int g;\nint f(void) { return g; }\n"),
     UNIT("extern short g;\nint f(void) { return g; }\n")},
    {"a label", DIFFERENT, UNIT("int f(int x) { if (x) goto a; x = 1; a: return x; }\n"),
     UNIT("int f(int x) { if (x) goto b; x = 1; b: return x; }\n")},
    {"old-style parameters", DIFFERENT, UNIT("int f(a, b) int a; char b; { return a + b; }\n"),
     UNIT("int f(a, b) int a; short b; { return a + b; }\n")},
    {"a builtin's case", DIFFERENT,
     UNIT("int f(void) { return __builtin_constant_p(3) ? 1 : 2; }\n"),
     UNIT("int f(void) { return __builtin_constant_p(3) ? 1 : 3; }\n")},
    {"an operator in a macro", DIFFERENT, UNIT("#define OP +\nint f(int x) { return x OP 1; }\n"),
     UNIT("#define OP -\nint f(int x) { return x OP 1; }\n")},
    {"an assignment in a macro", DIFFERENT,
     UNIT("#define OP +=\nint f(int x) { x OP 3; return x; }\n"),
     UNIT("#define OP *=\nint f(int x) { x OP 3; return x; }\n")},
    {"an option's value", DIFFERENT, WITH("int f(void) { return K; }\n", "-DK=1"),
     WITH("int f(void) { return K; }\n", "-DK=2")},
    {"NDEBUG", DIFFERENT, UNIT("#include <assert.h>\nint f(int x) { assert(x); return x; }\n"),
     WITH("#include <assert.h>\nint f(int x) { assert(x); return x; }\n", "-DNDEBUG")},
    {"an array's size in a macro", DIFFERENT,
     UNIT("#define N 3\nint g[N];\nint f(void) { return sizeof g; }\n"),
     UNIT("#define N 4\nint g[N];\nint f(void) { return sizeof g; }\n")},
    {"a thread's variable", DIFFERENT, UNIT("static int g;\nint f(void) { return g++; }\n"),
     UNIT("static _Thread_local int g;\nint f(void) { return g++; }\n")},
    {"a volatile variable", DIFFERENT, UNIT("static int g;\nint f(void) { return g; }\n"),
     UNIT("static volatile int g;\nint f(void) { return g; }\n")},
    {"__func__", DIFFERENT,
     UNIT("static const char *g(void) { return __func__; }\nconst char *f(void) { return g(); }\n"),
     UNIT(
         "static const char *h(void) { return __func__; }\nconst char *f(void) { return h(); }\n")},
    {"a whole function by a macro", DIFFERENT,
     UNIT("#define DEF(n, e) int n(int x) { return e; }\nDEF(f, x + 1)\n"),
     UNIT("#define DEF(n, e) int n(int x) { return e; }\nDEF(f, x + 2)\n")},
    {"__LINE__ in a function by a macro", DIFFERENT,
     UNIT("#define DEF(n) int n(void) { return __LINE__; }\nDEF(f)\n"),
     UNIT("#define DEF(n) int n(void) { return __LINE__; }\n\nDEF(f)\n")},
};

/* The result's type of f: its digest says what its bytes mean. */
static const struct fingerprint_case type_cases[] = {
    {"the same struct elsewhere", SAME, UNIT("struct R { int a; char b; };\nstruct R f(void);\n"),
     UNIT("typedef int I;\n\nstruct R { I a;\n char b; };\nstruct R f(void);\n")},
    {"what a pointer points to", SAME,
     UNIT("struct N { int v; };\nstruct R { struct N *n; };\nstruct R f(void);\n"),
     UNIT("struct N { long v; };\nstruct R { struct N *n; };\nstruct R f(void);\n")},
    {"a list's element", SAME, UNIT("struct R { int v; struct R *next; };\nstruct R f(void);\n"),
     UNIT("\nstruct R { int v; struct R *next; };\nstruct R f(void);\n")},
    {"order of fields", DIFFERENT, UNIT("struct R { int a, b; };\nstruct R f(void);\n"),
     UNIT("struct R { int b, a; };\nstruct R f(void);\n")},
    {"a field's type of the same size", DIFFERENT,
     UNIT("struct R { int a; };\nstruct R f(void);\n"),
     UNIT("struct R { float a; };\nstruct R f(void);\n")},
    {"a nested field's type", DIFFERENT,
     UNIT("struct I { int x; };\nstruct R { struct I i[2]; };\nstruct R f(void);\n"),
     UNIT("struct I { unsigned x; };\nstruct R { struct I i[2]; };\nstruct R f(void);\n")},
    {"a nested array's length", DIFFERENT, UNIT("struct R { char s[4]; };\nstruct R f(void);\n"),
     UNIT("struct R { char s[8]; };\nstruct R f(void);\n")},
    {"a bit-field's width", DIFFERENT, UNIT("struct R { int a : 4, b : 4; };\nstruct R f(void);\n"),
     UNIT("struct R { int a : 3, b : 4; };\nstruct R f(void);\n")},
    {"packed", DIFFERENT, UNIT("struct R { char a; int b; };\nstruct R f(void);\n"),
     UNIT("struct R { char a; int b; } __attribute__((packed));\nstruct R f(void);\n")},
    {"float and double", DIFFERENT, UNIT("float f(void);\n"), UNIT("double f(void);\n")},
    {"signed and unsigned", DIFFERENT, UNIT("int f(void);\n"), UNIT("unsigned f(void);\n")},
    {"a union", DIFFERENT, UNIT("struct R { int a; };\nstruct R f(void);\n"),
     UNIT("union R { int a; };\nunion R f(void);\n")},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static unsigned n_failed, n_run;

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
}

static void fingerprint(struct frontend *fe, struct function *fn, unsigned char out[16])
{
    struct fingerprint f;
    frontend_fingerprint(fe, fn, &f);
    memcpy(out, f.code, sizeof f.code);
}

/* Parse t in `folder` and digest f, or the type of its result. */
static void digest(const char *folder, const struct text *t, bool is_type, unsigned char out[16])
{
    struct arena arena;
    struct diag_engine diag;
    char path[512], header[512];
    size_t n_args = 0;
    mkdir(folder, 0777);
    snprintf(path, sizeof path, "%s/%s", folder, t->name ? t->name : "unit.c");
    snprintf(header, sizeof header, "%s/h.h", folder);
    write_file(path, t->unit);
    write_file(header, t->header ? t->header : "");
    while (n_args < COUNT(t->args) && t->args[n_args])
        n_args++;
    arena_init(&arena);
    diag_init(&diag, &diag_stderr);
    struct unit_request request = {
        .path = path,
        .text = t->unit,
        .len = strlen(t->unit),
        .args = t->args,
        .n_args = n_args,
        .codegen = "",
        .libclang = libclang,
        .is_gcc = true,
        .diag = &diag,
    };
    struct frontend *fe = frontend_new(&arena, &request);
    struct function *fn = fe ? frontend_function(fe, "f") : NULL;
    if (!fn) {
        fprintf(stderr, "no function f in: %s\n", t->unit);
        exit(1);
    }
    if (is_type)
        frontend_type_digest(fn->result, out);
    else
        fingerprint(fe, fn, out);
    arena_release(&arena);
}

static void run(const struct fingerprint_case *c, bool is_type)
{
    unsigned char before[16], after[16];
    digest("here", &c->before, is_type, before);
    digest(c->expected == SAME ? "else (where)" : "here", &c->after, is_type, after);
    bool is_same = memcmp(before, after, sizeof before) == 0;
    n_run++;
    if (is_same == (c->expected == SAME))
        return;
    n_failed++;
    fprintf(stderr, "libclang %s: %s: the %s must be %s, but is %s\n", libclang ? libclang : "",
            c->name, is_type ? "type digest" : "fingerprint",
            c->expected == SAME ? "the same" : "another", is_same ? "the same" : "another");
}

/* text with the one place of `was` replaced; NULL if there is none. */
static char *edited(const char *text, const char *was, const char *is)
{
    const char *at = strstr(text, was);
    char *out = NULL;
    if (at && asprintf(&out, "%.*s%s%s", (int)(at - text), text, is, at + strlen(was)) < 0)
        exit(1);
    return out;
}

static void run_edit(const struct edit_case *e)
{
    char *unit = edited(BASE, e->was, e->is);
    char *header = unit ? NULL : edited(BASE_HEADER, e->was, e->is);
    if (!unit && !header) {
        fprintf(stderr, "%s: '%s' isn't there\n", e->name, e->was);
        n_failed++;
        return;
    }
    struct fingerprint_case c = {
        e->name,
        e->expected,
        {.unit = BASE, .header = BASE_HEADER},
        {.unit = unit ? unit : BASE, .header = header ? header : BASE_HEADER}};
    run(&c, false);
    free(unit);
    free(header);
}

/* Asking twice, or for other functions first, gives the same. */
static void run_order(void)
{
    static const char text[] = "static int h(int x) { return x + 1; }\n"
                               "int g(int x) { return h(x); }\n"
                               "int f(int x) { return g(x) + h(x); }\n";
    struct arena arena;
    struct diag_engine diag;
    unsigned char out[5][16];
    static const char *const names[] = {"f", "g", "f", "h", "g"};
    arena_init(&arena);
    diag_init(&diag, &diag_stderr);
    struct unit_request request = {.path = "order.c",
                                   .text = text,
                                   .len = strlen(text),
                                   .codegen = "",
                                   .libclang = libclang,
                                   .diag = &diag};
    struct frontend *fe = frontend_new(&arena, &request);
    for (size_t i = 0; i < COUNT(names); i++)
        fingerprint(fe, frontend_function(fe, names[i]), out[i]);
    struct text alone =
        UNIT("static int h(int x) { return x + 1; }\nint f(int x) { return h(x); }\n");
    struct text other =
        UNIT("static int h(int x) { return x + 1; }\nint g(int x) { return h(x); }\n"
             "int f(int x) { return g(x) + h(x); }\n");
    unsigned char fresh[16], different[16];
    digest("here", &other, false, fresh);
    digest("here", &alone, false, different);
    n_run++;
    if (memcmp(out[0], out[2], 16) != 0 || memcmp(out[1], out[4], 16) != 0 ||
        memcmp(out[0], fresh, 16) != 0 || memcmp(out[0], out[1], 16) == 0 ||
        memcmp(out[1], out[3], 16) == 0 || memcmp(different, fresh, 16) == 0) {
        fprintf(stderr, "libclang %s: fingerprints depend on the order of asking\n",
                libclang ? libclang : "");
        n_failed++;
    }
    arena_release(&arena);
}

/* __TIME__ is another for each compilation, unless the user fixes it. */
static void run_time(void)
{
    static const char *const epochs[] = {"1000000000", "1000000000", "1100000000"};
    struct text with =
        UNIT("#define BUILT __DATE__ \" \" __TIME__\nconst char *f(void) { return BUILT; }\n");
    struct text without =
        UNIT("int f(int x) { return x; }\nconst char *g(void) { return __TIME__; }\n");
    unsigned char out[3][16], other[3][16];
    for (size_t i = 0; i < 3; i++) {
        setenv("SOURCE_DATE_EPOCH", epochs[i], 1);
        digest("here", &with, false, out[i]);
        digest("here", &without, false, other[i]);
    }
    unsetenv("SOURCE_DATE_EPOCH");
    n_run++;
    if (memcmp(out[0], out[1], 16) != 0 || memcmp(out[1], out[2], 16) == 0 ||
        memcmp(other[1], other[2], 16) != 0) {
        fprintf(stderr, "libclang %s: the time of compilation counts wrongly\n",
                libclang ? libclang : "");
        n_failed++;
    }
}

static int run_all(void)
{
    for (size_t i = 0; i < COUNT(edits); i++)
        run_edit(&edits[i]);
    for (size_t i = 0; i < COUNT(cases); i++)
        run(&cases[i], false);
    for (size_t i = 0; i < COUNT(type_cases); i++)
        run(&type_cases[i], true);
    run_order();
    run_time();
    fprintf(stderr, "libclang %s: %u cases, %u failed\n", libclang ? libclang : "", n_run,
            n_failed);
    return n_failed != 0;
}

int main(void)
{
    char folder[] = "fingerprint.XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return 1;
    return run_versions(run_all) ? 0 : 1;
}
