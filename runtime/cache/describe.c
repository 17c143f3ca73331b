/* describe.c - see describe.h. */
#include "cache/describe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pool.h"

#define MOST 65536u /* bytes of a description */

struct text {
    char *bytes; /* MOST */
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(t->bytes + t->len, MOST - t->len, format, args);
    va_end(args);
    if (n > 0 && (size_t)n < MOST - t->len)
        t->len += (size_t)n;
}

/* A text that stands in one line, the last word of which may have blanks; one
 * that has no room is left out. */
static void add_line(struct text *t, const char *word, const char *text)
{
    size_t start = t->len, i;

    text = text ? text : "";
    if (strlen(word) + strlen(text) + 3 > MOST - t->len)
        return;
    add(t, "%s %s", word, text);
    for (i = start; i < t->len; i++)
        if (t->bytes[i] == '\n')
            t->bytes[i] = ' ';
    add(t, "\n");
}

static void add_part(struct text *t, const struct memo_part *part)
{
    size_t len = part->m_kind ? strlen(part->m_kind) : 0;

    if (len + 64 > MOST - t->len)
        return;
    add(t, "part %x %zu %s", part->m_role, (size_t)part->m_size, len > 0 ? part->m_kind : "-");
    add_line(t, "", part->m_name && *part->m_name ? part->m_name : "-");
}

/* As many whole lines as there is room for. */
static void add_components(struct text *t, const char *lines)
{
    size_t len = strlen(lines), room = MOST - t->len;
    bool is_cut = len + 32 > room;

    if (room < 32)
        return;
    if (is_cut)
        for (len = room - 32; len > 0 && lines[len - 1] != '\n'; len--)
            continue;
    add(t, "components%s\n", is_cut ? " cut" : "");
    memcpy(t->bytes + t->len, lines, len);
    t->len += len;
}

char *memo__describe_text(struct memo__site *s, size_t *len)
{
    const struct memo_site *abi = s->abi;
    const char *components = memo__site_components(s);
    struct text t = {memo__pool_alloc(MOST), 0};
    unsigned i;

    if (!t.bytes)
        return NULL;
    add(&t, "description 2\n");
    add_line(&t, "name", abi->m_name);
    add_line(&t, "unit", abi->m_unit);
    add_line(&t, "signature", abi->m_signature);
    if (abi->m_version)
        add_line(&t, "version", abi->m_version);
    add_line(&t, "toolchain", abi->m_toolchain);
    add(&t, "seen %" PRIu64 "\n", memo__realtime_ns());
    for (i = 0; i < abi->m_n_parts && t.len < MOST / 2; i++)
        add_part(&t, &abi->m_parts[i]);
    if (components && *components)
        add_components(&t, components);
    *len = t.len;
    return t.bytes;
}

void memo__describe(struct memo__disk *disk, struct memo__site *s)
{
    size_t len;
    char *text;

    if (!memo__first_time(&s->is_described))
        return;
    if (s->is_unjudged && !memo__disk_is_described(disk, s->name_hash, s->identity))
        memo__site_say_unjudged(s); /* its first run; the next one finds the description */
    text = memo__describe_text(s, &len);
    if (text)
        memo__disk_describe(disk, s->name_hash, s->identity, text, len);
    memo__pool_free(text);
}

bool memo__next_line(struct memo__words *text, struct memo__words *line)
{
    const char *end;

    if (text->len == 0)
        return false;
    end = memchr(text->text, '\n', text->len);
    line->text = text->text;
    line->len = end ? (size_t)(end - text->text) : text->len;
    text->text += line->len + (end != NULL);
    text->len -= line->len + (end != NULL);
    return true;
}

/* Whether the line begins with the word; *rest is then what follows the blank. */
static bool is_line(struct memo__words line, const char *word, struct memo__words *rest)
{
    size_t n = strlen(word);

    if (line.len < n || memcmp(line.text, word, n) != 0 || (line.len > n && line.text[n] != ' '))
        return false;
    n += line.len > n;
    rest->text = line.text + n;
    rest->len = line.len - n;
    return true;
}

static uint64_t number_of(struct memo__words w)
{
    uint64_t n = 0;
    size_t i;

    for (i = 0; i < w.len && w.text[i] >= '0' && w.text[i] <= '9'; i++)
        n = n * 10 + (uint64_t)(w.text[i] - '0');
    return n;
}

void memo__description_read(const char *text, size_t len, struct memo__description *out)
{
    struct memo__words rest = {text, len}, line, value;

    memset(out, 0, sizeof *out);
    while (memo__next_line(&rest, &line)) {
        if (is_line(line, "unit", &value)) {
            out->unit = value;
        } else if (is_line(line, "signature", &value)) {
            out->signature = value;
        } else if (is_line(line, "version", &value)) {
            out->version = value;
        } else if (is_line(line, "toolchain", &value)) {
            out->toolchain = value;
        } else if (is_line(line, "seen", &value)) {
            out->seen_ns = number_of(value);
        } else if (is_line(line, "components", &value)) {
            out->has_components = true;
            out->is_cut = value.len > 0;
            out->components = rest;
            break;
        }
    }
}
