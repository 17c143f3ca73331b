/* explain.c - --memo-explain: the plan and the effects in words; see explain.h.
 *
 * It decides nothing. What is said of sizes is in the user's own terms: of
 * `v[:n]` the count as it stands in the pragma, times the size of an element. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain_private.h"
#include "memo_abi.h"

struct memo_report {
    struct report rows;
    const struct memo_plan *plan;
    const struct memo_function *mf;
    size_t key, result;               /* bytes known by now */
    bool is_key_open, is_result_open; /* there are more, of sizes known at run time */
};

static const char *bytes(struct arena *a, size_t n)
{
    return arena_printf(a, "%zu byte%s", n, n == 1 ? "" : "s");
}

static struct arena *arena_of(const struct memo_report *r)
{
    return r->mf->scope.fe->facts.arena;
}

/* ---- sizes ---- */

static const struct shape *shape_of(const struct memo_report *r, const struct part_plan *part)
{
    const struct annotation *a = r->mf->annotation;
    for (size_t i = 0; i < a->n_clauses; i++)
        for (size_t k = 0; k < a->clauses[i].n_shapes; k++)
            if (strcmp(a->clauses[i].shapes[k].text, part->name) == 0)
                return &a->clauses[i].shapes[k];
    return NULL;
}

static bool is_plain_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* The counts of a section, outermost first, "n x m x "; those that are numbers
 * go into *factor. */
static const char *counts_of(const struct memo_report *r, const struct cexpr *e, size_t *factor)
{
    if (!e || e->kind != CEXPR_SECTION)
        return "";
    struct strbuf text = STRBUF_INIT;
    const char *outer = counts_of(r, e->kids[0], factor);
    if (e->kids[2] && (e->kids[2]->n_kids == 0 || e->kids[2]->kind != CEXPR_BINARY))
        cexpr_print(&text, e->kids[2]);
    else if (e->kids[2])
        strbuf_addf(&text, "(%.*s)", (int)(e->kids[2]->range.end - e->kids[2]->range.begin),
                    e->kids[2]->range.src ? e->kids[2]->range.src->text + e->kids[2]->range.begin
                                          : "...");
    const char *out = arena_printf(arena_of(r), "%s%s x ", outer, text.buf);
    if (is_plain_number(text.buf)) {
        *factor *= strtoul(text.buf, NULL, 10);
        out = outer;
    }
    strbuf_release(&text);
    return out;
}

/* "n x 8 bytes"; *known: bytes, if that is a number, else 0. */
static const char *size_of(const struct memo_report *r, const struct part_plan *part, size_t *known)
{
    struct arena *a = arena_of(r);
    const struct shape *shape = shape_of(r, part);
    const struct cexpr *e = shape ? shape->expr : NULL;
    *known = 0;
    if (part->role & MEMO_STRING)
        return "up to its NUL";
    if (part->role & MEMO_GLOBAL && !e) {
        for (size_t i = 0; i < r->mf->effects->n_accesses; i++) {
            const struct variable *v = r->mf->effects->accesses[i].var;
            if (v && v->is_global && strcmp(v->name, part->name) == 0)
                return bytes(a, *known = v->type->size);
        }
        return "its bytes";
    }
    const struct scope *s = &r->mf->scope;
    const struct type *t = e && shape->kind != SHAPE_CODE ? scope_type(s, e) : NULL;
    if (!e) {
        for (size_t i = 0; i < r->mf->fn->n_params; i++)
            if (strcmp(r->mf->fn->params[i]->name, part->name) == 0)
                return bytes(a, *known = r->mf->fn->params[i]->type->size);
        return "its value";
    }
    size_t factor = 1;
    const char *counts = counts_of(r, e, &factor);
    size_t size = t && t->is_complete ? t->size : 1;
    if (shape->kind == SHAPE_ALLOC && e->kids[0]) {
        const struct type *to = scope_type(s, e->kids[0]);
        size = to && to->element && to->element->is_complete ? to->element->size : 1;
    }
    if (!*counts)
        return bytes(a, *known = size * factor);
    return arena_printf(a, "%s%s", counts, bytes(a, size * factor));
}

