/* test_stmt.c - statements as text, from C text through the frontend.
 *
 * Each case is a text with a function f and what is expected of the statements in it, in
 * order, a line each:
 *
 *   KIND TEXT     TEXT is the statement with its semicolon; `?`: it can't be told
 *   for(A|B|C)    of a `for` also the parts between its parentheses; `?`: a macro makes
 *                 them; then which nodes it has: i c n b, or `?`
 *   !             at the end: it is, or has in it, a directive
 *
 * Every installed version of libclang is asked, each in a process of its own. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "diag.h"
#include "frontend.h"
#include "stmt.h"

static unsigned n_failed, n_checks;

struct example {
    const char *name, *text, *expected;
};

static const char *kind_name(const struct node *n)
{
    static const char *const names[] = {
        [NODE_BLOCK] = "block",   [NODE_NULL] = "null",   [NODE_IF] = "if",
        [NODE_FOR] = "for",       [NODE_WHILE] = "while", [NODE_DO] = "do",
        [NODE_SWITCH] = "switch", [NODE_CASE] = "case",   [NODE_LABEL] = "label",
        [NODE_GOTO] = "goto",     [NODE_BREAK] = "break", [NODE_CONTINUE] = "continue",
        [NODE_RETURN] = "return", [NODE_ASM] = "asm",
    };
    if (n->is_declaration)
        return "decl";
    return n->kind < sizeof names / sizeof *names && names[n->kind] ? names[n->kind] : "expr";
}

/* Without line ends and more than one blank. */
static void add_text(struct strbuf *out, struct src_range r)
{
    bool blank = false;
    size_t start = out->len;
    for (size_t i = r.begin; i < r.end; i++) {
        char c = r.src->text[i];
        if (c == ' ' || c == '\n') {
            blank = true;
            continue;
        }
        if (blank && out->len > start)
            strbuf_addc(out, ' ');
        blank = false;
        strbuf_addc(out, c);
    }
}

static void tell_for(struct strbuf *out, struct frontend *fe, const struct node *n)
{
    struct for_parts p;
    if (stmt_for_parts(fe, n, &p)) {
        strbuf_addc(out, '(');
        add_text(out, p.init_range);
        strbuf_addc(out, '|');
        add_text(out, p.cond_range);
        strbuf_addc(out, '|');
        add_text(out, p.inc_range);
        strbuf_addc(out, ')');
    } else {
        strbuf_addc(out, '?');
    }
    if (stmt_for_nodes(fe, n, &p))
        strbuf_addf(out, "%s%s%s%s", p.init ? "i" : "", p.cond ? "c" : "", p.inc ? "n" : "",
                    p.body ? "b" : "");
    else
        strbuf_addc(out, '?');
}

static void tell(struct strbuf *out, struct frontend *fe, const struct node *n);

static void tell_inside(struct strbuf *out, struct frontend *fe, const struct node *n)
{
    struct for_parts p = {0};
    if (n->is_declaration)
        return;
    if (n->kind == NODE_FOR && stmt_for_nodes(fe, n, &p))
        tell(out, fe, p.body);
    if (n->kind == NODE_BLOCK)
        for (size_t i = 0; i < n->n_kids; i++)
            tell(out, fe, n->kids[i]);
    if ((n->kind == NODE_LABEL || n->kind == NODE_CASE) && n->n_kids)
        tell(out, fe, n->kids[n->n_kids - 1]);
    tell(out, fe, stmt_body(n));
    tell(out, fe, stmt_else(n));
}

static void tell(struct strbuf *out, struct frontend *fe, const struct node *n)
{
    if (!n)
        return;
    struct src_range r;
    strbuf_adds(out, kind_name(n));
    if (n->kind == NODE_FOR)
        tell_for(out, fe, n);
    if (n->kind == NODE_CASE)
        strbuf_addf(out, " %s%lld", n->op, n->value);
    if (n->kind == NODE_LABEL || n->kind == NODE_GOTO)
        strbuf_addf(out, " '%s'", n->name);
    strbuf_addc(out, ' ');
    if (stmt_range(fe, n, &r))
        add_text(out, r);
    else
        strbuf_addc(out, '?');
    strbuf_adds(out, stmt_has_directive(fe, n) ? " !\n" : "\n");
    tell_inside(out, fe, n);
}

