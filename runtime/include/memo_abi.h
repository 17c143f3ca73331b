/* memo_abi.h - what generated code and the runtime agree on.
 *
 * memocc writes this text, without its comments, into every unit that it
 * rewrites; nobody includes it by hand. It therefore includes nothing, uses
 * only reserved-looking names (memo_abi_, memo_gen_, members m_) and is valid
 * C90 with GNU extensions. Any change of a layout or of a meaning raises
 * MEMO_ABI; the runtime refuses sites of another number with one line.
 *
 * The shape of a rewritten function f is
 *
 *     static struct memo_site memo_gen_site_f = { ... };
 *     T f(parameters)
 *     {
 *         if (memo_abi_bypass(&site)) return memo_gen_f(parameters);
 *         pack scalar arguments; fill one memo_span for each part of the site;
 *         if (memo_abi_begin(&site, spans, &call) == MEMO_HIT) return r;
 *         r = memo_gen_f(parameters);
 *         if (call) memo_abi_end(call, spans);
 *         return r;
 *     }
 *
 * preceded, for small scalar keys, by memo_abi_fast(). No runtime frame is on
 * the stack while the user's function runs. */
#ifndef MEMO_ABI
#define MEMO_ABI 3

typedef __SIZE_TYPE__ memo_abi_size;
typedef __UINT64_TYPE__ memo_abi_u64;

/* How the bytes of one object go into a key: padding is left out. An object is
 * n_runs runs; run i stands for m_count pieces, m_stride bytes apart, the first
 * at m_offset. A piece is m_len bytes, each & m_mask (0xff: all of it), or, if
 * m_sub isn't NULL, one object of that type. A NULL memo_type is plain bytes. */
struct memo_type;
struct memo_run {
    memo_abi_size m_offset, m_len, m_count, m_stride;
    const struct memo_type *m_sub;
    unsigned m_mask;
};
struct memo_type {
    memo_abi_size m_size;
    const struct memo_run *m_runs;
    unsigned m_n_runs;
};

/* Roles of a part; combined. */
#define MEMO_KEY 0x1u    /* its bytes are hashed before the call */
#define MEMO_RESULT 0x2u /* its bytes are stored after it, restored on a hit; KEY|RESULT: inout */
#define MEMO_SECTION                                                                               \
    0x4u                 /* memory of the user's: NULL-ness and count are in the key, and it takes \
                            part in the overlap check; without it: an object of the wrapper's */
#define MEMO_STRING 0x8u /* up to its NUL, inclusive; m_count is ignored */
#define MEMO_ROWS                                                                                  \
    0x10u               /* rows: the next span holds stride in bytes (as m_data) and the number of \
                           rows (m_count); this one holds the first row. May be repeated. The      \
                           following span has a part of its own with MEMO_MORE */
#define MEMO_MORE 0x20u /* only the second span of a MEMO_ROWS part */
#define MEMO_LATE                                                                                  \
    0x40u /* a result whose count is known after the call only: the wrapper fills                  \
             m_count before memo_abi_end; on a hit the stored length holds */
#define MEMO_ALLOC                                                                                 \
    0x80u /* m_data is the address of a pointer (NULL: nothing is stored or restored);             \
             the result is what that pointer                                                       \
             points to after the call, m_count elements (or a string with                          \
             MEMO_STRING); a hit stores fresh malloc memory there. NULL is a result */
#define MEMO_VIEW                                                                                  \
    0x100u /* with ALLOC: a hit may store a read-only pointer into the store there                 \
            */
#define MEMO_STATIC                                                                                \
    0x200u /* with ALLOC|STRING: one copy for the life of the process, never freed */
#define MEMO_OFFSET                                                                                \
    0x400u /* m_data is the address of a pointer into part m_ref: stored as an offset */
#define MEMO_FILE                                                                                  \
    0x800u /* KEY: m_data is a path; the file's content is in the key, a missing file              \
              is a value; changed during the call: not stored */
