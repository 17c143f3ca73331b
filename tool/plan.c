/* plan.c - from clauses to parts; see plan.h. */
#include "plan_private.h"

#include <stdint.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/panic.h"
#include "base/strbuf.h"
#include "libcalls.h"
#include "memo_abi.h"
#include "plan_kind.h"

struct part_plan *plan_new_part(struct planner *p, const char *name, unsigned role)
{
    struct memo_plan *plan = p->plan;
    struct part_plan *part = &ARENA_PUSH(p->arena, plan->parts, plan->n_parts, plan->cap_parts);
    *part = (struct part_plan){
        .name = name, .role = role, .kind = "b", .size = "1", .setup = "", .count = "1"};
    return part;
}

size_t plan_value_size(const struct type *t)
{
    if (t->is_long_double && t->size > 10 && (t->kind == TYPE_FLOAT || t->kind == TYPE_COMPLEX))
        return t->kind == TYPE_FLOAT ? 10 : 20;
    return t->size;
}

/* ---- keys: parameters by value ---- */

bool plan_is_ignored(const struct memo_function *mf, const char *name)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_ignore);
    for (size_t i = 0; c && i < c->n_exprs; i++)
        if (c->exprs[i]->kind == CEXPR_NAME && strcmp(c->exprs[i]->text, name) == 0)
            return true;
    return false;
}

static bool is_raw(const struct effects *fx, const struct type *t)
{
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (t->kind != TYPE_RECORD || !fx)
        return t->kind == TYPE_RECORD && !fx; /* external: its address leaves our sight */
    for (size_t i = 0; i < fx->n_raw_records; i++)
        if (fx->raw_records[i] == t->record)
            return true;
    return false;
}

static bool is_packable(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_INTEGER:
    case TYPE_FLOAT:
    case TYPE_COMPLEX:
    case TYPE_ENUM:
    case TYPE_VECTOR:
        return true;
    default:
        return false;
    }
}

static void pack(struct planner *p, const char *name, const struct type *t, struct strbuf *kinds)
{
    struct memo_plan *plan = p->plan;
    struct packed *k = &ARENA_PUSH(p->arena, plan->packed, plan->n_packed, plan->cap_packed);
    bool is_long_complex = t->kind == TYPE_COMPLEX && plan_value_size(t) != t->size;
    *k = (struct packed){name, plan->packed_len, plan_value_size(t), is_long_complex};
    plan->packed_len += k->len;
    strbuf_addf(kinds, "%s%s:%s", kinds->len ? "," : "", name, plan_kind_packed(p->arena, t));
}

static bool has_excluded_members(struct planner *p, const struct type *t, const char *root,
                                 const char *path)
{
    if (type_pointer_member(p->arena, t))
        return true;
    for (size_t i = 0; i < p->mf->n_ignored_members; i++) {
        const char *m = p->mf->ignored_members[i];
        size_t n = strlen(root), k = strlen(path);
        if (strncmp(m, root, n) == 0 && strncmp(m + n, path, k) == 0)
            return true;
    }
    return false;
}

void plan_set_key_type(struct planner *p, struct part_plan *part, const struct type *t,
                       const char *root, const char *path)
{
    bool raw = is_raw(p->mf->effects, t), excluded = has_excluded_members(p, t, root, path);
    if (!excluded && (raw || !type_has_padding(t)))
        return;
    part->type = t;
    part->excluded = arena_printf(p->arena, "%s%s%s", raw ? "!" : "", root, path);
}

