/* sync_names.c - variables in deferred text: an expression in place of each name. Members, tags
 * and labels that are called alike stay as they are. What a macro makes of its arguments isn't
 * seen here: there the compiler has to replace names, by macros; where these would hit a member,
 * the text is expanded first. */
#include <string.h>

#include "clex.h"
#include "sync.h"

static bool is_after(const struct ctokens *t, size_t i, const char *word)
{
    return i > 0 && ctoken_is(&t->items[i - 1], word);
}

static bool is_variable(const struct ctokens *t, size_t i)
{
    static const char *const words[] = {".", "->", "struct", "union", "enum", "goto"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (is_after(t, i, words[k]))
            return false;
    return true;
}

/* The token behind the macro's invocation. */
static size_t skip_invocation(const struct ctokens *t, size_t i)
{
    int depth = 0;
    if (++i >= t->n || !ctoken_is(&t->items[i], "("))
        return i;
    for (; i < t->n; i++) {
        depth += ctoken_is(&t->items[i], "(") - ctoken_is(&t->items[i], ")");
        if (depth == 0)
            return i + 1;
    }
    return i;
}

struct namer {
    struct sync_plan *p;
    const struct sync_name *names;
    size_t n_names;
    bool has_macros, has_namesakes;
};

static const char *put(struct namer *n, const char *text)
{
    struct ctokens t = {0};
    struct strbuf out = STRBUF_INIT;
    size_t done = 0;
    ctokens_lex(&t, n->p->arena, text, strlen(text));
    for (size_t i = 0; i < t.n;) {
        const struct ctoken *k = &t.items[i];
        if (k->kind == CLEX_NAME && macro_is_defined(n->p->fe->macros, k->text, k->len)) {
            n->has_macros = true;
            i = skip_invocation(&t, i);
            continue;
        }
        for (size_t j = 0; k->kind == CLEX_NAME && j < n->n_names; j++) {
            if (strcmp(k->text, n->names[j].name) != 0)
                continue;
            if (!is_variable(&t, i)) {
                n->has_namesakes = true;
                break;
            }
            strbuf_add(&out, text + done, k->begin - done);
            strbuf_adds(&out, n->names[j].text);
            done = k->end;
            break;
        }
        i++;
    }
    strbuf_adds(&out, text + done);
    char *result = arena_strndup(n->p->arena, out.buf, out.len);
    strbuf_release(&out);
    return result;
}

const char *sync_put_names(struct sync_plan *p, const char *text, const struct sync_name *names,
                           size_t n_names, bool *needs_macros)
{
    struct namer n = {.p = p, .names = names, .n_names = n_names};
    const char *result = put(&n, text);
    struct strbuf expanded = STRBUF_INIT;
    if (n.has_macros && n.has_namesakes &&
        macro_expand(p->fe->macros, text, strlen(text), &expanded)) {
        n.has_macros = false;
        result = put(&n, arena_strndup(p->arena, expanded.buf, expanded.len));
    }
    strbuf_release(&expanded);
    *needs_macros = n.has_macros;
    return result;
}
