/* explain_checkpoint.c - --memo-explain of loops with checkpoints; see explain.h. It decides
 * nothing: checkpoint.h has it all. */
#include <string.h>

#include "explain_private.h"

struct loop_report {
    struct report rows;
    const struct checkpoint_plan *plan;
    struct arena *arena;
    const char *title; /* of a part that is to begin with its first row, or NULL */
};

/* The next rows belong to a part of that name; one without rows isn't shown. */
static void part(struct loop_report *r, const char *title)
{
    r->title = title;
}

static void row(struct loop_report *r, const char *label, const char *text)
{
    if (r->title)
        report_head(&r->rows, r->title);
    r->title = NULL;
    report_row(&r->rows, label, "%s", text);
}

/* ---- sizes ---- */

static const char *bytes(struct arena *a, size_t n)
{
    return arena_printf(a, "%zu byte%s", n, n == 1 ? "" : "s");
}

static const char *size_of(const struct loop_report *r, const struct type *t)
{
    if (t->is_variable)
        return "as large as it is at run time";
    return t->is_complete ? bytes(r->arena, t->size) : "of a size that isn't known here";
}

/* "n", "10"; "" if all of an unknown extent. */
static const char *count_of(const struct loop_report *r, const struct cexpr *e)
{
    const struct cexpr *n = e->n_kids > 2 ? e->kids[2] : NULL;
    if (n)
        return scope_text(&r->plan->loop->scope, n);
    const struct type *t = e->kids[0] ? scope_type(&r->plan->loop->scope, e->kids[0]) : NULL;
    return t && t->count >= 0 ? arena_printf(r->arena, "%lld", t->count) : "all";
}

/* "n elements of 8 bytes", "n x m elements of 8 bytes", "n bytes" */
static const char *section_size(const struct loop_report *r, const struct checkpoint_section *s)
{
    const struct cexpr *e = s->shape->expr;
    if (s->shape->kind == SHAPE_STRING)
        return "up to its NUL";
    if (s->shape->kind == SHAPE_CODE)
        return "its code";
    const struct type *t = s->element;
    if (e->kind != CEXPR_SECTION)
        return t ? size_of(r, t) : "one object";
    const char *counts = "";
    for (; e && e->kind == CEXPR_SECTION; e = e->kids[0])
        counts = arena_printf(r->arena, "%s%s%s", count_of(r, e), *counts ? " x " : "", counts);
    if (!t || !t->is_complete)
        return t && t->kind == TYPE_VOID ? arena_printf(r->arena, "%s bytes", counts)
                                         : arena_printf(r->arena, "%s elements", counts);
    if (t->size == 1)
        return arena_printf(r->arena, "%s bytes", counts);
    return arena_printf(r->arena, "%s elements of %s", counts, bytes(r->arena, t->size));
}

/* "; .next, .up as offsets" */
static const char *pointers(const struct loop_report *r, const struct checkpoint_pointer *p,
                            size_t n)
{
    const char *names[2] = {"", ""};
    for (size_t i = 0; i < n; i++) {
        const char **to = &names[p[i].is_changed];
        *to = arena_printf(r->arena, "%s%s%s", *to, **to ? ", " : "", p[i].name);
    }
    const char *out = "";
    if (*names[1])
        out =
            arena_printf(r->arena, "; %s as offset%s", names[1], strchr(names[1], ',') ? "s" : "");
    if (*names[0])
        out = arena_printf(r->arena, "%s; without %s", out, names[0]);
    return out;
}

/* ---- where it comes from ---- */

/* ", changed at a.c:12 in g, called at a.c:40" */
static const char *origin(const struct loop_report *r, const char *verb, const struct node *where,
                          const struct call_step *via)
{
    const char *at = where ? report_place(&r->rows, where->range) : "";
    if (!*at && !via)
        return "";
    const char *out =
        *at ? arena_printf(r->arena, ", %s at %s", verb, at) : arena_printf(r->arena, ", %s", verb);
    const struct call_step *steps[8];
    size_t n = 0;
    for (; via; via = via->next)
        if (n < sizeof steps / sizeof *steps)
            steps[n++] = via;
    while (n-- > 0) { /* from the access back to the loop */
        const char *from = report_place(&r->rows, steps[n]->where->range);
        out = arena_printf(r->arena, "%s in %s, called at %s", out, steps[n]->callee->name,
                           *from ? from : "an unknown place");
    }
    return out;
}

/* ---- variables and sections ---- */

