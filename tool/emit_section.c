/* emit_section.c - what an annotated unit tells the link step, see section.h. */
#include <string.h>

#include "checkpoint.h"
#include "emit.h"
#include "memo_abi.h"
#include "section.h"

/* Compilers bound the length of a string literal. */
#define PIECE 1000

/* ---- calls that the link step judges ---- */

static bool is_named(const struct clause *c, const char *name)
{
    for (size_t i = 0; c && i < c->n_exprs; i++)
        if (strcmp(c->exprs[i]->text, name) == 0)
            return true;
    return false;
}

static const char *pointer_name(const struct node *call)
{
    const struct node *n = call && call->n_kids ? call->kids[0] : NULL;
    while (n && n->kind != NODE_VARIABLE && n->kind != NODE_MEMBER && n->n_kids)
        n = n->kids[0];
    if (!n)
        return "";
    return n->kind == NODE_VARIABLE ? n->var->name : n->kind == NODE_MEMBER ? n->name : "";
}

static struct section_place place_of(const struct frontend *fe, struct src_range r)
{
    struct section_place at = {"", 0, 0};
    (void)fe;
    if (!r.src)
        return at;
    struct line_col lc = source_locate(r.src, r.begin);
    at.file = r.src->name;
    at.line = (unsigned)lc.line;
    at.column = (unsigned)lc.col;
    return at;
}

static void add_steps(struct frontend *fe, const struct function *caller, const struct unseen *u,
                      struct section_call *call, const char *callee)
{
    struct arena *arena = fe->facts.arena;
    for (const struct call_step *s = u->via; s; s = s->next) {
        struct src_range at = s->where ? s->where->range : (struct src_range){0};
        ARENA_PUSH(arena, call->via, call->n_via, call->cap_via) =
            (struct section_step){s->caller->name, s->callee->name, place_of(fe, at)};
        caller = s->callee;
    }
    struct src_range at = u->where ? u->where->range : (struct src_range){0};
    ARENA_PUSH(arena, call->via, call->n_via, call->cap_via) =
        (struct section_step){caller->name, callee, place_of(fe, at)};
}

/* Memoized callees are judged by themselves. */
static bool is_settled(const struct clause *trust, const struct unseen *u, const char *name)
{
    for (const struct call_step *s = u->via; s; s = s->next)
        if (s->callee->memo_name || is_named(trust, s->callee->name))
            return true;
    return (u->fn && u->fn->memo_name) || is_named(trust, name);
}

static bool has_call(const struct section_function *f, const char *symbol, const char *name)
{
    for (size_t i = 0; i < f->n_calls; i++)
        if (symbol ? f->calls[i].symbol && strcmp(f->calls[i].symbol, symbol) == 0
                   : !f->calls[i].symbol && strcmp(f->calls[i].name, name) == 0)
            return true;
    return false;
}

static void add_calls(struct frontend *fe, const struct function *fn, const struct effects *fx,
                      const struct clause *trust, struct section_function *out)
{
    struct arena *arena = fe->facts.arena;
    for (size_t i = 0; i < fx->n_unseen; i++) {
        const struct unseen *u = &fx->unseen[i];
        /* What is promised of a name in the tables is clang's word, not the user's. */
        if ((u->is_promised && !u->is_listed) || (u->fn && u->fn->is_builtin))
            continue;
        const char *name = u->fn ? u->fn->name : pointer_name(u->where);
        struct section_call call = {.symbol = u->fn ? frontend_symbol(fe, u->fn) : NULL,
                                    .name = name,
                                    .is_listed = u->is_listed};
        if (is_settled(trust, u, name) || has_call(out, call.symbol, name))
            continue;
        add_steps(fe, fn, u, &call, *name ? name : "a pointer");
        ARENA_PUSH(arena, out->calls, out->n_calls, out->cap_calls) = call;
    }
}

void emit_section_calls(struct arena *arena, const struct memo_plan *plan,
                        struct section_function *out)
{
    const struct annotation *a = plan->mf->annotation;
    (void)arena;
    if (plan->mf->effects && !annotation_clause(a, CLAUSE_pure))
        add_calls(plan->mf->scope.fe, plan->mf->fn, plan->mf->effects,
                  annotation_clause(a, CLAUSE_trust), out);
}

/* ---- functions ---- */

static bool calls_pointers(const struct effects *fx)
{
    for (size_t i = 0; fx && i < fx->n_unseen; i++)
        if (!fx->unseen[i].fn)
            return true;
    return false;
}

static struct section_function function_of(struct frontend *fe, struct function *fn,
                                           const struct fingerprint *fp)
{
    struct section_function f = {.name = fn->memo_name ? fn->memo_name : fn->name,
                                 .symbol = frontend_symbol(fe, fn),
                                 .version = fn->version,
                                 .at = place_of(fe, fn->name_range),
                                 .uses = fp->uses,
                                 .n_uses = fp->n_uses,
                                 .globals = fp->globals,
                                 .n_globals = fp->n_globals,
                                 .inlines = fp->inlines,
                                 .n_inlines = fp->n_inlines};
    memcpy(f.code, fp->code, sizeof f.code);
    return f;
}