/* ---- the key ---- */

static const char *padding_of(const struct memo_report *r, const struct part_plan *part)
{
    if (!part->type)
        return "";
    bool is_raw = part->excluded[0] == '!', has_pointers = false;
    has_pointers = type_pointer_member(arena_of(r), part->type) != NULL;
    return has_pointers ? is_raw ? ", without its pointers" : ", without its pointers and padding"
           : is_raw     ? ", without ignored members"
                        : ", without padding";
}

static bool is_reads(const struct memo_report *r, const struct part_plan *part)
{
    const struct clause *c = annotation_clause(r->mf->annotation, CLAUSE_reads);
    for (size_t i = 0; c && i < c->n_shapes; i++)
        if (strcmp(c->shapes[i].text, part->name) == 0)
            return true;
    return false;
}

static void explain_key_part(struct memo_report *r, const struct part_plan *part)
{
    size_t known;
    if (part->role & MEMO_FILE) {
        report_row(&r->rows, part->name, "the content of that file, as it is when the call begins");
    } else if (part->role & MEMO_ENV) {
        report_row(&r->rows, part->name, "the variable's value");
    } else if (part->role & MEMO_CODE) {
        report_row(&r->rows, part->name, "the code of the function it points to");
    } else if (part->role & MEMO_GLOBAL) {
        report_row(&r->rows, part->name, "%s%s; a global, %s", size_of(r, part, &known),
                   padding_of(r, part), is_reads(r, part) ? "named in 'reads'" : "found by itself");
        r->key += known;
        r->is_key_open |= !known;
        return;
    } else {
        report_row(&r->rows, part->name, "%s%s", size_of(r, part, &known), padding_of(r, part));
        r->key += known;
        r->is_key_open |= !known;
        return;
    }
    r->key += 16; /* a digest */
}

static void explain_key(struct memo_report *r)
{
    const struct memo_plan *p = r->plan;
    report_head(&r->rows, "key");
    for (size_t i = 0; i < p->n_packed; i++)
        report_row(&r->rows, p->packed[i].name, "%s", bytes(arena_of(r), p->packed[i].len));
    r->key = p->packed_len;
    for (size_t i = 1; i < p->n_parts; i++)
        if (p->parts[i].role & MEMO_KEY)
            explain_key_part(r, &p->parts[i]);
    for (size_t i = 1; i < p->n_parts; i++)
        if (p->parts[i].role & MEMO_IGNORED)
            report_row(&r->rows, p->parts[i].name, "ignored");
    if (p->flags & MEMO_SITE_FP)
        report_row(&r->rows, "(rounding mode)", "where it isn't the one programs start with");
    if (p->flags & MEMO_SITE_ERRNO_READ)
        report_row(&r->rows, "errno", "its old value: the function may read it before it sets it");
    if (!r->rows.n_rows)
        report_row(&r->rows, "(nothing)", "the function has no arguments and reads no globals");
}

/* ---- the code ---- */

static bool is_first(const struct effects *fx, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (fx->unseen[k].fn && fx->unseen[k].fn == fx->unseen[i].fn)
            return false;
    return true;
}

static const char *pointer_name(const struct node *call)
{
    const struct node *n = call && call->n_kids ? call->kids[0] : NULL;
    while (n && (n->kind == NODE_CAST || n->kind == NODE_DEREF) && n->n_kids)
        n = n->kids[0];
    return n && n->kind == NODE_VARIABLE ? n->var->name
           : n && n->kind == NODE_MEMBER ? n->name
                                         : "(a pointer)";
}

