/* emit_sync_file.c - records, environment and sites: what stands at file scope before the
 * function of a region; see emit_sync_private.h. */
#include <string.h>

#include "emit_sync_private.h"

const char emit_sync_quiet[] = "#pragma GCC diagnostic push\n"
                               "#ifdef __clang__\n"
                               "#pragma clang diagnostic ignored \"-Weverything\"\n"
                               "#else\n"
                               "#pragma GCC diagnostic ignored \"-Wpragmas\"\n"
                               "#pragma GCC diagnostic ignored \"-Wpedantic\"\n"
                               "#pragma GCC diagnostic ignored \"-Wattributes\"\n"
                               "#pragma GCC diagnostic ignored \"-Wredundant-decls\"\n"
                               "#pragma GCC diagnostic ignored \"-Wunused-variable\"\n"
                               "#pragma GCC diagnostic ignored \"-Wunused-but-set-variable\"\n"
                               "#pragma GCC diagnostic ignored \"-Wunused-value\"\n"
                               "#pragma GCC diagnostic ignored \"-Wunused-function\"\n"
                               "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n"
                               "#pragma GCC diagnostic ignored \"-Wconversion\"\n"
                               "#pragma GCC diagnostic ignored \"-Wsign-conversion\"\n"
                               "#pragma GCC diagnostic ignored \"-Wsign-compare\"\n"
                               "#pragma GCC diagnostic ignored \"-Wcast-qual\"\n"
                               "#pragma GCC diagnostic ignored \"-Wshadow\"\n"
                               "#pragma GCC diagnostic ignored \"-Wundef\"\n"
                               "#pragma GCC diagnostic ignored \"-Wlong-long\"\n"
                               "#pragma GCC diagnostic ignored \"-Wmissing-field-initializers\"\n"
                               "#pragma GCC diagnostic ignored \"-Wmaybe-uninitialized\"\n"
                               "#pragma GCC diagnostic ignored \"-Wuninitialized\"\n"
                               "#pragma GCC diagnostic ignored \"-Wdeclaration-after-statement\"\n"
                               "#pragma GCC diagnostic ignored \"-Wmisleading-indentation\"\n"
                               "#pragma GCC diagnostic ignored \"-Wpadded\"\n"
                               "#pragma GCC diagnostic ignored \"-Wc++-compat\"\n"
                               "#pragma GCC diagnostic ignored \"-Winline\"\n"
                               "#pragma GCC diagnostic ignored \"-Wtraditional\"\n"
                               "#pragma GCC diagnostic ignored \"-Wtraditional-conversion\"\n"
                               "#pragma GCC diagnostic ignored \"-Wnested-externs\"\n"
                               "#pragma GCC diagnostic ignored \"-Waggregate-return\"\n"
                               "#pragma GCC diagnostic ignored \"-Wpsabi\"\n"
                               "#pragma GCC diagnostic ignored \"-Wfloat-equal\"\n"
                               "#pragma GCC diagnostic ignored \"-Wuse-after-free\"\n"
                               "#pragma GCC diagnostic ignored \"-Wrestrict\"\n"
                               "#pragma GCC diagnostic ignored \"-Warray-bounds\"\n"
                               "#pragma GCC diagnostic ignored \"-Wnull-dereference\"\n"
                               "#pragma GCC diagnostic ignored \"-Wstringop-overflow\"\n"
                               "#pragma GCC diagnostic ignored \"-Wformat-overflow\"\n"
                               "#pragma GCC diagnostic ignored \"-Wformat-truncation\"\n"
                               "#pragma GCC diagnostic ignored \"-Wdangling-else\"\n"
                               "#pragma GCC diagnostic ignored \"-Wparentheses\"\n"
                               "#endif\n";
const char emit_sync_quiet_end[] = "#pragma GCC diagnostic pop\n";

/* ---- names and types ---- */

size_t emit_sync_index(const struct sync_item *it)
{
    for (size_t i = 0; i < it->segment->n_items; i++)
        if (it->segment->items[i] == it)
            return i;
    return 0;
}

const char *emit_sync_field(struct sync_emitter *e, const struct sync_item *it, size_t call,
                            size_t arg)
{
    return arena_printf(e->arena, "memo_a%zu_%zu_%zu", emit_sync_index(it), call, arg);
}

const char *emit_sync_to(struct sync_emitter *e, const struct sync_item *it)
{
    return arena_printf(e->arena, "memo_to%zu", emit_sync_index(it));
}

