/* depend_help.h - two marked accesses in a C function, and what depend_judge says of them.
 *
 * The text has a function f and in it E(a) and L(b): a touches first, b later. An argument
 * that calls a function whose name begins with task is a concurrent call:
 *
 *   task(&x, ...)     writes one object        task_in(&x, ...)  reads one
 *   task_n(p, n)      writes p[0:n]            task_all(p)       writes an unknown extent
 *   task_behind(p)    writes doubles behind pointers that p leads to
 *
 * A comment "region" before a loop: f is synchronized from there on. */
#ifndef DEPEND_HELP_H
#define DEPEND_HELP_H

#include <string.h>

#include "base/arena.h"
#include "diag.h"
#include "frontend.h"
#include "touch.h"

#define DEPEND_PROLOGUE                                                                            \
    "#define C __attribute__((const))\n"                                                           \
    "int E() C; int L() C; double task() C; double task_in() C; int task_n(double *, int) C;"      \
    "int task_all(double *) C; int task_behind(void *) C;\n"                                       \
    "#undef C\n"

struct depend_marks {
    const struct node *e, *l;
    const struct node *e_loops[16], *l_loops[16];
    size_t n_e, n_l;
};

static inline struct frontend *depend_parse(struct arena *arena, const char *text,
                                            const char *libclang)
{
    static const char *const args[] = {"-std=gnu11", "-w"};
    static struct diag_engine diag;
    struct unit_request *r = arena_alloc(arena, sizeof *r);
    diag_init(&diag, &diag_stderr);
    *r = (struct unit_request){.path = "test.c",
                               .text = text,
                               .len = strlen(text),
                               .args = args,
                               .n_args = 2,
                               .libclang = libclang,
                               .is_gcc = true,
                               .diag = &diag,
                               .codegen = ""};
    return frontend_new(arena, r);
}

static inline bool depend_is_loop(const struct node *n)
{
    return n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
}

static inline void depend_mark(struct depend_marks *m, const struct node *n,
                               const struct node **loops, size_t n_loops)
{
    bool is_e = n->kind == NODE_CALL && n->fn && !strcmp(n->fn->name, "E");
    bool is_l = n->kind == NODE_CALL && n->fn && !strcmp(n->fn->name, "L");
    if (is_e || is_l) {
        *(is_e ? &m->e : &m->l) = n->kids[1];
        memcpy(is_e ? m->e_loops : m->l_loops, loops, n_loops * sizeof *loops);
        *(is_e ? &m->n_e : &m->n_l) = n_loops;
    }
    if (depend_is_loop(n) && n_loops < 15)
        loops[n_loops++] = n;
    for (size_t i = 0; i < n->n_kids; i++)
        depend_mark(m, n->kids[i], loops, n_loops);
}

/* The call inside conversions, or NULL. */
static inline const struct node *depend_task(const struct node *n)
{
    while (n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    return n->kind == NODE_CALL && n->fn && !strncmp(n->fn->name, "task", 4) ? n : NULL;
}

static inline void depend_touch_task(struct touch_scope *s, const struct node *call,
                                     struct touches *out)
{
    const char *name = call->fn->name;
    struct variable *param = ARENA_NEW(s->arena, struct variable);
    const struct node *arg = call->kids[1];
    while (arg->kind == NODE_CAST && arg->is_implicit && arg->n_kids &&
           (arg->kids[0]->type->kind == TYPE_ARRAY || arg->kids[0]->type->kind == TYPE_POINTER))
        arg = arg->kids[0];
    struct type *pointer = ARENA_NEW(s->arena, struct type);
    *pointer = *arg->type;
    pointer->kind = TYPE_POINTER;
    *param = (struct variable){.name = "p", .type = pointer, .is_parameter = true};
    struct variable **params = arena_alloc(s->arena, sizeof *params);
    params[0] = param;
    struct function *fn = ARENA_NEW(s->arena, struct function);
    *fn = (struct function){.name = name, .params = params, .n_params = 1};
    struct reach *r = ARENA_NEW(s->arena, struct reach);
    *r = (struct reach){.extent = REACH_SECTION,
                        .is_write = strcmp(name, "task_in") != 0,
                        .is_read = !strcmp(name, "task_in"),
                        .first = "p",
                        .count = "1",
                        .place = "*",
                        .path = "",
                        .is_object = !strcmp(name, "task") || !strcmp(name, "task_in"),
                        .type = pointer->element};
    if (!strcmp(name, "task_n"))
        r->count = "n";
    if (!strcmp(name, "task_all"))
        r->extent = REACH_AROUND;
    if (!strcmp(name, "task_behind")) {
        r->extent = REACH_BEHIND;
        r->place = "*.d*";
        r->type = frontend_function(s->fe, "task")->result;
    }
    struct concurrent_function cf = {.fn = fn, .reaches = r, .n_reaches = 1};
    touch_find_call(s, call, &cf, out);
}

static inline void depend_touches(struct touch_scope *s, const struct node *n, struct touches *out)
{
    const struct node *call = depend_task(n);
    if (call)
        depend_touch_task(s, call, out);
    else
        touch_find(s, n, NULL, 0, out);
}

/* The worst over all pairs, as a letter: N never, T test, A always; '?': there are no marks. */
static inline char depend_verdict(struct touch_scope *s, const struct sync_region *region,
                                  const struct depend_marks *m, bool same_iteration,
                                  const char **why)
{
    struct touches e = {.n = 0}, l = {.n = 0};
    struct depend_context dc = {
        .scope = s, .region = region, .loops = m->e_loops, .same_iteration = same_iteration};
    if (!m->e || !m->l)
        return '?';
    while (dc.n_loops < m->n_e && dc.n_loops < m->n_l &&
           m->e_loops[dc.n_loops] == m->l_loops[dc.n_loops])
        dc.n_loops++;
    depend_touches(s, m->e, &e);
    depend_touches(s, m->l, &l);
    enum depend worst = DEPEND_NEVER;
    for (size_t i = 0; i < e.n; i++)
        for (size_t k = 0; k < l.n; k++) {
            const char *reason = "";
            enum depend d = depend_judge(&dc, &e.items[i], &l.items[k], &reason);
            if (d > worst) {
                worst = d;
                *why = reason;
            }
        }
    return "NTA"[worst];
}

#endif
