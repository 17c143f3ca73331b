/* error.h - the codes that runtime functions return.
 *
 * A function returns 0 or one of the negative MEMO_E... codes of
 * memo_errors.def. Out parameters are untouched on failure unless its header
 * says otherwise. */
#ifndef MEMO_BASE_ERROR_H
#define MEMO_BASE_ERROR_H

enum memo__error {
    MEMO_OK = 0,
#define MEMO_ERROR(name, value, text) MEMO_E##name = value,
#include "base/memo_errors.def"
#undef MEMO_ERROR
};

/* A constant text without full stop; "unknown error" for other numbers. */
const char *memo__strerror(int err);

/* The code for an errno value: ENOSPC, EDQUOT and EFBIG are FULL, ENOMEM is
 * NOMEM, EROFS, EACCES and EPERM are READONLY, all else is IO. */
int memo__error_of_errno(int e);

#endif
