/* emit_sync.c - synchronized code in place: records are filled where statements stood, events
 * and tests stand in front of others. See emit.h. */
#include <string.h>

#include "emit_sync_private.h"
#include "node.h"
#include "sync_total.h"

static const char *take(struct sync_emitter *e, struct strbuf *b)
{
    char *t = arena_strndup(e->arena, b->buf, b->len);
    strbuf_release(b);
    return t;
}

static void insert(struct sync_emitter *e, size_t at, const char *text, bool is_inline)
{
    edit_add(e->edits,
             (struct edit){
                 .file = e->file, .begin = at, .end = at, .text = text, .is_inline = is_inline});
}

/* What was put at `begin` ends here. */
static void insert_end(struct sync_emitter *e, size_t begin, size_t end, const char *text)
{
    edit_add(e->edits, (struct edit){.file = e->file,
                                     .begin = end,
                                     .end = end,
                                     .text = text,
                                     .is_inline = true,
                                     .is_end = true,
                                     .partner = begin});
}

static const char *source_text(struct sync_emitter *e, struct src_range r)
{
    return arena_strndup(e->arena, r.src->text + r.begin, r.end - r.begin);
}

/* ---- events and tests ---- */

static const char *event(struct sync_emitter *e)
{
    return arena_printf(e->arena, "memo_sync_event(&memo_s_%u)", e->p->id);
}

/* "memo_range_hit(...)" for one test of a touch at once. */
static void add_hit(struct sync_emitter *e, struct strbuf *out, const struct sync_test *t,
                    const char *address, const char *size)
{
    strbuf_addf(out, "memo_range_hit(&memo_g_%u[%u], %s, %s)", e->p->id, t->set, address, size);
}

/* The value of a pointer expression, or where an array begins, as a number: text that is
 * no undefined behaviour where the access itself isn't carried out. NULL: it can't be said. */
static const char *number_of(struct sync_emitter *e, const struct node *n);

static const char *place_of(struct sync_emitter *e, const struct node *n)
{
    n = node_strip(n);
    switch (n->kind) {
    case NODE_VARIABLE:
        return arena_printf(e->arena, "(memo_abi_size)&%s", n->var->name);
    case NODE_INDEX: {
        const char *base = number_of(e, n->kids[0]);
        if (!n->type || !n->type->is_complete)
            break;
        return arena_printf(e->arena, "(%s + (memo_abi_size)(%s) * %zuu)", base,
                            source_text(e, n->kids[1]->range), n->type->size);
    }
    case NODE_DEREF:
        return number_of(e, n->kids[0]);
    case NODE_MEMBER: {
        const struct type *t = n->kids[0]->type;
        if (n->is_arrow)
            t = t->element;
        const struct field *f =
            t && t->kind == TYPE_RECORD ? record_field(t->record, n->name) : NULL;
        if (!f)
            break;
        return arena_printf(e->arena, "(%s + %lluu)",
                            n->is_arrow ? number_of(e, n->kids[0]) : place_of(e, n->kids[0]),
                            (unsigned long long)f->bit_offset / 8);
    }
    default:
        break;
    }
    return arena_printf(e->arena, "(memo_abi_size)&(%s)", source_text(e, n->range));
}

static const char *number_of(struct sync_emitter *e, const struct node *n)
{
    const struct node *s = node_strip(n);
    bool is_parameter = s->kind == NODE_VARIABLE && s->var->is_parameter;
    if (s->type && s->type->kind == TYPE_ARRAY && !is_parameter)
        return place_of(e, s);
    return arena_printf(e->arena, "(memo_abi_size)(%s)", source_text(e, s->range));
}

static const char *address_of(struct sync_emitter *e, const struct touch *t)
{
    return arena_printf(e->arena, "(const void *)%s", place_of(e, t->lvalue));
}

static const char *size_of(struct sync_emitter *e, const struct touch *t)
{
    return t->lvalue->type && t->lvalue->type->is_complete
               ? arena_printf(e->arena, "%zuu", t->lvalue->type->size)
               : arena_printf(e->arena, "sizeof(%s)", source_text(e, t->lvalue->range));
}

