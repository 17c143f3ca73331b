/* abi.c - the runtime's entry points, those of memo_abi.h for generated code and
 * those of memo.h for people. All of them only pass on; this is the one file
 * that knows every part of the runtime. Frames are taken here, since what is
 * compared must be the frame of the function that the program called. */
#define __MEMOCC__ 1
#include "include/memo.h"
#include "include/memo_abi.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cache/call.h"
#include "cache/fpenv.h"
#include "cache/runtime.h"
#include "cache/user.h"
#include "store/store.h"

#define EXPORTED __attribute__((visibility("default"), noinline))
#define FRAME ((uintptr_t)__builtin_frame_address(0))

EXPORTED int memo_abi_begin(struct memo_site *site, struct memo_span *spans,
                            struct memo_call **call)
{
    return memo__begin(site, spans, call, FRAME);
}

/* A program may hold this library twice: inside the executable, and as a shared
 * one behind an annotated library. All calls then reach the first; the second
 * sees here that it is another's shadow, and keeps quiet. */
extern __typeof__(memo_abi_begin) memo__own_begin
    __attribute__((alias("memo_abi_begin"), visibility("hidden")));

bool memo__runtime_is_shadowed(void)
{
    __typeof__(memo_abi_begin) *volatile first = &memo_abi_begin;

    return first != &memo__own_begin;
}

EXPORTED void memo_abi_age(const struct memo_call *call, double *age, double *cost)
{
    uint64_t now = memo__realtime_ns();

    *age = now > call->candidate_ns ? (double)(now - call->candidate_ns) / 1e9 : 0;
    *cost = (double)call->candidate_cost_ns / 1e9;
}

EXPORTED int memo_abi_accept(struct memo_call **call, struct memo_span *spans, int valid)
{
    return memo__accept(call, spans, valid != 0);
}

EXPORTED void memo_abi_end(struct memo_call *call, struct memo_span *spans)
{
    memo__end(call, spans);
}

EXPORTED void memo_abi_drop(struct memo_call *call)
{
    memo__drop(call);
}

EXPORTED int memo_abi_hit(struct memo_site *site, struct memo_span *spans, int *err)
{
    return memo__hit(site, spans, err, FRAME);
}

EXPORTED void memo_abi_refused(struct memo_site *site)
{
    memo__refused(site);
}

EXPORTED void memo_abi_ask(int kind)
{
    memo__ask(kind);
}

EXPORTED int memo_abi_answer(void)
{
    return memo__answer();
}

EXPORTED int memo_abi_fp_default_slow(void)
{
    return memo__fp_environment() == 0;
}

EXPORTED size_t memo_clear(const char *name)
{
    return memo__clear(name);
}

EXPORTED struct memo_info memo_last(void)
{
    static const char *const tiers[] = {"computed", "memory", "disk"};
    struct memo_info info;

    info.tier = tiers[memo__last(&info.age, &info.cost)];
    return info;
}

EXPORTED int memo_get_or_compute(const void *key, size_t key_len,
                                 int (*compute)(void *out, size_t *out_len, void *ctx), void *ctx,
                                 void *out, size_t *out_len)
{
    return memo__get_or_compute(key, key_len, compute, ctx, out, out_len, FRAME);
}

EXPORTED void memo_release(const void *view)
{
    if (view && !memo__view_release(view))
        free((void *)(uintptr_t)view);
}

EXPORTED int memo_flush(void)
{
    return memo__flush();
}
