/* wordcount.c - lines, words and bytes of files, like wc.
 *
 * Each file is one call of count(). The files are of any sizes, and the calls
 * end in any order; what is printed, and the totals, come in the order of the
 * command line.
 *
 *   wordcount FILE... */
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct counts {
    long lines, words, bytes;
    int error; /* an errno; 0: the file was read to its end */
};

static void count_block(const char *text, size_t len, int *in_word, struct counts *c)
{
    c->bytes += (long)len;
    for (size_t i = 0; i < len; i++) {
        int is_blank = text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r');
        c->lines += text[i] == '\n';
        c->words += !is_blank && !*in_word;
        *in_word = !is_blank;
    }
}

/* `pure`: it reads a file, which memocc would rather do in order. Nobody writes these files
 * meanwhile, so the order doesn't matter. */
#pragma concurrent pure
static struct counts count(const char *path)
{
    struct counts c = {0, 0, 0, 0};
    char block[65536];
    int in_word = 0;
    size_t len;
    FILE *file;

    errno = 0;
    file = fopen(path, "rb");
    if (!file) {
        c.error = errno;
        return c;
    }
    while ((len = fread(block, 1, sizeof block, file)) > 0)
        count_block(block, len, &in_word, &c);
    if (ferror(file))
        c.error = errno;
    fclose(file);
    return c;
}

static void print(struct counts c, const char *name)
{
    printf("%9ld %9ld %11ld %s\n", c.lines, c.words, c.bytes, name);
}

int main(int argc, char **argv)
{
    struct counts total = {0, 0, 0, 0};
    int n_failed = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: wordcount FILE...\n");
        return 2;
    }
#pragma synchronized
    for (int i = 1; i < argc; i++) {
        struct counts c = count(argv[i]);
        if (c.error) {
            fprintf(stderr, "wordcount: %s: %s\n", argv[i], strerror(c.error));
            n_failed++;
        } else {
            print(c, argv[i]);
            total.lines += c.lines;
            total.words += c.words;
            total.bytes += c.bytes;
        }
    }
    if (argc > 2)
        print(total, "total");
    return n_failed ? 1 : 0;
}
