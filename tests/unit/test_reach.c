/* test_reach.c - what calls of concurrent functions touch, from C text through the frontend.
 *
 * Each example is a text whose function f is annotated, and what it touches, a word each, in
 * alphabetical order:
 *
 *   r:FIRST[COUNT], w:..., rw:...  a section; behind it .MEMBERS, and = if it is the parameter
 *   r:around:PARAM  r:behind:ROOT  r:global:NAME
 *
 * with (long long) left out of the texts, and behind all a type's spelling in <>, ? for any. Then
 * there are bodies of which the sections are also held against what the function does: it is
 * carried out, with cc, on small numbers, and every index must lie in a section. Every installed
 * version of libclang is asked, each in a process of its own. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "annotations.h"
#include "base/arena.h"
#include "base/strbuf.h"
#include "concurrent.h"
#include "diag.h"

static unsigned n_failed, n_checks;

static struct concurrent_function *judge(struct arena *arena, const char *text,
                                         const char *libclang)
{
    static const char *const args[] = {"-std=gnu11"};
    static struct diag_engine diag;
    struct unit_request *r = arena_alloc(arena, sizeof *r);
    diag_init(&diag, &diag_stderr);
    diag.muted[DIAG_warn_serial] = true;
    *r = (struct unit_request){.path = "test.c",
                               .text = text,
                               .len = strlen(text),
                               .args = args,
                               .n_args = 1,
                               .libclang = libclang,
                               .diag = &diag};
    struct frontend *fe = frontend_new(arena, r);
    struct annotations *an = fe ? annotations_find(fe, &diag) : NULL;
    struct function *f = fe ? frontend_function(fe, "f") : NULL;
    struct concurrent_function *cf = f ? concurrent_find(&an->concurrency, f) : NULL;
    if (cf)
        check_concurrent(fe, arena, &an->concurrency, cf);
    return cf;
}

/* ---- words ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_plain(struct strbuf *out, const char *text)
{
    static const char cast[] = "(long long)";
    for (; *text; text++) {
        if (!strncmp(text, cast, sizeof cast - 1))
            text += sizeof cast - 2;
        else if (*text != ' ')
            strbuf_addc(out, *text);
    }
}

static char *word_of(const struct concurrent_function *cf, const struct reach *r)
{
    struct strbuf out = STRBUF_INIT;
    strbuf_addf(&out, "%s%s:", r->is_read ? "r" : "", r->is_write ? "w" : "");
    const char *root = r->global ? r->global->name : cf->fn->params[r->param]->name;
    switch (r->extent) {
    case REACH_SECTION:
        add_plain(&out, r->first);
        strbuf_addc(&out, '[');
        add_plain(&out, r->count);
        strbuf_addf(&out, "]%s%s", r->path, r->is_object ? "=" : "");
        break;
    case REACH_AROUND:
        strbuf_addf(&out, "around:%s", root);
        break;
    case REACH_BEHIND:
        strbuf_addf(&out, "behind:%s", root);
        break;
    case REACH_GLOBAL:
        strbuf_addf(&out, "global:%s", root);
        break;
    }
    strbuf_addf(&out, "<%s>", r->type ? r->type->spelling : "?");
    char *s = strdup(out.buf);
    strbuf_release(&out);
    return s;
}

static void check_example(const char *text, const char *expected, const char *libclang)
{
    struct arena arena;
    arena_init(&arena);
    const struct concurrent_function *cf = judge(&arena, text, libclang);
    struct strbuf got = STRBUF_INIT;
    char *words[64];
    size_t n = 0;
    for (; cf && n < cf->n_reaches && n < 64; n++)
        words[n] = word_of(cf, &cf->reaches[n]);
    qsort(words, n, sizeof *words, by_text);
    for (size_t i = 0; i < n; i++) {
        strbuf_addf(&got, "%s%s", i ? " " : "", words[i]);
        free(words[i]);
    }
    n_checks++;
    if (!cf || strcmp(got.buf, expected) != 0) {
        n_failed++;
        fprintf(stderr, "%s\n  %s\n  expected %s\n", text, cf ? got.buf : "(no function)",
                expected);
    }
    strbuf_release(&got);
    arena_release(&arena);
}

static const char *const examples[][2] = {
#define C "_Pragma(\"concurrent\") "
#define CLAUSES(c) "_Pragma(\"concurrent " c "\") "
    {C "double f(int i) { return i; }", ""},
    /* prototypes */
    {C "double f(const double *p, int n);", "r:p[(p)?1LL:0LL]=<const double>"},
    {C "void f(double *p);", "rw:p[(p)?1LL:0LL]=<double>"},
    {C "void f(double *);", "rw:memo_l_a0[(memo_l_a0)?1LL:0LL]=<double>"},
    {C "void f(double p[static 4], float q[2][3]);",
     "rw:p[(p)?4LL:0LL]<double> rw:q[0][(q)?6LL:0LL]<float>"},
    {C "int f(const char *s, void *v, const void *w);",
     "r:around:s<?> r:around:w<?> rw:around:v<?>"},
    {"struct s; " C "int f(struct s *s, int (*call)(int));", "rw:around:s<struct s>"},
    {C "__attribute__((pure)) int f(int *p);", "r:p[(p)?1LL:0LL]=<int>"},
    {C "__attribute__((const)) int f(int *p);", ""},
    /* clauses */
    {CLAUSES("in(p[:n]) out(*q)") "void f(double *p, int n, int *q);",
     "r:(((p)!=0)?(&(p)[0]):0)[(((p)!=0)?((n)>0?(n):0LL):0)]<double> w:q[(q)?1LL:0LL]=<int>"},
    {CLAUSES("in(string(s)) out(v[:2 * n])") "void f(char *s, void *v, int n);",
     "r:((constchar*)(s))[((s)?__builtin_strlen(s)+1:0)]<?> "
     "w:(((v)!=0)?(&((char*)(v))[0]):0)[(((v)!=0)?(((2*n))>0?((2*n)):0LL):0)]<?>"},
    {"struct m { int n; double *a; }; " CLAUSES("inout(m->a[:m->n])") "void f(struct m *m);",
     "r:(((m)!=0)?(&(m->a)):0)[(((m)!=0)?(1LL):0)].a<double *> "
     "r:(((m)!=0)?(&(m->n)):0)[(((m)!=0)?(1LL):0)].n<int> "
     "rw:(((m)!=0&&(m->a)!=0)?(&(m->a)[0]):0)[(((m)!=0&&(m->a)!=0)?((m->n)>0?(m->n):0LL):0)]"
     "<double>"},
    {"double a[8][9]; int g; " CLAUSES("out(a[i][:9]) inout(g)") "void f(int i);",
     "rw:global:g<int> w:&(a[i])[0][(9)>0?(9):0LL]<double>"},
    {CLAUSES("in(a[i:n][j:m])") "void f(double (*a)[16], int i, int n, int j, int m);",
     "r:(((a)!=0)?(&(a)[i][j]):0)"
     "[(((a)!=0)?((n)>0&&(m)>0?(m)+((n)-1)*(sizeof(a)[0]/sizeof(a)[0][0]):0LL):0)]<double>"},
    {CLAUSES("in(n)") "int f(int n, int *p) { return n + *p; }", "r:p[1LL]=<int>"},
    /* clauses and what the body does besides */
    {CLAUSES("out(q[:n])") "void f(double *q, const double *p, int n)"
                           "{ for (int i = 0; i < n; i++) q[i] += p[0]; }",
     "r:p[1LL]=<const double> "
     "rw:(((q)!=0)?(&(q)[0]):0)[(((q)!=0)?((n)>0?(n):0LL):0)]<double>"},
    {CLAUSES("in(p[:n])") "int f(const double *p, int n)"
                          "{ int s = 0; for (int i = 0; i < n; i++) s += ((const int *)p)[i]; "
                          "return s; }",
     "r:(((p)!=0)?(&(p)[0]):0)[(((p)!=0)?((n)>0?(n):0LL):0)]<?>"},
    {"struct b { double x, f; }; " CLAUSES(
         "in(b[:n]) out(b[i].f)") "void f(struct b *b, int n, int i)"
                                  "{ double s = 0; for (int j = 0; j < n; j++) s += b[j].x; b[i].f "
                                  "= s; }",
     "r:(((b)!=0)?(&(b)[0]):0)[(((b)!=0)?((n)>0?(n):0LL):0)].x<double> "
     "w:(((b)!=0)?(&(b[i].f)):0)[(((b)!=0)?(1LL):0)].f<double>"},
    /* globals, statics, unknown memory */
    {"int g; const int k[3]; double *gp; " C "int f(int i) { return g + k[i] + (int)gp[i]; }",
     "r:behind:gp<double> r:global:g<int> r:global:gp<double *>"},
    {C "int f(int i) { static int s; return s + i; }", "r:global:s<int>"},
    {"struct n { struct n *next; int v; }; " C "int f(const struct n *n)"
     "{ int s = 0; for (; n; n = n->next) s += n->v; return s; }",
     "r:around:n<const int> r:around:n<struct n *const> r:behind:n<?> r:behind:n<const int> "
     "r:behind:n<struct n *const>"},
    {"struct v { int n; double *a; }; " C "double f(struct v v, int i) { return v.a[i]; }",
     "r:(v.a+(i))[1LL]<double>"},
    {"struct v { int n; double *a; }; " C "double f(struct v *v, int i) { return v->a[i]; }",
     "r:behind:v<double> r:v[1LL].a=<double *>"},
    /* extents */
    {C "double f(double *p) { return *p; }", "r:p[1LL]=<double>"},
    {"struct s { int a, b; }; " C "void f(struct s *s) { s->a = s->b; }",
     "r:s[1LL].b=<int> w:s[1LL].a=<int>"},
    {C "void f(double *p, int i) { p[i] = p[i - 1] + p[i + 1]; }",
     "r:(p+(i+1LL))[1LL]<double> r:(p+(i-1LL))[1LL]<double> w:(p+(i))[1LL]<double>"},
    {C "void f(double *a, int n, int i) { for (int j = 0; j < n; j++) a[i * n + j] = j; }",
     "w:(a+(n*i))[((n)>0?(n):0LL)]<double>"},
    {C "double f(double a[4][5], int i, int j) { return a[i][j]; }",
     "r:(a[0]+(5LL*i+j))[1LL]<double>"},
    {C "double f(double a[4][5], int i)"
       "{ double s = 0; for (int j = 0; j < 5; j++) s += a[i][j]; return s; }",
     "r:(a[0]+(5LL*i))[5LL]<double>"},
    {"static double sum(const double *p, int n)"
     "{ double s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }" C
     "double f(const double *p, int n, int i) { return sum(p + i * n, n); }",
     "r:(p+(n*i))[((n)>0?(n):0LL)]<const double>"},
    {C "void f(char *p, unsigned n) { for (unsigned i = 0; i < n - 1; i++) p[i] = 0; }",
     "w:(((n-1LL)<0LL||(n-1LL)>4294967295LL)?(__typeof__(&*p))16:(p+(0LL)))"
     "[(((n-1LL)<0LL||(n-1LL)>4294967295LL)?0x7fffffffffffLL/sizeof*p:"
     "((n-1LL)>0?(n-1LL):0LL))]<?>"},
    {C "void f(int *p, int n) { while (n--) *p++ = 0; }", "w:around:p<int>"},
    {"int *kept; " C "void f(int *p, int i) { int *q = p; q += i; *q = 0; }", "w:around:p<int>"},
    {"union u { int i; float f; }; " C "float f(union u *u) { return u->f; }", "r:u[1LL]=<?>"},
