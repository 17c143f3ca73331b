/* shape.c - see shape.h. */
#include "shape.h"

#include <string.h>

#include "base/strbuf.h"
#include "diag.h"
#include "effects.h"
#include "nearest.h"

static struct arena *arena_of(const struct scope *s)
{
    return s->fe->facts.arena;
}

static const char *keep(const struct scope *s, struct strbuf *b)
{
    char *copy = arena_strndup(arena_of(s), b->buf, b->len);
    strbuf_release(b);
    return copy;
}

/* ---- names and types ---- */

struct variable *scope_local(const struct scope *s, const struct cexpr *e)
{
    for (size_t i = 0; e->kind == CEXPR_NAME && i < s->n_locals; i++)
        if (strcmp(s->locals[i]->name, e->text) == 0)
            return s->locals[i];
    return NULL;
}

struct variable *scope_parameter(const struct scope *s, const struct cexpr *e)
{
    if (e->kind != CEXPR_NAME || scope_local(s, e))
        return NULL;
    for (size_t i = 0; i < s->fn->n_params; i++)
        if (strcmp(s->names[i], e->text) == 0)
            return s->fn->params[i];
    return NULL;
}

struct variable *scope_global(const struct scope *s, const struct cexpr *e)
{
    if (e->kind != CEXPR_NAME || scope_local(s, e) || scope_parameter(s, e))
        return NULL;
    return frontend_global(s->fe, e->text);
}

struct variable *scope_variable(const struct scope *s, const struct cexpr *e)
{
    struct variable *v = scope_local(s, e);
    if (!v)
        v = scope_parameter(s, e);
    return v ? v : scope_global(s, e);
}

const struct field *record_field(const struct record *r, const char *name)
{
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        if (strcmp(f->name, name) == 0 && *name)
            return f;
        if (!*f->name && f->type->kind == TYPE_RECORD) {
            const struct field *inner = record_field(f->type->record, name);
            if (inner)
                return inner;
        }
    }
    return NULL;
}

/* Is the member one of an anonymous union's in r? Its path is then that of r. */
static bool is_in_anonymous_union(const struct record *r, const char *name)
{
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        if (*f->name || f->type->kind != TYPE_RECORD || !record_field(f->type->record, name))
            continue;
        return f->type->record->is_union || is_in_anonymous_union(f->type->record, name);
    }
    return false;
}

static const struct type *member_type(const struct type *t, const char *name)
{
    if (!t || t->kind != TYPE_RECORD)
        return NULL;
    const struct field *f = record_field(t->record, name);
    return f ? f->type : NULL;
}

static const struct type *element_type(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) ? t->element : NULL;
}

const struct type *scope_type(const struct scope *s, const struct cexpr *e)
{
    switch (e->kind) {
    case CEXPR_NAME: {
        const struct variable *v = scope_variable(s, e);
        if (!v && s->has_result && strcmp(e->text, "result") == 0)
            return s->fn->result;
        return v ? v->type : NULL;
    }
    case CEXPR_MEMBER:
        return member_type(scope_type(s, e->kids[0]), e->text);
    case CEXPR_ARROW:
        return member_type(element_type(scope_type(s, e->kids[0])), e->text);
    case CEXPR_DEREF:
    case CEXPR_INDEX:
    case CEXPR_SECTION:
        return e->kids[0] ? element_type(scope_type(s, e->kids[0])) : NULL;
    default:
        return NULL;
    }
}

bool scope_is_bitfield(const struct scope *s, const struct cexpr *e)
{
    if (e->kind != CEXPR_MEMBER && e->kind != CEXPR_ARROW)
        return false;
    const struct type *t = scope_type(s, e->kids[0]);
    if (e->kind == CEXPR_ARROW)
        t = element_type(t);
    const struct field *f = t && t->kind == TYPE_RECORD ? record_field(t->record, e->text) : NULL;
    return f && f->is_bitfield;
}

/* ---- checks ---- */