/* An expression of type int: tests and event of a point, or NULL. */
static const char *guard_of(struct sync_emitter *e, const struct sync_point *pt)
{
    if (!pt || !pt->is_reached)
        return NULL;
    if (pt->event)
        return pt->is_idle ? NULL : event(e);
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < pt->n_tests; i++) {
        const struct sync_test *t = &pt->tests[i];
        if (t->for_call)
            continue;
        strbuf_adds(&out, out.len ? " || " : "(");
        add_hit(e, &out, t, address_of(e, t->touch), size_of(e, t->touch));
    }
    if (!out.len) {
        strbuf_release(&out);
        return NULL;
    }
    strbuf_addf(&out, ") && memo_abi_sync_event(&memo_s_%u)", e->p->id);
    return take(e, &out);
}

static const char *guard_statement(struct sync_emitter *e, const struct sync_point *pt)
{
    const char *guard = guard_of(e, pt);
    return guard ? arena_printf(e->arena, "(void)(%s); ", guard) : "";
}

static void guard_expression(struct sync_emitter *e, const struct sync_point *pt,
                             const struct node *n)
{
    const char *guard = guard_of(e, pt);
    if (!guard || !n)
        return;
    insert(e, n->range.begin, arena_printf(e->arena, "((void)(%s), (", guard), true);
    insert_end(e, n->range.begin, n->range.end, "))");
}

static const struct sync_point *point_at(const struct sync_plan *p, enum sync_point_kind kind,
                                         const struct sync_item *it)
{
    for (size_t i = 0; i < p->n_points; i++)
        if (p->points[i]->kind == kind && p->points[i]->item == it)
            return p->points[i];
    return NULL;
}

/* ---- segments ---- */

static void add_line(struct sync_emitter *e, struct strbuf *out, const struct sync_item *it)
{
    strbuf_addc(out, '\n');
    edit_line_directive(e->fe, out, e->file, it->range.begin);
}

/* Qualifiers of elements, and sizes, are the callee's affair. */
static bool is_array_pointer(const struct type *t)
{
    return sync_is_variable_pointer(t) ||
           (t->kind == TYPE_POINTER && t->element->kind == TYPE_ARRAY);
}

static void fill_item(struct sync_emitter *e, struct strbuf *out, const struct sync_item *it)
{
    add_line(e, out, it);
    for (size_t c = 0; c < it->n_calls; c++) {
        const struct sync_call *call = &it->calls[c];
        for (size_t k = 0; call->is_out && !call->is_pending && k < call->n_args; k++)
            if (call->copies[k] && call->copies_in[k])
                strbuf_addf(out, "__builtin_memcpy((void *)&memo_r.%s, &%s, sizeof memo_r.%s); ",
                            emit_sync_field(e, it, c, k), call->copies[k]->name,
                            emit_sync_field(e, it, c, k));
            else if (!call->copies[k])
                strbuf_addf(out, "memo_r.%s = %s(%s%s%s); ", emit_sync_field(e, it, c, k),
                            is_array_pointer(sync_type(e->p, call->cf->fn->params[k])) ? "(void *)"
                                                                                       : "",
                            strchr(call->args[k], '\n') ? "\n" : "", call->args[k],
                            strchr(call->args[k], '/') ? "\n" : "");
    }
    if (it->form == FORM_ASSIGN)
        strbuf_addf(out, "memo_r.%s = &(%s%s); ", emit_sync_to(e, it), it->to,
                    strchr(it->to, '/') ? "\n" : "");
}

static void fill_copies(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    unsigned plan = e->p->id;
    for (size_t i = 0; i < s->n_copied; i++) {
        const struct sync_variable *v = s->copied[i];
        if (sync_type(e->p, v->var)->kind == TYPE_ARRAY)
            strbuf_addf(out, "__builtin_memcpy(memo_r.%s, %s, sizeof memo_r.%s); ", v->name,
                        v->var->name, v->name);
        else
            strbuf_addf(out, "memo_r.%s = %s; ", v->name, v->var->name);
    }
    for (size_t i = 0; i < s->n_others; i++)
        if (s->others[i]->storage == STORAGE_POINTED)
            strbuf_addf(out, "memo_env_%u.%s = (void *)&%s; ", plan, s->others[i]->name,
                        s->others[i]->var->name);
    for (size_t i = 0; e->p->exit && e->p->exit->segment == s && i < e->p->n_saved; i++)
        strbuf_addf(out, "memo_r.memo_w%zu = %s; ", i, e->p->saved[i]->var->name);
}

