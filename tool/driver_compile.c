/* driver_compile.c - the real compiler on rewritten units; see driver_private.h.
 *
 * A command with one source is run with that source's text replaced; of several,
 * each rewritten one is compiled by itself, and the rest of the command after
 * them (clang, which can replace the text of any number of files, needs that only
 * for some). */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "base/subprocess.h"
#include "driver_private.h"
#include "scan.h"

static bool needs_own_call(const struct session *s, const struct unit *u)
{
    return unit_is_rewritten(u) && s->cmd.n_compiled > 1 &&
           (s->delivery.flavor == COMPILER_GCC || u->result.form == UNIT_DIRECTIVES);
}

struct unit *driver_unit_of(const struct session *s, const struct cc_item *item)
{
    for (size_t i = 0; i < s->n_units; i++)
        if (s->units[i].item == item)
            return &s->units[i];
    return NULL;
}

void driver_add_words(struct session *s, struct word_list *out, const struct word_list *words)
{
    for (size_t i = 0; i < words->n; i++)
        word_list_add(out, s->arena, words->words[i]);
}

/* Too long a command goes through a response file. */
static void shorten(struct session *s, struct word_list *words)
{
    size_t len = 0;
    for (size_t i = 0; i < words->n; i++)
        len += strlen(words->words[i]) + 1;
    if (len < 100000)
        return;
    struct strbuf text = STRBUF_INIT;
    size_t first = s->compiler.n_words;
    for (size_t i = first; i < words->n; i++) {
        strbuf_addc(&text, '"');
        for (const char *p = words->words[i]; *p; p++) {
            if (*p == '"' || *p == '\\')
                strbuf_addc(&text, '\\');
            strbuf_addc(&text, *p);
        }
        strbuf_adds(&text, "\"\n");
    }
    const char *path = arena_printf(s->arena, "%s/args", fs_temp_dir(s->arena));
    if (!fs_write(path, text.buf, text.len))
        fatal("cannot write '%s': %s", path, strerror(errno));
    strbuf_release(&text);
    words->words[first] = arena_printf(s->arena, "@%s", path);
    words->n = first + 1;
    words->words[words->n] = NULL;
}

int driver_run_compiler(struct session *s, struct word_list *words, const struct unit *stdin_unit)
{
    shorten(s, words);
    struct subprocess p = {.path = s->compiler.path, .argv = words->words};
    if (stdin_unit) {
        const struct strbuf *text =
            unit_is_rewritten(stdin_unit) ? &stdin_unit->result.text : &stdin_unit->source;
        p.input = text->buf;
        p.input_len = text->len;
    }
    int status = subprocess_run(&p);
    driver_check_signal();
    return status;
}

static bool has_target(const struct session *s)
{
    for (size_t i = 0; i < s->cmd.n; i++)
        if (s->cmd.items[i].role == CC_DEPS_TARGET)
            return true;
    return false;
}

/* gcc's outputs beside the object, as they would be named without us. */
static void add_names(struct session *s, struct unit *u, struct word_list *words)
{
    struct arena *a = s->arena;
    if (!s->cmd.has_deps && !s->cmd.has_aux)
        return;
    deliver_find_names(&s->delivery, u);
    driver_add_words(s, words, &u->names.dump);
    if (s->cmd.has_deps && u->result.form != UNIT_DIRECTIVES && u->names.deps) {
        driver_add_words(s, words, &u->names.targets);
        if (!u->names.targets.n && !has_target(s)) { /* gcc takes it from the object */
            const char *base = fs_base(u->item->value);
            int len = (int)(strrchr(base, '.') ? strrchr(base, '.') - base : (long)strlen(base));
            word_list_add(words, a, "-MQ");
            word_list_add(words, a, arena_printf(a, "%.*s.o", len, base));
        }
        word_list_add(words, a, "-MF");
        word_list_add(words, a, u->names.deps);
    }
}

static bool has_stem(const char *path, const char *base, size_t len)
{
    const char *other = fs_base(path);
    return !strncmp(other, base, len) && (other[len] == '.' || other[len] == '\0');
}

/* gcc -save-temps leaves the objects, too: their -dumpdir, or NULL. */
static const char *kept_prefix(struct session *s, const struct cc_item *source)
{
    struct unit *u = driver_unit_of(s, source);
    bool is_kept = false;
    for (size_t i = 0; i < s->cmd.n; i++)
        is_kept |= !strncmp(s->cmd.items[i].words[0], "-save-temps", 11);
    if (!is_kept || !u || s->delivery.flavor != COMPILER_GCC)
        return NULL;
    deliver_find_names(&s->delivery, u);
    for (size_t i = 0; i + 1 < u->names.dump.n; i++)
        if (!strcmp(u->names.dump.words[i], "-dumpdir"))
            return u->names.dump.words[i + 1];
    return NULL;
}

