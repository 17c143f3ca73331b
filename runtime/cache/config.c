/* config.c - parse the MEMOCC_ variables; see config.h. */
#include "cache/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/log.h"
#include "base/parse.h"

static char early_cwd[PATH_MAX];

static bool is_relative(const char *path)
{
    return path && *path && *path != '/';
}

void memo__config_early(void)
{
    if ((is_relative(secure_getenv("MEMOCC_DIR")) || is_relative(secure_getenv("MEMOCC_STATS")) ||
         is_relative(secure_getenv("MEMOCC_TRACE"))) &&
        !getcwd(early_cwd, sizeof early_cwd))
        early_cwd[0] = '\0';
}

static void complain(const char *name, const char *value, const char *allowed)
{
    memo__log("%s: '%.200s' is not understood; allowed: %s; the default is used", name, value,
              allowed);
}

/* An absolute form of `path` in out[PATH_MAX]; false if there is no room. */
static bool absolute(const char *path, char *out)
{
    char cwd[PATH_MAX];
    int n;

    if (*path == '/')
        n = snprintf(out, PATH_MAX, "%s", path);
    else if (early_cwd[0])
        n = snprintf(out, PATH_MAX, "%s/%s", early_cwd, path);
    else if (getcwd(cwd, sizeof cwd))
        n = snprintf(out, PATH_MAX, "%s/%s", cwd, path);
    else
        return false;
    return n > 0 && n < PATH_MAX;
}

static bool word_is(const char *word, size_t len, const char *what)
{
    return strlen(what) == len && memcmp(word, what, len) == 0;
}

/* "0.1", "1", ".05": of UINT32_MAX. Not strtod: the program may have set a locale. */
static bool parse_fraction(const char *p, const char *end, uint32_t *fraction)
{
    double value = 0, unit = 1;
    bool has_digits = false;

    for (; p < end && *p >= '0' && *p <= '9'; p++, has_digits = true)
        value = value * 10 + (*p - '0');
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, has_digits = true)
            value += (unit /= 10) * (*p - '0');
    if (p < end || !has_digits || value > 1)
        return false;
    *fraction = (uint32_t)(value * UINT32_MAX);
    return true;
}

static void read_verify(struct memo__config *c, const char *word, size_t len)
{
    const char *text = word + strlen("verify");

    c->is_verify = true;
    if (len == strlen("verify"))
        return;
    c->has_verify_fraction = parse_fraction(text + 1, word + len, &c->verify_fraction);
    if (!c->has_verify_fraction)
        memo__log("MEMOCC: '%.*s' is not understood; allowed: verify, or verify=F with F from 0 "
                  "to 1; verify is used",
                  (int)(len > 200 ? 200 : len), word);
}

static void read_mode(struct memo__config *c)
{
    const char *value = secure_getenv("MEMOCC");
    const char *p, *end;
    size_t len;

    if (!value)
        return;
    for (p = value; *p; p = *end ? end + 1 : end) {
        end = strchrnul(p, ',');
        p += strspn(p, " ");
        len = end > p ? (size_t)(end - p) : 0;
        while (len > 0 && p[len - 1] == ' ')
            len--;
        if (word_is(p, len, "off"))
            c->is_off = true;
        else if (word_is(p, len, "refresh"))
            c->is_refresh = true;
        else if (word_is(p, len, "readonly"))
            c->is_readonly = true;
        else if (word_is(p, len, "explain"))
            c->is_explain = true;
        else if (word_is(p, len, "verify") || (len > 7 && memcmp(p, "verify=", 7) == 0))
            read_verify(c, p, len);
        else if (word_is(p, len, "abort"))
            c->is_verify_abort = true;
        else if (!word_is(p, len, "on") && len > 0)
            memo__log(
                "MEMOCC: this version doesn't know '%.*s'; allowed: off, on, refresh, "
                "readonly, explain, verify, verify=F, abort, combined with commas; it is ignored",
                (int)(len > 200 ? 200 : len), p);
    }
    if (c->is_verify_abort && !c->is_verify)
        memo__log("MEMOCC: 'abort' belongs to 'verify'; it is ignored");
}

static void read_size(const char *name, uint64_t *size)
{
    const char *value = secure_getenv(name);

    if (value && *value && memo__parse_size(value, size) != 0)
        complain(name, value, "a size such as 256M or 5G");
}

static void read_path(const char *name, const char *value, bool *has, char *out)
{
    *has = absolute(value, out);
    if (!*has)
        complain(name, value, "the name of a directory or file, shorter than 4096 bytes");
}

static void read_stats(struct memo__config *c)
{
    const char *value = secure_getenv("MEMOCC_STATS");
    bool has_file;

    if (!value || !*value || strcmp(value, "0") == 0)
        return;
    if (strcmp(value, "1") == 0) {
        c->stats = MEMO__STATS_TABLE;
        return;
    }
    read_path("MEMOCC_STATS", value, &has_file, c->stats_file);
    if (has_file)
        c->stats = MEMO__STATS_JSON;
}

void memo__config_read(struct memo__config *c)
{
    const char *value;

    memset(c, 0, sizeof *c);
    c->memory = MEMO__DEFAULT_MEMORY;
    c->has_gate = true;
    if (getauxval(AT_SECURE)) {
        c->is_off = true;
        return;
    }
    read_mode(c);
    value = secure_getenv("MEMOCC_DIR");
    if (value && *value)
        read_path("MEMOCC_DIR", value, &c->has_dir, c->dir);
    read_size("MEMOCC_MAX_SIZE", &c->max_size);
    read_size("MEMOCC_MEMORY", &c->memory);
    value = secure_getenv("MEMOCC_GATE");
    if (value ? strcmp(value, "off") == 0 : c->is_verify) /* cheap functions lie, too */
        c->has_gate = false;
    else if (value && *value && strcmp(value, "on") != 0)
        complain("MEMOCC_GATE", value, "off, on");
    value = secure_getenv("MEMOCC_SLOPPY");
    if (value && strcmp(value, "toolchain") == 0)
        c->is_sloppy = true;
    else if (value && *value)
        complain("MEMOCC_SLOPPY", value, "toolchain");
    value = secure_getenv("MEMOCC_VERBOSE");
    if (value && *value >= '0' && *value <= '3' && !value[1])
        c->verbose = *value - '0';
    else if (value && *value)
        complain("MEMOCC_VERBOSE", value, "0, 1, 2, 3");
    read_stats(c);
    value = secure_getenv("MEMOCC_TRACE");
    if (value && *value)
        read_path("MEMOCC_TRACE", value, &c->has_trace, c->trace_file);
}
