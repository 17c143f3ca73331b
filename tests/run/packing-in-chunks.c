// flags: -O1 -ffp-contract=off -lm
// Chunks packed into buffers of their own, lengths known afterwards, written one behind the other.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK 512

/* Runs of bytes as pairs. */
#pragma concurrent in(from[:n])out(*len) inout(to[:2 * n])
static int pack(unsigned char *to, int *len, const unsigned char *from, int n)
{
    int k = 0, runs = 0;
    for (int i = 0; i < n; runs++) {
        int j = i;
        while (j < n && j - i < 255 && from[j] == from[i])
            j++;
        to[k++] = (unsigned char)(j - i);
        to[k++] = from[i];
        i = j;
    }
    *len = k;
    return runs;
}

#pragma concurrent in(p[:n])
static unsigned crc(const unsigned char *p, int n)
{
    unsigned c = 0xffffffff;
    for (int i = 0; i < n; i++) {
        c ^= p[i];
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    }
    return ~c;
}

struct chunk {
    unsigned char room[2 * CHUNK];
    int len, runs;
    unsigned crc;
};

#pragma synchronized
static int pack_all(struct chunk *chunks, const unsigned char *data, int n)
{
    int k = 0;
    for (int i = 0; i < n; i += CHUNK, k++)
        chunks[k].runs =
            pack(chunks[k].room, &chunks[k].len, data + i, n - i < CHUNK ? n - i : CHUNK);
    for (int i = 0; i < k; i++)
        chunks[i].crc = crc(chunks[i].room, chunks[i].len);
    return k;
}

int main(void)
{
    enum { N = 20000 };
    static unsigned char data[N];
    struct chunk *chunks = calloc(N / CHUNK + 1, sizeof *chunks);
    unsigned x = 1, all = 0;
    int total = 0, runs = 0;
    for (int i = 0; i < N; i++) {
        if (i % 7 == 0)
            x = x * 1664525 + 1013904223;
        data[i] = (unsigned char)(x >> 29);
    }
    int k = pack_all(chunks, data, N);
    FILE *f = fopen("packed.bin", "wb");
    for (int i = 0; i < k; i++) {
        fwrite(chunks[i].room, 1, (size_t)chunks[i].len, f);
        total += chunks[i].len;
        runs += chunks[i].runs;
        all = all * 31 + chunks[i].crc;
    }
    fclose(f);
    printf("%d chunks, %d bytes, %d runs, %08x\n", k, total, runs, all);
    free(chunks);
    return 0;
}
