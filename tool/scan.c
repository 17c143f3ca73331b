/* scan.c - see scan.h. A file is read once: its bits and its includes are kept.
 * A folder that several lookups missed is listed, so that further misses cost
 * no system call. Words are found by memmem, and only around a find is C looked
 * at; the forms that memmem can't see - a word with a backslash-newline inside -
 * send the file through splice_lines() first. */
#include "scan.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/strbuf.h"
#include "ccargs.h"

#define MISSES_BEFORE_LISTING 3
#define MAX_NAME 1000 /* of a header; longer ones don't open */

struct include {
    const char *name;
    size_t len;
    bool is_quoted, is_next; /* #include_next: all that the folders hold */
};

struct scan_file {
    dev_t dev;
    ino_t ino;
    const char *dir; /* path up to the last slash, as includes in it see it */
    size_t dir_len;
    unsigned bits;          /* of this file alone */
    bool has_macro_pragma;  /* _Pragma of something else than a string */
    bool has_macro_include; /* #include NAME */
    struct include *includes;
    size_t n_includes, cap_includes;
    struct include *defines; /* #define NAME "header" */
    size_t n_defines, cap_defines;
    const char *path; /* to read it again; NULL: stdin */
    bool has_word;    /* one of our pragmas' names, anywhere; after look_again() */
    bool is_looked_at_again;
    unsigned unit; /* the last one that reached it */
};

struct scan_dir {
    const char *path; /* with its slash; "" is the current one */
    size_t len;
    unsigned n_misses;
    bool is_listed, is_quote_only;
    char **names; /* what it holds: a hash table of n_slots, a power of two */
    size_t n_slots;
};

struct scan {
    struct arena *arena;
    struct scan_dir *dirs; /* in the compiler's order */
    size_t n_dirs, cap_dirs;
    struct scan_file **files;
    size_t n_files, cap_files;
    struct include *forced; /* -include, -imacros */
    size_t n_forced, cap_forced;
    struct include *values; /* -DNAME="x.h": what `#include NAME` may mean */
    size_t n_values, cap_values;
    const char *sysroot;
    unsigned unit;
    bool define_has_pragma, define_has_word; /* on the command line */
    struct scan_file **reached;              /* by this unit */
    size_t n_reached, cap_reached;
};

static const char *const words[] = {"memo", "concurrent", "synchronized", "checkpoint"};
#define N_WORDS (sizeof words / sizeof *words)

static bool is_ident(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80);
}

/* ---- text ---- */

/* Length of a backslash-newline at p (gcc allows blanks between), or 0. */
static size_t splice_len(const char *p, const char *end)
{
    const char *q = p;
    if (q < end && *q == '\\')
        q++;
    else if (end - q >= 3 && !memcmp(q, "?\?/", 3))
        q += 3;
    else
        return 0;
    while (q < end && (*q == ' ' || *q == '\t' || *q == '\f' || *q == '\v' || *q == '\r'))
        q++;
    return q < end && *q == '\n' ? (size_t)(q + 1 - p) : 0;
}

/* Past blanks, comments and splices. */
static const char *skip_space(const char *p, const char *end)
{
    while (p < end) {
        size_t n = splice_len(p, end);
        if (n) {
            p += n;
        } else if (*p == ' ' || *p == '\t' || *p == '\f' || *p == '\v' || *p == '\r') {
            p++;
        } else if (end - p > 1 && p[0] == '/' && p[1] == '*') {
            const char *close = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
            if (!close)
                return end;
            p = close + 2;
        } else {
            break;
        }
    }
    return p;
}

static bool is_our_word(const char *p, const char *end)
{
    for (size_t i = 0; i < N_WORDS; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(end - p) >= n && !memcmp(p, words[i], n) &&
            ((size_t)(end - p) == n || !is_ident(p[n])))
            return true;
    }
    return false;
}

