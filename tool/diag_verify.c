/* diag_verify.c - see diag_verify.h. */
#include "diag_verify.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [DIAG_NOTE] = "note",
    [DIAG_REMARK] = "remark",
    [DIAG_WARNING] = "warning",
    [DIAG_ERROR] = "error",
};

static void handle(struct diag_consumer *self, const struct diagnostic *d)
{
    struct diag_verify *v = (struct diag_verify *)self;
    size_t line = d->range.src ? source_locate(d->range.src, d->range.begin).line : 0;
    size_t len = strlen(d->text);

    for (unsigned i = 0; i < v->n_expected; i++) {
        struct diag_expect *e = &v->expected[i];
        if (e->left > 0 && e->severity == d->severity && e->line == line &&
            memmem(d->text, len, e->text, e->text_len)) {
            e->left--;
            return;
        }
    }
    if (d->severity == DIAG_NOTE)
        return;
    v->n_unexpected++;
    fprintf(stderr, "seen but not expected:\n");
    diag_print(stderr, d);
}

/* Parse one directive after "expected-"; return where to go on from. */
static const char *parse_one(struct diag_verify *v, const char *p, size_t line)
{
    if (strncmp(p, "no-diagnostics", 14) == 0) {
        v->says_none = true;
        return p + 14;
    }
    struct diag_expect e = {.line = line, .left = 1};
    size_t kind = 0, n_kinds = sizeof names / sizeof *names;
    while (kind < n_kinds && strncmp(p, names[kind], strlen(names[kind])) != 0)
        kind++;
    if (kind == n_kinds)
        return p;
    e.severity = (enum diag_severity)kind;
    p += strlen(names[kind]);

    char *end;
    if (*p == '@') {
        bool relative = p[1] == '+' || p[1] == '-';
        long n = strtol(p + 1, &end, 10);
        e.line = relative ? (size_t)((long)line + n) : (size_t)n;
        p = end;
    }
    unsigned long count = strtoul(p, &end, 10);
    if (end != p) {
        e.left = (unsigned)count;
        p = end;
    }
    const char *open = strstr(p, "{{"), *close = open ? strstr(open, "}}") : NULL;
    if (!close || v->n_expected == DIAG_VERIFY_MAX)
        return p;
    e.text = open + 2;
    e.text_len = (size_t)(close - e.text);
    v->expected[v->n_expected++] = e;
    return close + 2;
}

void diag_verify_init(struct diag_verify *v, const struct source *src)
{
    *v = (struct diag_verify){.consumer = {handle}, .src = src};
    const char *p = src->text;
    while ((p = strstr(p, "expected-")) != NULL) {
        size_t line = source_locate(src, (size_t)(p - src->text)).line;
        p = parse_one(v, p + strlen("expected-"), line);
    }
}

bool diag_verify_finish(const struct diag_verify *v)
{
    bool ok = v->n_unexpected == 0;
    if (v->n_expected == 0 && !v->says_none) {
        fprintf(stderr, "%s: no expected-* comment found\n", v->src->name);
        ok = false;
    }
    for (unsigned i = 0; i < v->n_expected; i++) {
        const struct diag_expect *e = &v->expected[i];
        if (e->left == 0)
            continue;
        fprintf(stderr, "%s:%zu: expected but not seen: %s {{%.*s}}\n", v->src->name, e->line,
                names[e->severity], (int)e->text_len, e->text);
        ok = false;
    }
    return ok;
}
