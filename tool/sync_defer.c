/* sync_defer.c - which statements are deferred; see sync_private.h.
 *
 * Statements with calls that can be taken out are deferred to begin with. What touches the
 * same objects as a deferred part, in the same loop, is deferred too if it can be; a call
 * whose arguments need a pending result stays where it is. Both to a fixpoint; whenever a call
 * has to stay, all is decided anew without it. */
#include <string.h>

#include "clex.h"
#include "libcalls.h"
#include "macro.h"
#include "sync_private.h"

/* ---- variables ---- */

struct sync_variable *sync_variable(struct sync_plan *p, struct variable *v)
{
    for (size_t i = 0; i < p->n_variables; i++)
        if (p->variables[i]->var == v)
            return p->variables[i];
    struct sync_variable *sv = ARENA_NEW(p->arena, struct sync_variable);
    sv->var = v;
    ARENA_PUSH(p->arena, p->variables, p->n_variables, p->cap_variables) = sv;
    return sv;
}

const struct sync_variable *sync_find_variable(const struct sync_plan *p, const struct variable *v)
{
    for (size_t i = 0; i < p->n_variables; i++)
        if (p->variables[i]->var == v)
            return p->variables[i];
    return NULL;
}

/* Is it an object of this activation, that only this function names? */
bool sync_is_local(const struct variable *v)
{
    return !v->is_global && !v->is_static_local;
}

static bool is_scalar(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_INTEGER:
    case TYPE_FLOAT:
    case TYPE_COMPLEX:
    case TYPE_ENUM:
    case TYPE_POINTER:
        return true;
    default:
        return false;
    }
}

#define COPIED_AT_MOST 256

bool sync_may_be_copied(struct sync_plan *p, struct variable *v)
{
    const struct type *t = v->type ? sync_type(p, v) : NULL;
    if (!sync_is_local(v) || !t || t->is_volatile || t->is_atomic || t->align > 16)
        return false;
    if (!is_scalar(t) && !((t->kind == TYPE_RECORD || t->kind == TYPE_ARRAY) && t->is_complete &&
                           t->size <= COPIED_AT_MOST && !t->is_variable))
        return false;
    return !sync_variable(p, v)->is_written;
}

/* ---- why not ---- */

struct obstacle {
    struct sync_plan *p;
    const struct sync_item *it;
    const char *why;
};

static const char *const never_names[] = {"setjmp", "_setjmp", "sigsetjmp", "__sigsetjmp", "vfork",
                                          "alloca", "__builtin_alloca", "longjmp", "siglongjmp",
                                          "pthread_exit"};

/* What reads or changes the state of the floating-point unit, flags included. */
static const char *const fenv_names[] = {"fetestexcept",    "fegetexceptflag", "fegetenv",
                                         "feholdexcept",    "feraiseexcept",   "feclearexcept",
                                         "fesetexceptflag", "feupdateenv",     "fesetenv",
                                         "fegetround",      "fesetround"};

static bool is_fenv(const struct function *fn)
{
    for (size_t i = 0; i < sizeof fenv_names / sizeof *fenv_names; i++)
        if (fn && strcmp(fn->name, fenv_names[i]) == 0)
            return true;
    return false;
}

const char *sync_why_leaves(struct sync_plan *p, struct function *fn)
{
    if (!fn)
        return NULL;
    if (fn->is_noreturn)
        return "it may not return";
    for (size_t i = 0; i < sizeof never_names / sizeof *never_names; i++)
        if (strcmp(fn->name, never_names[i]) == 0)
            return "it may leave the function";
    if (is_fenv(fn))
        return "it deals with the floating-point environment";
    if (fn->has_definition) {
        const struct effects *e = effects_of(p->fe, p->arena, fn);
        for (size_t i = 0; i < e->n_unseen; i++)
            if (is_fenv(e->unseen[i].fn))
                return "it deals with the floating-point environment";
        for (size_t i = 0; i < e->n_effects; i++)
            if (e->effects[i].kind == EFFECT_EXIT || e->effects[i].kind == EFFECT_LONGJMP)
                return "it may not return";
        if (e->may_longjmp)
            return "it may not return";
    }
    return NULL;
}

static bool is_declared_in(const struct node *n, const struct variable *v)
{
    if (n->kind == NODE_DECL && n->var == v)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_declared_in(n->kids[i], v))
            return true;
    return false;
}

