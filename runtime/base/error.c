/* error.c - texts of error codes, from memo_errors.def. */
#include "base/error.h"

#include <errno.h>

const char *memo__strerror(int err)
{
    switch ((enum memo__error)err) {
    case MEMO_OK:
        return "success";
#define MEMO_ERROR(name, value, text)                                                              \
    case MEMO_E##name:                                                                             \
        return text;
#include "base/memo_errors.def"
#undef MEMO_ERROR
    }
    return "unknown error";
}

int memo__error_of_errno(int e)
{
    switch (e) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return MEMO_EFULL;
    case ENOMEM:
        return MEMO_ENOMEM;
    case EROFS:
    case EACCES:
    case EPERM:
        return MEMO_EREADONLY;
    default:
        return MEMO_EIO;
    }
}
