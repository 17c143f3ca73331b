/* test_key.c - which calls have equal keys, and which have none. */
#include "key/key.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "check.h"
#include "key/hash.h"
#include "key/pack.h"

static const unsigned char identity[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

#define MAX_PARTS 6
struct call {
    struct memo_part parts[MAX_PARTS];
    struct memo_span spans[MAX_PARTS];
    unsigned n;
};

static void part(struct call *c, unsigned role, const struct memo_type *type, size_t size,
                 const void *data, size_t count)
{
    struct memo_part p = {"x", "b", type, size, role, 0, 0};

    c->parts[c->n] = p;
    c->spans[c->n].m_data = (void *)(uintptr_t)data;
    c->spans[c->n++].m_count = count;
}

static bool code_of(void *arg, const void *code, unsigned char *out)
{
    (void)arg;
    memset(out, 0, 16);
    memcpy(out, &code, sizeof code);
    return code != (const void *)&identity; /* "a library's" */
}

static enum memo__key_result build(const struct call *c, struct memo__key *key)
{
    struct memo_site site = {.m_parts = c->parts, .m_n_parts = c->n};

    memset(key, 0xa5, sizeof *key);
    return memo__key_build(&site, c->spans, identity, NULL, 0, code_of, NULL, key);
}

static bool same_keys(const struct memo__key *a, const struct memo__key *b)
{
    return a->hash[0] == b->hash[0] && a->hash[1] == b->hash[1] && a->args_hash == b->args_hash &&
           a->total == b->total && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static bool same(const struct call *a, const struct call *b)
{
    struct memo__key x, y;

    CHECK_EQ(build(a, &x), MEMO__KEY_OK);
    CHECK_EQ(build(b, &y), MEMO__KEY_OK);
    if (same_keys(&x, &y))
        return true;
    CHECK(x.hash[0] != y.hash[0] || x.hash[1] != y.hash[1]);
    return false;
}

static struct call one(unsigned role, const struct memo_type *type, size_t size, const void *data,
                       size_t count)
{
    struct call c = {.n = 0};

    part(&c, role, type, size, data, count);
    return c;
}

/* ---- digests ---- */

static void digests_are_xxh3_on_every_path(void)
{
    static unsigned char bytes[2100];
    uint64_t h[2];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 131 + (i >> 8));
    for (size_t len = 0; len <= 2000; len++)
        for (size_t shift = 0; shift < 3; shift++) {
            XXH128_hash_t want = XXH3_128bits(bytes + shift * 7, len);
            memo__hash128(bytes + shift * 7, len, h);
            CHECK_EQ(h[0], want.low64);
            CHECK_EQ(h[1], want.high64);
#if defined __x86_64__
            if (__builtin_cpu_supports("avx2")) {
                memo__hash128_avx2(bytes + shift * 7, len, h);
                CHECK_EQ(h[0], want.low64);
                CHECK_EQ(h[1], want.high64);
            }
#endif
        }
}

static void digests_of_large_blocks(void)
{
    size_t len = ((size_t)1 << 20) + 77;
    unsigned char *bytes = malloc(len);
    XXH128_hash_t want;
    uint64_t h[2];

    for (size_t i = 0; i < len; i++)
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    want = XXH3_128bits(bytes, len);
    memo__hash128(bytes, len, h);
    CHECK_EQ(h[0], want.low64);
    CHECK_EQ(h[1], want.high64);
    free(bytes);
}

/* A key of the given bytes as one value, whatever its length. */
static void keys_of_every_length_differ_and_repeat(void)
{
    static unsigned char bytes[1300], moved[1400];
    struct memo__key a, b;
    uint64_t last = 0;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7 + 3);
    for (size_t len = 1; len < sizeof bytes; len++) {
        struct call c = one(MEMO_KEY, NULL, len, bytes, 1), d;
        memcpy(moved + len % 17, bytes, len);
        d = one(MEMO_KEY, NULL, len, moved + len % 17, 1);
        CHECK_EQ(build(&c, &a), MEMO__KEY_OK);
        CHECK_EQ(build(&d, &b), MEMO__KEY_OK);
        CHECK(same_keys(&a, &b));
        CHECK(a.hash[0] != last);
        last = a.hash[0];
        if (len <= MEMO__KEY_INLINE) {
            CHECK_EQ(a.total, len);
            CHECK_EQ(a.len, len);
            CHECK_MEM(a.bytes, bytes, len);
        }
        moved[len % 17 + len - 1] ^= 1;
        CHECK_EQ(build(&d, &b), MEMO__KEY_OK);
        CHECK(!same_keys(&a, &b));
    }
}

