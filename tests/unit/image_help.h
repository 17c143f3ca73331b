/* image_help.h - loops made by hand: pieces, spans, and a state that outlives its run.
 *
 * A test is a function that is called for two runs: each has memory of its own. */
#ifndef IMAGE_HELP_H
#define IMAGE_HELP_H

#include <stdlib.h>

#include "base/error.h"
#include "checkpoint/image.h"
#include "unit/check.h"

#define VARIABLE(name, type)                                                                       \
    {                                                                                              \
        .m_name = name, .m_role = MEMO_CK_VARIABLE, .m_base = MEMO_CK_NONE,                        \
        .m_size = sizeof(type), .m_layout = sizeof(type)                                           \
    }
#define PART(name, role, base, type)                                                               \
    {                                                                                              \
        .m_name = name, .m_role = (role), .m_base = (base), .m_size = sizeof(type),                \
        .m_layout = sizeof(type)                                                                   \
    }
#define POINTER(name, role) PART(name, MEMO_CK_POINTER | (role), MEMO_CK_NONE, void *)
#define SPAN(data, ...)                                                                            \
    (struct memo_ck_span)                                                                          \
    {                                                                                              \
        .m_data = (void *)(data), __VA_ARGS__                                                      \
    }
#define COUNT(n) .m_count = (n)
#define LEN(array) (sizeof(array) / sizeof *(array))
#define SITE(pieces)                                                                               \
    {                                                                                              \
        .m_abi = MEMO_CHECKPOINT_ABI, .m_pieces = (pieces), .m_n_pieces = LEN(pieces)              \
    }

/* What is left of a run that was killed. */
struct saved {
    struct memo__ck_blob *blobs;
    size_t n;
};

static inline struct saved keep(const struct memo__ck_taken *t)
{
    struct saved s = {calloc(t->n_blobs + 1, sizeof *s.blobs), t->n_blobs};
    for (size_t i = 0; i < t->n_blobs; i++) {
        s.blobs[i] = t->blobs[i];
        s.blobs[i].name = strdup(t->blobs[i].name);
        char *data = malloc(t->blobs[i].len + 1);
        if (t->blobs[i].len)
            memcpy(data, t->blobs[i].data, t->blobs[i].len);
        s.blobs[i].data = data;
    }
    return s;
}

static inline void saved_release(struct saved *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free((char *)s->blobs[i].name);
        free((void *)s->blobs[i].data);
    }
    free(s->blobs);
}

/* Saves; the reason if that fails. */
static inline const char *save(struct memo__ck_image *image, const struct memo_ck_span *spans,
                               struct saved *out)
{
    static char why[MEMO__CK_WHY];
    struct memo__ck_taken t;
    memset(out, 0, sizeof *out);
    if (memo__ck_image_take(image, spans, &t, why))
        return why;
    *out = keep(&t);
    return "";
}

/* Restores what an earlier run saved; the reason if that fails. */
static inline const char *restore(struct memo__ck_image *image, const struct memo_ck_span *spans,
                                  const struct saved *from, bool can_undo)
{
    static char why[MEMO__CK_WHY];
    if (memo__ck_image_prepare(image, from->blobs, from->n, can_undo, why) ||
        memo__ck_image_fits(image, spans, why))
        return why;
    memo__ck_image_restore(image, spans);
    return "";
}

#endif
