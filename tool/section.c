/* section.c - see section.h. */
#include "section.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"

#define FORMAT "1"
#define MAX_FIELDS 8

/* ---- writing ---- */

static void add_field(struct strbuf *out, const char *text)
{
    strbuf_addc(out, '\t');
    for (; *text; text++) {
        if (*text == '\t')
            strbuf_adds(out, "\\t");
        else if (*text == '\n')
            strbuf_adds(out, "\\n");
        else if (*text == '\\')
            strbuf_adds(out, "\\\\");
        else
            strbuf_addc(out, *text);
    }
}

static void add_place(struct strbuf *out, struct section_place at)
{
    add_field(out, at.file ? at.file : "");
    strbuf_addf(out, "\t%u\t%u\n", at.line, at.column);
}

static void add_call(struct strbuf *out, const struct section_call *c)
{
    strbuf_adds(out, c->symbol ? "call" : "pointer");
    add_field(out, c->symbol ? c->symbol : c->name);
    if (c->symbol)
        strbuf_adds(out, c->is_listed ? "\tlisted" : "\topen");
    strbuf_addc(out, '\n');
    for (size_t i = 0; i < c->n_via; i++) {
        strbuf_adds(out, "via");
        add_field(out, c->via[i].caller);
        add_field(out, c->via[i].callee);
        add_place(out, c->via[i].at);
    }
}

static void add_names(struct strbuf *out, const char *word, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        strbuf_adds(out, word);
        add_field(out, names[i]);
        strbuf_addc(out, '\n');
    }
}

static const struct {
    const char *word;
    unsigned bit;
} cover_words[] = {
    {"state", SECTION_COVERS_STATE},   {"random", SECTION_COVERS_RANDOM},
    {"rand48", SECTION_COVERS_RAND48}, {"stdin", SECTION_COVERS_STDIN},
    {"stdout", SECTION_COVERS_STDOUT}, {"stream", SECTION_COVERS_STREAM},
};
#define N_COVER_WORDS (sizeof cover_words / sizeof *cover_words)

static void add_covers(struct strbuf *out, unsigned covers)
{
    for (size_t i = 0; i < N_COVER_WORDS; i++)
        if (covers & cover_words[i].bit)
            strbuf_addf(out, "covers\t%s\n", cover_words[i].word);
}

static void add_function(struct strbuf *out, const struct section_function *f)
{
    strbuf_adds(out, "function");
    add_field(out, f->name);
    add_field(out, f->symbol);
    add_field(out, f->is_memo ? "memo" : f->is_loop ? "checkpoint" : "plain");
    strbuf_addc(out, '\t');
    for (size_t i = 0; i < sizeof f->code; i++)
        strbuf_addf(out, "%02x", f->code[i]);
    strbuf_adds(out, "\nat");
    add_place(out, f->at);
    if (f->version) {
        strbuf_adds(out, "version");
        add_field(out, f->version);
        strbuf_addc(out, '\n');
    }
    if (f->is_pure)
        strbuf_adds(out, "pure\n");
    add_names(out, "trust", f->trusted, f->n_trusted);
    add_names(out, "key", f->keyed, f->n_keyed);
    add_names(out, "keep", f->kept, f->n_kept);
    add_names(out, "state", f->state, f->n_state);
    add_covers(out, f->covers);
    add_names(out, "inline", f->inlines, f->n_inlines);
    if (f->uses_program)
        strbuf_adds(out, "program\n");
    for (size_t i = 0; i < f->n_uses; i++) {
        strbuf_adds(out, "use");
        add_field(out, f->uses[i]);
        strbuf_addc(out, '\n');
    }
    for (size_t i = 0; i < f->n_globals; i++) {
        strbuf_adds(out, "global");
        add_field(out, f->globals[i]);
        strbuf_addc(out, '\n');
    }
    for (size_t i = 0; i < f->n_calls; i++)
        add_call(out, &f->calls[i]);
}

