/* test_pool.c - blocks of the pool: apart from each other, used again, given back. */
#include <pthread.h>

#include "base/pool.h"
#include "unit/disk_help.h"

#define N 3000

static void apart(void)
{
    static unsigned char *blocks[N];
    static size_t lens[N];
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < N; i++) {
            uint64_t x = help_mix(i + round);
            lens[i] = i % 50 ? x % 5000 : x % 300000;
            CHECK((blocks[i] = memo__pool_alloc(lens[i])) != NULL);
            CHECK_EQ((uintptr_t)blocks[i] % 16, 0);
            memset(blocks[i], (int)i, lens[i]);
        }
        for (unsigned i = 0; i < N; i++) {
            unsigned wrong = 0;
            for (size_t k = 0; k < lens[i]; k++)
                wrong += blocks[i][k] != (unsigned char)i;
            CHECK_EQ(wrong, 0);
            memo__pool_free(blocks[i]);
        }
        memo__pool_trim();
    }
    memo__pool_free(NULL);
    CHECK(!memo__pool_alloc(SIZE_MAX - 3));
}

static void used_again(void)
{
    void *a = memo__pool_alloc(1000), *b = memo__pool_alloc(1000);
    memo__pool_free(a);
    memo__pool_trim(); /* b is in use: nothing goes */
    memset(b, 1, 1000);
    CHECK(memo__pool_alloc(1000) == a);
    memo__pool_free(a);
    memo__pool_free(b);
    memo__alloc_fail_at(1, 0);
    CHECK(!memo__pool_alloc(8));
    memo__alloc_fail_at(0, 0);
}

static void *worker(void *arg)
{
    unsigned char *held[64] = {NULL};
    size_t lens[64] = {0};
    uint64_t seed = (uint64_t)(uintptr_t)arg;
    for (uint64_t i = 0; i < 40000; i++) {
        uint64_t x = help_mix(seed << 32 | i), k = x % 64;
        if (held[k]) {
            CHECK_EQ(held[k][lens[k] - 1], (unsigned char)(seed + k));
            memo__pool_free(held[k]);
            held[k] = NULL;
        } else if ((held[k] = memo__pool_alloc(lens[k] = 1 + (x >> 8) % 2000))) {
            held[k][lens[k] - 1] = (unsigned char)(seed + k);
        }
        if (x % 1000 == 0)
            memo__pool_trim();
    }
    for (unsigned k = 0; k < 64; k++)
        memo__pool_free(held[k]);
    return NULL;
}

int main(void)
{
    pthread_t t[4];
    apart();
    used_again();
    for (uintptr_t k = 0; k < 4; k++)
        CHECK_EQ(pthread_create(&t[k], NULL, worker, (void *)k), 0);
    for (int k = 0; k < 4; k++)
        pthread_join(t[k], NULL);
    return check_result();
}
