/* link_step.h - what memocc does when it links a program with memoized functions or
 * checkpointed loops.
 *
 * For each of them it follows what lies out of sight of its unit into the other
 * objects: the code found there goes into a table (docs/link-table.md) that is
 * linked in, so that the runtime can tell when it has changed; and calls that
 * read or write changing state, or have effects, are errors. */
#ifndef MEMOCC_LINK_STEP_H
#define MEMOCC_LINK_STEP_H

#include "diag.h"
#include "link_inputs.h"
#include "program.h"

struct arena;
struct strbuf;

/* Reports to diag; appends the table to out. */
void link_step(struct arena *a, const struct link_inputs *inputs, struct diag_engine *diag,
               struct strbuf *out);

/* The table as a source for the assembler: the symbol memo_link_table. */
void link_table_source(struct strbuf *out, const struct strbuf *table);

/* ---- its parts ---- */

/* Append the lines of one memoized function or loop (link_table.c). */
void link_table_add(struct arena *a, struct program *p, const struct section_function *f,
                    struct strbuf *out);

/* Report what is wrong with the calls of one memoized function or loop (link_judge.c). */
void link_judge(struct arena *a, struct program *p, const struct section_function *f,
                struct diag_engine *diag);

#endif
