// warnings: yes
// stats: late tasks>=45
/* Calls of any function with results as arguments happen in order, with the other
 * arguments as they were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 1;
    for (int k = 0; k < 600; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
#pragma concurrent
static double g(double a)
{
    for (int k = 0; k < 100; k++)
        a = a * 0.99 + 0.25;
    return a;
}

struct node {
    int value;
    struct node *next;
};
struct list {
    struct node *first, **last;
    int n;
};
static void list_add(struct list *l, int value)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        abort();
    node->value = value;
    node->next = NULL;
    *l->last = node;
    l->last = &node->next;
    l->n++;
}
static void list_push(struct list *l, int value)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        abort();
    node->value = value;
    node->next = l->first;
    if (!l->first)
        l->last = &node->next;
    l->first = node;
    l->n++;
}
static void list_show_and_free(struct list *l)
{
    printf("%d:", l->n);
    for (struct node *p = l->first, *next; p; p = next) {
        next = p->next;
        printf(" %d", p->value);
        free(p);
    }
    printf("\n");
}

#pragma synchronized
static void output(int n, FILE *file)
{
    for (int i = 0; i < n; i++)
        printf("%d %d\n", i, f(i));
    printf("start\n");
    int last = f(100);
    printf("%d\n", last);
    for (int i = 0; i < n; i++) {
        printf("[%d] ", i); /* at once */
        putchar('a' + f(i) % 26);
        fputs("\n", stdout);
        fprintf(file, "%s %a %d\n", i % 2 ? "odd" : "even", g(f(i)), i);
    }
    puts("end");
}

#pragma synchronized
static void lists(int n)
{
    struct list a = {NULL, &a.first, 0}, b = {NULL, &b.first, 0};
    for (int i = 0; i < n; i++) {
        list_add(&a, f(i));
        if (i % 3 == 0)
            list_push(&a, f(-i));
        list_push(i % 2 ? &a : &b, f(i) % 10);
    }
    list_show_and_free(&a);
    list_show_and_free(&b);
}

static double joined(double a, double b, int i)
{
    return a * i + b;
}

#pragma synchronized
static void expressions(int n, double *y)
{
    for (int i = 0; i < n; i++) {
        y[i] = 2 * g(i) + g(i + 1) - f(i);
        y[i] += joined(g(f(i)), f(i + 1), i);
        y[i] = -g(y[i]) + (i & 1 ? 1.0 : 2.0);
    }
}

/* Buffers that change: what %s shows is what was there. */
#pragma synchronized
static void buffers(int n)
{
    char text[64] = "", all[400] = "";
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "<%d>", i);
        printf("%s %d\n", text, f(i));
        sprintf(all + strlen(all), "%d,", f(i));
        text[1] = '!';
        puts(text);
    }
    puts(all);
}

int main(void)
{
    FILE *file = fopen("out.txt", "w");
    if (!file)
        return 1;
    output(9, file);
    fclose(file);
    lists(12);
    double y[12];
    expressions(12, y);
    for (int i = 0; i < 12; i++)
        printf("%a\n", y[i]);
    buffers(6);
    return 0;
}
