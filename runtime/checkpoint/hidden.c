/* hidden.c - see hidden.h. */
#include "checkpoint/hidden.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"

#define TRIES 16 /* a state that is larger each time that it is asked for */

void memo__ck_hidden_release(struct memo__ck_hidden *h)
{
    memo__free(h->state);
    memset(h, 0, sizeof *h);
}

static int take_state(struct memo__ck_hidden *h, const struct memo_ck_site *site,
                      char why[MEMO__CK_WHY])
{
    size_t len = site->m_get(NULL, 0), got;
    unsigned i;

    for (i = 0; i < TRIES; i++) {
        if (len > h->state_cap || !h->state) {
            void *grown = memo__realloc(h->state, len + 1);

            if (!grown) {
                snprintf(why, MEMO__CK_WHY, "no memory for the %zu bytes of 'state'", len);
                return MEMO_ENOMEM;
            }
            h->state = grown;
            h->state_cap = len;
        }
        got = site->m_get(h->state, h->state_cap);
        if (got <= h->state_cap) {
            h->state_len = got;
            return 0;
        }
        len = got;
    }
    snprintf(why, MEMO__CK_WHY, "'state' needs more bytes each time");
    return MEMO_EINVALID;
}

int memo__ck_hidden_take(struct memo__ck_hidden *h, const struct memo_ck_site *site,
                         char why[MEMO__CK_WHY])
{
    if ((site->m_flags & MEMO_CK_RANDOM) && memo__ck_random_take(&h->random) != 0) {
        snprintf(why, MEMO__CK_WHY, "the state of random() isn't known for this C library");
        return MEMO_EINVALID;
    }
    if (site->m_flags & MEMO_CK_RAND48)
        memo__ck_rand48_take(&h->rand48);
    return site->m_get ? take_state(h, site, why) : 0;
}

void memo__ck_hidden_give(const struct memo__ck_hidden *h, const struct memo_ck_site *site)
{
    if (site->m_flags & MEMO_CK_RANDOM)
        (void)memo__ck_random_give(h->random.state, h->random.len);
    if (site->m_flags & MEMO_CK_RAND48)
        memo__ck_rand48_give(&h->rand48);
    if (site->m_get && site->m_set)
        site->m_set(h->state, h->state_len);
}

static void add(struct memo__ck_blob *out, size_t *n, uint32_t kind, const char *name,
                const void *data, size_t len)
{
    memset(&out[*n], 0, sizeof out[*n]);
    out[*n].kind = kind;
    out[*n].name = name;
    out[*n].data = data;
    out[(*n)++].len = len;
}

size_t memo__ck_hidden_blobs(const struct memo__ck_hidden *h, const struct memo_ck_site *site,
                             struct memo__ck_blob *out)
{
    size_t n = 0;

    if (site->m_flags & MEMO_CK_RANDOM)
        add(out, &n, MEMO__CK_RANDOM, "random", h->random.state, h->random.len);
    if (site->m_flags & MEMO_CK_RAND48)
        add(out, &n, MEMO__CK_RAND48, "rand48", &h->rand48, sizeof h->rand48);
    if (site->m_get)
        add(out, &n, MEMO__CK_STATE, "state", h->state, h->state_len);
    return n;
}

static int check_one(const struct memo__ck_file *file, uint32_t kind, const char *what, bool has,
                     const struct memo__ck_blob **blob, char why[MEMO__CK_WHY])
{
    *blob = memo__ck_find(file, kind, NULL);
    if ((*blob != NULL) == has)
        return 0;
    snprintf(why, MEMO__CK_WHY, has ? "'%s' wasn't saved" : "'%s' was saved, too", what);
    return MEMO_EINVALID;
}

int memo__ck_hidden_check(const struct memo__ck_file *file, const struct memo_ck_site *site,
                          char why[MEMO__CK_WHY])
{
    bool has_random = (site->m_flags & MEMO_CK_RANDOM) != 0;
    bool has_rand48 = (site->m_flags & MEMO_CK_RAND48) != 0;
    const struct memo__ck_blob *blob;
    int err;

    err = check_one(file, MEMO__CK_RANDOM, "rng(random)", has_random, &blob, why);
    if (err == 0 && blob && memo__ck_random_check(blob->data, blob->len) != 0) {
        snprintf(why, MEMO__CK_WHY, "the saved state of random() isn't one");
        err = MEMO_ECORRUPT;
    }
    if (err == 0)
        err = check_one(file, MEMO__CK_RAND48, "rng(rand48)", has_rand48, &blob, why);
    if (err == 0 && blob &&
        (blob->len != sizeof(struct memo__ck_rand48) || memo__ck_rand48_check(blob->data) != 0)) {
        snprintf(why, MEMO__CK_WHY, "the saved state of drand48() isn't one");
        err = MEMO_ECORRUPT;
    }
    return err ? err : check_one(file, MEMO__CK_STATE, "state", site->m_get != NULL, &blob, why);
}

void memo__ck_hidden_give_file(const struct memo__ck_file *file, const struct memo_ck_site *site)
{
    const struct memo__ck_blob *random = memo__ck_find(file, MEMO__CK_RANDOM, NULL);
    const struct memo__ck_blob *rand48 = memo__ck_find(file, MEMO__CK_RAND48, NULL);
    const struct memo__ck_blob *state = memo__ck_find(file, MEMO__CK_STATE, NULL);

    if (random && memo__ck_random_give(random->data, random->len) != 0)
        memo__log("warning: %s:%u: no memory for the state of random(): its numbers go on "
                  "otherwise",
                  site->m_file, site->m_line);
    if (rand48)
        memo__ck_rand48_give(rand48->data);
    if (state && site->m_set)
        site->m_set(state->data, state->len);
}
