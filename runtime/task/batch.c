/* batch.c - blocks, runs and the open batches of a thread; see batch.h. */
#include "task/batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "task/redo.h"

#define BLOCK ((size_t)32 << 10) /* with its header */
#define SPARE_BLOCKS 48u
#define SPARE_BATCHES 16u
#define MAX_OWN_STACK ((uintptr_t)1 << 30)

_Static_assert(sizeof(struct memo__batch) + sizeof(struct memo__block) + 2048 <= MEMO__BATCH_SIZE,
               "a batch has room for some records");

__thread volatile int memo__task_busy __attribute__((tls_model("initial-exec")));

/* The engine's memory of one thread. */
struct lists {
    struct memo__batch *open; /* innermost first */
    struct memo__batch *spare_batches;
    struct memo__block *spare_blocks; /* all of BLOCK bytes */
    unsigned n_batches, n_blocks;
    bool has_bounds;
    uintptr_t stack_low, stack_high; /* valid if has_bounds */
};

static __thread struct lists self __attribute__((tls_model("initial-exec")));
static __thread bool will_end __attribute__((tls_model("initial-exec")));
static pthread_key_t end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;

extern void *__libc_stack_end __attribute__((weak));

static void *map(size_t size)
{
    void *p;

    if (memo__alloc_fails())
        return NULL;
    p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static size_t page_up(size_t size)
{
    return (size + 4095) & ~(size_t)4095;
}

/* ---- the end of a thread ---- */

static void thread_ends(void *unused)
{
    struct memo__batch *b;
    struct memo__block *k;

    (void)unused;
    while (self.open)
        memo__batch_close(self.open);
    while ((b = self.spare_batches) != NULL) {
        self.spare_batches = b->below;
        munmap(b, MEMO__BATCH_SIZE);
    }
    while ((k = self.spare_blocks) != NULL) {
        self.spare_blocks = k->next;
        munmap(k, BLOCK);
    }
    self.n_batches = self.n_blocks = 0;
    will_end = false;
}

static void make_key(void)
{
    if (pthread_key_create(&end_key, thread_ends) != 0)
        end_key = (pthread_key_t)-1;
}

static void see_the_end(void)
{
    if (will_end)
        return;
    will_end = true;
    pthread_once(&end_once, make_key);
    if (end_key != (pthread_key_t)-1)
        pthread_setspecific(end_key, &self);
}

/* ---- activations that are dead ---- */

static void find_stack(void)
{
    pthread_attr_t attr;
    struct rlimit limit;
    void *low;
    size_t size;

    self.has_bounds = true;
    if (gettid() == getpid() && &__libc_stack_end && __libc_stack_end) {
        self.stack_high = (uintptr_t)__libc_stack_end;
        if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > MAX_OWN_STACK)
            limit.rlim_cur = MAX_OWN_STACK;
        self.stack_low = self.stack_high - (uintptr_t)limit.rlim_cur;
        return;
    }
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return;
    if (pthread_attr_getstack(&attr, &low, &size) == 0) {
        self.stack_low = (uintptr_t)low;
        self.stack_high = (uintptr_t)low + size;
    }
    pthread_attr_destroy(&attr);
}

static bool is_on_own_stack(const struct memo_sync *s)
{
    if (!self.has_bounds)
        find_stack();
    return (uintptr_t)s >= self.stack_low && (uintptr_t)s < self.stack_high;
}

/* The activation at `s` is live, so that what is further in is dead. An activation
 * never has two batches open: one that is found for it is of an earlier one. */
static void bury(const struct memo_sync *s)
{
    while (self.open && (uintptr_t)self.open->sync <= (uintptr_t)s) {
        if (self.open->sync != s && !(is_on_own_stack(s) && is_on_own_stack(self.open->sync)))
            return; /* the stack of a coroutine, or of signals */
        memo__batch_close(self.open);
    }
}

/* ---- batches ---- */

static struct memo__batch *batch_alloc(void)
{
    struct memo__batch *b = self.spare_batches;

    if (b) {
        self.spare_batches = b->below;
        self.n_batches--;
        return b;
    }
    return map(MEMO__BATCH_SIZE);
}

bool memo__batch_prepare(void)
{
    struct memo__batch *b;

    if (self.spare_batches)
        return true;
    b = map(MEMO__BATCH_SIZE);
    if (!b)
        return false;
    see_the_end();
    b->below = NULL;
    self.spare_batches = b;
    self.n_batches = 1;
    return true;
}

static __attribute__((noreturn)) void out_of_memory(void)
{
    memo__log("out of memory for a concurrent call");
    abort();
}

static struct memo__block *own_block(struct memo__batch *b)
{
    return (struct memo__block *)(((uintptr_t)(b + 1) + 15) & ~(uintptr_t)15);
}

static void take_own_block(struct memo__batch *b)
{
    struct memo__block *k = own_block(b);

    k->next = NULL;
    k->size = (size_t)((char *)b + MEMO__BATCH_SIZE - k->data);
    b->blocks = k;
    b->bytes = MEMO__BATCH_SIZE;
}

static void use_first_runs(struct memo__batch *b)
{
    if (b->runs && b->runs != b->first_runs)
        munmap(b->runs, b->max_runs * sizeof *b->runs);
    b->runs = b->first_runs;
    b->max_runs = MEMO__FIRST_RUNS;
}

struct memo__batch *memo__batch_open(struct memo_sync *s, bool is_private)
{
    struct memo__batch *b;

