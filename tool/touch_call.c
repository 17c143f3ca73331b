/* touch_call.c - what calls touch.
 *
 * Callees in sight are asked for their effects, which speak of their own parameters;
 * library functions are looked up in libcalls.def; concurrent functions have said it all
 * (concurrent.h). Of any other the worst is assumed. */
#include <stdint.h>
#include <string.h>

#include "libcalls.h"
#include "reach_sum.h"
#include "touch_private.h"

/* ---- arguments ---- */

static const struct node *argument(const struct node *call, size_t i)
{
    return i + 1 < call->n_kids ? call->kids[i + 1] : NULL;
}

static bool is_pointer(const struct node *arg)
{
    const struct type *t = arg ? arg->type : NULL;
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) &&
           !(t->element && t->element->kind == TYPE_FUNCTION);
}

/* Some of what the argument points to. */
static void touch_behind(struct touch_walk *w, const struct node *arg, bool is_read, bool is_write,
                         const struct type *type)
{
    if (!is_pointer(arg))
        return;
    struct touch_pointer p = touch_pointer_of(w->scope, arg);
    if (p.at.base == TOUCH_ERRNO && !p.at.is_nothing) {
        touch_add_base(w, TOUCH_ERRNO, is_write, arg);
        return;
    }
    touch_place_widen(&p.at);
    p.at.is_any |= !type;
    if (is_read)
        touch_add_place(w, &p.at, false, type, arg);
    if (is_write)
        touch_add_place(w, &p.at, true, type, arg);
}

/* Memory that is found through pointers in memory. */
static void touch_memory(struct touch_walk *w, bool is_write, const struct type *type,
                         const struct node *where)
{
    touch_add(w, (struct touch){
                     .base = TOUCH_MEMORY, .is_write = is_write, .type = type, .where = where});
}

/* ---- callees in sight ---- */

static void map_access(struct touch_walk *w, const struct node *call, const struct access *a)
{
    const struct type *type = a->type;
    const char *star = strchr(a->path ? a->path : "", '*');
    const struct node *arg = a->place == PLACE_PARAM ? argument(call, a->var->index) : NULL;
    if (a->place == PLACE_PARAM && star == a->path && !strchr(star + 1, '*') && arg)
        touch_behind(w, arg, !a->is_write, a->is_write, type);
    else if (a->place == PLACE_PARAM && !star)
        return; /* the callee's own copy */
    else if ((a->place == PLACE_GLOBAL || a->place == PLACE_STATIC) && !star)
        touch_add(w, (struct touch){.base = TOUCH_VARIABLE,
                                    .is_write = a->is_write,
                                    .var = a->var,
                                    .type = type,
                                    .where = call});
    else
        touch_memory(w, a->is_write, type, call);
}

static void touch_effect(struct touch_walk *w, enum effect_kind kind, const struct node *where)
{
    switch (kind) {
    case EFFECT_DATE:
        break;
    case EFFECT_LOCALE:
    case EFFECT_FENV_WRITE:
        touch_add_base(w, TOUCH_MODE, true, where);
        break;
    case EFFECT_EXIT:
    case EFFECT_LONGJMP:
    case EFFECT_THREAD:
    case EFFECT_PROCESS:
    case EFFECT_ASM:
        touch_add_all(w, where);
        break;
    default:
        touch_add_base(w, TOUCH_OUTSIDE, true, where);
        break;
    }
}

/* A function whose effects can't be seen, but that somebody vouches for. */
static bool is_trusted(const struct touch_scope *s, const struct function *fn)
{
    const struct concurrent_function *cf = fn && s->all ? concurrent_find(s->all, fn) : NULL;
    return fn && ((fn->memo_name && !fn->is_memo_pure) || (cf && !cf->is_serial));
}

/* All but the accesses. */
static void touch_others(struct touch_walk *w, const struct node *call, const struct effects *e)
{
    for (size_t i = 0; i < e->n_effects; i++)
        touch_effect(w, e->effects[i].kind, call);
    for (size_t i = 0; i < e->n_unseen; i++) {
        const struct unseen *u = &e->unseen[i];
        if (!u->is_listed && !u->is_promised && !is_trusted(w->scope, u->fn))
            touch_add_all(w, call);
    }
    if (e->reads_errno)
        touch_add_base(w, TOUCH_ERRNO, false, call);
    if (e->may_set_errno)
        touch_add_base(w, TOUCH_ERRNO, true, call);
    if (e->may_longjmp)
        touch_add_all(w, call);
    touch_add_base(w, TOUCH_MODE, false, call);
}

