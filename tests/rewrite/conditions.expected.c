#line 1 "conditions.c"
/* Conditions before, on a hit and after the call; key, name and version. */
#line 4 "conditions.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 4 "conditions.c"
int sum(const int *v, int n)
;
static __attribute__((noinline)) __typeof__(sum) memo_gen_sum;
#pragma GCC diagnostic pop
#pragma push_macro("sum")
#undef sum
#define sum memo_gen_sum
#line 4 "conditions.c"
int sum(const int *v, int n)
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
#line 5 "conditions.c"
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 4 "conditions.c"
int sum(const int *v, int n)
#line 4 "conditions.c"
{ __typeof__(memo_gen_sum(v, n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"v[:n]", "i4", 0, sizeof((v)[0]), 5u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 160u, "sum", "conditions.c", "int (const int *, int) #TYPES", "2", COMPILER " ", {DIGEST}, {DIGEST}, 0, 0, memo_link_table, memo_l_p, 3u, 1u, 1000000LL, 30000000000LL, 0, 0, 0, 0, 0};
    if (!((n > 3))) { if (memo_abi_tells) memo_abi_refused(&memo_l_site);
    return memo_gen_sum(v, n);
    } if (memo_abi_bypass(&memo_l_site)) { return memo_gen_sum(v, n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)(((v) != 0) ? ((void *)&(v)[0]) : 0);
    memo_l_s[1].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((v)[0]));
    });
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 1;
    { int memo_l_h = memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c);
    if (memo_l_h == MEMO_CANDIDATE) { double memo_age, memo_cost;
    memo_abi_age(memo_l_c, &memo_age, &memo_cost);
    memo_l_h = memo_abi_accept(&memo_l_c, memo_l_s, !!((memo_age < 60)));
    } if (memo_l_h == MEMO_HIT) return memo_l_r;
    } memo_l_r = memo_gen_sum(v, n);
    if (memo_l_c) { __typeof__(memo_l_r) result = memo_l_r;
    (void)result;
    if (!((result >= 0))) memo_abi_drop(memo_l_c);
    else { memo_abi_end(memo_l_c, memo_l_s);
    } } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 11 "conditions.c"

#line 13 "conditions.c"
/* warnings off */
#line 13 "conditions.c"
int last_digit(int n)
;
static __attribute__((noinline)) __typeof__(last_digit) memo_gen_last_digit;
#pragma GCC diagnostic pop
#pragma push_macro("last_digit")
#undef last_digit
#define last_digit memo_gen_last_digit
#line 13 "conditions.c"
int last_digit(int n)
#pragma pop_macro("last_digit")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "last_digit"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "last_digit"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "last_digit"
#line 14 "conditions.c"
{
    return n % 10;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 13 "conditions.c"
int last_digit(int n)
#line 13 "conditions.c"
{ __typeof__(memo_gen_last_digit(n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"", "", 0, 1, 1u, 0u, 0u}, {"(n % 10)", MEMO_VALUE_KIND(((n % 10))), 0, MEMO_VALUE_SIZE(((n % 10))), 1u, 0u, 0u}, {"env(HOME)", "b", 0, 1, 4097u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 32u, "last_digit", "conditions.c", "int (int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f last_digit DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 4u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_last_digit(n);
    } __extension__ __typeof__(((n % 10)) + 0) memo_l_k0 = ((n % 10));
    _Static_assert(__builtin_classify_type(memo_l_k0) != 5, "key: a pointer's value can't be a key");
    struct memo_span memo_l_s[4];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(0);
    memo_l_s[0].m_count = 0;
    memo_l_s[1].m_data = (void *)(&memo_l_k0);
    memo_l_s[1].m_count = 1;
    memo_l_s[2].m_data = (void *)((void *)"HOME");
    memo_l_s[2].m_count = 0;
    memo_l_s[3].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[3].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_last_digit(n);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