static void plan_values(struct planner *p)
{
    struct function *fn = p->mf->fn;
    struct strbuf kinds = STRBUF_INIT;
    struct part_plan *packed = plan_new_part(p, "", MEMO_KEY);
    size_t at = p->plan->n_parts - 1;
    for (size_t i = 0; i < fn->n_params && !p->has_key_clause; i++) {
        const struct variable *v = fn->params[i];
        if (plan_is_ignored(p->mf, p->scope->names[i]))
            continue;
        if (is_packable(v->type)) {
            pack(p, v->name, v->type, &kinds);
        } else if (v->type->kind == TYPE_RECORD) {
            if (!type_has_padding(v->type) && !has_excluded_members(p, v->type, v->name, "")) {
                pack(p, v->name, v->type, &kinds);
                continue;
            }
            struct part_plan *part = plan_new_part(p, v->name, MEMO_KEY);
            part->data = arena_printf(p->arena, "&%s", v->name);
            part->size = arena_printf(p->arena, "sizeof(%s)", v->name);
            part->kind = plan_kind(p->arena, v->type);
            plan_set_key_type(p, part, v->type, v->name, "");
        }
    }
    packed = &p->plan->parts[at];
    packed->name = packed->kind = p->plan->packed_kinds = arena_strdup(p->arena, kinds.buf);
    strbuf_release(&kinds);
    packed->data = p->plan->packed_len ? "memo_l_v" : "0";
    packed->count = arena_printf(p->arena, "%zu", p->plan->packed_len);
}

/* key(expr, ...): values of arithmetic type, each a part of its own. */
static void plan_key_clause(struct planner *p, const struct clause *c)
{
    for (size_t i = 0; i < c->n_exprs; i++) {
        const char *text = scope_text(p->scope, c->exprs[i]);
        const char *guard = scope_guard(p->scope, c->exprs[i]);
        struct part_plan *part = plan_new_part(p, text, MEMO_KEY);
        part->setup =
            arena_printf(p->arena,
                         "__extension__ __typeof__((%s) + 0) memo_l_k%zu = %s%s%s(%s); "
                         "_Static_assert(__builtin_classify_type(memo_l_k%zu) != 5, "
                         "\"key: a pointer's value can't be a key\"); ",
                         text, i, *guard ? "!(" : "", guard, *guard ? ") ? 0 : " : "", text, i);
        part->data = arena_printf(p->arena, "&memo_l_k%zu", i);
        part->size = arena_printf(p->arena, "MEMO_VALUE_SIZE((%s))", text);
        part->kind_text = arena_printf(p->arena, "MEMO_VALUE_KIND((%s))", text);
    }
}

/* ---- globals, files, environment ---- */

static bool has_shape(const struct memo_function *mf, const char *name)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_reads);
    for (size_t i = 0; c && i < c->n_shapes; i++) {
        const struct cexpr *e = c->shapes[i].expr;
        if (e && e->kind == CEXPR_NAME && strcmp(e->text, name) == 0)
            return true;
    }
    return false;
}

static void plan_globals(struct planner *p)
{
    struct effects *fx = p->mf->effects;
    for (size_t i = 0; fx && i < fx->n_accesses; i++) {
        const struct access *a = &fx->accesses[i];
        if (a->place != PLACE_GLOBAL || a->is_write || strchr(a->path, '*') ||
            a->var->type->is_const || has_shape(p->mf, a->var->name))
            continue;
        bool known = false;
        for (size_t j = 0; j < p->plan->n_parts; j++)
            known |= (p->plan->parts[j].role & MEMO_GLOBAL) &&
                     strcmp(p->plan->parts[j].name, a->var->name) == 0;
        if (known || !a->var->type->is_complete)
            continue;
        struct part_plan *part =
            plan_new_part(p, a->var->name, MEMO_KEY | MEMO_SECTION | MEMO_GLOBAL);
        part->root = a->var;
        if (a->var->is_block_extern)
            part->setup = arena_printf(p->arena, "extern __typeof__(%s) %s; ",
                                       a->var->type->spelling, a->var->name);
        part->data = arena_printf(p->arena, "(void *)&%s", a->var->name);
        part->size = arena_printf(p->arena, "sizeof(%s)", a->var->name);
        part->count = "1u";
        part->kind = plan_kind(p->arena, a->var->type);
        plan_set_key_type(p, part, a->var->type, a->var->name, "");
    }
}

