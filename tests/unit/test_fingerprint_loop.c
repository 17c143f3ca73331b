/* Fingerprints of loops: which edits change that of the loop behind the mark, and which
 * don't. All cases run with every libclang that is installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "diag.h"
#include "frontend.h"
#include "libclang_versions.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MARK "/*loop*/"

enum expectation { SAME, DIFFERENT };

static const char base[] = "#include <assert.h>\n"
                           "#define LIMIT 10\n"
                           "#define STEP(x) ((x) + LIMIT)\n"
                           "typedef unsigned int word;\n"
                           "struct vec { double x, y; };\n"
                           "static int counter;\n"
                           "static const int table[3] = {1, 2, 3};\n"
                           "int elsewhere(int);\n"
                           "static int deep(int x) { return x ^ 5; }\n"
                           "static int helper(int x) { return deep(x) + 1; }\n"
                           "static int only_before(int x) { return x * 7; }\n"
                           "static int recursive(int n);\n"
                           "int f(int n, struct vec *v)\n"
                           "{\n"
                           "    static int calls = 3;\n"
                           "    static int unused = 4;\n"
                           "    long sum = 0; word w = 1;\n"
                           "    double d = 0;\n"
                           "    for (int k = 0; k < 3; k++)\n"
                           "        sum += only_before(k);\n"
                           "    while (sum > 1000000) sum--;\n"
                           "    do sum++; while (sum < 0);\n"
                           "    unused++;\n"
                           "    /*loop*/ for (int i = 0; i < n; i++) {\n"
                           "        sum += helper(i) + table[i % 3]; /* comment */\n"
                           "        if (sum > LIMIT)\n"
                           "            sum = STEP(sum);\n"
                           "        else if (sum == 3) goto out;\n"
                           "        while (v[i].x > 2) v[i].x /= 2;\n"
                           "        assert(sum > -1000);\n"
                           "        counter += calls++ + (int)w;\n"
                           "        d += recursive(i) + elsewhere(i);\n"
                           "    }\n"
                           "out:\n"
                           "    for (int k = 0; k < 4; k++)\n"
                           "        sum += k;\n"
                           "    return (int)sum + (int)d;\n"
                           "}\n"
                           "static int recursive(int n) { return n ? recursive(n - 1) : 0; }\n"
                           "int unrelated(int x) { return x - 1; }\n";

