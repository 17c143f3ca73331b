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

/* The block may be freed by now, its memory not even there: the system reads it. What glibc keeps
 * in front of a block may be left from earlier; then a save is refused that could be made. */
bool memo__ck_is_inside(uintptr_t start, uintptr_t at, size_t len)
{
#if defined __GLIBC__
    size_t size, offset = at - start;
    struct iovec to = {&size, sizeof size}, from = {memo__ck_at(start - sizeof size), sizeof size};

    if (!start || at <= start || offset > PTRDIFF_MAX / 2 || len > PTRDIFF_MAX / 2 ||
        process_vm_readv(getpid(), &to, 1, &from, 1, 0) != (ssize_t)sizeof size)
        return false;
    size &= ~(size_t)7; /* flags */
    return !(size & (ALIGNMENT - 1)) && size > sizeof size && offset + len <= size - sizeof size;
#else
    (void)start, (void)at, (void)len;
    return false;
#endif
}
