/* save.c - see save.h. */
#include "checkpoint/save.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/human.h"
#include "base/log.h"
#include "base/quiet.h"
#include "checkpoint/background.h"
#include "checkpoint/resume.h"
#include "checkpoint/signal.h"

/* ---- why now? ---- */

struct reasons {
    uint64_t signals;
    bool is_due, is_asked; /* asked for: not to be left out */
};

static uint64_t after(uint64_t at, uint64_t every)
{
    uint64_t next = (at / every + 1) * every;

    return next < at ? UINT64_MAX : next;
}

/* Without a thread the loop is the one to look at the clock, after some iterations. */
static bool look(struct memo__ck_loop *l, uint64_t at)
{
    uint64_t now = memo__monotonic_ns();
    bool is_due;

    pthread_mutex_lock(&memo__ck_lock);
    is_due = l->schedule.look_ns != UINT64_MAX && memo__ck_schedule_look(&l->schedule, now);
    l->next_iteration =
        at + memo__ck_schedule_step(&l->schedule, at - l->looked_at, now - l->looked_ns, now);
    pthread_mutex_unlock(&memo__ck_lock);
    l->looked_at = at;
    l->looked_ns = now;
    return is_due;
}

/* `next` is set first: whoever asks for a save sets its mark, then `next` to 0. One that comes
 * behind our look at the marks thus finds `next` as we leave it. */
static struct reasons take_reasons(struct memo__ck_loop *l, uint64_t at)
{
    struct reasons r = {0, false, false};

    if (l->looks) {
        r.is_due = look(l, at);
    } else if (l->schedule.unit == 'i' && at >= l->next_iteration) {
        r.is_asked = true;
        l->next_iteration = after(at, l->schedule.every);
    }
    __atomic_store_n(&l->next, l->next_iteration, __ATOMIC_SEQ_CST);
    r.signals = __atomic_load_n(&l->pending, __ATOMIC_SEQ_CST);
    __atomic_store_n(&l->answers, r.signals, __ATOMIC_SEQ_CST);
    __atomic_fetch_and(&l->pending, ~r.signals, __ATOMIC_SEQ_CST);
    r.signals = memo__ck_signals_own(l, r.signals);
    r.is_due |= __atomic_exchange_n(&l->is_due, false, __ATOMIC_SEQ_CST);
    r.is_asked |= l->is_now || r.signals != 0;
    l->is_now = false;
    return r;
}

void memo__ck_save_begin(struct memo__ck_loop *l, uint64_t at)
{
    l->next_iteration = UINT64_MAX;
    if (l->looks) {
        l->next_iteration = at + 1;
        l->looked_at = at;
        l->looked_ns = memo__monotonic_ns();
    } else if (l->schedule.unit == 'i') {
        l->next_iteration = after(at, l->schedule.every);
    }
    if (l->must_go_on && l->is_restored) /* to see that it does */
        l->next_iteration = at + 1;
    __atomic_store_n(&l->next, l->next_iteration, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&l->pending, __ATOMIC_SEQ_CST) ||
        __atomic_load_n(&l->is_due, __ATOMIC_SEQ_CST) || l->is_now)
        __atomic_store_n(&l->next, 0, __ATOMIC_SEQ_CST);
}

/* ---- the state as blobs ---- */

static struct memo__ck_blob *add_blob(struct memo__ck_loop *l)
{
    struct memo__ck_blob *grown;
    size_t cap = l->cap_blobs ? l->cap_blobs * 2 : 32;

    if (l->n_blobs == l->cap_blobs) {
        grown = memo__realloc(l->blobs, cap * sizeof *grown);
        if (!grown)
            return NULL;
        l->blobs = grown;
        l->cap_blobs = cap;
    }
    memset(&l->blobs[l->n_blobs], 0, sizeof *l->blobs);
    return &l->blobs[l->n_blobs++];
}

static int add_blobs(struct memo__ck_loop *l, const struct memo__ck_blob *blobs, size_t n)
{
    struct memo__ck_blob *b;

    for (; n > 0; n--) {
        b = add_blob(l);
        if (!b)
            return MEMO_ENOMEM;
        *b = *blobs++;
    }
    return 0;
}

