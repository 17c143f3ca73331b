/* memo_task_abi.h - what code that memocc made of `#pragma synchronized` calls.
 *
 * Not for programs. Put before the first synchronized code of a unit, behind
 * memo_abi.h.
 *
 * One activation of synchronized code has a struct memo_sync on its stack. A
 * statement with concurrent calls becomes a *record*: the arguments, room for
 * the results, and what its deferred part needs. Records of one place in the
 * text (a *site*) that follow each other form a *run*: an array. At a
 * *synchronization event* the runtime calls m_run of all runs, in parts, on any
 * threads, and then m_commit of all of them, in the order in which the records
 * were put, on the thread that owns the activation. It may do the same at any
 * time at which a record is put, to bound the memory.
 *
 * Everything here belongs to the thread that made the activation, but m_run. */
#ifndef MEMO_TASK_ABI_H
#define MEMO_TASK_ABI_H

#define MEMO_TASK_ABI 1
#define MEMO_TASK_NONE (~0u) /* an offset that doesn't exist */
#define MEMO_SYNC_DEPTHS 16  /* deeper activations count as the deepest */

/* An errno that no function sets: m_run puts it there before each call. */
#define MEMO_TASK_ERRNO_UNSET (-0x6d656d6f)

/* The calls write nothing but their record: they may be made twice. */
#define MEMO_TASK_TWICE 1u
/* The deferred part changes memory that calls may read, other than what m_to tells. */
#define MEMO_TASK_CHANGES 2u

struct memo_task_site {
    unsigned m_abi;  /* MEMO_TASK_ABI */
    unsigned m_size; /* bytes of a record, a multiple of 16 */
    const char *m_file;
    unsigned m_line;
    const char *m_name;  /* the functions called: "f" or "f, g"; "" for a deferred part alone */
    const char *m_text;  /* the statement as written, blanks made single */
    const char *m_shown; /* kind (memo_abi.h) of a record, for messages: arguments, then results;
                            or NULL */
    /* The calls of n records. NULL: there are none, only a deferred part. */
    void (*m_run)(void *m_records, memo_abi_size m_n);
    /* The deferred part, record by record. Returns n; or k < n when that of record k has
     * left the loop (`speculate`): what comes behind is dropped. Code that may leave
     * looks at m_stopped behind each put. */
    memo_abi_size (*m_commit)(void *m_records, memo_abi_size m_n, void *m_env);
    unsigned m_results, m_results_size; /* where a record has its results */
    unsigned m_errno; /* offset of int [2]: errno where the record was put, and what the calls
                         made of it (MEMO_TASK_ERRNO_UNSET: nothing); or MEMO_TASK_NONE */
    unsigned m_ready; /* offset of an int that isn't 0 where the results came from the cache; or
                         MEMO_TASK_NONE */
    unsigned m_to;    /* offset of a pointer to what the deferred part assigns to, and nothing
                         else is written by it; or MEMO_TASK_NONE */
    unsigned m_to_size;
    unsigned m_speculates; /* m_commit may return less than n */
    unsigned m_again; /* for verify: MEMO_TASK_TWICE, MEMO_TASK_CHANGES */
    /* The runtime's: ns per record, 1/16, by depth of nesting; 0: unknown. Atomic */
    unsigned m_cost[MEMO_SYNC_DEPTHS];
};

/* One synchronized function, loop or block. */
struct memo_sync_info {
    unsigned m_abi;
    const char *m_file, *m_function;
    unsigned m_line;
    const char *m_label; /* progress("label"), "" for progress alone, else NULL */
    const char *m_calls; /* the concurrent functions that it calls: "f" or "f, g" */
    /* The runtime's: by depth of nesting, how many calls of an activation are carried out in
     * place before it is measured anew, and how often it was found cheap in a row. Atomic */
    unsigned m_direct[MEMO_SYNC_DEPTHS];
    unsigned m_measured[MEMO_SYNC_DEPTHS];
    unsigned char m_cheap[MEMO_SYNC_DEPTHS];
};

/* Addresses noted since the last event, each behind the put of the record it belongs to.
 * Inline: their hull, and the range that was noted last and may grow; the rest is the
 * runtime's. */
struct memo_ranges {
    const char *m_low, *m_high;   /* [low, high); low NULL: empty */
    const char *m_first, *m_last; /* likewise */
    void *m_all;
};

/* Of 96 bytes: compilers clear no more without a loop. */
struct memo_sync {
    char *m_next, *m_end;          /* room for records of m_site; NULL while nothing is pending */
    struct memo_task_site *m_site; /* of the run that is open */
    unsigned m_direct;             /* calls that are still carried out in place */
    unsigned m_direct_from;        /* what m_direct was; the runtime's */
    unsigned m_depth;              /* of nesting: that of the caller */
    unsigned m_threads;            /* threads(n); 0: as many as there are */
    unsigned short m_n_ranges;
    unsigned char m_verify;  /* MEMOCC=verify */
    unsigned char m_watched; /* the runtime wants to see its end */
    struct memo_sync_info *m_info;
    void *m_env;                  /* for m_commit */
    struct memo_ranges *m_ranges; /* m_n_ranges of them, all empty at first */
    void *m_pending;              /* the records; the runtime's */
    /* The record at which commits stopped (`speculate`). Set by an event, and by a put that
     * made room: the loop has ended then, and its event drops what was put since and returns
     * 1. The record stays until the next is put, or the next start. */
    void *m_stopped;
    memo_abi_u64 m_total; /* calls expected (progress); 0: unknown */
};
#define MEMO_SYNC_INIT                                                                             \
    {                                                                                              \
        0                                                                                          \
    }