static void find_obstacle(struct obstacle *o, const struct node *n)
{
    if (o->why)
        return;
    for (size_t i = 0; i < o->it->n_calls; i++)
        if (o->it->calls[i].is_out && o->it->calls[i].node == n)
            return;
    switch (n->kind) {
    case NODE_ASM:
        o->why = "it has inline assembly";
        break;
    case NODE_VA_ARG:
        o->why = "it reads variable arguments";
        break;
    case NODE_NESTED_FUNCTION:
        o->why = "it has a nested function";
        break;
    case NODE_DECL:
        if (n->var->type->is_variable)
            o->why = "it declares an array of variable size";
        else if (o->it->is_declaration && !sync_is_spellable(o->p, n->var->type))
            o->why = "it declares an object whose type has no name outside";
        else if (n->var->is_static_local || n->var->is_global)
            o->why = "it declares a static object";
        break;
    case NODE_VARIABLE:
        if (n->var && n->var->is_block_extern)
            o->why = "it names an object that is declared in the function";
        if (!n->var || (n->var->is_global && !n->var->is_static_local) ||
            is_declared_in(o->it->node, n->var))
            break;
        if (!sync_is_spellable(o->p, sync_type(o->p, n->var)))
            o->why = "it names an object whose type has no name outside, or a variable size";
        else if (n->var->type->align > 16)
            o->why = "it names an object of great alignment";
        break;
    case NODE_CALL:
        o->why = sync_why_leaves(o->p, n->fn);
        if (n->fn && strcmp(n->fn->name, "__errno_location") == 0)
            o->why = "it uses errno";
        if (!o->why && n->fn && n->fn->has_definition &&
            effects_of(o->p->fe, o->p->arena, n->fn)->reads_errno)
            o->why = "it may read errno";
        break;
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        find_obstacle(o, n->kids[i]);
}

/* A name that means something only inside the function. */
static bool names_local(struct sync_plan *p, const struct sync_item *it)
{
    struct ctokens tokens = {0};
    struct arena scratch;
    bool found = false;
    if (!p->n_local_names)
        return false;
    arena_init(&scratch);
    ctokens_lex(&tokens, &scratch, it->range.src->text + it->range.begin,
                it->range.end - it->range.begin);
    for (size_t i = 0; i < tokens.n; i++)
        for (size_t j = 0; j < p->n_local_names; j++)
            found |= tokens.items[i].kind == CLEX_NAME &&
                     strcmp(tokens.items[i].text, p->local_names[j]) == 0;
    arena_release(&scratch);
    return found;
}

/* The deferred text stands behind the function: macros must mean the same there. */
static bool uses_local_macro(struct sync_plan *p, const struct sync_item *it)
{
    const struct src_range *body = &p->region->fn->body;
    struct ctokens directives = {0}, text = {0};
    const char *begin = body->src->text + body->begin;
    size_t len = body->end - body->begin;
    if (body->src != it->range.src ||
        (!memmem(begin, len, "define", 6) && !memmem(begin, len, "undef", 5)))
        return false;
    ctokens_lex(&directives, p->arena, begin, len);
    ctokens_lex(&text, p->arena, it->range.src->text + it->range.begin,
                it->range.end - it->range.begin);
    for (size_t i = 2; i < directives.n; i++) {
        const struct ctoken *d = &directives.items[i];
        if (!ctoken_is(d - 2, "#") || !(ctoken_is(d - 1, "define") || ctoken_is(d - 1, "undef")))
            continue;
        for (size_t k = 0; k < text.n; k++)
            if (text.items[k].kind == CLEX_NAME && strcmp(text.items[k].text, d->text) == 0)
                return true;
    }
    return false;
}

/* Variables that the deferred text knows by a macro must be the only thing of their name in it:
 * no member, tag or label, and nothing declared inside. */
struct clash {
    struct sync_plan *p;
    const struct sync_item *it;
    struct ctokens tokens;
    const struct variable *declared;
    bool found;
};

/* Something of the function's that has the name of what the text declares itself. */
static void find_same_name(void *arg, const struct variable_use *use)
{
    struct clash *c = arg;
    if (use->var && use->var != c->declared && use->var->name && c->declared->name &&
        strcmp(use->var->name, c->declared->name) == 0)
        c->found = true;
}

bool sync_is_by_macro(struct sync_plan *p, struct variable *v)
{
    const struct type *t = sync_type(p, v);
    return t->kind == TYPE_ARRAY || t->size > 64 || v->is_static_local ||
           touch_is_exposed(p->scope, v);
}

static bool is_other_name(const struct ctokens *t, size_t i)
{
    static const char *const before[] = {".", "->", "struct", "union", "enum", "goto", "&&"};
    const struct ctoken *prev = i ? &t->items[i - 1] : NULL;
    for (size_t k = 0; prev && k < 6; k++)
        if (ctoken_is(prev, before[k]))
            return true;
    bool starts = !prev || ctoken_is(prev, ";") || ctoken_is(prev, "{") || ctoken_is(prev, "}");
    return starts && i + 1 < t->n && ctoken_is(&t->items[i + 1], ":");
}

static void find_clash(void *arg, const struct variable_use *use)
{
    struct clash *c = arg;
    if (!use->var || (use->var->is_global && !use->var->is_static_local) || c->found ||
        !use->var->name || !*use->var->name)
        return;
    if (use->is_declared) {
        c->declared = use->var;
        sync_uses(c->it->node, NULL, 0, find_same_name, c);
        return;
    }
    if (use->is_declared || is_declared_in(c->it->node, use->var) ||
        !sync_is_by_macro(c->p, use->var))
        return;
    for (size_t i = 0; i < c->tokens.n; i++)
        if (c->tokens.items[i].kind == CLEX_NAME &&
            strcmp(c->tokens.items[i].text, use->var->name) == 0 && is_other_name(&c->tokens, i))
            c->found = true;
}

static bool has_clash(struct sync_plan *p, const struct sync_item *it)
{
    struct clash c = {.p = p, .it = it};
    struct strbuf text = STRBUF_INIT;
    const char *raw = it->range.src->text + it->range.begin;
    size_t len = it->range.end - it->range.begin;
    bool is_expanded = macro_expand(p->fe->macros, raw, len, &text);
    ctokens_lex(&c.tokens, p->arena, is_expanded ? text.buf : raw, is_expanded ? text.len : len);
    sync_uses(it->node, NULL, 0, find_clash, &c);
    strbuf_release(&text);
    return c.found;
}

/* Objects whose address is needed but can't be had. */
static void find_registers(void *arg, const struct variable_use *use)
{
    struct obstacle *o = arg;
    if (use->var->is_register && (use->is_written || use->is_address))
        o->why = "it changes a register variable";
}

/* What the tokens say; the same each time. */
static const char *why_not_by_name(struct sync_plan *p, const struct sync_item *it)
{
    struct sync_item *mutable = (struct sync_item *)it;
    if (it->is_lexed[it->form])
        return it->why_not_by_name[it->form];
    mutable->is_lexed[it->form] = true;
    const char **why = &mutable->why_not_by_name[it->form];
    if (has_clash(p, it))
        *why = "a member, tag or other variable in it has the name of one of its variables";
    else if (uses_local_macro(p, it))
        *why = "it uses a macro that is defined, or undefined, inside the function";
    else if (names_local(p, it))
        *why = "it names something that is declared in the function";
    return *why;
}

const char *sync_why_not_deferred(struct sync_plan *p, const struct sync_item *it)
{
    struct sync_inside inside;
    struct obstacle o = {p, it, NULL};
    if (!it->has_range)
        return "a macro makes more than the statement";
    if (it->is_pinned)
        return "it is part of the head of a loop";
    sync_look(p, it->node, &inside);
    if (inside.has_jump)
        return "it decides where the program goes on";
    if (inside.has_wait || inside.has_region)
        return "it has synchronized code of its own";
    if (inside.has_directive)
        return "it is parallel code of another kind";
    if (it->form == FORM_CALL)
        return NULL;
    if (it->form == FORM_ASSIGN)
        find_obstacle(&o, sync_strip(it->node)->kids[1]);
    else
        find_obstacle(&o, it->node);
    if (!o.why && it->form == FORM_ASSIGN) {
        const struct node *skip[SYNC_CALLS_AT_MOST];
        size_t n = sync_out_calls(it, skip);
        sync_uses(sync_strip(it->node)->kids[1], skip, n, find_registers, &o);
    } else if (!o.why) {
        sync_uses(it->node, NULL, 0, find_registers, &o);
    }
    return o.why ? o.why : why_not_by_name(p, it);
}

/* ---- touches ---- */

static void add_touch(struct sync_plan *p, struct touches *out, const struct touch *t)
{
    ARENA_PUSH(p->arena, out->items, out->n, out->cap) = *t;
}

/* Is the object named there, and not reached through a pointer? */
static bool is_by_name(const struct node *n, const struct variable *v)
{
    n = sync_strip(n);
    if (n->kind == NODE_VARIABLE)
        return n->var == v;
    if (n->kind == NODE_MEMBER && !n->is_arrow)
        return is_by_name(n->kids[0], v);
    if (n->kind == NODE_INDEX) {
        const struct node *base = sync_strip(n->kids[0]);
        return base->type && base->type->kind == TYPE_ARRAY && is_by_name(base, v);
    }
    return false;
}

/* Reads of what is copied into the record happen at once. */
static void sort_out(struct sync_plan *p, const struct touches *all, struct touches *at_once,
                     struct touches *deferred)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct touch *t = &all->items[i];
        bool is_copy = t->base == TOUCH_VARIABLE && !t->is_write && t->var && t->where &&
                       is_by_name(t->where, t->var) && sync_may_be_copied(p, (struct variable *)t->var);
        add_touch(p, is_copy ? at_once : deferred, t);
    }
}

