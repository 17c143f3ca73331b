/* test_checkpoint_image.c - the state of a loop goes from one run's memory to another's. */
#include <sys/mman.h>
#include <unistd.h>

#include "unit/image_help.h"

#include "base/alloc.h"

/* ---- variables, arrays, strings, rows */

static void plain(void)
{
    static const struct memo_ck_piece pieces[] = {
        VARIABLE("i", int),
        VARIABLE("v", double), /* a VLA */
        POINTER("s", 0),
        PART("string(s)", MEMO_CK_SECTION | MEMO_CK_STRING, 2, char),
        PART("grid[0:n][0:m]", MEMO_CK_SECTION | MEMO_CK_ROWS, MEMO_CK_NONE, int),
        PART("", MEMO_CK_MORE, MEMO_CK_NONE, int),
        PART("tail[2:2]", MEMO_CK_SECTION, MEMO_CK_NONE, short),
    };
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        int i = 7, grid[4][5] = {{0}};
        double v[3] = {1, 2, 3};
        char text[20] = "hello", *s = text;
        short tail[5] = {1, 2, 3, 4, 5};
        struct memo_ck_span spans[] = {SPAN(&i, COUNT(1)), SPAN(v, COUNT(3)), SPAN(&s),  SPAN(s),
                                       SPAN(grid),         SPAN(0),           SPAN(tail)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            i = 70;
            v[2] = 30;
            strcpy(text, "good evening");
            for (int k = 0; k < 20; k++)
                grid[k / 5][k % 5] = k;
            tail[2] = 33;
            spans[4] = SPAN(grid, .m_first = 6 * sizeof(int), COUNT(2)); /* [1:3][1:2] */
            spans[5] = SPAN(5 * sizeof(int), COUNT(3));
            spans[6] = SPAN(tail, .m_first = 4, COUNT(2));
            CHECK_STR(save(image, spans, &state), "");
            CHECK_EQ(state.n, LEN(pieces)); /* no pointers */
        } else {
            tail[0] = 11;
            CHECK_STR(restore(image, spans, &state, false), "");
            CHECK_EQ(i, 70);
            CHECK_EQ(v[0] == 1 && v[2] == 30, 1);
            CHECK_STR(text, "good evening");
            CHECK_EQ(tail[0], 11);
            CHECK_EQ(tail[2], 33);
            for (int k = 0; k < 20; k++) {
                bool is_saved = k / 5 >= 1 && k % 5 >= 1 && k % 5 <= 2;
                CHECK_EQ(grid[k / 5][k % 5], is_saved ? k : 0);
            }
            spans[1].m_count = 2;
            CHECK_STR(restore(image, spans, &state, false), "'v' had 3 elements and has 2");
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
}

/* ---- pointers that the loop swaps; others to the same memory stay */

static void swaps(int n_swaps)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("cur", MEMO_CK_CHANGED | MEMO_CK_COPY),
        POINTER("next", MEMO_CK_CHANGED | MEMO_CK_COPY),
        PART("cur[:n]", MEMO_CK_SECTION, 0, double),
        PART("next[:n]", MEMO_CK_SECTION, 1, double),
        POINTER("at", MEMO_CK_CHANGED),
        POINTER("end", MEMO_CK_CHANGED),
    };
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state = {0};
    for (int run = 0; run < 3; run++) {
        double *a = malloc(8 * sizeof *a), *b = malloc(8 * sizeof *b);
        double *cur = a, *next = b, *at = NULL, *end = NULL;
        for (int k = 0; k < 8; k++)
            a[k] = b[k] = -1;
        struct memo_ck_span spans[] = {SPAN(&cur), SPAN(&next), SPAN(cur),
                                       SPAN(next), SPAN(&at),   SPAN(&end)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (run == 0) {
            memo__ck_image_start(image, spans);
            for (int k = 0; k < 8; k++) {
                a[k] = k;
                b[k] = 100 + k;
            }
            at = a + 3;
            end = b + 8;
        } else {
            CHECK_STR(restore(image, spans, &state, false), "");
            int n = n_swaps * run;
            CHECK(cur == (n % 2 ? b : a));
            CHECK(next == (n % 2 ? a : b));
            CHECK(at == a + 3);
            CHECK(end == b + 8);
            CHECK_EQ(a[5], 5);
            CHECK_EQ(b[5], 105);
            saved_release(&state);
        }
        for (int k = 0; k < n_swaps; k++) {
            double *t = cur;
            cur = next;
            next = t;
        }
        spans[2] = SPAN(cur, COUNT(8));
        spans[3] = SPAN(next, COUNT(8));
        CHECK_STR(save(image, spans, &state), "");
        memo__ck_image_free(image);
        free(a);
        free(b);
    }
    saved_release(&state);
}

