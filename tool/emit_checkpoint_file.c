/* emit_checkpoint_file.c - what a loop's entry points are told that doesn't change: tables at
 * file scope, before the function. Sizes and offsets are numbers: types may be the
 * function's own. See emit_checkpoint_private.h. */
#include <signal.h>
#include <string.h>

#include "base/panic.h"
#include "emit_checkpoint_private.h"
#include "memo_abi.h"
#include "memo_checkpoint_abi.h"
#include "section.h"

#define NS_DEFAULT 30000000000LL

static void add_string(struct strbuf *out, const char *text)
{
    if (text)
        strbuf_add_c_string(out, text, strlen(text));
    else
        strbuf_addc(out, '0');
}

static void add_bytes(struct strbuf *out, const unsigned char *b)
{
    strbuf_addc(out, '{');
    for (int i = 0; i < 16; i++)
        strbuf_addf(out, "%u%s", b[i], i < 15 ? "," : "}");
}

/* ---- inputs ---- */

static void add_parts_type(struct strbuf *out, const char *name, const struct ck_input *in)
{
    strbuf_addf(out, "static const struct memo_run %s_r[] = {", name);
    for (size_t i = 0; i < in->n_parts; i++)
        strbuf_addf(out, "{%zu, %zu, %zu, %zu, 0, 255}, ", in->parts[i].offset, in->parts[i].size,
                    in->parts[i].count, in->parts[i].stride);
    strbuf_addf(out, "};\nstatic const struct memo_type %s = {%s, %s_r, %zu};\n", name, in->size,
                name, in->n_parts);
}

static void add_inputs(struct ck_emitter *e)
{
    struct strbuf *out = &e->before;
    for (size_t i = 0; i < e->n_inputs; i++) {
        const struct ck_input *in = &e->inputs[i];
        const char *name = arena_printf(e->arena, "memo_ct_%u_%zu", e->id, i);
        if (in->n_parts)
            add_parts_type(out, name, in);
        else if (in->type)
            emit_type(out, &e->memo, name, in->type, in->excluded);
    }
    if (!e->n_inputs)
        return;
    strbuf_addf(out, "static const struct memo_part memo_cn_%u[] = {", e->id);
    for (size_t i = 0; i < e->n_inputs; i++) {
        const struct ck_input *in = &e->inputs[i];
        strbuf_addc(out, '{');
        add_string(out, in->name);
        strbuf_adds(out, ", ");
        add_string(out, in->kind);
        if (in->n_parts || in->type)
            strbuf_addf(out, ", &memo_ct_%u_%zu", e->id, i);
        else
            strbuf_adds(out, ", 0");
        strbuf_addf(out, ", %s, %uu, 0, 0}, ", in->size, in->role);
    }
    strbuf_adds(out, "};\n");
}

/* ---- pieces ---- */

static unsigned long long layout_of(const struct type *t)
{
    unsigned char digest[16] = {0};
    unsigned long long n = 0;
    if (t)
        frontend_type_digest(t, digest);
    for (int i = 0; i < 8; i++)
        n = n << 8 | digest[i];
    return n;
}

static void add_pieces(struct ck_emitter *e)
{
    struct strbuf *out = &e->before;
    for (size_t i = 0; i < e->n_pieces; i++) {
        const struct ck_piece *p = &e->pieces[i];
        if (!p->n_pointers)
            continue;
        strbuf_addf(out, "static const struct memo_ck_pointer memo_cr_%u_%zu[] = {", e->id, i);
        for (size_t k = 0; k < p->n_pointers; k++) {
            const struct checkpoint_pointer *x = &p->pointers[k];
            strbuf_addc(out, '{');
            add_string(out, x->name);
            strbuf_addf(out, ", %zu, %zu, %zu, %zu, %s}, ", x->offset, x->size, x->count, x->stride,
                        x->is_changed ? "MEMO_CK_CHANGED" : "0");
        }
        strbuf_adds(out, "};\n");
    }
    if (!e->n_pieces)
        return;
    strbuf_addf(out, "static const struct memo_ck_piece memo_cq_%u[] = {\n", e->id);
    for (size_t i = 0; i < e->n_pieces; i++) {
        const struct ck_piece *p = &e->pieces[i];
        strbuf_addc(out, '{');
        add_string(out, p->name);
        strbuf_addf(out, ", 0x%xu, ", p->role);
        if (p->base == MEMO_CK_NONE)
            strbuf_adds(out, "MEMO_CK_NONE");
        else
            strbuf_addf(out, "%uu", p->base);
        strbuf_addf(out, ", %s, 0x%llxuLL, ", p->size, layout_of(p->type));
        if (p->n_pointers)
            strbuf_addf(out, "memo_cr_%u_%zu, %zuu},\n", e->id, i, p->n_pointers);
        else
            strbuf_adds(out, "0, 0},\n");
    }
    strbuf_adds(out, "};\n");
}

