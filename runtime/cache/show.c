/* show.c - print what keys and results consist of; see show.h. Keys are read as
 * key/key.h describes them. */
#include "cache/show.h"

#include <float.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key/key.h"
#include "key/pack.h"

#define SHOWN_ELEMENTS 8u
#define SHOWN_BYTES 32u
#define SHOWN_TEXT 120u

/* ---- the line ---- */

static void add_text(struct memo__line *l, const char *text, size_t len)
{
    size_t room = sizeof l->text - 1 - l->len;

    if (l->is_full)
        return;
    if (len > room) {
        len = room;
        l->is_full = true;
    }
    memcpy(l->text + l->len, text, len);
    l->len += len;
    if (l->is_full)
        memcpy(l->text + l->len - 3, "...", 3);
    l->text[l->len] = '\0';
}

static void add(struct memo__line *l, const char *text)
{
    add_text(l, text, strlen(text));
}

void memo__line_add(struct memo__line *l, const char *fmt, ...)
{
    char text[MEMO__LINE];
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n > 0)
        add_text(l, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

/* ---- scalars ---- */

static void show_bytes(struct memo__line *l, const unsigned char *p, size_t n)
{
    size_t i;

    add(l, "0x");
    for (i = 0; i < n && i < SHOWN_BYTES; i++)
        memo__line_add(l, "%02x", p[i]);
    if (n > SHOWN_BYTES)
        add(l, "...");
}

/* C's spelling whatever the locale says, in as few digits as give it back. */
static void add_number(struct memo__line *l, char *text)
{
    char *p;

    for (p = text; *p; p++)
        if (!strchr("+-0123456789abcdefinx", *p))
            *p = '.';
    add(l, text);
}

static void show_float(struct memo__line *l, const unsigned char *p, size_t size)
{
    char text[64];
    long double e = 0;
    double d = 0;
    float f = 0;
    int digits;

    if (size == sizeof f) {
        memcpy(&f, p, sizeof f);
        for (digits = 6; digits < FLT_DECIMAL_DIG; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, (double)f);
            if (strtof(text, NULL) == f)
                break;
        }
        snprintf(text, sizeof text, "%.*g", digits, (double)f);
    } else if (size == sizeof d) {
        memcpy(&d, p, sizeof d);
        for (digits = 15; digits < DBL_DECIMAL_DIG; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, d);
            if (strtod(text, NULL) == d)
                break;
        }
        snprintf(text, sizeof text, "%.*g", digits, d);
    } else if (size == 10 && sizeof e >= 10 && LDBL_MANT_DIG == 64) {
        memcpy(&e, p, 10);
        snprintf(text, sizeof text, "%.*Lg", LDBL_DECIMAL_DIG, e);
    } else {
        show_bytes(l, p, size);
        return;
    }
    add_number(l, text);
}

static void show_integer(struct memo__line *l, const unsigned char *p, size_t size, bool is_signed)
{
    uint64_t u = 0;
    unsigned shift;

    if (size > sizeof u) {
        show_bytes(l, p, size);
        return;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&u, p, size);
#else
    memcpy((char *)&u + sizeof u - size, p, size);
#endif
    shift = 64 - 8 * (unsigned)size;
    if (is_signed && size > 0)
        memo__line_add(l, "%" PRId64, (int64_t)(u << shift) >> shift);
    else
        memo__line_add(l, "%" PRIu64, u);
}

static void show_bits(struct memo__line *l, const struct memo__leaf *leaf, const unsigned char *p)
{
    uint64_t u = 0;
    unsigned i;

    for (i = 0; i < leaf->bits && i < 64; i++)
        u |= (uint64_t)(p[(leaf->bit + i) / 8] >> (leaf->bit + i) % 8 & 1) << i;
    if (leaf->kind.letter == 'i' && leaf->bits < 64 && u >> (leaf->bits - 1) & 1)
        memo__line_add(l, "%" PRId64, (int64_t)(u | ~(uint64_t)0 << leaf->bits));
    else
        memo__line_add(l, "%" PRIu64, u);
}

static void show_objects(struct memo__line *l, const struct memo__kind *k, const unsigned char *p,
                         size_t count);

