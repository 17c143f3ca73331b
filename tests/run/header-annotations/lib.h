#ifndef LIB_H
#define LIB_H

#pragma memo
static inline int from_header(int n)
{
    return n * 7;
}

static inline const char *name_of_header(void)
{
    return __FILE__;
}

#pragma memo in(v[:n])
int elsewhere(const int *v, int n);

#endif
