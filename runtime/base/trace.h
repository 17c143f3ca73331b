/* trace.h - MEMOCC_TRACE: a timeline in Chrome's trace format, which Perfetto reads too.
 *
 * Spans and marks of all threads are collected in a buffer of fixed size that is
 * written when it is full, twice a second while events come, and at the end. After
 * each write the file is valid JSON: a process that is killed loses its last events,
 * nothing else. All processes that run at the same time with one file, children of
 * fork among them, write to it together, each as a process of its own on the timeline;
 * the first that comes when no other is there begins it anew.
 *
 * The functions may be called by any thread, in signal handlers too; what comes while
 * the same thread is in here is dropped, as is what doesn't fit. errno is kept. */
#ifndef MEMO_BASE_TRACE_H
#define MEMO_BASE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is anybody interested? Set by memo__trace_start. */
extern bool memo__trace_is_on;

/* Opens the file, an absolute path; a line on standard error if that fails. Once. */
void memo__trace_start(const char *path);

/* From begin_ns to end_ns (memo__monotonic_ns) this thread did `name`. category: a word,
 * not copied into anything but the text. format: the members of "args" as JSON without
 * braces, or NULL; strings in it must be harmless: see memo__trace_quote. */
void memo__trace_span(const char *category, const char *name, uint64_t begin_ns, uint64_t end_ns,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same for a moment. */
void memo__trace_mark(const char *category, const char *name, uint64_t at_ns, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

/* The text as a JSON string with its quotes, in out[size]; cut off if there is no room.
 * Bytes that aren't UTF-8 become '?'. Returns out. */
char *memo__trace_quote(char *out, size_t size, const char *text);

/* Writes what is left. */
void memo__trace_finish(void);

/* In a forked child: what is collected is the parent's. */
void memo__trace_fork_child(void);

#endif
