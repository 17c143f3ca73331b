/* program_judge.c - is something wrong with calling a function? A walk over all that it
 * may reach, nearest first, and for each variable on the way the question whether it
 * ever changes. */
#include <string.h>

#include "base/arena.h"
#include "libcalls.h"
#include "program_private.h"

/* ---- does a variable change? ---- */

static void note_use(struct program *p, struct piece *to, struct piece *x, unsigned use)
{
    const struct section_function *f = to->kind == PIECE_STATE ? piece_listed(p, x) : NULL;
    if (f && f->is_memo) /* the wrapper hands keys and results to the runtime; what the
                            function itself writes is seen there */
        return;
    to->changes |= (use & (USE_WRITE | USE_ADDRESS)) != 0;
    to->has_used_result |= (use & (USE_RESULT | USE_ADDRESS)) != 0;
    if (use & (USE_RETURN | USE_PASS))
        ARENA_PUSH(p->arena, to->passers, to->n_passers, to->cap_passers) = x;
    if (!(use & USE_WRITE) || x->kind != PIECE_CODE || !*x->name)
        return;
    if (!to->writer)
        to->writer = x;
    else if (!to->writer2 && x != to->writer)
        to->writer2 = x;
}

/* What all pieces of the object do to variables and with results, once. */
static void note_uses(struct program *p, struct object *o)
{
    if (o->has_uses)
        return;
    o->has_uses = true;
    object_split(p, o);
    for (uint32_t i = 1; !o->out.is_opaque && i < o->elf.n_sections; i++)
        for (size_t k = 0; k < o->pieces[i].n; k++) {
            struct piece *x = &o->pieces[i].items[k];
            if (o->is_sanitized && x->kind == PIECE_STATE && !*x->name)
                continue; /* the sanitizer's list of variables */
            piece_refs(p, x);
            for (size_t r = 0; r < x->n_refs; r++)
                if (x->refs[r].piece && x->refs[r].piece->kind != PIECE_CONSTANT)
                    note_use(p, x->refs[r].piece, x, x->refs[r].use);
        }
}

static bool mentions(const struct object *o, const struct global *g)
{
    for (uint32_t i = 0; i < o->elf.n_symbols - o->elf.first_global; i++)
        if (o->globals[i] == g)
            return true;
    return false;
}

/* The linker's own names for the ends of a section. */
static bool has_section_ends(const struct program *p, const struct piece *x)
{
    if (x->section >= x->object->elf.n_sections)
        return false;
    const char *name = x->object->elf.sections[x->section].name;
    return program_global(p, arena_printf(p->arena, "__start_%s", name)) ||
           program_global(p, arena_printf(p->arena, "__stop_%s", name));
}

/* Look at all objects that may refer to it; false: there may be others. */
static bool gather(struct program *p, struct piece *x)
{
    struct object *o = x->object;
    bool is_all = !(x->is_exported && p->is_library);
    note_uses(p, o);
    for (uint32_t i = 0; i < o->elf.n_symbols - o->elf.first_global; i++) {
        const struct global *g = o->globals[i];
        if (!g || piece_of_global(p, g) != x)
            continue;
        is_all &= !g->in_library && !program_is_mentioned(p, g->name);
        for (size_t k = 0; k < p->n_objects; k++)
            if (p->objects[k] != o && mentions(p->objects[k], g))
                note_uses(p, p->objects[k]);
    }
    return is_all;
}

/* Does anybody use what the function returns? Those that only return it in turn are
 * asked the same. */
static bool has_used_result(struct program *p, struct piece *x)
{
    if (x->is_gathered)
        return x->has_used_result;
    x->is_gathered = true; /* a recursive call adds nothing */
    x->has_used_result |= !gather(p, x);
    for (size_t i = 0; i < x->n_passers && !x->has_used_result; i++)
        x->has_used_result = has_used_result(p, x->passers[i]);
    return x->has_used_result;
}

static bool changes(struct program *p, struct piece *x)
{
    if (x->is_gathered)
        return x->changes;
    x->is_gathered = true;
    bool is_all = gather(p, x);
    x->changes |= !is_all || has_section_ends(p, x);
    for (size_t i = 0; i < x->n_passers && !x->changes; i++)
        x->changes = has_used_result(p, x->passers[i]);
    return x->changes;
}

/* ---- the walk ---- */

struct walk {
    struct program *p;
    const struct section_function *f; /* that is judged */
    struct piece **queue;
    size_t n, cap, head;
    struct finding worst;
    const struct piece *last; /* that the worst finding is in; NULL: none of the program */
};

