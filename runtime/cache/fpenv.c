/* fpenv.c - read control registers; see fpenv.h. Not by fegetround(), which is in
 * libm and doesn't know of flush-to-zero. */
#include "cache/fpenv.h"

#if defined __x86_64__ || (defined __i386__ && defined __SSE__)

#define MXCSR_MODES 0xe040u /* rounding, flush-to-zero, denormals-are-zero */
#define X87_MODES 0x0f00u   /* rounding, precision */
#define X87_DEFAULT 0x0300u /* to nearest, 64 bits */

uint32_t memo__fp_environment(void)
{
    uint16_t x87;

    __asm__ volatile("fnstcw %0" : "=m"(x87));
    return (__builtin_ia32_stmxcsr() & MXCSR_MODES) | ((x87 & X87_MODES) ^ X87_DEFAULT) << 16;
}

#elif defined __aarch64__

uint32_t memo__fp_environment(void)
{
    uint64_t fpcr;

    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return (uint32_t)(fpcr & 0x07c80000u); /* AHP, DN, FZ, RMode, FZ16 */
}

#else

extern int fegetround(void) __attribute__((weak));

uint32_t memo__fp_environment(void)
{
    return fegetround ? (uint32_t)fegetround() : 0;
}

#endif
