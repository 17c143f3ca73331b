/* checkpoint_effects.c - see checkpoint_effects.h.
 *
 * Effects of effects.h come once for each function that is called, however often it is; but
 * each call may be of another stream. So the text is gone through once more here. */
#include "checkpoint_effects.h"

#include <string.h>

#include "checkpoint_calls.h"
#include "diag.h"
#include "libcalls.h"
#include "memo_abi.h"
#include "memo_checkpoint_abi.h"

#define MAX_CHAIN 16
#define MAX_VISITS 4000 /* of functions; behind that each is looked at once */

/* ---- the walk ---- */

struct told {
    const struct variable *var;
    const char *what; /* a path, a callee, or what several callees do */
};

struct visits {
    struct checkpoint_plan *plan;
    struct diag_engine *diag;
    struct told *told;
    size_t n_told, cap_told;
    struct function **seen;
    size_t n_seen, cap_seen;
    size_t n_visits;
};

static bool is_told(struct visits *v, const struct variable *var, const char *what)
{
    for (size_t i = 0; i < v->n_told; i++)
        if (v->told[i].var == var && !strcmp(v->told[i].what, what))
            return true;
    ARENA_PUSH(v->plan->arena, v->told, v->n_told, v->cap_told) = (struct told){var, what};
    return false;
}

static bool is_trusted(const struct visits *v, const struct checkpoint_frame *f, const char *callee)
{
    const struct clause *c = annotation_clause(v->plan->loop->annotation, CLAUSE_trust);
    for (size_t i = 0; c && i < c->n_exprs; i++) {
        if (!strcmp(c->exprs[i]->text, callee))
            return true;
        for (const struct checkpoint_frame *up = f; up->up; up = up->up)
            if (!strcmp(c->exprs[i]->text, up->fn->name))
                return true;
    }
    for (const struct checkpoint_frame *up = f; up->up; up = up->up)
        if (up->fn->memo_name) /* judged by itself */
            return true;
    return false;
}

static void note_chain(const struct visits *v, const struct checkpoint_frame *f)
{
    if (!f->up)
        return;
    note_chain(v, f->up);
    if (f->call && f->call->range.src)
        diag_report(v->diag, note_calls_here, f->call->range, f->up->fn->name, f->fn->name);
}

static struct src_range place_of(const struct visits *v, const struct checkpoint_frame *f,
                                 const struct node *n)
{
    for (; n && !n->range.src && f; f = f->up)
        n = f->call;
    return n && n->range.src ? n->range : v->plan->loop->annotation->range;
}

static void report_state(struct visits *v, const struct checkpoint_frame *f, const struct node *n,
                         const char *callee, const char *what)
{
    if (is_told(v, NULL, strncmp(what, "uses ", 5) ? callee : what))
        return;
    diag_report(v->diag, warn_checkpoint_state, place_of(v, f, n), callee, what);
    note_chain(v, f);
    diag_report(v->diag, note_checkpoint_trust, v->plan->loop->annotation->range, callee);
}

static void report_call(struct visits *v, const struct checkpoint_frame *f, const struct node *n,
                        enum checkpoint_call_kind kind)
{
    struct src_range loop = v->plan->loop->annotation->range;
    const char *callee = n->fn->name;
    if (is_told(v, NULL, callee))
        return;
    if (kind == CALL_AGAIN)
        diag_report(v->diag, warn_checkpoint_again, place_of(v, f, n), callee);
    else
        diag_report(v->diag, warn_checkpoint_environment, place_of(v, f, n), callee);
    note_chain(v, f);
    if (kind == CALL_AGAIN)
        diag_report(v->diag, note_checkpoint_trust, loop, callee);
    else
        diag_report(v->diag, note_checkpoint_environment, loop, callee);
}

static void report_stream(struct visits *v, const struct checkpoint_frame *f, const struct node *n,
                          const struct checkpoint_stream *s, bool is_read)
{
    const char *name = s->text ? s->text : s->var ? s->var->name : "";
    struct src_range whole = v->plan->loop->annotation->range;
    if (s->kind == STREAM_FREE || s->kind == STREAM_NAMED ||
        is_told(v, s->var, s->var ? s->path : n->fn->name))
        return;
    if (!*name)
        diag_report(v->diag, warn_checkpoint_stream_unknown, place_of(v, f, n), n->fn->name);
    else if (is_read)
        diag_report(v->diag, warn_checkpoint_stream_read, place_of(v, f, n), name);
    else
        diag_report(v->diag, warn_checkpoint_stream, place_of(v, f, n), name);
    note_chain(v, f);
    if (s->text)
        diag_report(v->diag, note_checkpoint_file, whole, s->text);
    else
        diag_report(v->diag, note_checkpoint_file_unseen, whole, n->fn->name);
}

