/* start.c - see start.h. */
#include "checkpoint/start.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "checkpoint/background.h"

static void add_inputs(XXH3_state_t *hash, const struct memo__ck_loop *l)
{
    const struct memo_part *parts = l->site->abi->m_inputs;
    size_t i;

    for (i = 0; i < l->inputs.n; i++) {
        const struct memo__ck_input *in = &l->inputs.list[i];

        if (parts[in->part].m_role & MEMO_CK_SKIPPED)
            continue;
        XXH3_128bits_update(hash, in->key.hash, sizeof in->key.hash);
        XXH3_128bits_update(hash, &in->key.total, sizeof in->key.total);
    }
}

static void add_hidden(XXH3_state_t *hash, const struct memo__ck_loop *l, bool has_random)
{
    struct memo__ck_blob blobs[MEMO__CK_HIDDEN_BLOBS];
    size_t i, n = memo__ck_hidden_blobs(&l->taken, l->site->abi, blobs);

    for (i = 0; i < n; i++)
        if (has_random || blobs[i].kind == MEMO__CK_STATE)
            XXH3_128bits_update(hash, blobs[i].data, blobs[i].len);
}

/* Which file, and where a reading stream is. A file that was written may have got more before the
 * process was killed. */
static void add_file(XXH3_state_t *hash, FILE *f)
{
    char link[32], path[PATH_MAX];
    struct stat st;
    off_t at = 0;
    ssize_t len;
    int fd = f ? fileno(f) : -1;

    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        XXH3_128bits_update(hash, "-", 1);
        return;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = st.st_nlink > 0 ? readlink(link, path, sizeof path) : 0;
    if (len > 0)
        XXH3_128bits_update(hash, path, (size_t)len);
    if (!__fwritable(f))
        at = ftello(f);
    XXH3_128bits_update(hash, &at, sizeof at);
}

/* The lowest number from `first` on that no live entry which starts from the same has. */
static void number(struct memo__ck_loop *l, uint64_t first)
{
    const struct memo__ck_loop *other;

    pthread_mutex_lock(&memo__ck_lock);
    l->ordinal = first;
    for (other = memo__ck_loops(); other;)
        if (other != l && other->in_use && other->is_told && other->ordinal == l->ordinal &&
            memcmp(other->start, l->start, sizeof l->start) == 0) {
            l->ordinal++;
            other = memo__ck_loops();
        } else {
            other = other->next_loop;
        }
    l->is_told = true;
    pthread_mutex_unlock(&memo__ck_lock);
}

void memo__ck_start_tell(struct memo__ck_loop *l, const struct memo_ck_span *spans,
                         void *const *files, bool is_child)
{
    XXH128_canonical_t canonical;
    XXH128_hash_t digest;
    uint64_t image[2];
    XXH3_state_t hash;
    unsigned i;

    XXH3_128bits_reset(&hash);
    memo__ck_image_digest(l->image, spans, image);
    XXH3_128bits_update(&hash, l->site->abi->m_name, strlen(l->site->abi->m_name));
    XXH3_128bits_update(&hash, image, sizeof image);
    add_inputs(&hash, l);
    add_hidden(&hash, l, is_child);
    for (i = 0; i < l->site->abi->m_n_files; i++)
        add_file(&hash, files[i]);
    digest = XXH3_128bits_digest(&hash);
    XXH128_canonicalFromHash(&canonical, digest);
    memcpy(l->start, canonical.digest, sizeof l->start);
    number(l, is_child ? 0 : digest.low64 | (uint64_t)1 << 63);
}

void memo__ck_start_drop_bounds(const struct memo_ck_site *site, struct memo_ck_span *spans)
{
    unsigned i;

    for (i = 0; i < site->m_n_pieces; i++) {
        if (site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC | MEMO_CK_MORE))
            spans[i].m_first = spans[i].m_count = 0;
        if (site->m_pieces[i].m_role & MEMO_CK_MORE)
            spans[i].m_data = NULL;
    }
}

char *memo__ck_start_name(const struct memo__ck_loop *l, unsigned sibling)
{
    const char *name = l->site->abi->m_name;
    size_t i, len = strlen(name), size = len + 2 * sizeof l->start + 32;
    char *out = memo__malloc(size);

    if (!out)
        return NULL;
    memcpy(out, name, len);
    out[len++] = '@';
    for (i = 0; i < sizeof l->start; i++, len += 2)
        snprintf(out + len, size - len, "%02x", l->start[i]);
    if (sibling > 0)
        snprintf(out + len, size - len, "+%u", sibling);
    return out;
}

static pid_t parent_of(pid_t pid)
{
    char path[64], line[256];
    pid_t parent = -1;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "PPid: %d", &parent) == 1)
            break;
    if (f)
        fclose(f);
    return parent;
}

bool memo__ck_is_sibling(pid_t pid)
{
    return pid > 0 && (pid == getppid() || parent_of(pid) == getppid());
}
