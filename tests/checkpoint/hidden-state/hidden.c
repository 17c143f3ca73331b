#include "hidden.h"

#include <stdlib.h>
#include <string.h>

struct item {
    struct item *next;
    uint64_t value;
};
static struct item *head; /* a list, whose length changes */
static size_t n;
static uint64_t sum;

static void push(uint64_t value)
{
    struct item *item = malloc(sizeof *item);

    if (!item)
        abort();
    item->value = value;
    item->next = head;
    head = item;
    n++;
}

uint64_t hidden_next(uint64_t x)
{
    if (x % 3 == 0 && head) {
        struct item *item = head;

        head = item->next;
        sum += item->value;
        free(item);
        n--;
    } else {
        push(x ^ sum);
    }
    return head ? head->value + n : sum;
}

size_t hidden_get(void *buf, size_t capacity)
{
    size_t len = (n + 2) * sizeof(uint64_t);
    uint64_t *out = buf;

    if (len > capacity)
        return len;
    *out++ = sum;
    *out++ = n;
    for (struct item *item = head; item; item = item->next)
        *out++ = item->value;
    return len;
}

void hidden_set(const void *buf, size_t len)
{
    const uint64_t *in = buf;

    while (head) {
        struct item *next = head->next;

        free(head);
        head = next;
    }
    n = 0;
    for (size_t i = len / sizeof *in; i-- > 2;)
        push(in[i]);
    sum = in[0];
    if (n != in[1])
        abort();
}
