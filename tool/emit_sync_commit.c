/* emit_sync_commit.c - the functions that carry records out and commit them: what stands
 * behind the function of a region; see emit_sync_private.h. */
#include <string.h>

#include "emit_sync_private.h"
#include "node.h"

/* ---- run ---- */

static void emit_run(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    strbuf_addf(out,
                "static __inline__ __attribute__((always_inline)) void memo_do_run_%u_%u(void "
                "*memo_p, memo_abi_size memo_n)\n"
                "{ struct memo_rec_%u_%u *memo_r = memo_p; for (; memo_n; memo_n--, memo_r++) { ",
                e->p->id, s->id, e->p->id, s->id);
    if (s->may_set_errno)
        strbuf_adds(out, emit_sync_hit_has(s) ? "*__errno_location() = memo_r->memo_known ? "
                                                "memo_r->memo_errno[1] : MEMO_TASK_ERRNO_UNSET; "
                                              : "*__errno_location() = MEMO_TASK_ERRNO_UNSET; ");
    for (size_t i = 0; i < s->n_items; i++) {
        const struct sync_item *it = s->items[i];
        for (size_t c = it->n_calls; c-- > 0;) { /* inner calls stand behind outer ones */
            const struct sync_call *call = &it->calls[c];
            if (!call->is_out)
                continue;
            emit_sync_hit_unless(out, s, call);
            strbuf_adds(out, "{ ");
            for (size_t k = 0; call->is_pending && k < s->n_copied; k++)
                if (sync_type(e->p, s->copied[k]->var)->kind != TYPE_ARRAY)
                    strbuf_addf(out, "%s %s = memo_r->%s; (void)%s; ",
                                emit_sync_type(e->arena, sync_type(e->p, s->copied[k]->var)),
                                s->copied[k]->var->name, s->copied[k]->name,
                                s->copied[k]->var->name);
            for (size_t k = 0; k < call->n_sources; k++)
                strbuf_addf(out, "%s %s = memo_r->%s; (void)%s; ",
                            emit_sync_type(e->arena, call->sources[k].var->type),
                            call->sources[k].var->name, call->sources[k].call->name,
                            call->sources[k].var->name);
            if (call->name)
                strbuf_addf(out, "memo_r->%s = ", call->name);
            strbuf_addf(out, "(%s)(", call->cf->fn->name);
            for (size_t k = 0; k < call->n_args; k++)
                if (call->copies[k])
                    strbuf_addf(out, "%s%smemo_r->%s", k ? ", " : "",
                                call->copies[k]->type->kind == TYPE_ARRAY ? "" : "&",
                                emit_sync_field(e, it, c, k));
                else if (call->is_pending)
                    strbuf_addf(out, "%s%s\n", k ? ", " : "", call->args[k]);
                else
                    strbuf_addf(out, "%smemo_r->%s", k ? ", " : "", emit_sync_field(e, it, c, k));
            strbuf_adds(out, "); } ");
        }
    }
    if (s->may_set_errno)
        strbuf_adds(out, "memo_r->memo_errno[1] = *__errno_location(); ");
    strbuf_addf(out,
                "} }\nstatic void memo_run_%u_%u(void *memo_p, memo_abi_size memo_n) "
                "{ memo_do_run_%u_%u(memo_p, memo_n); }\n",
                e->p->id, s->id, e->p->id, s->id);
}

/* ---- commit ---- */

static const char *lvalue(struct sync_emitter *e, const struct sync_variable *v)
{
    return arena_printf(e->arena, v->storage == STORAGE_HOISTED ? "(memo_e->%s)" : "(*memo_e->%s)",
                        v->name);
}

/* How the segment's text reaches a variable that it knows by a macro; NULL: by its name. */
static const char *macro_text(struct sync_emitter *e, const struct sync_segment *s,
                              const struct sync_variable *v)
{
    for (size_t i = 0; i < s->n_others; i++)
        if (s->others[i] == v && sync_is_by_macro(e->p, v->var))
            return lvalue(e, v);
    for (size_t i = 0; i < s->n_copied; i++)
        if (s->copied[i] == v && sync_type(e->p, v->var)->kind == TYPE_ARRAY)
            return arena_printf(e->arena, "(*(__typeof__(%s) *)(void *)memo_r->%s)",
                                v->var->type->spelling, v->name);
    return NULL;
}

struct macro_user {
    struct sync_emitter *e;
    const struct sync_segment *segment;
    struct sync_variable **vars; /* that the statement names, each once */
    size_t n, cap;
};

static void add_macro_use(void *arg, const struct variable_use *use)
{
    struct macro_user *u = arg;
    const struct sync_segment *s = u->segment;
    for (size_t i = 0; i < s->n_named; i++) {
        struct sync_variable *v = s->named[i];
        if (v->var != use->var || !macro_text(u->e, s, v))
            continue;
        for (size_t k = 0; k < u->n; k++)
            if (u->vars[k] == v)
                return;
        ARENA_PUSH(u->e->arena, u->vars, u->n, u->cap) = v;
    }
}

static void emit_copies(struct sync_emitter *e, struct strbuf *out, const struct sync_item *it)
{
    for (size_t c = 0; c < it->n_calls; c++)
        for (size_t k = 0; it->calls[c].is_out && k < it->calls[c].n_args; k++) {
            struct variable *v = it->calls[c].copies[k];
            const char *field = emit_sync_field(e, it, c, k);
            if (!v || it->calls[c].copies_in[k])
                continue;
            const char *name = macro_text(e, it->segment, sync_find_variable(e->p, v));
            name = name ? name : v->name;
            if (v->type->kind == TYPE_ARRAY)
                strbuf_addf(out, "__builtin_memcpy(%s, memo_r->%s, sizeof memo_r->%s); ", name,
                            field, field);
            else
                strbuf_addf(out, "%s = memo_r->%s; ", name, field);
        }
}

