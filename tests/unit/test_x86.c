/* test_x86.c - instructions of x86-64: where they end, and what they do with memory and
 * registers. Expected is a text:
 *
 *   len LEN [?] [mem:rw] [at:REGISTERS] [r:REGISTERS] [w:REGISTERS] [c:REGISTERS]
 *       [cmp] [copy] [->TARGET | jump | call | end]
 *
 * ?: not known; at: in addresses; r, w, c: read, replaced, changed. Registers are
 * numbers in hex digits: 0 rax, 1 rcx, 2 rdx, 3 rbx, 4 rsp, 5 rbp, 6 rsi, 7 rdi. */
#include "base/strbuf.h"
#include "check.h"
#include "x86.h"

static void add_registers(struct strbuf *out, const char *name, unsigned mask)
{
    if (mask)
        strbuf_addf(out, " %s:", name);
    for (unsigned i = 0; i < 16; i++)
        if (mask >> i & 1)
            strbuf_addf(out, "%x", i);
}

static void tell(struct strbuf *out, const struct x86_insn *o)
{
    strbuf_addf(out, "len %zu", o->len);
    if (!o->is_known)
        strbuf_adds(out, " ?");
    if (o->has_memory)
        strbuf_addf(out, " mem:%s%s", o->memory & X86_READ ? "r" : "",
                    o->memory & X86_WRITE ? "w" : "");
    add_registers(out, "at", o->base_mask);
    add_registers(out, "r", o->reads);
    add_registers(out, "w", o->writes);
    add_registers(out, "c", o->changes);
    strbuf_adds(out, o->is_compare ? " cmp" : "");
    strbuf_adds(out, o->is_copy ? " copy" : "");
    if (o->is_direct)
        strbuf_addf(out, " ->%lld", (long long)o->target);
    else if (o->flow != X86_NEXT)
        strbuf_adds(out, o->flow == X86_CALL ? " call" : o->flow == X86_END ? " end" : " jump");
}

static void check(const char *hex, const char *expected)
{
    unsigned char code[32];
    size_t n = 0;
    struct x86_insn insn;
    struct strbuf got = STRBUF_INIT;
    for (unsigned byte; sscanf(hex + 3 * n, "%2x", &byte) == 1;) {
        code[n++] = (unsigned char)byte;
        if (hex[3 * n - 1] == '\0')
            break;
    }
    if (!x86_decode(code, n, 0, &insn))
        strbuf_adds(&got, "none");
    else
        tell(&got, &insn);
    if (strcmp(got.buf, expected)) {
        fprintf(stderr, "%s:\n  is:  %s\n  not: %s\n", hex, got.buf, expected);
        check_failures++;
    }
    /* Cut anywhere, it is none; the bytes behind aren't read. */
    for (size_t cut = 0; strcmp(expected, "none") && cut < insn.len; cut++)
        CHECK(!x86_decode(code, cut, 0, &insn));
    strbuf_release(&got);
}

int main(void)
{
    check("8b 05 01 02 03 04", "len 6 mem:r w:0");          /* mov x(%rip),%eax */
    check("48 89 0d 01 02 03 04", "len 7 mem:w r:1");       /* mov %rcx,x(%rip) */
    check("83 05 01 02 03 04 01", "len 7 mem:rw");          /* addl $1,x(%rip) */
    check("83 3d 01 02 03 04 01", "len 7 mem:r cmp");       /* cmpl $1,x(%rip) */
    check("c7 05 01 02 03 04 05 00 00 00", "len 10 mem:w"); /* movl $5,x(%rip) */
    check("66 c7 05 01 02 03 04 05 00", "len 9 mem:w");     /* movw $5,x(%rip) */
    check("48 8d 05 01 02 03 04", "len 7 mem: w:0");        /* lea x(%rip),%rax */
    check("48 8d 44 8b 04", "len 5 mem: at:13 r:13 w:0");   /* lea 4(%rbx,%rcx,4),%rax */
    check("41 8b 04 24", "len 4 mem:r at:c w:0");           /* mov (%r12),%eax */
    check("f2 0f 59 00", "len 4 mem:r at:0");               /* mulsd (%rax),%xmm0 */
    check("f2 0f 11 00", "len 4 mem:w at:0");               /* movsd %xmm0,(%rax) */
    check("66 48 0f 6e c0", "len 5 r:0 copy");              /* movq %rax,%xmm0 */
    check("66 48 0f 7e c0", "len 5 w:0");                   /* movq %xmm0,%rax */
    check("c5 fc 11 07", "len 4 mem:w at:7");               /* vmovups %ymm0,(%rdi) */
    check("c4 c1 7b 10 04 24", "len 6 mem:r at:c");         /* vmovsd (%r12),%xmm0 */
    check("62 f1 fe 48 7f 07", "len 6 mem:w at:7");         /* vmovdqu64 %zmm0,(%rdi) */
    check("62 f2 7d 48 7c c0", "len 6 ?");                  /* vpbroadcastd %eax,%zmm0 */
    check("d9 1c 24", "len 3 mem:w at:4");                  /* fstps (%rsp) */
    check("db 2c 24", "len 3 mem:r at:4");                  /* fldt (%rsp) */
    check("31 c0", "len 2 w:0");                            /* xor %eax,%eax */
    check("29 c8", "len 2 r:01 c:0");                       /* sub %ecx,%eax */
    check("30 e4", "len 2 r:0 c:0");                        /* xor %ah,%ah: a part of rax */
    check("50", "len 1 r:0 copy");                          /* push %rax */
    check("41 5f", "len 2 w:f");                            /* pop %r15 */
    check("48 b8 01 02 03 04 05 06 07 08", "len 10 w:0");   /* movabs $...,%rax */
    check("66 b8 01 02", "len 4 c:0");                      /* mov $...,%ax */
    check("0f b6 06", "len 3 mem:r at:6 w:0");              /* movzbl (%rsi),%eax */
    check("48 0f 44 c1", "len 4 r:01 c:0");                 /* cmove %rcx,%rax */
    check("f0 0f c1 07", "len 4 mem:rw at:7 r:0 c:0");      /* lock xadd %eax,(%rdi) */
    check("0f ab 07", "len 3 ? mem:rw at:7 r:0");           /* bts %eax,(%rdi) */
    check("0f 18 08", "len 3 mem: at:0");                   /* prefetcht0 (%rax) */
    check("66 2e 0f 1f 84 00 00 00 00 00", "len 10 mem: at:0");
    check("f3 0f 1e fa", "len 4"); /* endbr64 */
    check("e8 10 00 00 00", "len 5 ->21");
    check("e9 fb ff ff ff", "len 5 ->0");
    check("75 fe", "len 2 ->0");
    check("0f 84 00 01 00 00", "len 6 ->262");
    check("ff 24 c2", "len 3 mem:r at:02 jump"); /* jmp *(%rdx,%rax,8) */
    check("ff d0", "len 2 r:0 call");            /* call *%rax */
    check("f3 c3", "len 2 end");
    check("0f 0b", "len 2 end");
    check("0f 05", "len 2 ?");                           /* syscall */
    check("f3 48 a5", "len 3 r:1 c:167");                /* rep movsq */
    check("64 8b 04 25 28 00 00 00", "len 8 mem:r w:0"); /* mov %fs:40,%eax */
    check("06", "none");
    check("0f 04", "none");
    check("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "none");
    return check_result();
}
