/* checkpoints.h - what memocc would write around a loop, by hand, for tests of checkpoints.
 *
 * A test runs itself as other processes (wrap.h: run_self). What such a process does is in its
 * environment: settings are no part of a state's identity, arguments are. */
#ifndef TESTS_RUNTIME_CHECKPOINTS_H
#define TESTS_RUNTIME_CHECKPOINTS_H

#include <dirent.h>
#include <signal.h>
#include <time.h>

#include "runtime/wrap.h"

#include "include/memo_checkpoint_abi.h"

/* A site of one loop. Members that a test changes, it sets before the first entry. */
#define CK_SITE(site, loop_name, site_inputs, n_inputs, site_pieces, n_pieces)                     \
    static struct memo_site site##_code = {.m_abi = MEMO_ABI,                                      \
                                           .m_name = (loop_name),                                  \
                                           .m_unit = "test.c",                                     \
                                           .m_signature = "",                                      \
                                           .m_toolchain = "cc -O2",                                \
                                           .m_code = {1, 2, 3}};                                   \
    static struct memo_ck_site site = {.m_abi = MEMO_CHECKPOINT_ABI,                               \
                                       .m_name = (loop_name),                                      \
                                       .m_file = "test.c",                                         \
                                       .m_function = "f",                                          \
                                       .m_line = 40,                                               \
                                       .m_code = &site##_code,                                     \
                                       .m_inputs = (site_inputs),                                  \
                                       .m_n_inputs = (n_inputs),                                   \
                                       .m_pieces = (site_pieces),                                  \
                                       .m_n_pieces = (n_pieces),                                   \
                                       .m_unit = 'i',                                              \
                                       .m_every = 1}

#define CK_VARIABLE(name, object)                                                                  \
    {                                                                                              \
        (name), MEMO_CK_VARIABLE | MEMO_CK_CHANGED, MEMO_CK_NONE, sizeof(object), 7, NULL, 0       \
    }
#define CK_INPUT(name, kind, object)                                                               \
    {                                                                                              \
        (name), (kind), NULL, sizeof(object), MEMO_KEY, 0, 0                                       \
    }

/* In front of the condition. */
#define CK_TOP(ck, ci, spans)                                                                      \
    do {                                                                                           \
        if ((ci)++ >= __atomic_load_n((ck).m_next, __ATOMIC_RELAXED)) {                            \
            (ck).m_at = (ci)-1;                                                                    \
            memo_ck_save(&(ck), spans, NULL);                                                      \
        }                                                                                          \
        (ck).m_at = (ci)-1;                                                                        \
    } while (0)

/* Settings of the process. */
__attribute__((unused)) static long setting(const char *name, long otherwise)
{
    const char *value = getenv(name);

    return value ? strtol(value, NULL, 0) : otherwise;
}

__attribute__((unused)) static void die_if(bool now)
{
    if (now) {
        fflush(NULL);
        kill(getpid(), SIGKILL);
    }
}

__attribute__((unused)) static void nap_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    while (nanosleep(&t, &t) != 0)
        ;
}

/* How many files of a directory end so. */
__attribute__((unused)) static int files_in(const char *dir, const char *end)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    int n = 0;

    while (d && (e = readdir(d)) != NULL)
        n += strlen(e->d_name) > strlen(end) &&
             strcmp(e->d_name + strlen(e->d_name) - strlen(end), end) == 0;
    if (d)
        closedir(d);
    return n;
}

#define CHECK_HAS(text, part)                                                                      \
    do {                                                                                           \
        const char *check_text = (text);                                                           \
        if (!strstr(check_text, (part))) {                                                         \
            failures++;                                                                            \
            fprintf(stderr, "%s:%d: '%s' isn't in:\n%s\n", __FILE__, __LINE__, (part),             \
                    check_text);                                                                   \
        }                                                                                          \
    } while (0)

#endif
