/* Small pieces of cache/: rows, interned strings, texts for people, settings. */
#include <stdlib.h>
#include <unistd.h>

#include "cache/config.h"
#include "base/human.h"
#include "cache/rows.h"
#include "cache/strings.h"
#include "check.h"

/* int a[4][3][5], of which [0:2][0:3][0:2] */
static const struct memo_part cube[] = {
    {"a", "i4", NULL, 4, MEMO_SECTION | MEMO_ROWS, 0, 0},
    {"", NULL, NULL, 0, MEMO_MORE | MEMO_ROWS, 0, 0},
    {"", NULL, NULL, 0, MEMO_MORE, 0, 0},
};

static void test_rows(void)
{
    int a[4][3][5], packed[12], n = 0;
    size_t bytes;
    struct memo_span spans[3] = {
        {a, 2}, {(void *)(uintptr_t)sizeof a[0][0], 3}, {(void *)(uintptr_t)sizeof a[0], 2}};

    for (int i = 0; i < 60; i++)
        (&a[0][0][0])[i] = i;
    CHECK(memo__part_bytes(cube, spans, 0, 3, &bytes));
    CHECK_EQ(bytes, 48);
    CHECK(memo__part_extent(cube, spans, 0, 3, &bytes));
    CHECK_EQ(bytes, (1 * 15 + 2 * 5 + 2) * 4);
    memo__rows_gather(cube, spans, 0, 3, packed);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 2; k++)
                CHECK_EQ(packed[n++], i * 15 + j * 5 + k);
    for (int i = 0; i < 12; i++)
        packed[i] = -i;
    memo__rows_scatter(cube, spans, 0, 3, packed);
    CHECK_EQ(a[1][2][1], -11);
    CHECK_EQ(a[1][2][2], 27);
    spans[2].m_count = 0;
    CHECK(memo__part_bytes(cube, spans, 0, 3, &bytes));
    CHECK_EQ(bytes, 0);
    CHECK(memo__part_extent(cube, spans, 0, 3, &bytes));
    CHECK_EQ(bytes, 0);
    spans[2].m_count = MEMO_BAD;
    CHECK(!memo__part_bytes(cube, spans, 0, 3, &bytes));
    spans[2].m_count = (memo_abi_size)1 << 62;
    CHECK(!memo__part_bytes(cube, spans, 0, 3, &bytes));
}

static void test_strings(void)
{
    const char *a = memo__string_intern("one", 4), *b = memo__string_intern("one", 4);
    char *long_text = malloc(300000);

    CHECK(a == b);
    CHECK_STR(a, "one");
    CHECK(memo__string_intern("two", 4) != a);
    memset(long_text, 'x', 299999);
    long_text[299999] = '\0';
    b = memo__string_intern(long_text, 300000);
    CHECK(b != long_text && strcmp(b, long_text) == 0);
    CHECK(memo__string_intern(long_text, 300000) == b);
    free(long_text);
}

static void test_texts(void)
{
    CHECK_STR(memo__duration_text(0).s, "0 ns");
    CHECK_STR(memo__duration_text(999).s, "999 ns");
    CHECK_STR(memo__duration_text(1500).s, "1.5 us");
    CHECK_STR(memo__duration_text(2500000).s, "2.5 ms");
    CHECK_STR(memo__duration_text(1230000000).s, "1.23 s");
    CHECK_STR(memo__duration_text(90000000000).s, "1.5 min");
    CHECK_STR(memo__duration_text(UINT64_C(36000) * 1000000000).s, "10.0 h");
    CHECK_STR(memo__size_text(17).s, "17 B");
    CHECK_STR(memo__size_text(1536).s, "1.5 KiB");
    CHECK_STR(memo__size_text(UINT64_C(5) << 30).s, "5.0 GiB");
}

static void test_config(void)
{
    struct memo__config c;

    unsetenv("MEMOCC");
    unsetenv("MEMOCC_DIR");
    memo__config_read(&c);
    CHECK(!c.is_off && !c.is_refresh && !c.is_readonly && !c.has_dir && c.has_gate);
    CHECK_EQ(c.memory, MEMO__DEFAULT_MEMORY);
    CHECK_EQ(c.stats, MEMO__STATS_NONE);
    setenv("MEMOCC", "refresh,readonly", 1);
    setenv("MEMOCC_DIR", "relative/folder", 1);
    setenv("MEMOCC_MEMORY", "64M", 1);
    setenv("MEMOCC_MAX_SIZE", "1G", 1);
    setenv("MEMOCC_VERBOSE", "2", 1);
    setenv("MEMOCC_STATS", "out.json", 1);
    setenv("MEMOCC_GATE", "off", 1);
    memo__config_read(&c);
    CHECK(!c.is_off && c.is_refresh && c.is_readonly && c.has_dir && !c.has_gate);
    CHECK(c.dir[0] == '/' && strstr(c.dir, "/relative/folder"));
    CHECK_EQ(c.memory, 64 << 20);
    CHECK_EQ(c.max_size, 1 << 30);
    CHECK_EQ(c.verbose, 2);
    CHECK_EQ(c.stats, MEMO__STATS_JSON);
    CHECK(strstr(c.stats_file, "/out.json") != NULL);
    setenv("MEMOCC", "off", 1);
    setenv("MEMOCC_MEMORY", "lots", 1);
    setenv("MEMOCC_VERBOSE", "10", 1);
    setenv("MEMOCC_STATS", "1", 1);
    memo__config_read(&c);
    CHECK(c.is_off && !c.is_refresh);
    CHECK_EQ(c.memory, MEMO__DEFAULT_MEMORY);
    CHECK_EQ(c.verbose, 0);
    CHECK_EQ(c.stats, MEMO__STATS_TABLE);
}

int main(void)
{
    test_rows();
    test_strings();
    test_texts();
    test_config();
    return check_result();
}
