/* lineage.c - see lineage.h. */
#include "checkpoint/lineage.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void memo__ck_make_lineage(struct memo__ck_loop *l, const struct memo__ck_loop *outer)
{
    const struct memo_part *parts = l->site->abi->m_inputs;
    XXH128_canonical_t canonical;
    XXH3_state_t state;
    size_t i;

    if (outer) {
        memcpy(l->outer, outer->identity.digest, sizeof l->outer);
        memcpy(l->outer_lineage, outer->lineage, sizeof l->outer_lineage);
    }
    XXH3_128bits_reset(&state);
    XXH3_128bits_update(&state, l->outer_lineage, sizeof l->outer_lineage);
    XXH3_128bits_update(&state, l->site->code, sizeof l->site->code);
    for (i = 0; i < l->inputs.n; i++) {
        const struct memo__ck_input *in = &l->inputs.list[i];

        if (parts[in->part].m_role & MEMO_CK_SKIPPED)
            continue;
        XXH3_128bits_update(&state, in->key.hash, sizeof in->key.hash);
        XXH3_128bits_update(&state, &in->key.total, sizeof in->key.total);
    }
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state));
    memcpy(l->lineage, canonical.digest, sizeof l->lineage);
}