void section_write(struct strbuf *out, const struct section_unit *u)
{
    strbuf_adds(out, "memocc-unit\t" FORMAT);
    add_field(out, u->file);
    strbuf_addc(out, '\n');
    if (u->toolchain) {
        strbuf_adds(out, "toolchain");
        add_field(out, u->toolchain);
        strbuf_addc(out, '\n');
    }
    for (size_t i = 0; i < u->n_functions; i++)
        add_function(out, &u->functions[i]);
}

/* ---- reading ---- */

struct reader {
    struct arena *arena;
    struct section_unit *first, *unit; /* unit: NULL before the first, or skipping one */
    struct section_function *function; /* of unit, or NULL */
    struct section_call *call;         /* of function, or NULL */
};

/* Undo the escapes, in place. */
static char *unescape(char *field)
{
    char *to = field;
    for (const char *p = field; *p; p++) {
        if (*p == '\\' && p[1]) {
            p++;
            *to++ = *p == 't' ? '\t' : *p == 'n' ? '\n' : *p;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return field;
}

static bool read_digest(const char *hex, unsigned char out[16])
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(hex) != 32)
        return false;
    for (size_t i = 0; i < 32; i++) {
        const char *d = strchr(digits, hex[i]);
        if (!d)
            return false;
        unsigned value = (unsigned)(d - digits);
        out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | value : value << 4);
    }
    return true;
}

static struct section_place read_place(char **fields, size_t n, size_t first)
{
    struct section_place at = {"", 0, 0};
    if (n >= first + 3) {
        at.file = fields[first];
        at.line = (unsigned)strtoul(fields[first + 1], NULL, 10);
        at.column = (unsigned)strtoul(fields[first + 2], NULL, 10);
    }
    return at;
}

static void read_unit(struct reader *r, char **fields, size_t n)
{
    r->unit = NULL;
    r->function = NULL;
    r->call = NULL;
    if (n < 3 || strcmp(fields[1], FORMAT) != 0)
        return;
    struct section_unit *u = ARENA_NEW(r->arena, struct section_unit);
    u->file = fields[2];
    r->unit = u;
    u->next = r->first;
    r->first = u;
}

static void read_function(struct reader *r, char **fields, size_t n)
{
    unsigned char code[16];
    r->function = NULL;
    r->call = NULL;
    if (!r->unit || n < 5 || !*fields[2] || !read_digest(fields[4], code))
        return;
    struct section_function f = {.name = fields[1],
                                 .symbol = fields[2],
                                 .is_memo = strcmp(fields[3], "memo") == 0,
                                 .is_loop = strcmp(fields[3], "checkpoint") == 0,
                                 .at = {"", 0, 0},
                                 .unit = r->unit};
    memcpy(f.code, code, sizeof f.code);
    struct section_unit *u = r->unit;
    ARENA_PUSH(r->arena, u->functions, u->n_functions, u->cap_functions) = f;
    r->function = &u->functions[u->n_functions - 1];
}

static void read_call(struct reader *r, char **fields, size_t n)
{
    struct section_function *f = r->function;
    bool is_pointer = strcmp(fields[0], "pointer") == 0;
    r->call = NULL;
    if (!f || n < 2 || (!is_pointer && !*fields[1]))
        return;
    struct section_call c = {.symbol = is_pointer ? NULL : fields[1],
                             .name = is_pointer ? fields[1] : "",
                             .is_listed = n > 2 && strcmp(fields[2], "listed") == 0};
    ARENA_PUSH(r->arena, f->calls, f->n_calls, f->cap_calls) = c;
    r->call = &f->calls[f->n_calls - 1];
}

static void read_via(struct reader *r, char **fields, size_t n)
{
    struct section_call *c = r->call;
    if (!c || n < 3)
        return;
    ARENA_PUSH(r->arena, c->via, c->n_via, c->cap_via) =
        (struct section_step){fields[1], fields[2], read_place(fields, n, 3)};
}

static unsigned read_cover(const char *word)
{
    for (size_t i = 0; i < N_COVER_WORDS; i++)
        if (!strcmp(cover_words[i].word, word))
            return cover_words[i].bit;
    return 0;
}

