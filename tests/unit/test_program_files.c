/* test_program_files.c - programs made of archives, shared libraries, scripts and annotated
 * units, with each compiler: which files take part, what is reached, and digests. */

#include "check.h"
#include "program.h"
#include "program_help.h"

static const char *cc, *libc;
static struct arena arena;

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    CHECK(f != NULL);
    if (!f)
        return;
    fputs(text, f);
    fclose(f);
}

/* Compile text to name.o. */
static void make(const char *name, const char *options, const char *text)
{
    const char *source = arena_printf(&arena, "%s.c", name);
    put(source, text);
    CHECK(run_shell("%s %s -c %s -o %s.o", cc, options, source, name));
}

/* The program of the files named; "-" in front of a name: of the toolchain; "+": all
 * members; "?": as needed. libc.so comes last. */
static struct program *load(const char *names)
{
    struct program_input inputs[16] = {{0}};
    size_t n = 0;
    for (const char *p = names; *p && n < 15; n++) {
        size_t len = strcspn(p, " ");
        inputs[n].is_toolchain = *p == '-';
        inputs[n].is_whole = *p == '+';
        inputs[n].is_as_needed = *p == '?';
        size_t mark = strchr("-+?", *p) != NULL;
        inputs[n].path = arena_strndup(&arena, p + mark, len - mark);
        p += len + (p[len] == ' ');
    }
    inputs[n++] = (struct program_input){libc, .is_toolchain = true};
    return program_load(&arena, inputs, n);
}

static const char *judge(const char *names, const char *symbol)
{
    struct finding f = program_judge(load(names), symbol, NULL);
    return tell_finding(&arena, &f);
}

static const char *objects_of(const struct program *p)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < program_n_objects(p); i++)
        strbuf_addf(&out, "%s%s", i ? " " : "", program_object_at(p, i)->name);
    const char *text = arena_strdup(&arena, out.buf);
    strbuf_release(&out);
    return text;
}

/* What a symbol reaches: objects, functions in (), libraries in [], ? for what is open. */
static const char *reach_of(struct program *p, const char *symbol)
{
    struct strbuf out = STRBUF_INIT;
    struct program_reach r;
    program_reach(p, symbol, &r);
    for (size_t i = 0; i < r.n_objects; i++)
        strbuf_addf(&out, " %s", r.objects[i]->name);
    for (size_t i = 0; i < r.n_functions; i++)
        strbuf_addf(&out, " (%s)", r.functions[i]->name);
    for (size_t i = 0; i < r.n_libraries; i++)
        strbuf_addf(&out, " [%.4s]", r.libraries[i]);
    strbuf_adds(&out, r.is_open ? " ?" : "");
    const char *text = arena_strdup(&arena, out.len ? out.buf + 1 : "");
    strbuf_release(&out);
    return text;
}

#define MAIN "int g(int); int main(void) { return g(1); }\n"
#define COUNTS "static int n; int h(int x) { n += x; return n; }\n"

static void check_archives(void)
{
    make("main", "-O2", MAIN);
    make("g", "-O2", "int h(int); int g(int x) { return h(x) + 1; }\n");
    make("counts", "-O2", COUNTS);
    make("clean", "-O2", "int h(int x) { return x * 2; }\n");
    make("unused", "-O2", "int nobody(int x) { return x; } int h2(int x) { return x; }\n");
    CHECK(run_shell("rm -f *.a && ar rc libg.a unused.o g.o && ar rc libh.a counts.o unused.o &&"
                    "ar rc libclean.a clean.o && ar rcT libthin.a counts.o &&"
                    "ar rc liblong.a g.o && cp counts.o a-name-that-is-longer-than-sixteen.o &&"
                    "ar rc liblong.a a-name-that-is-longer-than-sixteen.o"));
    CHECK_STR(objects_of(load("main.o libg.a libh.a")), "main.o libg.a(g.o) libh.a(counts.o)");
    CHECK_STR(judge("main.o libg.a libh.a", "g"), "state n written : g h");
    CHECK_STR(judge("main.o libg.a libthin.a", "g"), "state n written : g h");
    CHECK_STR(judge("main.o liblong.a", "g"), "state n written : g h");
    CHECK_STR(objects_of(load("main.o liblong.a")),
              "main.o liblong.a(g.o) liblong.a(a-name-that-is-longer-than-sixteen.o)");
    /* The first archive that has it wins; an object wins over all archives. */
    CHECK_STR(judge("main.o libg.a libclean.a libh.a", "g"), "none");
    CHECK_STR(judge("main.o counts.o libg.a libclean.a", "g"), "state n written : g h");
    /* A library behind the one that needs it, as in a group. */
    CHECK_STR(judge("main.o libh.a libg.a", "g"), "state n written : g h");
    CHECK_STR(objects_of(load("main.o g.o clean.o +libh.a")),
              "main.o g.o clean.o libh.a(counts.o) libh.a(unused.o)");
    CHECK_STR(judge("main.o libg.a missing.a main.c", "g"), "unseen h : g");
}

