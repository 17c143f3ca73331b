/* resume.c - see resume.h. */
#include "checkpoint/resume.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "checkpoint/background.h"
#include "checkpoint/save.h"

#define TEXT 64
#define NONE_LEFT "no state is left that can be restored"

/* "2026-11-21 14:03:07 (2 min ago)" */
static void date_text(uint64_t saved_ns, char out[TEXT])
{
    static const struct {
        uint64_t seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    uint64_t now = memo__realtime_ns(), age = now > saved_ns ? (now - saved_ns) / 1000000000u : 0;
    time_t seconds = (time_t)(saved_ns / 1000000000u);
    struct tm tm;
    size_t len = 0, i = 0;

    if (localtime_r(&seconds, &tm))
        len = strftime(out, TEXT, "%Y-%m-%d %H:%M:%S", &tm);
    while (i < 3 && age < 2 * units[i].seconds)
        i++;
    snprintf(out + len, TEXT - len, " (%" PRIu64 " %s ago)", age / units[i].seconds, units[i].unit);
}

static void say_refused(const struct memo__ck_loop *l, const char *why)
{
    char who[MEMO__CK_WHO];

    if (memo__ck_hooks.verbose >= 1)
        memo__log("%s starts afresh: %s", memo__ck_who(l->site, who), why);
}

/* ---- does it fit? ---- */

static bool is_expired(const struct memo__ck_loop *l, char why[MEMO__CK_WHY])
{
    int64_t limit = l->site->abi->m_expires_ns;
    uint64_t now = memo__realtime_ns();
    char date[TEXT];

    if (limit <= 0 || now < l->found.saved_ns || now - l->found.saved_ns < (uint64_t)limit)
        return false;
    date_text(l->found.saved_ns, date);
    snprintf(why, MEMO__CK_WHY, "the saved state has expired; it is of %s", date);
    return true;
}

static bool has_other_code(const struct memo__ck_loop *l, char why[MEMO__CK_WHY])
{
    const struct memo__ck_blob *note = memo__ck_find(&l->found, MEMO__CK_NOTE, MEMO__CK_TOOLCHAIN);
    char toolchain[1024], what[MEMO__CK_WHY - 32];
    size_t len = note ? note->len : 0;

    if (memcmp(l->found.code, l->site->code, sizeof l->found.code) == 0)
        return false;
    if (len >= sizeof toolchain)
        len = sizeof toolchain - 1;
    if (len > 0)
        memcpy(toolchain, note->data, len);
    toolchain[len] = '\0';
    what[0] = '\0';
    memo__ck_hooks.code_changes(what, sizeof what, &l->found, toolchain, l->site->abi,
                                l->site->components);
    if (what[0])
        snprintf(why, MEMO__CK_WHY, "its code has changed: %s", what);
    else
        snprintf(why, MEMO__CK_WHY, "its code has changed, out of sight or in a library");
    return true;
}

static bool has_other_lineage(const struct memo__ck_loop *l, char why[MEMO__CK_WHY])
{
    const struct memo__ck_blob *note = memo__ck_find(&l->found, MEMO__CK_NOTE, MEMO__CK_LINEAGE);

    if (note && note->len == sizeof l->outer_lineage &&
        memcmp(note->data, l->outer_lineage, note->len) == 0)
        return false;
    snprintf(why, MEMO__CK_WHY, "code or inputs of a loop around it have changed");
    return true;
}

/* 0, MEMO_ECORRUPT if an older generation may serve, another code: refused. */
static int examine(struct memo__ck_loop *l, char why[MEMO__CK_WHY])
{
    const struct memo_ck_site *site = l->site->abi;
    const struct memo__ck_file *f = &l->found;
    char skipped[MEMO__CK_WHY];
    int err;

    l->must_go_on = false;
    if (is_expired(l, why) || has_other_code(l, why) || has_other_lineage(l, why) ||
        memo__ck_inputs_differ(site, &l->inputs, f, false, memo__ck_hooks.show, why))
        return MEMO_EINVALID;
    if (f->final != 0 && !(site->m_flags & MEMO_CK_KEEP)) {
        snprintf(why, MEMO__CK_WHY, "the saved state is that of its end, and 'keep' is gone");
        return MEMO_EINVALID;
    }
    if (f->final != 0 &&
        memo__ck_inputs_differ(site, &l->inputs, f, true, memo__ck_hooks.show, skipped)) {
        if (f->final != MEMO_CK_TOP) {
            snprintf(why, MEMO__CK_WHY, "it had ended, and %.200s", skipped);
            return MEMO_EINVALID;
        }
        l->must_go_on = true;
    }
    err = memo__ck_hidden_check(f, site, why);
    if (err == 0)
        err = memo__ck_image_prepare(l->image, f->blobs, f->n_blobs, l->must_go_on, why);
    if (err == 0 && l->streams)
        err = memo__ck_streams_prepare(l->streams, f->blobs, f->n_blobs, why);
    return err;
}

/* One whose header is damaged isn't even read: nobody knows how old it is. */
static void say_damage(const struct memo__ck_loop *l, const struct memo__ck_damage *damage,
                       bool is_found)
{
    const char *then = is_found ? "; the other one is used" : "";
    char who[MEMO__CK_WHO];
    unsigned i;

    for (i = 0; i < damage->n_damaged && i < 2; i++)
        memo__log("warning: %s: a saved state is damaged: %s%s", memo__ck_who(l->site, who),
                  damage->text[i], then);
    for (i = 0; is_found && damage->n_damaged == 0 && i < 2; i++)
        if (l->place.generations[i].is_there && l->place.generations[i].sequence == 0)
            memo__log("warning: %s: a saved state is damaged%s", memo__ck_who(l->site, who), then);
}

bool memo__ck_resume_find(struct memo__ck_loop *l)
{
    struct memo__ck_damage damage;
    char why[MEMO__CK_WHY], who[MEMO__CK_WHO];
    unsigned skip;
    int err;

    for (skip = 0; skip < 2; skip++) {
        err = memo__ck_place_read(&l->place, skip, &l->found, &damage);
        if (skip == 0)
            say_damage(l, &damage, err == 0);
        if (err != 0) {
            if (skip > 0)
                say_refused(l, NONE_LEFT);
            else if (damage.n_damaged > 0)
                say_refused(l, "no whole state is left");
            else if (err != MEMO_EMISS)
                say_refused(l, memo__strerror(err));
            return false;
        }
        why[0] = '\0';
        err = examine(l, why);
        if (err == 0) {
            l->has_found = true;
            return true;
        }
        if (err != MEMO_ECORRUPT)
            break;
        memo__log("warning: %s: a saved state can't be restored: %s", memo__ck_who(l->site, who),
                  why);
        memo__ck_file_release(&l->found);
    }
    if (skip < 2)
        say_refused(l, why);
    else
        say_refused(l, NONE_LEFT);
    memo__ck_file_release(&l->found);
    l->must_go_on = false;
    return false;
}

/* ---- in use ---- */

static void say_restored(const struct memo__ck_loop *l, uint64_t saved_ns, uint32_t final)
{
    char date[TEXT], who[MEMO__CK_WHO];

    if (memo__ck_hooks.verbose < 1)
        return;
    memo__ck_who(l->site, who);
    date_text(saved_ns, date);
    if (final == MEMO_CK_END)
        memo__log("%s is at its end, after iteration %" PRIu64 ", saved %s", who, l->restored_at,
                  date);
    else
        memo__log("%s goes on at iteration %" PRIu64 ", saved %s", who, l->restored_at, date);
}

void memo__ck_resume_release(struct memo__ck_loop *l)
{
    if (l->has_found)
        memo__ck_file_release(&l->found);
    l->has_found = false;
    memo__ck_hidden_release(&l->before);
}

void memo__ck_resume_commit(struct memo__ck_loop *l)
{
    if (!l->is_restored)
        return;
    if (l->must_go_on) /* and its condition held */
        say_restored(l, l->restored_saved_ns, MEMO_CK_TOP);
    memo__ck_image_commit(l->image);
    if (l->streams)
        memo__ck_streams_commit(l->streams);
    l->is_restored = l->must_go_on = false;
    memo__ck_hidden_release(&l->before);
}

/* ---- memo_ck_begin ---- */

/* Files of the program's are in between: nothing more may be written to them. */
_Noreturn static void end_program(const struct memo__ck_loop *l, const char *why)
{
    char who[MEMO__CK_WHO];

    memo__log("error: %s can't go on: %s", memo__ck_who(l->site, who), why);
    _exit(EXIT_FAILURE);
}

static void restore(struct memo__ck_loop *l, struct memo_ck *ck, const struct memo_ck_span *spans,
                    void *const *files)
{
    const struct memo__ck_file *f = &l->found;
    const struct memo__ck_blob *number = memo__ck_find(f, MEMO__CK_NOTE, MEMO__CK_ERRNO);
    char why[MEMO__CK_WHY];

    memo__ck_image_restore(l->image, spans);
    if (l->streams && memo__ck_streams_give(l->streams, files, why) != 0)
        end_program(l, why);
    l->is_restored = true;
    l->restored_at = f->iteration;
    l->spent_ns = f->spent_ns;
    ck->m_at = f->iteration;
    ck->m_restored = 1;
    ck->m_final = (int)f->final;
    l->has_final = f->final == MEMO_CK_END; /* nothing is to be saved any more */
    l->restored_saved_ns = f->saved_ns;
    if (!l->must_go_on)
        say_restored(l, f->saved_ns, f->final);
    memo__ck_hidden_give_file(f, l->site->abi);
    if (number)
        l->user_errno = (int)number->meta[0];
    pthread_mutex_lock(&memo__ck_lock);
    l->site->tally.restored++;
    l->site->tally.iteration = f->iteration;
    pthread_mutex_unlock(&memo__ck_lock);
}

/* What memo_ck_enter couldn't know. */
static int fits(struct memo__ck_loop *l, const struct memo_ck_span *spans, void *const *files,
                char why[MEMO__CK_WHY])
{
    int err = memo__ck_image_fits(l->image, spans, why);

    if (err == 0 && l->streams)
        err = memo__ck_streams_fits(l->streams, files, why);
    if (err == 0 && l->must_go_on)
        err = memo__ck_hidden_take(&l->before, l->site->abi, why);
    if (err == 0 && l->must_go_on && l->streams)
        err = memo__ck_streams_hold(l->streams, files, why);
    return err;
}

/* true: it updates files, and must be saved before its first iteration if it starts afresh. */
static bool begin_streams(struct memo__ck_loop *l, void *const *files)
{
    const struct memo__ck_loop *outer = l->up;

    while (outer && !outer->streams)
        outer = outer->up;
    return l->streams && memo__ck_streams_begin(l->streams, files, outer ? outer->streams : NULL);
}

static void begin(struct memo__ck_loop *l, struct memo_ck *ck, const struct memo_ck_span *spans,
                  void *const *files)
{
    char why[MEMO__CK_WHY] = "";

    if (l->has_found && fits(l, spans, files, why) != 0) {
        say_refused(l, why);
        memo__ck_resume_release(l);
        l->must_go_on = false;
        if (!l->is_late) { /* else its INIT was carried out */
            ck->m_final = MEMO_CK_FRESH;
            return;
        }
    }
    if (!l->has_found) {
        memo__ck_image_start(l->image, spans);
        l->is_now = l->is_start = l->updates_files = begin_streams(l, files);
    } else {
        restore(l, ck, spans, files);
        l->updates_files = begin_streams(l, files);
        if (!l->must_go_on)
            memo__ck_resume_commit(l);
        memo__ck_file_release(&l->found);
        l->has_found = false;
    }
    memo__ck_save_begin(l, ck->m_at);
}

void memo__ck_begin(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files)
{
    struct memo__ck_work work;
    struct memo__ck_loop *l;

    memo__ck_enter_late(ck, spans, files);
    l = memo__ck_work_begin(ck, &work);
    ck->m_restored = ck->m_final = ck->m_ended = 0;
    if (!l)
        return;
    l->user_errno = l->errno_before = work.saved_errno;
    begin(l, ck, spans, files);
    work.saved_errno = l->user_errno;
    memo__ck_work_end(&work);
}

/* ---- the end of `keep` ---- */

int memo__ck_ended(struct memo_ck *ck)
{
    struct memo__ck_loop *l = memo__ck_live(ck);

    ck->m_ended = 1;
    return !(l && l->must_go_on && l->is_restored && ck->m_at == l->restored_at);
}

void memo__ck_undo(struct memo_ck *ck)
{
    struct memo__ck_work work;
    struct memo__ck_loop *l = memo__ck_work_begin(ck, &work);
    char why[MEMO__CK_WHY];

    if (l && l->must_go_on && l->is_restored) {
        say_refused(l, "its condition doesn't hold with the state that was kept");
        memo__ck_image_undo(l->image);
        if (l->streams && memo__ck_streams_undo(l->streams, why) != 0)
            end_program(l, why);
        memo__ck_hidden_give(&l->before, l->site->abi);
        memo__ck_hidden_release(&l->before);
        l->is_restored = l->must_go_on = false;
        l->spent_ns = 0;
        work.saved_errno = l->errno_before;
    }
    ck->m_restored = ck->m_final = ck->m_ended = 0;
    ck->m_at = 0;
    if (l)
        memo__ck_work_end(&work);
}