/* To the exit, if commits stopped there. */
static void add_check(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    if (sync_is_ahead(e->p, s))
        strbuf_addf(out, "if (memo_s_%u.m_stopped) goto memo_exit_%u; ", e->p->id, e->p->id);
}

static void call_reach(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s,
                       const struct touch *t)
{
    const struct sync_item *it;
    size_t c;
    const char *name = emit_sync_reach(e, s, t, &it, &c);
    strbuf_addf(out, "memo_n = %s(&memo_p", name);
    for (size_t k = 0; k < it->calls[c].n_args; k++)
        strbuf_addf(out, ", memo_r.%s", emit_sync_field(e, it, c, k));
    strbuf_adds(out, "); ");
}

static void test_calls(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    for (size_t i = 0; i < s->point->n_tests; i++) {
        const struct sync_test *t = &s->point->tests[i];
        if (!t->for_call || s->point->event)
            continue;
        strbuf_adds(out, "{ const void *memo_p; memo_abi_size memo_n; ");
        call_reach(e, out, s, t->touch);
        strbuf_adds(out, "if (");
        add_hit(e, out, t, "memo_p", "memo_n");
        strbuf_addf(out, ") (void)memo_abi_sync_event(&memo_s_%u); } ", e->p->id);
    }
}

static const struct sync_item *pointed_item(const struct sync_segment *s, const struct touch *t)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i]->form == FORM_ASSIGN && t->is_write &&
            t->where == node_strip(s->items[i]->to_node))
            return s->items[i];
    return NULL;
}

static void note_addresses(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    for (size_t i = 0; i < e->p->n_sets; i++) {
        const struct sync_set *set = &e->p->sets[i];
        if (set->point != s->point)
            continue;
        const struct sync_item *it = pointed_item(s, set->touch);
        if (it) {
            strbuf_addf(out, "memo_range_note(&memo_g_%u[%zu], memo_r.%s, sizeof *memo_r.%s); ",
                        e->p->id, i, emit_sync_to(e, it), emit_sync_to(e, it));
        } else if (set->touch->reach) {
            strbuf_adds(out, "{ const void *memo_p; memo_abi_size memo_n; ");
            call_reach(e, out, s, set->touch);
            strbuf_addf(out, "memo_range_note(&memo_g_%u[%zu], memo_p, memo_n); } ", e->p->id, i);
        } else {
            strbuf_addf(out, "memo_range_note(&memo_g_%u[%zu], %s, %s); ", e->p->id, i,
                        address_of(e, set->touch), size_of(e, set->touch));
        }
    }
}

/* Nothing uses it there but sizeof, maybe. */
static void declare_for_sizeof(struct sync_emitter *e, struct strbuf *out,
                               const struct sync_variable *v)
{
    strbuf_addf(out, "%s %s; (void)%s; ", emit_sync_type(e->arena, sync_type(e->p, v->var)),
                v->var->name, v->var->name);
}

/* Declared in place: variables of a deferred declaration that are used at once as well. */
static void declare_in_place(struct sync_emitter *e, struct strbuf *out,
                             const struct sync_segment *s)
{
    for (size_t i = 0; i < s->n_others; i++) {
        const struct sync_variable *v = s->others[i];
        if (v->declared_by == s && !v->is_declared_at_once &&
            (v->storage == STORAGE_POINTED || v->is_restored))
            strbuf_addf(out, "%s %s; ", emit_sync_type(e->arena, sync_type(e->p, v->var)),
                        v->var->name);
    }
}

/* Behind the record's code: a name may hide one that an argument means. */
static void declare_behind(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    for (size_t i = 0; i < s->n_others; i++) {
        const struct sync_variable *v = s->others[i];
        if (v->declared_by == s && !v->is_declared_at_once && v->storage != STORAGE_POINTED &&
            !v->is_restored)
            declare_for_sizeof(e, out, v);
    }
    for (size_t i = 0; i < s->n_inside; i++)
        if (s->inside[i]->declared_by == s && !s->inside[i]->is_declared_at_once)
            declare_for_sizeof(e, out, s->inside[i]);
}

