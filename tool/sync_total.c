/* sync_total.c - see sync_total.h.
 *
 * A record is made where a segment stands: as often as the loops around it go round,
 * if these count and nothing else decides. */
#include "sync_total.h"

#include "affine.h"
#include "base/arena.h"
#include "base/strbuf.h"
#include "macro.h"
#include "sync_private.h"

#include <string.h>

/* May the text at the start of the region read it? */
static bool is_readable(const struct sync_plan *p, const struct variable *v)
{
    const struct src_range *r = &p->region->root->range;
    if (macro_is_defined(p->fe->macros, v->name, strlen(v->name)) || v->is_thread_local ||
        (v->type && (v->type->is_volatile || v->type->is_atomic)))
        return false;
    if (v->is_parameter || (v->is_global && !v->is_static_local))
        return !v->is_block_extern;
    return !p->region->is_function && v->init && v->range.src == r->src &&
           v->range.begin < r->begin;
}

static bool add_polynomial(const struct sync_plan *p, struct strbuf *out, const struct affine *a)
{
    if (!a->is_known)
        return false;
    strbuf_addf(out, "(%lldL", a->constant);
    for (unsigned i = 0; i < a->n_terms; i++) {
        const struct affine_term *t = &a->terms[i];
        strbuf_addf(out, " + (%lldL)", t->k);
        for (unsigned j = 0; j < t->n_factors; j++) {
            if (!is_readable(p, t->factors[j].var))
                return false;
            strbuf_addf(out, " * (long)%s", t->factors[j].var->name);
        }
    }
    strbuf_addc(out, ')');
    return true;
}

static bool add_trips(const struct sync_plan *p, struct strbuf *out, const struct node *loop)
{
    struct affine_loop l;
    if (!affine_loop_of(p->scope, loop, &l) || l.step == 0)
        return false;
    struct affine n = affine_sum(&l.end, &l.lowest, -1);
    long long step = l.step > 0 ? l.step : -l.step;
    struct strbuf text = STRBUF_INIT;
    bool ok = add_polynomial(p, &text, &n);
    if (ok)
        strbuf_addf(out, " * (%s > 0 ? (%s + %lldL) / %lldL : 0)", text.buf, text.buf, step - 1,
                    step);
    strbuf_release(&text);
    return ok;
}

static bool add_segment(const struct sync_plan *p, struct strbuf *out, const struct sync_segment *s)
{
    const struct sync_item *it = s->items[0];
    for (const struct sync_item *up = it; up; up = up->parent)
        if (up->node->kind == NODE_IF || up->node->kind == NODE_SWITCH)
            return false;
    strbuf_adds(out, out->len ? " + 1" : "1");
    for (size_t i = 0; i < it->n_loops; i++)
        if (!add_trips(p, out, it->loops[i]))
            return false;
    return true;
}

const char *sync_total(struct sync_plan *p)
{
    struct strbuf text = STRBUF_INIT;
    bool ok = true;
    for (size_t i = 0; ok && i < p->n_segments; i++)
        if (p->segments[i]->has_calls)
            ok = add_segment(p, &text, p->segments[i]);
    const char *total = ok && text.len ? arena_strndup(p->arena, text.buf, text.len) : NULL;
    strbuf_release(&text);
    return total;
}