static void emit_item_text(struct sync_emitter *e, struct strbuf *out, const struct sync_item *it)
{
    struct macro_user u = {.e = e, .segment = it->segment};
    emit_copies(e, out, it);
    if (it->form == FORM_CALL)
        return;
    const struct node *n = node_strip(it->node);
    sync_uses(it->form == FORM_ASSIGN ? n->kids[1] : it->node, NULL, 0, add_macro_use, &u);
    struct sync_name *names = arena_alloc(e->arena, (u.n + 1) * sizeof *names);
    for (size_t i = 0; i < u.n; i++)
        names[i] = (struct sync_name){u.vars[i]->var->name, macro_text(e, it->segment, u.vars[i])};
    bool needs_macros;
    const char *text = sync_put_names(e->p, it->form == FORM_ASSIGN ? it->right : it->text, names,
                                      u.n, &needs_macros);
    for (size_t i = 0; needs_macros && i < u.n; i++)
        strbuf_addf(out, "\n#pragma push_macro(\"%s\")\n#undef %s\n#define %s %s\n", names[i].name,
                    names[i].name, names[i].name, names[i].text);
    strbuf_addc(out, '\n');
    edit_line_directive(e->fe, out, e->file, it->range.begin);
    if (it->form == FORM_ASSIGN)
        strbuf_addf(out, "*memo_r->%s %s %s\n;\n", emit_sync_to(e, it), it->op, text);
    else if (it->exit_node)
        strbuf_addf(out, "if (%s\n) { ", text);
    else
        strbuf_addf(out, "%s\n", text);
    for (size_t i = 0; needs_macros && i < u.n; i++)
        strbuf_addf(out, "#pragma pop_macro(\"%s\")\n", names[i].name);
}

/* Variables that nobody else knows the address of are read once and written back. */
static void emit_others(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s,
                        bool back)
{
    for (size_t i = 0; i < s->n_others; i++) {
        const struct sync_variable *v = s->others[i];
        if (sync_is_by_macro(e->p, v->var))
            continue;
        if (back)
            strbuf_addf(out, "%s = %s; ", lvalue(e, v), v->var->name);
        else
            strbuf_addf(out, "%s %s = %s; ", emit_sync_type(e->arena, sync_type(e->p, v->var)),
                        v->var->name, lvalue(e, v));
    }
}

static void emit_commit(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    strbuf_addf(out,
                "static __inline__ __attribute__((always_inline)) memo_abi_size "
                "memo_do_commit_%u_%u(void *memo_p, memo_abi_size memo_n, void "
                "*memo_v)\n{ ",
                e->p->id, s->id);
    if (!s->has_deferred) {
        strbuf_adds(out, "(void)memo_p; (void)memo_v; return memo_n; }\n");
        return;
    }
    strbuf_addf(out,
                "struct memo_rec_%u_%u *memo_r = memo_p; struct memo_env_%u *memo_e = memo_v; "
                "memo_abi_size memo_i; (void)memo_e; ",
                e->p->id, s->id, e->p->id);
    emit_others(e, out, s, false);
    strbuf_adds(out, "for (memo_i = 0; memo_i < memo_n; memo_i++, memo_r++) { ");
    for (size_t i = 0; i < s->n_inside; i++)
        strbuf_addf(out, "%s %s; ", emit_sync_type(e->arena, sync_type(e->p, s->inside[i]->var)),
                    s->inside[i]->var->name);
    for (size_t i = 0; i < s->n_copied; i++)
        if (sync_type(e->p, s->copied[i]->var)->kind != TYPE_ARRAY)
            strbuf_addf(out, "%s %s = memo_r->%s; (void)%s; ",
                        emit_sync_type(e->arena, sync_type(e->p, s->copied[i]->var)),
                        s->copied[i]->var->name, s->copied[i]->name, s->copied[i]->var->name);
    for (size_t i = 0; i < s->n_items; i++) {
        emit_item_text(e, out, s->items[i]);
        if (s->items[i]->exit_node) {
            emit_others(e, out, s, true);
            strbuf_adds(out, "return memo_i; }\n");
        }
    }
    strbuf_adds(out, "}\n");
    emit_others(e, out, s, true);
    strbuf_adds(out, "return memo_n; }\n");
}

void emit_sync_after(struct sync_emitter *e, struct strbuf *out)
{
    strbuf_addc(out, '\n');
    strbuf_adds(out, emit_sync_quiet);
    for (size_t i = 0; i < e->p->n_segments; i++) {
        if (e->p->segments[i]->has_calls)
            emit_run(e, out, e->p->segments[i]);
        emit_commit(e, out, e->p->segments[i]);
        strbuf_addf(out,
                    "static memo_abi_size memo_commit_%u_%u(void *memo_p, memo_abi_size memo_n, "
                    "void *memo_v) { return memo_do_commit_%u_%u(memo_p, memo_n, memo_v); }\n",
                    e->p->id, e->p->segments[i]->id, e->p->id, e->p->segments[i]->id);
    }
    strbuf_adds(out, emit_sync_quiet_end);
}