/* ---- pointers inside elements */

struct node {
    struct node *next;
    const char *label; /* unchanged: its value in the rerun stays */
    int value;
    void (*act)(void);
};

static void act_a(void)
{
}
static void act_b(void)
{
}

static const struct memo_ck_pointer node_pointers[] = {
    {".next", offsetof(struct node, next), sizeof(void *), 1, 0, MEMO_CK_CHANGED},
    {".label", offsetof(struct node, label), sizeof(void *), 1, 0, 0},
    {".act", offsetof(struct node, act), sizeof(void *), 1, 0, MEMO_CK_CHANGED},
};

static const struct memo_ck_piece arena_pieces[] = {
    POINTER("pool", 0),
    {.m_name = "pool[:n]",
     .m_role = MEMO_CK_SECTION,
     .m_base = 0,
     .m_size = sizeof(struct node),
     .m_pointers = node_pointers,
     .m_n_pointers = 3},
    POINTER("head", MEMO_CK_CHANGED | MEMO_CK_COPY),
    PART("act_a", MEMO_CK_OBJECT, MEMO_CK_NONE, char),
    PART("act_b", MEMO_CK_OBJECT, MEMO_CK_NONE, char),
    {.m_name = "top",
     .m_role = MEMO_CK_VARIABLE,
     .m_base = MEMO_CK_NONE,
     .m_size = sizeof(struct node),
     .m_pointers = node_pointers,
     .m_n_pointers = 3},
};

static void arena(size_t n, bool is_undone)
{
    static const struct memo_ck_site site = SITE(arena_pieces);
    struct saved state = {0};
    const char *labels[2] = {"one", "two"};
    for (int run = 0; run < 2; run++) {
        struct node *pool = calloc(n, sizeof *pool), *head = NULL, top = {0};
        for (size_t k = 0; k < n; k++)
            pool[k].label = labels[run];
        struct memo_ck_span spans[] = {SPAN(&pool),
                                       SPAN(pool),
                                       SPAN(&head),
                                       SPAN((uintptr_t)act_a, COUNT(1)),
                                       SPAN((uintptr_t)act_b, COUNT(1)),
                                       SPAN(&top, COUNT(1))};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            for (size_t k = 0; k < n; k++) {
                size_t at = k * 7919 % n; /* a permutation: n isn't a multiple of it */
                pool[at].next = head;
                pool[at].value = (int)k;
                pool[at].act = k % 3 ? act_a : k % 2 ? act_b : NULL;
                head = &pool[at];
            }
            top.next = pool + n; /* one past the end */
            spans[1] = SPAN(pool, COUNT(n));
            CHECK_STR(save(image, spans, &state), "");
        } else {
            CHECK_STR(restore(image, spans, &state, is_undone), "");
            CHECK(top.next == pool + n);
            size_t seen = 0, wrong = 0;
            for (struct node *at = head; at; at = at->next, seen++) {
                size_t k = n - 1 - seen;
                wrong += at->value != (int)k || at->label != labels[1] ||
                         at->act != (k % 3   ? act_a
                                     : k % 2 ? act_b
                                             : NULL);
            }
            CHECK_EQ(seen, n);
            CHECK_EQ(wrong, 0);
            if (is_undone) {
                memo__ck_image_undo(image);
                CHECK(!head && !top.next);
                for (size_t k = wrong = 0; k < n; k++)
                    wrong += pool[k].next || pool[k].value || pool[k].label != labels[1];
                CHECK_EQ(wrong, 0);
            }
        }
        memo__ck_image_free(image);
        free(pool);
    }
    saved_release(&state);
}

