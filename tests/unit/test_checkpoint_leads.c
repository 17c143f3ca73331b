/* test_checkpoint_leads.c - pointers that the loop reads and doesn't change are to lead where
 * they led. */
#include "unit/image_help.h"

static struct memo_part inputs[] = {
    {.m_name = "p", .m_role = MEMO_KEY | MEMO_CK_NULLNESS},
    {.m_name = "r", .m_role = MEMO_KEY | MEMO_CK_NULLNESS | MEMO_CK_SKIPPED},
    {.m_name = "walk", .m_role = MEMO_KEY | MEMO_CK_NULLNESS | MEMO_CK_ENTRY},
};
#define WITH_INPUTS(pieces)                                                                        \
    {                                                                                              \
        .m_abi = MEMO_CHECKPOINT_ABI, .m_pieces = (pieces), .m_n_pieces = LEN(pieces),             \
        .m_inputs = inputs, .m_n_inputs = LEN(inputs)                                              \
    }
#define ELSEWHERE "input 'p' leads elsewhere (name it in 'skip' if it doesn't matter)"

/* What p may lead to: two variables, a function, sections of two blocks, p's own among them. */
enum place { NOTHING, X, X_END, Y, FUNCTION, A, A_INSIDE, A_LATER, A_END, B, OUTSIDE, PLACES };

static void function(void)
{
}

static const char *leads(enum place then, enum place now)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("p", 0),
        POINTER("r", 0), /* named in `skip` */
        POINTER("s", 0), /* not read */
        POINTER("a", 0),
        POINTER("b", 0),
        PART("p[:1]", MEMO_CK_SECTION, 0, int),
        PART("a[:n]", MEMO_CK_SECTION, 3, int),
        PART("b[:4]", MEMO_CK_SECTION, 4, int),
        VARIABLE("x", int),
        VARIABLE("y", int),
        PART("function", MEMO_CK_OBJECT, MEMO_CK_NONE, char),
    };
    static const struct memo_ck_site site = WITH_INPUTS(pieces);
    static char said[MEMO__CK_WHY];
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        int *a = calloc(20, sizeof *a), *b = calloc(20, sizeof *b), outside[3], x[3] = {0}, y = 0;
        void *const places[PLACES] = {NULL,       x,     x + 1, &y,     (void *)(uintptr_t)function,
                                      a,          a + 2, a + 5, a + 20, b,
                                      outside + 1};
        void *p = places[run ? now : then], *r = p, *s = p;
        struct memo_ck_span spans[] = {
            SPAN(&p),
            SPAN(&r),
            SPAN(&s),
            SPAN(&a),
            SPAN(&b),
            SPAN(NULL),
            SPAN(a),
            SPAN(b),
            SPAN(x, COUNT(1)),
            SPAN(&y, COUNT(1)),
            SPAN((uintptr_t)function, COUNT(1)),
        };
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            spans[6].m_count = then == A_END ? 20 : 4; /* a saved end is one */
            spans[7].m_count = 4;
            CHECK_STR(save(image, spans, &state), "");
        } else {
            snprintf(said, sizeof said, "%s", restore(image, spans, &state, false));
        }
        memo__ck_image_free(image);
        free(a);
        free(b);
    }
    saved_release(&state);
    return said;
}

static void places(void)
{
    for (enum place then = NOTHING; then < PLACES; then++)
        CHECK_STR(leads(then, then), "");
    CHECK_STR(leads(X, Y), ELSEWHERE);
    CHECK_STR(leads(X, A), ELSEWHERE);
    CHECK_STR(leads(X, OUTSIDE), ELSEWHERE);
    CHECK_STR(leads(A, B), ELSEWHERE);
    CHECK_STR(leads(A, A_INSIDE), ELSEWHERE);
    CHECK_STR(leads(A_INSIDE, A), ELSEWHERE);
    CHECK_STR(leads(A_INSIDE, A_LATER), ELSEWHERE);
    CHECK_STR(leads(A_END, A_INSIDE), ELSEWHERE);
    CHECK_STR(leads(FUNCTION, X), ELSEWHERE);
    /* What is no piece at the save is known to be no variable. */
    CHECK_STR(leads(OUTSIDE, X), ELSEWHERE);
    CHECK_STR(leads(OUTSIDE, FUNCTION), ELSEWHERE);
    CHECK_STR(leads(A_LATER, Y), ELSEWHERE);
    CHECK_STR(leads(A_LATER, OUTSIDE), "");
    /* An end may be the begin of what is no piece. */
    CHECK_STR(leads(X_END, Y), ELSEWHERE);
    CHECK_STR(leads(X_END, OUTSIDE), "");
    /* NULL is compared by others. */
    CHECK_STR(leads(NOTHING, X), "");
    CHECK_STR(leads(X, NOTHING), "");
}

