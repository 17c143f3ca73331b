/* driver.c - see driver.h.
 *
 * The common case comes first: nothing of ours in sight, and the real compiler
 * takes this process over with the arguments as they came. Otherwise each unit
 * with a hit goes through unit_rewrite(). A command with one source is then run
 * with that source's text replaced; of several, each rewritten one is compiled
 * by itself, and the rest of the command gets the objects (clang, which can
 * replace the text of any number of files, needs that only for some). */
#include "driver.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "base/subprocess.h"
#include "ccargs.h"
#include "compiler.h"
#include "deliver.h"
#include "diag.h"
#include "link.h"
#include "options.h"
#include "scan.h"
#include "unit.h"

struct session {
    struct arena *arena;
    const struct options *options;
    struct compiler compiler;
    struct ccargs cmd;
    struct runtime runtime;
    struct delivery delivery;
    struct diag_engine diag;
    struct unit *units; /* the C sources of the command, in order */
    size_t n_units;
    struct unit *stdin_unit;
};

static bool is_set(const struct session *s, enum option_id id)
{
    return s->options->is_set[id];
}

__attribute__((noreturn)) static void finish(int wait_status)
{
    fs_remove_temps();
    subprocess_finish(wait_status);
}

__attribute__((noreturn)) static void quit(int status)
{
    fs_remove_temps();
    exit(status);
}

static void add_compiler(const struct session *s, struct word_list *words)
{
    for (size_t i = 0; i < s->compiler.n_words; i++)
        word_list_add(words, s->arena, s->compiler.words[i]);
}

static void check_signal(void)
{
    if (subprocess_signal())
        finish(0);
}

/* ---- the command as it came ---- */

/* Run it, with `more` behind it: by exec unless files of ours must outlive it. */
__attribute__((noreturn)) static void run_original(struct session *s, const struct word_list *more)
{
    struct word_list words = {0};
    add_compiler(s, &words);
    if (more->n && s->cmd.has_end) { /* nothing behind "--" is an option */
        for (size_t i = 0; i < s->cmd.n; i++)
            if (s->cmd.items[i].role != CC_END)
                ccargs_add_item(&words, s->arena, &s->cmd.items[i]);
    } else {
        for (size_t i = s->compiler.n_taken; i < s->options->rest.n; i++)
            word_list_add(&words, s->arena, s->options->rest.words[i]);
    }
    for (size_t i = 0; i < more->n; i++)
        word_list_add(&words, s->arena, more->words[i]);
    struct subprocess p = {.path = s->compiler.path, .argv = words.words};
    if (s->stdin_unit) {
        p.input = s->stdin_unit->source.buf;
        p.input_len = s->stdin_unit->source.len;
    }
    if (!fs_has_temps())
        subprocess_exec(&p);
    finish(subprocess_run(&p));
}

__attribute__((noreturn)) static void run_untouched(struct session *s, bool has_hit)
{
    struct word_list more = {0};
    if (has_hit)
        deliver_add_ours(&s->delivery, &more);
    if (link_happens(&s->cmd)) {
        runtime_find(&s->runtime, s->arena);
        link_add(&s->cmd, &s->runtime, link_needs_runtime(&s->cmd, s->arena), s->arena, &more);
    }
    run_original(s, &more);
}

/* ---- finding and rewriting units ---- */

static void read_source(struct unit *u)
{
    if (u->is_read)
        return;
    u->is_read = true;
    if (u->is_stdin ? !fs_read_fd(STDIN_FILENO, &u->source) : !fs_read(u->item->value, &u->source))
        fatal("cannot read '%s': %s", u->item->value, strerror(errno));
}

static bool is_preprocessed(const struct session *s, const struct cc_item *item)
{
    for (size_t i = 0; i < s->cmd.n; i++)
        if (s->cmd.items[i].role == CC_PREPROCESSED)
            return true;
    return item->lang == CC_LANG_C_PREPROCESSED;
}

