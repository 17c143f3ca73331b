/* trace.c - see trace.h.
 *
 * The file ends with TAIL at all times. A write puts the events, with a new TAIL, where
 * the old one stood, in one pwrite. A lock on a byte far behind the end (fcntl, since it
 * isn't inherited) is for that moment; a shared flock, which a child inherits, says that
 * the file is in use. */
#include "base/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/quiet.h"

#define HEAD "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
#define TAIL "\n]}\n"
#define TAIL_LEN (sizeof TAIL - 1)
#define ROOM ((size_t)256 << 10)
#define MAX_EVENT ((size_t)2048)
#define MAX_FILE ((off_t)1 << 30)
#define WRITE_NS ((uint64_t)500000000)
#define LOCK_TRIES 200 /* of 5 ms: a process that is stopped may hold it */
#define LOCK_OFFSET ((off_t)1 << 60)

bool memo__trace_is_on;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* all that follows */
static char *events;                                     /* ROOM bytes */
static size_t len;
static uint64_t written_ns; /* when */
static uint64_t n_dropped;
static bool is_named; /* the process, in the file */
static int fd = -1;

static __thread volatile int is_inside __attribute__((tls_model("initial-exec")));
static __thread int tid __attribute__((tls_model("initial-exec")));

/* ---- the file ---- */

static const struct timespec pause_time = {0, 5000000};

static bool lock_file(int type)
{
    struct flock l = {
        .l_type = (short)type, .l_whence = SEEK_SET, .l_start = LOCK_OFFSET, .l_len = 1};
    int i;

    for (i = 0; i < LOCK_TRIES; i++) {
        if (fcntl(fd, F_SETLK, &l) == 0)
            return true;
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return false;
        nanosleep(&pause_time, NULL);
    }
    return false;
}

static bool write_at(const char *data, size_t n, off_t at)
{
    while (n > 0) {
        ssize_t done = pwrite(fd, data, n, at);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        data += done;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

/* Puts n bytes, each event behind ",\n", before the tail. events[] has room for the tail. */
static bool add_to_file(char *data, size_t n)
{
    struct stat st;
    off_t at;
    bool ok = false;

    if (!lock_file(F_WRLCK))
        return false;
    if (fstat(fd, &st) == 0 && st.st_size >= (off_t)(sizeof HEAD - 1 + TAIL_LEN) &&
        st.st_size < MAX_FILE) {
        at = st.st_size - (off_t)TAIL_LEN;
        if (at == (off_t)(sizeof HEAD - 1)) /* the first event */
            data += 2, n -= 2;
        memcpy(data + n, TAIL, TAIL_LEN);
        ok = write_at(data, n + TAIL_LEN, at);
        if (!ok && (write_at(TAIL, TAIL_LEN, at), ftruncate(fd, at + (off_t)TAIL_LEN) != 0))
            n_dropped++; /* a full disk: what could be done was done */
    }
    lock_file(F_UNLCK);
    return ok;
}

/* Under the lock. */
static void write_out(void)
{
    struct memo__quiet quiet;
    int cancel_state;

    if (len > 0 && fd >= 0) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
        memo__quiet_begin(&quiet, SIGXFSZ);
        if (!add_to_file(events, len))
            n_dropped++;
        memo__quiet_end(&quiet);
        pthread_setcancelstate(cancel_state, NULL);
    }
    len = 0;
    written_ns = memo__monotonic_ns();
}

static bool begin_file(const char *path)
{
    struct stat st;
    int i;

    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    if (fd < 0)
        return false;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        errno = EINVAL;
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 &&
        (ftruncate(fd, 0) != 0 || !write_at(HEAD TAIL, sizeof HEAD - 1 + TAIL_LEN, 0)))
        return false;
    for (i = 0; i < LOCK_TRIES && flock(fd, LOCK_SH | LOCK_NB) != 0; i++)
        nanosleep(&pause_time, NULL); /* another begins it just now */
    return true;
}

void memo__trace_start(const char *path)
{
    struct memo__quiet quiet;
    bool ok;

    memo__quiet_begin(&quiet, SIGXFSZ);
    events = memo__malloc(ROOM + TAIL_LEN);
    ok = events && begin_file(path);
    memo__quiet_end(&quiet);
    if (!ok) {
        memo__log("MEMOCC_TRACE: '%s' can't be written: %s", path,
                  errno == EINVAL ? "it is no file" : strerror(errno));
        return;
    }
    written_ns = memo__monotonic_ns();
    memo__trace_is_on = true;
}

/* ---- events ---- */

static size_t utf8_len(const unsigned char *s)
{
    size_t i, n = *s < 0x80                 ? 1
                  : *s >= 0xc2 && *s < 0xe0 ? 2
                  : *s >= 0xe0 && *s < 0xf0 ? 3
                  : *s >= 0xf0 && *s < 0xf5 ? 4
                                            : 0;

    for (i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] >= 0xa0) ||
        (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] >= 0x90))
        return 0;
    return n;
}