size_t sync_out_calls(const struct sync_item *it, const struct node **skip)
{
    size_t n = 0;
    for (size_t i = 0; i < it->n_calls && n < SYNC_CALLS_AT_MOST; i++)
        if (it->calls[i].is_out)
            skip[n++] = it->calls[i].node;
    return n;
}

/* Initializations: touch_find() has nothing of what is declared inside. */
static void declared_touch(struct sync_plan *p, const struct node *n, struct touches *out)
{
    if (n->kind == NODE_BLOCK)
        for (size_t i = 0; i < n->n_kids; i++)
            declared_touch(p, n->kids[i], out);
    if (n->kind != NODE_DECL || !n->n_kids || !sync_is_local(n->var))
        return;
    add_touch(p, out,
              &(struct touch){.base = TOUCH_VARIABLE,
                              .is_write = true,
                              .var = n->var,
                              .type = n->var->type,
                              .path = "",
                              .is_exact = true,
                              .where = n});
}

static bool is_source(const struct sync_call *c, const struct variable *v)
{
    for (size_t i = 0; v && i < c->n_sources; i++)
        if (c->sources[i].var == v)
            return true;
    return false;
}

/* What evaluating the arguments touches; results of the same task aren't memory. */
static void find_arguments(struct sync_plan *p, const struct sync_call *c,
                           const struct node *const *skip, size_t n_skip, struct touches *all);

