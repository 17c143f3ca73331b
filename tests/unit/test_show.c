/* test_show.c - keys and results as text, and where two results differ. */
#include "cache/show.h"

#include <complex.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "key/key.h"

#define MAX_PARTS 8
struct call {
    struct memo_part parts[MAX_PARTS];
    struct memo_span spans[MAX_PARTS];
    unsigned n, flags;
};

static void part(struct call *c, const char *name, const char *kind, unsigned role, size_t size,
                 const void *data, size_t count)
{
    struct memo_part p = {name, kind, NULL, size, role, 0, 0};

    c->parts[c->n] = p;
    c->spans[c->n].m_data = (void *)(uintptr_t)data;
    c->spans[c->n++].m_count = count;
}

static const char *args_of(const struct call *c, const void *extra, size_t extra_len)
{
    static const unsigned char identity[16];
    static struct memo__line line;
    struct memo_site site = {.m_parts = c->parts, .m_n_parts = c->n, .m_flags = c->flags};
    struct memo__key key;

    memset(&line, 0, sizeof line);
    if (memo__key_build(&site, c->spans, identity, extra, extra_len, NULL, NULL, &key) !=
        MEMO__KEY_OK)
        return "no key";
    memo__show_args(&line, &site, key.bytes, key.len, key.total);
    return line.text;
}

static const unsigned in = MEMO_KEY | MEMO_SECTION;

static void packed_parameters_have_their_names(void)
{
    unsigned char packed[64];
    int n = -3;
    double x = 0.1;
    long double e = 1.5L;
    float complex c = 2 - 0.25f * I;
    struct {
        short a, b;
    } s = {1, 2};
    struct call call = {.n = 0};

    memcpy(packed, &n, 4);
    memcpy(packed + 4, &x, 8);
    memcpy(packed + 12, &e, 10);
    memcpy(packed + 22, &c, 8);
    memcpy(packed + 30, &s, 4);
    part(&call, "", "n:i4,x:f8,e:f10,c:c8,s:{a:i2@0,b:i2@2}4", MEMO_KEY, 1, packed, 34);
    CHECK_STR(args_of(&call, NULL, 0),
              "n = -3, x = 0.1, e = 1.5, c = 2 + -0.25 i, s = {.a = 1, .b = 2}");
}

