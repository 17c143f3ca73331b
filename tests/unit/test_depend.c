/* test_depend.c - may two accesses meet? By objects, pointers, types, calls; depend_rows.h says
 * what the rows mean. */
#include "depend_rows.h"
#include "touch.h"

static const struct row objects[] = {
    {"one scalar", "void f(int s) { E(s = 1); L(s); }", "A"},
    {"two scalars", "void f(int s, int t) { E(s = 1); L(t = 2); }", "N"},
    {"reads", "int g; void f(int *p) { E(g + *p); L(g + *p); }", "N"},
    {"a scalar in a loop", "void f(int n, int s) { while (n--) { E(s += 1); L(s); } }", "AA"},
    {"globals", "int g, h; void f(void) { E(g = 1); L(h); }", "N"},
    {"one global", "int g; void f(void) { E(g = 1); L(g); }", "A"},
    {"a global, declared again inside",
     "int g; void f(void) { extern int g; E(g = 1); { extern int g; L(g); } }", "A"},
    {"static locals of one name are two",
     "void f(void) { { static int s; E(s = 1); }"
     "{ static int s; L(s); } }",
     "N"},
    {"a hidden name", "void f(int s) { E(s = 1); { int s = 0; L(s); } }", "N"},
    {"arrays", "double x[9], y[9]; void f(int i) { E(x[i] = 1); L(y[i]); }", "N"},
    {"an array and its part",
     "double x[9]; struct { double x[9]; } s;"
     "void f(int i) { E(s.x[i] = 1); L(s = s); }",
     "A"},
    {"members", "struct { int a, b; } s; void f(void) { E(s.a = 1); L(s.b); }", "N"},
    {"one member", "struct { int a, b; } s; void f(void) { E(s.a = 1); L(s.a); }", "A"},
    {"bit-fields", "struct { int a : 3, b : 5; } s; void f(void) { E(s.a = 1); L(s.b); }", "N"},
    {"members of members",
     "struct { struct { int a, b; } x, y; } s; void f(void) { E(s.x.a = 1); L(s.y.a); }", "N"},
    {"a member and all", "struct s { int a, b; } s, t; void f(void) { E(s.a = 1); L(t = s); }",
     "A"},
    {"members of a union", "union { int a; float b; } u; void f(void) { E(u.a = 1); L(u.b); }",
     "T"},
    {"members of an anonymous union",
     "struct { int t; union { int a; float b; }; } s; void f(void) { E(s.a = 1); L(s.b); }", "T"},
    {"beside an anonymous union",
     "struct { int t; union { int a; float b; }; } s; void f(void) { E(s.a = 1); L(s.t); }", "N"},
    {"members of an anonymous struct",
     "struct { int t; struct { int a, b; }; } s; void f(void) { E(s.a = 1); L(s.b); }", "N"},
    {"members of elements",
     "struct { int a, b; } s[9]; void f(int i, int j) {"
     "E(s[i].a = 1); L(s[j].b); }",
     "N"},
    {"a member of any element",
     "struct { int a, b; } s[9]; int g(void); void f(int i, int j) { E(s[i].a = 1); L(s[j].a); }",
     "T"},
    {"members through one pointer",
     "struct s { int a, b; }; void f(struct s *p) {"
     "E(p->a = 1); L(p->b); }",
     "N"},
    {"members through two pointers",
     "struct s { int a, b; }; void f(struct s *p, struct s *q) {"
     "E(p->a = 1); L(q->b); }",
     "T"},
    {"complex parts", "void f(_Complex double z) { E(__real__ z = 1); L(__imag__ z); }", "A"},
    {"vectors",
     "typedef int v __attribute__((vector_size(16))); v a;"
     "void f(int i) { E(a[i] = 1); L(a[0]); }",
     "A"},
    {"compound literals are objects of their own",
     "void f(void) { int *p = (int[]){1, 2}, *q = (int[]){1, 2}; E(*p = 1); L(*q); }", "N"},
    {"string literals stand still", "void f(char *p) { E(*p = 1); L(\"abc\"[1]); }", "N"},
    {"the comma", "void f(int a, int b) { E((a = 1, b)); L(a); }", "A"},
    {"an operator made of both", "void f(int c, int a, int b) { E(a = 1); L(c ? b : a); }", "A"},
    {"sizeof reads nothing", "void f(int a, double *p) { E(a = 1); L(sizeof a + sizeof p[a]); }",
     "N"},
    {"an address is no access", "int *g; void f(int a) { E(a = 1); L(g = &a); }", "N"},
    {"++ reads and writes", "void f(int a, int b) { E(a++); L(b = a); }", "A"},
    {"op= reads", "void f(int a, int b) { E(a = b); L(b += 1); }", "A"},
    {"volatile is outside", "volatile int v, w; void f(void) { E(v); L(w); }", "A"},
    {"volatile and others", "volatile int v; int w; void f(void) { E(v); L(w = 1); }", "N"},
    {"atomic is outside", "_Atomic int v, w; void f(void) { E(v); L(w); }", "A"},
    {"assembler", "int g; void f(int a) { E(a = 1); L(({ __asm__(\"\" : \"+r\"(a)); 1; })); }",
     "A"},
    {"a statement in an expression",
     "void f(int a, int b) { E(a = 1); L(({ int t = a; t + b; })); }", "A"},
    {"locals inside are left out", "void f(int b) { E(b = 1); L(({ int t = 2; t++; t; })); }", "N"},
};