static void check_names(void)
{
    make("mode", "-O2", "extern int mode; int h(int x) { return x + mode; }\n");
    make("setter", "-O2", "int mode; void set(int x) { mode = x; }\n");
    struct program *p = load("main.o g.o mode.o setter.o");
    struct finding f = program_judge(p, "g", NULL);
    CHECK_STR(tell_finding(&arena, &f), "state mode by set : g h");
    CHECK_STR(f.where, "mode.o");
    CHECK_STR(f.writer_object, "setter.o");
    CHECK_EQ(f.n_path, 2);
    CHECK_STR(f.path_objects[0], "g.o");
    CHECK_STR(f.path_objects[1], "mode.o");
    const char *trusted[] = {"h", NULL};
    const struct section_function trusting = {.is_memo = true, .trusted = trusted, .n_trusted = 1};
    f = program_judge(p, "g", &trusting);
    CHECK_EQ(f.kind, FINDING_NONE);
    /* Nobody writes it: no longer. */
    make("setter", "-O2", "int mode; void set(int x) { (void)x; }\n");
    CHECK_STR(judge("main.o g.o mode.o setter.o", "g"), "none");
    /* But a shared library may be written to from outside. */
    CHECK_STR(judge("g.o mode.o setter.o", "g"), "state mode : g h");
    for (int i = 0; i < 2; i++) { /* addresses that come from tables */
        const char *options = i ? "-O2 -mcmodel=large -fPIC" : "-O2 -mcmodel=large";
        make("mode", options, "extern int mode; int h(int x) { return x + mode; }\n");
        make("setter", options, "extern int mode; void set(int x) { mode = x; }\n");
        make("holder", options, "int mode;\n");
        CHECK(!strncmp(judge("main.o g.o mode.o setter.o holder.o", "g"), "state mode ", 11));
    }
    make("mode", "-O2", "extern int mode; int h(int x) { return x + mode; }\n");
    make("hidden", "-O2", "__attribute__((visibility(\"hidden\"))) int mode;\n");
    CHECK_STR(judge("g.o mode.o hidden.o", "g"), "none");
}