static void arguments_touch(struct sync_plan *p, struct sync_call *c,
                            const struct node *const *skip, size_t n_skip, struct touches *out)
{
    unsigned mask = 0;
    for (size_t i = 0; i < n_skip; i++)
        mask = mask * 31 + (unsigned)skip[i]->range.begin + 1;
    if (!c->args_touched || c->args_skipped != mask) {
        c->args_touched = ARENA_NEW(p->arena, struct touches);
        c->args_skipped = mask;
        find_arguments(p, c, skip, n_skip, c->args_touched);
    }
    for (size_t i = 0; i < c->args_touched->n; i++) {
        const struct touch *t = &c->args_touched->items[i];
        if (!(t->base == TOUCH_VARIABLE && is_source(c, t->var)))
            add_touch(p, out, t);
    }
}

static void find_arguments(struct sync_plan *p, const struct sync_call *c,
                           const struct node *const *skip, size_t n_skip, struct touches *all)
{
    for (size_t k = 1; k < c->node->n_kids; k++)
        if (!c->copies[k - 1])
            touch_find(p->scope, c->node->kids[k], skip, n_skip, all);
        else if (c->copies_in[k - 1])
            add_touch(p, all,
                      &(struct touch){.base = TOUCH_VARIABLE,
                                      .var = c->copies[k - 1],
                                      .type = c->copies[k - 1]->type,
                                      .path = "",
                                      .is_exact = true,
                                      .where = c->node->kids[k]});
}

static void call_touches(struct sync_plan *p, struct sync_call *c, struct touches *out)
{
    if (!c->call_touched) {
        c->call_touched = ARENA_NEW(p->arena, struct touches);
        touch_find_call(p->scope, c->node, c->cf, c->call_touched);
    }
    for (size_t i = 0; i < c->call_touched->n; i++) {
        const struct touch *t = &c->call_touched->items[i];
        if (!(t->base == TOUCH_VARIABLE && sync_is_copy_of(c, t->var)))
            add_touch(p, out, t);
    }
}

static void calls_touch(struct sync_plan *p, struct sync_item *it, const struct node *const *skip,
                        size_t n_skip, struct touches *at_once, struct touches *call)
{
    for (size_t i = 0; i < it->n_calls; i++)
        if (it->calls[i].is_out) {
            arguments_touch(p, &it->calls[i], skip, n_skip, at_once);
            call_touches(p, &it->calls[i], call);
        }
}

/* The deferred part assigns the records' copies to their variables. */
static void copies_touch(struct sync_plan *p, struct sync_item *it, struct touches *deferred)
{
    for (size_t i = 0; i < it->n_calls; i++) {
        const struct sync_call *c = &it->calls[i];
        for (size_t k = 0; c->is_out && k + 1 < c->node->n_kids; k++)
            if (c->copies[k] && !c->copies_in[k])
                add_touch(p, deferred,
                          &(struct touch){.base = TOUCH_VARIABLE,
                                          .is_write = true,
                                          .var = c->copies[k],
                                          .type = c->copies[k]->type,
                                          .path = "",
                                          .is_exact = true,
                                          .where = c->node->kids[k + 1]});
    }
}

