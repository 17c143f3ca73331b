/* kind.c - read kinds, and walk over objects by them; see kind.h. */
#include "cache/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t read_number(const char **text)
{
    size_t n = 0;

    for (; **text >= '0' && **text <= '9'; (*text)++)
        n = n * 10 + (size_t)(**text - '0');
    return n;
}

static const char *behind_brace(const char *p)
{
    int depth = 1;

    for (; *p && depth > 0; p++)
        depth += (*p == '{') - (*p == '}');
    return p;
}

struct memo__kind memo__kind_read(const char **text)
{
    struct memo__kind k = {.letter = 'b', .size = 1, .value = 1, .members = NULL};

    if (!*text || !**text)
        return k;
    if (**text == '{') {
        k.letter = '{';
        k.members = *text + 1;
        *text = behind_brace(*text + 1);
        k.size = k.value = read_number(text);
        return k;
    }
    if (!strchr("iufcbs", **text))
        return k;
    k.letter = *(*text)++;
    if (k.letter == 's') {
        k.size = k.value = 0;
        return k;
    }
    if (**text >= '0' && **text <= '9')
        k.size = k.value = read_number(text);
    if (k.letter == 'f' && k.value == 10)
        k.size = sizeof(long double);
    if (k.letter == 'c' && k.value == 20)
        k.size = 2 * sizeof(long double);
    return k;
}

bool memo__member_next(const char **text, struct memo__member *m)
{
    const char *p = *text;

    memset(m, 0, sizeof *m);
    p += strspn(p, ",");
    m->name = p;
    m->name_len = strcspn(p, ":{},");
    p += m->name_len;
    if (*p != ':')
        return false;
    p++;
    m->kind = memo__kind_read(&p);
    m->count = 1;
    if (*p == '*') {
        p++;
        m->count = read_number(&p);
    }
    if (*p == '@') {
        p++;
        m->offset = read_number(&p);
    }
    if (*p == '.') {
        p++;
        m->bit = (unsigned)read_number(&p);
        if (*p == '+') {
            p++;
            m->bits = (unsigned)read_number(&p);
        }
    }
    *text = p;
    return true;
}

bool memo__kind_is_list(const char *text)
{
    size_t n = text ? strcspn(text, ":{},") : 0;

    return text && text[n] == ':';
}

/* ---- differences ---- */

struct walk {
    const unsigned char *a, *b;
    struct memo__leaf *leaf;
    size_t path_len;
};

static void append(struct walk *w, const char *text, size_t len)
{
    size_t room = sizeof w->leaf->path - 1 - w->path_len;

    if (len > room)
        len = room;
    memcpy(w->leaf->path + w->path_len, text, len);
    w->path_len += len;
    w->leaf->path[w->path_len] = '\0';
}

static void append_index(struct walk *w, size_t index)
{
    char text[32];

    append(w, text, (size_t)snprintf(text, sizeof text, "[%zu]", index));
}

static void cut(struct walk *w, size_t len)
{
    w->path_len = len;
    w->leaf->path[len] = '\0';
}

static bool bits_differ(const struct walk *w, size_t offset, unsigned bit, unsigned bits)
{
    unsigned i;

    for (i = bit; i < bit + bits; i++)
        if ((w->a[offset + i / 8] ^ w->b[offset + i / 8]) >> i % 8 & 1)
            return true;
    return false;
}

static bool scalar_differs(const struct walk *w, const struct memo__kind *k, size_t offset)
{
    size_t half = k->size / 2;

    if (k->letter == 'c' && k->value != k->size) /* two, each with its own padding */
        return memcmp(w->a + offset, w->b + offset, k->value / 2) != 0 ||
               memcmp(w->a + offset + half, w->b + offset + half, k->value / 2) != 0;
    return memcmp(w->a + offset, w->b + offset, k->value) != 0;
}

static bool walk_array(struct walk *w, const struct memo__kind *k, size_t count, size_t offset);

static bool walk_members(struct walk *w, const struct memo__kind *k, size_t offset)
{
    const char *text = k->members;
    struct memo__member m;
    size_t len = w->path_len;

    while (memo__member_next(&text, &m)) {
        if (m.name_len > 0) {
            append(w, ".", 1);
            append(w, m.name, m.name_len);
        }
        if (m.bits > 0) {
            if (bits_differ(w, offset + m.offset, m.bit, m.bits)) {
                w->leaf->kind = m.kind;
                w->leaf->offset = offset + m.offset;
                w->leaf->bit = m.bit;
                w->leaf->bits = m.bits;
                return true;
            }
        } else if (walk_array(w, &m.kind, m.count, offset + m.offset)) {
            return true;
        }
        cut(w, len);
    }
    return false;
}

static bool walk_array(struct walk *w, const struct memo__kind *k, size_t count, size_t offset)
{
    size_t i, len = w->path_len;

    for (i = 0; i < count; i++, offset += k->size) {
        if (k->size == 0 || memcmp(w->a + offset, w->b + offset, k->size) == 0)
            continue;
        if (count > 1)
            append_index(w, i);
        if (k->letter == '{') {
            if (walk_members(w, k, offset))
                return true;
        } else if (scalar_differs(w, k, offset)) {
            w->leaf->kind = *k;
            w->leaf->offset = offset;
            w->leaf->bits = 0;
            return true;
        }
        cut(w, len);
    }
    return false;
}

bool memo__kind_differs(const char *kind, const void *a, const void *b, size_t count, size_t stride,
                        struct memo__leaf *leaf)
{
    struct walk w = {.a = a, .b = b, .leaf = leaf, .path_len = 0};
    struct memo__kind k = memo__kind_read(&kind), bytes = {.letter = 'b', .size = 1, .value = 1};
    size_t i, at;

    if (k.size == 0 || stride % k.size != 0)
        k = bytes;
    leaf->path[0] = '\0';
    for (i = 0, at = 0; i < count; i++, at += stride) {
        if (memcmp(w.a + at, w.b + at, stride) == 0)
            continue;
        if (count > 1)
            append_index(&w, i);
        if (walk_array(&w, &k, stride / k.size, at))
            return true;
        cut(&w, 0);
    }
    return false;
}
