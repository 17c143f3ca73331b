/* test_section.c - what an annotated unit tells the link step survives its text. */
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "check.h"
#include "section.h"

static const char two_units[] =
    "memocc-unit\t1\ta b\\tc.c\n"
    "toolchain\tgcc 1 -O2\n"
    "function\tf\tf\tmemo\t000102030405060708090a0b0c0d0eff\n"
    "at\ta b\\tc.c\t3\t8\n"
    "use\tg\n"
    "use\ttable\n"
    "global\tmode\n"
    "call\tg\topen\n"
    "via\tf\th\ta b\\tc.c\t5\t2\n"
    "via\th\tg\tx.h\t1\t30\n"
    "call\texp\tlisted\n"
    "via\tf\texp\ta b\\tc.c\t6\t9\n"
    "pointer\tfn\n"
    "via\tf\tfn\ta b\\tc.c\t7\t9\n"
    "function\tlong name\th.1\tplain\t00000000000000000000000000000000\n"
    "at\t\t0\t0\n"
    "version\t2\n"
    "pure\n"
    "trust\tk\n"
    "trust\tl\n"
    "program\n"
    "function\tx.c:main:1\tmain:1\tcheckpoint\t000102030405060708090a0b0c0d0e0f\n"
    "at\tx.c\t9\t1\n"
    "keep\tcount\n"
    "keep\tsum\n"
    "covers\tstate\n"
    "covers\trandom\n"
    "covers\tstream\n"
    "call\tstep\topen\n"
    "via\tmain\tstep\tx.c\t11\t5\n"
    "memocc-unit\t1\tz.c\n";

static void test_reading(void)
{
    struct arena a;
    arena_init(&a);
    const struct section_unit *u = section_read(&a, two_units, sizeof two_units);
    CHECK(u && u->next && !u->next->next);
    CHECK_STR(u->file, "a b\tc.c");
    CHECK_STR(u->toolchain, "gcc 1 -O2");
    CHECK(!u->next->toolchain);
    CHECK_STR(u->next->file, "z.c");
    CHECK(u->n_functions == 3 && u->next->n_functions == 0);
    const struct section_function *f = section_find(u, "f");
    CHECK(f && f->is_memo && f->unit == u && !f->is_pure && !f->version);
    CHECK(f->code[0] == 0 && f->code[1] == 1 && f->code[15] == 255);
    CHECK(f->n_uses == 2 && f->n_calls == 3 && f->n_globals == 1);
    CHECK_STR(f->globals[0], "mode");
    CHECK(!f->calls[0].is_listed && f->calls[1].is_listed && !f->calls[2].symbol);
    CHECK(f->calls[0].n_via == 2 && f->calls[0].via[1].at.column == 30);
    CHECK_STR(f->calls[2].name, "fn");
    const struct section_function *h = section_find(u, "h.1");
    CHECK(h && !h->is_memo && h->is_pure && h->uses_program);
    CHECK_STR(h->version, "2");
    CHECK(h->n_trusted == 2 && !h->trusted[2] && !f->trusted);
    CHECK_STR(h->trusted[1], "l");
    const struct section_function *loop = section_find(u, "main:1");
    CHECK(loop && loop->is_loop && !loop->is_memo && !f->is_loop && !f->covers);
    CHECK(loop->covers == (SECTION_COVERS_STATE | SECTION_COVERS_RANDOM | SECTION_COVERS_STREAM));
    CHECK(loop->n_kept == 2 && !loop->kept[2] && loop->n_calls == 1);
    CHECK_STR(loop->kept[1], "sum");
    CHECK(!section_find(u, "g"));
    arena_release(&a);
}

static void test_round_trip(void)
{
    struct arena a;
    struct strbuf out = STRBUF_INIT;
    arena_init(&a);
    for (const struct section_unit *u = section_read(&a, two_units, strlen(two_units)); u;
         u = u->next)
        section_write(&out, u);
    CHECK_STR(out.buf, two_units);
    strbuf_release(&out);
    arena_release(&a);
}

static void test_other_text(void)
{
    static const char *const texts[] = {"",
                                        "\n\n",
                                        "memocc-unit",
                                        "memocc-unit\t2\tx.c\nfunction\tf\tf\tmemo\t00\n",
                                        "function\tf\tf\tmemo\t00000000000000000000000000000000\n",
                                        "use\tg\nvia\ta\tb\n"};
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK(!section_read(&a, texts[i], strlen(texts[i])));
    /* A short digest: no function, and what follows isn't another one's. */
    const char *bad = "memocc-unit\t1\tx.c\nfunction\tf\tf\tmemo\t00\nuse\tg\nfuture\tword\n";
    const struct section_unit *u = section_read(&a, bad, strlen(bad));
    CHECK(u && u->n_functions == 0);
    arena_release(&a);
}

int main(void)
{
    test_reading();
    test_round_trip();
    test_other_text();
    return check_result();
}