/* Is one of the words that pragmas of ours begin with anywhere in the text? */
static bool has_our_word(const char *text, size_t len)
{
    const char *end = text + len;
    for (size_t i = 0; i < N_WORDS; i++) {
        size_t n = strlen(words[i]);
        for (const char *p = text; (p = memmem(p, (size_t)(end - p), words[i], n)); p += n)
            if ((p == text || !is_ident(p[-1])) && (p + n == end || !is_ident(p[n])))
                return true;
    }
    return false;
}

/* Is there a splice with a letter on both sides, which could hide a word? */
static bool has_split_word(const char *text, size_t len)
{
    const char *end = text + len, *p = text;
    while ((p = memchr(p, '\\', (size_t)(end - p)))) {
        const char *q = p;
        size_t n = splice_len(q, end);
        if (!n) {
            p++;
            continue;
        }
        for (; n; n = splice_len(q, end))
            q += n;
        if (p > text && (is_ident(p[-1]) || p[-1] == '.') && q < end && (is_ident(*q) || *q == '.'))
            return true;
        p = q;
    }
    return memmem(text, len, "?\?/", 3) != NULL;
}

static void splice_lines(const char *text, size_t len, struct strbuf *out)
{
    const char *end = text + len;
    strbuf_reserve(out, len);
    for (const char *p = text; p < end;) {
        const char *q = p;
        while (q < end && *q != '\\' && *q != '?')
            q++;
        strbuf_add(out, p, (size_t)(q - p));
        size_t n = splice_len(q, end);
        if (!n && q < end)
            strbuf_addc(out, *q++);
        p = q + n;
    }
}

/* p stands behind "pragma" of #pragma or _Pragma. */
static unsigned look_at_pragma(const char *p, const char *end, bool *is_macro)
{
    p = skip_space(p, end);
    while (p < end && *p == '\n') /* an operator's parenthesis may come on a later line */
        p = skip_space(p + 1, end);
    if (p < end && *p == '(') {
        do {
            p = skip_space(p + 1, end);
        } while (p < end && (*p == '\n' || *p == '('));
        const char *q = p;
        while (q < end && (*q == 'L' || *q == 'u' || *q == 'U' || *q == '8' || *q == 'R'))
            q++;
        while (q < end && *q == '\\')
            q++;
        if (q == end || *q != '"') {
            *is_macro = true;
            return 0;
        }
        p = q + 1;
        while (p < end && *p == '(')
            p++;
        p = skip_space(p, end);
    }
    return is_our_word(p, end) ? SCAN_PRAGMA : 0;
}

static unsigned find_pragmas(const char *text, size_t len, bool *is_macro)
{
    const char *end = text + len;
    for (const char *p = text; (p = memmem(p, (size_t)(end - p), "ragma", 5));) {
        p += 5;
        if ((p < end && is_ident(*p)) || !look_at_pragma(p, end, is_macro))
            continue;
        return SCAN_PRAGMA;
    }
    return 0;
}

static unsigned find_names(const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *p = text; (p = memmem(p, (size_t)(end - p), "memo", 4));) {
        p += 4;
        if (end - p >= 2 && (*p == '_' || (p[0] == '.' && p[1] == 'h')) &&
            (p - 4 == text || !is_ident(p[-5])))
            return SCAN_NAME;
    }
    return memmem(text, len, "__MEMOCC__", 10) ? SCAN_NAME : 0;
}

unsigned scan_text(const char *text, size_t len)
{
    bool is_macro = false;
    return find_pragmas(text, len, &is_macro);
}

/* ---- includes ---- */

/* Does a '#' stand before p, with nothing but blanks and comments between? */
static bool is_directive(const char *text, const char *p)
{
    while (p > text && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\n' || p[-1] == '\\' ||
                        p[-1] == '\r' || p[-1] == '\f' || p[-1] == '\v'))
        p--;
    if (p == text)
        return false;
    return p[-1] == '#' || (p - text >= 2 && p[-2] == '%' && p[-1] == ':') ||
           (p - text >= 3 && !memcmp(p - 3, "?\?=", 3)) ||
           (p - text >= 2 && p[-2] == '*' && p[-1] == '/');
}