#undef C
#undef CLAUSES
};

/* ---- bodies that are carried out ---- */

/* Bodies of f(double *p, T n, T m, T i); A ! in front: nothing is known. */
static const char *const bodies[] = {
    "p[0] = 1;",
    "p[i] = p[i - 1];",
    "for (T j = 0; j < n; j++) p[j] = 0;",
    "for (T j = i; j <= n; j += 2) p[j] += p[j + m];",
    "for (T j = n - 1; j > 0; j--) p[j] = j;",
    "for (T j = n; j >= i + 1; j -= 3) p[j - 1] = j;",
    "for (T j = 0; j < n; j++) for (T k = 0; k < m; k++) p[j * m + k] = 0;",
    "for (T j = 0; j < n; j++) for (T k = 0; k < j; k++) p[j * n + k] = p[k * n + j];",
    "for (T j = 0; j < n; j++) for (T k = j + 1; k < m; k++) p[k - j] = 0;",
    "for (T j = 0; j < n; j++) p[j * i] = 0;",
    "for (T j = 0; j < n; j++) p[n - 1 - j] = p[-3 + 2 * j];",
    "for (T j = 0; j < n; j++) p[(j + 1) % n] = p[j % 3];",
    "for (T j = 0; j < n; j++) p[(i + j) % 4] = 0;",
    "if (n > 0) p[i % n] = 0;",
    "for (T j = 0; j < n; j++) p[j & 3] = p[j < 2 ? 0 : j - 2];",
    "T last = n - 1; for (T j = 0; j < last; j++) p[j + 1] = p[last];",
    "for (T j = 0; j < n && p[j] == 0; j++) p[j + 1] = 0;",
    "for (T j = 0; p[j] == 0 && j < n; j++) p[j] = 0;",
    "for (T j = 0; j < n; j++) { if (j > m) break; if (j == i) continue; p[j] = 1; }",
    "for (T j = i; n > j; ++j) p[j] = 0;",
    "for (T j = 1; j < n; j += m) p[j] = 0;",
    "T j; for (j = 2; j < n; j++) p[j - 2] = 0; for (j = n; j > 1; j--) p[j] = 0;",
    "for (int j = 0; j < (int)n; j++) p[j] = 0;",
    "for (unsigned j = 0; j < n; j++) p[j] = 0;",
    "for (long j = n - 1; j >= 0; j--) p[j] = 0;",
    "for (signed char j = 0; j < n; j++) p[j] = 0;",
    "for (T j = 0; j < n - m; j++) p[j] = 0;",
    "for (T j = 0; j < n; j++) { T k = j * 2; p[k + i] = 0; }",
    "p[n * m - i] = p[n * i * m];",
    "p[(unsigned)(n - m)] = 0;",
    "p[(unsigned char)(n - m)] = 0;",
    "p[(short)(n * 7)] = 0;",
    "p[+i - -n] = 0;",
    "int k = 0; do p[i] = 0; while (++k < 3);",
    "switch (n) { case 1: p[1] = 0; break; default: for (T j = 0; j < m; j++) p[j] = 0; }",
    "if (i > 5) goto out; p[i] = 0; out: p[m] = 0;",
    "!for (T j = 0; j < n; j++) { p[j] = 0; if (p[j] == 5) j++; }",
    "!for (T j = 0; j < n; j++) p[j / 2] = 0;",
    "!T j = 0; while (j < n) p[j++] = 0;",
    "!n = n + 1; p[n] = 0;",
    "!for (T j = 0; j < n; j++) { T *q = &j; *q += 1; p[j] = 0; }",
    "!for (T j = 0; j < n; j++) { again: p[j] = 0; if (p[j] == 7) goto again; }",
    "!switch (n) { for (T j = 0; j < 3; j++) { case 5: p[j] = 0; } }",
    "!p[n ^ m] = 0;",
    "!T j = 0; for (; j != n; j++) { if (j > 40) break; p[j] = 0; }",
};
static const char *const types[] = {"int", "unsigned", "long", "unsigned long", "short"};

