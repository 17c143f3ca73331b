/* describe.c - see describe.h. */
#include "cache/describe.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"

#define MOST 65536u /* bytes of a description */
#define memo__site_components(s) ((s)->abi->m_components)

/* A text that stands in one line; characters that would end it are left out. */
static int add_line(struct memo__buf *out, const char *word, const char *text)
{
    size_t start = out->len, i;
    int err = memo__buf_addf(out, "%s %s", word, text ? text : "");

    for (i = start; !err && i < out->len; i++)
        if (out->data[i] == '\n')
            out->data[i] = ' ';
    return err ? err : memo__buf_add(out, "\n", 1);
}

static int add_part(struct memo__buf *out, const struct memo_part *part)
{
    int err = memo__buf_addf(out, "part %x %zu %s", part->m_role, (size_t)part->m_size,
                             part->m_kind && *part->m_kind ? part->m_kind : "-");

    /* The name is the last word of the line, and may have blanks. */
    return err ? err : add_line(out, "", part->m_name ? part->m_name : "-");
}

/* As many whole lines as there is room for. */
static int add_components(struct memo__buf *out, const char *lines)
{
    size_t len = strlen(lines), room = MOST - 32;
    bool is_cut = false;
    int err;

    if (out->len >= room)
        return 0;
    room -= out->len;
    if (len > room) {
        is_cut = true;
        for (len = room; len > 0 && lines[len - 1] != '\n'; len--)
            continue;
    }
    err = memo__buf_addf(out, "components%s\n", is_cut ? " cut" : "");
    return err ? err : memo__buf_add(out, lines, len);
}

int memo__describe_text(struct memo__site *s, struct memo__buf *out)
{
    const struct memo_site *abi = s->abi;
    const char *components = memo__site_components(s);
    unsigned i;
    int err;

    if ((err = memo__buf_addf(out, "description 2\n")) ||
        (err = add_line(out, "name", abi->m_name)) || (err = add_line(out, "unit", abi->m_unit)) ||
        (err = add_line(out, "signature", abi->m_signature)) ||
        (abi->m_version && (err = add_line(out, "version", abi->m_version))) ||
        (err = add_line(out, "toolchain", abi->m_toolchain)) ||
        (err = memo__buf_addf(out, "seen %" PRIu64 "\n", memo__realtime_ns())))
        return err;
    for (i = 0; !err && i < abi->m_n_parts && out->len < MOST / 2; i++)
        err = add_part(out, &abi->m_parts[i]);
    if (!err && components)
        err = add_components(out, components);
    return err;
}

void memo__describe(struct memo__disk *disk, struct memo__site *s)
{
    struct memo__buf text = MEMO__BUF_INIT;

    if (!memo__first_time(&s->is_described))
        return;
    if (memo__describe_text(s, &text) == 0 && text.len <= MOST)
        memo__disk_describe(disk, s->name_hash, s->identity, text.data, text.len);
    memo__buf_release(&text);
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
