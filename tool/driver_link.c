/* driver_link.c - link a program that has memoized functions; see driver_private.h.
 *
 * Every source of the command is compiled to an object first, so that the program
 * can be looked at as a whole (link_step.h) before it is linked. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "base/subprocess.h"
#include "driver_private.h"
#include "link_inputs.h"
#include "link_openmp.h"
#include "link_step.h"

/* Objects by input; NULL for inputs that are linked as they are. Ends this process
 * if a source doesn't compile. */
static const char **compile_all(struct session *s)
{
    const char **objects = arena_alloc(s->arena, (s->cmd.n + 1) * sizeof *objects);
    int failure = 0;
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        if (item->role != CC_INPUT || item->lang == CC_LANG_NONE)
            continue;
        int status = driver_compile_alone(s, item, driver_unit_of(s, item), &objects[i]);
        if (!subprocess_is_success(status))
            failure = status;
    }
    for (size_t i = 0; i < s->n_units; i++)
        deliver_fix_dependencies(&s->delivery, &s->units[i]);
    if (failure)
        driver_finish(failure);
    return objects;
}

/* The command with objects in place of sources. */
static void add_link(struct session *s, const char *const *objects, struct word_list *words)
{
    struct arena *a = s->arena;
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        /* What is linked is no source: no language is in force. */
        if (item->role == CC_END || item->role == CC_LANGUAGE)
            continue;
        if (objects[i])
            word_list_add(words, a, objects[i]);
        else
            ccargs_add_item(words, a, item);
    }
}

/* The table as an object, assembled for the same target. */
static const char *assemble(struct session *s, const struct strbuf *table)
{
    struct arena *a = s->arena;
    struct word_list words = {0};
    struct strbuf text = STRBUF_INIT;
    const char *source = arena_printf(a, "%s/memo-link-table.s", fs_temp_dir(a));
    const char *object = arena_printf(a, "%s/memo-link-table.o", fs_temp_dir(a));
    link_table_source(&text, table);
    if (!fs_write(source, text.buf, text.len))
        fatal("cannot write '%s': %s", source, strerror(errno));
    strbuf_release(&text);
    driver_add_compiler(s, &words);
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        /* What says for which machine; the rest means nothing to an assembler. */
        if (item->traits & CCARG_G && item->role != CC_AUX &&
            (!strncmp(item->words[0], "-m", 2) || !strncmp(item->words[0], "--target", 8) ||
             !strcmp(item->words[0], "-target") || !strncmp(item->words[0], "-B", 2)))
            ccargs_add_item(&words, a, item);
    }
    if (s->delivery.flavor == COMPILER_CLANG)
        word_list_add(&words, a, "-Qunused-arguments");
    word_list_add(&words, a, "-c");
    word_list_add(&words, a, source);
    word_list_add(&words, a, "-o");
    word_list_add(&words, a, object);
    int status = driver_run_compiler(s, &words, NULL);
    if (!subprocess_is_success(status))
        driver_finish(status);
    return object;
}

/* Judge the program. Returns the object of its table. */
static const char *look_at(struct session *s, const struct link_inputs *inputs)
{
    struct strbuf table = STRBUF_INIT;
    link_step(s->arena, inputs, &s->diag, &table);
    if (s->diag.n_errors)
        driver_quit(EXIT_MEMOCC_USAGE);
    const char *object = assemble(s, &table);
    strbuf_release(&table);
    return object;
}

/* The OpenMP runtime that the program needs, or NULL. */
static const char *openmp_of(struct session *s, const struct word_list *link,
                             const struct link_inputs *inputs)
{
    if (!link_has_sync(inputs))
        return NULL;
    const char *openmp = link_find_openmp(s->arena, &s->compiler, link, inputs);
    if (!openmp)
        fatal("synchronized code needs OpenMP, and '%s' has none: install %s, or compile with "
              "'--memo-no-openmp'",
              s->compiler.name, s->delivery.flavor == COMPILER_CLANG ? "libomp" : "libgomp");
    return openmp;
}

void driver_link(struct session *s)
{
    struct arena *a = s->arena;
    struct word_list link = {0}, words = {0};
    const char **objects = compile_all(s);
    add_link(s, objects, &link);
    const char *table = NULL, *openmp = NULL;
    struct link_inputs inputs = {0};
    /* A compiler that doesn't say what it links: the runtime then keys the whole program. */
    if (link_happens(&s->cmd) && link_inputs_find(&inputs, a, &s->compiler, &link)) {
        table = look_at(s, &inputs);
        openmp = openmp_of(s, &link, &inputs);
    }
    driver_add_compiler(s, &words);
    driver_add_words(s, &words, &link);
    if (table)
        word_list_add(&words, a, table);
    link_add(&s->cmd, &s->runtime, true, openmp, a, &words);
    driver_finish(driver_run_compiler(s, &words, NULL));
}
