#line 1 "memoized-and-concurrent.c"
// A function that is memoized and concurrent gets one that tells whether a call is known.
#line 3 "memoized-and-concurrent.c"
#line 4 "memoized-and-concurrent.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 4 "memoized-and-concurrent.c"
double sum(int n, const double *p)
;
static __attribute__((noinline)) __typeof__(sum) memo_gen_sum;
#pragma GCC diagnostic pop
#pragma push_macro("sum")
#undef sum
#define sum memo_gen_sum
#line 4 "memoized-and-concurrent.c"
double sum(int n, const double *p)
#pragma pop_macro("sum")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "sum"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "sum"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "sum"
#line 5 "memoized-and-concurrent.c"
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += p[i];
    return s;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 4 "memoized-and-concurrent.c"
static __inline__ __attribute__((always_inline)) struct memo_site *memo_gen_site_sum(__typeof__(int) n, __typeof__(const double *) p)
{ __typeof__(memo_gen_sum(n, p)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"p[:n]", "f8", 0, sizeof((p)[0]), 5u, 0u, 0u}, {"result", "f8", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 40u, "sum", "memoized-and-concurrent.c", "double (int, const double *) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f sum DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 3u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    return &memo_l_site;
    }
#line 4 "memoized-and-concurrent.c"
static __attribute__((unused)) int memo_gen_hit_sum(__typeof__(int) n, __typeof__(const double *) p, __typeof__(double) *memo_result, int *memo_errno)
{ __typeof__(memo_gen_sum(n, p)) memo_l_r;
    struct memo_site *const memo_l_at = memo_gen_site_sum(n, p);
    if (!((n > 0))) return 0;
    if (__atomic_load_n(&memo_l_at->m_bypass, __ATOMIC_RELAXED)) return 0;
    unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[3];
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((p) != 0) ? ((void *)&(p)[0]) : 0);
    memo_l_s[1].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((p)[0]));
    });
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 1;
    if (!memo_abi_hit(memo_l_at, memo_l_s, memo_errno)) return 0;
    *memo_result = memo_l_r;
    return 1;
    }
#line 4 "memoized-and-concurrent.c"
double sum(int n, const double *p)
#line 4 "memoized-and-concurrent.c"
{ __typeof__(memo_gen_sum(n, p)) memo_l_r;
    struct memo_site *const memo_l_at = memo_gen_site_sum(n, p);
    if (!((n > 0))) { if (memo_abi_tells) memo_abi_refused(memo_l_at);
    return memo_gen_sum(n, p);
    } if (memo_abi_bypass(memo_l_at)) { return memo_gen_sum(n, p);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((p) != 0) ? ((void *)&(p)[0]) : 0);
    memo_l_s[1].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((p)[0]));
    });
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 1;
    if (memo_abi_begin(memo_l_at, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_sum(n, p);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 11 "memoized-and-concurrent.c"

#line 13 "memoized-and-concurrent.c"
#line 14 "memoized-and-concurrent.c"
/* warnings off */
#line 14 "memoized-and-concurrent.c"
int twice(int n)
;
static __attribute__((noinline)) __typeof__(twice) memo_gen_twice;
#pragma GCC diagnostic pop
#pragma push_macro("twice")
#undef twice
#define twice memo_gen_twice
#line 14 "memoized-and-concurrent.c"
int twice(int n)
#pragma pop_macro("twice")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "twice"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "twice"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "twice"
#line 15 "memoized-and-concurrent.c"
{
    return 2 * n;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 14 "memoized-and-concurrent.c"
static __inline__ __attribute__((always_inline)) struct memo_site *memo_gen_site_twice(__typeof__(int) n)
{ __typeof__(memo_gen_twice(n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 96u, "twice", "memoized-and-concurrent.c", "int (int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f twice DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    return &memo_l_site;
    }
#line 14 "memoized-and-concurrent.c"
static __attribute__((unused)) int memo_gen_hit_twice(__typeof__(int) n, __typeof__(int) *memo_result, int *memo_errno)
{ __typeof__(memo_gen_twice(n)) memo_l_r;
    struct memo_site *const memo_l_at = memo_gen_site_twice(n);
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&n + 0, 4) << 0;
    if (__builtin_expect(memo_abi_fast(memo_l_at, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return *memo_result = memo_l_r, 1;
    } if (__atomic_load_n(&memo_l_at->m_bypass, __ATOMIC_RELAXED)) return 0;
    unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (!memo_abi_hit(memo_l_at, memo_l_s, memo_errno)) return 0;
    *memo_result = memo_l_r;
    return 1;
    }
#line 14 "memoized-and-concurrent.c"
int twice(int n)
#line 14 "memoized-and-concurrent.c"
{ __typeof__(memo_gen_twice(n)) memo_l_r;
    struct memo_site *const memo_l_at = memo_gen_site_twice(n);
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&n + 0, 4) << 0;
    if (__builtin_expect(memo_abi_fast(memo_l_at, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return memo_l_r;
    } if (memo_abi_bypass(memo_l_at)) { return memo_gen_twice(n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (memo_abi_begin(memo_l_at, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_twice(n);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 18 "memoized-and-concurrent.c"

/* What it writes may still be in use by then: there is none. */
#line 21 "memoized-and-concurrent.c"
#line 22 "memoized-and-concurrent.c"
/* warnings off */
#line 22 "memoized-and-concurrent.c"
int store(int n, int *to)
;
static __attribute__((noinline)) __typeof__(store) memo_gen_store;
#pragma GCC diagnostic pop
#pragma push_macro("store")
#undef store
#define store memo_gen_store
#line 22 "memoized-and-concurrent.c"
int store(int n, int *to)
#pragma pop_macro("store")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "store"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "store"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "store"
#line 23 "memoized-and-concurrent.c"
{
    *to = n;
    return 0;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 22 "memoized-and-concurrent.c"
int store(int n, int *to)
#line 22 "memoized-and-concurrent.c"
{ __typeof__(memo_gen_store(n, to)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"*to", "i4", 0, sizeof((*to)), 6u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 32u, "store", "memoized-and-concurrent.c", "int (int, int *) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f store DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 3u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_store(n, to);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((to) != 0) ? ((void *)&(*to)) : 0);
    memo_l_s[1].m_count = ((to) != 0) ? (1u) : 0;
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_store(n, to);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
