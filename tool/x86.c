/* x86.c - see x86.h. Prefixes, opcode, ModRM, SIB, displacement and immediate are
 * taken apart first; what the operands are for comes from the opcode afterwards. */
#include "x86.h"

#include <string.h>

struct decoder {
    const unsigned char *code;
    size_t n, at; /* at: what is read next */
    struct x86_insn *out;
    bool is_cut, has_66, has_67, has_f2, has_f3, has_rex;
    unsigned rex; /* W 8, R 4, X 2, B 1 */
    unsigned vvvv;
    bool has_modrm, is_memory;
    unsigned reg, rm; /* numbers of the operands */
};

static unsigned char next(struct decoder *d)
{
    if (d->at >= d->n) {
        d->is_cut = true;
        return 0;
    }
    return d->code[d->at++];
}

static int64_t next_number(struct decoder *d, unsigned len)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < len; i++)
        v |= (uint64_t)next(d) << (8 * i);
    if (len > 0 && len < 8 && v >> (8 * len - 1))
        v |= ~(uint64_t)0 << (8 * len);
    return (int64_t)v;
}

/* ---- the form ---- */

static bool read_vex(struct decoder *d, unsigned char first)
{
    struct x86_insn *o = d->out;
    unsigned char p1 = next(d), pp;
    o->is_vector = true;
    d->rex = (unsigned)(~p1 >> 5 & 4); /* R */
    if (first == 0xc5) {
        o->map = 1;
        d->vvvv = ~p1 >> 3 & 15;
        pp = p1 & 3;
    } else {
        unsigned char p2 = next(d);
        d->rex |= (~p1 >> 5 & 3) | (p2 >> 4 & 8);
        d->vvvv = ~p2 >> 3 & 15;
        pp = p2 & 3;
        o->map = p1 & (first == 0x62 ? 7 : 31);
        if (first == 0x62)
            next(d);
    }
    d->has_66 = pp == 1, d->has_f3 = pp == 2, d->has_f2 = pp == 3;
    o->op = next(d);
    return first == 0x62 ? o->map >= 1 && o->map != 4 && o->map != 7 : o->map >= 1 && o->map <= 3;
}

static bool read_opcode(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b;
    for (;;) {
        b = next(d);
        if (b == 0x66)
            d->has_66 = true;
        else if (b == 0x67)
            d->has_67 = true;
        else if (b == 0xf2)
            d->has_f2 = true, d->has_f3 = false;
        else if (b == 0xf3)
            d->has_f3 = true, d->has_f2 = false;
        else if (b == 0x64 || b == 0x65)
            o->is_fs = true;
        else if (b != 0xf0 && b != 0x2e && b != 0x36 && b != 0x3e && b != 0x26)
            break;
    }
    if (b >> 4 == 4) {
        d->has_rex = true;
        d->rex = b & 15;
        b = next(d);
    } else if (b == 0xc4 || b == 0xc5 || b == 0x62) {
        return read_vex(d, b);
    }
    o->op = b;
    if (b == 0x0f) {
        o->map = 1;
        o->op = next(d);
        if (o->op == 0x38 || o->op == 0x3a) {
            o->map = o->op == 0x38 ? 2 : 3;
            o->op = next(d);
        }
    }
    return true;
}

static bool one_byte_has_modrm(unsigned char b)
{
    if (b < 0x40)
        return (b & 7) < 4;
    return b == 0x63 || b == 0x69 || b == 0x6b || (b >= 0x80 && b <= 0x8f) || b == 0xc0 ||
           b == 0xc1 || b == 0xc6 || b == 0xc7 || (b >= 0xd0 && b <= 0xd3) ||
           (b >= 0xd8 && b <= 0xdf) || b == 0xf6 || b == 0xf7 || b == 0xfe || b == 0xff;
}

static bool two_byte_has_modrm(unsigned char b)
{
    return !((b >= 0x05 && b <= 0x0b) || b == 0x0e || (b >= 0x30 && b <= 0x37) || b == 0x77 ||
             (b >= 0x80 && b <= 0x8f) || (b >= 0xa0 && b <= 0xa2) || (b >= 0xa8 && b <= 0xaa) ||
             (b >= 0xc8 && b <= 0xcf));
}

