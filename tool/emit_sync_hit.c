/* emit_sync_hit.c - calls of functions that are memoized as well: the cache is asked when a
 * record is put, and what is known is no work. A record whose calls are all known, with nothing
 * before it, is carried out at once.
 *
 * In a record, memo_known has a bit for each call that may be asked for. */
#include "emit_sync_private.h"

static bool is_asked(const struct sync_segment *s, const struct sync_call *call)
{
    const struct memo_function *mf = call->cf->memo;
    size_t n_out = 0;
    if (!call->is_out || call->is_pending || !call->name || !mf || !mf->plan ||
        !emit_memo_has_hit(mf->plan))
        return false;
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++)
            n_out += s->items[i]->calls[c].is_out;
    return n_out == 1 || !s->may_set_errno; /* of several calls, the last says what errno is */
}

/* The number of calls that are asked for, of which `call` is bit *bit. */
static size_t count(const struct sync_segment *s, const struct sync_call *call, int *bit,
                    bool *is_all)
{
    size_t n = 0;
    *bit = -1;
    *is_all = true;
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++) {
            const struct sync_call *one = &s->items[i]->calls[c];
            if (!is_asked(s, one) || n == 31) {
                *is_all &= !one->is_out;
                continue;
            }
            if (one == call)
                *bit = (int)n;
            n++;
        }
    return n;
}

static size_t n_asked(const struct sync_segment *s, bool *is_all)
{
    int bit;
    return count(s, NULL, &bit, is_all);
}

bool emit_sync_hit_has(const struct sync_segment *s)
{
    bool is_all;
    return n_asked(s, &is_all) > 0;
}

void emit_sync_hit_member(struct strbuf *out, const struct sync_segment *s)
{
    if (emit_sync_hit_has(s))
        strbuf_adds(out, "unsigned memo_known; ");
}

void emit_sync_hit_init(struct strbuf *out, const struct sync_segment *s)
{
    if (emit_sync_hit_has(s))
        strbuf_adds(out, "memo_r.memo_known = 0; ");
}

bool emit_sync_hit_ask(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    bool is_all;
    size_t n = n_asked(s, &is_all);
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++) {
            const struct sync_call *call = &s->items[i]->calls[c];
            bool unused;
            int bit;
            count(s, call, &bit, &unused);
            if (bit < 0)
                continue;
            strbuf_addf(out, "if (%s(", emit_memo_hit_name(e->arena, call->cf->memo->plan));
            for (size_t k = 0; k < call->n_args; k++)
                strbuf_addf(out, "memo_r.%s, ", emit_sync_field(e, s->items[i], c, k));
            strbuf_addf(out, "&memo_r.%s, %s)) memo_r.memo_known |= %uu; ", call->name,
                        s->may_set_errno ? "&memo_r.memo_errno[1]" : "0", 1u << bit);
        }
    if (!n || !is_all || annotation_clause(e->p->region->annotation, CLAUSE_speculate))
        return false;
    strbuf_addf(out, "if (memo_r.memo_known == %uu && !memo_s_%u.m_next) { ", (1u << n) - 1,
                e->p->id);
    if (s->may_set_errno)
        strbuf_adds(out, "if (memo_r.memo_errno[1] != MEMO_TASK_ERRNO_UNSET) "
                         "*__errno_location() = memo_r.memo_errno[1]; ");
    if (s->has_deferred)
        strbuf_addf(out, "(void)memo_commit_%u_%u(&memo_r, 1, &memo_env_%u); ", e->p->id, s->id,
                    e->p->id);
    strbuf_adds(out, "} else { ");
    return true;
}

void emit_sync_hit_unless(struct strbuf *out, const struct sync_segment *s,
                          const struct sync_call *call)
{
    bool is_all;
    int bit;
    count(s, call, &bit, &is_all);
    if (bit >= 0)
        strbuf_addf(out, "if (!(memo_r->memo_known & %uu)) ", 1u << bit);
}

void emit_sync_hit_prototypes(struct sync_emitter *e, struct strbuf *out)
{
    struct concurrent_function **all = e->p->all->functions;
    for (size_t f = 0; f < e->p->all->n_functions; f++) {
        bool is_used = false;
        for (size_t i = 0; i < e->p->n_segments; i++) {
            const struct sync_segment *s = e->p->segments[i];
            for (size_t j = 0; j < s->n_items; j++)
                for (size_t c = 0; c < s->items[j]->n_calls; c++)
                    is_used |=
                        s->items[j]->calls[c].cf == all[f] && is_asked(s, &s->items[j]->calls[c]);
        }
        if (is_used)
            emit_memo_hit_prototype(out, all[f]->memo->plan);
    }
}
