/* program.h - what the running program consists of, as digests.
 *
 * A result depends on code that memocc didn't see: other units, libraries, the
 * processor that libraries dispatch on. These digests stand for it in the
 * identity of functions. They are free of paths and dates: two builds of the
 * same code in two folders have equal digests; a rebuilt library has another.
 * Where something can't be read its digest is random, which costs hits and is
 * never wrong.
 *
 * Each is computed once per process, when first asked for, under one lock;
 * objects that are loaded later aren't in it. */
#ifndef MEMO_CACHE_PROGRAM_H
#define MEMO_CACHE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#define MEMO__DIGEST_LEN 16

/* The content of the executable: its loaded segments as in the file, without
 * notes (the build ID depends on debug information); and memo__libraries_digest(). */
void memo__program_digest(unsigned char out[MEMO__DIGEST_LEN]);

/* Build IDs (or, where there is none, the content) of all shared objects, the
 * CPU's features and GLIBC_TUNABLES. A program without shared objects: its own
 * content in place of theirs. */
void memo__libraries_digest(unsigned char out[MEMO__DIGEST_LEN]);

/* Calls `add` for each shared object that the named one is, or needs, directly or
 * through others, as they are loaded now; and for those that nothing of the program
 * needs, which LD_PRELOAD or dlopen brought in. name NULL: all there are. Returns
 * whether the named one is loaded. An object may come up several times. */
typedef void memo__add_library(void *arg, const char *name, const unsigned char *digest);
bool memo__libraries_of(const char *name, size_t len, memo__add_library *add, void *arg);

/* The CPU's features that libraries choose their code by, and GLIBC_TUNABLES. */
void memo__features_digest(unsigned char out[MEMO__DIGEST_LEN]);

/* The features and the model of the CPU, for code compiled for just this one. */
void memo__cpu_digest(unsigned char out[MEMO__DIGEST_LEN]);

/* The identity of the function at `code`: its program or shared object and its
 * place there. false: it belongs to neither the executable nor the shared
 * object that holds `site`, so that nothing says what it computes. */
bool memo__code_digest(const void *code, const void *site, unsigned char out[MEMO__DIGEST_LEN]);

/* If the runtime is in a shared object that was loaded by dlopen, alone or with
 * the plug-in that brought it, dlclose must not take it away: its writer thread
 * and what it does at the ends of threads would run in nothing. Takes the
 * loader's lock. */
void memo__stay_loaded(void);

/* For fork: the lock is held in between. */
void memo__program_fork_prepare(void);
void memo__program_fork_done(bool is_child);

#endif
