/* link_table.c - the table of a link: of what code each memoized function consists
 * beyond its own unit. See link_step.h and docs/link-table.md.
 *
 * The walk goes from the symbols that a function's unit doesn't define to where the
 * program defines them. Functions of annotated units count by their fingerprints,
 * and the walk goes on with what they use; of other units the object counts; of
 * shared libraries the name, since only the running program knows which one it got. */
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "link_step.h"

struct walk {
    struct arena *arena;
    struct program *program;
    const char **queue; /* symbols, each once */
    size_t n_queue, cap_queue;
    const char **lines;
    size_t n_lines, cap_lines;
    bool is_open;         /* anything may be reached */
    bool has_errno;       /* code in other units may read errno, or */
    bool has_locale;      /* depend on the locale */
    bool reaches_library; /* then the CPU takes part */
};

static void add_line(struct walk *w, const char *line)
{
    for (size_t i = 0; i < w->n_lines; i++)
        if (!strcmp(w->lines[i], line))
            return;
    ARENA_PUSH(w->arena, w->lines, w->n_lines, w->cap_lines) = line;
}

static void add_symbol(struct walk *w, const char *symbol)
{
    if (!strncmp(symbol, "memo_abi_", 9) || !strncmp(symbol, "memo_ck_", 8))
        return;
    for (size_t i = 0; i < w->n_queue; i++)
        if (!strcmp(w->queue[i], symbol))
            return;
    ARENA_PUSH(w->arena, w->queue, w->n_queue, w->cap_queue) = symbol;
}

static const char *hex(struct walk *w, const unsigned char digest[16])
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < 16; i++)
        strbuf_addf(&out, "%02x", digest[i]);
    const char *text = arena_strdup(w->arena, out.buf);
    strbuf_release(&out);
    return text;
}

/* Names go into lines of words. */
static const char *one_word(struct arena *a, const char *name)
{
    char *copy = arena_strdup(a, name);
    for (char *p = copy; *p; p++)
        if (*p == ' ' || *p == '\n' || *p == '\t')
            *p = '_';
    return copy;
}

/* Options count where the code they made is: a callee that was compiled in another
 * way has other results. */
static void add_toolchain(struct walk *w, const struct section_unit *u)
{
    if (!u || !u->toolchain)
        return;
    XXH128_canonical_t c;
    XXH128_canonicalFromHash(&c, XXH3_128bits(u->toolchain, strlen(u->toolchain)));
    add_line(w, arena_printf(w->arena, "g options %s\n", hex(w, c.digest)));
}

static void add_inlines(struct walk *w, const struct section_function *f)
{
    for (size_t i = 0; i < f->n_inlines; i++)
        if (program_find(w->program, f->inlines[i]).home == PROGRAM_OBJECT)
            add_symbol(w, f->inlines[i]);
}

static void add_function(struct walk *w, const struct section_function *f)
{
    const char *name = one_word(w->arena, f->name);
    if (f->version) {
        add_line(w,
                 arena_printf(w->arena, "u %s version:%s\n", name, one_word(w->arena, f->version)));
        return;
    }
    add_line(w, arena_printf(w->arena, "u %s %s\n", name, hex(w, f->code)));
    add_toolchain(w, f->unit);
    w->is_open |= f->uses_program;
    for (size_t i = 0; i < f->n_globals; i++)
        add_symbol(w, f->globals[i]);
    add_inlines(w, f);
    for (size_t i = 0; i < f->n_uses; i++) {
        w->has_errno |= !strcmp(f->uses[i], "__errno_location");
        add_symbol(w, f->uses[i]);
    }
}

/* A library may call back into the program, and what the program defines takes the
 * place of its own functions. */
static void add_library(struct walk *w, const char *soname)
{
    const char *line = arena_printf(w->arena, "l %s\n", one_word(w->arena, soname)), **names;
    size_t n_lines = w->n_lines;
    w->reaches_library = true;
    add_line(w, line);
    if (w->n_lines == n_lines)
        return;
    size_t n = program_library_names(w->program, soname, &names);
    for (size_t i = 0; i < n; i++) {
        struct program_symbol s = program_find(w->program, names[i]);
        if (s.is_toolchain || s.home == PROGRAM_NOWHERE ||
            (s.home == PROGRAM_LIBRARY && !strcmp(s.library, soname)))
            continue;
        add_symbol(w, names[i]);
    }
}