/* Opened, written and closed in an iteration: nothing sets back what an earlier one has added. */
static void report_append(struct visits *v, const struct checkpoint_frame *f, const struct node *n,
                          const struct variable *var)
{
    if (is_told(v, var, "appends"))
        return;
    diag_report(v->diag, warn_checkpoint_append, place_of(v, f, n), var->name);
    note_chain(v, f);
    diag_report(v->diag, note_checkpoint_append, v->plan->loop->annotation->range, n->fn->name);
}

/* ---- what it does to the streams in `file` ---- */

/* Not so any more; of all of them, without `s`. */
static void lose(struct visits *v, const struct checkpoint_stream *s, unsigned flags)
{
    const struct annotation *a = v->plan->loop->annotation;
    size_t n = 0;
    bool is_any = !s || s->kind == STREAM_UNNAMED || s->kind == STREAM_UNKNOWN;
    for (size_t i = 0; i < a->n_clauses; i++)
        for (size_t k = 0; a->clauses[i].id == CLAUSE_file && k < a->clauses[i].n_exprs; k++, n++)
            if (is_any || (s->kind == STREAM_NAMED &&
                           checkpoint_is_stream_named(v->plan, s, a->clauses[i].exprs[k])))
                v->plan->file_flags[n] &= (unsigned char)~flags;
}

#define ALL (MEMO_CK_INPUT | MEMO_CK_FORWARD)

static void begin_flags(struct checkpoint_plan *plan)
{
    const struct annotation *a = plan->loop->annotation;
    for (size_t i = 0; i < a->n_clauses; i++)
        plan->n_files += a->clauses[i].id == CLAUSE_file ? a->clauses[i].n_exprs : 0;
    plan->file_flags = arena_alloc(plan->arena, plan->n_files + 1);
    memset(plan->file_flags, ALL, plan->n_files + 1);
}

static unsigned lost_by(const char *callee, enum checkpoint_call_kind kind)
{
    if (strstr(callee, "fclose"))
        return ALL;
    if (strstr(callee, "seek") || strstr(callee, "rewind") || strstr(callee, "setpos"))
        return MEMO_CK_FORWARD;
    return kind == CALL_READS || kind == CALL_READS_FROM || kind == CALL_SCANS ? 0 : MEMO_CK_INPUT;
}

/* ---- calls ---- */

static void judge_descriptor(struct visits *v, const struct checkpoint_frame *f,
                             const struct node *n, enum checkpoint_call_kind kind)
{
    const struct node *arg = n->n_kids > 1 ? n->kids[1] : NULL;
    while (arg && arg->kind == NODE_CAST && arg->n_kids == 1)
        arg = arg->kids[0];
    const struct node *adds = NULL;
    bool is_write = strstr(n->fn->name, "write") || strstr(n->fn->name, "printf");
    bool is_stderr = arg && arg->kind == NODE_LITERAL && arg->value == 2;
    bool is_fine = kind == CALL_OPENS ? checkpoint_is_kept_briefly(v->plan, f, n)
                                      : is_stderr || checkpoint_is_brief(v->plan, f, arg, &adds);
    if (is_write && adds && arg->kind == NODE_VARIABLE)
        report_append(v, f, n, arg->var);
    if (is_fine || is_told(v, NULL, n->fn->name))
        return;
    diag_report(v->diag, warn_checkpoint_descriptor, place_of(v, f, n), n->fn->name);
    note_chain(v, f);
    diag_report(v->diag, note_checkpoint_descriptor, v->plan->loop->annotation->range, n->fn->name);
}