static void show_members(struct memo__line *l, const struct memo__kind *k, const unsigned char *p)
{
    const char *text = k->members, *comma = "";
    struct memo__member m;

    add(l, "{");
    while (memo__member_next(&text, &m)) {
        add(l, comma);
        if (m.name_len > 0)
            memo__line_add(l, ".%.*s = ", (int)m.name_len, m.name);
        if (m.bits > 0) {
            struct memo__leaf leaf = {.kind = m.kind, .bit = m.bit, .bits = m.bits};

            show_bits(l, &leaf, p + m.offset);
        } else {
            show_objects(l, &m.kind, p + m.offset, m.count);
        }
        comma = ", ";
    }
    add(l, "}");
}

static void show_one(struct memo__line *l, const struct memo__kind *k, const unsigned char *p)
{
    size_t half = k->value / 2;

    switch (k->letter) {
    case 'i':
    case 'u':
        show_integer(l, p, k->size, k->letter == 'i');
        break;
    case 'f':
        show_float(l, p, k->value);
        break;
    case 'c':
        show_float(l, p, half);
        add(l, " + ");
        show_float(l, p + k->size / 2, half);
        add(l, " i");
        break;
    case '{':
        show_members(l, k, p);
        break;
    default:
        show_bytes(l, p, k->size);
        break;
    }
}

/* ---- text ---- */

void memo__show_text(struct memo__line *l, const void *text, size_t len)
{
    const unsigned char *p = text;
    size_t i;

    add(l, "\"");
    for (i = 0; i < len && i < SHOWN_TEXT; i++) {
        if (p[i] == '\n')
            add(l, "\\n");
        else if (p[i] == '\t')
            add(l, "\\t");
        else if (p[i] == '"' || p[i] == '\\')
            memo__line_add(l, "\\%c", p[i]);
        else if (p[i] < 0x20 || p[i] == 0x7f)
            memo__line_add(l, "\\%03o", p[i]);
        else
            add_text(l, (const char *)&p[i], 1);
    }
    add(l, i < len ? "\"..." : "\"");
}

/* Several characters that can be read: up to the first NUL, behind which there
 * is nothing else. */
static bool is_text(const struct memo__kind *k, const unsigned char *p, size_t n, size_t *len)
{
    size_t i;

    if ((k->letter != 'i' && k->letter != 'u') || k->size != 1 || n < 2)
        return false;
    for (i = 0; i < n && p[i] != 0; i++)
        if ((p[i] < 0x20 || p[i] >= 0x7f) && p[i] != '\n' && p[i] != '\t')
            return false;
    *len = i;
    for (; i < n; i++)
        if (p[i] != 0)
            return false;
    return *len > 0;
}

/* ---- arrays ---- */

static void show_objects(struct memo__line *l, const struct memo__kind *k, const unsigned char *p,
                         size_t count)
{
    size_t i, len;

    if (k->letter == 'b') {
        show_bytes(l, p, k->size * count);
    } else if (count == 1) {
        show_one(l, k, p);
    } else if (is_text(k, p, count, &len)) {
        memo__show_text(l, p, len);
    } else {
        add(l, "{");
        for (i = 0; i < count && i < SHOWN_ELEMENTS; i++) {
            add(l, i > 0 ? ", " : "");
            show_one(l, k, p + i * k->size);
        }
        if (i < count)
            memo__line_add(l, ", ... %zu in all", count);
        add(l, "}");
    }
}

void memo__show_value(struct memo__line *l, const char *kind, const void *data, size_t count,
                      size_t size)
{
    struct memo__kind k = memo__kind_read(&kind);

    if (k.letter == 's') {
        memo__show_text(l, data, count * size > 0 ? count * size - 1 : 0);
        return;
    }
    if (size == k.value) { /* as it is in a key */
        k.size = k.value;
    } else if (k.size == 0 || size % k.size != 0) {
        k.letter = 'b';
        k.size = k.value = 1;
    }
    show_objects(l, &k, data, count * (size / k.size));
}

void memo__show_leaf(struct memo__line *l, const struct memo__leaf *leaf, const void *data)
{
    const unsigned char *p = (const unsigned char *)data + leaf->offset;

    if (leaf->bits > 0)
        show_bits(l, leaf, p);
    else
        show_one(l, &leaf->kind, p);
}

/* ---- keys ---- */

