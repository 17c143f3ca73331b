/* panic.h - the two ways in which the tool gives up.
 *
 * fatal(): the world outside is at fault (a file, a full disk, no compiler).
 * BUG(): we are. Problems in the user's source are neither: see diag.h. */
#ifndef MEMOCC_PANIC_H
#define MEMOCC_PANIC_H

/* Exit statuses of our own; the real compiler's are passed on and stay below. */
#define EXIT_MEMOCC_USAGE 100 /* our options, or the user's annotations */
#define EXIT_MEMOCC_WORLD 101 /* files, processes, libclang */
#define EXIT_MEMOCC_BUG 102

__attribute__((noreturn, format(printf, 1, 2))) void fatal(const char *format, ...);
__attribute__((noreturn, format(printf, 3, 4))) void panic_bug(const char *file, int line,
                                                               const char *format, ...);
#define BUG(...) panic_bug(__FILE__, __LINE__, __VA_ARGS__)

/* Called by both before the process ends; for temporary files. May be NULL. */
extern void (*panic_cleanup)(void);

#endif