/* Many parts, so that a key outgrows the struct and then the buffer; a byte
 * anywhere changes it, and how the bytes came doesn't matter. */
static void long_keys_depend_on_every_byte(void)
{
    enum { N = 3, EACH = 250 };
    static unsigned char bytes[MAX_PARTS][EACH];
    struct memo__key a, b;

    for (unsigned n = 1; n <= MAX_PARTS; n++) {
        struct call c = {.n = 0};
        for (unsigned i = 0; i < n; i++) {
            memset(bytes[i], (int)i + 1, EACH);
            part(&c, MEMO_KEY, NULL, EACH, bytes[i], 1);
        }
        CHECK_EQ(build(&c, &a), MEMO__KEY_OK);
        CHECK_EQ(a.total, n * EACH);
        CHECK_EQ(a.len, n * EACH < MEMO__KEY_KEPT ? n * EACH : MEMO__KEY_KEPT);
        CHECK_EQ(a.bytes[0], 1);
        CHECK_EQ(a.bytes[a.len - 1], n == 1 ? 1 : 2);
        for (unsigned i = 0; i < n; i++)
            for (unsigned k = 0; k < EACH; k += 31) {
                bytes[i][k] ^= 0x80;
                CHECK_EQ(build(&c, &b), MEMO__KEY_OK);
                CHECK(a.hash[0] != b.hash[0] && a.args_hash != b.args_hash);
                bytes[i][k] ^= 0x80;
            }
        CHECK_EQ(build(&c, &b), MEMO__KEY_OK);
        CHECK(same_keys(&a, &b));
    }
}

static void identity_and_extra_bytes_count(void)
{
    uint64_t x = 42;
    struct call c = one(MEMO_KEY, NULL, 8, &x, 1);
    struct memo_site site = {.m_parts = c.parts, .m_n_parts = c.n};
    unsigned char other[16] = {1};
    struct memo__key a, b, e;

    memo__key_build(&site, c.spans, identity, NULL, 0, code_of, NULL, &a);
    memo__key_build(&site, c.spans, other, NULL, 0, code_of, NULL, &b);
    memo__key_build(&site, c.spans, identity, "fpenv", 5, code_of, NULL, &e);
    CHECK(a.hash[0] != b.hash[0] && a.hash[1] != b.hash[1]);
    CHECK(a.args_hash == b.args_hash);
    CHECK(a.args_hash != e.args_hash);
    CHECK_EQ(e.total, 13);
}

/* ---- structures ---- */

struct padded {
    char c;
    int32_t i;
    char d;
    double x;
};
static const struct memo_run padded_runs[] = {
    {0, 1, 1, 1, NULL, 0xff}, {4, 5, 1, 5, NULL, 0xff}, {16, 8, 1, 8, NULL, 0xff}};
static const struct memo_type padded_type = {sizeof(struct padded), padded_runs, 3};

static void set_padded(struct padded *p, int fill, int32_t i)
{
    memset(p, fill, sizeof *p);
    p->c = 'c';
    p->i = i;
    p->d = 'd';
    p->x = 0.5;
}

