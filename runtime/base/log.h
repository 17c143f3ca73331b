/* log.h - lines on standard error.
 *
 * Every line begins "memocc: " and reaches the terminal in one write(2), so
 * lines of threads and processes don't mix. Nothing here uses a stdio stream, allocates,
 * or changes errno; lines longer than 2 KB are cut. A line is one event: the
 * text has no newline of its own. */
#ifndef MEMO_BASE_LOG_H
#define MEMO_BASE_LOG_H

/* What is said once per process. Append here for a new kind. */
enum memo__once {
    MEMO__ONCE_DIR,      /* the directory can't be used at all */
    MEMO__ONCE_NETWORK,  /* it is on a network file system */
    MEMO__ONCE_READONLY, /* it can't be written */
    MEMO__ONCE_VERSION,  /* a newer memocc wrote it */
    MEMO__ONCE_DAMAGED,  /* the database file was damaged and put aside */
    MEMO__ONCE_RECORD,   /* a damaged record or object file was removed */
    MEMO__ONCE_FULL,     /* no space: results aren't stored */
    MEMO__ONCE_IO,       /* read, write or database error */
    MEMO__ONCE_QUEUE,    /* results come faster than they can be written */
    MEMO__ONCE_MEMORY,   /* out of memory in the runtime */
    MEMO__ONCE_THREAD,   /* the writer thread couldn't be started */
    MEMO__ONCE_READERS,  /* more reading threads than the database has slots for */
    MEMO__ONCE_STUCK,    /* another process holds the database and doesn't go on */
    MEMO__ONCE_ABI,      /* from here on: the layers above */
    MEMO__ONCE_CONFIG,
    MEMO__ONCE_WAIT,
    MEMO__ONCE_WAIT_HOST,
    MEMO__ONCE_OTHER,
    MEMO__ONCE_CHECKPOINT_LOCK,
    MEMO__ONCE_COUNT
};

void memo__log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints the line unless one of this kind was printed by this process. */
void memo__warn_once(enum memo__once kind, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Tests only: how often memo__warn_once was called for this kind, silent calls
 * included; and forget that anything was said. */
unsigned long memo__warn_count(enum memo__once kind);
void memo__warn_reset(void);

#endif
