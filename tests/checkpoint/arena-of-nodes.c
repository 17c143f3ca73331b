// Lists and a tree whose nodes lie in one block: links, a pointer to the last link, a free list.
#include "sim.h"

enum { CAPACITY = 300 };

struct node {
    struct node *next, *child[2];
    uint64_t key;
    unsigned count;
};

struct queue {
    struct node *head, **tail;
    size_t n;
};

static void push(struct queue *q, struct node *node)
{
    node->next = NULL;
    *q->tail = node;
    q->tail = &node->next;
    q->n++;
}

static struct node *pop(struct queue *q)
{
    struct node *node = q->head;

    if (!node)
        return NULL;
    q->head = node->next;
    if (!q->head)
        q->tail = &q->head;
    q->n--;
    return node;
}

static void insert(struct node **root, struct node *node)
{
    while (*root)
        root = &(*root)->child[node->key > (*root)->key];
    *root = node;
}

static uint64_t walk(const struct node *node)
{
    return node ? walk(node->child[0]) * 31 + node->key + node->count + walk(node->child[1]) * 17
                : 1;
}

int main(void)
{
    struct node *nodes = calloc(CAPACITY, sizeof *nodes), *unused = NULL, *root = NULL;
    struct queue queue = {.tail = &queue.head};
    uint64_t x = 21, d = 0;

    for (int i = CAPACITY; i-- > 0;) {
        nodes[i].next = unused;
        unused = &nodes[i];
    }
#pragma checkpoint save(nodes[:CAPACITY]) every(5 iterations)
    for (int t = 0; t < 400; t++) {
        struct node *node = NULL;

        x = spend(x);
        if (x % 5 < 3 && unused) {
            node = unused;
            unused = node->next;
            node->key = x;
            push(&queue, node);
        } else if ((node = pop(&queue))) {
            if (x % 7 == 0) {
                node->next = unused;
                unused = node;
            } else {
                node->child[0] = node->child[1] = NULL;
                insert(&root, node);
            }
        }
        if (root)
            root->count++;
    }
    for (struct node *node = queue.head; node; node = node->next)
        d = d * 7 + node->key;
    for (struct node *node = unused; node; node = node->next)
        d = d * 5 + (uint64_t)(node - nodes);
    print("queue", d);
    print("tree", walk(root));
    printf("%zu\n", queue.n);
    free(nodes);
    return 0;
}