static void call_in_sight(struct touch_walk *w, const struct node *call, struct function *fn)
{
    const struct effects *e = effects_of(w->scope->fe, w->scope->arena, fn);
    for (size_t i = 0; i < e->n_accesses; i++)
        map_access(w, call, &e->accesses[i]);
    touch_others(w, call, e);
    for (size_t i = fn->n_params; fn->is_variadic && argument(call, i); i++)
        touch_behind(w, argument(call, i), true, true, NULL);
}

/* ---- library functions ---- */

/* Has the format a conversion of that kind? One that isn't a literal has all. */
static bool converts(const struct node *format, char conversion)
{
    while (format && format->kind == NODE_CAST && format->n_kids)
        format = format->kids[0];
    if (!format || format->kind != NODE_STRING)
        return true;
    for (const char *p = strchr(format->name, '%'); p && p[1]; p = strchr(p, '%')) {
        p++;
        p += strspn(p, "-+ #0'123456789.*$hlLqjzt");
        if (*p == conversion)
            return true;
        p += *p == '%';
    }
    return false;
}

static bool tells_errno(const char *name)
{
    static const char *const names[] = {"perror", "err",   "verr",          "warn",
                                        "vwarn",  "error", "error_at_line", "psignal"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* The library calls fn with pointers into the other arguments. */
static void call_back(struct touch_walk *w, const struct node *call, const struct node *callee)
{
    while (callee && callee->n_kids && (callee->kind == NODE_CAST || callee->kind == NODE_ADDRESS))
        callee = callee->kids[0];
    struct function *fn = callee && callee->kind == NODE_FUNCTION ? callee->fn : NULL;
    bool is_weak = fn && fn->refused_attribute && !strcmp(fn->refused_attribute, "weak");
    if (!fn || !fn->has_definition || is_weak) {
        touch_add_all(w, call);
        return;
    }
    const struct effects *e = effects_of(w->scope->fe, w->scope->arena, fn);
    for (size_t i = 0; i < e->n_accesses; i++) {
        const struct access *a = &e->accesses[i];
        if (a->place != PLACE_PARAM) {
            map_access(w, call, a);
            continue;
        }
        for (size_t k = 0; argument(call, k); k++)
            touch_behind(w, argument(call, k), !a->is_write, a->is_write, NULL);
        const char *star = strchr(a->path, '*');
        if (star && (star != a->path || strchr(star + 1, '*')))
            touch_memory(w, a->is_write, a->type, call);
    }
    touch_others(w, call, e);
}

static void use_argument(struct touch_walk *w, const struct node *call, const struct libcall *lib,
                         size_t i)
{
    const struct node *arg = argument(call, i);
    switch (libcall_use(lib, i)) {
    case LIBCALL_NOTHING:
        break;
    case LIBCALL_READS:
    case LIBCALL_PATH:
        touch_behind(w, arg, true, false, NULL);
        break;
    case LIBCALL_WRITES:
    case LIBCALL_FILLS:
        touch_behind(w, arg, false, true, NULL);
        break;
    case LIBCALL_MODIFIES:
    case LIBCALL_FREES:
    case LIBCALL_STORE_FIRST:
    case LIBCALL_STORE_NEW:
    case LIBCALL_STORE_OWN:
        touch_behind(w, arg, true, true, NULL);
        break;
    case LIBCALL_PRINT:
        touch_behind(w, arg, true, false, NULL);
        if (converts(arg, 'm'))
            touch_add_base(w, TOUCH_ERRNO, false, call);
        for (size_t k = i + 1; argument(call, k); k++)
            touch_behind(w, argument(call, k), true, converts(arg, 'n'), NULL);
        break;
    case LIBCALL_SCAN:
        touch_behind(w, arg, true, false, NULL);
        for (size_t k = i + 1; argument(call, k); k++)
            touch_behind(w, argument(call, k), true, true, NULL);
        break;
    case LIBCALL_CALLS:
        call_back(w, call, arg);
        break;
    }
}

static void call_library(struct touch_walk *w, const struct node *call, const struct libcall *lib)
{
    for (size_t i = 0; argument(call, i); i++)
        use_argument(w, call, lib, i);
    for (enum effect_kind k = 0; k < EFFECT_KINDS; k++)
        if (lib->effects & 1u << k)
            touch_effect(w, k, call);
    if (lib->effects & LIBCALL_ERRNO)
        touch_add_base(w, TOUCH_ERRNO, true, call);
    if (tells_errno(lib->name))
        touch_add_base(w, TOUCH_ERRNO, false, call);
    touch_add_base(w, TOUCH_MODE, false, call);
}

/* ---- strangers ---- */

/* Builtins do what they do to their arguments alone, but for those that jump or that other
 * threads take part in. */
static bool is_tame_builtin(const struct function *fn)
{
    static const char *const wild[] = {"__atomic_",
                                       "__sync_",
                                       "__c11_",
                                       "__builtin_longjmp",
                                       "__builtin_setjmp",
                                       "__builtin_apply",
                                       "__builtin_return",
                                       "__builtin_call_with",
                                       "__builtin_trap",
                                       "__builtin_unwind",
                                       "__builtin_eh_return",
                                       "__builtin_coro"};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++)
        if (!strncmp(fn->name, wild[i], strlen(wild[i])))
            return !strcmp(fn->name, "__builtin_return_address");
    return fn->is_builtin;
}

static void call_stranger(struct touch_walk *w, const struct node *call, const struct function *fn)
{
    touch_add_base(w, TOUCH_MODE, false, call);
    if (fn && fn->is_const_attr)
        return;
    if (fn && fn->is_pure_attr) {
        touch_add_base(w, TOUCH_MEMORY, false, call);
        return;
    }
    if (!fn || (!is_tame_builtin(fn) && !(fn->memo_name && !fn->is_memo_pure))) {
        touch_add_all(w, call);
        return;
    }
    for (size_t i = 0; argument(call, i); i++)
        touch_behind(w, argument(call, i), true, true, NULL);
    if (!fn->is_builtin) {
        touch_memory(w, false, NULL, call);
        touch_add_base(w, TOUCH_ERRNO, true, call);
    }
}

static void call_function(struct touch_walk *w, const struct node *call, struct function *fn)
{
    struct touch_scope *s = w->scope;
    const struct concurrent_function *cf = s->all ? concurrent_find(s->all, fn) : NULL;
    bool is_weak = fn->refused_attribute && !strcmp(fn->refused_attribute, "weak");
    if (cf && !cf->is_serial && !cf->has_errors && !is_weak &&
        !(cf->effects && cf->effects->n_effects)) {
        touch_find_call(s, call, cf, w->out);
        return;
    }
    const struct libcall *lib = libcall_find(fn->name);
    bool is_librarys = fn->is_system || fn->is_builtin || !strncmp(fn->name, "__", 2);
    if (fn->has_definition && !is_weak && !(lib && fn->is_system)) {
        call_in_sight(w, call, fn);
    } else if (lib && is_librarys && !is_weak) {
        call_library(w, call, lib);
    } else {
        if (lib)
            call_library(w, call, lib);
        call_stranger(w, call, fn);
    }
}

void touch_call(struct touch_walk *w, const struct node *call)
{
    for (size_t i = call->fn ? 1 : 0; i < call->n_kids; i++)
        touch_value(w, call->kids[i]);
    if (!call->fn)
        touch_add_all(w, call);
    else if (strncmp(call->fn->name, "MPI_", 4) && strncmp(call->fn->name, "PMPI_", 5))
        call_function(w, call, call->fn);
    else
        touch_add_all(w, call);
}

/* ---- concurrent functions ---- */

/* Is it memory that the parameter, or the global, leads to by itself, and not through
 * pointers in memory? */
static bool is_direct(const struct reach *r)
{
    const char *star = r->place ? strchr(r->place, '*') : NULL;
    if (r->global)
        return r->place && !star;
    return !r->place || (star == r->place && !strchr(star + 1, '*'));
}

/* The value of the one index, in the call's arguments; NULL: there are more, or it isn't that
 * simple. */
static const struct node *index_of(struct touch_scope *s, const struct node *call,
                                   const struct range *r)
{
    static const struct type long_type = {.kind = TYPE_INTEGER,
                                          .is_signed = true,
                                          .is_complete = true,
                                          .size = 8,
                                          .align = 8,
                                          .spelling = "long"};
    long long number = 0;
    if (!r || !range_is_point(r))
        return NULL;
    const struct sum *sum = &r->low[0];
    struct node *literal = ARENA_NEW(s->arena, struct node);
    *literal = (struct node){
        .kind = NODE_LITERAL, .type = &long_type, .op = "", .name = "", .range = call->range};
    if (sum_is_number(sum, &literal->value))
        return literal;
    const struct product *p = &sum->products[0];
    const struct node *arg = p->n == 1 && p->by == 1 ? argument(call, p->params[0]) : NULL;
    struct sum rest = {.n = sum->n - 1};
    rest.products[0] = sum->products[sum->n > 1];
    if (!arg || sum->n > 2 || !sum_is_number(&rest, &number))
        return NULL;
    if (!number)
        return arg;
    struct node *both = ARENA_NEW(s->arena, struct node);
    literal->value = number;
    *both = (struct node){.kind = NODE_BINARY,
                          .type = &long_type,
                          .op = "+",
                          .name = "",
                          .range = call->range,
                          .n_kids = 2};
    both->kids = arena_alloc(s->arena, 2 * sizeof *both->kids);
    both->kids[0] = (struct node *)(uintptr_t)arg;
    both->kids[1] = literal;
    return both;
}

/* The one object that the argument points to. */
static struct touch_place object_of(struct touch_scope *s, const struct touch_pointer *p,
                                    const struct concurrent_function *cf, const struct reach *r)
{
    const struct type *element = cf->fn->params[r->param]->type->element;
    struct touch_place at = touch_deref(s, p, element);
    const char *path = r->path ? r->path : "";
    if (!at.is_frozen)
        at.path = arena_printf(s->arena, "%s%s", at.path, path);
    at.is_exact &= !*path && r->type && touch_same_layout(r->type, element);
    return at;
}

static struct touch_place reached(struct touch_scope *s, const struct node *call,
                                  const struct concurrent_function *cf, const struct reach *r)
{
    struct touch_place at = {.base = TOUCH_MEMORY, .path = "", .is_frozen = true};
    if (r->extent == REACH_GLOBAL || (r->global && is_direct(r))) {
        at.base = TOUCH_VARIABLE;
        at.var = r->global;
        return at;
    }
    const struct node *arg = r->global ? NULL : argument(call, r->param);
    if (r->extent == REACH_BEHIND || !is_direct(r) || !is_pointer(arg) ||
        r->param >= cf->fn->n_params)
        return at;
    struct touch_pointer p = touch_pointer_of(s, arg);
    if (r->is_object && !p.at.is_nothing)
        return object_of(s, &p, cf, r);
    bool is_array = r->extent == REACH_SECTION && !strcmp(r->place, "*") && !p.is_single;
    const struct node *index = is_array ? index_of(s, call, r->elements) : NULL;
    if (is_array && !p.at.is_nothing && !p.at.is_frozen && (index || *r->path)) {
        p = touch_pointer_at(s, p, index);
        return object_of(s, &p, cf, r);
    }
    touch_place_widen(&p.at);
    return p.at;
}

void touch_find_call(struct touch_scope *s, const struct node *call,
                     const struct concurrent_function *cf, struct touches *out)
{
    struct touch_walk w = {.scope = s, .root = call, .out = out};
    for (size_t i = 0; i < cf->n_reaches; i++) {
        const struct reach *r = &cf->reaches[i];
        struct touch_place at = reached(s, call, cf, r);
        if (at.is_nothing)
            continue;
        struct touch t = touch_of_place(s, &at, false, r->type, call);
        t.reach = r;
        t.call = call;
        for (int is_write = 0; is_write < 2; is_write++) {
            t.is_write = is_write;
            if (is_write ? r->is_write : r->is_read)
                touch_add(&w, t);
        }
    }
    touch_add_base(&w, TOUCH_MODE, false, call);
    if (cf->may_set_errno)
        touch_add_base(&w, TOUCH_ERRNO, true, call);
}
