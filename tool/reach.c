/* reach.c - reaches from clauses, declarations and accesses; see reach.h.
 *
 * A section of several dimensions is the block of memory from its first element to
 * its last, so that count is in elements of the innermost. What is evaluated to find
 * a section, p->n and p->data of p->data[:p->n], is read, too: reaches of their own. */
#include "reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "reach_extent.h"

static struct arena *arena_of(const struct concurrent_function *cf)
{
    return cf->scope.fe->facts.arena;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static void add(struct concurrent_function *cf, struct reach r)
{
    r.path = r.path ? r.path : "";
    r.place = r.place ? r.place : "*";
    if (r.type && (r.type->is_char || r.type->kind == TYPE_VOID ||
                   (r.type->kind == TYPE_RECORD && r.type->record->is_union)))
        r.type = NULL;
    for (size_t i = 0; i < cf->n_reaches; i++) {
        struct reach *o = &cf->reaches[i];
        if (o->extent != r.extent || o->param != r.param || o->global != r.global ||
            !is_same_text(o->first, r.first) || !is_same_text(o->count, r.count) ||
            !is_same_text(o->path, r.path) ||
            (r.extent == REACH_SECTION ? strcmp(o->place, r.place) != 0 : o->type != r.type))
            continue;
        o->is_read |= r.is_read;
        o->is_write |= r.is_write;
        if (o->type != r.type)
            o->type = NULL;
        return;
    }
    ARENA_PUSH(arena_of(cf), cf->reaches, cf->n_reaches, cf->cap_reaches) = r;
}

/* ---- clauses ---- */

static struct reach rooted(const struct scope *s, const struct cexpr *e, enum reach_extent extent)
{
    const struct cexpr *root = cexpr_root(e);
    const struct variable *v = root ? scope_parameter(s, root) : NULL;
    struct reach r = {.extent = extent, .range = e->range, .place = scope_path(s, e)};
    if (v)
        r.param = v->index;
    else if (root)
        r.global = scope_global(s, root);
    return r;
}

static void read_value(struct concurrent_function *cf, const struct scope *s,
                       const struct cexpr *e);

static bool is_pointer_value(const struct scope *s, const struct cexpr *e)
{
    const struct type *t = scope_type(s, e);
    return !t || t->kind != TYPE_ARRAY || scope_parameter(s, e);
}

/* What is read to find the object e, not the object. */
static void read_address(struct concurrent_function *cf, const struct scope *s,
                         const struct cexpr *e)
{
    if (!e)
        return;
    switch (e->kind) {
    case CEXPR_NAME:
    case CEXPR_SIZEOF:
        break;
    case CEXPR_MEMBER:
        read_address(cf, s, e->kids[0]);
        break;
    case CEXPR_INDEX:
    case CEXPR_SECTION:
        if (e->kids[0] && is_pointer_value(s, e->kids[0]))
            read_value(cf, s, e->kids[0]);
        else
            read_address(cf, s, e->kids[0]);
        for (size_t i = 1; i < e->n_kids; i++)
            read_value(cf, s, e->kids[i]);
        break;
    default:
        for (size_t i = 0; i < e->n_kids; i++)
            read_value(cf, s, e->kids[i]);
        break;
    }
}

static const char *guarded(const struct scope *s, const struct cexpr *e, const char *text)
{
    const char *guard = scope_guard(s, e);
    return *guard ? arena_printf(s->fe->facts.arena, "((%s) ? (%s) : 0)", guard, text) : text;
}

static void add_object(struct concurrent_function *cf, const struct scope *s, const struct cexpr *e,
                       struct reach r);

static void read_value(struct concurrent_function *cf, const struct scope *s, const struct cexpr *e)
{
    if (!e || e->kind == CEXPR_SIZEOF)
        return;
    bool is_lvalue = e->kind == CEXPR_MEMBER || e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF ||
                     e->kind == CEXPR_INDEX;
    if (e->kind == CEXPR_CALL) { /* of a function without effects: strlen(p) */
        for (size_t i = 1; i < e->n_kids; i++) {
            struct reach r = rooted(s, e->kids[i], REACH_AROUND);
            const struct type *t = scope_type(s, e->kids[i]);
            r.is_read = true;
            read_value(cf, s, e->kids[i]);
            if (t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY))
                add(cf, r);
        }
        return;
    }
    read_address(cf, s, e);
    if (!is_lvalue && !(e->kind == CEXPR_NAME && scope_global(s, e)))
        return;
    struct reach r = rooted(s, e, REACH_SECTION);
    r.is_read = true;
    if (strchr(scope_path(s, e), '*') || r.global)
        add_object(cf, s, e, r);
}

