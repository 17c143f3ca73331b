#line 1 "checkpoint-forms.c"
/* `while` with `keep`, `do` without braces, an endless loop under an `if`; hints to the compiler
 * go; `now`. */
/* runtime declarations */
/* warnings off */
/* warnings off */
static const struct memo_part memo_cn_0[] = {{"n", "i4", 0, 4u, 1u, 0, 0}, {"k", "i4", 0, 4u, 268435457u, 0, 0}, {"s", "u4", 0, 4u, 268435457u, 0, 0}, };
static const struct memo_ck_piece memo_cq_0[] = {
{"k", 0x401u, MEMO_CK_NONE, 4u, 0xf9db675e1c597a2buLL, 0, 0},
{"s", 0x401u, MEMO_CK_NONE, 4u, 0xc0e77a3b97d1b0a5uLL, 0, 0},
};
static struct memo_site memo_cc_0 = {MEMO_ABI, 32u, "checkpoint-forms.c:forms:1", "checkpoint-forms.c", "", 0, COMPILER " ", {DIGEST}, {DIGEST}, "k loop DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static struct memo_ck_site memo_cx_0 = {MEMO_CHECKPOINT_ABI, 2u, "checkpoint-forms.c:forms:1", "checkpoint-forms.c", "forms", 6u, &memo_cc_0, memo_cn_0, 3u, memo_cq_0, 2u, 0, 0, 0, 'i', 100LL, 0LL, 0, 0, 0, 0};
#pragma GCC diagnostic pop
/* warnings off */
static const struct memo_part memo_cn_1[] = {{"k", "i4", 0, 4u, 268435457u, 0, 0}, {"s", "u4", 0, 4u, 268435457u, 0, 0}, };
static const struct memo_ck_piece memo_cq_1[] = {
{"k", 0x401u, MEMO_CK_NONE, 4u, 0xf9db675e1c597a2buLL, 0, 0},
{"s", 0x401u, MEMO_CK_NONE, 4u, 0xc0e77a3b97d1b0a5uLL, 0, 0},
};
static struct memo_site memo_cc_1 = {MEMO_ABI, 32u, "checkpoint-forms.c:forms:2", "checkpoint-forms.c", "", 0, COMPILER " ", {DIGEST}, {DIGEST}, "k loop DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static struct memo_ck_site memo_cx_1 = {MEMO_CHECKPOINT_ABI, 0u, "checkpoint-forms.c:forms:2", "checkpoint-forms.c", "forms", 11u, &memo_cc_1, memo_cn_1, 2u, memo_cq_1, 2u, 0, 0, 0, 's', 30000000000LL, 0LL, 0, 0, 0, 0};
#pragma GCC diagnostic pop
/* warnings off */
static const struct memo_part memo_cn_2[] = {{"s", "u4", 0, 4u, 268435457u, 0, 0}, };
static const struct memo_ck_piece memo_cq_2[] = {
{"s", 0x401u, MEMO_CK_NONE, 4u, 0xc0e77a3b97d1b0a5uLL, 0, 0},
};
static struct memo_site memo_cc_2 = {MEMO_ABI, 32u, "checkpoint-forms.c:forms:3", "checkpoint-forms.c", "", 0, COMPILER " ", {DIGEST}, {DIGEST}, "k loop DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static struct memo_ck_site memo_cx_2 = {MEMO_CHECKPOINT_ABI, 0u, "checkpoint-forms.c:forms:3", "checkpoint-forms.c", "forms", 17u, &memo_cc_2, memo_cn_2, 1u, memo_cq_2, 1u, 0, 0, 0, 's', 30000000000LL, 0LL, 0, 0, 0, 0};
#pragma GCC diagnostic pop
#line 3 "checkpoint-forms.c"
unsigned forms(unsigned s, int n)
{
    int k = 0;
#line 7 "checkpoint-forms.c"
    
#line 7 "checkpoint-forms.c"
{ MEMO_CK_QUIET memo_abi_u64 memo_ci_0 = 0; const memo_abi_u64 *memo_cm_0; struct memo_ck memo_ck_0 __attribute__((cleanup(memo_ck_leave))) = {0}; struct memo_ck_span memo_cp_0[2]; int memo_cr_0 = 0; struct { __typeof__(k) m_0; __typeof__(s) m_1; } memo_cv_0; { __typeof__(n) memo_in0 = n; __typeof__(k) memo_in1 = k; __typeof__(s) memo_in2 = s; struct memo_span memo_cy[3]; memo_cy[0].m_data = (void *)((void *)&memo_in0); memo_cy[0].m_count = 1u; memo_cy[1].m_data = (void *)((void *)&memo_in1); memo_cy[1].m_count = 1u; memo_cy[2].m_data = (void *)((void *)&memo_in2); memo_cy[2].m_count = 1u; if (memo_ck_enter(&memo_ck_0, &memo_cx_0, memo_cy)) memo_cr_0 = 1; } if (memo_cr_0) goto memo_restore_0; if (0) { memo_fresh_0: 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&k, (const void *)&memo_cv_0.m_0, sizeof memo_cv_0.m_0); 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_0.m_1, sizeof memo_cv_0.m_1); memo_ci_0 = 0; } MEMO_CK_LOUD { MEMO_CK_QUIET memo_restore_0:; 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_0.m_0, (const void *)&k, sizeof memo_cv_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cv_0.m_0, 1u); 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_0.m_1, (const void *)&s, sizeof memo_cv_0.m_1); memo_cp_0[1] = memo_ck_object((void *)&memo_cv_0.m_1, 1u); memo_ck_begin(&memo_ck_0, memo_cp_0, 0); if (memo_ck_0.m_final == MEMO_CK_FRESH) { memo_ck_undo(&memo_ck_0, memo_cp_0); goto memo_fresh_0; } if (memo_ck_0.m_restored) { memo_ci_0 = memo_ck_0.m_at; } 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&k, (const void *)&memo_cv_0.m_0, sizeof memo_cv_0.m_0); 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_0.m_1, sizeof memo_cv_0.m_1); memo_cm_0 = memo_ck_0.m_next; if (memo_ck_0.m_final == MEMO_CK_END) goto memo_end_0; MEMO_CK_LOUD 
#line 7 "checkpoint-forms.c"
    while (
#line 7 "checkpoint-forms.c"
(void)__extension__ ({ MEMO_CK_QUIET if (__builtin_expect(memo_ci_0++ >= __atomic_load_n(memo_cm_0, __ATOMIC_RELAXED), 0)) { memo_ck_0.m_at = memo_ci_0 - 1; 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_0.m_0, (const void *)&k, sizeof memo_cv_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cv_0.m_0, 1u); 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_0.m_1, (const void *)&s, sizeof memo_cv_0.m_1); memo_cp_0[1] = memo_ck_object((void *)&memo_cv_0.m_1, 1u); memo_ck_save(&memo_ck_0, memo_cp_0, 0); 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&k, (const void *)&memo_cv_0.m_0, sizeof memo_cv_0.m_0); 
#line 7 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_0.m_1, sizeof memo_cv_0.m_1); } memo_ck_0.m_at = memo_ci_0 - 1; MEMO_CK_LOUD }), (
#line 7 "checkpoint-forms.c"
           k < n
#line 7 "checkpoint-forms.c"
) || __extension__ ({ if (!memo_ck_ended(&memo_ck_0)) { memo_ck_undo(&memo_ck_0, memo_cp_0); goto memo_fresh_0; } 0; })
#line 7 "checkpoint-forms.c"
                ) {
        s = s * 1664525u + 1013904223u;
        k++;
    }
