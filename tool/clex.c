/* clex.c - see clex.h.
 *
 * All reading goes through bump(), which steps over one byte and the splices
 * behind it; the invariant is that lx->pos never stands on a splice. */
#include "clex.h"

#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"

size_t clex_splice(const char *text, size_t len, size_t pos)
{
    if (pos >= len || text[pos] != '\\')
        return 0;
    size_t i = pos + 1;
    while (i < len && (text[i] == ' ' || text[i] == '\t' || text[i] == '\f' || text[i] == '\v'))
        i++;
    if (i < len && text[i] == '\r')
        i++;
    return i < len && text[i] == '\n' ? i + 1 - pos : 0;
}

static size_t skip_splices(const struct clex *lx, size_t pos)
{
    for (size_t n; (n = clex_splice(lx->text, lx->len, pos)) > 0;)
        pos += n;
    return pos;
}

/* The byte at pos, NUL at the end. */
static char byte_at(const struct clex *lx, size_t pos)
{
    return pos < lx->len ? lx->text[pos] : '\0';
}

static char cur(const struct clex *lx)
{
    return byte_at(lx, lx->pos);
}

static size_t after(const struct clex *lx, size_t pos)
{
    return skip_splices(lx, pos + 1);
}

static void bump(struct clex *lx)
{
    lx->pos = after(lx, lx->pos);
}

static bool at_end(const struct clex *lx)
{
    return lx->pos >= lx->len;
}

static char next_char(const struct clex *lx)
{
    return at_end(lx) ? '\0' : byte_at(lx, after(lx, lx->pos));
}

/* The rules of the C locale, whatever the process's: bytes from 0x80 up are UTF-8. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static bool is_name_char(char c)
{
    return is_name_start(c) || is_digit(c);
}

static bool is_universal(const struct clex *lx) /* \u or \U of a universal character name */
{
    return cur(lx) == '\\' && (next_char(lx) == 'u' || next_char(lx) == 'U');
}

void clex_init(struct clex *lx, const char *text, size_t len)
{
    *lx = (struct clex){.text = text, .len = len, .at_line_start = true};
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        lx->pos = 3;
    lx->pos = skip_splices(lx, lx->pos);
}

static void lex_block_comment(struct clex *lx, struct clex_token *t)
{
    bump(lx);
    bump(lx);
    while (!at_end(lx)) {
        if (cur(lx) == '*' && next_char(lx) == '/') {
            bump(lx);
            lx->pos++; /* not bump: splices behind the end are not the comment's */
            return;
        }
        bump(lx);
    }
    t->is_open = true;
}

static void lex_line_comment(struct clex *lx)
{
    while (!at_end(lx) && cur(lx) != '\n')
        bump(lx);
    if (lx->pos > 0 && lx->pos < lx->len && lx->text[lx->pos - 1] == '\r')
        lx->pos--;
}

/* A literal up to its quote, or to the end of the line where that is missing,
 * as gcc and clang do. */
static void lex_quoted(struct clex *lx, struct clex_token *t, char quote)
{
    bump(lx);
    while (!at_end(lx) && cur(lx) != '\n') {
        if (cur(lx) == quote) {
            lx->pos++;
            return;
        }
        if (cur(lx) == '\\')
            bump(lx);
        if (!at_end(lx) && cur(lx) != '\n')
            bump(lx);
    }
    t->is_open = true;
    if (lx->pos > t->begin + 1 && lx->text[lx->pos - 1] == '\r')
        lx->pos--;
}

/* R"delimiter( ... )delimiter" from its quote on; no splices in it. Returns false,
 * with nothing consumed, if it isn't one: R is a macro's name then. */
static bool lex_raw_string(struct clex *lx)
{
    size_t open = lx->pos + 1, i = open;
    while (i < lx->len && i - open <= 16 && !strchr("()\\ \t\v\f\r\n\"", lx->text[i]))
        i++;
    if (byte_at(lx, i) != '(')
        return false;
    size_t n = i - open;
    for (i++; i < lx->len; i++)
        if (lx->text[i] == ')' && lx->len - i >= n + 2 && lx->text[i + n + 1] == '"' &&
            memcmp(lx->text + i + 1, lx->text + open, n) == 0) {
            lx->pos = i + n + 2;
            return true;
        }
    return false;
}