static bool strip_prefix(const char **text, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*text, word, n) != 0)
        return false;
    *text += n;
    return true;
}

/* Qualifiers of the object itself go: "const int", "double *const restrict". */
const char *emit_sync_type(struct arena *a, const struct type *t)
{
    const char *text = t->spelling;
    if (sync_is_variable_pointer(t))
        return "__typeof__(void *)";
    if (t->kind == TYPE_POINTER) {
        size_t n = strlen(text);
        static const char *const words[] = {"const", "volatile", "restrict", "__restrict",
                                            "_Atomic"};
        for (bool again = true; again;) {
            again = false;
            for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                size_t len = strlen(words[i]);
                if (n > len && strncmp(text + n - len, words[i], len) == 0 &&
                    (text[n - len - 1] == ' ' || text[n - len - 1] == '*')) {
                    n -= len;
                    while (n && text[n - 1] == ' ')
                        n--;
                    again = true;
                }
            }
        }
        return arena_printf(a, "__typeof__(%.*s)", (int)n, text);
    }
    if (t->kind != TYPE_ARRAY)
        while (strip_prefix(&text, "const ") || strip_prefix(&text, "volatile "))
            ;
    return arena_printf(a, "__typeof__(%s)", text);
}

/* ---- records and environment ---- */

static bool is_exit(const struct sync_emitter *e, const struct sync_segment *s)
{
    return e->p->exit && e->p->exit->segment == s;
}

static void emit_record(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    strbuf_addf(out, "struct memo_rec_%u_%u { ", e->p->id, s->id);
    for (size_t i = 0; i < s->n_items; i++) {
        const struct sync_item *it = s->items[i];
        for (size_t c = 0; c < it->n_calls; c++) {
            const struct sync_call *call = &it->calls[c];
            for (size_t k = 0; call->is_out && k < call->n_args; k++)
                if (call->copies[k])
                    strbuf_addf(out, "%s %s; ", emit_sync_type(e->arena, call->copies[k]->type),
                                emit_sync_field(e, it, c, k));
                else if (!call->is_pending)
                    strbuf_addf(out, "%s %s; ",
                                emit_sync_type(e->arena, sync_type(e->p, call->cf->fn->params[k])),
                                emit_sync_field(e, it, c, k));
        }
        if (it->form == FORM_ASSIGN)
            strbuf_addf(out, "%s *%s; ", emit_sync_type(e->arena, it->to_node->type),
                        emit_sync_to(e, it));
    }
    for (size_t i = 0; i < s->n_copied; i++) {
        const struct sync_variable *v = s->copied[i];
        if (sync_type(e->p, v->var)->kind == TYPE_ARRAY)
            strbuf_addf(out, "char %s[%zu] __attribute__((aligned(%zu))); ", v->name,
                        v->var->type->size, v->var->type->align ? v->var->type->align : 1);
        else
            strbuf_addf(out, "%s %s; ", emit_sync_type(e->arena, sync_type(e->p, v->var)), v->name);
    }
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++)
            if (s->items[i]->calls[c].is_out && s->items[i]->calls[c].name)
                strbuf_addf(out, "%s %s; ",
                            emit_sync_type(e->arena, s->items[i]->calls[c].cf->fn->result),
                            s->items[i]->calls[c].name);
    if (s->may_set_errno)
        strbuf_adds(out, "int memo_errno[2]; ");
    emit_sync_hit_member(out, s);
    for (size_t i = 0; is_exit(e, s) && i < e->p->n_saved; i++)
        strbuf_addf(out, "%s memo_w%zu; ",
                    emit_sync_type(e->arena, sync_type(e->p, e->p->saved[i]->var)), i);
    strbuf_adds(out, "char memo_end[1]; } __attribute__((aligned(16)));\n");
}

static void emit_environment(struct sync_emitter *e, struct strbuf *out)
{
    strbuf_addf(out, "struct memo_env_%u { ", e->p->id);
    for (size_t i = 0; i < e->p->n_variables; i++) {
        const struct sync_variable *v = e->p->variables[i];
        bool is_other = false;
        for (size_t k = 0; k < e->p->n_segments; k++)
            for (size_t j = 0; j < e->p->segments[k]->n_others; j++)
                is_other |= e->p->segments[k]->others[j] == v;
        if (!is_other)
            continue;
        strbuf_addf(out, v->storage == STORAGE_HOISTED ? "%s %s; " : "%s *%s; ",
                    emit_sync_type(e->arena, sync_type(e->p, v->var)), v->name);
    }
    strbuf_adds(out, "int memo_none; };\n");
}

