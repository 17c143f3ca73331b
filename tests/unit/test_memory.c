/* test_memory.c - the memory tier: what is found is what was stored, alone, with
 * many threads, and under a small bound.
 *
 * Every value can be checked by itself: its words follow from its key and from a
 * version, so that a torn copy, or one of another key, is seen. */
#include "store/store_memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "check.h"

#define N_LENGTHS 8
static const size_t lengths[N_LENGTHS] = {8, 64, 96, 400, 1000, 3000, 20000, 100000};

static uint64_t mix(uint64_t x)
{
    x = (x + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    return x ^ x >> 29;
}

/* Small keys have their number in their bytes; long ones only a hash. */
static void make_key(uint64_t id, bool is_long, struct memo__key *key)
{
    memset(key, 0, sizeof *key);
    key->hash[0] = mix(id);
    key->hash[1] = mix(mix(id) + 7);
    key->args_hash = mix(id + 1000);
    key->len = is_long ? MEMO__KEY_KEPT : 8 + id % 13;
    key->total = is_long ? 1000 : key->len;
    memcpy(key->bytes, &id, sizeof id);
}

/* Words of the value: the first is the version. */
static uint64_t word_of(uint64_t id, uint64_t version, size_t i)
{
    return i == 0 ? version : mix(id * 31 + version) + i;
}

static int store(struct memo__memory *m, uint64_t id, uint64_t version, size_t len, bool is_long)
{
    static const unsigned char layout[MEMO__DIGEST] = "layout 16 bytes";
    static __thread uint64_t words[1 << 17];
    struct memo__part parts[3] = {{words, len}, {NULL, MEMO__PART_NULL}, {NULL, 0}};
    struct memo__memory_entry e = {layout, id + 1, version + 1, parts, 3};
    struct memo__key key;

    for (size_t i = 0; i < len / 8; i++)
        words[i] = word_of(id, version, i);
    make_key(id, is_long, &key);
    return memo__memory_put(m, id % 5, &key, &e);
}

struct seen {
    uint64_t id, version;
    size_t len; /* 0: any */
    bool is_wrong;
};

static int look(void *arg, const struct memo__memory_entry *e)
{
    struct seen *s = arg;
    const uint64_t *words = e->parts[0].data;

    s->is_wrong = true;
    if (e->n_parts != 3 || (s->len && e->parts[0].len != s->len) || e->parts[1].data ||
        e->parts[1].len != MEMO__PART_NULL || e->parts[2].len != 0 || (uintptr_t)words % 8 != 0 ||
        strcmp((const char *)e->layout, "layout 16 bytes") != 0)
        return 0;
    s->version = words[0];
    if (e->created_ns != s->id + 1 || e->cost_ns != s->version + 1)
        return 0;
    for (size_t i = 0; i < e->parts[0].len / 8; i++)
        if (words[i] != word_of(s->id, s->version, i))
            return 0;
    s->is_wrong = false;
    return 0;
}

/* Whether it is there; a wrong value is a failure of the test. */
static bool find(struct memo__memory *m, uint64_t id, size_t len, bool is_long, uint64_t *version)
{
    struct seen s = {.id = id, .len = len};
    struct memo__key key;
    int err;

    make_key(id, is_long, &key);
    err = memo__memory_get(m, &key, look, &s);
    if (err != 0) {
        CHECK_EQ(err, MEMO_EMISS);
        return false;
    }
    CHECK(!s.is_wrong);
    if (version)
        *version = s.version;
    return true;
}

static struct memo__memory *new_tier(uint64_t bytes)
{
    struct memo__memory *m = NULL;

    CHECK_EQ(memo__memory_new(bytes, &m), 0);
    return m;
}

/* ---- one thread ---- */

static void stores_and_finds(void)
{
    struct memo__memory *m = new_tier((uint64_t)64 << 20);
    struct memo__key key;
    uint64_t version;

    for (uint64_t id = 0; id < 400; id++) {
        size_t len = lengths[id % N_LENGTHS];
        CHECK(!find(m, id, 0, id % 3 == 0, NULL));
        CHECK_EQ(store(m, id, 1, len, id % 3 == 0), 0);
        CHECK(find(m, id, len, id % 3 == 0, &version));
        CHECK_EQ(version, 1);
    }
    for (uint64_t id = 0; id < 400; id++) { /* other lengths: from slots to the log and back */
        CHECK_EQ(store(m, id, 2, lengths[(id + id / 50) % N_LENGTHS], id % 3 == 0), 0);
        CHECK(find(m, id, lengths[(id + id / 50) % N_LENGTHS], id % 3 == 0, &version));
        CHECK_EQ(version, 2);
    }
    for (uint64_t id = 0; id < 400; id += 2) {
        make_key(id, id % 3 == 0, &key);
        CHECK_EQ(memo__memory_del(m, &key), 0);
        CHECK_EQ(memo__memory_del(m, &key), MEMO_EMISS);
    }
    for (uint64_t id = 0; id < 400; id++)
        CHECK_EQ(find(m, id, 0, id % 3 == 0, NULL), id % 2);
    memo__memory_free(m);
}

/* Keys whose hashes are equal, but not their bytes. */
static void small_keys_are_compared_whole(void)
{
    struct memo__memory *m = new_tier((uint64_t)1 << 20);
    struct memo__key key;
    struct seen s = {.id = 5};

    for (size_t k = 1; k < N_LENGTHS; k += 3) {
        CHECK_EQ(store(m, 5, 1, lengths[k], false), 0);
        make_key(5, false, &key);
        CHECK_EQ(memo__memory_get(m, &key, look, &s), 0);
        key.bytes[key.len - 1] ^= 1;
        CHECK_EQ(memo__memory_get(m, &key, look, &s), MEMO_EMISS);
        key.bytes[key.len - 1] ^= 1;
        key.len--;
        key.total--;
        CHECK_EQ(memo__memory_get(m, &key, look, &s), MEMO_EMISS);
        make_key(5, true, &key);
        CHECK_EQ(memo__memory_get(m, &key, look, &s), MEMO_EMISS);
        make_key(5, false, &key);
        key.hash[1]++;
        CHECK_EQ(memo__memory_get(m, &key, look, &s), MEMO_EMISS);
    }
    memo__memory_free(m);
}

static int refuse(void *arg, const struct memo__memory_entry *e)
{
    (void)e;
    ++*(int *)arg;
    return MEMO_ECORRUPT;
}

static void what_use_says_is_passed_on(void)
{
    struct memo__memory *m = new_tier((uint64_t)1 << 20);
    struct memo__key key;
    int n = 0;

    for (size_t k = 0; k < N_LENGTHS; k++) {
        CHECK_EQ(store(m, k, 1, lengths[k], false), 0);
        make_key(k, false, &key);
        CHECK_EQ(memo__memory_get(m, &key, refuse, &n), MEMO_ECORRUPT);
        CHECK_EQ(n, k + 1);
    }
    memo__memory_free(m);
}

/* Many parts are read too, and none, and keys without bytes. */
static int count_parts(void *arg, const struct memo__memory_entry *e)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < e->n_parts; i++)
        sum += e->parts[i].len == 2 && memcmp(e->parts[i].data, "ab", 2) == 0;
    *(unsigned *)arg = sum;
    return 0;
}