static struct frontend *parse(struct arena *arena, const char *text, const char *libclang)
{
    static const char *const args[] = {"-std=gnu11"};
    static struct diag_engine diag;
    struct unit_request *r = arena_alloc(arena, sizeof *r);
    diag_init(&diag, &diag_stderr);
    *r = (struct unit_request){.path = "test.c",
                               .text = text,
                               .len = strlen(text),
                               .args = args,
                               .n_args = 1,
                               .libclang = libclang,
                               .is_gcc = true,
                               .diag = &diag,
                               .codegen = ""};
    return frontend_new(arena, r);
}

static void check_text(const char *name, const char *what, const char *got, const char *expected)
{
    n_checks++;
    if (!strcmp(got, expected))
        return;
    n_failed++;
    fprintf(stderr, "%s: %s:\n%s-- expected:\n%s", name, what, got, expected);
}

static void check(const struct example *x, const char *libclang)
{
    struct arena arena;
    struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;
    arena_init(&arena);
    /* An annotated file is one with a pragma of ours: only there are macros looked at. */
    strbuf_addf(&text, "%s\n#pragma synchronized\n", x->text);
    struct frontend *fe = parse(&arena, text.buf, libclang);
    struct function *f = fe ? frontend_function(fe, "f") : NULL;
    const struct node *body = f ? frontend_body(fe, f) : NULL;
    if (body)
        tell_inside(&out, fe, body);
    check_text(x->name, "statements", out.buf, x->expected);
    strbuf_release(&out);
    strbuf_release(&text);
    arena_release(&arena);
}

static const struct example statements[] = {
    {"semicolons", "int g(int); void f(int n) { g(1) ; g(2)/* ; */ \n ; ; n = g(3); return; }",
     "expr g(1) ;\nexpr g(2)/* ; */ ;\nnull ;\nexpr n = g(3);\nreturn return;\n"},
    {"parentheses", "int g(int); int f(int n) { (g(1)); (void)g(2); ((n)) = 3; return (n); }",
     "expr (g(1));\nexpr (void)g(2);\nexpr ((n)) = 3;\nreturn return (n);\n"},
    {"declarations",
     "void f(int n) { int a = 1, b[n], *c; int d[3] = {1}; typedef int T; struct s { int x; } e;"
     " register T g; static int h = 2 ; __attribute__((unused)) int i; }",
     "decl int a = 1, b[n], *c;\ndecl int d[3] = {1};\ndecl struct s { int x; } e;\n"
     "decl register T g;\ndecl static int h = 2 ;\ndecl __attribute__((unused)) int i;\n"},
    {"if and else", "int g(int); void f(int n) { if (n) g(1); else if (n > 1) { g(2); } else ; }",
     "if if (n) g(1); else if (n > 1) { g(2); } else ;\nexpr g(1);\n"
     "if if (n > 1) { g(2); } else ;\nblock { g(2); }\nexpr g(2);\nnull ;\n"},
    {"loops",
     "int g(int); void f(int n) { do g(1); while (n--) ; while (n) { break; } "
     "for (int i = 0, j; i < n; i++) g(i); for (;;) continue; for (; n;) ; }",
     "do do g(1); while (n--) ;\nexpr g(1);\nwhile while (n) { break; }\nblock { break; }\n"
     "break break;\nfor(int i = 0, j|i < n|i++)icnb for (int i = 0, j; i < n; i++) g(i);\n"
     "expr g(i);\nfor(||)b for (;;) continue;\ncontinue continue;\nfor(|n|)cb for (; n;) ;\n"
     "null ;\n"},
    {"hard headers",
     "int g(const char *); void f(int n) { for (n = g(\";)\"); ({ int k = 1; k; }); /* ; */ n++,"
     " n++) g(\"\"); }",
     "for(n = g(\";)\")|({ int k = 1; k; })|/* ; */ n++, n++)icnb for (n = g(\";)\"); ({ int k ="
     " 1; k; }); /* ; */ n++, n++) g(\"\");\nexpr g(\"\");\n"},
    {"labels and switches",
     "void f(int n) { switch (n) { case 1: case 2 ... 3: n = 1; __attribute__((fallthrough)); "
     "default: break; } l: n = 2; goto l; void *p = &&l; goto *p; }",
     "switch switch (n) { case 1: case 2 ... 3: n = 1; __attribute__((fallthrough)); default: "
     "break; }\nblock { case 1: case 2 ... 3: n = 1; __attribute__((fallthrough)); default: "
     "break; }\ncase 1 case 1: case 2 ... 3: n = 1;\ncase 2 case 2 ... 3: n = 1;\nexpr n = 1;\n"
     "null __attribute__((fallthrough));\ncase default0 default: break;\nbreak break;\n"
     "label 'l' l: n = 2;\nexpr n = 2;\ngoto 'l' goto l;\ndecl void *p = &&l;\n"
     "goto '' goto *p;\n"},
    {"literals and statement expressions",
     "struct s { int x; }; struct s f(int n) { struct s v; v = (struct s){n}; ({ n++; }); "
     "__asm__(\"\"); return (struct s){n}; }",
     "decl struct s v;\nexpr v = (struct s){n};\nexpr ({ n++; });\nasm __asm__(\"\");\n"
     "return return (struct s){n};\n"},
    {"old style", "int g(int); int f(n, m) int n; short m; { g(n); return m; }",
     "expr g(n);\nreturn return m;\n"},
    {"attributes of loops",
     "int g(int); void f(int n) {\n#pragma GCC unroll 4\nfor (;;) g(1);\n"
     "#pragma clang loop unroll(enable)\nwhile (n) g(2); }",
     "for(||)b for (;;) g(1);\nexpr g(1);\nwhile while (n) g(2);\nexpr g(2);\n"},
};

