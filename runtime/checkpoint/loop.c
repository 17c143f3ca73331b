/* loop.c - see loop.h. */
#include "checkpoint/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/quiet.h"
#include "checkpoint/background.h"
#include "checkpoint/lineage.h"
#include "checkpoint/resume.h"
#include "checkpoint/save.h"
#include "checkpoint/signal.h"
#include "checkpoint/start.h"

#define MANY_INPUTS 16   /* aren't kept for the next entry */
#define MAX_SIBLINGS 64u /* forked processes that do the same */
#define AGAIN_NS ((uint64_t)60 * 1000000000u)
#define EXIT_NS ((uint64_t)60 * 1000000000u) /* for writes under way */

const uint64_t memo__ck_never = UINT64_MAX;
struct memo__ck_hooks memo__ck_hooks;

static struct memo__ck_site *sites;  /* memo__ck_lock */
static struct memo__ck_counts roots; /* of entries outside of loops; memo__ck_lock */
static pthread_key_t ending;         /* its destructor closes what a thread leaves open */
static bool is_fork_unsafe;          /* the thread that forks was interrupted in here */
static bool is_child;                /* of another process of this program; constant in a process */
static char host[64];

/* The directory, found at the first entry; constant once dir_state isn't UNKNOWN. */
static pthread_mutex_t dir_lock = PTHREAD_MUTEX_INITIALIZER;
static enum { UNKNOWN, FOUND, NOT_THERE } dir_state; /* dir_lock */
static char *dir;                                    /* dir_lock; then constant */

static __thread struct {
    struct memo__ck_loop *top; /* the innermost entry */
    volatile int is_busy;      /* in here: a signal handler must not come in again */
    bool is_known, is_main;
    uintptr_t low, high; /* its own stack */
} self __attribute__((tls_model("initial-exec")));

/* ---- sites ---- */

char *memo__ck_who(const struct memo__ck_site *site, char out[MEMO__CK_WHO])
{
    snprintf(out, MEMO__CK_WHO, "%.200s:%u: loop '%.150s'", site->abi->m_file, site->abi->m_line,
             site->abi->m_name);
    return out;
}

static bool is_to_be_said(struct memo__ck_site *site, const char text[MEMO__CK_WHY])
{
    uint64_t now = memo__monotonic_ns();
    bool is_new;

    pthread_mutex_lock(&memo__ck_lock);
    is_new = site->said_ns == 0 || strcmp(site->said, text) != 0 ||
             (site->was_saved && now - site->said_ns >= AGAIN_NS);
    if (is_new) {
        snprintf(site->said, sizeof site->said, "%s", text);
        site->said_ns = now;
        site->was_saved = false;
    }
    pthread_mutex_unlock(&memo__ck_lock);
    return is_new;
}

void memo__ck_warn(struct memo__ck_site *site, const char *format, ...)
{
    char text[MEMO__CK_WHY], who[MEMO__CK_WHO];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (is_to_be_said(site, text))
        memo__log("warning: %s %s", memo__ck_who(site, who), text);
}

struct memo__ck_site *memo__ck_sites(void)
{
    return sites;
}

const char *memo__ck_host(void)
{
    return host;
}

static struct memo__ck_site *site_get(struct memo_ck_site *abi)
{
    struct memo__ck_site *s = __atomic_load_n(&abi->m_state, __ATOMIC_ACQUIRE), *first;
    bool is_judged;

    if (s)
        return s;
    s = memo__calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->abi = abi;
    s->components = memo__ck_hooks.identify(abi->m_code, s->code, &is_judged);
    s->is_unjudged = abi->m_code->m_unseen && !is_judged;
    pthread_mutex_lock(&memo__ck_lock);
    first = abi->m_state;
    if (!first) {
        s->next = sites;
        sites = s;
        __atomic_store_n(&abi->m_state, s, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&memo__ck_lock);
    if (first)
        memo__free(s);
    return first ? first : s;
}

/* ---- counting entries ---- */

static struct memo__ck_count *count_of(struct memo__ck_counts *c, const char *name)
{
    struct memo__ck_count *grown;
    size_t i, cap = c->cap ? c->cap * 2 : 8;

