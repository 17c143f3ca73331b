/* test_vectors.c - formats that must not change by accident: what was stored by one
 * version is found by the next.
 *
 * Each vector is the hash of a key, the digest of a function's identity, or the
 * bytes of a record, as version 1.0 makes them on little-endian machines. A
 * change that is meant raises MEMO__RECORD_VERSION (record.h) or the store's
 * version, and puts new vectors here; the old results are then misses. */
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cache/identity.h"
#include "key/key.h"
#include "store/record.h"
#include "unit/check.h"

static const unsigned char identity[16] = {16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

static const char *hex(const void *data, size_t len)
{
    static char text[4][128];
    static unsigned n;
    char *out = text[n++ % 4];
    for (size_t i = 0; i < len; i++)
        sprintf(out + 2 * i, "%02x", ((const unsigned char *)data)[i]);
    return out;
}

static bool code_of(void *arg, const void *code, unsigned char *out)
{
    (void)arg;
    (void)code;
    memset(out, 0x5c, 16);
    return true;
}

static void key_is(const struct memo_part *parts, struct memo_span *spans, unsigned n,
                   const void *extra, size_t extra_len, const char *hash, const char *args)
{
    struct memo_site site = {.m_parts = parts, .m_n_parts = n};
    struct memo__key key;
    CHECK_EQ(memo__key_build(&site, spans, identity, extra, extra_len, code_of, NULL, &key),
             MEMO__KEY_OK);
    CHECK_STR(hex(key.hash, sizeof key.hash), hash);
    CHECK_STR(hex(&key.args_hash, sizeof key.args_hash), args);
}

static void test_keys(void)
{
    static const struct memo_run runs[] = {{0, 1, 1, 0, NULL, 0xff}, {8, 8, 1, 0, NULL, 0xff}};
    static const struct memo_type padded = {16, runs, 2};
    struct {
        char c;
        double d;
    } records[2];
    double numbers[100];
    int n = 42;
    char text[] = "a text";
    memset(records, 0xee, sizeof records);
    records[0].c = 'x', records[0].d = 1.5, records[1].c = 'y', records[1].d = -2;
    for (int i = 0; i < 100; i++)
        numbers[i] = i * 0.5;
    const struct memo_part scalar = {"n:i4", "n:i4", NULL, 1, MEMO_KEY, 0, 0};
    const struct memo_part section = {"v", "f8", NULL, 8, MEMO_KEY | MEMO_SECTION, 0, 0};
    const struct memo_part typed = {"r", "b", &padded, 16, MEMO_KEY | MEMO_SECTION, 0, 0};
    const struct memo_part string = {"s", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING,
                                     0,   0};
    const struct memo_part code = {"f", "b", NULL, 1, MEMO_KEY | MEMO_CODE, 0, 0};
    const struct memo_part late = {"o", "f8", NULL, 8, MEMO_RESULT | MEMO_SECTION | MEMO_LATE,
                                   0,   0};

    struct memo_span span = {&n, sizeof n};
    key_is(&scalar, &span, 1, NULL, 0, "9f818b1cab98d8133cf722d28652479b", "8f8e8511a793d21a");
    key_is(&scalar, &span, 1, "\1\2\3", 3, "6fb0646ef5dbb91d4667194cd21fb3e5", "7fbf6a63f9d0b314");
    span = (struct memo_span){numbers, 3};
    key_is(&section, &span, 1, NULL, 0, "098445fb6ac31bcbdf0ddfa8b04a752c", "198b4bf666c811c2");
    span = (struct memo_span){numbers, 100};
    key_is(&section, &span, 1, NULL, 0, "e61cb8ec9a073f15bf34bd5f3d770992", "f613b6e1960c351c");
    span = (struct memo_span){NULL, 0};
    key_is(&section, &span, 1, NULL, 0, "f61edfb228b2d11ee44dade2f67861bf", "e611d1bf24b9db17");
    span = (struct memo_span){records, 2};
    key_is(&typed, &span, 1, NULL, 0, "c01810822fc5e9956f0ba5fc9a26c29c", "d0171e8f23cee39c");
    span = (struct memo_span){text, 0};
    key_is(&string, &span, 1, NULL, 0, "002ee40ee7c371c2338297c2c37d0eea", "1021ea03ebc87bcb");
    span = (struct memo_span){(void *)(uintptr_t)identity, 1};
    key_is(&code, &span, 1, NULL, 0, "fa97d4b56c4e623787624424e23ab533", "ea98dab86045683e");

    const struct memo_part parts[] = {scalar, section, string, late};
    struct memo_span spans[] = {{&n, sizeof n}, {numbers, 2}, {text, 0}, {numbers + 50, 0}};
    key_is(parts, spans, 4, NULL, 0, "bf848854deaf625c8cbaf15c85961166", "af8b8659d2a46855");
}

static void identify(const struct memo_site *site, unsigned char out[16])
{
    struct memo__link_entry entry;
    bool has_entry = memo__link_find(site->m_link, site->m_code, &entry);
    memo__identify(site, has_entry ? &entry : NULL, out);
}

static void test_identities(void)
{
    struct memo_site site = {.m_abi = MEMO_ABI,
                             .m_name = "f",
                             .m_signature = "double (int) #0123456789abcdef",
                             .m_toolchain = "1.2.3 -O2",
                             .m_code = {1, 2, 3, 4, 5, 6, 7, 8, 9}};
    unsigned char out[16];
    identify(&site, out);
    CHECK_STR(hex(out, 16), "c151adbb33c75c13a0ce671d62bf2e6c");
    site.m_version = "2";
    identify(&site, out);
    CHECK_STR(hex(out, 16), "77d473e95d93a837ffe2c761efa741a4");
    site.m_version = NULL;
    site.m_flags = MEMO_SITE_PROGRAM;
    site.m_link = "memocc-link 1\n"
                  "function 01020304050607080900000000000000 f\n"
                  "o util.o 00112233445566778899aabbccddeeff\n"
                  "u g 112233445566778899aabbccddeeff00\n";
    identify(&site, out);
    CHECK_STR(hex(out, 16), "6bbc5a83f298f0e1c383becca1e81ad8");
    /* Names of objects are for people. */
    site.m_link = "memocc-link 1\n"
                  "function 01020304050607080900000000000000 f\n"
                  "o other.o 00112233445566778899aabbccddeeff\n"
                  "u g 112233445566778899aabbccddeeff00\n";
    identify(&site, out);
    CHECK_STR(hex(out, 16), "6bbc5a83f298f0e1c383becca1e81ad8");
}

static void test_records(void)
{
    static const unsigned char layout[16] = {1, 1, 2, 3, 5, 8, 13, 21};
    static const unsigned char key[] = {0, 42, 0, 0, 0};
    static const double result[] = {0.25, 0.5};
    struct memo__part parts[] = {{result, sizeof result}, {NULL, MEMO__PART_NULL}};
    struct memo__record r = {.layout = layout,
                             .identity = identity,
                             .created_ns = 1700000000000000000u,
                             .cost_ns = 123456789,
                             .used_ns = 1700000001000000000u,
                             .args_hash = 0x0123456789abcdefu,
                             .key = key,
                             .key_len = sizeof key,
                             .key_total = sizeof key,
                             .n_parts = 2};
    _Alignas(8) unsigned char bytes[512];
    size_t len = memo__record_size(&r, parts);
    CHECK(len > 0 && len <= sizeof bytes);
    memo__record_encode(&r, parts, bytes);
    memo__record_seal(bytes, len);
    XXH128_canonical_t c;
    XXH128_canonicalFromHash(&c, XXH3_128bits(bytes, len));
    CHECK_EQ(MEMO__RECORD_VERSION, 1);
    CHECK_STR(hex(c.digest, 16), "c380e6d438b2390166b09e6f5094526c");
}

int main(void)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    return 125;
#endif
    test_keys();
    test_identities();
    test_records();
    return check_result();
}