/* Depth of nesting on this thread, and by depth how many activations may still be
 * carried out in place until one is measured although it is cheap. */
struct memo_task_thread {
    unsigned m_depth;
    int m_credit[MEMO_SYNC_DEPTHS];
};
extern __thread struct memo_task_thread memo_abi_task_self
    __attribute__((tls_model("initial-exec")));

#ifndef MEMO_TASK_RUNTIME
/* A reference to OpenMP: the runtime itself needs none (runtime/task/openmp.h), and what is
 * linked as-needed would be left out of a shared library. */
extern void memo_task_openmp(void (*)(void *), void *, unsigned, unsigned) __asm__("GOMP_parallel");
static void (*const memo_task_needs_openmp)(void (*)(void *), void *, unsigned, unsigned)
    __attribute__((used)) = memo_task_openmp;
#endif

/* m_info, m_env, m_threads and m_depth are set. */
extern void memo_abi_sync_begin(struct memo_sync *);
/* Not 0: commits stopped at m_stopped. */
extern int memo_abi_sync_event(struct memo_sync *);
extern void memo_abi_sync_end(struct memo_sync *);
extern void *memo_abi_task_room(struct memo_sync *, struct memo_task_site *);
/* MEMOCC=verify: the record just put is carried out at once, and again at the event. */
extern void memo_abi_task_verify(struct memo_sync *);
extern int memo_abi_range_hit(const struct memo_ranges *, const void *, memo_abi_size);
extern void memo_abi_range_note(struct memo_ranges *, const void *, memo_abi_size);

/* The start of an activation; ranges: room for n of them, or NULL. A second start of the
 * same one (a loop entered again) is fine once it has ended. */
static __inline__ __attribute__((always_inline, unused)) void
memo_sync_begin(struct memo_sync *m_s, struct memo_sync_info *m_info, void *m_env,
                unsigned m_threads)
{
    unsigned m_depth = memo_abi_task_self.m_depth, m_direct;
    m_s->m_info = m_info;
    m_s->m_env = m_env;
    m_s->m_threads = m_threads;
    m_s->m_depth = m_depth;
    m_s->m_stopped = 0;
    memo_abi_task_self.m_depth = m_depth + 1;
    if (m_depth >= MEMO_SYNC_DEPTHS)
        m_depth = MEMO_SYNC_DEPTHS - 1;
    m_direct = __atomic_load_n(&m_info->m_direct[m_depth], __ATOMIC_RELAXED);
    if (m_direct && memo_abi_task_self.m_credit[m_depth]-- > 0)
        m_s->m_direct = m_direct;
    else
        memo_abi_sync_begin(m_s);
}

static __inline__ __attribute__((always_inline, unused)) int memo_sync_event(struct memo_sync *m_s)
{
    return __builtin_expect(m_s->m_next != 0, 0) ? memo_abi_sync_event(m_s) : 0;
}

/* threads(n): 0 and less count as 1. */
static __inline__ __attribute__((always_inline, unused)) unsigned memo_threads(long long m_n)
{
    return m_n < 1 ? 1u : m_n > 65536 ? 65536u : (unsigned)m_n;
}

/* At every way out. */
static __inline__ __attribute__((always_inline, unused)) int memo_sync_end(struct memo_sync *m_s)
{
    int m_stopped = memo_sync_event(m_s);
    if (__builtin_expect(m_s->m_watched != 0, 0))
        memo_abi_sync_end(m_s);
    memo_abi_task_self.m_depth = m_s->m_depth;
    return m_stopped;
}

/* Is the next record carried out in place, without being put? What is pending is carried
 * out first. */
static __inline__ __attribute__((always_inline, unused)) int memo_task_direct(struct memo_sync *m_s)
{
    if (!m_s->m_direct)
        return 0;
    if (__builtin_expect(m_s->m_next != 0, 0) && memo_abi_sync_event(m_s))
        return 0; /* m_stopped is set: what is put is dropped */
    m_s->m_direct--;
    return 1;
}

/* Room for one record of the site, aligned to 16. */
static __inline__ __attribute__((always_inline, unused)) void *
memo_task_room(struct memo_sync *m_s, struct memo_task_site *m_site, memo_abi_size m_size)
{
    char *m_p = m_s->m_next;
    if (__builtin_expect(m_s->m_site != m_site || (memo_abi_size)(m_s->m_end - m_p) < m_size, 0))
        return memo_abi_task_room(m_s, m_site);
    m_s->m_next = m_p + m_size;
    return m_p;
}

/* Does [p, p + size) overlap what was noted since the last event? */
static __inline__ __attribute__((always_inline, unused)) int
memo_range_hit(const struct memo_ranges *m_r, const volatile void *m_p, memo_abi_size m_size)
{
    const char *m_a = (const char *)m_p;
    if (__builtin_expect(!m_r->m_low || m_a >= m_r->m_high || m_a + m_size <= m_r->m_low, 1))
        return 0;
    return memo_abi_range_hit(m_r, m_a, m_size);
}
static __inline__ __attribute__((always_inline, unused)) void
memo_range_note(struct memo_ranges *m_r, const volatile void *m_p, memo_abi_size m_size)
{
    const char *m_a = (const char *)m_p;
    if (__builtin_expect(m_a == m_r->m_last && m_r->m_last != 0, 1)) {
        m_r->m_last = m_a + m_size;
        if (m_r->m_high < m_r->m_last)
            m_r->m_high = m_r->m_last;
    } else {
        memo_abi_range_note(m_r, m_a, m_size);
    }
}

#endif
