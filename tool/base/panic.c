/* panic.c - see panic.h. */
#include "base/panic.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void (*panic_cleanup)(void);

static void finish(int status)
{
    void (*cleanup)(void) = panic_cleanup;
    panic_cleanup = NULL;
    if (cleanup)
        cleanup();
    exit(status);
}

void fatal(const char *format, ...)
{
    va_list ap;
    fputs("memocc: error: ", stderr);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    finish(EXIT_MEMOCC_WORLD);
    abort();
}

void panic_bug(const char *file, int line, const char *format, ...)
{
    va_list ap;
    fprintf(stderr, "memocc: internal error at %s:%d: ", file, line);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputs("\n", stderr);
    finish(EXIT_MEMOCC_BUG);
    abort();
}