/* The value of an index, in parameters. */
static struct range index_range(const struct scope *s, const struct cexpr *e)
{
    const struct variable *v = scope_parameter(s, e);
    char *end;
    if (e->kind == CEXPR_LITERAL) {
        long long value = strtoll(e->text, &end, 0);
        return *end ? range_none() : range_number(value);
    }
    if (v)
        return v->type->kind == TYPE_INTEGER && v->type->is_signed && v->type->size >= 4
                   ? range_parameter(v->index)
                   : range_none();
    if (e->kind != CEXPR_BINARY || (strcmp(e->text, "+") && strcmp(e->text, "-")))
        return range_none();
    struct range a = index_range(s, e->kids[0]), b = index_range(s, e->kids[1]);
    if (b.is_ok && *e->text == '-')
        b = range_negate(&b);
    return range_add(&a, &b);
}

/* p->m, p[i].m: member m of an element of a parameter's. */
static void set_element(const struct scope *s, const struct cexpr *e, struct reach *r)
{
    const char *path = scope_path(s, e);
    if (r->global || *path != '*' || strchr(path + 1, '*'))
        return;
    r->path = path + 1;
    r->place = "*";
    while (e->kind == CEXPR_MEMBER)
        e = e->kids[0];
    struct range at = range_none();
    if (e->n_kids && scope_parameter(s, e->kids[0]) &&
        (e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF))
        at = range_number(0);
    else if (e->kind == CEXPR_INDEX && scope_parameter(s, e->kids[0]))
        at = index_range(s, e->kids[1]);
    if (!at.is_ok)
        return;
    struct range *elements = ARENA_NEW(s->fe->facts.arena, struct range);
    *elements = at;
    r->elements = elements;
}

/* The memory of the lvalue e, or of the object that holds the bit-field e. */
static void add_object(struct concurrent_function *cf, const struct scope *s, const struct cexpr *e,
                       struct reach r)
{
    struct arena *arena = s->fe->facts.arena;
    const struct variable *param = e->kind == CEXPR_NAME ? scope_parameter(s, e) : NULL;
    if (scope_is_bitfield(s, e)) {
        if (e->kind == CEXPR_ARROW) {
            r.first = scope_text(s, e->kids[0]);
            r.count = guarded(s, e->kids[0], arena_printf(arena, "(%s) != 0", r.first));
            add(cf, r);
            return;
        }
        e = e->kids[0];
    }
    const struct type *t = scope_type(s, e);
    if (r.global && !strchr(scope_path(s, e), '*')) { /* whole, or as much as is named */
        r.extent = REACH_GLOBAL;
        r.type = t;
        while (r.type && r.type->kind == TYPE_ARRAY)
            r.type = r.type->element;
        add(cf, r);
        return;
    }
    struct strbuf text = STRBUF_INIT;
    long long n = 1;
    strbuf_addf(&text, "%s(%s)", param && t && t->kind == TYPE_ARRAY ? "" : "&", scope_text(s, e));
    bool is_first = text.buf[0] != '&';
    for (; t && t->kind == TYPE_ARRAY; t = t->element) {
        n *= t->count > 0 && !t->is_variable ? t->count : 0;
        if (!is_first)
            strbuf_adds(&text, "[0]");
        else if (t->element->kind == TYPE_ARRAY)
            strbuf_adds(&text, "[0]");
        is_first = false;
    }
    if (is_first || n == 0)
        r.extent = n ? r.extent : REACH_AROUND;
    r.first = guarded(s, e, arena_strndup(arena, text.buf, text.len));
    const char *pointer = param ? param->name : NULL;
    r.place = param ? "*" : r.place;
    set_element(s, e, &r);
    r.count = pointer ? arena_printf(arena, "(%s) ? %lldLL : 0LL", pointer, n)
                      : guarded(s, e, arena_printf(arena, "%lldLL", n));
    if (n == 1 && e->kind == CEXPR_DEREF && scope_parameter(s, e->kids[0])) {
        r.is_object = true;
        r.first = scope_text(s, e->kids[0]);
        r.count = arena_printf(arena, "(%s) ? 1LL : 0LL", r.first);
    }
    r.type = t;
    strbuf_release(&text);
    add(cf, r);
}

