/* emit_checkpoint.c - loops with checkpoints in place; see emit_checkpoint.h, and
 * memo_checkpoint_abi.h for the shape.
 *
 * The user's text stays where it is, but for the words `for (`: what stands in front of a
 * loop comes between them and the initialization, which so becomes a statement of its own. */
#include "emit_checkpoint.h"

#include <string.h>

#include "clex.h"
#include "diag.h"
#include "emit_checkpoint_private.h"
#include "emit_sync_private.h"
#include "memo_abi.h"
#include "memo_checkpoint_abi.h"
#include "node.h"

/* Text at the same place: around the loop's statement and inside of what synchronized code puts
 * around it; in front of all that belongs to the condition or to the body. */
#define AROUND 1
#define INSIDE (-1)

static const char *take(struct ck_emitter *e, struct strbuf *b)
{
    char *t = arena_strndup(e->arena, b->buf, b->len);
    strbuf_release(b);
    return t;
}

static bool keeps(const struct ck_emitter *e)
{
    return annotation_clause(e->loop->annotation, CLAUSE_keep) != NULL;
}

static bool is_endless(const struct node *cond)
{
    return !cond || node_strip(cond)->kind == NODE_LITERAL;
}

static bool has_break(const struct node *n)
{
    bool found = n->kind == NODE_BREAK;
    if (n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO ||
        n->kind == NODE_SWITCH)
        return false;
    for (size_t i = 0; i < n->n_kids && !found; i++)
        found = n->kids[i] && has_break(n->kids[i]);
    return found;
}

/* Can what follows the loop be reached through its end? If not, the function may have no
 * `return` there, and nothing of ours may seem to lead to it. */
static bool has_end(const struct ck_emitter *e)
{
    const struct node *root = e->loop->root, *cond = e->loop->parts.cond, *body;
    bool is_for = root->kind == NODE_FOR;
    if (!is_for)
        cond = root->kind == NODE_DO ? root->kids[1] : stmt_condition(root);
    body = is_for ? e->loop->parts.body : root->kind == NODE_DO ? root->kids[0] : stmt_body(root);
    const struct source *src = cond ? cond->range.src : NULL;
    bool is_zero = src && cond->range.begin < src->len && src->text[cond->range.begin] == '0';
    return !is_endless(cond) || is_zero || !body || has_break(body);
}

static void refuse(struct ck_emitter *e)
{
    diag_report(e->all->request->diag, err_checkpoint_macro, e->loop->root->range);
    diag_report(e->all->request->diag, note_checkpoint_macro, e->loop->annotation->range);
}

/* On the line of the user's text at `at`. gcc knows no columns, and so no ends of pragmas, in long
 * lines: add_break() goes on in a new one of the same number. */
static void add_line(struct ck_emitter *e, struct strbuf *out, size_t at)
{
    e->at = at;
    edit_line_directive(e->fe, out, e->file, at);
}

static void add_break(struct ck_emitter *e, struct strbuf *out)
{
    strbuf_addc(out, '\n');
    edit_line_directive(e->fe, out, e->file, e->at);
}

/* ---- spans and copies ---- */

enum moment { AT_BEGIN, AT_SAVE };

static void add_span(struct ck_emitter *e, struct strbuf *out, size_t i, enum moment when)
{
    const struct ck_piece *p = &e->pieces[i];
    bool is_late = p->role & (MEMO_CK_SECTION | MEMO_CK_ALLOC);
    bool is_known = when == AT_SAVE || !(p->role & MEMO_CK_MORE);
    bool is_empty = is_late && when == AT_BEGIN;
    add_break(e, out);
    strbuf_adds(out, p->fill);
    if (is_late && !is_empty && strcmp(p->first, "0") != 0)
        strbuf_addf(out, "memo_cp_%u[%zu] = memo_ck_section(%s, %s, %s); ", e->id, i, p->data,
                    p->first, p->count);
    else
        strbuf_addf(out, "memo_cp_%u[%zu] = memo_ck_object(%s, %s); ", e->id, i,
                    is_known ? p->data : "0", is_known && !is_empty ? p->count : "0");
}

