/* test_checkpoint_identity.c - what tells one entry into a loop from another. */
#include "checkpoint/identity.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "unit/check.h"

static struct memo__ck_identity identify(const char *name, bool is_named, uint64_t ordinal)
{
    struct memo__ck_identity out;
    memset(&out, 0, sizeof out);
    CHECK_EQ(memo__ck_identify(name, is_named, ordinal, NULL, 0, &out), 0);
    return out;
}

static bool same(const struct memo__ck_identity *a, const struct memo__ck_identity *b)
{
    CHECK_EQ(!memcmp(a->digest, b->digest, sizeof a->digest), !strcmp(a->id, b->id));
    return !strcmp(a->id, b->id);
}

static void what_counts(void)
{
    static const struct memo__ck_process all = {"/bin/p", "/tmp",
                                                "p\0-n\0"
                                                "5",
                                                7};
    static const struct {
        struct memo__ck_process process;
        bool counts, counts_if_named;
    } others[] = {
        {{"/bin/p", "/tmp",
          "p\0-n\0"
          "5",
          7},
         false,
         false},
        {{"/bin/p", "/tmp",
          "/bin/p\0-n\0"
          "5",
          12},
         false,
         false}, /* found by another name */
        {{"/bin/q", "/tmp",
          "p\0-n\0"
          "5",
          7},
         true,
         true},
        {{"/bin/p", "/tmp/",
          "p\0-n\0"
          "5",
          7},
         true,
         true},
        {{"/bin/p", "/tmp",
          "p\0-n\0"
          "6",
          7},
         true,
         false},
        {{"/bin/p", "/tmp",
          "p\0-n"
          "5",
          6},
         true,
         false},
        {{"/bin/p", "/tmp",
          "p\0-n\0"
          "5\0",
          8},
         true,
         false},
        {{"/bin/p", "/tmp", "", 0}, true, false},
    };
    memo__ck_pretend(&all);
    struct memo__ck_identity plain = identify("loop", false, 3), named = identify("loop", true, 3);
    struct memo__ck_identity other = identify("loop", false, 4), name = identify("loop2", false, 3);
    CHECK(!same(&plain, &named));
    CHECK(!same(&plain, &other));
    CHECK(!same(&plain, &name));
    CHECK_EQ(strlen(plain.id), 34);
    CHECK_EQ(strspn(plain.id, "0123456789abcdef"), 32);
    CHECK_STR(plain.id + 32, ".3");
    CHECK(!strncmp(plain.id, other.id, 33)); /* one lock for all entries */
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        memo__ck_pretend(&others[i].process);
        struct memo__ck_identity a = identify("loop", false, 3), b = identify("loop", true, 3);
        CHECK_EQ(!same(&a, &plain), others[i].counts);
        CHECK_EQ(!same(&b, &named), others[i].counts_if_named);
    }
}

static void loops_inside(void)
{
    struct memo__ck_identity outer = identify("outer", false, 0), second = outer, a, b;
    second.digest[0] ^= 1;
    CHECK_EQ(memo__ck_identify("in", false, 0, &outer, 0x12, &a), 0);
    CHECK(!strncmp(a.id, outer.id, strlen(outer.id)));
    CHECK(!strncmp(a.id + strlen(outer.id), "-12.", 4));
    CHECK_EQ(strlen(a.id), strlen(outer.id) + 4 + 16);
    CHECK_EQ(memo__ck_identify("in", false, 0, &outer, 0x12, &b), 0);
    CHECK(same(&a, &b));
    CHECK_EQ(memo__ck_identify("in", false, 0, &outer, 0x13, &b), 0);
    CHECK(!same(&a, &b));
    CHECK_EQ(memo__ck_identify("in", false, 1, &outer, 0x12, &b), 0);
    CHECK(!same(&a, &b));
    CHECK_EQ(memo__ck_identify("in2", false, 0, &outer, 0x12, &b), 0);
    CHECK(!same(&a, &b));
    CHECK_EQ(memo__ck_identify("in", false, 0, &second, 0x12, &b), 0);
    CHECK(!same(&a, &b));

    unsigned depth = 1; /* the same struct for both is allowed */
    while (!memo__ck_identify("in", false, 0, &a, 1000, &a))
        depth++;
    CHECK(depth >= 8);
    CHECK(strlen(a.id) < MEMO__CK_ID); /* untouched */
    CHECK_EQ(memo__ck_identify("in", false, 0, &a, 1000, &b), MEMO_EFULL);
}

/* As it was before main, whatever main did since. */
static void this_process(int argc, char **argv)
{
    char here[4096], *real = realpath("/proc/self/exe", NULL);
    memo__ck_pretend(NULL);
    CHECK(getcwd(here, sizeof here));
    CHECK_EQ(chdir("/"), 0);
    char *first = argv[1];
    argv[1] = NULL;
    const struct memo__ck_process *p = memo__ck_process();
    argv[1] = first;
    CHECK_STR(p->directory, here);
    if (real)
        CHECK_STR(p->program, real);
    size_t at = 0;
    for (int i = 0; i < argc; i++) {
        CHECK_STR(p->arguments + at, argv[i]);
        at += strlen(argv[i]) + 1;
    }
    CHECK_EQ(p->arguments_len, at);
    free(real);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        char *const again[] = {argv[0], (char[]){"--some"}, (char[]){""}, (char[]){"a b"}, NULL};
        execv("/proc/self/exe", again);
        perror("/proc/self/exe");
        return 1;
    }
    what_counts();
    loops_inside();
    this_process(argc, argv);
    return check_result();
}
