#line 1 "checkpoint-for.c"
/* A `for` that declares its variable: copies, a static of a callee, a section and its pointer. */
static int count(int i)
{
    static int calls __attribute__((section("memo_st_a86db8980e5601fd1b2dbdf9"), used)) ;
    return calls += i;
}

/* runtime declarations */
/* warnings off */
/* warnings off */
extern char __start_memo_st_a86db8980e5601fd1b2dbdf9[] __attribute__((weak, visibility("hidden")));
static const struct memo_part memo_cn_0[] = {{"n", "i4", 0, 4u, 1u, 0, 0}, {"v", "b", 0, 8u, 536870913u, 0, 0}, {"calls", "i4", 0, 4u, 268435457u, 0, 0}, {"sum", "f8", 0, 8u, 268435457u, 0, 0}, };
static const struct memo_ck_piece memo_cq_0[] = {
{"i", 0x401u, MEMO_CK_NONE, 4u, 0xf9db675e1c597a2buLL, 0, 0},
{"calls", 0x1u, MEMO_CK_NONE, 4u, 0xf9db675e1c597a2buLL, 0, 0},
{"v", 0x440u, MEMO_CK_NONE, 8u, 0xe5f599185e4bed0cuLL, 0, 0},
{"sum", 0x401u, MEMO_CK_NONE, 8u, 0xd44445446c954aa9uLL, 0, 0},
{"v[:n]", 0x2u, 2u, 8u, 0xd44445446c954aa9uLL, 0, 0},
};
static struct memo_site memo_cc_0 = {MEMO_ABI, 32u, "checkpoint-for.c:sum_up:1", "checkpoint-for.c", "", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f count DIGEST\012k loop DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static struct memo_ck_site memo_cx_0 = {MEMO_CHECKPOINT_ABI, 0u, "checkpoint-for.c:sum_up:1", "checkpoint-for.c", "sum_up", 11u, &memo_cc_0, memo_cn_0, 4u, memo_cq_0, 5u, 0, 0, 0, 's', 10000000000LL, 0LL, 0, 0, 0, 0};
#pragma GCC diagnostic pop
#line 8 "checkpoint-for.c"
double sum_up(int n, double *v)
{
    double sum = 0;
#line 12 "checkpoint-for.c"
    
#line 12 "checkpoint-for.c"
{ MEMO_CK_QUIET memo_abi_u64 memo_ci_0 = 0; const memo_abi_u64 *memo_cm_0; struct memo_ck memo_ck_0 __attribute__((cleanup(memo_ck_leave))) = {0}; struct memo_ck_span memo_cp_0[5]; int memo_cr_0 = 0; struct { void *m_2; __typeof__(sum) m_3; } memo_cv_0; { __typeof__(n) memo_in0 = n; __typeof__(sum) memo_in3 = sum; struct memo_span memo_cy[4]; memo_cy[0].m_data = (void *)((void *)&memo_in0); memo_cy[0].m_count = 1u; memo_cy[1].m_data = (void *)((void *)v); memo_cy[1].m_count = 1u; memo_cy[2].m_data = (void *)((void *)__start_memo_st_a86db8980e5601fd1b2dbdf9); memo_cy[2].m_count = (void *)__start_memo_st_a86db8980e5601fd1b2dbdf9 ? 1u : 0; memo_cy[3].m_data = (void *)((void *)&memo_in3); memo_cy[3].m_count = 1u; if (memo_ck_enter(&memo_ck_0, &memo_cx_0, memo_cy)) memo_cr_0 = 1; } if (memo_cr_0) goto memo_restore_0; if (0) { memo_fresh_0: 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&v, (const void *)&memo_cv_0.m_2, sizeof memo_cv_0.m_2); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&sum, (const void *)&memo_cv_0.m_3, sizeof memo_cv_0.m_3); memo_ci_0 = 0; } MEMO_CK_LOUD { 
#line 12 "checkpoint-for.c"
         int i = 0;
#line 12 "checkpoint-for.c"
MEMO_CK_QUIET memo_restore_0:; struct { __typeof__(i) m_0; } memo_cw_0; 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&memo_cw_0.m_0, (const void *)&i, sizeof memo_cw_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cw_0.m_0, 1u); 
#line 12 "checkpoint-for.c"
memo_cp_0[1] = memo_ck_object((void *)__start_memo_st_a86db8980e5601fd1b2dbdf9, (void *)__start_memo_st_a86db8980e5601fd1b2dbdf9 ? 1u : 0); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&memo_cv_0.m_2, (const void *)&v, sizeof memo_cv_0.m_2); memo_cp_0[2] = memo_ck_object((void *)&memo_cv_0.m_2, 1u); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&memo_cv_0.m_3, (const void *)&sum, sizeof memo_cv_0.m_3); memo_cp_0[3] = memo_ck_object((void *)&memo_cv_0.m_3, 1u); 
#line 12 "checkpoint-for.c"
memo_cp_0[4] = memo_ck_object((void *)(v), 0); if (memo_ck_0.m_final == MEMO_CK_WHOLE) { 
#line 12 "checkpoint-for.c"
memo_cp_0[4] = memo_ck_section((void *)(v), ((v) != 0) ? ((void *)&(v)[0]) : 0, __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((v)[0]));
    }));
    } memo_ck_begin(&memo_ck_0, memo_cp_0, 0);
    if (memo_ck_0.m_final == MEMO_CK_FRESH) { memo_ck_undo(&memo_ck_0, memo_cp_0);
    goto memo_fresh_0;
    } if (memo_ck_0.m_restored) { memo_ci_0 = memo_ck_0.m_at;
    } 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&i, (const void *)&memo_cw_0.m_0, sizeof memo_cw_0.m_0); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&v, (const void *)&memo_cv_0.m_2, sizeof memo_cv_0.m_2); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&sum, (const void *)&memo_cv_0.m_3, sizeof memo_cv_0.m_3); memo_cm_0 = memo_ck_0.m_next; MEMO_CK_LOUD for (; (void)__extension__ ({ MEMO_CK_QUIET if (__builtin_expect(memo_ci_0++ >= __atomic_load_n(memo_cm_0, __ATOMIC_RELAXED), 0)) { memo_ck_0.m_at = memo_ci_0 - 1; 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&memo_cw_0.m_0, (const void *)&i, sizeof memo_cw_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cw_0.m_0, 1u); 
#line 12 "checkpoint-for.c"
memo_cp_0[1] = memo_ck_object((void *)__start_memo_st_a86db8980e5601fd1b2dbdf9, (void *)__start_memo_st_a86db8980e5601fd1b2dbdf9 ? 1u : 0); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&memo_cv_0.m_2, (const void *)&v, sizeof memo_cv_0.m_2); memo_cp_0[2] = memo_ck_object((void *)&memo_cv_0.m_2, 1u); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&memo_cv_0.m_3, (const void *)&sum, sizeof memo_cv_0.m_3); memo_cp_0[3] = memo_ck_object((void *)&memo_cv_0.m_3, 1u); 
#line 12 "checkpoint-for.c"
memo_cp_0[4] = memo_ck_section((void *)(v), ((v) != 0) ? ((void *)&(v)[0]) : 0, __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(n);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((v)[0]));
    }));
    memo_ck_save(&memo_ck_0, memo_cp_0, 0);
    
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&i, (const void *)&memo_cw_0.m_0, sizeof memo_cw_0.m_0); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&v, (const void *)&memo_cv_0.m_2, sizeof memo_cv_0.m_2); 
#line 12 "checkpoint-for.c"
__builtin_memcpy((void *)&sum, (const void *)&memo_cv_0.m_3, sizeof memo_cv_0.m_3); } memo_ck_0.m_at = memo_ci_0 - 1; MEMO_CK_LOUD }), 
#line 12 "checkpoint-for.c"
                    i < n; i++) {
        v[i] += count(i);
        sum += v[i];
    }  } }
    return sum;
}
