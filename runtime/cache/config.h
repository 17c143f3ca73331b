/* config.h - the runtime's settings, from the environment.
 *
 * Read once per process, at its first memoized call. A value that isn't
 * understood is reported in one line that names what is allowed, and the
 * default holds. A set-uid program takes nothing from its environment: it runs
 * uncached. */
#ifndef MEMO_CACHE_CONFIG_H
#define MEMO_CACHE_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct memo__config {
    bool is_off;              /* MEMOCC=off: every call is computed */
    bool is_refresh;          /* MEMOCC=refresh: what earlier processes stored isn't read */
    bool is_readonly;         /* MEMOCC=readonly: nothing is written to disk */
    bool is_explain;          /* MEMOCC=explain: each miss says why */
    bool is_verify;           /* MEMOCC=verify: hits are computed again and compared */
    bool is_verify_abort;     /* with abort: the first difference ends the program */
    bool has_verify_fraction; /* with a fraction: */
    uint32_t verify_fraction; /* UINT32_MAX: all */
    bool has_gate;            /* false: MEMOCC_GATE=off, every memoized call is cached */
    bool is_sloppy;           /* MEMOCC_SLOPPY=toolchain: compiler and options aren't in keys */
    bool has_dir;
    char dir[PATH_MAX]; /* MEMOCC_DIR, absolute, if has_dir */
    uint64_t max_size;  /* MEMOCC_MAX_SIZE, bytes; 0: the store's default */
    uint64_t memory;    /* MEMOCC_MEMORY, bytes; 0: no memory tier */
    int verbose;        /* MEMOCC_VERBOSE, 0 to 3 */
    enum memo__stats_form { MEMO__STATS_NONE, MEMO__STATS_TABLE, MEMO__STATS_JSON } stats;
    char stats_file[PATH_MAX]; /* with MEMO__STATS_JSON, absolute */
    bool has_trace;            /* MEMOCC_TRACE */
    char trace_file[PATH_MAX]; /* absolute, if has_trace */
};

#define MEMO__DEFAULT_MEMORY ((uint64_t)256 << 20)

/* Fills *c from the environment. Prints lines; allocates nothing. */
void memo__config_read(struct memo__config *c);

/* To be called before main: remembers the working directory that relative
 * names in the environment refer to, should the program change it later. */
void memo__config_early(void);

#endif