static const struct row pointers[] = {
    {"two parameters", "void f(double *p, double *q) { E(*p = 1); L(*q); }", "T"},
    {"one parameter", "void f(double *p) { E(*p = 1); L(*p); }", "A"},
    {"restrict", "void f(double *restrict p, double *q) { E(*p = 1); L(*q); }", "N"},
    {"restrict on the later", "void f(double *p, double *restrict q) { E(*p = 1); L(*q = 2); }",
     "N"},
    {"restrict, reassigned",
     "double *g; void f(double *restrict p, double *q) { p = g; E(*p = 1); L(*q); }", "T"},
    {"restrict, stepped", "void f(double *restrict p, double *q) { p++; E(*p = 1); L(*q); }", "N"},
    {"based on restrict",
     "void f(double *restrict p, double *q) { double *r = p + 1; E(*r = 1); L(*q); }", "N"},
    {"both based on one", "void f(double *restrict p) { double *r = p, *q = p; E(*r = 1); L(*q); }",
     "A"},
    {"restrict says nothing of loaded pointers",
     "struct s { double *d; }; void f(double *restrict p, struct s *s) { E(*p = 1); L(s->d[0]); }",
     "T"},
    {"restrict and a result that may be based on it",
     "double *g(double *); void f(double *restrict p) { double *q = g(p); E(*p = 1); L(*q); }",
     "T"},
    {"restrict and a global object", "double x; void f(double *restrict p) { E(*p = 1); L(x); }",
     "N"},
    {"a pointer and a global object", "double x; void f(double *p) { E(*p = 1); L(x); }", "T"},
    {"restrict in a block",
     "void f(double *a, double *q, int n) { double *restrict p = a; E(*p = 1); L(*q); }", "T"},
    {"a local that nobody can know", "void f(double *p) { double x; E(*p = 1); L(x); }", "N"},
    {"a parameter can't know a local",
     "void g(double *); void f(double *p) { double x; g(&x); E(*p = 1); L(x); }", "N"},
    {"a reassigned parameter can",
     "void g(double *); void f(double *p) { double x; p = &x; E(*p = 1); L(x); }", "T"},
    {"a parameter that may be either",
     "void f(double *p, int c) { double x; if (c) p = &x; E(*p = 1); L(x); }", "T"},
    {"a stepped parameter can't",
     "void g(double *); void f(double *p) { double x; g(&x); p++; E(*p = 1); L(x); }", "N"},
    {"a result may point to a local",
     "double *g(double *); void f(void) { double x; double *p = g(&x); E(*p = 1); L(x); }", "T"},
    {"a pointer whose address is known",
     "void g(double **); void f(double *p) { double x; g(&p); double *q = &x; E(*p = 1); L(*q); }",
     "T"},
    {"its name leads to the object", "void f(void) { double x; double *p = &x; E(*p = 1); L(x); }",
     "A"},
    {"a name for an array", "void f(void) { double x[9], *p = x; E(p[3] = 1); L(x[3]); }", "A"},
    {"a name for the middle", "void f(void) { double x[9], *p = x + 2; E(p[3] = 1); L(x[5]); }",
     "A"},
    {"a name for the middle, another element",
     "void f(void) { double x[9], *p = &x[2]; E(p[3] = 1); L(x[4]); }", "N"},
    {"names for two arrays",
     "double x[9], y[9]; void f(int i) { double *p = x, *q = y; E(p[i] = 1); L(q[i]); }", "N"},
    {"either array",
     "double x[9], y[9]; void f(int c) { double *p = c ? x : y; E(p[1] = 1); L(y[2]); }", "T"},
    {"one array by both ways",
     "double x[9], y[9]; void f(int c) { double *p = c ? x : x + 4; E(p[1] = 1); L(y[2]); }", "N"},
    {"a pointer that walks",
     "double x[9], y[9]; void f(int n) {"
     "for (double *p = x; p < x + 9; p++) { E(*p = 1); L(y[2]); } }",
     "NN"},
    {"a pointer that walks over it",
     "double x[9]; void f(int n) {"
     "for (double *p = x; p < x + 9; p++) { E(*p = 1); L(x[2]); } }",
     "TT"},
    {"a pointer set in two places",
     "double x[9], y[9]; void f(int n) { double *p = x; E(p[0] = 1); p = y; L(x[1]); }", "T"},
    {"pointers swapped",
     "void f(double *a, double *b, int n) { for (int i = 0; i < n; i++) {"
     "E(a[i] = 1); L(b[i]); double *t = a; a = b; b = t; } }",
     "TT"},
    {"a circle of pointers",
     "void f(double *a, int n) { double *p, *q; p = q; q = p;"
     "E(p[0] = 1); L(q[0]); }",
     "T"},
    {"cast to bytes", "int x[9]; void f(int i) { E(((char *)x)[i] = 1); L(x[2]); }", "T"},
    {"bytes of another", "int x[9], y; void f(int i) { E(((char *)x)[i] = 1); L(y); }", "N"},
    {"from the member to the whole",
     "struct s { int a, b; } s; void f(void) {"
     "int *p = &s.a; struct s *q = (struct s *)((char *)p - 0); E(s.b = 1); L(q->b); }",
     "T"},
    {"an integer made a pointer", "double x; void f(long n) { E(*(double *)n = 1); L(x); }", "T"},
    {"an integer can't lead to what nobody knows",
     "void f(long n) { double x; E(*(double *)n = 1); L(x); }", "N"},
    {"fresh memory",
     "#include <stdlib.h>\nvoid f(double *p) {"
     "double *q = malloc(80); E(*q = 1); L(*p); }",
     "N"},
    {"two of it",
     "#include <stdlib.h>\nvoid f(void) {"
     "double *p = malloc(80), *q = calloc(8, 8); E(*q = 1); L(*p); }",
     "N"},
    {"realloc isn't fresh",
     "#include <stdlib.h>\nvoid f(double *p) { double *q = realloc(p, 80); E(*q = 1); L(*p); }",
     "T"},
    {"free writes what it frees",
     "#include <stdlib.h>\nvoid f(double *p) { E(task(p)); L((free(p), 1)); }", "A"},
    {"a user's malloc",
     "double x[9]; double *malloc(void); void f(void) { double *p = malloc(); E(*p = 1); L(x[0]); "
     "}",
     "T"},
    {"loaded pointers", "void f(double **a, int i, int j) { E(a[i][0] = 1); L(a[j][0]); }", "T"},
    {"loaded from a variable's member",
     "struct m { double *d; int n; }; void f(struct m m, double *q, int i) {"
     "E(m.d[i] = 1); L(q[i]); }",
     "T"},
    {"members of linked objects",
     "struct n { struct n *next; double v; };"
     "void f(struct n *p) { E(p->next->v = 1); L(p->v); }",
     "T"},
    {"a pointer of the loop's body",
     "void f(double **a, int n) { for (int i = 0; i < n; i++) {"
     "double *row = a[i]; E(row[0] = 1); L(row[1]); } }",
     "TT"},
    {"noalias", "void f(double *p, double *q) { E(*p = 1); L(*q); }", "N p q"},
    {"noalias of others", "void f(double *p, double *q, double *r) { E(*p = 1); L(*q); }", "T p r"},
    {"noalias of a member",
     "struct s { double *d, *e; }; void f(double *p, struct s *s) {"
     "E(*p = 1); L(s->d[2]); }",
     "N p s->d"},
    {"noalias of two members",
     "struct s { double *d, *e; }; void f(int i, struct s *s) {"
     "E(s->e[i] = 1); L(s->d[2]); }",
     "N s->e s->d"},
    {"noalias of another member",
     "struct s { double *d, *e; }; void f(double *p, struct s *s) {"
     "E(*p = 1); L(s->d[2]); }",
     "T p s->e"},
    {"noalias of what holds the pointer",
     "struct s { double *d, *e; }; void f(double *p, struct s *s) { E(*p = 1); L(s->d[2]); }",
     "T p s"},
    {"noalias of a pointer to rows",
     "void f(double *p, double **a, int i) {"
     "E(*p = 1); L(a[i][2]); }",
     "T p a"},
    {"noalias of an argument",
     "struct s { double *d, *e; }; void f(double *p, struct s *s) {"
     "E(task(p + 3)); L(task_in(&s->d[2])); }",
     "N p s->d"},
    {"noalias of a global pointer", "double *g; void f(double *p) { E(*p = 1); L(g[1]); }",
     "N p g"},
    {"noalias with itself", "void f(double *p) { E(*p = 1); L(*p); }", "A p q"},
    {"noalias and a hidden name",
     "void f(double *p, double *q) { E(*p = 1); { double *q = p; L(*q); } }", "A p q"},
};