static bool is_listed(const char *const *names, const char *name)
{
    for (size_t i = 0; names && names[i]; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool is_trusted(const struct walk *w, const char *name)
{
    return is_listed(w->f->trusted, name);
}

/* Only read, and the global of that name, not another one's static object. */
static bool is_keyed(const struct walk *w, const struct piece *to, unsigned use)
{
    if (use & (USE_WRITE | USE_ADDRESS) || !is_listed(w->f->keyed, to->name))
        return false;
    const struct global *g = program_global(w->p, to->name);
    return g && piece_of_global(w->p, g) == to;
}

static bool is_static(const struct walk *w, const struct piece *x)
{
    const struct global *g = program_global(w->p, x->name);
    return !g || piece_of_global(w->p, g) != x;
}

/* The name of a static object in its unit: "calls.0" of gcc, "step.calls" of clang. */
static bool is_called(const char *symbol, const char *name)
{
    size_t n = strlen(name), len = strlen(symbol);
    return (!strncmp(symbol, name, n) && (!symbol[n] || symbol[n] == '.')) ||
           (len > n && symbol[len - n - 1] == '.' && !strcmp(symbol + len - n, name));
}

/* An object that the loop saves: of that name, or a static one of its own unit. */
static bool is_kept(const struct walk *w, const struct piece *to)
{
    if (!is_static(w, to))
        return is_listed(w->f->kept, to->name);
    for (const struct section_unit *u = to->object->out.units; u; u = u->next)
        for (size_t i = 0; u == w->f->unit && i < w->f->n_kept; i++)
            if (is_called(to->name, w->f->kept[i]))
                return true;
    return false;
}

/* For a cache, what is read is as bad as what is written. */
static unsigned grade(const struct walk *w, const struct finding *f)
{
    bool is_worst = !w->f->is_loop || (f->kind == FINDING_STATE && f->is_write);
    return f->kind == FINDING_NONE ? 0 : f->kind == FINDING_UNSEEN ? 1 : is_worst ? 3 : 2;
}

/* Of a loop all that it writes is told. */
static bool has_worst(const struct walk *w)
{
    return !w->f->is_loop && grade(w, &w->worst) == 3;
}

static void add_more(struct walk *w, const char *what)
{
    struct finding *worst = &w->worst;
    bool is_new = strcmp(worst->what, what) != 0;
    for (size_t i = 0; i < worst->n_more; i++)
        is_new &= strcmp(worst->more[i], what) != 0;
    if (is_new)
        ARENA_PUSH(w->p->arena, worst->more, worst->n_more, worst->cap_more) = what;
}

/* Keep the finding if it is the first one of its grade and the worst so far. */
static void find(struct walk *w, const struct piece *x, struct finding f)
{
    if (w->f->is_loop && grade(w, &f) == 3 && grade(w, &w->worst) == 3)
        add_more(w, f.what);
    if (grade(w, &f) <= grade(w, &w->worst))
        return;
    w->worst = f;
    w->last = x;
}

/* Which stream a call is for can't be seen here; that of a function which names stderr and not
 * stdout is taken to be stderr. */
static bool names_stderr(const struct piece *x)
{
    bool has_stderr = false, has_stdout = false;
    for (size_t i = 0; x && i < x->n_refs; i++) {
        const char *name = x->refs[i].global ? x->refs[i].global->name : "";
        has_stderr |= !strcmp(name, "stderr");
        has_stdout |= !strcmp(name, "stdout");
    }
    return has_stderr && !has_stdout;
}

/* Is it an effect that a run that goes on would miss? */
static bool is_uncovered(const struct walk *w, const struct piece *x, const char *callee)
{
    struct checkpoint_call c = checkpoint_call(callee);
    const unsigned streams = SECTION_COVERS_STDOUT | SECTION_COVERS_STDIN | SECTION_COVERS_STREAM;
    const unsigned covers = w->f->covers;
    switch (c.kind) {
    case CALL_IS_FREE:
    case CALL_OPENS: /* what is done with it tells */
        return false;
    case CALL_PRINTS:
        return !(covers & SECTION_COVERS_STDOUT);
    case CALL_SCANS:
        return !(covers & SECTION_COVERS_STDIN);
    case CALL_RANDOM:
        return !(covers & (SECTION_COVERS_RANDOM | SECTION_COVERS_STATE));
    case CALL_RAND48:
        return !(covers & (SECTION_COVERS_RAND48 | SECTION_COVERS_STATE));
    default:
        return !checkpoint_call_is_stream(c.kind) || !(covers & streams || names_stderr(x));
    }
}

static void find_effects(struct walk *w, const struct piece *x, unsigned effects, const char *what,
                         const char *where)
{
    effects &= ~(1u << EFFECT_EXIT | 1u << EFFECT_LONGJMP);
    if (w->f->is_loop && !is_uncovered(w, x, what))
        return;
    for (unsigned kind = 0; kind < EFFECT_KINDS; kind++)
        if (effects >> kind & 1) {
            find(w, x,
                 (struct finding){FINDING_EFFECT, .effect = (enum effect_kind)kind,
                                  .call = checkpoint_call(what), .what = what, .where = where});
            return;
        }
}

static bool is_allocation(const char *name)
{
    static const char *const names[] = {"malloc",       "calloc",         "realloc",
                                        "reallocarray", "free",           "aligned_alloc",
                                        "memalign",     "posix_memalign", "valloc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* A function or an object that is known by its name only. */
static void judge_name(struct walk *w, const struct piece *x, const char *name,
                       const struct library *l, bool is_data, const char *where)
{
    if (is_data) {
        if (!name_is_harmless_data(name))
            find(w, x, (struct finding){FINDING_STATE, .what = name, .where = where});
        return;
    }
    if (l && !l->is_toolchain) {
        bool is_covered = w->f->is_loop && w->f->covers & SECTION_COVERS_STATE;
        if (!section_find(l->units, name) && !is_allocation(name) && !name_is_helper(name) &&
            !is_covered)
            find(w, x, (struct finding){FINDING_UNSEEN, .what = name, .where = l->soname});
        return;
    }
    const struct libcall *c = libcall_find_symbol(name);
    if (w->f->is_loop && w->f->covers & SECTION_COVERS_STATE && !c)
        return;
    bool is_share = !strcmp(name, "omp_get_num_threads") || !strcmp(name, "omp_get_thread_num");
    if (is_share && x && strstr(x->name, "._omp_fn.")) /* of a loop that gcc divides */
        return;
    if (c)
        find_effects(w, x, c->effects, name, where);
    else if (!name_is_helper(name) && !name_is_harmless_data(name))
        find(w, x, (struct finding){FINDING_UNSEEN, .what = name, .where = l ? l->soname : ""});
}

static void push(struct walk *w, struct piece *to, const struct piece *via)
{
    const struct section_function *f = piece_listed(w->p, to);
    if (to->mark == w->p->walks || (f && (f->is_memo || f->is_pure)))
        return;
    to->mark = w->p->walks;
    to->via = via;
    ARENA_PUSH(w->p->arena, w->queue, w->n, w->cap) = to;
}

static void judge_state(struct walk *w, const struct piece *x, struct piece *to, unsigned use)
{
    bool is_sanitizers = !*to->name && to->object->is_sanitized;
    bool is_settled =
        is_keyed(w, to, use) || (w->f->is_loop && (is_kept(w, to) || to->saved_by == w->f));
    if (!use || is_sanitizers || name_is_harmless_data(to->name) || is_settled)
        return;
    if (!changes(w->p, to)) {
        push(w, to, x);
        return;
    }
    struct finding f = {FINDING_STATE, .what = name_strip(w->p->arena, to->name)};
    const struct piece *writer = to->writer != x ? to->writer : to->writer2;
    f.is_write = (use & (w->f->is_loop ? USE_WRITE | USE_ADDRESS : USE_WRITE)) != 0;
    f.is_static = is_static(w, to);
    f.where = x ? x->object->out.name : to->object->out.name;
    if (writer) {
        f.writer = name_strip(w->p->arena, writer->name);
        f.writer_object = writer->object->out.name;
    }
    find(w, x, f);
}

static void judge_ref(struct walk *w, const struct piece *x, const struct ref *ref)
{
    if ((ref->use & ~USE_GUESSED) == USE_DOOMED) /* a call that ends so stores nothing */
        return;
    struct piece *to = ref->piece;
    const struct global *g = ref->global;
    const char *name = name_strip(w->p->arena, g ? g->name : to->name);
    const char *where = x ? x->object->out.name : g && g->library ? g->library->soname : "";
    if (name_is_ours(name, to ? to->object : NULL) || name_is_runtime(name) || is_trusted(w, name))
        return;
    if (to && to->object->out.is_opaque) {
        find(w, x, (struct finding){FINDING_UNSEEN, .what = name, .where = to->object->out.name});
    } else if (to && !to->object->out.is_toolchain) {
        if (to->kind == PIECE_STATE)
            judge_state(w, x, to, ref->use);
        else
            push(w, to, x);
    } else if (to) {
        if (*to->name && to->kind != PIECE_CONSTANT)
            judge_name(w, x, name, NULL, to->kind == PIECE_STATE, where);
    } else if (g && (g->library || g->is_needed) && !(g->library && g->is_library_constant)) {
        judge_name(w, x, name, g->library, g->library && g->is_library_data, where);
    }
}

static const char *insn_name(unsigned effects)
{
    return effects & 1u << EFFECT_TIME      ? "rdtsc"
           : effects & 1u << EFFECT_RANDOM  ? "rdrand"
           : effects & 1u << EFFECT_PROCESS ? "syscall"
                                            : "ldmxcsr";
}

static void run(struct walk *w)
{
    while (w->head < w->n && !has_worst(w)) {
        struct piece *x = w->queue[w->head++];
        piece_refs(w->p, x);
        if (x->effects)
            find_effects(w, x, x->effects, insn_name(x->effects), x->object->out.name);
        for (size_t i = 0; i < x->n_refs && !has_worst(w); i++)
            judge_ref(w, x, &x->refs[i]);
    }
}

/* The functions on the way, each once. */
static struct finding finish(struct walk *w)
{
    struct finding f = w->worst;
    struct arena *a = w->p->arena;
    size_t n = 0;
    for (const struct piece *x = w->last; x; x = x->via)
        n++;
    f.path = arena_alloc(a, (n + 1) * sizeof *f.path);
    f.path_objects = arena_alloc(a, (n + 1) * sizeof *f.path_objects);
    size_t at = n;
    for (const struct piece *x = w->last; x; x = x->via) {
        const char *name = name_strip(a, x->name);
        bool is_same =
            at < n && !strcmp(name, f.path[at]) && !strcmp(x->object->out.name, f.path_objects[at]);
        if (x->kind != PIECE_CODE || is_same)
            continue;
        at--;
        f.path[at] = name;
        f.path_objects[at] = x->object->out.name;
    }
    f.path += at;
    f.path_objects += at;
    f.n_path = n - at;
    return f;
}

static const struct section_function nobody = {.is_memo = true};

struct finding program_judge(struct program *p, const char *symbol,
                             const struct section_function *f)
{
    struct walk w = {.p = p, .f = f ? f : &nobody};
    program_mark_state(p, w.f);
    struct global *g = program_global(p, program_renamed(p, symbol));
    struct global unknown = {.name = symbol, .is_needed = true};
    struct ref first = {NULL, g ? g : &unknown, USE_CALL};
    p->walks++;
    first.piece = piece_of_global(p, first.global);
    judge_ref(&w, NULL, &first);
    run(&w);
    return finish(&w);
}

/* ---- calls through pointers ---- */

/* What the start and the end of the program call, not the program. */
static bool is_start_list(const struct piece *x)
{
    const struct elf_section *s = &x->object->elf.sections[x->section];
    return s->type == SHT_INIT_ARRAY || s->type == SHT_FINI_ARRAY || s->type == SHT_PREINIT_ARRAY ||
           !strncmp(s->name, ".ctors", 6) || !strncmp(s->name, ".dtors", 6);
}

static void judge_taken(struct walk *w, struct piece *x)
{
    if (is_start_list(x) || name_is_ours(x->name, x->object))
        return;
    piece_refs(w->p, x);
    for (size_t i = 0; i < x->n_refs && !has_worst(w); i++) {
        const struct ref *r = &x->refs[i];
        bool is_function = r->piece ? r->piece->kind == PIECE_CODE
                                    : r->global->library && !r->global->is_library_data;
        if (is_function && (r->use & USE_ADDRESS))
            judge_ref(w, NULL, r);
    }
}

struct finding program_judge_pointers(struct program *p, const struct section_function *f)
{
    struct walk w = {.p = p, .f = f ? f : &nobody};
    program_mark_state(p, w.f);
    p->walks++;
    for (size_t i = 0; i < p->n_objects; i++) {
        struct object *o = p->objects[i];
        if (o->out.is_toolchain)
            continue;
        object_split(p, o);
        for (uint32_t s = 1; !o->out.is_opaque && s < o->elf.n_sections; s++)
            for (size_t k = 0; k < o->pieces[s].n; k++)
                judge_taken(&w, &o->pieces[s].items[k]);
    }
    run(&w);
    return finish(&w);
}
