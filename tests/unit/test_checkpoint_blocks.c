/* test_checkpoint_blocks.c - blocks that the loop allocates, and gives back. */
#include "unit/image_help.h"

/* ---- arrays that grow */

static const struct memo_ck_piece growing_pieces[] = {
    POINTER("p", MEMO_CK_CHANGED),
    PART("p[:count]", MEMO_CK_SECTION, 0, long),
    PART("p[:capacity]", MEMO_CK_ALLOC, 0, long),
    POINTER("last", MEMO_CK_CHANGED),
    POINTER("alias", 0),
};

/* alias: an unchanged pointer into the first block, which moves along. */
static void grows(size_t first, size_t count, size_t capacity, bool is_undone)
{
    static const struct memo_ck_site site = SITE(growing_pieces);
    struct saved state = {0};
    long *at_kill = NULL;
    for (int run = 0; run < 2; run++) {
        long *p = first ? malloc(first * sizeof *p) : NULL, *alias = p ? p + 1 : NULL, *last = NULL;
        for (size_t k = 0; k < first; k++)
            p[k] = 7;
        struct memo_ck_span spans[] = {SPAN(&p), SPAN(p), SPAN(p), SPAN(&last), SPAN(&alias)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            p = realloc(p, capacity * sizeof *p);
            for (size_t k = 0; k < count; k++)
                p[k] = (long)k * 3;
            last = p + count;
            spans[1] = SPAN(p, COUNT(count));
            spans[2] = SPAN(p, COUNT(capacity));
            CHECK_STR(save(image, spans, &state), "");
            at_kill = p; /* the block stays: the rerun's has another address */
        } else {
            long *before = p;
            CHECK_STR(restore(image, spans, &state, is_undone), "");
            CHECK(p != at_kill);
            for (size_t k = 0; k < count; k++)
                CHECK_EQ(p[k], (long)k * 3);
            for (size_t k = count; k < capacity; k++)
                p[k] = 1; /* there is so much room */
            CHECK(last == p + count);
            CHECK(alias == (first ? p + 1 : NULL));
            if (is_undone) {
                memo__ck_image_undo(image);
                CHECK(p == before && !last && alias == (first ? p + 1 : NULL));
                for (size_t k = 0; k < first; k++)
                    CHECK_EQ(p[k], k < count || before != p ? 7 : p[k]);
            } else { /* and again */
                struct saved again;
                spans[1] = SPAN(p, COUNT(count));
                spans[2] = SPAN(p, COUNT(capacity));
                CHECK_STR(save(image, spans, &again), "");
                CHECK_EQ(again.blobs[2].meta[4], state.blobs[2].meta[4]);
                saved_release(&again);
            }
        }
        memo__ck_image_free(image);
        if (run)
            free(p);
    }
    free(at_kill);
    saved_release(&state);
}

/* The loop gave its block back: the rerun's goes, too (LeakSanitizer sees to it). */
static void becomes_null(void)
{
    static const struct memo_ck_site site = SITE(growing_pieces);
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        long *p = malloc(80), *last = NULL, *alias = NULL;
        p[0] = 1;
        struct memo_ck_span spans[] = {SPAN(&p), SPAN(p), SPAN(p), SPAN(&last), SPAN(&alias)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            free(p);
            p = NULL;
            spans[1] = spans[2] = SPAN(NULL, COUNT(0));
            CHECK_STR(save(image, spans, &state), "");
        } else {
            CHECK_STR(restore(image, spans, &state, false), "");
            CHECK(!p);
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
}

/* Two blocks, one of which grew: each pointer finds its own, and what was swapped stays so. */
static void grows_and_swaps(void)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("p", MEMO_CK_CHANGED),          POINTER("q", MEMO_CK_CHANGED),
        PART("p[:n]", MEMO_CK_SECTION, 0, int), PART("q[:m]", MEMO_CK_SECTION, 1, int),
        PART("p[:n]", MEMO_CK_ALLOC, 0, int),   PART("q[:m]", MEMO_CK_ALLOC, 1, int),
    };
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state = {0};
    int *first[2] = {NULL, NULL};
    for (int run = 0; run < 2; run++) {
        int *p = calloc(4, sizeof *p), *q = calloc(4, sizeof *q), *held = q;
        struct memo_ck_span spans[] = {SPAN(&p), SPAN(&q), SPAN(p), SPAN(q), SPAN(p), SPAN(q)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            p = realloc(p, 100000 * sizeof *p);
            int *t = p;
            p = q; /* the small one */
            q = t;
            p[3] = 3;
            for (int k = 0; k < 100000; k++)
                q[k] = k;
            spans[2] = spans[4] = SPAN(p, COUNT(4));
            spans[3] = spans[5] = SPAN(q, COUNT(100000));
            CHECK_STR(save(image, spans, &state), "");
            first[0] = p;
            first[1] = q;
        } else {
            CHECK_STR(restore(image, spans, &state, false), "");
            CHECK(p == held); /* large enough: not moved */
            CHECK_EQ(p[3], 3);
            CHECK_EQ(q[99999], 99999);
            free(p);
            free(q);
        }
        memo__ck_image_free(image);
    }
    free(first[0]);
    free(first[1]);
    saved_release(&state);
}

