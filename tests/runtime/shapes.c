/* Results of every shape come back as they were: from memory, and from disk in a
 * second process. What can't come back isn't stored. */
#include "wrap.h"

static int computed;

/* long fill(const int *in, int n, int *out, int *count): count out late */
static const struct memo_part fill_parts[] = {
    {"in[:n]", "i4", NULL, 4, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"*count", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION, 0, 0},
    {"out[:*count]", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION | MEMO_LATE, 0, 0},
    {"result", "i8", NULL, 8, MEMO_RESULT, 0, 0},
};
SITE(fill_site, fill_parts, "fill", 0);

static long fill_body(const int *in, int n, int *out, int *count)
{
    computed++;
    *count = 0;
    for (int i = 0; i < n; i++)
        if (in[i] > 0)
            out[(*count)++] = in[i] * 2;
    return *count;
}

static long fill(const int *in, int n, int *out, int *count)
{
    struct memo_span spans[4] = {{(void *)in, (memo_abi_size)n}, {count, 1}, {out, 0}, {NULL, 1}};
    struct memo_call *call = NULL;
    long r;

    spans[3].m_data = &r;
    if (memo_abi_begin(&fill_site, spans, &call) == MEMO_HIT)
        return r;
    r = fill_body(in, n, out, count);
    if (call) {
        spans[2].m_count = (memo_abi_size)*count;
        memo_abi_end(call, spans);
    }
    return r;
}

static void late(int expected)
{
    int in[6] = {1, -2, 3, -4, 5, 6}, out[6], count, together[8] = {1, 2, 3, 4};

    for (int round = 0; round < 2; round++) {
        memset(out, 0, sizeof out);
        count = 77;
        CHECK_EQ(fill(in, 6, out, &count), 4);
        CHECK_EQ(count, 4);
        CHECK(out[0] == 2 && out[1] == 6 && out[2] == 10 && out[3] == 12 && out[4] == 0);
    }
    CHECK_EQ(computed, expected);
    computed = 0;
    /* out follows in directly, then lies over its end: never a hit, always right */
    for (int round = 0; round < 2; round++) {
        int both[4] = {1, 2, 0, 0};

        CHECK_EQ(fill(both, 2, both + 1, &count), 2);
        CHECK_EQ(both[1], 2);
        CHECK_EQ(both[2], 4);
    }
    CHECK_EQ(computed, 2);
    /* The first call learns the length; a call with these sections would overlap
     * only with that length. */
    for (int round = 0; round < 2; round++) {
        memcpy(together + 4, (int[]){1, 2, 3, 4}, 16);
        CHECK_EQ(fill(together + 4, 4, together + 1, &count), 4);
        CHECK_EQ(together[1], 2);
    }
    CHECK_EQ(computed, 4);
}

/* char *make(long n): ALLOC; NULL for 0; string */
static const struct memo_part make_parts[] = {
    {"n", "a:i8", NULL, 8, MEMO_KEY, 0, 0},
    {"result", "s", NULL, 1, MEMO_RESULT | MEMO_ALLOC | MEMO_STRING, 0, 0},
};
SITE(make_site, make_parts, "make", 0);

static char *make(long n)
{
    char *r = NULL;
    struct memo_span spans[2] = {{&n, 1}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&make_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = n ? malloc((size_t)n + 1) : NULL;
    if (r) {
        memset(r, 'x', (size_t)n);
        r[n] = '\0';
    }
    if (call)
        memo_abi_end(call, spans);
    return r;
}

static void alloc(int expected)
{
    char *first, *second;

    computed = 0;
    first = make(10);
    second = make(10);
    CHECK(first != second && strcmp(first, second) == 0 && strlen(first) == 10);
    free(first);
    free(second);
    CHECK(make(0) == NULL);
    CHECK(make(0) == NULL);
    first = make(1000000);
    second = make(1000000);
    CHECK(strlen(first) == 1000000 && memcmp(first, second, 1000001) == 0);
    free(first);
    free(second);
    CHECK_EQ(computed, expected);
}

/* double *grid(int n): ALLOC|LATE, aligned */
static const struct memo_part grid_parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"result", "f8", NULL, 8, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE, 0, 64},
};
SITE(grid_site, grid_parts, "grid", 0);

