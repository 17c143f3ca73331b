/* test_fast.c - the scalar tables, asked as generated code asks them. */
#include "store/fast.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static __thread memo_abi_u64 hits[1];
static __thread struct memo_thread self;

static void become_known(void)
{
    self.m_hits = hits;
    memo_abi_self = &self;
}

static uint64_t mix(uint64_t x)
{
    x = (x + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    return x ^ x >> 29;
}

/* The value of a key: both words follow from it. */
static void value_of(uint64_t a, uint64_t b, uint64_t value[2])
{
    value[0] = mix(a ^ mix(b));
    value[1] = mix(value[0]);
}

static void put(struct memo_site *site, uint64_t a, uint64_t b)
{
    uint64_t key[2] = {a, b}, value[2];

    value_of(a, b, value);
    memo__fast_put(site, key, value, a + 1, b + 2);
}

/* Whether it is there; a wrong value is a failure. */
static bool get(const struct memo_site *site, uint64_t a, uint64_t b)
{
    uint64_t want[2], got[2] = {0, 0};

    if (!memo_abi_fast(site, a, b, got, sizeof got))
        return false;
    value_of(a, b, want);
    CHECK_EQ(got[0], want[0]);
    CHECK_EQ(got[1], want[1]);
    return true;
}

static void puts_and_gets(void)
{
    static struct memo_site site;
    uint64_t before;

    CHECK(!get(&site, 1, 2));
    put(&site, 1, 2);
    before = hits[0];
    CHECK(get(&site, 1, 2));
    CHECK_EQ(hits[0], before + 1);
    CHECK(self.m_last != NULL);
    CHECK_EQ(self.m_last->m_created_ns, 2);
    CHECK_EQ(self.m_last->m_cost_ns, 4);
    CHECK(!get(&site, 2, 1));
    CHECK(!get(&site, 1, 0));
    CHECK_EQ(hits[0], before + 1);
    put(&site, 0, 0); /* the key that looks like an empty slot */
    CHECK(get(&site, 0, 0));
    memo_abi_self = NULL;
    CHECK(!get(&site, 1, 2));
    become_known();
    CHECK(get(&site, 1, 2));
    CHECK_EQ((uintptr_t)site.m_fast->m_slots % 64, 0);
}

static void the_newest_value_counts(void)
{
    static struct memo_site site;
    uint64_t key[2] = {5, 0}, value[2] = {0, 0};
    unsigned char small = 0;

    for (uint64_t v = 1; v < 1000; v++) {
        value[0] = v;
        memo__fast_put(&site, key, value, 0, 0);
        CHECK(memo_abi_fast(&site, 5, 0, &small, 1));
        CHECK_EQ(small, v & 0xff);
    }
}

static void deleting_and_clearing(void)
{
    static struct memo_site site, other;
    uint64_t key[2] = {3, 3}, absent[2] = {4, 4};

    memo__fast_del(&site, key); /* without a table */
    memo__fast_clear(&site);
    for (uint64_t i = 0; i < 20; i++) {
        put(&site, i, i);
        put(&other, i, i);
    }
    put(&site, 3, 3);
    memo__fast_del(&site, absent);
    put(&site, 4, 4);
    memo__fast_del(&site, key);
    CHECK(!get(&site, 3, 3));
    CHECK(get(&site, 4, 4));
    CHECK(get(&other, 3, 3));
    memo__fast_clear(&site);
    for (uint64_t i = 0; i < 20; i++)
        CHECK(!get(&site, i, i));
    CHECK(get(&other, 3, 3));
    put(&site, 3, 3);
    CHECK(get(&site, 3, 3));
}

/* More keys than slots: what is asked again and again is soon all there. */
static void a_table_grows_until_it_no_longer_thrashes(void)
{
    static struct memo_site site;
    const uint64_t n = 20000;
    uint64_t misses = n, first_shift;

    put(&site, 0, 9);
    first_shift = site.m_fast->m_shift;
    CHECK_EQ(first_shift, 56);
    for (int round = 0; round < 40 && misses > 0; round++) {
        misses = 0;
        for (uint64_t i = 0; i < n; i++)
            if (!get(&site, i, 9)) {
                misses++;
                put(&site, i, 9);
            }
    }
    CHECK(misses < n / 50);
    CHECK(site.m_fast->m_shift >= 46);
    CHECK(site.m_fast->m_shift < first_shift);
}

/* Never beyond the largest table. */
static void tables_are_bounded(void)
{
    static struct memo_site site;

    for (uint64_t i = 0; i < 3000000; i++)
        put(&site, mix(i), i);
    CHECK_EQ(site.m_fast->m_shift, 46);
    CHECK(get(&site, mix(2999999), 2999999));
}

/* ---- threads ---- */

#define N_THREADS 4
static struct memo_site shared;

static void *crowd(void *arg)
{
    uint64_t state = (uint64_t)(uintptr_t)arg, found = 0;

    become_known();
    for (int i = 0; i < 200000; i++) {
        uint64_t a, key[2];
        state = mix(state);
        a = state % 3000;
        key[0] = key[1] = a;
        if (get(&shared, a, a))
            found++;
        else if (state >> 40 & 1)
            put(&shared, a, a);
        if (state >> 41 % 64 == 0)
            memo__fast_del(&shared, key);
        if (state % 20011 == 7)
            memo__fast_clear(&shared);
    }
    CHECK(found > 1000);
    return NULL;
}

static void threads_never_see_half_a_value(void)
{
    pthread_t threads[N_THREADS];

    for (uintptr_t i = 0; i < N_THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, crowd, (void *)(i + 1)), 0);
    for (int i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* Values of one key that change all the time: the halves belong together. */
static bool is_done;

static void *write_on(void *arg)
{
    uint64_t key[2] = {1, 1}, value[2];

    for (uint64_t i = 0; i < 300000; i++) {
        value[0] = mix(i);
        value[1] = ~value[0];
        memo__fast_put(arg, key, value, 0, 0);
    }
    __atomic_store_n(&is_done, true, __ATOMIC_RELEASE);
    return NULL;
}

static void changing_values_are_never_torn(void)
{
    static struct memo_site site;
    uint64_t got[2], torn = 0;
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, write_on, &site), 0);
    while (!__atomic_load_n(&is_done, __ATOMIC_ACQUIRE))
        if (memo_abi_fast(&site, 1, 1, got, sizeof got))
            torn += got[1] != ~got[0];
    pthread_join(thread, NULL);
    CHECK_EQ(torn, 0);
    CHECK(memo_abi_fast(&site, 1, 1, got, sizeof got) && got[0] == mix(299999));
}

