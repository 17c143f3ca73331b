/* memo.h - what a program may ask of its cache.
 *
 * Functions annotated with `#pragma memo` need nothing from this header. It is
 * for programs that want to look at the cache, to empty it, or to go around it.
 * Under a compiler other than memocc the header is all there is: every name
 * here then works as if nothing were ever cached, and nothing is linked.
 *
 * Everything may be called from any thread. Nothing here changes what the
 * program computes; only what memo_cached() and memo_last() answer depends on
 * the state of the cache. C99 or later. */
#ifndef MEMO_H
#define MEMO_H

#include <stdbool.h>
#include <stddef.h>

/* How this thread's last memoized call was answered. */
struct memo_info {
    const char *tier; /* "computed", "memory", "disk" or "shared"; never NULL, never freed */
    double age;       /* seconds since the result was computed; 0 when it was just now */
    double cost;      /* seconds that computing it took */
};

#ifdef __MEMOCC__

#ifdef __cplusplus
extern "C" {
#endif

/* Remove all entries of the functions of that name (the C name, or that of the
 * clause `name`), of all arguments and all versions of their code, from every
 * tier that may be written; NULL: all entries of this store. Returns how many
 * there were, each key counted once. */
size_t memo_clear(const char *name);

/* This thread's last memoized call that has returned; "computed", 0, 0 before
 * the first one. */
struct memo_info memo_last(void);

/* The cache without a pragma. `key`, key_len bytes, stands for everything that
 * the result depends on, the program's code excepted: another program, or this
 * one after an edit, has other entries. If there is a result for it, it is
 * copied to `out`; otherwise compute(out, out_len, ctx) is called. *out_len is
 * the capacity of `out` in bytes before, and the length of the result after
 * the call; `compute` finds the capacity in it and sets it in the same way.
 * Returns 0, or what `compute` returned; only results with 0 are kept. A stored
 * result longer than the capacity is computed again. Equal keys are computed
 * by one thread at a time. The caller owns all that it passes. */
int memo_get_or_compute(const void *key, size_t key_len,
                        int (*compute)(void *out, size_t *out_len, void *ctx), void *ctx, void *out,
                        size_t *out_len);

/* Give back what a function with `returns(view ...)` returned, or NULL. Under
 * other compilers this is free(). Views that are kept live until the end. */
void memo_release(const void *view);

/* Wait until everything that was stored so far is on disk. 0, or a negative
 * number if something couldn't be written, now or earlier. */
int memo_flush(void);

/* memo_cached, memo_forget, memo_refresh and memo_uncached set the way in which
 * the next memoized call of this thread is made; only their macros use these. */
extern void memo_abi_ask(int);
extern int memo_abi_answer(void);

#ifdef __cplusplus
}
#endif

/* The argument of these four is a direct call of an annotated function, whose
 * arguments have no side effects and don't call annotated functions themselves. */

/* bool: is there an entry for this call? The function isn't carried out. */
#define memo_cached(call) (memo_abi_ask(1), (void)(call), memo_abi_answer() != 0)

/* bool: was there an entry? Now there is none, in no tier that can be written. */
#define memo_forget(call) (memo_abi_ask(2), (void)(call), memo_abi_answer() != 0)

/* The value of the call, computed now and stored; void for a void function. */
#define memo_refresh(call) (memo_abi_ask(3), (call))

/* The value of the call, computed now and not stored. Memoized functions that
 * it calls are memoized as ever. */
#define memo_uncached(call) (memo_abi_ask(4), (call))

#else /* any other compiler: nothing is cached */

#include <stdlib.h>

#define memo_cached(call) ((bool)(0 && ((void)(call), 0)))
#define memo_forget(call) ((bool)(0 && ((void)(call), 0)))
#define memo_refresh(call) (call)
#define memo_uncached(call) (call)

static inline size_t memo_clear(const char *name)
{
    (void)name;
    return 0;
}

static inline struct memo_info memo_last(void)
{
    struct memo_info info = {"computed", 0.0, 0.0};

    return info;
}

static inline int memo_get_or_compute(const void *key, size_t key_len,
                                      int (*compute)(void *out, size_t *out_len, void *ctx),
                                      void *ctx, void *out, size_t *out_len)
{
    (void)key;
    (void)key_len;
    return compute(out, out_len, ctx);
}

static inline void memo_release(const void *view)
{
    union {
        const void *view;
        void *memory;
    } both;

    both.view = view;
    free(both.memory);
}

static inline int memo_flush(void)
{
    return 0;
}

#endif
#endif