/* The number of elements of one bracket, evaluated where its guard holds. */
static const char *bracket_count(const struct scope *s, const struct cexpr *e)
{
    struct arena *arena = s->fe->facts.arena;
    if (e->kids[2])
        return arena_printf(arena, "(long long)(%s)", scope_text(s, e->kids[2]));
    const struct type *t = scope_type(s, e->kids[0]);
    return arena_printf(arena, "%lldLL", t && t->kind == TYPE_ARRAY ? t->count : 0);
}

/* p[a:n][b:m]: (n - 1) rows and m elements. */
static const char *section_count(const struct scope *s, const struct cexpr *e, const char *base)
{
    const struct cexpr *dims[8] = {e};
    size_t n = 0;
    for (; e->kind == CEXPR_SECTION && n < 8; e = e->kids[0])
        dims[n++] = e;
    struct strbuf text = STRBUF_INIT, element = STRBUF_INIT, row = STRBUF_INIT;
    strbuf_adds(&element, base);
    for (size_t i = 0; i < n; i++)
        strbuf_adds(&element, "[0]");
    for (size_t i = n; i-- > 0;)
        strbuf_addf(&text, "%s%s > 0", i + 1 < n ? " && " : "", bracket_count(s, dims[i]));
    strbuf_addf(&text, " ? %s", bracket_count(s, dims[0]));
    strbuf_adds(&row, base);
    for (size_t i = n; i-- > 1;) {
        strbuf_adds(&row, "[0]");
        strbuf_addf(&text, " + (%s - 1) * (long long)(sizeof %s / sizeof %s)",
                    bracket_count(s, dims[i]), row.buf, element.buf);
    }
    strbuf_adds(&text, " : 0LL");
    const char *out = arena_strndup(s->fe->facts.arena, text.buf, text.len);
    strbuf_release(&text);
    strbuf_release(&element);
    strbuf_release(&row);
    return out;
}

static void add_section(struct concurrent_function *cf, const struct scope *s,
                        const struct cexpr *e, struct reach r)
{
    struct arena *arena = s->fe->facts.arena;
    const struct cexpr *base = e, *dims[8];
    size_t n = 0;
    for (; base->kind == CEXPR_SECTION && n < 8; base = base->kids[0])
        dims[n++] = base;
    const struct type *t = scope_type(s, base), *element = scope_type(s, e);
    bool is_void = t && t->kind == TYPE_POINTER && t->element->kind == TYPE_VOID;
    const char *plain = scope_text(s, base);
    const char *from =
        is_void ? arena_printf(arena, "((char *)(%s))", plain) : arena_printf(arena, "(%s)", plain);
    struct strbuf text = STRBUF_INIT;
    strbuf_addf(&text, "&%s", from);
    for (size_t i = n; i-- > 0;)
        strbuf_addf(&text, "[%s]", dims[i]->kids[1] ? scope_text(s, dims[i]->kids[1]) : "0");
    r.first = guarded(s, e, arena_strndup(arena, text.buf, text.len));
    r.count = guarded(s, e, section_count(s, e, from));
    for (; element && element->kind == TYPE_ARRAY; element = element->element)
        r.extent = element->is_variable || element->count < 0 ? REACH_AROUND : r.extent;
    r.type = is_void ? NULL : element;
    strbuf_release(&text);
    read_address(cf, s, e);
    add(cf, r);
}

