/* environment.c - keys of calls; see environment.h. */
#include "cache/environment.h"

#include <string.h>

#include "base/log.h"
#include "cache/explain.h"
#include "cache/fpenv.h"
#include "cache/locale.h"
#include "cache/runtime.h"

static void add_state(struct memo__environment *e, char what, uint32_t value)
{
    e->bytes[e->len] = (unsigned char)what;
    memcpy(e->bytes + e->len + 1, &value, sizeof value);
    e->len += 1 + (unsigned)sizeof value;
}

void memo__look_around(const struct memo__site *s, int errno_in, struct memo__environment *e)
{
    uint32_t state;

    e->len = 0;
    e->has_plain_fp = true;
    e->is_private = false;
    if (s->flags & MEMO_SITE_FP) {
        state = memo__fp_environment();
        e->has_plain_fp = state == 0;
        if (state != 0)
            add_state(e, MEMO__STATE_FP, state);
    }
    if (s->flags & MEMO_SITE_ERRNO_READ)
        add_state(e, MEMO__STATE_ERRNO, (uint32_t)errno_in);
    if (s->flags & MEMO_SITE_LOCALE) {
        e->is_private = !memo__locale(&state);
        if (state != 0)
            add_state(e, MEMO__STATE_LOCALE, state);
    }
}

static bool code_identity(void *site, const void *code, unsigned char out[MEMO__DIGEST_LEN])
{
    return memo__code_digest(code, site, out);
}

bool memo__make_key(struct memo__site *s, const struct memo_span *spans,
                    const struct memo__environment *e, struct memo__key *key)
{
    const char *why = NULL;

    if (e->is_private)
        return false;
    bool is_warned = true;

    switch (memo__key_build(s->abi, spans, s->identity, e->bytes, e->len, code_identity,
                            (void *)(uintptr_t)s->abi, key)) {
    case MEMO__KEY_OK:
        return true;
    case MEMO__KEY_BAD_COUNT:
        why = "the size of a section is negative or too large";
        break;
    case MEMO__KEY_NULL:
        why = "a section that isn't empty is NULL";
        break;
    case MEMO__KEY_OVERLAP:
        why = "a section that is written overlaps another";
        is_warned = false;
        break;
    case MEMO__KEY_CODE:
        why = "a function pointer leads out of this program";
        is_warned = false;
        break;
    case MEMO__KEY_FILE:
        why = "a file that it reads can't be read";
        is_warned = false;
        break;
    }
    if (memo__explains())
        memo__explain_uncached(s, why);
    else if (!is_warned && memo__runtime.config.verbose >= 1)
        memo__log("uncached %s: %s", s->abi->m_name, why);
    if (is_warned && memo__first_time(&s->is_warned_bad))
        memo__log("'%s': %s; such calls are computed", s->abi->m_name, why);
    return false;
}
