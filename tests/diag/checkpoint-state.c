/* What the loop changes and reads behind pointers needs a clause; the dereference is named. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *next;
    double value;
};
struct series {
    double *values;
    size_t count;
    double last;
};
union either {
    double number;
    struct node *node;
};
void fill(double *to, int n);
static double sum(const double *p, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += p[i]; // expected-error {{the loop reads memory behind 'w' that no clause covers}}
    return s;
}
static void touch(struct series *s)
{
    s->last = 1; // expected-error {{the loop changes memory behind 't' that no clause covers}}
}
extern double table[];

double reads(int n, double *p, const double *w)
{
    double s = 0;
#pragma checkpoint // expected-note {{write e.g. 'match(p[:count])'}}
    for (int i = 0; i < n; i++)
        s += p[i]; // expected-error {{the loop reads memory behind 'p' that no clause covers}}
#pragma checkpoint // expected-note {{write e.g. 'match(w[:count])'}}
    for (int i = 0; i < n; i++)
        s += sum(w, n); // expected-note {{'reads' calls 'sum' here}}
#pragma checkpoint match(p[:n])
    for (int i = 0; i < n; i++)
        s += p[i];
#pragma checkpoint skip(p)
    for (int i = 0; i < n; i++)
        s += p[i];
    return s;
}

void writes(int n, double *p, struct series *s, struct series *t)
{
#pragma checkpoint // expected-note {{write e.g. 'save(p[:count])'}}
    for (int i = 0; i < n; i++)
        p[i] = i; // expected-error {{the loop changes memory behind 'p' that no clause covers}}
#pragma checkpoint // expected-note {{write e.g. 'save(s->values[:count])'}}
    for (int i = 0; i < n; i++)
        s->values[i] = i; // expected-error {{the loop changes memory behind 's->values' that no clause covers}}
#pragma checkpoint // expected-note {{'save(t[:count])'}}
    for (int i = 0; i < n; i++)
        touch(t); // expected-note {{'writes' calls 'touch' here}}
#pragma checkpoint match(p[:n])
    for (int i = 0; i < n; i++)
        p[i] += i; // expected-error {{the loop changes 'p', which 'match' names}}
#pragma checkpoint // expected-note {{'save(p[:count])'}}
    for (int i = 0; i < n; i++)
        fill(p, n); // expected-error {{the loop changes memory behind 'p' that no clause covers}}
#pragma checkpoint // expected-note {{'save(table[:count])'}}
    for (int i = 0; i < n; i++)
        table[i] = i; // expected-error {{the size of 'table', which belongs to the loop's state, is unknown here}}
#pragma checkpoint save(table[:n], p[:n])
    for (int i = 0; i < n; i++)
        table[i] = p[i] = i;
}

double pointers(struct node *head, int n, union either e)
{
    double s = 0;
    const char *word = "";
    double *p = NULL, *r = NULL, one = 0;
#pragma checkpoint save(*head) // expected-note {{name that memory in 'save'}} expected-note {{write 'match(k->value)'}}
    for (struct node *k = head; k; k = k->next) // expected-error {{'k', which the loop changes, may point to memory that no clause saves}}
        s += k->value; // expected-error {{the loop reads memory behind 'k'}}
#pragma checkpoint // expected-note {{'save(p[:count]) alloc(p[:capacity])'}}
    for (int i = 0; i < n; i++) {
        double *q = realloc(p, (size_t)i * sizeof *q);
        p = q; // expected-error {{the loop gives 'p' memory that it allocates}}
    }
#pragma checkpoint // expected-note {{give that text a name, as in 'static const char text[] = "..."'; or write 'skip(word)'}}
    for (int i = 0; i < n; i++)
        word = i % 2 ? "odd" : "even"; // expected-error {{'word', which the loop changes, may point to a string literal}}
#pragma checkpoint skip(word)
    for (int i = 0; i < n; i++)
        word = i % 2 ? "odd" : "even";
#pragma checkpoint
    for (int i = 0; i < n; i++) {
        r = &one; /* a variable is known by its name */
        *r = i;
    }
#pragma checkpoint // expected-note {{write 'skip(e)' and 'state(get, set)' with functions that save it}}
    for (int i = 0; i < n; i++)
        e.node = head; // expected-error {{'e', which the loop changes, is a union that may hold a pointer}}
    puts(word);
    return s + *r + one;
}

void streams(int n)
{
    FILE *log = NULL;
#pragma checkpoint // expected-note {{open 'log' in front of the loop and write 'file(log)'}}
    for (int i = 0; i < n; i++)
        if (!log)
            log = fopen("log", "w"); // expected-error {{stream 'log' is opened in the loop and used in more than one iteration}}
    if (log)
        fclose(log);
}

int arguments(int n, ...)
{
    va_list ap;
    int s = 0;
    va_start(ap, n);
#pragma checkpoint
    for (int i = 0; i < n; i++)
        s += va_arg(ap, int); // expected-error {{a loop that takes variable arguments can't be saved}}
    va_end(ap);
    return s;
}

static int count; /* another one */
int hides(int n)
{
    int count = 0;
#pragma checkpoint
    for (int i = 0; i < n; i++)
        count += i;
    return count;
}

int hidden(int n)
{
    int x = 0, *p = &x; // expected-note {{'x' declared here}}
    {
        int x = 0;
#pragma checkpoint
        for (int i = 0; i < n; i++) {
            (*p)++; // expected-error {{'x' belongs to the loop's state, and a variable of the same name hides it}}
            x++;
        }
    }
    return x;
}
