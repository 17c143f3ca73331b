/* macro.c - see macro.h.
 *
 * Prosser's algorithm: each token carries the set of macros that may not be
 * expanded in it any more (its hide set), so self-reference stops by itself. All
 * lists live in one arena, and a budget of tokens bounds what hostile definitions
 * can ask for. */
#include "macro.h"

#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "clex.h"
#include "sites.h"

#define BUDGET 100000u   /* tokens made by one call */
#define MAX_TEXT 100000u /* bytes of one token made by # or ## */
#define MAX_DEPTH 100u   /* invocations inside arguments of invocations */

struct macro {
    const char *name, *text; /* text: parameters and replacement, as written */
    size_t name_len, text_len;
    bool is_parsed, is_broken, is_function, is_variadic;
    const char **params; /* the variadic one last: "__VA_ARGS__" or its GNU name */
    size_t n_params, cap_params;
    struct ctokens body;
    unsigned pragma_at; /* generation of the table for which makes_pragma holds */
    bool makes_pragma;
};

struct name_set { /* open addressing; slots are NULL or struct macro */
    struct macro **slots;
    size_t n, cap;
};

struct macro_table {
    struct arena *arena;
    struct name_set macros, types;
    unsigned generation;
};

/* ---- the table ---- */

static size_t hash_name(const char *s, size_t n)
{
    size_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

/* The slot where that name is or would be; cap isn't 0. */
static struct macro **slot_of(const struct name_set *set, const char *name, size_t len)
{
    for (size_t i = hash_name(name, len);; i++) {
        struct macro **slot = &set->slots[i & (set->cap - 1)];
        if (!*slot || ((*slot)->name_len == len && memcmp((*slot)->name, name, len) == 0))
            return slot;
    }
}

static struct macro *lookup(const struct name_set *set, const char *name, size_t len)
{
    return set->cap ? *slot_of(set, name, len) : NULL;
}

static void add(struct name_set *set, struct arena *arena, struct macro *m)
{
    if (set->n * 2 >= set->cap) {
        struct name_set bigger = {.n = set->n, .cap = set->cap ? set->cap * 2 : 256};
        bigger.slots = arena_alloc(arena, bigger.cap * sizeof *bigger.slots);
        for (size_t i = 0; i < set->cap; i++)
            if (set->slots[i])
                *slot_of(&bigger, set->slots[i]->name, set->slots[i]->name_len) = set->slots[i];
        *set = bigger;
    }
    struct macro **slot = slot_of(set, m->name, m->name_len);
    set->n += !*slot;
    *slot = m;
}

struct macro_table *macro_table_new(struct arena *arena)
{
    struct macro_table *t = ARENA_NEW(arena, struct macro_table);
    t->arena = arena;
    t->generation = 1;
    return t;
}

void macro_define(struct macro_table *t, const char *text, size_t len)
{
    struct clex lx;
    struct clex_token name;
    clex_init(&lx, text, len);
    if (clex_next(&lx, &name) != CLEX_NAME)
        return;
    struct strbuf s = STRBUF_INIT;
    clex_spell(&lx, &name, &s);
    struct macro *m = ARENA_NEW(t->arena, struct macro);
    m->name = arena_strndup(t->arena, s.buf, s.len);
    m->name_len = s.len;
    m->text = arena_strndup(t->arena, text + name.end, len - name.end);
    m->text_len = len - name.end;
    strbuf_release(&s);
    add(&t->macros, t->arena, m);
    t->generation++;
}

void macro_add_type(struct macro_table *t, const char *name, size_t len)
{
    struct macro *m = ARENA_NEW(t->arena, struct macro);
    m->name = arena_strndup(t->arena, name, len);
    m->name_len = len;
    add(&t->types, t->arena, m);
}

bool macro_is_type(const struct macro_table *t, const char *name, size_t len)
{
    return lookup(&t->types, name, len) != NULL;
}

bool macro_has_types(const struct macro_table *t)
{
    return t->types.n > 0;
}

/* "a, b, ...)" or "args...)": tokens from *i, which is moved behind the ')'. */
static bool parse_params(struct macro *m, struct arena *arena, const struct ctokens *in, size_t *i)
{
    const struct ctoken *t = in->items;
    while (*i < in->n && !ctoken_is(&t[*i], ")")) {
        if (m->n_params || m->is_variadic) {
            if (m->is_variadic || !ctoken_is(&t[*i], ",") || ++*i == in->n)
                return false;
        }
        const char *name = t[*i].kind == CLEX_NAME ? t[(*i)++].text : NULL;
        if (*i < in->n && ctoken_is(&t[*i], "...")) {
            m->is_variadic = true;
            (*i)++;
        } else if (!name) {
            return false;
        }
        ARENA_PUSH(arena, m->params, m->n_params, m->cap_params) = name ? name : "__VA_ARGS__";
    }
    return (*i)++ < in->n;
}

static void parse_macro(struct macro *m, struct arena *arena)
{
    struct ctokens in = {0};
    size_t i = 0;
    m->is_parsed = true;
    ctokens_lex(&in, arena, m->text, m->text_len);
    if (in.n && ctoken_is(&in.items[0], "(") && in.items[0].begin == 0) {
        m->is_function = true;
        i = 1;
        m->is_broken = !parse_params(m, arena, &in, &i);
    }
    if (!m->is_broken && i < in.n)
        m->body = (struct ctokens){in.items + i, in.n - i, in.n - i};
}

static struct macro *find(const struct macro_table *t, const char *name, size_t len)
{
    struct macro *m = t ? lookup(&t->macros, name, len) : NULL;
    if (m && !m->is_parsed)
        parse_macro(m, t->arena);
    return m && !m->is_broken ? m : NULL;
}

bool macro_is_defined(const struct macro_table *t, const char *name, size_t len)
{
    return find(t, name, len) != NULL;
}

bool macro_is_stable(const struct macro_table *t, const char *name, size_t len)
{
    const struct macro *m = find(t, name, len);
    return !m || m->is_function || (m->body.n == 1 && strcmp(m->body.items[0].text, name) == 0);
}

bool macro_may_make_pragma(const struct macro_table *t, const char *name, size_t len)
{
    struct macro *first = find(t, name, len);
    if (!first)
        return false;
    if (first->pragma_at == t->generation)
        return first->makes_pragma;
    struct arena scratch;
    struct name_set seen = {0};
    struct macro **todo = NULL;
    size_t n = 0, cap = 0;
    bool found = false;
    arena_init(&scratch);
    ARENA_PUSH(&scratch, todo, n, cap) = first;
    add(&seen, &scratch, first);
    for (size_t i = 0; i < n && !found; i++) {
        for (size_t k = 0; k < todo[i]->body.n && !found; k++) {
            const struct ctoken *b = &todo[i]->body.items[k];
            found = ctoken_is(b, "_Pragma");
            struct macro *m = b->kind == CLEX_NAME ? find(t, b->text, b->len) : NULL;
            if (m && !lookup(&seen, m->name, m->name_len)) {
                add(&seen, &scratch, m);
                ARENA_PUSH(&scratch, todo, n, cap) = m;
            }
        }
    }
    arena_release(&scratch);
    first->pragma_at = t->generation;
    first->makes_pragma = found;
    return found;
}

/* ---- lists of tokens ---- */

struct hide {
    const struct hide *next;
    const struct macro *macro;
};

struct node {
    struct node *next;
    struct ctoken t;
    const struct hide *hide;
};

struct list {
    struct node *first, *last;
};

struct expander {
    const struct macro_table *table;
    struct arena *arena;
    unsigned budget, depth;
    const char *why; /* NULL until something fails */
    size_t bad;      /* begin of the invocation that failed */
};

static bool fail(struct expander *x, const char *why, size_t bad)
{
    if (!x->why) {
        x->why = why;
        x->bad = bad;
    }
    return false;
}

static struct node *push(struct expander *x, struct list *l, const struct ctoken *t,
                         const struct hide *hide)
{
    if (x->budget == 0)
        fail(x, "the expansion is too long", t->begin);
    else
        x->budget--;
    struct node *n = ARENA_NEW(x->arena, struct node);
    *n = (struct node){NULL, *t, hide};
    if (l->last)
        l->last->next = n;
    else
        l->first = n;
    return l->last = n;
}

static void append(struct expander *x, struct list *l, const struct list *more)
{
    for (const struct node *n = more->first; n && !x->why; n = n->next)
        push(x, l, &n->t, n->hide);
}

static bool is_hidden(const struct hide *h, const struct macro *m)
{
    for (; h; h = h->next)
        if (h->macro == m)
            return true;
    return false;
}

static const struct hide *hide_add(struct expander *x, const struct hide *h, const struct macro *m)
{
    if (is_hidden(h, m))
        return h;
    struct hide *n = ARENA_NEW(x->arena, struct hide);
    *n = (struct hide){h, m};
    return n;
}

static const struct hide *hide_union(struct expander *x, const struct hide *a, const struct hide *b)
{
    if (!a)
        return b;
    for (; b; b = b->next)
        a = hide_add(x, a, b->macro);
    return a;
}

static const struct hide *hide_both(struct expander *x, const struct hide *a, const struct hide *b)
{
    const struct hide *out = NULL;
    for (; a; a = a->next)
        if (is_hidden(b, a->macro))
            out = hide_add(x, out, a->macro);
    return out;
}

/* ---- substitution (C11 6.10.3.1 to 6.10.3.3) ---- */

struct arg {
    struct list raw, expanded;
    bool is_expanded;
};

struct invocation {
    const struct macro *macro;
    struct arg *args; /* one for each parameter; NULL for an object-like macro */
    size_t begin, end;
};

static struct list expand(struct expander *x, struct node *in);
static struct list substitute(struct expander *x, struct invocation *inv, size_t i, size_t end);

static struct arg *arg_of(const struct invocation *inv, const struct ctoken *t)
{
    for (size_t i = 0; inv->args && t->kind == CLEX_NAME && i < inv->macro->n_params; i++)
        if (strcmp(inv->macro->params[i], t->text) == 0)
            return &inv->args[i];
    return NULL;
}

static bool is_variadic_arg(const struct invocation *inv, const struct arg *a)
{
    return inv->macro->is_variadic && a == &inv->args[inv->macro->n_params - 1];
}

static const struct list *expanded(struct expander *x, struct arg *a)
{
    if (!a->is_expanded) {
        a->expanded = expand(x, a->raw.first);
        a->is_expanded = true;
    }
    return &a->expanded;
}

static void made_token(struct expander *x, struct list *out, const struct invocation *inv,
                       enum clex_kind kind, const struct strbuf *text, bool has_blank)
{
    struct ctoken t = {.kind = kind,
                       .text = arena_strndup(x->arena, text->buf, text->len),
                       .len = text->len,
                       .begin = inv->begin,
                       .end = inv->end,
                       .has_blank = has_blank,
                       .is_from_macro = true};
    push(x, out, &t, NULL);
}

/* #parameter */
static void stringize(struct expander *x, struct list *out, const struct invocation *inv,
                      const struct arg *a, bool has_blank)
{
    struct strbuf s = STRBUF_INIT;
    strbuf_addc(&s, '"');
    for (const struct node *n = a->raw.first; n && s.len < MAX_TEXT; n = n->next) {
        if (n != a->raw.first && n->t.has_blank)
            strbuf_addc(&s, ' ');
        bool is_literal = n->t.kind == CLEX_STRING || n->t.kind == CLEX_CHAR;
        for (size_t i = 0; i < n->t.len; i++) {
            if (is_literal && (n->t.text[i] == '"' || n->t.text[i] == '\\'))
                strbuf_addc(&s, '\\');
            strbuf_addc(&s, n->t.text[i]);
        }
    }
    strbuf_addc(&s, '"');
    if (s.len >= MAX_TEXT)
        fail(x, "the expansion is too long", inv->begin);
    else
        made_token(x, out, inv, CLEX_STRING, &s, has_blank);
    strbuf_release(&s);
}

/* left ## right: the last token of one and the first of the other become one. */
static void paste(struct expander *x, const struct invocation *inv, struct list *left,
                  const struct list *right)
{
    if (!left->first || !right->first) { /* one of them is a placemarker */
        append(x, left, right);
        return;
    }
    struct node *l = left->last;
    struct strbuf s = STRBUF_INIT;
    struct ctokens made = {0};
    strbuf_add(&s, l->t.text, l->t.len);
    strbuf_add(&s, right->first->t.text, right->first->t.len);
    if (s.len >= MAX_TEXT)
        fail(x, "the expansion is too long", inv->begin);
    else
        ctokens_lex(&made, x->arena, s.buf, s.len);
    if (made.n != 1 || made.items[0].is_open || made.items[0].len != s.len) {
        fail(x, "'##' does not give a token", inv->begin);
    } else {
        l->t.kind = made.items[0].kind;
        l->t.text = made.items[0].text;
        l->t.len = made.items[0].len;
        l->t.no_expand = false;
        l->hide = hide_both(x, l->hide, right->first->hide);
        struct list rest = {right->first->next, right->last};
        append(x, left, &rest);
    }
    strbuf_release(&s);
}

/* The end of __VA_OPT__( ... ) whose '(' is body[open]; 0 if it has none. */
static size_t va_opt_end(const struct macro *m, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < m->body.n; i++) {
        if (ctoken_is(&m->body.items[i], "("))
            depth++;
        else if (ctoken_is(&m->body.items[i], ")") && --depth == 0)
            return i;
    }
    return 0;
}