/* A header's name at p, "x" or <x>. */
static bool header_name(const char *p, const char *end, struct include *out)
{
    if (p == end || (*p != '"' && *p != '<'))
        return false;
    const char *close = memchr(p + 1, *p == '"' ? '"' : '>', (size_t)(end - p - 1));
    if (!close || close - p > MAX_NAME || close == p + 1 ||
        memchr(p + 1, '\n', (size_t)(close - p - 1)))
        return false;
    *out = (struct include){p + 1, (size_t)(close - p - 1), *p == '"', false};
    return true;
}

static const char *next_directive(const char *text, const char *p, const char *end,
                                  const char *word, size_t n)
{
    while ((p = memmem(p, (size_t)(end - p), word, n))) {
        if (is_directive(text, p))
            return p + n;
        p += n;
    }
    return NULL;
}

static void find_includes(struct scan *s, struct scan_file *f, const char *text, size_t len)
{
    const char *end = text + len, *p = text;
    while ((p = next_directive(text, p, end, "include", 7))) {
        struct include inc;
        bool is_next = end - p >= 5 && !memcmp(p, "_next", 5);
        p = skip_space(p + (is_next ? 5 : 0), end);
        if (header_name(p, end, &inc)) {
            inc.is_next = is_next;
            inc.name = arena_strndup(s->arena, inc.name, inc.len);
            ARENA_PUSH(s->arena, f->includes, f->n_includes, f->cap_includes) = inc;
        } else if (p < end && is_ident(*p)) {
            f->has_macro_include = true;
        }
    }
}

/* #define NAME "x.h" or <x.h>: what `#include NAME` may mean. */
static void find_defines(struct scan *s, struct scan_file *f, const char *text, size_t len)
{
    const char *end = text + len, *p = text;
    while ((p = next_directive(text, p, end, "define", 6))) {
        struct include inc;
        p = skip_space(p, end);
        while (p < end && is_ident(*p))
            p++;
        p = skip_space(p, end);
        if (header_name(p, end, &inc)) {
            inc.name = arena_strndup(s->arena, inc.name, inc.len);
            ARENA_PUSH(s->arena, f->defines, f->n_defines, f->cap_defines) = inc;
        }
    }
}

void scan_quoted_includes(const char *text, size_t len,
                          void (*f)(void *arg, size_t offset, size_t name_len), void *arg)
{
    const char *end = text + len, *p = text;
    while ((p = next_directive(text, p, end, "include", 7))) {
        struct include inc;
        if (end - p >= 5 && !memcmp(p, "_next", 5))
            p += 5;
        p = skip_space(p, end);
        if (header_name(p, end, &inc) && inc.is_quoted)
            f(arg, (size_t)(inc.name - text), inc.len);
    }
}

static void scan_content(struct scan *s, struct scan_file *f, const char *text, size_t len)
{
    struct strbuf spliced = STRBUF_INIT;
    if (has_split_word(text, len)) {
        splice_lines(text, len, &spliced);
        text = spliced.buf;
        len = spliced.len;
    }
    f->bits = find_pragmas(text, len, &f->has_macro_pragma) | find_names(text, len);
    find_includes(s, f, text, len);
    if (!f->path) {
        f->has_word = has_our_word(text, len);
        find_defines(s, f, text, len);
    }
    strbuf_release(&spliced);
}

/* ---- folders ---- */

static size_t hash_name(const char *name, size_t n)
{
    size_t h = 5381;
    for (size_t i = 0; i < n; i++)
        h = h * 33 ^ (unsigned char)name[i];
    return h ^ h >> 15;
}

static void list_dir(struct scan *s, struct scan_dir *d)
{
    struct {
        char **items;
        size_t n, cap;
    } all = {0};
    d->is_listed = true;
    d->n_slots = 1;
    DIR *dir = opendir(d->len ? d->path : ".");
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
        ARENA_PUSH(s->arena, all.items, all.n, all.cap) = arena_strdup(s->arena, e->d_name);
    if (dir)
        closedir(dir);
    while (d->n_slots < all.n * 2 + 1)
        d->n_slots *= 2;
    d->names = arena_alloc(s->arena, d->n_slots * sizeof *d->names);
    for (size_t i = 0; i < all.n; i++) {
        size_t h = hash_name(all.items[i], strlen(all.items[i]));
        while (d->names[h & (d->n_slots - 1)])
            h++;
        d->names[h & (d->n_slots - 1)] = all.items[i];
    }
}

