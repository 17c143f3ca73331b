/* main.c - memocc: the compiler driver. Takes our options out of the command
 * line, answers those that ask something, and leaves the rest to driver.c. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/panic.h"
#include "driver.h"
#include "link.h"
#include "link_openmp.h"
#include "options.h"

static void print_libs(struct arena *a, const struct options *o)
{
    struct runtime runtime;
    struct compiler compiler;
    runtime_find(&runtime, a);
    compiler_find(&compiler, a, o->rest.words, o->rest.n);
    link_print(&runtime, link_openmp_by_hand(a, &compiler), a);
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct options options;
    arena_init(&arena);
    options_parse(&options, &arena, (const char *const *)argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
    if (options.is_set[OPTION_HELP]) {
        options_print_help();
    } else if (options.is_set[OPTION_VERSION]) {
        puts("memocc " MEMOCC_VERSION);
    } else if (options.is_set[OPTION_LIBS]) {
        print_libs(&arena, &options);
    } else if (options.is_set[OPTION_SUGGEST]) {
        fputs("memocc: error: '--memo-suggest' is not in this version\n", stderr);
        return EXIT_MEMOCC_USAGE;
    } else {
        driver_run(&arena, &options);
    }
    arena_release(&arena);
    return fflush(stdout) == 0 ? 0 : EXIT_MEMOCC_WORLD;
}
