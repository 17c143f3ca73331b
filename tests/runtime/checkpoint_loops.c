/* checkpoint_loops.c - a loop that is killed goes on, or starts afresh and says why. */
#include <sys/resource.h>

#include "runtime/checkpoints.h"

#define DIR_ "ck"
#define WITH_DIR "MEMOCC_CHECKPOINT_DIR=" DIR_

/* ---- the program: sums squares; keeps its end if told so */

static long n, first;
static const struct memo_part inputs[] = {CK_INPUT("n", "i8", n)};
static const struct memo_part skipped[] = {
    {"n", "i8", NULL, sizeof n, MEMO_KEY | MEMO_CK_SKIPPED, 0, 0}};
static const struct memo_ck_piece pieces[] = {CK_VARIABLE("i", long), CK_VARIABLE("sum", long)};
CK_SITE(site, "test.c:f:1", inputs, 1, pieces, 2);

static long hidden;
static int n_sets;
static memo_abi_size get_hidden(void *buf, memo_abi_size capacity)
{
    if (capacity >= sizeof hidden)
        memcpy(buf, &hidden, sizeof hidden);
    return sizeof hidden;
}
static void set_hidden(const void *buf, memo_abi_size len)
{
    CHECK_EQ(len, sizeof hidden);
    memcpy(&hidden, buf, sizeof hidden);
    n_sets++;
}

static long loop(long die, long stop)
{
    memo_abi_u64 ci = 0;
    long i = -1, sum = -1, started = 0;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&n, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&sum, 0, 1}};

    if (memo_ck_enter(&ck, &site, in))
        goto restore;
    if (0) {
    fresh:
        memo_ck_undo(&ck, spans);
        ci = 0;
    }
    i = 0, sum = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_final == MEMO_CK_FRESH)
        goto fresh;
    if (ck.m_restored)
        ci = ck.m_at;
    first = i;
    if (ck.m_final == MEMO_CK_END)
        goto end;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= n) {
            if (memo_ck_ended(&ck))
                break;
            CHECK_EQ(started, 0);
            goto fresh;
        }
        die_if(i == die);
        if (i == stop)
            break;
        nap_ms(setting("T_NAP", 0));
        started++;
        sum += i * i;
        hidden += i;
        if (i == setting("T_NOW", -1))
            memo_ck_now(&ck);
        if (i == setting("T_EXIT", -1))
            exit(7);
    }
    memo_ck_final(&ck, spans, NULL);
end:
    return sum;
}

static int child(void)
{
    long sum;

    n = setting("T_N", 10);
    site.m_unit = (char)setting("T_UNIT", 'i');
    site.m_every = setting("T_EVERY", 1);
    site.m_flags = (unsigned)setting("T_FLAGS", 0);
    site.m_expires_ns = setting("T_EXPIRES", 0);
    site_code.m_code[0] = (unsigned char)setting("T_CODE", 1);
    site_code.m_components = setting("T_CODE", 1) == 1
                                 ? "f f 1111111111111111\nf g 2222222222222222\n"
                                 : "f f 1111111111111111\nf g 3333333333333333\n";
    if (setting("T_SKIP", 0))
        site.m_inputs = skipped;
    if (setting("T_STATE", 0)) {
        site.m_get = get_hidden;
        site.m_set = set_hidden;
    }
    sum = loop(setting("T_DIE", -1), setting("T_STOP", -1));
    printf("sum %ld\n", sum);
    fprintf(stderr, "first %ld, sum %ld, hidden %ld, set %d\n", first, sum, hidden, n_sets);
    if (setting("T_TWICE", 0)) {
        sum = loop(setting("T_DIE2", -1), -1);
        fprintf(stderr, "second sum %ld from %ld\n", sum, first);
    }
    return failures > 0;
}

#define RUN(...) run_self("loop", "err", WITH_DIR, __VA_ARGS__, NULL)

static void clean(void)
{
    CHECK_EQ(system("rm -rf " DIR_), 0);
}

/* ---- */