static void padding_is_not_in_the_key(void)
{
    static struct padded a[100], b[100];

    for (size_t n = 1; n <= 100; n += n < 4 ? 1 : 31) {
        const unsigned roles[] = {MEMO_KEY, MEMO_KEY | MEMO_SECTION};
        for (unsigned r = 0; r < 2; r++) {
            struct call x = one(roles[r], &padded_type, sizeof *a, a, n);
            struct call y = one(roles[r], &padded_type, sizeof *b, b, n);
            for (size_t k = 0; k < n; k++) {
                set_padded(&a[k], 0x00, (int32_t)k);
                set_padded(&b[k], 0xff, (int32_t)k);
            }
            CHECK(same(&x, &y));
            b[n - 1].d = 'e';
            CHECK(!same(&x, &y));
            b[n - 1].d = 'd';
            b[n - 1].x = -0.5;
            CHECK(!same(&x, &y));
        }
    }
    CHECK_EQ(memo__packed_size(&padded_type), 14);
}

/* Masks leave the unused bits of bit-fields out. */
static void masks_of_bit_fields(void)
{
    static const struct memo_run runs[] = {{0, 1, 1, 1, NULL, 0x1f}, {1, 2, 1, 2, NULL, 0x7f}};
    static const struct memo_type type = {4, runs, 2};
    unsigned char a[4] = {0x15, 0x01, 0x02, 0x00}, b[4] = {0xf5, 0x81, 0x82, 0x99};
    struct call x = one(MEMO_KEY | MEMO_SECTION, &type, 4, a, 1);
    struct call y = one(MEMO_KEY | MEMO_SECTION, &type, 4, b, 1);

    CHECK(same(&x, &y));
    b[0] = 0xf4;
    CHECK(!same(&x, &y));
}

/* struct { struct padded p[2]; uint16_t tail; }, in arrays small and large. */
static void types_within_types(void)
{
    struct outer {
        struct padded p[2];
        uint16_t tail;
    };
    static const struct memo_run runs[] = {{0, 0, 2, sizeof(struct padded), &padded_type, 0xff},
                                           {offsetof(struct outer, tail), 2, 1, 2, NULL, 0xff}};
    static const struct memo_type type = {sizeof(struct outer), runs, 2};
    static struct outer a[50], b[50];

    CHECK_EQ(memo__packed_size(&type), 30);
    for (size_t n = 1; n <= 50; n += 7) {
        struct call x = one(MEMO_KEY | MEMO_SECTION, &type, sizeof *a, a, n);
        struct call y = one(MEMO_KEY | MEMO_SECTION, &type, sizeof *b, b, n);
        memset(a, 0x11, sizeof a);
        memset(b, 0x77, sizeof b);
        for (size_t k = 0; k < n; k++) {
            for (int i = 0; i < 2; i++) {
                set_padded(&a[k].p[i], 0x11, i);
                set_padded(&b[k].p[i], 0x77, i);
            }
            a[k].tail = b[k].tail = (uint16_t)k;
        }
        CHECK(same(&x, &y));
        b[n - 1].p[1].i++;
        CHECK(!same(&x, &y));
    }
}

/* What is hashed of a large array is what would be packed of it. */
static void packed_hash_is_the_hash_of_the_packed(void)
{
    static struct padded a[300];
    static unsigned char packed[300 * 14];

    for (int k = 0; k < 300; k++)
        set_padded(&a[k], k, k * 3);
    for (size_t n = 1; n <= 300; n += 13) {
        uint64_t got[2];
        XXH128_hash_t want;
        unsigned char *end = packed;
        for (size_t k = 0; k < n; k++)
            end = memo__pack(&padded_type, &a[k], end);
        CHECK_EQ(end - packed, n * 14);
        memo__pack_hash(&padded_type, a, n, got);
        want = XXH3_128bits(packed, n * 14);
        CHECK_EQ(got[0], want.low64);
        CHECK_EQ(got[1], want.high64);
    }
}

