/* input.c - see input.h. */
#include "checkpoint/input.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "checkpoint/target.h"

#define SHOWN 60u       /* characters of a value; longer ones are only said to differ */
#define FLAG_SKIPPED 1u /* in meta[3] */
#define FLAG_NULLNESS 2u
#define FLAG_TARGETS 4u

static bool is_nullness(const struct memo_part *part)
{
    return (part->m_role & MEMO_CK_NULLNESS) != 0;
}

static bool is_entry(const struct memo_part *part)
{
    return (part->m_role & MEMO_CK_ENTRY) != 0;
}

static bool is_targets(const struct memo_part *part)
{
    return (part->m_role & MEMO_CK_TARGETS) != 0;
}

static bool is_skipped(const struct memo_part *part)
{
    return (part->m_role & MEMO_CK_SKIPPED) != 0;
}

#define OWN_ROLES                                                                                  \
    (MEMO_CK_SKIPPED | MEMO_CK_NULLNESS | MEMO_CK_ENTRY | MEMO_CK_TARGETS | MEMO_CK_TEXTS |        \
     MEMO_CK_CODES)

/* A site with nothing but this part and those that belong to it. */
#define MAX_GROUP 16u
static unsigned group(const struct memo_ck_site *site, unsigned first, struct memo_part *parts,
                      struct memo_site *out)
{
    unsigned n = 0;

    do {
        parts[n] = site->m_inputs[first + n];
        parts[n].m_role &= ~OWN_ROLES;
        if (n == 0)
            parts[n].m_role |= MEMO_KEY;
        n++;
    } while (n < MAX_GROUP && first + n < site->m_n_inputs &&
             (site->m_inputs[first + n].m_role & MEMO_MORE));
    memset(out, 0, sizeof *out);
    out->m_abi = MEMO_ABI;
    out->m_name = out->m_unit = out->m_signature = out->m_toolchain = "";
    out->m_parts = parts;
    out->m_n_parts = n;
    return n;
}

static int take_one(const struct memo_site *one, const struct memo_span *spans,
                    memo__key_code *code, const struct memo_ck_site *site, struct memo__key *key,
                    char why[MEMO__CK_WHY])
{
    static const unsigned char no_identity[16];
    const char *name = one->m_parts[0].m_name;

    switch (memo__key_build(one, spans, no_identity, NULL, 0, code, (void *)(uintptr_t)site, key)) {
    case MEMO__KEY_OK:
        return 0;
    case MEMO__KEY_BAD_COUNT:
        snprintf(why, MEMO__CK_WHY, "the bounds of '%s' are negative or overflow", name);
        break;
    case MEMO__KEY_NULL:
        snprintf(why, MEMO__CK_WHY, "'%s' isn't empty, and its pointer is NULL", name);
        break;
    case MEMO__KEY_CODE:
        snprintf(why, MEMO__CK_WHY, "'%s' is a function that isn't in this program", name);
        break;
    default:
        snprintf(why, MEMO__CK_WHY, "'%s' can't be matched", name);
        break;
    }
    return MEMO_EINVALID;
}

static void take_nullness(const struct memo_span *span, struct memo__key *key)
{
    memset(key, 0, sizeof *key);
    key->bytes[0] = span->m_data != NULL;
    key->hash[0] = key->bytes[0];
    key->total = key->len = 1;
}

/* Of all of them one key, without a text. */
static int take_codes(const struct memo_site *one, const struct memo_span *span,
                      memo__key_code *code, const struct memo_ck_site *site, struct memo__key *key,
                      char why[MEMO__CK_WHY])
{
    size_t n = span->m_data ? span->m_count : 0;
    int err = 0;

    memset(key, 0, sizeof *key);
    for (size_t i = 0; err == 0 && i < n; i++) {
        struct memo_span each = {0};
        struct memo__key its;
        memcpy(&each.m_data, (const char *)span->m_data + i * one->m_parts[0].m_size,
               sizeof each.m_data);
        err = take_one(one, &each, code, site, &its, why);
        for (int k = 0; err == 0 && k < 2; k++) {
            key->hash[k] = (key->hash[k] ^ its.hash[k]) * 0x9e3779b97f4a7c15u;
            key->hash[k] ^= key->hash[k] >> 32;
        }
    }
    key->total = n;
    return err;
}

static void take_targets(const struct memo_part *part, const struct memo_span *span,
                         struct memo__key *key)
{
    memset(key, 0, sizeof *key);
    memo__ck_targets(part->m_type, span->m_data, (size_t)span->m_count,
                     (part->m_role & MEMO_CK_TEXTS) != 0, key->hash);
}

/* Memory that the loop will allocate isn't there yet. */
static const struct memo_span *there(const struct memo_part *part, const struct memo_span *spans,
                                     unsigned n, struct memo_span *own)
{
    if (!is_entry(part) || spans[0].m_data)
        return spans;
    memcpy(own, spans, n * sizeof *own);
    own[0].m_count = 0;
    return own;
}

static bool has_room(struct memo__ck_inputs *in, size_t n)
{
    struct memo__ck_input *list;

    if (n <= in->cap)
        return true;
    list = memo__realloc(in->list, n * sizeof *list);
    if (!list)
        return false;
    in->list = list;
    in->cap = n;
    return true;
}