/* The tokens that stand for body[*i]; *i is moved behind it. An operand of ## is
 * raw: not expanded. */
static struct list operand(struct expander *x, struct invocation *inv, size_t *i, bool is_raw)
{
    const struct macro *m = inv->macro;
    const struct ctoken *t = &m->body.items[*i];
    struct list out = {0};
    struct arg *a;
    if (m->is_function && ctoken_is(t, "#") && *i + 1 < m->body.n && (a = arg_of(inv, t + 1))) {
        stringize(x, &out, inv, a, t->has_blank);
        *i += 2;
        return out;
    }
    if (m->is_variadic && ctoken_is(t, "__VA_OPT__") && *i + 1 < m->body.n &&
        ctoken_is(t + 1, "(")) {
        size_t close = va_opt_end(m, *i + 1);
        if (!close || x->depth >= MAX_DEPTH) {
            fail(x, "'__VA_OPT__' without its end", inv->begin);
        } else if (expanded(x, &inv->args[m->n_params - 1])->first) {
            x->depth++;
            out = substitute(x, inv, *i + 2, close);
            x->depth--;
        }
        *i = close ? close + 1 : m->body.n;
        return out;
    }
    (*i)++;
    a = arg_of(inv, t);
    if (a) {
        append(x, &out, is_raw ? &a->raw : expanded(x, a));
        if (out.first)
            out.first->t.has_blank = t->has_blank;
        return out;
    }
    struct ctoken c = *t;
    c.begin = inv->begin;
    c.end = inv->end;
    push(x, &out, &c, NULL);
    return out;
}