/* Runs longer than what is gathered at a time, plain and masked. */
static void long_runs(void)
{
    static const struct memo_run runs[] = {{1, 2500, 1, 2500, NULL, 0xff},
                                           {2600, 2500, 1, 2500, NULL, 0x3c}};
    static const struct memo_type type = {6000, runs, 2};
    static unsigned char objects[2 * 6000], packed[2 * 5000];
    unsigned char *end;
    XXH128_hash_t want;
    uint64_t got[2];

    for (size_t i = 0; i < sizeof objects; i++)
        objects[i] = (unsigned char)(i * 37 + (i >> 7));
    end = memo__pack(&type, objects, packed);
    end = memo__pack(&type, objects + 6000, end);
    CHECK_EQ(end - packed, sizeof packed);
    CHECK_EQ(packed[2500], objects[2600] & 0x3c);
    memo__pack_hash(&type, objects, 2, got);
    want = XXH3_128bits(packed, sizeof packed);
    CHECK_EQ(got[0], want.low64);
    CHECK_EQ(got[1], want.high64);
}

/* ---- sections ---- */

static void null_empty_and_one_differ(void)
{
    int v = 0;
    const unsigned role = MEMO_KEY | MEMO_SECTION;
    struct call null = one(role, NULL, 4, NULL, 0), empty = one(role, NULL, 4, &v, 0),
                full = one(role, NULL, 4, &v, 1), bad = one(role, NULL, 4, NULL, 1),
                negative = one(role, NULL, 4, &v, MEMO_BAD),
                huge = one(role, NULL, 4, &v, (size_t)1 << 62);
    struct memo__key key;

    CHECK(!same(&null, &empty));
    CHECK(!same(&empty, &full));
    CHECK(!same(&null, &full));
    CHECK_EQ(build(&bad, &key), MEMO__KEY_NULL);
    CHECK_EQ(build(&negative, &key), MEMO__KEY_BAD_COUNT);
    CHECK_EQ(build(&huge, &key), MEMO__KEY_BAD_COUNT);
}

/* Where one section ends and the next begins is part of the key. */
static void borders_between_sections_count(void)
{
    const char *text = "abcdef";
    struct call x = {.n = 0}, y = {.n = 0};

    for (size_t cut = 0; cut <= 6; cut++) {
        x.n = y.n = 0;
        part(&x, MEMO_KEY | MEMO_SECTION, NULL, 1, text, cut);
        part(&x, MEMO_KEY | MEMO_SECTION, NULL, 1, text + cut, 6 - cut);
        part(&y, MEMO_KEY | MEMO_SECTION, NULL, 1, text, 3);
        part(&y, MEMO_KEY | MEMO_SECTION, NULL, 1, text + 3, 3);
        CHECK_EQ(same(&x, &y), cut == 3);
    }
}

static void counts_of_out_sections_count_but_not_their_bytes(void)
{
    int a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8};
    struct call x = one(MEMO_RESULT | MEMO_SECTION, NULL, 4, a, 4),
                y = one(MEMO_RESULT | MEMO_SECTION, NULL, 4, b, 4),
                z = one(MEMO_RESULT | MEMO_SECTION, NULL, 4, b, 3),
                inout = one(MEMO_KEY | MEMO_RESULT | MEMO_SECTION, NULL, 4, a, 4),
                inout_b = one(MEMO_KEY | MEMO_RESULT | MEMO_SECTION, NULL, 4, b, 4);

    CHECK(same(&x, &y));
    CHECK(!same(&x, &z));
    CHECK(!same(&inout, &inout_b));
}

static void strings(void)
{
    char longer[600], same_text[600];
    const unsigned role = MEMO_KEY | MEMO_SECTION | MEMO_STRING;
    struct call null = one(role, NULL, 1, NULL, 0), empty = one(role, NULL, 1, "", 0),
                a = one(role, NULL, 1, "abc", 77), b = one(role, NULL, 1, "abc\0xyz", 3),
                c = one(role, NULL, 1, "abcd", 0), d, e;

    CHECK(!same(&null, &empty));
    CHECK(same(&a, &b));
    CHECK(!same(&a, &c));
    memset(longer, 'q', sizeof longer);
    longer[599] = '\0';
    memcpy(same_text, longer, sizeof longer);
    d = one(role, NULL, 1, longer, 0);
    e = one(role, NULL, 1, same_text, 0);
    CHECK(same(&d, &e));
    same_text[500] = 'r';
    CHECK(!same(&d, &e));
}