/* Static objects whose address is taken nowhere in the unit. */
static const struct row hidden[] = {
    {"never taken", "static char a[9]; void f(char *p) { E(*p = 1); L(a[1]); }", "N"},
    {"nor through a loaded pointer",
     "static char a[4][9]; void f(char **p) { E(p[1][2] = 1); L(a[1][3]); }", "N"},
    {"a scalar", "static int n; void f(int *p) { E(*p = 1); L(n); }", "N"},
    {"a member", "static struct { int n; char c[4]; } s; void f(char *p) { E(*p = 1); L(s.c[2]); }",
     "N"},
    {"not static", "char a[9]; void f(char *p) { E(*p = 1); L(a[1]); }", "T"},
    {"volatile", "static volatile char a[9]; void f(char *p) { E(*p = 1); L(a[1]); }", "A"},
    {"taken in another function",
     "static char a[9]; void f(char *p) { E(*p = 1); L(a[1]); } char *g(void) { return &a[2]; }",
     "T"},
    {"passed by another function",
     "void h(char *); static char a[9]; void f(char *p) { E(*p = 1); L(a[1]); }"
     "void g(void) { h(a); }",
     "T"},
    {"a row passed by another function",
     "void h(char *); static char a[3][9]; void f(char *p) { E(*p = 1); L(a[1][1]); }"
     "void g(void) { h(a[2]); }",
     "T"},
    {"in an initializer at file scope",
     "static char a[9]; char *q = a + 1; void f(char *p) { E(*p = 1); L(a[1]); }", "T"},
    {"in an initializer of a local",
     "static char a[9]; void f(char *p) { E(*p = 1); L(a[1]); }"
     "char **g(void) { static char *q = a; return &q; }",
     "T"},
    {"in a macro",
     "static char a[9];\n#define A(x) char *x = a;\nA(q) void f(char *p) { E(*p = 1); L(a[1]); }",
     "T"},
    {"by a pasted name",
     "static char ab[9];\n#define A(x, y) char *q = x##y;\nA(a, b)"
     "void f(char *p) { E(*p = 1); L(ab[1]); }",
     "T"},
    {"assembler",
     "static char a[9]; void f(char *p) { E(*p = 1); L(a[1]); }"
     "void g(void) { __asm__(\"nop\" : \"+m\"(a)); }",
     "T"},
    {"code out of sight comes back",
     "void out(void); static char a[9]; void f(void) { E((out(), 1)); L(a[1]); }"
     "void g(void) { a[1]++; }",
     "A"},
    {"a task's unknown extent",
     "static double a[9]; void f(double *p) { E(task_all(p)); L(a[1]); }", "N"},
    {"what a task is given", "static double a[9]; void f(void) { E(task(&a[1])); L(a[1]); }", "A"},
};