static const struct example macros[] = {
    {"calls",
     "int g(int);\n#define CALL(x) g(x)\n#define CALL_(x) g(x);\nvoid f(int n) {"
     " CALL(1); CALL_(2) n = CALL(3); CALL_(4); }",
     "expr CALL(1);\nexpr CALL_(2)\nexpr n = CALL(3);\nexpr CALL_(4)\nnull ;\n"},
    {"two in one",
     "int g(int);\n#define TWO g(1); g(2)\n#define END(x) x; n = 2\nvoid f(int n) { TWO; "
     "n = END(1); }",
     "expr ?\nexpr ?\nexpr ?\nexpr ?\n"},
    {"whole statements",
     "int g(int);\n#define CHECK(x) do { if (!(x)) g(1); } while (0)\n#define BRACES { g(2); }\n"
     "void f(int n) { CHECK(n > 1); BRACES if (n) BRACES else CHECK(0); }",
     "do CHECK(n > 1);\nblock ?\nif ?\nexpr ?\nblock BRACES\nexpr ?\n"
     "if if (n) BRACES else CHECK(0);\nblock BRACES\nexpr ?\ndo CHECK(0);\nblock ?\nif ?\nexpr "
     "?\n"},
    {"begins",
     "int g(int);\n#define IF if\n#define ELSE else\n#define ELSE_CALL else g(3)\n"
     "#define LABEL l: g(4)\n#define RETURN return n\nint f(int n) { IF (n) g(1); ELSE g(2); "
     "if (n) g(1); ELSE_CALL; LABEL; RETURN; }",
     "if IF (n) g(1); ELSE g(2);\nexpr g(1);\nexpr g(2);\nif if (n) g(1); ELSE_CALL;\n"
     "expr g(1);\nexpr ?\nlabel 'l' LABEL;\nexpr ?\nreturn RETURN;\n"},
    {"loops",
     "int g(int);\n#define EACH(i, n) for (int i = 0; i < (n); i++)\n#define FOR for\n"
     "#define FOREVER for (;;)\n#define HEADER int i = 0; i < n; i++\n"
     "#define INIT int i = 0\nvoid f(int n) { EACH(i, n) g(i); FOR (; n; n--) g(1); FOREVER g(2);"
     " for (HEADER) g(3); for (INIT; i < n; i++) { g(4); } EACH(i, n) EACH(j, n) g(5); }",
     "for?icnb EACH(i, n) g(i);\nexpr g(i);\nfor(|n|n--)cnb FOR (; n; n--) g(1);\nexpr g(1);\n"
     "for?b FOREVER g(2);\nexpr g(2);\nfor?icnb for (HEADER) g(3);\nexpr g(3);\n"
     "for(INIT|i < n|i++)icnb for (INIT; i < n; i++) { g(4); }\nblock { g(4); }\nexpr g(4);\n"
     "for?icnb EACH(i, n) EACH(j, n) g(5);\nfor?icnb EACH(j, n) g(5);\nexpr g(5);\n"},
    {"loops in one macro",
     "int g(int);\n#define NEST for (;;) for (; n;) { for (n = 0;;) g(1); }\nvoid f(int n) {"
     " NEST }",
     "for?b NEST\nfor?cb ?\nblock ?\nfor?ib ?\nexpr ?\n"},
    {"arguments",
     "int g(int);\n#define DO(x) x\n#define DO_(x) x;\nvoid f(int n) { DO(g(1)); DO_(g(2)) "
     "DO(for (int i = 0; i < n; i++) g(i);) DO(g(3); g(4);) }",
     "expr DO(g(1));\nexpr DO_(g(2))\nfor?icnb DO(for (int i = 0; i < n; i++) g(i);)\nexpr ?\n"
     "expr ?\nexpr ?\n"},
};