static const struct memo_plan *plan_of(struct memo_plan *const *plans, size_t n,
                                       const struct function *fn)
{
    for (size_t i = 0; i < n; i++)
        if (plans[i]->mf->fn == fn)
            return plans[i];
    return NULL;
}

static void add_memoized(struct frontend *fe, struct section_unit *u, const struct memo_plan *plan)
{
    struct arena *arena = fe->facts.arena;
    struct section_function f = function_of(fe, plan->mf->fn, &plan->fingerprint);
    f.is_memo = true;
    f.is_pure = annotation_clause(plan->mf->annotation, CLAUSE_pure) != NULL;
    f.uses_program = calls_pointers(plan->mf->effects);
    const struct clause *trust = annotation_clause(plan->mf->annotation, CLAUSE_trust);
    for (size_t i = 0; trust && i < trust->n_exprs; i++)
        ARENA_PUSH(arena, f.trusted, f.n_trusted, f.cap_trusted) = trust->exprs[i]->text;
    for (size_t i = 0; i < plan->n_parts; i++) {
        const struct variable *v = plan->parts[i].root;
        if (plan->parts[i].role & MEMO_KEY && v && v->is_global && !v->is_internal)
            ARENA_PUSH(arena, f.keyed, f.n_keyed, f.cap_keyed) = v->name;
    }
    emit_section_calls(arena, plan, &f);
    ARENA_PUSH(arena, u->functions, u->n_functions, u->cap_functions) = f;
}

/* ---- loops ---- */

static unsigned covers_of_files(const struct annotation *a)
{
    unsigned covers = 0;
    for (size_t i = 0; i < a->n_clauses; i++)
        for (size_t k = 0; a->clauses[i].id == CLAUSE_file && k < a->clauses[i].n_exprs; k++) {
            const char *text = a->clauses[i].exprs[k]->text;
            covers |= !strcmp(text, "stdout")  ? SECTION_COVERS_STDOUT
                      : !strcmp(text, "stdin") ? SECTION_COVERS_STDIN
                                               : SECTION_COVERS_STREAM;
        }
    return covers;
}

static void add_variables(const struct checkpoint_plan *plan, struct section_function *f)
{
    struct arena *arena = plan->arena;
    for (size_t i = 0; i < plan->n_variables; i++) {
        const struct checkpoint_variable *v = &plan->variables[i];
        if (!v->var || !v->var->is_global || v->how == CHECKPOINT_OBJECT || v->how == CHECKPOINT_ENTRY)
            continue;
        if (v->how == CHECKPOINT_SAVED || v->how == CHECKPOINT_SKIPPED)
            ARENA_PUSH(arena, f->kept, f->n_kept, f->cap_kept) = v->var->name;
        else if (!v->var->is_internal)
            ARENA_PUSH(arena, f->keyed, f->n_keyed, f->cap_keyed) = v->var->name;
    }
}

/* Globals that only code out of sight uses. */
static void add_skipped(const struct checkpoint_plan *plan, struct section_function *f)
{
    const struct annotation *a = plan->loop->annotation;
    for (size_t i = 0; i < a->n_clauses; i++)
        for (size_t k = 0; a->clauses[i].id == CLAUSE_skip && k < a->clauses[i].n_exprs; k++) {
            const struct cexpr *e = a->clauses[i].exprs[k];
            const struct variable *v =
                cexpr_root(e) == e ? scope_variable(&plan->loop->scope, e) : NULL;
            if (v && v->is_global)
                ARENA_PUSH(plan->arena, f->kept, f->n_kept, f->cap_kept) = v->name;
        }
}