static void plan_inputs(struct planner *p)
{
    const struct annotation *a = p->mf->annotation;
    for (size_t i = 0; i < a->n_clauses; i++) {
        const struct clause *c = &a->clauses[i];
        if (c->id == CLAUSE_file) {
            for (size_t j = 0; j < c->n_exprs; j++) {
                const char *text = scope_text(p->scope, c->exprs[j]);
                struct part_plan *part = plan_new_part(p, arena_printf(p->arena, "file(%s)", text),
                                                       MEMO_KEY | MEMO_FILE);
                part->data = plan_guarded(p, scope_guard(p->scope, c->exprs[j]),
                                          arena_printf(p->arena, "(void *)(%s)", text));
                part->count = "0";
            }
        } else if (c->id == CLAUSE_env) {
            struct strbuf lit = STRBUF_INIT;
            strbuf_add_c_string(&lit, c->string, strlen(c->string));
            struct part_plan *part =
                plan_new_part(p, arena_printf(p->arena, "env(%s)", c->string), MEMO_KEY | MEMO_ENV);
            part->data = arena_printf(p->arena, "(void *)%s", lit.buf);
            part->count = "0";
            strbuf_release(&lit);
        }
    }
}

/* ---- results ---- */

static void plan_returned_pointer(struct planner *p, const struct shape *shape)
{
    const struct scope *s = p->scope;
    unsigned role = MEMO_RESULT | MEMO_ALLOC;
    struct part_plan *part = plan_new_part(p, "result", role);
    const struct type *t = p->mf->fn->result;
    part->data = "(void *)&memo_l_r";
    part->count = "0";
    switch (shape->kind) {
    case SHAPE_RETURN_STATIC:
        part->role |= MEMO_STATIC | MEMO_STRING;
        part->kind = "s";
        break;
    case SHAPE_RETURN_STRING:
        part->role |= MEMO_STRING;
        part->kind = "s";
        break;
    case SHAPE_RETURN_IN: {
        part->role = MEMO_RESULT | MEMO_OFFSET;
        const struct cexpr *root = cexpr_root(shape->expr);
        const struct variable *v = root ? scope_parameter(s, root) : NULL;
        for (size_t i = 0; i + 1 < p->plan->n_parts; i++) {
            if (p->plan->parts[i].root != v || !(p->plan->parts[i].role & MEMO_SECTION))
                continue;
            part->ref = (unsigned)i;
            break;
        }
        break;
    }
    case SHAPE_RETURN_VIEW:
        part->role |= MEMO_VIEW;
        /* fall through */
    default: {
        bool is_void = t->element->kind == TYPE_VOID;
        const char *size = is_void ? "1" : "sizeof(*memo_l_r)";
        part->role |= MEMO_LATE;
        part->size = size;
        part->late_count = scope_count(s, shape->expr->kids[2], size);
        part->kind = is_void ? "b" : plan_kind(p->arena, t->element);
        part->layout = t->element;
        break;
    }
    }
    const struct clause *align = annotation_clause(p->mf->annotation, CLAUSE_align);
    part->align = align            ? (unsigned long)align->number
                  : p->mf->effects ? p->mf->effects->alloc_align
                                   : 0;
}

static void plan_result(struct planner *p)
{
    const struct function *fn = p->mf->fn;
    const struct clause *returns = annotation_clause(p->mf->annotation, CLAUSE_returns);
    if (fn->result->kind == TYPE_VOID)
        return;
    if (fn->result->kind == TYPE_POINTER) {
        if (returns && returns->n_shapes)
            plan_returned_pointer(p, &returns->shapes[0]);
        return;
    }
    struct part_plan *part = plan_new_part(p, "result", MEMO_RESULT);
    part->data = "(void *)&memo_l_r";
    part->size = "sizeof(memo_l_r)";
    part->kind = plan_kind(p->arena, fn->result);
    part->layout = fn->result;
}

/* ---- the site ---- */