#define MEMO_ENV 0x1000u /* KEY: m_data is a variable's name; its value is in the key */
#define MEMO_CODE                                                                                  \
    0x2000u /* KEY: m_data is a function pointer; identified by its code; one that is              \
               not in this program makes the call uncached; NULL is a value */
#define MEMO_GLOBAL 0x4000u  /* SECTION that is a global object (from `reads`) */
#define MEMO_IGNORED 0x8000u /* SECTION that is only compared for overlap */
#define MEMO_STORED                                                                                \
    0x10000u /* with ALLOC: m_data is memory of the user's. A call that leaves it as               \
                it was stores nothing: the next one may come with another value */

/* Kinds: how to print bytes, and which of them are values; not part of any key.
 *
 *   i4 u8 f8 f10 c8   integer, unsigned, floating, complex: and its bytes. f10, c20:
 *                     the value bytes of a long double, which takes more in memory
 *   b b16             bytes        s   a string
 *   {x:i4@0,y:f8*3@8,z:u4@32.5+3}40
 *                     a structure of 40 bytes: its members, each with its kind,
 *                     length if it is an array, and offset; of a bit-field the
 *                     byte, the bit in it, and the width. Pointers and padding
 *                     are left out
 *   a:i4,b:f8         the packed scalars of a call, with the parameters' names
 *
 * An element may be an array of its kind. */
struct memo_part {
    const char *m_name;             /* the shape as written; listings and messages */
    const char *m_kind;             /* what an element is: see above */
    const struct memo_type *m_type; /* of one element, for keys; NULL: plain bytes */
    memo_abi_size m_size;           /* bytes of one element */
    unsigned m_role;
    unsigned m_ref;        /* MEMO_OFFSET: index of the part pointed into */
    memo_abi_size m_align; /* MEMO_ALLOC: alignment to give, 0 = malloc's */
};

/* What a part is in this call. m_data NULL is a NULL section. m_count is in
 * elements; MEMO_BAD marks a negative or overflowing count: the call is then
 * computed, uncached, with one warning for each function and process. */
#define MEMO_BAD (~(memo_abi_size)0)
struct memo_span {
    void *m_data;
    memo_abi_size m_count;
};

/* Bytes of a long double that take part in keys. */
#if __LDBL_MANT_DIG__ == 64
#define MEMO_LONG_DOUBLE 10
#else
#define MEMO_LONG_DOUBLE sizeof(long double)
#endif

/* Bytes and kind of the promoted value of an expression of arithmetic type; constants. */
#define MEMO_VALUE_IS(x, t) __builtin_types_compatible_p(__typeof__((x) + 0), t)
#define MEMO_VALUE_SIZE(x) (MEMO_VALUE_IS(x, long double) ? MEMO_LONG_DOUBLE : sizeof((x) + 0))
#define MEMO_VALUE_KIND(x)                                                                         \
    (MEMO_VALUE_IS(x, int)                  ? "i4"                                                 \
     : MEMO_VALUE_IS(x, unsigned)           ? "u4"                                                 \
     : MEMO_VALUE_IS(x, long)               ? "i8"                                                 \
     : MEMO_VALUE_IS(x, unsigned long)      ? "u8"                                                 \
     : MEMO_VALUE_IS(x, long long)          ? "i8"                                                 \
     : MEMO_VALUE_IS(x, unsigned long long) ? "u8"                                                 \
     : MEMO_VALUE_IS(x, double)             ? "f8"                                                 \
     : MEMO_VALUE_IS(x, float)              ? "f4"                                                 \
     : MEMO_VALUE_IS(x, long double)        ? "f10"                                                \
                                            : "b")

