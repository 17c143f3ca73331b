/* tasks_forms.c - the forms of deferred statements, carried out by the engine in every
 * order and with several numbers of threads, do what the serial text does. */
#include "tasks.h"

#define N 4000
#define STEPS 20

static double f(int i, int j)
{
    return work(i * 31 + j, STEPS);
}

static int wanted(int i)
{
    return ((unsigned)i * 2654435761u >> 13 & 3) == 0;
}

/* ---- *out = f(i, j) ---- */

struct assign {
    int i, j;
    double *out;
    double r;
};

static void assigned_run(void *records, memo_abi_size n)
{
    EACH_RECORD(assign, r, records, n)
    r->r = f(r->i, r->j);
}

static memo_abi_size assigned_commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(assign, r, records, n)
    *r->out = r->r;
    return n;
}

TASK_SITE_OF(assigned, assign, "*out = f(i, j);");

static void put(struct memo_sync *s, int i, int j, double *out)
{
    struct assign *r;

    if (memo_task_direct(s)) {
        *out = f(i, j);
        return;
    }
    r = memo_task_room(s, &assigned, (sizeof *r + 15) / 16 * 16);
    r->i = i;
    r->j = j;
    r->out = out;
    task_put(s);
}

SYNC_INFO(grid);

static void fill_grid(double (*grid_)[50], int rows)
{
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &grid, NULL, 0);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < 50; j++)
            put(&s, i, j, &grid_[i][j]);
    memo_sync_end(&s);
}

static void check_grid(void)
{
    static double a[80][50], b[80][50];

    for (int i = 0; i < 80; i++)
        for (int j = 0; j < 50; j++)
            b[i][j] = f(i, j);
    fill_grid(a, 80);
    CHECK(memcmp(a, b, sizeof a) == 0);
}

SYNC_INFO(last_wins);

static void check_duplicates(void)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    double a[7], b[7];

    memo_sync_begin(&s, &last_wins, NULL, 0);
    for (int i = 0; i < N; i++)
        put(&s, i, 3, &a[i % 7]);
    memo_sync_end(&s);
    for (int i = 0; i < N; i++)
        b[i % 7] = f(i, 3);
    CHECK(memcmp(a, b, sizeof a) == 0);
}

SYNC_INFO(chained);

/* x[i] = f(x[i - 1]): an event before each. */
static void check_chain(void)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    static double a[N + 1], b[N + 1];

    a[0] = b[0] = 1;
    memo_sync_begin(&s, &chained, NULL, 0);
    for (int i = 0; i < N; i++) {
        memo_sync_event(&s);
        put(&s, (int)a[i] % 1000, 1, &a[i + 1]);
    }
    memo_sync_end(&s);
    for (int i = 0; i < N; i++)
        b[i + 1] = f((int)b[i] % 1000, 1);
    CHECK(memcmp(a, b, sizeof a) == 0);
}

SYNC_INFO(leaving);

static double leave_early(double *a, int end)
{
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &leaving, NULL, 0);
    for (int i = 0; i < N; i++) {
        if (i == end) {
            memo_sync_end(&s);
            return a[end - 1];
        }
        put(&s, i, 6, &a[i]);
    }
    memo_sync_end(&s);
    return -1;
}

static void check_return(void)
{
    static double a[N];

    for (int end = 1; end < N; end = end * 3 + 1)
        CHECK(leave_early(a, end) == f(end - 1, 6));
}

/* ---- sum += f(i); if (wanted(i)) kept[n++] = i; printf("%d %g\n", i, f(i)) ---- */

struct tail {
    double sum;
    int *kept, n_kept;
    char *text;
};

struct three {
    int i;
    double v;
    int w;
};

static void tails_run(void *records, memo_abi_size n)
{
    EACH_RECORD(three, r, records, n)
    {
        r->v = f(r->i, 2);
        r->w = wanted(r->i);
    }
}

static memo_abi_size tails_commit(void *records, memo_abi_size n, void *env)
{
    struct tail *t = env;

    EACH_RECORD(three, r, records, n)
    {
        t->sum += r->v;
        if (r->w)
            t->kept[t->n_kept++] = r->i;
        t->text += sprintf(t->text, "%d %.17g\n", r->i, r->v);
    }
    return n;
}

TASK_SITE_OF(tails, three, "sum += f(i, 2); if (wanted(i)) kept[n++] = i;");
SYNC_INFO(tailed);

static void tail_serial(struct tail *t, int i)
{
    t->sum += f(i, 2);
    if (wanted(i))
        t->kept[t->n_kept++] = i;
    t->text += sprintf(t->text, "%d %.17g\n", i, f(i, 2));
}

