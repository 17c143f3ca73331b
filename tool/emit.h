/* emit.h - the text that carries a plan out. Emitters add edits; they decide
 * nothing. */
#ifndef MEMOCC_EMIT_H
#define MEMOCC_EMIT_H

#include "edit.h"
#include "plan.h"

/* The declarations of memo_abi.h, quiet under every warning. */
const char *emit_preamble(struct arena *arena);

/* Rename the definition, bracket its body, put the wrapper behind it. */
void emit_memo(struct edit_list *edits, struct memo_plan *plan, const struct unit_request *request);

/* `external`: a wrapper behind the prototype, and the calls redirected. */
void emit_external(struct edit_list *edits, struct memo_plan *plan,
                   const struct unit_request *request);

/* What the link step has to know of the unit, as statements that go to its end
 * (section.h): its memoized functions and what they call, and the fingerprints of
 * what other units may call. */
void emit_section(struct strbuf *out, struct frontend *fe, struct memo_plan *const *plans,
                  size_t n_plans, const char *codegen);

/* The calls of a plan's function that are judged when the program is linked. */
struct section_function;
void emit_section_calls(struct arena *arena, const struct memo_plan *plan,
                        struct section_function *out);

/* Tables that say which bytes of a type are in a key: definitions of `name` and
 * what it needs, appended to out. excluded: see struct part_plan. */
void emit_type(struct strbuf *out, const struct memo_plan *plan, const char *name,
               const struct type *type, const char *excluded);

#endif
