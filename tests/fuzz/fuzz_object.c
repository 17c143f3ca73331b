/* fuzz_object.c - any bytes as an input of a link: an object, an archive, a shared library
 * or a linker script. Nothing outside them is read, and what is told about them is whole:
 * every object has a name and a digest, every finding a path that ends somewhere. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "objfile.h"
#include "program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "violated: %s\n", what);
    abort();
}

static void check_finding(struct finding f)
{
    must(f.kind == FINDING_NONE || f.what, "a finding names something");
    must(f.kind == FINDING_NONE || f.where, "and a place");
    for (size_t i = 0; i < f.n_path; i++)
        must(f.path[i] && f.path_objects[i], "functions on the way have names");
}

static void check_program(struct arena *a, const char *path)
{
    static const char *const symbols[] = {"main", "f", "g", "h", "printf", "memo_abi_begin"};
    struct program_input inputs[2] = {{path, .is_whole = true}, {path, .is_toolchain = true}};
    struct program *p = program_load(a, inputs, 2);
    unsigned char digest[16];
    for (size_t i = 0; i < program_n_objects(p) && i < 20; i++) {
        const struct program_object *o = program_object_at(p, i);
        must(o->name && o->path, "an object has a name");
        program_object_digest(p, o, digest);
    }
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        struct program_reach r;
        struct program_symbol s = program_find(p, symbols[i]);
        must(s.home != PROGRAM_OBJECT || s.object, "what is at home in an object has one");
        program_reach(p, symbols[i], &r);
        check_finding(program_judge(p, symbols[i], NULL));
    }
    check_finding(program_judge_pointers(p, NULL));
    program_release(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena a;
    char path[64];
    int fd = memfd_create("object", 0);
    if (fd < 0)
        return 0;
    arena_init(&a);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, len) == (ssize_t)len) {
        (void)objfile_needs(path, "memo_abi_");
        check_program(&a, path);
    }
    arena_release(&a);
    close(fd);
    return 0;
}