    for (i = 0; i < c->n; i++)
        if (strcmp(c->list[i].name, name) == 0)
            return &c->list[i];
    if (c->n == c->cap) {
        grown = memo__realloc(c->list, cap * sizeof *grown);
        if (!grown)
            return NULL;
        c->list = grown;
        c->cap = cap;
    }
    c->list[c->n] = (struct memo__ck_count){name, 0};
    return &c->list[c->n++];
}

/* false: no memory. */
static bool next_ordinal(struct memo__ck_loop *outer, const char *name, uint64_t *ordinal)
{
    struct memo__ck_count *count;

    if (outer) {
        if (outer->counts.iteration != outer->ck->m_at)
            outer->counts.n = 0;
        outer->counts.iteration = outer->ck->m_at;
        count = count_of(&outer->counts, name);
        if (count)
            *ordinal = count->n++;
        return count != NULL;
    }
    pthread_mutex_lock(&memo__ck_lock);
    count = count_of(&roots, name);
    if (count)
        *ordinal = count->n++;
    pthread_mutex_unlock(&memo__ck_lock);
    return count != NULL;
}

/* ---- entries ---- */

static struct memo__ck_loop *loop_new(void)
{
    struct memo__ck_loop *l, *next;

    pthread_mutex_lock(&memo__ck_lock);
    for (l = memo__ck_loops(); l && l->in_use; l = l->next_loop)
        ;
    if (l) { /* handlers may be looking at what is atomic */
        next = l->next_loop;
        memset(&l->up, 0, sizeof *l - offsetof(struct memo__ck_loop, up));
        l->next_loop = next;
    } else {
        l = memo__calloc(1, sizeof *l);
        if (l)
            memo__ck_loops_add(l);
    }
    if (l) {
        l->in_use = true;
        l->is_now = l->is_start = false;
        l->schedule.look_ns = UINT64_MAX;
        l->thread = &self;
        __atomic_store_n(&l->next, UINT64_MAX, __ATOMIC_SEQ_CST);
        __atomic_store_n(&l->is_due, false, __ATOMIC_SEQ_CST);
    }
    pthread_mutex_unlock(&memo__ck_lock);
    return l;
}

/* The last loop that finished and had updated files: carried out again, it would do so again. Its
 * state stays until the process ends, or the next such loop has finished. */
static struct {
    struct memo__ck_place place;
    bool is_there;
} finished; /* memo__ck_lock */

static void remove_finished(const struct memo__ck_place *next)
{
    struct memo__ck_place place;
    bool was_there;

    pthread_mutex_lock(&memo__ck_lock);
    place = finished.place;
    was_there = finished.is_there;
    finished.is_there = next != NULL;
    if (next)
        finished.place = *next;
    pthread_mutex_unlock(&memo__ck_lock);
    if (was_there)
        memo__ck_place_remove(&place);
}

enum how_left { FINISHED, ABANDONED };

/* It isn't on the thread's stack any more. Nothing of the user's stack is touched. */
static void close_loop(struct memo__ck_loop *l, enum how_left how)
{
    __atomic_store_n(&l->next, UINT64_MAX, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&memo__ck_lock);
    l->schedule.look_ns = UINT64_MAX;
    if (how == FINISHED && !l->has_final)
        memo__ck_background_drop(l);
    memo__ck_background_wait(l);
    pthread_mutex_unlock(&memo__ck_lock);
    memo__ck_signals_leave(l);
    memo__ck_resume_release(l);
    l->rested = memo__ck_image_rest(l->image);
    if (l->streams)
        memo__ck_streams_free(l->streams);
    if (l->inputs.cap > MANY_INPUTS)
        memo__ck_inputs_release(&l->inputs);
    memo__ck_save_release(l);
    memo__free(l->counts.list);
    if (l->has_place && how == FINISHED && !l->has_final && l->updates_files && !l->up)
        remove_finished(&l->place);
    else if (l->has_place && how == FINISHED && !l->has_final)
        memo__ck_place_remove(&l->place);
    else if (l->has_place)
        memo__ck_place_close(&l->place);
    pthread_mutex_lock(&memo__ck_lock);
    l->in_use = false;
    pthread_mutex_unlock(&memo__ck_lock);
}

static void pop(enum how_left how)
{
    struct memo__ck_loop *l = self.top;

    self.top = l->up;
    close_loop(l, how);
}

/* What another function left there is no struct memo_ck of ours. */
__attribute__((no_sanitize("address"))) static bool is_still_there(const struct memo__ck_loop *l)
{
    return *(void *volatile *)&l->ck->m_loop == l;
}

/* Entries whose function has returned without telling us: left by longjmp. */
static bool is_stale(const struct memo__ck_loop *l, const struct memo_ck *ck, uintptr_t frame)
{
    if (l->is_foreign_stack || frame < self.low || frame >= self.high)
        return false;
    return l->ck == ck || l->frame < frame || (l->frame == frame && !is_still_there(l));
}

static void know_thread(void)
{
    pthread_attr_t attr;
    void *stack;
    size_t size;

    if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        if (pthread_attr_getstack(&attr, &stack, &size) == 0) {
            self.low = (uintptr_t)stack;
            self.high = self.low + size;
        }
        pthread_attr_destroy(&attr);
    }
    pthread_setspecific(ending, &self);
    self.is_main = syscall(SYS_gettid) == getpid();
    self.is_known = true;
}