static bool is_invalid(const struct decoder *d)
{
    unsigned char b = d->out->op;
    if (d->out->map == 0)
        return (b < 0x40 && (b & 7) >= 6) || b == 0x60 || b == 0x61 || b == 0x82 || b == 0x9a ||
               b == 0xce || (b >= 0xd4 && b <= 0xd6) || b == 0xea;
    return d->out->map == 1 && !d->out->is_vector && (b == 0x04 || b == 0x0a || b == 0x0c);
}

static void read_modrm(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char m = o->modrm = next(d);
    unsigned mod = m >> 6, rm = m & 7;
    d->has_modrm = true;
    d->reg = (m >> 3 & 7) | (d->rex & 4) << 1;
    d->rm = rm | (d->rex & 1) << 3;
    if (mod == 3)
        return;
    d->is_memory = o->has_memory = true;
    if (rm == 4) {
        unsigned char sib = next(d);
        unsigned index = (sib >> 3 & 7) | (d->rex & 2) << 2, base = sib & 7;
        if (index != 4) {
            o->base_mask |= X86_BIT(index);
            o->has_index = true;
        }
        if (base == 5 && mod == 0)
            o->disp_len = 4;
        else
            o->base_mask |= X86_BIT(base | (d->rex & 1) << 3);
    } else if (rm == 5 && mod == 0) {
        o->is_rip = true;
        o->disp_len = 4;
    } else {
        o->base_mask |= X86_BIT(d->rm);
    }
    if (mod)
        o->disp_len = mod == 1 ? 1 : 4;
    if (o->disp_len) {
        o->disp_at = d->at;
        o->disp = next_number(d, o->disp_len);
    }
}

static unsigned immediate_len(const struct decoder *d)
{
    const struct x86_insn *o = d->out;
    unsigned char b = o->op;
    unsigned z = d->has_66 && !(d->rex & 8) ? 2 : 4;
    if (o->map == 1) {
        if (!o->is_vector && (b >> 4 == 8))
            return 4;
        return (b >= 0x70 && b <= 0x73) || b == 0xa4 || b == 0xac || b == 0xba || b == 0xc2 ||
               b == 0xc4 || b == 0xc5 || b == 0xc6 || b == 0x0f;
    }
    if (o->map != 0)
        return o->map == 3;
    if (b < 0x40)
        return (b & 7) == 4 ? 1 : (b & 7) == 5 ? z : 0;
    if (b >> 4 == 7 || b == 0x6a || b == 0x6b || b == 0x80 || b == 0x83 || b == 0xa8 ||
        b >> 3 == 0x16 || b == 0xc0 || b == 0xc1 || b == 0xc6 || b == 0xcd ||
        (b >= 0xe0 && b <= 0xe7) || b == 0xeb || (b == 0xf6 && (o->modrm & 0x30) == 0))
        return 1;
    if (b >> 3 == 0x17)
        return d->rex & 8 ? 8 : z;
    if (b == 0xe8 || b == 0xe9)
        return 4;
    if (b == 0x68 || b == 0x69 || b == 0x81 || b == 0xa9 || b == 0xc7 ||
        (b == 0xf7 && (o->modrm & 0x30) == 0))
        return z;
    if (b >= 0xa0 && b <= 0xa3)
        return d->has_67 ? 4 : 8;
    return b == 0xc2 || b == 0xca ? 2 : b == 0xc8 ? 3 : 0;
}

static void find_flow(struct decoder *d, int64_t immediate)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op, group = o->modrm >> 3 & 7;
    if (o->is_vector)
        return;
    if (o->map == 0) {
        if (b >> 4 == 7 || (b >= 0xe0 && b <= 0xe3))
            o->flow = X86_BRANCH;
        else if (b == 0xe8 || (b == 0xff && (group == 2 || group == 3)))
            o->flow = X86_CALL;
        else if (b == 0xe9 || b == 0xeb || (b == 0xff && (group == 4 || group == 5)))
            o->flow = X86_JUMP;
        else if (b == 0xc2 || b == 0xc3 || b == 0xca || b == 0xcb || b == 0xcc || b == 0xcf ||
                 b == 0xf4)
            o->flow = X86_END;
        o->is_direct = o->flow != X86_NEXT && o->flow != X86_END && b != 0xff;
    } else if (o->map == 1) {
        if (b >> 4 == 8)
            o->flow = X86_BRANCH, o->is_direct = true;
        else if (b == 0x0b || b == 0xb9 || b == 0xff)
            o->flow = X86_END;
    }
    if (o->is_direct)
        o->target = (int64_t)d->at + immediate;
}