static double *grid(int n)
{
    double *r = NULL;
    struct memo_span spans[2] = {{&n, 1}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&grid_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = aligned_alloc(64, ((size_t)n * sizeof *r + 63) / 64 * 64);
    for (int i = 0; i < n; i++)
        r[i] = i * 0.5;
    if (call) {
        spans[1].m_count = (memo_abi_size)n;
        memo_abi_end(call, spans);
    }
    return r;
}

static void aligned(int expected)
{
    static const int sizes[] = {0, 1, 1000, 200000, 1500000};

    computed = 0;
    for (int round = 0; round < 2; round++) {
        for (int k = 0; k < 5; k++) {
            double *p = grid(sizes[k]);

            CHECK(sizes[k] == 0 || ((uintptr_t)p & 63) == 0);
            for (int i = 0; i < sizes[k]; i++)
                if (p[i] != i * 0.5) {
                    CHECK(!"wrong value");
                    break;
                }
            free(p);
        }
    }
    CHECK_EQ(computed, expected);
}

/* const char *find(const char *s, int c): OFFSET into s */
static const struct memo_part find_parts[] = {
    {"c", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"string(s)", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING, 0, 0},
    {"result", "b", NULL, 1, MEMO_RESULT | MEMO_OFFSET, 1, 0},
};
SITE(find_site, find_parts, "find", 0);

static const char elsewhere[] = "elsewhere";

static const char *find(const char *s, int c)
{
    const char *r;
    struct memo_span spans[3] = {{&c, 1}, {(void *)s, 0}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&find_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = c == 'E' ? elsewhere : strchr(s, c);
    if (call)
        memo_abi_end(call, spans);
    return r;
}

static void offset(int expected)
{
    char one[] = "hello, world", two[] = "hello, world";

    computed = 0;
    CHECK(find(one, 'w') == one + 7);
    CHECK(find(two, 'w') == two + 7);
    CHECK(find(one, 0) == one + 12);
    CHECK(find(two, 0) == two + 12);
    CHECK(find(one, 'z') == NULL);
    CHECK(find(two, 'z') == NULL);
    CHECK_EQ(computed, expected);
    computed = 0;
    CHECK(find(one, 'E') == elsewhere);
    CHECK(find(one, 'E') == elsewhere);
    CHECK_EQ(computed, 2);
}

/* int *same(int *p, long n): returns its argument without having said so */
static const struct memo_part same_parts[] = {
    {"p[:4]", "i4", NULL, 4, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"result", "i4", NULL, 4, MEMO_RESULT | MEMO_ALLOC, 0, 0},
};
SITE(same_site, same_parts, "same", 0);

static int *same(int *p)
{
    int *r = NULL;
    struct memo_span spans[2] = {{p, 4}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&same_site, spans, &call) == MEMO_HIT)
        return r;
    r = p + 1;
    if (call) {
        spans[1].m_count = 1;
        memo_abi_end(call, spans);
    }
    return r;
}

static void argument(void)
{
    int values[4] = {1, 2, 3, 4};

    CHECK(same(values) == values + 1);
    CHECK(same(values) == values + 1);
}

/* const double *table(int n): VIEW */
static const struct memo_part table_parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"result", "f8", NULL, 8, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE | MEMO_VIEW, 0, 0},
};
SITE(table_site, table_parts, "table", 0);

static const double *table(int n)
{
    double *r = NULL;
    struct memo_span spans[2] = {{&n, 1}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&table_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = malloc((size_t)n * sizeof *r);
    for (int i = 0; i < n; i++)
        r[i] = i + n;
    if (call) {
        spans[1].m_count = (memo_abi_size)n;
        memo_abi_end(call, spans);
    }
    return r;
}

static void view(int expected)
{
    static const int sizes[] = {3, 700, 100000};
    const double *kept;

    computed = 0;
    for (int round = 0; round < 3; round++) {
        for (int k = 0; k < 3; k++) {
            const double *p = table(sizes[k]);

            for (int i = 0; i < sizes[k]; i++)
                if (p[i] != i + sizes[k]) {
                    CHECK(!"wrong value");
                    break;
                }
            memo_release(p);
        }
    }
    CHECK_EQ(computed, expected);
    memo_release(NULL);
    kept = table(100000);
    CHECK_EQ(memo_clear("table"), 3);
    CHECK(kept[0] == 100000 && kept[99999] == 199999);
    computed = 0;
    memo_release(table(3));
    CHECK_EQ(computed, 1);
    memo_release(table(700));
    memo_release(table(100000));
    CHECK(kept[50000] == 150000);
    memo_release(kept);
}

/* const char *name(int n): STATIC */
static const struct memo_part name_parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"result", "s", NULL, 1, MEMO_RESULT | MEMO_ALLOC | MEMO_STRING | MEMO_STATIC, 0, 0},
};
SITE(name_site, name_parts, "name", 0);