void plan_flags(struct planner *p, const struct unit_request *rq)
{
    struct memo_plan *plan = p->plan;
    struct effects *fx = p->mf->effects;
    if (rq->is_native)
        plan->flags |= MEMO_SITE_CPU;
    if (!fx) {
        plan->flags |= MEMO_SITE_EXTERNAL | MEMO_SITE_LIBRARIES | MEMO_SITE_PROGRAM | MEMO_SITE_FP;
        return;
    }
    for (size_t i = 0; i < fx->n_unseen; i++) {
        const struct unseen *u = &fx->unseen[i];
        if (u->fn && u->fn->is_builtin)
            continue;
        /* A listed name that no system header declares may be the program's own. */
        bool is_library = u->is_listed && u->fn && u->fn->is_system;
        if (!u->fn)
            plan->flags |= MEMO_SITE_ANY;
        plan->flags |= MEMO_SITE_LIBRARIES | (is_library ? 0 : MEMO_SITE_PROGRAM);
    }
    for (size_t i = 0; i < fx->n_accesses; i++) {
        const struct access *a = &fx->accesses[i];
        /* A constant of another unit counts as program content. */
        if (a->place == PLACE_GLOBAL && !a->is_write && !a->var->is_defined_here &&
            (a->var->type->is_const || !a->var->type->is_complete))
            plan->flags |= MEMO_SITE_PROGRAM | MEMO_SITE_LIBRARIES;
    }
    if (plan->fingerprint.n_uses)
        plan->flags |= MEMO_SITE_LIBRARIES;
    for (size_t i = 0; i < plan->fingerprint.n_uses; i++)
        if (libcall_uses_locale(plan->fingerprint.uses[i]))
            plan->flags |= MEMO_SITE_LOCALE;
    if (plan->fingerprint.uses_program || plan->fingerprint.n_inlines)
        plan->flags |= MEMO_SITE_PROGRAM;
    if (fx->uses_float)
        plan->flags |= MEMO_SITE_FP;
    if (fx->reads_errno || fx->may_longjmp)
        plan->flags |= MEMO_SITE_ERRNO_READ;
    else if (!fx->may_set_errno)
        plan->flags |= MEMO_SITE_ERRNO_NEVER;
}

static void plan_tiers(struct planner *p)
{
    const struct clause *c = annotation_clause(p->mf->annotation, CLAUSE_tier);
    p->plan->tiers = MEMO_TIER_MEMORY | MEMO_TIER_DISK | MEMO_TIER_SHARED;
    if (c && strcmp(c->word, "memory") == 0)
        p->plan->tiers = MEMO_TIER_MEMORY;
    else if (c && strcmp(c->word, "disk") == 0)
        p->plan->tiers = MEMO_TIER_MEMORY | MEMO_TIER_DISK;
}

static const char *expression_of(struct planner *p, enum clause_id id)
{
    const struct clause *c = annotation_clause(p->mf->annotation, id);
    return c && c->n_exprs ? scope_text(p->scope, c->exprs[0]) : NULL;
}

static bool names_result(const struct cexpr *e, void *arg)
{
    if (e->kind == CEXPR_NAME && strcmp(e->text, "result") == 0)
        *(bool *)arg = true;
    return true;
}

static void plan_conditions(struct planner *p)
{
    struct memo_plan *plan = p->plan;
    const struct annotation *a = p->mf->annotation;
    const struct clause *expires = annotation_clause(a, CLAUSE_expires);
    const struct clause *min_cost = annotation_clause(a, CLAUSE_min_cost);
    const struct clause *store_if = annotation_clause(a, CLAUSE_store_if);
    plan->when = expression_of(p, CLAUSE_when);
    plan->valid = expression_of(p, CLAUSE_valid);
    plan->store_if = expression_of(p, CLAUSE_store_if);
    plan->expires_ns = expires ? expires->number : 0;
    plan->min_cost_ns = min_cost ? min_cost->number : 0;
    if (store_if && store_if->n_exprs)
        cexpr_walk(store_if->exprs[0], names_result, &plan->store_if_uses_result);
    if (plan->valid)
        plan->flags |= MEMO_SITE_VALID;
    /* A condition that looks at errno is to see the call's, and nothing of ours. */
    if (plan->store_if && strstr(plan->store_if, "errno"))
        plan->flags = (plan->flags & ~MEMO_SITE_ERRNO_NEVER) | MEMO_SITE_ERRNO_READ;
}

/* One packed key of at most 16 bytes, one result of at most 16, nothing else. */
static void plan_fast(struct planner *p)
{
    struct memo_plan *plan = p->plan;
    const struct type *r = p->mf->fn->result;
    plan->result_size = r->size;
    plan->is_fast = plan->n_parts == 2 && plan->packed_len <= 16 && r->kind != TYPE_VOID &&
                    plan->parts[1].role == MEMO_RESULT && r->is_complete && r->size > 0 &&
                    r->size <= 16 && !plan->valid && !plan->expires_ns &&
                    !(plan->flags & MEMO_SITE_ERRNO_READ);
    if (plan->is_fast)
        plan->flags |= MEMO_SITE_FAST;
}