/* ---- what the operands are for ---- */

/* The general register that a number means; byte registers ah...bh are parts of
 * rax...rbx. */
static unsigned bit_of(const struct decoder *d, unsigned number, bool is_byte)
{
    return X86_BIT(is_byte && !d->has_rex && number >= 4 && number < 8 ? number - 4 : number);
}

/* A write of less than 32 bits leaves a part of the register. */
static void use_register(struct decoder *d, unsigned number, unsigned role, bool is_byte)
{
    struct x86_insn *o = d->out;
    unsigned bit = bit_of(d, number, is_byte);
    if (role & X86_READ)
        o->reads |= bit;
    if (role == X86_WRITE && !is_byte && (!d->has_66 || d->rex & 8))
        o->writes |= bit;
    else if (role & X86_WRITE)
        o->changes |= bit;
}

static void use_reg(struct decoder *d, unsigned role, bool is_byte)
{
    use_register(d, d->reg, role, is_byte);
}

static void use_rm(struct decoder *d, unsigned role, bool is_byte)
{
    if (d->is_memory)
        d->out->memory |= role;
    else
        use_register(d, d->rm, role, is_byte);
}

/* An operand that is a vector unless it lies in memory. */
static void use_vector_rm(struct decoder *d, unsigned role)
{
    if (d->is_memory)
        d->out->memory |= role;
}

static unsigned x87_role(unsigned char op, unsigned group)
{
    static const unsigned char writes[8] = {/* bits: groups that store, by op - 0xd8 */
                                            0, 0xcc, 0, 0x8e, 0, 0xce, 0, 0xce};
    return writes[op - 0xd8] >> group & 1 ? X86_WRITE : X86_READ;
}

static bool use_one_byte_group(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op, group = o->modrm >> 3 & 7;
    bool is_byte = !(b & 1);
    const unsigned rw = X86_READ | X86_WRITE;
    switch (b) {
    case 0x80:
    case 0x81:
    case 0x83:
        o->is_compare = group == 7;
        use_rm(d, group == 7 ? X86_READ : rw, b == 0x80);
        return true;
    case 0x8f:
        use_rm(d, X86_WRITE, false);
        return group == 0;
    case 0xc6:
    case 0xc7:
        use_rm(d, X86_WRITE, is_byte);
        return group == 0;
    case 0xd2:
    case 0xd3:
        o->reads |= X86_BIT(1);
        use_rm(d, rw, is_byte);
        return true;
    case 0xf6:
    case 0xf7:
        o->is_compare = group < 2;
        use_rm(d, group == 2 || group == 3 ? rw : X86_READ, is_byte);
        if (group >= 4) {
            o->reads |= X86_BIT(0) | (group >= 6 ? X86_BIT(2) : 0);
            o->changes |= X86_BIT(0) | X86_BIT(2);
        }
        return true;
    case 0xfe:
        use_rm(d, rw, true);
        return group < 2;
    case 0xff:
        o->is_copy = group == 6;
        use_rm(d, group < 2 ? rw : X86_READ, false);
        return group != 7;
    default: /* c0 c1 d0 d1: shifts */
        use_rm(d, rw, is_byte);
        return true;
    }
}