/* Rows of 3 out of a matrix 5 wide: the gaps don't matter, the elements do. */
static void rows_leave_gaps_out(void)
{
    static int wide[400][5], narrow[400][4];
    const unsigned role = MEMO_KEY | MEMO_SECTION | MEMO_ROWS;

    for (size_t rows = 1; rows <= 400; rows += 57) {
        struct call x = {.n = 0}, y = {.n = 0};
        memset(wide, 0x33, sizeof wide);
        memset(narrow, 0x44, sizeof narrow);
        for (size_t i = 0; i < rows; i++)
            for (size_t k = 0; k < 3; k++)
                wide[i][k] = narrow[i][k] = (int)(i * 3 + k);
        part(&x, role, NULL, 4, wide, 3);
        part(&x, MEMO_MORE, NULL, 0, (void *)sizeof wide[0], rows);
        part(&y, role, NULL, 4, narrow, 3);
        part(&y, MEMO_MORE, NULL, 0, (void *)sizeof narrow[0], rows);
        CHECK(same(&x, &y));
        narrow[rows - 1][2]++;
        CHECK(!same(&x, &y));
        narrow[rows - 1][2]--;
        y.spans[1].m_count--;
        CHECK(!same(&x, &y));
    }
}

static void rows_that_are_bad(void)
{
    static int m[4][4];
    struct memo__key key;
    struct call x = {.n = 0};

    part(&x, MEMO_KEY | MEMO_SECTION | MEMO_ROWS, NULL, 4, m, 2);
    part(&x, MEMO_MORE, NULL, 0, (void *)sizeof m[0], MEMO_BAD);
    CHECK_EQ(build(&x, &key), MEMO__KEY_BAD_COUNT);
    x.spans[1].m_count = 0;
    CHECK_EQ(build(&x, &key), MEMO__KEY_OK);
    x.spans[0].m_data = NULL;
    CHECK_EQ(build(&x, &key), MEMO__KEY_OK);
    x.spans[1].m_count = 4;
    CHECK_EQ(build(&x, &key), MEMO__KEY_NULL);
    x.spans[0].m_count = 0;
    CHECK_EQ(build(&x, &key), MEMO__KEY_OK);
}

/* ---- overlap ---- */

static enum memo__key_result pair(unsigned a, const void *pa, size_t na, unsigned b, const void *pb,
                                  size_t nb)
{
    struct call c = {.n = 0}, d = {.n = 0};
    struct memo__key key;
    enum memo__key_result r;

    part(&c, a | MEMO_SECTION, NULL, 1, pa, na);
    part(&c, b | MEMO_SECTION, NULL, 1, pb, nb);
    part(&d, b | MEMO_SECTION, NULL, 1, pb, nb);
    part(&d, a | MEMO_SECTION, NULL, 1, pa, na);
    r = build(&c, &key);
    CHECK_EQ(build(&d, &key), r); /* the order of parts doesn't matter */
    return r;
}

static void overlaps(void)
{
    char m[64] = "text";
    const unsigned in = MEMO_KEY, out = MEMO_RESULT, inout = MEMO_KEY | MEMO_RESULT;

    CHECK_EQ(pair(in, m, 10, in, m + 5, 10), MEMO__KEY_OK);
    CHECK_EQ(pair(in, m, 10, out, m + 10, 10), MEMO__KEY_OK);
    CHECK_EQ(pair(in, m, 10, out, m + 9, 10), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(in, m + 10, 10, out, m, 11), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(in, m + 10, 10, out, m, 10), MEMO__KEY_OK);
    CHECK_EQ(pair(inout, m, 10, in, m + 3, 2), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(inout, m + 3, 2, in, m, 10), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(out, m, 4, out, m, 4), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(out, m, 4, inout, m + 3, 4), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(out, m, 4, inout, m + 4, 4), MEMO__KEY_OK);
    CHECK_EQ(pair(out, m, 10, in, m + 5, 0), MEMO__KEY_OK); /* empty ones overlap nothing */
    CHECK_EQ(pair(out, m + 5, 0, in, m, 10), MEMO__KEY_OK);
    CHECK_EQ(pair(out, m, 10, MEMO_IGNORED, m + 5, 1), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(out, m, 10, in | MEMO_GLOBAL, m + 9, 4), MEMO__KEY_OVERLAP);
    CHECK_EQ(pair(out, m + 4, 4, in | MEMO_STRING, m, 0), MEMO__KEY_OVERLAP); /* the NUL */
    CHECK_EQ(pair(out, m + 5, 4, in | MEMO_STRING, m, 0), MEMO__KEY_OK);
    CHECK_EQ(pair(out, NULL, 0, in, m, 8), MEMO__KEY_OK);
}

