/* explain_rows.c - see explain_private.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "explain_private.h"

#define COLUMN 20    /* where what is said of a name begins, behind the indent */
#define MAX_TEXT 60u /* of code that is quoted */

void report_row(struct report *r, const char *label, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int width = strlen(label) < COLUMN ? COLUMN : (int)strlen(label) + 1;
    strbuf_addf(r->out, "    %-*s", width, label);
    char text[512];
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    strbuf_addf(r->out, "%s\n", text);
    r->n_rows++;
}

void report_head(struct report *r, const char *text)
{
    strbuf_addf(r->out, "  %s\n", text);
    r->n_rows = 0;
}

const char *report_place(const struct report *r, struct src_range at)
{
    if (!at.src)
        return "";
    const char *slash = strrchr(at.src->name, '/');
    return arena_printf(r->arena, "%s:%zu", slash ? slash + 1 : at.src->name,
                        source_locate(at.src, at.begin).line);
}

const char *report_quote(const struct report *r, struct src_range at)
{
    struct strbuf text = STRBUF_INIT;
    bool blank = false, is_cut = false;
    for (size_t i = at.begin; at.src && i < at.end && !is_cut; i++) {
        char c = at.src->text[i];
        if (strchr(" \t\r\n\f\v", c)) {
            blank = text.len > 0;
            continue;
        }
        if (blank)
            strbuf_addc(&text, ' ');
        blank = false;
        strbuf_addc(&text, c);
        /* Not inside a character of several bytes. */
        is_cut = text.len >= MAX_TEXT && i + 1 < at.end && (at.src->text[i + 1] & 0xc0) != 0x80;
    }
    if (is_cut)
        strbuf_adds(&text, " ...");
    const char *out = arena_strndup(r->arena, text.buf, text.len);
    strbuf_release(&text);
    return out;
}

const char *report_duration(struct arena *a, long long ns)
{
    static const struct {
        long long ns;
        const char *name;
    } units[] = {
        {604800000000000, "w"}, {86400000000000, "d"}, {3600000000000, "h"}, {60000000000, "min"},
        {1000000000, "s"},      {1000000, "ms"},       {1000, "us"},         {1, "ns"}};
    size_t i = 0;
    while (ns % units[i].ns != 0)
        i++;
    return arena_printf(a, "%lld %s", ns / units[i].ns, units[i].name);
}