static void add_shape(struct concurrent_function *cf, const struct scope *s,
                      const struct shape *shape, bool is_read, bool is_write)
{
    const struct cexpr *e = shape->expr;
    if (!e || shape->kind == SHAPE_CODE)
        return;
    struct reach r = rooted(s, e, REACH_SECTION);
    if (shape->kind == SHAPE_OBJECT && e->kind == CEXPR_NAME && scope_parameter(s, e) &&
        scope_type(s, e)->kind != TYPE_ARRAY)
        return; /* by value */
    r.is_read = is_read;
    r.is_write = is_write;
    r.range = shape->range;
    if (shape->kind == SHAPE_STRING) {
        read_value(cf, s, e);
        bool is_direct = e->kind == CEXPR_NAME && !r.global;
        r.extent = is_direct ? REACH_SECTION : REACH_BEHIND;
        if (is_direct) { /* the call reads all of it, so that its end may be looked for */
            const char *p = scope_text(s, e);
            r.first = arena_printf(arena_of(cf), "((const char *)(%s))", p);
            r.count =
                arena_printf(arena_of(cf), "((%s) ? (long long)__builtin_strlen(%s) + 1 : 0)", p, p);
        }
        add(cf, r);
    } else if (shape->kind == SHAPE_ALLOC) {
        read_address(cf, s, e->kids[0]);
        r.is_write = true;
        add_object(cf, s, e->kids[0], r);
    } else if (e->kind == CEXPR_SECTION) {
        add_section(cf, s, e, r);
    } else {
        read_address(cf, s, e);
        add_object(cf, s, e, r);
    }
}

void reach_add_clauses(struct concurrent_function *cf, const struct annotation *a,
                       const struct scope *s)
{
    for (size_t i = 0; i < a->n_clauses; i++) {
        const struct clause *c = &a->clauses[i];
        bool is_shapes = c->id == CLAUSE_in || c->id == CLAUSE_out || c->id == CLAUSE_inout ||
                         c->id == CLAUSE_reads;
        for (size_t k = 0; is_shapes && k < c->n_shapes; k++)
            add_shape(cf, s, &c->shapes[k], c->id != CLAUSE_out,
                      c->id == CLAUSE_out || c->id == CLAUSE_inout);
    }
}

/* ---- declarations ---- */

static bool names(const struct annotation *a, const char *name)
{
    for (size_t i = 0; a && i < a->n_clauses; i++) {
        const struct clause *c = &a->clauses[i];
        for (size_t k = 0; k < c->n_shapes; k++) {
            const struct cexpr *root = c->shapes[k].expr ? cexpr_root(c->shapes[k].expr) : NULL;
            if (root && c->id != CLAUSE_returns && !strcmp(root->text, name))
                return true;
        }
    }
    return false;
}

static bool is_const_throughout(const struct type *t)
{
    while (t->kind == TYPE_ARRAY && !t->is_const)
        t = t->element;
    return t->is_const;
}

static void add_default(struct concurrent_function *cf, const struct variable *v)
{
    struct arena *arena = arena_of(cf);
    const struct type *t = v->type, *to = t->element;
    bool is_pure = cf->fn->is_pure_attr;
    if (to->kind == TYPE_FUNCTION)
        return;
    struct reach r = {.extent = REACH_AROUND,
                      .is_read = true,
                      .is_write = !is_const_throughout(to) && !is_pure,
                      .param = v->index,
                      .range = v->range.src ? v->range : cf->fn->name_range};
    /* A pointer to one object, or an array of known size. */
    long long n = t->kind == TYPE_POINTER ? 1 : t->is_variable ? -1 : t->count;
    struct strbuf text = STRBUF_INIT;
    strbuf_adds(&text, v->name);
    for (; to->kind == TYPE_ARRAY; to = to->element) {
        n = to->is_variable || to->count < 0 ? -1 : n * to->count;
        strbuf_adds(&text, "[0]");
    }
    r.type = to;
    bool is_text = to->is_char && to->is_const && t->kind == TYPE_POINTER;
    if (n > 0 && !is_text && to->kind != TYPE_VOID && to->is_complete && *v->name) {
        r.extent = REACH_SECTION;
        r.first = arena_strndup(arena, text.buf, text.len);
        r.count = arena_printf(arena, "(%s) ? %lldLL : 0LL", v->name, n);
        r.is_object = t->kind == TYPE_POINTER && n == 1;
    }
    strbuf_release(&text);
    add(cf, r);
}

