/* effects_library.c - calls of functions that libcalls.def knows: each argument
 * and the result as the table has them. */
#include <string.h>
#include <wchar.h>

#include "effects_private.h"

static void touch(struct walk *w, const struct call *c, size_t i, bool is_read, bool is_write,
                  bool is_whole)
{
    /* A null pointer constant, or nothing that was ever stored: an optional argument. */
    if (!c->args[i].n && is_whole)
        return;
    const struct type *t = call_pointee_before(c, i);
    struct set at = {.n = 0};
    for (size_t k = 0; k < c->args[i].n; k++) {
        struct loc *l = c->args[i].at[k];
        bool is_typed = l->is_reach && t && t->kind == TYPE_RECORD && !l->record;
        set_add(w, &at, is_typed ? loc_reach(w, l, t->record) : l);
    }
    if (is_read)
        record_access(w, &at, false, is_whole, c->node, NULL);
    if (is_write)
        record_access(w, &at, true, is_whole, c->node, NULL);
}

/* Does the format have a conversion that ends in one of these characters? An
 * unknown format has all of them. */
static bool converts(const struct node *format, const char *conversions)
{
    format = format ? strip_casts(format) : NULL;
    if (!format || format->kind != NODE_STRING)
        return true;
    for (const char *p = strchr(format->name, '%'); p; p = strchr(p, '%')) {
        p++;
        p += strspn(p, "-+ #0'123456789.*$hlLqjzt");
        if (*p && strchr(conversions, *p))
            return true;
        p += *p == '%';
    }
    return false;
}

/* printf's arguments after the format: strings are read, %n writes. */
static void print_arguments(struct walk *w, const struct call *c, size_t format)
{
    const struct node *text = c->arg_nodes ? c->arg_nodes[format] : NULL;
    if (w->is_recording && converts(text, "m"))
        w->recorder->out.reads_errno = true;
    for (size_t i = format + 1; i < c->n_args; i++) {
        const struct type *t = call_pointee(c, i);
        if (!t || t->kind == TYPE_FUNCTION || t->kind == TYPE_VOID)
            continue;
        bool is_text = t->is_char || (t->kind == TYPE_INTEGER && t->size == sizeof(wchar_t));
        if (is_text && converts(text, t->is_char ? "s" : "sS"))
            touch(w, c, i, true, false, false);
        if (!t->is_const && converts(text, "n"))
            touch(w, c, i, false, true, false);
    }
}

