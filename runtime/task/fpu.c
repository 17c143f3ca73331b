/* fpu.c - control and status registers; see fpu.h. */
#include "task/fpu.h"

#include <fenv.h>
#include <string.h>

#if defined __x86_64__

#define FLAGS 0x3fu

struct x86_state {
    uint32_t mxcsr;
    struct x87 {
        uint16_t control, reserved[13];
    } x87;
};

_Static_assert(sizeof(struct x86_state) <= sizeof(struct memo__fpu), "it has room");

void memo__fpu_read(struct memo__fpu *state)
{
    struct x86_state s;

    s.mxcsr = __builtin_ia32_stmxcsr();
    __asm__ volatile("fnstenv %0\n\tfldcw %0" : "=m"(s.x87)); /* fnstenv masks all traps */
    memcpy(state, &s, sizeof s);
}

void memo__fpu_adopt(const struct memo__fpu *state)
{
    struct x86_state s;

    memcpy(&s, state, sizeof s);
    __builtin_ia32_ldmxcsr(s.mxcsr & ~FLAGS);
    __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(s.x87.control));
}

unsigned memo__fpu_restore(const struct memo__fpu *state)
{
    unsigned raised = __builtin_ia32_stmxcsr() & FLAGS;
    struct x86_state s;
    uint16_t status;

    memcpy(&s, state, sizeof s);
    __asm__ volatile("fnstsw %0" : "=m"(status));
    __asm__ volatile("fnclex\n\tfldenv %0" : : "m"(s.x87));
    __builtin_ia32_ldmxcsr(s.mxcsr);
    return raised | (status & FLAGS);
}

void memo__fpu_raise(unsigned flags)
{
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | (flags & FLAGS));
}

#elif defined __aarch64__

#define FLAGS ((uint64_t)0x9f)

void memo__fpu_read(struct memo__fpu *state)
{
    __asm__ volatile("mrs %0, fpcr" : "=r"(state->words[0]));
    __asm__ volatile("mrs %0, fpsr" : "=r"(state->words[1]));
}

void memo__fpu_adopt(const struct memo__fpu *state)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(state->words[0]));
    __asm__ volatile("msr fpsr, %0" : : "r"(state->words[1] & ~FLAGS));
}

unsigned memo__fpu_restore(const struct memo__fpu *state)
{
    uint64_t status;

    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    __asm__ volatile("msr fpcr, %0" : : "r"(state->words[0]));
    __asm__ volatile("msr fpsr, %0" : : "r"(state->words[1]));
    return (unsigned)(status & FLAGS);
}

void memo__fpu_raise(unsigned flags)
{
    uint64_t status;

    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    __asm__ volatile("msr fpsr, %0" : : "r"(status | flags));
}

#else

/* From libm, where the program has it; without, nothing can have been changed. */
extern int fegetround(void) __attribute__((weak));
extern int fesetround(int) __attribute__((weak));
extern int fetestexcept(int) __attribute__((weak));
extern int feclearexcept(int) __attribute__((weak));
extern int feraiseexcept(int) __attribute__((weak));

void memo__fpu_read(struct memo__fpu *state)
{
    state->words[0] = fegetround ? (uint64_t)fegetround() : 0;
    state->words[1] = fetestexcept ? (uint64_t)fetestexcept(FE_ALL_EXCEPT) : 0;
}

void memo__fpu_adopt(const struct memo__fpu *state)
{
    if (fesetround)
        fesetround((int)state->words[0]);
    if (feclearexcept)
        feclearexcept(FE_ALL_EXCEPT);
}

unsigned memo__fpu_restore(const struct memo__fpu *state)
{
    int raised = fetestexcept ? fetestexcept(FE_ALL_EXCEPT) : 0;

    memo__fpu_adopt(state);
    if (feraiseexcept)
        feraiseexcept((int)state->words[1]);
    return (unsigned)raised;
}

void memo__fpu_raise(unsigned flags)
{
    if (feraiseexcept)
        feraiseexcept((int)flags);
}

#endif
