/* test_program.c - what the link step sees in objects: small programs, compiled here by
 * each compiler with several options, and what is found wrong with calling their g().
 *
 * A program is a text; a line "//= name" begins a file of it. What is expected:
 *
 *   none
 *   state WHAT [written] [by WRITER] : PATH    functions from g on
 *   effect KIND WHAT : PATH
 *   unseen WHAT : PATH
 *
 * or several of these, with | between them, where compilers differ. A program is linked with
 * libc.so and libm.so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "check.h"
#include "program.h"
#include "program_help.h"

#define NOINLINE "__attribute__((noinline)) "
#define MAX_FILES 8

struct example {
    const char *name, *expected, *text;
};

static const struct example examples[] = {
    {"counter-two-units-away", "state n written : g h",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int h(int); int g(int x) { return h(x) + 1; }\n"
     "//= b\n static int n; int h(int x) { return x + ++n; }\n"},
    {"clean-neighbour", "none",
     "//= main\n int g(int), h(int); int main(void) { return g(1) + h(1); }\n"
     "//= a\n static int n; static int k = 5;" NOINLINE "static int mine(int x) { return x * 3; }\n"
     "int h(int x) { n += x; k ^= n; return n; } int g(int x) { return mine(x) / 7; }\n"},
    {"function-of-the-same-section", "state n written : g own",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n static int n; " NOINLINE "static int own(int x) { n += x; return n; }\n"
     "int other(int x) { return x; }\n int g(int x) { return own(x) + 1; }\n"},
    {"tail-call", "state n written : g mid own",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n static int n; " NOINLINE "static int own(int x) { n += x; return n; }\n" NOINLINE
     "static int mid(int x) { return own(x + 1); } int g(int x) { return mid(x + 1); }\n"},
    {"table-of-functions", "state n written : g two",
     "//= main\n int g(int, int); int main(void) { return g(1, 2); }\n"
     "//= a\n static int n; static int one(int x) { return x; }\n"
     "static int two(int x) { n += x; return n; }\n"
     "static int (*const table[])(int) = {one, two};\n"
     "int g(int i, int x) { return table[i & 1](x); }\n"},
    {"table-of-clean-functions", "none",
     "//= main\n int g(int, int), h(int); int main(void) { return g(1, 2) + h(2); }\n"
     "//= a\n static int n; static int one(int x) { return x; }\n"
     "static int two(int x) { return x * 2; } int h(int x) { n += x; return n; }\n"
     "static int (*const table[])(int) = {one, two};\n"
     "int g(int i, int x) { return table[i & 1](x); }\n"},
    {"table-that-changes", "state table by set : g",
     "//= main\n int g(int, int); void set(int); int main(void) { set(1); return g(1, 2); }\n"
     "//= a\n static int one(int x) { return x; } static int two(int x) { return x * 2; }\n"
     "static int (*table[])(int) = {one, two}; void set(int i) { table[i & 1] = one; }\n"
     "int g(int i, int x) { return table[i & 1](x); }\n"},
    {"global-table-that-nobody-changes", "state n written : g two|state table : g",
     "//= main\n int g(int, int); int main(void) { return g(1, 2); }\n"
     "//= a\n extern int (*table[2])(int); int g(int i, int x) { return table[i & 1](x); }\n"
     "//= b\n static int n; static int one(int x) { return x; }\n"
     "static int two(int x) { n += x; return n; } int (*table[2])(int) = {one, two};\n"},
    {"thread-local", "state n written : g h|state n : g h",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int h(int); int g(int x) { return h(x) + 1; }\n"
     "//= b\n _Thread_local int n; int h(int x) { n += x; return n; }\n"},
    {"static-thread-local", "state n written : g|state n : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n static _Thread_local int n; int g(int x) { n += x; return n; }\n"},
    {"common", "state n written : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n __attribute__((common)) int n; int g(int x) { n += x; return n; }\n"},
    {"constant-that-isnt-called-so", "none",
     "//= main\n double g(double); int main(void) { return (int)g(1); }\n"
     "//= a\n extern double scale; double g(double x) { return x * scale; }\n"
     "//= b\n double scale = 2.0; int mode;\n"},
    {"written-by-main-only", "state mode by main : g",
     "//= main\n extern int mode; int g(int); int main(int n, char **v)\n"
     "{ (void)v; mode = n; return g(1); }\n"
     "//= a\n extern int mode; int g(int x) { return x + mode; }\n"
     "//= b\n double scale = 2.0; int mode;\n"},
    {"written-through-its-address", "state mode : g",
     "//= main\n extern int mode; int g(int); void set(int *); int main(void)\n"
     "{ set(&mode); return g(1); }\n"
     "//= a\n extern int mode; int g(int x) { return x + mode; }\n"
     "//= b\n int mode; void set(int *p) { *p = 3; }\n"},
    {"written-through-a-pointer-in-data", "state mode : g",
     "//= main\n int g(int); void set(void); int main(void) { set(); return g(1); }\n"
     "//= a\n int mode; int *where = &mode; void set(void) { *where = 3; }\n"
     "int g(int x) { return x + mode; }\n"},
    {"array-that-nobody-writes", "none",
     "//= main\n double g(int); int main(void) { return (int)g(3); }\n"
     "//= a\n static double t[] = {1, 2, 3, 5, 7}; double g(int n)\n"
     "{ double s = 0; for (int i = 0; i < n; i++) s += t[i % 5]; return s; }\n"},
    {"array-of-another-unit", "none",
     "//= main\n double g(int); int main(void) { return (int)g(3); }\n"
     "//= a\n extern double t[5]; double g(int n)\n"
     "{ double s = 0; for (int i = 0; i < n; i++) s += t[i % 5]; return s; }\n"
     "//= b\n double t[5] = {1, 2, 3, 5, 7};\n"},
    {"array-filled-by-a-loop", "state t by fill : g",
     "//= main\n void fill(int); int g(int); int main(void) { fill(2); return g(3); }\n"
     "//= a\n static int t[100]; void fill(int k) { for (int i = 0; i < 100; i++) t[i] = i * k; }\n"
     "int g(int n) { return t[n % 100]; }\n"},
    {"array-filled-downwards", "state t by fill : g",
     "//= main\n void fill(int); int g(int); int main(void) { fill(2); return g(3); }\n"
     "//= a\n static int t[100]; void fill(int k)\n"
     "{ for (int i = 99; i >= 0; i--) { t[i] = k; k = k * 5 + i; } }\n"
     "int g(int n) { return t[n % 100]; }\n"},
    {"address-handed-out", "state t : g",
     "//= main\n int g(int); int main(void) { return g(3); }\n"
     "//= a\n static int t[3]; int sum(int *, int); int g(int n) { return sum(t, n); }\n"
     "//= b\n int sum(int *p, int n) { p[0]++; return p[0] + n; }\n"},
    {"pointer-to-a-local-function", "state n written : g own",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int apply(int (*f)(int), int x); static int n;\n"
     "static int own(int x) { n += x; return n; } int g(int x) { return apply(own, x); }\n"
     "//= b\n int apply(int (*f)(int), int x) { return f(x); }\n"},
    {"output-in-a-third-unit", "effect output printf : g h tell",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int h(int); int g(int x) { return h(x) + 1; }\n"
     "//= b\n int tell(int); int h(int x) { return tell(x) * 2; }\n"
     "//= c\n #include <stdio.h>\n int tell(int x) { printf(\"%d %d\\n\", x, x); return x; }\n"},
    {"time", "effect time time : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n #include <time.h>\n int g(int x) { return (int)time(NULL) + x; }\n"},
    {"random", "effect random rand : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n #include <stdlib.h>\n int g(int x) { return rand() + x; }\n"},
    {"output-where-it-is-unlikely", "effect output fprintf : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n #include <stdio.h>\n #include <stdlib.h>\n int g(int x)\n"
     "{ if (__builtin_expect(x < 0, 0)) { fprintf(stderr, \"bad %d\\n\", x); x = 0; }\n"
     "return x * x; }\n"},
    {"output-before-the-end", "none",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n #include <stdio.h>\n #include <stdlib.h>\n void die(const char *);\n"
     "int g(int x)\n"
     "{ if (x < 0) { fprintf(stderr, \"bad %d\\n\", x); abort(); } if (x > 9) die(\"large\");\n"
     "for (int i = 0; i < x; i++) if (i == 7) { puts(\"seven\"); exit(7); } return x * x; }\n"
     "//= b\n #include <stdio.h>\n #include <stdlib.h>\n"
     "void die(const char *s) { fprintf(stderr, \"%s\\n\", s); exit(3); }\n"},
    {"output-and-then-maybe-the-end", "effect output puts : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n #include <stdio.h>\n #include <stdlib.h>\n int g(int x)\n"
     "{ if (x < 0) { puts(\"bad\"); if (x < -5) abort(); } return x * x; }\n"},
    {"pure-library-calls", "none",
     "//= main\n int g(const char *); int main(void) { return g(\"1\"); }\n"
     "//= a\n #include <math.h>\n #include <stdlib.h>\n #include <string.h>\n #include <stdio.h>\n"
     "#include <errno.h>\n #include <ctype.h>\n #include <assert.h>\n"
     "int g(const char *s) { char b[40], *p = malloc(strlen(s) + 1); double v = 0;\n"
     "if (!p) exit(1); strcpy(p, s); memset(b, 0, sizeof b); errno = 0;\n"
     "snprintf(b, sizeof b, \"%s %d\", p, errno); sscanf(b, \"%lf\", &v);\n"
     "v += strtol(s, NULL, 10) + atoi(s) + pow(v, v) + isdigit(*s); assert(v > -1e9);\n"
     "if (isnan(v) || !isfinite(v)) abort(); free(p); return (int)v; }\n"},
    {"own-function-with-a-known-name", "state calls written : g erf",
     "//= main\n double g(double); int main(void) { return (int)g(1); }\n"
     "//= a\n double erf(double); double g(double x) { return erf(x) * 2; }\n"
     "//= b\n static int calls; double erf(double x) { calls++; return x * calls; }\n"},
    {"longjmp", "none",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n #include <setjmp.h>\n int h(jmp_buf, int);\n"
     "int g(int x) { jmp_buf b; if (setjmp(b)) return -1; return h(b, x); }\n"
     "//= b\n #include <setjmp.h>\n int h(jmp_buf b, int x) { if (x < 0) longjmp(b, 1); return x; "
     "}\n"},
    {"recursion", "none",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int h(int); int g(int x) { return x < 2 ? x : h(x - 1) + h(x - 2); }\n"
     "//= b\n int g(int); int h(int x) { return g(x) + 1; }\n"},
    {"switch", "none",
     "//= main\n int g(int, int), h(int); int main(void) { return g(1, 2) + h(1); }\n"
     "//= a\n static int n; int h(int x) { switch (x) { case 0: return n++; case 1: return n += "
     "5;\n"
     "case 2: return n *= 3; case 3: return n -= 9; case 4: return n ^= 7; case 5: return n /= 2; "
     "}\n"
     "return 0; }\n int g(int x, int y) { switch (x) { case 0: return y * 3; case 1: return y / "
     "5;\n"
     "case 2: return y ^ 3; case 3: return y % 9; case 4: return y << 7; case 5: return -y; }\n"
     "return 0; }\n"},
    {"library-state", "state environ : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n extern char **environ; int g(int x) { return environ[0][0] + x; }\n"},
    {"undefined", "unseen nowhere : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int nowhere(int); int g(int x) { return nowhere(x) + 1; }\n"},
    {"instruction", "effect time rdtsc : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n int g(int x) { return (int)__builtin_ia32_rdtsc() + x; }\n"},
    {"memcpy-into-a-static", "state buffer : g|state buffer written : g",
     "//= main\n #include <stddef.h>\n int g(const char *, size_t); int main(void)\n"
     "{ return g(\"abc\", 3); }\n"
     "//= a\n #include <string.h>\n static char buffer[100]; int g(const char *s, size_t n)\n"
     "{ memcpy(buffer, s, n % 100); return buffer[n % 7]; }\n"},
    {"pointer-kept-in-a-static", "state last written : g",
     "//= main\n int g(int *); int main(void) { int x = 1; return g(&x); }\n"
     "//= a\n static int *last; int g(int *p) { int v = last ? *last : 0; last = p; return v; }\n"},
    {"string-literals", "none",
     "//= main\n const char *g(int); int main(void) { return g(1)[0]; }\n"
     "//= a\n static const char *const names[] = {\"one\", \"two\", \"three\"};\n"
     "const char *g(int i) { return i ? names[i % 3] : \"none\"; }\n"},
    {"once-initialized", "state is_ready written : g",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n static int is_ready, t[64]; int g(int x) { if (!is_ready) { is_ready = 1;\n"
     "for (int i = 0; i < 64; i++) t[i] = i * i; } return t[x & 63]; }\n"},
    {"written-from-its-end", "state t : g|state t by fill : g",
     "//= main\n void fill(int); int g(int); int main(void) { fill(2); return g(3); }\n"
     "//= a\n static int t[100]; static int last; static int *end = t + 100;\n"
     "void fill(int k) { while (end > t) *--end = k++; last = k; }\n"
     "int g(int n) { return t[n % 100]; }\n"},
    {"end-handed-out", "state t : g",
     "//= main\n void fill(int); int g(int); int main(void) { fill(2); return g(3); }\n"
     "//= a\n static int t[100]; static int last; void down(int *, int);\n"
     "void fill(int k) { down(t + 100, k); last = k; } int g(int n) { return t[n % 100]; }\n"
     "//= b\n void down(int *end, int k) { for (int i = 0; i < 100; i++) *--end = k; }\n"},
    {"address-returned", "state t : g",
     "//= main\n int *where(int), g(int); int main(void) { *where(2) = 5; return g(3); }\n"
     "//= a\n static int t[100]; int *where(int i) { return &t[i]; }\n"
     "int g(int n) { return t[n % 100]; }\n"},
    {"address-returned-by-two", "state t : g",
     "//= main\n int *mine(int), g(int); int main(void) { *mine(2) = 5; return g(3); }\n"
     "//= a\n int t[100]; int *where(int i) { return &t[i]; }\n"
     "int g(int n) { return t[n % 100]; }\n"
     "//= b\n int *where(int); int *mine(int i) { return where(i + 1); }\n"},
    {"address-compared", "none",
     "//= main\n int g(int *); int main(void) { int x = 1; return g(&x); }\n"
     "//= a\n static int none; int g(int *p) { return p == &none ? 0 : *p; }\n"},
    {"structure-copied", "none|state start : g", /* -O0 leaves its address in rsi */
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n struct big { int v[100]; }; static struct big start = {{1, 2, 3}};\n"
     "int sum(struct big *); int g(int x) { struct big b = start; b.v[x] = x; return sum(&b); }\n"
     "//= b\n struct big { int v[100]; }; int sum(struct big *b) { return b->v[1] + b->v[2]; }\n"},
    {"structure-replaced", "state start : g|state start by set : g|state start written : g",
     "//= main\n struct big { int v[100]; }; void set(struct big *); int g(int); int main(void)\n"
     "{ struct big b = {{4}}; set(&b); return g(1); }\n"
     "//= a\n struct big { int v[100]; }; static struct big start = {{1, 2, 3}};\n"
     "void set(struct big *b) { start = *b; } int g(int x) { return start.v[x]; }\n"},
    {"weak-that-gives-way", "state n written : g h",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n __attribute__((weak)) int h(int x) { return x; } int g(int x) { return h(x) + 1; }\n"
     "//= b\n static int n; int h(int x) { n += x; return n; }\n"},
    {"weak-that-nobody-defines", "none",
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n __attribute__((weak)) int h(int x); int g(int x) { return h ? h(x) : x; }\n"},
    {"constructor-writes", "state mode by start : g|none", /* clang runs it when it compiles */
     "//= main\n int g(int); int main(void) { return g(1); }\n"
     "//= a\n static int mode; __attribute__((constructor)) static void start(void) { mode = 4; }\n"
     "int g(int x) { return x + mode; }\n"},
};
#define N_EXAMPLES (sizeof examples / sizeof *examples)