static void thread_ended(void *unused)
{
    (void)unused;
    while (self.top)
        pop(ABANDONED);
}

/* ---- memo_ck_enter ---- */

static const char *directory(struct memo__ck_loop *l)
{
    char why[MEMO__CK_WHY] = "", who[MEMO__CK_WHO];
    const char *found;

    pthread_mutex_lock(&dir_lock);
    if (dir_state == UNKNOWN) {
        int err = memo__ck_dir(memo__ck_hooks.configured_dir, memo__ck_hooks.store_dir, &dir, why);

        dir_state = err == 0 ? FOUND : NOT_THERE;
        if (err != 0)
            memo__log("warning: %s isn't saved: %s", memo__ck_who(l->site, who),
                      why[0] ? why : memo__strerror(err));
    }
    found = dir_state == FOUND ? dir : NULL;
    pthread_mutex_unlock(&dir_lock);
    return found;
}

static void say_busy(struct memo__ck_loop *l, pid_t owner)
{
    char text[MEMO__CK_WHY], who[MEMO__CK_WHO], by[32] = "another process";

    if (owner > 0)
        snprintf(by, sizeof by, "process %ld", (long)owner);
    snprintf(text, sizeof text, "is in use by %s; this run starts afresh and saves nothing", by);
    if (is_to_be_said(l->site, text))
        memo__log("%s %s", memo__ck_who(l->site, who), text);
}

/* Where its files are, as an entry into the loop of that name. MEMO_EBUSY: *owner has it; else
 * what went wrong is said. */
static int open_place_as(struct memo__ck_loop *l, struct memo__ck_loop *outer, const char *name,
                         pid_t *owner)
{
    const struct memo_ck_site *site = l->site->abi;
    const char *where;
    int err;

    err = memo__ck_identify(name, (site->m_flags & MEMO_CK_NAMED) != 0, l->ordinal,
                            outer ? &outer->identity : NULL, l->outer_iteration, &l->identity);
    if (err != 0) {
        memo__ck_warn(l->site, "isn't saved: it is nested too deeply");
        return err;
    }
    where = directory(l);
    if (!where)
        return MEMO_EIO;
    err = memo__ck_place_open(&l->place, where, &l->identity, outer != NULL, owner);
    if (err != 0 && err != MEMO_EBUSY)
        memo__ck_warn(l->site, "isn't saved: %s: %s", where,
                      errno ? strerror(errno) : memo__strerror(err));
    l->has_place = l->may_have_inner = err == 0;
    return err;
}

