/* code_change.c - see code_change.h. Components are compared as two sorted lists:
 * what stands in one only is new, gone, or, where the name is in the other with
 * another digest, changed. */
#include "cache/code_change.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

#define TEXT 400u

struct report {
    const char *name;
    memo__say_change *say;
    void *arg;
    unsigned n;
};

__attribute__((format(printf, 2, 3))) static void tell(struct report *r, const char *format, ...)
{
    char text[TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->say(r->arg, text);
    r->n++;
}

static int compare_words(struct memo__words a, struct memo__words b)
{
    int c = memcmp(a.text ? a.text : "", b.text ? b.text : "", a.len < b.len ? a.len : b.len);

    return c != 0 ? c : (a.len > b.len) - (a.len < b.len);
}

static bool is_same(struct memo__words a, struct memo__words b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

/* ---- lists of words ---- */

static bool next_word(struct memo__words *text, struct memo__words *word)
{
    if (text->len == 0) /* and maybe NULL */
        return false;
    while (text->len > 0 && *text->text == ' ') {
        text->text++;
        text->len--;
    }
    word->text = text->text;
    for (word->len = 0; word->len < text->len && text->text[word->len] != ' '; word->len++)
        continue;
    text->text += word->len;
    text->len -= word->len;
    return word->len > 0;
}

static bool has_word(struct memo__words text, struct memo__words word)
{
    struct memo__words w;

    while (next_word(&text, &w))
        if (is_same(w, word))
            return true;
    return false;
}

/* The words of `text` that `other` hasn't. */
static void only_in(struct memo__words text, struct memo__words other, char out[TEXT / 2])
{
    struct memo__words w;
    size_t len = 0;

    out[0] = '\0';
    while (next_word(&text, &w)) {
        if (has_word(other, w) || len + w.len + 2 > TEXT / 2)
            continue;
        len += (size_t)snprintf(out + len, TEXT / 2 - len, "%s%.*s", len > 0 ? " " : "", (int)w.len,
                                w.text);
    }
}

static void compare_toolchains(struct report *r, struct memo__words old, struct memo__words now)
{
    char gone[TEXT / 2], added[TEXT / 2];

    if (is_same(old, now))
        return;
    only_in(old, now, gone);
    only_in(now, old, added);
    if (*gone && *added)
        tell(r, "compiler or its options: %s -> %s", gone, added);
    else if (*gone)
        tell(r, "compiler options: without %s", gone);
    else if (*added)
        tell(r, "compiler options: with %s", added);
    else
        tell(r, "order of compiler options");
}

/* ---- components ---- */

struct component {
    char kind;
    struct memo__words name, digest;
    bool is_in_other; /* the same line */
};

struct components {
    struct component *list;
    size_t n;
};

static int compare_names(const struct component *a, const struct component *b)
{
    return a->kind != b->kind ? a->kind - b->kind : compare_words(a->name, b->name);
}

static int compare_components(const void *a, const void *b)
{
    const struct component *x = a, *y = b;
    int c = compare_names(x, y);

    return c != 0 ? c : compare_words(x->digest, y->digest);
}

static bool read_component(struct memo__words line, struct component *c)
{
    const char *blank;

    if (line.len < 5 || line.text[1] != ' ')
        return false;
    blank = memrchr(line.text, ' ', line.len);
    if (blank < line.text + 3)
        return false;
    c->kind = line.text[0];
    c->name = (struct memo__words){line.text + 2, (size_t)(blank - line.text) - 2};
    c->digest = (struct memo__words){blank + 1, (size_t)(line.text + line.len - blank) - 1};
    c->is_in_other = false;
    return true;
}

/* false: no memory. */
static bool read_components(struct memo__words text, struct components *out)
{
    struct memo__words rest = text, line;
    size_t n = 1;

    while (memo__next_line(&rest, &line))
        n++;
    out->n = 0;
    out->list = memo__pool_alloc(n * sizeof *out->list);
    if (!out->list)
        return false;
    while (memo__next_line(&text, &line))
        out->n += read_component(line, &out->list[out->n]);
    /* They come sorted as a rule; qsort may allocate, see pool.h. */
    for (n = 1; n < out->n; n++)
        if (compare_components(&out->list[n - 1], &out->list[n]) > 0) {
            qsort(out->list, out->n, sizeof *out->list, compare_components);
            break;
        }
    return true;
}

/* Lines that are in both. */
static void pair(struct components *a, struct components *b)
{
    size_t i = 0, j = 0;

    while (i < a->n && j < b->n) {
        int c = compare_components(&a->list[i], &b->list[j]);

        if (c == 0)
            a->list[i].is_in_other = b->list[j].is_in_other = true;
        i += c <= 0;
        j += c >= 0;
    }
}

static bool has_changed(const struct components *list, const struct component *c)
{
    size_t i;

    for (i = 0; i < list->n; i++)
        if (!list->list[i].is_in_other && compare_names(&list->list[i], c) == 0)
            return true;
    return false;
}

static const char *word_of(char kind)
{
    static const struct {
        char kind;
        const char *word;
    } words[] = {{'f', "function"},
                 {'v', "global"},
                 {'t', "type"},
                 {'e', "enumerator"},
                 {'o', "object file"},
                 {'l', "library"},
                 {'u', "function of another unit"}};
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].kind == kind)
            return words[i].word;
    return NULL;
}

