/* sync_report.c - remarks and warnings about one region: each event, each test, each call that
 * runs in its place. See sync.h. */
#include <string.h>

#include "diag.h"
#include "sync.h"

const char *sync_describe(struct arena *a, const struct touch *t)
{
    const char *name = t->var && t->var->name && *t->var->name ? t->var->name : NULL;
    switch (t->base) {
    case TOUCH_VARIABLE:
        return name ? arena_printf(a, "'%s'", name) : "an object";
    case TOUCH_POINTER:
        return name ? arena_printf(a, "what '%s' points to", name) : "memory behind a pointer";
    case TOUCH_MEMORY:
        return "memory that can't be told apart";
    case TOUCH_OUTSIDE:
        return "what is visible outside (output, files, code out of sight)";
    case TOUCH_ERRNO:
        return "errno";
    case TOUCH_MODE:
        return "the rounding mode or the locale";
    }
    return "memory";
}

static struct src_range range_of(const struct touch *t, struct src_range otherwise)
{
    return t && t->where && t->where->range.src ? t->where->range : otherwise;
}

static void report_event(struct sync_plan *p, const struct sync_point *pt)
{
    struct src_range here = pt->node && pt->node->range.src ? pt->node->range
                            : pt->item && pt->item->has_range
                                ? pt->item->range
                                : p->region->annotation->range;
    bool ends_ahead = p->exit && pt->kind == POINT_LOOP && pt->item == p->exit_loop;
    if (pt->kind == POINT_EXIT || pt->kind == POINT_WAIT || pt->kind == POINT_JOIN || ends_ahead)
        return; /* said by the language */
    if (!pt->event_later) {
        diag_report(p->diag, remark_sync_event, here,
                    pt->event_why ? pt->event_why : "control enters other synchronized code");
        return;
    }
    const char *what = sync_describe(p->arena, pt->event_later);
    if (pt->event_later->is_death) {
        diag_report(p->diag, remark_sync_event, here,
                    arena_printf(p->arena, "the life of %s ends while calls or deferred statements "
                                           "still use it",
                                 what));
    } else {
        diag_report(p->diag, remark_sync_event, range_of(pt->event_later, here),
                    arena_printf(p->arena, "this %s %s%s%s",
                                 pt->event_later->is_write ? "changes" : "reads", what,
                                 pt->event_why ? "; " : "", pt->event_why ? pt->event_why : ""));
    }
    if (pt->event_earlier && pt->event_earlier->where)
        diag_report(p->diag, note_sync_pending, range_of(pt->event_earlier, here),
                    pt->event_earlier->is_write ? "changes" : "reads",
                    sync_describe(p->arena, pt->event_earlier));
}

static bool looks_same(struct sync_plan *p, const struct sync_test *a, const struct sync_test *b,
                       struct src_range here)
{
    return range_of(a->touch, here).begin == range_of(b->touch, here).begin &&
           range_of(a->noted, here).begin == range_of(b->noted, here).begin &&
           !strcmp(sync_describe(p->arena, a->touch), sync_describe(p->arena, b->touch)) &&
           !strcmp(sync_describe(p->arena, a->noted), sync_describe(p->arena, b->noted));
}

static void report_tests(struct sync_plan *p, const struct sync_point *pt)
{
    for (size_t i = 0; i < pt->n_tests; i++) {
        const struct sync_test *t = &pt->tests[i];
        struct src_range here = pt->node ? pt->node->range : p->region->annotation->range;
        bool is_said = false;
        for (size_t k = 0; k < i; k++)
            is_said |= looks_same(p, t, &pt->tests[k], here);
        if (is_said)
            continue;
        diag_report(p->diag, remark_sync_test, range_of(t->touch, here),
                    sync_describe(p->arena, t->touch), sync_describe(p->arena, t->noted));
        diag_report(p->diag, note_sync_pending, range_of(t->noted, here),
                    t->noted->is_write ? "changes" : "reads", sync_describe(p->arena, t->noted));
    }
}

static void say_in_place(struct sync_plan *p, const struct node *call, const char *name,
                         const char *why, bool as_note)
{
    if (as_note)
        diag_report(p->diag, note_sync_in_place, call->range, name, why);
    else
        diag_report(p->diag, remark_sync_in_place, call->range, name, why);
}

/* Calls in n that stand where their value decides what comes next. */
static void report_deciding(struct sync_plan *p, const struct node *n, bool as_notes)
{
    static const char why[] = "its value decides where the program goes on";
    struct concurrent_function *cf =
        n->kind == NODE_CALL && n->fn ? concurrent_find(p->all, n->fn) : NULL;
    if (cf && !cf->is_serial && !cf->has_errors)
        say_in_place(p, n, n->fn->name, why, as_notes);
    for (size_t i = 0; i < n->n_kids; i++)
        report_deciding(p, n->kids[i], as_notes);
}

static void report_structure(struct sync_plan *p, const struct sync_item *it, bool as_notes)
{
    struct for_parts f;
    if (it->node->kind == NODE_FOR && stmt_for_parts(p->fe, it->node, &f)) {
        if (f.cond)
            report_deciding(p, f.cond, as_notes);
        if (f.inc)
            report_deciding(p, f.inc, as_notes);
    } else if (stmt_condition(it->node)) {
        report_deciding(p, stmt_condition(it->node), as_notes);
    }
}

/* as_notes: behind the warning that nothing is a task. */
static void report_calls(struct sync_plan *p, const struct sync_item *it, bool as_notes)
{
    for (size_t i = 0; i < it->n_calls; i++) {
        const struct sync_call *c = &it->calls[i];
        if (c->is_out || c->cf->is_serial || c->cf->has_errors)
            continue;
        const char *why = c->why_not           ? c->why_not
                          : it->why_not_deferred ? it->why_not_deferred
                                                 : "its statement is deferred as a whole";
        say_in_place(p, c->node, c->cf->fn->name, why, as_notes);
    }
    if (it->kind == SYNC_STRUCTURE && !it->calls_stay)
        report_structure(p, it, as_notes);
    if (it->kind == SYNC_STRUCTURE)
        for (size_t i = 0; i < it->n_kids; i++)
            if (it->kids[i])
                report_calls(p, it->kids[i], as_notes);
}

void sync_report(struct sync_plan *p)
{
    if (p->is_without_calls)
        return;
    if (p->why_serial)
        diag_report(p->diag, warn_sync_serial, p->why_range, p->why_serial);
    const struct clause *speculate = annotation_clause(p->region->annotation, CLAUSE_speculate);
    if (speculate && !p->exit)
        diag_report(p->diag, remark_sync_speculate, speculate->range,
                    p->why_not_ahead ? p->why_not_ahead
                                     : "no loop has an 'if' directly in its body that leaves it "
                                       "and is the only jump");
    if (p->root)
        report_calls(p, p->root, p->why_serial != NULL);
    if (p->why_serial)
        return;
    for (size_t i = 0; i < p->n_points; i++) {
        const struct sync_point *pt = p->points[i];
        if (pt->is_reached && pt->event && !pt->is_idle)
            report_event(p, pt);
        if (pt->is_reached && !pt->event)
            report_tests(p, pt);
    }
}
