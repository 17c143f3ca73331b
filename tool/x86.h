/* x86.h - x86-64 machine code, as far as it takes to say where instructions end, and
 * what each does with memory and with general registers.
 *
 * What isn't known comes out on the safe side: is_known is false, and an operand
 * in memory then counts as read and written. Code for 16 and 32 bits isn't understood. */
#ifndef MEMOCC_X86_H
#define MEMOCC_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define X86_READ 1u
#define X86_WRITE 2u

/* Registers are bits, in the order of their numbers: rax rcx rdx rbx rsp rbp rsi rdi r8... */
#define X86_BIT(number) (1u << (number))
#define X86_ARGUMENTS 0x7c6u    /* rdi rsi rdx rcx r8 r9, r10 of nested functions */
#define X86_CALLER_SAVED 0xfc7u /* what a call may change */

enum x86_flow {
    X86_NEXT,
    X86_JUMP,   /* to `target`, or, if it isn't direct, to anywhere */
    X86_BRANCH, /* to `target`, or on */
    X86_CALL,
    X86_END, /* return or trap */
};

struct x86_insn {
    size_t at, len;
    unsigned char map, op, modrm; /* map: 0 one byte, 1 behind 0f, 2 0f38, 3 0f3a */
    bool is_known;                /* masks and roles below are right */
    bool is_vector;               /* VEX or EVEX */
    enum x86_flow flow;
    bool is_direct; /* the target is in the code */
    int64_t target; /* offset in the code, if is_direct */

    bool has_memory, is_rip; /* a memory operand; relative to the next instruction */
    bool is_fs;              /* ... of the thread */
    unsigned base_mask;      /* registers in its address */
    bool has_index;
    unsigned memory;        /* X86_READ | X86_WRITE of that operand; 0: only its address counts */
    size_t disp_at, imm_at; /* offsets in the code; 0: none */
    unsigned disp_len, imm_len;
    int64_t disp;

    unsigned reads, writes;       /* general registers: values used; replaced as a whole */
    unsigned changes;             /* ... changed depending on what they held, or in part */
    unsigned read_at, written_at; /* registers that hold addresses of what it reads, writes,
                                     besides the operand */
    bool is_compare;              /* the values read only set flags */
    bool is_copy;                 /* pushes a value read, or takes it to a vector or elsewhere */
};

/* The instruction at code[at]; false: none, or one that isn't known to exist. */
bool x86_decode(const unsigned char *code, size_t n, size_t at, struct x86_insn *out);

#endif
