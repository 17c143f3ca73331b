/* objfile.h - does an object file, or an archive, need the runtime?
 *
 * Looks for undefined symbols of ours; nothing else is read. */
#ifndef MEMOCC_OBJFILE_H
#define MEMOCC_OBJFILE_H

#include <stdbool.h>

/* Does the file at path refer to a symbol that begins with `prefix` and that it
 * (or that member of it) doesn't define? False for what can't be read, and for
 * shared libraries, which bring their own. Objects of LTO and LLVM bitcode, whose
 * symbols aren't in a table of ELF's, count if they mention such a name. */
bool objfile_needs(const char *path, const char *prefix);

#endif
