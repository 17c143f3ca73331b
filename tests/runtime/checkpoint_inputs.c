/* checkpoint_inputs.c - what is matched: by value, without padding, by name in the line that says
 * what differs. */
#include "runtime/checkpoints.h"

#define DIR_ "ck"
#define RUN(...) run_self("loop", "err", "MEMOCC_CHECKPOINT_DIR=" DIR_, __VA_ARGS__, NULL)

struct pair {
    char c; /* padding behind it */
    double d;
};
static const struct memo_run pair_runs[] = {{0, 1, 1, 1, NULL, 0xff}, {8, 8, 1, 8, NULL, 0xff}};
static const struct memo_type pair_type = {sizeof(struct pair), pair_runs, 2};

static const struct memo_part inputs[] = {
    {"pair", "{c:i1@0,d:f8@8}16", &pair_type, sizeof(struct pair), MEMO_KEY, 0, 0},
    {"table[:n]", "f8", NULL, sizeof(double), MEMO_KEY | MEMO_SECTION, 0, 0},
    {"name", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING, 0, 0},
    {"grid[:rows][:4]", "i4", NULL, sizeof(int), MEMO_KEY | MEMO_SECTION | MEMO_ROWS, 0, 0},
    {"", "b", NULL, 1, MEMO_MORE, 0, 0},
    {"log", "b", NULL, 1, MEMO_KEY | MEMO_CK_NULLNESS, 0, 0},
    {"compare", "b", NULL, 1, MEMO_KEY | MEMO_CODE, 0, 0},
};
static const struct memo_ck_piece pieces[] = {CK_VARIABLE("i", long)};
CK_SITE(site, "test.c:f:1", inputs, 7, pieces, 1);

static int one(void)
{
    return 1;
}
static int two(void)
{
    return 2;
}

static int child(void)
{
    static double table[100];
    static int grid[5][8]; /* 4 of 8 columns count */
    struct pair pair;
    char name[] = "abc";
    memo_abi_u64 ci = 0;
    long i = -1, die = setting("T_DIE", -1);
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_ck_span spans[1] = {{&i, 0, 1}};
    struct memo_span in[7] = {{&pair, 1},
                              {table, (size_t)setting("T_N", 100)},
                              {name, 0},
                              {grid, 4},
                              {(void *)(8 * sizeof(int)), 5},
                              {NULL, 1},
                              {setting("T_TWO", 0) ? (void *)two : (void *)one, 1}};

    memset(&pair, (int)setting("T_PADDING", 0), sizeof pair);
    pair.c = 1;
    pair.d = (double)setting("T_D", 1) / 2;
    table[50] = (double)setting("T_TABLE", 0);
    name[1] = (char)setting("T_NAME", 'b');
    grid[3][setting("T_COLUMN", 5)] = 7;
    if (setting("T_LOG", 0))
        in[5].m_data = stderr;
    if (memo_ck_enter(&ck, &site, in))
        goto restore;
    i = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= 10)
            break;
        die_if(i == die);
    }
    fprintf(stderr, "done\n");
    return failures > 0;
}

static void differs(const char *what, const char *line)
{
    CHECK_EQ(RUN("T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN((char *)(uintptr_t)what), 0);
    CHECK_HAS(text_of("err"), line);
    CHECK_HAS(text_of("err"), "done");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "loop") == 0 ? child() : 99;
    differs("T_PADDING=85", "goes on at");
    differs("T_COLUMN=6", "goes on at"); /* between the rows */
    differs("T_D=3", "starts afresh: input 'pair' was {.c = 1, .d = 0.5} and is {.c = 1, .d = 1.5} "
                     "(name it in 'skip' if it doesn't matter)");
    differs("T_TABLE=1", "starts afresh: input 'table[:n]' differs (name it in");
    differs("T_N=99", "starts afresh: input 'table[:n]' differs");
    differs("T_NAME=88", "starts afresh: input 'name' was \"abc\" and is \"aXc\"");
    differs("T_COLUMN=2", "starts afresh: input 'grid[:rows][:4]' differs");
    differs("T_LOG=1", "starts afresh: input 'log' was NULL and isn't");
    differs("T_TWO=1", "starts afresh: input 'compare' ");
    CHECK_EQ(RUN("T_N=-1"), 0); /* MEMO_BAD */
    CHECK_HAS(text_of("err"), "isn't saved: the bounds of 'table[:n]' are negative or overflow");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
    return failures > 0;
}