static const char *describe(const struct loop_report *r, const struct checkpoint_variable *v)
{
    const struct type *t = v->type;
    if (v->how == CHECKPOINT_SAVED && t && t->kind == TYPE_POINTER)
        return "a pointer, as an offset";
    const char *parts = v->how == CHECKPOINT_SAVED ? pointers(r, v->pointers, v->n_pointers) : "";
    if (v->how == CHECKPOINT_TARGETS) {
        const char *names = "";
        for (size_t i = 0; i < v->n_pointers; i++)
            if (*v->pointers[i].name)
                names = arena_printf(r->arena, "%s%s%s", names, *names ? ", " : "its ",
                                     v->pointers[i].name);
        return arena_printf(r->arena, "%s%swhere %s", names, *names ? ": " : "",
                            v->pointee == POINTS_TO_TEXT ? "pointers lead, and constant texts"
                                                         : "pointers lead");
    }
    if ((v->how == CHECKPOINT_MATCHED || v->how == CHECKPOINT_ENTRY) && v->n_pointers) {
        const char *names = "";
        for (size_t i = 0; i < v->n_pointers; i++)
            names = arena_printf(r->arena, "%s%s%s", names, i ? ", " : "", v->pointers[i].name);
        return arena_printf(r->arena, "its %s", names);
    }
    return t ? arena_printf(r->arena, "%s%s", size_of(r, t), parts) : "";
}

static void explain_variables(struct loop_report *r, enum checkpoint_how how, const char *verb)
{
    const struct checkpoint_plan *p = r->plan;
    for (size_t i = 0; i < p->n_variables; i++) {
        const struct checkpoint_variable *v = &p->variables[i];
        bool is_nullness = how == CHECKPOINT_MATCHED && v->how == CHECKPOINT_MOVED && v->is_read;
        if (v->how != how && !is_nullness)
            continue;
        const char *what = is_nullness                 ? "a pointer: where it leads"
                           : how == CHECKPOINT_SKIPPED ? "keeps its value"
                           : how == CHECKPOINT_DEAD    ? "set in each iteration before it is used"
                                                       : describe(r, v);
        row(r, v->text, arena_printf(r->arena, "%s%s", what, origin(r, verb, v->where, v->via)));
    }
}

/* Their names alone: where they change is said of what is saved. */
static void explain_entries(struct loop_report *r)
{
    const struct checkpoint_plan *p = r->plan;
    const char *names = "";
    for (size_t i = 0; i < p->n_variables; i++)
        if (p->variables[i].how == CHECKPOINT_ENTRY)
            names = arena_printf(r->arena, "%s%s%s", names, *names ? ", " : "",
                                 p->variables[i].text);
    for (size_t i = 0; i < p->n_sections; i++)
        if (p->sections[i].is_start_matched)
            names = arena_printf(r->arena, "%s%s%s", names, *names ? ", " : "",
                                 p->sections[i].shape->text);
    if (*names)
        row(r, "(start)", arena_printf(r->arena, "values in front of the loop: %s", names));
}

static void explain_sections(struct loop_report *r, bool is_matched)
{
    const struct checkpoint_plan *p = r->plan;
    for (size_t i = 0; i < p->n_sections; i++) {
        const struct checkpoint_section *s = &p->sections[i];
        if ((s->id == CLAUSE_match) != is_matched || s->id == CLAUSE_alloc)
            continue;
        row(r, s->shape->text,
            arena_printf(r->arena, "%s%s%s", section_size(r, s),
                         pointers(r, s->pointers, s->n_pointers),
                         s->id == CLAUSE_rng ? ", a generator's state" : ""));
    }
}

static void explain_allocated(struct loop_report *r)
{
    const struct checkpoint_plan *p = r->plan;
    part(r, "allocated again, where a saved state is gone on from");
    for (size_t i = 0; i < p->n_sections; i++)
        if (p->sections[i].id == CLAUSE_alloc)
            row(r, p->sections[i].shape->text, section_size(r, &p->sections[i]));
    part(r, "moved along, where it points into what is allocated again");
    bool has_alloc = annotation_clause(p->loop->annotation, CLAUSE_alloc) != NULL;
    for (size_t i = 0; has_alloc && i < p->n_variables; i++)
        if (p->variables[i].how == CHECKPOINT_MOVED)
            row(r, p->variables[i].text, "a pointer that the loop doesn't change");
}

