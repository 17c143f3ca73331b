#line 1 "checkpoint-in-synchronized.c"
/* A loop with checkpoints inside of synchronized code: what is pending is carried out before a
 * save; both may stand before one loop. */
#line 4 "checkpoint-in-synchronized.c"
double work(int i);

/* runtime declarations */
/* warnings off */
/* warnings off */
extern int *__errno_location(void);
struct memo_env_0 { __typeof__(double) *memo_x0_sum; int memo_none; };
struct memo_rec_0_0 { __typeof__(int) memo_a0_0_0; __typeof__(double) memo_v307_0; int memo_errno[2]; char memo_end[1]; } __attribute__((aligned(16)));
static void memo_run_0_0(void *, memo_abi_size); static memo_abi_size memo_commit_0_0(void *, memo_abi_size, void *);
static __inline__ __attribute__((always_inline)) void memo_do_run_0_0(void *, memo_abi_size); static __inline__ __attribute__((always_inline)) memo_abi_size memo_do_commit_0_0(void *, memo_abi_size, void *);
static struct memo_task_site memo_site_0_0 = {MEMO_TASK_ABI, sizeof(struct memo_rec_0_0), "checkpoint-in-synchronized.c", 12u, "work", "sum += work(i);", "{i:i4@0,work:f8@8}32", memo_run_0_0, memo_commit_0_0, __builtin_offsetof(struct memo_rec_0_0, memo_v307_0), sizeof(((struct memo_rec_0_0 *)0)->memo_v307_0), __builtin_offsetof(struct memo_rec_0_0, memo_errno), MEMO_TASK_NONE, MEMO_TASK_NONE, 0, 0, MEMO_TASK_TWICE | 0u, {0}};
static struct memo_sync_info memo_info_0 = {MEMO_TASK_ABI, "checkpoint-in-synchronized.c", "all", 9u, 0, "work", {0}, {0}, {0}};
#pragma GCC diagnostic pop
/* warnings off */
static const struct memo_part memo_cn_0[] = {{"n", "i4", 0, 4u, 1u, 0, 0}, {"sum", "f8", 0, 8u, 268435457u, 0, 0}, };
static const struct memo_ck_piece memo_cq_0[] = {
{"i", 0x401u, MEMO_CK_NONE, 4u, 0xf9db675e1c597a2buLL, 0, 0},
{"sum", 0x401u, MEMO_CK_NONE, 8u, 0xd44445446c954aa9uLL, 0, 0},
};
static struct memo_site memo_cc_0 = {MEMO_ABI, 11u, "checkpoint-in-synchronized.c:all:1", "checkpoint-in-synchronized.c", "", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f work DIGEST\012k loop DIGEST\012x preprocessing DIGEST\012", "work\012", memo_link_table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static struct memo_ck_site memo_cx_0 = {MEMO_CHECKPOINT_ABI, 0u, "checkpoint-in-synchronized.c:all:1", "checkpoint-in-synchronized.c", "all", 10u, &memo_cc_0, memo_cn_0, 2u, memo_cq_0, 2u, 0, 0, 0, 's', 30000000000LL, 0LL, 0, 0, 0, 0};
#pragma GCC diagnostic pop
#line 6 "checkpoint-in-synchronized.c"
double all(int n)
{struct memo_env_0 memo_env_0 = {0}; struct memo_sync memo_s_0 = MEMO_SYNC_INIT; 
    double sum = 0;
#line 10 "checkpoint-in-synchronized.c"
#line 11 "checkpoint-in-synchronized.c"
    { memo_sync_begin(&memo_s_0, &memo_info_0, &memo_env_0, 0); 
#line 11 "checkpoint-in-synchronized.c"
{ MEMO_CK_QUIET memo_abi_u64 memo_ci_0 = 0; const memo_abi_u64 *memo_cm_0; struct memo_ck memo_ck_0 __attribute__((cleanup(memo_ck_leave))) = {0}; struct memo_ck_span memo_cp_0[2]; int memo_cr_0 = 0; struct { __typeof__(sum) m_1; } memo_cv_0; (void)memo_sync_event(&memo_s_0); { __typeof__(n) memo_in0 = n; __typeof__(sum) memo_in1 = sum; struct memo_span memo_cy[2]; memo_cy[0].m_data = (void *)((void *)&memo_in0); memo_cy[0].m_count = 1u; memo_cy[1].m_data = (void *)((void *)&memo_in1); memo_cy[1].m_count = 1u; if (memo_ck_enter(&memo_ck_0, &memo_cx_0, memo_cy)) memo_cr_0 = 1; } if (memo_cr_0) goto memo_restore_0; if (0) { memo_fresh_0: 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&sum, (const void *)&memo_cv_0.m_1, sizeof memo_cv_0.m_1); memo_ci_0 = 0; } MEMO_CK_LOUD { 
#line 11 "checkpoint-in-synchronized.c"
         int i = 0;
#line 11 "checkpoint-in-synchronized.c"
MEMO_CK_QUIET memo_restore_0:; struct { __typeof__(i) m_0; } memo_cw_0; 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&memo_cw_0.m_0, (const void *)&i, sizeof memo_cw_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cw_0.m_0, 1u); 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&memo_cv_0.m_1, (const void *)&sum, sizeof memo_cv_0.m_1); memo_cp_0[1] = memo_ck_object((void *)&memo_cv_0.m_1, 1u); memo_ck_begin(&memo_ck_0, memo_cp_0, 0); if (memo_ck_0.m_final == MEMO_CK_FRESH) { memo_ck_undo(&memo_ck_0, memo_cp_0); goto memo_fresh_0; } if (memo_ck_0.m_restored) { memo_ci_0 = memo_ck_0.m_at; } 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&i, (const void *)&memo_cw_0.m_0, sizeof memo_cw_0.m_0); 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&sum, (const void *)&memo_cv_0.m_1, sizeof memo_cv_0.m_1); memo_cm_0 = memo_ck_0.m_next; MEMO_CK_LOUD for (; (void)__extension__ ({ MEMO_CK_QUIET if (__builtin_expect(memo_ci_0++ >= __atomic_load_n(memo_cm_0, __ATOMIC_RELAXED), 0)) { (void)memo_sync_event(&memo_s_0); memo_ck_0.m_at = memo_ci_0 - 1; 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&memo_cw_0.m_0, (const void *)&i, sizeof memo_cw_0.m_0); memo_cp_0[0] = memo_ck_object((void *)&memo_cw_0.m_0, 1u); 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&memo_cv_0.m_1, (const void *)&sum, sizeof memo_cv_0.m_1); memo_cp_0[1] = memo_ck_object((void *)&memo_cv_0.m_1, 1u); memo_ck_save(&memo_ck_0, memo_cp_0, 0); 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&i, (const void *)&memo_cw_0.m_0, sizeof memo_cw_0.m_0); 
#line 11 "checkpoint-in-synchronized.c"
__builtin_memcpy((void *)&sum, (const void *)&memo_cv_0.m_1, sizeof memo_cv_0.m_1); } memo_ck_0.m_at = memo_ci_0 - 1; MEMO_CK_LOUD }), 
#line 11 "checkpoint-in-synchronized.c"
                    i < n; i++)
        