/* ---- the site ---- */

/* Callees that only the link step can judge, a line for each; NULL: there are none. */
static const char *unseen_of(struct ck_emitter *e)
{
    struct section_function f = {.name = NULL};
    struct strbuf out = STRBUF_INIT;
    emit_section_calls(e->arena, &e->memo, &f);
    for (size_t i = 0; i < f.n_calls; i++)
        if (!f.calls[i].is_listed)
            strbuf_addf(&out, "%s\n", *f.calls[i].name ? f.calls[i].name : "a pointer");
    const char *text = out.len ? arena_strndup(e->arena, out.buf, out.len) : NULL;
    strbuf_release(&out);
    return text;
}

static void add_code(struct ck_emitter *e)
{
    struct strbuf *out = &e->before, codegen = STRBUF_INIT;
    const struct unit_request *rq = e->all->request;
    static const unsigned char no_layout[16];
    plan_flags(&e->planner, rq);
    strbuf_addf(out, "static struct memo_site memo_cc_%u = {MEMO_ABI, %uu, ", e->id, e->memo.flags);
    add_string(out, e->plan->name);
    strbuf_adds(out, ", ");
    const char *unit = e->fe->files[0].src.name, *slash = strrchr(unit, '/');
    add_string(out, slash ? slash + 1 : unit);
    strbuf_adds(out, rq->is_gcc ? ", \"\", 0, \"gcc \" __VERSION__ " : ", \"\", 0, __VERSION__ ");
    strbuf_addf(&codegen, " %s", rq->codegen ? rq->codegen : "");
    add_string(out, codegen.buf);
    strbuf_release(&codegen);
    strbuf_adds(out, ", ");
    add_bytes(out, e->plan->fingerprint.code);
    strbuf_adds(out, ", ");
    add_bytes(out, no_layout);
    strbuf_adds(out, ", ");
    add_string(out, e->plan->fingerprint.components);
    strbuf_adds(out, ", ");
    add_string(out, unseen_of(e));
    strbuf_adds(out, ", memo_link_table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};\n");
}

static unsigned flags_of(const struct ck_emitter *e)
{
    const struct annotation *a = e->loop->annotation;
    return (annotation_clause(a, CLAUSE_name) ? MEMO_CK_NAMED : 0) |
           (annotation_clause(a, CLAUSE_keep) ? MEMO_CK_KEEP : 0) |
           (e->plan->uses_random ? MEMO_CK_RANDOM : 0) |
           (e->plan->uses_rand48 ? MEMO_CK_RAND48 : 0) |
           (e->plan->condition_writes ? MEMO_CK_CONDITION : 0);
}

static unsigned add_files(struct ck_emitter *e)
{
    struct strbuf *out = &e->before;
    unsigned n = 0;
    for (size_t i = 0; i < e->loop->annotation->n_clauses; i++) {
        const struct clause *c = &e->loop->annotation->clauses[i];
        for (size_t k = 0; c->id == CLAUSE_file && k < c->n_exprs; k++) {
            struct src_range r = c->exprs[k]->range;
            if (n++ == 0)
                strbuf_addf(out, "static const char *const memo_cf_%u[] = {", e->id);
            if (r.src && r.end > r.begin && !e->loop->site->is_macro)
                add_string(out, arena_strndup(e->arena, r.src->text + r.begin, r.end - r.begin));
            else
                add_string(out, scope_text(&e->loop->scope, c->exprs[k]));
            strbuf_adds(out, ", ");
        }
    }
    if (n)
        strbuf_addf(out, "};\nstatic const unsigned char memo_ch_%u[] = {", e->id);
    for (unsigned i = 0; i < n; i++)
        strbuf_addf(out, "%uu, ", (unsigned)e->plan->file_flags[i]);
    if (n)
        strbuf_adds(out, "};\n");
    return n;
}