/* false: nothing is saved; said. */
static bool open_place(struct memo__ck_loop *l, struct memo__ck_loop *outer)
{
    const char *name = l->site->abi->m_name;
    pid_t owner = 0;
    int err;

    if (!next_ordinal(outer, name, &l->ordinal) || (outer && !outer->has_place))
        return false;
    l->outer_iteration = outer ? outer->ck->m_at : 0;
    err = open_place_as(l, outer, name, &owner);
    if (err == MEMO_EBUSY)
        say_busy(l, owner);
    return err == 0;
}

/* Variables of other units that the loop changes through such calls would keep the values that
 * they have when it starts. */
static void say_unjudged(struct memo__ck_site *site)
{
    const struct memo_site *code = site->abi->m_code;
    int n = (int)strcspn(code->m_unseen, "\n");

    memo__ck_warn(site,
                  "isn't saved: it calls '%.*s', which %s, or write 'trust' if that keeps no state",
                  n, code->m_unseen,
                  memo__ck_hooks.has_link_table(code)
                      ? "memocc couldn't look into when it linked the program: link without -flto"
                      : "memocc judges when it links the program: link this one with memocc");
}

static bool open_late_place(struct memo__ck_loop *l, struct memo__ck_loop *outer)
{
    pid_t owner = 0;
    unsigned i = 0;
    char *name;
    int err;

    l->outer_iteration = outer ? outer->ck->m_at : 0;
    if (is_child)
        do {
            name = memo__ck_start_name(l, i++);
            err = name ? open_place_as(l, outer, name, &owner) : MEMO_ENOMEM;
            memo__free(name);
        } while (err == MEMO_EBUSY && i < MAX_SIBLINGS && memo__ck_is_sibling(owner));
    else
        err = open_place_as(l, outer, l->site->abi->m_name, &owner);
    if (err == MEMO_EBUSY)
        say_busy(l, owner);
    return err == 0;
}

static bool take_inputs(struct memo__ck_loop *l, const struct memo_span *inputs)
{
    char why[MEMO__CK_WHY];

    if (memo__ck_inputs_take(l->site->abi, inputs, memo__ck_hooks.code_digest, &l->inputs, why) ==
        0)
        return true;
    memo__ck_warn(l->site, "isn't saved: %s", why);
    return false;
}

/* What saving takes, beside a place and inputs. false: nothing is saved; said. */
static bool prepare(struct memo__ck_loop *l, struct memo__ck_loop *outer)
{
    const struct memo_ck_site *site = l->site->abi;

    memo__ck_make_lineage(l, outer);
    l->image = memo__ck_image_again(l->rested, site);
    l->rested = NULL;
    if (site->m_n_files > 0)
        l->streams =
            memo__ck_streams_new(site->m_files, site->m_file_flags, site->m_n_files, &l->place);
    if (!l->image || (site->m_n_files > 0 && !l->streams)) {
        memo__ck_warn(l->site, "isn't saved: out of memory");
        return false;
    }
    if (outer)
        __atomic_store_n(&outer->may_have_inner, true, __ATOMIC_RELEASE);
    return true;
}

static void watch(struct memo__ck_loop *l)
{
    const struct memo_ck_site *site = l->site->abi;

    pthread_mutex_lock(&memo__ck_lock);
    l->entered_ns = memo__monotonic_ns();
    memo__ck_schedule_init(&l->schedule, site->m_unit, (uint64_t)site->m_every, l->entered_ns);
    l->looks = site->m_unit != 'i' && !memo__ck_background_watch(l);
    pthread_mutex_unlock(&memo__ck_lock);
    memo__ck_signals_enter(l, site->m_signals);
}

