/* progress.c - see progress.h.
 *
 * Whoever finishes calls and sees that it is time draws: a thread of the team or the
 * owner. One at a time; the others don't wait. */
#include "task/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/quiet.h"
#include "task/batch.h"

#define QUIET_NS ((uint64_t)500000000)  /* at the start */
#define REDRAW_NS ((uint64_t)100000000) /* of a bar */
#define FIRST_LINE_NS ((uint64_t)1000000000)
#define LINE_NS ((uint64_t)3000000000)
#define LABEL 60
#define MIN_BAR 10
#define MAX_BAR 40

enum form { FORM_NONE, FORM_BAR, FORM_LINES };

static enum memo__progress_wish wish;

/* What is shown. Written by the thread that owns the activation, before `sync` is set. */
static struct {
    const struct memo_sync *sync; /* __atomic; NULL: nothing */
    pthread_t owner;
    enum form form;
    bool is_mixed; /* the program's own output goes to a terminal, too */
    char label[LABEL + 1];
    uint64_t begin_ns;
    uint64_t done, drawn_ns; /* __atomic */
    bool has_drawn;          /* __atomic; a bar stands there, or a line was written */
} shown;

static int is_drawing; /* __atomic */

void memo__progress_start(enum memo__progress_wish given)
{
    wish = given;
}

/* ---- text ---- */