static void check_libraries(void)
{
    CHECK(run_shell("mkdir -p other"));
    put("other/lib.c", "int knob = 1; const int fixed = 3; int other(int x) { return x; }\n"
                       "int listed(int x) { return x; }\n");
    CHECK(run_shell("%s -shared -fPIC other/lib.c -o libother.so -Wl,-soname,libother.so.3", cc));
    make("calls", "-O2", "int other(int); int h(int x) { return other(x); }\n");
    make("reads", "-O2", "extern int knob; int h(int x) { return x + knob; }\n");
    make("fixed", "-O2", "extern const int fixed; int h(int x) { return x + fixed; }\n");
    make("listed", "-O2", "int listed(int); int h(int x) { return listed(x) + 1; }\n");
    CHECK_STR(judge("main.o g.o calls.o libother.so", "g"), "unseen other : g h");
    CHECK_STR(judge("main.o g.o reads.o libother.so", "g"), "state knob : g h");
    CHECK_STR(judge("main.o g.o fixed.o libother.so", "g"), "none");
    struct program *p = load("main.o g.o calls.o ?libother.so");
    CHECK_STR(reach_of(p, "g"), "calls.o g.o [libo]");
    struct finding f = program_judge(p, "other", NULL);
    CHECK_EQ(f.kind, FINDING_UNSEEN);
    CHECK_EQ(f.n_path, 0);
    CHECK_STR(f.where, "libother.so.3");
    struct program_symbol s = program_find(p, "other");
    CHECK_EQ(s.home, PROGRAM_LIBRARY);
    CHECK_STR(s.library, "libother.so.3");
    CHECK(program_find(load("main.o g.o clean.o ?libother.so"), "other").home == PROGRAM_NOWHERE);
    CHECK(program_find(p, "printf").is_toolchain);

    put("libscript.so", "/* GNU ld script */\nOUTPUT_FORMAT(elf64-x86-64)\n"
                        "GROUP ( libclean.a AS_NEEDED ( libother.so ) )\n");
    CHECK_STR(objects_of(load("main.o g.o libscript.so")), "main.o g.o libclean.a(clean.o)");
    CHECK_STR(judge("main.o g.o calls.o libscript.so", "g"), "unseen other : g h");

    /* Annotated, the library says itself that calls are fine. */
    put("section", "memocc-unit\t1\tlib.c\n"
                   "function\tlisted\tlisted\tplain\t00112233445566778899aabbccddeeff\n");
    CHECK(run_shell("objcopy --add-section .memocc=section libother.so liblisted.so"));
    CHECK_STR(judge("main.o g.o listed.o liblisted.so", "g"), "none");
    CHECK_STR(judge("main.o g.o calls.o liblisted.so", "g"), "unseen other : g h");
    CHECK_STR(reach_of(load("main.o g.o listed.o liblisted.so"), "g"), "g.o listed.o (listed)");
}

static void check_annotated(void)
{
    make("plain", "-O2", "int kept(int); int h(int x) { return kept(x) * 3; }\n");
    make("unit", "-O2",
         "static int memo_l_site; static int n;\n"
         "__attribute__((noinline)) static int memo_gen_kept(int x) { n++; return x; }\n"
         "int kept(int x) { memo_l_site++; return memo_gen_kept(x); }\n"
         "__attribute__((noinline)) int usual(int x) { n += x; return n; }\n");
    put("section", "memocc-unit\t1\tunit.c\n"
                   "function\tkept\tkept\tmemo\t00112233445566778899aabbccddeeff\n"
                   "function\tusual\tusual\tplain\t00112233445566778899aabbccddeeff\n");
    CHECK_STR(judge("main.o g.o plain.o unit.o", "g"), "state memo_l_site written : g h kept");
    CHECK(run_shell("objcopy --add-section .memocc=section unit.o"));
    struct program *p = load("main.o g.o plain.o unit.o");
    struct finding f = program_judge(p, "g", NULL);
    CHECK_EQ(f.kind, FINDING_NONE);
    f = program_judge(p, "usual", NULL);
    CHECK_STR(tell_finding(&arena, &f), "state n written : usual");
    CHECK_STR(reach_of(p, "g"), "g.o plain.o (kept)");
    CHECK_STR(reach_of(p, "kept"), "(kept)");
    CHECK(program_find(p, "kept").function != NULL);
    CHECK(program_find(p, "h").function == NULL);
    CHECK_STR(reach_of(load("main.o g.o"), "g"), "g.o ?");

    /* A wrapper hands the address of a global to the runtime, to read it. */
    make("wrapper", "-O2",
         "double scale = 2; void memo_abi_begin(void *); int kept(int x)\n"
         "{ memo_abi_begin(&scale); return x; }\n");
    make("scaled", "-O2", "extern double scale; int g(int x) { return x * (int)scale; }\n");
    CHECK_STR(judge("main.o scaled.o wrapper.o", "g"), "state scale : g");
    CHECK(run_shell("objcopy --add-section .memocc=section wrapper.o"));
    CHECK_STR(judge("main.o scaled.o wrapper.o", "g"), "none");
}