static void add_spans(struct ck_emitter *e, struct strbuf *out, enum moment when)
{
    strbuf_adds(out, e->refresh);
    for (size_t i = 0; i < e->n_pieces; i++)
        add_span(e, out, i, when);
}

/* Where memo_ck_begin is to know them, too. */
static void add_bounds(struct ck_emitter *e, struct strbuf *out)
{
    unsigned late = MEMO_CK_SECTION | MEMO_CK_ALLOC | MEMO_CK_MORE;
    size_t n = 0;
    for (size_t i = 0; i < e->n_pieces; i++) {
        if (!(e->pieces[i].role & late))
            continue;
        if (n++ == 0)
            strbuf_addf(out, "if (memo_ck_%u.m_final == MEMO_CK_WHOLE) { ", e->id);
        add_span(e, out, i, AT_SAVE);
    }
    if (n)
        strbuf_adds(out, "} ");
}

/* The last arguments: "memo_cp_0, files". */
static const char *arguments(struct ck_emitter *e)
{
    struct strbuf out = STRBUF_INIT;
    bool any = false;
    strbuf_addf(&out, "&memo_ck_%u, memo_cp_%u", e->id, e->id);
    for (size_t i = 0; i < e->loop->annotation->n_clauses; i++) {
        const struct clause *c = &e->loop->annotation->clauses[i];
        for (size_t k = 0; c->id == CLAUSE_file && k < c->n_exprs; k++) {
            strbuf_addf(&out, any ? ", (void *)(%s)" : ", (void *const []){(void *)(%s)",
                        scope_text(&e->loop->scope, c->exprs[k]));
            any = true;
        }
    }
    strbuf_adds(&out, any ? "}" : ", 0");
    return take(e, &out);
}

static void add_copies(struct ck_emitter *e, struct strbuf *out, bool is_inner)
{
    bool any = false;
    for (size_t i = 0; i < e->n_pieces; i++) {
        if (!e->pieces[i].member || e->pieces[i].is_inner != is_inner)
            continue;
        strbuf_addf(out, "%s%s", any ? "" : "struct { ", e->pieces[i].declare);
        any = true;
    }
    if (any)
        strbuf_addf(out, "} memo_c%c_%u; ", is_inner ? 'w' : 'v', e->id);
}

/* For compilers, what the loop's head sets is unset behind a restore, and else what only the
 * restore sets: all but those that others may change meanwhile, and arrays, are given back in any
 * case. */
enum which { BACK_OUTER, BACK_RESTORED, BACK_ANYWAY, BACK_IN_REGISTER };

static bool goes_back(const struct ck_piece *p, enum which which)
{
    switch (which) {
    case BACK_OUTER:
        return !p->is_inner;
    case BACK_IN_REGISTER:
        return p->is_in_register;
    default:
        return p->comes_back_anyway == (which == BACK_ANYWAY);
    }
}

static void add_back(struct ck_emitter *e, struct strbuf *out, enum which which)
{
    for (size_t i = 0; i < e->n_pieces; i++) {
        const struct ck_piece *p = &e->pieces[i];
        if (!*p->back || !goes_back(p, which))
            continue;
        add_break(e, out);
        strbuf_adds(out, p->back);
    }
}

/* ---- in front of the loop ---- */

/* Variables without a value are copied: gcc says so at their declarations, if not here; those that
 * can only be copied by value clang finds, too, and sanitizers look at what a _Bool is. */
static void add_values(struct ck_emitter *e, struct strbuf *out)
{
    for (size_t i = 0; i < e->n_pieces; i++) {
        const struct ck_piece *p = &e->pieces[i];
        const struct variable *v = p->var;
        if (!p->is_in_register || p->is_inner || v->init || v->is_parameter)
            continue;
        if (v->is_register)
            emit_checkpoint_initialize(e, v);
        else if (e->all->request->is_gcc && v->type->size <= sizeof(void *))
            strbuf_addf(out, "__asm__(\"\" : \"+%c\"(%s)); ",
                        v->type->kind == TYPE_BOOL ? 'm' : 'r', v->name);
    }
}

