/* What stands for code out of sight: copies of one program in other folders, also
 * with another build ID, share results; a program with another byte doesn't. A
 * function passed as an argument is identified by its code. */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <math.h>
#include <sys/stat.h>

#include "wrap.h"

static int computed;

/* The byte behind the mark is changed in one copy. */
static const volatile char marker[] = "this byte is changed: A";

static long whole_body(long x)
{
    computed++;
    return x + (marker[22] == 'A' ? 1 : 2);
}
MEMO_SCALAR(whole, MEMO_SITE_PROGRAM)

static long libs_body(long x)
{
    computed++;
    return x;
}
MEMO_SCALAR(libs, MEMO_SITE_LIBRARIES | MEMO_SITE_CPU)

/* long apply(long (*f)(long), long x): code(f) */
static const struct memo_part apply_parts[] = {
    {"x", "a:i8", NULL, 8, MEMO_KEY, 0, 0},
    {"code(f)", "b", NULL, 0, MEMO_KEY | MEMO_CODE, 0, 0},
    {"result", "i8", NULL, 8, MEMO_RESULT, 0, 0},
};
SITE(apply_site, apply_parts, "apply", 0);

typedef long function(long);

static long apply(function *f, long x)
{
    long r;
    struct memo_span spans[3] = {{&x, 1}, {(void *)(uintptr_t)f, 1}, {&r, 1}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&apply_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = f ? f(x) : -1;
    if (call)
        memo_abi_end(call, spans);
    return r;
}

static long twice(long x)
{
    return x * 2;
}

static long thrice(long x)
{
    return x * 3;
}

static int calls(void)
{
    long expected = marker[22] == 'A' ? 11 : 12;
    int n;

    CHECK_EQ(whole(10), expected);
    n = computed;
    libs(1);
    n += (computed - n) * 16; /* sixteen times: told apart in the exit status */
    computed = 0;
    CHECK_EQ(apply(twice, 5), 10);
    CHECK_EQ(apply(thrice, 5), 15);
    CHECK_EQ(apply(NULL, 5), -1);
    CHECK_EQ(apply(twice, 5), 10);
    CHECK_EQ(apply(thrice, 5), 15);
    CHECK_EQ(apply(NULL, 5), -1);
    n += computed * 2;
    computed = 0;
    CHECK_EQ(apply(labs, -5), 5); /* the C library's: never cached */
    CHECK_EQ(apply(labs, -5), 5);
    CHECK_EQ(computed, 2);
    return failures ? 255 : n;
}

static char *image;
static size_t image_size;

static void load_self(void)
{
    int fd = open("/proc/self/exe", O_RDONLY);
    struct stat st;

    fstat(fd, &st);
    image_size = (size_t)st.st_size;
    image = malloc(image_size);
    CHECK_EQ(read(fd, image, image_size), image_size);
    close(fd);
}

static char *find_bytes(const char *what, size_t len)
{
    return memmem(image, image_size, what, len);
}

static bool change_build_id(void)
{
    const ElfW(Ehdr) *header = (const void *)image;
    const ElfW(Phdr) *segments = (const void *)(image + header->e_phoff);

    for (int i = 0; i < header->e_phnum; i++) {
        char *note = image + segments[i].p_offset, *id;

        if (segments[i].p_type != PT_NOTE)
            continue;
        id = memmem(note, segments[i].p_filesz, "\003\0\0\0GNU", 8);
        if (id) {
            id[10] ^= 0x55;
            return true;
        }
    }
    return false;
}

static int run_copy(const char *folder)
{
    char path[64], command[128];
    int fd, status;

    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/other name", folder);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);
    CHECK_EQ(write(fd, image, image_size), image_size);
    close(fd);
    snprintf(command, sizeof command, "'./%s' call", path);
    status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
    char *byte;

    (void)argv;
    if (argc > 1)
        return calls();
    load_self();
    CHECK_EQ(run_copy("a"), 1 + 16 + 3 * 2);
    CHECK_EQ(run_copy("a"), 0);
    CHECK_EQ(run_copy("b"), 0);
    if (change_build_id())
        CHECK_EQ(run_copy("c"), 0);
    else
        fprintf(stderr, "no build ID: not tested\n");
    byte = find_bytes("this byte is changed: A", 23);
    CHECK(byte != NULL);
    if (byte) {
        byte[22] = 'B';
        CHECK_EQ(run_copy("d"), 1 + 2 * 2); /* NULL has no code */
    }
    free(image);
    return failures != 0;
}
