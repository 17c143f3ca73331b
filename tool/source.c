/* source.c - see source.h. */
#include "source.h"

#include <string.h>

#include "base/arena.h"

void source_init(struct source *s, struct arena *a, const char *name, const char *text, size_t len)
{
    size_t n = 1;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + len - p))) != NULL; p++)
        n++;
    size_t *starts = arena_alloc(a, n * sizeof *starts);
    size_t i = 1;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + len - p))) != NULL; p++)
        starts[i++] = (size_t)(p + 1 - text);
    *s = (struct source){name, text, len, starts, n};
}

struct line_col source_locate(const struct source *s, size_t offset)
{
    if (offset > s->len)
        offset = s->len;
    size_t low = 0, high = s->n_lines;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (s->line_starts[mid] <= offset)
            low = mid;
        else
            high = mid;
    }
    size_t begin = s->line_starts[low];
    const char *nl = memchr(s->text + begin, '\n', s->len - begin);
    size_t end = nl ? (size_t)(nl - s->text) : s->len;
    if (end > begin && s->text[end - 1] == '\r')
        end--;
    return (struct line_col){low + 1, offset - begin + 1, begin, end};
}

size_t source_offset(const struct source *s, size_t line, size_t col)
{
    if (line == 0 || line > s->n_lines)
        return s->len;
    size_t begin = s->line_starts[line - 1];
    size_t end = line < s->n_lines ? s->line_starts[line] - 1 : s->len;
    return begin + col - 1 < end ? begin + col - 1 : end;
}