static void add_enter(struct ck_emitter *e, struct strbuf *out)
{
    if (e->n_objects)
        strbuf_addf(out, "struct memo_span memo_co_%u[%zu]; ", e->id, e->n_objects);
    strbuf_addf(out, "{ %s", e->refresh);
    for (size_t i = 0; i < e->n_inputs; i++)
        strbuf_adds(out, e->inputs[i].setup);
    if (e->n_inputs)
        strbuf_addf(out, "struct memo_span memo_cy[%zu]; ", e->n_inputs);
    for (size_t i = 0; i < e->n_inputs; i++)
        strbuf_addf(out, "memo_cy[%zu].m_data = (void *)(%s); memo_cy[%zu].m_count = %s; ", i,
                    e->inputs[i].data, i, e->inputs[i].count);
    for (size_t i = 0, k = 0; i < e->n_inputs; i++)
        if (e->inputs[i].object) {
            strbuf_addf(out, "memo_co_%u[%zu].m_data = memo_cy[%zu].m_data; ", e->id, k, i);
            strbuf_addf(out, "memo_co_%u[%zu].m_count = %s; ", e->id, k++, e->inputs[i].object);
        }
    strbuf_addf(out, "if (memo_ck_enter(&memo_ck_%u, &memo_cx_%u, %s)) memo_cr_%u = 1; } ", e->id,
                e->id, e->n_inputs ? "memo_cy" : "0", e->id);
}

/* Up to where the loop's own initialization stands, in a block of its own. */
static void add_front(struct ck_emitter *e, struct strbuf *out)
{
    unsigned id = e->id;
    add_line(e, out, e->loop->range.begin);
    strbuf_addf(out,
                "{ MEMO_CK_QUIET memo_abi_u64 memo_ci_%u = 0; const memo_abi_u64 *memo_cm_%u; ", id,
                id);
    strbuf_addf(out, "struct memo_ck memo_ck_%u __attribute__((cleanup(memo_ck_leave))) = {0}; ",
                id);
    strbuf_addf(out, "struct memo_ck_span memo_cp_%u[%zu]; int memo_cr_%u = 0; ", id,
                e->n_pieces ? e->n_pieces : 1, id);
    add_copies(e, out, false);
    add_values(e, out);
    strbuf_adds(out, e->event);
    add_enter(e, out);
    strbuf_addf(out, "if (memo_cr_%u) goto memo_restore_%u; if (0) { memo_fresh_%u: ", id, id, id);
    add_back(e, out, BACK_OUTER);
    strbuf_addf(out, "memo_ci_%u = 0; } MEMO_CK_LOUD { ", id);
}

/* From the initialization up to the loop. */
static void add_restore(struct ck_emitter *e, struct strbuf *out)
{
    unsigned id = e->id;
    strbuf_addf(out, "MEMO_CK_QUIET memo_restore_%u:; ", id);
    add_copies(e, out, true);
    add_spans(e, out, AT_BEGIN);
    add_bounds(e, out);
    strbuf_addf(out,
                "memo_ck_begin(%s); if (memo_ck_%u.m_final == MEMO_CK_FRESH) { "
                "memo_ck_undo(&memo_ck_%u, memo_cp_%u); goto memo_fresh_%u; } ",
                arguments(e), id, id, id, id);
    strbuf_addf(out, "if (memo_ck_%u.m_restored) { ", id);
    add_back(e, out, BACK_RESTORED);
    strbuf_addf(out, "memo_ci_%u = memo_ck_%u.m_at; } ", id, id);
    add_back(e, out, BACK_ANYWAY);
    strbuf_addf(out, "memo_cm_%u = memo_ck_%u.m_next; ", id, id);
    if (keeps(e) && has_end(e))
        strbuf_addf(out, "if (memo_ck_%u.m_final == MEMO_CK_END) goto memo_end_%u; ", id, id);
    if (keeps(e) && e->loop->root->kind == NODE_DO)
        strbuf_addf(out, "if (memo_ck_%u.m_final == MEMO_CK_TOP) goto memo_cont_%u; ", id, id);
    strbuf_adds(out, "MEMO_CK_LOUD ");
}

