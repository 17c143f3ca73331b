/* openmp.c - see openmp.h. */
#include "task/openmp.h"

#include <stddef.h>

#ifdef MEMO_OPENMP_WEAK
#define FOREIGN __attribute__((weak))
#else
#define FOREIGN
#endif

FOREIGN extern void GOMP_parallel(void (*fn)(void *), void *data, unsigned n, unsigned flags);
FOREIGN extern void GOMP_task(void (*fn)(void *), void *data, void (*copy)(void *, void *),
                              long size, long align, bool is_deferred, unsigned flags,
                              void **depend, int priority, void *detach);
FOREIGN extern void GOMP_taskwait(void);
FOREIGN extern int omp_get_max_threads(void);
FOREIGN extern int omp_get_thread_limit(void);
FOREIGN extern int omp_get_num_threads(void);
FOREIGN extern int omp_get_thread_num(void);
FOREIGN extern int omp_in_parallel(void);

/* libomp's; libgomp takes the default of the C library. */
extern void kmp_set_stacksize_s(size_t size) __attribute__((weak));
extern size_t kmp_get_stacksize_s(void) __attribute__((weak));

bool memo__openmp_is_there(void)
{
#ifdef MEMO_OPENMP_WEAK
    return GOMP_parallel != NULL;
#else
    return true;
#endif
}

void memo__openmp_parallel(void (*fn)(void *), void *data, unsigned n)
{
    GOMP_parallel(fn, data, n, 0);
}

/* GOMP_task copies what its argument points to. */
struct call {
    void (*fn)(void *);
    void *data;
};

static void carry_out(void *arg)
{
    struct call *call = arg;
    call->fn(call->data);
}

void memo__openmp_task(void (*fn)(void *), void *data)
{
    struct call call = {fn, data};
    GOMP_task(carry_out, &call, NULL, sizeof call, _Alignof(struct call), true, 0, NULL, 0, NULL);
}

void memo__openmp_taskwait(void)
{
    GOMP_taskwait();
}

int memo__openmp_max_threads(void)
{
    return omp_get_max_threads();
}

int memo__openmp_thread_limit(void)
{
    return omp_get_thread_limit();
}

int memo__openmp_num_threads(void)
{
    return omp_get_num_threads();
}

int memo__openmp_thread_num(void)
{
    return omp_get_thread_num();
}

bool memo__openmp_in_parallel(void)
{
    return omp_in_parallel() != 0;
}

void memo__openmp_set_stack(size_t size)
{
    if (kmp_set_stacksize_s && kmp_get_stacksize_s && kmp_get_stacksize_s() < size)
        kmp_set_stacksize_s(size);
}

size_t memo__openmp_stack(void)
{
    return kmp_get_stacksize_s ? kmp_get_stacksize_s() : 0;
}

bool memo__openmp_survives_fork(void)
{
    return kmp_get_stacksize_s != NULL;
}