/* ---- sites ---- */

static void add_quoted(struct strbuf *out, const char *text)
{
    strbuf_add_c_string(out, text, strlen(text));
}

/* The statement on one line, blanks made single. */
static void add_statement(struct sync_emitter *e, struct strbuf *out, const struct sync_item *it)
{
    const struct source *src = it->range.src;
    struct strbuf text = STRBUF_INIT;
    (void)e;
    for (size_t i = it->range.begin; i < it->range.end && text.len < 100; i++) {
        char c = src->text[i];
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\';
        if (!blank)
            strbuf_addc(&text, c);
        else if (text.len && text.buf[text.len - 1] != ' ')
            strbuf_addc(&text, ' ');
    }
    if (it->range.end - it->range.begin > 100)
        strbuf_adds(&text, "...");
    add_quoted(out, text.buf);
    strbuf_release(&text);
}

static bool is_listed(const char *names, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = names; (p = strstr(p, name)); p += n)
        if ((p == names || p[-1] == ' ') && (p[n] == ',' || p[n] == '\0'))
            return true;
    return false;
}

/* The functions that a segment's tasks call: "f, g". */
static void list_names(struct strbuf *names, const struct sync_segment *s)
{
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++) {
            const struct sync_call *call = &s->items[i]->calls[c];
            const char *name = call->cf->fn->name;
            if (call->is_out && !is_listed(names->buf, name))
                strbuf_addf(names, "%s%s", names->len ? ", " : "", name);
        }
}

static void add_names(struct strbuf *out, const struct sync_segment *s)
{
    struct strbuf names = STRBUF_INIT;
    list_names(&names, s);
    add_quoted(out, names.buf);
    strbuf_release(&names);
}

/* Results that are compared byte by byte: one scalar. */
static const struct sync_call *only_result(const struct sync_segment *s)
{
    const struct sync_call *one = NULL;
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++)
            if (s->items[i]->calls[c].is_out && s->items[i]->calls[c].name) {
                if (one)
                    return NULL;
                one = &s->items[i]->calls[c];
            }
    return one;
}

static const char *kind_of(struct sync_emitter *e, const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
        return "u1";
    case TYPE_INTEGER:
    case TYPE_ENUM:
        return arena_printf(e->arena, "%c%zu", t->is_signed ? 'i' : 'u', t->size);
    case TYPE_FLOAT:
        return t->is_long_double ? "f10" : arena_printf(e->arena, "f%zu", t->size);
    case TYPE_COMPLEX:
        return arena_printf(e->arena, "c%zu", t->size);
    default:
        return NULL;
    }
}

/* "{i:i4@0,result:f8@16}32" with offsets known to the compiler only: as a string built from
 * pieces is impossible in C, offsets are computed here as the compiler does it. */
struct layout {
    size_t at;
};
static size_t place(struct layout *l, const struct type *t)
{
    size_t align = t->align ? t->align : 1;
    l->at = (l->at + align - 1) / align * align;
    size_t here = l->at;
    l->at += t->size;
    return here;
}

static void add_kind(struct sync_emitter *e, struct strbuf *out, const char *name,
                     const struct type *t, size_t at)
{
    const char *kind = kind_of(e, t);
    if (kind)
        strbuf_addf(out, "%s%s:%s@%zu", out->len > 1 ? "," : "", name, kind, at);
}

static void add_shown(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    struct strbuf text = STRBUF_INIT;
    struct layout l = {0};
    static const struct type pointer = {.size = sizeof(void *), .align = sizeof(void *)};
    strbuf_adds(&text, "{");
    for (size_t i = 0; i < s->n_items; i++) {
        const struct sync_item *it = s->items[i];
        for (size_t c = 0; c < it->n_calls; c++) {
            const struct sync_call *call = &it->calls[c];
            for (size_t k = 0; call->is_out && k < call->n_args; k++) {
                if (call->copies[k]) {
                    place(&l, call->copies[k]->type);
                    continue;
                }
                if (call->is_pending)
                    continue;
                const struct variable *v = call->cf->fn->params[k];
                const struct type *type = sync_type(e->p, v);
                add_kind(e, &text, v->name && *v->name ? v->name : "arg", type, place(&l, type));
            }
        }
        if (it->form == FORM_ASSIGN)
            place(&l, &pointer);
    }
    for (size_t i = 0; i < s->n_copied; i++)
        place(&l, sync_type(e->p, s->copied[i]->var));
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++)
            if (s->items[i]->calls[c].is_out && s->items[i]->calls[c].name)
                add_kind(e, &text, s->items[i]->calls[c].cf->fn->name,
                         s->items[i]->calls[c].cf->fn->result,
                         place(&l, s->items[i]->calls[c].cf->fn->result));
    if (s->may_set_errno)
        l.at = (l.at + 3) / 4 * 4 + 8;
    if (emit_sync_hit_has(s))
        l.at = (l.at + 3) / 4 * 4 + 4;
    for (size_t i = 0; is_exit(e, s) && i < e->p->n_saved; i++)
        place(&l, sync_type(e->p, e->p->saved[i]->var));
    strbuf_addf(&text, "}%zu", (l.at + 1 + 15) / 16 * 16);
    add_quoted(out, text.buf);
    strbuf_release(&text);
}

