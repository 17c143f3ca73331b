/* order.c - batches in a given order; see order.h. */
#include "task/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "task/claim.h"

bool memo__order_parse(const char *text, struct memo__order *order)
{
    char *end;

    order->kind = MEMO__ORDER_ANY;
    order->seed = 0;
    if (strcmp(text, "serial") == 0) {
        order->kind = MEMO__ORDER_SERIAL;
    } else if (strcmp(text, "late") == 0) {
        order->kind = MEMO__ORDER_LATE;
    } else if (strcmp(text, "reverse") == 0) {
        order->kind = MEMO__ORDER_REVERSE;
    } else if (strncmp(text, "random:", 7) == 0 && text[7] >= '0' && text[7] <= '9') {
        errno = 0;
        order->seed = strtoull(text + 7, &end, 10);
        if (*end || errno != 0)
            return false;
        order->kind = MEMO__ORDER_RANDOM;
    } else {
        return false;
    }
    return true;
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Each batch has a permutation of its own, the same in each run of the program. */
static void run_shuffled(struct memo__batch *b, uint64_t seed)
{
    static uint64_t n_batches; /* one thread at a time matters: only tests want the same again */
    uint64_t state =
        seed * 0x2545f4914f6cdd1du + __atomic_fetch_add(&n_batches, 1, __ATOMIC_RELAXED);
    size_t size = b->n * sizeof(uint32_t);
    uint32_t few[256], *at = few, i;

    if (b->n > 256)
        at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        memo__claim_run(b, 0, b->n, 0);
        return;
    }
    for (i = 0; i < b->n; i++) {
        uint32_t j = (uint32_t)(next_random(&state) % (i + 1));

        at[i] = at[j];
        at[j] = i;
    }
    for (i = 0; i < b->n; i++)
        memo__claim_run(b, at[i], at[i] + 1, 0);
    if (at != few)
        munmap(at, size);
}

void memo__order_run(struct memo__batch *b, const struct memo__order *order)
{
    uint32_t i;

    if (order->kind == MEMO__ORDER_RANDOM)
        run_shuffled(b, order->seed);
    else if (order->kind == MEMO__ORDER_REVERSE)
        for (i = b->n; i > 0; i--)
            memo__claim_run(b, i - 1, i, 0);
    else
        memo__claim_run(b, 0, b->n, 0);
}
