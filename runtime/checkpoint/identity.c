/* identity.c - which entry into which loop of which run. */
#include "checkpoint/identity.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "key/hash.h"

static struct memo__ck_process known = {"", "", "", 0};
static const struct memo__ck_process *pretended;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pid_t process; /* which read it */
static int early_argc;
static char **early_argv;

/* What nothing can be found out about counts as "". */
static const char *real_program(void)
{
    static const char gone[] = " (deleted)"; /* rebuilt while it runs */
    size_t cap = 4096;
    for (;;) {
        char *path = memo__malloc(cap);
        ssize_t n = path ? readlink("/proc/self/exe", path, cap - 1) : -1;
        if (n < 0) {
            memo__free(path);
            break;
        }
        if ((size_t)n < cap - 1) {
            path[n] = '\0';
            if ((size_t)n > sizeof gone && !strcmp(path + n + 1 - sizeof gone, gone))
                path[(size_t)n + 1 - sizeof gone] = '\0';
            return path;
        }
        memo__free(path);
        cap *= 2;
    }
    char *real = realpath(program_invocation_name, NULL); /* without /proc */
    return real ? real : program_invocation_name;
}

static int read_command_line(struct memo__buf *out)
{
    char block[4096];
    ssize_t n;
    int err = 0, fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return MEMO_EIO;
    while (!err && ((n = read(fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            err = memo__buf_add(out, block, (size_t)n);
    close(fd);
    if (!err && out->len && out->data[out->len - 1]) /* changed by the program */
        err = memo__buf_add(out, "", 1);
    return err;
}

static void read_process(void)
{
    struct memo__buf arguments = MEMO__BUF_INIT;
    int saved = errno, err = 0;
    if (early_argv)
        for (int i = 0; i < early_argc && early_argv[i] && !err; i++)
            err = memo__buf_add(&arguments, early_argv[i], strlen(early_argv[i]) + 1);
    else
        err = read_command_line(&arguments);
    if (!err && arguments.len) {
        known.arguments = arguments.data;
        known.arguments_len = arguments.len;
    } else {
        memo__buf_release(&arguments);
    }
    const char *directory = getcwd(NULL, 0);
    known.directory = directory ? directory : "";
    known.program = real_program();
    process = getpid();
    errno = saved;
}

/* The GNU C library gives constructors what it gives main; others don't. */
#ifdef __GLIBC__
__attribute__((constructor)) static void before_main(int argc, char **argv)
{
    early_argc = argc;
    early_argv = argv;
#else
__attribute__((constructor)) static void before_main(void)
{
#endif
    pthread_once(&once, read_process);
}

const struct memo__ck_process *memo__ck_process(void)
{
    if (pretended)
        return pretended;
    pthread_once(&once, read_process); /* another constructor came first */
    return &known;
}

bool memo__ck_is_forked(void)
{
    pthread_once(&once, read_process);
    return process != getpid();
}

void memo__ck_pretend(const struct memo__ck_process *p)
{
    pretended = p;
}

/* ---- identities */

static int add_number(struct memo__buf *b, uint64_t v)
{
    v = htole64(v);
    return memo__buf_add(b, &v, sizeof v);
}

static int add_bytes(struct memo__buf *b, const void *p, size_t len)
{
    int err = add_number(b, len);
    return err ? err : memo__buf_add(b, p, len);
}

static void digest(const struct memo__buf *b, uint64_t hash[2], unsigned char *out)
{
    uint64_t le[2];
    memo__hash128(b->data, b->len, hash);
    le[0] = htole64(hash[0]);
    le[1] = htole64(hash[1]);
    memcpy(out, le, MEMO__CK_DIGEST);
}

/* Name, program, directory, arguments: without argv[0], which is another when the
 * program is found through PATH. */
static int add_loop(struct memo__buf *b, const char *name, bool is_named)
{
    const struct memo__ck_process *p = memo__ck_process();
    size_t first = p->arguments_len ? strlen(p->arguments) + 1 : 0;
    int err = add_bytes(b, name, strlen(name));
    if (!err)
        err = add_bytes(b, p->program, strlen(p->program));
    if (!err)
        err = add_bytes(b, p->directory, strlen(p->directory));
    if (!err)
        err = add_number(b, is_named);
    if (!err && !is_named)
        err = add_bytes(b, p->arguments + first, p->arguments_len - first);
    return err;
}

/* At least so many digits; snprintf takes as long as all the rest of an entry. */
static void hex(char *out, uint64_t value, unsigned digits)
{
    while (digits < 16 && value >> 4 * digits)
        digits++;
    out[digits] = '\0';
    for (; digits-- > 0; value >>= 4)
        out[digits] = "0123456789abcdef"[value & 15];
}

static int identify_outermost(struct memo__buf *b, const char *name, bool is_named,
                              uint64_t ordinal, struct memo__ck_identity *out)
{
    uint64_t loop[2], all[2];
    int err = add_loop(b, name, is_named);
    if (err)
        return err;
    digest(b, loop, out->digest);
    if ((err = add_number(b, ordinal)))
        return err;
    digest(b, all, out->digest);
    hex(out->id, loop[0], 16);
    hex(out->id + 16, loop[1], 16);
    out->id[32] = '.';
    hex(out->id + 33, ordinal, 1);
    return 0;
}

static int identify_inner(struct memo__buf *b, const char *name, bool is_named, uint64_t ordinal,
                          const struct memo__ck_identity *outer, uint64_t iteration,
                          struct memo__ck_identity *out)
{
    struct memo__ck_identity made;
    uint64_t hash[2];
    int err = add_bytes(b, outer->digest, MEMO__CK_DIGEST);
    if (!err)
        err = add_number(b, iteration);
    if (!err)
        err = add_bytes(b, name, strlen(name));
    if (!err)
        err = add_number(b, is_named);
    if (!err)
        err = add_number(b, ordinal);
    if (err)
        return err;
    digest(b, hash, made.digest);
    int n = snprintf(made.id, sizeof made.id, "%s-%llx.%016llx", outer->id,
                     (unsigned long long)iteration, (unsigned long long)hash[0]);
    if (n < 0 || (size_t)n >= sizeof made.id)
        return MEMO_EFULL;
    *out = made;
    return 0;
}

int memo__ck_identify(const char *name, bool is_named, uint64_t ordinal,
                      const struct memo__ck_identity *outer, uint64_t outer_iteration,
                      struct memo__ck_identity *out)
{
    struct memo__buf b = MEMO__BUF_INIT;
    int err = outer ? identify_inner(&b, name, is_named, ordinal, outer, outer_iteration, out)
                    : identify_outermost(&b, name, is_named, ordinal, out);
    memo__buf_release(&b);
    return err;
}
