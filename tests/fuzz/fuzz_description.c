/* fuzz_description.c - any bytes as the store's description of a function; and two
 * of them, split at the first NUL, compared as two versions of its code. */
#include <stdlib.h>
#include <string.h>

#include "cache/code_change.h"
#include "cache/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t sink;

/* Every byte that the description points to. */
static void touch(struct memo__words w)
{
    for (size_t i = 0; i < w.len; i++)
        sink += (unsigned char)w.text[i];
}

static void read_one(const char *text, size_t len, struct memo__description *d)
{
    memo__description_read(text, len, d);
    touch(d->unit);
    touch(d->signature);
    touch(d->version);
    touch(d->toolchain);
    touch(d->components);
    for (struct memo__words rest = d->components, line; memo__next_line(&rest, &line);)
        touch(line);
}

static void say(void *arg, const char *text)
{
    ++*(unsigned *)arg;
    sink += strlen(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memo__description old, now;
    const uint8_t *nul = memchr(data, 0, size);
    size_t n_old = nul ? (size_t)(nul - data) : size / 2;
    size_t n_now = nul ? size - n_old - 1 : size - n_old;
    unsigned n_said = 0, n;
    char *a = malloc(n_old + 1), *b = malloc(n_now + 1); /* ends that a sanitizer sees */
    if (!a || !b || size > 20000)
        goto done;
    memcpy(a, data, n_old);
    if (n_now)
        memcpy(b, data + size - n_now, n_now);
    read_one(a, n_old, &old);
    read_one(b, n_now, &now);
    n = memo__code_changes("f", &old, &now, say, &n_said);
    if (n != n_said)
        abort();
    if (memo__code_changes("f", &now, &now, say, &n_said) != 0)
        abort();
done:
    free(a);
    free(b);
    return 0;
}