/* Can `name` be in d? Decides by its first part. */
static bool may_hold(struct scan *s, struct scan_dir *d, const char *name, size_t len)
{
    if (!d->is_listed) {
        if (d->n_misses < MISSES_BEFORE_LISTING)
            return true;
        list_dir(s, d);
    }
    const char *slash = memchr(name, '/', len);
    size_t n = slash ? (size_t)(slash - name) : len;
    for (size_t h = hash_name(name, n);; h++) {
        const char *have = d->names[h & (d->n_slots - 1)];
        if (!have)
            return false;
        if (!strncmp(have, name, n) && !have[n])
            return true;
    }
}

static bool is_system_dir(const char *path)
{
    static const char *const roots[] = {"/usr/include", "/usr/lib/gcc", "/usr/lib/llvm-",
                                        "/usr/lib/clang"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (!strncmp(path, roots[i], strlen(roots[i])))
            return true;
    return false;
}

static void add_dir(struct scan *s, const char *path, bool is_quote_only)
{
    if (path[0] == '=')
        path = arena_printf(s->arena, "%s%s", s->sysroot, path + 1);
    else if (!strncmp(path, "$SYSROOT", 8))
        path = arena_printf(s->arena, "%s%s", s->sysroot, path + 8);
    if (is_system_dir(path))
        return;
    size_t n = strlen(path);
    const char *slash = n && path[n - 1] != '/' ? "/" : "";
    ARENA_PUSH(s->arena, s->dirs, s->n_dirs, s->cap_dirs) =
        (struct scan_dir){.path = arena_printf(s->arena, "%s%s", path, slash),
                          .len = n + (*slash != '\0'),
                          .is_quote_only = is_quote_only};
}

static void add_env_dirs(struct scan *s, const char *variable)
{
    const char *p = getenv(variable);
    while (p && *p) {
        size_t n = strcspn(p, ":");
        add_dir(s, n ? arena_strndup(s->arena, p, n) : ".", false);
        p += n + (p[n] != '\0');
    }
}

/* ---- files ---- */

static struct scan_file *read_at(struct scan *s, int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) /* "/dev/zero" may stand in a #define */
        return NULL;
    size_t dir_len = fs_dir_len(path);
    for (size_t i = 0; i < s->n_files; i++) {
        struct scan_file *f = s->files[i];
        if (f->ino == st.st_ino && f->dev == st.st_dev && f->dir_len == dir_len &&
            !memcmp(f->dir, path, dir_len))
            return f;
    }
    struct scan_file *f = ARENA_NEW(s->arena, struct scan_file);
    *f = (struct scan_file){.dev = st.st_dev,
                            .ino = st.st_ino,
                            .dir_len = dir_len,
                            .dir = arena_strndup(s->arena, path, dir_len),
                            .path = arena_strdup(s->arena, path)};
    ARENA_PUSH(s->arena, s->files, s->n_files, s->cap_files) = f;
    f->is_looked_at_again = st.st_size == 0; /* as all of /proc, where reading may never end */
    if (st.st_size == 0)
        return f;
    size_t size = (size_t)st.st_size;
    char *map = size > 65536 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (map != MAP_FAILED) {
        scan_content(s, f, map, size);
        munmap(map, size);
    } else {
        struct strbuf text = STRBUF_INIT;
        fs_read_fd(fd, &text);
        scan_content(s, f, text.buf, text.len);
        strbuf_release(&text);
    }
    return f;
}

static struct scan_file *open_at(struct scan *s, const char *dir, size_t dir_len, const char *name,
                                 size_t len)
{
    char path[4096];
    if (dir_len + len >= sizeof path)
        return NULL;
    memcpy(path, dir, dir_len);
    memcpy(path + dir_len, name, len);
    path[dir_len + len] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    struct scan_file *f = read_at(s, fd, path);
    close(fd);
    return f;
}