/* A count for a memo_span: overflowing, negative, or too large for memory is MEMO_BAD. */
static __inline__ __attribute__((always_inline, unused)) memo_abi_size
memo_abi_count(int m_overflow, long long m_n, memo_abi_size m_size)
{
    memo_abi_size m_bytes;
    return m_overflow || m_n < 0 || __builtin_mul_overflow((memo_abi_size)m_n, m_size, &m_bytes) ||
                   m_bytes > (MEMO_BAD >> 1)
               ? MEMO_BAD
               : (memo_abi_size)m_n;
}
/* Elements of a variable size as bytes. */
static __inline__ __attribute__((always_inline, unused)) memo_abi_size
memo_abi_scale(memo_abi_size m_n, memo_abi_size m_size)
{
    return m_n == MEMO_BAD ? m_n : m_n * m_size;
}

/* Flags of a site. */
#define MEMO_SITE_PROGRAM 0x1u   /* calls code out of sight: the program's content is in the key */
#define MEMO_SITE_LIBRARIES 0x2u /* calls the C library or libm: build IDs and CPU features are */
#define MEMO_SITE_CPU 0x4u       /* compiled for the machine at hand (-march=native) */
#define MEMO_SITE_FP 0x8u /* floating point: rounding mode and flush-to-zero are in the key */
#define MEMO_SITE_ERRNO_READ 0x10u  /* may read errno: the old value is in the key */
#define MEMO_SITE_ERRNO_NEVER 0x20u /* can't set errno */
#define MEMO_SITE_FAST                                                                             \
    0x40u                     /* the wrapper uses memo_abi_fast: part 0 is the key, of at most 16  \
                                 bytes, part 1 the result, of at most 16 bytes; nothing else */
#define MEMO_SITE_VALID 0x80u /* has `valid`: memo_abi_begin may return MEMO_CANDIDATE */
#define MEMO_SITE_EXTERNAL 0x100u /* `external`: a library's function */
#define MEMO_SITE_ANY                                                                              \
    0x200u /* calls through a pointer whose targets aren't in sight: the program's content is in   \
              the key even where the link step has made a table */
#define MEMO_SITE_LOCALE                                                                           \
    0x400u /* calls what depends on the locale: one that isn't "C" is in the key */

#define MEMO_TIER_MEMORY 1u
#define MEMO_TIER_DISK 2u
#define MEMO_TIER_SHARED 4u

struct memo_fast;
struct memo_call; /* one call in flight; the runtime's */

/* One memoized function. Written by memocc, registered at its first call. The
 * members up to m_expires_ns are constants; the rest is the runtime's. */
struct memo_site {
    unsigned m_abi; /* MEMO_ABI */
    unsigned m_flags;
    const char *m_name;         /* key and listings */
    const char *m_unit;         /* source file, for listings only */
    const char *m_signature;    /* canonical type; in the key */
    const char *m_version;      /* `version`: in the key in place of m_code, or NULL */
    const char *m_toolchain;    /* compiler and code generation options; in the key */
    unsigned char m_code[16];   /* fingerprint of all code in sight; in the key */
    unsigned char m_layout[16]; /* digest of the result types; checked in every record */
    const char *m_components;   /* what m_code is made of, for explaining misses: a line for each,
                                   "KIND NAME DIGEST"; or NULL. KIND is f (function), v (object),
                                   t (type), e (enumerator), k (a checkpointed loop's own text) or
                                   x (pragmas and the like) */
    const char *m_unseen;       /* functions out of sight that only the link step can judge, a
                                   line for each; or NULL */
    const char *m_link;         /* the table of the link step, memo_link_table; NULL: linked without
                                   memocc. docs/link-table.md has its lines */
    const struct memo_part *m_parts;
    unsigned m_n_parts;
    unsigned m_tiers;                           /* MEMO_TIER_..., those that may be used */
    __INT64_TYPE__ m_min_cost_ns, m_expires_ns; /* 0: none */