static void look_for_state(struct memo__ck_loop *l, bool is_prepared)
{
    if (!is_prepared) {
        if (l->has_place)
            memo__ck_place_close(&l->place);
        l->has_place = false;
        return;
    }
    if (!memo__ck_hooks.is_fresh)
        memo__ck_resume_find(l);
    watch(l);
}

/* Is it a matter of chance, or of what is in the cache, how many entries there were before? */
static bool is_uncounted(const struct memo__ck_loop *outer)
{
    return (!outer && (is_child || !self.is_main)) || memo__ck_hooks.is_in_call();
}

static bool enter(struct memo_ck *ck, struct memo__ck_site *site, const struct memo_span *inputs,
                  uintptr_t frame)
{
    struct memo__ck_loop *l, *outer;

    while (self.top && is_stale(self.top, ck, frame))
        pop(FINISHED);
    outer = self.top;
    l = loop_new();
    if (!l)
        return false;
    l->site = site;
    l->ck = ck;
    l->frame = frame;
    l->is_foreign_stack = frame < self.low || frame >= self.high;
    l->up = outer;
    self.top = l;
    ck->m_loop = l;
    ck->m_next = &l->next;
    pthread_mutex_lock(&memo__ck_lock);
    site->tally.entered++;
    pthread_mutex_unlock(&memo__ck_lock);
    if (site->is_unjudged) {
        say_unjudged(site);
        return false;
    }
    if (is_uncounted(outer)) {
        l->is_late = take_inputs(l, inputs);
        ck->m_final = l->is_late ? MEMO_CK_WHOLE : 0;
        return false;
    }
    look_for_state(l, open_place(l, outer) && take_inputs(l, inputs) && prepare(l, outer));
    return l->has_found;
}

static void begin_work(struct memo__ck_work *w)
{
    w->saved_errno = errno;
    self.is_busy = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &w->cancel_state);
    memo__hold_begin(&w->before);
}

void memo__ck_work_end(const struct memo__ck_work *w)
{
    memo__hold_end(&w->before);
    pthread_setcancelstate(w->cancel_state, NULL);
    self.is_busy = 0;
    errno = w->saved_errno;
}

void memo__ck_enter_late(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    struct memo__ck_loop *l = self.top;
    struct memo__ck_work work;
    char why[MEMO__CK_WHY];
    bool is_ready;

    if (!l || l != ck->m_loop || l->ck != ck || !l->is_late || l->is_told || self.is_busy)
        return;
    begin_work(&work);
    is_ready =
        memo__ck_hidden_take(&l->taken, l->site->abi, why) == 0; /* may run the user's code */
    if (!is_ready)
        memo__ck_warn(l->site, "isn't saved: %s", why);
    is_ready = is_ready && (!l->up || l->up->has_place) && prepare(l, l->up);
    if (is_ready)
        memo__ck_start_tell(l, spans, files, is_child);
    look_for_state(l, is_ready && open_late_place(l, l->up));
    memo__ck_work_end(&work);
    memo__ck_start_drop_bounds(l->site->abi, spans);
}

int memo__ck_enter(struct memo_ck *ck, struct memo_ck_site *abi, struct memo_span *inputs,
                   uintptr_t frame)
{
    struct memo__ck_work work;
    struct memo__ck_site *site;
    bool found;

    ck->m_next = &memo__ck_never;
    ck->m_loop = NULL;
    if (self.is_busy) /* in a handler that interrupted us */
        return 0;
    begin_work(&work);
    if (!self.is_known)
        know_thread();
    site = site_get(abi);
    found = site && enter(ck, site, inputs, frame);
    memo__ck_work_end(&work);
    return found;
}

/* Those inside l have been left. */
static void pop_to(const struct memo__ck_loop *l)
{
    struct memo__ck_work work;

    begin_work(&work);
    while (self.top != l)
        pop(FINISHED);
    memo__ck_work_end(&work);
}

