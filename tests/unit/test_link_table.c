/* test_link_table.c - what the link step writes is found again, and nothing else is. */
#include <string.h>

#include "cache/link_table.h"
#include "check.h"

static const char table[] = "memocc-link 1\n"
                            "function 000102030405060708090a0b0c0d0eff f\n"
                            "function 100102030405060708090a0b0c0d0eff open open cpu\n"
                            "l libm.so.6\n"
                            "o util.o ffffffffffffffffffffffffffffffff\n"
                            "bad\n"
                            "u g version:2\n"
                            "function 200102030405060708090a0b0c0d0eff open\n"
                            "o last.o aa";

static bool find(unsigned char first, struct memo__link_entry *out)
{
    unsigned char code[16] = {first, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255};
    return memo__link_find(table, code, out);
}

static void test_finding(void)
{
    struct memo__link_entry e;
    struct memo__link_line l;
    const char *at;
    CHECK(find(0, &e) && e.len == 0 && !e.is_open && !e.has_cpu);
    at = e.lines;
    CHECK(!memo__link_next(&e, &at, &l));

    CHECK(find(0x10, &e) && e.is_open && e.has_cpu);
    at = e.lines;
    CHECK(memo__link_next(&e, &at, &l) && l.kind == 'l' && l.name_len == 9 && l.text_len == 0);
    CHECK(memo__link_next(&e, &at, &l) && l.kind == 'o' && l.text_len == 32);
    CHECK(memo__link_next(&e, &at, &l) && l.kind == 'u' && l.name_len == 1);
    CHECK_MEM(l.text, "version:2", l.text_len);
    CHECK(!memo__link_next(&e, &at, &l));

    CHECK(find(0x20, &e) && !e.is_open); /* a function may be called so */
    at = e.lines;
    CHECK(memo__link_next(&e, &at, &l) && l.text_len == 2);
    CHECK(!memo__link_next(&e, &at, &l));
    CHECK(!find(0x30, &e));
}

static void test_no_table(void)
{
    static const unsigned char code[16] = {0};
    struct memo__link_entry e;
    CHECK(!memo__link_find(NULL, code, &e));
    CHECK(!memo__link_find("", code, &e));
    CHECK(!memo__link_find("\177ELF", code, &e));
    CHECK(
        !memo__link_find("memocc-link 2\nfunction 00000000000000000000000000000000 f\n", code, &e));
    CHECK(!memo__link_find("memocc-link 1\nfunction 0000\nfunction\n", code, &e));
    CHECK(memo__link_find("memocc-link 1\nfunction 00000000000000000000000000000000", code, &e));
    CHECK(e.len == 0);
}

int main(void)
{
    test_finding();
    test_no_table();
    return check_result();
}