/* ---- the examples ---- */

/* Write the example's files as name.file.c; their number. */
static size_t write_files(const struct example *e, char names[MAX_FILES][64])
{
    size_t n = 0;
    FILE *f = NULL;
    for (const char *p = e->text; *p;) {
        size_t len = strcspn(p, "\n");
        if (!strncmp(p, "//= ", 4)) {
            char path[80];
            if (f)
                fclose(f);
            snprintf(names[n], sizeof names[n], "%s.%.*s", e->name, (int)len - 4, p + 4);
            snprintf(path, sizeof path, "%s.c", names[n++]);
            f = fopen(path, "w");
        } else if (f) {
            fprintf(f, "%.*s\n", (int)len, p + strspn(p, " "));
        }
        p += len + (p[len] != '\0');
    }
    if (f)
        fclose(f);
    return n;
}

static bool is_one_of(const char *text, const char *list)
{
    for (size_t n; *list; list += n + (list[n] == '|')) {
        n = strcspn(list, "|");
        if (strlen(text) == n && !memcmp(text, list, n))
            return true;
    }
    return false;
}

static const char *libm, *libc; /* of the compiler in use */

static void check_example(const struct example *e, const char *cc, const char *options,
                          char names[MAX_FILES][64], size_t n)
{
    struct arena a;
    struct program_input inputs[MAX_FILES + 2] = {{0}};
    arena_init(&a);
    for (size_t i = 0; i < n; i++)
        inputs[i].path = arena_printf(&a, "%s.o", names[i]);
    inputs[n] = (struct program_input){libm, .is_toolchain = true};
    inputs[n + 1] = (struct program_input){libc, .is_toolchain = true};
    struct program *p = program_load(&a, inputs, n + 2);
    struct finding f = program_judge(p, "g", NULL);
    const char *got = tell_finding(&a, &f);
    if (!is_one_of(got, e->expected)) {
        fprintf(stderr, "%s, %s %s:\n  is:     %s\n  not:    %s\n", e->name, cc, options, got,
                e->expected);
        check_failures++;
    }
    program_release(p);
    arena_release(&a);
}

