/* link_judge.c - calls out of sight, judged by the program that is linked; see
 * link_step.h.
 *
 * A finding stands at the call in the annotated unit; notes lead from there over
 * the functions in between to the one that does it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/strbuf.h"
#include "link_step.h"
#include "source.h"

#define MAX_NAMES 8

/* The text of a file that a section names. What can't be read is as many empty lines
 * as are needed: the place is right, and nothing is shown of it. */
static const struct source *source_of(struct arena *a, const struct section_place *at)
{
    struct source *src = ARENA_NEW(a, struct source);
    struct strbuf text = STRBUF_INIT;
    if (!fs_is_file(at->file) || !fs_read(at->file, &text)) {
        strbuf_clear(&text);
        for (unsigned i = 1; i < at->line && i < 1000000; i++)
            strbuf_addc(&text, '\n');
        for (unsigned i = 0; i < at->column && i < 10000; i++)
            strbuf_addc(&text, ' ');
    }
    source_init(src, a, at->file, arena_strndup(a, text.buf, text.len), text.len);
    strbuf_release(&text);
    return src;
}

static struct src_range range_of(struct arena *a, const struct section_place *at, const char *word)
{
    if (!*at->file || !at->line)
        return (struct src_range){0};
    const struct source *src = source_of(a, at);
    size_t begin = source_offset(src, at->line, at->column), n = strlen(word);
    if (begin + n > src->len || memcmp(src->text + begin, word, n) != 0)
        n = 1;
    return (struct src_range){src, begin, begin + n};
}

struct judge {
    struct arena *arena;
    struct program *program;
    const struct section_function *f;
    const struct section_call *call;
    struct diag_engine *diag;
};

/* The place of the last step that the unit knows: the call out of sight itself. */
static struct src_range call_range(const struct judge *j)
{
    const struct section_call *c = j->call;
    if (!c->n_via)
        return range_of(j->arena, &j->f->at, j->f->symbol);
    return range_of(j->arena, &c->via[c->n_via - 1].at, c->via[c->n_via - 1].callee);
}

static void note_chain(const struct judge *j, const struct finding *found)
{
    const struct section_call *c = j->call;
    for (size_t i = 0; i + 1 < c->n_via; i++)
        diag_report(j->diag, note_calls_here, range_of(j->arena, &c->via[i].at, c->via[i].callee),
                    c->via[i].caller, c->via[i].callee);
    struct src_range nowhere = {0};
    for (size_t i = 0; i + 1 < found->n_path; i++)
        diag_report(j->diag, note_link_calls, nowhere, found->path[i], found->path_objects[i],
                    found->path[i + 1]);
}

static const char *callee_of(const struct judge *j)
{
    return j->call->n_via ? j->call->via[j->call->n_via - 1].callee : j->call->symbol;
}

static void note_ways_out(const struct judge *j)
{
    diag_report(j->diag, note_link_trust, range_of(j->arena, &j->f->at, j->f->symbol),
                callee_of(j));
}

static const char *last_of(const struct finding *found)
{
    return found->n_path ? found->path[found->n_path - 1] : found->what;
}

static void report_state(const struct judge *j, const struct finding *found)
{
    struct src_range at = call_range(j), nowhere = {0};
    const char *what = *found->what ? found->what : "a static object";
    if (found->is_write)
        diag_report(j->diag, err_link_writes, at, j->f->name, last_of(found), found->where, what);
    else
        diag_report(j->diag, err_link_reads, at, j->f->name, last_of(found), found->where, what);
    note_chain(j, found);
    if (*found->what && !found->is_write)
        diag_report(j->diag, note_link_reads, range_of(j->arena, &j->f->at, j->f->symbol),
                    found->what);
    if (found->writer && !found->is_write)
        diag_report(j->diag, note_link_writer, nowhere, found->writer, found->writer_object, what);
    note_ways_out(j);
}

/* ---- of a loop that is checkpointed ---- */

/* "'a', 'b' and 3 more" */
static const char *list_of(struct arena *a, const char *const *names, size_t n)
{
    size_t n_shown = n > MAX_NAMES + 1 ? MAX_NAMES : n;
    const char *text = "";
    for (size_t i = 0; i < n_shown; i++) {
        const char *before = !i ? "" : i + 1 == n ? " and " : ", ";
        text = arena_printf(a, *names[i] ? "%s%s'%s'" : "%s%s%s", text, before,
                            *names[i] ? names[i] : "a static object");
    }
    return n_shown < n ? arena_printf(a, "%s and %zu more", text, n - n_shown) : text;
}

static void report_loop_state(const struct judge *j, const struct finding *found)
{
    struct src_range loop = range_of(j->arena, &j->f->at, "#pragma");
    const char *what = *found->what ? found->what : "a static object", *name = j->f->name;
    if (found->is_write) {
        diag_report(j->diag, err_link_loop_writes, call_range(j), name, last_of(found),
                    found->where, what);
        note_chain(j, found);
        if (found->n_more)
            diag_report(j->diag, note_link_loop_more, call_range(j), callee_of(j),
                        list_of(j->arena, found->more, found->n_more));
        if (!found->is_static)
            diag_report(j->diag, note_link_loop_keep, loop, what, what, what);
        if (j->f->n_state == 2)
            diag_report(j->diag, note_link_loop_state_more, loop, j->f->state[0], j->f->state[1],
                        callee_of(j));
        else
            diag_report(j->diag, note_link_loop_state, loop, callee_of(j));
    } else {
        diag_report(j->diag, warn_link_loop_reads, call_range(j), name, last_of(found),
                    found->where, what);
        note_chain(j, found);
        if (found->is_static)
            diag_report(j->diag, note_link_loop_state, loop, callee_of(j));
        else
            diag_report(j->diag, note_link_loop_match, loop, what, what, callee_of(j));
    }
}

