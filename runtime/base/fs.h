/* fs.h - files and directories. Paths are absolute or relative to the working
 * directory. All descriptors are close-on-exec. errno holds the reason after a
 * failure. */
#ifndef MEMO_BASE_FS_H
#define MEMO_BASE_FS_H

#include <stdbool.h>
#include <stddef.h>

/* Creates the directory and its parents, each 0700. 0 if it is there. */
int memo__mkdirs(const char *path);

/* All bytes, whatever write(2) takes at a time; interrupted calls go on. */
int memo__write_all(int fd, const void *data, size_t len);

/* The file at `path` afterwards holds these bytes or what it held before, also
 * after a crash of the process: written beside it, then renamed. Mode 0600. */
int memo__write_file(const char *path, const void *data, size_t len);

/* Whether the file system below `path` is one that machines share: there LMDB's
 * locks and maps don't hold. false if it can't be found out. */
bool memo__is_network_fs(const char *path);

/* Tests only: say `magic` is what statfs reports for paths that begin so; 0: ask
 * again. `start` isn't copied. */
void memo__fs_pretend(const char *start, unsigned long magic);

#endif
