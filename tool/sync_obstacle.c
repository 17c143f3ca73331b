/* sync_obstacle.c - why a statement can't be carried out later, in another place; see
 * sync_private.h. */
#include <string.h>

#include "clex.h"
#include "macro.h"
#include "node.h"
#include "sync_private.h"

struct obstacle {
    struct sync_plan *p;
    const struct sync_item *it;
    const char *why;
};

static const char *const never_names[] = {
    "setjmp", "_setjmp",          "sigsetjmp", "__sigsetjmp", "vfork",
    "alloca", "__builtin_alloca", "longjmp",   "siglongjmp",  "pthread_exit"};

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
            node_declares(o->it->node, n->var))
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
    if (use->is_declared || node_declares(c->it->node, use->var) ||
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
static const char *why_not_by_name(struct sync_plan *p, struct sync_item *it)
{
    if (it->is_lexed[it->form])
        return it->why_not_by_name[it->form];
    it->is_lexed[it->form] = true;
    const char **why = &it->why_not_by_name[it->form];
    if (has_clash(p, it))
        *why = "a member, tag or other variable in it has the name of one of its variables";
    else if (uses_local_macro(p, it))
        *why = "it uses a macro that is defined, or undefined, inside the function";
    else if (names_local(p, it))
        *why = "it names something that is declared in the function";
    return *why;
}

const char *sync_why_not_deferred(struct sync_plan *p, struct sync_item *it)
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
    if (inside.has_checkpoint)
        return "it is a loop with checkpoints";
    if (inside.has_directive)
        return "it is parallel code of another kind";
    if (it->form == FORM_CALL)
        return NULL;
    if (it->form == FORM_ASSIGN)
        find_obstacle(&o, node_strip(it->node)->kids[1]);
    else
        find_obstacle(&o, it->node);
    if (!o.why && it->form == FORM_ASSIGN) {
        const struct node *skip[SYNC_CALLS_AT_MOST];
        size_t n = sync_out_calls(it, skip);
        sync_uses(node_strip(it->node)->kids[1], skip, n, find_registers, &o);
    } else if (!o.why) {
        sync_uses(it->node, NULL, 0, find_registers, &o);
    }
    return o.why ? o.why : why_not_by_name(p, it);
}
