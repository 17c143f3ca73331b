// warnings: yes
// stats: late tasks>=16
/* Macros make calls, destinations, loops and pragmas; names are like those that
 * generated code might use. */
#include <stdio.h>

#define WORK(h)                                                                                    \
    do {                                                                                           \
        for (int k_ = 0; k_ < 300; k_++)                                                           \
            (h) = (h)*1664525u + 1013904223u;                                                      \
    } while (0)
#define CONCURRENT _Pragma("concurrent")
#define SYNCHRONIZED _Pragma("synchronized")

CONCURRENT static int f(int i)
{
    unsigned h = (unsigned)i;
    WORK(h);
    return (int)(h >> 26);
}
#define CALL(i) f((i) + 1)
#define SET(a, i, value) ((a)[(i)] = (value))
#define AT(a, i) (*((a) + (i)))
#define EACH(i, n) for (int i = 0; i < (n); i++)
#define DEFINE(name, stem)                                                                         \
    CONCURRENT static int stem##name(int x)                                                        \
    {                                                                                              \
        return f(x) * 2;                                                                           \
    }
DEFINE(twice, f_)
#define f_alias f_twice
#define BOTH(a, b, i)                                                                              \
    do {                                                                                           \
        (a)[i] = CALL(i);                                                                          \
        (b)[i] += CALL((i) * 2);                                                                   \
    } while (0)
#define STEP v[i] = f(i);
#define max(a, b) ((a) > (b) ? (a) : (b))
#define n_of(a) ((int)(sizeof(a) / sizeof *(a)))

SYNCHRONIZED static void made_by_macros(int n, int *v, int *w)
{
    EACH(i, n)
        SET(v, i, CALL(i));
    EACH(i, n)
    {
        AT(w, i) = f_alias(i);
        AT(v, n - 1 - i) ^= CALL(AT(w, i) = 0); /* an argument with an effect */
    }
    EACH(i, n) BOTH(v, w, i);
    EACH(i, n)
    {
        STEP
        int most = max(f(i), f(i + 1)); /* a call evaluated twice */
        w[i] += most;
    }
    EACH(i, n) if (CALL(i) % 2) SET(w, i, v[i]);
}

#pragma synchronized
static int names(int memo, int memo_env, int record)
{
    int r = 1, m_next = 2, self = 3, env = 4, m_run = 5, memo_sync = 6, args = 7, result = 8;
    struct memo_record {
        int r, i, env;
    } s = {1, 2, 3};
    int memo_gen_run[9] = {0};
    for (int i = 0; i < 9; i++) {
        r += f(i + m_next);
        self = self * 3 % 101 + f(env);
        memo_gen_run[i] = f(memo_sync + i);
        s.env += f(i);
        result ^= f(args) + memo_gen_run[i];
        {
            int r = f(i), i = f(2); /* hide others */
            m_run += r * i;
        }
        args++;
    }
    return r + self * 2 + s.env * 3 + m_run * 5 + result * 7 + memo + memo_env + record + s.r;
}

#pragma synchronized
static int local_macros(int *v, int n)
{
#define V v[i]
    int sum = 0;
    for (int i = 0; i < n; i++) {
        V = f(i);
#undef V
#define V w[i]
        int w[9] = {0};
        V = f(i * 3);
#define ADD(x) sum += (x)
        ADD(V);
#undef ADD
        ADD_IN_A_FUNCTION:
        sum = sum * 3 % 1009 + f(sum);
        if (i < 0)
            goto ADD_IN_A_FUNCTION;
    }
#undef V
    return sum;
}

int main(void)
{
    int v[9] = {0}, w[9] = {0};
    made_by_macros(n_of(v), v, w);
    for (int i = 0; i < 9; i++)
        printf("%d %d ", v[i], w[i]);
    printf("%d ", names(1, 2, 3));
    printf("%d\n", local_macros(v, 9));
    for (int i = 0; i < 9; i++)
        printf("%d ", v[i]);
    printf("\n");
    return 0;
}
