/* source.h - the text of a file, and where things stand in it.
 *
 * Offsets are bytes from 0, lines and columns count from 1, a column is a byte
 * (as in clang's output). A source doesn't own its text. */
#ifndef MEMOCC_SOURCE_H
#define MEMOCC_SOURCE_H

#include <stddef.h>

struct source {
    const char *name; /* as the user gave it: what diagnostics print */
    const char *text; /* len bytes and a NUL */
    size_t len;
    const size_t *line_starts; /* n_lines offsets; made by source_init */
    size_t n_lines;
};

struct arena;

/* Count the lines of text; the table lives in the arena. */
void source_init(struct source *s, struct arena *a, const char *name, const char *text, size_t len);

struct line_col {
    size_t line, col;
    size_t line_begin, line_end; /* of the text of that line, without its end */
};
struct line_col source_locate(const struct source *s, size_t offset);

/* Offset of line:col; past the end of a line gives the line's end. */
size_t source_offset(const struct source *s, size_t line, size_t col);

/* A half-open range of bytes [begin, end) in one file. src NULL: no place. */
struct src_range {
    const struct source *src;
    size_t begin, end;
};

#endif
