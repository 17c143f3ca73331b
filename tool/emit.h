/* emit.h - the text that carries a plan out. Emitters add edits; they decide
 * nothing. */
#ifndef MEMOCC_EMIT_H
#define MEMOCC_EMIT_H

#include "edit.h"
#include "plan.h"

/* The declarations of memo_abi.h, of memo_task_abi.h if there is synchronized code, and of
 * memo_checkpoint_abi.h if there are checkpoints, quiet under every warning. */
const char *emit_preamble(struct arena *arena, bool has_tasks, bool has_checkpoints);

/* Rename the definition, bracket its body, put the wrapper behind it. */
void emit_memo(struct edit_list *edits, struct memo_plan *plan, const struct unit_request *request);

/* Of a function that is concurrent, too: does the unit get a function
 *
 *     static int memo_gen_hit_f(<parameters>, T *memo_result, int *memo_errno);
 *
 * by which synchronized code asks, before it makes a task, whether the call's result is
 * known? It computes nothing, waits for nobody, and leaves errno alone. 1: the result is
 * stored there, and where the call sets errno, the number at memo_errno (NULL: that's not
 * wanted); it was counted as a hit. 0: nothing happened; the call may be known all the
 * same. It reads what the call reads, and `when` is evaluated.
 *
 * False where a hit would do more than give a value: out, inout and returns; for `valid`,
 * void functions, functions that may read errno first, definitions in other units. */
bool emit_memo_has_hit(const struct memo_plan *plan);

/* Its name; and its prototype, to stand at file scope before a use that comes before the
 * definition, or that may. It can be repeated; the types of f's header must have been
 * declared. */
const char *emit_memo_hit_name(struct arena *arena, const struct memo_plan *plan);
void emit_memo_hit_prototype(struct strbuf *out, const struct memo_plan *plan);

/* A region of synchronized code. Before emit_memo() of the function it stands in. */
struct sync_plan;
void emit_sync(struct edit_list *edits, struct sync_plan *plan);

/* `external`: a wrapper behind the prototype, and the calls redirected. */
void emit_external(struct edit_list *edits, struct memo_plan *plan,
                   const struct unit_request *request);

/* What the link step has to know of the unit, as statements that go to its end
 * (section.h): its memoized functions, its checkpointed loops and what they call, and
 * the fingerprints of what other units may call. */
struct checkpoint_plan;
void emit_section(struct strbuf *out, struct frontend *fe, struct memo_plan *const *plans,
                  size_t n_plans, struct checkpoint_plan *const *loops, size_t n_loops,
                  const char *codegen);

/* The calls of a plan's function that are judged when the program is linked. */
struct section_function;
void emit_section_calls(struct arena *arena, const struct memo_plan *plan,
                        struct section_function *out);

/* Tables that say which bytes of a type are in a key: definitions of `name` and
 * what it needs, appended to out. excluded: see struct part_plan. */
void emit_type(struct strbuf *out, const struct memo_plan *plan, const char *name,
               const struct type *type, const char *excluded);

#endif
