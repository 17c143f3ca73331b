#line 1 "array-shapes.c"
/* Sections in the key, in the result, in both; bounds over members. */
struct matrix {
    int rows, cols;
    double *data;
};

#line 8 "array-shapes.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 8 "array-shapes.c"
int reduce(const struct matrix *m, double *trace, double first[2], double *sum)
;
static __attribute__((noinline)) __typeof__(reduce) memo_gen_reduce;
#pragma GCC diagnostic pop
#pragma push_macro("reduce")
#undef reduce
#define reduce memo_gen_reduce
#line 8 "array-shapes.c"
int reduce(const struct matrix *m, double *trace, double first[2], double *sum)
#pragma pop_macro("reduce")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "reduce"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "reduce"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "reduce"
#line 9 "array-shapes.c"
{
    *trace = 0;
    for (int i = 0; i < m->rows; i++) {
        sum[i] += m->data[i * m->cols];
        *trace += m->data[i * m->cols + i];
    }
    for (int i = 0; i < 2; i++)
        first[i] = m->data[i];
    return m->rows;
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
#line 8 "array-shapes.c"
int reduce(const struct matrix *m, double *trace, double first[2], double *sum)
#line 8 "array-shapes.c"
{ __typeof__(memo_gen_reduce(m, trace, first, sum)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"", "", 0, 1, 1u, 0u, 0u}, {"m->rows", "i4", 0, sizeof(m->rows), 5u, 0u, 0u}, {"m->cols", "i4", 0, sizeof(m->cols), 5u, 0u, 0u}, {"m->data[:m->rows * m->cols]", "f8", 0, sizeof((m->data)[0]), 5u, 0u, 0u}, {"sum[0:m->rows]", "f8", 0, sizeof((sum)[0]), 7u, 0u, 0u}, {"*trace", "f8", 0, sizeof((*trace)), 6u, 0u, 0u}, {"first[:2]", "f8", 0, sizeof((first)[0]), 6u, 0u, 0u}, {"result", "i4", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 40u, "reduce", "array-shapes.c", "int (const struct matrix *, double *, double *, double *) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f reduce DIGEST\012t matrix DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 8u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_reduce(m, trace, first, sum);
    } struct memo_span memo_l_s[8];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(0);
    memo_l_s[0].m_count = 0;
    memo_l_s[1].m_data = (void *)(((m) != 0) ? ((void *)&m->rows) : 0);
    memo_l_s[1].m_count = ((m) != 0) ? (1u) : 0;
    memo_l_s[2].m_data = (void *)(((m) != 0) ? ((void *)&m->cols) : 0);
    memo_l_s[2].m_count = ((m) != 0) ? (1u) : 0;
    memo_l_s[3].m_data = (void *)(((m) != 0 && (m->data) != 0) ? ((void *)&(m->data)[0]) : 0);
    memo_l_s[3].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = !((m) != 0) ? 0 : (long long)(__extension__ ({ __auto_type memo_l_x0 = (m->rows) + 0;
    __auto_type memo_l_y0 = (m->cols) + 0;
    __typeof__(memo_l_x0 + memo_l_y0) memo_l_z0;
    memo_l_bad |= __builtin_mul_overflow(memo_l_x0, memo_l_y0, &memo_l_z0);
    memo_l_z0;
    }));
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((m->data)[0]));
    });
    memo_l_s[4].m_data = (void *)(((m) != 0 && (sum) != 0) ? ((void *)&(sum)[0]) : 0);
    memo_l_s[4].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = !((m) != 0) ? 0 : (long long)(m->rows);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((sum)[0]));
    });
    memo_l_s[5].m_data = (void *)(((trace) != 0) ? ((void *)&(*trace)) : 0);
    memo_l_s[5].m_count = ((trace) != 0) ? (1u) : 0;
    memo_l_s[6].m_data = (void *)(((first) != 0) ? ((void *)&(first)[0]) : 0);
    memo_l_s[6].m_count = __extension__ ({ int memo_l_bad = 0;
    long long memo_l_n = (long long)(2);
    memo_abi_count(memo_l_bad, memo_l_n, sizeof((first)[0]));
    });
    memo_l_s[7].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[7].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_reduce(m, trace, first, sum);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