static void tell_component(struct report *r, const struct component *c, const char *how)
{
    const char *word = word_of(c->kind);
    int len = (int)c->name.len;

    if (c->kind == 'f' && c->name.len == strlen(r->name) &&
        memcmp(c->name.text, r->name, c->name.len) == 0)
        tell(r, "its own body or header");
    else if (c->kind == 'k')
        tell(r, "the loop itself");
    else if (c->kind == 'c')
        tell(r, "another CPU");
    else if (c->kind == 'g')
        tell(r, "compiler or options of another unit");
    else if (c->kind == 'p')
        tell(r, "%sthe program's own code", how);
    else if (c->kind == 'l')
        tell(r, "%slibrary %.*s", how, len, c->name.text);
    else if (c->kind == 'f' && *how)
        tell(r, "%scallee '%.*s'", how, len, c->name.text);
    else if (word)
        tell(r, "%s%s '%.*s'", how, word, len, c->name.text);
    else
        tell(r, "%s%.*s", how, len, c->name.text);
}

/* In order: what is nearest to the function's own text first. */
static void compare_code(struct report *r, struct components *old, struct components *now)
{
    static const char kinds[] = "kfvtexouglcp";
    const char *kind;
    size_t i;

    for (kind = kinds; *kind; kind++) {
        for (i = 0; i < now->n; i++)
            if (now->list[i].kind == *kind && !now->list[i].is_in_other)
                tell_component(r, &now->list[i], has_changed(old, &now->list[i]) ? "" : "new ");
        for (i = 0; i < old->n; i++)
            if (old->list[i].kind == *kind && !old->list[i].is_in_other &&
                !has_changed(now, &old->list[i]))
                tell_component(r, &old->list[i], "no longer ");
    }
}

static void compare_components_of(struct report *r, const struct memo__description *old,
                                  const struct memo__description *now)
{
    struct components a = {NULL, 0}, b = {NULL, 0};

    if (read_components(old->components, &a) && read_components(now->components, &b)) {
        pair(&a, &b);
        compare_code(r, &a, &b);
    }
    memo__pool_free(a.list);
    memo__pool_free(b.list);
}

/* ---- all of it ---- */

/* The type that a person wrote; behind it is a digest of its parts. */
static struct memo__words spelling(struct memo__words signature)
{
    const char *digest = signature.len ? memrchr(signature.text, '#', signature.len) : NULL;

    if (digest && digest > signature.text)
        signature.len = (size_t)(digest - signature.text) - 1;
    return signature;
}

unsigned memo__code_changes(const char *name, const struct memo__description *old,
                            const struct memo__description *now, memo__say_change *say, void *arg)
{
    struct report r = {name, say, arg, 0};
    struct memo__words a = spelling(old->signature), b = spelling(now->signature);

    if (!is_same(a, b))
        tell(&r, "signature: %.*s -> %.*s", (int)a.len, a.text, (int)b.len, b.text);
    compare_toolchains(&r, old->toolchain, now->toolchain);
    if (!is_same(old->version, now->version))
        tell(&r, "version: \"%.*s\" -> \"%.*s\"", (int)old->version.len,
             old->version.len ? old->version.text : "", (int)now->version.len,
             now->version.len ? now->version.text : "");
    else if (now->version.len == 0 && old->has_components && now->has_components)
        compare_components_of(&r, old, now);
    return r.n;
}