static void pointers_elsewhere(void)
{
    static const struct memo_ck_site site = SITE(arena_pieces);
    struct saved state;
    struct node pool[3] = {{0}}, top = {0};
    struct { /* nothing lies beside these */
        char before[64];
        struct node *head;
        char between[64];
        struct node other;
        char behind[64];
    } apart = {.head = NULL};
    struct node *p = pool;
    struct memo_ck_span spans[] = {SPAN(&p),
                                   SPAN(p, COUNT(3)),
                                   SPAN(&apart.head),
                                   SPAN((uintptr_t)act_a, COUNT(1)),
                                   SPAN((uintptr_t)act_b, COUNT(1)),
                                   SPAN(&top, COUNT(1))};
    struct memo__ck_image *image = memo__ck_image_new(&site);
    memo__ck_image_start(image, spans);
    pool[2].next = &apart.other;
    CHECK_STR(save(image, spans, &state),
              "'next' in element 2 of 'pool[:n]' points to memory that no 'save' names");
    pool[2].next = NULL;
    apart.head = &apart.other;
    CHECK_STR(save(image, spans, &state), "'head' points to memory that no 'save' names: name "
                                          "that, or the pointer in 'skip' (skip(head))");
    apart.head = (struct node *)&apart.head; /* a copy: its address means nothing */
    CHECK_STR(save(image, spans, &state), "'head' points to memory that no 'save' names: name "
                                          "that, or the pointer in 'skip' (skip(head))");
    apart.head = NULL;
    top.act = pointers_elsewhere;
    CHECK_STR(save(image, spans, &state), "'top.act' points to memory that no 'save' names: name "
                                          "that, or the pointer in 'skip' (skip(top.act))");
    top.act = NULL;
    top.next = &top;
    CHECK_STR(save(image, spans, &state), "");
    saved_release(&state);
    memo__ck_image_free(image);
}

/* Arrays side by side: the begin of one is the end of the other. */
static void neighbours(void)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("a", 0),
        POINTER("b", 0),
        PART("a[:4]", MEMO_CK_SECTION, 0, int),
        PART("b[:4]", MEMO_CK_SECTION, 1, int),
        POINTER("p", MEMO_CK_CHANGED),
        POINTER("q", MEMO_CK_CHANGED),
    };
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        int both[8] = {0}, apart[8] = {0}; /* in the rerun they aren't side by side */
        int *a = both, *b = run ? apart : both + 4, *p = NULL, *q = NULL;
        struct memo_ck_span spans[] = {SPAN(&a), SPAN(&b), SPAN(a), SPAN(b), SPAN(&p), SPAN(&q)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            p = a + 4;
            q = b + 4;
            spans[2].m_count = spans[3].m_count = 4;
            CHECK_STR(save(image, spans, &state), "");
        } else {
            CHECK_STR(restore(image, spans, &state, false), "");
            CHECK(p == b);
            CHECK(q == b + 4);
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
}

/* Pointers to two structs are swapped; each has an array of its own. */
struct matrix {
    double *data;
    int n;
};

