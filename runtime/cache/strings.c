/* strings.c - the table of interned strings; see strings.h. */
#include "cache/strings.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cache/thread.h"

#define N_BUCKETS 1024u

struct interned {
    struct interned *next;
    uint64_t hash;
    size_t len;
    char text[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct interned *buckets[N_BUCKETS]; /* lock */

const char *memo__string_intern(const char *text, size_t len)
{
    uint64_t hash = XXH3_64bits(text, len);
    struct interned **bucket = &buckets[hash % N_BUCKETS];
    struct interned *s;

    pthread_mutex_lock(&lock);
    for (s = *bucket; s; s = s->next)
        if (s->hash == hash && s->len == len && memcmp(s->text, text, len) == 0)
            break;
    if (!s) {
        s = memo__permanent(sizeof *s + len);
        if (s) {
            s->hash = hash;
            s->len = len;
            memcpy(s->text, text, len);
            s->next = *bucket;
            *bucket = s;
        }
    }
    pthread_mutex_unlock(&lock);
    return s ? s->text : NULL;
}

void memo__strings_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__strings_fork_done(bool is_child)
{
    if (is_child)
        pthread_mutex_init(&lock, NULL);
    else
        pthread_mutex_unlock(&lock);
}