{ struct memo_rec_0_0 memo_r; int memo_d = memo_task_direct(&memo_s_0); 
#line 12 "checkpoint-in-synchronized.c"
memo_r.memo_a0_0_0 = (i); memo_env_0.memo_x0_sum = (void *)&sum; memo_r.memo_errno[0] = *__errno_location(); memo_r.memo_errno[1] = MEMO_TASK_ERRNO_UNSET; if (memo_d) { int memo_errno_was = *__errno_location(); memo_do_run_0_0(&memo_r, 1); *__errno_location() = memo_r.memo_errno[1] == MEMO_TASK_ERRNO_UNSET ? memo_errno_was : memo_r.memo_errno[1]; (void)memo_do_commit_0_0(&memo_r, 1, &memo_env_0); } else { *(struct memo_rec_0_0 *)memo_task_room(&memo_s_0, &memo_site_0_0, sizeof memo_r) = memo_r; if (memo_s_0.m_verify) memo_abi_task_verify(&memo_s_0); } }  (void)memo_sync_event(&memo_s_0);  } } (void)memo_sync_end(&memo_s_0); }
    return sum;
}

/* warnings off */
static __inline__ __attribute__((always_inline)) void memo_do_run_0_0(void *memo_p, memo_abi_size memo_n)
{ struct memo_rec_0_0 *memo_r = memo_p; for (; memo_n; memo_n--, memo_r++) { *__errno_location() = MEMO_TASK_ERRNO_UNSET; { memo_r->memo_v307_0 = (work)(memo_r->memo_a0_0_0); } memo_r->memo_errno[1] = *__errno_location(); } }
static void memo_run_0_0(void *memo_p, memo_abi_size memo_n) { memo_do_run_0_0(memo_p, memo_n); }
static __inline__ __attribute__((always_inline)) memo_abi_size memo_do_commit_0_0(void *memo_p, memo_abi_size memo_n, void *memo_v)
{ struct memo_rec_0_0 *memo_r = memo_p; struct memo_env_0 *memo_e = memo_v; memo_abi_size memo_i; (void)memo_e; __typeof__(double) sum = (*memo_e->memo_x0_sum); for (memo_i = 0; memo_i < memo_n; memo_i++, memo_r++) { 
#line 12 "checkpoint-in-synchronized.c"
sum += (memo_r->memo_v307_0);
}
(*memo_e->memo_x0_sum) = sum; return memo_n; }
static memo_abi_size memo_commit_0_0(void *memo_p, memo_abi_size memo_n, void *memo_v) { return memo_do_commit_0_0(memo_p, memo_n, memo_v); }
#pragma GCC diagnostic pop
