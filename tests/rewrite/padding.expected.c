#line 1 "padding.c"
/* Structs in keys are taken member by member, results with all their bytes. */
struct inner {
    char tag;
    double value;
};
struct outer {
    short id;
    struct inner inner[2];
    unsigned flag : 3, : 5, other : 2;
    union {
        int i;
        float f;
    } u;
};

#line 17 "padding.c"
/* runtime declarations */
/* warnings off */
/* warnings off */
#line 17 "padding.c"
struct inner pick(const struct outer *o, struct inner fallback)
;
static __attribute__((noinline)) __typeof__(pick) memo_gen_pick;
#pragma GCC diagnostic pop
#pragma push_macro("pick")
#undef pick
#define pick memo_gen_pick
#line 17 "padding.c"
struct inner pick(const struct outer *o, struct inner fallback)
#pragma pop_macro("pick")
#pragma push_macro("__func__")
#undef __func__
#define __func__ "pick"
#pragma push_macro("__FUNCTION__")
#undef __FUNCTION__
#define __FUNCTION__ "pick"
#pragma push_macro("__PRETTY_FUNCTION__")
#undef __PRETTY_FUNCTION__
#define __PRETTY_FUNCTION__ "pick"
#line 18 "padding.c"
{
    return (struct inner){o->flag ? o->inner[0].tag : fallback.tag, o->inner[1].value + o->u.i};
}
#pragma pop_macro("__func__")
#pragma pop_macro("__FUNCTION__")
#pragma pop_macro("__PRETTY_FUNCTION__")
/* warnings off */
static const struct memo_run memo_t_pick_2_0_r[] = {{0, 1, 1, 0, 0, 255}, {8, 8, 1, 0, 0, 255}, };
static const struct memo_type memo_t_pick_2_0 = {16, memo_t_pick_2_0_r, 2};
static const struct memo_run memo_t_pick_2_r[] = {{0, 2, 1, 0, 0, 255}, {8, 0, 2, 16, &memo_t_pick_2_0, 255}, {40, 1, 1, 0, 0, 7}, {41, 1, 1, 0, 0, 3}, {44, 4, 1, 0, 0, 255}, };
static const struct memo_type memo_t_pick_2 = {48, memo_t_pick_2_r, 5};
#line 17 "padding.c"
struct inner pick(const struct outer *o, struct inner fallback)
#line 17 "padding.c"
{ __typeof__(memo_gen_pick(o, fallback)) memo_l_r;
    static const struct memo_part memo_l_p[] = {{"", "", 0, 1, 1u, 0u, 0u}, {"fallback", "{tag:i1@0,value:f8@8}16", 0, sizeof(fallback), 1u, 0u, 0u}, {"*o", "{id:i2@0,inner:{tag:i1@0,value:f8@8}16*2@8,flag:u4@40.0+3,other:u4@41.0+2,u:b4@44}48", &memo_t_pick_2, sizeof((*o)), 5u, 0u, 0u}, {"result", "{tag:i1@0,value:f8@8}16", 0, sizeof(memo_l_r), 2u, 0u, 0u}, };
    static struct memo_site memo_l_site = {MEMO_ABI, 40u, "pick", "padding.c", "struct inner (const struct outer *, struct inner) #TYPES", 0, COMPILER " ", {DIGEST}, {DIGEST}, "f pick DIGEST\012t (unnamed) DIGEST\012t inner DIGEST\012t outer DIGEST\012x preprocessing DIGEST\012", 0, memo_link_table, memo_l_p, 4u, 7u, 0LL, 0LL, 0, 0, 0, 0, 0};
    if (memo_abi_bypass(&memo_l_site)) { return memo_gen_pick(o, fallback);
    } struct memo_span memo_l_s[4];
    struct memo_call *memo_l_c = 0;
    memo_l_s[0].m_data = (void *)(0);
    memo_l_s[0].m_count = 0;
    memo_l_s[1].m_data = (void *)(&fallback);
    memo_l_s[1].m_count = 1;
    memo_l_s[2].m_data = (void *)(((o) != 0) ? ((void *)&(*o)) : 0);
    memo_l_s[2].m_count = ((o) != 0) ? (1u) : 0;
    memo_l_s[3].m_data = (void *)((void *)&memo_l_r);
    memo_l_s[3].m_count = 1;
    if (memo_abi_begin(&memo_l_site, memo_l_s, &memo_l_c) == MEMO_HIT) return memo_l_r;
    memo_l_r = memo_gen_pick(o, fallback);
    if (memo_l_c) { memo_abi_end(memo_l_c, memo_l_s);
    } return memo_l_r;
    }
#pragma GCC diagnostic pop
