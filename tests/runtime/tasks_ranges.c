/* tasks_ranges.c - what the ranges of an activation answer, held against a plain list:
 * never no where there is an overlap, and exact for what loops do. */
#include "tasks.h"

#define MAX 4096

struct list {
    const char *low[MAX], *high[MAX];
    int n;
};

static struct list list;
static struct memo_ranges ranges[2];
static char memory[1 << 16];

struct rec {
    int i;
};

static void none_run(void *records, memo_abi_size n)
{
    (void)records;
    (void)n;
}

static memo_abi_size none_commit(void *records, memo_abi_size n, void *env)
{
    (void)records;
    (void)env;
    return n;
}

TASK_SITE_OF(none, rec, "f(i);");
SYNC_INFO(info);
static struct memo_sync s;

static void note(const char *p, size_t size)
{
    memo_range_note(&ranges[0], p, size);
    if (size > 0 && list.n < MAX) {
        list.low[list.n] = p;
        list.high[list.n++] = p + size;
    }
}

static bool is_noted(const char *p, size_t size)
{
    for (int i = 0; i < list.n; i++)
        if (size > 0 && p < list.high[i] && p + size > list.low[i])
            return true;
    return false;
}

/* Returns how many answers were yes without need. */
static int compare(void)
{
    int n_false = 0;

    for (size_t at = 0; at + 64 < sizeof memory; at += 3) {
        size_t size = at % 17;
        bool is_hit = memo_range_hit(&ranges[0], memory + at, size);

        if (is_noted(memory + at, size))
            CHECK(is_hit);
        else
            n_false += is_hit;
    }
    CHECK(!memo_range_hit(&ranges[1], memory, sizeof memory));
    return n_false;
}

static void begin(void)
{
    s = (struct memo_sync)MEMO_SYNC_INIT;
    memo_sync_begin(&s, &info, NULL, 0);
    s.m_ranges = ranges;
    s.m_n_ranges = 2;
    memo_task_room(&s, &none, 16);
    list.n = 0;
}

static void end(void)
{
    memo_sync_end(&s);
    CHECK(!memo_range_hit(&ranges[0], memory, sizeof memory));
}

static unsigned long next(void)
{
    static unsigned long x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    return x ^= x << 17;
}

static void check_patterns(void)
{
    begin(); /* a[i] = */
    for (int i = 0; i < 1000; i++)
        note(memory + 100 + i * 8, 8);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* downwards */
    for (int i = 1000; i > 0; i--)
        note(memory + 100 + i * 8, 8);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* a[2 * i + 1], and p[i].x */
    for (int i = 0; i < 1000; i++)
        note(memory + i * 16 + 8, 8);
    for (int i = 0; i < 1000; i++)
        note(memory + 20000 + i * 24, 4);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* columns of a matrix */
    for (int j = 0; j < 16; j++)
        for (int i = 0; i < 100; i++)
            note(memory + i * 512 + j * 16, 8);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* a block of a matrix, row by row, downwards */
    for (int i = 59; i >= 0; i--)
        for (int j = 0; j < 20; j++)
            note(memory + i * 512 + j * 8, 8);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* the same seven, again and again */
    for (int i = 0; i < 3000; i++)
        note(memory + 8000 + i % 7 * 8, 8);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* rising, with gaps of all sizes */
    for (size_t at = 0, i = 0; i < 900; i++, at += 9 + next() % 50)
        note(memory + at, 1 + next() % 8);
    CHECK_EQ(compare(), 0);
    end();
    begin(); /* falling */
    for (size_t at = 60000, i = 0; i < 900; i++, at -= 9 + next() % 50)
        note(memory + at, 1 + next() % 8);
    CHECK_EQ(compare(), 0);
    end();
}

static void check_random(void)
{
    for (int round = 0; round < 60; round++) {
        begin();
        for (int k = (int)(next() % 40); k >= 0; k--) {
            size_t at = next() % 60000, size = next() % 5 == 0 ? next() % 3000 : next() % 40;
            size_t stride = next() % 100, n = next() % 3 == 0 ? 1 : next() % 30;

            for (size_t i = 0; i < n; i++)
                if (at + i * stride + size < sizeof memory)
                    note(memory + at + (round % 2 ? n - 1 - i : i) * stride, size);
        }
        compare();
        end();
    }
}

int main(void)
{
    check_patterns();
    check_random();
    return failures > 0;
}
