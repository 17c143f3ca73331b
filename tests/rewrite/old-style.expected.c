#line 1 "old-style.c"
// warnings: yes
/* A definition of the old style is called through a prototype of its promoted types. */
#line 4 "old-style.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 4 "old-style.c"
int sum();
static __attribute__((noinline)) __typeof__(sum) memo_gen_sum;
#pragma GCC diagnostic pop
#pragma push_macro("sum")
#undef sum
#define sum memo_gen_sum
/* warnings off */
#line 4 "old-style.c"
int sum(v, n)
    const int *v;
    short n;
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
#line 7 "old-style.c"
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
#pragma GCC diagnostic pop
/* warnings off */
#line 4 "old-style.c"
int sum(v, n)
    const int *v;
    short n;
#line 4 "old-style.c"
{ __typeof__(memo_gen_sum(v, n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i2", "n:i2", 0, 1, 1u, 0u, 0u}, {"v[:n]", "i4", 0, sizeof((v)[0]), 5u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 32u, "sum", "old-style.c", "int (const int *, int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f sum DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 3u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_sum(v, n);
    } unsigned char memo_l_v[2];
    __builtin_memcpy(memo_l_v + 0, &n, 2);
    struct memo_span memo_l_s[3];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 2;
    memo_l_s[1].m_data = (void *)(((v) != 0) ? ((void *)&(v)[0]) : 0);
    memo_l_s[1].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((v)[0]));
    });
    memo_l_s[2].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[2].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_sum(v, n);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
