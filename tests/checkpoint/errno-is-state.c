// errno belongs to the state: it is read iterations after it was set, and behind the loop.
#include <errno.h>

#include "sim.h"

int main(void)
{
    unsigned hash = 0;

    errno = ERANGE;
#pragma checkpoint every(2 iterations)
    for (int i = 0; i < 200; i++) {
        int before = errno;

        hash = hash * 31 + (unsigned)(spend((uint64_t)i) % 7);
        errno = before;
        if (i % 40 == 20)
            errno = i;
        hash = hash * 31 + (unsigned)errno;
    }
    printf("%u %d\n", hash, errno);
    return 0;
}
