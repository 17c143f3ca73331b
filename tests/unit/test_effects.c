/* test_effects.c - the effects analysis, from C text through the frontend.
 *
 * Each case is a text with a function f, and the words that tell what f does,
 * in alphabetical order:
 *
 *   r:ROOT:PATH, w:ROOT:PATH  an access; behind it ! if its extent is unknown,
 *                             ~ if an unexpanded operator makes it
 *   r:?, w:?                  of unknown memory
 *   KIND(callee "literal")    an effect
 *   unseen:NAME               a callee out of sight that isn't listed; *: a pointer
 *   raw:RECORD                padding that may reach a result
 *   errno-r, errno-w, float, longjmp, alloc, static, other, align=N
 *
 * Every installed version of libclang is asked, each in a process of its own. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "diag.h"
#include "effects.h"
#include "frontend.h"
#include "libcalls.h"

static unsigned n_failed, n_checks;

struct example {
    const char *name, *text, *expected;
};

/* ---- what f does, as words ---- */

struct words {
    char *items[512];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void word(struct words *w, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    if (w->n < 512 && vasprintf(&w->items[w->n], format, ap) >= 0)
        w->n++;
    va_end(ap);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *const kinds[EFFECT_KINDS] = {
    "output", "input", "file",   "time",    "random", "environment", "locale", "exit",
    "jump",   "state", "thread", "process", "asm",    "volatile",    "date",   "fenv",
};

static void describe_access(struct words *w, const struct access *a)
{
    const char *bang = a->is_whole ? "!" : "", *tilde = a->is_unexpanded ? "~" : "";
    char rw = a->is_write ? 'w' : 'r';
    if (a->place == PLACE_UNKNOWN)
        word(w, "%c:?", rw);
    else
        word(w, "%c:%s:%s%s%s", rw, a->var->name, a->path, bang, tilde);
}

static void describe(struct strbuf *out, const struct effects *e)
{
    struct words w = {.n = 0};
    for (size_t i = 0; i < e->n_accesses; i++)
        describe_access(&w, &e->accesses[i]);
    for (size_t i = 0; i < e->n_effects; i++) {
        const struct effect *f = &e->effects[i];
        if (f->literal)
            word(&w, "%s(%s \"%s\")", kinds[f->kind], f->callee, f->literal);
        else
            word(&w, "%s(%s)", kinds[f->kind], f->callee);
    }
    for (size_t i = 0; i < e->n_unseen; i++)
        if (!e->unseen[i].is_listed)
            word(&w, "unseen:%s", e->unseen[i].fn ? e->unseen[i].fn->name : "*");
    for (size_t i = 0; i < e->n_raw_records; i++)
        word(&w, "raw:%s", e->raw_records[i]->name);
    if (e->reads_errno)
        word(&w, "errno-r");
    if (e->may_set_errno)
        word(&w, "errno-w");
    if (e->uses_float)
        word(&w, "float");
    if (e->may_longjmp)
        word(&w, "longjmp");
    if (e->returns_allocated)
        word(&w, "alloc");
    if (e->returns_static)
        word(&w, "static");
    if (e->returned_other)
        word(&w, "other");
    if (e->alloc_align)
        word(&w, "align=%zu", e->alloc_align);
    qsort(w.items, w.n, sizeof w.items[0], by_text);
    for (size_t i = 0; i < w.n; i++) {
        strbuf_addf(out, "%s%s", out->len ? " " : "", w.items[i]);
        free(w.items[i]);
    }
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

static struct effects *effects_of_f(struct arena *arena, struct frontend *fe)
{
    struct function *f = fe ? frontend_function(fe, "f") : NULL;
    return f ? effects_of(fe, arena, f) : NULL;
}

static void check_text(const char *name, const char *what, const char *got, const char *expected)
{
    n_checks++;
    if (!strcmp(got, expected))
        return;
    n_failed++;
    fprintf(stderr, "%s: %s\n  expected: %s\n  got:      %s\n", name, what, expected, got);
}

static void run_example(const struct example *x, const char *libclang)
{
    struct arena arena;
    struct strbuf got = STRBUF_INIT;
    arena_init(&arena);
    struct effects *e = effects_of_f(&arena, parse(&arena, x->text, libclang));
    if (e)
        describe(&got, e);
    else
        strbuf_adds(&got, "(no f)");
    check_text(x->name, "effects", got.buf, x->expected);
    strbuf_release(&got);
    arena_release(&arena);
}

/* ---- provenance ---- */

static const struct example paths[] = {
    {"scalars touch nothing", "int f(int a, int b) { int c = a; c += b; return c * a; }", ""},
    {"read through a parameter",
     "int f(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }",
     "r:p:*"},
    {"member, pointer member, array member",
     "struct m { int n; int *data; int a[3]; };"
     "int f(struct m *m) { return m->n + m->data[1] + m->a[2]; }",
     "r:m:*.a r:m:*.data r:m:*.data* r:m:*.n"},
    {"index of a pointer, then a member",
     "struct s { int x; }; int f(struct s *p, int i) { return p[i].x + (*p).x; }", "r:p:*.x"},
    {"rows of an array parameter", "int f(int (*a)[3], int i, int j) { return a[i][j]; }", "r:a:*"},
    {"array parameters as written",
     "int f(int n, int a[n][n], int b[static 4]) { b[0] = a[1][1]; return 0; }", "r:a:* w:b:*"},
    {"pointers to pointers", "int f(int **a, int i, int j) { return a[i][j]; }", "r:a:* r:a:**"},
    {"struct by value", "struct m { int n; int *d; }; int f(struct m m) { return m.n + m.d[0]; }",
     "r:m:.d*"},
    {"struct by value, nested",
     "struct i { int *d; }; struct m { struct i in[2]; };"
     "int f(struct m m) { return *m.in[1].d; }",
     "r:m:.in.d*"},
    {"local pointers", "int f(int *p, int *q, int c) { int *r = c ? p : q + 1; r++; return *r; }",
     "r:p:* r:q:*"},
    {"compound assignment and ++", "void f(int *p) { *p++ = 1; p[1] += 2; (*p)--; }",
     "r:p:* w:p:*"},
    {"address taken only, decay, sizeof",
     "struct s { int a[3]; int x; }; int f(struct s *p) { int *a = p->a, *b = &p->x;"
     "return sizeof *p + sizeof p->a[1] + (a < b) + (&p->a[1] == b); }",
     ""},
    {"local arrays of pointers",
     "int f(int *p, int *q) { int *t[2]; t[0] = p; t[1] = q; return t[0][3]; }", "r:p:* r:q:*"},
    {"own structs keep members apart",
     "struct c { int *in, *out; }; void f(int *p, int *q) { struct c c; c.in = p; c.out = q;"
     "c.out[0] = c.in[0]; }",
     "r:p:* w:q:*"},
    {"initializer lists, by position and by name",
     "struct c { int n; int *in, *out; };"
     "void f(int *p, int *q) { struct c c = {1, p, q}, d = {.out = q, .in = p};"
     "struct c *e = &(struct c){.in = p, .out = q};"
     "c.out[0] = c.in[0]; d.out[0] = d.in[0]; *e->out = *e->in; }",
     "r:p:* w:q:*"},
    {"elided braces are read coarsely",
     "struct p { int *a, *b; }; struct c { struct p p; int n; };"
     "int f(int *p, int *q) { struct c c = {p, q, 1}; return *c.p.a; }",
     "r:p:* r:q:*"},
    {"whole objects",
     "struct m { long n; int *d; };"
     "int f(struct m *p, struct m *q) { struct m t = *p; *q = t; return *t.d; }",
     "r:p:* r:p:*.d* w:q:*"},
    {"anonymous members and unions",
     "struct s { int t; struct { int x; }; union { int i; int *p; }; union { int *a, *b; } u; };"
     "int f(struct s *s) { return s->x + s->i + *s->p + *s->u.b; }",
     "r:s:* r:s:** r:s:*.u r:s:*.u* r:s:*.x"},
    {"own memory",
     "#include <stdlib.h>\nint f(int n) { int *a = malloc(n * sizeof *a), b[4];"
     "a[0] = 1; b[1] = a[0]; int s = b[1]; free(a); return s; }",
     "errno-w"},
    {"pointers in own memory",
     "#include <stdlib.h>\nstruct l { int *d; struct l *next; };"
     "int f(int *p) { struct l *h = NULL; for (int i = 0; i < 3; i++) {"
     "struct l *n = malloc(sizeof *n); n->d = p; n->next = h; h = n; }"
     "int s = 0; for (struct l *i = h; i; i = i->next) s += i->d[0]; return s; }",
     "errno-w r:p:*"},
    {"string literals, __func__",
     "int f(int i) { const char *s = \"abc\"; return s[i] + "
     "\"def\"[i] + __func__[0]; }",
     ""},
    {"globals and statics",
     "int g, a[3]; static const int c = 3; int *gp;"
     "int f(int i) { static int n; n++; g = a[i] + c; gp = &g; return *gp; }",
     "r:a: r:c: r:g: r:gp: r:gp:* r:n: w:g: w:gp: w:n:"},
    {"constant tables of pointers",
     "static int x[3], y[3]; int f(int i) { static int *const t[] = {x, y}; return *t[i]; }",
     "r:t: r:x: r:y:"},
    {"integers",
     "#include <stdint.h>\nint f(int *p, uintptr_t n) {"
     "int *a = (int *)(((uintptr_t)p + 63) & ~(uintptr_t)63); return *a; }",
     "r:p:*"},
    {"integers from elsewhere",
     "#include <stdint.h>\n"
     "int f(uintptr_t n) { return *(int *)n; }",
     "r:?"},
    {"too long a path",
     "struct l { struct l *n; int x; }; int f(struct l *p) { while (p->n) p = p->n;"
     "return p->x; }",
     "r:? r:p:*.n r:p:*.n*.n r:p:*.n*.n*.n r:p:*.n*.n*.n*.n r:p:*.n*.n*.n*.n*.n "
     "r:p:*.n*.n*.n*.n*.n*.n r:p:*.n*.n*.n*.n*.n*.x r:p:*.n*.n*.n*.n*.x r:p:*.n*.n*.n*.x "
     "r:p:*.n*.n*.x r:p:*.n*.x r:p:*.x"},
    {"pointers that were lost byte by byte",
     "struct s { int *p; }; int f(const struct s *q) { struct s t; char *d = (char *)&t;"
     "const char *s = (const char *)q; for (unsigned i = 0; i < sizeof t; i++) d[i] = s[i];"
     "return *t.p; }",
     "r:? r:q:*"},
    {"statement expressions, comma, ?:, assignment values",
     "int f(int *p, int *q, int c) { int *r; return *({ int *t = p; t; }) + *(c++, q) +"
     "*(r = p) + *(p ?: q); }",
     "r:p:* r:q:*"},
    {"base structs by cast",
     "struct b { int *d; }; struct e { struct b b; long n; };"
     "int f(int *p) { struct e e; e.b.d = p; struct b *b = (struct b *)&e; return *b->d; }",
     "r:p:*"},
    {"cast to void reads nothing", "int g; void f(int *p) { (void)g; (void)*p; }", ""},
};

/* ---- calls in sight ---- */

static const struct example calls[] = {
    {"arguments",
     "static void put(int *d, const int *s) { *d = s[1]; }"
     "void f(int *p, int *q) { int t; put(&t, p); put(q, &t); }",
     "r:p:* w:q:*"},
    {"paths through arguments",
     "struct m { int *d; }; static int get(const struct m *m) { return m->d[0]; }"
     "int f(struct m **a, int *p) { struct m t = {p}; return get(a[0]) + get(&t); }",
     "r:a:* r:a:**.d r:a:**.d* r:p:*"},
    {"returned pointers",
     "static int *at(int *p, int i) { return p + i; }"
     "void f(int *p, int *q) { *at(p, 1) = *at(q, 2); }",
     "r:q:* w:p:*"},
    {"pointers left in memory",
     "struct c { int *m; }; static void set(struct c *c, int *m) { c->m = m; }"
     "int f(struct c *c, int *m) { set(c, m); struct c t; set(&t, m); return c->m[0] + *t.m; }",
     "r:c:*.m r:c:*.m* r:m:* w:c:*.m"},
    {"records returned",
     "struct v { int *a, *b; }; static struct v mk(int *a, int *b) { return (struct v){a, b}; }"
     "void f(int *p, int *q) { *mk(p, q).b = 1; struct v v = mk(q, p); *v.b = *v.a; }",
     "r:q:* w:p:* w:q:*"},
    {"records by value",
     "struct v { int *a, *b; }; static int g(struct v v) { return *v.b; }"
     "int f(int *p, int *q) { struct v v = {p, q}; return g(v); }",
     "r:q:*"},
    {"own memory returned",
     "#include <stdlib.h>\nstruct l { int *p; };"
     "static struct l *mk(int *p) { struct l *l = malloc(sizeof *l); l->p = p; return l; }"
     "int f(int *p) { struct l *l = mk(p); int s = *l->p; free(l); return s; }",
     "errno-w r:p:*"},
    {"recursion",
     "static int sum(const int *p, int n) { return n ? *p + sum(p + 1, n - 1) : 0; }"
     "int f(const int *q) { return sum(q, 3); }",
     "r:q:*"},
    {"mutual recursion keeps to what there is",
     "int g; static int odd(int *p, int n); static int even(int *p, int n)"
     "{ return n ? odd(p, n - 1) : *p; } static int odd(int *p, int n)"
     "{ g = 1; return n ? even(p, n - 1) : 0; } int f(int *q) { return even(q, 9); }",
     "r:q:* w:g:"},
    {"recursive, swapping",
     "static void h(int *a, int *b, int n)"
     "{ if (n) h(b, a, n - 1); *a = 0; } void f(int *p, int *q) { h(p, q, 3); }",
     "w:p:* w:q:*"},
    {"null for optional arguments",
     "static int g(int *st) { if (st) *st = 1; return 2; } int f(void) { return g(0); }", ""},
    {"pointer to a function in sight",
     "static int a(int *p) { return *p; } static int b(int *p) { return p[1] = 3; }"
     "int f(int *p, int c) { int (*g)(int *) = c ? a : b; return g(p); }",
     "r:p:* w:p:*"},
    {"callback through a callee",
     "static double sq(double x, void *p) { return *(double *)p * x; }"
     "static double in(double (*g)(double, void *), void *p) { return g(1, p) + (*g)(2, p); }"
     "double f(double *k) { return in(sq, k); }",
     "float r:k:*"},
    {"unknown callback", "double f(double (*g)(double), double x) { return g(x); }",
     "errno-w float unseen:*"},
    {"table of functions",
     "int n; static int a(void) { return 1; } static int b(void) { return n; }"
     "int f(int i) { static int (*const t[])(void) = {a, b}; return t[i](); }",
     "r:n: r:t:"},
    {"variadic in sight",
     "#include <stdarg.h>\nstatic int sum(int n, ...) { va_list ap;"
     "va_start(ap, n); int s = *va_arg(ap, int *); va_end(ap); return s; }"
     "int f(int *p) { return sum(1, p); }",
     "r:p:*! w:p:*!"},
    {"a container of one's own",
     "#include <stdlib.h>\nstruct n { struct n *next; const char *key; int val; };"
     "struct m { struct n **b; void *(*get)(size_t); };"
     "static struct m *mk(size_t n) { struct m *m = malloc(sizeof *m);"
     "m->b = calloc(n, sizeof *m->b); m->get = malloc; return m; }"
     "static void put(struct m *m, const char *k) { struct n *x = m->get(sizeof *x);"
     "x->key = k; x->val = 1; x->next = m->b[*k & 7]; m->b[*k & 7] = x; }"
     "static int look(const struct m *m, const char *k) {"
     "for (struct n *x = m->b[*k & 7]; x; x = x->next) if (*x->key == *k) return x->val;"
     "return 0; } static void del(struct m *m) { for (int i = 0; i < 8; i++)"
     "for (struct n *x = m->b[i], *t; x; x = t) { t = x->next; free(x); } free(m->b); free(m); }"
     "int f(const char *a, const char *b) { struct m *m = mk(8); put(m, a); int r = look(m, b);"
     "del(m); return r; }",
     "errno-w r:a:* r:b:*"},
    {"a callback that returns a global",
     "static int g[3]; static int *at(int i) { return g + i; }"
     "static int use(int *(*h)(int)) { return *h(1); } int f(void) { return use(at); }",
     "r:? w:?"},
    {"trees of one's own, through recursion",
     "#include <stdlib.h>\nstruct t { struct t *l, *r; double v; };"
     "static struct t *ins(struct t *t, double v) { if (!t) { t = malloc(sizeof *t);"
     "t->l = t->r = NULL; t->v = v; } else if (v < t->v) t->l = ins(t->l, v);"
     "else t->r = ins(t->r, v); return t; }"
     "static double sum(const struct t *t) { return t ? sum(t->l) + sum(t->r) + t->v : 0; }"
     "static double least(const struct t *t) { while (t->l) t = t->l; return t->v; }"
     "static void del(struct t *t) { if (t) { del(t->l); del(t->r); free(t); } }"
     "double f(const double *p, int n) { struct t *t = NULL;"
     "for (int i = 0; i < n; i++) t = ins(t, p[i]);"
     "double s = sum(t) - least(t); del(t); return s; }",
     "errno-w float r:p:*"},
    {"lists that aren't one's own, in a callee",
     "struct l { struct l *n; int *d; }; static void set(struct l *l)"
     "{ for (; l; l = l->n) *l->d = 0; } struct h { struct l *l; };"
     "void f(struct h h) { set(h.l); }",
     "r:? r:h:.l*.d r:h:.l*.n r:h:.l*.n*.d r:h:.l*.n*.n r:h:.l*.n*.n*.d r:h:.l*.n*.n*.n "
     "r:h:.l*.n*.n*.n*.d r:h:.l*.n*.n*.n*.n r:h:.l*.n*.n*.n*.n*.d r:h:.l*.n*.n*.n*.n*.n "
     "r:h:.l*.n*.n*.n*.n*.n*.d r:h:.l*.n*.n*.n*.n*.n*.n w:? w:h:.l*.d* w:h:.l*.n*.d* "
     "w:h:.l*.n*.n*.d* w:h:.l*.n*.n*.n*.d* w:h:.l*.n*.n*.n*.n*.d*"},
    {"a parameter by value lent to a stranger",
     "struct h { int n; double *d; }; int lib(struct h *h); int f(struct h h) { return lib(&h); }",
     "errno-w float r:h:.d*! raw:struct h unseen:lib w:h:.d*!"},
    {"chains",
     "static int h(int *p) { return *p; } static int g(int *p) { return h(p); }"
     "int f(int *p) { return g(p); }",
     "r:p:*"},
};

/* ---- calls out of sight ---- */

static const struct example library[] = {
    {"memcpy",
     "#include <string.h>\nvoid f(double *d, const double *s, size_t n)"
     "{ memcpy(d, s, n * sizeof *d); }",
     "r:s:* w:d:*"},
    {"memcpy of records with pointers",
     "#include <string.h>\nstruct m { int *a, *b; }; int f(struct m *p) { struct m t;"
     "memcpy(&t, p, sizeof t); return *t.b; }",
     "r:p:* r:p:*.b*"},
    {"strings",
     "#include <string.h>\nint f(const char *a, char *b) { char *c = strchr(b, 1);"
     "*c = 0; return strlen(a) + strcmp(a, \"x\"); }",
     "r:a:* r:b:* w:b:*"},
    {"strtol leaves a pointer",
     "#include <stdlib.h>\nint f(const char *s) { char *e; long n = strtol(s, &e, 10);"
     "return n + *e; }",
     "errno-w r:s:*"},
    {"formats",
     "#include <stdio.h>\nvoid f(char *b, const char *s, int *n)"
     "{ snprintf(b, 9, \"%s %d %p\", s, 1, (void *)n); }",
     "errno-w r:s:* w:b:*"},
    {"%n", "#include <stdio.h>\nvoid f(char *b, int *n) { sprintf(b, \"x%n\", n); }",
     "errno-w w:b:* w:n:*"},
    {"sscanf",
     "#include <stdio.h>\nint f(const char *s, int *n)"
     "{ return sscanf(s, \"%d\", n); }",
     "errno-w r:s:* w:n:*"},
    {"qsort",
     "#include <stdlib.h>\nint g; static int cmp(const void *a, const void *b)"
     "{ g++; return *(const int *)a - *(const int *)b; }"
     "void f(int *p, size_t n) { qsort(p, n, sizeof *p, cmp); }",
     "errno-w r:g: r:p:* w:g: w:p:*"},
    {"free of a parameter's", "#include <stdlib.h>\nvoid f(int *p) { free(p); }", "w:p:*!"},
    {"output", "#include <stdio.h>\nint f(int x) { printf(\"%d\\n\", x); return x; }",
     "errno-w output(printf)"},
    {"getenv, fopen",
     "#include <stdio.h>\n#include <stdlib.h>\n"
     "int f(const char *n) { return !getenv(\"HOME\") + !fopen(n, \"r\"); }",
     "environment(getenv \"HOME\") errno-w file(fopen) r:n:*"},
    {"effects of callees",
     "#include <stdlib.h>\n#include <time.h>\n"
     "static int g(void) { return rand(); } int f(void) { return g() + (int)time(0); }",
     "random(rand) time(time)"},
    {"libm",
     "#include <math.h>\ndouble f(double x, int *s) { return sin(x) + lgamma(x) +"
     "frexp(x, s); }",
     "errno-w float state(lgamma) w:s:*"},
    {"errno", "#include <errno.h>\nint f(int x) { errno = 0; return x + errno; }",
     "errno-r errno-w"},
    {"errno through a callee",
     "#include <errno.h>\nstatic void g(int *e) { *e = 3; }"
     "void f(void) { g(&errno); }",
     "errno-w"},
    {"assert", "#include <assert.h>\nint f(int x) { assert(x > 0); return x; }", ""},
    {"ctype", "#include <ctype.h>\nint f(int c) { return isalpha(c) + tolower(c); }", ""},
    {"exit and longjmp",
     "#include <stdlib.h>\n#include <setjmp.h>\nextern jmp_buf b;"
     "void f(int x) { if (x) exit(1); longjmp(b, 1); }",
     "exit(exit) jump(longjmp) longjmp"},
    {"stranger by types",
     "int lib(const int *a, int *b, int n);"
     "int f(const int *p, int *q) { return lib(p, q, 1); }",
     "errno-w float r:p:*! r:q:*! unseen:lib w:q:*!"},
    {"stranger reaches through own memory",
     "struct c { int *p; }; int lib(struct c *c); int f(int *p) { struct c c = {p};"
     "return lib(&c); }",
     "errno-w float r:p:*! unseen:lib w:p:*!"},
    {"a stranger's result",
     "struct v { double *d; }; struct v *mk(int n); void lib(struct v *v);"
     "double f(double *p) { struct v *v = mk(3); v->d[0] = p[0]; lib(v); return v->d[1]; }",
     "errno-w float r:p:* unseen:lib unseen:mk"},
    {"a stranger's result leads into its argument",
     "struct v { double *d; }; double *at(struct v *v, int i);"
     "void f(struct v *v) { *at(v, 1) = 2; }",
     "errno-w float r:v:*! unseen:at w:v:* w:v:*! w:v:*.d*"},
    {"GNU pure and const",
     "__attribute__((pure)) int a(const int *);"
     "__attribute__((const)) int b(int); int f(int *p) { return a(p) + b(1); }",
     "r:p:*! unseen:a unseen:b"},
    {"a stranger calls back",
     "struct F { double (*f)(double, void *); void *p; };"
     "double lib(struct F *); static double g(double x, void *p) { return *(double *)p; }"
     "double f(double *k) { struct F s = {g, k}; return lib(&s); }",
     "errno-w float r:k:* r:k:*! unseen:lib w:k:*!"},
    {"volatile and asm", "void f(volatile int *p) { *p = 1; __asm__(\"\"); }",
     "asm() volatile() w:p:*"},
    {"atomics",
     "int f(int *p, int *q) { __sync_fetch_and_add(p, 1);"
     "return __atomic_load_n(q, 0); }",
     "r:p:* r:q:* w:p:*"},
    {"atomic stores",
     "#include <stdatomic.h>\nvoid f(int *p, _Atomic int *q) {"
     "__atomic_store_n(p, 1, 0); atomic_fetch_add(q, 2); }",
     "r:p:* r:q:* w:p:* w:q:*"},
    {"rounding", "#include <fenv.h>\nvoid f(void) { fesetround(FE_UPWARD); }", "fenv(fesetround)"},
    {"a listed name that is the program's own",
     "int index(const int *p, int n);"
     "int f(const int *p) { return index(p, 1); }",
     "errno-w float r:p:* r:p:*!"},
    {"defined in sight comes first",
     "static int rand(void) { return 4; }"
     "int f(void) { return rand(); }",
     ""},
    {"date", "const char *f(void) { return __DATE__; }", "date(__DATE__) other static"},
};

/* ---- what is returned, padding ---- */

static const struct example results[] = {
    {"malloc",
     "#include <stdlib.h>\nint *f(int n) { int *p = malloc(n); if (!p) return NULL;"
     "int *q = p; while (n--) *q++ = 0; return p; }",
     "alloc errno-w"},
    {"callee's malloc, strdup",
     "#include <stdlib.h>\n#include <string.h>\n"
     "static void *get(size_t n) { void *p = malloc(n); if (!p) abort(); return p; }"
     "char *f(int n) { return n ? get(n) : strdup(\"x\"); }",
     "alloc errno-w exit(abort)"},
    {"realloc",
     "#include <stdlib.h>\nint *f(int n) { int *p = 0;"
     "for (int i = 0; i < n; i++) p = realloc(p, i); return p; }",
     "alloc errno-w"},
    {"inside of malloc",
     "#include <stdlib.h>\nint *f(int n) { int *p = malloc(n);"
     "return p + 1; }",
     "errno-w other"},
    {"argument", "int *f(int *p) { return p; }", "other"},
    {"stranger", "int *lib(void); int *f(void) { return lib(); }",
     "errno-w float other unseen:lib"},
    {"literal", "const char *f(int n) { return n ? \"a\" : \"b\"; }", "other static"},
    {"static object", "int *f(void) { static int t[3]; return t; }", "other static"},
    {"alignment", "#include <stdlib.h>\nvoid *f(int n) { return aligned_alloc(64, n); }",
     "align=64 alloc errno-w"},
    {"posix_memalign",
     "#include <stdlib.h>\nint *f(int n) { void *p;"
     "if (posix_memalign(&p, 128, n)) return 0; return p; }",
     "align=128 alloc"},
    {"no padding", "struct s { int a, b; }; struct s f(struct s *p) { return *p; }", "r:p:*"},
    {"returned", "struct s { char c; int i; }; struct s f(struct s *p) { return *p; }",
     "r:p:* raw:struct s"},
    {"held in a variable",
     "struct s { char c; int i; }; int f(struct s *p) { struct s t = *p, u;"
     "u = t; return u.i; }",
     "r:p:*"},
    {"stored through a pointer",
     "struct s { char c; int i; };"
     "void f(struct s *p, struct s *q) { *q = *p; }",
     "r:p:* raw:struct s w:q:*"},
    {"to a callee in sight",
     "struct s { char c; int i; };"
     "static int g(const struct s *p, struct s v) { return p->i + v.c; }"
     "int f(struct s *p) { return g(p, *p); }",
     "r:p:* r:p:*.i"},
    {"to a stranger",
     "struct s { char c; int i; }; int lib(const struct s *);"
     "int f(struct s v) { return lib(&v); }",
     "errno-w float raw:struct s unseen:lib"},
    {"to memcpy and free",
     "#include <stdlib.h>\n#include <string.h>\n"
     "struct s { char c; int i; }; struct t { char c; int i; };"
     "int f(struct s *p) { struct s v; struct t *t = malloc(sizeof *t); t->i = 1;"
     "memcpy(&v, p, sizeof v); int i = t->i; free(t); return v.i + i; }",
     "errno-w r:p:* raw:struct s"},
    {"as bytes, in a callee",
     "struct s { char c; int i; };"
     "static int g(struct s *p) { return ((unsigned char *)p)[2]; }"
     "int f(struct s *p) { return g(p); }",
     "r:p:* raw:struct s"},
    {"long double inside",
     "struct s { long double x; };"
     "void f(struct s *p, struct s *q) { *q = *p; }",
     "r:p:* raw:struct s w:q:*"},
};

/* ---- the whole ---- */

static void run_table(const struct example *x, size_t n, const char *libclang)
{
    for (size_t i = 0; i < n; i++)
        run_example(&x[i], libclang);
}
#define RUN(table, libclang) run_table(table, sizeof table / sizeof table[0], libclang)

/* The chain of calls leads from f down to the access, by the shortest way. */
static void check_chain(const char *libclang)
{
    static const char text[] = "int n; static void d(void) { n = 1; } static void c(void) { d(); }"
                               "static void b(void) { c(); } void f(void) { b(); c(); }";
    struct arena arena;
    struct strbuf got = STRBUF_INIT;
    arena_init(&arena);
    struct effects *e = effects_of_f(&arena, parse(&arena, text, libclang));
    for (size_t i = 0; e && i < e->n_accesses; i++)
        for (const struct call_step *s = e->accesses[i].via; s; s = s->next)
            strbuf_addf(&got, "%s>%s ", s->caller->name, s->callee->name);
    check_text("chain", "via", got.buf, "f>c c>d ");
    strbuf_clear(&got);
    for (size_t i = 0; e && i < e->n_callees; i++)
        strbuf_addf(&got, "%s ", e->callees[i]->name);
    check_text("chain", "callees", got.buf, "b c d ");
    strbuf_release(&got);
    arena_release(&arena);
}

/* Hundreds of callees, each used by several: the cost stays that of the text. */
static void check_cost(const char *libclang)
{
    enum { N = 400 };
    struct arena arena;
    struct strbuf text = STRBUF_INIT;
    strbuf_adds(&text, "struct s { double *a; int n; struct s *next; };\n");
    for (int i = 0; i < N; i++) {
        strbuf_addf(&text,
                    "int g%d; static double h%d(struct s *p, double *q) { double s = g%d;"
                    "for (int i = 0; i < p->n; i++) s += p->a[i] * q[i];",
                    i, i, i);
        for (int k = 1; k <= 3 && k <= i; k++)
            strbuf_addf(&text, "if (s > %d) s += h%d(p, q + %d);", k, i - k, k);
        strbuf_adds(&text, "return s; }\n");
    }
    strbuf_addf(&text, "double f(struct s *p, double *q) { return h%d(p, q); }\n", N - 1);
    arena_init(&arena);
    struct frontend *fe = parse(&arena, text.buf, libclang);
    struct timespec a, b;
    for (int i = 0; i < N; i++) { /* converting bodies is the frontend's affair */
        char name[16];
        snprintf(name, sizeof name, "h%d", i);
        frontend_body(fe, frontend_function(fe, name));
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    struct effects *e = effects_of_f(&arena, fe);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
    n_checks++;
    if (!e || e->n_callees != N || e->n_accesses != N + 4 || ms > 2000) {
        n_failed++;
        fprintf(stderr, "cost: %zu callees, %zu accesses, %.1f ms\n", e ? e->n_callees : 0,
                e ? e->n_accesses : 0, ms);
    }
    printf("%d callees: %.1f ms\n", N, ms);
    strbuf_release(&text);
    arena_release(&arena);
}

static void check_table(void)
{
    size_t n;
    const struct libcall *all = libcall_all(&n);
    for (size_t i = 0; i < n; i++) {
        n_checks++;
        /* A name twice would hide the second line. */
        if (libcall_find(all[i].name) != &all[i]) {
            n_failed++;
            fprintf(stderr, "libcalls.def: '%s' stands there twice\n", all[i].name);
        }
        const char *p = all[i].args + strspn(all[i].args, "-rwmpkfFoalcb");
        if (*p == '=')
            p += p[1] && strchr("nlcez*0123456789", p[1]) ? 2 : 0;
        p += *p == '&';
        if (*p) {
            n_failed++;
            fprintf(stderr, "libcalls.def: '%s': bad arguments '%s'\n", all[i].name, all[i].args);
        }
    }
    n_checks++;
    if (effects_is_listed("gsl_vector_get") || !effects_is_listed("__builtin_memcpy") ||
        !effects_is_listed("__isoc99_sscanf")) {
        n_failed++;
        fprintf(stderr, "libcalls.def: prefixes\n");
    }
}

static int run_all(const char *libclang)
{
    RUN(paths, libclang);
    RUN(calls, libclang);
    RUN(library, libclang);
    RUN(results, libclang);
    check_chain(libclang);
    check_cost(libclang);
    printf("libclang %s: %u checks, %u failed\n", libclang ? libclang : "(newest)", n_checks,
           n_failed);
    return n_failed != 0;
}

int main(void)
{
    check_table();
    int failed = n_failed != 0;
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
            n_failed = n_checks = 0;
            int status = run_all(version ? name : NULL);
            fflush(stdout);
            _exit(status);
        }
        int status = 1;
        failed |= pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
    }
    return failed;
}