/* Do the calls write nothing but their results? */
static bool may_run_again(const struct sync_segment *s)
{
    for (size_t i = 0; i < s->point->call.n; i++)
        if (s->point->call.items[i].is_write && s->point->call.items[i].base != TOUCH_ERRNO)
            return false;
    return true;
}

/* Is the deferred part one assignment through the record's pointer? */
static bool is_assignment(const struct sync_segment *s)
{
    return s->n_items == 1 && s->items[0]->form == FORM_ASSIGN && !s->n_others;
}

/* Does it change something else that calls may read? */
static bool changes_memory(struct sync_emitter *e, const struct sync_segment *s)
{
    for (size_t i = 0; i < s->point->deferred.n && !is_assignment(s); i++) {
        const struct touch *t = &s->point->deferred.items[i];
        bool is_own = t->base == TOUCH_VARIABLE && !t->var->is_global && !t->var->is_static_local &&
                      !touch_is_exposed(e->p->scope, t->var);
        if (t->is_write && !is_own)
            return true;
    }
    return false;
}

static void emit_site(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s)
{
    unsigned p = e->p->id, k = s->id;
    const char *name;
    size_t line = frontend_presumed(e->fe, e->file, s->items[0]->range.begin, &name);
    const struct sync_call *result = only_result(s);
    for (int direct = 0; direct < 2; direct++) {
        const char *how = direct ? "static __inline__ __attribute__((always_inline))" : "static",
                   *prefix = direct ? "memo_do" : "memo";
        if (s->has_calls)
            strbuf_addf(out, "%s void %s_run_%u_%u(void *, memo_abi_size); ", how, prefix, p, k);
        strbuf_addf(out, "%s memo_abi_size %s_commit_%u_%u(void *, memo_abi_size, void *);\n", how,
                    prefix, p, k);
    }
    strbuf_addf(out,
                "static struct memo_task_site memo_site_%u_%u = {MEMO_TASK_ABI, sizeof(struct "
                "memo_rec_%u_%u), ",
                p, k, p, k);
    add_quoted(out, name);
    strbuf_addf(out, ", %zuu, ", line);
    add_names(out, s);
    strbuf_adds(out, ", ");
    add_statement(e, out, s->items[0]);
    strbuf_adds(out, ", ");
    add_shown(e, out, s);
    strbuf_addf(out, s->has_calls ? ", memo_run_%u_%u" : ", 0", p, k);
    strbuf_addf(out, ", memo_commit_%u_%u, ", p, k);
    if (result)
        strbuf_addf(out,
                    "__builtin_offsetof(struct memo_rec_%u_%u, %s), "
                    "sizeof(((struct memo_rec_%u_%u *)0)->%s), ",
                    p, k, result->name, p, k, result->name);
    else
        strbuf_adds(out, "0, 0, ");
    if (s->may_set_errno)
        strbuf_addf(out, "__builtin_offsetof(struct memo_rec_%u_%u, memo_errno), ", p, k);
    else
        strbuf_adds(out, "MEMO_TASK_NONE, ");
    strbuf_adds(out, "MEMO_TASK_NONE, ");
    if (is_assignment(s))
        strbuf_addf(out, "__builtin_offsetof(struct memo_rec_%u_%u, memo_to0), sizeof(%s), ", p, k,
                    emit_sync_type(e->arena, s->items[0]->to_node->type));
    else
        strbuf_adds(out, "MEMO_TASK_NONE, 0, ");
    strbuf_addf(out, "%d, %s | %s, {0}};\n", sync_is_ahead(e->p, s),
                may_run_again(s) ? "MEMO_TASK_TWICE" : "0u",
                changes_memory(e, s) ? "MEMO_TASK_CHANGES" : "0u");
}

/* ---- what calls touch ---- */