    unsigned m_id;            /* index of counters, valid once m_fast isn't NULL */
    struct memo_fast *m_fast; /* the scalar table; NULL until there is one */
    void *m_state;
    struct memo_fast *m_table; /* as m_fast, also while the gate keeps wrappers from it */
    unsigned
        m_bypass; /* 0, or m_id + 1: the gate lets wrappers call the original, memo_abi_bypass */
};

#define MEMO_MISS 0
#define MEMO_HIT 1
#define MEMO_CANDIDATE 2

/* Look the call up. MEMO_HIT: all results are in place. MEMO_MISS: compute; if
 * *call isn't NULL, pass it to memo_abi_end or memo_abi_drop afterwards.
 * MEMO_CANDIDATE (MEMO_SITE_VALID only): *age and *cost of memo_abi_age() tell
 * of the entry; go on with memo_abi_accept(). `spans` has m_n_parts elements
 * and must live until the end of the call. */
extern int memo_abi_begin(struct memo_site *, struct memo_span *, struct memo_call **);
extern void memo_abi_age(const struct memo_call *, double *age, double *cost);
extern int memo_abi_accept(struct memo_call **, struct memo_span *,
                           int valid); /* MEMO_HIT or MEMO_MISS */
extern void memo_abi_end(struct memo_call *, struct memo_span *);
extern void memo_abi_drop(struct memo_call *);

/* memo_cached(), memo_forget(), memo_refresh(), memo_uncached(): the next
 * memoized call of this thread is asked, not made (CACHED, FORGET: it returns
 * zeros at once), or made in another way. memo_abi_answer() gives the answer. */
#define MEMO_ASK_CACHED 1
#define MEMO_ASK_FORGET 2
#define MEMO_ASK_REFRESH 3
#define MEMO_ASK_UNCACHED 4
extern void memo_abi_ask(int);
extern int memo_abi_answer(void);

/* Synchronized code asks before it makes a task of a call: 1: the results are in place, the
 * call counts as a hit, *m_errno (if not NULL) is its errno if it sets it. 0: nothing
 * happened: the call is yet to be made, by its wrapper, which may find it all the same. For
 * sites whose only result is the returned value. errno is left alone. */
extern int memo_abi_hit(struct memo_site *, struct memo_span *, int *m_errno);

/* Not 0: calls that `when` turns away are to be told of, to be explained. */
extern int memo_abi_tells;
extern void memo_abi_refused(struct memo_site *);

/* The table that memocc makes when it links: one for each executable and shared
 * library; without it, 0. */
extern const char memo_link_table[] __attribute__((weak, visibility("hidden")));

/* The scalar path: a direct-mapped table for each function, each slot guarded
 * by a sequence number that is odd while the slot holds an entry. Readers take
 * no lock; a slot that changes under them is a miss. Keys and values shorter
 * than 16 bytes are filled up with zeros. */
struct memo_slot {
    unsigned m_seq, m_spare;
    memo_abi_u64 m_key[2], m_value[2];
    memo_abi_u64 m_created_ns; /* CLOCK_REALTIME */
    memo_abi_u64 m_cost_ns;
    memo_abi_u64 m_unused; /* 64 bytes: a cache line */
};
struct memo_fast {
    unsigned m_shift; /* slot = hash >> m_shift */
    struct memo_slot *m_slots;
};

/* This thread, or NULL: not yet known, an ask is pending, or the runtime is at
 * work below us (signal handlers). NULL always leads to memo_abi_begin. */
struct memo_thread {
    memo_abi_u64 *m_hits;           /* by m_id */
    const struct memo_slot *m_last; /* or, of a bypassed call, the place in m_left */
    __INT64_TYPE__ *m_left;         /* by m_id: calls that may be bypassed; below 0: none may */
};
extern __thread struct memo_thread *memo_abi_self __attribute__((tls_model("initial-exec")));