/* Text that has gone through the preprocessor can't be rewritten any more. */
static void refuse_preprocessed(struct unit *u)
{
    if (!u->is_stdin && access(u->item->value, R_OK) != 0)
        return; /* the compiler will say it */
    read_source(u);
    if (!scan_text(u->source.buf, u->source.len))
        return;
    fprintf(stderr,
            "memocc: error: '%s' is preprocessed and has annotations; compile its source instead\n",
            u->item->value);
    quit(EXIT_MEMOCC_USAGE);
}

/* Scan all C sources. Returns whether any of them has a hit. */
static bool find_units(struct session *s)
{
    bool has_hit = false;
    s->units = arena_alloc(s->arena, s->cmd.n_inputs * sizeof *s->units);
    s->delivery.scan = scan_new(s->arena, &s->cmd);
    for (size_t i = 0; i < s->cmd.n; i++) {
        struct cc_item *item = &s->cmd.items[i];
        if (item->role != CC_INPUT ||
            (item->lang != CC_LANG_C && item->lang != CC_LANG_C_PREPROCESSED))
            continue;
        struct unit *u = &s->units[s->n_units++];
        *u = (struct unit){.item = item, .source = STRBUF_INIT, .warnings = STRBUF_INIT};
        u->result.form = UNIT_UNTOUCHED;
        strbuf_init(&u->result.text);
        if (!strcmp(item->value, "-") || !strcmp(item->value, "/dev/stdin")) {
            u->is_stdin = true;
            s->stdin_unit = u;
            read_source(u);
        }
        if (is_preprocessed(s, item)) {
            if (s->cmd.mode != CC_MODE_PREPROCESS)
                refuse_preprocessed(u);
            continue;
        }
        u->bits = scan_unit(s->delivery.scan, item->value, u->is_stdin ? u->source.buf : NULL,
                            u->source.len);
        has_hit |= (u->bits & (SCAN_PRAGMA | SCAN_NAME)) != 0;
    }
    return has_hit;
}

static bool is_hit(const struct unit *u)
{
    return (u->bits & (SCAN_PRAGMA | SCAN_NAME)) != 0;
}

struct hook {
    const struct delivery *delivery;
    struct unit *unit;
};

static bool directives_only(void *arg, struct strbuf *out)
{
    struct hook *hook = arg;
    return deliver_directives_only(hook->delivery, hook->unit, out);
}

static struct unit_request make_request(struct session *s, struct unit *u, struct hook *hook)
{
    struct word_list args = {0};
    bool is_gcc = s->delivery.flavor == COMPILER_GCC;
    const char *gcc_headers = is_gcc ? compiler_gcc_headers(&s->compiler, s->arena) : NULL;
    read_source(u);
    ccargs_for_libclang(&s->cmd, s->arena, s->delivery.include_dir, gcc_headers, &args);
    *hook = (struct hook){&s->delivery, u};
    return (struct unit_request){
        .path = u->item->value,
        .text = u->source.buf,
        .len = u->source.len,
        .args = args.words,
        .n_args = args.n,
        .codegen = ccargs_codegen(&s->cmd, s->arena),
        .is_native = ccargs_is_native(&s->cmd),
        .libclang = s->options->libclang,
        .is_gcc = is_gcc,
        .diag = &s->diag,
        .explain = is_set(s, OPTION_EXPLAIN),
        .directives_only = directives_only,
        .arg = hook,
    };
}

/* Returns false if a unit has errors; all units are looked at first. */
static bool rewrite_units(struct session *s, bool *any)
{
    bool ok = true;
    *any = false;
    for (size_t i = 0; i < s->n_units; i++) {
        struct unit *u = &s->units[i];
        struct hook hook;
        if (!is_hit(u))
            continue;
        struct unit_request request = make_request(s, u, &hook);
        unit_rewrite(&request, &u->result);
        check_signal();
        ok &= u->result.form != UNIT_FAILED;
        *any |= unit_is_rewritten(u);
    }
    return ok;
}