static void members(void)
{
    static const struct memo_ck_pointer data[] = {
        {".data", offsetof(struct matrix, data), sizeof(void *), 1, 0, 0}};
    static const struct memo_ck_piece pieces[] = {
        POINTER("m", MEMO_CK_CHANGED),
        POINTER("o", MEMO_CK_CHANGED),
        {.m_name = "*m",
         .m_role = MEMO_CK_SECTION,
         .m_base = 0,
         .m_size = sizeof(struct matrix),
         .m_pointers = data,
         .m_n_pointers = 1},
        {.m_name = "*o",
         .m_role = MEMO_CK_SECTION,
         .m_base = 1,
         .m_size = sizeof(struct matrix),
         .m_pointers = data,
         .m_n_pointers = 1},
        POINTER("m->data", 0),
        POINTER("o->data", 0),
        PART("m->data[:m->n]", MEMO_CK_SECTION, 4, double),
        PART("o->data[:o->n]", MEMO_CK_SECTION, 5, double),
    };
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        double x[3] = {0}, y[3] = {0};
        struct matrix s = {x, 3}, t = {y, 3}, *m = &s, *o = &t;
        struct memo_ck_span spans[] = {SPAN(&m),      SPAN(&o),       SPAN(m),
                                       SPAN(o),       SPAN(&m->data), SPAN(&o->data),
                                       SPAN(m->data), SPAN(o->data)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            m = &t;
            o = &s;
            x[1] = 1;
            y[1] = 2;
            s.n = 2;
            struct memo_ck_span now[] = {
                SPAN(&m),       SPAN(&o),       SPAN(m, COUNT(1)),       SPAN(o, COUNT(1)),
                SPAN(&m->data), SPAN(&o->data), SPAN(m->data, COUNT(3)), SPAN(o->data, COUNT(2))};
            CHECK_STR(save(image, now, &state), "");
        } else {
            CHECK_STR(restore(image, spans, &state, false), "");
            CHECK(m == &t && o == &s);
            CHECK(s.data == x && t.data == y);
            CHECK_EQ(x[1], 1);
            CHECK_EQ(y[1], 2);
            CHECK_EQ(s.n, 2);
        }
        memo__ck_image_free(image);
    }
    saved_release(&state);
}

/* What holds the pointer is behind NULL at the save: the rerun's pointer stays. */
static void without_pointer(void)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("s", MEMO_CK_CHANGED), POINTER("s->data", MEMO_CK_CHANGED),
        PART("s->data[:n]", MEMO_CK_SECTION, 1, int), PART("s->data[:n]", MEMO_CK_ALLOC, 1, int)};
    static const struct memo_ck_site site = SITE(pieces);
    struct saved state = {0};
    for (int run = 0; run < 2; run++) {
        int **s = malloc(sizeof *s), **held = s;
        *s = malloc(4 * sizeof **s);
        struct memo_ck_span spans[] = {SPAN(&s), SPAN(s), SPAN(*s), SPAN(*s)};
        struct memo__ck_image *image = memo__ck_image_new(&site);
        if (!run) {
            memo__ck_image_start(image, spans);
            s = NULL;
            spans[1] = spans[2] = spans[3] = SPAN(NULL);
            CHECK_STR(save(image, spans, &state), "");
        } else {
            int *data = *s;
            CHECK_STR(restore(image, spans, &state, false), "");
            CHECK(!s);
            CHECK(*held == data);
        }
        memo__ck_image_free(image);
        free(*held);
        free(held);
    }
    saved_release(&state);
}

/* ---- what doesn't belong here */

