#line 1 "external.c"
/* Calls of a library function go to a wrapper in this unit; its address stays. */
double erf(double x);

#line 5 "external.c"
double erf(double x);
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 4 "external.c"
static __attribute__((unused)) __typeof__(double) memo_gen_erf(__typeof__(double) x)
#line 4 "external.c"
{ __typeof__((erf)(x)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"x:f8", "x:f8", 0, 1, 1u, 0u, 0u}, {"result", "f8", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 331u, "erf", "external.c", "double (double) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f erf DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 2u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    { memo_abi_u64 memo_l_k[2] = {0, 0};
    memo_l_k[0] |= memo_abi_bits((const char *)&x + 0, 8) << 0;
    if (__builtin_expect(memo_abi_fp_default() && memo_abi_fast(&memo_l_site, memo_l_k[0], memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) return memo_l_r;
    } if (memo_abi_bypass(&memo_l_site)) { return (erf)(x);
    } unsigned char memo_l_v[8];
    __builtin_memcpy(memo_l_v + 0, &x, 8);
    struct memo_span memo_l_s[2];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(memo_l_v);
    memo_l_s[0].m_count = 8;
    memo_l_s[1].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[1].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = (erf)(x);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
#line 6 "external.c"

double (*pointer)(double) = erf;

double use(double x)
{
    return 
memo_gen_erf
#line 11 "external.c"
              (x) + (erf)(2 * x);
}