__attribute__((noreturn)) static void verify_units(struct session *s)
{
    bool ok = true;
    for (size_t i = 0; i < s->n_units; i++) {
        struct hook hook;
        struct unit_request request = make_request(s, &s->units[i], &hook);
        ok &= unit_verify(&request);
    }
    quit(ok ? 0 : EXIT_MEMOCC_USAGE);
}

__attribute__((noreturn)) static void emit_units(struct session *s)
{
    for (size_t i = 0; i < s->n_units; i++) {
        struct unit *u = &s->units[i];
        read_source(u);
        const struct strbuf *text = unit_is_rewritten(u) ? &u->result.text : &u->source;
        fwrite(text->buf, 1, text->len, stdout);
    }
    if (fflush(stdout) != 0)
        fatal("cannot write: %s", strerror(errno));
    quit(0);
}

/* ---- compiling what was rewritten ---- */

static bool needs_own_call(const struct session *s, const struct unit *u)
{
    return unit_is_rewritten(u) && s->cmd.n_compiled > 1 &&
           (s->delivery.flavor == COMPILER_GCC || u->result.form == UNIT_DIRECTIVES);
}

static struct unit *unit_of(const struct session *s, const struct cc_item *item)
{
    for (size_t i = 0; i < s->n_units; i++)
        if (s->units[i].item == item)
            return &s->units[i];
    return NULL;
}

static void add_words(struct session *s, struct word_list *out, const struct word_list *words)
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

static int run(struct session *s, struct word_list *words, const struct unit *stdin_unit)
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
    check_signal();
    return status;
}

/* Compile u alone. In a link, the object goes to a file of ours, *object;
 * otherwise to where the compiler puts it. */
static int compile_alone(struct session *s, struct unit *u, const char **object)
{
    struct arena *a = s->arena;
    struct word_list words = {0}, first = {0}, input = {0}, last = {0};
    bool is_link = s->cmd.mode == CC_MODE_LINK;
    deliver_unit(&s->delivery, u, &first, &input, &last);
    add_compiler(s, &words);
    add_words(s, &words, &first);
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        if (item == u->item)
            add_words(s, &words, &input);
        else if (item->role != CC_INPUT && item->role != CC_END && item->role != CC_LIBRARY &&
                 item->role != CC_WL && !(is_link && item->role == CC_OUTPUT) &&
                 !deliver_drops(&s->delivery, u, item))
            ccargs_add_item(&words, a, item);
    }
    if (is_link) {
        *object = arena_printf(a, "%s/%s.o", fs_temp_dir(a), fs_base(u->item->value));
        word_list_add(&words, a, "-c");
        word_list_add(&words, a, "-o");
        word_list_add(&words, a, *object);
        if (s->cmd.has_deps || s->cmd.has_aux) {
            deliver_find_names(&s->delivery, u);
            add_words(s, &words, &u->names.dump);
            if (s->cmd.has_deps && u->result.form == UNIT_REWRITTEN) {
                add_words(s, &words, &u->names.targets);
                word_list_add(&words, a, "-MF");
                word_list_add(&words, a, u->names.deps);
            }
        }
    }
    deliver_add_ours(&s->delivery, &last);
    add_words(s, &words, &last);
    return run(s, &words, u->is_stdin ? u : NULL);
}