static const char frame[] =
    "#include <setjmp.h>\n#include <stdio.h>\n"
    "static double cells[1], *origin; static long long seen[300]; static int n_seen;"
    "static jmp_buf enough;\n"
    "static double *at(long long k)\n"
    "{ if (n_seen == 300) longjmp(enough, 1); seen[n_seen++] = k; cells[0] = 0; return cells; }\n"
    "static int failures;\n"
    "static void judge(int which, const char *type, int n, int m, int i, const char **first,"
    " const long long *count, int parts)\n"
    "{ for (int s = 0; s < n_seen; s++) { int ok = 0; const char *a = (const char *)origin;"
    " a += seen[s] * 8;\n"
    "  for (int k = 0; k < parts; k++) ok |= a >= first[k] && a + 8 <= first[k] + 8 * count[k];"
    " if (!ok && failures++ < 20)"
    " printf(\"body %d, %s: n %d m %d i %d: index %lld\\n\", which, type, n, m, i, seen[s]); } }\n";

/* What carries body k out with parameters of type t, and compares. */
static void add_trial(struct strbuf *out, const struct concurrent_function *cf, const char *body,
                      size_t k, const char *type)
{
    struct strbuf calls = STRBUF_INIT; /* at() in place of p[] */
    for (const char *c = body; *c; c++) {
        bool is_access = c[0] == 'p' && c[1] == '[';
        strbuf_adds(&calls, is_access ? "*at(" : *c == ']' ? ")" : "");
        if (is_access)
            c++;
        else if (*c != ']')
            strbuf_addc(&calls, *c);
    }
    strbuf_addf(out,
                "#define T %s\n"
                "static void f%zu(double *p, T n, T m, T i) { (void)p; (void)n; (void)m; (void)i; "
                "%s }\n"
                "static void try%zu(double *p, T n, T m, T i) {\nconst char *first[] = {0",
                type, k, calls.buf, k);
    strbuf_release(&calls);
    for (size_t i = 0; i < cf->n_reaches; i++)
        strbuf_addf(out, ", (const char *)(%s)", cf->reaches[i].first);
    strbuf_adds(out, "};\nlong long count[] = {0");
    for (size_t i = 0; i < cf->n_reaches; i++)
        strbuf_addf(out, ", %s", cf->reaches[i].count);
    strbuf_addf(out,
                "};\nn_seen = 0; if (!setjmp(enough)) f%zu(p, n, m, i);"
                "judge(%zu, \"%s\", (int)n, (int)m, (int)i, first, count, %zu); }\n#undef T\n",
                k, k % 1000, type, cf->n_reaches + 1);
}