static void refusals(void)
{
    static const struct memo_ck_piece then[] = {VARIABLE("i", int), VARIABLE("g", double)};
    static const struct memo_ck_piece layout[] = {VARIABLE("i", int), VARIABLE("g", float)};
    static const struct memo_ck_piece more[] = {VARIABLE("i", int), VARIABLE("g", double),
                                                VARIABLE("k", int)};
    static const struct memo_ck_piece less[] = {VARIABLE("g", double)};
    static const struct memo_ck_piece p_then[] = {POINTER("p", 0),
                                                  PART("p[:1]", MEMO_CK_SECTION, 0, int)};
    static const struct memo_ck_site sites[] = {SITE(then), SITE(layout), SITE(more), SITE(less)};
    static const struct memo_ck_site p_site = SITE(p_then);
    static const char *const reasons[] = {"", "layout of 'g' differs", "'k' wasn't saved",
                                          "'i' was saved and isn't any more"};
    char why[MEMO__CK_WHY];
    struct saved state;
    int i = 1, *p = &i;
    double g = 2;
    struct memo_ck_span spans[] = {SPAN(&i, COUNT(1)), SPAN(&g, COUNT(1))};
    struct memo__ck_image *image = memo__ck_image_new(&sites[0]);
    memo__ck_image_start(image, spans);
    CHECK_STR(save(image, spans, &state), "");
    memo__ck_image_free(image);
    for (size_t k = 0; k < LEN(sites); k++) {
        image = memo__ck_image_new(&sites[k]);
        int err = memo__ck_image_prepare(image, state.blobs, state.n, true, why);
        CHECK_EQ(err, k ? MEMO_EINVALID : 0);
        CHECK_STR(why, reasons[k]);
        memo__ck_image_free(image);
    }
    saved_release(&state);

    struct memo_ck_span p_spans[] = {SPAN(&p), SPAN(p, COUNT(1))};
    image = memo__ck_image_new(&p_site);
    memo__ck_image_start(image, p_spans);
    CHECK_STR(save(image, p_spans, &state), "");
    p = NULL;
    p_spans[1] = SPAN(NULL);
    CHECK_STR(restore(image, p_spans, &state, false), "'p' is NULL in this run");
    CHECK_EQ(i, 1);
    memo__ck_image_free(image);
    saved_release(&state);
}

/* Any number in any place of what was saved is refused, or does no harm. */
static void damaged(void)
{
    static const struct memo_ck_site site = SITE(arena_pieces);
    struct saved state;
    char why[MEMO__CK_WHY];
    struct node pool[3] = {{0}}, *head = &pool[1], top = {.next = &pool[2]}, *p = pool;
    struct memo_ck_span spans[] = {SPAN(&p),
                                   SPAN(p, COUNT(3)),
                                   SPAN(&head),
                                   SPAN((uintptr_t)act_a, COUNT(1)),
                                   SPAN((uintptr_t)act_b, COUNT(1)),
                                   SPAN(&top, COUNT(1))};
    struct memo__ck_image *image = memo__ck_image_new(&site);
    memo__ck_image_start(image, spans);
    CHECK_STR(save(image, spans, &state), "");
    static const uint64_t numbers[] = {0,
                                       1,
                                       2,
                                       7,
                                       1u << 31,
                                       (uint64_t)1 << 47,
                                       (uint64_t)1 << 63,
                                       UINT64_MAX,
                                       UINT64_MAX - 7,
                                       (uint64_t)3 << 48};
    unsigned n_refused = 0;
    for (size_t b = 0; b < state.n; b++)
        for (size_t word = 0; word < MEMO__CK_META + state.blobs[b].len / 8; word++)
            for (size_t k = 0; k < LEN(numbers); k++) {
                struct memo__ck_blob *blob = &state.blobs[b];
                char *at = word < MEMO__CK_META ? (char *)&blob->meta[word]
                                                : (char *)blob->data + (word - MEMO__CK_META) * 8;
                uint64_t was;
                memcpy(&was, at, 8);
                memcpy(at, &numbers[k], 8);
                if (memo__ck_image_prepare(image, state.blobs, state.n, true, why)) {
                    n_refused++;
                } else if (!memo__ck_image_fits(image, spans, why) && word != 4 && word != 5) {
                    /* places are taken at their word: files have checksums */
                    memo__ck_image_restore(image, spans);
                    memo__ck_image_undo(image);
                    CHECK(p == pool && head == &pool[1] && top.next == &pool[2]);
                }
                memcpy(at, &was, 8);
            }
    CHECK(n_refused > 50);
    memo__ck_image_free(image);
    saved_release(&state);
}

