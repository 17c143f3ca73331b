/* A pseudo-random queue whose state nobody outside sees. */
#include <stddef.h>
#include <stdint.h>

uint64_t hidden_next(uint64_t x);
size_t hidden_get(void *buf, size_t capacity);
void hidden_set(const void *buf, size_t len);
