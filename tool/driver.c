/* driver.c - see driver.h.
 *
 * The common case comes first: nothing of ours in sight, and the real compiler
 * takes this process over with the arguments as they came. Otherwise each unit
 * with a hit goes through unit_rewrite(). A command with one source is then run
 * with that source's text replaced; of several, each rewritten one is compiled
 * by itself, and the rest of the command gets the objects (clang, which can
 * replace the text of any number of files, needs that only for some). */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/panic.h"
#include "base/strbuf.h"
#include "base/subprocess.h"
#include "driver_private.h"
#include "scan.h"
#include "unit.h"

static bool is_set(const struct session *s, enum option_id id)
{
    return s->options->is_set[id];
}

void driver_finish(int wait_status)
{
    fs_remove_temps();
    subprocess_finish(wait_status);
}

void driver_quit(int status)
{
    fs_remove_temps();
    exit(status);
}

void driver_add_compiler(const struct session *s, struct word_list *words)
{
    for (size_t i = 0; i < s->compiler.n_words; i++)
        word_list_add(words, s->arena, s->compiler.words[i]);
}

void driver_check_signal(void)
{
    if (subprocess_signal())
        driver_finish(0);
}

/* ---- the command as it came ---- */

/* Run it, with `more` behind it: by exec unless files of ours must outlive it. */
__attribute__((noreturn)) static void run_original(struct session *s, const struct word_list *more)
{
    struct word_list words = {0};
    driver_add_compiler(s, &words);
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
    driver_finish(subprocess_run(&p));
}

/* All that compiling anything but the command as it came needs. */
static void start_delivery(struct session *s)
{
    s->delivery =
        (struct delivery){s->arena, &s->compiler,     compiler_flavor(&s->compiler, s->arena),
                          &s->cmd,  s->delivery.scan, s->runtime.include_dir};
    diag_init(&s->diag, &diag_stderr);
    options_apply_diag(s->options, &s->diag);
    for (size_t i = 0; i < s->cmd.n; i++)
        s->diag.has_no_warnings |= strcmp(s->cmd.items[i].words[0], "-w") == 0;
}

__attribute__((noreturn)) static void run_untouched(struct session *s, bool has_hit)
{
    struct word_list more = {0};
    if (has_hit)
        deliver_add_ours(&s->delivery, &more);
    if (link_happens(&s->cmd)) {
        bool needs = link_needs_runtime(&s->cmd, s->arena);
        runtime_find(&s->runtime, s->arena);
        if (needs) {
            start_delivery(s);
            driver_link(s);
        }
        link_add(&s->cmd, &s->runtime, needs, NULL, s->arena, &more);
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
    driver_quit(EXIT_MEMOCC_USAGE);
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
        .has_strict_aliasing = ccargs_has_strict_aliasing(&s->cmd),
        .libclang = s->options->libclang,
        .is_gcc = is_gcc,
        .diag = &s->diag,
        .explain = is_set(s, OPTION_EXPLAIN),
        .no_openmp = is_set(s, OPTION_NO_OPENMP),
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
        driver_check_signal();
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
    driver_quit(ok ? 0 : EXIT_MEMOCC_USAGE);
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
    driver_quit(0);
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
    start_delivery(s);
    if (is_verify)
        verify_units(s);
    bool any = false;
    if (s->cmd.mode != CC_MODE_PREPROCESS || is_set(s, OPTION_CHECK) || is_set(s, OPTION_EMIT))
        if (!rewrite_units(s, &any))
            driver_quit(EXIT_MEMOCC_USAGE);
    if (is_set(s, OPTION_CHECK))
        driver_quit(0);
    if (is_set(s, OPTION_EMIT))
        emit_units(s);
    if (!any)
        run_untouched(s, has_hit);
    driver_compile(s);
}
