#include <stdio.h>
#include "machine.h"

int main(void)
{
    static const unsigned char code[] = {1, 20, 2, 7, 3, 2, 0, 1, 1, 200, 3, 5};
    for (int i = 1; i < 5; i++) {
        printf("run: %ld\n", run(code, 4 + 2 * (size_t)i, i * 100));
        printf("decode: %d\n", decode(i * 4660u + 137u));
        printf("hash: %u\n", hash(i % 2 ? "one_word" : "other"));
        printf("depth: %d\n", depth(i * 9));
        printf("mixed: %u\n", mixed(i * 1234567u));
        printf("folded: %ld\n", folded(i * 7, i % 3));
    }
    return 0;
}