/* Objects whose local symbols are gone, and assembly with symbols inside others. */
static void check_symbols(void)
{
    make("stripped", "-O2",
         "static int n; __attribute__((noinline)) static int own(int x) { n += x; return n; }\n"
         "__attribute__((noinline)) static int clean(int x) { return x * 77; }\n"
         "static int (*const table[])(int) = {clean, own};\n"
         "int h(int i, int x) { return table[i & 1](x); } int k(int x) { return clean(x); }\n"
         "int g(int x) { return own(x) + 1; }\n");
    CHECK_STR(judge("main.o stripped.o", "k"), "none");
    CHECK(run_shell("strip -x stripped.o"));
    CHECK(!strncmp(judge("main.o stripped.o", "g"), "state  written : g", 18));
    CHECK(!strncmp(judge("main.o stripped.o", "h"), "state  written : h", 18));
    put("inner.s", ".data\ncount: .long 3\n.text\n.globl outer, inner\n"
                   ".type outer, @function\n.type inner, @function\n"
                   "outer: mov $1, %eax\nret\ninner: incl count(%rip)\nret\n"
                   ".size inner, .-inner\n.size outer, .-outer\n"
                   ".globl falls, into\n.type falls, @function\n.type into, @function\n"
                   "falls: mov $1, %eax\ninto: incl count(%rip)\nret\n"
                   ".section .note.GNU-stack,\"\",@progbits\n");
    CHECK(run_shell("%s -c inner.s", cc));
    make("uses", "-O2",
         "int inner(int), falls(int); extern int (*const table[])(int);\n"
         "int (*const table[])(int) = {inner}; int g(int x) { return table[0](x); }\n"
         "int h(int x) { return falls(x) + 1; }\n");
    CHECK_STR(judge("main.o uses.o inner.o", "g"), "state count written : g outer");
    CHECK_STR(judge("main.o uses.o inner.o", "h"), "state count written : h falls into");
}

static void check_pointers(void)
{
    make("apply", "-O2",
         "#include <stdio.h>\n"
         "int apply(int (*f)(int), int x) { return f(x); }\n"
         "int calls_itself(void) { static int n; puts(\"\"); return ++n; }\n"
         "int one(int x) { return x; } extern int (*const table[])(int);\n"
         "int (*const table[])(int) = {one};\n");
    make("taker", "-O2",
         "int apply(int (*)(int), int), calls_itself(void); static int n;\n"
         "static int counts(int x) { n += x; return n; }\n"
         "__attribute__((constructor)) static void start(void) { n = 7; }\n"
         "int g(int x) { calls_itself(); return apply(counts, x); }\n");
    struct finding f = program_judge_pointers(load("main.o apply.o"), NULL);
    CHECK_STR(tell_finding(&arena, &f), "none");
    f = program_judge_pointers(load("main.o apply.o taker.o"), NULL);
    CHECK_STR(tell_finding(&arena, &f), "state n written : counts");
}

/* ---- digests ---- */

