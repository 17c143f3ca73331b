/* checkpoint_casts.c - types of shapes with casts, as in 'save(*(struct cell *)state)'.
 *
 * A cast in a clause is text; which type it names is known where the loop's function, or a
 * global, has one of that spelling. */
#include <string.h>

#include "checkpoint_private.h"

static const char *skip_qualifiers(const char *s)
{
    for (;;) {
        s += strspn(s, " \t");
        if (!strncmp(s, "const ", 6))
            s += 6;
        else if (!strncmp(s, "volatile ", 9))
            s += 9;
        else
            return s;
    }
}

/* But for blanks and qualifiers in front. */
static bool is_spelling(const char *a, const char *b)
{
    a = skip_qualifiers(a);
    b = skip_qualifiers(b);
    for (;;) {
        a += strspn(a, " \t\r\n");
        b += strspn(b, " \t\r\n");
        if (*a != *b || !*a)
            return *a == *b;
        a++;
        b++;
    }
}

static const struct type *among_nodes(const struct node *n, const char *text)
{
    const struct type *t = n->kind == NODE_DECL && n->var ? n->var->type : n->type;
    if (t && t->kind == TYPE_POINTER && is_spelling(t->spelling, text))
        return t;
    const struct type *found = NULL;
    for (size_t i = 0; i < n->n_kids && !found; i++)
        found = n->kids[i] ? among_nodes(n->kids[i], text) : NULL;
    return found;
}

static const struct type *cast_type(const struct checkpoint_state *s, const char *text)
{
    const struct function *fn = s->loop->fn;
    const struct facts *f = &s->plan->fe->facts;
    for (size_t i = 0; i < fn->n_params; i++)
        if (is_spelling(fn->params[i]->type->spelling, text))
            return fn->params[i]->type;
    for (size_t i = 0; i < f->n_globals; i++)
        if (is_spelling(f->globals[i]->type->spelling, text))
            return f->globals[i]->type;
    const struct node *body = frontend_body(s->plan->fe, s->loop->fn);
    return body ? among_nodes(body, text) : NULL;
}

const struct type *state_shape_type(const struct checkpoint_state *s, const struct cexpr *e)
{
    const struct type *t = scope_type(s->scope, e);
    if (t || !e->n_kids || !e->kids[0])
        return t;
    if (e->kind == CEXPR_CAST)
        return cast_type(s, e->text);
    t = state_shape_type(s, e->kids[0]);
    bool is_member = e->kind == CEXPR_MEMBER || e->kind == CEXPR_ARROW;
    if (t && e->kind != CEXPR_MEMBER)
        t = t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY ? t->element : NULL;
    if (!t || !is_member)
        return t;
    const struct field *f =
        t->kind == TYPE_RECORD && t->record ? record_field(t->record, e->text) : NULL;
    return f ? f->type : NULL;
}

/* "unsigned char *": there are no pointers in that. */
static bool is_arithmetic(const char *text)
{
    static const char *const words[] = {"char",  "short",  "int",      "long",  "float", "double",
                                        "_Bool", "signed", "unsigned", "const", "bool",  "size_t"};
    for (text += strspn(text, " \t"); *text && *text != '*'; text += strspn(text, " \t")) {
        size_t n = strcspn(text, " \t*"), i = 0;
        while (i < sizeof words / sizeof *words &&
               (strlen(words[i]) != n || strncmp(words[i], text, n) != 0))
            i++;
        bool is_sized = n > 5 && !strncmp(text + n - 2, "_t", 2) &&
                        (!strncmp(text, "int", 3) || !strncmp(text, "uint", 4));
        if (i == sizeof words / sizeof *words && !is_sized)
            return false;
        text += n;
    }
    return *text == '*' && !strchr(text + 1, '*');
}

bool state_hides_pointers(const struct checkpoint_state *s, const struct cexpr *e)
{
    if (state_shape_type(s, e))
        return false;
    for (; e; e = e->n_kids ? e->kids[0] : NULL)
        if (e->kind == CEXPR_CAST)
            return !is_arithmetic(e->text);
    return false;
}
