#ifndef STATIC_INLINE_HEADER_H
#define STATIC_INLINE_HEADER_H

#pragma memo
static inline int twice(int n)
{
    return 2 * n;
}

#endif