static const char *name(int n)
{
    static char text[2][16];
    const char *r = NULL;
    struct memo_span spans[2] = {{&n, 1}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&name_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    snprintf(text[n & 1], sizeof text[0], "name %d", n);
    r = n < 0 ? NULL : text[n & 1];
    if (call)
        memo_abi_end(call, spans);
    return r;
}

static void constant(int expected)
{
    const char *a, *b;

    computed = 0;
    name(1);
    name(2);
    name(-1);
    a = name(1);
    b = name(1);
    CHECK(a == b && strcmp(a, "name 1") == 0);
    CHECK(strcmp(name(2), "name 2") == 0);
    CHECK(name(-1) == NULL);
    CHECK_EQ(computed, expected);
}

/* void rotate(int *m): inout rows of a matrix: 2 rows of 3, 5 apart */
static const struct memo_part rotate_parts[] = {
    {"m[0:2][0:3]", "i4", NULL, 4, MEMO_KEY | MEMO_RESULT | MEMO_SECTION | MEMO_ROWS, 0, 0},
    {"", NULL, NULL, 0, MEMO_MORE, 0, 0},
};
SITE(rotate_site, rotate_parts, "rotate", 0);

static void rotate(int *m)
{
    struct memo_span spans[2] = {{m, 3}, {(void *)(uintptr_t)(5 * sizeof *m), 2}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&rotate_site, spans, &call) == MEMO_HIT)
        return;
    computed++;
    for (int row = 0; row < 2; row++)
        for (int i = 0; i < 3; i++)
            m[row * 5 + i] = -m[row * 5 + i];
    if (call)
        memo_abi_end(call, spans);
}

static void rows(int expected)
{
    computed = 0;
    for (int round = 0; round < 2; round++) {
        int m[10] = {1, 2, 3, 100 + round, 5, 6, 7, 8, 200 + round, 10};

        rotate(m);
        CHECK(m[0] == -1 && m[1] == -2 && m[2] == -3 && m[3] == 100 + round && m[4] == 5);
        CHECK(m[5] == -6 && m[6] == -7 && m[7] == -8 && m[8] == 200 + round && m[9] == 10);
    }
    CHECK_EQ(computed, expected);
}

/* int make2(struct pair *p): the object and the memory that it points to */
struct pair {
    int n;
    int *data;
};
static const struct memo_part pair_parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"*p", "b", NULL, sizeof(struct pair), MEMO_RESULT | MEMO_SECTION, 0, 0},
    {"alloc (p->data)[:p->n]", "i4", NULL, 4, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE, 0, 0},
};
SITE(pair_site, pair_parts, "pair", 0);

static void pair(int n, struct pair *p)
{
    struct memo_span spans[3] = {{&n, 1}, {p, 1}, {&p->data, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&pair_site, spans, &call) == MEMO_HIT)
        return;
    computed++;
    p->n = n;
    p->data = malloc((size_t)n * sizeof *p->data);
    for (int i = 0; i < n; i++)
        p->data[i] = i * i;
    if (call) {
        spans[2].m_count = (memo_abi_size)p->n;
        memo_abi_end(call, spans);
    }
}

static void pairs(int expected)
{
    struct pair one, two;

    computed = 0;
    pair(20, &one);
    pair(20, &two);
    CHECK(one.data != two.data && one.n == 20 && two.n == 20);
    CHECK(memcmp(one.data, two.data, 20 * sizeof(int)) == 0 && two.data[19] == 361);
    free(one.data);
    free(two.data);
    CHECK_EQ(computed, expected);
}

static int all(bool is_warm)
{
    late(is_warm ? 0 : 1);
    alloc(is_warm ? 0 : 3);
    aligned(is_warm ? 0 : 5);
    offset(is_warm ? 0 : 3);
    argument();
    constant(is_warm ? 0 : 3);
    rows(is_warm ? 0 : 1);
    pairs(is_warm ? 0 : 1);
    view(is_warm ? 0 : 3);
    return failures != 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return all(true);
    CHECK_EQ(all(false), 0);
    memo_flush();
    CHECK_EQ(run_self("warm", NULL, NULL), 0);
    CHECK_EQ(run_self("warm", NULL, "MEMOCC_MEMORY=0", NULL), 0);
    return failures != 0;
}
