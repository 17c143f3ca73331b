/* loop.h - one entry into a loop, from memo_ck_enter to memo_ck_leave.
 *
 * Each thread has a stack of its entries. What memo_ck on the loop's own stack points to is a
 * struct memo__ck_loop, which is never freed, only used again: a loop that was left by longjmp
 * tells nobody, and its frame may hold anything by then. Such entries are found when the thread
 * comes to us again: by the address of the frame that entered (a caller's lies at or above
 * it), or because the loop around them goes on.
 *
 * The identity of an entry is counted: by name, among the entries that stand in the same
 * iteration of the loop around it, or, where there is none, by the main thread. Entries of other
 * threads and of forked children come in any order, and those in memoized functions only where a
 * result isn't known: they are told by what they start from.
 *
 * input.h has what is matched, resume.h looks for a state and compares it, save.h takes and
 * writes one, schedule.h and background.h say when, signal.h has `on`, tally.h the statistics.
 *
 * Threads: an entry belongs to its thread. `next`, `pending`, `signals`, `is_due` are atomic, for
 * handlers and the background thread; what stands under memo__ck_lock (background.h) says so. While
 * `job` isn't IDLE, the background thread has `place`, `file`, `image` and `blobs`. */
#ifndef MEMO_CHECKPOINT_LOOP_H
#define MEMO_CHECKPOINT_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/format.h"
#include "checkpoint/hidden.h"
#include "checkpoint/identity.h"
#include "checkpoint/image.h"
#include "checkpoint/input.h"
#include "checkpoint/place.h"
#include "checkpoint/schedule.h"
#include "checkpoint/stream.h"
#include "checkpoint/tally.h"
#include "include/memo_abi.h"
#include "include/memo_checkpoint_abi.h"

/* What this part takes from those beside it, given once by abi_checkpoint.c. */
struct memo__ck_hooks {
    int verbose;     /* MEMOCC_VERBOSE, 1 where it isn't set; 0: only what went wrong is said */
    bool says_saves; /* MEMOCC_VERBOSE is set, and above 0 */
    bool is_fresh;
    const char *configured_dir, *store_dir; /* absolute or NULL: place.h */
    /* The digest of the loop's code and what it consists of (cache/identity.h); and whether the
     * link step has judged its calls out of sight. */
    const char *(*identify)(const struct memo_site *code, unsigned char digest[16],
                            bool *is_judged);
    /* Was it linked by memocc, though without looking into this loop? */
    bool (*has_link_table)(const struct memo_site *code);
    bool (*is_in_call)(void);    /* of a memoized function, on this thread */
    memo__key_code *code_digest; /* of matched function pointers */
    /* What differs between two versions, in words, cut to fit; "" where none is known. */
    void (*code_changes)(char *out, size_t size, const struct memo__ck_file *old,
                         const char *old_toolchain, const struct memo_ck_site *site,
                         const char *components);
    /* The value of an input as text, cut to fit. `site` has one part, `key` is its key. */
    void (*show)(char *out, size_t size, const struct memo_site *site, const void *key, size_t len,
                 uint64_t total);
};
extern struct memo__ck_hooks memo__ck_hooks; /* constant after memo__ck_start */

/* Once, before anything else here. false: no checkpoints in this process; said. */
bool memo__ck_start(const struct memo__ck_hooks *hooks);

/* How often loops of a name were entered. */
struct memo__ck_counts {
    struct memo__ck_count {
        const char *name; /* of a site */
        uint64_t n;
    } * list;
    size_t n, cap;
    uint64_t iteration; /* in which they were counted */
};

/* One loop of the program: memo_ck_site.m_state. For the life of the process. */
struct memo__ck_site {
    const struct memo_ck_site *abi;
    unsigned char code[MEMO__CK_DIGEST];
    const char *components;
    bool is_unjudged; /* what its calls out of sight change may be nowhere in its state */
    struct memo__ck_tally tally; /* memo__ck_lock */
    char said[MEMO__CK_WHY];     /* memo__ck_lock; why it wasn't saved, as it was said last, and */
    uint64_t said_ns;            /* when; 0: nothing was said */
    bool was_saved;              /* memo__ck_lock; since then */
    struct memo__ck_site *next;  /* all of them; memo__ck_lock */
};
struct memo__ck_site *memo__ck_sites(void); /* under memo__ck_lock */

struct memo__ck_loop {
    uint64_t next;                   /* __atomic; memo_ck.m_next leads here */
    uint64_t pending;                /* __atomic; signals that came: bit n - 1 */
    uint64_t signals;                /* __atomic; those of `on` while the entry lives */
    uint64_t answers;                /* __atomic; those that came and for which it saves just now */
    bool is_due;                     /* __atomic; by the clock */
    bool is_now;                     /* `now` */
    bool is_start;                   /* to be on the disk before the first iteration */
    struct memo__ck_loop *next_loop; /* all that were ever made; constant */
    bool in_use;                     /* memo__ck_lock */
    struct memo__ck_inputs inputs;   /* memory of the entry before is used again, as is that of */
    struct memo__ck_image *rested;   /* an image, or NULL */

