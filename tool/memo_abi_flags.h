/* memo_abi_flags.h - the tool's view of runtime/include/memo_abi.h: its numbers. */
#ifndef MEMOCC_MEMO_ABI_FLAGS_H
#define MEMOCC_MEMO_ABI_FLAGS_H

#include "memo_abi.h"

#endif