static void any_number_of_parts(void)
{
    static const unsigned char layout[MEMO__DIGEST];
    static struct memo__part parts[MEMO__MAX_PARTS + 1];
    struct memo__memory *m = new_tier((uint64_t)16 << 20);
    struct memo__memory_entry e = {layout, 1, 1, parts, 0};
    struct memo__key key = {.hash = {3, 4}};
    unsigned sum = 77;

    for (unsigned i = 0; i <= MEMO__MAX_PARTS; i++)
        parts[i] = (struct memo__part){"ab", 2};
    for (e.n_parts = 0; e.n_parts <= MEMO__MAX_PARTS; e.n_parts += e.n_parts < 40 ? 1 : 2028) {
        CHECK_EQ(memo__memory_put(m, 1, &key, &e), 0);
        CHECK_EQ(memo__memory_get(m, &key, count_parts, &sum), 0);
        CHECK_EQ(sum, e.n_parts);
    }
    e.n_parts = MEMO__MAX_PARTS + 1;
    CHECK_EQ(memo__memory_put(m, 1, &key, &e), MEMO_EINVALID);
    memo__memory_free(m);
}

static void the_least_bound_is_enough(void)
{
    struct memo__memory *m = NULL;
    struct memo__memory_stats s;
    uint64_t id = 0;

    CHECK_EQ(memo__memory_new(MEMO__MEMORY_LEAST - 1, &m), MEMO_EINVALID);
    CHECK_EQ(memo__memory_new((uint64_t)-1 << 12, &m), MEMO_ENOMEM);
    CHECK(m == NULL);
    m = new_tier(MEMO__MEMORY_LEAST);
    for (; id < 5000; id++) {
        size_t len = lengths[id % 5];
        CHECK_EQ(store(m, id, 1, len, false), 0);
        CHECK(find(m, id, len, false, NULL));
        memo__memory_stats(m, &s);
        CHECK(s.bytes <= MEMO__MEMORY_LEAST);
    }
    CHECK(s.evicted > 3000);
    CHECK(s.entries > 20);
    CHECK_EQ(store(m, id, 1, 40000, false), MEMO_EDROPPED);
    CHECK(!find(m, id, 0, false, NULL));
    CHECK_EQ(store(m, 4999, 2, 40000, false), MEMO_EDROPPED);
    CHECK(!find(m, 4999, 0, false, NULL)); /* an old value isn't left in its place */
    memo__memory_free(m);
}