static int add_notes(struct memo__ck_loop *l)
{
    const char *toolchain = l->site->abi->m_code->m_toolchain;
    struct memo__ck_blob notes[3] = {
        {.kind = MEMO__CK_NOTE,
         .name = MEMO__CK_LINEAGE,
         .data = l->outer_lineage,
         .len = sizeof l->outer_lineage},
        {.kind = MEMO__CK_NOTE,
         .name = MEMO__CK_TOOLCHAIN,
         .data = toolchain,
         .len = toolchain ? strlen(toolchain) : 0},
        {.kind = MEMO__CK_NOTE, .name = MEMO__CK_ERRNO, .meta = {(uint64_t)l->user_errno}}};
    int err = add_blobs(l, notes, 3);
    size_t i;

    for (i = 0; err == 0 && i < l->inputs.n; i++) {
        struct memo__ck_blob input;

        memo__ck_input_blob(l->site->abi, &l->inputs.list[i], &input);
        err = add_blobs(l, &input, 1);
    }
    return err;
}

static void fill_header(struct memo__ck_loop *l, uint64_t at, uint32_t final)
{
    const struct memo__ck_process *process = memo__ck_process();
    const struct memo_ck_site *site = l->site->abi;
    struct memo__ck_file *f = &l->file;

    memset(f, 0, sizeof *f);
    f->saved_ns = memo__realtime_ns();
    f->spent_ns = l->spent_ns + (memo__monotonic_ns() - l->entered_ns);
    f->iteration = at;
    f->ordinal = l->ordinal;
    f->outer_iteration = l->outer_iteration;
    f->process = (uint64_t)getpid();
    f->final = final;
    f->flags = site->m_flags;
    f->line = site->m_line;
    memcpy(f->identity, l->identity.digest, sizeof f->identity);
    memcpy(f->outer, l->outer, sizeof f->outer);
    memcpy(f->code, l->site->code, sizeof f->code);
    f->name = site->m_name;
    f->file = site->m_file;
    f->function = site->m_function;
    f->program = process->program;
    f->directory = process->directory;
    f->host = memo__ck_host();
    f->components = l->site->components;
    f->arguments = process->arguments;
    f->arguments_len = process->arguments_len;
    f->blobs = l->blobs;
    f->n_blobs = l->n_blobs;
    f->is_dropped = &l->is_dropped;
}

/* Everything into l->file. *direct: it leads into the user's memory. 0, or with a reason. */
static int take(struct memo__ck_loop *l, const struct memo_ck_span *spans, void *const *files,
                uint64_t at, uint32_t final, bool *direct, char why[MEMO__CK_WHY])
{
    struct memo__ck_blob hidden[MEMO__CK_HIDDEN_BLOBS];
    const struct memo__ck_blob *streams = NULL;
    struct memo__ck_taken taken;
    uint64_t copied = 0;
    size_t n_streams = 0;
    int err = memo__ck_image_take(l->image, spans, &taken, why);

    if (err == 0 && l->streams)
        err = memo__ck_streams_take(l->streams, files, &streams, &n_streams, &copied, why);
    if (err != 0)
        return err;
    l->n_blobs = 0;
    err = add_notes(l);
    if (err == 0)
        err = add_blobs(l, taken.blobs, taken.n_blobs);
    if (err == 0)
        err = add_blobs(l, hidden, memo__ck_hidden_blobs(&l->taken, l->site->abi, hidden));
    if (err == 0)
        err = add_blobs(l, streams, n_streams);
    fill_header(l, at, final);
    l->taken_bytes = taken.bytes + copied;
    *direct = taken.is_direct;
    return err;
}

/* ---- writing ---- */

static void tell_failure(struct memo__ck_loop *l, int err, int number)
{
    bool is_of_system = err == MEMO_EFULL || err == MEMO_EREADONLY || err == MEMO_EIO;

    memo__ck_warn(l->site, "can't be saved in %s: %s", l->place.dir ? l->place.dir : "?",
                  is_of_system && number ? strerror(number) : memo__strerror(err));
}

static void tell_saved(const struct memo__ck_loop *l, uint64_t write_ns)
{
    char who[MEMO__CK_WHO];

    memo__log("%s: state of iteration %" PRIu64 " saved: %s, %s to copy, %s to write",
              memo__ck_who(l->site, who), l->file.iteration, memo__size_text(l->file.size).s,
              memo__duration_text(l->taken_cpu_ns).s, memo__duration_text(write_ns).s);
}