void memo__args_begin(struct memo__args *it, const struct memo_site *site, const void *key,
                      size_t len, uint64_t total)
{
    memset(it, 0, sizeof *it);
    it->site = site;
    it->at = key;
    it->end = it->at + len;
    it->left = total;
}

/* The next n bytes of the key; fewer, in *got, if the rest wasn't kept. */
static const unsigned char *take(struct memo__args *it, uint64_t n, size_t *got)
{
    const unsigned char *p = it->at;
    size_t kept = (size_t)(it->end - it->at);

    *got = n < kept ? (size_t)n : kept;
    if (*got < n)
        it->is_cut = true;
    it->at += *got;
    it->left -= n < it->left ? n : it->left;
    return p;
}

static unsigned take_byte(struct memo__args *it)
{
    size_t got;
    const unsigned char *p = take(it, 1, &got);

    return got == 1 ? *p : 0;
}

static uint64_t take_u64(struct memo__args *it)
{
    uint64_t v = 0;
    size_t got;
    const unsigned char *p = take(it, sizeof v, &got);

    if (got == sizeof v)
        memcpy(&v, p, sizeof v);
    return v;
}

static void take_data(struct memo__args *it, struct memo__arg *arg, uint64_t n)
{
    arg->data = take(it, n, &arg->len);
    arg->is_cut = it->is_cut;
}

static size_t packed_size(const struct memo_part *part)
{
    return part->m_type ? memo__packed_size(part->m_type) : part->m_size;
}

/* `rows` times `count` elements; a row that is too large is there as a hash. */
static void take_elements(struct memo__args *it, struct memo__arg *arg, uint64_t count,
                          uint64_t rows)
{
    uint64_t bytes, all;

    if (__builtin_mul_overflow(count, rows, &arg->count) ||
        __builtin_mul_overflow(count, packed_size(arg->part), &bytes)) {
        arg->is_cut = it->is_cut = true;
        return;
    }
    arg->form = bytes > MEMO__KEY_INLINE ? MEMO__ARG_HASH : MEMO__ARG_VALUE;
    if (bytes > MEMO__KEY_INLINE)
        bytes = 16;
    if (__builtin_mul_overflow(bytes, rows, &all))
        all = UINT64_MAX;
    take_data(it, arg, all);
}

static void take_section(struct memo__args *it, struct memo__arg *arg)
{
    const struct memo_part *part = arg->part;
    unsigned tag = take_byte(it), i = it->next;
    uint64_t count, rows = 1;

    arg->form = tag ? MEMO__ARG_THERE : MEMO__ARG_NULL;
    if (part->m_role & MEMO_LATE)
        return;
    count = take_u64(it);
    if (part->m_role & MEMO_STRING) {
        arg->count = count;
        if ((part->m_role & MEMO_KEY) && tag) {
            arg->form = count > MEMO__KEY_INLINE ? MEMO__ARG_HASH : MEMO__ARG_VALUE;
            take_data(it, arg, count > MEMO__KEY_INLINE ? 16 : count);
        }
        return;
    }
    if (part->m_role & MEMO_ROWS)
        for (; i < it->site->m_n_parts && (it->site->m_parts[i].m_role & MEMO_MORE); i++)
            if (__builtin_mul_overflow(rows, take_u64(it), &rows))
                rows = UINT64_MAX;
    arg->count = count * rows;
    if ((part->m_role & MEMO_KEY) && tag)
        take_elements(it, arg, count, rows);
}

static void take_listed(struct memo__args *it, struct memo__arg *arg)
{
    struct memo__member m;
    const char *kind;

    arg->name = it->list + strspn(it->list, ",");
    memo__member_next(&it->list, &m);
    kind = arg->name + m.name_len + 1;
    arg->name_len = m.name_len;
    arg->kind = kind;
    arg->form = MEMO__ARG_VALUE;
    arg->count = 1;
    take_data(it, arg, m.kind.value);
}

