#ifndef MACHINE_H
#define MACHINE_H
#include <stddef.h>
#include <stdint.h>

/*@ */
enum opcode {
    OP_NOP,      /*@ run */
    OP_ADD,      /*@ run */
    OP_SUB,      /*@ run */
    OP_SHIFT,    /*@ run */
    N_OPS        /*@ run */
};

/*@ */
enum {
    TAG_SHORT = 1,  /*@ decode */
    TAG_LONG = 2,   /*@ decode depth */
    TAG_OTHER = 40, /*@ */
};

/*@ decode */
struct instruction {
    unsigned op : 4;
    unsigned reg : 3;
    unsigned wide : 1;
    int16_t immediate;
};

/*@ mixed */
union word {
    uint32_t whole;
    unsigned char bytes[4];
};

/*@ run */
#define MASK 0xffffL
#define WRAP(x) ((x) & MASK)
/*@ hash depth */
#define PRIME 31u
/*@ hash */
#define STEP(h, c) ((h) * PRIME + (unsigned char)(c))
/*@ depth */
#if PRIME > 7
#define BOUND 40
#else
#define BOUND 10 /*@ */
#endif
/*@ */
#define UNUSED_LIMIT 99

/*@ */
long run(const unsigned char *code, size_t n, long start);
int decode(unsigned bits);
unsigned hash(const char *text);
int depth(int n);
unsigned mixed(unsigned x);
long folded(long n, int how);

unsigned word_weight(const char *text);
int fold_once(int n);
int half_way(int n);
long rotate(long x, int by);

#endif