/* Nothing goes while there is room. */
static void nothing_is_lost_without_need(void)
{
    struct memo__memory *m = new_tier((uint64_t)256 << 20);
    struct memo__memory_stats s;
    uint64_t lost = 0;

    for (uint64_t id = 0; id < 200000; id++)
        CHECK_EQ(store(m, id, 1, lengths[id % 3], id % 2), 0);
    for (uint64_t id = 0; id < 200000; id++)
        lost += !find(m, id, lengths[id % 3], id % 2, NULL);
    memo__memory_stats(m, &s);
    CHECK_EQ(s.entries, 200000 - lost);
    CHECK_EQ(s.evicted, lost);
    CHECK_EQ(lost, 0);
    CHECK(s.bytes <= (uint64_t)256 << 20);
    memo__memory_free(m);
}

/* What is read again and again survives what is stored once. */
static void what_is_read_stays(void)
{
    for (size_t k = 1; k < N_LENGTHS; k += 2) {
        struct memo__memory *m = new_tier((uint64_t)4 << 20);
        struct memo__memory_stats s;
        uint64_t id, rounds = ((uint64_t)16 << 20) / lengths[k] + 200;
        unsigned kept = 0;

        for (id = 0; id < 8; id++)
            CHECK_EQ(store(m, id, 1, lengths[k], false), 0);
        for (; id < rounds; id++) {
            for (uint64_t hot = 0; hot < 8; hot++)
                find(m, hot, lengths[k], false, NULL);
            CHECK_EQ(store(m, id, 1, lengths[k], false), 0);
        }
        for (uint64_t hot = 0; hot < 8; hot++)
            kept += find(m, hot, lengths[k], false, NULL);
        memo__memory_stats(m, &s);
        CHECK(s.evicted > 0);
        CHECK(s.bytes <= (uint64_t)4 << 20);
        if (kept < 6)
            fprintf(stderr, "length %zu: %u of 8 were kept\n", lengths[k], kept);
        CHECK(kept >= 6);
        memo__memory_free(m);
    }
}

/* A phase of large entries and one of small ones each get the memory. */
static void small_and_large_share_the_bound(void)
{
    const uint64_t bound = (uint64_t)8 << 20;
    struct memo__memory *m = new_tier(bound);
    struct memo__memory_stats s;

    for (unsigned phase = 0; phase < 6; phase++) {
        size_t len = phase % 3 == 0 ? 100000 : phase % 3 == 1 ? 3000 : 400;
        uint64_t first = (uint64_t)phase * 1000000, n = 3 * bound / len, found = 0;
        for (uint64_t id = first; id < first + n; id++) {
            CHECK_EQ(store(m, id, 1, len, false), 0);
            CHECK(find(m, id, len, false, NULL));
            memo__memory_stats(m, &s);
            CHECK(s.bytes <= bound);
        }
        for (uint64_t id = first; id < first + n; id++)
            found += find(m, id, len, false, NULL);
        CHECK(found * len > bound / 4); /* of the bound, the newest of this kind */
    }
    memo__memory_free(m);
}

