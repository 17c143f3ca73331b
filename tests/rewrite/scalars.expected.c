#line 1 "scalars.c"
/* The function keeps its place and its lines; its name belongs to the wrapper. */
#line 3 "scalars.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 3 "scalars.c"
static double mix(int n, double x)
;
static __attribute__((noinline)) __typeof__(mix) memo_gen_mix;
#pragma GCC diagnostic pop
#pragma push_macro("mix")
#undef mix
#define mix memo_gen_mix
#line 3 "scalars.c"
static double mix(int n, double x)
#pragma pop_macro("mix")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "mix"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "mix"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "mix"
#line 4 "scalars.c"
{
    return n * x;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 3 "scalars.c"
static double mix(int n, double x)
#line 3 "scalars.c"
{ __typeof__(memo_gen_mix(n, x)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4,x:f8", "n:i4,x:f8", 0, 1, 1u, 0u, 0u}, {"result", "f8", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 104u, "mix", "scalars.c", "double (int, double) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f mix DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&n + 0, 4) << 0;
    memo_l_k[0] |= memo_abi_bits((const char *)&x + 0, 8) << 32;
    memo_l_k[1] |= memo_abi_bits((const char *)&x + 0, 8) >> 32;
    if (__builtin_expect(memo_abi_fp_default() && memo_abi_fast(&memo_l_site, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return memo_l_r;
    } if (memo_abi_bypass(&memo_l_site)) { return memo_gen_mix(n, x);
    } unsigned char memo_l_v[12];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    __builtin_memcpy(memo_l_v + 4, &x, 8);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 12;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_mix(n, x);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 7 "scalars.c"

double use(int n)
{
    return mix(n, 0.5) + mix(n + 1, 0.25);
}