/* Behind a name: is it the prefix of a literal? (C11 6.4.5, and R of GNU C) */
static bool is_prefix(const struct clex *lx, size_t begin, bool *is_raw)
{
    const char *s = lx->text + begin;
    size_t n = lx->pos - begin;
    *is_raw = n > 0 && s[n - 1] == 'R';
    n -= *is_raw;
    return (n == 0 && *is_raw) || (n == 1 && strchr("LuU", s[0])) ||
           (n == 2 && s[0] == 'u' && s[1] == '8');
}

static void lex_name(struct clex *lx, struct clex_token *t)
{
    t->kind = CLEX_NAME;
    while (!at_end(lx) && (is_name_char(cur(lx)) || is_universal(lx)))
        bump(lx);
    char quote = cur(lx);
    bool is_raw;
    if ((quote != '"' && quote != '\'') || !is_prefix(lx, t->begin, &is_raw))
        return;
    if (is_raw ? quote == '"' && lex_raw_string(lx) : (lex_quoted(lx, t, quote), true))
        t->kind = quote == '"' ? CLEX_STRING : CLEX_CHAR;
}

/* A pp-number (C11 6.4.8), and C23's digit separators. */
static void lex_number(struct clex *lx, struct clex_token *t)
{
    t->kind = CLEX_NUMBER;
    for (char last = 0; !at_end(lx); bump(lx)) {
        char c = cur(lx);
        bool is_exponent = last && strchr("eEpP", last) && (c == '+' || c == '-');
        bool is_separator = c == '\'' && (is_digit(next_char(lx)) || is_name_start(next_char(lx)));
        if (!is_name_char(c) && c != '.' && !is_exponent && !is_separator)
            break;
        last = c;
    }
}

/* Longest first. The digraphs with what they stand for. */
static const struct {
    char spelling[5], meaning[5];
} puncts[] = {
    {"%:%:", "##"}, {"...", ""}, {"<<=", ""}, {">>=", ""}, {"->", ""},  {"++", ""},
    {"--", ""},     {"<<", ""},  {">>", ""},  {"<=", ""},  {">=", ""},  {"==", ""},
    {"!=", ""},     {"&&", ""},  {"||", ""},  {"*=", ""},  {"/=", ""},  {"%=", ""},
    {"+=", ""},     {"-=", ""},  {"&=", ""},  {"^=", ""},  {"|=", ""},  {"##", ""},
    {"<:", "["},    {":>", "]"}, {"<%", "{"}, {"%>", "}"}, {"%:", "#"},
};

static void lex_punct(struct clex *lx, struct clex_token *t)
{
    for (size_t i = 0; i < sizeof puncts / sizeof *puncts; i++) {
        const char *s = puncts[i].spelling;
        size_t pos = lx->pos;
        for (; *s && byte_at(lx, pos) == *s; s++)
            pos = s[1] ? after(lx, pos) : pos + 1;
        if (!*s) {
            lx->pos = pos;
            t->kind = CLEX_PUNCT;
            return;
        }
    }
    t->kind = strchr("[](){}.&*+-~!/%<>^|?:;=,#", cur(lx)) && cur(lx) ? CLEX_PUNCT : CLEX_STRAY;
    lx->pos++;
}

/* <...> of an #include, if it ends on this line. */
static bool lex_header(struct clex *lx)
{
    size_t pos = lx->pos;
    while (pos < lx->len && lx->text[pos] != '\n' && lx->text[pos] != '>')
        pos = after(lx, pos);
    if (byte_at(lx, pos) != '>')
        return false;
    lx->pos = pos + 1;
    return true;
}

/* Skip blanks, and comments unless they are wanted. Returns true at a comment that
 * was lexed into t. */