static void goes_on(void)
{
    clean();
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK_HAS(text_of("err"), "first 0, sum 285");
    CHECK(!strstr(text_of("err"), "memocc:"));
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);

    CHECK_EQ(RUN("T_N=10", "T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK_HAS(text_of("err"), "sum 285");
    CHECK_HAS(text_of("err"), "memocc: test.c:40: loop 'test.c:f:1' goes on at iteration ");
    CHECK_HAS(text_of("err"), " s ago)");
    CHECK(!strstr(text_of("err"), "first 0,"));
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);

    /* Twice in a row; the older state isn't newer than the newer one. */
    CHECK_EQ(RUN("T_N=10", "T_DIE=4"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=10", "T_DIE=8"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=10", "T_DIE=8"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK_HAS(text_of("err"), "sum 285");

    /* Multiples of 4, none at once behind a restore. The last one may be dropped at the end. */
    CHECK_EQ(RUN("T_N=24", "T_DIE=10", "T_EVERY=4"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=24", "T_DIE=11", "T_EVERY=4", "MEMOCC_STATS=1"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=24", "T_EVERY=4", "MEMOCC_STATS=s.json"), 0);
    CHECK_HAS(text_of("err"), "sum 4324");
    CHECK(strstr(text_of("err"), "first 8,") || strstr(text_of("err"), "first 4,"));
    CHECK_HAS(text_of("s.json"), "\"checkpoints\":[{\"name\":\"test.c:f:1\",\"entered\":1,"
                                 "\"restored\":1,\"iteration\":");
    CHECK(counter_in("s.json", "test.c:f:1", "saves") >= 3);
    CHECK_EQ(counter_in("s.json", "test.c:f:1", "failed"), 0);
    CHECK_EQ(RUN("T_N=20", "MEMOCC_STATS=1"), 0);
    CHECK_HAS(text_of("err"), "checkpointed loop");
}

static void is_switched_off(void)
{
    clean();
    CHECK_EQ(RUN("T_DIE=7", "MEMOCC_CHECKPOINT=off"), 1000 + SIGKILL);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN("MEMOCC_CHECKPOINT=off"), 0);
    CHECK_HAS(text_of("err"), "first 0,");
    CHECK(!strstr(text_of("err"), "memocc:"));
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK_EQ(RUN("T_DIE=3", "MEMOCC_CHECKPOINT=fresh"), 1000 + SIGKILL);
    CHECK(!strstr(text_of("err"), "goes on"));
    CHECK_EQ(RUN("MEMOCC_CHECKPOINT=sometimes", "MEMOCC_VERBOSE=0"), 0);
    CHECK_HAS(text_of("err"), "'sometimes' is not understood");
    CHECK(!strstr(text_of("err"), "goes on"));
    CHECK(strstr(text_of("err"), "first 1,") || strstr(text_of("err"), "first 2,") ||
          strstr(text_of("err"), "first 3,"));
}

static void refuses(void)
{
    clean();
    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=20"), 0);
    CHECK_HAS(text_of("err"), "loop 'test.c:f:1' starts afresh: input 'n' was 10 and is 20");
    CHECK_HAS(text_of("err"), "first 0, sum 2470");

    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_CODE=2"), 0);
    CHECK_HAS(text_of("err"), "starts afresh: its code has changed: function 'g'");
    CHECK_HAS(text_of("err"), "first 0,");

    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    nap_ms(20);
    CHECK_EQ(RUN("T_EXPIRES=10000000"), 0);
    CHECK_HAS(text_of("err"), "starts afresh: the saved state has expired");
    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_EXPIRES=10000000000000"), 0);
    CHECK_HAS(text_of("err"), "goes on at");

    /* A state that was refused doesn't come back behind one that is damaged. */
    CHECK_EQ(RUN("T_N=30", "T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=20", "T_DIE=1"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_N=30"), 0);
    CHECK_HAS(text_of("err"), "sum 8555");
}

static void damage(const char *which)
{
    char command[512];

    snprintf(command, sizeof command,
             "f=$(ls -t " DIR_ "/*.ckpt | %s); printf x | dd of=\"$f\" bs=1 seek=200 conv=notrunc "
             "2>/dev/null",
             which);
    CHECK_EQ(system(command), 0);
}

static void survives_damage(void)
{
    clean();
    CHECK_EQ(RUN("T_DIE=7", "T_NAP=12"), 1000 + SIGKILL); /* dates of files tell them apart */
    damage("head -1");
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK_HAS(text_of("err"), "warning: test.c:40: loop 'test.c:f:1': a saved state is damaged");
    CHECK_HAS(text_of("err"), "goes on at");
    CHECK_HAS(text_of("err"), "sum 285");

    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    damage("head -1");
    damage("tail -1");
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK_HAS(text_of("err"), "starts afresh: no whole state is left");
    CHECK_HAS(text_of("err"), "first 0, sum 285");
}

#define KEEP "T_FLAGS=2"
#define KEEP_CONDITION "T_FLAGS=18"
static void keeps(void)
{
    clean();
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=11", "T_STATE=1"), 0);
    CHECK_HAS(text_of("err"), "first 0, sum 385, hidden 55, set 0");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=16", "T_STATE=1"), 0);
    CHECK_HAS(text_of("err"), "goes on at iteration 11");
    CHECK_HAS(text_of("err"), "first 11, sum 1240, hidden 120, set 1");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=16", "T_STATE=1"), 0); /* the same run again */
    CHECK_HAS(text_of("err"), "first 16, sum 1240, hidden 120, set 1");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=5", "T_STATE=1"), 0); /* less: everything is undone */
    CHECK_HAS(text_of("err"), "starts afresh: its condition doesn't hold");
    CHECK_HAS(text_of("err"), "first 0, sum 30, hidden 10, set 2");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=6", "T_STATE=1"), 0);
    CHECK_HAS(text_of("err"), "first 5, sum 55, hidden 15, set 1");

    /* It ended by `break`: good for the same run only. */
    clean();
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=11", "T_STOP=4"), 0);
    CHECK_HAS(text_of("err"), "first 0, sum 14");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=11", "T_STOP=4"), 0);
    CHECK_HAS(text_of("err"), "is at its end, after iteration 4");
    CHECK_HAS(text_of("err"), "first 4, sum 14");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=12", "T_STOP=4"), 0);
    CHECK_HAS(text_of("err"), "starts afresh: it had ended, and input 'n' was 11 and is 12");
    CHECK_HAS(text_of("err"), "first 0, sum 14");

    clean();
    CHECK_EQ(RUN(KEEP_CONDITION, "T_SKIP=1", "T_N=11"), 0);
    CHECK_EQ(RUN(KEEP_CONDITION, "T_SKIP=1", "T_N=11"), 0);
    CHECK_HAS(text_of("err"), "is at its end");
    CHECK_EQ(RUN(KEEP_CONDITION, "T_SKIP=1", "T_N=16"), 0);
    CHECK_HAS(text_of("err"), "first 0, sum 1240");

    /* A matched input that differs, and a kill behind the state that was kept. */
    clean();
    CHECK_EQ(RUN(KEEP, "T_N=11"), 0);
    CHECK_EQ(RUN(KEEP, "T_N=16"), 0);
    CHECK_HAS(text_of("err"), "input 'n' was 11 and is 16");
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=16"), 0);
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=26", "T_DIE=20"), 1000 + SIGKILL);
    CHECK_EQ(RUN(KEEP, "T_SKIP=1", "T_N=26"), 0);
    CHECK_HAS(text_of("err"), "sum 5525");
}

static void counts_entries(void)
{
    clean();
    CHECK_EQ(RUN("T_TWICE=1", "T_DIE2=6"), 1000 + SIGKILL);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK_EQ(RUN("T_TWICE=1"), 0);
    CHECK_HAS(text_of("err"), "first 0, sum 285"); /* the first entry was finished */
    CHECK_HAS(text_of("err"), "goes on at");
    CHECK(!strstr(text_of("err"), "from 0"));
    CHECK_HAS(text_of("err"), "second sum 285");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
}

static void saves_when_asked(void)
{
    clean();
    CHECK_EQ(RUN("T_EVERY=1000000", "T_NOW=3", "T_EXIT=5"), 7); /* exit waits for the write */
    CHECK_EQ(files_in(DIR_, ".ckpt"), 1);
    CHECK_EQ(RUN("T_EVERY=1000000"), 0);
    CHECK_HAS(text_of("err"), "goes on at iteration 4,");
    CHECK_HAS(text_of("err"), "first 4, sum 285");
}

static void no_directory_is_no_error(void)
{
    CHECK_EQ(run_self("loop", "err", "MEMOCC_CHECKPOINT_DIR=/dev/null/x", "T_N=10", NULL), 0);
    CHECK_HAS(text_of("err"), "first 0, sum 285");
    CHECK_HAS(text_of("err"), "memocc: warning: test.c:40: loop 'test.c:f:1' isn't saved: ");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "loop") == 0 ? child() : 99;
    goes_on();
    is_switched_off();
    refuses();
    survives_damage();
    keeps();
    counts_entries();
    saves_when_asked();
    no_directory_is_no_error();
    return failures > 0;
}