static void check_examples(const char *cc, const char *options)
{
    if (!run_shell("rm -rf objects && mkdir objects"))
        return;
    if (chdir("objects") != 0)
        return;
    static char names[N_EXAMPLES][MAX_FILES][64];
    size_t n[N_EXAMPLES];
    for (size_t i = 0; i < N_EXAMPLES; i++)
        n[i] = write_files(&examples[i], names[i]);
    CHECK(run_shell("%s %s -c *.c", cc, options));
    for (size_t i = 0; i < N_EXAMPLES; i++)
        check_example(&examples[i], cc, options, names[i], n[i]);
    CHECK(chdir("..") == 0);
}

int main(void)
{
    static const char *const options[] = {"-O2", "-O2 -fPIC -ffunction-sections", "-O0",
                                          "-O2 -fno-pie -g"};
    const char *const compilers[] = {getenv("TEST_GCC"), getenv("TEST_CLANG")};
    struct arena a;
    arena_init(&a);
    for (size_t c = 0; c < 2; c++) {
        const char *cc = compilers[c];
        if (!cc || !*cc)
            continue;
        libm = find_library(&a, cc, "libm.so.6");
        libc = find_library(&a, cc, "libc.so.6");
        size_t n = c == 0 ? sizeof options / sizeof *options : 2;
        for (size_t i = 0; i < n; i++)
            check_examples(cc, options[i]);
    }
    arena_release(&a);
    return check_result();
}
