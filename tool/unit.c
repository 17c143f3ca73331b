/* unit.c - the list of passes; see unit.h.
 *
 * frontend (one parse) -> annotations (each site parsed and matched with what
 * it stands before) -> checks -> plans -> edits -> the text to compile. All
 * errors of a unit are reported before anything is given up. */
#include "unit.h"

#include <string.h>

#include "annotations.h"
#include "asks.h"
#include "check_memo.h"
#include "checkpoint.h"
#include "diag.h"
#include "diag_verify.h"
#include "edit.h"
#include "emit.h"
#include "emit_checkpoint.h"
#include "explain.h"
#include "frontend.h"
#include "plan.h"
#include "sync.h"

struct unit {
    const struct unit_request *request;
    struct arena arena;
    struct frontend *fe;
    struct annotations *annotations;
    struct edit_list edits;
    struct memo_plan **plans;
    size_t n_plans, cap_plans;
    struct checkpoint_plan **loops;
    size_t n_loops, cap_loops;
    struct sync_plan **syncs; /* those that aren't serial */
    size_t n_syncs, cap_syncs;
    struct strbuf tail;   /* text for the unit's end */
    struct strbuf report; /* --memo-explain */
};

/* What callers need to know of annotations, before any of them is looked at. */
static void tell_callers(struct memo_function *const *functions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct clause *name = annotation_clause(functions[i]->annotation, CLAUSE_name);
        const struct clause *version = annotation_clause(functions[i]->annotation, CLAUSE_version);
        struct function *fn = functions[i]->fn;
        fn->memo_name = name && name->string ? name->string : fn->name;
        fn->version = version ? version->string : NULL;
        fn->is_memo_pure = annotation_clause(functions[i]->annotation, CLAUSE_pure) != NULL;
    }
}

static void plan_memoized(struct unit *u)
{
    struct annotations *an = u->annotations;
    tell_callers(an->functions, an->n_functions);
    tell_callers(an->elsewhere, an->n_elsewhere);
    for (size_t i = 0; i < an->n_functions; i++) {
        struct memo_function *mf = an->functions[i];
        mf->request = u->request;
        mf->has_errors = !check_memo(mf);
        if (mf->has_errors) {
            if (u->request->explain)
                explain_refused(&u->report, mf);
            continue;
        }
        struct memo_plan *plan = plan_memo(mf, u->request);
        ARENA_PUSH(&u->arena, u->plans, u->n_plans, u->cap_plans) = plan;
        if (u->request->explain)
            explain_plan(&u->report, plan);
    }
}

static void plan_synchronized(struct unit *u)
{
    struct concurrency *c = &u->annotations->concurrency;
    c->checkpoints = &u->annotations->checkpoints;
    if (u->request->no_openmp)
        return;
    for (size_t i = 0; i < c->n_functions; i++)
        check_concurrent(u->fe, &u->arena, c, c->functions[i]);
    for (size_t i = 0; u->request->explain && i < c->n_functions; i++)
        explain_concurrent(&u->report, c->functions[i]);
    for (size_t i = 0; i < c->n_regions; i++) {
        struct sync_region *r = c->regions[i];
        struct touch_scope *scope = ARENA_NEW(&u->arena, struct touch_scope);
        if (r->has_errors)
            continue;
        *scope = (struct touch_scope){.fe = u->fe,
                                      .arena = &u->arena,
                                      .all = c,
                                      .fn = r->fn,
                                      .strict_aliasing = u->request->has_strict_aliasing};
        touch_prepare(scope);
        struct sync_plan *p =
            sync_plan(u->fe, &u->arena, u->request->diag, c, scope, r, (unsigned)i);
        sync_report(p);
        if (u->request->explain)
            explain_sync(&u->report, p);
        if (p->why_serial)
            continue;
        emit_sync(&u->edits, p);
        ARENA_PUSH(&u->arena, u->syncs, u->n_syncs, u->cap_syncs) = p;
    }
}

static void plan_checkpoints(struct unit *u)
{
    struct checkpoints *c = &u->annotations->checkpoints;
    for (size_t i = 0; i < c->n_loops; i++) {
        if (c->loops[i]->has_errors)
            continue;
        struct checkpoint_plan *plan = checkpoint_plan(u->fe, &u->arena, c->loops[i], u->request);
        if (!plan)
            continue;
        ARENA_PUSH(&u->arena, u->loops, u->n_loops, u->cap_loops) = plan;
        if (u->request->explain)
            explain_checkpoint(&u->report, plan);
    }
    struct checkpoint_emission all = {.edits = &u->edits,
                                      .request = u->request,
                                      .plans = u->loops,
                                      .n_plans = u->n_loops,
                                      .syncs = u->syncs,
                                      .n_syncs = u->n_syncs,
                                      .tail = &u->tail};
    emit_checkpoints(&all);
}