/* 1, 2, 4 or 8 bytes as a number, without a detour through memory. */
static __inline__ __attribute__((always_inline, unused)) memo_abi_u64
memo_abi_bits(const void *m_p, memo_abi_size m_len)
{
    unsigned char m_1;
    unsigned short m_2;
    unsigned m_4;
    memo_abi_u64 m_8;
    if (m_len == 1)
        return __builtin_memcpy(&m_1, m_p, 1), m_1;
    if (m_len == 2)
        return __builtin_memcpy(&m_2, m_p, 2), m_2;
    if (m_len == 4)
        return __builtin_memcpy(&m_4, m_p, 4), m_4;
    return __builtin_memcpy(&m_8, m_p, 8), m_8;
}

static __inline__ __attribute__((always_inline, unused)) memo_abi_u64 memo_abi_mix(memo_abi_u64 m_a,
                                                                                   memo_abi_u64 m_b)
{
    /* The top bits of a product depend on all bits below: one multiplication is enough. */
    return (m_a ^ (m_b << 29 | m_b >> 35) * 0x9fb21c651e98df25u) * 0x9e3779b97f4a7c15u;
}

static __inline__ __attribute__((always_inline, unused)) int
memo_abi_fast(const struct memo_site *m_site, memo_abi_u64 m_a, memo_abi_u64 m_b, void *m_r,
              memo_abi_size m_len)
{
    const struct memo_fast *m_f = __atomic_load_n(&m_site->m_fast, __ATOMIC_ACQUIRE);
    struct memo_thread *m_t = memo_abi_self;
    const struct memo_slot *m_s;
    memo_abi_u64 m_v[2];
    unsigned m_q;
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    return 0; /* keys are made of numbers, tables filled with bytes */
#endif
    if (!m_f || !m_t)
        return 0;
    m_s = &m_f->m_slots[memo_abi_mix(m_a, m_b) >> m_f->m_shift];
    m_q = __atomic_load_n(&m_s->m_seq, __ATOMIC_ACQUIRE);
    if (!(m_q & 1u) || __atomic_load_n(&m_s->m_key[0], __ATOMIC_RELAXED) != m_a ||
        __atomic_load_n(&m_s->m_key[1], __ATOMIC_RELAXED) != m_b)
        return 0;
    m_v[0] = __atomic_load_n(&m_s->m_value[0], __ATOMIC_ACQUIRE);
    m_v[1] = m_len > 8 ? __atomic_load_n(&m_s->m_value[1], __ATOMIC_ACQUIRE) : 0;
    if (__atomic_load_n(&m_s->m_seq, __ATOMIC_ACQUIRE) != m_q)
        return 0;
    __builtin_memcpy(m_r, m_v, m_len);
    m_t->m_hits[m_site->m_id]++;
    m_t->m_last = m_s;
    return 1;
}

/* Whether this call of a function that isn't worth caching is only to be computed.
 * One instruction counts: a signal handler may come between any two. */
static __inline__ __attribute__((always_inline, unused)) int
memo_abi_bypass(const struct memo_site *m_site)
{
    unsigned m_id = __atomic_load_n(&m_site->m_bypass, __ATOMIC_RELAXED);
    struct memo_thread *m_t;
    if (__builtin_expect(!m_id, 1))
        return 0;
    m_t = memo_abi_self;
    if (__builtin_expect(!m_t, 0) || __builtin_expect(--m_t->m_left[m_id - 1u] < 0, 0))
        return 0;
    m_t->m_last = (const struct memo_slot *)(const void *)&m_t->m_left[m_id - 1u];
    return 1;
}

/* Rounding mode and flush-to-zero are those of a new process. For MEMO_SITE_FP
 * the wrapper asks before memo_abi_fast; the table holds only such calls. */
extern int memo_abi_fp_default_slow(void);
static __inline__ __attribute__((always_inline, unused)) int memo_abi_fp_default(void)
{
#if defined __x86_64__ && defined __SSE__
    return (__builtin_ia32_stmxcsr() & 0xe040u) == 0;
#else
    return memo_abi_fp_default_slow();
#endif
}

#endif
