/* strbuf.h - a growing string. buf is never NULL and always ends with a NUL
 * that isn't counted in len. Out of memory ends the tool. */
#ifndef MEMOCC_STRBUF_H
#define MEMOCC_STRBUF_H

#include <stddef.h>

struct strbuf {
    char *buf;
    size_t len, cap; /* cap 0: buf is a shared empty string */
};

extern char strbuf_empty[1];
#define STRBUF_INIT                                                                                \
    {                                                                                              \
        strbuf_empty, 0, 0                                                                         \
    }

void strbuf_init(struct strbuf *s);
void strbuf_release(struct strbuf *s); /* contents; s is as after strbuf_init */
void strbuf_clear(struct strbuf *s);   /* len 0, keeps the memory */
void strbuf_reserve(struct strbuf *s, size_t more);
void strbuf_add(struct strbuf *s, const void *data, size_t n);
void strbuf_adds(struct strbuf *s, const char *text);
void strbuf_addc(struct strbuf *s, char c);
void strbuf_addf(struct strbuf *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_add_c_string(struct strbuf *s, const char *text, size_t n); /* "..." with escapes */

#endif