void reach_add_prototype(struct concurrent_function *cf, const struct annotation *a,
                         const struct annotation *more)
{
    for (size_t i = 0; i < cf->fn->n_params && !cf->fn->is_const_attr; i++) {
        const struct variable *v = cf->fn->params[i];
        if ((v->type->kind == TYPE_POINTER || v->type->kind == TYPE_ARRAY) &&
            !names(a, cf->scope.names[i]) && !names(more, cf->scope.names[i]))
            add_default(cf, v);
    }
}

/* ---- the body ---- */

static size_t n_stars(const char *path)
{
    size_t n = 0;
    for (; *path; path++)
        n += *path == '*';
    return n;
}

static unsigned first_pointer(const struct function *fn)
{
    for (size_t i = 0; i < fn->n_params; i++)
        if (fn->params[i]->type->kind == TYPE_POINTER || fn->params[i]->type->kind == TYPE_ARRAY)
            return (unsigned)i;
    return 0;
}

/* Is one a part of the other? */
static bool is_related(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), least = n < m ? n : m;
    return !strncmp(a, b, least) && (n == m || (n < m ? b[n] : a[m]) == '.');
}

/* The sections that are touched through the parameter, if they can be told. */
static bool add_extent(struct concurrent_function *cf, const struct access *a, struct reach r)
{
    struct arena *arena = arena_of(cf);
    const char *star = strchr(a->path, '*');
    const char *root = arena_strndup(arena, a->path, (size_t)(star - a->path));
    const struct extent *x = extent_of(cf->scope.fe, cf->fn, a->var, root);
    bool is_found = false;
    if (!x->is_known || a->is_whole || a->is_unexpanded)
        return false;
    r.extent = REACH_SECTION;
    r.place = arena_strndup(arena, a->path, (size_t)(star - a->path) + 1);
    for (size_t i = 0; i < x->n_parts; i++) {
        const struct extent_part *p = &x->parts[i];
        long long number;
        if (!is_related(p->path, star + 1) || !(a->is_write ? p->is_write : p->is_read))
            continue;
        const char *low = range_low_text(arena, &p->range, cf->fn);
        const char *count = range_count_text(arena, &p->range, cf->fn);
        bool is_first =
            range_is_point(&p->range) && sum_is_number(&p->range.low[0], &number) && number == 0;
        r.path = p->path;
        r.elements = !x->wraps && !*root && !strcmp(x->base, a->var->name) ? &p->range : NULL;
        r.is_object = is_first && !x->wraps && !*root && !strcmp(x->base, a->var->name);
        r.first = is_first ? x->base : arena_printf(arena, "(%s + %s)", x->base, low);
        r.count = count;
        if (x->wraps) { /* then it is all memory */
            r.first = arena_printf(arena, "((%s) ? (__typeof__(&*%s))16 : %s)", x->wraps, x->base,
                                   r.first);
            r.count = arena_printf(arena, "((%s) ? 0x7fffffffffffLL / (long long)sizeof *%s : %s)",
                                   x->wraps, x->base, count);
        }
        add(cf, r);
        is_found = true;
    }
    return is_found;
}

