// warnings: yes
// stats: late tasks>=45
/* Results go into lists, trees and growing arrays. */
#include <stdio.h>
#include <stdlib.h>

struct node {
    int key;
    double value;
    struct node *next, *left, *right;
};

#pragma concurrent
static double f(int i)
{
    double x = i;
    for (int k = 1; k < 200; k++)
        x = x * 0.75 + (double)(i % k) / k;
    return x;
}
#pragma concurrent
static double of_node(const struct node *p)
{
    return f(p->key) + (p->next ? p->next->key : 0);
}
#pragma concurrent
static double of_list(const struct node *p)
{
    double sum = 0;
    for (; p; p = p->next)
        sum = sum * 0.5 + p->value;
    return sum;
}
#pragma concurrent
static void settle(struct node *p, int i)
{
    p->value += f(i);
    p->key ^= i;
}

static struct node *node(int key)
{
    struct node *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->key = key;
    return p;
}

#pragma synchronized
static struct node *list(int n)
{
    struct node *first = NULL;
    for (int i = 0; i < n; i++) {
        struct node *p = node(i);
        p->value = f(i);
        p->next = first;
        first = p;
    }
    for (struct node *p = first; p; p = p->next)
        p->value += of_node(p);
    double sum = 0;
    for (struct node *p = first; p; p = p->next)
        sum += p->value;
    first->value = sum;
    first->next->value = of_list(first);
    for (struct node *p = first; p && p->next; p = p->next->next)
        settle(p, p->next->key);
    return first;
}

/* Reversed while results are due. */
#pragma synchronized
static struct node *reversed(struct node *p)
{
    struct node *last = NULL;
    while (p) {
        struct node *next = p->next;
        p->value = of_list(p);
        p->next = last;
        last = p;
        p = next;
    }
    return last;
}

#pragma concurrent
#pragma synchronized
static double tree_sum(struct node *p)
{
    if (!p)
        return 0;
    double left = tree_sum(p->left);
    double right = tree_sum(p->right);
    p->value = left + right + f(p->key);
    return p->value;
}
#pragma synchronized
static struct node *tree(int n)
{
    struct node *root = NULL;
    for (int i = 0; i < n; i++) {
        struct node **at = &root, *p = node(i * 7 % n);
        while (*at)
            at = p->key < (*at)->key ? &(*at)->left : &(*at)->right;
        *at = p;
        p->value = f(i);
    }
    return root;
}
static void show_and_free(struct node *p)
{
    if (!p)
        return;
    show_and_free(p->left);
    printf("%d %a\n", p->key, p->value);
    show_and_free(p->right);
    free(p);
}

struct array {
    double *v;
    size_t n, room;
};
static void push(struct array *a, double value)
{
    if (a->n == a->room) {
        a->room = a->room ? 2 * a->room : 2;
        a->v = realloc(a->v, a->room * sizeof *a->v);
        if (!a->v)
            abort();
    }
    a->v[a->n++] = value;
}
#pragma synchronized
static struct array grown(int n)
{
    struct array a = {NULL, 0, 0};
    for (int i = 0; i < n; i++) {
        push(&a, f(i));
        if (i % 5 == 4)
            a.v[i - 2] = f(-i); /* in place: the array may move later */
        push(&a, i);
        a.v[a.n - 1] += f(i);
    }
    return a;
}

int main(void)
{
    struct node *first = reversed(list(9));
    while (first) {
        struct node *next = first->next;
        printf("%d %a\n", first->key, first->value);
        free(first);
        first = next;
    }
    struct node *root = tree(11);
    printf("%a\n", tree_sum(root));
    show_and_free(root);
    struct array a = grown(12);
    for (size_t i = 0; i < a.n; i++)
        printf("%a ", a.v[i]);
    printf("\n");
    free(a.v);
    return 0;
}
