/* wrap.h - what memocc would write, by hand, for the tests of the runtime.
 *
 * MEMO_SCALAR defines a memoized long f(long) over a body that is written next to
 * it; tests of other shapes write their wrappers out in the form that
 * memo_abi.h gives. A test runs other processes of itself with an argument,
 * which names what that process does. */
#ifndef TESTS_RUNTIME_WRAP_H
#define TESTS_RUNTIME_WRAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "include/memo_abi.h"

#define __MEMOCC__ 1
#include "include/memo.h"

static int failures __attribute__((unused));

#define CHECK(condition)                                                                           \
    ((condition)                                                                                   \
         ? (void)0                                                                                 \
         : (void)(failures++, fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition)))

#define CHECK_EQ(a, b)                                                                             \
    do {                                                                                           \
        long long check_a = (long long)(a), check_b = (long long)(b);                              \
        if (check_a != check_b) {                                                                  \
            failures++;                                                                            \
            fprintf(stderr, "%s:%d: %s is %lld, %s is %lld\n", __FILE__, __LINE__, #a, check_a,    \
                    #b, check_b);                                                                  \
        }                                                                                          \
    } while (0)

/* Flags between threads, and between a handler and the rest. */
#define SET(flag, value) __atomic_store_n(&(flag), (value), __ATOMIC_RELEASE)
#define GET(flag) __atomic_load_n(&(flag), __ATOMIC_ACQUIRE)

#if defined __has_feature
#if __has_feature(thread_sanitizer)
#define TSAN_DEFAULTS(text)                                                                        \
    const char *__tsan_default_options(void);                                                      \
    const char *__tsan_default_options(void)                                                       \
    {                                                                                              \
        return text;                                                                               \
    }
#endif
#endif
#ifndef TSAN_DEFAULTS
#define TSAN_DEFAULTS(text)
#endif

#ifdef __SANITIZE_ADDRESS__
#define ASAN_DEFAULTS(text)                                                                        \
    const char *__asan_default_options(void);                                                      \
    const char *__asan_default_options(void)                                                       \
    {                                                                                              \
        return text;                                                                               \
    }
#else
#define ASAN_DEFAULTS(text)
#endif

#define ALL_TIERS (MEMO_TIER_MEMORY | MEMO_TIER_DISK | MEMO_TIER_SHARED)

#define SITE(site, site_parts, site_name, flags)                                                   \
    static struct memo_site site = {.m_abi = MEMO_ABI,                                             \
                                    .m_flags = (flags),                                            \
                                    .m_name = (site_name),                                         \
                                    .m_unit = "test.c",                                            \
                                    .m_signature = "signature",                                    \
                                    .m_toolchain = "test",                                         \
                                    .m_code = {1, 2, 3},                                           \
                                    .m_layout = {9},                                               \
                                    .m_parts = (site_parts),                                       \
                                    .m_n_parts = sizeof(site_parts) / sizeof(site_parts)[0],       \
                                    .m_tiers = ALL_TIERS}

/* A memoized long f(long) whose original is f_body. */
#define MEMO_SCALAR(f, flags)                                                                      \
    static const struct memo_part f##_parts[] = {{"x", "a:i8", NULL, 8, MEMO_KEY, 0, 0},           \
                                                 {"result", "i8", NULL, 8, MEMO_RESULT, 0, 0}};    \
    SITE(f##_site, f##_parts, #f, (flags));                                                        \
    __attribute__((noinline)) static long f(long x)                                                \
    {                                                                                              \
        memo_abi_u64 key[2] = {0, 0};                                                              \
        struct memo_span spans[2];                                                                 \
        struct memo_call *call = NULL;                                                             \
        long r;                                                                                    \
                                                                                                   \
        memcpy(key, &x, sizeof x);                                                                 \
        if (((flags)&MEMO_SITE_FAST) && (!((flags)&MEMO_SITE_FP) || memo_abi_fp_default()) &&      \
            memo_abi_fast(&f##_site, key[0], key[1], &r, sizeof r))                                \
            return r;                                                                              \
        if (memo_abi_bypass(&f##_site))                                                            \
            return f##_body(x);                                                                    \
        spans[0].m_data = key;                                                                     \
        spans[0].m_count = 1;                                                                      \
        spans[1].m_data = &r;                                                                      \
        spans[1].m_count = 1;                                                                      \
        if (memo_abi_begin(&f##_site, spans, &call) == MEMO_HIT)                                   \
            return r;                                                                              \
        r = f##_body(x);                                                                           \
        if (call)                                                                                  \
            memo_abi_end(call, spans);                                                             \
        return r;                                                                                  \
    }

/* Runs this program again with the argument `what` and the NAME=value settings
 * that follow, ended by NULL ("NAME" alone unsets). Returns its exit status, or
 * 1000 + the signal that ended it. Its stderr goes to `err_file` unless NULL. */
__attribute__((unused)) static int run_self(const char *what, const char *err_file, ...)
{
    va_list settings;
    char *setting;
    int status;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        va_start(settings, err_file);
        while ((setting = va_arg(settings, char *)) != NULL) {
            if (strchr(setting, '='))
                putenv(setting);
            else
                unsetenv(setting);
        }
        va_end(settings);
        if (err_file && !freopen(err_file, "w", stderr))
            _exit(126);
        execl("/proc/self/exe", "self", what, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* The content of a file, in a static buffer; "" if there is none. */
__attribute__((unused)) static const char *text_of(const char *path)
{
    static char text[65536];
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;

    text[n] = '\0';
    if (f)
        fclose(f);
    return text;
}

/* A counter of a function in a statistics file; -1 if it isn't there. */
__attribute__((unused)) static long counter_in(const char *path, const char *function,
                                               const char *counter)
{
    const char *text = text_of(path), *p, *end;
    char wanted[256];

    snprintf(wanted, sizeof wanted, "{\"name\":\"%s\"", function);
    p = strstr(text, wanted);
    if (!p)
        return -1;
    end = strchr(p + 1, '\n');
    snprintf(wanted, sizeof wanted, "\"%s\":", counter);
    p = strstr(p, wanted);
    if (!p || (end && p > end))
        return -1;
    return strtol(p + strlen(wanted), NULL, 10);
}

#endif