static bool is_pure_call(const struct cexpr *call, void *arg)
{
    const struct scope *s = arg;
    const struct cexpr *callee = call->kids[0];
    static const char *const pure[] = {
        "strlen", "strnlen", "abs",    "labs",   "llabs",   "sqrt",
        "ceil",   "floor",   "fabs",   "pow",    "fmin",    "fmax",
        "lround", "wcslen",  "strcmp", "memcmp", "strncmp", "__errno_location"};
    if (callee->kind != CEXPR_NAME)
        return false;
    for (size_t i = 0; i < sizeof pure / sizeof *pure; i++)
        if (strcmp(callee->text, pure[i]) == 0)
            return true;
    if (strncmp(callee->text, "__builtin_", 10) == 0)
        return true;
    struct function *fn = frontend_function(s->fe, callee->text);
    if (!fn)
        return false;
    if (fn->is_const_attr || fn->is_pure_attr)
        return true;
    struct effects *fx = fn->has_definition ? effects_of(s->fe, arena_of(s), fn) : NULL;
    if (!fx || fx->n_effects || fx->n_unseen)
        return false;
    for (size_t i = 0; i < fx->n_accesses; i++)
        if (fx->accesses[i].is_write)
            return false;
    return true;
}

struct name_check {
    const struct scope *s;
    bool ok;
};

