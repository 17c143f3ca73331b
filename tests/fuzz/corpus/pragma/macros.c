#define PRAGMA(x) _Pragma(#x)
#define MEMO(...) PRAGMA(memo __VA_ARGS__)
#define CAT(a, b) a ## b
#define OPT(x, ...) f(x __VA_OPT__(,) __VA_ARGS__)
#define LOG(f, a...) f(0, ## a)
#define loop (loop + 1)
#define foo(x) foo(x + 1)
MEMO(in(p[:CAT(1, 2)])) OPT(1) OPT(1, 2) LOG(x) LOG(x, 1) loop foo(foo(2)) CAT(+, -)
#pragma memo key(loop, foo(2), OPT(1, 2), CAT(a, b), CAT(, ))