static const char *segment_text(struct sync_emitter *e, const struct sync_segment *s)
{
    unsigned p = e->p->id, k = s->id;
    struct strbuf out = STRBUF_INIT;
    declare_in_place(e, &out, s);
    const char *guard = guard_statement(e, s->point);
    strbuf_addf(&out, "{ struct memo_rec_%u_%u memo_r; int memo_d = memo_task_direct(&memo_s_%u); ",
                p, k, p);
    add_check(e, &out, s);
    if (*guard) /* in place, nothing is pending */
        strbuf_addf(&out, "if (!memo_d) { %s} ", guard);
    for (size_t i = 0; i < s->n_items; i++)
        fill_item(e, &out, s->items[i]);
    fill_copies(e, &out, s);
    if (!strstr(out.buf, "memo_r.")) /* gcc would speak of it */
        strbuf_adds(&out, "memo_r.memo_end[0] = 0; ");
    if (s->may_set_errno)
        strbuf_adds(&out, "memo_r.memo_errno[0] = *__errno_location(); "
                          "memo_r.memo_errno[1] = MEMO_TASK_ERRNO_UNSET; ");
    emit_sync_hit_init(&out, s);
    strbuf_adds(&out, "if (memo_d) { ");
    if (s->may_set_errno)
        strbuf_adds(&out, "int memo_errno_was = *__errno_location(); ");
    if (s->has_calls)
        strbuf_addf(&out, "memo_do_run_%u_%u(&memo_r, 1); ", p, k);
    if (s->may_set_errno)
        strbuf_adds(&out, "*__errno_location() = memo_r.memo_errno[1] == MEMO_TASK_ERRNO_UNSET ? "
                          "memo_errno_was : memo_r.memo_errno[1]; ");
    if (e->p->exit && e->p->exit->segment == s)
        strbuf_addf(&out,
                    "if (memo_do_commit_%u_%u(&memo_r, 1, &memo_env_%u) < 1) goto memo_now_%u; ", p,
                    k, p, p);
    else if (s->has_deferred)
        strbuf_addf(&out, "(void)memo_do_commit_%u_%u(&memo_r, 1, &memo_env_%u); ", p, k, p);
    strbuf_adds(&out, "} else { ");
    test_calls(e, &out, s);
    bool in_block = emit_sync_hit_ask(e, &out, s);
    strbuf_addf(&out,
                "*(struct memo_rec_%u_%u *)memo_task_room(&memo_s_%u, &memo_site_%u_%u, "
                "sizeof memo_r) = memo_r; ",
                p, k, p, p, k);
    note_addresses(e, &out, s);
    strbuf_addf(&out, "if (memo_s_%u.m_verify) memo_abi_task_verify(&memo_s_%u); ", p, p);
    add_check(e, &out, s);
    strbuf_adds(&out, in_block ? "} } } " : "} } ");
    declare_behind(e, &out, s);
    return take(e, &out);
}

static void emit_item(struct sync_emitter *e, struct sync_item *it);

/* What the exit does stands where it stood; only jumps lead there. */
static void emit_exit(struct sync_emitter *e, const struct sync_item *it, const char *front)
{
    unsigned p = e->p->id;
    struct strbuf out = STRBUF_INIT;
    strbuf_addf(&out, "%s%s if (0) { memo_exit_%u: (void)memo_sync_event(&memo_s_%u); ",
                it->in_block ? "" : "{ ", front, p, p);
    for (size_t i = 0; i < e->p->n_saved; i++)
        strbuf_addf(&out, "%s = ((struct memo_rec_%u_%u *)memo_s_%u.m_stopped)->memo_w%zu; ",
                    e->p->saved[i]->var->name, p, it->segment->id, p, i);
    strbuf_addf(&out, "memo_s_%u.m_stopped = 0; memo_now_%u:; ", p, p);
    for (size_t i = 0; i < e->p->n_variables; i++)
        if (e->p->variables[i]->is_restored)
            strbuf_addf(&out, "%s = memo_env_%u.%s; ", e->p->variables[i]->var->name, p,
                        e->p->variables[i]->name);
    edit_add(e->edits, (struct edit){.file = e->file,
                                     .begin = it->exit_range.begin,
                                     .end = it->exit_body->range.begin,
                                     .text = take(e, &out)});
    emit_item(e, it->exit_body);
    insert_end(e, it->exit_range.begin, it->exit_range.end, it->in_block ? " }" : " } }");
}

