/* strbuf.c - see strbuf.h. */
#include "base/strbuf.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/panic.h"

char strbuf_empty[1];

void strbuf_init(struct strbuf *s)
{
    *s = (struct strbuf)STRBUF_INIT;
}

void strbuf_release(struct strbuf *s)
{
    if (s->cap)
        free(s->buf);
    strbuf_init(s);
}

void strbuf_clear(struct strbuf *s)
{
    s->len = 0;
    if (s->cap)
        s->buf[0] = '\0';
}

void strbuf_reserve(struct strbuf *s, size_t more)
{
    if (s->cap > s->len && s->cap - s->len > more)
        return;
    size_t cap = s->cap ? s->cap : 64;
    while (cap - s->len <= more) {
        if (cap > (size_t)-1 / 2)
            BUG("string of %zu bytes", s->len);
        cap *= 2;
    }
    char *p = realloc(s->cap ? s->buf : NULL, cap);
    if (!p)
        fatal("out of memory");
    s->buf = p;
    s->cap = cap;
    s->buf[s->len] = '\0';
}

void strbuf_add(struct strbuf *s, const void *data, size_t n)
{
    strbuf_reserve(s, n);
    if (n)
        memcpy(s->buf + s->len, data, n);
    s->len += n;
    s->buf[s->len] = '\0';
}

void strbuf_adds(struct strbuf *s, const char *text)
{
    strbuf_add(s, text, strlen(text));
}

void strbuf_addc(struct strbuf *s, char c)
{
    strbuf_add(s, &c, 1);
}

void strbuf_addf(struct strbuf *s, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    strbuf_reserve(s, (size_t)n);
    vsnprintf(s->buf + s->len, (size_t)n + 1, format, again);
    va_end(again);
    s->len += (size_t)n;
}

void strbuf_add_c_string(struct strbuf *s, const char *text, size_t n)
{
    strbuf_addc(s, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            strbuf_addf(s, "\\%c", c);
        else if (c < 32 || c == 127 || (c == '?' && i > 0 && text[i - 1] == '?'))
            strbuf_addf(s, "\\%03o", c);
        else
            strbuf_addc(s, (char)c);
    }
    strbuf_addc(s, '"');
}
