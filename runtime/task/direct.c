/* direct.c - judge batches and activations; see direct.h. */
#include "task/direct.h"

#include "task/observe.h"

#define CHEAP_CALL_NS 10u /* no number of them pays: the record costs as much */
#define CHEAP_BATCH_NS 20000u
#define IN_PLACE_NS 200000u /* what is done in place before it is measured anew */
#define MIN_IN_PLACE 16u
#define MAX_IN_PLACE 65536u
#define CHEAP_IN_A_ROW 3u
#define LEAST_PATIENCE 8u
#define MOST_PATIENCE 1024u

__thread struct memo_task_thread memo_abi_task_self
    __attribute__((tls_model("initial-exec"), visibility("default")));
/* By depth: after how many cheap activations one is measured again. */
static __thread unsigned short patience[MEMO_SYNC_DEPTHS]
    __attribute__((tls_model("initial-exec")));
static __thread uint32_t random_state __attribute__((tls_model("initial-exec")));

static unsigned slot(const struct memo_sync *s)
{
    return s->m_depth < MEMO_SYNC_DEPTHS ? s->m_depth : MEMO_SYNC_DEPTHS - 1;
}

/* Not at every n-th: two sites that take turns would never both be met. */
static int next_credit(unsigned d)
{
    unsigned least = patience[d] > LEAST_PATIENCE ? patience[d] : LEAST_PATIENCE;

    random_state = random_state * 1664525u + 1013904223u;
    return (int)(least + (random_state >> 16) % least);
}

static void set(struct memo_sync_info *info, unsigned d, unsigned n)
{
    unsigned *at = memo__is_watched(info) ? &info->m_measured[d] : &info->m_direct[d];

    unsigned old = __atomic_load_n(at, __ATOMIC_RELAXED);

    /* All threads read it: small changes aren't worth taking the line from them. */
    if ((n == 0) != (old == 0) || n > 2 * old || n < old / 2)
        __atomic_store_n(at, n, __ATOMIC_RELAXED);
}

unsigned memo__direct_begin(struct memo_sync *s, unsigned n_threads)
{
    unsigned d = slot(s);

    if (memo_abi_task_self.m_credit[d] < 0)
        memo_abi_task_self.m_credit[d] = next_credit(d);
    if (memo__is_watched(s->m_info)) /* m_direct stays 0, so that it is asked each time */
        return __atomic_load_n(&s->m_info->m_measured[d], __ATOMIC_RELAXED);
    if (n_threads > 1)
        return 0;
    set(s->m_info, d, MAX_IN_PLACE);
    memo_abi_task_self.m_credit[d] = MOST_PATIENCE;
    return MEMO__UNLIMITED;
}

void memo__direct_judge(struct memo_sync *s, uint32_t n, uint64_t spent_ns)
{
    struct memo_sync_info *info = s->m_info;
    uint64_t each = spent_ns / n, in_place;
    unsigned d = slot(s), cheap = __atomic_load_n(&info->m_cheap[d], __ATOMIC_RELAXED);

    if (each >= CHEAP_CALL_NS && spent_ns >= CHEAP_BATCH_NS) {
        if (cheap != 0)
            __atomic_store_n(&info->m_cheap[d], 0, __ATOMIC_RELAXED);
        set(info, d, 0);
        patience[d] = LEAST_PATIENCE;
        return;
    }
    if (cheap < CHEAP_IN_A_ROW) {
        __atomic_store_n(&info->m_cheap[d], (unsigned char)(cheap + 1), __ATOMIC_RELAXED);
        if (cheap + 1 < CHEAP_IN_A_ROW)
            return;
    }
    if (patience[d] < MOST_PATIENCE)
        patience[d] = (unsigned short)(patience[d] > 0 ? patience[d] * 2 : LEAST_PATIENCE);
    in_place = IN_PLACE_NS / (each > 0 ? each : 1);
    if (each < CHEAP_CALL_NS || in_place > MAX_IN_PLACE)
        in_place = MAX_IN_PLACE;
    if (in_place < MIN_IN_PLACE)
        in_place = MIN_IN_PLACE;
    s->m_direct = (unsigned)in_place;
    set(info, d, (unsigned)in_place);
}