/* The replacement body[i, end) with its arguments in place. */
static struct list substitute(struct expander *x, struct invocation *inv, size_t i, size_t end)
{
    const struct ctoken *b = inv->macro->body.items;
    struct list out = {0};
    while (i < end && !x->why) {
        bool is_pasted = i + 1 < end && ctoken_is(&b[i + 1], "##");
        bool is_comma = is_pasted && ctoken_is(&b[i], ",");
        struct list left = operand(x, inv, &i, is_pasted);
        while (!x->why && i + 1 < end && ctoken_is(&b[i], "##")) {
            i++;
            struct arg *a = arg_of(inv, &b[i]);
            if (is_comma && a && is_variadic_arg(inv, a)) { /* GNU: , ## __VA_ARGS__ */
                i++;
                if (a->raw.first)
                    append(x, &left, expanded(x, a));
                else
                    left = (struct list){0};
            } else {
                struct list right = operand(x, inv, &i, true);
                paste(x, inv, &left, &right);
            }
            is_comma = false;
        }
        append(x, &out, &left);
    }
    return out;
}

/* ---- invocations and rescanning (C11 6.10.3.4) ---- */

/* Arguments from behind the '(' at `open`; *close is the ')'. */
static struct arg *collect_args(struct expander *x, const struct macro *m, const struct node *open,
                                struct node **close)
{
    struct arg *args = arena_alloc(x->arena, (m->n_params + 1) * sizeof *args);
    size_t i = 0, depth = 0;
    for (struct node *n = open->next; n; n = n->next) {
        if (depth == 0 && ctoken_is(&n->t, ")")) {
            *close = n;
            if (m->n_params == 0 && i == 0 && !args[0].raw.first)
                return args;
            if (i + 1 == m->n_params || (m->is_variadic && i + 2 == m->n_params))
                return args;
            fail(x, i + 1 < m->n_params ? "too few arguments" : "too many arguments",
                 open->t.begin);
            return NULL;
        }
        depth += ctoken_is(&n->t, "(");
        depth -= ctoken_is(&n->t, ")");
        bool is_rest = m->is_variadic && i + 1 >= m->n_params;
        if (depth == 0 && !is_rest && ctoken_is(&n->t, ",")) {
            if (++i >= m->n_params) {
                fail(x, "too many arguments", open->t.begin);
                return NULL;
            }
        } else {
            push(x, &args[i].raw, &n->t, n->hide);
        }
        if (x->why)
            return NULL;
    }
    fail(x, "its ')' is missing", open->t.begin);
    return NULL;
}