/* ---- in the loop ---- */

/* May loops be entered inside, whose place among the iterations is to be known? */
static bool calls_others(const struct node *n)
{
    bool is_call = n->kind == NODE_CALL && !(n->fn && n->fn->is_builtin);
    bool found = is_call || n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
    for (size_t i = 0; i < n->n_kids && !found; i++)
        found = calls_others(n->kids[i]);
    return found;
}

static bool needs_place(const struct ck_emitter *e)
{
    bool found = keeps(e);
    for (size_t i = 0; i < e->loop->root->n_kids && !found; i++)
        found = calls_others(e->loop->root->kids[i]);
    return found;
}

static void add_top(struct ck_emitter *e, struct strbuf *out)
{
    unsigned id = e->id;
    strbuf_addf(out,
                "if (__builtin_expect(memo_ci_%u++ >= __atomic_load_n(memo_cm_%u, "
                "__ATOMIC_RELAXED), 0)) { %smemo_ck_%u.m_at = memo_ci_%u - 1; ",
                id, id, e->event, id, id);
    add_spans(e, out, AT_SAVE);
    strbuf_addf(out, "memo_ck_save(%s); ", arguments(e));
    add_back(e, out, BACK_IN_REGISTER); /* no register has to outlive the call */
    strbuf_adds(out, "} ");
    if (needs_place(e))
        strbuf_addf(out, "memo_ck_%u.m_at = memo_ci_%u - 1; ", id, id);
}

static void insert(struct ck_emitter *e, size_t at, const char *text, int rank)
{
    edit_add(e->edits,
             (struct edit){.file = e->file, .begin = at, .end = at, .text = text, .rank = rank});
}

static void insert_inline(struct ck_emitter *e, size_t at, const char *text, int rank)
{
    edit_add(e->edits, (struct edit){.file = e->file,
                                     .begin = at,
                                     .end = at,
                                     .text = text,
                                     .is_inline = true,
                                     .rank = rank});
}

static void close(struct ck_emitter *e, size_t begin, size_t end, const char *text, int rank)
{
    edit_add(e->edits, (struct edit){.file = e->file,
                                     .begin = end,
                                     .end = end,
                                     .text = text,
                                     .is_inline = !strchr(text, '\n'),
                                     .is_end = true,
                                     .partner = begin,
                                     .rank = rank});
}

static void add_condition(struct ck_emitter *e, struct strbuf *out)
{
    strbuf_adds(out, "(void)__extension__ ({ MEMO_CK_QUIET ");
    add_top(e, out);
    strbuf_adds(out, keeps(e) ? "MEMO_CK_LOUD }), (" : "MEMO_CK_LOUD }), ");
}

/* Behind a condition: false is the end only if that may be. */
static void end_condition(struct ck_emitter *e, size_t begin, size_t end)
{
    struct strbuf out = STRBUF_INIT;
    if (!keeps(e))
        return;
    add_line(e, &out, end);
    strbuf_addf(&out,
                ") || __extension__ ({ if (!memo_ck_ended(&memo_ck_%u)) { "
                "memo_ck_undo(&memo_ck_%u, memo_cp_%u); goto memo_fresh_%u; } 0; })",
                e->id, e->id, e->id, e->id);
    close(e, begin, end, take(e, &out), INSIDE);
}

static bool wrap_body(struct ck_emitter *e, const struct node *body)
{
    struct strbuf out = STRBUF_INIT;
    struct src_range r;
    if (!stmt_range(e->fe, body, &r) || r.src != e->loop->range.src) {
        refuse(e);
        return false;
    }
    add_line(e, &out, r.begin);
    strbuf_adds(&out, "{ MEMO_CK_QUIET ");
    add_top(e, &out);
    strbuf_adds(&out, "MEMO_CK_LOUD { ");
    insert(e, r.begin, take(e, &out), INSIDE);
    bool is_jumped_to = keeps(e) && e->loop->root->kind == NODE_DO;
    close(e, r.begin, r.end,
          is_jumped_to ? arena_printf(e->arena, " } memo_cont_%u:; }", e->id) : " } }", INSIDE);
    return true;
}

