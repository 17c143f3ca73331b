/* test_touch.c - which memory do statements touch? Each row is a function f whose statements are
 * looked at as one, and the touches as words, in alphabetical order:
 *
 *   r:x w:x           the variable x, exactly; ~ behind it: some part of it
 *   w:*p[]            what pointer p leads to, an element; w:*p~ an unknown one
 *   r:?double         memory that can't be traced, accessed as that type; ?: as any
 *   @                 behind it: its address can be computed early; @l: with a load
 *   outside errno-r errno-w mode-r mode-w
 *
 * S(...) is what is asked about; without it, the body. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "depend_help.h"
#include "frontend.h"
#include "touch.h"

struct row {
    const char *text, *expected;
};

static const struct row rows[] = {
    {"void f(int a, int b) { a = b; }", "r:b@ w:a@"},
    {"void f(int a, int b) { a += b++; }", "r:a@ r:b@ w:a@ w:b@"},
    {"void f(double *x, int i) { x[i] = 1; }", "r:i@ r:x@ w:*x[]@"},
    {"void f(double *x, int i) { x[i++] = 1; }", "r:i@ r:x@ w:*x[] w:i@"},
    {"void f(double *x, int i) { i = 2; x[i] = 1; }", "r:i@ r:x@ w:*x[] w:i@"},
    {"void f(double *x, int *at, int i) { x[at[i]] = 1; }", "r:*at[]@ r:at@ r:i@ r:x@ w:*x[]@l"},
    {"void f(double *x) { for (int i = 0; i < 9; i++) x[i] = 1; }", "r:x@ w:*x[]"},
    {"struct s { double d[4]; int n; } s; void f(int i) { s.d[i] = s.n; }", "r:i@ r:s.n@ w:s.d[]@"},
    {"struct s { int n : 3, m; }; void f(struct s *p) { p->n = p->m; }", "r:*p[].m@ r:p@ w:*p[].n"},
    {"struct s { struct s *next; int n; }; void f(struct s *p) { p->next->n = 1; }",
     "r:*p[].next@ r:p@ w:?int@l"},
    {"struct s { double *d; }; void f(struct s s, int i) { s.d[i] = 1; }",
     "r:i@ r:s.d@ w:?double@"},
    {"void f(double **a, int i, int j) { a[i][j] = 1; }", "r:*a[]@ r:a@ r:i@ r:j@ w:?double@l"},
    {"void f(double a[4][4], int i, int j) { a[i][j] = 1; }", "r:a@ r:i@ r:j@ w:*a[][]@"},
    {"double a[4][4]; void f(int i, int j) { a[i][j] = 1; }", "r:i@ r:j@ w:a[][]@"},
    {"double a[9]; void f(int i) { double *p = a + 2; p[i] = 1; }", "r:i@ w:a[]"},
    {"double a[9]; void f(int i) { double *p = a; S(p[i] = 1); }", "r:i@ r:p@ w:a[]@"},
    {"double a[9]; void f(int n) { double *p = a; while (n--) { S(*p++ = 1); } }",
     "r:p@ w:a~ w:p@"},
    {"struct s { struct s *a, *b; int n; }; void f(struct s *p) { p->a->b->n = 1; }",
     "r:*p[].a@ r:?struct s *@l r:p@ w:?int"},
    {"struct s { double *d; }; void f(struct s *p, int c) { if (c) p->d[1] = 1; }",
     "r:*p[].d@ r:c@ r:p@ w:?double"},
    {"struct s { double *d; }; void f(struct s *p, int c) { S(c && p->d[1]); }",
     "mode-r r:*p[].d@ r:?double r:c@ r:p@"},
    {"struct s { double *d; }; void f(struct s *p, double *q) { S((p->d = q, p->d[1])); }",
     "mode-r r:*p[].d@ r:?double r:p@ r:q@ w:*p[].d@"},
    {"struct s { int *d; }; void g(void); void f(struct s *p) { S((g(), p->d[1])); }",
     "errno-r errno-w mode-r mode-w outside r:*p[].d@ r:? r:?int r:p@ w:?"},
    {"union u { int i; float f; } u; void f(void) { u.i = 1; }", "w:u~@"},
    {"volatile int v; void f(int a) { a = v; }", "outside r:v@ w:a@"},
    {"void f(int a) { sizeof a; sizeof(int[a]); }", ""},
    {"int *g; void f(int a) { g = &a; }", "w:g@"},
    {"int a[9], *g; void f(void) { g = a; }", "w:g@"},
    {"void f(int a, int b) { S(b = ({ int t = a; t; })); }", "r:a@ w:b@"},
    {"struct s { int a; } x, y; void f(void) { x = y; }", "r:y@ w:x@"},
    {"struct s { int a; } g(void) __attribute__((const)); void f(int b) { b = g().a; }",
     "mode-r w:b@"},
    {"void g(void); void f(int a) { g(); }", "errno-r errno-w mode-r mode-w outside r:? w:?"},
    {"void f(void (*g)(void)) { g(); }", "errno-r errno-w mode-r mode-w outside r:? r:g@ w:?"},
    {"int g(int) __attribute__((const)); void f(int a) { a = g(a); }", "mode-r r:a@ w:a@"},
    {"int g(int) __attribute__((pure)); void f(int a) { a = g(a); }", "mode-r r:? r:a@ w:a@"},
    {"#include <math.h>\nvoid f(double a) { a = sqrt(a); }", "errno-w mode-r r:a@ w:a@"},
    {"#include <string.h>\nvoid f(char *d, char *s, int n) { memcpy(d, s, n); }",
     "mode-r r:*s~ r:d@ r:n@ r:s@ w:*d~"},
    {"#include <stdio.h>\nvoid f(char *s, int n) { printf(\"%s %d\", s, n); }",
     "errno-w mode-r outside r:*s~ r:n@ r:s@"},
    {"#include <stdlib.h>\nvoid f(char *s) { free(s); }", "mode-r r:*s~ r:s@ w:*s~"},
    {"#include <stdlib.h>\nvoid f(char *s) { s = malloc(9); }", "errno-w mode-r w:s@"},
    {"#include <errno.h>\nvoid f(int a) { a = errno; }", "errno-r mode-r w:a@"},
    {"#include <errno.h>\nvoid f(void) { errno = 0; }", "errno-w mode-r"},
    {"int n; static int g(int *p) { return *p + n; } void f(int a, int b) { a = g(&b); }",
     "mode-r r:b~ r:n~ w:a@"},
    {"struct s { int *p; }; static void g(struct s *s) { s->p[0] = 1; }"
     "void f(struct s s) { g(&s); }",
     "mode-r r:s~ w:?int"},
    {"#include <fenv.h>\nvoid f(void) { fesetround(FE_UPWARD); }", "mode-r mode-w"},
    {"void f(int a) { __asm__(\"\" : \"+r\"(a)); }",
     "errno-r errno-w mode-r mode-w outside r:? r:a@ w:? w:a@"},
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *word_of(struct arena *a, const struct touch *t)
{
    const char *at = !t->lvalue ? "" : t->lvalue_loads ? "@l" : "@", *part = t->is_exact ? "" : "~";
    char rw = t->is_write ? 'w' : 'r';
    switch (t->base) {
    case TOUCH_OUTSIDE:
        return arena_strdup(a, "outside");
    case TOUCH_ERRNO:
        return arena_printf(a, "errno-%c", rw);
    case TOUCH_MODE:
        return arena_printf(a, "mode-%c", rw);
    case TOUCH_MEMORY:
        return arena_printf(a, "%c:?%s%s", rw, t->type ? t->type->spelling : "", at);
    default:
        return arena_printf(a, "%c:%s%s%s%s%s", rw, t->base == TOUCH_POINTER ? "*" : "",
                            t->var->name, t->path, part, at);
    }
}

static const struct node *marked(const struct node *n)
{
    if (n->kind == NODE_CALL && n->fn && !strcmp(n->fn->name, "S"))
        return n->kids[1];
    const struct node *found = NULL;
    for (size_t i = 0; i < n->n_kids && !found; i++)
        found = marked(n->kids[i]);
    return found;
}

static void describe(struct strbuf *out, struct arena *arena, const struct touches *t)
{
    char **words = arena_alloc(arena, (t->n + 1) * sizeof *words);
    for (size_t i = 0; i < t->n; i++)
        words[i] = word_of(arena, &t->items[i]);
    qsort(words, t->n, sizeof *words, by_text);
    for (size_t i = 0; i < t->n; i++)
        if (!i || strcmp(words[i], words[i - 1]) != 0)
            strbuf_addf(out, "%s%s", out->len ? " " : "", words[i]);
}

static bool run_row(const struct row *row)
{
    struct arena arena;
    struct strbuf got = STRBUF_INIT;
    arena_init(&arena);
    const char *text = arena_printf(&arena, "void S();\n%s", row->text);
    struct frontend *fe = depend_parse(&arena, text, NULL);
    struct function *f = fe ? frontend_function(fe, "f") : NULL;
    if (f && frontend_body(fe, f)) {
        struct touch_scope s = {.fe = fe, .arena = &arena, .fn = f, .strict_aliasing = true};
        struct touches t = {.n = 0};
        const struct node *n = marked(f->root);
        touch_prepare(&s);
        touch_find(&s, n ? n : f->root, NULL, 0, &t);
        describe(&got, &arena, &t);
    } else {
        strbuf_adds(&got, "(no f)");
    }
    bool ok = !strcmp(got.buf, row->expected);
    if (!ok)
        fprintf(stderr, "%s\n  expected: %s\n  got:      %s\n", row->text, row->expected, got.buf);
    strbuf_release(&got);
    arena_release(&arena);
    return ok;
}

int main(void)
{
    unsigned n_failed = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        n_failed += !run_row(&rows[i]);
    if (n_failed)
        fprintf(stderr, "%u rows failed\n", n_failed);
    return n_failed != 0;
}
