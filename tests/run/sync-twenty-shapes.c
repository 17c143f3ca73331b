// stats: late tasks>=70
/* Twenty shapes of loops that a well-known predecessor gets wrong, each by its name. */
#include <stdio.h>
#include <string.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 3;
    for (int k = 0; k < 500; k++)
        h = h * 134775813u + 1u;
    return (int)(h >> 22);
}
#pragma concurrent
static int g(int i)
{
    return f(i) * 2 + 1;
}

struct array {
    int v[8];
    int n;
};
static struct array show_and_clear(const char *name, struct array a)
{
    printf("%s:", name);
    for (int i = 0; i < a.n; i++)
        printf(" %d", a.v[i]);
    printf("\n");
    return (struct array){{0}, 8};
}
#define DONE(name) a = show_and_clear(name, a)

/* Writes d[0]. */
#pragma concurrent out(d[:1])
static void set_first(int *d, int i)
{
    d[0] = f(i);
}
#pragma concurrent in(v[:n])
static int sum_of(const int *v, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * 3 + v[i];
    return f(sum) + sum;
}
static void insert(struct array *a, int at, int value)
{
    memmove(a->v + at + 1, a->v + at, (size_t)(a->n - at) * sizeof a->v[0]);
    a->v[at] = value;
    a->n++;
}
static int changed_between;
#pragma concurrent in(changed_between)
static int with_a_global(int i)
{
    return f(i) + changed_between;
}

#pragma synchronized
static void orders(void)
{
    struct array a = {{0}, 8};
    set_first(a.v, 1);
    set_first(a.v, 2);
    DONE("1 two calls write the same element");
    a.v[3] = f(1);
    a.v[3] = g(1);
    DONE("2 two functions, one element");
    a.v[0] = f(5);
    DONE("3 a constant subscript");
    const int keys[4] = {6, 0, 4, 1};
    for (int i = 0; i < 4; i++)
        a.v[keys[i]] = f(i);
    DONE("4 a subscript from an array");
}

#pragma synchronized
static void stages(void)
{
    struct array a = {{0}, 8}, b = {{0}, 8};
    for (int i = 0; i < 4; i++)
        a.v[i] = f(i);
    for (int i = 0; a.v[i]; i++)
        b.v[i] = g(a.v[i] + i);
    b = show_and_clear("5 a loop whose header reads what is pending", b);
    for (int i = 0; i < 8; i++)
        a.v[i] = f(i);
    for (int i = 0; i < 8; i++)
        b.v[i] = g(a.v[i]);
    b = show_and_clear("6 the results of one loop are the arguments of the next", b);
    for (int i = 0; i < 8; i++)
        a.v[i] = f(i ? a.v[i - 1] : 7);
    DONE("7 each call needs the one before");
    b.v[0] = f(1);
    b.v[1] = sum_of(b.v, 1);
    for (int i = 0; i < 8; i++)
        a.v[i] = f(i);
    b.v[2] = sum_of(a.v, 8);
    b = show_and_clear("15 a call that reads what another wrote", b);
    DONE("15 and that");
}

#pragma synchronized
static void conditions(int c)
{
    struct array a = {{0}, 0};
    while (a.n < 3)
        a.v[a.n] = f(a.n), a.n++;
    DONE("8 a loop that counts what it made");
    int n = 0;
    while (a.v[0] < 2000) {
        a.v[0] += f(n);
        n++;
    }
    printf("%d ", n);
    DONE("8 a loop that ends by a result");
    a.v[0] = f(7);
    int y = c ? a.v[0] : 0;
    a.v[1] = y;
    DONE("14 a conditional operator reads a result");
}

#pragma synchronized
static struct array early(int limit)
{
    struct array a = {{0}, 0};
    for (int i = 0; i < 8; i++) {
        if (i == limit)
            return a;
        a.n = i + 1;
        a.v[i] = f(i);
    }
    return a;
}

#pragma synchronized
static void consumers(void)
{
    struct array a = {{0}, 8}, lists[3] = {{{0}, 0}, {{0}, 0}, {{0}, 0}};
    for (int i = 0; i < 3; i++)
        insert(&lists[i], lists[i].n, f(i));
    for (int i = 0; i < 3; i++)
        show_and_clear("10 each list has its own", lists[i]);
    a.n = 0;
    for (int i = 0; i < 4; i++)
        insert(&a, i % 2 ? 0 : a.n, f(i));
    DONE("11 arguments as they were");
    printf("12 an argument by its value %d\n", sum_of((const int *)a.v, (int)sizeof a.v / 4));
    a.v[1] = f(1);
    printf("13 an expression as argument %d\n", sum_of(a.v + (a.v[1] & 1), 2) + a.v[1]);
    printf("16 first %d\n", f(1));
    printf("16 after\n");
}

#pragma concurrent inout(a[:1])
static void append(struct array *a, int i)
{
    a->v[a->n++] = f(i);
}

#pragma synchronized
static void the_rest(void)
{
    struct array a = {{0}, 0};
    for (int i = 0; i < 5; i++)
        append(&a, i);
    DONE("17 what the call appends");
    int status[3], *q;
    for (int i = 0; i < 3; i++)
        status[i] = f(i) % 2 ? -1 : i;
    int n_failed = 0, first_failed = -1;
    for (int i = 0; i < 3; i++)
        if (status[i] < 0 && !n_failed++)
            first_failed = i;
    printf("18 the first failure %d %d\n", first_failed, n_failed);
    for (int k = 0; k < 3; k++) {
        changed_between = k * 1000;
        for (int i = 0; i < 2; i++)
            a.v[k * 2 + i] = with_a_global(i);
    }
    changed_between = -1;
    DONE("19 a global that changes between the calls");
    q = a.v;
    a.v[2] = f(2);
    printf("20 another name %d %d\n", q[2], *(q + 2));
}

int main(void)
{
    orders();
    stages();
    conditions(1);
    conditions(0);
    show_and_clear("9 a return in front of the call", early(3));
    show_and_clear("9 and none", early(99));
    consumers();
    the_rest();
    return 0;
}
