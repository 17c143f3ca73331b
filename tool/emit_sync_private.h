/* emit_sync_private.h - between emit_sync.c (statements in place) and emit_sync_file.c (what
 * stands at file scope). */
#ifndef MEMOCC_EMIT_SYNC_PRIVATE_H
#define MEMOCC_EMIT_SYNC_PRIVATE_H

#include "emit.h"
#include "sync.h"

struct sync_emitter {
    struct sync_plan *p;
    struct edit_list *edits;
    struct arena *arena;
    struct frontend *fe;
    const struct unit_file *file;
};

/* Generated code at file scope is none of the user's business: pragmas round it. */
extern const char emit_sync_quiet[], emit_sync_quiet_end[];

/* Names, all of them by plan and segment. */
const char *emit_sync_field(struct sync_emitter *e, const struct sync_item *it, size_t call,
                            size_t arg);                                      /* "memo_a0_1_2" */
const char *emit_sync_to(struct sync_emitter *e, const struct sync_item *it); /* "memo_to0" */
size_t emit_sync_index(const struct sync_item *it); /* of the item in its segment */

/* Type as C text that declares an unqualified object: "__typeof__(double *)". */
const char *emit_sync_type(struct arena *a, const struct type *t);

/* Before the function's header, and behind its body. */
void emit_sync_before(struct sync_emitter *e, struct strbuf *out);
void emit_sync_after(struct sync_emitter *e, struct strbuf *out);

/* The reach of a call as a function: "memo_reach_0_1_0_2". */
const char *emit_sync_reach(struct sync_emitter *e, const struct sync_segment *s,
                            const struct touch *t, const struct sync_item **item, size_t *call);

/* emit_sync_hit.c: calls of memoized functions. Has the segment any? The record's member; where a
 * record is filled; before it is put: true: what puts it stands in a block that is to be closed;
 * before a call in m_run; prototypes, before the region's function. */
bool emit_sync_hit_has(const struct sync_segment *s);
void emit_sync_hit_member(struct strbuf *out, const struct sync_segment *s);
void emit_sync_hit_init(struct strbuf *out, const struct sync_segment *s);
bool emit_sync_hit_ask(struct sync_emitter *e, struct strbuf *out, const struct sync_segment *s);
void emit_sync_hit_unless(struct strbuf *out, const struct sync_segment *s,
                          const struct sync_call *call);
void emit_sync_hit_prototypes(struct sync_emitter *e, struct strbuf *out);

#endif
