/* fs.h - files and paths.
 *
 * Paths are plain strings; nothing is normalised, because the compiler prints
 * them as the user wrote them. Functions that return bool leave errno set. */
#ifndef MEMOCC_FS_H
#define MEMOCC_FS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct arena;

/* Append the whole content. A failure leaves what was read before it in out. */
bool fs_read(const char *path, struct strbuf *out);
bool fs_read_fd(int fd, struct strbuf *out);

/* Create or replace. A failure may leave a part. */
bool fs_write(const char *path, const void *data, size_t n);

const char *fs_base(const char *path);   /* behind the last slash */
size_t fs_dir_len(const char *path);     /* up to and with the last slash; 0: none */
const char *fs_suffix(const char *path); /* from the last dot of the base, or "" */

bool fs_is_file(const char *path);
bool fs_same_file(const char *a, const char *b); /* same inode; false if one is missing */

/* Absolute and without symbolic links, or NULL with errno. */
const char *fs_real_path(struct arena *a, const char *path);
/* Path of the running program. */
const char *fs_self(struct arena *a);

/* What execvp would run for name: name itself if it has a slash, else the first
 * executable of $PATH that accept() (may be NULL) takes. NULL: none. */
const char *fs_find_program(struct arena *a, const char *name,
                            bool (*accept)(const char *path, void *arg), void *arg);

/* A fresh directory below $TMPDIR (else /tmp); ends the tool if that can't be.
 * It lives until fs_remove_temps(), with the files directly inside it. */
const char *fs_temp_dir(struct arena *a);
/* Remove them all. Called at exit and by panics; safe to call twice. */
void fs_remove_temps(void);
bool fs_has_temps(void);

#endif