static void report_loop_effect(const struct judge *j, const struct finding *found)
{
    struct src_range loop = range_of(j->arena, &j->f->at, "#pragma");
    struct checkpoint_call c = found->call;
    const char *name = j->f->name, *clause = NULL;
    if (checkpoint_call_is_stream(c.kind) || c.kind == CALL_DESCRIPTOR) {
        diag_report(j->diag, warn_link_loop_stream, call_range(j), name, last_of(found),
                    found->where, found->what);
        clause = c.kind == CALL_PRINTS  ? "file(stdout)"
                 : c.kind == CALL_SCANS ? "file(stdin)"
                                        : "file";
    } else if (c.kind == CALL_AGAIN || c.kind == CALL_ENVIRONMENT) {
        if (c.kind == CALL_AGAIN)
            diag_report(j->diag, warn_link_loop_again, call_range(j), name, last_of(found),
                        found->where, found->what);
        else
            diag_report(j->diag, warn_link_loop_environment, call_range(j), name, last_of(found),
                        found->where, found->what);
    } else {
        diag_report(j->diag, warn_link_loop_state, call_range(j), name, last_of(found),
                    found->where, found->what, c.what ? c.what : "keeps hidden state");
        clause = c.kind == CALL_RANDOM   ? "rng(random)"
                 : c.kind == CALL_RAND48 ? "rng(rand48)"
                                         : NULL;
    }
    note_chain(j, found);
    if (clause)
        diag_report(j->diag, note_link_loop_clause, loop, clause, callee_of(j));
    else
        diag_report(j->diag, note_checkpoint_trust, loop, callee_of(j));
}

static void report_loop(const struct judge *j, const struct finding *found)
{
    struct src_range loop = range_of(j->arena, &j->f->at, "#pragma");
    if (found->kind == FINDING_STATE)
        report_loop_state(j, found);
    if (found->kind == FINDING_EFFECT)
        report_loop_effect(j, found);
    if (found->kind != FINDING_UNSEEN)
        return;
    if (*found->where)
        diag_report(j->diag, warn_link_loop_unseen, call_range(j), j->f->name, found->what,
                    found->where);
    else
        diag_report(j->diag, warn_link_loop_undefined, call_range(j), j->f->name, found->what);
    note_chain(j, found);
    diag_report(j->diag, note_link_loop_state, loop, callee_of(j));
}

/* ---- of a memoized function ---- */

static void report(const struct judge *j, const struct finding *found)
{
    if (j->f->is_loop) {
        report_loop(j, found);
        return;
    }
    switch (found->kind) {
    case FINDING_STATE:
        report_state(j, found);
        break;
    case FINDING_EFFECT:
        diag_report(j->diag, err_link_effect, call_range(j), j->f->name,
                    effect_kind_name(found->effect), last_of(found), found->where, found->what);
        note_chain(j, found);
        note_ways_out(j);
        break;
    case FINDING_UNSEEN:
        if (*found->where)
            diag_report(j->diag, warn_link_unseen, call_range(j), j->f->name, found->what,
                        found->where);
        else
            diag_report(j->diag, warn_link_undefined, call_range(j), j->f->name, found->what);
        note_chain(j, found);
        note_ways_out(j);
        break;
    default:
        break;
    }
}

static void judge_pointer(const struct judge *j)
{
    struct finding found = program_judge_pointers(j->program, j->f);
    if (found.kind == FINDING_NONE)
        return;
    const char *name = *j->call->name ? j->call->name : "a pointer";
    const char *target = found.n_path ? found.path[0] : found.what;
    if (j->f->is_loop) {
        diag_report(j->diag, warn_link_loop_pointer, call_range(j), j->f->name, name, target);
        note_chain(j, &found);
        diag_report(j->diag, note_link_loop_state, range_of(j->arena, &j->f->at, "#pragma"), name);
        return;
    }
    diag_report(j->diag, warn_link_pointer, call_range(j), j->f->name, name, target);
    note_chain(j, &found);
    note_ways_out(j);
}

/* Calls of functions in the tables were judged in their unit, if the names mean what
 * the tables think: not if the program defines them itself. */
static bool is_settled(const struct judge *j)
{
    struct program_symbol s = program_find(j->program, j->call->symbol);
    if (s.function && s.function->is_memo)
        return true;
    return j->call->is_listed && (s.home != PROGRAM_OBJECT || s.is_toolchain);
}

/* An inline function's body in sight was judged there; another one that the linker
 * takes wasn't. */
static void judge_inlines(struct judge *j)
{
    struct section_call none = {.name = ""};
    for (size_t i = 0; i < j->f->n_inlines && !j->f->is_pure; i++) {
        struct program_symbol s = program_find(j->program, j->f->inlines[i]);
        if (s.home != PROGRAM_OBJECT || (s.function && s.function->unit == j->f->unit))
            continue;
        none.symbol = j->f->inlines[i];
        j->call = &none;
        struct finding found = program_judge(j->program, none.symbol, j->f);
        report(j, &found);
    }
}

void link_judge(struct arena *a, struct program *p, const struct section_function *f,
                struct diag_engine *diag)
{
    struct judge j = {a, p, f, NULL, diag};
    judge_inlines(&j);
    for (size_t i = 0; i < f->n_calls; i++) {
        j.call = &f->calls[i];
        if (!j.call->symbol) {
            judge_pointer(&j);
        } else if (!is_settled(&j)) {
            struct finding found = program_judge(p, j.call->symbol, f);
            report(&j, &found);
        }
    }
}
