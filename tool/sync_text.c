/* sync_text.c - the texts of a statement: arguments, destination, and the whole with results
 * in place of calls; see sync_private.h.
 *
 * Where a macro makes a call, its statement is expanded first. In both cases the calls are
 * then found among the tokens, by name and order; if there are more or fewer than there are
 * nodes, nothing is taken out. */
#include <string.h>

#include "clex.h"
#include "macro.h"
#include "node.h"
#include "sync_private.h"

struct span {
    size_t begin, end;
};
struct replacement {
    struct span span;
    const char *text;
};

struct texter {
    struct sync_plan *p;
    struct sync_item *it;
    const char *text;
    size_t len;
    struct ctokens tokens;
    struct arena *scratch;    /* the tokens live there */
    struct replacement *subs; /* in order of their begin; nested ones, too */
    size_t n_subs, cap_subs;
};

static const struct ctoken *token(const struct texter *t, size_t i)
{
    return i < t->tokens.n ? &t->tokens.items[i] : NULL;
}

static int depth_change(const struct ctoken *t)
{
    if (ctoken_is(t, "(") || ctoken_is(t, "[") || ctoken_is(t, "{"))
        return 1;
    if (ctoken_is(t, ")") || ctoken_is(t, "]") || ctoken_is(t, "}"))
        return -1;
    return 0;
}

/* The token that closes the parenthesis at `open`; the number of tokens if none does. */
static size_t closing(const struct texter *t, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < t->tokens.n; i++) {
        depth += depth_change(&t->tokens.items[i]);
        if (depth == 0)
            return i;
    }
    return t->tokens.n;
}

/* [begin, end) of the text with its replacements, outermost ones. */
static const char *text_of(struct texter *t, struct span s)
{
    struct strbuf out = STRBUF_INIT;
    size_t at = s.begin;
    for (size_t i = 0; i < t->n_subs; i++) {
        const struct replacement *r = &t->subs[i];
        if (r->span.begin < at || r->span.end > s.end)
            continue;
        strbuf_add(&out, t->text + at, r->span.begin - at);
        strbuf_adds(&out, r->text);
        at = r->span.end;
    }
    strbuf_add(&out, t->text + at, s.end - at);
    char *copy = arena_strndup(t->p->arena, out.buf, out.len);
    strbuf_release(&out);
    return copy;
}

/* ---- the text itself ---- */

static bool has_directive(const char *text, size_t len)
{
    struct clex lx;
    struct clex_token tok;
    clex_init(&lx, text, len);
    while (clex_next(&lx, &tok) != CLEX_END)
        if (tok.at_line_start && clex_is(&lx, &tok, "#"))
            return true;
    return false;
}

static bool find_text(struct texter *t)
{
    const struct sync_item *it = t->it;
    bool expand = false;
    if (!it->has_range)
        return false;
    t->text = it->range.src->text + it->range.begin;
    t->len = it->range.end - it->range.begin;
    for (size_t i = 0; i < it->n_calls; i++)
        expand |= it->calls[i].node->is_macro;
    expand |= it->node->is_macro;
    if (it->n_calls && has_directive(t->text, t->len))
        return false;
    if (expand) {
        struct strbuf out = STRBUF_INIT;
        if (!macro_expand(t->p->fe->macros, t->text, t->len, &out))
            return false;
        t->text = arena_strndup(t->p->arena, out.buf, out.len);
        t->len = out.len;
        strbuf_release(&out);
    }
    ctokens_lex(&t->tokens, t->scratch, t->text, t->len);
    /* It is expanded once more where it is compiled. */
    for (size_t i = 0; expand && i < t->tokens.n; i++)
        if (t->tokens.items[i].kind == CLEX_NAME &&
            !macro_is_stable(t->p->fe->macros, t->tokens.items[i].text, t->tokens.items[i].len))
            return false;
    return t->tokens.n > 0;
}

/* ---- calls ---- */

static bool is_call_at(const struct texter *t, size_t i, const char *name)
{
    const struct ctoken *tok = token(t, i), *next = token(t, i + 1);
    if (!tok || tok->kind != CLEX_NAME || strcmp(tok->text, name) != 0)
        return false;
    if (i > 0 && (ctoken_is(token(t, i - 1), ".") || ctoken_is(token(t, i - 1), "->")))
        return false;
    if (next && ctoken_is(next, ")") && i > 0 && ctoken_is(token(t, i - 1), "("))
        next = token(t, i + 2); /* (f)(x) */
    return next && ctoken_is(next, "(");
}

static size_t count_calls(const struct texter *t, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < t->tokens.n; i++)
        n += is_call_at(t, i, name);
    return n;
}

