/* memo_checkpoint_abi.h - what code that memocc made of `#pragma checkpoint` calls.
 *
 * Not for programs. Put before the first such loop of a unit, behind memo_abi.h. Types that
 * C has no name for without a header are void: FILE is `void`.
 *
 * One entry into the loop has a struct memo_ck on its function's stack. What the loop may
 * change is a list of *pieces* (variables, sections behind pointers); what it reads and
 * doesn't change are its *inputs*. The shape of `for (INIT; COND; INC) BODY` is
 *
 *     {   memo_abi_u64 memo_ci = 0;                  iterations since the entry
 *         struct memo_ck memo_ck __attribute__((cleanup(memo_ck_leave))) = {0};
 *         fill the spans of the inputs;
 *         if (memo_ck_enter(&memo_ck, &site, inputs)) goto restore;
 *         if (0) { fresh: memo_ck_undo(&memo_ck, spans); copies back to variables }
 *         INIT;
 *     restore:
 *         fill the spans of the pieces, without lengths;
 *         if (memo_ck.m_final == MEMO_CK_WHOLE) fill the spans of the pieces;
 *         memo_ck_begin(&memo_ck, spans, files);
 *         if (memo_ck.m_final == MEMO_CK_FRESH) goto fresh;
 *         if (memo_ck.m_restored) { copies back to variables; memo_ci = memo_ck.m_at; }
 *         if (memo_ck.m_final == MEMO_CK_END) goto end;                           `keep` only
 *         for (; top, COND; INC) BODY        COND of `keep`: COND || !memo_ck_ended(&memo_ck)
 *         fill the spans; memo_ck_final(&memo_ck, spans, files);                  `keep` only
 *     end: ; }
 *
 *     top:  if (memo_ci++ >= *memo_ck.m_next) {      __atomic_load_n(.., __ATOMIC_RELAXED)
 *               synchronized code around the loop has its event;
 *               memo_ck.m_at = memo_ci - 1; fill the spans; memo_ck_save(&memo_ck, spans, files);
 *           }
 *           memo_ck.m_at = memo_ci - 1;              for loops inside
 *
 * `top` of a `do` loop, and of a `for` without condition, stands first in the body.
 *
 * Variables whose address nobody needs are passed as copies, so that they can stay in
 * registers while no save is due. Everything is called on the loop's own thread. */
#ifndef MEMO_CHECKPOINT_ABI_H
#define MEMO_CHECKPOINT_ABI_H

#define MEMO_CHECKPOINT_ABI 1
#define MEMO_CK_NONE (~0u) /* an index of nothing */

/* Roles of a piece. */
#define MEMO_CK_VARIABLE 0x1u /* an object: m_data is it, or a copy; m_count elements of m_size */
#define MEMO_CK_SECTION 0x2u  /* memory behind a pointer: m_data is the pointer, the bytes start
                                 m_first behind it; NULL: no section */
#define MEMO_CK_STRING 0x4u   /* with SECTION: up to its NUL, inclusive; m_count is ignored */
#define MEMO_CK_ROWS 0x8u     /* with SECTION: the next span holds stride in bytes (as m_data) and
                                 number of rows (m_count); may be repeated, innermost first */
#define MEMO_CK_MORE 0x10u    /* only the further spans of a ROWS piece */
#define MEMO_CK_ALLOC 0x20u   /* a block of the malloc family: m_data is the pointer to it, m_count
                                 its elements; at restore it gets that many. Not saved itself */
#define MEMO_CK_POINTER 0x40u /* a pointer: m_data is the address of it, or of a copy (void *). With
                                 CHANGED it is saved, as an offset into what the pieces tell;
                                 without, it only moves along where ALLOC moves its block */
#define MEMO_CK_OBJECT 0x80u  /* an object or function that pointers may lead to; not saved */
#define MEMO_CK_CHANGED 0x100u
#define MEMO_CK_RNG 0x200u    /* VARIABLE or SECTION named in `rng`; for messages */
#define MEMO_CK_COPY 0x400u   /* VARIABLE or POINTER: m_data is a copy, whose address means nothing:
                                 no pointer leads there */
#define MEMO_CK_UNSET 0x800u  /* VARIABLE or POINTER: it has no value when the loop is entered */

/* Bytes inside an element of a VARIABLE or SECTION: m_count times m_size bytes, m_stride bytes
 * apart, the first at m_offset. CHANGED: a pointer (m_size is that of one), saved as POINTER is.
 * Without: a pointer, or other bytes, whose value stays what it is in the rerun. */
struct memo_ck_pointer {
    const char *m_name; /* ".next": for messages */
    memo_abi_size m_offset, m_size, m_count, m_stride;
    unsigned m_flags; /* MEMO_CK_CHANGED or 0 */
};

