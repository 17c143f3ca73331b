/* test_record.c - records: what is encoded comes back; what isn't one is refused. */
#include "unit/disk_help.h"

#define MAX 4096

static size_t encode(unsigned char *out, size_t key_total, const struct memo__part *parts,
                     unsigned n, unsigned flags)
{
    static unsigned char key[MEMO__KEY_HEAD];
    help_fill(key, 9, sizeof key);
    struct memo__record r = {.flags = flags,
                             .layout = (const void *)"layoutlayoutlayo",
                             .identity = (const void *)"identityidentity",
                             .created_ns = 1,
                             .cost_ns = 2,
                             .used_ns = 3,
                             .args_hash = 4,
                             .key = key,
                             .key_len = (uint32_t)(key_total < sizeof key ? key_total : sizeof key),
                             .key_total = key_total,
                             .n_parts = n};
    size_t len = memo__record_size(&r, parts);
    CHECK(len && len <= MAX && len % 8 == 0);
    memo__record_encode(&r, parts, out);
    if (flags & MEMO__RECORD_OBJECT) {
        struct memo__object_ref ref = {memo__object_size(parts, n), 11, 12, 13, 14, 15};
        memo__record_set_object(out, len, &ref);
    }
    memo__record_seal(out, len);
    return len;
}

static void round_trip(size_t key_total, size_t part_len)
{
    unsigned char out[MAX] __attribute__((aligned(8))), bytes[600];
    help_fill(bytes, 1, sizeof bytes);
    struct memo__part parts[4] = {
        {bytes, part_len}, {NULL, MEMO__PART_NULL}, {bytes + 1, 0}, {bytes + 2, 13}};
    struct memo__part back[4];
    struct memo__record r;
    size_t len = encode(out, key_total, parts, 4, 0);
    CHECK_EQ(memo__record_decode(out, len, &r), 0);
    CHECK_EQ(r.created_ns, 1);
    CHECK_EQ(r.cost_ns, 2);
    CHECK_EQ(r.used_ns, 3);
    CHECK_EQ(r.args_hash, 4);
    CHECK_EQ(r.key_total, key_total);
    CHECK_EQ(r.key_len, key_total < MEMO__KEY_HEAD ? key_total : MEMO__KEY_HEAD);
    CHECK_MEM(r.layout, "layoutlayoutlayo", 16);
    CHECK_MEM(r.identity, "identityidentity", 16);
    CHECK_EQ(r.n_parts, 4);
    memo__record_parts(&r, back);
    CHECK_EQ(back[0].len, part_len);
    CHECK_MEM(back[0].data, bytes, part_len);
    CHECK_EQ((uintptr_t)back[0].data % 8, 0);
    CHECK_EQ(back[1].len, MEMO__PART_NULL);
    CHECK(!back[1].data);
    CHECK_EQ(back[2].len, 0);
    CHECK(back[2].data != NULL);
    CHECK_EQ(back[3].len, 13);
    CHECK_MEM(back[3].data, bytes + 2, 13);
    CHECK_EQ((uintptr_t)back[3].data % 8, 0);
    memo__record_set_used(out, 99);
    CHECK_EQ(memo__record_decode(out, len, &r), MEMO_ECORRUPT);
    memo__record_seal(out, len);
    CHECK_EQ(memo__record_decode(out, len, &r), 0);
    CHECK_EQ(r.used_ns, 99);
}

/* Each bit flipped, each length cut: no record any more. */
static void damage(unsigned flags)
{
    unsigned char out[MAX] __attribute__((aligned(8))), bytes[64] = "bytes";
    struct memo__part parts[2] = {{bytes, 40}, {NULL, MEMO__PART_NULL}};
    struct memo__record r;
    size_t len = encode(out, 20, parts, 2, flags);
    CHECK_EQ(memo__record_decode(out, len, &r), 0);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        out[bit / 8] ^= (unsigned char)(1u << bit % 8);
        CHECK_EQ(memo__record_decode(out, len, &r), MEMO_ECORRUPT);
        out[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++) {
        unsigned char *copy = malloc(cut ? cut : 1); /* a read past it is the sanitizer's */
        memcpy(copy, out, cut);
        CHECK_EQ(memo__record_decode(copy, cut, &r), MEMO_ECORRUPT);
        free(copy);
    }
}

/* The checksum is right but what it covers isn't possible. */
static void sealed_nonsense(void)
{
    unsigned char good[MAX] __attribute__((aligned(8))), out[MAX] __attribute__((aligned(8)));
    unsigned char bytes[64] = "bytes";
    struct memo__part parts[2] = {{bytes, 40}, {bytes, 8}};
    struct memo__record r;
    size_t len = encode(good, 20, parts, 2, 0);
    static const struct {
        size_t at;
        uint64_t value;
        size_t n;
    } change[] = {
        {6, 0x8000, 2},
        {80, 0xffffffff, 4},
        {80, 400, 4},
        {80, 21, 4},
        {84, 0xffffffff, 4},
        {84, 3, 4},
        {84, 1, 4},
        {72, 19, 8},
        {112, UINT64_MAX - 1, 8},
        {112, 1u << 30, 8},
        {112, 1ull << 63, 8},
        {120, 32, 8},
        {112, UINT64_MAX, 8},
        {6, 1, 2},
        {4, 2, 2},
    };
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        memcpy(out, good, len);
        memcpy(out + change[i].at, &change[i].value, change[i].n);
        memo__record_seal(out, len);
        CHECK_EQ(memo__record_decode(out, len, &r), MEMO_ECORRUPT);
    }
    for (uint64_t seed = 0; seed < 200000; seed++) { /* random fields under a good checksum */
        memcpy(out, good, len);
        for (int k = 0; k < 3; k++) {
            uint64_t x = help_mix(seed * 3 + (uint64_t)k);
            out[72 + x % (len - 80)] = (unsigned char)(x >> 32);
        }
        memo__record_seal(out, len);
        if (!memo__record_decode(out, len, &r)) {
            struct memo__part *back = calloc(r.n_parts + 1, sizeof *back);
            memo__record_parts(&r, back);
            for (unsigned p = 0; p < r.n_parts; p++) {
                const unsigned char *end = (const unsigned char *)back[p].data + back[p].len;
                if (back[p].len != MEMO__PART_NULL)
                    CHECK(end <= out + len - 8);
            }
            CHECK(r.key + r.key_len <= out + len - 8);
            free(back);
        }
    }
}

static void refused(void)
{
    unsigned char key[300] = "";
    struct memo__part parts[2] = {{key, UINT64_MAX - 3}, {key, 8}};
    struct memo__record r = {.key = key, .key_len = 8, .key_total = 8, .n_parts = 1};
    CHECK_EQ(memo__record_size(&r, parts), 0);
    parts[0].len = 8;
    CHECK(memo__record_size(&r, parts) > 0);
    r.key_len = 7; /* a short key must be whole */
    CHECK_EQ(memo__record_size(&r, parts), 0);
    r.key_len = r.key_total = 257;
    CHECK_EQ(memo__record_size(&r, parts), 0);
    r.key_len = r.key_total = 8;
    r.n_parts = MEMO__MAX_PARTS + 1;
    CHECK_EQ(memo__record_size(&r, parts), 0);
    parts[0].len = INT64_MAX;
    CHECK_EQ(memo__object_size(parts, 1), 0);
}

int main(void)
{
    for (size_t key = 0; key < 300; key++)
        round_trip(key, key * 2);
    damage(0);
    damage(MEMO__RECORD_OBJECT);
    sealed_nonsense();
    refused();
    return check_result();
}
