// flags: -O1 -ffp-contract=off -lm
// Words of a text, distances between them, a table of k-mers, an interpreter run on many inputs.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] =
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age "
    "of foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the "
    "season "
    "of Light, it was the season of Darkness, it was the spring of hope, it was the winter of "
    "despair";

#define MOST 80
static char *words[MOST];
static int n_words;

#pragma concurrent
static int distance(const char *a, const char *b)
{
    int n = (int)strlen(a), m = (int)strlen(b), row[32];
    for (int j = 0; j <= m; j++)
        row[j] = j;
    for (int i = 1; i <= n; i++) {
        int diagonal = row[0]++;
        for (int j = 1; j <= m; j++) {
            int t = row[j];
            int d =
                diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            if (row[j] + 1 < d)
                d = row[j] + 1;
            if (row[j - 1] + 1 < d)
                d = row[j - 1] + 1;
            row[j] = d;
            diagonal = t;
        }
    }
    return row[m];
}

struct match {
    const char *word;
    int distance;
};

#pragma synchronized
static struct match closest(const char *word, int exact)
{
    struct match best = {"", 99};
    for (int i = 0; i < n_words; i++) {
        int d = distance(word, words[i]);
        if (d == 0 && !exact)
            continue;
        if (d < best.distance) {
            best.distance = d;
            best.word = words[i];
        }
    }
    return best;
}

#pragma synchronized
static void table(FILE *to)
{
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++)
            fprintf(to, "%3d", distance(words[i], words[j]));
        fputc('\n', to);
    }
}

/* A machine of eight instructions. */
#pragma concurrent in(string(program))
static long run(const char *program, int input)
{
    unsigned char tape[64] = {0};
    int at = 0;
    long output = 0, steps = 0;
    for (const char *p = program; *p && steps < 4000; p++, steps++) {
        int depth = 1;
        switch (*p) {
        case '>':
            at = (at + 1) % 64;
            break;
        case '<':
            at = (at + 63) % 64;
            break;
        case '+':
            tape[at]++;
            break;
        case '-':
            tape[at]--;
            break;
        case '.':
            output = output * 7 + tape[at];
            break;
        case ',':
            tape[at] = (unsigned char)input;
            break;
        case '[':
            if (!tape[at])
                while (depth && *++p)
                    depth += *p == '[' ? 1 : *p == ']' ? -1 : 0;
            break;
        case ']':
            if (tape[at])
                while (depth && *--p)
                    depth += *p == ']' ? 1 : *p == '[' ? -1 : 0;
            break;
        }
    }
    return output + steps * 1000;
}

#pragma concurrent in(s[:n])
static unsigned kmer(const char *s, int n)
{
    unsigned h = 2166136261u;
    for (int r = 0; r < 5; r++)
        for (int i = 0; i < n; i++)
            h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

int main(void)
{
    char *copy = strdup(text), *save, names[40][12];
    int buckets[16] = {0}, chain[16][40], lengths[16] = {0}, n_names = 0;
    for (char *w = strtok_r(copy, " ,", &save); w && n_words < MOST;
         w = strtok_r(NULL, " ,", &save))
        words[n_words++] = w;
    static const char *const wanted[] = {"tims", "Dark", "beleif", "sprung", "winter"};
    for (int i = 0; i < 5; i++) {
        struct match m = closest(wanted[i], i % 2);
        printf("%s: %s, %d\n", wanted[i], m.word, m.distance);
    }
    table(stdout);
    long total = 0;
#pragma synchronized
    for (int i = 0; i < 30; i++) {
        long v = run(",[>+++<-]>[>+>+<<-]>.>.", i);
        total = total * 3 % 100003 + v;
        if (v % 2)
            snprintf(names[n_names++], 12, "odd%d", i);
        if (v > 2000000)
            break;
    }
    printf("%ld %d %s\n", total, n_names, n_names ? names[n_names - 1] : "none");
#pragma synchronized
    for (int i = 0; i + 6 < (int)strlen(text) && i < 200; i++) {
        unsigned h = kmer(text + i, 6);
        int b = (int)(h % 16);
        buckets[b] += (int)(h >> 28);
        if (lengths[b] < 40)
            chain[b][lengths[b]++] = i;
    }
    for (int i = 0; i < 16; i++)
        printf("%d:%d:%d ", buckets[i], lengths[i], lengths[i] ? chain[i][lengths[i] - 1] : -1);
    printf("\n");
    free(copy);
    return 0;
}