/* false: the part has no place in keys. */
static bool take_part(struct memo__args *it, struct memo__arg *arg)
{
    const struct memo_part *part = arg->part;
    unsigned role = part->m_role, tag;

    if (role & (MEMO_MORE | MEMO_IGNORED))
        return false;
    arg->name = part->m_name ? part->m_name : "";
    arg->name_len = strlen(arg->name);
    arg->kind = part->m_kind;
    if (role & (MEMO_FILE | MEMO_CODE)) {
        tag = take_byte(it);
        arg->form = role & MEMO_FILE ? MEMO__ARG_FILE : MEMO__ARG_CODE;
        take_data(it, arg, 16);
        if (tag == 0)
            arg->data = NULL;
    } else if (role & MEMO_ENV) {
        tag = take_byte(it);
        arg->form = MEMO__ARG_ENV;
        arg->count = take_u64(it);
        take_data(it, arg, arg->count > MEMO__KEY_INLINE ? 16 : arg->count);
        if (tag == 0)
            arg->data = NULL;
    } else if (role & MEMO_SECTION) {
        take_section(it, arg);
    } else if (role & MEMO_ALLOC) {
        arg->form = take_byte(it) ? MEMO__ARG_THERE : MEMO__ARG_NULL;
    } else if (!(role & MEMO_KEY)) {
        return false;
    } else if (part->m_kind && !*part->m_kind) { /* no packed parameters */
        return false;
    } else if (memo__kind_is_list(part->m_kind)) {
        it->list = part->m_kind;
        take_listed(it, arg);
    } else {
        take_elements(it, arg, 1, 1);
    }
    return true;
}

/* What the runtime adds at the end. */
static bool take_state(struct memo__args *it, struct memo__arg *arg)
{
    if (it->left < 5)
        return false;
    switch (take_byte(it)) {
    case MEMO__STATE_FP:
        arg->name = "floating-point modes";
        arg->kind = "b4";
        break;
    case MEMO__STATE_ERRNO:
        arg->name = "errno";
        arg->kind = "i4";
        break;
    case MEMO__STATE_LOCALE:
        arg->name = "locale";
        arg->kind = "b4";
        break;
    default:
        return false;
    }
    arg->name_len = strlen(arg->name);
    arg->form = MEMO__ARG_VALUE;
    arg->count = 1;
    take_data(it, arg, 4);
    return !it->is_cut;
}

bool memo__args_next(struct memo__args *it, struct memo__arg *arg)
{
    memset(arg, 0, sizeof *arg);
    if (it->is_cut)
        return false;
    if (it->list && *it->list) {
        arg->index = it->next - 1;
        arg->part = &it->site->m_parts[arg->index];
        take_listed(it, arg);
        return true;
    }
    it->list = NULL;
    while (it->next < it->site->m_n_parts) {
        arg->index = it->next++;
        arg->part = &it->site->m_parts[arg->index];
        if (take_part(it, arg))
            return true;
    }
    arg->part = NULL;
    return take_state(it, arg);
}

/* ---- arguments ---- */

static const unsigned char *unpack(const struct memo_type *type, const unsigned char *from,
                                   unsigned char *to)
{
    unsigned i;
    size_t k, b;

    for (i = 0; i < type->m_n_runs; i++) {
        const struct memo_run *r = &type->m_runs[i];
        unsigned char *at = to + r->m_offset;

        for (k = 0; k < r->m_count; k++, at += r->m_stride) {
            if (r->m_sub) {
                from = unpack(r->m_sub, from, at);
                continue;
            }
            for (b = 0; b < r->m_len; b++)
                at[b] |= *from++;
        }
    }
    return from;
}

/* A parameter, or an element of a type with padding, as it lies in memory. */
static bool to_memory(const struct memo__arg *arg, const struct memo__kind *k,
                      const unsigned char *from, unsigned char *to)
{
    size_t half = k->value / 2;

    memset(to, 0, MEMO__ELEMENT);
    if (arg->part && arg->part->m_type) {
        if (arg->part->m_type->m_size > MEMO__ELEMENT)
            return false;
        unpack(arg->part->m_type, from, to);
    } else if (k->letter == 'c') {
        memcpy(to, from, half);
        memcpy(to + k->size / 2, from + half, half);
    } else {
        memcpy(to, from, k->value);
    }
    return true;
}

/* Bytes of one element in the key and in memory. */
static size_t element_sizes(const struct memo__arg *arg, struct memo__kind *k, size_t *size)
{
    const char *kind = arg->kind;
    bool is_listed = !arg->part || memo__kind_is_list(arg->part->m_kind);

    *k = memo__kind_read(&kind);
    *size = is_listed ? k->size : arg->part->m_size;
    return is_listed ? k->value : packed_size(arg->part);
}