static void judge_stream(struct visits *v, const struct checkpoint_frame *f, const struct node *n,
                         enum checkpoint_call_kind kind)
{
    bool is_read = kind == CALL_READS || kind == CALL_READS_FROM || kind == CALL_SCANS;
    bool is_last = kind == CALL_WRITES || kind == CALL_READS;
    struct checkpoint_stream s;
    if (kind == CALL_PRINTS || kind == CALL_SCANS)
        s = checkpoint_standard_stream(v->plan, is_read ? "stdin" : "stdout");
    else if (n->n_kids > 1)
        s = checkpoint_stream(v->plan, f, n->kids[is_last ? n->n_kids - 1 : 1]);
    else
        return;
    lose(v, &s, lost_by(n->fn->name, kind));
    if (is_trusted(v, f, n->fn->name))
        return;
    report_stream(v, f, n, &s, is_read);
    if (s.adds && !is_read && !strstr(n->fn->name, "fclose"))
        report_append(v, f, n, s.var);
}

/* Of a stream that outlives the iteration. */
static void judge_reopen(struct visits *v, const struct checkpoint_frame *f, const struct node *n)
{
    if (n->n_kids < 4 || is_trusted(v, f, n->fn->name))
        return;
    struct checkpoint_stream s = checkpoint_stream(v->plan, f, n->kids[3]);
    if (s.kind == STREAM_FREE || is_told(v, NULL, n->fn->name))
        return;
    v->plan->loop->has_errors = true;
    diag_report(v->diag, err_checkpoint_reopen, place_of(v, f, n), n->fn->name);
    note_chain(v, f);
    diag_report(v->diag, note_checkpoint_reopen, v->plan->loop->annotation->range, n->fn->name);
}

static void judge_call(struct visits *v, const struct checkpoint_frame *f, const struct node *n)
{
    struct checkpoint_call c = checkpoint_call(n->fn->name);
    const struct node *adds;
    v->plan->uses_random |= c.kind == CALL_RANDOM;
    v->plan->uses_rand48 |= c.kind == CALL_RAND48;
    bool is_reopen = !strncmp(n->fn->name, "freopen", 7);
    if (c.kind == CALL_DESCRIPTOR || c.kind == CALL_STATE || is_reopen)
        lose(v, NULL, ALL);
    if (is_reopen)
        judge_reopen(v, f, n);
    if (checkpoint_call_is_stream(c.kind))
        judge_stream(v, f, n, c.kind);
    if (c.kind == CALL_IS_FREE || is_trusted(v, f, n->fn->name))
        return;
    if (c.kind == CALL_DESCRIPTOR || c.kind == CALL_OPENS)
        judge_descriptor(v, f, n, c.kind);
    else if (c.kind == CALL_STATE)
        report_state(v, f, n, n->fn->name, c.what);
    else if (c.kind == CALL_AGAIN || c.kind == CALL_ENVIRONMENT)
        report_call(v, f, n, c.kind);
    else if (c.kind == CALL_DIRECTORY && n->n_kids > 1 &&
             !checkpoint_is_brief(v->plan, f, n->kids[1], &adds))
        report_state(v, f, n, n->fn->name, "keeps hidden state");
}

static bool is_stream(const struct type *t)
{
    return t && t->kind == TYPE_POINTER && t->element->kind == TYPE_RECORD &&
           !strcmp(t->element->record->name, "struct _IO_FILE");
}

/* A function out of sight may do anything with the streams that it gets, or has got. */
static void judge_unseen(struct visits *v, const struct checkpoint_frame *f, const struct node *n)
{
    if (!n->fn->is_builtin)
        lose(v, NULL, ALL);
    for (size_t i = 1; i < n->n_kids; i++) {
        if (!is_stream(n->kids[i]->type) || is_trusted(v, f, n->fn->name))
            continue;
        struct checkpoint_stream s = checkpoint_stream(v->plan, f, n->kids[i]);
        report_stream(v, f, n, &s, false);
        if (s.adds)
            report_append(v, f, n, s.var);
    }
}

/* __asm__("" ::: "memory") holds the compiler back, and does nothing. */
static bool is_empty_asm(const struct node *n)
{
    const struct src_range *r = &n->range;
    const char *quote = r->src ? memchr(r->src->text + r->begin, '"', r->end - r->begin) : NULL;
    return quote && quote + 1 < r->src->text + r->end && quote[1] == '"';
}

/* ---- functions in sight ---- */

static void visit(struct visits *v, const struct checkpoint_frame *f, const struct node *n);

