/* explain_sync.c - --memo-explain of concurrent functions and synchronized code; see
 * explain.h. It decides nothing: sync.h and concurrent.h have it all. */
#include "explain_private.h"

static const char *access_name(bool is_read, bool is_write)
{
    return is_read && is_write ? "read and written" : is_write ? "written" : "read";
}

/* ---- concurrent functions ---- */

static void explain_reach(struct report *r, const struct concurrent_function *cf,
                          const struct reach *reach)
{
    const struct variable *p = reach->extent != REACH_GLOBAL && reach->param < cf->fn->n_params
                                   ? cf->fn->params[reach->param]
                                   : NULL;
    const char *what = "", *name = "a parameter";
    if (reach->global)
        name = reach->global->name;
    else if (p && *p->name)
        name = p->name;
    switch (reach->extent) {
    case REACH_SECTION: /* the clause as written, if there is one */
        if (reach->is_object)
            name = arena_printf(r->arena, "*%s", name);
        else if (!reach->where && reach->range.src)
            name = report_quote(r, reach->range);
        else
            what = ": a section of it";
        break;
    case REACH_AROUND:
        what = ": an unknown extent around where it points";
        break;
    case REACH_BEHIND:
        what = ": all that its pointers lead to";
        break;
    case REACH_GLOBAL:
        what = ": a global";
        break;
    }
    report_row(r, name, "%s%s%s%s", access_name(reach->is_read, reach->is_write), what,
               reach->range.src ? ", " : "", report_place(r, reach->range));
}

void explain_concurrent(struct strbuf *out, const struct concurrent_function *cf)
{
    struct report r = {.out = out, .arena = cf->scope.fe->facts.arena};
    strbuf_addf(out, "%s: %s ", report_place(&r, cf->fn->name_range), cf->fn->name);
    if (cf->has_errors) {
        strbuf_adds(out, "is not concurrent: see the errors\n");
        return;
    }
    if (cf->is_serial) {
        strbuf_adds(out, "runs serially: see the warning\n");
        return;
    }
    strbuf_adds(out, cf->is_memoized ? "is concurrent, and memoized: the store is asked first\n"
                                     : "is concurrent\n");
    report_head(&r, "touches");
    for (size_t i = 0; i < cf->n_reaches; i++)
        explain_reach(&r, cf, &cf->reaches[i]);
    if (cf->may_set_errno)
        report_row(&r, "errno", "may be set");
    if (r.n_rows == 0)
        report_row(&r, "nothing", "but its parameters and what is constant");
}

/* ---- segments ---- */

/* "f, g" of the calls in it that run as tasks; "" if there are none. */
static const char *tasks_of(const struct report *r, const struct sync_item *it)
{
    const char *out = "";
    for (size_t i = 0; i < it->n_calls; i++)
        if (it->calls[i].is_out)
            out =
                arena_printf(r->arena, "%s%s%s", out, *out ? ", " : "", it->calls[i].cf->fn->name);
    return out;
}

static void explain_item(struct report *r, const struct sync_item *it)
{
    struct src_range at = it->has_range ? it->range : it->node->range;
    const char *tasks = tasks_of(r, it);
    if (!*tasks)
        report_row(r, report_place(r, at), "deferred: %s", report_quote(r, at));
    else if (it->form == FORM_CALL)
        report_row(r, report_place(r, at), "%s: a task: %s", tasks, report_quote(r, at));
    else
        report_row(r, report_place(r, at), "%s: a task, the rest is deferred: %s", tasks,
                   report_quote(r, at));
}

static void explain_variables(struct report *r, const char *label, struct sync_variable *const *v,
                              size_t n)
{
    const char *names = "";
    for (size_t i = 0; i < n; i++)
        if (v[i]->var && *v[i]->var->name)
            names = arena_printf(r->arena, "%s%s%s", names, *names ? ", " : "", v[i]->var->name);
    if (*names)
        report_row(r, label, "%s", names);
}

static void explain_segment(struct report *r, const struct sync_segment *s)
{
    report_head(r, s->has_calls ? "carried out as tasks and then in order"
                                : "carried out in order, behind the tasks");
    for (size_t i = 0; i < s->n_items; i++)
        explain_item(r, s->items[i]);
    explain_variables(r, "(copied)", s->copied, s->n_copied);
    explain_variables(r, "(used later)", s->others, s->n_others);
}

/* ---- events ---- */

static struct src_range place_of(const struct touch *t, struct src_range otherwise)
{
    return t && t->where && t->where->range.src ? t->where->range : otherwise;
}

static struct src_range point_range(const struct sync_plan *p, const struct sync_point *pt)
{
    if (pt->node && pt->node->range.src)
        return pt->node->range;
    return pt->item && pt->item->has_range ? pt->item->range : p->region->annotation->range;
}