static void find_item(struct sync_plan *p, struct sync_item *it, struct touches *at_once,
                      struct touches *call, struct touches *deferred)
{
    const struct node *skip[SYNC_CALLS_AT_MOST];
    struct touches all = {0};
    size_t n_skip;
    if (it->kind == SYNC_ONCE) {
        touch_find(p->scope, it->node, NULL, 0, at_once);
        if (it->is_declaration)
            declared_touch(p, it->node, at_once);
        return;
    }
    n_skip = sync_out_calls(it, skip);
    calls_touch(p, it, skip, n_skip, at_once, call);
    copies_touch(p, it, deferred);
    if (it->form == FORM_CALL)
        return;
    if (it->form == FORM_ASSIGN) {
        const struct node *n = sync_strip(it->node);
        touch_find_address(p->scope, n->kids[0], at_once);
        touch_find(p->scope, n, skip, n_skip, &all);
        struct touches address = {0};
        touch_find_address(p->scope, n->kids[0], &address);
        /* What finds the destination is done: only the rest is to come. */
        for (size_t i = 0; i < all.n; i++)
            for (size_t j = 0; j < address.n; j++)
                if (all.items[i].where == address.items[j].where &&
                    all.items[i].is_write == address.items[j].is_write &&
                    all.items[i].base == address.items[j].base &&
                    all.items[i].var == address.items[j].var) {
                    all.items[i] = all.items[--all.n];
                    i--;
                    break;
                }
        sort_out(p, &all, at_once, deferred);
        return;
    }
    touch_find(p->scope, it->node, skip, n_skip, &all);
    if (it->is_declaration)
        declared_touch(p, it->node, &all);
    sort_out(p, &all, at_once, deferred);
}

/* Output may change memory: that of open_memstream() and its kin. */
static bool is_stream_memory(struct sync_plan *p, const struct touch *stream,
                             const struct touch *memory)
{
    if (stream->base != TOUCH_OUTSIDE)
        return false;
    if (memory->base == TOUCH_VARIABLE)
        return memory->var->is_global || touch_is_exposed(p->scope, memory->var);
    return memory->base == TOUCH_POINTER || memory->base == TOUCH_MEMORY;
}

/* Decisions are taken over and over; what an item touches changes only with its form. */
struct sync_cache {
    enum sync_form form;
    unsigned version, out;
    size_t n_sources;
    struct touches touches[3];
};

static void copy_touches(struct sync_plan *p, struct touches *to, const struct touches *from)
{
    for (size_t i = 0; to && i < from->n; i++)
        add_touch(p, to, &from->items[i]);
}

static const struct touches *sync_touched(struct sync_plan *p, struct sync_item *it)
{
    bool is_late = it->kind != SYNC_ONCE;
    struct sync_cache *c = it->cache[is_late], now = {.form = it->form, .version = p->version};
    for (size_t i = 0; is_late && i < it->n_calls; i++) {
        now.out = now.out * 3 + 1 + it->calls[i].is_out;
        now.n_sources += it->calls[i].n_sources;
    }
    if (c && (!is_late || (c->form == now.form && c->version == now.version &&
                           c->out == now.out && c->n_sources == now.n_sources)))
        return c->touches;
    c = it->cache[is_late] = ARENA_NEW(p->arena, struct sync_cache);
    *c = now;
    find_item(p, it, &c->touches[0], &c->touches[1], &c->touches[2]);
    return c->touches;
}

void sync_touches(struct sync_plan *p, struct sync_item *it, struct touches *at_once,
                  struct touches *call, struct touches *deferred)
{
    const struct touches *t = sync_touched(p, it);
    copy_touches(p, at_once, &t[0]);
    copy_touches(p, call, &t[1]);
    copy_touches(p, deferred, &t[2]);
}

enum depend sync_judge(struct sync_plan *p, const struct sync_item *earlier_item,
                       const struct sync_item *later_item, const struct touch *earlier,
                       const struct touch *later, bool same_iteration, const char **why)
{
    struct depend_context dc = {.scope = p->scope,
                                .region = p->region,
                                .loops = later_item->loops,
                                .same_iteration = same_iteration};
    while (dc.n_loops < earlier_item->n_loops && dc.n_loops < later_item->n_loops &&
           earlier_item->loops[dc.n_loops] == later_item->loops[dc.n_loops])
        dc.n_loops++;
    if (!earlier->is_write && !later->is_write)
        return DEPEND_NEVER;
    /* Records keep what calls make of errno, and it is set in order. */
    bool is_assigned = later->where && later->where->kind != NODE_CALL;
    if (earlier->base == TOUCH_ERRNO && later->base == TOUCH_ERRNO && later->is_write &&
        !is_assigned)
        return DEPEND_NEVER;
    if (p->has_memory_streams && (is_stream_memory(p, earlier, later) ||
                                  is_stream_memory(p, later, earlier)))
        return DEPEND_ALWAYS;
    return depend_judge(&dc, earlier, later, why);
}

/* ---- the decision ---- */

struct decider {
    struct sync_plan *p;
    struct sync_item **items; /* in order of the text */
    const struct touches **touches; /* at once, of calls, deferred */
    size_t n, cap;
    bool changed;
    bool is_hasty;
};

static void collect(void *arg, struct sync_item *it)
{
    struct decider *d = arg;
    ARENA_PUSH(d->p->arena, d->items, d->n, d->cap) = it;
}

bool sync_is_late(const struct sync_item *it)
{
    return it->kind == SYNC_SITE || it->kind == SYNC_DEFERRED;
}