void memo__ck_write_now(struct memo__ck_loop *l)
{
    uint64_t wall = memo__monotonic_ns(), cpu = memo__thread_cpu_ns(), now;
    int err, number, tries = 0;

    do { /* a program may close what isn't its own */
        errno = 0;
        err = l->streams ? memo__ck_streams_sync(l->streams) : 0;
        if (err == 0)
            err = memo__ck_place_write(&l->place, &l->file);
        number = errno;
    } while (err != 0 && err != MEMO_EOFF && number == EBADF && ++tries < 3);
    if (err == 0 && __atomic_exchange_n(&l->may_have_inner, false, __ATOMIC_ACQ_REL))
        memo__ck_place_remove_inner(&l->place, l->file.iteration);
    now = memo__monotonic_ns();
    if (err != 0 && err != MEMO_EOFF)
        tell_failure(l, err, number);
    else if (err == 0 && memo__ck_hooks.says_saves)
        tell_saved(l, now - wall);
    cpu = memo__thread_cpu_ns() - cpu;
    pthread_mutex_lock(&memo__ck_lock);
    l->result = err;
    memo__ck_spend(cpu + l->taken_cpu_ns);
    memo__ck_schedule_done(&l->schedule, l->taken_bytes, cpu + l->taken_cpu_ns, now - wall, now);
    if (err == 0) {
        l->was_written = true;
        l->written_at = l->file.iteration;
        l->site->was_saved = true;
        l->site->tally.saves++;
        l->site->tally.bytes += l->file.size;
    } else if (err != MEMO_EOFF) {
        l->site->tally.failed++;
    }
    l->site->tally.copy_ns += l->taken_cpu_ns;
    l->site->tally.write_ns += now - wall;
    pthread_mutex_unlock(&memo__ck_lock);
}

static void wait_idle(struct memo__ck_loop *l)
{
    pthread_mutex_lock(&memo__ck_lock);
    memo__ck_background_wait(l);
    pthread_mutex_unlock(&memo__ck_lock);
}

/* The state can't be taken: nothing was spent but the time to find out. */
static int give_up(struct memo__ck_loop *l, int err, const char *why)
{
    uint64_t now = memo__monotonic_ns();

    memo__ck_warn(l->site, "can't be saved: %s", why);
    pthread_mutex_lock(&memo__ck_lock);
    l->site->tally.failed++;
    memo__ck_schedule_done(&l->schedule, l->schedule.bytes,
                           l->taken_cpu_ns > l->schedule.cost_ns ? l->taken_cpu_ns
                                                                 : l->schedule.cost_ns,
                           l->schedule.wall_ns, now);
    pthread_mutex_unlock(&memo__ck_lock);
    return err;
}

/* The thread ends when nothing is due, and may then not start again. Under memo__ck_lock. */
static void watch(struct memo__ck_loop *l)
{
    if (memo__ck_background_watch(l) || l->looks || l->schedule.unit == 'i')
        return;
    l->looks = true;
    l->looked_at = l->ck->m_at;
    l->looked_ns = memo__monotonic_ns();
    l->next_iteration = l->looked_at + 1;
    __atomic_store_n(&l->next, l->next_iteration, __ATOMIC_SEQ_CST);
}

/* What was taken is queued, or written here. */
static int put(struct memo__ck_loop *l, bool here)
{
    bool is_queued;

    pthread_mutex_lock(&memo__ck_lock);
    memo__ck_schedule_taken(&l->schedule, memo__monotonic_ns());
    is_queued = !here && memo__ck_background_write(l);
    pthread_mutex_unlock(&memo__ck_lock);
    if (is_queued)
        return 0;
    memo__ck_write_now(l);
    pthread_mutex_lock(&memo__ck_lock);
    watch(l);
    pthread_mutex_unlock(&memo__ck_lock);
    return l->result;
}

/* The job is IDLE. With `wait` it is on the disk, or failed, when this returns. */
static int save(struct memo__ck_loop *l, const struct memo_ck_span *spans, void *const *files,
                uint64_t at, uint32_t final, bool wait)
{
    uint64_t cpu = memo__thread_cpu_ns();
    char why[MEMO__CK_WHY] = "out of memory";
    bool is_direct = false;
    int err = memo__ck_hidden_take(&l->taken, l->site->abi, why); /* may run code of the user's */

    if (err == 0)
        err = take(l, spans, files, at, final, &is_direct, why);
    l->taken_cpu_ns = memo__thread_cpu_ns() - cpu;
    return err == 0 ? put(l, wait || is_direct) : give_up(l, err, why);
}

