/* libclang.h - libclang, loaded when needed.
 *
 * Linking it would cost every start of the tool 17 ms; so it is opened with
 * dlopen on the first annotated unit, and its functions are members of `lc`.
 * Headers of version 14 are enough: what came later is optional and may be
 * NULL. Only frontend*.c include this file. */
#ifndef MEMOCC_LIBCLANG_H
#define MEMOCC_LIBCLANG_H

#include <clang-c/Index.h>
#include <stdbool.h>

struct libclang {
#define LIBCLANG(name) __typeof__(clang_##name) *name;
#include "libclang.def"
#undef LIBCLANG
    /* Since 17: NULL before. The enumerations are numbers here. */
    unsigned (*getCursorBinaryOperatorKind)(CXCursor);
    unsigned (*getCursorUnaryOperatorKind)(CXCursor);
    const char *path; /* of the library */
    int version;      /* 14, 19 ... */
};
extern struct libclang lc;

/* Load `wish`: a version number, a path, or NULL for the newest installed (14 at
 * least). Ends the tool with a message that names the package if there is none.
 * Later calls do nothing. */
void libclang_load(const char *wish);

#endif
