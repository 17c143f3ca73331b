/* program_help.h - what the tests of program.c share: compilers that are started, and
 * findings in words. */
#ifndef PROGRAM_HELP_H
#define PROGRAM_HELP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "program.h"

__attribute__((format(printf, 1, 2))) static inline bool run_shell(const char *format, ...)
{
    char command[2000];
    va_list ap;
    va_start(ap, format);
    vsnprintf(command, sizeof command, format, ap);
    va_end(ap);
    bool is_done = system(command) == 0;
    if (!is_done)
        fprintf(stderr, "failed: %s\n", command);
    return is_done;
}

/* Where the compiler finds a library of that file name. */
static inline const char *find_library(struct arena *a, const char *cc, const char *name)
{
    char path[1000] = "";
    FILE *f = popen(arena_printf(a, "%s -print-file-name=%s", cc, name), "r");
    if (f && fgets(path, sizeof path, f))
        path[strcspn(path, "\n")] = '\0';
    if (f)
        pclose(f);
    return arena_strdup(a, path);
}

/* "none", or as the top of test_program.c has it. */
static inline const char *tell_finding(struct arena *a, const struct finding *f)
{
    static const char *const effects[EFFECT_KINDS] = {
        "output", "input", "file",   "time",    "random", "environment", "locale", "exit",
        "jump",   "state", "thread", "process", "asm",    "volatile",    "date",   "fenv",
    };
    struct strbuf text = STRBUF_INIT, *out = &text;
    switch (f->kind) {
    case FINDING_NONE:
        return "none";
    case FINDING_UNSEEN:
        strbuf_addf(out, "unseen %s :", f->what);
        break;
    case FINDING_STATE:
        strbuf_addf(out, "state %s", f->what);
        if (f->is_write)
            strbuf_adds(out, " written");
        if (f->writer && !f->is_write)
            strbuf_addf(out, " by %s", f->writer);
        strbuf_adds(out, " :");
        break;
    case FINDING_EFFECT:
        strbuf_addf(out, "effect %s %s :", effects[f->effect], f->what);
        break;
    }
    for (size_t i = 0; i < f->n_path; i++)
        strbuf_addf(out, " %s", f->path[i]);
    const char *copy = arena_strdup(a, text.buf);
    strbuf_release(&text);
    return copy;
}

#endif
