/* link_step.c - see link_step.h. */
#include "link_step.h"

#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"

static void add_unit(struct arena *a, struct program *p, const struct section_unit *u,
                     struct diag_engine *diag, struct strbuf *out)
{
    for (size_t i = 0; i < u->n_functions; i++) {
        const struct section_function *f = &u->functions[i];
        if (!f->is_memo && !f->is_loop)
            continue;
        link_table_add(a, p, f, out);
        link_judge(a, p, f, diag);
    }
}

void link_step(struct arena *a, const struct link_inputs *inputs, struct diag_engine *diag,
               struct strbuf *out)
{
    struct program *p = program_load_renamed(a, inputs->items, inputs->n, inputs->renames);
    if (inputs->are_exported)
        program_export(p);
    strbuf_adds(out, "memocc-link 1\n");
    for (size_t i = 0; i < program_n_objects(p); i++) {
        const struct program_object *o = program_object_at(p, i);
        if (o->is_opaque && o->has_hidden_calls)
            diag_report(diag, warn_link_opaque, (struct src_range){0}, o->name);
    }
    for (size_t i = 0; i < program_n_objects(p); i++)
        for (const struct section_unit *u = program_object_at(p, i)->units; u; u = u->next)
            add_unit(a, p, u, diag, out);
    program_release(p);
}