struct memo_ck_piece {
    const char *m_name; /* the variable, or the shape as written */
    unsigned m_role;
    unsigned m_base;        /* SECTION, ALLOC: index of the POINTER piece it starts from; or
                               MEMO_CK_NONE: it starts from an array */
    memo_abi_size m_size;   /* bytes of one element */
    memo_abi_u64 m_layout;  /* digest of the element's type */
    const struct memo_ck_pointer *m_pointers;
    unsigned m_n_pointers;
};

/* What a piece is now. memo_ck_begin gets m_first and m_count 0 for SECTION and ALLOC: their
 * bounds may name what is only restored there. MEMO_BAD: negative or overflowing; nothing is
 * saved then, and a line says so. */
struct memo_ck_span {
    void *m_data;
    memo_abi_size m_first; /* bytes */
    memo_abi_size m_count;
};

/* Roles of inputs: those of struct memo_part (memo_abi.h), MEMO_KEY for what is matched, and */
#define MEMO_CK_SKIPPED 0x40000000u /* named in `skip`: compared only with a final state of `keep` */
#define MEMO_CK_NULLNESS 0x20000000u /* a pointer: m_data is its value. What counts is whether it is
                                        NULL and, of a POINTER piece of its name, where it leads */
#define MEMO_CK_ENTRY 0x10000000u /* what a variable that is saved holds in front of the loop */
#define MEMO_CK_CODES 0x08000000u /* m_count pointers to functions, m_size bytes apart, told by
                                     their code; with MEMO_CODE */
#define MEMO_CK_TARGETS 0x04000000u /* pointers (the runs of the type): what counts is where they
                                       lead */
#define MEMO_CK_TEXTS 0x02000000u /* with TARGETS: pointers to char */

/* Flags of a stream of `file`. */
#define MEMO_CK_INPUT 0x1u   /* the loop doesn't write to it */
#define MEMO_CK_FORWARD 0x2u /* the loop only goes forward in it */

/* Flags of a site. */
#define MEMO_CK_NAMED 0x1u  /* `name` was given: arguments don't count */
#define MEMO_CK_KEEP 0x2u
#define MEMO_CK_RANDOM 0x4u /* state of random(), rand() */
#define MEMO_CK_RAND48 0x8u /* state of drand48() and its kin */
#define MEMO_CK_CONDITION 0x10u /* keep: the condition changes what is saved, so that the state
                                   behind the loop can't be gone on from: it is an END */

struct memo_ck_site {
    unsigned m_abi; /* MEMO_CHECKPOINT_ABI */
    unsigned m_flags;
    const char *m_name; /* `name`, or "file:function:ordinal" */
    const char *m_file, *m_function;
    unsigned m_line;
    struct memo_site *m_code; /* name, toolchain, m_code, m_components, m_link of the loop's code;
                                 it has no parts */
    const struct memo_part *m_inputs;
    unsigned m_n_inputs;
    const struct memo_ck_piece *m_pieces;
    unsigned m_n_pieces;
    const char *const *m_files; /* names of the streams, m_n_files */
    unsigned m_n_files;
    const unsigned char *m_file_flags; /* as many; NULL: nothing is known */
    char m_unit;            /* of m_every: 's' nanoseconds, 'i' iterations, '%' millionths */
    __INT64_TYPE__ m_every; /* above 0 */
    __INT64_TYPE__ m_expires_ns; /* 0: none */
    const int *m_signals;        /* 0-terminated, or NULL */
    memo_abi_size (*m_get)(void *, memo_abi_size); /* `state`, or NULL */
    void (*m_set)(const void *, memo_abi_size);
    void *m_state; /* the runtime's */
};

#define MEMO_CK_TOP 1 /* a final state from which the loop can go on if its condition holds */
#define MEMO_CK_END 2 /* one that is only good where this run would end, too: it does */
#define MEMO_CK_FRESH 3 /* memo_ck_begin found what memo_ck_enter couldn't know: a VLA of another
                           size, a pointer that is NULL now, a stream that isn't a file. Nothing
                           was restored or changed: the loop is to be started with its INIT */
#define MEMO_CK_WHOLE 4 /* memo_ck_enter can't know which entry this is (threads and forked children
                           come in any order): INIT is carried out, then memo_ck_begin looks, by
                           what the spans hold, and may restore */

struct memo_ck {
    const memo_abi_u64 *m_next; /* the iteration before which memo_ck_save is called. Other threads
                                   and signal handlers set it to 0: at once; ~0: never. It isn't in
                                   here, since a loop left by longjmp tells nobody. Valid from
                                   memo_ck_enter on */
    memo_abi_u64 m_at;          /* iterations carried out since the entry, restored ones included */
    int m_restored;             /* memo_ck_begin has restored */
    int m_final;                /* of what was restored: 0, MEMO_CK_TOP or MEMO_CK_END; or FRESH */
    int m_ended;                /* memo_ck_ended was called: the condition was false */
    struct memo_ck *m_up; /* the entry around this one on this thread; the runtime's */
    void *m_loop;         /* the runtime's; NULL: nothing is saved */
};