/* The instructions of the one-byte map that have a ModRM byte. */
static bool use_one_byte_modrm(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op;
    bool is_byte = !(b & 1);
    const unsigned rw = X86_READ | X86_WRITE;
    if (b < 0x40) {
        bool is_zero = (b >> 3 == 6 || b >> 3 == 5) && !d->is_memory && d->reg == d->rm;
        if (is_zero && !is_byte) { /* xor or sub of a register and itself */
            use_reg(d, X86_WRITE, false);
            return true;
        }
        o->is_compare = b >= 0x38;
        use_rm(d, b & 2 || b >= 0x38 ? X86_READ : rw, is_byte);
        use_reg(d, b & 2 && b < 0x38 ? rw : X86_READ, is_byte);
        return true;
    }
    if (b >= 0xd8 && b <= 0xdf) {
        use_vector_rm(d, x87_role(b, o->modrm >> 3 & 7));
        if (b == 0xdf && o->modrm == 0xe0) /* fnstsw %ax */
            o->changes |= X86_BIT(0);
        return true;
    }
    switch (b) {
    case 0x63:
    case 0x8a:
    case 0x8b:
    case 0x69:
    case 0x6b:
        use_rm(d, X86_READ, b == 0x8a);
        use_reg(d, X86_WRITE, b == 0x8a);
        return true;
    case 0x84:
    case 0x85:
        o->is_compare = true;
        use_rm(d, X86_READ, is_byte);
        use_reg(d, X86_READ, is_byte);
        return true;
    case 0x86:
    case 0x87:
        use_rm(d, rw, is_byte);
        use_reg(d, rw, is_byte);
        return true;
    case 0x88:
    case 0x89:
        use_rm(d, X86_WRITE, is_byte);
        use_reg(d, X86_READ, is_byte);
        return true;
    case 0x8c:
        use_rm(d, X86_WRITE, false);
        return true;
    case 0x8d:
        use_reg(d, X86_WRITE, false);
        o->reads |= o->base_mask;
        return true;
    case 0x8e:
        use_rm(d, X86_READ, false);
        return true;
    default:
        return use_one_byte_group(d);
    }
}

static bool use_one_byte(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op;
    unsigned number = (b & 7) | (d->rex & 1) << 3;
    if (d->has_modrm)
        return use_one_byte_modrm(d);
    if (b < 0x40 || b == 0xa8 || b == 0xa9) { /* %al, %eax and an immediate */
        o->is_compare = b >= 0x38;
        use_register(d, 0, X86_READ | (o->is_compare ? 0 : X86_WRITE), !(b & 1));
        return true;
    }
    if (b >> 3 == 0x0a) {
        o->is_copy = true;
        o->reads |= X86_BIT(number);
        return true;
    }
    if (b >> 3 == 0x0b) {
        o->writes |= X86_BIT(number);
        return true;
    }
    if (b >> 3 == 0x12) {
        o->reads |= X86_BIT(0) | X86_BIT(number);
        o->changes |= X86_BIT(0) | X86_BIT(number);
        return true;
    }
    if (b >> 3 == 0x16 || b >> 3 == 0x17) {
        use_register(d, number, X86_WRITE, b < 0xb8);
        return true;
    }
    if (b == 0xa4 || b == 0xa5 || b == 0xaa || b == 0xab) { /* movs, stos */
        o->read_at = b < 0xa8 ? X86_BIT(6) : 0;
        o->written_at = X86_BIT(7);
        o->reads |= X86_BIT(1) | (b < 0xa8 ? 0 : X86_BIT(0));
        o->changes |= X86_BIT(1) | X86_BIT(7) | o->read_at;
        return true;
    }
    if (b == 0x98 || b == 0x99) {
        o->reads |= X86_BIT(0);
        o->changes |= X86_BIT(b == 0x98 ? 0 : 2);
        return true;
    }
    if (b == 0xc9) {
        o->reads |= X86_BIT(5);
        o->writes |= X86_BIT(4) | X86_BIT(5);
        return true;
    }
    return o->flow != X86_NEXT || b == 0x68 || b == 0x6a || b == 0x9b || (b >= 0x9c && b <= 0x9f) ||
           b == 0xf5 || (b >= 0xf8 && b <= 0xfd);
}

/* Behind 0f: instructions that test, set or exchange bits and operands of general
 * registers. 0: it isn't one of them; 1: done; 2: not known. */
