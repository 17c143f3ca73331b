/* tasks_verify.c - MEMOCC=verify finds calls whose results depend on when they are carried
 * out, names them, and leaves the program with what the serial one computes. */
#include "tasks.h"

struct rec {
    int i;
    double *out;
    double r;
};

#define SIZE ((sizeof(struct rec) + 15) / 16 * 16)
#define N 50

static double x[N + 1];
static int n_calls;

static double from_before(int i)
{
    return i > 0 ? x[i - 1] * 1.5 + 1 : 1;
}

static double from_counter(int i)
{
    return i + n_calls++;
}

static double from_argument(int i)
{
    return work(i, 20);
}

static double (*called)(int);

static void site_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    r->r = called(r->i);
}

static memo_abi_size site_commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(rec, r, records, n)
    *r->out = r->r;
    return n;
}

TASK_SITE_OF(site, rec, "x[i] = f(i);");
SYNC_INFO(info);

static void call_all(double *out, double (*f)(int))
{
    struct memo_sync s = MEMO_SYNC_INIT;

    called = f;
    site.m_results = offsetof(struct rec, r);
    site.m_results_size = sizeof(double);
    site.m_to = offsetof(struct rec, out);
    site.m_to_size = sizeof(double);
    site.m_again = 1;
    site.m_shown = "{i:i4@0,r:f8@16}24";
    memo_sync_begin(&s, &info, NULL, 0);
    for (int i = 0; i < N; i++) {
        struct rec *r;

        if (memo_task_direct(&s)) {
            out[i] = f(i);
            continue;
        }
        r = memo_task_room(&s, &site, SIZE);
        r->i = i;
        r->out = &out[i];
        task_put(&s);
    }
    memo_sync_end(&s);
}

static int child(const char *what)
{
    double expected = 1;

    if (strcmp(what, "before") == 0) {
        call_all(x, from_before);
        for (int i = 0; i < N; i++, expected = expected * 1.5 + 1)
            CHECK(x[i] == expected);
    } else if (strcmp(what, "counter") == 0) {
        call_all(x, from_counter);
        for (int i = 0; i < N; i++)
            CHECK(x[i] == 2 * i);
    } else {
        call_all(x, from_argument);
        for (int i = 0; i < N; i++)
            CHECK(x[i] == work(i, 20));
        /* Each element several times: what was there before is put back in order. */
        for (int i = 0; i < N; i++)
            x[i] = -1;
        call_all(x, from_argument);
    }
    return failures > 0;
}

static void expect(const char *what, const char *mode, int status, const char *said)
{
    static const char file[] = "verify-stderr.txt";
    const char *text;

    CHECK_EQ(run_self(what, file, mode, "MEMOCC_ORDER", NULL), status);
    text = text_of(file);
    if (said ? !strstr(text, said) : *text) {
        failures++;
        fprintf(stderr, "%s, %s: expected '%s', got:\n%s", what, mode, said ? said : "nothing",
                text);
    }
    unlink(file);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return child(argv[1]);
    expect("argument", "MEMOCC=verify", 0, NULL);
    expect("before", "MEMOCC=verify", 0,
           "'x[i] = f(i);' differs in r: 575251.1776986523 in its place, 1 when carried");
    expect("before", "MEMOCC=verify", 0, "50 concurrent calls carried out again, 49 differed");
    expect("counter", "MEMOCC=verify", 0,
           "differs in r: 98 in its place, 99 when carried out later");
    expect("counter", "MEMOCC=verify,abort", 1006, "differs in r");
    expect("counter", "MEMOCC=verify=0", 0, NULL);
    return failures > 0;
}
