/* depend_rows.h - rows of functions and verdicts, for the tests of depend_judge.
 *
 * Each row is a function with E(earlier) and L(later) (depend_help.h), and the verdicts: N
 * never, T test, A always; first where both may be of the same iteration, then where an
 * iteration lies between (where a loop is round both).
 *
 * Every installed version of libclang is asked. The test defines run_all(). */
#ifndef DEPEND_ROWS_H
#define DEPEND_ROWS_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "depend_help.h"
#include "frontend.h"
#include "touch.h"

static unsigned n_failed, n_checks;

struct row {
    const char *name, *text;
    const char *expected; /* and behind a blank the names of `noalias` */
};

/* `p`, or `s->p`. */
static struct cexpr *name_of(struct arena *arena, const char *text, size_t n)
{
    struct cexpr *e = ARENA_NEW(arena, struct cexpr), *of;
    const char *arrow = memmem(text, n, "->", 2);
    const char *name = arrow ? arrow + 2 : text;
    e->kind = arrow ? CEXPR_ARROW : CEXPR_NAME;
    e->text = arena_strndup(arena, name, n - (size_t)(name - text));
    if (!arrow)
        return e;
    of = name_of(arena, text, (size_t)(arrow - text));
    e->kids = arena_alloc(arena, sizeof *e->kids);
    e->kids[e->n_kids++] = of;
    return e;
}

static struct sync_region region_of(struct arena *arena, struct function *f, const char *names)
{
    struct sync_region r = {.fn = f, .root = f->root, .is_function = true};
    if (!names)
        return r;
    names++;
    struct annotation *a = ARENA_NEW(arena, struct annotation);
    struct clause *c = ARENA_NEW(arena, struct clause);
    c->id = CLAUSE_noalias;
    c->exprs = arena_alloc(arena, 4 * sizeof *c->exprs);
    while (*names) {
        size_t n = strcspn(names, " ");
        c->exprs[c->n_exprs++] = name_of(arena, names, n);
        names += n + (names[n] == ' ');
    }
    a->clauses = c;
    a->n_clauses = 1;
    r.annotation = a;
    return r;
}

static void run_row(const struct row *row, const char *libclang)
{
    struct arena arena;
    arena_init(&arena);
    char got[3] = "";
    const char *why = "", *text = arena_printf(&arena, "%s%s", DEPEND_PROLOGUE, row->text);
    struct frontend *fe = depend_parse(&arena, text, libclang);
    struct function *f = fe ? frontend_function(fe, "f") : NULL;
    const struct node *body = f ? frontend_body(fe, f) : NULL;
    if (body) {
        struct depend_marks m = {.e = NULL};
        const struct node *loops[16];
        struct touch_scope s = {.fe = fe, .arena = &arena, .fn = f, .strict_aliasing = true};
        struct sync_region region = region_of(&arena, f, strchr(row->expected, ' '));
        touch_prepare(&s);
        depend_mark(&m, body, loops, 0);
        got[0] = depend_verdict(&s, &region, &m, true, &why);
        bool is_in_loop = m.n_e && m.n_l && m.e_loops[0] == m.l_loops[0];
        if (is_in_loop)
            got[1] = depend_verdict(&s, &region, &m, false, &why);
    }
    n_checks++;
    size_t len = strcspn(row->expected, " ");
    if (strlen(got) != len || strncmp(got, row->expected, len) != 0) {
        n_failed++;
        fprintf(stderr, "%s: %s, not %s (%s)\n  %s\n", row->name, got, row->expected, why,
                row->text);
    }
    arena_release(&arena);
}

/* Before version 17 libclang won't name operators that a macro makes: the worst is assumed. */
static void run_rows(const struct row *rows, size_t n, const char *libclang)
{
    bool has_operators = !libclang || atoi(libclang) >= 17;
    for (size_t i = 0; i < n; i++)
        if (has_operators || !strstr(rows[i].text, "#define"))
            run_row(&rows[i], libclang);
}

#define RUN(rows, libclang) run_rows(rows, sizeof rows / sizeof rows[0], libclang)

static int run_all(const char *libclang);

int main(void)
{
    int failed = 0;
    for (int version = 0; version < 40; version++) {
        char pattern[64], name[16];
        glob_t g;
        snprintf(pattern, sizeof pattern, "/usr/lib/llvm-%d/lib/libclang*.so*", version);
        snprintf(name, sizeof name, "%d", version);
        bool is_there = glob(pattern, 0, NULL, &g) == 0;
        globfree(&g);
        if (version && (version < 14 || !is_there))
            continue;
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            int status = run_all(version ? name : NULL);
            fflush(stdout);
            _exit(status);
        }
        int status = 1;
        failed |= pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
    }
    return failed;
}

#endif
