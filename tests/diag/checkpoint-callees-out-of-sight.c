// What callees out of sight get, and how the loop's clauses can name it.
#include <stdlib.h>

typedef struct {
    int rows, columns;
    double *data;
} matrix;
struct hidden;
struct owner {
    int n;
    double *values;
};
struct view {
    int n;
    const double *values;
};

matrix make(int rows, int columns);
void multiply(matrix out, matrix a, matrix b);
double sum(struct view v);
void set_last(struct owner *const *owners, int n);
struct hidden *begin(void);
void step(struct hidden *h);
void fill(double *const *at);

void by_value(int n)
{
    matrix a = make(4, 4), x = make(4, 1), y = make(4, 1);
#pragma checkpoint save(x.data[:4], a.data[:16]) // expected-note {{write e.g. 'save(y.data[:count])' with its length; or 'skip(y.data)'}}
    for (int i = 0; i < n; i++)
        multiply(y, a, x); // expected-error {{the loop changes memory behind 'y.data' that no clause covers}}
}

void by_value_and_matched(int n)
{
    matrix a = make(4, 4), y = make(4, 1);
#pragma checkpoint save(a.data[:16]) match(y.data[:4])
    for (int i = 0; i < n; i++)
        multiply(y, a, a); // expected-error {{the loop changes 'y.data', which 'match' names}}
}

double by_value_to_const(struct view v, int n)
{
    double s = 0;
#pragma checkpoint match(v.values[:v.n])
    for (int i = 0; i < n; i++)
        s += sum(v); //
    return s;
}

void behind_pointers_to_const_pointers(struct owner *o, int n)
{
    struct owner *const all[1] = {o};
#pragma checkpoint match(*o)
    for (int i = 0; i < n; i++)
        set_last(all, 1); // expected-error {{the loop changes}}
}

static matrix field;

void of_a_global(int n)
{
    field = make(2, 2);
#pragma checkpoint // expected-note {{write e.g. 'save(field.data[:count])'}}
    for (int i = 0; i < n; i++)
        multiply(field, field, field); // expected-error {{the loop changes memory behind 'field.data' that no clause covers}}
}

static void twice(matrix m)
{
    multiply(m, m, m); // expected-error {{the loop changes memory behind 'y.data' that no clause covers}}
    multiply(m, m, m);
}

void in_a_callee(int n)
{
    matrix y = make(4, 4);
#pragma checkpoint // expected-note {{write e.g. 'save(y.data[:count])'}}
    for (int i = 0; i < n; i++)
        twice(y); // expected-note {{'in_a_callee' calls 'twice' here}}
}

void of_unknown_type(int n)
{
    struct hidden *h = begin();
#pragma checkpoint // expected-note {{the size of '*h' is unknown here: copy it in functions that 'state(get, set)' names, with 'skip(h)'}}
    for (int i = 0; i < n; i++)
        step(h); // expected-error {{the loop changes memory behind 'h' that no clause covers}}
}

void without_a_name(int n)
{
    double *const a[2] = {malloc(8), malloc(8)};
#pragma checkpoint // expected-note {{take a pointer to it in front of the loop, and write a shape for that; or 'trust(fill)'}}
    for (int i = 0; i < n; i++)
        fill(a); // expected-error {{the loop changes memory that 'fill' is given, and that no clause covers}}
}

/* Set in each iteration. */
void skipped(int n)
{
    struct owner tmp = {0, NULL};
    double s = 0;
#pragma checkpoint // expected-note {{write e.g. 'save(tmp.values[:count]) alloc(tmp.values[:capacity])'; or 'skip(tmp.values)', if each iteration sets it before it is used}}
    for (int i = 0; i < n; i++) {
        tmp.values = malloc(8); // expected-error {{the loop gives 'tmp.values' memory that it allocates}}
        tmp.values[0] = i;
        s += tmp.values[0];
        free(tmp.values);
    }
}

int main(int argc, char **argv)
{
    unsigned h = 0;
#pragma checkpoint name("h") // expected-note {{'name' stands for the program's arguments, which aren't compared then: copy what the loop needs to variables in front of it; or write 'skip(argv)'}}
    for (int i = 1; i < argc; i++)
        h = h * 31 + (unsigned)argv[i][0]; // expected-error {{the loop reads memory behind 'argv[i]' that no clause covers}}
    return h != 0;
}