static bool takes_pointers(const struct function *fn)
{
    for (size_t i = 0; i < fn->n_params; i++)
        if (fn->params[i]->type->kind == TYPE_POINTER || fn->params[i]->type->kind == TYPE_INTEGER)
            return true;
    return false;
}

static bool is_seen(struct visits *v, struct function *fn)
{
    for (size_t i = 0; i < v->n_seen; i++)
        if (v->seen[i] == fn)
            return true;
    ARENA_PUSH(v->plan->arena, v->seen, v->n_seen, v->cap_seen) = fn;
    return false;
}

/* Functions that may be handed a stream are looked at for each call. */
static void enter(struct visits *v, const struct checkpoint_frame *up, const struct node *call,
                  struct function *fn)
{
    struct checkpoint_frame f = {up, call, fn};
    const struct node *body = frontend_body(v->plan->fe, fn);
    size_t depth = 0;
    bool was_seen = is_seen(v, fn);
    for (const struct checkpoint_frame *x = up; x; x = x->up, depth++)
        if (x->fn == fn && x->up) {
            if (takes_pointers(fn)) /* of other streams, it may be */
                lose(v, NULL, ALL);
            return;
        }
    if (!body || depth > MAX_CHAIN || (was_seen && v->n_visits > MAX_VISITS))
        lose(v, NULL, ALL);
    if (!body || (was_seen && (!call || !takes_pointers(fn) || v->n_visits > MAX_VISITS)) ||
        depth > MAX_CHAIN)
        return;
    v->n_visits++;
    visit(v, &f, body);
}

static void visit(struct visits *v, const struct checkpoint_frame *f, const struct node *n)
{
    if (n->kind == NODE_CALL && n->fn) {
        bool is_known = libcall_find(n->fn->name) && (!n->fn->has_definition || n->fn->is_system);
        if (n->fn->has_definition && !is_known)
            enter(v, f, n, n->fn);
        else if (is_known || checkpoint_call(n->fn->name).kind != CALL_IS_FREE)
            judge_call(v, f, n);
        else
            judge_unseen(v, f, n);
    } else if (n->kind == NODE_CALL) {
        lose(v, NULL, ALL);
    } else if (n->kind == NODE_ASM && !is_empty_asm(n) && !is_trusted(v, f, "")) {
        if (!is_told(v, NULL, "asm")) {
            diag_report(v->diag, warn_checkpoint_asm, place_of(v, f, n));
            note_chain(v, f);
        }
    }
    for (size_t i = 0; i < n->n_kids; i++)
        if (n->kids[i])
            visit(v, f, n->kids[i]);
}

/* What libclang couldn't understand of a callee, its effects don't show. */
static void check_callees(struct checkpoint_plan *plan)
{
    const struct checkpoint_loop *l = plan->loop;
    for (size_t i = 0; i < plan->effects->n_callees; i++) {
        const struct function *fn = plan->effects->callees[i];
        struct src_range where;
        const char *error = fn->body.src ? frontend_error_in(plan->fe, fn->body, &where) : NULL;
        if (!error)
            continue;
        diag_report(l->scope.diag, err_checkpoint_not_understood, where, l->fn->name, error);
        diag_report(l->scope.diag, note_annotated_here, l->annotation->range);
        plan->loop->has_errors = true;
        return;
    }
}

void checkpoint_effects(struct checkpoint_plan *plan)
{
    struct visits v = {.plan = plan, .diag = plan->loop->scope.diag};
    struct checkpoint_frame loop = {NULL, NULL, plan->loop->fn};
    begin_flags(plan);
    for (size_t i = 0; i < plan->loop->annotation->n_clauses; i++) {
        const struct clause *c = &plan->loop->annotation->clauses[i];
        if (c->id != CLAUSE_rng || !c->word)
            continue;
        plan->uses_rand48 |= !strcmp(c->word, "rand48");
        plan->uses_random |= strcmp(c->word, "rand48") != 0;
    }
    visit(&v, &loop, plan->loop->root);
    /* Those that are reached through pointers, by functions of the library among others. */
    for (size_t i = 0; i < plan->effects->n_callees; i++)
        if (!plan->effects->callees[i]->is_system)
            enter(&v, &loop, NULL, plan->effects->callees[i]);
    check_callees(plan);
}