int memo__ck_inputs_take(const struct memo_ck_site *site, const struct memo_span *spans,
                         memo__key_code *code, struct memo__ck_inputs *out, char why[MEMO__CK_WHY])
{
    struct memo_part parts[MAX_GROUP];
    struct memo_span own[MAX_GROUP];
    struct memo_site one;
    unsigned i, n;
    int err = 0;

    out->n = 0;
    if (!has_room(out, site->m_n_inputs)) {
        snprintf(why, MEMO__CK_WHY, "out of memory");
        return MEMO_ENOMEM;
    }
    for (i = 0; err == 0 && i < site->m_n_inputs; i += n) {
        struct memo__ck_input *input = &out->list[out->n++];

        input->part = i;
        n = group(site, i, parts, &one);
        if (is_nullness(&site->m_inputs[i]))
            take_nullness(&spans[i], &input->key);
        else if (site->m_inputs[i].m_role & MEMO_CK_CODES)
            err = take_codes(&one, &spans[i], code, site, &input->key, why);
        else if (is_targets(&site->m_inputs[i]))
            take_targets(&site->m_inputs[i], &spans[i], &input->key);
        else
            err = take_one(&one, there(&site->m_inputs[i], &spans[i], n, own), code, site,
                           &input->key, why);
    }
    return err;
}

void memo__ck_inputs_release(struct memo__ck_inputs *in)
{
    memo__free(in->list);
    in->list = NULL;
    in->n = in->cap = 0;
}

void memo__ck_input_blob(const struct memo_ck_site *site, const struct memo__ck_input *input,
                         struct memo__ck_blob *out)
{
    const struct memo_part *part = &site->m_inputs[input->part];

    memset(out, 0, sizeof *out);
    out->kind = MEMO__CK_INPUT;
    out->name = part->m_name ? part->m_name : "";
    out->meta[0] = input->key.hash[0];
    out->meta[1] = input->key.hash[1];
    out->meta[2] = input->key.total;
    out->meta[3] = (is_skipped(part) ? FLAG_SKIPPED : 0) | (is_nullness(part) ? FLAG_NULLNESS : 0) |
                   (is_targets(part) ? FLAG_TARGETS : 0);
    out->data = input->key.bytes;
    out->len = input->key.len;
}

static bool is_equal(const struct memo__ck_blob *a, const struct memo__ck_blob *b)
{
    return strcmp(a->name, b->name) == 0 && a->meta[0] == b->meta[0] && a->meta[1] == b->meta[1] &&
           a->meta[2] == b->meta[2] && a->len == b->len &&
           (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static bool show_value(const struct memo_ck_site *site, unsigned part,
                       const struct memo__ck_blob *blob, memo__ck_show *show, char out[SHOWN + 2])
{
    struct memo_part parts[MAX_GROUP];
    struct memo_site one;

    group(site, part, parts, &one);
    if (!parts[0].m_kind)
        parts[0].m_kind = "b";
    show(out, SHOWN + 2, &one, blob->data, blob->len, blob->meta[2]);
    return out[0] != '\0' && strlen(out) <= SHOWN && !strstr(out, "...") &&
           !strstr(out, " elements, hash "); /* show.c's word for what wasn't kept */
}

static void say(const struct memo_ck_site *site, const struct memo__ck_input *input,
                const struct memo__ck_blob *old, const struct memo__ck_blob *now,
                memo__ck_show *show, char text[MEMO__CK_WHY])
{
    const struct memo_part *part = &site->m_inputs[input->part];
    const char *what = is_entry(part) ? "start value" : "input";
    char was[SHOWN + 2], is[SHOWN + 2];

    if (!old || strcmp(old->name, now->name) != 0)
        snprintf(text, MEMO__CK_WHY, "%s '%.100s' wasn't one", what,
                 now->name);
    else if (is_nullness(part))
        snprintf(text, MEMO__CK_WHY, "input '%.100s' %s", now->name,
                 input->key.bytes[0] ? "was NULL and isn't" : "wasn't NULL and is");
    else if (is_targets(part))
        snprintf(text, MEMO__CK_WHY, "input '%.100s' leads elsewhere", now->name);
    else if (!(part->m_role & MEMO_CK_CODES) && show_value(site, input->part, old, show, was) &&
             show_value(site, input->part, now, show, is) && strcmp(was, is) != 0)
        snprintf(text, MEMO__CK_WHY, "%s '%.100s' was %s and is %s", what, now->name,
                 was, is);
    else
        snprintf(text, MEMO__CK_WHY, "%s '%.100s' differs", what, now->name);
}

/* The clause that takes it out. */
static const char *escape(const struct memo_part *part)
{
    if (!is_entry(part))
        return "skip";
    return part->m_role & MEMO_SECTION ? "rng" : "save";
}

bool memo__ck_inputs_differ(const struct memo_ck_site *site, const struct memo__ck_inputs *in,
                            const struct memo__ck_file *file, bool skipped, memo__ck_show *show,
                            char text[MEMO__CK_WHY])
{
    size_t i, at = 0;

    for (i = 0; i < in->n; i++) {
        const struct memo__ck_blob *old = NULL;
        struct memo__ck_blob now;

        for (; at < file->n_blobs && !old; at++)
            if (file->blobs[at].kind == MEMO__CK_INPUT)
                old = &file->blobs[at];
        if (is_skipped(&site->m_inputs[in->list[i].part]) != skipped)
            continue;
        memo__ck_input_blob(site, &in->list[i], &now);
        if (old && is_equal(old, &now))
            continue;
        say(site, &in->list[i], old, &now, show, text);
        if (!skipped)
            snprintf(text + strlen(text), MEMO__CK_WHY - strlen(text),
                     " (name it in '%s' if it doesn't matter)",
                     escape(&site->m_inputs[in->list[i].part]));
        return true;
    }
    for (; at < file->n_blobs; at++)
        if (file->blobs[at].kind == MEMO__CK_INPUT) {
            snprintf(text, MEMO__CK_WHY, "input '%.100s' isn't one any more", file->blobs[at].name);
            return !skipped;
        }
    return false;
}