static void explain_unseen(struct memo_report *r, const struct unseen *u)
{
    const struct function *fn = u->fn;
    if (!fn)
        report_row(&r->rows, pointer_name(u->where),
                   "a pointer, %s; what it calls isn't known: the program counts",
                   report_place(&r->rows, u->where ? u->where->range : (struct src_range){0}));
    else if (fn->memo_name && fn->version)
        report_row(&r->rows, fn->name, "memoized in another unit; counts by its version \"%s\"",
                   fn->version);
    else if (u->is_listed && fn->is_system)
        report_row(&r->rows, fn->name, "a library's, known; counts by the library's build ID");
    else if (u->is_promised)
        report_row(&r->rows, fn->name,
                   "another unit or library, declared free of effects; its code counts");
    else
        report_row(&r->rows, fn->name,
                   "another unit or library; its code counts, and is judged by the link step");
}

static void explain_code(struct memo_report *r)
{
    const struct memo_plan *p = r->plan;
    const struct effects *fx = r->mf->effects;
    report_head(&r->rows, "code");
    if (p->version) {
        report_row(&r->rows, "version", "\"%s\" counts in place of the code", p->version);
        return;
    }
    if (!fx) {
        report_row(&r->rows, r->mf->fn->name,
                   "a library's; counts by the libraries' build IDs and the program");
        return;
    }
    report_row(&r->rows, r->mf->fn->name, "%s", report_place(&r->rows, r->mf->fn->name_range));
    for (size_t i = 0; i < fx->n_callees; i++) {
        const struct function *fn = fx->callees[i];
        if (fn->memo_name && fn->version)
            report_row(&r->rows, fn->name, "%s, memoized; counts by its version \"%s\"",
                       report_place(&r->rows, fn->name_range), fn->version);
        else
            report_row(&r->rows, fn->name, "%s, in sight%s", report_place(&r->rows, fn->name_range),
                       fn->memo_name ? ", memoized itself" : "");
    }
    for (size_t i = 0; i < fx->n_unseen; i++)
        if (!(fx->unseen[i].fn && fx->unseen[i].fn->is_builtin) && is_first(fx, i))
            explain_unseen(r, &fx->unseen[i]);
    if (p->flags & MEMO_SITE_CPU)
        report_row(&r->rows, "(the processor)", "the code is compiled for the machine at hand");
    else if (p->flags & MEMO_SITE_LIBRARIES)
        report_row(&r->rows, "(the processor)", "its features: libraries choose code by them");
    if (p->flags & MEMO_SITE_PROGRAM)
        report_row(&r->rows, "(the program)",
                   "where the link isn't made by memocc, its whole content");
}

/* ---- results ---- */

static void explain_returned(struct memo_report *r, const struct part_plan *part)
{
    struct arena *a = arena_of(r);
    const struct clause *c = annotation_clause(r->mf->annotation, CLAUSE_returns);
    if (r->mf->fn->result->kind != TYPE_POINTER) {
        report_row(&r->rows, "returned value", "%s", bytes(a, r->mf->fn->result->size));
        r->result += r->mf->fn->result->size;
        return;
    }
    const char *shape = arena_printf(a, "returns(%s)", c && c->n_shapes ? c->shapes[0].text : "");
    r->is_result_open = true;
    if (part->role & MEMO_OFFSET)
        report_row(&r->rows, shape, "the place in the argument that the result points to");
    else if (part->role & MEMO_VIEW)
        report_row(&r->rows, shape, "a hit may point into the store: no copy");
    else if (part->role & MEMO_STATIC)
        report_row(&r->rows, shape, "one copy for the life of the process");
    else
        report_row(&r->rows, shape, "a hit returns fresh memory from malloc");
}

static void explain_results(struct memo_report *r)
{
    const struct memo_plan *p = r->plan;
    size_t known;
    report_head(&r->rows, "result");
    for (size_t i = 1; i < p->n_parts; i++) {
        const struct part_plan *part = &p->parts[i];
        if (!(part->role & MEMO_RESULT))
            continue;
        if (strcmp(part->name, "result") == 0 && !shape_of(r, part)) {
            explain_returned(r, part);
            continue;
        }
        const char *size = size_of(r, part, &known);
        report_row(&r->rows, part->name, "%s%s", size,
                   part->role & MEMO_ALLOC  ? " in fresh memory"
                   : part->role & MEMO_LATE ? ", counted after the call"
                                            : "");
        r->result += known;
        r->is_result_open |= !known;
    }
    if (!(p->flags & MEMO_SITE_ERRNO_NEVER))
        report_row(&r->rows, "errno", "if the call sets it");
    if (!r->rows.n_rows)
        report_row(&r->rows, "(nothing)", "that the call took place is all there is to remember");
}