/* ---- the three loops ---- */

static bool has_variable_size(const struct type *t)
{
    while (t && t->kind == TYPE_POINTER)
        t = t->element;
    return t && t->is_variable;
}

/* No `goto` may lead past such a declaration. */
static bool check_head(struct ck_emitter *e, const struct node *n)
{
    bool ok = true;
    if (n->kind == NODE_DECL && n->var && has_variable_size(n->var->type)) {
        diag_report(e->all->request->diag, err_checkpoint_head, n->var->range, n->var->name);
        diag_report(e->all->request->diag, note_checkpoint_head, e->loop->annotation->range);
        return false;
    }
    for (size_t i = 0; n->is_declaration && i < n->n_kids; i++)
        ok &= check_head(e, n->kids[i]);
    return ok;
}

static bool emit_for(struct ck_emitter *e)
{
    const struct checkpoint_loop *l = e->loop;
    const struct for_parts *parts = &l->parts;
    struct strbuf out = STRBUF_INIT;
    bool endless = is_endless(parts->cond);
    if (parts->init && !check_head(e, parts->init))
        return false;
    add_front(e, &out);
    edit_add(e->edits, (struct edit){.file = e->file,
                                     .begin = l->range.begin,
                                     .end = parts->init_range.begin,
                                     .text = take(e, &out),
                                     .rank = AROUND});
    if (!parts->init) /* it is the empty statement else */
        insert_inline(e, parts->init_range.begin, "(void)0", INSIDE);
    add_line(e, &out, parts->cond_range.begin);
    add_restore(e, &out);
    strbuf_adds(&out, "for (; ");
    if (!endless)
        add_condition(e, &out);
    insert(e, parts->cond_range.begin, take(e, &out), INSIDE);
    if (endless)
        return wrap_body(e, parts->body);
    end_condition(e, parts->cond_range.begin, parts->cond_range.end);
    return true;
}

/* The parentheses that follow the next word at or behind `at`. */
static bool find_parentheses(struct ck_emitter *e, size_t at, const char *word, size_t *open,
                             size_t *end)
{
    struct clex lx;
    struct clex_token t;
    size_t depth = 0;
    clex_init(&lx, e->file->src.text, e->file->src.len);
    lx.pos = at;
    lx.at_line_start = false;
    do
        if (clex_next(&lx, &t) == CLEX_END)
            return false;
    while (!clex_is(&lx, &t, word));
    while (clex_next(&lx, &t) != CLEX_END) {
        if (clex_is(&lx, &t, "(") && depth++ == 0)
            *open = t.end;
        if (depth && clex_is(&lx, &t, ")") && --depth == 0) {
            *end = t.begin;
            return true;
        }
        if (!depth && t.kind != CLEX_NEWLINE)
            break;
    }
    return false;
}

static bool emit_while(struct ck_emitter *e)
{
    const struct node *root = e->loop->root;
    struct strbuf out = STRBUF_INIT;
    size_t open, end;
    add_front(e, &out);
    add_restore(e, &out);
    insert(e, e->loop->range.begin, take(e, &out), AROUND);
    if (is_endless(stmt_condition(root)))
        return wrap_body(e, stmt_body(root));
    if (!find_parentheses(e, e->loop->range.begin, "while", &open, &end)) {
        refuse(e);
        return false;
    }
    add_line(e, &out, open);
    add_condition(e, &out);
    insert(e, open, take(e, &out), INSIDE);
    end_condition(e, open, end);
    return true;
}

