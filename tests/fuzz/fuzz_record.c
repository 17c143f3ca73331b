/* fuzz_record.c - the record decoder on any bytes; once as they are, and once
 * with a right checksum, so that what lies behind it is reached. */
#include <stdlib.h>
#include <string.h>

#include "store/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sink;

static void try_one(const unsigned char *data, size_t size)
{
    struct memo__record r;
    if (memo__record_decode(data, size, &r))
        return;
    struct memo__part *parts = calloc(r.n_parts + 1, sizeof *parts);
    if (!parts)
        return;
    memo__record_parts(&r, parts);
    for (unsigned i = 0; i < r.n_parts; i++)
        if (parts[i].data && parts[i].len && parts[i].len != MEMO__PART_NULL)
            sink += *((const unsigned char *)parts[i].data + parts[i].len - 1);
    for (unsigned i = 0; i < r.key_len; i++)
        sink += r.key[i];
    free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *copy = malloc(size ? size : 1);
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    try_one(copy, size);
    if (size >= 8) {
        memo__record_seal(copy, size);
        try_one(copy, size);
    }
    free(copy);
    return 0;
}