struct memo__ck_loop *memo__ck_live(struct memo_ck *ck)
{
    struct memo__ck_loop *l;

    for (l = self.top; l && l != ck->m_loop; l = l->up)
        ;
    if (!l || l->ck != ck || self.is_busy)
        return NULL;
    if (self.top != l)
        pop_to(l);
    return l->has_place ? l : NULL;
}

struct memo__ck_loop *memo__ck_work_begin(struct memo_ck *ck, struct memo__ck_work *w)
{
    struct memo__ck_loop *l = memo__ck_live(ck);

    if (l)
        begin_work(w);
    return l;
}

void memo__ck_now(struct memo_ck *ck)
{
    struct memo__ck_loop *l = memo__ck_live(ck);

    if (!l)
        return;
    l->is_now = true;
    __atomic_store_n(&l->next, 0, __ATOMIC_SEQ_CST);
}

void memo__ck_leave(struct memo_ck *ck)
{
    struct memo__ck_loop *l;

    if (!ck->m_loop || self.is_busy)
        return;
    for (l = self.top; l && l != ck->m_loop; l = l->up)
        ;
    if (!l || l->ck != ck)
        return;
    ck->m_loop = NULL;
    ck->m_next = &memo__ck_never;
    if (l->must_go_on && l->has_place) /* it did, for less than an iteration */
        memo__ck_resume_commit(l);
    pop_to(l->up);
}

/* ---- the process ---- */

/* A handler may fork while it interrupts us, who may hold these locks. */
static void fork_prepare(void)
{
    is_fork_unsafe = self.is_busy;
    if (is_fork_unsafe)
        return;
    pthread_mutex_lock(&dir_lock);
    pthread_mutex_lock(&memo__ck_lock);
    memo__ck_signals_fork_prepare();
    memo__ck_places_fork_prepare();
}

static void fork_parent(void)
{
    if (is_fork_unsafe)
        return;
    memo__ck_places_fork_done(false);
    memo__ck_signals_fork_done(false);
    pthread_mutex_unlock(&memo__ck_lock);
    pthread_mutex_unlock(&dir_lock);
}

/* Loops that the parent has entered are the parent's: here they are only left. */
static void fork_child(void)
{
    struct memo__ck_loop *l;

    memo__ck_places_fork_done(true);
    memo__ck_signals_fork_done(true);
    memo__ck_background_fork_child();
    is_child = true;
    pthread_mutex_init(&dir_lock, NULL);
    finished.is_there = false; /* the parent's */
    for (l = memo__ck_loops(); l; l = l->next_loop) {
        l->has_place = l->is_told = false;
        l->schedule.look_ns = UINT64_MAX;
        __atomic_store_n(&l->signals, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&l->pending, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&l->next, UINT64_MAX, __ATOMIC_SEQ_CST);
    }
}

static void at_exit(void)
{
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);

    if (self.is_busy)
        return;
    /* exit() in a loop doesn't finish it; one that was left by longjmp before is finished. */
    while (self.top && !self.top->is_foreign_stack && self.top->frame < frame)
        pop(FINISHED);
    pthread_mutex_lock(&memo__ck_lock);
    memo__ck_background_finish(EXIT_NS);
    pthread_mutex_unlock(&memo__ck_lock);
    if (finished.is_there && ftrylockfile(stdout) == 0) { /* what was printed is out before */
        fflush(stdout);
        funlockfile(stdout);
    }
    remove_finished(NULL);
    memo__ck_places_exit();
}

bool memo__ck_start(const struct memo__ck_hooks *hooks)
{
    memo__ck_hooks = *hooks;
    is_child = memo__ck_is_forked();
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    return pthread_key_create(&ending, thread_ended) == 0 &&
           pthread_atfork(fork_prepare, fork_parent, fork_child) == 0 && atexit(at_exit) == 0;
}