static const struct row types[] = {
    {"a read as another type", "void f(double *p, int *q) { E(*p = 1); L(*q); }", "N"},
    {"a write as another type: memory may be used anew",
     "void f(double *p, int *q) { E(*p = 1); L(*q = 2); }", "T"},
    {"read, then written as another type", "void f(double *p, int *q) { E(*p); L(*q = 2); }", "T"},
    {"an object with a name keeps its type", "double x; void f(int *q) { E(x = 1); L(*q = 2); }",
     "N"},
    {"characters", "void f(double *p, char *q) { E(*p = 1); L(*q); }", "T"},
    {"unsigned characters", "void f(double *p, unsigned char *q) { E(*q = 1); L(*p); }", "T"},
    {"bool is no character", "void f(double *p, _Bool *q) { E(*p = 1); L(*q); }", "N"},
    {"signs", "void f(int *p, unsigned *q) { E(*p = 1); L(*q); }", "T"},
    {"sizes", "void f(int *p, short *q) { E(*p = 1); L(*q); }", "N"},
    {"const", "void f(int *p, const int *q) { E(*p = 1); L(*q); }", "T"},
    {"enumerations", "enum e { A }; void f(enum e *p, int *q) { E(*p = A); L(*q); }", "T"},
    {"pointers to pointers", "void f(int **p, double **q) { E(*p = 0); L(*q); }", "T"},
    {"a pointer and a number", "void f(int **p, long *q) { E(*p = 0); L(*q); }", "N"},
    {"a structure and a member's type",
     "struct s { int a; double d; } g; void f(struct s *p, double *q) { E(*p = g); L(*q); }", "T"},
    {"a structure and another type",
     "struct s { int a; double d; } g; void f(struct s *p, float *q) { E(*p = g); L(*q); }", "N"},
    {"a structure in a structure",
     "struct s { int a; } g; struct t { struct s s; float f; };"
     "void f(struct s *p, struct t *q) { E(*p = g); L(*q); }",
     "T"},
    {"two structures",
     "struct s { int a; } g; struct t { int a; };"
     "void f(struct s *p, struct t *q) { E(*p = g); L(*q); }",
     "N"},
    {"a structure with bytes",
     "struct s { char raw[64]; } g;"
     "void f(struct s *p, double *q) { E(*p = g); L(*q); }",
     "T"},
    {"through a union",
     "union u { int a; float f; }; void f(union u *p, float *q) {"
     "E(p->a = 1); L(*q); }",
     "T"},
    {"a union inside",
     "struct s { int k; union { int a; float f; } u; }; void f(struct s *p,"
     "struct s *q) { E(p->u.a = 1); L(q->u.f); }",
     "T"},
    {"arrays of members",
     "struct s { double d[4]; }; void f(struct s *p, double *q, int i) {"
     "E(p->d[i] = 1); L(*q); }",
     "T"},
    {"behind pointers",
     "struct s { double *d; }; void f(struct s *p, int *q) {"
     "E(p->d[0] = 1); L(*q); }",
     "N"},
    {"a vector",
     "typedef int v __attribute__((vector_size(16)));"
     "void f(v *p, double *q) { E(*p = *p); L(*q); }",
     "T"},
    {"complex and its parts", "void f(_Complex double *p, double *q) { E(*p = 1); L(*q); }", "T"},
    {"float and double", "void f(float *p, double *q) { E(*p = 1); L(*q); }", "N"},
    {"may_alias",
     "typedef int a __attribute__((may_alias)); void f(double *p, a *q) {"
     "E(*p = 1); L(*q); }",
     "T"},
    {"memcpy has no type",
     "#include <string.h>\nvoid f(double *p, int *q, void *r) {"
     "E((memcpy(p, r, 8), 1)); L(*q); }",
     "A"},
};