static int use_two_byte_bits(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op, group = o->modrm >> 3 & 7;
    const unsigned rw = X86_READ | X86_WRITE;
    switch (b) {
    case 0xa3: /* in memory, the bit may lie beyond the operand */
        o->is_compare = true;
        use_rm(d, X86_READ, false), use_reg(d, X86_READ, false);
        return d->is_memory ? 2 : 1;
    case 0xab:
    case 0xb3:
    case 0xbb:
        use_rm(d, rw, false), use_reg(d, X86_READ, false);
        return d->is_memory ? 2 : 1;
    case 0xba:
        o->is_compare = group == 4;
        use_rm(d, group == 4 ? X86_READ : rw, false);
        return 1;
    case 0xa5:
    case 0xad:
        o->reads |= X86_BIT(1);
        /* fallthrough */
    case 0xa4:
    case 0xac:
        use_rm(d, rw, false), use_reg(d, X86_READ, false);
        return 1;
    case 0xb0:
    case 0xb1:
        use_rm(d, rw, b == 0xb0), use_reg(d, X86_READ, b == 0xb0);
        o->reads |= X86_BIT(0), o->changes |= X86_BIT(0);
        return 1;
    case 0xc0:
    case 0xc1:
        use_rm(d, rw, b == 0xc0), use_reg(d, rw, b == 0xc0);
        return 1;
    default:
        return 0;
    }
}

/* Behind 0f: the other instructions on general registers; the same results. */
static int use_two_byte_general(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op;
    const unsigned rw = X86_READ | X86_WRITE;
    if (b >> 4 == 4) { /* cmov */
        use_rm(d, X86_READ, false), use_reg(d, rw, false);
        return 1;
    }
    if (b >> 4 == 9) {
        use_rm(d, X86_WRITE, true);
        return 1;
    }
    if (b >> 3 == 0x19) { /* bswap */
        unsigned bit = X86_BIT((b & 7) | (d->rex & 1) << 3);
        o->reads |= bit, o->changes |= bit;
        return 1;
    }
    switch (b) {
    case 0xaf:
        use_rm(d, X86_READ, false), use_reg(d, rw, false);
        return 1;
    case 0xb6:
    case 0xb7:
    case 0xbe:
    case 0xbf:
    case 0xb8:
    case 0xbc:
    case 0xbd:
        use_rm(d, X86_READ, b == 0xb6 || b == 0xbe), use_reg(d, X86_WRITE, false);
        return 1;
    case 0xc3:
        use_rm(d, X86_WRITE, false), use_reg(d, X86_READ, false);
        return 1;
    case 0xa2: /* cpuid */
        o->reads |= 3, o->writes |= 0xf;
        return 1;
    case 0x31:
        o->writes |= 5;
        return 1;
    case 0x0b:
    case 0x77:
        return 1;
    default:
        return b >> 4 == 8 ? 1 : use_two_byte_bits(d);
    }
}

/* Does the vector instruction store into its rm operand? */
static bool is_vector_store(const struct decoder *d)
{
    unsigned char b = d->out->op;
    switch (d->out->map) {
    case 1:
        return b == 0x11 || b == 0x13 || b == 0x17 || b == 0x29 || b == 0x2b || b == 0x7f ||
               (b == 0x7e && !d->has_f3) || b == 0xd6 || b == 0xe7;
    case 3:
        return (b >= 0x14 && b <= 0x17) || b == 0x19 || b == 0x1b || b == 0x1d || b == 0x39 ||
               b == 0x3b;
    default:
        return false;
    }
}

/* Vectors: they read their rm operand, or store into it; rm or reg may be a general
 * register. */