static void report_unknown_name(const struct scope *s, const struct cexpr *e)
{
    if (s->local_names || s->locals)
        diag_report(s->diag, err_clause_unknown_local, e->range, e->text);
    else
        diag_report(s->diag, err_clause_unknown_name, e->range, e->text);
    size_t n = s->fn->n_params;
    const struct facts *facts = &s->fe->facts;
    const char **names =
        arena_alloc(arena_of(s), (n + s->n_locals + facts->n_globals + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = s->names[i];
    for (size_t i = 0; i < s->n_locals; i++)
        names[n++] = s->locals[i]->name;
    for (size_t i = 0; i < facts->n_globals; i++)
        if (!facts->globals[i]->is_static_local && !facts->globals[i]->is_system)
            names[n++] = facts->globals[i]->name;
    const char *best = nearest_of(e->text, names, n);
    if (best)
        diag_report(s->diag, note_did_you_mean, e->range, best);
    else if (s->fn->name_range.src)
        diag_report(s->diag, note_function_here, s->fn->name_range, s->fn->name);
}

static void suggest_member(const struct scope *s, const struct cexpr *e, const struct type *t)
{
    size_t n = t->kind == TYPE_RECORD ? t->record->n_fields : 0;
    const char **names = arena_alloc(arena_of(s), (n + 1) * sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = t->record->fields[i].name;
    const char *best = nearest_of(e->text, names, n);
    if (best)
        diag_report(s->diag, note_did_you_mean, e->range, best);
}

static bool is_local_name(const struct scope *s, const char *name)
{
    for (size_t i = 0; i < s->n_local_names; i++)
        if (strcmp(s->local_names[i], name) == 0)
            return true;
    return false;
}

static bool check_name(const struct cexpr *e, void *arg)
{
    struct name_check *c = arg;
    const struct scope *s = c->s;
    switch (e->kind) {
    case CEXPR_SIZEOF:
        return false;
    case CEXPR_CALL: /* the callee's name isn't an object */
        for (size_t i = 1; i < e->n_kids; i++)
            cexpr_walk(e->kids[i], check_name, arg);
        return false;
    case CEXPR_NAME:
        if (scope_variable(s, e) || is_local_name(s, e->text) ||
            frontend_enumerator(s->fe, e->text) || frontend_function(s->fe, e->text) ||
            (s->has_result && !strcmp(e->text, "result")) ||
            (s->has_entry && (!strcmp(e->text, "memo_age") || !strcmp(e->text, "memo_cost"))) ||
            strncmp(e->text, "__", 2) == 0)
            return true;
        report_unknown_name(s, e);
        c->ok = false;
        return true;
    case CEXPR_MEMBER:
    case CEXPR_ARROW: {
        const struct type *t = scope_type(s, e->kids[0]);
        if (t && e->kind == CEXPR_ARROW)
            t = element_type(t);
        if (t && (t->kind != TYPE_RECORD || !t->record->is_complete ||
                  !record_field(t->record, e->text))) {
            diag_report(s->diag, err_clause_no_member, e->range, e->text, t->spelling);
            suggest_member(s, e, t);
            c->ok = false;
        }
        return true;
    }
    default:
        return true;
    }
}

bool scope_check(const struct scope *s, const struct cexpr *e)
{
    struct name_check c = {s, true};
    cexpr_walk(e, check_name, &c);
    const struct cexpr *bad = cexpr_side_effect(e, is_pure_call, (void *)s);
    if (bad && c.ok) {
        if (bad->kind == CEXPR_CALL)
            diag_report(s->diag, err_clause_call, bad->range,
                        bad->kids[0]->kind == CEXPR_NAME ? bad->kids[0]->text : "it");
        else
            diag_report(s->diag, err_clause_side_effect, bad->range);
        c.ok = false;
    }
    return c.ok;
}

/* ---- shapes ---- */

/* Brackets that step through pointers to pointers aren't one block of memory. */
static bool check_dimensions(const struct scope *s, const struct shape *shape)
{
    for (const struct cexpr *e = shape->expr; e && e->kind == CEXPR_SECTION; e = e->kids[0]) {
        const struct cexpr *base = e->kids[0];
        const struct type *t = base ? scope_type(s, base) : NULL;
        if (base && base->kind == CEXPR_SECTION && t && t->kind == TYPE_POINTER) {
            diag_report(s->diag, err_shape_rows, shape->range, shape->text);
            if (s->is_loop)
                diag_report(s->diag, note_write_instead, shape->range,
                            "allocate them as one block, or save them by 'state(get, set)'");
            return false;
        }
        if (t && t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY) {
            diag_report(s->diag, err_shape_not_pointer, base->range, t->spelling);
            return false;
        }
        if (!e->kids[2] && !(t && t->kind == TYPE_ARRAY && t->count >= 0)) {
            diag_report(s->diag, err_shape_no_count, shape->range, shape->text);
            return false;
        }
    }
    return true;
}

/* Pointers that are variables stand for themselves without being named. In a loop, one behind
 * another pointer may be meant as the object that it is. */
static bool names_pointer(const struct scope *s, const struct cexpr *e)
{
    if (!s->is_loop)
        return e->kind == CEXPR_NAME && scope_parameter(s, e);
    return scope_type(s, e)->element->kind != TYPE_FUNCTION && e->kind != CEXPR_SECTION &&
           !strchr(scope_path(s, e), '*');
}

bool scope_check_shape(const struct scope *s, const struct shape *shape, bool is_written)
{
    struct diag_engine *diag = s->diag;
    const struct cexpr *e = shape->expr;
    if (!e || !scope_check(s, e))
        return false;
    if (shape->kind == SHAPE_CODE || (shape->kind == SHAPE_STRING && !s->is_loop))
        return true;
    const struct cexpr *root = cexpr_root(e);
    bool is_known = root && (scope_parameter(s, root) || scope_global(s, root));
    if (!is_known && !(s->is_loop && root && scope_local(s, root))) {
        if (s->is_loop)
            diag_report(diag, err_shape_no_variable, shape->range, shape->text);
        else
            diag_report(diag, err_shape_no_object, shape->range, shape->text);
        return false;
    }
    if (shape->kind == SHAPE_STRING)
        return true;
    if (!check_dimensions(s, shape))
        return false;
    const struct type *t = scope_type(s, e);
    const struct variable *param = e->kind == CEXPR_NAME ? scope_parameter(s, e) : NULL;
    if (t && t->kind == TYPE_POINTER && shape->kind == SHAPE_OBJECT && names_pointer(s, e)) {
        diag_report(diag, err_shape_names_pointer, shape->range, shape->text, shape->text,
                    shape->text);
        return false;
    }
    if (is_written && scope_is_bitfield(s, e)) {
        diag_report(diag, err_shape_bitfield, shape->range, shape->text);
        return false;
    }
    if (t && param && t->kind != TYPE_ARRAY && is_written && !s->is_loop) {
        diag_report(diag, err_shape_by_value, shape->range, e->text);
        return false;
    }
    if (t && (t->kind == TYPE_FUNCTION || (t->kind == TYPE_RECORD && !t->record->is_complete))) {
        diag_report(diag, err_memo_opaque, shape->range, shape->text, t->spelling);
        return false;
    }
    if (t && t->kind == TYPE_VOID && e->kind != CEXPR_SECTION) {
        diag_report(diag, err_shape_void, shape->range, shape->text);
        return false;
    }
    return true;
}

/* ---- text ---- */

/* A copy of the tree with parameters under the definition's names. */
static struct cexpr *renamed(const struct scope *s, const struct cexpr *e)
{
    if (!e)
        return NULL;
    struct cexpr *copy = ARENA_NEW(arena_of(s), struct cexpr);
    *copy = *e;
    const struct variable *v = scope_parameter(s, e);
    if (v)
        copy->text = v->name;
    copy->kids = arena_alloc(arena_of(s), (e->n_kids + 1) * sizeof *copy->kids);
    for (size_t i = 0; i < e->n_kids; i++)
        copy->kids[i] = e->kind == CEXPR_CALL && i == 0 ? e->kids[0] : renamed(s, e->kids[i]);
    return copy;
}

const char *scope_text(const struct scope *s, const struct cexpr *e)
{
    struct strbuf out = STRBUF_INIT;
    cexpr_print(&out, renamed(s, e));
    return keep(s, &out);
}

static void add_guard(const struct scope *s, struct strbuf *out, const struct cexpr *pointer)
{
    const char *text = scope_text(s, pointer);
    struct strbuf term = STRBUF_INIT;
    strbuf_addf(&term, "(%s) != 0", text);
    if (!strstr(out->buf, term.buf))
        strbuf_addf(out, "%s%s", out->len ? " && " : "", term.buf);
    strbuf_release(&term);
}

static void collect_guards(const struct scope *s, struct strbuf *out, const struct cexpr *e)
{
    if (!e || e->kind == CEXPR_SIZEOF)
        return;
    for (size_t i = 0; i < e->n_kids; i++)
        if (!(e->kind == CEXPR_CALL && i == 0))
            collect_guards(s, out, e->kids[i]);
    bool follows = e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF;
    if (e->kind == CEXPR_INDEX || e->kind == CEXPR_SECTION) {
        const struct type *t = e->kids[0] ? scope_type(s, e->kids[0]) : NULL;
        follows = e->kids[0] && !(t && t->kind == TYPE_ARRAY && !scope_parameter(s, e->kids[0]));
    }
    if (follows)
        add_guard(s, out, e->kids[0]);
}

const char *scope_guard(const struct scope *s, const struct cexpr *e)
{
    struct strbuf out = STRBUF_INIT;
    collect_guards(s, &out, e);
    return keep(s, &out);
}

/* ---- counts ---- */

/* Only whole numbers in it, as far as can be told? */
static bool is_integral(const struct scope *s, const struct cexpr *e)
{
    switch (e->kind) {
    case CEXPR_LITERAL:
        return e->text[0] >= '0' && e->text[0] <= '9' &&
               (e->text[1] == 'x' || e->text[1] == 'X' || !strpbrk(e->text, ".eEfF"));
    case CEXPR_SIZEOF:
        return true;
    case CEXPR_NAME:
        if (frontend_enumerator(s->fe, e->text))
            return true;
        /* fall through */
    case CEXPR_MEMBER:
    case CEXPR_ARROW:
    case CEXPR_DEREF:
    case CEXPR_INDEX: {
        const struct type *t = scope_type(s, e);
        return t && (t->kind == TYPE_INTEGER || t->kind == TYPE_BOOL || t->kind == TYPE_ENUM);
    }
    case CEXPR_BINARY:
        return is_integral(s, e->kids[0]) && is_integral(s, e->kids[1]);
    case CEXPR_UNARY:
        return is_integral(s, e->kids[0]);
    default:
        return false;
    }
}

/* + - * of whole numbers, each checked for overflow in the type C gives it. */
static void print_checked(const struct scope *s, struct strbuf *out, const struct cexpr *e,
                          unsigned *n)
{
    static const struct {
        const char *op, *builtin;
    } checked[] = {{"*", "__builtin_mul_overflow"},
                   {"+", "__builtin_add_overflow"},
                   {"-", "__builtin_sub_overflow"}};
    if (e->kind == CEXPR_BINARY && is_integral(s, e)) {
        for (size_t i = 0; i < 3; i++) {
            if (strcmp(e->text, checked[i].op) != 0)
                continue;
            unsigned id = (*n)++;
            strbuf_addf(out, "__extension__ ({ __auto_type memo_l_x%u = (", id);
            print_checked(s, out, e->kids[0], n);
            strbuf_addf(out, ") + 0; __auto_type memo_l_y%u = (", id);
            print_checked(s, out, e->kids[1], n);
            strbuf_addf(out,
                        ") + 0; __typeof__(memo_l_x%u + memo_l_y%u) memo_l_z%u; "
                        "memo_l_bad |= %s(memo_l_x%u, memo_l_y%u, &memo_l_z%u); "
                        "memo_l_z%u; })",
                        id, id, id, checked[i].builtin, id, id, id, id);
            return;
        }
    }
    strbuf_adds(out, scope_text(s, e));
}

const char *scope_count(const struct scope *s, const struct cexpr *e, const char *size)
{
    struct strbuf out = STRBUF_INIT;
    const char *guard = scope_guard(s, e);
    unsigned n = 0;
    strbuf_adds(&out, "__extension__ ({ int memo_l_bad = 0; long long memo_l_n = ");
    if (*guard)
        strbuf_addf(&out, "!(%s) ? 0 : ", guard);
    strbuf_adds(&out, "(long long)(");
    print_checked(s, &out, e, &n);
    strbuf_addf(&out, "); memo_abi_count(memo_l_bad, memo_l_n, %s); })", size);
    return keep(s, &out);
}

/* ---- paths ---- */

static bool add_path(const struct scope *s, struct strbuf *out, const struct cexpr *e)
{
    /* Returns whether the place is inside a union: then names add nothing. */
    switch (e->kind) {
    case CEXPR_MEMBER:
    case CEXPR_ARROW: {
        bool in_union = add_path(s, out, e->kids[0]);
        const struct type *t = scope_type(s, e->kids[0]);
        if (e->kind == CEXPR_ARROW) {
            strbuf_addc(out, '*');
            in_union = false;
            t = element_type(t);
        }
        if (t && t->kind == TYPE_RECORD &&
            (t->record->is_union || is_in_anonymous_union(t->record, e->text)))
            in_union = true;
        if (!in_union)
            strbuf_addf(out, ".%s", e->text);
        return in_union;
    }
    case CEXPR_DEREF:
        add_path(s, out, e->kids[0]);
        strbuf_addc(out, '*');
        return false;
    case CEXPR_INDEX:
    case CEXPR_SECTION: {
        bool in_union = e->kids[0] && add_path(s, out, e->kids[0]);
        const struct type *t = e->kids[0] ? scope_type(s, e->kids[0]) : NULL;
        bool is_array =
            t && t->kind == TYPE_ARRAY && !(e->kids[0] && scope_parameter(s, e->kids[0]));
        if (is_array)
            return in_union;
        strbuf_addc(out, '*');
        return false;
    }
    case CEXPR_CAST:
        return add_path(s, out, e->kids[0]);
    case CEXPR_BINARY: /* p + 1 */
        return e->n_kids ? add_path(s, out, e->kids[0]) : false;
    default:
        return false;
    }
}

const char *scope_path(const struct scope *s, const struct cexpr *e)
{
    struct strbuf out = STRBUF_INIT;
    add_path(s, &out, e);
    return keep(s, &out);
}

/* ---- what bounds read ---- */

struct reads {
    const struct scope *s;
    const struct cexpr **out;
    size_t *n, max;
};

static bool is_chain(const struct cexpr *e)
{
    return e->kind == CEXPR_MEMBER || e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF ||
           e->kind == CEXPR_INDEX;
}

static bool visit_read(const struct cexpr *e, void *arg)
{
    struct reads *r = arg;
    if (e->kind == CEXPR_SIZEOF)
        return false;
    if (e->kind == CEXPR_CALL) {
        for (size_t i = 1; i < e->n_kids; i++)
            cexpr_walk(e->kids[i], visit_read, arg);
        return false;
    }
    const struct type *t = scope_type(r->s, e);
    bool is_object = (is_chain(e) && t) || (e->kind == CEXPR_NAME && scope_global(r->s, e));
    if (!is_object || (t && t->kind == TYPE_FUNCTION))
        return true;
    for (size_t i = 0; i < *r->n; i++)
        if (cexpr_equal(r->out[i], e))
            return true;
    /* p->n of a struct by value that is in the key anyway. */
    const struct cexpr *root = cexpr_root(e);
    if (is_chain(e) && root && scope_parameter(r->s, root) && !strchr(scope_path(r->s, e), '*'))
        return true;
    if (*r->n < r->max && t && t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY)
        r->out[(*r->n)++] = e;
    return true; /* indices and bases read, too */
}

void scope_bound_reads(const struct scope *s, const struct cexpr *e, const struct cexpr **out,
                       size_t *n, size_t max)
{
    struct reads r = {s, out, n, max};
    if (e)
        cexpr_walk(e, visit_read, &r);
}

/* ---- what is in a type ---- */

const char *type_pointer_member(struct arena *a, const struct type *t)
{
    if (t->kind == TYPE_POINTER)
        return "";
    if (t->kind == TYPE_ARRAY)
        return type_pointer_member(a, t->element);
    if (t->kind != TYPE_RECORD)
        return NULL;
    for (size_t i = 0; i < t->record->n_fields; i++) {
        const struct field *f = &t->record->fields[i];
        const char *inner = type_pointer_member(a, f->type);
        if (!inner)
            continue;
        if (!*f->name)
            return inner;
        return *inner ? arena_printf(a, "%s.%s", f->name, inner) : f->name;
    }
    return NULL;
}

static size_t value_bytes(const struct type *t)
{
    switch (t->kind) {
    case TYPE_FLOAT:
        return t->is_long_double ? 10 : t->size;
    case TYPE_COMPLEX:
        return t->is_long_double ? 20 : t->size;
    case TYPE_ARRAY:
        return t->count < 0 ? t->size : (size_t)t->count * value_bytes(t->element);
    default:
        return t->size;
    }
}

bool type_is_va_list(const struct type *t)
{
    while (t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY))
        t = t->element;
    return t && t->kind == TYPE_RECORD && strstr(t->record->name, "__va_list");
}

bool type_has_padding(const struct type *t)
{
    if (t->kind == TYPE_ARRAY)
        return type_has_padding(t->element);
    if (t->kind != TYPE_RECORD)
        return value_bytes(t) != t->size;
    if (t->record->is_union)
        return false; /* all bytes of a union count */
    long long bits = 0;
    for (size_t i = 0; i < t->record->n_fields; i++) {
        const struct field *f = &t->record->fields[i];
        if (!f->is_bitfield && type_has_padding(f->type))
            return true;
        bits += f->is_bitfield ? (*f->name ? (long long)f->bit_width : 0)
                               : (long long)f->type->size * 8;
    }
    return bits != (long long)t->size * 8;
}
