/* test_depend_index.c - may two elements of an array meet? depend_rows.h says what the rows mean.
 */
#include "depend_rows.h"
#include "touch.h"

static const struct row subscripts[] = {
    {"one element",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"in another iteration",
     "double x[99]; void f(int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i] = 2); } }",
     "AN"},
    {"the element before",
     "void f(double *x, int n) { for (int i = 1; i < n; i++) {"
     "E(x[i] = 1); L(x[i - 1]); } }",
     "AA"},
    {"the element behind",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i + 1]); } }",
     "NN"},
    {"two behind",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i + 2] = 1); L(x[i]); } }",
     "AA"},
    {"by steps of two",
     "void f(double *x, int n) { for (int i = 0; i < n; i += 2) {"
     "E(x[i + 1] = 1); L(x[i]); } }",
     "NN"},
    {"by steps of three",
     "void f(double *x, int n) { for (int i = 0; i < n; i += 3) {"
     "E(x[i + 3] = 1); L(x[i]); } }",
     "AA"},
    {"downwards",
     "void f(double *x, int n) { for (int i = n - 1; i > 0; i--) {"
     "E(x[i] = 1); L(x[i - 1]); } }",
     "NN"},
    {"downwards, the other way",
     "void f(double *x, int n) { for (int i = n - 1; i >= 0; i--) {"
     "E(x[i] = 1); L(x[i + 1]); } }",
     "AA"},
    {"i = i + 1",
     "void f(double *x, int n) { for (int i = 0; i != n; i = i + 1) {"
     "E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"even and odd",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[2 * i] = 1); L(x[2 * i + 1]); } }",
     "NN"},
    {"even and even",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[2 * i] = 1); L(x[2 * i - 4]); } }",
     "AA"},
    {"i and 2i",
     "void f(double *x, int n) { for (int i = 1; i < n; i++) {"
     "E(x[2 * i] = 1); L(x[i]); } }",
     "TT"},
    {"from both ends",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[n - 1 - i]); } }",
     "TT"},
    {"a constant",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[0] = 1); L(x[i]); } }",
     "TN"},
    {"a constant out of the loop's range",
     "void f(double *x, int n) { for (int i = 1; i < n; i++) { E(x[0] = 1); L(x[i]); } }", "NN"},
    {"a constant behind the loop's range",
     "void f(double *x) { for (int i = 0; i < 10; i++) { E(x[10] = 1); L(x[i]); } }", "NN"},
    {"the last is within",
     "void f(double *x) { for (int i = 0; i <= 10; i++) {"
     "E(x[10] = 1); L(x[i]); } }",
     "TT"},
    {"a symbol",
     "void f(double *x, int n, int k) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); L(x[i + k]); } }",
     "AN"},
    {"two symbols",
     "void f(double *x, int n, int k, int m) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); L(x[i + m]); } }",
     "TT"},
    {"a symbol that changes",
     "void f(double *x, int n, int k) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); k--; L(x[i + k]); } }",
     "TT"},
    {"a symbol that changes elsewhere",
     "int g(int *); void f(double *x, int n, int k) {"
     "g(&k); for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); L(x[i + k]); } }",
     "TT"},
    {"a counter", "void f(double *x, int n, int k) { while (n--) { E(x[k] = 1); k++; L(x[k]); } }",
     "TT"},
    {"the loop's variable changes in the body",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); if (x[i] > 2) i--; L(x[i]); } }",
     "TT"},
    {"its address is known",
     "void g(int *); void f(double *x, int n) { int i; g(&i);"
     "for (i = 0; i < n; i++) { E(x[i] = 1); L(x[i]); } }",
     "TT"},
    {"a variable of outside",
     "void f(double *x, int n) { int i;"
     "for (i = 0; i < n; i++) { E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"a global as the loop's variable",
     "int i; void f(double *x, int n) {"
     "for (i = 0; i < n; i++) { E(x[i] = 1); L(x[i]); } }",
     "TT"},
    {"bytes wrap round",
     "void f(double *x, int n) { for (unsigned char i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i]); } }",
     "TT"},
    {"bytes below a constant",
     "void f(double *x) { for (unsigned char i = 0; i < 200; i++) {"
     "E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"unsigned",
     "void f(double *x, unsigned n) { for (unsigned i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"unsigned, one before: wraps at 0",
     "void f(double *x, unsigned n) {"
     "for (unsigned i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i - 1]); } }",
     "TT"},
    {"unsigned, one before, from 1",
     "void f(double *x, unsigned n) {"
     "for (unsigned i = 1; i < n; i++) {"
     "E(x[i] = 1); L(x[i - 1]); } }",
     "AA"},
    {"unsigned products may wrap",
     "void f(double *x, unsigned n, unsigned m) {"
     "for (unsigned i = 0; i < n; i++) {"
     "E(x[i * m] = 1); L(x[i * m]); } }",
     "TT"},
    {"unsigned by two may wrap",
     "void f(double *x, unsigned n) {"
     "for (unsigned i = 0; i < n; i += 2) {"
     "E(x[i] = 1); L(x[i]); } }",
     "TT"},
    {"size_t",
     "void f(double *x, unsigned long n) { for (unsigned long i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i + 1]); } }",
     "NN"},
    {"size_t down to one",
     "void f(double *x, unsigned long n) {"
     "for (unsigned long i = n; i > 0; i--) { E(x[i - 1] = 1); L(x[i - 1]); } }",
     "AN"},
    {"cut off",
     "void f(double *x, long n) { for (long i = 0; i < n; i++) {"
     "E(x[(int)i] = 1); L(x[(int)i]); } }",
     "TT"},
    {"an index from memory",
     "void f(double *x, int *at, int n) { for (int i = 0; i < n; i++) {"
     "E(x[at[i]] = 1); L(x[i]); } }",
     "TT"},
    {"an index kept in a variable",
     "void f(double *x, int *at, int n) {"
     "for (int i = 0; i < n; i++) {"
     "int k = at[i]; E(x[k] = 1); L(x[k]); } }",
     "AT"},
    {"an index computed first",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "int k = 3 * i + 1; E(x[k] = 1); L(x[k]); } }",
     "AN"},
    {"goto goes back",
     "void f(double *x, int n) { again: for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i]); if (x[0] > 3) goto again; } }",
     "TT"},
    {"goto goes on",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i]); if (x[0] > 3) goto out; } out:; }",
     "AN"},
    {"a way into the body",
     "void f(double *x, int n, int c) { int i = 0; switch (c) { case 0:"
     "for (i = 0; i < n; i++) { case 1: E(x[i] = 1); L(x[i]); } } }",
     "TT"},
    {"in the condition",
     "void f(double *x, int n) {"
     "for (int i = 0; i < n && (L(x[i]), 1); i++) E(x[i] = 1); }",
     "TT"},
    {"in the step",
     "void f(double *x, int n) {"
     "for (int i = 0; i < n; i++, (L(x[i]), 1)) E(x[i] = 1); }",
     "TT"},
    {"rows",
     "double x[9][9]; void f(int n) { for (int i = 0; i < n; i++)"
     "for (int j = 0; j < n; j++) { E(x[i][j] = 1); L(x[i][j]); } }",
     "AN"},
    {"the row before",
     "double x[9][9]; void f(int n) { for (int i = 1; i < n; i++)"
     "for (int j = 0; j < n; j++) { E(x[i][j] = 1); L(x[i - 1][j]); } }",
     "TT"},
    {"the row behind",
     "double x[9][9]; void f(int n) { for (int i = 0; i < n; i++)"
     "for (int j = 0; j < n; j++) { E(x[i][j] = 1); L(x[i + 1][j]); } }",
     "NN"},
    {"columns",
     "double x[9][9]; void f(int n) { for (int i = 0; i < n; i++)"
     "for (int j = 0; j < n; j++) { E(x[j][i] = 1); L(x[j][i]); } }",
     "AN"},
    {"transposed",
     "double x[9][9]; void f(int n) { for (int i = 0; i < n; i++)"
     "for (int j = 0; j < n; j++) { E(x[i][j] = 1); L(x[j][i]); } }",
     "TT"},
    {"parameters as rows",
     "void f(int n, double x[180][360]) { for (int i = 0; i < 180; i++)"
     "for (int j = 0; j < 360; j++) { E(x[i][j] = 1); L(x[i][j]); } }",
     "AN"},
    {"rows of variable size",
     "void f(int n, int m, double x[n][m]) {"
     "for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) {"
     "E(x[i][j] = 1); L(x[i][j]); } }",
     "AN"},
    {"rows laid out by hand",
     "void f(double *x, int n, int m) {"
     "for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) {"
     "E(x[i * n + j] = 1); L(x[i * n + j]); } }",
     "AN"},
    {"rows laid out by hand, base first",
     "void f(double *x, long n, long m) {"
     "for (long i = 0; i < m; i++) { long b = i * n;"
     "for (long j = 0; j < n; j++) {"
     "E(x[b + j] = 1); L(x[b + j]); } } }",
     "AN"},
    {"rows laid out by hand, too long",
     "void f(double *x, int n, int m) {"
     "for (int i = 0; i < m; i++) for (int j = 0; j <= n; j++) {"
     "E(x[i * n + j] = 1); L(x[i * n + j]); } }",
     "AT"},
    {"rows laid out by hand, a constant",
     "void f(double *x, int m) {"
     "for (int i = 0; i < m; i++) for (int j = 0; j < 8; j++) {"
     "E(x[i * 8 + j] = 1); L(x[i * 8 + j]); } }",
     "AN"},
    {"rows laid out by hand, overlapping",
     "void f(double *x, int m) {"
     "for (int i = 0; i < m; i++) for (int j = 0; j < 9; j++) {"
     "E(x[i * 8 + j] = 1); L(x[i * 8 + j]); } }",
     "AT"},
    {"layers laid out by hand",
     "void f(double *x, int l, int m, int n) { for (int k = 0; k < l; k++)"
     "for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) {"
     "E(x[(k * m + i) * n + j] = 1); L(x[(k * m + i) * n + j]); } }",
     "AN"},
    {"a triangle",
     "void f(double *x, int n) { for (int i = 0; i < n; i++)"
     "for (int j = 0; j < i; j++) { E(x[i * n + j] = 1); L(x[i * n + j]); } }",
     "AN"},
    {"halves",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i + n]); } }",
     "NN"},
    {"halves that meet",
     "void f(double *x, int n, int k) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i + k]); } }",
     "TT"},
    {"an inner loop behind",
     "void f(double *x, int n, double s) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); for (int j = 0; j < i; j++) L(s += x[j]); } }",
     "TT"},
    {"an inner loop ahead",
     "void f(double *x, int n, double s) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); for (int j = i + 1; j < n; j++) L(x[j]); } }",
     "NN"},
    {"a row passed on",
     "double x[9][9]; void f(int n) { for (int i = 0; i < n; i++) {"
     "double *row = x[i]; for (int j = 0; j < 9; j++) {"
     "E(row[j] = 1); L(row[j]); } } }",
     "AN"},
    {"a row that may be left",
     "double x[9][9]; void f(int n, int m) {"
     "for (int i = 0; i < n; i++) { double *row = x[i];"
     "for (int j = 0; j < m; j++) { E(row[j] = 1); L(row[j]); } } }",
     "TT"},
    {"all as one row",
     "double x[9][9]; void f(int n) { double *all = &x[0][0];"
     "for (int i = 0; i < 81; i++) { E(all[i] = 1); L(x[2][3]); } }",
     "TT"},
    {"another type of element",
     "double x[9]; void f(int i) { E(((float *)x)[2 * i] = 1);"
     "L(x[i + 1]); }",
     "T"},
    {"members of elements",
     "struct { double a, b; } x[9]; void f(int n) {"
     "for (int i = 1; i < n; i++) { E(x[i].a = 1); L(x[i - 1].b); } }",
     "NN"},
    {"a member of elements",
     "struct { double a, b; } x[9]; void f(int n) {"
     "for (int i = 1; i < n; i++) { E(x[i].a = 1); L(x[i].a); } }",
     "AN"},
    {"arrays in structures",
     "struct { double a[4]; } x[9]; void f(int n) {"
     "for (int i = 0; i < n; i++) for (int j = 0; j < 4; j++) {"
     "E(x[i].a[j] = 1); L(x[i].a[j]); } }",
     "AN"},
    {"a pointer for this iteration",
     "double x[9]; void f(int n) { for (int i = 0; i < n; i++) {"
     "double *p = &x[i]; E(*p = 1); L(*p); } }",
     "AN"},
    {"a pointer from before",
     "double x[9]; void f(int n) { double *p; for (int i = 0; i < n; i++) {"
     "if (i) { L(*p); } p = &x[i]; E(x[i] = 1); } }",
     "TT"},
    {"the pointer itself changes",
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); x++; L(x[i]); } }",
     "TT"},
    {"a global pointer",
     "double *x; void f(int n) { for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); L(x[i] = 2); } }",
     "AN"},
    {"while loops know no distance",
     "void f(double *x, int n) { int i = 0; while (i < n) {"
     "E(x[i] = 1); L(x[i]); i++; } }",
     "TT"},
    {"a while loop round it",
     "void f(double *x, int n, int m) { while (m--)"
     "for (int i = 0; i < n; i++) { E(x[i] = 1); L(x[i]); } }",
     "AT"},
    {"one after the other", "void f(double *x, int k) { E(x[k] = 1); L(x[k + 1]); }", "N"},
    {"changed in between", "void f(double *x, int k) { E(x[k] = 1); k++; L(x[k - 1]); }", "T"},
    {"a symbol is a global",
     "int k; void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); L(x[i + k]); } }",
     "AN"},
    {"a global that changes",
     "int k; void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); k++; L(x[i + k]); } }",
     "TT"},
    {"a global that a call changes",
     "int k; static void g(void) { k++; }"
     "void f(double *x, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); g(); L(x[i + k]); } }",
     "TT"},
    {"a global that a pointer may change",
     "int k; void f(double *x, int *p, int n) { for (int i = 0; i < n; i++) {"
     "E(x[i + k] = 1); *p = i; L(x[i + k]); } }",
     "TT"},
    {"a global pointer that a call changes",
     "double *x; void g(void); void f(int n) {"
     "for (int i = 0; i < n; i++) {"
     "E(x[i] = 1); g(); L(x[i] = 2); } }",
     "TT"},
    {"no beginning",
     "void f(double *x, int i, int n) { for (; i < n; i++) {"
     "E(x[i] = 1); L(x[i + 1]); } }",
     "NN"},
    {"no end", "void f(double *x) { for (int i = 0;; i++) { E(x[i] = 1); L(x[i]); } }", "AN"},
    {"two variables",
     "void f(double *x, int n) { for (int i = 0, j = n; i < n; i++, j--) {"
     "E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"the other of two",
     "void f(double *x, int n) { for (int i = 0, j = n; i < n; i++, j--) {"
     "E(x[j] = 1); L(x[j]); } }",
     "TT"},
    {"a header by a macro",
     "#define EACH(i, n) for (int i = 0; i < (n); i++)\n"
     "void f(double *x, int n) { EACH(i, n) { E(x[i] = 1); L(x[i]); } }",
     "AN"},
    {"the step in two places",
     "void f(double *x, int n) { for (int i = 0; i < n; i++, i++) {"
     "E(x[i] = 1); L(x[i]); } }",
     "TT"},
    {"characters are no zeros", "void f(double *x) { E(x['a'] = 1); L(x[0]); }", "T"},
    {"enumerators", "enum { A = 3, B }; void f(double *x) { E(x[A] = 1); L(x[B]); }", "N"},
};

static int run_all(const char *libclang)
{
    RUN(subscripts, libclang);
    printf("libclang %s: %u rows, %u failed\n", libclang ? libclang : "(newest)", n_checks,
           n_failed);
    return n_failed || n_checks < 80;
}