static void emit_segment(struct sync_emitter *e, const struct sync_segment *s)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i]->exit_node)
            emit_exit(e, s->items[i], i == 0 ? segment_text(e, s) : "");
        else
            edit_add(e->edits, (struct edit){.file = e->file,
                                             .begin = s->items[i]->range.begin,
                                             .end = s->items[i]->range.end,
                                             .text = i == 0 ? segment_text(e, s) : ";"});
}

/* ---- the tree ---- */

static bool is_exit(const struct sync_plan *p, const struct sync_item *it)
{
    for (size_t i = 0; i < p->n_exits; i++)
        if (p->exits[i] == it)
            return true;
    return false;
}

static void emit_waits(struct sync_emitter *e)
{
    for (size_t i = 0; i < e->p->region->n_waits; i++) {
        const struct sync_wait *w = &e->p->region->waits[i];
        size_t at = w->end;
        const struct source *src = &e->file->src;
        if (strchr("#%",
                   src->text[w->begin])) /* on the next line: the directive's own is taken out */
            while (at < src->len && src->text[at - 1] != '\n')
                at++;
        insert(e, at, arena_printf(e->arena, "(void)%s; ", event(e)), true);
    }
}

static void emit_structure_guards(struct sync_emitter *e, const struct sync_item *it)
{
    const struct sync_point *cond = point_at(e->p, POINT_CONDITION, it);
    const struct sync_point *inc = point_at(e->p, POINT_INCREMENT, it);
    if (cond)
        guard_expression(e, cond, cond->node);
    if (inc)
        guard_expression(e, inc, inc->node);
}

/* What stands in front of a statement, and whether it has to be braced for that. */
static const char *front_text(struct sync_emitter *e, const struct sync_item *it)
{
    struct strbuf out = STRBUF_INIT;
    const struct sync_point *loop = point_at(e->p, POINT_LOOP, it);
    if (loop) {
        strbuf_adds(&out, guard_statement(e, loop));
        if (it->kids[0] && it->kids[0]->point)
            strbuf_adds(&out, guard_statement(e, it->kids[0]->point));
        if (it->kids[0])
            strbuf_adds(&out, guard_statement(e, point_at(e->p, POINT_STATEMENT, it->kids[0])));
    }
    if (is_exit(e->p, it))
        strbuf_addf(&out, "(void)memo_sync_end(&memo_s_%u); ", e->p->id);
    else if (it->kind != SYNC_STRUCTURE || it->is_inner)
        strbuf_adds(&out, guard_statement(e, point_at(e->p, POINT_STATEMENT, it)));
    return take(e, &out);
}

/* Variables that live elsewhere stay declared where they were: no warning of that. */
static void use_declared(struct sync_emitter *e, const struct sync_item *it)
{
    struct strbuf out = STRBUF_INIT;
    const struct node *n = it->node;
    size_t count = n->kind == NODE_DECL ? 1 : n->n_kids;
    for (size_t i = 0; i < count && it->in_block && it->is_declaration; i++) {
        const struct node *d = n->kind == NODE_DECL ? n : n->kids[i];
        const struct sync_variable *v =
            d->kind == NODE_DECL ? sync_find_variable(e->p, d->var) : NULL;
        if (v && v->first_segment &&
            (v->storage == STORAGE_HOISTED || v->storage == STORAGE_INSIDE))
            strbuf_addf(&out, " (void)%s;", d->var->name);
    }
    if (out.len)
        insert(e, it->range.end, take(e, &out), true);
}

static void emit_kids(struct sync_emitter *e, struct sync_item *it)
{
    bool is_loop =
        it->node->kind == NODE_FOR || it->node->kind == NODE_WHILE || it->node->kind == NODE_DO;
    for (size_t i = is_loop ? 1 : 0; i < it->n_kids; i++)
        if (it->kids[i])
            emit_item(e, it->kids[i]);
    if (it->node->kind == NODE_BLOCK) {
        const char *text = guard_statement(e, point_at(e->p, POINT_SCOPE, it));
        if (*text)
            insert(e, it->node->range.end - 1, text, true);
    }
}