/* ---- effects ---- */

static bool names(const struct clause *c, const char *name)
{
    for (size_t i = 0; c && i < c->n_exprs; i++)
        if (strcmp(c->exprs[i]->text, name) == 0)
            return true;
    return false;
}

/* By what is it all right that the function has this effect? */
static const char *lifted_by(const struct memo_report *r, const char *callee,
                             const struct call_step *via)
{
    const struct annotation *a = r->mf->annotation;
    const struct clause *trust = annotation_clause(a, CLAUSE_trust);
    for (const struct call_step *s = via; s; s = s->next)
        if (names(trust, s->callee->name))
            return "'trust': a hit doesn't repeat it";
    if (names(trust, callee))
        return "'trust': a hit doesn't repeat it";
    return "'pure': a hit doesn't repeat it";
}

static bool is_keyed_variable(const struct memo_report *r, const struct effect *e)
{
    const struct annotation *a = r->mf->annotation;
    for (size_t i = 0; e->kind == EFFECT_ENVIRONMENT && e->literal && i < a->n_clauses; i++)
        if (a->clauses[i].id == CLAUSE_env && strcmp(a->clauses[i].string, e->literal) == 0)
            return true;
    return false;
}

static void explain_effect(struct memo_report *r, const struct effect *e)
{
    const char *at = report_place(&r->rows, e->where ? e->where->range : (struct src_range){0});
    const char *name = effect_kind_name(e->kind), *why = NULL;
    const struct annotation *a = r->mf->annotation;
    if (e->kind == EFFECT_EXIT || e->kind == EFFECT_LONGJMP)
        why = "such a call stores nothing";
    else if (is_keyed_variable(r, e))
        why = "its value is in the key";
    else if (annotation_clause(a, CLAUSE_file) &&
             (e->kind == EFFECT_FILE || e->kind == EFFECT_INPUT || !strcmp(e->callee, "fclose")))
        why = "the file's content is in the key";
    else
        why = lifted_by(r, e->callee, e->via);
    report_row(&r->rows, *e->callee ? e->callee : "(itself)", "%s, %s; %s", at, name, why);
}

static bool is_foreign_write(const struct access *a)
{
    return a->is_write && (a->place == PLACE_GLOBAL || a->place == PLACE_STATIC);
}

static bool is_named_out(const struct memo_report *r, const struct access *a)
{
    const char *name = a->var->name;
    for (size_t i = 0; i < r->plan->n_parts; i++) {
        const struct part_plan *part = &r->plan->parts[i];
        size_t n = strlen(name);
        if (part->role & MEMO_RESULT && strncmp(part->name, name, n) == 0)
            return true;
    }
    return false;
}

static void explain_effects(struct memo_report *r)
{
    const struct effects *fx = r->mf->effects;
    report_head(&r->rows, "effects");
    for (size_t i = 0; fx && i < fx->n_effects; i++)
        explain_effect(r, &fx->effects[i]);
    for (size_t i = 0; fx && i < fx->n_accesses; i++) {
        const struct access *a = &fx->accesses[i];
        if (is_foreign_write(a) && !is_named_out(r, a))
            report_row(&r->rows, a->var->name, "%s, is written; %s",
                       report_place(&r->rows, a->where ? a->where->range : (struct src_range){0}),
                       lifted_by(r, "", a->via));
        else if (a->place == PLACE_UNKNOWN)
            report_row(&r->rows, "(some memory)", "%s, is %s; %s",
                       report_place(&r->rows, a->where ? a->where->range : (struct src_range){0}),
                       a->is_write ? "written" : "read", lifted_by(r, "", a->via));
    }
    if (!fx)
        report_row(&r->rows, "none", "as far as memocc's table of the C library knows");
    else if (!r->rows.n_rows)
        report_row(&r->rows, "none", "in what is in sight");
}