static const char *digest(const char *path)
{
    unsigned char d[16];
    char text[33] = "";
    struct program *p = load(path);
    if (program_n_objects(p) != 1)
        return "no object";
    program_object_digest(p, program_object_at(p, 0), d);
    for (int i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", d[i]);
    return arena_strdup(&arena, text);
}

static const char *digest_of(const char *options, const char *text)
{
    make("digested", options, text);
    return digest("digested.o");
}

static void check_digests(void)
{
    static const char text[] = "#include <stdio.h>\nstatic int n = 4; extern int mode;\n"
                               "static double t[] = {1, 2}; int own(int x) { return x + n++; }\n"
                               "int f(int x) { printf(\"%d\\n\", own(x)); return mode * 3; }\n"
                               "double g(int i) { return t[i & 1] * 2.5; }\n";
    const char *first = digest_of("-O2", text);
    CHECK_STR(digest_of("-O2 -g", text), first);
    CHECK_STR(digest_of("-O2 -g3 -fno-ident", text), first);
    CHECK(run_shell("mkdir -p 'far away' && cp digested.c 'far away/other.c' && cd 'far away' &&"
                    "%s -O2 -g -c other.c",
                    cc));
    CHECK(run_shell("cp 'far away/other.o' other.o"));
    CHECK_STR(digest("other.o"), first);
    CHECK(run_shell("strip -g digested.o"));
    CHECK_STR(digest("digested.o"), first);
    CHECK_STR(digest_of("-O2", arena_printf(&arena, "/* a\n comment */\n\n%s\n", text)), first);
    static const struct {
        const char *from, *to;
    } edits[] = {{"* 3", "* 5"},  {"n = 4", "n = 6"}, {"{1, 2}", "{1, 3}"},
                 {"2.5", "2.25"}, {"%d", "%i"},       {"mode", "made"},
                 {"own", "new"},  {"x + n", "x - n"}, {"int f", "long f"}};
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        struct strbuf edited = STRBUF_INIT;
        size_t from = strlen(edits[i].from);
        for (const char *p = text; *p;) {
            bool is_here = !strncmp(p, edits[i].from, from);
            strbuf_adds(&edited, is_here ? edits[i].to : "");
            if (!is_here)
                strbuf_addc(&edited, *p);
            p += is_here ? from : 1;
        }
        if (!strcmp(digest_of("-O2", edited.buf), first)) {
            fprintf(stderr, "%s: %s for %s makes no difference\n", cc, edits[i].to, edits[i].from);
            check_failures++;
        }
        strbuf_release(&edited);
    }
    CHECK(strcmp(digest_of("-O0", text), first) != 0);
}

static void check_intermediate(void)
{
    static const char text[] = COUNTS;
    const char *first = digest_of("-O2 -flto", text);
    CHECK_STR(digest_of("-O2 -flto", text), first);
    CHECK(strcmp(digest_of("-O2 -flto", "static int n; int h(int x) { n -= x; return n; }\n"),
                 first) != 0);
    make("opaque", "-O2 -flto", COUNTS);
    struct program *p = load("main.o g.o opaque.o");
    struct finding f = program_judge(p, "g", NULL);
    CHECK_STR(tell_finding(&arena, &f), "unseen h : g");
    CHECK(program_object_at(p, 2)->is_opaque);
    /* It may change what it mentions. */
    make("setter", "-O2 -flto", "extern int mode; void set(int x) { mode = x; }\n");
    make("holder", "-O2", "int mode; int h(int x) { return x + mode; }\n");
    CHECK_STR(judge("main.o g.o holder.o setter.o", "g"), "state mode : g h");
}

/* Instruments of the compiler aren't the program's doing. */
static void check_instruments(void)
{
    static const char *const options[] = {"-fsanitize=address",    "-fsanitize=undefined",
                                          "-fsanitize=thread",     "--coverage",
                                          "-fstack-protector-all", "-fcf-protection -fopenmp"};
    static const char clean[] =
        "#include <string.h>\n#include <stdio.h>\n"
        "static double t[] = {1, 2, 3}; int g(int x) { char b[50]; int s = 0;\n"
        "_Pragma(\"omp parallel for reduction(+:s)\")\n"
        "for (int i = 0; i < 50; i++) { b[i] = (char)(x + i); s += b[i] / (i + 1); }\n"
        "return s + b[x % 50] + (int)t[x % 3]; }\n";
    static const char counts[] =
        "static int n[4]; int g(int x) { n[x & 3] += x; return n[x & 3]; }\n";
    static const char copies[] = "#include <string.h>\n"
                                 "static char n[4]; int g(int x) { return n[x & 3]; }\n"
                                 "void set(const char *s, size_t k) { memcpy(n, s, k); }\n";
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *all = arena_printf(&arena, "-O2 %s", options[i]);
        make("instrumented", all, clean);
        const char *got = judge("main.o instrumented.o", "g");
        if (strcmp(got, "none")) {
            fprintf(stderr, "%s %s: %s\n", cc, all, got);
            check_failures++;
        }
        make("instrumented", all, counts);
        CHECK(!strncmp(judge("main.o instrumented.o", "g"), "state n", 7));
        make("instrumented", all, copies);
        CHECK(!strncmp(judge("main.o instrumented.o", "g"), "state n", 7));
    }
}