static size_t count_nodes(const struct sync_item *it, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < it->n_calls; i++)
        n += strcmp(it->calls[i].cf->fn->name, name) == 0;
    return n;
}

/* The span of the call and the tokens of its parentheses. */
static bool find_call(const struct texter *t, const struct sync_call *c, struct span *s,
                      size_t *open, size_t *close)
{
    const char *name = c->cf->fn->name;
    unsigned k = c->ordinal;
    for (size_t i = 0; i < t->tokens.n; i++) {
        if (!is_call_at(t, i, name) || k-- > 0)
            continue;
        bool in_parens = ctoken_is(token(t, i + 1), ")");
        *open = i + (in_parens ? 2 : 1);
        *close = closing(t, *open);
        if (*close >= t->tokens.n)
            return false;
        s->begin = token(t, in_parens ? i - 1 : i)->begin;
        s->end = token(t, *close)->end;
        return true;
    }
    return false;
}

static void add_sub(struct texter *t, struct span s, const char *text)
{
    size_t at = t->n_subs;
    ARENA_PUSH(t->p->arena, t->subs, t->n_subs, t->cap_subs) = (struct replacement){s, text};
    while (at > 0 && t->subs[at - 1].span.begin > s.begin) {
        t->subs[at] = t->subs[at - 1];
        at--;
    }
    t->subs[at] = (struct replacement){s, text};
}

static bool split_arguments(struct texter *t, struct sync_call *c, size_t open, size_t close)
{
    size_t want = c->node->n_kids - 1, n = 0;
    size_t begin = token(t, open)->end;
    int depth = 0;
    c->args = arena_alloc(t->p->arena, (want + 1) * sizeof *c->args);
    c->n_args = want;
    if (close == open + 1)
        return want == 0;
    for (size_t i = open + 1; i <= close; i++) {
        const struct ctoken *tok = token(t, i);
        if (depth == 0 && (i == close || ctoken_is(tok, ","))) {
            if (n == want)
                return false;
            c->args[n++] = text_of(t, (struct span){begin, tok->begin});
            begin = tok->end;
        }
        depth += depth_change(tok);
    }
    return n == want;
}

static bool make_calls(struct texter *t)
{
    struct sync_item *it = t->it;
    struct span s;
    size_t open, close;
    for (size_t i = 0; i < it->n_calls; i++) {
        const char *name = it->calls[i].cf->fn->name;
        if (count_calls(t, name) != count_nodes(it, name))
            return false;
    }
    for (size_t i = 0; i < it->n_calls; i++) {
        struct sync_call *c = &it->calls[i];
        if (!c->is_out)
            continue;
        if (!find_call(t, c, &s, &open, &close))
            return false;
        add_sub(t, s, c->name ? arena_printf(t->p->arena, "(memo_r->%s)", c->name) : "((void)0)");
    }
    for (size_t i = 0; i < it->n_calls; i++) {
        struct sync_call *c = &it->calls[i];
        if (!c->is_out)
            continue;
        if (!find_call(t, c, &s, &open, &close) || !split_arguments(t, c, open, close))
            return false;
    }
    return true;
}

/* ---- forms ---- */