static void late_sections_are_compared_twice(void)
{
    char m[64] = "";
    struct call c = {.n = 0};
    struct memo_site site;
    struct memo__key key;

    part(&c, MEMO_KEY | MEMO_SECTION, NULL, 1, m + 32, 8);
    part(&c, MEMO_RESULT | MEMO_SECTION | MEMO_LATE, NULL, 1, m, MEMO_BAD);
    site = (struct memo_site){.m_parts = c.parts, .m_n_parts = c.n};
    CHECK_EQ(build(&c, &key), MEMO__KEY_OK);
    c.spans[1].m_count = 32;
    CHECK_EQ(memo__key_check_late(&site, c.spans), 0);
    c.spans[1].m_count = 33;
    CHECK(memo__key_check_late(&site, c.spans) != 0);
    c.spans[1].m_data = m + 35;
    c.spans[1].m_count = MEMO_BAD;
    CHECK_EQ(build(&c, &key), MEMO__KEY_OVERLAP);
}

static void strided_sections_overlap_with_what_is_between_their_ends(void)
{
    static int m[8][8];
    struct call c = {.n = 0};
    struct memo__key key;

    part(&c, MEMO_RESULT | MEMO_SECTION | MEMO_ROWS, NULL, 4, &m[0][0], 2);
    part(&c, MEMO_MORE, NULL, 0, (void *)sizeof m[0], 3);
    part(&c, MEMO_KEY | MEMO_SECTION, NULL, 4, &m[2][1], 1);
    CHECK_EQ(build(&c, &key), MEMO__KEY_OVERLAP);
    c.spans[2].m_data = &m[2][2]; /* one past the end */
    CHECK_EQ(build(&c, &key), MEMO__KEY_OK);
    c.spans[1].m_count = 0;
    c.spans[2].m_data = &m[0][0];
    CHECK_EQ(build(&c, &key), MEMO__KEY_OK);
}

/* Pointers to pointers aren't sections. */
static void allocated_results_take_no_part(void)
{
    void *p = NULL;
    struct call c = {.n = 0};
    struct memo__key key;

    part(&c, MEMO_KEY | MEMO_SECTION, NULL, 1, &p, sizeof p);
    part(&c, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE, NULL, 8, &p, 0);
    CHECK_EQ(build(&c, &key), MEMO__KEY_OK);
}

/* ---- code, environment, files ---- */