/* What _FORTIFY_SOURCE and glibc's headers make of calls. */
static void check_fortified(void)
{
    make("fortified", "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GNU_SOURCE",
         "#include <stdio.h>\n#include <string.h>\n#include <stdlib.h>\n#include <wchar.h>\n"
         "#include <math.h>\n#include <setjmp.h>\n#include <ctype.h>\n#include <assert.h>\n"
         "#include <stdarg.h>\n#include <sys/select.h>\n#include <strings.h>\n"
         "static void add(char *b, size_t n, const char *f, ...) { va_list ap; va_start(ap, f);\n"
         "vsnprintf(b, n, f, ap); va_end(ap); }\n"
         "int h(char *s, size_t n, double v, jmp_buf env) { char b[64], c[64]; wchar_t w[16];\n"
         "fd_set set; strcpy(b, s); strcat(b, s); strncpy(c, b, n); memcpy(b, s, n);\n"
         "memset(c, 0, n); memmove(c, b, n); sprintf(b, \"%s\", s); snprintf(c, n, \"%s\", s);\n"
         "add(b, n, \"%d\", 1); stpcpy(b, c); wmemset(w, 0, n); wcscpy(w, L\"a\"); wcscat(w, w);\n"
         "mbstowcs(w, s, n); FD_ZERO(&set); FD_SET((int)n, &set); assert(n < 64);\n"
         "if (_setjmp(env)) longjmp(env, 1); char *end; strtoul(s, &end, 0);\n"
         "char *p = strdup(s); p = realloc(p, n); if (asprintf(&end, \"%s\", s) > 0) free(end);\n"
         "return (int)(isspace(*s) + strtol(s, NULL, 0) + isinf(v) + signbit(v) + lrint(v) +\n"
         "fpclassify(v) + toupper(*b) + w[0] + FD_ISSET(3, &set) + ffs((int)n) + strcasecmp(b, c) "
         "+\n"
         "strtod(s, NULL) + (p ? 1 : 0) + atof(s) + strtold(s, NULL) + cbrtl(v) + fmaf(1, 2, 3)); "
         "}\n");
    CHECK_STR(judge("fortified.o", "h"), "none");
    static const char *const impure[] = {
        "printf(\"%s\", s)", "puts(s)",         "fgets(s, n, stdin)",
        "read(0, s, n)",     "vprintf(s, *ap)", "perror(s)",
        "getcwd(s, n)",      "open(s, 0)",      "putchar(n)"};
    for (size_t i = 0; i < sizeof impure / sizeof *impure; i++) {
        make("fortified", "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -w",
             arena_printf(&arena,
                          "#include <stdio.h>\n#include <stdarg.h>\n#include <unistd.h>\n"
                          "#include <fcntl.h>\n"
                          "void h(char *s, int n, va_list *ap) { %s; }\n",
                          impure[i]));
        const char *got = judge("fortified.o", "h");
        if (strncmp(got, "effect ", 7)) {
            fprintf(stderr, "%s: %s: %s\n", cc, impure[i], got);
            check_failures++;
        }
    }
}

int main(void)
{
    const char *const compilers[] = {getenv("TEST_GCC"), getenv("TEST_CLANG")};
    arena_init(&arena);
    for (size_t c = 0; c < 2; c++) {
        cc = compilers[c];
        if (!cc || !*cc)
            continue;
        libc = find_library(&arena, cc, "libc.so.6");
        check_archives();
        check_names();
        check_libraries();
        check_annotated();
        check_symbols();
        check_pointers();
        check_digests();
        check_intermediate();
        check_instruments();
        check_fortified();
    }
    arena_release(&arena);
    return check_result();
}
