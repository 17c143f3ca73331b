/* fpenv.h - the floating-point modes of this thread that change results. */
#ifndef MEMO_CACHE_FPENV_H
#define MEMO_CACHE_FPENV_H

#include <stdint.h>

/* Rounding mode, precision and flush-to-zero; 0 for those of a new process. */
uint32_t memo__fp_environment(void);

#endif
