/* fpu.h - the floating-point state that calls have, and flags they raise.
 *
 * By instructions where the machine is known, since <fenv.h> is in libm and doesn't
 * know of flush-to-zero. */
#ifndef MEMO_TASK_FPU_H
#define MEMO_TASK_FPU_H

#include <stdint.h>

/* Rounding, traps, flush-to-zero, and flags. */
struct memo__fpu {
    uint64_t words[8];
};

/* Reads this thread's state. */
void memo__fpu_read(struct memo__fpu *state);

/* This thread goes on with that state, without its flags. */
void memo__fpu_adopt(const struct memo__fpu *state);

/* It goes back to that state, flags included. Returns those raised in between. */
unsigned memo__fpu_restore(const struct memo__fpu *state);

/* Sets flags, without a trap. */
void memo__fpu_raise(unsigned flags);

#endif