static const struct edit_case {
    const char *name;
    enum expectation expected;
    const char *was, *is;
} edits[] = {
    {"nothing", SAME, "int f(", "int f("},
    {"a line before", SAME, "int f(int n", "\n\nint f(int n"},
    {"a comment in it", SAME, "/* comment */", "/* another\n one */"},
    {"blanks in it", SAME, "if (sum > LIMIT)\n", "if ( sum>LIMIT )"},
    {"the loop before", SAME, "only_before(k);", "only_before(k) + 1;"},
    {"a function called before only", SAME, "x * 7", "x * 8"},
    {"a loop more before", SAME, "unused++;", "unused++; for (;;) break;"},
    {"a loop less before", SAME, "while (sum > 1000000) sum--;", ""},
    {"the word for in a string before", SAME, "unused++;", "unused++; (void)\"for while\";"},
    {"the loop behind", SAME, "k < 4", "k < 5"},
    {"what is returned", SAME, "return (int)sum", "return 1 + (int)sum"},
    {"a local that it doesn't name", SAME, "unused = 4", "unused = 5"},
    {"an initial value that isn't static", SAME, "w = 1", "w = 2"},
    {"a function nobody calls", SAME, "x - 1", "x - 2"},
    {"depth", SAME, MARK, MARK " if (n)"},
    {"a macro by its value", SAME, "sum > LIMIT", "sum > 10"},
    {"the condition", DIFFERENT, "i < n", "i <= n"},
    {"the start", DIFFERENT, "int i = 0", "int i = 1"},
    {"the step", DIFFERENT, "n; i++", "n; i += 1"},
    {"the body", DIFFERENT, "sum += helper", "sum -= helper"},
    {"its last statement", DIFFERENT, "d += recursive", "d -= recursive"},
    {"an inner loop", DIFFERENT, "v[i].x > 2", "v[i].x > 3"},
    {"where a jump leads", DIFFERENT, "goto out", "break"},
    {"a macro's value", DIFFERENT, "LIMIT 10", "LIMIT 11"},
    {"a callee", DIFFERENT, "deep(x) + 1", "deep(x) + 2"},
    {"a callee's callee", DIFFERENT, "x ^ 5", "x ^ 6"},
    {"a callee behind", DIFFERENT, "n ? recursive", "n > 1 ? recursive"},
    {"a prototype's type", DIFFERENT, "int elsewhere(int)", "long elsewhere(int)"},
    {"a constant", DIFFERENT, "{1, 2, 3}", "{1, 2, 4}"},
    {"a field", DIFFERENT, "double x, y;", "float x, y;"},
    {"an outer variable's type", DIFFERENT, "long sum", "int sum"},
    {"a typedef of one", DIFFERENT, "typedef unsigned int", "typedef unsigned char"},
    {"a parameter's type", DIFFERENT, "int f(int n", "int f(short n"},
    {"another variable", DIFFERENT, "+ (int)w", "+ (int)d"},
    {"a static local's initial value", DIFFERENT, "calls = 3", "calls = 4"},
    {"a global's initial value", DIFFERENT, "int counter;", "int counter = 1;"},
    {"an attribute of the function", DIFFERENT, "int f(",
     "__attribute__((optimize(\"O1\"))) int f("},
    {"an attribute of its prototype", DIFFERENT, "int f(",
     "int f(int, struct vec *) __attribute__((optimize(\"O1\")));\nint f("},
    {"a pragma before", DIFFERENT, "int f(", "#pragma GCC optimize(\"fast-math\")\nint f("},
    {"a pragma in the function", DIFFERENT, "long sum", "\n#pragma STDC FP_CONTRACT OFF\nlong sum"},
    {"asm in it", DIFFERENT, "assert(sum", "__asm__(\"nop\"); assert(sum"},
};