static const struct row calls[] = {
    {"a stranger may know globals", "void g(void); int x; void f(void) { E(x = 1); L((g(), 1)); }",
     "A"},
    {"a stranger can't know a local", "void g(void); void f(int a) { E(a = 1); L((g(), 1)); }",
     "N"},
    {"a stranger that was told",
     "void g(void); void h(int *); void f(int a) { h(&a); E(a = 1); L((g(), 1)); }", "A"},
    {"a call in sight",
     "static int x, y; static void g(void) { y = x; }"
     "void f(void) { E(x = 1); L((g(), 1)); }",
     "A"},
    {"a call in sight elsewhere",
     "static int x, y; static void g(void) { y = 2; }"
     "void f(void) { E(x = 1); L((g(), 1)); }",
     "N"},
    {"through its parameter",
     "static int g(const int *p) { return *p; }"
     "void f(void) { int a = 0, b = 0; E(a = 1); L(g(&b)); }",
     "N"},
    {"through its parameter, the same",
     "static int g(const int *p) { return *p; }"
     "void f(void) { int a = 0; E(a = 1); L(g(&a)); }",
     "A"},
    {"pure and const",
     "int g(int) __attribute__((const)); int x;"
     "void f(void) { E(x = 1); L(g(2)); }",
     "N"},
    {"pure reads", "int g(int) __attribute__((pure)); int x; void f(void) { E(x = 1); L(g(2)); }",
     "A"},
    {"pure doesn't write",
     "int g(int) __attribute__((pure)); int x; void f(void) { E(x); L(g(2)); }", "N"},
    {"output", "#include <stdio.h>\nvoid f(int a) { E(printf(\"%d\\n\", a)); L(puts(\"x\")); }",
     "A"},
    {"output reads a string",
     "#include <stdio.h>\nvoid f(char *s, char *t) {"
     "E(s[0] = 1); L(printf(\"%s\", t)); }",
     "A"},
    {"output of numbers",
     "#include <stdio.h>\nvoid f(double *x, int a) {"
     "E(x[0] = 1); L(printf(\"%d\", a)); }",
     "N"},
    {"output and memory", "#include <stdio.h>\nint x; void f(void) { E(x = 1); L(puts(\"\")); }",
     "N"},
    {"math", "#include <math.h>\ndouble x[9]; void f(double a) { E(x[0] = 1); L(sin(a)); }", "N"},
    {"errno", "#include <errno.h>\n#include <math.h>\nvoid f(double a) { E(log(a)); L(errno); }",
     "A"},
    {"errno isn't memory", "#include <errno.h>\nint x; void f(void) { E(errno = 1); L(x); }", "N"},
    {"the rounding mode", "#include <fenv.h>\nvoid f(double a) { E(a + 1); L(fesetround(0)); }",
     "A"},
    {"the mode and numbers", "#include <fenv.h>\nvoid f(int a) { E(a + 1); L(fesetround(0)); }",
     "N"},
    {"the locale",
     "#include <locale.h>\ndouble g(double) __attribute__((const));"
     "void f(double a) { E(g(a)); L(setlocale(0, \"\")); }",
     "A"},
    {"memset",
     "#include <string.h>\ndouble x[9], y[9]; void f(int i) {"
     "E(x[i] = 1); L(memset(y, 0, sizeof y)); }",
     "N"},
    {"memset of it",
     "#include <string.h>\ndouble x[9]; void f(int i) {"
     "E(x[i] = 1); L(memset(x, 0, sizeof x)); }",
     "A"},
    {"qsort and what it compares",
     "#include <stdlib.h>\nint o; static int c(const void *a, const void *b) {"
     "return o + *(const int *)a - *(const int *)b; } int x[9];"
     "void f(void) { E(o = 1); L((qsort(x, 9, 4, c), 1)); }",
     "A"},
    {"qsort of others",
     "#include <stdlib.h>\nint o; static int c(const void *a, const void *b) {"
     "return *(const int *)a - *(const int *)b; } int x[9];"
     "void f(void) { E(o = 1); L((qsort(x, 9, 4, c), 1)); }",
     "N"},
    {"a call through a pointer", "int x; void f(void (*g)(void)) { E(x = 1); L((g(), 1)); }", "A"},
    {"the end of the program",
     "#include <stdlib.h>\nint x; void f(void) {"
     "E(x = 1); L((exit(1), 1)); }",
     "A"},
    {"a lock is for all memory",
     "#include <pthread.h>\nint x; pthread_mutex_t m; void f(void) {"
     "E(x = 1); L(pthread_mutex_lock(&m)); }",
     "A"},
};