/* ---- when it is cached, where, and whether that pays ---- */

static const char *written(const struct memo_report *r, enum clause_id id)
{
    const struct clause *c = annotation_clause(r->mf->annotation, id);
    const struct src_range *at = c && c->n_exprs ? &c->exprs[0]->range : NULL;
    return at && at->src ? arena_printf(arena_of(r), "%.*s", (int)(at->end - at->begin),
                                        at->src->text + at->begin)
                         : "...";
}

static void explain_conditions(struct memo_report *r)
{
    const struct memo_plan *p = r->plan;
    struct arena *a = arena_of(r);
    bool is_quiet = !p->when && !p->valid && !p->store_if && !p->expires_ns && !p->min_cost_ns;
    if (is_quiet)
        return;
    report_head(&r->rows, "conditions");
    if (p->when)
        report_row(&r->rows, "when", "%s: otherwise the call is made as if there were no cache",
                   written(r, CLAUSE_when));
    if (p->valid)
        report_row(&r->rows, "valid", "%s: otherwise a hit is computed again",
                   written(r, CLAUSE_valid));
    if (p->store_if)
        report_row(&r->rows, "store_if", "%s: otherwise the result is not stored",
                   written(r, CLAUSE_store_if));
    if (p->expires_ns)
        report_row(&r->rows, "expires", "older than %s is a miss",
                   report_duration(a, p->expires_ns));
    if (p->min_cost_ns)
        report_row(&r->rows, "min_cost", "stored is what took %s or longer",
                   report_duration(a, p->min_cost_ns));
}

static const char *total(struct arena *a, size_t n, bool is_open)
{
    if (!is_open)
        return bytes(a, n);
    return n ? arena_printf(a, "%s and what is counted at run time", bytes(a, n))
             : "what is counted at run time";
}

static void explain_cost(struct memo_report *r)
{
    const struct memo_plan *p = r->plan;
    struct arena *a = arena_of(r);
    report_head(&r->rows, "cost");
    report_row(&r->rows, "key", "%s", total(a, r->key, r->is_key_open));
    report_row(&r->rows, "result", "%s", total(a, r->result, r->is_result_open));
    report_row(&r->rows, "tiers", "memory%s%s", p->tiers & MEMO_TIER_DISK ? ", disk" : "",
               p->tiers & MEMO_TIER_SHARED ? ", shared" : "");
    if (p->is_fast)
        report_row(&r->rows, "hit",
                   "in a table of the function's own, without a lock: some nanoseconds");
    else
        report_row(&r->rows, "hit",
                   "key and result are copied: from some 100 ns on, by their size");
    if (p->min_cost_ns)
        report_row(&r->rows, "gate", "min_cost decides what is stored; hits are measured as ever");
    else
        report_row(&r->rows, "gate",
                   "measured at run time: off where computing takes less than a hit");
}

/* ---- all of it ---- */

void explain_plan(struct strbuf *out, const struct memo_plan *plan)
{
    struct memo_report r = {.rows = {.out = out, .arena = plan->mf->scope.fe->facts.arena},
                            .plan = plan,
                            .mf = plan->mf};
    const struct function *fn = plan->mf->fn;
    strbuf_addf(out, "%s: %s is memoized", report_place(&r.rows, fn->name_range), fn->name);
    if (strcmp(plan->name, fn->name) != 0)
        strbuf_addf(out, " as \"%s\"", plan->name);
    strbuf_adds(out, plan->mf->is_external ? ", in the calls of this unit\n" : "\n");
    explain_key(&r);
    explain_code(&r);
    explain_results(&r);
    explain_effects(&r);
    explain_conditions(&r);
    explain_cost(&r);
}

void explain_refused(struct strbuf *out, const struct memo_function *mf)
{
    struct memo_report r = {.rows = {.out = out, .arena = mf->scope.fe->facts.arena}, .mf = mf};
    strbuf_addf(out, "%s: %s is not memoized: see the errors\n",
                report_place(&r.rows, mf->fn->name_range), mf->fn->name);
}