/* A file of ours for the object of a source: a.o, as people know it, unless two
 * sources have that name. */
static const char *temp_object(struct session *s, const struct cc_item *source)
{
    const char *base = fs_base(source->value), *dot = strrchr(base, '.');
    size_t len = dot && dot > base ? (size_t)(dot - base) : strlen(base), n = 0;
    for (size_t i = 0; i < s->cmd.n; i++)
        if (s->cmd.items[i].role == CC_INPUT)
            n += has_stem(s->cmd.items[i].value, base, len);
    const char *kept = kept_prefix(s, source);
    if (kept)
        return arena_printf(s->arena, "%s%.*s.o", kept, (int)len, base);
    const char *dir = fs_temp_dir(s->arena);
    if (n > 1)
        return arena_printf(s->arena, "%s/%.*s.%td.o", dir, (int)len, base, source - s->cmd.items);
    return arena_printf(s->arena, "%s/%.*s.o", dir, (int)len, base);
}

int driver_compile_alone(struct session *s, const struct cc_item *source, struct unit *u,
                         const char **object)
{
    struct arena *a = s->arena;
    struct word_list words = {0}, first = {0}, input = {0}, last = {0};
    bool is_link = s->cmd.mode == CC_MODE_LINK, is_ours = u && unit_is_rewritten(u);
    if (is_ours)
        deliver_unit(&s->delivery, u, &first, &input, &last);
    else
        ccargs_add_item(&input, a, source);
    driver_add_compiler(s, &words);
    driver_add_words(s, &words, &first);
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        if (item == source)
            driver_add_words(s, &words, &input);
        else if (item->role == CC_LANGUAGE && item > source)
            continue; /* of sources that come later */
        else if (item->role != CC_INPUT && item->role != CC_END && item->role != CC_LIBRARY &&
                 item->role != CC_WL && !(is_link && item->role == CC_OUTPUT) &&
                 !(is_ours && deliver_drops(&s->delivery, u, item)))
            ccargs_add_item(&words, a, item);
    }
    if (is_link) {
        *object = temp_object(s, source);
        word_list_add(&words, a, "-c");
        word_list_add(&words, a, "-o");
        word_list_add(&words, a, *object);
        if (s->delivery.flavor == COMPILER_CLANG) /* what is for the linker comes later */
            word_list_add(&words, a, "-Qunused-arguments");
        if (u)
            add_names(s, u, &words);
    }
    if (u && (u->bits & (SCAN_PRAGMA | SCAN_NAME)))
        deliver_add_ours(&s->delivery, &last);
    driver_add_words(s, &words, &last);
    return driver_run_compiler(s, &words, u && u->is_stdin ? u : NULL);
}

/* The command with rewritten units replaced by their text; without those that had a
 * call of their own. */
static int compile_rest(struct session *s)
{
    struct arena *a = s->arena;
    struct word_list words = {0}, first = {0}, middle = {0}, last = {0};
    size_t n_inputs = 0;
    const struct unit *single = s->cmd.n_compiled == 1 ? &s->units[0] : NULL;
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        struct unit *u = item->role == CC_INPUT ? driver_unit_of(s, item) : NULL;
        if (item->role == CC_END || (u && needs_own_call(s, u)))
            continue;
        n_inputs += item->role == CC_INPUT;
        if (u && unit_is_rewritten(u))
            deliver_unit(&s->delivery, u, &first, &middle, &last);
        else if (!single || !deliver_drops(&s->delivery, single, item))
            ccargs_add_item(&middle, a, item);
    }
    if (!n_inputs)
        return 0;
    deliver_add_ours(&s->delivery, &last);
    driver_add_compiler(s, &words);
    driver_add_words(s, &words, &first);
    driver_add_words(s, &words, &middle);
    driver_add_words(s, &words, &last);
    const struct unit *in = s->stdin_unit;
    return driver_run_compiler(s, &words, in && !needs_own_call(s, in) ? in : NULL);
}

void driver_compile(struct session *s)
{
    int failure = 0;
    if (s->cmd.mode == CC_MODE_LINK)
        driver_link(s);
    for (size_t i = 0; i < s->n_units; i++) {
        const char *object;
        if (!needs_own_call(s, &s->units[i]))
            continue;
        int status = driver_compile_alone(s, s->units[i].item, &s->units[i], &object);
        if (!subprocess_is_success(status))
            failure = status;
    }
    int status = compile_rest(s);
    if (!failure)
        failure = status;
    for (size_t i = 0; i < s->n_units; i++)
        deliver_fix_dependencies(&s->delivery, &s->units[i]);
    driver_finish(failure);
}
