/* log.c - one line, one write(2). */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/quiet.h"

#define LINE 2048

static unsigned long said[MEMO__ONCE_COUNT];

__attribute__((format(printf, 1, 0))) static void say(const char *fmt, va_list args)
{
    static const char prefix[] = "memocc: ";
    char line[LINE];
    int saved = errno;
    size_t len = sizeof prefix - 1;
    memcpy(line, prefix, len);
    int n = vsnprintf(line + len, sizeof line - len - 1, fmt, args);
    if (n > 0)
        len += (size_t)n < sizeof line - len - 2 ? (size_t)n : sizeof line - len - 2;
    line[len++] = '\n';
    struct memo__quiet quiet;
    int cancel_state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    memo__quiet_begin(&quiet, SIGPIPE);
    while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
        ;
    memo__quiet_end(&quiet);
    pthread_setcancelstate(cancel_state, NULL);
    errno = saved;
}

void memo__log(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(fmt, args);
    va_end(args);
}

void memo__warn_once(enum memo__once kind, const char *fmt, ...)
{
    if (__atomic_fetch_add(&said[kind], 1, __ATOMIC_RELAXED))
        return;
    va_list args;
    va_start(args, fmt);
    say(fmt, args);
    va_end(args);
}

unsigned long memo__warn_count(enum memo__once kind)
{
    return __atomic_load_n(&said[kind], __ATOMIC_RELAXED);
}

void memo__warn_reset(void)
{
    for (int i = 0; i < MEMO__ONCE_COUNT; i++)
        __atomic_store_n(&said[i], 0, __ATOMIC_RELAXED);
}