const char *emit_sync_reach(struct sync_emitter *e, const struct sync_segment *s,
                            const struct touch *t, const struct sync_item **item, size_t *call)
{
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t c = 0; c < s->items[i]->n_calls; c++) {
            const struct sync_call *sc = &s->items[i]->calls[c];
            if (sc->node != t->call)
                continue;
            *item = s->items[i];
            *call = c;
            return arena_printf(e->arena, "memo_reach_%u_%u_%zu_%zu_%zu", e->p->id, s->id, i, c,
                                (size_t)(t->reach - sc->cf->reaches));
        }
    return NULL;
}

static void emit_reach(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s,
                       const struct touch *t)
{
    const struct sync_item *it;
    size_t c;
    const char *name = emit_sync_reach(e, s, t, &it, &c);
    if (!name || strstr(out->buf, name))
        return;
    const struct function *fn = it->calls[c].cf->fn;
    strbuf_addf(out, "static memo_abi_size %s(const void **memo_p", name);
    for (size_t i = 0; i < fn->n_params; i++)
        if (fn->params[i]->name && *fn->params[i]->name)
            strbuf_addf(out, ", %s %s", emit_sync_type(e->arena, sync_type(e->p, fn->params[i])),
                        fn->params[i]->name);
        else
            strbuf_addf(out, ", %s memo_p%zu",
                        emit_sync_type(e->arena, sync_type(e->p, fn->params[i])), i);
    strbuf_addf(out,
                ")\n{ __typeof__(%s) memo_f = (%s); long long memo_n = (%s); *memo_p = memo_f; "
                "return memo_n > 0 ? (memo_abi_size)memo_n * sizeof *memo_f : 0; }\n",
                t->reach->first, t->reach->first, t->reach->count);
}

static const struct sync_segment *segment_of_call(const struct sync_plan *p, const struct touch *t)
{
    for (size_t i = 0; i < p->n_segments; i++)
        for (size_t j = 0; j < p->segments[i]->n_items; j++)
            for (size_t c = 0; c < p->segments[i]->items[j]->n_calls; c++)
                if (p->segments[i]->items[j]->calls[c].node == t->call)
                    return p->segments[i];
    return NULL;
}

static void emit_reaches(struct sync_emitter *e, struct strbuf *out)
{
    const struct sync_segment *s;
    for (size_t i = 0; i < e->p->n_sets; i++)
        if (e->p->sets[i].touch->reach && (s = segment_of_call(e->p, e->p->sets[i].touch)))
            emit_reach(e, out, s, e->p->sets[i].touch);
    for (size_t i = 0; i < e->p->n_points; i++)
        for (size_t k = 0; k < e->p->points[i]->n_tests; k++) {
            const struct touch *t = e->p->points[i]->tests[k].touch;
            if (t->reach && (s = segment_of_call(e->p, t)))
                emit_reach(e, out, s, t);
        }
}

void emit_sync_before(struct sync_emitter *e, struct strbuf *out)
{
    const struct sync_plan *p = e->p;
    const char *name, *label = "0";
    const struct clause *progress = annotation_clause(p->region->annotation, CLAUSE_progress);
    size_t line = frontend_presumed(e->fe, e->file, p->region->site->begin, &name);
    struct strbuf quoted = STRBUF_INIT, names = STRBUF_INIT;
    strbuf_adds(out, emit_sync_quiet);
    strbuf_adds(out, "extern int *__errno_location(void);\n");
    emit_sync_hit_prototypes(e, out);
    emit_environment(e, out);
    for (size_t i = 0; i < p->n_segments; i++) {
        emit_record(e, out, p->segments[i]);
        emit_site(e, out, p->segments[i]);
    }
    emit_reaches(e, out);
    if (progress) {
        add_quoted(&quoted, progress->string ? progress->string : "");
        label = arena_strdup(e->arena, quoted.buf);
        strbuf_clear(&quoted);
    }
    add_quoted(&quoted, name);
    strbuf_addf(
        out, "static struct memo_sync_info memo_info_%u = {MEMO_TASK_ABI, %s, \"%s\", %zuu, %s, ",
        p->id, quoted.buf, p->region->fn->name, line, label);
    for (size_t i = 0; i < p->n_segments; i++)
        list_names(&names, p->segments[i]);
    add_quoted(out, names.buf);
    strbuf_adds(out, ", {0}, {0}, {0}};\n");
    strbuf_release(&names);
    strbuf_release(&quoted);
    strbuf_adds(out, emit_sync_quiet_end);
}
