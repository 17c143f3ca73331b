/* diag.c - see diag.h. */
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "nearest.h"

static const struct {
    enum diag_severity severity;
    const char *flag, *name;
} infos[DIAG_COUNT] = {
#define DIAG(id, severity, flag, format) [DIAG_##id] = {DIAG_##severity, flag, #id},
#include "diag.def"
#undef DIAG
};

static const char *const severity_names[] = {
    [DIAG_NOTE] = "note",
    [DIAG_REMARK] = "remark",
    [DIAG_WARNING] = "warning",
    [DIAG_ERROR] = "error",
};

const char *diag_flag(enum diag_id id)
{
    return infos[id].flag;
}

const char *diag_name(enum diag_id id)
{
    return infos[id].name;
}

void diag_init(struct diag_engine *e, struct diag_consumer *consumer)
{
    *e = (struct diag_engine){.consumer = consumer};
    for (int i = 0; i < DIAG_COUNT; i++)
        e->muted[i] = infos[i].severity == DIAG_REMARK;
}

static bool skip_prefix(const char **s, const char *prefix)
{
    size_t n = strlen(prefix);
    if (strncmp(*s, prefix, n) != 0)
        return false;
    *s += n;
    return true;
}

bool diag_option(struct diag_engine *e, const char *option)
{
    const char *s = option + 2;
    enum diag_severity severity = option[1] == 'R' ? DIAG_REMARK : DIAG_WARNING;
    bool no = skip_prefix(&s, "no-");
    bool error = severity == DIAG_WARNING && skip_prefix(&s, "error=");
    bool found = false;
    for (int i = 0; i < DIAG_COUNT; i++) {
        if (infos[i].severity != severity || !*infos[i].flag)
            continue;
        if (strcmp(s, infos[i].flag) != 0 && strcmp(s, "memo") != 0)
            continue;
        found = true;
        if (error)
            e->is_error[i] = !no;
        if (!error || !no)
            e->muted[i] = no;
    }
    return found;
}

const char *diag_option_nearest(const char *option)
{
    enum diag_severity severity = option[1] == 'R' ? DIAG_REMARK : DIAG_WARNING;
    const char *s = option + 2, *best = NULL;
    skip_prefix(&s, "no-");
    skip_prefix(&s, "error=");
    unsigned best_distance = NEAREST_MAX;
    for (int i = 0; i < DIAG_COUNT; i++) {
        if (infos[i].severity != severity || !*infos[i].flag)
            continue;
        unsigned d = nearest_distance(s, infos[i].flag);
        if (d < best_distance) {
            best_distance = d;
            best = infos[i].flag;
        }
    }
    return best;
}

bool diag_report_as(struct diag_engine *e, enum diag_id id, struct src_range range,
                    const char *format, ...)
{
    struct diagnostic d = {.id = id, .severity = infos[id].severity, .range = range};
    bool is_muted = e->muted[id] || (e->has_no_warnings && d.severity == DIAG_WARNING);
    if (d.severity == DIAG_NOTE ? e->last_was_muted : is_muted) {
        e->last_was_muted = true;
        return false;
    }
    e->last_was_muted = false;

    char *text;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    d.text = n < 0 ? format : text;
    if (d.severity == DIAG_WARNING && e->is_error[id])
        d.severity = DIAG_ERROR;
    e->n_errors += d.severity == DIAG_ERROR;
    e->n_warnings += d.severity == DIAG_WARNING;
    e->consumer->handle(e->consumer, &d);
    if (n >= 0)
        free(text);
    return d.severity == DIAG_ERROR;
}

/* clang's colours. */
static const char *color(FILE *out, const char *code)
{
    static int on = -1;
    if (on < 0) {
        const char *term = getenv("TERM");
        on = isatty(fileno(out)) && term && strcmp(term, "dumb") != 0 && !getenv("NO_COLOR");
    }
    return on ? code : "";
}

/* The line, a caret under its column and tildes under the rest. Tabs are
 * copied, and bytes that continue a UTF-8 character take no column, so that
 * the caret stands where an editor shows it. */
static void print_snippet(FILE *out, const struct src_range *r, const struct line_col *lc)
{
    const char *text = r->src->text;
    size_t end = r->end < lc->line_end ? r->end : lc->line_end;
    fprintf(out, "%.*s\n", (int)(lc->line_end - lc->line_begin), text + lc->line_begin);
    for (size_t i = lc->line_begin; i < r->begin && i < lc->line_end; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            fputc(text[i] == '\t' ? '\t' : ' ', out);
    fprintf(out, "%s^", color(out, "\033[0;1;32m"));
    for (size_t i = r->begin + 1; i < end; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            fputc('~', out);
    fprintf(out, "%s\n", color(out, "\033[0m"));
}

void diag_print(FILE *out, const struct diagnostic *d)
{
    static const char *const colors[] = {
        [DIAG_NOTE] = "\033[0;1;36m",
        [DIAG_REMARK] = "\033[0;1;34m",
        [DIAG_WARNING] = "\033[0;1;35m",
        [DIAG_ERROR] = "\033[0;1;31m",
    };
    const char *flag = infos[d->id].flag, *reset = color(out, "\033[0m");
    const char *bold = color(out, "\033[1m");
    struct line_col lc = {0};
    if (d->range.src) {
        lc = source_locate(d->range.src, d->range.begin);
        fprintf(out, "%s%s:%zu:%zu: ", bold, d->range.src->name, lc.line, lc.col);
    } else {
        fprintf(out, "%smemocc: ", bold);
    }
    fprintf(out, "%s%s: %s%s%s", color(out, colors[d->severity]), severity_names[d->severity],
            reset, d->severity == DIAG_NOTE ? "" : bold, d->text);
    if (*flag)
        fprintf(out, " [%s%s]",
                infos[d->id].severity == DIAG_REMARK ? "-R"
                : d->severity == DIAG_ERROR          ? "-Werror,-W"
                                                     : "-W",
                flag);
    fprintf(out, "%s\n", reset);
    /* Of a file that can't be read the place is known, and no text. */
    if (d->range.src &&
        strspn(d->range.src->text + lc.line_begin, " \t") < lc.line_end - lc.line_begin)
        print_snippet(out, &d->range, &lc);
}

static void handle_stderr(struct diag_consumer *self, const struct diagnostic *d)
{
    (void)self;
    diag_print(stderr, d);
}

struct diag_consumer diag_stderr = {handle_stderr};