static void clearing_by_name(void)
{
    struct memo__memory *m = new_tier((uint64_t)64 << 20);
    uint64_t *hashes = NULL, name = 3;
    size_t n = 77;

    for (uint64_t id = 0; id < 1000; id++)
        CHECK_EQ(store(m, id, 1, lengths[id % 7], false), 0);
    CHECK_EQ(memo__memory_del_name(m, &name, &hashes, &n), 0);
    CHECK_EQ(n, 200);
    for (size_t i = 1; i < n; i++)
        CHECK(hashes[i] > hashes[i - 1]);
    memo__free(hashes);
    for (uint64_t id = 0; id < 1000; id++)
        CHECK_EQ(find(m, id, 0, false, NULL), id % 5 != 3);
    CHECK_EQ(memo__memory_del_name(m, &name, &hashes, &n), 0);
    CHECK_EQ(n, 0);
    CHECK(hashes == NULL);
    CHECK_EQ(memo__memory_del_name(m, NULL, &hashes, &n), 0);
    CHECK_EQ(n, 800);
    memo__free(hashes);
    CHECK(!find(m, 1, 0, false, NULL));
    CHECK_EQ(store(m, 1, 1, 8, false), 0);
    CHECK(find(m, 1, 8, false, NULL));
    memo__alloc_fail_at(1, 0);
    CHECK_EQ(memo__memory_del_name(m, NULL, &hashes, &n), MEMO_ENOMEM);
    memo__alloc_fail_at(0, 0);
    CHECK(!find(m, 1, 8, false, NULL));
    memo__memory_free(m);
}

/* ---- threads ---- */

#define N_THREADS 6

struct crowd {
    struct memo__memory *m;
    uint64_t n_ids, n_rounds, bound;
    pthread_barrier_t start;
    unsigned next;
    uint64_t hits, over;
};

/* Each thread stores, finds and removes at random; versions only say who wrote. */
static void *jostle(void *arg)
{
    struct crowd *c = arg;
    uint64_t me = __atomic_add_fetch(&c->next, 1, __ATOMIC_RELAXED), state = me * 77, hits = 0;

    pthread_barrier_wait(&c->start);
    for (uint64_t round = 0; round < c->n_rounds; round++) {
        uint64_t r = state = mix(state), id = r % c->n_ids, what = r >> 32;
        size_t len = lengths[(id + (what >> 8) % 3) % N_LENGTHS];
        struct memo__memory_stats s;
        struct memo__key key;
        if (what % 16 < 10) {
            hits += find(c->m, id, 0, id % 2, NULL);
        } else if (what % 16 < 15) {
            store(c->m, id, me * 1000000 + round, len, id % 2);
        } else if (what % 256 == 15) {
            uint64_t *hashes = NULL, name = id % 5;
            size_t n;
            if (memo__memory_del_name(c->m, &name, &hashes, &n) == 0)
                memo__free(hashes);
        } else {
            make_key(id, id % 2, &key);
            memo__memory_del(c->m, &key);
        }
        if (round % 64 == 0) {
            memo__memory_stats(c->m, &s);
            if (s.bytes > c->bound)
                __atomic_add_fetch(&c->over, 1, __ATOMIC_RELAXED);
        }
    }
    __atomic_add_fetch(&c->hits, hits, __ATOMIC_RELAXED);
    return NULL;
}

static void many_threads(uint64_t bound, uint64_t n_ids, uint64_t n_rounds)
{
    struct crowd c = {.m = new_tier(bound), .n_ids = n_ids, .n_rounds = n_rounds, .bound = bound};
    struct memo__memory_stats s;
    pthread_t threads[N_THREADS];

    pthread_barrier_init(&c.start, NULL, N_THREADS);
    for (int i = 0; i < N_THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, jostle, &c), 0);
    for (int i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
    memo__memory_stats(c.m, &s);
    CHECK_EQ(c.over, 0);
    CHECK(c.hits > 0);
    CHECK(s.entries <= n_ids);
    pthread_barrier_destroy(&c.start);
    memo__memory_free(c.m);
}