/* ---- memo_ck_save ---- */

static uint64_t estimate(const struct memo_ck_site *site, const struct memo_ck_span *spans)
{
    uint64_t bytes = 0, rows;
    unsigned i;

    for (i = 0; i < site->m_n_pieces; i++) {
        const struct memo_ck_piece *p = &site->m_pieces[i];

        if (!(p->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION)) || (p->m_role & MEMO_CK_STRING) ||
            spans[i].m_count == MEMO_BAD)
            continue;
        rows = (p->m_role & MEMO_CK_ROWS) && i + 1 < site->m_n_pieces ? spans[i + 1].m_count : 1;
        bytes += p->m_size * spans[i].m_count * rows;
    }
    return bytes;
}

/* Is the save to be made? One by the clock only if nothing is being written, and, of
 * every(n%), if it isn't too dear now that its size is known. */
static bool admit(struct memo__ck_loop *l, const struct reasons *r, uint64_t bytes)
{
    bool is_admitted = r->is_asked;

    pthread_mutex_lock(&memo__ck_lock);
    if (r->is_asked) {
        memo__ck_background_wait(l);
    } else if (l->job == MEMO__CK_IDLE) {
        is_admitted = memo__ck_schedule_allows(&l->schedule, bytes, memo__monotonic_ns());
        if (!is_admitted)
            watch(l);
    }
    pthread_mutex_unlock(&memo__ck_lock);
    return is_admitted;
}

static void save_for(struct memo__ck_loop *l, const struct reasons *r, uint64_t at,
                     const struct memo_ck_span *spans, void *const *files)
{
    char who[MEMO__CK_WHO];
    int err;

    if (l->must_go_on && l->is_restored && at == l->restored_at)
        return; /* nobody knows yet whether it is gone on from; what is saved is this state */
    if (!admit(l, r, estimate(l->site->abi, spans)))
        return;
    memo__ck_resume_commit(l);
    err = save(l, spans, files, at, 0, r->signals != 0 || l->is_start);
    l->is_start = false;
    if (err == 0 && r->signals != 0 && memo__ck_hooks.verbose >= 1)
        memo__log("%s saved at iteration %" PRIu64 " on %s", memo__ck_who(l->site, who), at,
                  memo__ck_signal_name(r->signals));
}

void memo__ck_save(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    struct memo__ck_work work;
    struct memo__ck_loop *l = memo__ck_work_begin(ck, &work);
    struct reasons r;

    if (!l)
        return;
    l->user_errno = work.saved_errno;
    if (l->must_go_on && l->is_restored && ck->m_at > l->restored_at) { /* it does */
        memo__ck_resume_commit(l);
        memo__ck_save_begin(l, ck->m_at - 1);
    }
    r = take_reasons(l, ck->m_at);
    if (r.is_asked || r.is_due)
        save_for(l, &r, ck->m_at, spans, files);
    memo__ck_work_end(&work);
    __atomic_store_n(&l->answers, 0, __ATOMIC_SEQ_CST);
    if (r.signals != 0)
        memo__ck_signals_end(l, r.signals);
}

void memo__ck_final(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    struct memo__ck_work work;
    struct memo__ck_loop *l = memo__ck_work_begin(ck, &work);
    bool is_top;

    if (!l)
        return;
    l->user_errno = work.saved_errno;
    if (l->site->abi->m_flags & MEMO_CK_KEEP) {
        is_top = ck->m_ended && !(l->site->abi->m_flags & MEMO_CK_CONDITION);
        wait_idle(l);
        memo__ck_resume_commit(l);
        /* A failure leaves what was saved before: the next run goes on from there. */
        (void)save(l, spans, files, ck->m_at, is_top ? MEMO_CK_TOP : MEMO_CK_END, true);
        l->has_final = true;
    }
    memo__ck_work_end(&work);
}

void memo__ck_save_release(struct memo__ck_loop *l)
{
    memo__free(l->blobs);
    l->blobs = NULL;
    l->n_blobs = l->cap_blobs = 0;
    memo__ck_hidden_release(&l->taken);
}