static bool skip_blanks(struct clex *lx, struct clex_token *t)
{
    for (;; t->has_blank = true) {
        char c = cur(lx);
        t->begin = lx->pos;
        if (at_end(lx))
            return false;
        if (c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r' || c == '\0') {
            bump(lx);
            continue;
        }
        char next = c == '/' ? next_char(lx) : '\0';
        if (next == '*')
            lex_block_comment(lx, t);
        else if (next == '/')
            lex_line_comment(lx);
        else
            return false;
        if (lx->keeps_comments) {
            t->kind = CLEX_COMMENT;
            return true;
        }
        t->is_open = false;
        lx->pos = skip_splices(lx, lx->pos);
    }
}

static void lex_token(struct clex *lx, struct clex_token *t, bool expects_header)
{
    char c = cur(lx);
    if (c == '\n') {
        t->kind = CLEX_NEWLINE;
        lx->pos++;
    } else if (is_name_start(c) || is_universal(lx)) {
        lex_name(lx, t);
    } else if (is_digit(c) || (c == '.' && is_digit(next_char(lx)))) {
        lex_number(lx, t);
    } else if (c == '"' || c == '\'') {
        t->kind = c == '"' ? CLEX_STRING : CLEX_CHAR;
        lex_quoted(lx, t, c);
    } else if (expects_header && c == '<' && lex_header(lx)) {
        t->kind = CLEX_HEADER;
    } else {
        lex_punct(lx, t);
    }
}

/* bump() has stepped over splices behind the token; they aren't its own. */
static void trim_splices(struct clex *lx, struct clex_token *t)
{
    bool pending = false;
    size_t end = t->begin;
    for (size_t i = t->begin; i < lx->pos;) {
        size_t n = clex_splice(lx->text, lx->len, i);
        if (n) {
            i += n;
            pending = true;
        } else {
            t->is_spliced |= pending;
            end = ++i;
        }
    }
    t->end = end;
    lx->pos = skip_splices(lx, lx->pos);
}

enum clex_kind clex_next(struct clex *lx, struct clex_token *t)
{
    *t = (struct clex_token){.kind = CLEX_END, .at_line_start = lx->at_line_start};
    bool expects_header = lx->expects_header;
    bool is_comment = skip_blanks(lx, t);
    if (is_comment) {
        t->end = lx->pos;
        lx->pos = skip_splices(lx, lx->pos);
        return t->kind;
    }
    lx->expects_header = false;
    if (at_end(lx)) {
        t->end = t->begin = lx->len;
        return CLEX_END;
    }
    lex_token(lx, t, expects_header);
    trim_splices(lx, t);
    lx->at_line_start = t->kind == CLEX_NEWLINE;
    return t->kind;
}

/* ---- spelling ---- */

static const char *meaning_of(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof puncts / sizeof *puncts; i++)
        if (*puncts[i].meaning && strlen(puncts[i].spelling) == n &&
            memcmp(puncts[i].spelling, s, n) == 0)
            return puncts[i].meaning;
    return NULL;
}

void clex_spell(const struct clex *lx, const struct clex_token *t, struct strbuf *out)
{
    size_t start = out->len;
    if (!t->is_spliced) {
        strbuf_add(out, lx->text + t->begin, t->end - t->begin);
    } else {
        for (size_t i = t->begin; i < t->end;) {
            size_t n = clex_splice(lx->text, lx->len, i);
            if (n)
                i += n;
            else
                strbuf_addc(out, lx->text[i++]);
        }
    }
    const char *meaning =
        t->kind == CLEX_PUNCT ? meaning_of(out->buf + start, out->len - start) : NULL;
    if (meaning) {
        out->len = start;
        strbuf_adds(out, meaning);
    }
}

bool clex_is(const struct clex *lx, const struct clex_token *t, const char *spelling)
{
    size_t n = strlen(spelling);
    if (!t->is_spliced && t->end - t->begin == n)
        return memcmp(lx->text + t->begin, spelling, n) == 0;
    if (!t->is_spliced && t->kind != CLEX_PUNCT)
        return false;
    struct strbuf s = STRBUF_INIT;
    clex_spell(lx, t, &s);
    bool same = s.len == n && memcmp(s.buf, spelling, n) == 0;
    strbuf_release(&s);
    return same;
}