static void emit_item(struct sync_emitter *e, struct sync_item *it)
{
    if (it->segment) {
        if (it->segment->items[0] == it)
            emit_segment(e, it->segment);
        return;
    }
    const char *front = front_text(e, it);
    bool ends_ahead = e->p->exit && e->p->exit_loop == it && e->p->exit_after->is_reached;
    bool is_braced = (*front || ends_ahead) && !it->in_block;
    if (*front || is_braced)
        insert(e, it->range.begin, is_braced ? arena_printf(e->arena, "{ %s", front) : front, true);
    if (it->kind == SYNC_STRUCTURE) {
        emit_structure_guards(e, it);
        emit_kids(e, it);
    }
    if (ends_ahead)
        insert_end(e, it->range.begin, it->range.end,
                   arena_printf(e->arena, " if (%s) goto memo_exit_%u;", event(e), e->p->id));
    if (is_braced)
        insert_end(e, it->range.begin, it->range.end, " }");
    if (it->kind == SYNC_ONCE)
        use_declared(e, it);
}

/* ---- the region ---- */

static void emit_locals(struct sync_emitter *e, struct strbuf *out)
{
    const struct sync_plan *p = e->p;
    strbuf_addf(out, "struct memo_env_%u memo_env_%u = {0}; ", p->id, p->id);
    if (p->n_sets)
        strbuf_addf(out, "struct memo_ranges memo_g_%u[%zu] = {{0}}; ", p->id, p->n_sets);
    strbuf_addf(out, "struct memo_sync memo_s_%u = MEMO_SYNC_INIT; ", p->id);
}

static void emit_begin(struct sync_emitter *e, struct strbuf *out)
{
    const struct sync_plan *p = e->p;
    const struct clause *threads = annotation_clause(p->region->annotation, CLAUSE_threads);
    const char *n = "0";
    if (threads && threads->n_exprs == 1)
        n = arena_printf(e->arena, "memo_threads(%s)", source_text(e, threads->exprs[0]->range));
    if (p->n_sets)
        strbuf_addf(out, "memo_s_%u.m_ranges = memo_g_%u, memo_s_%u.m_n_ranges = %zu, ", p->id,
                    p->id, p->id, p->n_sets);
    strbuf_addf(out, "memo_sync_begin(&memo_s_%u, &memo_info_%u, &memo_env_%u, %s)", p->id, p->id,
                p->id, n);
    const char *total =
        annotation_clause(p->region->annotation, CLAUSE_progress) ? sync_total(e->p) : NULL;
    if (total)
        strbuf_addf(out, ", memo_s_%u.m_total = (memo_abi_u64)(%s)", p->id, total);
}

static void emit_bounds(struct sync_emitter *e, bool at_start)
{
    const struct sync_plan *p = e->p;
    struct strbuf out = STRBUF_INIT;
    const struct function *fn = p->region->fn;
    if (at_start) {
        emit_locals(e, &out);
        if (p->region->is_function) {
            strbuf_addf(&out, "int memo_b_%u __attribute__((unused)) = (", p->id);
            emit_begin(e, &out);
            strbuf_adds(&out, ", 0); ");
        }
        insert(e, fn->body.begin + 1, take(e, &out), true);
        if (!p->region->is_function) {
            strbuf_adds(&out, "{ ");
            emit_begin(e, &out);
            strbuf_adds(&out, "; ");
            insert(e, p->root->range.begin, take(e, &out), true);
        }
        return;
    }
    if (p->region->is_function) {
        if (p->end->is_reached)
            insert(e, fn->body.end - 1,
                   arena_printf(e->arena, "(void)memo_sync_end(&memo_s_%u); ", p->id), true);
    } else {
        insert_end(e, p->root->range.begin, p->root->range.end,
                   arena_printf(e->arena, " (void)memo_sync_end(&memo_s_%u); }", p->id));
    }
}

void emit_sync(struct edit_list *edits, struct sync_plan *p)
{
    struct sync_emitter e = {
        .p = p, .edits = edits, .arena = p->arena, .fe = p->fe, .file = p->region->file};
    struct strbuf out = STRBUF_INIT;
    const struct function *fn = p->region->fn;
    emit_sync_before(&e, &out);
    edit_add(edits, (struct edit){.file = e.file,
                                  .begin = fn->header.begin,
                                  .end = fn->header.begin,
                                  .text = take(&e, &out),
                                  .needs_preamble = true});
    emit_bounds(&e, true);
    emit_waits(&e);
    emit_item(&e, p->root);
    emit_bounds(&e, false);
    emit_sync_after(&e, &out);
    edit_add(edits, (struct edit){.file = e.file,
                                  .begin = fn->body.end,
                                  .end = fn->body.end,
                                  .text = take(&e, &out)});
}
