/* buf.h - a growable run of bytes. Not for several threads at once. */
#ifndef MEMO_BASE_BUF_H
#define MEMO_BASE_BUF_H

#include <stddef.h>

/* data is NULL while nothing was added; data[len] is then always a NUL that
 * isn't counted, so that text can be passed on as a C string. */
struct memo__buf {
    char *data;
    size_t len, cap;
};
#define MEMO__BUF_INIT                                                                             \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

void memo__buf_init(struct memo__buf *b);
void memo__buf_release(struct memo__buf *b); /* frees the bytes; b is as after init */

/* 0 or MEMO_ENOMEM; what was in b before stays. */
int memo__buf_add(struct memo__buf *b, const void *data, size_t len);
int memo__buf_addf(struct memo__buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int memo__buf_reserve(struct memo__buf *b, size_t more);

#endif
