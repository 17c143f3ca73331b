#line 1 "macro-made-name.c"
/* The name may come from a macro, and the pragma too. */
#define PREFIX(name) my_##name
#define MEMO(...) _Pragma(#__VA_ARGS__)

#line 6 "macro-made-name.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 6 "macro-made-name.c"
int PREFIX(square)(int n)
;
static __attribute__((noinline)) __typeof__(my_square) memo_gen_my_square;
#pragma GCC diagnostic pop
#pragma push_macro("my_square")
#undef my_square
#define my_square memo_gen_my_square
#line 6 "macro-made-name.c"
int PREFIX(square)(int n)
#pragma pop_macro("my_square")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "my_square"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "my_square"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "my_square"
#line 7 "macro-made-name.c"
{
    return n * n;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 6 "macro-made-name.c"
int PREFIX(square)(int n)
#line 6 "macro-made-name.c"
{ __typeof__(memo_gen_my_square(n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 96u, "my_square", "macro-made-name.c", "int (int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f my_square DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&n + 0, 4) << 0;
    if (__builtin_expect(memo_abi_fast(&memo_l_site, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return memo_l_r;
    } if (memo_abi_bypass(&memo_l_site)) { return memo_gen_my_square(n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_my_square(n);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 10 "macro-made-name.c"

#line 12 "macro-made-name.c"
/* warnings off */
#line 12 "macro-made-name.c"
int PREFIX(cube)(int n, int verbose)
;
static __attribute__((noinline)) __typeof__(my_cube) memo_gen_my_cube;
#pragma GCC diagnostic pop
#pragma push_macro("my_cube")
#undef my_cube
#define my_cube memo_gen_my_cube
#line 12 "macro-made-name.c"
int PREFIX(cube)(int n, int verbose)
#pragma pop_macro("my_cube")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "my_cube"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "my_cube"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "my_cube"
#line 13 "macro-made-name.c"
{
    (void)verbose;
    return n * n * n;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 12 "macro-made-name.c"
int PREFIX(cube)(int n, int verbose)
#line 12 "macro-made-name.c"
{ __typeof__(memo_gen_my_cube(n, verbose)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 96u, "my_cube", "macro-made-name.c", "int (int, int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f my_cube DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&n + 0, 4) << 0;
    if (__builtin_expect(memo_abi_fast(&memo_l_site, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return memo_l_r;
    } if (memo_abi_bypass(&memo_l_site)) { return memo_gen_my_cube(n, verbose);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_my_cube(n, verbose);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