/* No memory for a copy: the user's own is written. None at all: nothing is. */
static void without_memory(void)
{
    static const struct memo_ck_piece pieces[] = {
        POINTER("g", 0),
        PART("g[0:3][0:2]", MEMO_CK_SECTION | MEMO_CK_ROWS, 0, int),
        PART("", MEMO_CK_MORE, MEMO_CK_NONE, int),
        POINTER("p", MEMO_CK_CHANGED),
    };
    static const struct memo_ck_site site = SITE(pieces);
    char why[MEMO__CK_WHY];
    unsigned n_direct = 0;
    for (long at = 1; at <= 4; at++) {
        int grid[3][4] = {{1, 2}, {3, 4}, {5, 6}}, *g = &grid[0][0], *p = &grid[1][1];
        struct memo_ck_span spans[] = {SPAN(&g), SPAN(g, COUNT(2)), SPAN(4 * sizeof(int), COUNT(3)),
                                       SPAN(&p)};
        struct memo__ck_taken taken;
        struct memo__ck_image *image = memo__ck_image_new(&site);
        memo__ck_image_start(image, spans);
        memo__alloc_fail_at(at, 0);
        int err = memo__ck_image_take(image, spans, &taken, why);
        memo__alloc_fail_at(0, 0);
        if (err) {
            CHECK_EQ(err, MEMO_ENOMEM);
            CHECK_STR(why, "not enough memory to save the state");
        } else {
            n_direct += taken.is_direct;
            CHECK(!taken.is_direct || taken.blobs[1].data == grid);
            struct saved state = keep(&taken);
            memset(grid, 0, sizeof grid);
            grid[1][3] = 9;
            p = NULL;
            CHECK_STR(restore(image, spans, &state, true), "");
            CHECK_EQ(grid[0][0] == 1 && grid[1][1] == 4 && grid[2][1] == 6, 1);
            CHECK_EQ(grid[1][3], 9);
            CHECK(p == &grid[1][1]);
            memo__ck_image_commit(image);
            saved_release(&state);
        }
        memo__ck_image_free(image);
    }
    CHECK_EQ(n_direct, 1);
}

/* Memory that can't be written is left alone where nothing differs, undo included. */
static void constant(bool can_undo)
{
    static const struct memo_ck_piece pieces[] = {POINTER("p", MEMO_CK_CHANGED),
                                                  PART("p[:n]", MEMO_CK_SECTION, 0, char)};
    static const struct memo_ck_site site = SITE(pieces);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *p = at;
    struct saved state;
    struct memo_ck_span spans[] = {SPAN(&p), SPAN(p, COUNT(2 * page))};
    struct memo__ck_image *image = memo__ck_image_new(&site);
    memset(at, 5, 2 * page);
    memo__ck_image_start(image, spans);
    CHECK_STR(save(image, spans, &state), "");
    CHECK_EQ(mprotect(at + page, page, PROT_READ), 0);
    CHECK_STR(restore(image, spans, &state, can_undo), "");
    memo__ck_image_undo(image);
    memo__ck_image_commit(image);
    CHECK_EQ(mprotect(at + page, page, PROT_READ | PROT_WRITE), 0);
    at[0] = at[2 * page - 1] = 6;
    CHECK_EQ(mprotect(at + page, page, PROT_READ), 0);
    CHECK_STR(restore(image, spans, &state, can_undo),
              "'p[:n]' can't be written, and had other values; write 'match' in place of 'save'");
    CHECK_EQ(at[0], 6);
    CHECK_EQ(mprotect(at + page, page, PROT_READ | PROT_WRITE), 0);
    CHECK_STR(restore(image, spans, &state, can_undo), "");
    CHECK(at[0] == 5 && at[2 * page - 1] == 5);
    memo__ck_image_undo(image);
    CHECK_EQ(at[0], can_undo ? 6 : 5);
    memo__ck_image_free(image);
    saved_release(&state);
    munmap(at, 2 * page);
}

int main(void)
{
    constant(false);
    constant(true);
    plain();
    for (int n = 0; n < 4; n++)
        swaps(n);
    arena(10, false);
    arena(1000, true);
    arena(1000000, false);
    pointers_elsewhere();
    neighbours();
    members();
    without_pointer();
    refusals();
    damaged();
    without_memory();
    return check_result();
}
