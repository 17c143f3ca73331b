/* fast.c - see fast.h. */
#include "store/fast.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

#define SMALLEST_BITS 8u
#define LARGEST_BITS 18u

/* struct memo_fast comes first: generated code knows no more. */
struct table {
    struct memo_fast fast;
    unsigned bits;
    unsigned n_puts, n_evicted; /* since the table was made */
    size_t size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t limit = (uint64_t)64 << 20, total;

void memo__fast_set_limit(uint64_t bytes)
{
    limit = bytes;
}

void memo__fast_atfork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__fast_atfork_done(void)
{
    pthread_mutex_unlock(&lock);
}

static struct table *new_table(unsigned bits)
{
    size_t slots = sizeof(struct memo_slot) << bits, size = slots + 4096;
    struct table *t;

    if (total + size > limit)
        return NULL;
    t = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (t == MAP_FAILED)
        return NULL;
    total += size;
    t->bits = bits;
    t->size = size;
    t->fast.m_shift = 64 - bits;
    t->fast.m_slots = (struct memo_slot *)((char *)t + 4096);
    return t;
}

static struct memo_slot *slot_of(const struct table *t, const uint64_t key[2])
{
    return &t->fast.m_slots[memo_abi_mix(key[0], key[1]) >> t->fast.m_shift];
}

#define STORE(word, v) __atomic_store_n(&(word), (v), __ATOMIC_RELAXED)

static bool holds(const struct memo_slot *s, const uint64_t key[2])
{
    return (s->m_seq & 1u) && s->m_key[0] == key[0] && s->m_key[1] == key[1];
}

/* Makes the slot even: readers miss from here on. */
static void close_slot(struct memo_slot *s)
{
    if (s->m_seq & 1u) {
        __atomic_store_n(&s->m_seq, s->m_seq + 1, __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    }
}

static void fill_slot(struct memo_slot *s, const uint64_t key[2], const uint64_t value[2],
                      uint64_t created_ns, uint64_t cost_ns)
{
    close_slot(s);
    STORE(s->m_key[0], key[0]);
    STORE(s->m_key[1], key[1]);
    STORE(s->m_value[0], value[0]);
    STORE(s->m_value[1], value[1]);
    STORE(s->m_created_ns, created_ns);
    STORE(s->m_cost_ns, cost_ns);
    __atomic_store_n(&s->m_seq, s->m_seq + 1, __ATOMIC_RELEASE);
}

static void publish(struct memo_site *site, struct table *t)
{
    bool is_hidden = site->m_table && !site->m_fast;

    site->m_table = &t->fast;
    if (!is_hidden)
        __atomic_store_n(&site->m_fast, &t->fast, __ATOMIC_RELEASE);
}

static struct table *grown(struct memo_site *site, struct table *t)
{
    struct table *bigger = t->bits < LARGEST_BITS ? new_table(t->bits + 2) : NULL;

    if (!bigger) {
        t->n_evicted = t->n_puts = 0;
        return t;
    }
    for (size_t i = 0; i < (size_t)1 << t->bits; i++) {
        struct memo_slot *s = &t->fast.m_slots[i];
        if (s->m_seq & 1u)
            fill_slot(slot_of(bigger, s->m_key), s->m_key, s->m_value, s->m_created_ns,
                      s->m_cost_ns);
    }
    publish(site, bigger);
    for (size_t i = 0; i < (size_t)1 << t->bits; i++)
        close_slot(&t->fast.m_slots[i]);
    return bigger;
}

void memo__fast_put(struct memo_site *site, const uint64_t key[2], const uint64_t value[2],
                    uint64_t created_ns, uint64_t cost_ns)
{
    struct table *t;
    struct memo_slot *s;

    pthread_mutex_lock(&lock);
    t = (struct table *)site->m_table;
    if (!t && (t = new_table(SMALLEST_BITS)) != NULL)
        publish(site, t);
    if (t) {
        s = slot_of(t, key);
        t->n_puts++;
        if ((s->m_seq & 1u) && !holds(s, key))
            t->n_evicted++;
        if (t->n_evicted > (1u << t->bits) / 4) {
            t = grown(site, t);
            s = slot_of(t, key);
        }
        fill_slot(s, key, value, created_ns, cost_ns);
    }
    pthread_mutex_unlock(&lock);
}

void memo__fast_del(const struct memo_site *site, const uint64_t key[2])
{
    struct table *t;

    pthread_mutex_lock(&lock);
    t = (struct table *)site->m_table;
    if (t && holds(slot_of(t, key), key))
        close_slot(slot_of(t, key));
    pthread_mutex_unlock(&lock);
}

void memo__fast_clear(const struct memo_site *site)
{
    struct table *t;

    pthread_mutex_lock(&lock);
    t = (struct table *)site->m_table;
    for (size_t i = 0; t && i < (size_t)1 << t->bits; i++)
        close_slot(&t->fast.m_slots[i]);
    pthread_mutex_unlock(&lock);
}

void memo__fast_hide(struct memo_site *site, bool is_hidden)
{
    pthread_mutex_lock(&lock);
    __atomic_store_n(&site->m_fast, is_hidden ? NULL : site->m_table, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&lock);
}