    if (!is_private) {
        bury(s);
        see_the_end();
    }
    b = is_private ? map(MEMO__BATCH_SIZE) : batch_alloc();
    if (!b)
        out_of_memory();
    b->sync = s;
    b->runs = NULL;
    b->is_private = is_private;
    b->is_stopped = b->is_dropping = false;
    b->stopped = NULL;
    b->redo = NULL;
    b->limit = 0;
    b->depth = s->m_depth + 1;
    b->cost_index = s->m_depth < MEMO_SYNC_DEPTHS ? s->m_depth : MEMO_SYNC_DEPTHS - 1;
    use_first_runs(b);
    b->n_runs = b->n = 0;
    b->work = 0;
    b->is_unknown = false;
    take_own_block(b);
    b->logs = NULL;
    if (is_private) {
        b->below = NULL;
    } else {
        b->below = self.open;
        self.open = b;
    }
    s->m_pending = b;
    return b;
}

static void free_blocks(struct memo__batch *b, struct memo__block **list,
                        const struct memo__block *end)
{
    struct memo__block *k;

    while ((k = *list) != end) {
        *list = k->next;
        if (k->size == BLOCK - sizeof *k && self.n_blocks < SPARE_BLOCKS && !b->is_private) {
            k->next = self.spare_blocks;
            self.spare_blocks = k;
            self.n_blocks++;
        } else {
            munmap(k, sizeof *k + k->size);
        }
    }
}

void memo__batch_reset(struct memo__batch *b)
{
    free_blocks(b, &b->blocks, own_block(b));
    free_blocks(b, &b->logs, NULL);
    use_first_runs(b);
    b->n_runs = b->n = 0;
    b->work = 0;
    b->is_unknown = false;
    b->bytes = MEMO__BATCH_SIZE;
}

void memo__batch_detach(struct memo__batch *b)
{
    struct memo__batch **at = &self.open;

    while (*at && *at != b)
        at = &(*at)->below;
    if (*at)
        *at = b->below;
}

void memo__batch_close(struct memo__batch *b)
{
    if (b->stopped) {
        memo__batch_close(b->stopped);
        b->stopped = NULL;
    }
    memo__batch_reset(b);
    memo__redo_release(b);
    if (b->is_private) {
        munmap(b, MEMO__BATCH_SIZE);
        return;
    }
    memo__batch_detach(b);
    if (self.n_batches >= SPARE_BATCHES) {
        munmap(b, MEMO__BATCH_SIZE);
        return;
    }
    b->below = self.spare_batches;
    self.spare_batches = b;
    self.n_batches++;
}

/* ---- runs ---- */

static struct memo__block *block_alloc(bool is_private)
{
    struct memo__block *k = is_private ? NULL : self.spare_blocks;

    if (k) {
        self.spare_blocks = k->next;
        self.n_blocks--;
        return k;
    }
    k = map(BLOCK);
    if (k)
        k->size = BLOCK - sizeof *k;
    return k;
}

static bool add_block(struct memo__batch *b, size_t size)
{
    struct memo__block *k;
    size_t whole = page_up(size + sizeof *k);

    if (size <= BLOCK - sizeof *k) {
        k = block_alloc(b->is_private);
    } else {
        k = map(whole);
        if (k)
            k->size = whole - sizeof *k;
    }
    if (!k)
        return false;
    k->next = b->blocks;
    b->blocks = k;
    b->bytes += sizeof *k + k->size;
    return true;
}

struct memo__block *memo__batch_log(void)
{
    struct memo__batch *b = self.open;
    struct memo__block *k = b ? block_alloc(false) : NULL;

    if (k) {
        k->next = b->logs;
        b->logs = k;
    }
    return k;
}

static bool grow_runs(struct memo__batch *b)
{
    uint32_t max = b->max_runs < 64 ? 512 : b->max_runs * 2;
    struct memo__run *runs = map(max * sizeof *runs);

    if (!runs)
        return false;
    memcpy(runs, b->runs, b->n_runs * sizeof *runs);
    if (b->runs != b->first_runs)
        munmap(b->runs, b->max_runs * sizeof *runs);
    b->bytes += (max - b->max_runs) * sizeof *runs;
    b->runs = runs;
    b->max_runs = max;
    return true;
}

/* A large batch keeps its blocks to their end: s->m_next is what the closed run left. */
void *memo__batch_new_run(struct memo__batch *b, struct memo_task_site *site)
{
    struct memo_sync *s = b->sync;
    struct memo__block *k = b->blocks;
    char *at = s->m_next ? s->m_next : k->data;
    struct memo__run *r;

    if ((size_t)(k->data + k->size - at) < site->m_size) {
        if (!add_block(b, site->m_size))
            return NULL;
        at = b->blocks->data;
    }
    if (b->n_runs == b->max_runs && !grow_runs(b))
        return NULL;
    r = &b->runs[b->n_runs++];
    r->site = site;
    r->first = at;
    r->start = b->n;
    r->n = 0;
    s->m_site = site;
    s->m_next = at + site->m_size;
    s->m_end = b->blocks->data + b->blocks->size;
    return at;
}

void memo__batch_end_run(struct memo__batch *b)
{
    struct memo__run *r;
    unsigned cost;

    if (b->n_runs == 0)
        return;
    r = &b->runs[b->n_runs - 1];
    if (r->n != 0)
        return;
    r->n = (uint32_t)((size_t)(b->sync->m_next - r->first) / r->site->m_size);
    b->n += r->n;
    if (!r->site->m_run)
        return;
    cost = __atomic_load_n(&r->site->m_cost[b->cost_index], __ATOMIC_RELAXED);
    b->work += (uint64_t)cost * r->n;
    b->is_unknown |= cost == 0;
}