static bool emit_do(struct ck_emitter *e)
{
    const struct node *root = e->loop->root;
    struct strbuf out = STRBUF_INIT;
    struct src_range body;
    size_t open, end;
    add_front(e, &out);
    add_restore(e, &out);
    insert(e, e->loop->range.begin, take(e, &out), AROUND);
    if (!wrap_body(e, stmt_body(root)))
        return false;
    if (!keeps(e))
        return true;
    if (!stmt_range(e->fe, stmt_body(root), &body) ||
        !find_parentheses(e, body.end, "while", &open, &end)) {
        refuse(e);
        return false;
    }
    insert_inline(e, open, "(", INSIDE);
    end_condition(e, open, end);
    return true;
}

static void emit_end(struct ck_emitter *e)
{
    struct strbuf out = STRBUF_INIT;
    const struct checkpoint_loop *l = e->loop;
    if (keeps(e) && has_end(e)) {
        add_line(e, &out, l->range.end - 1);
        strbuf_addf(&out, "MEMO_CK_QUIET %s", e->event);
        if (l->root->kind == NODE_DO)
            strbuf_addf(&out, "memo_ck_%u.m_at = memo_ci_%u; ", e->id, e->id);
        add_spans(e, &out, AT_SAVE);
        strbuf_addf(&out, "memo_ck_final(%s); memo_end_%u:; MEMO_CK_LOUD ", arguments(e), e->id);
    } else {
        /* What is still pending is part of the loop: it has no end before. */
        strbuf_addf(&out, " %s", e->event);
    }
    strbuf_adds(&out, " } }");
    close(e, l->range.begin, l->range.end, take(e, &out), AROUND);
}

/* ---- pragmas ---- */

static void emit_nows(struct ck_emitter *e)
{
    const char *text = arena_printf(e->arena, "memo_ck_now(&memo_ck_%u); ", e->id);
    for (size_t i = 0; i < e->loop->n_nows; i++) {
        const struct checkpoint_now *now = &e->loop->nows[i];
        const struct source *src = &now->file->src;
        struct src_range r;
        if (now->alone && stmt_range(e->fe, now->alone, &r)) {
            insert_inline(e, r.begin, arena_printf(e->arena, "{ %s", text), INSIDE);
            close(e, r.begin, r.end, " }", INSIDE);
            continue;
        }
        size_t at = now->site->end;
        if (strchr("#%", src->text[now->site->begin])) /* the directive itself is taken out */
            while (at < src->len && src->text[at - 1] != '\n')
                at++;
        insert_inline(e, at, text, INSIDE);
    }
}

/* "GCC ivdep" and the like want a loop right behind them. */
static bool is_for_a_loop(const char *p, const char *end)
{
    static const char *const words[] = {"GCC ivdep", "GCC unroll", "GCC novector",  "clang loop",
                                        "unroll",    "nounroll",   "unroll_and_jam"};
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(end - p) >= n && memcmp(p, words[i], n) == 0)
            return true;
    }
    return false;
}

static void blank(struct ck_emitter *e, size_t begin, size_t end, bool is_directive)
{
    edit_add(
        e->edits,
        (struct edit){
            .file = e->file, .begin = begin, .end = end, .text = "", .is_directive = is_directive});
}

/* They would stand before our block: what they ask for can't be had of the loop any more. */
static void blank_hints(struct ck_emitter *e)
{
    const char *text = e->file->src.text, *end = text + e->loop->range.begin;
    const char *line = text + e->loop->site->begin;
    while (line > text) { /* lines of directives above ours, too */
        const char *above = line - 1;
        while (above > text && above[-1] != '\n')
            above--;
        const char *p = above;
        while (*p == ' ' || *p == '\t')
            p++;
        if (*p != '#' && *p != '\n' && p < text + e->loop->site->begin)
            break;
        line = above;
    }
    while (line < end) {
        const char *p = line, *eol = memchr(line, '\n', (size_t)(end - line));
        eol = eol ? eol : end;
        while (p < eol && (*p == ' ' || *p == '\t'))
            p++;
        const char *word = memmem(p, (size_t)(eol - p), "pragma", 6);
        if (p < eol && *p == '#' && word && is_for_a_loop(word + 6, eol))
            blank(e, (size_t)(p - text), (size_t)(eol - text), true);
        for (; (p = memmem(p, (size_t)(eol - p), "_Pragma(\"", 9)); p += 9) {
            const char *close = memchr(p, ')', (size_t)(end - p));
            if (close && is_for_a_loop(p + 9, eol))
                blank(e, (size_t)(p - text), (size_t)(close + 1 - text), false);
        }
        line = eol + 1;
    }
}