#line 10 "checkpoint-forms.c"
MEMO_CK_QUIET 
#line 10 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_0.m_0, (const void *)&k, sizeof memo_cv_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cv_0.m_0, 1u); 
#line 10 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_0.m_1, (const void *)&s, sizeof memo_cv_0.m_1); memo_cp_0[1] = memo_ck_object((void *)&memo_cv_0.m_1, 1u); memo_ck_final(&memo_ck_0, memo_cp_0, 0); memo_end_0:; MEMO_CK_LOUD  } }
#line 11 "checkpoint-forms.c"
#line 12 "checkpoint-forms.c"
    
#line 12 "checkpoint-forms.c"
{ MEMO_CK_QUIET memo_abi_u64 memo_ci_1 = 0; const memo_abi_u64 *memo_cm_1; struct memo_ck memo_ck_1 __attribute__((cleanup(memo_ck_leave))) = {0}; struct memo_ck_span memo_cp_1[2]; int memo_cr_1 = 0; struct { __typeof__(k) m_0; __typeof__(s) m_1; } memo_cv_1; { __typeof__(k) memo_in0 = k; __typeof__(s) memo_in1 = s; struct memo_span memo_cy[2]; memo_cy[0].m_data = (void *)((void *)&memo_in0); memo_cy[0].m_count = 1u; memo_cy[1].m_data = (void *)((void *)&memo_in1); memo_cy[1].m_count = 1u; if (memo_ck_enter(&memo_ck_1, &memo_cx_1, memo_cy)) memo_cr_1 = 1; } if (memo_cr_1) goto memo_restore_1; if (0) { memo_fresh_1: 
#line 12 "checkpoint-forms.c"
__builtin_memcpy((void *)&k, (const void *)&memo_cv_1.m_0, sizeof memo_cv_1.m_0); 
#line 12 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_1.m_1, sizeof memo_cv_1.m_1); memo_ci_1 = 0; } MEMO_CK_LOUD { MEMO_CK_QUIET memo_restore_1:; 
#line 12 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_1.m_0, (const void *)&k, sizeof memo_cv_1.m_0); memo_cp_1[0] = memo_ck_object((void *)&memo_cv_1.m_0, 1u); 
#line 12 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_1.m_1, (const void *)&s, sizeof memo_cv_1.m_1); memo_cp_1[1] = memo_ck_object((void *)&memo_cv_1.m_1, 1u); memo_ck_begin(&memo_ck_1, memo_cp_1, 0); if (memo_ck_1.m_final == MEMO_CK_FRESH) { memo_ck_undo(&memo_ck_1, memo_cp_1); goto memo_fresh_1; } if (memo_ck_1.m_restored) { memo_ci_1 = memo_ck_1.m_at; } 
#line 12 "checkpoint-forms.c"
__builtin_memcpy((void *)&k, (const void *)&memo_cv_1.m_0, sizeof memo_cv_1.m_0); 
#line 12 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_1.m_1, sizeof memo_cv_1.m_1); memo_cm_1 = memo_ck_1.m_next; MEMO_CK_LOUD 
#line 12 "checkpoint-forms.c"
    do
        
#line 13 "checkpoint-forms.c"
{ MEMO_CK_QUIET if (__builtin_expect(memo_ci_1++ >= __atomic_load_n(memo_cm_1, __ATOMIC_RELAXED), 0)) { memo_ck_1.m_at = memo_ci_1 - 1; 
#line 13 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_1.m_0, (const void *)&k, sizeof memo_cv_1.m_0); memo_cp_1[0] = memo_ck_object((void *)&memo_cv_1.m_0, 1u); 
#line 13 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_1.m_1, (const void *)&s, sizeof memo_cv_1.m_1); memo_cp_1[1] = memo_ck_object((void *)&memo_cv_1.m_1, 1u); memo_ck_save(&memo_ck_1, memo_cp_1, 0); 
#line 13 "checkpoint-forms.c"
__builtin_memcpy((void *)&k, (const void *)&memo_cv_1.m_0, sizeof memo_cv_1.m_0); 
#line 13 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_1.m_1, sizeof memo_cv_1.m_1); } MEMO_CK_LOUD { 
#line 13 "checkpoint-forms.c"
        s += (unsigned)k--; } }
    while (k > 0);  } }
    if (s)
