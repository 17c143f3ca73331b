/* sync_types.c - types of what records and environments hold; see sync_private.h. */
#include <string.h>

#include "clex.h"
#include "sync_private.h"

const struct type *sync_type(struct sync_plan *p, const struct variable *v)
{
    const struct type *t = v->type;
    if (!v->is_parameter || (t->kind != TYPE_ARRAY && t->kind != TYPE_FUNCTION))
        return t;
    const struct type *to = t->kind == TYPE_ARRAY ? t->element : t;
    struct type *pointer = ARENA_NEW(p->arena, struct type);
    *pointer = (struct type){.kind = TYPE_POINTER,
                             .element = to,
                             .is_complete = true,
                             .size = sizeof(void *),
                             .align = sizeof(void *),
                             .spelling = arena_printf(p->arena, "__typeof__(%s) *", to->spelling)};
    return pointer;
}

/* Is it a pointer to an array of variable size? Records keep it as void *. */
bool sync_is_variable_pointer(const struct type *t)
{
    bool is_pointer = t->kind == TYPE_POINTER;
    for (t = t->element; t && is_pointer; t = t->element)
        if (t->is_variable)
            return true;
    return false;
}

bool sync_has_variable_parameter(const struct function *fn)
{
    for (size_t i = 0; i < fn->n_params; i++)
        for (const struct type *t = fn->params[i]->type; t; t = t->element)
            if (t->is_variable)
                return true;
    return false;
}

static bool is_anonymous(const char *spelling)
{
    return strstr(spelling, "(unnamed") || strstr(spelling, "(anonymous") ||
           strstr(spelling, "<anonymous") || strstr(spelling, "(lambda");
}

bool sync_is_spellable(struct sync_plan *p, const struct type *t)
{
    struct ctokens tokens = {0};
    struct arena scratch;
    bool ok = true;
    for (const struct type *e = t; e; e = e->element)
        if (e->is_variable || e->kind == TYPE_OTHER)
            return false;
    if (!t->spelling || is_anonymous(t->spelling))
        return false;
    if (!p->n_local_names)
        return true;
    arena_init(&scratch);
    ctokens_lex(&tokens, &scratch, t->spelling, strlen(t->spelling));
    for (size_t i = 0; i < tokens.n; i++)
        for (size_t j = 0; j < p->n_local_names; j++)
            ok &= tokens.items[i].kind != CLEX_NAME ||
                  strcmp(tokens.items[i].text, p->local_names[j]) != 0;
    arena_release(&scratch);
    return ok;
}