void reach_add_access(struct concurrent_function *cf, const struct access *a)
{
    struct reach r = {.extent = REACH_BEHIND,
                      .is_read = !a->is_write,
                      .is_write = a->is_write,
                      .type = a->type,
                      .where = a->where,
                      .place = a->path,
                      .range =
                          a->where && a->where->range.src ? a->where->range : cf->fn->name_range};
    const struct variable *root = a->place == PLACE_UNKNOWN ? a->behind : a->var;
    if (!root)
        r.param = first_pointer(cf->fn);
    else if (root->is_parameter)
        r.param = root->index;
    else
        r.global = root;
    if (a->place == PLACE_PARAM && n_stars(a->path) == 1 && add_extent(cf, a, r))
        return;
    if (a->place == PLACE_PARAM && n_stars(a->path) == 1 && a->path[0] == '*')
        r.extent = REACH_AROUND;
    else if ((a->place == PLACE_GLOBAL || a->place == PLACE_STATIC) && !n_stars(a->path))
        r.extent = REACH_GLOBAL;
    add(cf, r);
}

/* Is t what r->type is made of, where the access goes on to members? */
static bool fits(const struct reach *r, const struct type *t)
{
    if (!t || !r->type)
        return false;
    return t == r->type ||
           (t->kind == r->type->kind && t->record == r->type->record && t->size == r->type->size &&
            t->is_signed == r->type->is_signed) ||
           r->type->kind == TYPE_RECORD;
}

void reach_widen(struct concurrent_function *cf, const struct access *a)
{
    for (size_t i = 0; i < cf->n_reaches; i++) {
        struct reach *r = &cf->reaches[i];
        bool is_root =
            a->var->is_parameter ? !r->global && r->param == a->var->index : r->global == a->var;
        const char *place = arena_printf(arena_of(cf), "%s%s", r->place, r->path);
        size_t n = strlen(place);
        if (!is_root || strncmp(place, a->path, n) != 0 || strchr(a->path + n, '*'))
            continue;
        r->is_read |= !a->is_write && r->is_write;
        if (!fits(r, a->type))
            r->type = NULL;
    }
}

/* Has one of the clauses named that member of the parameter's element, or elements? */
static bool is_named(const struct concurrent_function *cf, const struct reach *r,
                     const struct access *a)
{
    for (size_t i = 0; i < cf->n_reaches; i++) {
        const struct reach *o = &cf->reaches[i];
        if (o != r && !o->global && o->param == r->param && *o->path &&
            !strcmp(o->path, a->path + 1) && (a->is_write ? o->is_write : o->is_read))
            return true;
    }
    return false;
}

/* The accesses to members by which the section r is all that is touched; 0: not known. */
static size_t members_of(const struct concurrent_function *cf, const struct reach *r,
                         const struct access **out, size_t max)
{
    const struct variable *v = cf->fn->params[r->param];
    size_t n = 0;
    for (size_t i = 0; i < cf->effects->n_accesses; i++) {
        const struct access *a = &cf->effects->accesses[i];
        if (a->place == PLACE_UNKNOWN && (!a->behind || a->behind == v))
            return 0;
        if (a->place != PLACE_PARAM || a->var != v || *a->path != '*' || strchr(a->path + 1, '*'))
            continue;
        if (a->is_whole || a->is_unexpanded || a->path[1] != '.')
            return 0;
        if (!(a->is_write ? r->is_write : r->is_read) || is_named(cf, r, a))
            continue;
        if (n == max)
            return 0;
        out[n++] = a;
    }
    return n;
}

void reach_narrow(struct concurrent_function *cf)
{
    const struct access *members[16];
    size_t n_reaches = cf->n_reaches;
    for (size_t i = 0; i < n_reaches; i++) {
        struct reach r = cf->reaches[i];
        const struct type *t = r.extent == REACH_SECTION && !r.global && !strcmp(r.place, "*")
                                   ? cf->fn->params[r.param]->type->element
                                   : NULL;
        if (!t || t->kind != TYPE_RECORD || *r.path || r.where)
            continue;
        size_t n = members_of(cf, &cf->reaches[i], members, 16);
        for (size_t k = 0; k < n; k++) {
            r.path = members[k]->path + 1;
            r.type = members[k]->type;
            r.is_read = !members[k]->is_write;
            r.is_write = members[k]->is_write;
            if (k == 0)
                cf->reaches[i] = r;
            else
                add(cf, r);
        }
    }
}
