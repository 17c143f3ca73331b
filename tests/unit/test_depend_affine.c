/* test_depend_affine.c - verdicts about subscripts, against programs that are carried out.
 *
 * Random loops with two subscripts each become C text, for depend_judge, and are run here,
 * for small values of their parameters, with the values that C gives: unsigned ones wrap round.
 * What is NEVER said to meet must not meet. How much of what never meets is found is
 * counted, so that a judge that always says no is noticed.
 *
 * Arguments: a seed and the number of units of 100 functions. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "depend_help.h"
#include "frontend.h"
#include "touch.h"

#define N_FUNCTIONS 100
#define MAX_EVENTS 4000
#define MAX_STEPS 300 /* of one loop: some never end */

static uint64_t state;

static unsigned roll(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

static int between(int low, int high)
{
    return low + (int)roll((unsigned)(high - low + 1));
}

/* ---- programs ---- */

enum { VAR_N, VAR_M, VAR_I, VAR_J, VAR_K, VAR_L, N_VARS }; /* k: only round E; l: only round L */
static const char *const names[N_VARS] = {"n", "m", "i", "j", "k", "l"};

enum value_type { INT, UNSIGNED, LONG, SIZE, BYTE, SHORT, N_TYPES };
static const char *const type_names[N_TYPES] = {"int",           "unsigned",      "long",
                                                "unsigned long", "unsigned char", "short"};

/* The sum of coefficient * variable, n times some of them, and a constant. */
struct sum {
    int k[N_VARS], kn[N_VARS], constant;
};
struct loop {
    bool is_there;
    enum { UP, UP_TO, DOWN, DOWN_TO, UNEQUAL } form;
    int step;
    struct sum first, bound;
    int var;
};
struct subscript {
    struct loop inner;
    struct sum at[2];
};
struct program {
    enum value_type type;
    struct loop loops[2];
    struct subscript e, l;
    enum { FLAT, ROWS, ROW_POINTER } form;
};

/* vars: how many of i, j may be named; extra: k or l, or 0. */
static struct sum random_sum(int n_loops, int extra, bool has_n)
{
    struct sum s = {.constant = between(-3, 4)};
    for (int v = VAR_I; v < VAR_I + n_loops; v++)
        s.k[v] = roll(3) ? between(-1, 2) : 0;
    if (extra)
        s.k[extra] = between(-1, 2);
    if (has_n && roll(2) && n_loops)
        s.kn[VAR_I + (int)roll((unsigned)n_loops)] = 1;
    if (roll(4) == 0)
        s.k[VAR_N] = between(-1, 1);
    if (roll(6) == 0)
        s.k[VAR_M] = 1;
    return s;
}

static struct sum random_limit(int n_outer)
{
    struct sum s = {.constant = roll(2) ? 0 : between(0, 6)};
    if (roll(2))
        s.k[VAR_N] = 1;
    else if (n_outer && roll(3) == 0)
        s.k[VAR_I] = 1;
    else
        s.constant = between(0, 9);
    return s;
}

static struct loop random_loop(int var, int n_outer)
{
    struct loop l = {.is_there = true, .var = var, .form = (int)roll(8), .step = 1};
    if (l.form > UNEQUAL)
        l.form = UP;
    l.step = roll(3) ? 1 : between(2, 3);
    struct sum zero = {.constant = roll(3) ? 0 : between(0, 2)};
    bool is_down = l.form == DOWN || l.form == DOWN_TO;
    l.first = is_down ? random_limit(n_outer) : zero;
    l.bound = is_down ? zero : random_limit(n_outer);
    if (roll(5) == 0 && n_outer && !is_down)
        l.first.k[VAR_I] = 1;
    return l;
}

static struct subscript random_subscript(int n_loops, int extra, const struct program *p)
{
    struct subscript a = {.inner = {.is_there = false}};
    if (roll(4) == 0)
        a.inner = random_loop(extra, n_loops);
    else
        extra = 0;
    bool has_n = p->form == FLAT && roll(2);
    a.at[0] = random_sum(n_loops, extra, has_n);
    a.at[1] = random_sum(n_loops, extra, false);
    return a;
}

static struct program random_program(void)
{
    struct program p = {.type = roll(2) ? INT : (enum value_type)roll(N_TYPES)};
    int n_loops = between(1, 2);
    for (int i = 0; i < n_loops; i++)
        p.loops[i] = random_loop(VAR_I + i, i);
    p.form = roll(3) ? FLAT : roll(2) ? ROWS : ROW_POINTER;
    p.e = random_subscript(n_loops, VAR_K, &p);
    p.l = random_subscript(n_loops, VAR_L, &p);
    if (roll(2)) { /* alike: that is where the answer is close */
        for (int v = 0; v < VAR_K; v++)
            for (int d = 0; d < 2; d++) {
                p.l.at[d].k[v] = p.e.at[d].k[v];
                p.l.at[d].kn[v] = p.e.at[d].kn[v];
            }
    }
    return p;
}

/* ---- as text ---- */

static void print_sum(struct strbuf *out, const struct sum *s)
{
    strbuf_addf(out, "%d", s->constant);
    for (int v = 0; v < N_VARS; v++) {
        if (s->k[v])
            strbuf_addf(out, " + %d * %s", s->k[v], names[v]);
        if (s->kn[v])
            strbuf_addf(out, " + %s * n", names[v]);
    }
}

static void print_loop(struct strbuf *out, const struct loop *l, enum value_type type)
{
    static const char *const compare[] = {"<", "<=", ">", ">=", "!="};
    const char *v = names[l->var];
    bool is_down = l->form == DOWN || l->form == DOWN_TO;
    if (!l->is_there)
        return;
    strbuf_addf(out, "for (%s %s = ", type_names[type], v);
    print_sum(out, &l->first);
    strbuf_addf(out, "; %s %s ", v, compare[l->form]);
    print_sum(out, &l->bound);
    strbuf_addf(out, "; %s %s= %d) ", v, is_down ? "-" : "+", l->step);
}

static void print_subscript(struct strbuf *out, const struct program *p, const struct subscript *a,
                            const char *mark)
{
    print_loop(out, &a->inner, p->type);
    strbuf_addf(out, "{ ");
    if (p->form == ROW_POINTER) {
        strbuf_addf(out, "double *row = x[");
        print_sum(out, &a->at[0]);
        strbuf_addf(out, "]; %s(row[", mark);
    } else {
        strbuf_addf(out, "%s(x[", mark);
        print_sum(out, &a->at[0]);
    }
    if (p->form == ROWS)
        strbuf_addf(out, "][");
    if (p->form != FLAT)
        print_sum(out, &a->at[1]);
    strbuf_addf(out, "] = 1); } ");
}

static void print_program(struct strbuf *out, const struct program *p, unsigned index)
{
    const char *type = type_names[p->type];
    strbuf_addf(out, "void f%u(%s n, %s m, double %s) { ", index, type, type,
                p->form == FLAT ? "*x" : "x[8][8]");
    print_loop(out, &p->loops[0], p->type);
    print_loop(out, &p->loops[1], p->type);
    strbuf_addf(out, "{ ");
    print_subscript(out, p, &p->e, "E");
    print_subscript(out, p, &p->l, "L");
    strbuf_addf(out, "} }\n");
}

/* ---- carried out ---- */

struct event {
    int iteration; /* of the loops round both, counted through */
    bool is_later;
    long long at;
};
struct run {
    const struct program *p;
    long long value[N_VARS];
    struct event events[MAX_EVENTS];
    size_t n;
    int iteration;
};

/* What a C expression of the program's type has become. */
static long long wrap(const struct run *r, long long v)
{
    return r->p->type == UNSIGNED ? (long long)(uint32_t)v : v;
}

static long long store(const struct run *r, long long v)
{
    switch (r->p->type) {
    case UNSIGNED:
        return (long long)(uint32_t)v;
    case BYTE:
        return (long long)(uint8_t)v;
    case SHORT:
        return (long long)(int16_t)v;
    default:
        return v;
    }
}

static long long evaluate(const struct run *r, const struct sum *s)
{
    long long v = s->constant;
    bool names_any = false;
    for (int i = 0; i < N_VARS; i++) {
        v += s->k[i] * r->value[i] + s->kn[i] * r->value[i] * r->value[VAR_N];
        names_any |= s->k[i] || s->kn[i];
    }
    return names_any ? wrap(r, v) : v;
}

static bool goes_on(const struct run *r, const struct loop *l)
{
    long long v = r->value[l->var], bound = evaluate(r, &l->bound);
    bool is_less = v < bound;
    if (r->p->type == SIZE)
        is_less = (uint64_t)v < (uint64_t)bound;
    if (r->p->type == UNSIGNED)
        is_less = (uint32_t)v < (uint32_t)bound;
    bool is_equal = r->p->type == UNSIGNED ? (uint32_t)v == (uint32_t)bound : v == bound;
    switch (l->form) {
    case UP:
        return is_less;
    case UP_TO:
        return is_less || is_equal;
    case DOWN:
        return !is_less && !is_equal;
    case DOWN_TO:
        return !is_less;
    default:
        return !is_equal;
    }
}

static void body(struct run *r, int depth);

static void touch(struct run *r, const struct subscript *a, bool is_later)
{
    long long x = evaluate(r, &a->at[0]), y = evaluate(r, &a->at[1]);
    if (r->n == MAX_EVENTS)
        return;
    /* Out of its row, a direct subscript means nothing; nor does one out of the array. */
    if (r->p->form != FLAT && (x < 0 || x > 7))
        return;
    if (r->p->form == ROWS && (y < 0 || y > 7))
        return;
    if (r->p->form != FLAT)
        x = x * 8 + y;
    r->events[r->n++] = (struct event){r->iteration, is_later, x};
}

static void repeat(struct run *r, const struct loop *l, const struct subscript *a, int depth,
                   bool is_later)
{
    if (!l->is_there) {
        if (a)
            touch(r, a, is_later);
        else
            body(r, depth + 1);
        return;
    }
    bool is_down = l->form == DOWN || l->form == DOWN_TO;
    r->value[l->var] = store(r, evaluate(r, &l->first));
    for (int n = 0; n < MAX_STEPS && r->n < MAX_EVENTS && goes_on(r, l); n++) {
        if (a)
            touch(r, a, is_later);
        else
            body(r, depth + 1);
        long long next = r->value[l->var] + (is_down ? -l->step : l->step);
        r->value[l->var] = store(r, next);
    }
}

static void body(struct run *r, int depth)
{
    if (depth < 2) {
        repeat(r, &r->p->loops[depth], NULL, depth, false);
        return;
    }
    repeat(r, &r->p->e.inner, &r->p->e, 0, false);
    repeat(r, &r->p->l.inner, &r->p->l, 0, true);
    r->iteration++;
}

/* Bits: 1 they meet in an iteration, 2 across iterations. */
static int meet(const struct program *p)
{
    static struct run r;
    int found = 0;
    for (int n = 0; n < 7; n++) {
        r = (struct run){.p = p};
        r.value[VAR_N] = n == 6 ? 11 : n;
        r.value[VAR_M] = 3 - n;
        r.value[VAR_M] = store(&r, r.value[VAR_M]);
        body(&r, 0);
        for (size_t i = 0; i < r.n && found != 3; i++)
            for (size_t k = i + 1; k < r.n && !r.events[i].is_later; k++)
                if (r.events[k].is_later && r.events[k].at == r.events[i].at)
                    found |= r.events[k].iteration == r.events[i].iteration ? 1 : 2;
    }
    return found;
}

/* ---- comparing ---- */

struct score {
    unsigned n, wrong, apart, found; /* apart: never meet; found: and that was said */
};

static void check(struct touch_scope *s, const struct program *p, const struct depend_marks *m,
                  struct score *score)
{
    struct sync_region region = {.fn = s->fn, .root = s->fn->root, .is_function = true};
    int met = meet(p);
    for (int is_apart = 0; is_apart < 2; is_apart++) {
        const char *why;
        char verdict = depend_verdict(s, &region, m, !is_apart, &why);
        bool do_meet = is_apart ? met & 2 : met != 0;
        bool is_wrong = verdict == '?' || (do_meet && verdict == 'N');
        score->n++;
        score->apart += !do_meet;
        score->found += !do_meet && verdict == 'N';
        if (!is_wrong)
            continue;
        struct strbuf text = STRBUF_INIT;
        print_program(&text, p, 0);
        fprintf(stderr, "%c, but they meet%s: %s", verdict, is_apart ? " across iterations" : "",
                text.buf);
        strbuf_release(&text);
        score->wrong++;
    }
}

static void check_unit(struct score *score)
{
    static struct program programs[N_FUNCTIONS];
    struct arena arena;
    struct strbuf text = STRBUF_INIT;
    arena_init(&arena);
    strbuf_adds(&text, DEPEND_PROLOGUE);
    for (unsigned i = 0; i < N_FUNCTIONS; i++) {
        programs[i] = random_program();
        print_program(&text, &programs[i], i);
    }
    struct frontend *fe = depend_parse(&arena, text.buf, NULL);
    for (unsigned i = 0; fe && i < N_FUNCTIONS; i++) {
        const struct node *loops[16], *root;
        struct function *f = frontend_function(fe, arena_printf(&arena, "f%u", i));
        struct touch_scope s = {.fe = fe, .arena = &arena, .fn = f, .strict_aliasing = true};
        struct depend_marks m = {.e = NULL};
        if (!f || !(root = frontend_body(fe, f)))
            continue;
        touch_prepare(&s);
        depend_mark(&m, root, loops, 0);
        check(&s, &programs[i], &m, score);
    }
    arena_release(&arena);
    strbuf_release(&text);
}

int main(int argc, char **argv)
{
    struct score score = {.n = 0};
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;
    unsigned units = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 0) : 30;
    for (unsigned i = 0; i < units; i++) {
        state = (seed + i) * 0x9e3779b97f4a7c15u + 1;
        check_unit(&score);
    }
    printf("%u verdicts, %u wrong; of %u pairs that never meet %u are found\n", score.n,
           score.wrong, score.apart, score.found);
    bool is_complete = score.n == units * N_FUNCTIONS * 2;
    return score.wrong || !is_complete || score.found * 3 < score.apart;
}
