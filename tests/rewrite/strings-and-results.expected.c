#line 1 "strings-and-results.c"
/* Strings and code in the key; results that are strings, views, or point into arguments. */
#include <stdlib.h>
#include <string.h>

#line 6 "strings-and-results.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 6 "strings-and-results.c"
char *twice(const char *s)
;
static __attribute__((noinline)) __typeof__(twice) memo_gen_twice;
#pragma GCC diagnostic pop
#pragma push_macro("twice")
#undef twice
#define twice memo_gen_twice
#line 6 "strings-and-results.c"
char *twice(const char *s)
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
#line 7 "strings-and-results.c"
{
    size_t n = strlen(s);
    char *p = malloc(2 * n + 1);
    if (p) {
        memcpy(p, s, n);
        memcpy(p + n, s, n + 1);
    }
    return p;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 6 "strings-and-results.c"
char *twice(const char *s)
#line 6 "strings-and-results.c"
{ __typeof__(memo_gen_twice(s)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"", "", 0, 1, 1u, 0u, 0u}, {"string(s)", "s", 0, 1, 13u, 0u, 0u}, {"result", "s", 0, 1, 138u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 2u, "twice", "strings-and-results.c", "char *(const char *) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f malloc DIGEST\012f memcpy DIGEST\012f strlen DIGEST\012f twice DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 3u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_twice(s);
    } struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(0);
    memo_l_s[0].m_count = 0;
    memo_l_s[1].m_data = (void *)((void *)(s));
    memo_l_s[1].m_count = 0;
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 0;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_twice(s);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 16 "strings-and-results.c"

#line 18 "strings-and-results.c"
/* warnings off */
#line 18 "strings-and-results.c"
int *least(int *v, int n, int (*less)(int, int))
;
static __attribute__((noinline)) __typeof__(least) memo_gen_least;
#pragma GCC diagnostic pop
#pragma push_macro("least")
#undef least
#define least memo_gen_least
#line 18 "strings-and-results.c"
int *least(int *v, int n, int (*less)(int, int))
#pragma pop_macro("least")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "least"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "least"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "least"
#line 19 "strings-and-results.c"
{
    int *p = v;
    for (int i = 1; i < n; i++)
        if (less(v[i], *p))
            p = v + i;
    return p;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 18 "strings-and-results.c"
int *least(int *v, int n, int (*less)(int, int))
#line 18 "strings-and-results.c"
{ __typeof__(memo_gen_least(v, n, less)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"v[:n]", "i4", 0, sizeof((v)[0]), 5u, 0u, 0u}, {"code(less)", "b", 0, 1, 8193u, 0u, 0u}, {"result", "b", 0, 1, 1026u, 1u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 523u, "least", "strings-and-results.c", "int *(int *, int, int (*)(int, int)) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f least DIGEST\012x preprocessing DIGEST\012", "less\012", memo_link_table, memo_l_p, 4u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_least(v, n, less);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[4];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((v) != 0) ? ((void *)&(v)[0]) : 0);
    memo_l_s[1].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((v)[0]));
    });
    memo_l_s[2].m_data = (void *)((void *)(less));
    memo_l_s[2].m_count = 0;
    memo_l_s[3].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[3].m_count = 0;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_least(v, n, less);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 26 "strings-and-results.c"

#line 28 "strings-and-results.c"
/* warnings off */
#line 28 "strings-and-results.c"
double *squares(int n)
;
static __attribute__((noinline)) __typeof__(squares) memo_gen_squares;
#pragma GCC diagnostic pop
#pragma push_macro("squares")
#undef squares
#define squares memo_gen_squares
#line 28 "strings-and-results.c"
double *squares(int n)
#pragma pop_macro("squares")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "squares"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "squares"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "squares"
#line 29 "strings-and-results.c"
{
    double *p = aligned_alloc(64, (size_t)n * sizeof *p);
    for (int i = 0; p && i < n; i++)
        p[i] = (double)i * i;
    return p;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 28 "strings-and-results.c"
double *squares(int n)
#line 28 "strings-and-results.c"
{ __typeof__(memo_gen_squares(n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"result", "f8", 0, sizeof(*memo_l_r), 450u, 0u, 64u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 10u, "squares", "strings-and-results.c", "double *(int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f aligned_alloc DIGEST\012f squares DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_squares(n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 0;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_squares(n);
    if (memo_l_c) { { __typeof__(memo_l_r) result = memo_l_r;
    (void)result;
    memo_l_s[1].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof(*memo_l_r));
    });
    } memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 35 "strings-and-results.c"

#line 37 "strings-and-results.c"
/* warnings off */
#line 37 "strings-and-results.c"
const char *kind(int n)
;
static __attribute__((noinline)) __typeof__(kind) memo_gen_kind;
#pragma GCC diagnostic pop
#pragma push_macro("kind")
#undef kind
#define kind memo_gen_kind
#line 37 "strings-and-results.c"
const char *kind(int n)
#pragma pop_macro("kind")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "kind"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "kind"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "kind"
#line 38 "strings-and-results.c"
{
    return n ? "some" : "none";
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 37 "strings-and-results.c"
const char *kind(int n)
#line 37 "strings-and-results.c"
{ __typeof__(memo_gen_kind(n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"result", "s", 0, 1, 650u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 32u, "kind", "strings-and-results.c", "const char *(int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f kind DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_kind(n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 0;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_kind(n);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