/* Wrappers last: at one place in the text, what synchronized code needs stands before them. */
static void emit_memoized(struct unit *u)
{
    for (size_t i = 0; i < u->n_plans; i++)
        if (u->plans[i]->mf->is_external)
            emit_external(&u->edits, u->plans[i], u->request);
        else
            emit_memo(&u->edits, u->plans[i], u->request);
}

/* Our pragmas are no news to the compiler: -Wunknown-pragmas has nothing to say. */
static void blank_sites(struct unit *u)
{
    for (size_t i = 0; i < u->fe->n_files; i++) {
        struct unit_file *f = &u->fe->files[i];
        for (size_t j = 0; j < f->sites.n_sites; j++) {
            const struct pragma_site *s = &f->sites.sites[j];
            if (f->is_active[j])
                edit_add(&u->edits, (struct edit){.file = f,
                                                  .begin = s->begin,
                                                  .end = s->end,
                                                  .text = "",
                                                  .is_directive = !s->is_operator});
        }
    }
    annotations_blank_macros(u->annotations, &u->edits);
}

static bool touches_headers(const struct unit *u)
{
    for (size_t i = 0; i < u->edits.n; i++)
        if (!u->edits.edits[i].file->is_main)
            return true;
    return false;
}

static void add_end(struct unit *u, struct strbuf *out)
{
    if (!u->tail.len && !u->n_plans && !u->n_loops)
        return;
    if (out->len && out->buf[out->len - 1] != '\n')
        strbuf_addc(out, '\n');
    strbuf_add(out, u->tail.buf, u->tail.len);
    emit_section(out, u->fe, u->plans, u->n_plans, u->loops, u->n_loops, u->request->codegen);
}

static void apply(struct unit *u, struct unit_result *out)
{
    const char *preamble = emit_preamble(&u->arena, u->n_syncs > 0, u->n_loops > 0);
    if (!touches_headers(u)) {
        edit_apply(u->fe, &u->edits, preamble, &out->text);
        out->form = UNIT_REWRITTEN;
        add_end(u, &out->text);
        return;
    }
    struct strbuf text = STRBUF_INIT;
    /* The line markers of clang's own text are none of -pedantic's business. */
    if (!u->request->is_gcc)
        strbuf_adds(&out->text, "#pragma clang diagnostic ignored \"-Wunknown-warning-option\"\n"
                                "#pragma clang diagnostic ignored \"-Wgnu-line-marker\"\n");
    if (!u->request->directives_only(u->request->arg, &text)) {
        out->form = UNIT_FAILED;
    } else if (!edit_apply_directives(u->fe, &u->edits, preamble, text.buf, text.len, &out->text)) {
        struct src_range whole = {0};
        diag_report(u->request->diag, err_header_mismatch, whole, u->request->path);
        out->form = UNIT_FAILED;
    } else {
        out->form = UNIT_DIRECTIVES;
        add_end(u, &out->text);
    }
    strbuf_release(&text);
}

static bool run_checks(struct unit *u, const struct unit_request *request)
{
    *u = (struct unit){.request = request, .tail = STRBUF_INIT, .report = STRBUF_INIT};
    arena_init(&u->arena);
    u->edits.arena = &u->arena;
    u->fe = frontend_new(&u->arena, request);
    if (!u->fe) {
        diag_report(request->diag, err_no_unit, (struct src_range){0}, request->path);
        return false;
    }
    u->annotations = annotations_find(u->fe, request->diag);
    plan_memoized(u);
    plan_synchronized(u);
    plan_checkpoints(u);
    emit_memoized(u);
    asks_rewrite(u->fe, u->annotations, request->diag, &u->edits);
    return true;
}

static void unit_release(struct unit *u)
{
    strbuf_release(&u->tail);
    strbuf_release(&u->report);
    arena_release(&u->arena);
}

void unit_rewrite(const struct unit_request *request, struct unit_result *out)
{
    struct unit u;
    strbuf_init(&out->text);
    out->form = UNIT_FAILED;
    if (run_checks(&u, request) && request->diag->n_errors == 0) {
        bool needs_text = u.edits.n > 0;
        blank_sites(&u);
        if (u.edits.n == 0 && !needs_text)
            out->form = UNIT_UNTOUCHED;
        else
            apply(&u, out);
    }
    fputs(u.report.buf, stderr);
    unit_release(&u);
}

bool unit_verify(const struct unit_request *request)
{
    struct unit u;
    struct diag_verify v;
    struct source src;
    struct arena arena;
    arena_init(&arena);
    source_init(&src, &arena, request->path, request->text, request->len);
    diag_verify_init(&v, &src);
    struct diag_consumer *before = request->diag->consumer;
    request->diag->consumer = &v.consumer;
    run_checks(&u, request);
    request->diag->consumer = before;
    unit_release(&u);
    bool ok = diag_verify_finish(&v);
    arena_release(&arena);
    return ok;
}