    struct memo__ck_loop *up; /* the entry around this one on its thread */
    const void *thread;       /* tells threads apart; memo__ck_lock */
    struct memo_ck *ck;       /* on the user's stack */
    uintptr_t frame;          /* of memo_ck_enter */
    bool is_foreign_stack;    /* of a coroutine or of signals: addresses say nothing */
    bool is_late;             /* which entry it is will be known at memo_ck_begin: start.h */
    struct memo__ck_site *site;

    bool has_place;      /* else nothing is saved, here and in loops inside */
    bool may_have_inner; /* __atomic; there may be files of loops inside */
    struct memo__ck_place place;
    struct memo__ck_identity identity;
    uint64_t ordinal, outer_iteration;
    bool is_told;                         /* by what it starts from; memo__ck_lock */
    unsigned char start[MEMO__CK_DIGEST]; /* that; memo__ck_lock */
    unsigned char outer[MEMO__CK_DIGEST];
    unsigned char lineage[MEMO__CK_DIGEST];       /* code and inputs, of the loops around it too */
    unsigned char outer_lineage[MEMO__CK_DIGEST]; /* zeros: there is none around it */
    struct memo__ck_counts counts;                /* of loops inside */

    struct memo__ck_image *image;
    struct memo__ck_streams *streams; /* NULL: no `file` */
    bool updates_files; /* some of them had content before, so that the loop can't just be carried
                           out again */
    struct memo__ck_file found; /* to be restored, while has_found */
    bool has_found;
    bool must_go_on;  /* a final state of other skipped inputs: the condition must hold, or all is
                         undone */
    bool is_restored; /* and memory for the undo is held */
    uint64_t restored_at, restored_saved_ns;
    int user_errno, errno_before;         /* at the save, or to be given back; before: for undo */
    struct memo__ck_hidden before, taken; /* before: what undo gives back */
    uint64_t entered_ns;                  /* monotonic */
    uint64_t spent_ns;                    /* in the loop, in earlier runs */
    bool has_final;                       /* files stay */

    struct memo__ck_schedule schedule; /* memo__ck_lock */
    uint64_t next_iteration;           /* every(n iterations) */
    bool is_dropped; /* __atomic; it has ended: what is being written isn't needed */
    enum memo__ck_job { MEMO__CK_IDLE, MEMO__CK_QUEUED, MEMO__CK_WRITING } job; /* memo__ck_lock */
    uint64_t queued;           /* order among jobs; memo__ck_lock */
    struct memo__ck_file file; /* what is being written */
    struct memo__ck_blob *blobs;
    size_t n_blobs, cap_blobs;
    bool looks; /* there is no thread: the loop looks at the clock */
    uint64_t looked_at, looked_ns;
    uint64_t taken_cpu_ns, taken_bytes; /* of the state in `file`: what the copy cost */
    int result;                         /* of the last write */
    bool was_written;                   /* memo__ck_lock; a file is whole on the disk, */
    uint64_t written_at;                /* of this iteration */
};

/* The entry points of memo_checkpoint_abi.h. `frame` is that of the entry point. errno is kept. */
int memo__ck_enter(struct memo_ck *ck, struct memo_ck_site *site, struct memo_span *inputs,
                   uintptr_t frame);
void memo__ck_leave(struct memo_ck *ck);
void memo__ck_now(struct memo_ck *ck);

/* memo_ck_begin, first: what memo_ck_enter left to it (MEMO_CK_WHOLE), if it did. */
void memo__ck_enter_late(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files);

/* The live entry of `ck` on this thread, its innermost now: what was entered in it was left. NULL:
 * nothing is saved. */
struct memo__ck_loop *memo__ck_live(struct memo_ck *ck);

/* The same, and until `end` no signal handler runs on this thread, it isn't cancelled, and loops
 * that are entered (by functions of `state`) aren't ours. NULL: nothing to be ended. errno is kept.
 */
struct memo__ck_work {
    sigset_t before;
    int cancel_state, saved_errno;
};
struct memo__ck_loop *memo__ck_work_begin(struct memo_ck *ck, struct memo__ck_work *w);
void memo__ck_work_end(const struct memo__ck_work *w);

/* The number of iterations after which nothing is due. */
extern const uint64_t memo__ck_never;

/* "heat.c:40: loop 'heat.c:run:1'", for lines. */
#define MEMO__CK_WHO 400
char *memo__ck_who(const struct memo__ck_site *site, char out[MEMO__CK_WHO]);

const char *memo__ck_host(void); /* this machine's name */

/* Why a loop isn't saved, or what of it: once for each reason that follows another; behind saves
 * that were made, after a minute again. */
void memo__ck_warn(struct memo__ck_site *site, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