/* Loops of other forms, each with an edit. */
static const struct pair {
    const char *name;
    enum expectation expected;
    const char *before, *after;
} pairs[] = {
    {"a do loop's condition", DIFFERENT,
     "int f(int n) {/*loop*/ do n--; while (n > 3); return n; }",
     "int f(int n) {/*loop*/ do n--; while (n > 4); return n; }"},
    {"behind a do loop", SAME, "int f(int n) {/*loop*/ do n--; while (n > 3); return n; }",
     "int f(int n) {/*loop*/ do n--; while (n > 3); while (n) n--; return n; }"},
    {"a do loop around", SAME,
     "int f(int n) { do {/*loop*/ while (n) n--; } while (n > 3); return n; }",
     "int f(int n) { do {/*loop*/ while (n) n--; } while (n > 4); return n; }"},
    {"the last branch without braces", DIFFERENT,
     "int f(int n) {/*loop*/ for (;;) if (n) n--; else if (n == 1) n++; else return 3; }",
     "int f(int n) {/*loop*/ for (;;) if (n) n--; else if (n == 1) n++; else return 4; }"},
    {"an empty body", SAME, "int f(int n) {/*loop*/ for (; n--;); n++; return n; }",
     "int f(int n) {/*loop*/ for (; n--;); n--; return n; }"},
    {"a switch", DIFFERENT,
     "int f(int n) {/*loop*/ while (n) switch (n) { case 1: n--; default: n++; } return n; }",
     "int f(int n) {/*loop*/ while (n) switch (n) { case 1: n--; default: n--; } return n; }"},
    {"a label in front of the body", DIFFERENT,
     "int f(int n) {/*loop*/ while (n) again: if (n-- > 3) goto again; else n -= 1; return n; }",
     "int f(int n) {/*loop*/ while (n) again: if (n-- > 3) goto again; else n -= 2; return n; }"},
    {"a case in front of the body", DIFFERENT,
     "int f(int n) { switch (n) case 1: {/*loop*/ while (n) case 2: if (n) n--; else n = 3; } "
     "return n; }",
     "int f(int n) { switch (n) case 1: {/*loop*/ while (n) case 2: if (n) n--; else n = 4; } "
     "return n; }"},
    {"a statement expression", DIFFERENT,
     "int f(int n) {/*loop*/ while (({ int k = 0; for (; k < n; k++) ; k; }) > 3) n--; return n; }",
     "int f(int n) {/*loop*/ while (({ int k = 0; for (; k < n; k++) ; k + 1; }) > 3) n--; return "
     "n; }"},
    {"a macro made it", DIFFERENT,
     "#define LOOP(x) for (int i = 0; i < 3; i++) x\nint f(int n) {/*loop*/ LOOP(n++;) return n; }",
     "#define LOOP(x) for (int i = 0; i < 4; i++) x\nint f(int n) {/*loop*/ LOOP(n++;) return n; "
     "}"},
    {"a macro's argument", DIFFERENT,
     "#define LOOP(x) for (int i = 0; i < 3; i++) x\nint f(int n) {/*loop*/ LOOP(n++;) return n; }",
     "#define LOOP(x) for (int i = 0; i < 3; i++) x\nint f(int n) {/*loop*/ LOOP(n--;) return n; "
     "}"},
    {"braces in literals", DIFFERENT,
     "int f(int n) {/*loop*/ while (n) { if (n == '}') n -= \"}\\\"}\"[1]; n -= 2; } return n; }",
     "int f(int n) {/*loop*/ while (n) { if (n == '}') n -= \"}\\\"}\"[1]; n -= 3; } return n; }"},
    {"a name made like a keyword", SAME,
     "int f(int n) { int fort = 1, w_do = 2;/*loop*/ while (n) n -= fort; return n + w_do; }",
     "int f(int n) { int fort = 1, w_do = 3;/*loop*/ while (n) n -= fort; return n + w_do; }"},
    {"its line", DIFFERENT, "int f(int n) {/*loop*/ while (n) n -= __LINE__; return n; }",
     "int f(int n) {\n/*loop*/ while (n) n -= __LINE__; return n; }"},
    {"the function itself", DIFFERENT,
     "int f(int n) { n += 1;/*loop*/ while (n) n -= f(n - 1); return n; }",
     "int f(int n) { n += 2;/*loop*/ while (n) n -= f(n - 1); return n; }"},
    {"a table in a static local", DIFFERENT,
     "int f(int n) { static const int t[] = {1, 2};/*loop*/ while (n) n -= t[1]; return n; }",
     "int f(int n) { static const int t[] = {1, 3};/*loop*/ while (n) n -= t[1]; return n; }"},
    {"a function in a static local", DIFFERENT,
     "static int g(int x) { return x + 1; }\nint f(int n) { static int (*const t[])(int) = {g};"
     "/*loop*/ while (n) n -= t[0](n); return n; }",
     "static int g(int x) { return x + 2; }\nint f(int n) { static int (*const t[])(int) = {g};"
     "/*loop*/ while (n) n -= t[0](n); return n; }"},
    {"a local struct", DIFFERENT,
     "int f(int n) { struct p { int a, b; } q = {1, 2};/*loop*/ while (n) n -= q.b; return n; }",
     "int f(int n) { struct p { int b, a; } q = {1, 2};/*loop*/ while (n) n -= q.b; return n; }"},
    {"a parameter more", SAME, "int f(int n) {/*loop*/ while (n) n--; return n; }",
     "int f(int n, int m) {/*loop*/ while (n) n--; return n + m; }"},
    {"a local enumerator", DIFFERENT,
     "int f(int n) { enum { K = 3 };/*loop*/ while (n) n -= K; return n; }",
     "int f(int n) { enum { K = 4 };/*loop*/ while (n) n -= K; return n; }"},
};