static bool reach(struct scan *s, struct scan_file *f)
{
    if (f && f->unit != s->unit) {
        f->unit = s->unit;
        ARENA_PUSH(s->arena, s->reached, s->n_reached, s->cap_reached) = f;
    }
    return f != NULL;
}

/* As the compiler finds it. */
static void follow(struct scan *s, const char *dir, size_t dir_len, const struct include *inc)
{
    if (inc->name[0] == '/') {
        if (!is_system_dir(inc->name))
            reach(s, open_at(s, "", 0, inc->name, inc->len));
        return;
    }
    if (inc->is_quoted && reach(s, open_at(s, dir, dir_len, inc->name, inc->len)) && !inc->is_next)
        return;
    for (size_t i = 0; i < s->n_dirs; i++) {
        struct scan_dir *d = &s->dirs[i];
        if ((d->is_quote_only && !inc->is_quoted) || !may_hold(s, d, inc->name, inc->len))
            continue;
        if (!reach(s, open_at(s, d->path, d->len, inc->name, inc->len)))
            d->n_misses++;
        else if (!inc->is_next)
            return;
    }
}

/* ---- units ---- */

static void add_dirs(struct scan *s, const struct ccargs *cmd, enum cc_role role, bool quote)
{
    const char *prefix = "";
    for (size_t i = 0; i < cmd->n; i++) {
        const struct cc_item *item = &cmd->items[i];
        if (item->role == CC_DIR_PREFIX)
            prefix = item->value;
        if (item->role != role)
            continue;
        if (role == CC_DIR_WITH_PREFIX)
            add_dir(s, arena_printf(s->arena, "%s%s", prefix, item->value), false);
        else if (role == CC_DIR_COMPILER)
            add_dir(s, arena_printf(s->arena, "%s/include", item->value), false);
        else
            add_dir(s, item->value, quote);
    }
}

struct scan *scan_new(struct arena *a, const struct ccargs *cmd)
{
    struct scan *s = ARENA_NEW(a, struct scan);
    s->arena = a;
    s->sysroot = cmd->sysroot;
    add_dirs(s, cmd, CC_DIR_QUOTE, true);
    add_dirs(s, cmd, CC_DIR, false);
    add_env_dirs(s, "CPATH");
    add_dirs(s, cmd, CC_DIR_SYSTEM, false);
    add_env_dirs(s, "C_INCLUDE_PATH");
    add_dirs(s, cmd, CC_DIR_COMPILER, false);
    add_dirs(s, cmd, CC_DIR_WITH_PREFIX, false);
    add_dirs(s, cmd, CC_DIR_AFTER, false);
    for (size_t i = 0; i < cmd->n; i++) {
        const char *value = cmd->items[i].value;
        if (cmd->items[i].role == CC_INCLUDE)
            ARENA_PUSH(a, s->forced, s->n_forced, s->cap_forced) =
                (struct include){value, strlen(value), true, false};
        if (cmd->items[i].role == CC_INCLUDE_PCH) /* its header */
            ARENA_PUSH(a, s->forced, s->n_forced, s->cap_forced) =
                (struct include){value, strlen(value) - strlen(fs_suffix(value)), true, false};
        if (cmd->items[i].role != CC_DEFINE)
            continue;
        s->define_has_word |= has_our_word(value, strlen(value));
        s->define_has_pragma |= strstr(value, "ragma") != NULL;
        struct include inc;
        const char *equals = strchr(value, '=');
        if (equals && header_name(equals + 1, value + strlen(value), &inc)) {
            inc.name = arena_strndup(a, inc.name, inc.len);
            ARENA_PUSH(a, s->values, s->n_values, s->cap_values) = inc;
        }
    }
    return s;
}