static void make_first(struct decider *d, struct sync_item *it)
{
    const struct node *n = it->node;
    bool may_be_site = it->kind != SYNC_STRUCTURE || n->kind == NODE_IF || n->kind == NODE_SWITCH;
    it->text = it->to = it->right = NULL;
    if (!may_be_site || (it->kind == SYNC_STRUCTURE && it->has_jump))
        return;
    for (size_t i = 0; i < it->n_calls; i++)
        it->calls[i].is_out = false;
    if (!sync_find_form(d->p, it) || it->n_calls > SYNC_CALLS_AT_MOST || it->has_jump ||
        it->is_pinned || it->calls_stay) {
        for (size_t i = 0; i < it->n_calls; i++)
            it->calls[i].is_out = false;
        if (it->kind == SYNC_STRUCTURE)
            it->n_calls = 0; /* the parts have them */
        return;
    }
    it->why_not_deferred = sync_why_not_deferred(d->p, it);
    if (!it->why_not_deferred && !sync_make_text(d->p, it))
        it->why_not_deferred = "its text can't be told from what macros make";
    if (!it->why_not_deferred) {
        it->kind = SYNC_SITE;
        return;
    }
    for (size_t i = 0; i < it->n_calls; i++)
        it->calls[i].is_out = false;
    if (it->kind == SYNC_STRUCTURE)
        it->n_calls = 0;
}

static void mark_write(void *arg, const struct variable_use *use)
{
    struct decider *d = arg;
    struct sync_variable *sv;
    if (!use->var || !sync_is_local(use->var) || !(use->is_written || use->is_address))
        return;
    sv = sync_variable(d->p, use->var);
    if (!sv->is_written)
        d->changed = true;
    d->p->version += !sv->is_written;
    sv->is_written = true;
}

static void set_written(struct sync_plan *p, struct variable *v)
{
    struct sync_variable *sv = sync_variable(p, v);
    p->version += !sv->is_written;
    sv->is_written = true;
}

static void mark_exposed(void *arg, const struct variable_use *use)
{
    struct decider *d = arg;
    if (use->var && sync_is_local(use->var) && touch_is_exposed(d->p->scope, use->var))
        set_written(d->p, use->var);
}

/* Writes through pointers: what they may reach isn't copied, though it is named as well. */
static void mark_reached(struct decider *d, struct sync_item *it)
{
    const struct touches *deferred = &sync_touched(d->p, it)[2];
    bool is_anywhere = false;
    for (size_t i = 0; i < deferred->n; i++) {
        const struct touch *t = &deferred->items[i];
        if (!t->is_write)
            continue;
        if (t->base == TOUCH_VARIABLE && sync_is_local(t->var))
            set_written(d->p, (struct variable *)t->var);
        is_anywhere |= t->base == TOUCH_POINTER || t->base == TOUCH_MEMORY;
    }
    if (is_anywhere)
        sync_uses(it->node, NULL, 0, mark_exposed, d);
}

static void mark_writes(struct decider *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct sync_item *it = d->items[i];
        const struct node *skip[SYNC_CALLS_AT_MOST];
        for (size_t c = 0; sync_is_late(it) && c < it->n_calls; c++)
            for (size_t k = 0; it->calls[c].is_out && k + 1 < it->calls[c].node->n_kids; k++)
                if (it->calls[c].copies[k] && !it->calls[c].copies_in[k])
                    set_written(d->p, it->calls[c].copies[k]);
        if (!sync_is_late(it) || it->form == FORM_CALL)
            continue;
        size_t n_skip = sync_out_calls(it, skip);
        mark_reached(d, it);
        if (it->form == FORM_ASSIGN)
            sync_uses(sync_strip(it->node)->kids[1], skip, n_skip, mark_write, d);
        else
            sync_uses(it->node, skip, n_skip, mark_write, d);
    }
}

static void find_touches(struct decider *d)
{
    static const struct touches nothing[3];
    d->touches = arena_alloc(d->p->arena, (d->n + 1) * sizeof *d->touches);
    for (size_t i = 0; i < d->n; i++)
        d->touches[i] =
            d->items[i]->kind == SYNC_STRUCTURE ? nothing : sync_touched(d->p, d->items[i]);
}

static bool is_in_loop(const struct sync_item *it, const struct node *loop)
{
    for (size_t i = 0; i < it->n_loops; i++)
        if (it->loops[i] == loop)
            return true;
    return false;
}

static bool has_later_site(const struct decider *d, size_t u)
{
    for (size_t i = u + 1; i < d->n; i++)
        if (d->items[i]->kind == SYNC_SITE && d->items[i]->parent == d->items[u]->parent)
            return true;
    return false;
}

/* Is w pending where u stands without an event that costs nothing? */
static bool is_close(const struct decider *d, size_t u, size_t w)
{
    const struct sync_item *ui = d->items[u], *wi = d->items[w];
    if (ui->n_loops)
        return is_in_loop(wi, ui->loops[ui->n_loops - 1]);
    return wi->n_loops == 0 && w < u && has_later_site(d, u);
}

