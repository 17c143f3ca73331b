/* image_writable.c - can what was saved be written where it goes to? `save` may name memory that
 * is constant, in this run or always: bytes that are there already aren't written. */
#include "checkpoint/image_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* A part of the memory that can't be written. */
struct constant {
    FILE *maps;
    uintptr_t begin, end; /* the one looked at; from low addresses to high ones */
};

static bool next(struct constant *c)
{
    char line[512], mode[8];

    while (fgets(line, sizeof line, c->maps)) {
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &c->begin, &c->end, mode) == 3 &&
            mode[1] != 'w')
            return true;
        while (!strchr(line, '\n') && fgets(line, sizeof line, c->maps)) /* a long name */
            ;
    }
    return false;
}

/* Bytes of elements but for pointers: those are as they are to be. */
static bool is_there(const struct memo_ck_piece *q, const char *at, const char *bytes, size_t len)
{
    if (!q->m_n_pointers)
        return memcmp(at, bytes, len) == 0;
    for (size_t i = 0; i < len; i++) {
        size_t offset = i % q->m_size;
        bool is_pointer = false;

        for (unsigned k = 0; k < q->m_n_pointers && !is_pointer; k++) {
            const struct memo_ck_pointer *r = &q->m_pointers[k];

            is_pointer = offset >= r->m_offset && r->m_count > 0 &&
                         offset - r->m_offset < (r->m_count - 1) * r->m_stride + r->m_size;
        }
        if (!is_pointer && at[i] != bytes[i])
            return false;
    }
    return true;
}

/* Is there a run of piece i that lies in c, in whole or in part, and differs? */
static bool differs(const struct memo__ck_image *image, unsigned i, uintptr_t begin,
                    const struct constant *c)
{
    const struct memo__ck_saved *s = &image->prepared->pieces[i];

    for (size_t r = 0; r < s->n_runs; r++) {
        uintptr_t gap = memo__ck_run(0, s->levels, s->n_levels, r), at = begin + gap;
        const char *data = s->blob->data;

        if (at < c->end && at + s->run_len > c->begin &&
            !is_there(&image->site->m_pieces[i], memo__ck_at(at),
                      s->blob->meta[0] & GAPS ? data + gap : data + r * s->run_len, s->run_len))
            return true;
    }
    return false;
}

int memo__ck_image_writable(struct memo__ck_image *image, const struct memo_ck_span *spans,
                            char why[MEMO__CK_WHY])
{
    struct constant c = {.maps = fopen("/proc/self/maps", "re")};
    int err = 0;

    if (!c.maps)
        return 0;
    while (!err && next(&c))
        for (unsigned i = 0; i < image->n && !err; i++) {
            const struct memo__ck_saved *s = &image->prepared->pieces[i];
            uintptr_t begin = memo__ck_goes_to(image, spans, i);

            if (!begin || begin >= c.end || begin - s->first + (uintptr_t)s->high <= c.begin ||
                !differs(image, i, begin, &c))
                continue;
            snprintf(
                why, MEMO__CK_WHY,
                "'%s' can't be written, and had other values; write 'match' in place of 'save'",
                image->site->m_pieces[i].m_name);
            err = MEMO_EINVALID;
        }
    fclose(c.maps);
    return err;
}