/* What is rarely needed of the files reached: our words, and #defines. */
static void look_again(struct scan *s)
{
    for (size_t i = 0; i < s->n_reached; i++) {
        struct scan_file *f = s->reached[i];
        struct strbuf text = STRBUF_INIT, spliced = STRBUF_INIT;
        if (!f->path || f->is_looked_at_again || !fs_read(f->path, &text))
            continue;
        f->is_looked_at_again = true;
        splice_lines(text.buf, text.len, &spliced);
        f->has_word = has_our_word(spliced.buf, spliced.len);
        find_defines(s, f, spliced.buf, spliced.len);
        strbuf_release(&text);
        strbuf_release(&spliced);
    }
}

/* `#include NAME`, in any file, of any name defined in any file. */
static void follow_defines(struct scan *s)
{
    look_again(s);
    for (size_t k = 0; k < s->n_reached; k++) {
        struct scan_file *f = s->reached[k];
        for (size_t i = 0; f->has_macro_include && i < s->n_values; i++)
            follow(s, f->dir, f->dir_len, &s->values[i]);
        for (size_t j = 0; f->has_macro_include && j < s->n_reached; j++)
            for (size_t i = 0; i < s->reached[j]->n_defines; i++)
                follow(s, f->dir, f->dir_len, &s->reached[j]->defines[i]);
    }
}

/* All files that the unit reaches, into s->reached. */
static bool traverse(struct scan *s, const char *path, const char *text, size_t len)
{
    struct scan_file *main_file;
    s->unit++;
    s->n_reached = 0;
    if (text) {
        main_file = ARENA_NEW(s->arena, struct scan_file);
        main_file->dir = "";
        scan_content(s, main_file, text, len);
    } else {
        main_file = open_at(s, "", 0, path, strlen(path));
    }
    if (!main_file)
        return false;
    reach(s, main_file);
    for (size_t i = 0; i < s->n_forced; i++)
        follow(s, "", 0, &s->forced[i]);
    bool with_defines = false;
    for (size_t done = 0; done < s->n_reached;) {
        for (; done < s->n_reached; done++) {
            struct scan_file *f = s->reached[done];
            for (size_t i = 0; i < f->n_includes; i++)
                follow(s, f->dir, f->dir_len, &f->includes[i]);
            with_defines |= f->has_macro_include;
        }
        if (with_defines)
            follow_defines(s);
    }
    return true;
}

unsigned scan_unit(struct scan *s, const char *path, const char *text, size_t len)
{
    if (!traverse(s, path, text, len))
        return SCAN_MISSING;
    unsigned bits = 0;
    bool macro = s->define_has_pragma, word = s->define_has_word;
    for (size_t i = 0; i < s->n_reached; i++) {
        bits |= s->reached[i]->bits;
        macro |= s->reached[i]->has_macro_pragma;
    }
    if (macro && !(bits & SCAN_PRAGMA)) {
        look_again(s);
        for (size_t i = 0; i < s->n_reached; i++)
            word |= s->reached[i]->has_word;
        bits |= word ? SCAN_PRAGMA : 0;
    }
    return bits;
}

bool scan_is_ambiguous(struct scan *s, const char *path)
{
    size_t dir_len = fs_dir_len(path);
    traverse(s, path, NULL, 0);
    for (size_t k = 0; k < s->n_reached; k++) {
        struct scan_file *f = s->reached[k];
        if (f->dir_len == dir_len && !memcmp(f->dir, path, dir_len))
            continue;
        for (size_t i = 0; i < f->n_includes; i++) {
            const struct include *inc = &f->includes[i];
            if (inc->is_quoted && inc->name[0] != '/' &&
                !open_at(s, f->dir, f->dir_len, inc->name, inc->len) &&
                open_at(s, path, dir_len, inc->name, inc->len))
                return true;
        }
    }
    for (size_t i = 0; dir_len && i < s->n_forced; i++)
        if (s->forced[i].name[0] != '/' &&
            !open_at(s, "", 0, s->forced[i].name, s->forced[i].len) &&
            open_at(s, path, dir_len, s->forced[i].name, s->forced[i].len))
            return true;
    return false;
}