static void digest_layout(struct planner *p)
{
    XXH3_state_t *h = XXH3_createState();
    XXH3_128bits_reset(h);
    for (size_t i = 0; i < p->plan->n_parts; i++) {
        const struct part_plan *part = &p->plan->parts[i];
        unsigned char d[16] = {0};
        if (!(part->role & MEMO_RESULT))
            continue;
        if (part->layout)
            frontend_type_digest(part->layout, d);
        uint32_t role = part->role;
        XXH3_128bits_update(h, &role, sizeof role);
        XXH3_128bits_update(h, d, sizeof d);
    }
    XXH128_canonical_t c;
    XXH128_canonicalFromHash(&c, XXH3_128bits_digest(h));
    memcpy(p->plan->layout, c.digest, sizeof p->plan->layout);
    XXH3_freeState(h);
}

/* The type as C spells it, and what its structs look like inside: the names of
 * parts too, since two annotations of one function that key different things
 * must not meet. */
static const char *signature_of(struct planner *p)
{
    const struct function *fn = p->mf->fn;
    struct strbuf text = STRBUF_INIT;
    XXH3_state_t *h = XXH3_createState();
    XXH3_128bits_reset(h);
    for (size_t i = 0; i <= fn->n_params; i++) {
        const struct type *t = i < fn->n_params ? fn->params[i]->type : fn->result;
        unsigned char d[16];
        for (int depth = 0; t && depth < 4; depth++) {
            frontend_type_digest(t, d);
            XXH3_128bits_update(h, d, sizeof d);
            t = t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY ? t->element : NULL;
        }
    }
    for (size_t i = 0; i < p->plan->n_parts; i++) {
        const struct part_plan *part = &p->plan->parts[i];
        uint32_t role = part->role;
        XXH3_128bits_update(h, &role, sizeof role);
        XXH3_128bits_update(h, part->name, strlen(part->name) + 1);
        if (part->type)
            XXH3_128bits_update(h, part->excluded, strlen(part->excluded) + 1);
    }
    strbuf_addf(&text, "%s #%016llx", fn->signature,
                (unsigned long long)XXH3_128bits_digest(h).low64);
    XXH3_freeState(h);
    const char *out = arena_strdup(p->arena, text.buf);
    strbuf_release(&text);
    return out;
}

struct memo_plan *plan_memo(struct memo_function *mf, const struct unit_request *rq)
{
    struct arena *arena = mf->scope.fe->facts.arena;
    struct memo_plan *plan = ARENA_NEW(arena, struct memo_plan);
    plan->mf = mf;
    mf->plan = plan;
    const struct annotation *a = mf->annotation;
    const struct clause *key = annotation_clause(a, CLAUSE_key);
    struct planner p = {plan, mf, arena, &mf->scope, key != NULL};

    plan_values(&p);
    if (key)
        plan_key_clause(&p, key);
    plan_sections(&p, CLAUSE_in, MEMO_KEY);
    plan_sections(&p, CLAUSE_inout, MEMO_KEY | MEMO_RESULT);
    plan_sections(&p, CLAUSE_out, MEMO_RESULT);
    plan_sections(&p, CLAUSE_reads, MEMO_KEY | MEMO_GLOBAL);
    plan_globals(&p);
    plan_ignored(&p);
    plan_inputs(&p);
    plan_result(&p);

    frontend_fingerprint(mf->scope.fe, mf->fn, &plan->fingerprint);
    plan_flags(&p, rq);
    plan_tiers(&p);
    plan_conditions(&p);
    plan_fast(&p);
    const struct clause *name = annotation_clause(a, CLAUSE_name);
    const struct clause *version = annotation_clause(a, CLAUSE_version);
    plan->name = name && name->string ? name->string : mf->fn->name;
    plan->version = version ? version->string : NULL;
    plan->signature = signature_of(&p);
    digest_layout(&p);
    return plan;
}
