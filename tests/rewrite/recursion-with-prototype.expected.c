#line 1 "recursion-with-prototype.c"
/* Calls inside the function, and those before it, are memoized too. */
long fibonacci(int n);

long before(int n)
{
    return fibonacci(n) + 1;
}

#line 10 "recursion-with-prototype.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
static __attribute__((noinline)) __typeof__(fibonacci) memo_gen_fibonacci;
#pragma GCC diagnostic pop
#pragma push_macro("fibonacci")
#undef fibonacci
#define fibonacci memo_gen_fibonacci
#line 10 "recursion-with-prototype.c"
long fibonacci(int n)
#pragma pop_macro("fibonacci")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "fibonacci"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "fibonacci"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "fibonacci"
#line 11 "recursion-with-prototype.c"
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 10 "recursion-with-prototype.c"
long fibonacci(int n)
#line 10 "recursion-with-prototype.c"
{ __typeof__(memo_gen_fibonacci(n)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"n:i4", "n:i4", 0, 1, 1u, 0u, 0u}, {"result", "i8", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 96u, "fibonacci", "recursion-with-prototype.c", "long (int) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f fibonacci DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&n + 0, 4) << 0;
    if (__builtin_expect(memo_abi_fast(&memo_l_site, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return memo_l_r;
    } if (memo_abi_bypass(&memo_l_site)) { return memo_gen_fibonacci(n);
    } unsigned char memo_l_v[4];
    __builtin_memcpy(memo_l_v + 0, &n, 4);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 4;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_fibonacci(n);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