#define ADD_TO_ENDED(r, items, n, cap, name)                                                       \
    do {                                                                                           \
        ARENA_PUSH((r)->arena, items, n, cap) = (name);                                            \
        ARENA_PUSH((r)->arena, items, n, cap) = NULL;                                              \
        (n)--;                                                                                     \
    } while (0)

static void read_line(struct reader *r, char **fields, size_t n)
{
    const char *word = fields[0];
    struct section_function *f = r->function;
    if (!strcmp(word, "memocc-unit"))
        read_unit(r, fields, n);
    else if (!strcmp(word, "function"))
        read_function(r, fields, n);
    else if (!strcmp(word, "toolchain") && r->unit && n > 1)
        r->unit->toolchain = fields[1];
    else if (!strcmp(word, "call") || !strcmp(word, "pointer"))
        read_call(r, fields, n);
    else if (!strcmp(word, "via"))
        read_via(r, fields, n);
    else if (!f)
        return;
    else if (!strcmp(word, "at"))
        f->at = read_place(fields, n, 1);
    else if (!strcmp(word, "version") && n > 1)
        f->version = fields[1];
    else if (!strcmp(word, "pure"))
        f->is_pure = true;
    else if (!strcmp(word, "trust") && n > 1 && *fields[1])
        ADD_TO_ENDED(r, f->trusted, f->n_trusted, f->cap_trusted, fields[1]);
    else if (!strcmp(word, "key") && n > 1 && *fields[1])
        ADD_TO_ENDED(r, f->keyed, f->n_keyed, f->cap_keyed, fields[1]);
    else if (!strcmp(word, "keep") && n > 1 && *fields[1])
        ADD_TO_ENDED(r, f->kept, f->n_kept, f->cap_kept, fields[1]);
    else if (!strcmp(word, "state") && n > 1 && *fields[1])
        ADD_TO_ENDED(r, f->state, f->n_state, f->cap_state, fields[1]);
    else if (!strcmp(word, "covers") && n > 1)
        f->covers |= read_cover(fields[1]);
    else if (!strcmp(word, "inline") && n > 1 && *fields[1])
        ARENA_PUSH(r->arena, f->inlines, f->n_inlines, f->cap_inlines) = fields[1];
    else if (!strcmp(word, "program"))
        f->uses_program = true;
    else if (!strcmp(word, "global") && n > 1 && *fields[1])
        ARENA_PUSH(r->arena, f->globals, f->n_globals, f->cap_globals) = fields[1];
    else if (!strcmp(word, "use") && n > 1 && *fields[1])
        ARENA_PUSH(r->arena, f->uses, f->n_uses, f->cap_uses) = fields[1];
}

struct section_unit *section_read(struct arena *a, const char *text, size_t len)
{
    struct reader r = {.arena = a};
    /* A NUL would end a field early; sections of several units may be padded with them. */
    for (size_t i = 0; i < len;) {
        const char *line = text + i, *end = memchr(line, '\n', len - i);
        size_t n = end ? (size_t)(end - line) : len - i;
        i += n + 1;
        while (n && *line == '\0')
            line++, n--;
        if (!n || memchr(line, '\0', n))
            continue;
        char *copy = arena_strndup(a, line, n), *fields[MAX_FIELDS] = {NULL};
        size_t n_fields = 0;
        for (char *p = copy; p && n_fields < MAX_FIELDS;) {
            char *tab = strchr(p, '\t');
            if (tab)
                *tab = '\0';
            fields[n_fields++] = p;
            p = tab ? tab + 1 : NULL;
        }
        for (size_t k = 0; k < n_fields; k++)
            unescape(fields[k]);
        read_line(&r, fields, n_fields);
    }
    /* In the order of the text; and functions no longer move. */
    struct section_unit *u = r.first, *reversed = NULL;
    while (u) {
        struct section_unit *next = (struct section_unit *)(uintptr_t)u->next;
        u->next = reversed;
        reversed = u;
        u = next;
    }
    return reversed;
}

const struct section_function *section_find(const struct section_unit *u, const char *symbol)
{
    for (; u; u = u->next)
        for (size_t i = 0; i < u->n_functions; i++)
            if (strcmp(u->functions[i].symbol, symbol) == 0)
                return &u->functions[i];
    return NULL;
}