static void check_bodies(const char *libclang)
{
    struct strbuf program = STRBUF_INIT, calls = STRBUF_INIT;
    strbuf_adds(&program, frame);
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++) {
            struct arena arena;
            struct strbuf text = STRBUF_INIT;
            bool is_known = *bodies[k] != '!';
            const char *body = bodies[k] + !is_known;
            arena_init(&arena);
            strbuf_addf(&text,
                        "#define T %s\n#pragma concurrent\n"
                        "void f(double *p, T n, T m, T i) { %s }\n",
                        types[t], body);
            const struct concurrent_function *cf = judge(&arena, text.buf, libclang);
            bool is_found = cf && cf->n_reaches;
            for (size_t i = 0; cf && i < cf->n_reaches; i++)
                is_found &= cf->reaches[i].extent == REACH_SECTION;
            n_checks++;
            if (is_found != is_known) {
                n_failed++;
                fprintf(stderr, "%s: %s\n  %s\n", types[t], is_found ? "found" : "not found", body);
            } else if (is_found) {
                add_trial(&program, cf, body, t * 1000 + k, types[t]);
                strbuf_addf(&calls, "%stry%zu(p, n, m, i);\n",
                            *types[t] == 'u' ? "if (n >= 0 && m >= 0 && i >= 0) " : "",
                            t * 1000 + k);
            }
            strbuf_release(&text);
            arena_release(&arena);
        }
    }
    strbuf_addf(&program,
                "int main(void) { double *p = origin = (double *)0x100000000000;\n"
                "for (int n = -3; n < 7; n++) for (int m = -3; m < 7; m++)"
                " for (int i = -3; i < 7; i++) {\n%s}\nreturn failures != 0; }\n",
                calls.buf);
    char folder[] = "/tmp/memocc-reach.XXXXXX", command[256];
    n_checks++;
    if (!mkdtemp(folder)) {
        n_failed++;
    } else {
        snprintf(command, sizeof command, "%s/p.c", folder);
        FILE *file = fopen(command, "w");
        fputs(program.buf, file);
        fclose(file);
        snprintf(command, sizeof command, "cd %s && cc -w -fwrapv -O1 -o p p.c && ./p", folder);
        n_failed += system(command) != 0;
        if (!getenv("KEEP")) {
            snprintf(command, sizeof command, "rm -rf %s", folder);
            n_failed += system(command) != 0;
        }
    }
    strbuf_release(&program);
    strbuf_release(&calls);
}

static int run_all(const char *libclang)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        check_example(examples[i][0], examples[i][1], libclang);
    check_bodies(libclang);
    printf("libclang %s: %u checks, %u failed\n", libclang ? libclang : "(newest)", n_checks,
           n_failed);
    return n_failed != 0;
}

int main(void)
{
    int failed = 0;
    for (int version = 14; version < 40; version++) {
        char pattern[64], name[16];
        glob_t g;
        snprintf(pattern, sizeof pattern, "/usr/lib/llvm-%d/lib/libclang*.so*", version);
        snprintf(name, sizeof name, "%d", version);
        bool is_there = glob(pattern, 0, NULL, &g) == 0;
        globfree(&g);
        if (!is_there)
            continue;
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            int status = run_all(name);
            fflush(stdout);
            _exit(status);
        }
        int status = 1;
        failed |= pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
    }
    return failed;
}
