/* depend.c - may two touches meet? See touch.h. */
#include <string.h>

#include "depend_private.h"

static bool is_state(const struct touch *t)
{
    return t->base == TOUCH_OUTSIDE || t->base == TOUCH_ERRNO || t->base == TOUCH_MODE;
}

static const char *name_of(struct arena *a, const struct touch *t)
{
    const struct variable *v = t->base == TOUCH_VARIABLE ? t->var : depend_named(t);
    v = v ? v : t->var;
    return v && *v->name ? arena_printf(a, "'%s'", v->name) : "memory behind pointers";
}

static const char *reason(const struct depend_context *dc, const struct touch *a,
                          const struct touch *b)
{
    struct arena *arena = dc->scope->arena;
    switch (a->base) {
    case TOUCH_OUTSIDE:
        return "both may have visible effects";
    case TOUCH_ERRNO:
        return "both use errno";
    case TOUCH_MODE:
        return "the floating-point mode or the locale may change";
    default:
        break;
    }
    const char *x = name_of(arena, a), *y = name_of(arena, b);
    if (!strcmp(x, y) && *x == '\'')
        return arena_printf(arena, "both use %s", x);
    return strcmp(x, y) ? arena_printf(arena, "%s may overlap %s", x, y)
                        : "both use memory behind pointers";
}

static bool is_testable(const struct touch *t)
{
    return t->lvalue || (t->reach && t->reach->extent == REACH_SECTION);
}

/* The whole of a variable. */
static bool is_all(const struct touch *t)
{
    enum type_kind k = t->var->type->kind;
    return !*t->path && (t->is_exact || (k != TYPE_RECORD && k != TYPE_ARRAY));
}

static enum depend judge(const struct depend_context *dc, const struct touch *a,
                         const struct touch *b)
{
    if (!a->is_write && !b->is_write)
        return DEPEND_NEVER;
    if (is_state(a) || is_state(b))
        return a->base == b->base ? DEPEND_ALWAYS : DEPEND_NEVER;
    if (depend_bases_differ(dc, a, b))
        return DEPEND_NEVER;
    bool is_one = a->base == TOUCH_VARIABLE && b->base == TOUCH_VARIABLE;
    if (a->base == TOUCH_POINTER && b->base == TOUCH_POINTER && a->var == b->var)
        is_one = depend_same_value(dc, a->var);
    enum depend_parts parts = is_one ? depend_parts(dc, a, b) : PARTS_UNKNOWN;
    if (parts == PARTS_DIFFER)
        return DEPEND_NEVER;
    bool is_whole = is_one && a->base == TOUCH_VARIABLE && (is_all(a) || is_all(b));
    if (parts == PARTS_EQUAL || is_whole)
        return DEPEND_ALWAYS;
    return is_testable(a) && is_testable(b) ? DEPEND_TEST : DEPEND_ALWAYS;
}

enum depend depend_judge(const struct depend_context *dc, const struct touch *earlier,
                         const struct touch *later, const char **why)
{
    enum depend d = judge(dc, earlier, later);
    if (why)
        *why = d == DEPEND_NEVER ? "" : reason(dc, earlier, later);
    return d;
}