/* Put the expansion of the invocation at n in front of what follows it. */
static struct node *replace(struct expander *x, struct node *n, struct invocation *inv,
                            const struct hide *hide, struct node *rest)
{
    struct list body = substitute(x, inv, 0, inv->macro->body.n);
    for (struct node *b = body.first; b; b = b->next) {
        b->t.begin = inv->begin;
        b->t.end = inv->end;
        b->t.is_from_macro = true;
        b->hide = hide_union(x, b->hide, hide);
    }
    if (!body.first)
        return rest;
    body.first->t.has_blank = n->t.has_blank;
    body.last->next = rest;
    return body.first;
}

static struct list expand_in(struct expander *x, struct node *n)
{
    struct list out = {0};
    while (n && !x->why) {
        const struct macro *m =
            n->t.kind == CLEX_NAME && !n->t.no_expand ? find(x->table, n->t.text, n->t.len) : NULL;
        if (m && is_hidden(n->hide, m)) {
            n->t.no_expand = true; /* for good, wherever the token goes */
            m = NULL;
        }
        if (!m || (m->is_function && (!n->next || !ctoken_is(&n->next->t, "(")))) {
            push(x, &out, &n->t, n->hide);
            n = n->next;
            continue;
        }
        struct invocation inv = {m, NULL, n->t.begin, n->t.end};
        if (!m->is_function) {
            n = replace(x, n, &inv, hide_add(x, n->hide, m), n->next);
            continue;
        }
        struct node *close = NULL;
        inv.args = collect_args(x, m, n->next, &close);
        if (!inv.args) {
            x->bad = n->t.begin;
            break;
        }
        inv.begin = close->t.begin < inv.begin ? close->t.begin : inv.begin;
        inv.end = close->t.end > inv.end ? close->t.end : inv.end;
        const struct hide *hide = hide_add(x, hide_both(x, n->hide, close->hide), m);
        n = replace(x, n, &inv, hide, close->next);
    }
    return out;
}

