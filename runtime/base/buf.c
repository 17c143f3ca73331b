/* buf.c - a growable run of bytes. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

void memo__buf_init(struct memo__buf *b)
{
    *b = (struct memo__buf)MEMO__BUF_INIT;
}

void memo__buf_release(struct memo__buf *b)
{
    memo__free(b->data);
    memo__buf_init(b);
}

int memo__buf_reserve(struct memo__buf *b, size_t more)
{
    if (more >= SIZE_MAX / 2 - b->len)
        return MEMO_ENOMEM;
    size_t need = b->len + more + 1;
    if (need <= b->cap)
        return 0;
    size_t cap = b->cap + b->cap / 2 + 64;
    if (cap < need)
        cap = need;
    char *data = memo__realloc(b->data, cap);
    if (!data)
        return MEMO_ENOMEM;
    b->data = data;
    b->cap = cap;
    return 0;
}

int memo__buf_add(struct memo__buf *b, const void *data, size_t len)
{
    int err = memo__buf_reserve(b, len);
    if (err)
        return err;
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
    return 0;
}

int memo__buf_addf(struct memo__buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        return MEMO_EINVALID;
    int err = memo__buf_reserve(b, (size_t)n);
    if (err)
        return err;
    va_start(args, fmt);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, args);
    va_end(args);
    b->len += (size_t)n;
    return 0;
}
