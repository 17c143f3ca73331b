/* explain.h - --memo-explain: what was decided for each annotation, in words. */
#ifndef MEMOCC_EXPLAIN_H
#define MEMOCC_EXPLAIN_H

#include "base/strbuf.h"
#include "checkpoint.h"
#include "plan.h"
#include "sync.h"

/* Appends the report of one memoized function. */
void explain_plan(struct strbuf *out, const struct memo_plan *plan);

/* The same of one that was refused: the errors have said why. */
void explain_refused(struct strbuf *out, const struct memo_function *mf);

/* explain_sync.c: what calls of a concurrent function touch. */
void explain_concurrent(struct strbuf *out, const struct concurrent_function *cf);

/* The same file: one region; what is deferred, where is waited and why. */
void explain_sync(struct strbuf *out, const struct sync_plan *p);

/* explain_checkpoint.c: what is saved of a loop, matched, skipped. */
void explain_checkpoint(struct strbuf *out, const struct checkpoint_plan *p);

#endif