/* Columns that a text takes, about: bytes that begin a character. */
static int columns_of(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* The label as it may be shown: no control characters, cut at a character. */
static void set_label(const char *text)
{
    size_t n = 0;

    for (; *text && n < LABEL; text++)
        shown.label[n++] = (unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text;
    if (*text)
        while (n > 0 && ((unsigned char)*text & 0xc0) == 0x80)
            text--, n--;
    shown.label[n] = '\0';
}

/* "0:07", "12:34", "3:12:34" */
static void add_time(char *out, size_t size, uint64_t s)
{
    if (s >= 3600)
        snprintf(out, size, "%" PRIu64 ":%02u:%02u", s / 3600, (unsigned)(s / 60 % 60),
                 (unsigned)(s % 60));
    else
        snprintf(out, size, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

/* "0.4/s", "123/s", "1.2k/s", "45M/s": no point of the locale's. */
static void add_rate(char *out, size_t size, double rate)
{
    static const char units[] = "\0kMG";
    int unit = 0;
    unsigned tenths;

    for (; rate >= 999.5 && unit < 3; unit++)
        rate /= 1000;
    tenths = (unsigned)(rate * 10 + 0.5);
    if (tenths < 100 && tenths % 10 != 0)
        snprintf(out, size, "%u.%u%.1s/s", tenths / 10, tenths % 10, &units[unit]);
    else
        snprintf(out, size, "%u%.1s/s", (tenths + 5) / 10, &units[unit]);
}

/* What is said of n calls of total (0: unknown): "45/100, 3.2/s, 0:12 left". */
static void describe(char *out, size_t size, uint64_t n, uint64_t total, uint64_t now)
{
    double seconds = (double)(now - shown.begin_ns) / 1e9, rate;
    char rate_text[32], time_text[32], of[24] = "";

    if (seconds < 1e-6)
        seconds = 1e-6;
    rate = (double)n / seconds;
    add_rate(rate_text, sizeof rate_text, rate);
    if (total > 0)
        snprintf(of, sizeof of, "/%" PRIu64, total);
    if (total > 0 && n > 0)
        add_time(time_text, sizeof time_text, (uint64_t)((double)(total - n) / rate + 0.5));
    else
        add_time(time_text, sizeof time_text, (uint64_t)seconds);
    snprintf(out, size, "%" PRIu64 "%s, %s, %s%s", n, of, rate_text, time_text,
             total > 0 && n > 0 ? " left" : "");
}

/* ---- drawing ---- */

static void put(const char *text, size_t n)
{
    struct memo__quiet quiet;
    int saved = errno, cancel_state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    memo__quiet_begin(&quiet, SIGPIPE);
    while (write(STDERR_FILENO, text, n) < 0 && errno == EINTR)
        ;
    memo__quiet_end(&quiet);
    pthread_setcancelstate(cancel_state, NULL);
    errno = saved;
}

#define WIPE "\r\033[K"

static void draw_bar(uint64_t n, uint64_t total, uint64_t now)
{
    char text[512], what[128], bar[MAX_BAR + 3] = "";
    struct winsize size;
    int width = 80, room, filled, len;
    unsigned percent = total > 0 ? (unsigned)((double)n * 100 / (double)total) : 0;

    if (tcgetpgrp(STDERR_FILENO) != getpgrp()) /* in the background */
        return;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    describe(what, sizeof what, n, total, now);
    room =
        width - 1 - (int)strlen("memocc:  [] 100% ") - columns_of(shown.label) - (int)strlen(what);
    if (total > 0 && room >= MIN_BAR) {
        if (room > MAX_BAR)
            room = MAX_BAR;
        filled = (int)((double)n * room / (double)total);
        bar[0] = '[';
        memset(bar + 1, '#', (size_t)filled);
        memset(bar + 1 + filled, '.', (size_t)(room - filled));
        bar[room + 1] = ']';
    }
    if (total > 0)
        len = snprintf(text, sizeof text, "\rmemocc: %s %s%s%u%% %s", shown.label, bar,
                       *bar ? " " : "", percent, what);
    else
        len = snprintf(text, sizeof text, "\rmemocc: %s %s", shown.label, what);
    if (len < 0 || len > (int)sizeof text - 4)
        return;
    /* A line that is too long would begin another, for ever. */
    for (; columns_of(text + 1) > width - 1 && len > 1; text[len] = '\0')
        len--;
    memcpy(text + len, "\033[K", 3);
    put(text, (size_t)len + 3);
    __atomic_store_n(&shown.has_drawn, true, __ATOMIC_RELAXED);
}

static void draw_line(uint64_t n, uint64_t total, uint64_t now)
{
    char what[128];

    describe(what, sizeof what, n, total, now);
    if (total > 0)
        memo__log("%s: %u%%, %s", shown.label, (unsigned)((double)n * 100 / (double)total), what);
    else
        memo__log("%s: %s", shown.label, what);
    __atomic_store_n(&shown.has_drawn, true, __ATOMIC_RELAXED);
}

static bool is_due(uint64_t now)
{
    uint64_t drawn_ns = __atomic_load_n(&shown.drawn_ns, __ATOMIC_RELAXED);

    if (shown.form == FORM_BAR)
        return now - shown.begin_ns >= QUIET_NS && now - drawn_ns >= REDRAW_NS;
    return now - shown.begin_ns >= FIRST_LINE_NS &&
           (drawn_ns == shown.begin_ns || now - drawn_ns >= LINE_NS);
}

static void draw(const struct memo_sync *s, uint64_t now)
{
    uint64_t n = __atomic_load_n(&shown.done, __ATOMIC_RELAXED), total = s->m_total;

    if (now < shown.begin_ns || __atomic_exchange_n(&is_drawing, 1, __ATOMIC_ACQUIRE))
        return;
    if (total < n)
        total = 0;
    if (shown.form == FORM_BAR)
        draw_bar(n, total, now);
    else
        draw_line(n, total, now);
    __atomic_store_n(&shown.drawn_ns, now, __ATOMIC_RELAXED);
    __atomic_store_n(&is_drawing, 0, __ATOMIC_RELEASE);
}

static void wipe(void)
{
    if (shown.form == FORM_BAR && __atomic_exchange_n(&shown.has_drawn, false, __ATOMIC_RELAXED))
        put(WIPE, sizeof WIPE - 1);
}

/* ---- what the engine tells ---- */

static enum form choose_form(const struct memo_sync *s)
{
    struct stat st;

    if (wish == MEMO__PROGRESS_NONE || (wish == MEMO__PROGRESS_CLAUSE && !s->m_info->m_label))
        return FORM_NONE;
    if (isatty(STDERR_FILENO))
        return FORM_BAR;
    if (wish == MEMO__PROGRESS_ALL || (fstat(STDERR_FILENO, &st) == 0 && S_ISREG(st.st_mode)))
        return FORM_LINES;
    return FORM_NONE;
}

/* Of this thread, and left by longjmp: what begins now is not inside it. */
static bool is_dead(const struct memo_sync *old, const struct memo_sync *s)
{
    return pthread_equal(shown.owner, pthread_self()) && (uintptr_t)s >= (uintptr_t)old;
}

void memo__progress_begin(struct memo_sync *s)
{
    static int is_taken; /* __atomic; between here and the end */
    const struct memo_sync *old = __atomic_load_n(&shown.sync, __ATOMIC_ACQUIRE);
    const char *label = s->m_info->m_label;
    int saved = errno;
    enum form form;

    if (old && is_dead(old, s)) {
        wipe();
        __atomic_store_n(&shown.sync, NULL, __ATOMIC_RELEASE);
        old = NULL;
    }
    if (old || (form = choose_form(s)) == FORM_NONE ||
        __atomic_exchange_n(&is_taken, 1, __ATOMIC_ACQUIRE)) {
        errno = saved;
        return;
    }
    if (!__atomic_load_n(&shown.sync, __ATOMIC_ACQUIRE)) {
        shown.owner = pthread_self();
        shown.form = form;
        shown.is_mixed = form == FORM_BAR && isatty(STDOUT_FILENO);
        set_label(label && *label ? label : s->m_info->m_function);
        shown.begin_ns = shown.drawn_ns = memo__monotonic_ns();
        shown.done = 0;
        shown.has_drawn = false;
        __atomic_store_n(&shown.sync, s, __ATOMIC_RELEASE);
    }
    __atomic_store_n(&is_taken, 0, __ATOMIC_RELEASE);
    errno = saved;
}

static bool is_shown(const struct memo_sync *s)
{
    return __atomic_load_n(&shown.sync, __ATOMIC_ACQUIRE) == s;
}

void memo__progress_claim(const struct memo_sync *s, size_t n, uint64_t now)
{
    if (!is_shown(s))
        return;
    __atomic_fetch_add(&shown.done, n, __ATOMIC_RELAXED);
    if (is_due(now))
        draw(s, now);
}

void memo__progress_in_place(struct memo_sync *s, size_t n)
{
    if (is_shown(s))
        memo__progress_claim(s, n, memo__monotonic_ns());
}

/* What commits print shall not stand behind the bar. Those that only assign print nothing. */
void memo__progress_commit(struct memo_sync *s, const struct memo__run *runs, unsigned n_runs)
{
    unsigned i;

    if (!is_shown(s) || !shown.is_mixed || !__atomic_load_n(&shown.has_drawn, __ATOMIC_RELAXED))
        return;
    for (i = 0; i < n_runs && runs[i].site->m_to != MEMO_TASK_NONE; i++)
        ;
    if (i < n_runs)
        wipe();
}

void memo__progress_event(struct memo_sync *s)
{
    uint64_t now;

    if (!is_shown(s))
        return;
    now = memo__monotonic_ns();
    if (is_due(now))
        draw(s, now);
}

void memo__progress_end(struct memo_sync *s)
{
    uint64_t n;
    char what[128];

    if (!is_shown(s))
        return;
    n = __atomic_load_n(&shown.done, __ATOMIC_RELAXED);
    if (shown.form == FORM_BAR) {
        wipe();
    } else if (shown.has_drawn) {
        describe(what, sizeof what, n, 0, memo__monotonic_ns());
        memo__log("%s: done, %s", shown.label, what);
    }
    __atomic_store_n(&shown.sync, NULL, __ATOMIC_RELEASE);
}

void memo__progress_fork_child(void)
{
    shown.sync = NULL;
    shown.has_drawn = false;
    is_drawing = 0;
}

/* exit() in the middle. */
__attribute__((destructor)) static void at_exit(void)
{
    if (shown.sync)
        wipe();
}
