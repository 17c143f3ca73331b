/* abi_checkpoint.c - the entry points of memo_checkpoint_abi.h, for loops with `#pragma
 * checkpoint`.
 *
 * Apart from abi.c, so that a program without such loops holds nothing of this, and starts no
 * thread. What checkpoints need from the cache (the digest of code, how values read) is
 * given to them here. */
#include "include/memo_abi.h"
#include "include/memo_checkpoint_abi.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/log.h"
#include "cache/code_change.h"
#include "cache/identity.h"
#include "cache/link_table.h"
#include "cache/program.h"
#include "cache/runtime.h"
#include "cache/show.h"
#include "cache/stats.h"
#include "cache/thread.h"
#include "checkpoint/identity.h"
#include "checkpoint/loop.h"
#include "checkpoint/resume.h"
#include "checkpoint/save.h"
#include "checkpoint/tally.h"

extern int omp_in_parallel(void) __attribute__((weak));

#define EXPORTED __attribute__((visibility("default"), noinline))
#define FRAME ((uintptr_t)__builtin_frame_address(0))

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_on; /* constant after `once` */

static const char *identify(const struct memo_site *code, unsigned char digest[16], bool *is_judged)
{
    struct memo__link_entry entry;

    *is_judged = memo__link_find(code->m_link, code->m_code, &entry);
    return memo__identify(code, *is_judged ? &entry : NULL, digest);
}

static bool has_link_table(const struct memo_site *code)
{
    return memo__link_is_table(code->m_link);
}

/* Or of a part of an OpenMP construct: which of them this thread gets is a matter of chance, too.
 */
static bool is_in_call(void)
{
    return (memo__self && memo__self->calls) || (omp_in_parallel && omp_in_parallel());
}

/* Functions of libraries, too: by the library's file name and their place in it. */
static bool code_digest(void *site, const void *code, unsigned char *identity)
{
    XXH128_canonical_t canonical;
    Dl_info info;
    uintptr_t place;

    if (memo__code_digest(code, site, identity))
        return true;
    if (!dladdr(code, &info) || !info.dli_fname)
        return false;
    place = (uintptr_t)code - (uintptr_t)info.dli_fbase;
    XXH128_canonicalFromHash(&canonical,
                             XXH3_128bits_withSeed(info.dli_fname, strlen(info.dli_fname), place));
    memcpy(identity, canonical.digest, sizeof canonical.digest);
    return true;
}

struct text {
    char *out;
    size_t size, len;
};

static void add_change(void *arg, const char *text)
{
    struct text *t = arg;
    int n = snprintf(t->out + t->len, t->size - t->len, "%s%s", t->len > 0 ? "; " : "", text);

    if (n < 0 || (size_t)n >= t->size - t->len)
        t->out[t->len] = '\0'; /* it doesn't fit: those before it do */
    else
        t->len += (size_t)n;
}

static struct memo__words words(const char *text)
{
    return (struct memo__words){text ? text : "", text ? strlen(text) : 0};
}

static void code_changes(char *out, size_t size, const struct memo__ck_file *old,
                         const char *old_toolchain, const struct memo_ck_site *site,
                         const char *components)
{
    struct memo__description was, is;
    struct text t = {out, size, 0};

    memset(&was, 0, sizeof was);
    was.signature = words("");
    was.version = words("");
    is = was;
    was.toolchain = words(old_toolchain);
    was.components = words(old->components);
    is.toolchain = words(site->m_code->m_toolchain);
    is.components = words(components);
    was.has_components = is.has_components = true;
    out[0] = '\0';
    memo__code_changes(site->m_name, &was, &is, add_change, &t);
}

static void show(char *out, size_t size, const struct memo_site *site, const void *key, size_t len,
                 uint64_t total)
{
    struct memo__line line = MEMO__LINE_INIT;
    struct memo__args args;
    struct memo__arg arg;

    memo__args_begin(&args, site, key, len, total);
    if (memo__args_next(&args, &arg))
        memo__show_arg(&line, &arg);
    snprintf(out, size, "%s", line.text);
}

/* A relative name is one in the directory that the program was started in. */
static const char *configured_dir(void)
{
    static char path[PATH_MAX];
    const char *value = secure_getenv("MEMOCC_CHECKPOINT_DIR");
    int n;

    if (!value || !*value)
        return NULL;
    if (*value == '/')
        n = snprintf(path, sizeof path, "%s", value);
    else
        n = snprintf(path, sizeof path, "%s/%s", memo__ck_process()->directory, value);
    return n > 0 && (size_t)n < sizeof path ? path : NULL;
}

static const struct memo__stats_part stats = {memo__ck_tally_has_any, memo__ck_tally_add_json,
                                              memo__ck_tally_print};

static void start(void)
{
    const struct memo__config *c = &memo__runtime.config;
    const char *mode = secure_getenv("MEMOCC_CHECKPOINT");
    struct memo__ck_hooks hooks = {.identify = identify,
                                   .has_link_table = has_link_table,
                                   .is_in_call = is_in_call,
                                   .code_digest = code_digest,
                                   .code_changes = code_changes,
                                   .show = show};

    if (getauxval(AT_SECURE)) /* takes nothing from its environment, HOME included */
        return;
    if (mode && strcmp(mode, "off") == 0)
        return;
    if (mode && strcmp(mode, "fresh") == 0)
        hooks.is_fresh = true;
    else if (mode && *mode && strcmp(mode, "on") != 0)
        memo__log("MEMOCC_CHECKPOINT: '%.200s' is not understood; allowed: fresh, off; the default "
                  "is used",
                  mode);
    if (memo__runtime_start() != 0)
        return;
    hooks.verbose = secure_getenv("MEMOCC_VERBOSE") ? c->verbose : 1; /* they are few */
    hooks.says_saves = secure_getenv("MEMOCC_VERBOSE") && c->verbose >= 1;
    hooks.store_dir = c->has_dir ? c->dir : NULL;
    hooks.configured_dir = configured_dir();
    is_on = memo__ck_start(&hooks);
    memo__stats_add_checkpoints(&stats);
}

EXPORTED int memo_ck_enter(struct memo_ck *ck, struct memo_ck_site *site, struct memo_span *inputs)
{
    int saved = errno;

    pthread_once(&once, start);
    errno = saved;
    ck->m_next = &memo__ck_never;
    if (!is_on)
        return 0;
    if (site->m_abi != MEMO_CHECKPOINT_ABI) { /* its members may be elsewhere */
        memo__warn_once(MEMO__ONCE_ABI,
                        "this program was compiled for interface %u of checkpoints, the runtime "
                        "has %u: nothing is saved (use program and runtime of one memocc)",
                        site->m_abi, (unsigned)MEMO_CHECKPOINT_ABI);
        return 0;
    }
    return memo__ck_enter(ck, site, inputs, FRAME);
}

EXPORTED void memo_ck_begin(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    memo__ck_begin(ck, spans, files);
}

EXPORTED void memo_ck_save(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    memo__ck_save(ck, spans, files);
}

EXPORTED void memo_ck_now(struct memo_ck *ck)
{
    memo__ck_now(ck);
}

EXPORTED int memo_ck_ended(struct memo_ck *ck)
{
    return memo__ck_ended(ck);
}

EXPORTED void memo_ck_undo(struct memo_ck *ck, struct memo_ck_span *spans)
{
    (void)spans;
    memo__ck_undo(ck);
}

EXPORTED void memo_ck_final(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    memo__ck_final(ck, spans, files);
}

EXPORTED void memo_ck_leave(struct memo_ck *ck)
{
    memo__ck_leave(ck);
}