static const struct row tasks[] = {
    {"a local of the body",
     "void f(int n) { for (int i = 0; i < n; i++) {"
     "double v; E(task(&v)); L(v); } }",
     "AA"},
    {"another local", "void f(int n) { double v, w; E(task(&v)); L(w); }", "N"},
    {"an element",
     "double x[99]; void f(int n) { for (int i = 0; i < n; i++) {"
     "E(task(&x[i])); L(x[i]); } }",
     "AN"},
    {"an element by arithmetic",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(task(x + i)); L(x[i] = 1); } }",
     "AN"},
    {"two elements",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(task(x + i)); L(task_in(&x[i])); } }",
     "AN"},
    {"the one before",
     "void f(double *x, int n) { for (int i = 1; i < n; i++) {"
     "E(task(x + i)); L(task_in(&x[i - 1])); } }",
     "AA"},
    {"the one behind",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(task(x + i)); L(task_in(&x[i + 1])); } }",
     "NN"},
    {"a section",
     "void f(double *x, double *y, int n) { for (int i = 0; i < n; i++) {"
     "E(task_n(x + i * n, n)); L(y[i]); } }",
     "TT"},
    {"sections",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(task_n(x + i * n, n)); L(task_n(x + i * n, n)); } }",
     "TT"},
    {"a section of another array",
     "double x[99], y[99]; void f(int n) {"
     "E(task_n(x, n)); L(y[n]); }",
     "N"},
    {"an unknown extent",
     "double x[99]; void f(int n) { for (int i = 0; i < n; i++) {"
     "E(task_all(&x[i])); L(x[i]); } }",
     "AA"},
    {"an unknown extent of a scalar",
     "void f(int n) { double v = 0, w = 0;"
     "E(task_all(&v)); L(w); }",
     "N"},
    {"behind pointers",
     "struct s { double *d; }; void f(struct s *s, double *x) {"
     "E(task_behind(s)); L(x[0]); }",
     "A"},
    {"behind pointers, another type",
     "struct s { double *d; }; void f(struct s *s, int *x) {"
     "E(task_behind(s)); L(x[0]); }",
     "N"},
    {"behind pointers are no hidden locals",
     "struct s { double *d; }; void f(struct s *s) {"
     "double v = 0; E(task_behind(s)); L(v); }",
     "N"},
    {"NULL", "double x; void f(void) { E(task((double *)0)); L(x); }", "N"},
    {"the task's own write and a structure",
     "struct p { double x, y; } a[9]; void f(int i) { E(task(&a[i].x)); L(a[i].y); }", "N"},
};

static int run_all(const char *libclang)
{
    RUN(objects, libclang);
    RUN(pointers, libclang);
    RUN(types, libclang);
    RUN(calls, libclang);
    RUN(tasks, libclang);
    RUN(hidden, libclang);
    printf("libclang %s: %u rows, %u failed\n", libclang ? libclang : "(newest)", n_checks,
           n_failed);
    return n_failed || n_checks < 120;
}