static bool conflicts(struct decider *d, size_t w, size_t u, const struct touches *a,
                      const struct touches *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++)
            if (sync_judge(d->p, d->items[w], d->items[u], &a->items[i], &b->items[j], w < u,
                           NULL) == DEPEND_ALWAYS)
                return true;
    return false;
}

/* Is some deferred part in the way of what u does at once? */
static bool is_in_the_way(struct decider *d, size_t u, const struct touches *at_once)
{
    for (size_t w = 0; w < d->n; w++)
        if (sync_is_late(d->items[w]) && is_close(d, u, w) &&
            conflicts(d, w, u, &d->touches[w][2], at_once))
            return true;
    return false;
}

static bool is_structure_to_defer(const struct sync_item *it)
{
    return it->kind == SYNC_STRUCTURE && !it->calls_stay &&
           (it->node->kind == NODE_IF || it->node->kind == NODE_SWITCH) && !it->has_jump;
}

static void defer(struct decider *d, struct sync_item *it)
{
    struct sync_plan *p = d->p;
    enum sync_kind before = it->kind;
    for (size_t i = 0; i < it->n_calls; i++)
        it->calls[i].is_out = false;
    it->n_calls = 0;
    it->form = it->is_declaration ? FORM_DECLARATION : FORM_WHOLE;
    it->why_not_deferred = sync_why_not_deferred(p, it);
    if (it->why_not_deferred)
        return;
    it->kind = SYNC_DEFERRED;
    if (!sync_make_text(p, it)) {
        it->why_not_deferred = "its text can't be told from what macros make";
        it->kind = before;
        return;
    }
    d->changed = true;
}

/* ---- calls that run in the task of an earlier one ---- */

/* The call whose result the item gives to v, and nothing else. */
static const struct sync_call *call_for(const struct sync_item *it, const struct variable *v)
{
    const struct node *n = sync_strip(it->node), *value = NULL;
    if (n->kind == NODE_DECL && n->var == v && n->n_kids == 1)
        value = sync_strip(n->kids[0]);
    else if (n->kind == NODE_ASSIGN && strcmp(n->op, "=") == 0 &&
             sync_strip(n->kids[0])->kind == NODE_VARIABLE && sync_strip(n->kids[0])->var == v)
        value = sync_strip(n->kids[1]);
    for (size_t i = 0; value && i < it->n_calls; i++)
        if (it->calls[i].node == value && it->calls[i].is_out)
            return &it->calls[i];
    return NULL;
}

bool sync_is_bare_declaration(const struct sync_item *it)
{
    const struct node *n = it->node;
    if (!it->is_declaration || it->kind != SYNC_ONCE)
        return false;
    if (n->kind == NODE_DECL)
        return n->n_kids == 0;
    for (size_t i = 0; i < n->n_kids; i++)
        if (n->kids[i]->kind != NODE_DECL || n->kids[i]->n_kids)
            return false;
    return true;
}

struct write_search {
    const struct variable *var;
    bool found;
};
static void search_write(void *arg, const struct variable_use *use)
{
    struct write_search *s = arg;
    s->found |= use->var == s->var && (use->is_written || use->is_address);
}

/* In the statements right before `it`, all of them deferred. */
static const struct sync_call *find_source(const struct sync_item *it, const struct variable *v)
{
    const struct sync_item *block = it->parent;
    size_t at = 0;
    if (!block || block->node->kind != NODE_BLOCK)
        return NULL;
    while (at < block->n_kids && block->kids[at] != it)
        at++;
    while (at-- > 0) {
        const struct sync_item *kid = block->kids[at];
        struct write_search s = {v, false};
        if (kid && sync_is_bare_declaration(kid))
            continue;
        if (!kid || !sync_is_late(kid))
            return NULL;
        const struct sync_call *c = kid->kind == SYNC_SITE ? call_for(kid, v) : NULL;
        if (c)
            return c;
        sync_uses(kid->node, NULL, 0, search_write, &s);
        if (s.found)
            return NULL;
    }
    return NULL;
}

struct fusion {
    struct decider *d;
    struct sync_item *it;
    struct sync_call *call;
    bool fails;
};
static void add_source(void *arg, const struct variable_use *use)
{
    struct fusion *f = arg;
    if (!use->var || !sync_is_local(use->var) || !sync_variable(f->d->p, use->var)->is_written ||
        is_source(f->call, use->var))
        return;
    const struct sync_call *c = is_scalar(use->var->type) ? find_source(f->it, use->var) : NULL;
    f->fails |= !c;
    if (c)
        ARENA_PUSH(f->d->p->arena, f->call->sources, f->call->n_sources, f->call->cap_sources) =
            (struct sync_source){use->var, c};
}

