/* check_fatal.c - what a function does on its way to the end of the program.
 *
 * A call that ends in exit or abort stores nothing, so that it says something first
 * doesn't matter: an effect is fatal if, in the function it stands in or in one on the
 * way to it, a call follows that never returns, in the same block or one around it,
 * with no jump in between. */
#include <string.h>

#include "check_effects.h"

#define MAX_CALLS 6 /* of functions that end the program in each other */

static bool never_returns(struct frontend *fe, struct function *fn, unsigned depth);

static const struct node *call_in(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n && n->kind == NODE_CALL ? n : NULL;
}

static bool is_end(struct frontend *fe, const struct node *n, unsigned depth)
{
    const struct node *call = call_in(n);
    return call && call->fn && never_returns(fe, call->fn, depth);
}

/* May what stands here go on elsewhere than behind it? */
static bool has_jump(const struct node *n)
{
    if (!n)
        return false;
    if (n->kind == NODE_RETURN || n->kind == NODE_GOTO || n->kind == NODE_BREAK ||
        n->kind == NODE_CONTINUE || n->kind == NODE_LABEL || n->kind == NODE_CASE ||
        n->kind == NODE_ASM || n->kind == NODE_OTHER)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_jump(n->kids[i]))
            return true;
    return false;
}

static bool never_returns(struct frontend *fe, struct function *fn, unsigned depth)
{
    static const char *const names[] = {"exit",         "_exit",     "_Exit",        "quick_exit",
                                        "abort",        "longjmp",   "_longjmp",     "siglongjmp",
                                        "pthread_exit", "thrd_exit", "__assert_fail"};
    if (fn->is_noreturn || (fn->refused_attribute && !strcmp(fn->refused_attribute, "noreturn")))
        return true;
    for (size_t i = 0; !fn->has_definition && i < sizeof names / sizeof *names; i++)
        if (!strcmp(fn->name, names[i]))
            return true;
    const struct node *body = depth < MAX_CALLS ? frontend_body(fe, fn) : NULL;
    for (size_t i = 0; body && i < body->n_kids; i++) {
        if (is_end(fe, body->kids[i], depth + 1))
            return true;
        if (has_jump(body->kids[i]))
            return false;
    }
    return false;
}

enum found { NOT_HERE, GOES_ON, IS_FATAL, JUMPS };

/* What becomes of the program behind `where`, which n may hold. */
static enum found look(struct frontend *fe, const struct node *n, const struct node *where)
{
    if (!n)
        return NOT_HERE;
    if (n == where)
        return GOES_ON;
    if (n->kind == NODE_NESTED_FUNCTION)
        return NOT_HERE;
    for (size_t i = 0; i < n->n_kids; i++) {
        enum found f = look(fe, n->kids[i], where);
        if (f == NOT_HERE)
            continue;
        for (size_t k = i + 1; n->kind == NODE_BLOCK && f == GOES_ON && k < n->n_kids; k++)
            if (is_end(fe, n->kids[k], 0))
                f = IS_FATAL;
            else if (has_jump(n->kids[k]))
                f = JUMPS;
        return f;
    }
    return NOT_HERE;
}

bool check_is_fatal(struct memo_function *mf, const struct call_step *via, const struct node *where)
{
    struct frontend *fe = mf->scope.fe;
    struct function *fn = mf->fn;
    for (const struct call_step *s = via; s; s = s->next) {
        if (never_returns(fe, s->callee, 0) ||
            look(fe, frontend_body(fe, s->caller), s->where) == IS_FATAL)
            return true;
        fn = s->callee;
    }
    return look(fe, frontend_body(fe, fn), where) == IS_FATAL;
}
