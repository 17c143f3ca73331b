/* program.c - digests of the executable, libraries and CPU; see program.h. */
#include "cache/program.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined __x86_64__ || defined __i386__
#include <cpuid.h>
#endif

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/clock.h"
#include "base/pool.h"
#include "cache/program_private.h"

#define MAX_OBJECTS 1024

/* A digest that is computed once. */
struct lazy {
    struct digest digest; /* lock */
    bool is_known;        /* lock */
    struct digest (*compute)(void);
};

/* Never held while something is computed: that asks the dynamic loader, whose
 * lock a thread may hold that comes here from a constructor. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct digest memo__digest_of(const void *data, size_t len)
{
    XXH128_canonical_t canonical;
    struct digest d;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, len));
    memcpy(d.bytes, canonical.digest, sizeof d.bytes);
    return d;
}

/* What can't be known is equal to nothing. */
struct digest memo__digest_of_unknown(void)
{
    static unsigned n; /* __atomic */
    uint64_t seed[4] = {memo__realtime_ns(), memo__monotonic_ns(), (uint64_t)getpid(),
                        __atomic_fetch_add(&n, 1, __ATOMIC_RELAXED)};

    return memo__digest_of(seed, sizeof seed);
}

static void mix_bytes(XXH3_state_t *state, const unsigned char *file, size_t size, size_t from,
                      size_t to)
{
    if (to > size)
        to = size;
    if (from < to)
        XXH3_128bits_update(state, file + from, to - from);
}

/* The first byte at or after `from` that belongs to a note; and the note's end. */
static size_t next_note(const unsigned char *file, const ElfW(Ehdr) * header, size_t from,
                        size_t to, size_t *end)
{
    ElfW(Phdr) p;
    size_t best = to;
    unsigned i;

    *end = to;
    for (i = 0; i < header->e_phnum; i++) {
        memcpy(&p, file + header->e_phoff + i * sizeof p, sizeof p);
        if (p.p_type != PT_NOTE || p.p_offset + p.p_filesz <= from || p.p_offset >= best)
            continue;
        best = p.p_offset < from ? from : p.p_offset;
        *end = p.p_offset + p.p_filesz;
    }
    return best;
}

/* The ELF header is left out of the first segment: it tells where the section
 * headers are, which moves with the debug information. */
static bool digest_elf(const unsigned char *file, size_t size, struct digest *out)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) p;
    XXH3_state_t state;
    XXH128_canonical_t canonical;
    size_t at, note, note_end, end;
    unsigned i;

    if (size < sizeof header)
        return false;
    memcpy(&header, file, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof p ||
        header.e_phoff > size || header.e_phnum > (size - header.e_phoff) / sizeof p)
        return false;
    XXH3_128bits_reset(&state);
    for (i = 0; i < header.e_phnum; i++) {
        memcpy(&p, file + header.e_phoff + i * sizeof p, sizeof p);
        if (p.p_type != PT_LOAD || p.p_offset > size || p.p_filesz > size - p.p_offset)
            continue;
        XXH3_128bits_update(&state, &p.p_vaddr, sizeof p.p_vaddr);
        XXH3_128bits_update(&state, &p.p_memsz, sizeof p.p_memsz);
        end = p.p_offset + p.p_filesz;
        for (at = p.p_offset < sizeof header ? sizeof header : p.p_offset; at < end;
             at = note_end) {
            note = next_note(file, &header, at, end, &note_end);
            mix_bytes(&state, file, size, at, note);
            if (note >= end)
                break;
        }
    }
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state));
    memcpy(out->bytes, canonical.digest, sizeof out->bytes);
    return true;
}

static struct digest digest_of_file(const char *path)
{
    struct digest d;
    struct stat st;
    void *file = MAP_FAILED;
    bool is_known = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file != MAP_FAILED) {
        is_known = digest_elf(file, (size_t)st.st_size, &d);
        munmap(file, (size_t)st.st_size);
    }
    if (fd >= 0)
        close(fd);
    return is_known ? d : memo__digest_of_unknown();
}