/* Can the call run in one task with those that give its arguments? */
static bool fuse(struct decider *d, size_t u, struct sync_call *c, const struct node *const *skip,
                 size_t n_skip)
{
    struct fusion f = {d, d->items[u], c, false};
    struct touches args = {0};
    if (c->n_sources)
        return false; /* tried, and something else is in the way */
    for (size_t k = 1; k < c->node->n_kids; k++) {
        if (c->copies[k - 1] || !sync_is_task_expression(d->items[u], c->node->kids[k]))
            return false;
        sync_uses(c->node->kids[k], skip, n_skip, add_source, &f);
    }
    if (!f.fails && c->n_sources) {
        arguments_touch(d->p, c, skip, n_skip, &args);
        if (!is_in_the_way(d, u, &args)) {
            c->is_pending = true;
            d->changed = true;
            return true;
        }
    }
    c->n_sources = 0;
    return false;
}

/* The site's calls and destination against what is pending; true: something stays, all anew. */
static bool check_site(struct decider *d, size_t u)
{
    struct sync_item *it = d->items[u];
    bool again = false;
    const struct node *skip[SYNC_CALLS_AT_MOST];
    size_t n_skip = sync_out_calls(it, skip);
    for (size_t i = 0; i < it->n_calls; i++) {
        struct sync_call *c = &it->calls[i];
        struct touches args = {0}, call = {0};
        if (!c->is_out)
            continue;
        arguments_touch(d->p, c, skip, n_skip, &args);
        if (is_in_the_way(d, u, &args) && !fuse(d, u, c, skip, n_skip))
            c->why_not = "an argument needs a result that is pending";
        call_touches(d->p, c, &call);
        if (!c->why_not && it->n_loops && conflicts(d, u, u, &d->touches[u][2], &call))
            c->why_not = "it may touch what the statement assigns in another iteration";
        if (!c->why_not && it->n_loops && conflicts(d, u, u, &call, &call))
            c->why_not = "calls of different iterations may touch the same memory";
        if (c->why_not)
            sync_let_stay(d->p, c);
        again |= c->why_not != NULL;
    }
    return again;
}

static void whole_if_needed(struct decider *d, size_t u)
{
    struct sync_item *it = d->items[u];
    struct touches address = {0};
    if (it->form != FORM_ASSIGN)
        return;
    touch_find_address(d->p->scope, sync_strip(it->node)->kids[0], &address);
    if (!is_in_the_way(d, u, &address))
        return;
    it->form = FORM_WHOLE;
    it->why_not_deferred = sync_why_not_deferred(d->p, it);
    if (it->why_not_deferred || !sync_make_text(d->p, it)) {
        it->form = FORM_ASSIGN;
        return;
    }
    d->changed = true;
}

/* One round. False: begin anew. */
static bool propagate(struct decider *d)
{
    bool again = false;
    for (size_t u = 0; u < d->n; u++) {
        struct sync_item *it = d->items[u];
        if (it->kind == SYNC_SITE) {
            again |= check_site(d, u);
            if (again && !d->is_hasty)
                return false;
            whole_if_needed(d, u);
        } else if (it->kind == SYNC_ONCE && !it->is_pinned && !it->calls_stay && !it->has_jump &&
                   (is_in_the_way(d, u, &d->touches[u][0]) || sync_must_follow(d->p, it))) {
            defer(d, it);
        } else if (is_structure_to_defer(it)) {
            struct touches cond = {0};
            touch_find(d->p->scope, it->node->kids[0], NULL, 0, &cond);
            if (is_in_the_way(d, u, &cond))
                defer(d, it);
        }
    }
    return !again;
}

static void reset(void *arg, struct sync_item *it)
{
    (void)arg;
    if (sync_is_late(it))
        it->kind = it->n_kids ? SYNC_STRUCTURE : SYNC_ONCE;
}

static void reset_all(struct decider *d)
{
    for (size_t i = 0; i < d->n; i++)
        reset(NULL, d->items[i]);
    for (size_t i = 0; i < d->p->n_variables; i++) {
        d->p->version += d->p->variables[i]->is_written;
        d->p->variables[i]->is_written = false;
    }
    d->n = 0;
    sync_each_item(d->p->root, collect, d);
}

/* Kinds as sync_find_form() has them, but for calls that have to stay (sync_plan.staying). */
void sync_decide(struct sync_plan *p)
{
    struct decider d = {.p = p};
    sync_find_private(p);
    sync_each_item(p->root, collect, &d);
    for (unsigned round = 0; round < 1000; round++) {
        d.is_hasty = round >= 8; /* of several calls in each other's way, one could still go */
        reset_all(&d);
        for (size_t i = 0; i < d.n; i++)
            make_first(&d, d.items[i]);
        bool is_fixed = true;
        do {
            d.n = 0; /* what is inside a deferred compound is no item any more */
            sync_each_item(p->root, collect, &d);
            d.changed = false;
            mark_writes(&d);
            d.changed = false;
            find_touches(&d);
            is_fixed = propagate(&d);
        } while (is_fixed && d.changed);
        if (is_fixed)
            return;
    }
    p->why_serial = "it is too involved";
}
