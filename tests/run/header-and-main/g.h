#ifndef G_H
#define G_H
#pragma memo
static inline int g(int x) { return x + 1; }
#endif