static void sections_show_their_elements(void)
{
    static const double many[100] = {1};
    int three[3] = {1, 2, 3}, rows[2][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    struct call call = {.n = 0};

    part(&call, "", "", MEMO_KEY, 1, NULL, 0);
    part(&call, "p[:n]", "i4", in, 4, three, 3);
    part(&call, "q[:n]", "f8", in, 8, NULL, 0);
    part(&call, "s", "s", in | MEMO_STRING, 1, "a\n\"b", 0);
    part(&call, "r[0:2][0:2]", "i4", in | MEMO_ROWS, 4, rows, 2);
    part(&call, "r[0:2][0:2]", "b", MEMO_MORE, 1, (void *)sizeof rows[0], 2);
    part(&call, "many[:100]", "f8", in, 8, many, 10);
    part(&call, "out[:1]", "f8", MEMO_RESULT | MEMO_SECTION, 8, &call, 1);
    CHECK_STR(args_of(&call, NULL, 0),
              "p[:n] = {1, 2, 3}, q[:n] = NULL, s = \"a\\n\\\"b\", "
              "r[0:2][0:2] = {1, 2, 5, 6}, many[:100] = {1, 0, 0, 0, 0, 0, "
              "0, 0, ... 10 in all}");
    call.spans[6].m_count = 100;
    CHECK(strstr(args_of(&call, NULL, 0), "many[:100] = {100 elements, hash ") != NULL);
}

static void what_was_not_kept_is_marked(void)
{
    static const unsigned char bytes[200] = {0xab};
    struct call call = {.n = 0};
    const char *text;

    part(&call, "a[:200]", "b", in, 1, bytes, 200);
    part(&call, "b[:200]", "b", in, 1, bytes, 200);
    part(&call, "c[:200]", "b", in, 1, bytes, 200);
    text = args_of(&call, NULL, 0);
    CHECK(strstr(text, "a[:200] = 0xab00") != NULL);
    CHECK(strstr(text, "b[:200] = 0xab00") != NULL);
    CHECK(strstr(text, "c[:200]") == NULL);
    CHECK(strcmp(text + strlen(text) - 3, "...") == 0);
}

static void modes_of_the_thread_come_last(void)
{
    int n = 7;
    const unsigned char state[] = {MEMO__STATE_FP, 0, 0x60, 0, 0, MEMO__STATE_ERRNO, 34, 0, 0, 0};
    struct call call = {.n = 0, .flags = MEMO_SITE_ERRNO_READ | MEMO_SITE_FP};

    part(&call, "n:i4", "n:i4", MEMO_KEY, 1, &n, 4);
    CHECK_STR(args_of(&call, state + 5, 5), "n = 7, errno = 34");
    CHECK_STR(args_of(&call, state, 10), "n = 7, floating-point modes = 0x00600000, errno = 34");
}

struct point {
    char tag;
    double x, y;
};
#define POINT "{tag:i1@0,x:f8@8,y:f8@16}24"

static void elements_with_padding_are_unpacked(void)
{
    static const struct memo_run runs[] = {{0, 1, 1, 0, NULL, 0xff}, {8, 16, 1, 0, NULL, 0xff}};
    static const struct memo_type type = {24, runs, 2};
    struct point p[2];
    struct call call = {.n = 0};

    memset(p, 0x55, sizeof p);
    p[0].tag = 1, p[0].x = 2, p[0].y = 3;
    p[1].tag = 4, p[1].x = 5, p[1].y = 6;
    part(&call, "p[:2]", POINT, in, sizeof p[0], p, 2);
    call.parts[0].m_type = &type;
    CHECK_STR(args_of(&call, NULL, 0),
              "p[:2] = {{.tag = 1, .x = 2, .y = 3}, {.tag = 4, .x = 5, .y = 6}}");
}

static void values_that_look_like_text(void)
{
    struct memo__line line = MEMO__LINE_INIT;
    static const char name[8] = "abc";

    memo__show_value(&line, "i1", name, 1, sizeof name);
    CHECK_STR(line.text, "\"abc\"");
}

static void a_line_that_is_full_says_so(void)
{
    struct memo__line line = MEMO__LINE_INIT;
    unsigned i;

    for (i = 0; i < MEMO__LINE; i++)
        memo__line_add(&line, "%u", i);
    CHECK_EQ(line.len, MEMO__LINE - 1);
    CHECK_STR(line.text + line.len - 3, "...");
}

/* ---- differences ---- */

static const char *difference(const char *kind, const void *a, const void *b, size_t count,
                              size_t size)
{
    static char text[400];
    struct memo__line old = MEMO__LINE_INIT, new = MEMO__LINE_INIT;
    struct memo__leaf leaf;

    if (!memo__kind_differs(kind, a, b, count, size, &leaf))
        return "none";
    memo__show_leaf(&old, &leaf, a);
    memo__show_leaf(&new, &leaf, b);
    snprintf(text, sizeof text, "%s@%zu: %.100s, %.100s", leaf.path, leaf.offset, old.text,
             new.text);
    return text;
}

static void the_first_difference_is_found(void)
{
    struct point a[3], b[3];
    int x[4] = {1, 2, 3, 4}, y[4] = {1, 2, 7, 8};
    double zero = 0.0, minus = -0.0;

    CHECK_STR(difference("i4", x, y, 4, 4), "[2]@8: 3, 7");
    CHECK_STR(difference("i4", x, y, 2, 8), "[1][0]@8: 3, 7");
    CHECK_STR(difference("f8", &zero, &minus, 1, 8), "@0: 0, -0");
    CHECK_STR(difference("b", x, y, 16, 1), "[8]@8: 0x03, 0x07");
    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    b[2].y = 1.5;
    CHECK_STR(difference(POINT, a, b, 3, sizeof a[0]), "[2].y@64: 0, 1.5");
}

static void padding_is_no_difference(void)
{
    struct point a, b;
    long double e[2] = {1, 2}, f[2];
    unsigned char bits_a = 0xf0, bits_b = 0x08;

    memset(&a, 0, sizeof a);
    memset(&b, 0xff, sizeof b);
    b.tag = a.tag;
    b.x = a.x;
    b.y = a.y;
    CHECK_STR(difference(POINT, &a, &b, 1, sizeof a), "none");
    memset(f, 0xff, sizeof f);
    memcpy(&f[0], &e[0], 10);
    memcpy(&f[1], &e[1], 10);
    if (sizeof(long double) == 16) {
        CHECK_STR(difference("f10", e, f, 2, sizeof e[0]), "none");
        CHECK_STR(difference("c20", e, f, 1, sizeof e), "none");
    }
    CHECK_STR(difference("{a:u3@0.0+3}1", &bits_a, &bits_b, 1, 1), "none");
    CHECK_STR(difference("{a:i4@0.1+3}1", &bits_a, &bits_b, 1, 1), ".a@0: 0, -4");
}

int main(void)
{
    packed_parameters_have_their_names();
    sections_show_their_elements();
    what_was_not_kept_is_marked();
    modes_of_the_thread_come_last();
    elements_with_padding_are_unpacked();
    values_that_look_like_text();
    a_line_that_is_full_says_so();
    the_first_difference_is_found();
    padding_is_no_difference();
    return check_result();
}
