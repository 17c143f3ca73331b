/* Restoring is all or nothing: stored parts that don't fit the call change none of
 * its memory and leak nothing; those that fit come back whole. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "cache/result.h"
#include "check.h"

static const struct memo_part parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"s", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING, 0, 0},
    {"*a", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION, 0, 0},
    {"m[0:2][0:2]", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION | MEMO_ROWS, 0, 0},
    {"", NULL, NULL, 0, MEMO_MORE, 0, 0},
    {"late[:k]", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION | MEMO_LATE, 0, 0},
    {"alloc", "i4", NULL, 4, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE, 0, 0},
    {"into s", "b", NULL, 1, MEMO_RESULT | MEMO_OFFSET, 1, 0},
    {"result", "s", NULL, 1, MEMO_RESULT | MEMO_ALLOC | MEMO_STRING | MEMO_STATIC, 0, 0},
};
#define N_PARTS 9
#define N_STORED 7 /* six results and errno */

static const struct memo_site abi = {.m_abi = MEMO_ABI,
                                     .m_name = "f",
                                     .m_signature = "f",
                                     .m_toolchain = "",
                                     .m_parts = parts,
                                     .m_n_parts = N_PARTS,
                                     .m_tiers = MEMO_TIER_MEMORY};

static unsigned results[] = {2, 3, 5, 6, 7, 8};
static struct memo__site site = {.abi = &abi,
                                 .n_results = 6,
                                 .results = results,
                                 .is_usable = true,
                                 .has_allocs = true,
                                 .has_offsets = true,
                                 .has_late = true};

/* The memory of one call. */
struct memory {
    char s[8];
    int a, m[7], late[4];
    int *alloc;
    char *into;
    const char *result;
};

static void spans_of(struct memory *x, struct memo_span spans[N_PARTS])
{
    static int n = 3;

    spans[0] = (struct memo_span){&n, 1};
    spans[1] = (struct memo_span){x->s, 0};
    spans[2] = (struct memo_span){&x->a, 1};
    spans[3] = (struct memo_span){x->m, 2};
    spans[4] = (struct memo_span){(void *)(uintptr_t)(4 * sizeof(int)), 2};
    spans[5] = (struct memo_span){x->late, 0};
    spans[6] = (struct memo_span){&x->alloc, 0};
    spans[7] = (struct memo_span){&x->into, 1};
    spans[8] = (struct memo_span){&x->result, 0};
}

static void fill(struct memory *x)
{
    memset(x, 0x11, sizeof *x);
    strcpy(x->s, "string");
    x->alloc = NULL;
    x->into = NULL;
    x->result = NULL;
}

/* A result as a tier would hold it. */
static struct memo__part stored[N_STORED];
static int stored_a = 5, stored_m[4] = {1, 2, 3, 4}, stored_late[3] = {7, 8, 9};
static int stored_alloc[2] = {10, 11}, stored_errno = 33;
static uint64_t stored_offset = 6;

static void store(void)
{
    stored[0] = (struct memo__part){&stored_a, 4};
    stored[1] = (struct memo__part){stored_m, 16};
    stored[2] = (struct memo__part){stored_late, 12};
    stored[3] = (struct memo__part){stored_alloc, 8};
    stored[4] = (struct memo__part){&stored_offset, 8};
    stored[5] = (struct memo__part){"text", 5};
    stored[6] = (struct memo__part){&stored_errno, 4};
}

static int restore(struct memory *x, unsigned n)
{
    struct memo_span spans[N_PARTS];
    struct memo__source from = {.parts = stored, .n = n};
    struct memo__errno e = {false, 0};
    int err;

    spans_of(x, spans);
    err = memo__result_restore(&site, spans, &from, &e);
    if (err == 0) {
        CHECK_EQ(e.is_set, 1);
        CHECK_EQ(e.value, 33);
        CHECK_EQ(spans[5].m_count, 3);
        CHECK_EQ(spans[6].m_count, 2);
    }
    return err;
}