static void add_object(struct walk *w, const struct program_object *o)
{
    unsigned char digest[16];
    program_object_digest(w->program, o, digest);
    w->reaches_library |= o->is_toolchain;
    add_line(w, arena_printf(w->arena, "o %s %s\n", one_word(w->arena, o->name), hex(w, digest)));
}

static void follow(struct walk *w, const char *symbol)
{
    struct program_symbol s = program_find(w->program, symbol);
    w->has_locale |= s.uses_locale;
    if (s.home == PROGRAM_LIBRARY) {
        add_library(w, s.library);
        w->has_errno |= !s.is_toolchain;
        return;
    }
    if (s.home == PROGRAM_OBJECT && s.function) {
        add_function(w, s.function);
        return;
    }
    if (s.home == PROGRAM_NOWHERE) {
        w->is_open = true;
        return;
    }
    struct program_reach r = {.n_objects = 0};
    program_reach(w->program, symbol, &r);
    w->is_open |= r.is_open;
    w->has_errno |= r.has_errno;
    w->has_locale |= r.has_locale;
    for (size_t i = 0; i < r.n_objects; i++)
        add_object(w, r.objects[i]);
    for (size_t i = 0; i < r.n_functions; i++)
        add_function(w, r.functions[i]);
    for (size_t i = 0; i < r.n_libraries; i++)
        add_library(w, r.libraries[i]);
}

/* By kind, then by digest: names are for people, and the order counts. */
static int by_digest(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    if (*x != *y)
        return *x < *y ? -1 : 1;
    int order = strcmp(strrchr(x, ' '), strrchr(y, ' '));
    return order ? order : strcmp(x, y);
}

void link_table_add(struct arena *a, struct program *p, const struct section_function *f,
                    struct strbuf *out)
{
    struct walk w = {.arena = a, .program = p, .is_open = f->uses_program};
    for (size_t i = 0; i < f->n_uses; i++)
        add_symbol(&w, f->uses[i]);
    add_inlines(&w, f);
    for (size_t i = 0; i < w.n_queue; i++)
        follow(&w, w.queue[i]);
    strbuf_addf(out, "function %s %s%s%s%s%s\n", hex(&w, f->code), one_word(a, f->symbol),
                w.is_open ? " open" : "", w.has_errno || w.is_open ? " errno" : "",
                w.has_locale || w.is_open ? " locale" : "", w.reaches_library ? " cpu" : "");
    if (w.n_lines)
        qsort(w.lines, w.n_lines, sizeof *w.lines, by_digest);
    for (size_t i = 0; i < w.n_lines; i++)
        strbuf_adds(out, w.lines[i]);
}

void link_table_source(struct strbuf *out, const struct strbuf *table)
{
    strbuf_adds(out, "\t.section .rodata.memo_link_table,\"a\",%progbits\n"
                     "\t.globl memo_link_table\n"
                     "\t.hidden memo_link_table\n"
                     "\t.type memo_link_table, %object\n"
                     "\t.byte 0\n" /* so that strings(1) shows its first line alone */
                     "memo_link_table:\n");
    for (const char *p = table->buf; *p;) {
        size_t n = strcspn(p, "\n");
        strbuf_adds(out, "\t.ascii \"");
        for (size_t i = 0; i < n; i++) {
            unsigned char c = (unsigned char)p[i];
            if (c < ' ' || c >= 127 || c == '"' || c == '\\')
                strbuf_addf(out, "\\%03o", c);
            else
                strbuf_addc(out, (char)c);
        }
        strbuf_adds(out, "\\n\"\n");
        p += n + (p[n] != '\0');
    }
    strbuf_adds(out, "\t.byte 0\n"
                     "\t.size memo_link_table, .-memo_link_table\n"
                     "\t.section .note.GNU-stack,\"\",%progbits\n");
}