static void add_loop(struct frontend *fe, struct section_unit *u,
                     const struct checkpoint_plan *plan)
{
    struct arena *arena = fe->facts.arena;
    const struct annotation *a = plan->loop->annotation;
    const struct clause *trust = annotation_clause(a, CLAUSE_trust);
    const struct clause *state = annotation_clause(a, CLAUSE_state);
    const struct fingerprint *fp = &plan->fingerprint;
    struct function *fn = plan->loop->fn;
    struct section_function f = {
        .name = plan->name,
        .symbol = arena_printf(arena, "%s:%u", frontend_symbol(fe, fn), plan->loop->ordinal),
        .is_loop = true,
        .at = place_of(fe, a->range),
        .uses = fp->uses,
        .n_uses = fp->n_uses,
        .globals = fp->globals,
        .n_globals = fp->n_globals,
        .inlines = fp->inlines,
        .n_inlines = fp->n_inlines,
        .uses_program = calls_pointers(plan->effects)};
    memcpy(f.code, fp->code, sizeof f.code);
    f.covers = covers_of_files(a) | (plan->uses_random ? SECTION_COVERS_RANDOM : 0) |
               (plan->uses_rand48 ? SECTION_COVERS_RAND48 : 0) | (state ? SECTION_COVERS_STATE : 0);
    for (size_t i = 0; trust && i < trust->n_exprs; i++)
        ARENA_PUSH(arena, f.trusted, f.n_trusted, f.cap_trusted) = trust->exprs[i]->text;
    for (size_t i = 0; state && i < state->n_exprs; i++) {
        struct function *saver = frontend_function(fe, state->exprs[i]->text);
        if (saver)
            ARENA_PUSH(arena, f.state, f.n_state, f.cap_state) = frontend_symbol(fe, saver);
    }
    add_variables(plan, &f);
    add_skipped(plan, &f);
    add_calls(fe, fn, plan->effects, trust, &f);
    ARENA_PUSH(arena, u->functions, u->n_functions, u->cap_functions) = f;
}

/* What a memoized function of another unit may call. */
static void add_plain(struct frontend *fe, struct section_unit *u, struct function *fn)
{
    struct arena *arena = fe->facts.arena;
    struct fingerprint fp;
    frontend_fingerprint(fe, fn, &fp);
    struct section_function f = function_of(fe, fn, &fp);
    f.uses_program = calls_pointers(effects_of(fe, arena, fn));
    ARENA_PUSH(arena, u->functions, u->n_functions, u->cap_functions) = f;
}

/* A table of numbers that a memoized function of another unit may read. */
static void add_constant(struct frontend *fe, struct section_unit *u, const struct variable *v)
{
    struct arena *arena = fe->facts.arena;
    struct fingerprint fp;
    if (v->is_system || !v->is_defined_here || v->is_static_local || v->is_thread_local)
        return;
    const char *symbol = frontend_fingerprint_constant(fe, v, &fp);
    if (!symbol)
        return;
    struct section_function f = {.name = v->name,
                                 .symbol = symbol,
                                 .at = place_of(fe, v->range),
                                 .uses = fp.uses,
                                 .n_uses = fp.n_uses};
    memcpy(f.code, fp.code, sizeof f.code);
    ARENA_PUSH(arena, u->functions, u->n_functions, u->cap_functions) = f;
}

/* ---- as text of the unit ---- */

static void add_escaped(struct strbuf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c >= 127 || c == '"' || c == '\\' || c == '?')
            strbuf_addf(out, "\\\\%03o", c);
        else
            strbuf_addc(out, (char)c);
    }
}

/* A piece of the section's text, in a string of the assembler in a string of C. */
#define PIECE_BEGIN "__asm__(\".pushsection " SECTION_NAME ",\\\"\\\",%progbits\\n.ascii \\\""
#define PIECE_END "\\\"\\n.popsection\");\n"

static void add_piece(struct strbuf *out, const char *text, size_t len)
{
    strbuf_adds(out, PIECE_BEGIN);
    add_escaped(out, text, len);
    strbuf_adds(out, PIECE_END);
}

/* The compiler's version is a string that only the compiler knows. */
static void add_toolchain(struct strbuf *out, const char *codegen)
{
    strbuf_adds(out, PIECE_BEGIN "toolchain\\\\t\" __VERSION__ \" ");
    add_escaped(out, codegen, strlen(codegen));
    strbuf_adds(out, "\\\\n" PIECE_END);
}

void emit_section(struct strbuf *out, struct frontend *fe, struct memo_plan *const *plans,
                  size_t n_plans, struct checkpoint_plan *const *loops, size_t n_loops,
                  const char *codegen)
{
    struct section_unit unit = {.file = fe->files[0].src.name};
    struct strbuf text = STRBUF_INIT;
    for (size_t i = 0; i < n_plans; i++)
        add_memoized(fe, &unit, plans[i]);
    for (size_t i = 0; i < n_loops; i++)
        add_loop(fe, &unit, loops[i]);
    for (size_t i = 0; i < fe->facts.n_functions; i++) {
        struct function *fn = fe->facts.functions[i];
        if (fn->has_definition && !fn->is_static && !fn->is_system && !fn->is_main &&
            !plan_of(plans, n_plans, fn))
            add_plain(fe, &unit, fn);
    }
    for (size_t i = 0; i < fe->facts.n_globals; i++)
        add_constant(fe, &unit, fe->facts.globals[i]);
    section_write(&text, &unit);
    for (size_t at = 0; at < text.len; at += PIECE)
        add_piece(out, text.buf + at, text.len - at < PIECE ? text.len - at : PIECE);
    add_toolchain(out, codegen ? codegen : "");
    strbuf_release(&text);
}
