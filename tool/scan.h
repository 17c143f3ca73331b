/* scan.h - might a unit hold an annotation? Asked of every unit, so it is fast.
 *
 * Looks for pragmas of ours and for names of ours in the source and in the
 * headers of the project that it can reach, without regard to #if. It may say
 * yes without reason, which only costs time, and must not say no where there is
 * one. Folders of the system are not entered. An #include of a macro is
 * followed where some #define in sight gives it a name. */
#ifndef MEMOCC_SCAN_H
#define MEMOCC_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct ccargs;

#define SCAN_PRAGMA 1u  /* a pragma of ours, perhaps */
#define SCAN_NAME 2u    /* memo.h, memo_..., __MEMOCC__ */
#define SCAN_MISSING 4u /* the main file can't be read */

struct scan; /* remembers files and folders between units of one command */
struct scan *scan_new(struct arena *a, const struct ccargs *cmd);

/* What the unit at `path` holds, SCAN_... combined. text: its len bytes if the
 * caller has them (stdin, path "-"), else NULL. */
unsigned scan_unit(struct scan *s, const char *path, const char *text, size_t len);

/* Of a text alone, nothing followed: SCAN_PRAGMA or 0. */
unsigned scan_text(const char *text, size_t len);

/* Would some header elsewhere be found in `path`'s folder, if that were a
 * folder for all quoted includes? After scan_unit(). */
bool scan_is_ambiguous(struct scan *s, const char *path);

/* Calls f for each `#include "name"` of a text; offset is that of the name. */
void scan_quoted_includes(const char *text, size_t len,
                          void (*f)(void *arg, size_t offset, size_t name_len), void *arg);

#endif
