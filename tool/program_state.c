/* program_state.c - what the functions of a loop's `state(get, set)` may use: that is what they
 * save and restore. See program_private.h. */
#include <string.h>

#include "base/arena.h"
#include "program_private.h"

struct walk {
    struct program *p;
    const struct section_function *f;
    struct piece **queue;
    size_t n, cap;
};

static void push(struct walk *w, struct piece *to)
{
    if (!to || to->mark == w->p->walks || to->object->out.is_opaque || to->object->out.is_toolchain)
        return;
    to->mark = w->p->walks;
    if (to->kind == PIECE_STATE)
        to->saved_by = w->f;
    ARENA_PUSH(w->p->arena, w->queue, w->n, w->cap) = to;
}

/* A static function of the loop's own unit. */
static struct piece *find_static(struct walk *w, const char *symbol)
{
    for (size_t i = 0; i < w->p->n_objects; i++) {
        struct object *o = w->p->objects[i];
        const struct section_unit *u = o->out.units;
        while (u && u != w->f->unit)
            u = u->next;
        if (!u || o->out.is_opaque)
            continue;
        object_split(w->p, o);
        for (uint32_t s = 1; s < o->elf.n_sections; s++)
            for (size_t k = 0; k < o->pieces[s].n; k++) {
                struct piece *x = &o->pieces[s].items[k];
                if (x->kind == PIECE_CODE && x->has_local && !strcmp(x->name, symbol))
                    return x;
            }
    }
    return NULL;
}

void program_mark_state(struct program *p, const struct section_function *f)
{
    struct walk w = {.p = p, .f = f};
    if (!f->n_state || p->state_of == f)
        return;
    p->state_of = f;
    p->walks++;
    for (size_t i = 0; i < f->n_state; i++) {
        struct piece *x = find_static(&w, f->state[i]);
        const struct global *g = program_global(p, program_renamed(p, f->state[i]));
        push(&w, x || !g ? x : piece_of_global(p, g));
    }
    for (size_t i = 0; i < w.n; i++) {
        piece_refs(p, w.queue[i]);
        for (size_t k = 0; k < w.queue[i]->n_refs; k++)
            if (w.queue[i]->refs[k].use && !(w.queue[i]->refs[k].use & USE_GUESSED))
                push(&w, w.queue[i]->refs[k].piece);
    }
}
