/* fuzz_section.c - any bytes as the section that an object brings to the link step.
 *
 * Besides not crashing: what was read is written, read again and written the same,
 * and every function that has a symbol is found by it. A violation aborts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "section.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "violated: %s\n", what);
    abort();
}

static void write_all(struct strbuf *out, const struct section_unit *u)
{
    for (; u; u = u->next)
        section_write(out, u);
}

static void check_call(const struct section_call *c)
{
    must(c->symbol || c->name, "a call has a symbol or a pointer's name");
    for (size_t i = 0; i < c->n_via; i++)
        must(c->via[i].caller && c->via[i].callee && c->via[i].at.file, "a step is whole");
}

static void check_units(const struct section_unit *first)
{
    for (const struct section_unit *u = first; u; u = u->next)
        for (size_t i = 0; i < u->n_functions; i++) {
            const struct section_function *f = &u->functions[i];
            must(f->name && f->symbol, "a function has names");
            must(f->unit == u, "a function knows its unit");
            must(section_find(first, f->symbol) != NULL, "a function is found");
            for (size_t k = 0; k < f->n_uses; k++)
                must(f->uses[k] != NULL, "a use has a symbol");
            for (size_t k = 0; k < f->n_calls; k++)
                check_call(&f->calls[k]);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena a;
    struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;
    if (len > 20000)
        return 0;
    arena_init(&a);
    struct section_unit *u = section_read(&a, (const char *)data, len);
    check_units(u);
    write_all(&first, u);
    struct section_unit *again = section_read(&a, first.buf, first.len);
    must(!u == !again, "what is written can be read");
    write_all(&second, again);
    must(first.len == second.len && memcmp(first.buf, second.buf, first.len) == 0,
         "it is written the same again");
    strbuf_release(&first);
    strbuf_release(&second);
    arena_release(&a);
    return 0;
}