static unsigned n_failed, n_run;

static const struct node *loop_behind(const struct node *n, size_t at)
{
    bool is_loop = n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
    const struct node *first = is_loop && n->range.begin >= at ? n : NULL;
    for (size_t i = 0; i < n->n_kids && !first; i++)
        first = n->kids[i] ? loop_behind(n->kids[i], at) : NULL;
    return first;
}

/* components: room for the text, or NULL. */
static void digest(const char *text, unsigned char out[16], char *components, size_t n)
{
    struct arena arena;
    struct diag_engine diag;
    arena_init(&arena);
    diag_init(&diag, &diag_stderr);
    struct unit_request request = {.path = "unit.c",
                                   .text = text,
                                   .len = strlen(text),
                                   .codegen = "",
                                   .libclang = libclang,
                                   .is_gcc = true,
                                   .diag = &diag};
    FILE *f = fopen("unit.c", "wb");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        exit(1);
    struct frontend *fe = frontend_new(&arena, &request);
    struct function *fn = fe ? frontend_function(fe, "f") : NULL;
    const char *mark = strstr(text, MARK);
    const struct node *body = fn ? frontend_body(fe, fn) : NULL;
    const struct node *loop = body && mark ? loop_behind(body, (size_t)(mark - text)) : NULL;
    struct fingerprint fp;
    if (!loop) {
        fprintf(stderr, "no loop in: %s\n", text);
        exit(1);
    }
    frontend_fingerprint_loop(fe, fn, loop, &fp);
    memcpy(out, fp.code, 16);
    if (components)
        snprintf(components, n, "%s", fp.components);
    arena_release(&arena);
}

static void compare(const char *name, enum expectation expected, const char *before,
                    const char *after)
{
    unsigned char x[16], y[16];
    digest(before, x, NULL, 0);
    digest(after, y, NULL, 0);
    bool is_same = memcmp(x, y, sizeof x) == 0;
    n_run++;
    if (is_same == (expected == SAME))
        return;
    n_failed++;
    fprintf(stderr, "libclang %s: %s: the fingerprint must be %s, but is %s\n",
            libclang ? libclang : "", name, expected == SAME ? "the same" : "another",
            is_same ? "the same" : "another");
}

static void run_edit(const struct edit_case *e)
{
    const char *at = strstr(base, e->was);
    char *text = NULL;
    if (!at ||
        asprintf(&text, "%.*s%s%s", (int)(at - base), base, e->is, at + strlen(e->was)) < 0) {
        fprintf(stderr, "%s: '%s' isn't there\n", e->name, e->was);
        n_failed++;
        return;
    }
    compare(e->name, e->expected, base, text);
    free(text);
}

/* A refusal can say which callee has changed. */
static void run_components(void)
{
    unsigned char code[16];
    char text[4096];
    static const char *const wanted[] = {"f helper ", "f deep ", "v table ", "t vec ", "k loop "};
    static const char *const unwanted[] = {"f only_before ", "f unrelated ", "f f "};
    digest(base, code, text, sizeof text);
    n_run++;
    for (size_t i = 0; i < COUNT(wanted); i++)
        if (!strstr(text, wanted[i])) {
            fprintf(stderr, "'%s' is missing in:\n%s", wanted[i], text);
            n_failed++;
        }
    for (size_t i = 0; i < COUNT(unwanted); i++)
        if (strstr(text, unwanted[i])) {
            fprintf(stderr, "'%s' has no place in:\n%s", unwanted[i], text);
            n_failed++;
        }
}

static int run_all(void)
{
    for (size_t i = 0; i < COUNT(edits); i++)
        run_edit(&edits[i]);
    for (size_t i = 0; i < COUNT(pairs); i++)
        compare(pairs[i].name, pairs[i].expected, pairs[i].before, pairs[i].after);
    run_components();
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