void ctokens_lex(struct ctokens *out, struct arena *arena, const char *text, size_t len)
{
    struct clex lx;
    struct clex_token t;
    struct strbuf s = STRBUF_INIT;
    bool after_newline = false;
    clex_init(&lx, text, len);
    lx.pos = skip_splices(&lx, 0); /* no file: no byte order mark */
    while (clex_next(&lx, &t) != CLEX_END) {
        if (t.kind == CLEX_NEWLINE) {
            after_newline = true;
            continue;
        }
        strbuf_clear(&s);
        clex_spell(&lx, &t, &s);
        ARENA_PUSH(arena, out->items, out->n, out->cap) =
            (struct ctoken){.kind = t.kind,
                            .text = arena_strndup(arena, s.buf, s.len),
                            .len = s.len,
                            .begin = t.begin,
                            .end = t.end,
                            .has_blank = t.has_blank || after_newline,
                            .is_open = t.is_open || strlen(s.buf) != s.len};
        after_newline = false;
    }
    strbuf_release(&s);
}

bool ctoken_is(const struct ctoken *t, const char *spelling)
{
    return strcmp(t->text, spelling) == 0;
}

/* ---- the values of strings ---- */

static int hex_value(char c)
{
    return is_digit(c)            ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool add_utf8(struct strbuf *out, unsigned long c)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return false;
    if (c < 0x80) {
        strbuf_addc(out, (char)c);
    } else {
        int n = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3; /* bytes that follow the first */
        static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
        strbuf_addc(out, (char)(lead[n] | (c >> (6 * n))));
        while (n-- > 0)
            strbuf_addc(out, (char)(0x80 | ((c >> (6 * n)) & 0x3f)));
    }
    return true;
}

/* \xhh, \uhhhh, \Uhhhhhhhh; *i stands behind the letter and is moved on. */
static bool add_hex_escape(const char *s, size_t end, size_t *i, char letter, struct strbuf *out)
{
    size_t want = letter == 'u' ? 4 : letter == 'U' ? 8 : 0, n = 0;
    unsigned long v = 0;
    while (*i < end && hex_value(s[*i]) >= 0 && (want == 0 || n < want)) {
        v = v * 16 + (unsigned long)hex_value(s[(*i)++]);
        n++;
        if (want == 0 && v > 0xff)
            return false;
    }
    if (n == 0 || (want && n != want))
        return false;
    if (want)
        return add_utf8(out, v);
    strbuf_addc(out, (char)v);
    return true;
}

static bool add_escape(const char *s, size_t end, size_t *i, struct strbuf *out)
{
    static const char letters[] = "abfnrtve\\'\"?", values[] = "\a\b\f\n\r\t\v\033\\'\"?";
    if (*i >= end)
        return false;
    char c = s[(*i)++];
    const char *known = c ? strchr(letters, c) : NULL;
    if (known) {
        strbuf_addc(out, values[known - letters]);
        return true;
    }
    if (c == 'x' || c == 'u' || c == 'U')
        return add_hex_escape(s, end, i, c, out);
    if (c < '0' || c > '7')
        return false;
    int v = c - '0';
    for (int n = 1; n < 3 && *i < end && s[*i] >= '0' && s[*i] <= '7'; n++)
        v = v * 8 + (s[(*i)++] - '0');
    strbuf_addc(out, (char)v);
    return v <= 0xff;
}

bool clex_string_value(const char *s, size_t len, struct strbuf *out)
{
    if (len < 2 || s[0] != '"' || s[len - 1] != '"')
        return false;
    for (size_t i = 1; i < len - 1;) {
        if (s[i] != '\\')
            strbuf_addc(out, s[i++]);
        else if (i++, !add_escape(s, len - 1, &i, out))
            return false;
    }
    return true;
}

size_t clex_destringize(const char *s, size_t len, char *out, size_t *map)
{
    size_t i = 0, n = 0;
    while (i < len && s[i] != '"')
        i++;
    for (i++; i + 1 < len; i++) {
        size_t at = i;
        if (s[i] == '\\' && i + 2 < len && (s[i + 1] == '"' || s[i + 1] == '\\'))
            i++;
        if (map)
            map[n] = at;
        out[n++] = s[i];
    }
    if (map)
        map[n] = len ? len - 1 : 0;
    return n;
}