static struct list expand(struct expander *x, struct node *in)
{
    struct list out = {0};
    if (x->depth >= MAX_DEPTH) {
        fail(x, "nested too deeply", in ? in->t.begin : 0);
        return out;
    }
    x->depth++;
    out = expand_in(x, in);
    x->depth--;
    return out;
}

bool macro_expand_tokens(const struct macro_table *t, struct arena *arena, const struct ctoken *in,
                         size_t n, struct ctokens *out, const struct ctoken **bad, const char **why)
{
    struct arena scratch;
    arena_init(&scratch);
    struct expander x = {.table = t, .arena = &scratch, .budget = BUDGET};
    struct list list = {0};
    for (size_t i = 0; i < n; i++)
        push(&x, &list, &in[i], NULL);
    struct list result = expand(&x, list.first);
    for (const struct node *k = result.first; k && !x.why; k = k->next) {
        struct ctoken c = k->t;
        c.text = arena_strndup(arena, c.text, c.len);
        ARENA_PUSH(arena, out->items, out->n, out->cap) = c;
    }
    if (x.why) {
        *why = x.why;
        *bad = n ? in : NULL;
        for (size_t i = 0; i < n; i++)
            if (in[i].begin <= x.bad)
                *bad = &in[i];
    }
    arena_release(&scratch);
    return !x.why;
}