static void check_tails(void)
{
    static char text_a[N * 40], text_b[N * 40];
    static int kept_a[N], kept_b[N];
    struct tail a = {0, kept_a, 0, text_a}, b = {0, kept_b, 0, text_b};
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &tailed, &a, 0);
    for (int i = 0; i < N; i++) {
        if (memo_task_direct(&s)) {
            tail_serial(&a, i);
        } else {
            struct three *r = memo_task_room(&s, &tails, (sizeof *r + 15) / 16 * 16);

            r->i = i;
            task_put(&s);
        }
    }
    memo_sync_end(&s);
    for (int i = 0; i < N; i++)
        tail_serial(&b, i);
    CHECK(a.sum == b.sum);
    CHECK(a.n_kept == b.n_kept && memcmp(kept_a, kept_b, sizeof kept_a) == 0);
    CHECK(strcmp(text_a, text_b) == 0);
}

/* ---- nested, two sites in turn, and a deferred part without calls ---- */

SYNC_INFO(inner);

static double nested(int i)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    double t[8], sum = 0;

    memo_sync_begin(&s, &inner, NULL, 0);
    for (int k = 0; k < 8; k++)
        put(&s, i, k, &t[k]);
    memo_sync_end(&s);
    for (int k = 0; k < 8; k++)
        sum += t[k];
    return sum;
}

static double nested_serial(int i)
{
    double sum = 0;

    for (int k = 0; k < 8; k++)
        sum += f(i, k);
    return sum;
}

struct outer {
    int i;
    double *out;
    double r;
};

static void outers_run(void *records, memo_abi_size n)
{
    EACH_RECORD(outer, r, records, n)
    r->r = nested(r->i);
}

static memo_abi_size outers_commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(outer, r, records, n)
    *r->out = r->r;
    return n;
}

static memo_abi_size count_commit(void *records, memo_abi_size n, void *env)
{
    unsigned long *count = env;

    EACH_RECORD(outer, r, records, n)
    *count = *count * 3 + (unsigned long)r->i;
    return n;
}

#define count_run NULL
TASK_SITE_OF(outers, outer, "out[i] = nested(i);");
TASK_SITE_OF(count, outer, "count = count * 3 + i;");
SYNC_INFO(three_sites);

static void check_nested(void)
{
    static double a[N / 4], b[N / 4];
    unsigned long count_a = 0, count_b = 0;
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &three_sites, &count_a, 0);
    for (int i = 0; i < N / 4; i++) {
        if (memo_task_direct(&s)) {
            a[i] = nested(i);
            b[i] = f(i, 9);
            count_a = count_a * 3 + (unsigned long)i;
        } else {
            struct outer *r = memo_task_room(&s, &outers, (sizeof *r + 15) / 16 * 16);

            r->i = i;
            r->out = &a[i];
            task_put(&s);
            put(&s, i, 9, &b[i]);
            r = memo_task_room(&s, &count, (sizeof *r + 15) / 16 * 16);
            r->i = i;
            task_put(&s);
        }
    }
    memo_sync_end(&s);
    for (int i = 0; i < N / 4; i++) {
        CHECK(a[i] == nested_serial(i));
        CHECK(b[i] == f(i, 9));
        count_b = count_b * 3 + (unsigned long)i;
    }
    CHECK(count_a == count_b);
}

/* ---- recursion ---- */

static long fib(int n);
struct fib {
    int n;
    long *out;
    long r;
};

static void fibs_run(void *records, memo_abi_size n)
{
    EACH_RECORD(fib, r, records, n)
    r->r = fib(r->n);
}

static memo_abi_size fibs_commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(fib, r, records, n)
    *r->out = r->r;
    return n;
}

TASK_SITE_OF(fibs, fib, "a = fib(n - 1);");
SYNC_INFO(fib_info);

static void put_fib(struct memo_sync *s, int n, long *out)
{
    struct fib *r;

    if (memo_task_direct(s)) {
        *out = fib(n);
        return;
    }
    r = memo_task_room(s, &fibs, (sizeof *r + 15) / 16 * 16);
    r->n = n;
    r->out = out;
    task_put(s);
}

static long fib(int n)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    long a, b;

    if (n < 2)
        return n;
    memo_sync_begin(&s, &fib_info, NULL, 0);
    put_fib(&s, n - 1, &a);
    put_fib(&s, n - 2, &b);
    memo_sync_event(&s);
    a += b;
    memo_sync_end(&s);
    return a;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc == 1) {
        run_in_all_modes("forms");
        return failures > 0;
    }
    for (int round = 0; round < 3; round++) {
        check_grid();
        check_duplicates();
        check_chain();
        check_return();
        check_tails();
        check_nested();
        CHECK_EQ(fib(22), 17711);
    }
    return failures > 0;
}