/* A block that isn't the entry's, and no `alloc`. */
static void moved_without_alloc(void)
{
    static const struct memo_ck_piece pieces[] = {POINTER("p", MEMO_CK_CHANGED),
                                                  PART("p[:4]", MEMO_CK_SECTION, 0, int)};
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state;
    int a[4] = {0}, b[4] = {0}, *p = a;
    struct memo_ck_span spans[] = {SPAN(&p), SPAN(p)};
    struct memo__ck_image *image = memo__ck_image_new(&site);
    memo__ck_image_start(image, spans);
    p = b;
    spans[1] = SPAN(p, COUNT(4));
    CHECK_STR(save(image, spans, &state),
              "'p' doesn't lead where it did when the loop began: if it walks, save the memory by a "
              "pointer that stays, e.g. 'save(base[:n])'; if the loop allocates it, name it in "
              "'alloc'");
    p = NULL;
    spans[1] = SPAN(p, COUNT(0));
    CHECK_STR(save(image, spans, &state), "");
    saved_release(&state);
    p = a;
    spans[1] = SPAN(p, COUNT(MEMO_BAD));
    CHECK_STR(save(image, spans, &state), "the length of 'p[:4]' is negative or too large");
    memo__ck_image_free(image);
}

/* Pointers in `alloc` that walk, and such as never were malloc's. */
static void not_of_malloc(void)
{
    static const struct memo_ck_piece pieces[] = {POINTER("p", MEMO_CK_CHANGED),
                                                  PART("p[:n]", MEMO_CK_SECTION, 0, char),
                                                  PART("p[:n]", MEMO_CK_ALLOC, 0, char)};
    static const struct memo_ck_site site = SITE(pieces);
    static const char *const no_block =
        "'p' in 'alloc' doesn't lead to where a block of malloc begins: save the block by a pointer "
        "that stays there, e.g. 'save(base[:n])'";
    static char in_program[64] __attribute__((aligned(16)));
    char on_stack[64] __attribute__((aligned(16)));
    char *others[] = {in_program, on_stack};
    char *block = calloc(64, 1), *p = block;
    struct saved state;
    struct memo_ck_span spans[] = {SPAN(&p), SPAN(p, COUNT(64)), SPAN(p, COUNT(64))};
    struct memo__ck_image *image = memo__ck_image_new(&site);
    memo__ck_image_start(image, spans);
    for (size_t at = 0; at < 64; at += at < 16 ? 1 : 16) {
        p = block + at;
        spans[1] = spans[2] = SPAN(p, COUNT(64 - at));
        CHECK_STR(save(image, spans, &state), at ? no_block : "");
        if (at)
            continue;
        for (size_t k = 0; k < LEN(others); k++) {
            struct memo__ck_image *rerun = memo__ck_image_new(&site);
            p = others[k];
            spans[1] = spans[2] = SPAN(p, COUNT(64));
            CHECK_STR(restore(rerun, spans, &state, false),
                      "what 'p[:n]' has in this run isn't a block of malloc");
            memo__ck_image_free(rerun);
        }
        saved_release(&state);
    }
    for (size_t k = 0; k < LEN(others); k++) {
        memset(others[k], 0, 64);
        p = others[k];
        spans[1] = spans[2] = SPAN(p, COUNT(64));
        memo__ck_image_start(image, spans);
        CHECK_STR(save(image, spans, &state), no_block);
    }
    memo__ck_image_free(image);
    free(block);
}

int main(void)
{
    grows(4, 1000, 100000, false);
    grows(4, 1000, 100000, true);
    grows(0, 10, 20, false);
    grows(50, 10, 20, false); /* the rerun's block is large enough */
    grows(50, 10, 20, true);
    becomes_null();
    grows_and_swaps();
    moved_without_alloc();
    not_of_malloc();
    return check_result();
}