/* The NT_GNU_BUILD_ID of a loaded object: a pointer to it and its length. */
static const unsigned char *build_id(const struct dl_phdr_info *info, size_t *len)
{
    const unsigned char *note, *end;
    ElfW(Nhdr) header;
    size_t name, description;
    unsigned i;

    for (i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_NOTE)
            continue;
        note = (const unsigned char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        end = note + info->dlpi_phdr[i].p_memsz;
        while ((size_t)(end - note) >= sizeof header) {
            memcpy(&header, note, sizeof header);
            note += sizeof header;
            name = ((size_t)header.n_namesz + 3) & ~(size_t)3;
            description = ((size_t)header.n_descsz + 3) & ~(size_t)3;
            if (name > (size_t)(end - note) || description > (size_t)(end - note) - name)
                break;
            if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 &&
                memcmp(note, "GNU", 4) == 0 && header.n_descsz > 0) {
                *len = header.n_descsz;
                return note + name;
            }
            note += name + description;
        }
    }
    return NULL;
}

bool memo__is_vdso(const struct dl_phdr_info *info)
{
    uintptr_t vdso = getauxval(AT_SYSINFO_EHDR);
    unsigned i;

    for (i = 0; vdso && i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD &&
            vdso - (info->dlpi_addr + info->dlpi_phdr[i].p_vaddr) < info->dlpi_phdr[i].p_memsz)
            return true;
    return false;
}

static bool holds(const struct dl_phdr_info *info, uintptr_t address)
{
    unsigned i;

    for (i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD &&
            address - (info->dlpi_addr + info->dlpi_phdr[i].p_vaddr) < info->dlpi_phdr[i].p_memsz)
            return true;
    return false;
}

struct digest memo__digest_of_object(const struct dl_phdr_info *info)
{
    size_t len;
    const unsigned char *id = build_id(info, &len);

    return id ? memo__digest_of(id, len) : digest_of_file(info->dlpi_name);
}

struct objects {
    struct digest digests[MAX_OBJECTS + 1]; /* the CPU's is added */
    unsigned n, seen;
    bool are_too_many;
};

/* The executable comes first in dl_iterate_phdr's order. */
static int add_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct objects *o = arg;

    (void)size;
    if (o->seen++ == 0 || memo__is_vdso(info))
        return 0;
    if (o->n == MAX_OBJECTS) {
        o->are_too_many = true;
        return 1;
    }
    o->digests[o->n++] = memo__digest_of_object(info);
    return 0;
}

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct digest));
}

/* What libraries choose their code by. `with_model`: compilers go further. */
static struct digest cpu_features(bool with_model)
{
    const char *tunables = getenv("GLIBC_TUNABLES");
    struct {
        uint64_t words[10];
        struct digest tunables;
    } all;
#if defined __x86_64__ || defined __i386__
    unsigned a, b, c, d;
#endif

    memset(&all, 0, sizeof all);
#if defined __x86_64__ || defined __i386__
    if (__get_cpuid(1, &a, &b, &c, &d)) {
        all.words[0] = with_model ? a >> 4 : 0; /* the last four bits are the stepping */
        all.words[1] = c;
        all.words[2] = d;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        all.words[3] = b;
        all.words[4] = c;
        all.words[5] = d;
    }
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d))
        all.words[6] = a;
#else
    (void)with_model;
    all.words[0] = getauxval(AT_HWCAP);
    all.words[1] = getauxval(AT_HWCAP2);
#endif
    if (tunables)
        all.tunables = memo__digest_of(tunables, strlen(tunables));
    return memo__digest_of(&all, sizeof all);
}

/* Two threads may compute it at once; all get what the first one found. */
static struct digest get(struct lazy *lazy)
{
    struct digest d;
    bool is_known;

    pthread_mutex_lock(&lock);
    is_known = lazy->is_known;
    d = lazy->digest;
    pthread_mutex_unlock(&lock);
    if (is_known)
        return d;
    d = lazy->compute();
    pthread_mutex_lock(&lock);
    if (!lazy->is_known) {
        lazy->digest = d;
        lazy->is_known = true;
    }
    d = lazy->digest;
    pthread_mutex_unlock(&lock);
    return d;
}

static struct digest compute_executable(void)
{
    return digest_of_file("/proc/self/exe");
}

static struct lazy executable = {.compute = compute_executable};

static struct digest compute_libraries(void)
{
    struct digest d = memo__digest_of_unknown();
    struct objects *objects = memo__pool_alloc(sizeof *objects);