/* Readers and writers of a tier so small that everything is overwritten all the
 * time, more of them than processors: readers are interrupted in the middle. */
struct hammer {
    struct memo__memory *m;
    size_t len;
    bool is_done;
    unsigned next;
    uint64_t hits;
};

static void *hit_and_run(void *arg)
{
    struct hammer *h = arg;
    uint64_t me = __atomic_add_fetch(&h->next, 1, __ATOMIC_RELAXED), hits = 0;

    for (uint64_t i = me; !__atomic_load_n(&h->is_done, __ATOMIC_ACQUIRE); i++) {
        if (me % 3 == 0)
            store(h->m, i % 90, i, h->len, i % 2);
        else
            for (uint64_t id = 0; id < 90; id++)
                hits += find(h->m, id, h->len, id % 2, NULL);
    }
    __atomic_add_fetch(&h->hits, hits, __ATOMIC_RELAXED);
    return NULL;
}

static void nothing_is_torn_when_all_is_overwritten(size_t len, uint64_t bound, unsigned ms)
{
    struct hammer h = {.m = new_tier(bound), .len = len};
    pthread_t threads[N_THREADS];

    for (int i = 0; i < N_THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, hit_and_run, &h), 0);
    usleep(ms * 1000);
    __atomic_store_n(&h.is_done, true, __ATOMIC_RELEASE);
    for (int i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK(h.hits > 0);
    memo__memory_free(h.m);
}

/* An entry that is being read stays what it is, whatever is stored, and it isn't
 * found any more once it was replaced. */
struct held {
    struct memo__memory *m;
    struct seen seen;
    size_t len;
};

static void *flood(void *arg)
{
    struct held *h = arg;

    CHECK_EQ(store(h->m, 1, 2, h->len, false), 0); /* the one that is being read */
    for (uint64_t id = 100; id < 100 + ((uint64_t)8 << 20) / h->len; id++)
        store(h->m, id, 1, h->len, false);
    return NULL;
}

static int look_long(void *arg, const struct memo__memory_entry *e)
{
    struct held *h = arg;
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, flood, h), 0);
    pthread_join(thread, NULL);
    return look(&h->seen, e);
}

static void what_is_being_read_stays(void)
{
    for (size_t k = 0; k < N_LENGTHS; k++) {
        struct held h = {new_tier((uint64_t)1 << 20), {.id = 1, .len = lengths[k]}, lengths[k]};
        struct memo__memory_stats s;
        struct memo__key key;

        make_key(1, false, &key);
        CHECK_EQ(store(h.m, 1, 1, lengths[k], false), 0);
        CHECK_EQ(memo__memory_get(h.m, &key, look_long, &h), 0);
        CHECK(!h.seen.is_wrong);
        CHECK_EQ(h.seen.version, 1);
        for (uint64_t id = 1000; id < 1200; id++) /* what was held can be used again */
            CHECK_EQ(store(h.m, id, 1, lengths[k], false), 0);
        memo__memory_stats(h.m, &s);
        CHECK(s.bytes <= (uint64_t)1 << 20);
        memo__memory_free(h.m);
    }
}

/* A reader never sees an older version than before, nor less than what another
 * thread stored, while the table grows under it. */
struct growth {
    struct memo__memory *m;
    uint64_t n_stored; /* ids below it are there */
    bool is_done;
    uint64_t lost;
};

static void *read_all(void *arg)
{
    struct growth *g = arg;
    uint64_t state = 1, lost = 0;

    while (!__atomic_load_n(&g->is_done, __ATOMIC_ACQUIRE)) {
        uint64_t n = __atomic_load_n(&g->n_stored, __ATOMIC_ACQUIRE);
        if (n == 0)
            continue;
        state = mix(state);
        lost += !find(g->m, state % n, 0, state % n % 2, NULL);
    }
    g->lost = lost;
    return NULL;
}