static void test_whole(void)
{
    struct memory x;

    fill(&x);
    store();
    CHECK_EQ(restore(&x, N_STORED), 0);
    CHECK_EQ(x.a, 5);
    CHECK(x.m[0] == 1 && x.m[1] == 2 && x.m[2] == 0x11111111 && x.m[3] == 0x11111111);
    CHECK(x.m[4] == 3 && x.m[5] == 4 && x.m[6] == 0x11111111);
    CHECK(x.late[0] == 7 && x.late[2] == 9 && x.late[3] == 0x11111111);
    CHECK(x.alloc[0] == 10 && x.alloc[1] == 11);
    CHECK(x.into == x.s + 6);
    CHECK_STR(x.result, "text");
    free(x.alloc);
}

static void refused(const char *why, unsigned n)
{
    struct memory x, before;

    fill(&x);
    memcpy(&before, &x, sizeof x);
    if (restore(&x, n) != MEMO_EMISS || memcmp(&x, &before, sizeof x) != 0) {
        fprintf(stderr, "not refused, or memory changed: %s\n", why);
        check_failures++;
    }
    store();
}

static void test_misfits(void)
{
    uint64_t beyond = 8, null = MEMO__PART_NULL;

    store();
    refused("too few parts", N_STORED - 1);
    stored[0].len = 8;
    refused("another length of *a", N_STORED);
    stored[0].len = null;
    refused("NULL for an object", N_STORED);
    stored[1].len = 12;
    refused("other rows", N_STORED);
    stored[2].len = 11;
    refused("part of an element", N_STORED);
    stored[3].len = 7;
    refused("part of an allocated element", N_STORED);
    stored[4].data = &beyond;
    refused("an offset beyond the string", N_STORED);
    stored[4].len = 4;
    refused("a short offset", N_STORED);
    stored[5].len = 4;
    refused("a string without NUL", N_STORED);
    stored[5].len = 0;
    refused("a string without bytes", N_STORED);
    stored[6].len = 3;
    refused("a short errno", N_STORED);
}

/* What was captured is what comes back; each allocation may fail. */
static void test_round_trip(void)
{
    struct memo_span spans[N_PARTS];
    struct memo__capture c;
    struct memo__errno e = {true, 33};
    struct memory x, y;
    int err;

    fill(&x);
    x.a = 5;
    memcpy(x.m, (int[]){1, 2, 99, 99, 3, 4, 99}, sizeof x.m);
    memcpy(x.late, stored_late, sizeof stored_late);
    x.alloc = stored_alloc;
    x.into = x.s + 6;
    x.result = "text";
    spans_of(&x, spans);
    spans[5].m_count = 3;
    spans[6].m_count = 2;
    CHECK_EQ(memo__result_capture(&site, spans, e, &c), 0);
    CHECK_EQ(c.n, N_STORED);
    CHECK_EQ(c.total, 4 + 16 + 12 + 8 + 8 + 5);
    memcpy(stored, c.parts, sizeof stored);
    for (long n = 1; n < 10; n++) {
        struct memory before;

        fill(&y);
        memcpy(&before, &y, sizeof y);
        memo__alloc_fail_at(n, 1);
        err = restore(&y, N_STORED);
        memo__alloc_fail_at(0, 0);
        if (err == 0)
            break;
        CHECK_EQ(err, MEMO_EMISS);
        CHECK_MEM(&y, &before, sizeof y);
    }
    CHECK_EQ(err, 0);
    CHECK(y.a == 5 && y.m[5] == 4 && y.late[2] == 9 && y.alloc[1] == 11 && y.into == y.s + 6);
    CHECK_STR(y.result, "text");
    free(y.alloc);
    memo__capture_release(&c);

    x.into = x.s + 8; /* beyond the NUL and one past it: not in the section */
    CHECK_EQ(memo__result_capture(&site, spans, e, &c), MEMO_EINVALID);
    memo__capture_release(&c);
    x.into = NULL;
    x.alloc = x.m + 1; /* memory of the caller's */
    CHECK_EQ(memo__result_capture(&site, spans, e, &c), MEMO_EINVALID);
    memo__capture_release(&c);
    x.alloc = NULL;
    spans[5].m_count = MEMO_BAD;
    CHECK_EQ(memo__result_capture(&site, spans, e, &c), MEMO_EINVALID);
    memo__capture_release(&c);
}

int main(void)
{
    test_whole();
    test_misfits();
    test_round_trip();
    return check_result();
}