static bool is_assignment(const struct ctoken *tok)
{
    static const char *const ops[] = {
        "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (ctoken_is(tok, ops[i]))
            return true;
    return false;
}

static size_t end_of_text(const struct texter *t)
{
    const struct ctoken *last = token(t, t->tokens.n - 1);
    return ctoken_is(last, ";") ? last->begin : last->end;
}

static bool make_assignment(struct texter *t)
{
    int depth = 0;
    for (size_t i = 0; i < t->tokens.n; i++) {
        const struct ctoken *tok = token(t, i);
        if (depth == 0 && is_assignment(tok)) {
            t->it->to = text_of(t, (struct span){0, tok->begin});
            t->it->op = arena_strdup(t->p->arena, tok->text);
            t->it->right = text_of(t, (struct span){tok->end, end_of_text(t)});
            t->it->to_node = node_strip(t->it->node)->kids[0];
            return true;
        }
        depth += depth_change(tok);
    }
    return false;
}

static void add_initialization(struct texter *t, struct strbuf *out, const struct variable *v,
                               struct span init)
{
    const struct type *type = v->type;
    const char *text = text_of(t, init), *p = text + strspn(text, " \t\r\n");
    bool is_literal = *p == '{' || type->kind == TYPE_ARRAY;
    struct strbuf value = STRBUF_INIT;
    if (!is_literal)
        strbuf_addf(&value, "(%s\n)", text);
    else if (*p == '{')
        strbuf_addf(&value, "(__typeof__(%s))%s\n", type->spelling, text);
    else
        strbuf_addf(&value, "(__typeof__(%s)){%s\n}", type->spelling, text);
    if (type->kind == TYPE_ARRAY)
        strbuf_addf(out, "__builtin_memcpy(%s, %s, sizeof(%s)); ", v->name, value.buf, v->name);
    else
        strbuf_addf(out, "%s = %s; ", v->name, value.buf);
    strbuf_release(&value);
}

/* Declarators in the text and nodes go in step. */
static bool make_declaration(struct texter *t)
{
    const struct node *n = t->it->node;
    const struct node *const *decls =
        n->kind == NODE_DECL ? &n : (const struct node *const *)n->kids;
    size_t n_decls = n->kind == NODE_DECL ? 1 : n->n_kids, k = 0, equals = 0;
    struct strbuf out = STRBUF_INIT;
    bool ok = true;
    int depth = 0;
    for (size_t i = 0; i < t->tokens.n && ok; i++) {
        const struct ctoken *tok = token(t, i);
        if (depth == 0 && !equals && ctoken_is(tok, "="))
            equals = i;
        if (depth == 0 && (ctoken_is(tok, ",") || ctoken_is(tok, ";"))) {
            ok = k < n_decls && decls[k]->kind == NODE_DECL &&
                 (decls[k]->n_kids != 0) == (equals != 0);
            if (ok && equals)
                add_initialization(t, &out, decls[k]->var,
                                   (struct span){token(t, equals)->end, tok->begin});
            equals = 0;
            k++;
        }
        depth += depth_change(tok);
    }
    ok = ok && k == n_decls;
    t->it->text = arena_strndup(t->p->arena, out.buf, out.len);
    strbuf_release(&out);
    return ok;
}

/* ---- names that no node tells of: in sizeof ---- */

struct named {
    const char *name;
    bool found;
};
static void find_name(void *arg, const struct variable_use *use)
{
    struct named *n = arg;
    n->found |= use->var && use->var->name && strcmp(use->var->name, n->name) == 0;
}

static bool is_local_name(const struct function *fn, const char *name)
{
    for (size_t i = 0; i < fn->n_params; i++)
        if (fn->params[i]->name && strcmp(fn->params[i]->name, name) == 0)
            return true;
    for (size_t i = 0; i < fn->n_locals; i++)
        if (fn->locals[i]->name && strcmp(fn->locals[i]->name, name) == 0)
            return true;
    return false;
}

/* Does the deferred text name a local that its nodes don't? */
static bool names_more(struct sync_plan *p, const struct sync_item *it)
{
    const char *text = it->form == FORM_ASSIGN ? it->right : it->text;
    const struct node *n = it->form == FORM_ASSIGN ? node_strip(it->node)->kids[1] : it->node;
    struct ctokens tokens = {0};
    struct arena scratch;
    bool more = false;
    if (!text)
        return false;
    arena_init(&scratch);
    ctokens_lex(&tokens, &scratch, text, strlen(text));
    for (size_t i = 0; i < tokens.n && !more; i++) {
        const struct ctoken *prev = i ? &tokens.items[i - 1] : NULL;
        struct named named = {tokens.items[i].text, false};
        bool is_member = prev && (ctoken_is(prev, ".") || ctoken_is(prev, "->"));
        if (tokens.items[i].kind != CLEX_NAME || is_member ||
            !is_local_name(p->region->fn, named.name))
            continue;
        sync_uses(n, NULL, 0, find_name, &named);
        more = !named.found;
    }
    arena_release(&scratch);
    return more;
}

static bool make_form(struct texter *t);

bool sync_make_text(struct sync_plan *p, struct sync_item *it)
{
    struct texter t = {.p = p, .it = it};
    struct arena scratch;
    unsigned n = 0;
    for (size_t i = 0; i < it->n_calls; i++) {
        struct sync_call *c = &it->calls[i];
        if (c->is_out && c->cf->fn->result->kind != TYPE_VOID)
            c->name = arena_printf(p->arena, "memo_v%zu_%u", (size_t)c->node->range.begin, n);
        n++;
    }
    arena_init(&scratch);
    t.scratch = &scratch;
    bool ok = find_text(&t) && make_calls(&t) && make_form(&t) && !names_more(p, it);
    arena_release(&scratch);
    return ok;
}

static bool make_form(struct texter *t)
{
    switch (t->it->form) {
    case FORM_CALL:
        t->it->text = NULL;
        return true;
    case FORM_ASSIGN:
        return make_assignment(t);
    case FORM_DECLARATION:
        return make_declaration(t);
    case FORM_WHOLE:
        break;
    }
    t->it->text = text_of(t, (struct span){0, t->len});
    return true;
}