char *memo__trace_quote(char *out, size_t size, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    char *p = out, *end = out + size - 2; /* for the quote and the NUL */

    *p++ = '"';
    while (*s && end - p >= 6) {
        size_t n = utf8_len(s);

        if (*s == '"' || *s == '\\')
            *p++ = '\\', *p++ = (char)*s++;
        else if (*s < 0x20)
            p += snprintf(p, 7, "\\u%04x", *s++);
        else if (n == 0)
            *p++ = '?', s++;
        else
            for (; n > 0; n--)
                *p++ = (char)*s++;
    }
    *p++ = '"';
    *p = '\0';
    return out;
}

/* Adds text to the line; false if there is no room. */
__attribute__((format(printf, 3, 0))) static bool add_args(char *line, size_t *n,
                                                           const char *format, va_list args)
{
    int added = vsnprintf(line + *n, MAX_EVENT - *n, format, args);

    if (added < 0 || (size_t)added >= MAX_EVENT - *n)
        return false;
    *n += (size_t)added;
    return true;
}

__attribute__((format(printf, 3, 4))) static bool add(char *line, size_t *n, const char *format,
                                                      ...)
{
    va_list args;
    bool ok;

    va_start(args, format);
    ok = add_args(line, n, format, args);
    va_end(args);
    return ok;
}

/* The names that viewers show; before the first event. Under the lock. */
static void name_process(void)
{
    char quoted[256];
    int n;

    memo__trace_quote(quoted, sizeof quoted, program_invocation_short_name);
    n = snprintf(events + len, ROOM - len,
                 ",\n{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":%d,\"tid\":%d,"
                 "\"args\":{\"name\":%s}}"
                 ",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":%d,\"tid\":%d,"
                 "\"args\":{\"name\":\"main thread\"}}",
                 getpid(), getpid(), quoted, getpid(), getpid());
    if (n > 0)
        len += (size_t)n;
    is_named = true;
}

/* A signal handler may have left a thread that held the lock by siglongjmp. */
static bool take_lock(void)
{
    struct timespec until;

    if (pthread_mutex_trylock(&lock) == 0)
        return true;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 2;
    if (pthread_mutex_timedlock(&lock, &until) == 0)
        return true;
    __atomic_store_n(&memo__trace_is_on, false, __ATOMIC_RELAXED);
    return false;
}

static void put(const char *line, size_t n)
{
    if (!take_lock())
        return;
    if (!is_named)
        name_process();
    if (len + n > ROOM)
        write_out();
    memcpy(events + len, line, n);
    len += n;
    if (memo__monotonic_ns() - written_ns >= WRITE_NS)
        write_out();
    pthread_mutex_unlock(&lock);
}

/* us with a point, whatever the locale says. */
#define US "%" PRIu64 ".%03u"
#define US_OF(ns) (uint64_t)(ns) / 1000, (unsigned)((ns) % 1000)

__attribute__((format(printf, 5, 0))) static void add_event(const char *category, const char *name,
                                                            uint64_t begin_ns,
                                                            const uint64_t *end_ns,
                                                            const char *format, va_list args)
{
    char line[MAX_EVENT], quoted[512];
    int saved = errno;
    size_t n = 0;
    bool ok;

    if (!memo__trace_is_on || is_inside)
        return;
    is_inside = 1;
    if (tid == 0)
        tid = (int)syscall(SYS_gettid);
    ok = add(line, &n, ",\n{\"name\":%s,\"cat\":\"%s\",\"ph\":\"%s\",\"ts\":" US,
             memo__trace_quote(quoted, sizeof quoted, name), category, end_ns ? "X" : "i",
             US_OF(begin_ns)) &&
         (end_ns ? add(line, &n, ",\"dur\":" US, US_OF(*end_ns > begin_ns ? *end_ns - begin_ns : 0))
                 : add(line, &n, ",\"s\":\"t\"")) &&
         add(line, &n, ",\"pid\":%d,\"tid\":%d", getpid(), tid) &&
         (!format || (add(line, &n, ",\"args\":{") && add_args(line, &n, format, args) &&
                      add(line, &n, "}"))) &&
         add(line, &n, "}");
    if (ok)
        put(line, n);
    is_inside = 0;
    errno = saved;
}

void memo__trace_span(const char *category, const char *name, uint64_t begin_ns, uint64_t end_ns,
                      const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_event(category, name, begin_ns, &end_ns, format, args);
    va_end(args);
}

void memo__trace_mark(const char *category, const char *name, uint64_t at_ns, const char *format,
                      ...)
{
    va_list args;

    va_start(args, format);
    add_event(category, name, at_ns, NULL, format, args);
    va_end(args);
}

void memo__trace_finish(void)
{
    uint64_t lost = 0;

    if (!memo__trace_is_on || is_inside)
        return;
    is_inside = 1;
    if (take_lock()) {
        write_out();
        lost = n_dropped;
        n_dropped = 0;
        pthread_mutex_unlock(&lock);
    }
    is_inside = 0;
    if (lost > 0)
        memo__log("MEMOCC_TRACE: the trace isn't complete: the file is full or can't be written");
}

void memo__trace_fork_child(void)
{
    pthread_mutex_init(&lock, NULL);
    tid = 0;
    len = 0;
    n_dropped = 0;
    is_named = false;
    is_inside = 0;
}
