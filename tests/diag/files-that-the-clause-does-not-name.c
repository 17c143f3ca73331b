/* `file` allows reading the file it names, not others. */
#include <stdarg.h>
#include <stdio.h>

static int first(const char *path)
{
    FILE *f = fopen(path, "r");
    int c = f ? fgetc(f) : -1;
    if (f)
        fclose(f);
    return c;
}

#pragma memo file(path)
int fine(const char *path)
{
    return first(path);
}

#pragma memo file("table.txt")
int fine_too(int n)
{
    FILE *f = fopen("table.txt", "r");
    int c = f ? fgetc(f) : -1;
    if (f)
        fclose(f);
    return c + n;
}

#pragma memo file(p) // expected-note {{write 'file(path)'}}
int other_parameter(const char *p, const char *q)
{
    FILE *f = fopen(p, "r"), *g = fopen(q, "r"); // expected-error {{memoized function 'other_parameter' uses files: it calls 'fopen'}}
    int c = f && g ? fgetc(f) + fgetc(g) : 0;
    if (f)
        fclose(f);
    if (g)
        fclose(g);
    return c;
}

#pragma memo file(p) // expected-note {{write 'file(path)'}}
int other_literal(const char *p)
{
    FILE *f = fopen("other.txt", "r"); // expected-error {{memoized function 'other_literal' uses files: it calls 'fopen'}}
    int c = f ? fgetc(f) : -1;
    if (f)
        fclose(f);
    return c + p[0];
}

#pragma memo
int list(int n, va_list a) // expected-error {{a function with a parameter of type 'va_list' can't be memoized}}
{
    return n + va_arg(a, int);
}

struct text {
    int n;
    char bytes[];
};

#pragma memo in(*t) // expected-note {{add a shape for it to 'in', or 'ignore' it; it starts from 't'}}
int flexible(const struct text *t)
{
    return t->bytes[t->n - 1]; // expected-error {{memoized function 'flexible' reads memory behind 't' that no shape covers}}
}

#pragma memo in(*u, u->bytes[:u->n])
int flexible_with_shape(const struct text *u)
{
    return u->bytes[u->n - 1];
}
