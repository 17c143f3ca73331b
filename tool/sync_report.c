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
    if (pt->kind == POINT_EXIT || pt->kind == POINT_WAIT)
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

static void report_tests(struct sync_plan *p, const struct sync_point *pt)
{
    for (size_t i = 0; i < pt->n_tests; i++) {
        const struct sync_test *t = &pt->tests[i];
        struct src_range here = pt->node ? pt->node->range : p->region->annotation->range;
        diag_report(p->diag, remark_sync_test, range_of(t->touch, here),
                    sync_describe(p->arena, t->touch), sync_describe(p->arena, t->noted));
        diag_report(p->diag, note_sync_pending, range_of(t->noted, here),
                    t->noted->is_write ? "changes" : "reads", sync_describe(p->arena, t->noted));
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
        if (as_notes)
            diag_report(p->diag, note_sync_in_place, c->node->range, c->cf->fn->name, why);
        else
            diag_report(p->diag, remark_sync_in_place, c->node->range, c->cf->fn->name, why);
    }
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