static void code_and_environment(void)
{
    struct call x = one(MEMO_KEY | MEMO_CODE, NULL, 8, (const void *)&code_of, 1),
                y = one(MEMO_KEY | MEMO_CODE, NULL, 8, (const void *)&same, 1),
                null = one(MEMO_KEY | MEMO_CODE, NULL, 8, NULL, 1),
                out = one(MEMO_KEY | MEMO_CODE, NULL, 8, &identity, 1), e, f;
    struct memo__key key, again;

    CHECK(!same(&x, &y));
    CHECK(!same(&x, &null));
    CHECK_EQ(build(&out, &key), MEMO__KEY_CODE);

    e = one(MEMO_KEY | MEMO_ENV, NULL, 1, "MEMOCC_TEST_A", 1);
    f = one(MEMO_KEY | MEMO_ENV, NULL, 1, "MEMOCC_TEST_B", 1);
    unsetenv("MEMOCC_TEST_A");
    setenv("MEMOCC_TEST_B", "", 1);
    CHECK(!same(&e, &f)); /* not set and empty differ */
    setenv("MEMOCC_TEST_A", "value", 1);
    setenv("MEMOCC_TEST_B", "value", 1);
    CHECK(same(&e, &f));
    CHECK_EQ(build(&e, &key), MEMO__KEY_OK);
    setenv("MEMOCC_TEST_A", "other", 1);
    CHECK_EQ(build(&e, &again), MEMO__KEY_OK);
    CHECK(!same_keys(&key, &again));
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    CHECK(f != NULL);
    if (!f)
        return;
    fputs(text, f);
    fclose(f);
}

static void files(void)
{
    char dir[] = "/tmp/memo-key-XXXXXX", path[64], other[64], fifo[64];
    struct call x, y, none, special;
    struct memo_site site;
    struct memo__key key, key_none;

    CHECK(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/a", dir);
    snprintf(other, sizeof other, "%s/b", dir);
    snprintf(fifo, sizeof fifo, "%s/fifo", dir);
    x = one(MEMO_KEY | MEMO_FILE, NULL, 1, path, 1);
    y = one(MEMO_KEY | MEMO_FILE, NULL, 1, other, 1);
    none = one(MEMO_KEY | MEMO_FILE, NULL, 1, "/tmp/no such folder/x", 1);
    CHECK(same(&x, &y)); /* both are missing */
    write_file(path, "");
    CHECK(!same(&x, &y));
    write_file(path, "content");
    write_file(other, "content");
    CHECK(same(&x, &y));
    CHECK_EQ(build(&x, &key), MEMO__KEY_OK);
    CHECK_EQ(build(&none, &key_none), MEMO__KEY_OK);
    site = (struct memo_site){.m_parts = x.parts, .m_n_parts = x.n};
    CHECK(memo__key_files_unchanged(&key, &site, x.spans));
    write_file(path, "contenT"); /* same length, within the same tick of the clock */
    CHECK(!memo__key_files_unchanged(&key, &site, x.spans));
    CHECK(!same(&x, &y));
    write_file(path, "content");
    CHECK(memo__key_files_unchanged(&key, &site, x.spans));
    unlink(path);
    CHECK(!memo__key_files_unchanged(&key, &site, x.spans));

    CHECK_EQ(mkfifo(fifo, 0600), 0);
    special = one(MEMO_KEY | MEMO_FILE, NULL, 1, fifo, 1);
    CHECK_EQ(build(&special, &key), MEMO__KEY_FILE); /* and it doesn't wait for a writer */
    special = one(MEMO_KEY | MEMO_FILE, NULL, 1, dir, 1);
    CHECK_EQ(build(&special, &key), MEMO__KEY_FILE);
    special = one(MEMO_KEY | MEMO_FILE, NULL, 1, "/dev/null", 1);
    CHECK_EQ(build(&special, &key), MEMO__KEY_FILE);
    unlink(fifo);
    unlink(other);
    rmdir(dir);
}

int main(void)
{
    digests_are_xxh3_on_every_path();
    digests_of_large_blocks();
    keys_of_every_length_differ_and_repeat();
    long_keys_depend_on_every_byte();
    identity_and_extra_bytes_count();
    padding_is_not_in_the_key();
    masks_of_bit_fields();
    types_within_types();
    packed_hash_is_the_hash_of_the_packed();
    long_runs();
    null_empty_and_one_differ();
    borders_between_sections_count();
    counts_of_out_sections_count_but_not_their_bytes();
    strings();
    rows_leave_gaps_out();
    rows_that_are_bad();
    overlaps();
    late_sections_are_compared_twice();
    strided_sections_overlap_with_what_is_between_their_ends();
    allocated_results_take_no_part();
    code_and_environment();
    files();
    return check_result();
}