size_t memo__arg_elements(const struct memo__arg *arg, size_t *size)
{
    struct memo__kind k;
    size_t packed = element_sizes(arg, &k, size);

    return packed == 0 || *size > MEMO__ELEMENT ? 0 : arg->len / packed;
}

bool memo__arg_element(const struct memo__arg *arg, size_t i, unsigned char *object)
{
    struct memo__kind k;
    size_t size, packed = element_sizes(arg, &k, &size);
    const unsigned char *from = arg->data + i * packed;

    if (size > MEMO__ELEMENT)
        return false;
    if (packed != size || (arg->part && arg->part->m_type))
        return to_memory(arg, &k, from, object);
    memcpy(object, from, size);
    return true;
}

static void show_packed(struct memo__line *l, const struct memo__arg *arg)
{
    struct memo__kind k;
    size_t size, packed = element_sizes(arg, &k, &size), i, n;
    unsigned char object[MEMO__ELEMENT];

    if (packed == 0 || arg->len < packed) {
        show_bytes(l, arg->data, arg->len);
        return;
    }
    if (packed == size && (!arg->part || !arg->part->m_type)) {
        memo__show_value(l, arg->kind, arg->data, arg->len / size, size);
        return;
    }
    n = arg->len / packed;
    add(l, arg->count != 1 ? "{" : "");
    for (i = 0; i < n && i < SHOWN_ELEMENTS; i++) {
        add(l, i > 0 ? ", " : "");
        if (to_memory(arg, &k, arg->data + i * packed, object))
            memo__show_value(l, arg->kind, object, 1, size);
        else
            show_bytes(l, arg->data + i * packed, packed);
    }
    if (i < arg->count)
        memo__line_add(l, ", ... %" PRIu64 " in all", arg->count);
    add(l, arg->count != 1 ? "}" : "");
}

static void show_hash(struct memo__line *l, const struct memo__arg *arg)
{
    uint64_t h = 0;

    memcpy(&h, arg->data, arg->len < sizeof h ? arg->len : sizeof h);
    memo__line_add(l, "{%" PRIu64 " %s, hash %016" PRIx64 "}", arg->count,
                   arg->part && (arg->part->m_role & MEMO_STRING) ? "characters" : "elements", h);
}

void memo__show_arg(struct memo__line *l, const struct memo__arg *arg)
{
    uint64_t h = 0;

    switch (arg->form) {
    case MEMO__ARG_VALUE:
        if (arg->part && (arg->part->m_role & MEMO_STRING))
            memo__show_text(l, arg->data,
                            arg->len > 0 && arg->len == arg->count ? arg->len - 1 : arg->len);
        else if (arg->count == 0)
            add(l, "{}");
        else
            show_packed(l, arg);
        break;
    case MEMO__ARG_HASH:
        show_hash(l, arg);
        break;
    case MEMO__ARG_NULL:
        add(l, "NULL");
        break;
    case MEMO__ARG_THERE:
        add(l, "(result)");
        break;
    case MEMO__ARG_ENV:
        if (!arg->data)
            add(l, "(unset)");
        else
            memo__show_text(l, arg->data, arg->len);
        break;
    case MEMO__ARG_FILE:
    case MEMO__ARG_CODE:
        if (!arg->data) {
            add(l, arg->form == MEMO__ARG_FILE ? "(missing)" : "NULL");
            break;
        }
        memcpy(&h, arg->data, arg->len < sizeof h ? arg->len : sizeof h);
        memo__line_add(l, "(%s %016" PRIx64 ")", arg->form == MEMO__ARG_FILE ? "content" : "code",
                       h);
        break;
    }
    if (arg->is_cut)
        add(l, "...");
}

void memo__show_args(struct memo__line *l, const struct memo_site *site, const void *key,
                     size_t len, uint64_t total)
{
    const char *comma = "";
    struct memo__args it;
    struct memo__arg arg;

    memo__args_begin(&it, site, key, len, total);
    while (memo__args_next(&it, &arg)) {
        if (arg.form == MEMO__ARG_THERE) /* what comes out is no argument */
            continue;
        memo__line_add(l, "%s%.*s = ", comma, (int)arg.name_len, arg.name);
        memo__show_arg(l, &arg);
        comma = ", ";
    }
}