static int number_of_signal(const char *name)
{
#define SIGNAL(s) {#s, SIG##s},
    static const struct {
        const char *name;
        int number;
    } all[] = {SIGNAL(ALRM) SIGNAL(CHLD) SIGNAL(CONT) SIGNAL(HUP) SIGNAL(INT) SIGNAL(IO)
                   SIGNAL(PIPE) SIGNAL(POLL) SIGNAL(PROF) SIGNAL(PWR) SIGNAL(QUIT) SIGNAL(TERM)
                       SIGNAL(TRAP) SIGNAL(TSTP) SIGNAL(TTIN) SIGNAL(TTOU) SIGNAL(URG) SIGNAL(USR1)
                           SIGNAL(USR2) SIGNAL(VTALRM) SIGNAL(WINCH) SIGNAL(XCPU) SIGNAL(XFSZ)};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(name, all[i].name) == 0)
            return all[i].number;
    BUG("signal %s", name); /* pragma_args.c knows no others */
}

static bool add_signals(struct ck_emitter *e)
{
    struct strbuf *out = &e->before;
    const struct clause *on = annotation_clause(e->loop->annotation, CLAUSE_on);
    if (!on || !on->n_exprs)
        return false;
    strbuf_addf(out, "static const int memo_cg_%u[] = {", e->id);
    for (size_t i = 0; i < on->n_exprs; i++)
        strbuf_addf(out, "%d, ", number_of_signal(on->exprs[i]->text));
    strbuf_adds(out, "0};\n");
    return true;
}

static void add_every(struct ck_emitter *e)
{
    const struct clause *c = annotation_clause(e->loop->annotation, CLAUSE_every);
    char unit = !c || !c->word || strcmp(c->word, "s") == 0 ? 's' : *c->word == '%' ? '%' : 'i';
    strbuf_addf(&e->before, "'%c', %lldLL, ", unit, c ? c->number : NS_DEFAULT);
}

void emit_checkpoint_tables(struct ck_emitter *e)
{
    struct strbuf *out = &e->before;
    const struct annotation *a = e->loop->annotation;
    const struct clause *expires = annotation_clause(a, CLAUSE_expires);
    const struct clause *state = annotation_clause(a, CLAUSE_state);
    const char *file;
    size_t line = frontend_presumed(e->fe, e->file, e->loop->site->begin, &file);
    add_inputs(e);
    add_pieces(e);
    add_code(e);
    unsigned n_files = add_files(e);
    bool has_signals = add_signals(e);
    strbuf_addf(out, "static struct memo_ck_site memo_cx_%u = {MEMO_CHECKPOINT_ABI, %uu, ", e->id,
                flags_of(e));
    add_string(out, e->plan->name);
    strbuf_adds(out, ", ");
    add_string(out, file);
    strbuf_adds(out, ", ");
    add_string(out, e->loop->fn->name);
    strbuf_addf(out, ", %zuu, &memo_cc_%u, ", line, e->id);
    strbuf_addf(out, e->n_inputs ? "memo_cn_%u, %zuu, " : "0, 0, ", e->id, e->n_inputs);
    strbuf_addf(out, e->n_pieces ? "memo_cq_%u, %zuu, " : "0, 0, ", e->id, e->n_pieces);
    strbuf_addf(out, n_files ? "memo_cf_%u, %uu, memo_ch_%u, " : "0, 0, 0, ", e->id, n_files,
                e->id);
    add_every(e);
    strbuf_addf(out, "%lldLL, ", expires ? expires->number : 0LL);
    strbuf_addf(out, has_signals ? "memo_cg_%u, " : "0, ", e->id);
    if (state && state->n_exprs == 2)
        strbuf_addf(out, "%s, %s, 0};\n", state->exprs[0]->text, state->exprs[1]->text);
    else
        strbuf_adds(out, "0, 0, 0};\n");
}