    if (!objects)
        return d;
    objects->n = objects->seen = 0;
    objects->are_too_many = false;
    dl_iterate_phdr(add_object, objects);
    if (objects->n == 0)
        objects->digests[objects->n++] = get(&executable);
    qsort(objects->digests, objects->n, sizeof objects->digests[0], compare_digests);
    if (!objects->are_too_many) {
        objects->digests[objects->n++] = cpu_features(false);
        d = memo__digest_of(objects->digests, objects->n * sizeof objects->digests[0]);
    }
    memo__pool_free(objects);
    return d;
}

static struct lazy libraries = {.compute = compute_libraries};

static struct digest compute_program(void)
{
    struct digest both[2] = {get(&executable), get(&libraries)};

    return memo__digest_of(both, sizeof both);
}

static struct lazy program = {.compute = compute_program};

static struct digest compute_cpu(void)
{
    return cpu_features(true);
}

static struct lazy cpu = {.compute = compute_cpu};

void memo__program_digest(unsigned char out[MEMO__DIGEST_LEN])
{
    struct digest d = get(&program);

    memcpy(out, d.bytes, MEMO__DIGEST_LEN);
}

void memo__libraries_digest(unsigned char out[MEMO__DIGEST_LEN])
{
    struct digest d = get(&libraries);

    memcpy(out, d.bytes, MEMO__DIGEST_LEN);
}

static struct digest compute_features(void)
{
    return cpu_features(false);
}

static struct lazy features = {.compute = compute_features};

void memo__features_digest(unsigned char out[MEMO__DIGEST_LEN])
{
    struct digest d = get(&features);

    memcpy(out, d.bytes, MEMO__DIGEST_LEN);
}

void memo__cpu_digest(unsigned char out[MEMO__DIGEST_LEN])
{
    struct digest d = get(&cpu);

    memcpy(out, d.bytes, MEMO__DIGEST_LEN);
}

/* Looks for the objects that hold a function and a site. */
struct search {
    uintptr_t code, site;
    unsigned seen;
    bool is_code_found, is_code_in_executable, is_code_beside_site;
    uintptr_t offset;
    struct digest object;
};

static int search_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct search *s = arg;
    bool is_executable = s->seen++ == 0;

    (void)size;
    if (!holds(info, s->code))
        return 0;
    s->is_code_found = true;
    s->is_code_in_executable = is_executable;
    s->is_code_beside_site = holds(info, s->site);
    s->offset = s->code - info->dlpi_addr;
    if (!is_executable && s->is_code_beside_site)
        s->object = memo__digest_of_object(info);
    return 1;
}

/* In an executable at a fixed address the address of a library's function is
 * that of a stub in the executable; the libraries' digest covers those. */
bool memo__code_digest(const void *code, const void *site, unsigned char out[MEMO__DIGEST_LEN])
{
    struct search s;
    struct {
        struct digest object, libraries;
        uint64_t offset;
    } all;
    struct digest d;

    memset(&s, 0, sizeof s);
    memset(&all, 0, sizeof all);
    s.code = (uintptr_t)code;
    s.site = (uintptr_t)site;
    dl_iterate_phdr(search_object, &s);
    if (!s.is_code_found || (!s.is_code_in_executable && !s.is_code_beside_site))
        return false;
    all.object = s.is_code_in_executable ? get(&executable) : s.object;
    all.libraries = get(&libraries);
    all.offset = s.offset;
    d = memo__digest_of(&all, sizeof all);
    memcpy(out, d.bytes, MEMO__DIGEST_LEN);
    return true;
}

/* A static program has no dlsym, and needs none. Naming dlopen itself would make
 * the linker warn of it. */
#pragma weak dlsym

struct own_name {
    const char *name; /* NULL: we are in the executable */
    unsigned seen;
};

static int find_own_name(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct own_name *own = arg;
    bool is_executable = own->seen++ == 0;

    (void)size;
    if (!holds(info, (uintptr_t)find_own_name))
        return 0;
    if (!is_executable)
        own->name = info->dlpi_name;
    return 1;
}

void memo__stay_loaded(void)
{
    struct own_name own = {NULL, 0};

    void *(*open_object)(const char *, int) = NULL;

    dl_iterate_phdr(find_own_name, &own);
    if (own.name && dlsym)
        open_object = (void *(*)(const char *, int))dlsym(RTLD_DEFAULT, "dlopen");
    if (open_object)
        open_object(own.name, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

void memo__program_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__program_fork_done(bool is_child)
{
    if (is_child)
        pthread_mutex_init(&lock, NULL);
    else
        pthread_mutex_unlock(&lock);
}