/* Is there a state to go on from? Then what memo_ck_begin needs is in memory, and all was
 * checked that can be known here. A line on stderr says what was found, or why it isn't used. */
extern int memo_ck_enter(struct memo_ck *, struct memo_ck_site *, struct memo_span *m_inputs);
/* Restore, or look where the loop starts. `spans` has m_n_pieces elements, m_data of SECTION
 * and ALLOC is the pointer's value before anything is restored. Lengths in it may be changed. */
extern void memo_ck_begin(struct memo_ck *, struct memo_ck_span *, void *const *m_files);
/* All spans filled. May not return: `on(TERM)`. */
extern void memo_ck_save(struct memo_ck *, struct memo_ck_span *, void *const *m_files);
/* `#pragma checkpoint now`: memo_ck_save is called at the next top. */
extern void memo_ck_now(struct memo_ck *);
/* keep: the condition is false. 0: it was the first one behind a final state that isn't where
 * this run ends: to be undone, and the loop to be started afresh. */
extern int memo_ck_ended(struct memo_ck *);
/* Everything is as it was before memo_ck_begin, copies and files too. */
extern void memo_ck_undo(struct memo_ck *, struct memo_ck_span *);
/* keep: behind the loop. */
extern void memo_ck_final(struct memo_ck *, struct memo_ck_span *, void *const *m_files);
/* The loop is left, in whatever way. */
extern void memo_ck_leave(struct memo_ck *);

static __inline__ __attribute__((always_inline, unused)) struct memo_ck_span
memo_ck_object(void *m_data, memo_abi_size m_count)
{
    struct memo_ck_span m_s;
    m_s.m_data = m_data;
    m_s.m_first = 0;
    m_s.m_count = m_count;
    return m_s;
}
/* The bytes begin at m_at; NULL: there are none. */
static __inline__ __attribute__((always_inline, unused)) struct memo_ck_span
memo_ck_section(void *m_pointer, const void *m_at, memo_abi_size m_count)
{
    struct memo_ck_span m_s;
    m_s.m_data = m_pointer;
    m_s.m_first = m_at ? (memo_abi_size)((const char *)m_at - (const char *)m_pointer) : 0;
    m_s.m_count = m_count;
    return m_s;
}

/* Behind a static's declaration: a pointer to it, in a section that linkers don't leave out though
 * no code names it. */
#define MEMO_CK_POINTER_TO(m_name, m_section, m_object)                                            \
    static void *m_name __attribute__((section(m_section), used MEMO_CK_RETAINED)) =               \
        (void *)&m_object;
#define MEMO_CK_RETAINED
#ifdef __has_attribute
#if __has_attribute(retain)
#undef MEMO_CK_RETAINED
#define MEMO_CK_RETAINED , retain
#endif
#endif

/* Round code inside functions: no warning speaks of it. */
#ifdef __clang__
#define MEMO_CK_QUIET                                                                              \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wunknown-warning-option\"") \
        _Pragma("clang diagnostic ignored \"-Weverything\"")
#define MEMO_CK_LOUD _Pragma("clang diagnostic pop")
#else
#define MEMO_CK_QUIET                                                                              \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wpragmas\"")                 \
        _Pragma("GCC diagnostic ignored \"-Wpedantic\"")                                           \
        _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"")                                \
        _Pragma("GCC diagnostic ignored \"-Wuninitialized\"")                                      \
        _Pragma("GCC diagnostic ignored \"-Wdeclaration-after-statement\"")                        \
        _Pragma("GCC diagnostic ignored \"-Wjump-misses-init\"")                                   \
        _Pragma("GCC diagnostic ignored \"-Wc++-compat\"")                                         \
        _Pragma("GCC diagnostic ignored \"-Wcast-qual\"")                                          \
        _Pragma("GCC diagnostic ignored \"-Wconversion\"")                                         \
        _Pragma("GCC diagnostic ignored \"-Wsign-conversion\"")                                    \
        _Pragma("GCC diagnostic ignored \"-Waddress\"")                                            \
        _Pragma("GCC diagnostic ignored \"-Wnonnull-compare\"")                                    \
        _Pragma("GCC diagnostic ignored \"-Wtraditional\"")                                        \
        _Pragma("GCC diagnostic ignored \"-Wtraditional-conversion\"")                              \
        _Pragma("GCC diagnostic ignored \"-Wpadded\"")                                              \
        _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define MEMO_CK_LOUD _Pragma("GCC diagnostic pop")
#endif

#endif