/* p has a section of its own, in or beside another one's. */
static const char *own(size_t then, size_t now)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("p", 0),
        POINTER("a", 0),
        PART("p[:2]", MEMO_CK_SECTION, 0, int),
        PART("a[:8]", MEMO_CK_SECTION, 1, int),
    };
    static const struct memo_ck_site site = WITH_INPUTS(pieces);
    static char said[MEMO__CK_WHY];
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        int block[40] = {0}, *a = block, *p = a + (run ? now : then);
        struct memo_ck_span spans[] = {SPAN(&p), SPAN(&a), SPAN(p), SPAN(a)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            spans[2].m_count = 2;
            spans[3].m_count = 8;
            CHECK_STR(save(image, spans, &state), "");
        } else {
            snprintf(said, sizeof said, "%s", restore(image, spans, &state, false));
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
    return said;
}

static void own_sections(void)
{
    CHECK_STR(own(0, 0), "");
    CHECK_STR(own(2, 2), "");
    CHECK_STR(own(0, 1), ELSEWHERE);
    CHECK_STR(own(2, 3), ELSEWHERE);
    CHECK_STR(own(2, 20), ELSEWHERE);
    CHECK_STR(own(8, 20), ""); /* the begin of its own, not an end */
    CHECK_STR(own(20, 30), "");
}

/* a and b, which the loop swaps, are told by the blocks that they had at the entry. */
static const char *swapped(int n_swaps, bool was_b, bool is_b, bool has_own)
{
    const struct memo_ck_piece pieces[] = {
        POINTER("p", 0),
        POINTER("a", MEMO_CK_CHANGED),
        POINTER("b", MEMO_CK_CHANGED),
        PART("p[:4]", has_own ? MEMO_CK_SECTION : MEMO_CK_OBJECT, 0, int),
        PART("a[:4]", MEMO_CK_SECTION, 1, int),
        PART("b[:4]", MEMO_CK_SECTION, 2, int),
    };
    const struct memo_ck_site site = WITH_INPUTS(pieces);
    static char said[MEMO__CK_WHY];
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        int one[4] = {0}, two[4] = {0}, *a = one, *b = two, *p = (run ? is_b : was_b) ? b : a;
        struct memo_ck_span spans[] = {SPAN(&p), SPAN(&a), SPAN(&b), SPAN(p), SPAN(a), SPAN(b)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            for (int i = 0; i < n_swaps; i++) {
                int *t = a;
                a = b;
                b = t;
            }
            *a = 1;
            spans[4] = SPAN(a, COUNT(4));
            spans[5] = SPAN(b, COUNT(4));
            spans[3].m_count = 4;
            CHECK_STR(save(image, spans, &state), "");
        } else {
            snprintf(said, sizeof said, "%s", restore(image, spans, &state, false));
            CHECK_EQ(*a, !*said);
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
    return said;
}

static void swaps(void)
{
    for (int n_swaps = 0; n_swaps < 3; n_swaps++)
        for (int k = 0; k < 4; k++) {
            CHECK_STR(swapped(n_swaps, k & 1, k & 1, k & 2), "");
            CHECK_STR(swapped(n_swaps, k & 1, !(k & 1), k & 2), ELSEWHERE);
        }
}

/* A block that the loop makes larger, there or elsewhere: p is as far in it as it was. */
static void growing(size_t room, size_t then, size_t now, const char *expected)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("a", MEMO_CK_CHANGED),
        POINTER("p", 0),
        PART("alloc a", MEMO_CK_ALLOC, 0, int),
        PART("a[:n]", MEMO_CK_SECTION, 0, int),
    };
    static const struct memo_ck_site site = WITH_INPUTS(pieces);
    struct saved states[3] = {{0}};
    for (int run = 0; run < 3; run++) {
        int *a = calloc(run ? 8 : room, sizeof *a), *first = a, *p = a + (run < 2 ? then : now);
        struct memo_ck_span spans[] = {SPAN(&a), SPAN(&p), SPAN(a), SPAN(a)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            if (room < 1000)
                a = calloc(1000, sizeof *a);
        } else {
            const char *said = restore(image, spans, &states[run - 1], false);
            CHECK_STR(said, run < 2 ? "" : expected);
            if (!*said)
                CHECK(p == a + then);
            first = a;
        }
        spans[2] = SPAN(a, COUNT(1000));
        spans[3] = SPAN(a, COUNT(1000));
        if (run < 2)
            CHECK_STR(save(image, spans, &states[run]), "");
        memo__ck_image_free(image);
        if (first != a)
            free(first);
        free(a);
    }
    for (int run = 0; run < 3; run++)
        saved_release(&states[run]);
}