#line 17 "checkpoint-forms.c"
#line 18 "checkpoint-forms.c"
        
#line 18 "checkpoint-forms.c"
{ MEMO_CK_QUIET memo_abi_u64 memo_ci_2 = 0; const memo_abi_u64 *memo_cm_2; struct memo_ck memo_ck_2 __attribute__((cleanup(memo_ck_leave))) = {0}; struct memo_ck_span memo_cp_2[1]; int memo_cr_2 = 0; struct { __typeof__(s) m_0; } memo_cv_2; { __typeof__(s) memo_in0 = s; struct memo_span memo_cy[1]; memo_cy[0].m_data = (void *)((void *)&memo_in0); memo_cy[0].m_count = 1u; if (memo_ck_enter(&memo_ck_2, &memo_cx_2, memo_cy)) memo_cr_2 = 1; } if (memo_cr_2) goto memo_restore_2; if (0) { memo_fresh_2: 
#line 18 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_2.m_0, sizeof memo_cv_2.m_0); memo_ci_2 = 0; } MEMO_CK_LOUD { (void)0;
#line 18 "checkpoint-forms.c"
MEMO_CK_QUIET memo_restore_2:; 
#line 18 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_2.m_0, (const void *)&s, sizeof memo_cv_2.m_0); memo_cp_2[0] = memo_ck_object((void *)&memo_cv_2.m_0, 1u); memo_ck_begin(&memo_ck_2, memo_cp_2, 0); if (memo_ck_2.m_final == MEMO_CK_FRESH) { memo_ck_undo(&memo_ck_2, memo_cp_2); goto memo_fresh_2; } if (memo_ck_2.m_restored) { memo_ci_2 = memo_ck_2.m_at; } 
#line 18 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_2.m_0, sizeof memo_cv_2.m_0); memo_cm_2 = memo_ck_2.m_next; MEMO_CK_LOUD for (; 
#line 18 "checkpoint-forms.c"
              ;) 
#line 18 "checkpoint-forms.c"
{ MEMO_CK_QUIET if (__builtin_expect(memo_ci_2++ >= __atomic_load_n(memo_cm_2, __ATOMIC_RELAXED), 0)) { memo_ck_2.m_at = memo_ci_2 - 1; 
#line 18 "checkpoint-forms.c"
__builtin_memcpy((void *)&memo_cv_2.m_0, (const void *)&s, sizeof memo_cv_2.m_0); memo_cp_2[0] = memo_ck_object((void *)&memo_cv_2.m_0, 1u); memo_ck_save(&memo_ck_2, memo_cp_2, 0); 
#line 18 "checkpoint-forms.c"
__builtin_memcpy((void *)&s, (const void *)&memo_cv_2.m_0, sizeof memo_cv_2.m_0); } MEMO_CK_LOUD { 
#line 18 "checkpoint-forms.c"
                 {
            if (s++ % 17 == 0)
                break;
            if (s % 5 == 0)
#line 23 "checkpoint-forms.c"
                { memo_ck_now(&memo_ck_2); s++; }
        } } }  } }
    return s;
}