static void explain_pending(struct report *r, const struct touch *t)
{
    if (t && t->where)
        report_row(r, "", "pending: %s %s %s", report_place(r, t->where->range),
                   t->is_write ? "changes" : "reads", sync_describe(r->arena, t));
}

static void explain_event(struct report *r, const struct sync_plan *p, const struct sync_point *pt)
{
    struct src_range here = point_range(p, pt);
    const struct touch *later = pt->event_later;
    const char *why = pt->event_why ? pt->event_why : "";
    if (!later) {
        report_row(r, report_place(r, here), "%s",
                   *why ? why : "control enters other synchronized code");
    } else if (later->is_death) {
        report_row(r, report_place(r, here), "the life of %s ends", sync_describe(r->arena, later));
    } else {
        here = place_of(later, here);
        report_row(r, report_place(r, here), "'%s' %s %s%s%s", report_quote(r, here),
                   later->is_write ? "changes" : "reads", sync_describe(r->arena, later),
                   *why ? "; " : "", why);
    }
    explain_pending(r, pt->event_earlier);
}

static void explain_points(struct report *r, const struct sync_plan *p)
{
    report_head(r, "waits (synchronization events)");
    for (size_t i = 0; i < p->n_points; i++) {
        const struct sync_point *pt = p->points[i];
        if (pt->is_reached && pt->event && !pt->is_idle && pt->kind != POINT_EXIT &&
            pt->kind != POINT_WAIT && pt->kind != POINT_JOIN &&
            !(p->exit && pt->kind == POINT_LOOP && pt->item == p->exit_loop))
            explain_event(r, p, pt);
    }
    for (size_t i = 0; i < p->region->n_waits; i++) {
        const struct sync_wait *w = &p->region->waits[i];
        struct src_range at = {&p->region->file->src, w->begin, w->end};
        report_row(r, report_place(r, at), "'#pragma synchronized wait'");
    }
    if (p->exit)
        report_row(r, report_place(r, p->exit_loop->node->range),
                   "before and behind the loop, which runs ahead of '%s'",
                   report_quote(r, p->exit->range));
    else if (p->why_not_ahead)
        report_row(r, report_place(r, p->region->annotation->range),
                   "'speculate' has no effect: %s", p->why_not_ahead);
    report_row(r, "at the end", "and wherever control leaves the synchronized code");
    bool has_head = false;
    for (size_t i = 0; i < p->n_points; i++) {
        const struct sync_point *pt = p->points[i];
        for (size_t k = 0; pt->is_reached && !pt->event && k < pt->n_tests; k++) {
            const struct sync_test *t = &pt->tests[k];
            if (!has_head)
                report_head(r, "waits if addresses overlap (tested at run time)");
            has_head = true;
            struct src_range here = place_of(t->touch, point_range(p, pt));
            report_row(r, report_place(r, here), "'%s' %s %s", report_quote(r, here),
                       t->touch->is_write ? "changes" : "reads", sync_describe(r->arena, t->touch));
            explain_pending(r, t->noted);
        }
    }
}

/* ---- calls in their place ---- */

static void explain_in_place(struct report *r, const struct sync_item *it, bool *has_head)
{
    for (size_t i = 0; i < it->n_calls; i++) {
        const struct sync_call *c = &it->calls[i];
        if (c->is_out)
            continue;
        if (!*has_head)
            report_head(r, "calls in their place");
        *has_head = true;
        report_row(r, report_place(r, c->node->range), "%s: %s", c->cf->fn->name,
                   c->why_not             ? c->why_not
                   : c->cf->is_serial     ? "the function runs serially"
                   : it->why_not_deferred ? it->why_not_deferred
                                          : "its statement is deferred as a whole");
    }
    for (size_t i = 0; it->kind == SYNC_STRUCTURE && i < it->n_kids; i++)
        if (it->kids[i])
            explain_in_place(r, it->kids[i], has_head);
}

void explain_sync(struct strbuf *out, const struct sync_plan *p)
{
    struct report r = {.out = out, .arena = p->arena};
    const struct sync_region *region = p->region;
    const char *what = region->is_function                ? ""
                       : region->root->kind == NODE_BLOCK ? "a block in "
                                                          : "a loop in ";
    struct src_range at = region->is_function ? region->fn->name_range : region->root->range;
    strbuf_addf(out, "%s: %s%s is synchronized\n", report_place(&r, at), what, region->fn->name);
    if (p->is_without_calls || p->why_serial) {
        report_head(&r, "runs serially");
        if (p->is_without_calls)
            report_row(&r, report_place(&r, at), "nothing in it calls a concurrent function");
        else
            report_row(&r, report_place(&r, p->why_range), "%s", p->why_serial);
    }
    if (!p->why_serial && !p->is_without_calls) {
        for (size_t i = 0; i < p->n_segments; i++)
            if (p->segments[i])
                explain_segment(&r, p->segments[i]);
        explain_points(&r, p);
    }
    bool has_head = false;
    if (p->root)
        explain_in_place(&r, p->root, &has_head);
}
