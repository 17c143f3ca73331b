// Text in arrays and behind pointers, a table of strings, a hash table with open addressing.
#include "sim.h"

struct slot {
    char word[12];
    unsigned count;
};
static struct slot slots[128];
static const char *const syllables[] = {"ka", "to", "mi", "re", "su"};

static struct slot *find(const char *word)
{
    size_t i = digest(5, word, strlen(word)) % 128;

    while (slots[i].count && strcmp(slots[i].word, word) != 0)
        i = (i + 1) % 128;
    return &slots[i];
}

int main(void)
{
    char text[64] = "", *line = malloc(200), *end;
    const char *longest = slots[0].word;
    uint64_t x = 1;

    strcpy(line, "begin");
    end = line + strlen(line);
#pragma checkpoint save(line[:200]) every(5 iterations)
    for (int i = 0; i < 400; i++) {
        struct slot *slot;

        x = spend(x);
        snprintf(text, sizeof text, "%s%s", syllables[x % 5], syllables[x >> 8 & 3]);
        slot = find(text);
        strcpy(slot->word, text);
        slot->count++;
        if (slot->count > 20)
            longest = slot->word;
        if (end - line > 180)
            end = line;
        end += sprintf(end, " %s", text);
    }
    printf("%s\n%s\n%td %zu %s\n", text, line, end - line, strlen(line), longest);
    print("slots", DIGEST(slots));
    free(line);
    return 0;
}
