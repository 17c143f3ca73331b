#line 1 "late-bounds.c"
/* Bounds that name what the call writes are evaluated behind it. */
#include <stdlib.h>

#line 5 "late-bounds.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 5 "late-bounds.c"
void fill(int limit, int *n, int *v)
;
static __attribute__((noinline)) __typeof__(fill) memo_gen_fill;
#pragma GCC diagnostic pop
#pragma push_macro("fill")
#undef fill
#define fill memo_gen_fill
#line 5 "late-bounds.c"
void fill(int limit, int *n, int *v)
#pragma pop_macro("fill")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "fill"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "fill"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "fill"
#line 6 "late-bounds.c"
{
    *n = limit;
    for (int i = 0; i < *n; i++)
        v[i] = i;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 5 "late-bounds.c"
void fill(int limit, int *n, int *v)
#line 5 "late-bounds.c"
{ static const struct memo_part memo_l_p[] = {{"limit:i4", "limit:i4", 0, 1, 1u, 0u, 0u}, {"*n", "i4", 0, sizeof((*n)), 6u, 0u, 0u}, {"v[:*n]", "i4", 0, sizeof((v)[0]), 70u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 32u, "fill", "late-bounds.c", "void (int, int *, int *) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f fill DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 3u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { memo_gen_fill(limit, n, v);
    return;
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &limit, 4);
    struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((n) != 0) ? ((void *)&(*n)) : 0);
    memo_l_s[1].m_count = ((n) != 0) ? (1u) : 0;
    memo_l_s[2].m_data = (void *)(((n) != 0 && (v) != 0) ? ((void *)&(v)[0]) : 0);
    memo_l_s[2].m_count = 0;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return;
    memo_gen_fill(limit, n, v);
    if (memo_l_c) { { memo_l_s[2].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = !((n) != 0) ? 0 : (long long)((*n));
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((v)[0]));
    });
    } memo_abi_end(memo_l_c, memo_l_s);
    } }
#pragma GCC diagnostic pop
#line 11 "late-bounds.c"

#line 13 "late-bounds.c"
/* warnings off */
#line 13 "late-bounds.c"
int *make(int limit, int *n)
;
static __attribute__((noinline)) __typeof__(make) memo_gen_make;
#pragma GCC diagnostic pop
#pragma push_macro("make")
#undef make
#define make memo_gen_make
#line 13 "late-bounds.c"
int *make(int limit, int *n)
#pragma pop_macro("make")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "make"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "make"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "make"
#line 14 "late-bounds.c"
{
    int *p = malloc((size_t)limit * sizeof *p);
    *n = limit;
    for (int i = 0; p && i < limit; i++)
        p[i] = i;
    return p;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 13 "late-bounds.c"
int *make(int limit, int *n)
#line 13 "late-bounds.c"
{ __typeof__(memo_gen_make(limit, n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"limit:i4", "limit:i4", 0, 1, 1u, 0u, 0u}, {"*n", "i4", 0, sizeof((*n)), 6u, 0u, 0u}, {"result", "i4", 0, sizeof(*memo_l_r), 194u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 2u, "make", "late-bounds.c", "int *(int, int *) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f make DIGEST\012f malloc DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 3u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_make(limit, n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &limit, 4);
    struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((n) != 0) ? ((void *)&(*n)) : 0);
    memo_l_s[1].m_count = ((n) != 0) ? (1u) : 0;
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 0;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_make(limit, n);
    if (memo_l_c) { { __typeof__(memo_l_r) result = memo_l_r;
    (void)result;
    memo_l_s[2].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = !((n) != 0) ? 0 : (long long)((*n));
    memo_abi_count(memo_l_bad, memo_l_n, sizeof(*memo_l_r));
    });
    } memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