static bool use_vector(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op, map = o->map;
    if (map == 2 && o->is_vector && (b >= 0xf2 && b <= 0xf7)) { /* BMI */
        use_rm(d, X86_READ, false);
        o->reads |= X86_BIT(d->vvvv);
        o->changes |= X86_BIT(d->vvvv);
        use_reg(d, X86_READ | X86_WRITE, false);
        return true;
    }
    if (map == 3 && o->is_vector && b == 0xf0) { /* rorx */
        use_rm(d, X86_READ, false), use_reg(d, X86_WRITE, false);
        return true;
    }
    bool is_store = is_vector_store(d);
    bool is_general_rm =
        (map == 1 && (b == 0x2a || b == 0x6e || b == 0xc4 || (b == 0x7e && !d->has_f3))) ||
        (map == 3 && ((b >= 0x14 && b <= 0x17) || b == 0x20 || b == 0x22));
    if (is_general_rm) {
        use_rm(d, is_store ? X86_WRITE : X86_READ, false);
        o->is_copy = !is_store;
    } else {
        use_vector_rm(d, is_store ? X86_WRITE : X86_READ);
    }
    if (map == 1 && (b == 0x2c || b == 0x2d || b == 0x50 || b == 0xc5 || b == 0xd7))
        use_reg(d, X86_WRITE, false);
    if (map == 1) /* prefetches and nops only name an address */
        return (b >= 0x10 && b <= 0x17) || (b >= 0x28 && b <= 0x2f) || b == 0x50 ||
               (b >= 0x51 && b <= 0x7f) || b == 0xc2 || (b >= 0xc4 && b <= 0xc6) ||
               (b >= 0xd0 && b != 0xf7);
    if (map == 2) { /* masked stores and scatters, and what is newer, aren't told apart */
        bool may_narrow = (b >= 0x10 && b <= 0x16) || (b >= 0x20 && b <= 0x25) ||
                          (b >= 0x30 && b <= 0x35); /* behind f3, EVEX: stores */
        return (may_narrow && !d->has_f3) || b <= 0x0f || (b >= 0x17 && b <= 0x1e) ||
               (b >= 0x28 && b <= 0x2b) || (b >= 0x36 && b <= 0x41) || (b >= 0x45 && b <= 0x47) ||
               (b >= 0x58 && b <= 0x5a) || b == 0x78 || b == 0x79 || (b >= 0x96 && b <= 0x9f) ||
               (b >= 0xa6 && b <= 0xaf) || (b >= 0xb6 && b <= 0xbf) || (b >= 0xc8 && b <= 0xdf);
    }
    return map == 3 && (b <= 0x22 || (b >= 0x38 && b <= 0x3b) || (b >= 0x40 && b <= 0x4f) ||
                        b == 0xcc || b == 0xdf);
}

static bool use_two_byte(struct decoder *d)
{
    struct x86_insn *o = d->out;
    unsigned char b = o->op, group = o->modrm >> 3 & 7;
    if (!o->is_vector) {
        int done = use_two_byte_general(d);
        if (done)
            return done == 1;
        if ((b >= 0x18 && b <= 0x1f) || b == 0x0d) { /* prefetch, nop, endbr */
            o->memory = 0;
            return true;
        }
    }
    if (b == 0xae) {
        static const unsigned char roles[8] = {X86_WRITE, X86_READ, X86_READ,  X86_WRITE,
                                               X86_WRITE, X86_READ, X86_WRITE, 0};
        o->memory = d->is_memory ? roles[group] : 0;
        return group == 2 || group == 3 || group == 7 || !d->is_memory;
    }
    return use_vector(d);
}

bool x86_decode(const unsigned char *code, size_t n, size_t at, struct x86_insn *out)
{
    struct decoder d = {.code = code, .n = n, .at = at, .out = out};
    *out = (struct x86_insn){.at = at};
    if (!read_opcode(&d) || d.is_cut || is_invalid(&d))
        return false;
    bool has_modrm = out->is_vector  ? !(out->map == 1 && out->op == 0x77)
                     : out->map == 0 ? one_byte_has_modrm(out->op)
                     : out->map == 1 ? two_byte_has_modrm(out->op)
                                     : true;
    if (has_modrm)
        read_modrm(&d);
    int64_t immediate = 0;
    out->imm_len = immediate_len(&d);
    if (out->imm_len) {
        out->imm_at = d.at;
        immediate = next_number(&d, out->imm_len);
    }
    if (d.is_cut || d.at - at > 15)
        return false;
    out->len = d.at - at;
    find_flow(&d, immediate);
    out->is_known = out->map == 0                      ? use_one_byte(&d)
                    : out->map == 1                    ? use_two_byte(&d)
                    : out->map == 2 && !out->is_vector ? out->op <= 0xcf && use_vector(&d)
                                                       : use_vector(&d);
    if (!out->is_known)
        out->memory = X86_READ | X86_WRITE;
    return true;
}