static void fork_keeps_entries_and_locks(void)
{
    static struct memo_site site;
    int status;
    pid_t pid;

    put(&site, 1, 1);
    pid = fork(); /* the runtime's handlers, registered before main, hold the lock meanwhile */
    if (pid == 0) {
        check_failures = 0;
        CHECK(get(&site, 1, 1));
        put(&site, 2, 2);
        CHECK(get(&site, 2, 2));
        _exit(check_failures != 0);
    }
    CHECK(pid > 0);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    put(&site, 3, 3);
    CHECK(get(&site, 3, 3));
    CHECK(!get(&site, 2, 2));
}

/* Last: no table fits any more. */
static void without_room_nothing_is_stored(void)
{
    static struct memo_site site;

    memo__fast_set_limit(0);
    put(&site, 1, 1);
    CHECK(site.m_fast == NULL);
    CHECK(!get(&site, 1, 1));
}

int main(void)
{
    become_known();
    puts_and_gets();
    the_newest_value_counts();
    deleting_and_clearing();
    a_table_grows_until_it_no_longer_thrashes();
    threads_never_see_half_a_value();
    changing_values_are_never_torn();
    fork_keeps_entries_and_locks();
    tables_are_bounded();
    without_room_nothing_is_stored();
    return check_result();
}