static void blocks(void)
{
    growing(1000, 0, 0, "");
    growing(1000, 3, 3, "");
    growing(1000, 8, 8, ""); /* one past the end, before it grew */
    growing(1000, 3, 4, ELSEWHERE);
    growing(8, 0, 0, ""); /* at the save, p leads to what was freed */
    growing(8, 3, 3, "");
    growing(8, 3, 4, ELSEWHERE);
}

/* Of a pointer that the loop changes it counts where it was in front of the loop. */
static void start_values(void)
{
    static const struct memo_ck_piece pieces[] = {POINTER("walk", MEMO_CK_CHANGED),
                                                  VARIABLE("x", int)};
    static const struct memo_ck_site site = WITH_INPUTS(pieces);
    struct saved state = {0};
    for (int run = 0; run < 3; run++) {
        int x[5] = {0}, *walk = x + (run > 1);
        struct memo_ck_span spans[] = {SPAN(&walk), SPAN(x, COUNT(5))};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            walk += 3;
            CHECK_STR(save(image, spans, &state), "");
        } else {
            CHECK_STR(restore(image, spans, &state, false),
                      run == 1 ? ""
                               : "start value 'walk' leads elsewhere (name it in 'save' if it "
                                 "doesn't matter)");
            CHECK_EQ(walk - x, run == 1 ? 3 : 1);
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
}

/* Files of before say nothing, and those that say what can't be are damaged. */
static void files(void)
{
    static const struct memo_ck_piece pieces[] = {POINTER("p", 0), VARIABLE("x", int)};
    static const struct memo_ck_site site = WITH_INPUTS(pieces);
    int x[2] = {0}, *p = x;
    struct memo_ck_span spans[] = {SPAN(&p), SPAN(x, COUNT(1))};
    struct memo__ck_image *image = memo__ck_image_new(&site);
    struct saved state;
    char why[MEMO__CK_WHY];
    memo__ck_image_start(image, spans);
    CHECK_STR(save(image, spans, &state), "");
    p++;
    uint64_t target = state.blobs[0].meta[5];
    static const uint64_t bad[] = {2, UINT64_MAX, (uint64_t)3 << 48};
    for (size_t i = 0; i < LEN(bad) + 2; i++) {
        state.blobs[0].meta[5] = i < LEN(bad) ? bad[i] : target + (i == LEN(bad) ? 5 : 0);
        state.blobs[0].meta[2] = i > LEN(bad) ? 2 : 0; /* no pointer */
        CHECK_EQ(memo__ck_image_prepare(image, state.blobs, state.n, false, why), MEMO_ECORRUPT);
        CHECK_STR(why, "what was saved of 'p' can't be");
    }
    state.blobs[0].meta[2] = state.blobs[0].meta[5] = 0;
    CHECK_STR(restore(image, spans, &state, false), "");
    memo__ck_image_free(image);
    saved_release(&state);
}

int main(void)
{
    places();
    own_sections();
    swaps();
    blocks();
    start_values();
    files();
    return check_result();
}