/* The command with rewritten units replaced: by their text, or by objects[i]. */
static int compile_rest(struct session *s, const char *const *objects)
{
    struct arena *a = s->arena;
    struct word_list words = {0}, first = {0}, middle = {0}, last = {0};
    size_t n_inputs = 0;
    const struct unit *single = s->cmd.n_compiled == 1 ? &s->units[0] : NULL;
    for (size_t i = 0; i < s->cmd.n; i++) {
        const struct cc_item *item = &s->cmd.items[i];
        struct unit *u = item->role == CC_INPUT ? unit_of(s, item) : NULL;
        n_inputs += item->role == CC_INPUT;
        if (item->role == CC_END) {
            continue;
        } else if (u && needs_own_call(s, u)) {
            if (s->cmd.mode != CC_MODE_LINK) {
                n_inputs--;
                continue;
            }
            if (item->x)
                word_list_add(&middle, a, "-x"), word_list_add(&middle, a, "none");
            word_list_add(&middle, a, objects[u - s->units]);
            if (item->x)
                word_list_add(&middle, a, "-x"), word_list_add(&middle, a, item->x);
        } else if (u && unit_is_rewritten(u)) {
            deliver_unit(&s->delivery, u, &first, &middle, &last);
        } else if (!single || !deliver_drops(&s->delivery, single, item)) {
            ccargs_add_item(&middle, a, item);
        }
    }
    if (!n_inputs)
        return 0;
    deliver_add_ours(&s->delivery, &last);
    if (link_happens(&s->cmd))
        link_add(&s->cmd, &s->runtime, true, a, &last);
    add_compiler(s, &words);
    add_words(s, &words, &first);
    add_words(s, &words, &middle);
    add_words(s, &words, &last);
    const struct unit *in = s->stdin_unit;
    return run(s, &words, in && !needs_own_call(s, in) ? in : NULL);
}

__attribute__((noreturn)) static void compile_rewritten(struct session *s)
{
    int failure = 0;
    const char **objects = arena_alloc(s->arena, s->n_units * sizeof *objects);
    for (size_t i = 0; i < s->n_units; i++) {
        if (!needs_own_call(s, &s->units[i]))
            continue;
        int status = compile_alone(s, &s->units[i], &objects[i]);
        if (!subprocess_is_success(status))
            failure = status;
    }
    if (!failure || s->cmd.mode != CC_MODE_LINK) {
        int status = compile_rest(s, objects);
        if (!failure)
            failure = status;
    }
    for (size_t i = 0; i < s->n_units; i++)
        deliver_fix_dependencies(&s->delivery, &s->units[i]);
    finish(failure);
}

/* ---- */

void driver_run(struct arena *a, const struct options *o)
{
    struct session session = {.arena = a, .options = o}, *s = &session;
    struct word_list none = {0};
    panic_cleanup = fs_remove_temps;
    compiler_find(&s->compiler, a, o->rest.words, o->rest.n);
    if (is_set(s, OPTION_OFF))
        run_original(s, &none);
    ccargs_parse(&s->cmd, a, o->rest.words + s->compiler.n_taken, o->rest.n - s->compiler.n_taken);
    if (s->cmd.is_info || s->cmd.is_incomplete)
        run_original(s, &none);

    bool is_verify = is_set(s, OPTION_VERIFY);
    bool has_hit = find_units(s);
    if (!has_hit && !is_verify && !is_set(s, OPTION_CHECK) && !is_set(s, OPTION_EMIT))
        run_untouched(s, false);

    runtime_find(&s->runtime, a);
    s->delivery = (struct delivery){a,       &s->compiler,     compiler_flavor(&s->compiler, a),
                                    &s->cmd, s->delivery.scan, s->runtime.include_dir};
    diag_init(&s->diag, &diag_stderr);
    options_apply_diag(o, &s->diag);
    if (is_verify)
        verify_units(s);
    bool any = false;
    if (s->cmd.mode != CC_MODE_PREPROCESS || is_set(s, OPTION_CHECK) || is_set(s, OPTION_EMIT))
        if (!rewrite_units(s, &any))
            quit(EXIT_MEMOCC_USAGE);
    if (is_set(s, OPTION_CHECK))
        quit(0);
    if (is_set(s, OPTION_EMIT))
        emit_units(s);
    if (!any)
        run_untouched(s, has_hit);
    compile_rewritten(s);
}