/* ---- all of it ---- */

static bool stands_in(const struct checkpoint_loop *l, const struct sync_region *r)
{
    for (const struct node *n = l->root; n; n = n->parent)
        if (n == r->root)
            return true;
    return r->fn == l->fn && r->is_function;
}

static void find_events(struct ck_emitter *e)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = e->all->n_syncs; i-- > 0;) /* inner ones first */
        if (stands_in(e->loop, e->all->syncs[i]->region))
            strbuf_addf(&out, "(void)memo_sync_event(&memo_s_%u); ", e->all->syncs[i]->id);
    e->event = take(e, &out);
}

/* Shapes name variables as the user does; what synchronized code keeps elsewhere leaves a variable
 * of that name unused, which gets the value for them. */
static void find_refresh(struct ck_emitter *e)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < e->loop->n_visible; i++) {
        struct variable *var = e->loop->visible[i];
        struct checkpoint_variable v = {.var = var, .text = var->name, .type = var->type};
        const char *moved = emit_checkpoint_moved(e, &v);
        bool is_named = false;
        for (size_t k = 0; moved && k < e->plan->n_sections && !is_named; k++)
            is_named = strstr(e->plan->sections[k].shape->text, var->name) != NULL;
        if (is_named)
            strbuf_addf(&out, "__builtin_memcpy((void *)&%s, (const void *)&%s, sizeof %s); ",
                        var->name, moved, moved);
    }
    e->refresh = take(e, &out);
}

static bool emit_loop(struct ck_emitter *e)
{
    switch (e->loop->root->kind) {
    case NODE_FOR:
        return emit_for(e);
    case NODE_WHILE:
        return emit_while(e);
    default:
        return emit_do(e);
    }
}

static void init(struct ck_emitter *e, struct checkpoint_emission *all,
                 struct checkpoint_plan *plan)
{
    struct checkpoint_loop *l = plan->loop;
    *e = (struct ck_emitter){.plan = plan,
                             .loop = l,
                             .arena = plan->arena,
                             .fe = plan->fe,
                             .edits = all->edits,
                             .file = l->file,
                             .all = all,
                             .id = l->id,
                             .before = STRBUF_INIT};
    e->mf = (struct memo_function){.fn = l->fn,
                                   .annotation = l->annotation,
                                   .site = l->site,
                                   .scope = l->scope,
                                   .request = all->request,
                                   .effects = plan->effects};
    e->memo = (struct memo_plan){.mf = &e->mf, .fingerprint = plan->fingerprint};
    e->planner =
        (struct planner){.plan = &e->memo, .mf = &e->mf, .arena = plan->arena, .scope = &l->scope};
}

void emit_checkpoints(struct checkpoint_emission *all)
{
    for (size_t i = 0; i < all->n_plans; i++) {
        struct ck_emitter e;
        init(&e, all, all->plans[i]);
        strbuf_adds(&e.before, emit_sync_quiet);
        find_events(&e);
        find_refresh(&e);
        if (emit_checkpoint_state(&e) && emit_loop(&e)) {
            emit_checkpoint_tables(&e);
            strbuf_adds(&e.before, emit_sync_quiet_end);
            edit_add(e.edits, (struct edit){.file = e.file,
                                            .begin = e.loop->fn->header.begin,
                                            .end = e.loop->fn->header.begin,
                                            .text = take(&e, &e.before),
                                            .needs_preamble = true});
            emit_end(&e);
            emit_nows(&e);
            blank_hints(&e);
        }
        strbuf_release(&e.before);
    }
}