/* Messages that end with what errno says. */
static bool tells_errno(const char *name)
{
    static const char *const names[] = {"perror", "err",   "verr",          "warn",
                                        "vwarn",  "error", "error_at_line", "psignal"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static void scan_arguments(struct walk *w, const struct call *c, size_t format)
{
    struct set new = set_of(loc_root(w, LOC_HEAP, c->node));
    for (size_t i = format + 1; i < c->n_args; i++) {
        const struct type *t = call_pointee_before(c, i);
        if (!t)
            continue;
        touch(w, c, i, false, true, false);
        if (t->kind == TYPE_POINTER) /* %ms, %p */
            memory_store(w, &c->args[i], &new);
        if (t->is_char)
            memory_store_bytes(w, &c->args[i]);
    }
}

static void use_argument(struct walk *w, const struct call *c, const struct libcall *lib, size_t i)
{
    struct set new = set_of(loc_root(w, LOC_HEAP, c->node)), null = set_of(w->null);
    struct set own = set_of(loc_root(w, LOC_TEMP, c->node)), first;
    switch (libcall_use(lib, i)) {
    case LIBCALL_NOTHING:
        break;
    case LIBCALL_READS:
    case LIBCALL_PATH:
        touch(w, c, i, true, false, false);
        break;
    case LIBCALL_WRITES:
        touch(w, c, i, false, true, false);
        break;
    case LIBCALL_MODIFIES:
        touch(w, c, i, true, true, false);
        break;
    case LIBCALL_FILLS:
        touch(w, c, i, false, true, false);
        memory_store(w, &c->args[i], &null);
        break;
    case LIBCALL_FREES:
        touch(w, c, i, false, true, true);
        break;
    case LIBCALL_PRINT:
        touch(w, c, i, true, false, false);
        print_arguments(w, c, i);
        break;
    case LIBCALL_SCAN:
        touch(w, c, i, true, false, false);
        scan_arguments(w, c, i);
        break;
    case LIBCALL_STORE_FIRST:
        touch(w, c, i, lib->args[0] == 'm', true, false);
        first = set_interior(w, &c->args[0]);
        memory_store(w, &c->args[i], &first);
        break;
    case LIBCALL_STORE_NEW:
        touch(w, c, i, true, true, false);
        memory_store(w, &c->args[i], &new);
        break;
    case LIBCALL_STORE_OWN:
        touch(w, c, i, false, true, false);
        memory_store(w, &c->args[i], &own);
        memory_store(w, &own, &own);
        break;
    case LIBCALL_CALLS:
        call_back(w, c, &c->args[i]);
        break;
    }
}

static struct set library_result(struct walk *w, const struct call *c, const struct libcall *lib)
{
    int kind = libcall_result(lib);
    struct set s = {.n = 0}, null = set_of(w->null);
    size_t i = (size_t)(kind - '0');
    switch (kind) {
    case LIBCALL_NO_POINTER:
        return s;
    case LIBCALL_NEW:
    case LIBCALL_ZEROED:
        s = set_of(loc_root(w, LOC_HEAP, c->node));
        if (kind == LIBCALL_ZEROED)
            memory_store(w, &s, &null);
        if (libcall_copies(lib) && c->n_args) {
            memory_copy_any(w, &s, &c->args[0]);
        }
        return s;
    case LIBCALL_OWN:
        s = set_of(loc_root(w, LOC_TEMP, c->node));
        memory_store(w, &s, &s);
        return s;
    case LIBCALL_STATIC:
        return set_of(w->records_own ? loc_root(w, LOC_TEMP, c->node) : w->constant);
    case LIBCALL_ERRNO_AT:
        return set_of(w->errno_at);
    case LIBCALL_LOADED:
        return c->n_args ? memory_load(w, &c->args[0]) : s;
    default:
        if (i >= c->n_args)
            return s;
        s = c->args[i];
        /* memcpy and its like return the beginning, strchr a place in the middle. */
        if (libcall_use(lib, i) == LIBCALL_READS)
            s = set_interior(w, &s);
        return s;
    }
}

static void note_alignment(struct walk *w, const struct call *c)
{
    size_t i = !strcmp(c->fn->name, "posix_memalign");
    if (!i && strcmp(c->fn->name, "aligned_alloc") && strcmp(c->fn->name, "memalign"))
        return;
    if (!w->is_recording || !c->arg_nodes || i >= c->n_args)
        return;
    const struct node *n = strip_casts(c->arg_nodes[i]);
    size_t align = n->kind == NODE_LITERAL || n->kind == NODE_ENUMERATOR ? (size_t)n->value : 0;
    struct effects *out = &w->recorder->out;
    if (align > out->alloc_align && !(align & (align - 1)))
        out->alloc_align = align;
}

static void library_effects(struct walk *w, const struct call *c, const struct libcall *lib)
{
    if (w->is_recording && tells_errno(lib->name))
        w->recorder->out.reads_errno = true;
    const struct node *text = NULL;
    for (size_t i = 0; i < c->n_args && c->arg_nodes && !text; i++)
        if (libcall_use(lib, i) == LIBCALL_PATH)
            text = c->arg_nodes[i];
    for (enum effect_kind k = 0; k < EFFECT_KINDS; k++)
        if (lib->effects & 1u << k)
            record_effect(w, k, c->fn->name, text, c->node, NULL);
    if (w->is_recording && lib->effects & LIBCALL_ERRNO)
        w->recorder->out.may_set_errno = true;
    if (w->is_recording && !strcmp(c->fn->name, "fegetround"))
        w->recorder->out.uses_float = true; /* the rounding mode is in the key */
    note_alignment(w, c);
}

struct set call_library(struct walk *w, const struct call *c, const struct libcall *lib)
{
    library_effects(w, c, lib);
    for (size_t i = 0; i < c->n_args; i++)
        use_argument(w, c, lib, i);
    if (libcall_copies(lib) && libcall_use(lib, 0) != LIBCALL_FREES && c->n_args >= 2) {
        const struct type *a = call_pointee_before(c, 0), *b = call_pointee_before(c, 1);
        if (a && b && a->record && a->record == b->record)
            memory_copy(w, &c->args[0], &c->args[1], a);
        else if ((!a || a->kind == TYPE_VOID || type_holds_pointers(a)) &&
                 (!b || b->kind == TYPE_VOID || type_holds_pointers(b)))
            memory_copy_any(w, &c->args[0], &c->args[1]);
        else if (!a || !b || type_holds_pointers(a) || a->is_char)
            memory_store_bytes(w, &c->args[0]);
    }
    return library_result(w, c, lib);
}