static void nothing_is_missed_while_tables_grow(void)
{
    struct growth g = {.m = new_tier((uint64_t)256 << 20)};
    const uint64_t n = 60000;
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, read_all, &g), 0);
    for (uint64_t id = 0; id < n; id++) {
        CHECK_EQ(store(g.m, id, 1, lengths[id % 4], id % 2), 0);
        __atomic_store_n(&g.n_stored, id + 1, __ATOMIC_RELEASE);
        if (id % 100 == 0)
            for (uint64_t k = 0; k < 50 && k <= id; k++) /* the same values again */
                CHECK_EQ(store(g.m, k, 1, lengths[k % 4], k % 2), 0);
    }
    __atomic_store_n(&g.is_done, true, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
    CHECK_EQ(g.lost, 0);
    memo__memory_free(g.m);
}

/* ---- fork ---- */

static void *churn(void *arg)
{
    struct growth *g = arg;

    for (uint64_t i = 0; !__atomic_load_n(&g->is_done, __ATOMIC_ACQUIRE); i++) {
        store(g->m, i % 100, 1, lengths[i % 100 % N_LENGTHS], false);
        find(g->m, i * 7 % 100, 0, false, NULL);
    }
    return NULL;
}

static int child_of(struct memo__memory *m)
{
    check_failures = 0;
    memo__memory_atfork_child(m);
    for (uint64_t id = 0; id < 100; id++)
        CHECK(find(m, id, lengths[id % N_LENGTHS], false, NULL));
    for (uint64_t id = 0; id < 100; id++) { /* no lock is held, nothing is pinned for ever */
        CHECK_EQ(store(m, id, 2, lengths[(id + 1) % N_LENGTHS], false), 0);
        CHECK(find(m, id, lengths[(id + 1) % N_LENGTHS], false, NULL));
    }
    for (uint64_t id = 2000; id < 2200; id++)
        CHECK_EQ(store(m, id, 2, lengths[id % N_LENGTHS], false), 0);
    return check_failures ? 1 : 0;
}

static void forked_children_have_it_all(void)
{
    struct growth g = {.m = new_tier((uint64_t)8 << 20)};
    pthread_t threads[2];
    int status;

    for (uint64_t id = 0; id < 100; id++)
        CHECK_EQ(store(g.m, id, 1, lengths[id % N_LENGTHS], false), 0);
    for (int i = 0; i < 2; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, churn, &g), 0);
    for (int i = 0; i < 20; i++) {
        memo__memory_atfork_prepare(g.m);
        pid_t pid = fork();
        if (pid == 0)
            _exit(child_of(g.m));
        memo__memory_atfork_parent(g.m);
        CHECK(pid > 0);
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    memo__memory_atfork_prepare(NULL);
    memo__memory_atfork_parent(NULL);
    memo__memory_atfork_child(NULL);
    __atomic_store_n(&g.is_done, true, __ATOMIC_RELEASE);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    memo__memory_free(g.m);
}

int main(int argc, char **argv)
{
    uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 30000;

    stores_and_finds();
    small_keys_are_compared_whole();
    what_use_says_is_passed_on();
    any_number_of_parts();
    the_least_bound_is_enough();
    nothing_is_lost_without_need();
    what_is_read_stays();
    small_and_large_share_the_bound();
    clearing_by_name();
    many_threads(MEMO__MEMORY_LEAST, 60, rounds);
    many_threads((uint64_t)1 << 20, 300, rounds);
    many_threads((uint64_t)1 << 20, 20000, rounds);
    many_threads((uint64_t)32 << 20, 5000, rounds);
    nothing_is_torn_when_all_is_overwritten(400, MEMO__MEMORY_LEAST, 400);
    nothing_is_torn_when_all_is_overwritten(64, MEMO__MEMORY_LEAST, 200);
    nothing_is_torn_when_all_is_overwritten(3000, (uint64_t)256 << 10, 400);
    nothing_is_torn_when_all_is_overwritten(20000, (uint64_t)1 << 20, 300);
    what_is_being_read_stays();
    nothing_is_missed_while_tables_grow();
    forked_children_have_it_all();
    return check_result();
}