static void explain_skipped(struct loop_report *r)
{
    part(r, "neither saved nor matched");
    explain_variables(r, CHECKPOINT_SKIPPED, "used");
    const struct clause *skip = annotation_clause(r->plan->loop->annotation, CLAUSE_skip);
    for (size_t i = 0; skip && i < skip->n_exprs; i++)
        if (skip->exprs[i]->kind != CEXPR_NAME)
            row(r, scope_text(&r->plan->loop->scope, skip->exprs[i]), "keeps its value");
    explain_variables(r, CHECKPOINT_DEAD, "set");
}

/* ---- what isn't memory ---- */

static void explain_others(struct loop_report *r)
{
    const struct checkpoint_plan *p = r->plan;
    const struct annotation *a = p->loop->annotation;
    part(r, "streams");
    for (size_t i = 0; i < a->n_clauses; i++)
        for (size_t k = 0; a->clauses[i].id == CLAUSE_file && k < a->clauses[i].n_exprs; k++)
            row(r, scope_text(&p->loop->scope, a->clauses[i].exprs[k]),
                "the file's content and the position in it");
    part(r, "random numbers");
    if (p->uses_random)
        row(r, "random", "the state behind rand() and random()");
    if (p->uses_rand48)
        row(r, "rand48", "the state behind drand48() and its kin");
    part(r, "hidden state");
    const struct clause *state = annotation_clause(a, CLAUSE_state);
    if (state && state->n_exprs == 2)
        row(r, state->exprs[0]->text,
            arena_printf(r->arena, "gets it at each save, %s sets it", state->exprs[1]->text));
}

static const char *interval(const struct loop_report *r)
{
    const struct clause *c = annotation_clause(r->plan->loop->annotation, CLAUSE_every);
    if (!c || !c->word)
        return "30 s";
    if (!strcmp(c->word, "iterations"))
        return arena_printf(r->arena, "%lld iteration%s", c->number, c->number == 1 ? "" : "s");
    if (!strcmp(c->word, "%"))
        return arena_printf(r->arena, "so often that it takes %g %% of the CPU time",
                            (double)c->number / 10000);
    return report_duration(r->arena, c->number);
}

static void explain_times(struct loop_report *r)
{
    const struct checkpoint_plan *p = r->plan;
    const struct annotation *a = p->loop->annotation;
    part(r, "saves");
    row(r, "every", interval(r));
    for (size_t i = 0; i < p->loop->n_nows; i++) {
        const struct pragma_site *site = p->loop->nows[i].site;
        struct src_range at = {site->src, site->begin, site->end};
        row(r, "now", report_place(&r->rows, at));
    }
    const struct clause *on = annotation_clause(a, CLAUSE_on);
    const char *names = "";
    for (size_t i = 0; on && i < on->n_exprs; i++) {
        const char *name = on->exprs[i]->text;
        bool ends = !strcmp(name, "TERM") || !strcmp(name, "INT");
        names = arena_printf(r->arena, "%s%s%s%s", names, *names ? ", " : "", name,
                             ends ? " (then the program ends by it)" : "");
    }
    if (*names)
        row(r, "on", names);
    row(r, "at the end",
        annotation_clause(a, CLAUSE_keep) ? "the state stays, and the next run goes on from it"
                                          : "a finished loop's state is deleted");
    const struct clause *expires = annotation_clause(a, CLAUSE_expires);
    if (expires)
        row(r, "expires",
            arena_printf(r->arena, "a state older than %s isn't used",
                         report_duration(r->arena, expires->number)));
}

void explain_checkpoint(struct strbuf *out, const struct checkpoint_plan *p)
{
    const struct checkpoint_loop *loop = p->loop;
    struct loop_report r = {.rows = {.out = out, .arena = p->arena}, .plan = p, .arena = p->arena};
    strbuf_addf(out, "%s: a loop in %s has checkpoints, '%s'\n",
                report_place(&r.rows, loop->root->range), loop->fn->name, p->name);
    part(&r, "saved");
    explain_variables(&r, CHECKPOINT_SAVED, "changed");
    explain_sections(&r, false);
    explain_allocated(&r);
    part(&r, "matched: a saved state is used only if these are equal");
    explain_variables(&r, CHECKPOINT_MATCHED, "read");
    explain_variables(&r, CHECKPOINT_TARGETS, "read");
    explain_entries(&r);
    explain_sections(&r, true);
    row(&r, "(code)", "of the loop and all it calls");
    row(&r, "(layout)", "names, types and sizes of what is saved");
    if (annotation_clause(loop->annotation, CLAUSE_name))
        row(&r, "(run)", "program, directory");
    else
        row(&r, "(run)", "program, arguments, directory");
    explain_skipped(&r);
    explain_others(&r);
    explain_times(&r);
}
