/* fuzz_arguments.c - any bytes as the keys of two calls that were stored: shown, and
 * held against each other, as MEMOCC=explain does with what a store says.
 *
 * The first byte says how many of the bytes were kept of a longer key, the others
 * are two keys, split at the middle. */
#include <stdlib.h>
#include <string.h>

#include "cache/difference.h"
#include "cache/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct memo_run point_runs[] = {{0, 4, 1, 4, NULL, 0xff}, {8, 8, 3, 8, NULL, 0xff}};
static const struct memo_type point = {40, point_runs, 2};

static const struct memo_part parts[] = {
    {"", "a:i4,b:f8,c:u1,d:f10,e:c8", NULL, 40, MEMO_KEY, 0, 0},
    {"p[:n]", "f8", NULL, 8, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"name", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING, 0, 0},
    {"*s", "{x:i4@0,y:f8*3@8,z:u4@32.5+3}40", &point, 40, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"q[:n][:m]", "i2", NULL, 2, MEMO_KEY | MEMO_SECTION | MEMO_ROWS, 0, 0},
    {"", NULL, NULL, 0, MEMO_MORE, 0, 0},
    {"file(path)", "b", NULL, 1, MEMO_KEY | MEMO_FILE, 0, 0},
    {"env(HOME)", "s", NULL, 1, MEMO_KEY | MEMO_ENV, 0, 0},
    {"code(f)", NULL, NULL, 8, MEMO_KEY | MEMO_CODE, 0, 0},
    {"t[:n]", "i1", NULL, 1, MEMO_KEY | MEMO_RESULT | MEMO_SECTION, 0, 0},
    {"out[:n]", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION, 0, 0},
    {"result", "b16", NULL, 16, MEMO_RESULT, 0, 0},
};
static struct memo_site site = {.m_abi = MEMO_ABI,
                                .m_flags = MEMO_SITE_FP | MEMO_SITE_ERRNO_READ,
                                .m_name = "f",
                                .m_unit = "x.c",
                                .m_signature = "s",
                                .m_toolchain = "t",
                                .m_parts = parts,
                                .m_n_parts = sizeof parts / sizeof parts[0]};

static volatile uint64_t sink;

static void show(const struct memo__kept *k)
{
    struct memo__line line = MEMO__LINE_INIT;

    memo__show_args(&line, &site, k->bytes, k->len, k->total);
    if (line.len >= sizeof line.text || strlen(line.text) != line.len)
        abort();
    sink += line.len;
}

/* In memory of its own, so that a sanitizer sees its end. */
static unsigned char *keep(struct memo__kept *k, const uint8_t *data, size_t len, unsigned more)
{
    unsigned char *copy = malloc(len ? len : 1);

    if (copy)
        memcpy(copy, data, len);
    *k = (struct memo__kept){copy, len, len + more};
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memo__kept a, b;

    if (size < 1 || size > 4000)
        return 0;
    unsigned more = data[0] < 128 ? 0 : data[0];
    unsigned char *x = keep(&a, data + 1, (size - 1) / 2, more);
    unsigned char *y = keep(&b, data + 1 + (size - 1) / 2, size - 1 - (size - 1) / 2, 0);
    if (x && y) {
        show(&a);
        show(&b);
        sink += memo__distance(&site, &a, &b);
        if (memo__distance(&site, &a, &a) != 0)
            abort();
    }
    free(x);
    free(y);
    return 0;
}
