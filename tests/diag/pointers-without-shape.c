/* The error stands at the access that needs the shape. */
#include <stddef.h>

struct list {
    int n;
    struct list *next;
};

#pragma memo
int first(const int *p)
{
    return p[0]; // expected-error {{pointer 'p' has no shape}}
}

static int deep(const int *q)
{
    return *q; // expected-error {{pointer 'p' has no shape}}
}

#pragma memo
int through(const int *p)
{
    return deep(p); // expected-note {{'through' calls 'deep' here}}
}

#pragma memo
int unused(const int *p) // expected-error {{pointer parameter 'p' has no shape}}
{
    return p == NULL;
}

#pragma memo
int call(int (*f)(int)) // expected-error {{function pointer 'f' has no shape}}
{
    return f(3);
}

#pragma memo
int *result(int n) // expected-error {{'result' returns a pointer}}
{
    return NULL;
}

#pragma memo in(*l) // expected-error {{pointer '*l.next' has no shape}}
int whole(const struct list *l)
{
    return l->n;
}

#pragma memo in(l->n)
int walks(const struct list *l)
{
    int n = 0;
    for (; l; l = l->next) // expected-error {{reads memory behind 'l' that no shape covers}}
        n += l->n;
    return n;
}

#pragma memo
struct list returns_pointer(int n) // expected-error {{pointer 'result.next' has no shape}}
{
    struct list l = {n, NULL};
    return l;
}
