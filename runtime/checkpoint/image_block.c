/* image_block.c - may a block of malloc begin at an address? malloc itself must not be asked of
 * others. */
#include "checkpoint/image_private.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/uio.h>
#include <unistd.h>

#define ALIGNMENT (2 * sizeof(void *)) /* of what malloc gives, if it isn't smaller than that */
#define STACK ((uintptr_t)64 << 20)    /* no mapping is closer to the begin of the first stack */

static int contains(struct dl_phdr_info *info, size_t size, void *arg)
{
    uintptr_t at = *(const uintptr_t *)arg;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + h->p_vaddr;

        if (h->p_type == PT_LOAD && at >= begin && at - begin < h->p_memsz)
            return 1;
    }
    return 0;
}

/* The arguments lie there, too. */
static bool is_on_first_stack(uintptr_t at)
{
    uintptr_t end = (uintptr_t)getauxval(AT_EXECFN);

    return at <= end && end - at < STACK;
}

bool memo__ck_is_block(uintptr_t at, size_t len)
{
    size_t alignment = len < ALIGNMENT ? ALIGNMENT / 2 : ALIGNMENT;

    return !(at & (alignment - 1)) && !is_on_first_stack(at) && !dl_iterate_phdr(contains, &at);
}

#if defined __GLIBC__
/* The word that glibc keeps in front of a block: the size of both, and flags. The memory may not even
 * be there: the system reads it. */
static bool read_size(uintptr_t block, size_t *size)
{
    struct iovec to = {size, sizeof *size},
                 from = {memo__ck_at(block - sizeof *size), sizeof *size};

    return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)sizeof *size;
}

/* Of a block in use: its size is one, and the block behind it says that this one is. */
static bool looks_like_block(uintptr_t at, size_t len)
{
    enum { IN_USE = 1, IS_MAPPED = 2, FLAGS = 7, PAGE = 4096 /* at least */ };
    size_t size, next, rest;

    if (!read_size(at, &size))
        return false;
    rest = size & ~(size_t)FLAGS;
    if (rest & (ALIGNMENT - 1) || rest <= sizeof size || rest - sizeof size < len ||
        rest > PTRDIFF_MAX / 2)
        return false;
    if (size & IS_MAPPED)
        return !(rest & (PAGE - 1)) && (at & (PAGE - 1)) == ALIGNMENT;
    return read_size(at + rest, &next) && next & IN_USE;
}

/* The block at `start` may be freed by now, and what is in front of it left from earlier. */
bool memo__ck_is_inside(uintptr_t start, uintptr_t at, size_t len)
{
    size_t size, offset = at - start;

    if (!start || at <= start || offset > PTRDIFF_MAX / 2 || len > PTRDIFF_MAX / 2 ||
        looks_like_block(at, len) || !read_size(start, &size))
        return false;
    size &= ~(size_t)7; /* flags */
    return !(size & (ALIGNMENT - 1)) && size > sizeof size && offset + len <= size - sizeof size;
}
#else
bool memo__ck_is_inside(uintptr_t start, uintptr_t at, size_t len)
{
    (void)start, (void)at, (void)len;
    return false;
}
#endif