static const struct example directives[] = {
    {"under",
     "int g(int); void f(int n) {\n#pragma omp parallel for\n\n/* and */\nfor (;;)\n"
     "g(1);\ng(2); _Pragma(\"omp task\") g(3); }",
     "for(||)b for (;;) g(1); !\nexpr g(1);\nexpr g(2);\nexpr g(3); !\n"},
    {"inside", "int g(int); void f(int n) { if (n) {\n#pragma acc kernels\ng(1); } g(2); }",
     "if if (n) { #pragma acc kernels g(1); } !\nblock { #pragma acc kernels g(1); } !\n"
     "expr g(1); !\nexpr g(2);\n"},
    {"left out",
     "int g(int); void f(int n) {\n#ifdef NOWHERE\n#pragma omp task\n#endif\ng(1);\n"
     "#pragma once_more omp\ng(2); }",
     "expr g(1);\nexpr g(2);\n"},
    {"made by macros",
     "int g(int);\n#define TASK _Pragma(\"omp task\")\n#define OTHER _Pragma(\"GCC ivdep\")\n"
     "void f(int n) { TASK g(1); OTHER for (;;) g(2); }",
     "expr g(1); !\nfor(||)b for (;;) g(2);\nexpr g(2);\n"},
};

static void check_names(const char *libclang)
{
    struct arena arena;
    struct strbuf out = STRBUF_INIT;
    arena_init(&arena);
    struct frontend *fe = parse(&arena,
                                "struct outside { int x; };\n"
                                "void f(struct outside *p) { typedef int T; enum e { A, B }; "
                                "struct { int y; } v; int local(int); union u { T x; }; "
                                "register int r; { struct inner *q; } }\n",
                                libclang);
    struct function *f = fe ? frontend_function(fe, "f") : NULL;
    const char *const *names;
    size_t n = f ? stmt_local_names(fe, f, &names) : 0;
    for (size_t i = 0; i < n; i++)
        strbuf_addf(&out, "%s\n", names[i]);
    check_text("names", "in f", out.buf, "T\ne\nA\nB\nlocal\nu\ninner\n");
    strbuf_clear(&out);
    if (f)
        frontend_body(fe, f);
    for (size_t i = 0; f && i < f->n_locals; i++)
        if (f->locals[i]->is_register)
            strbuf_addf(&out, "%s\n", f->locals[i]->name);
    check_text("names", "register", out.buf, "r\n");
    strbuf_release(&out);
    arena_release(&arena);
}

#define RUN(table, libclang)                                                                       \
    for (size_t i = 0; i < sizeof(table) / sizeof(table)[0]; i++)                                  \
    check(&(table)[i], libclang)

static int run_all(const char *libclang)
{
    RUN(statements, libclang);
    RUN(macros, libclang);
    RUN(directives, libclang);
    check_names(libclang);
    printf("libclang %s: %u checks, %u failed\n", libclang ? libclang : "(newest)", n_checks,
           n_failed);
    return n_failed != 0;
}

int main(void)
{
    int failed = 0;
    for (int version = 0; version < 40; version++) {
        char pattern[64], name[16];
        glob_t g;
        snprintf(pattern, sizeof pattern, "/usr/lib/llvm-%d/lib/libclang*.so*", version);
        snprintf(name, sizeof name, "%d", version);
        bool is_there = glob(pattern, 0, NULL, &g) == 0;
        globfree(&g);
        if (version && (version < 14 || !is_there))
            continue;
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            int status = run_all(version ? name : NULL);
            fflush(stdout);
            _exit(status);
        }
        int status = 1;
        failed |= pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
    }
    return failed;
}