/* Would the two, written side by side, be lexed as something else? */
static bool needs_blank(const struct ctoken *a, const struct ctoken *b)
{
    bool word_a = a->kind == CLEX_NAME || a->kind == CLEX_NUMBER;
    bool joins = *b->text == '.' ||
                 (strchr("+-", *b->text) && a->len && strchr("eEpP", a->text[a->len - 1]));
    if (word_a)
        return b->kind == CLEX_NAME || b->kind == CLEX_NUMBER || b->kind == CLEX_CHAR ||
               b->kind == CLEX_STRING || (a->kind == CLEX_NUMBER && joins);
    if (a->kind != CLEX_PUNCT)
        return a->kind == CLEX_STRAY;
    return (b->kind == CLEX_PUNCT && !strchr("()[]{},;", *b->text) &&
            !strchr("()[]{},;", *a->text)) ||
           b->kind == CLEX_STRAY || (*a->text == '.' && b->kind == CLEX_NUMBER);
}

bool macro_expand(const struct macro_table *t, const char *text, size_t len, struct strbuf *out)
{
    struct arena arena;
    struct ctokens in = {0}, made = {0};
    const struct ctoken *bad;
    const char *why;
    arena_init(&arena);
    ctokens_lex(&in, &arena, text, len);
    bool ok = macro_expand_tokens(t, &arena, in.items, in.n, &made, &bad, &why);
    for (size_t i = 0; ok && i < made.n; i++) {
        const struct ctoken *c = &made.items[i];
        if (i > 0 && (c->has_blank || needs_blank(c - 1, c)))
            strbuf_addc(out, ' ');
        strbuf_add(out, c->text, c->len);
    }
    arena_release(&arena);
    return ok;
}

size_t macro_pragmas(struct arena *arena, const char *expanded_text, size_t len, char ***out,
                     bool *rest)
{
    struct ctokens in = {0};
    size_t n = 0, cap = 0;
    ctokens_lex(&in, arena, expanded_text, len);
    *out = NULL;
    *rest = false;
    for (size_t i = 0; i < in.n; i++) {
        const struct ctoken *t = &in.items[i];
        if (i + 3 < in.n && ctoken_is(t, "_Pragma") && ctoken_is(t + 1, "(") &&
            t[2].kind == CLEX_STRING && !t[2].is_open && ctoken_is(t + 3, ")")) {
            char *text = arena_alloc(arena, t[2].len + 1);
            size_t text_len = clex_destringize(t[2].text, t[2].len, text, NULL);
            text[text_len] = '\0';
            if (strlen(text) == text_len && site_is_ours(text, text_len)) {
                ARENA_PUSH(arena, *out, n, cap) = text;
                i += 3;
                continue;
            }
        }
        *rest = true;
    }
    return n;
}
