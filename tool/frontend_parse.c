/* frontend_parse.c - one libclang parse of a unit: what it is given.
 *
 * It sees the user's text with our pragmas masked, __LINE__ and friends fixed (so that an
 * assert that moves by a line is the same code), and a few declarations that gcc has built
 * in and libclang lacks. */
#include <string.h>

#include "base/strbuf.h"
#include "frontend_private.h"

static const char shim_path[] = "/memocc/shim.h";
static const char shim_text[] =
    "typedef float _Float32; typedef double _Float64; typedef double _Float32x;\n"
    "typedef long double _Float64x;\n"
    "#ifdef __SIZEOF_FLOAT128__\n"
    "typedef __float128 _Float128;\n"
    "#endif\n"
    "#define __builtin_va_arg_pack_len() 0\n"
    "#define __builtin_va_arg_pack() 0\n"
    "#define __builtin_has_attribute(...) 0\n"
    "#define __builtin_shuffle(a,...) (a)\n"
    "#define __builtin_tgmath(...) 0\n";

/* gcc's <stdatomic.h> hands pointers to _Atomic objects to these, which clang takes for errors. */
#define PLAIN_POINTER(name)                                                                        \
    "#define __atomic_" name "(p, ...) __atomic_" name                                             \
    "((__typeof__((void)0, *(p)) *)(p), __VA_ARGS__)\n"
static const char gcc_shim_path[] = "/memocc/gcc.h";
static const char gcc_shim_text[] =
    PLAIN_POINTER("load") PLAIN_POINTER("load_n") PLAIN_POINTER("store") PLAIN_POINTER("store_n")
        PLAIN_POINTER("exchange") PLAIN_POINTER("exchange_n") PLAIN_POINTER("compare_exchange")
            PLAIN_POINTER("compare_exchange_n") PLAIN_POINTER("fetch_add")
                PLAIN_POINTER("fetch_sub") PLAIN_POINTER("fetch_or") PLAIN_POINTER("fetch_xor")
                    PLAIN_POINTER("fetch_and") PLAIN_POINTER("fetch_nand")
                        PLAIN_POINTER("add_fetch") PLAIN_POINTER("sub_fetch")
                            PLAIN_POINTER("or_fetch") PLAIN_POINTER("xor_fetch")
                                PLAIN_POINTER("and_fetch") PLAIN_POINTER("nand_fetch");

void frontend_define_options(struct frontend *fe)
{
    const struct unit_request *rq = fe->p->request;
    for (size_t i = 0; i < rq->n_args; i++) {
        const char *a = rq->args[i];
        if (strncmp(a, "-D", 2) != 0)
            continue;
        a = a[2] ? a + 2 : i + 1 < rq->n_args ? rq->args[++i] : "";
        const char *eq = strchr(a, '=');
        struct strbuf s = STRBUF_INIT;
        if (eq)
            strbuf_addf(&s, "%.*s %s", (int)(eq - a), a, eq + 1);
        else
            strbuf_addf(&s, "%s 1", a);
        macro_define(fe->macros, arena_strdup(fe->facts.arena, s.buf), s.len);
        strbuf_release(&s);
    }
}

/* libclang gives no nodes for what stands under a directive of OpenMP: it reads the serial
 * program, with the macro that says it isn't. */
static void read_as_serial(struct frontend *fe, const struct unit_request *rq, const char **args,
                           size_t *n)
{
    bool has_simd = false;
    for (size_t i = 0; i < rq->n_args; i++) {
        const char *a = rq->args[i];
        if (!strcmp(a, "-fopenmp") || !strncmp(a, "-fopenmp=", 9))
            fe->has_openmp = true;
        else if (!strcmp(a, "-fno-openmp"))
            fe->has_openmp = false;
        has_simd |= !strcmp(a, "-fopenmp-simd");
    }
    if (has_simd)
        args[(*n)++] = "-fno-openmp-simd";
    if (!fe->has_openmp)
        return;
    const char *version = rq->is_gcc ? "201511" : lc.version < 15 ? "201811" : "202011";
    const char *define = arena_printf(fe->facts.arena, "_OPENMP %s", version);
    macro_define(fe->macros, define, strlen(define));
    args[(*n)++] = "-fno-openmp";
    args[(*n)++] = arena_printf(fe->facts.arena, "-D_OPENMP=%s", version);
}

bool frontend_parse(struct frontend *fe)
{
    static const char *const extra[] = {
        "-xc",
        "-w",
        "-ferror-limit=0",
        "-D__MEMOCC__=10000",
        "-D__LINE__=0",
        "-D__FILE__=\"\"",
        "-D__DATE__=\"\"",
        "-D__TIME__=\"\"",
        "-Wno-error=implicit-function-declaration",
        "-Wno-error=implicit-int",
        "-Wno-error=int-conversion",
        "-include",
        shim_path,
    };
    const struct unit_request *rq = fe->p->request;
    size_t n_extra = sizeof extra / sizeof *extra, n = 0;
    struct arena *a = fe->facts.arena;
    const char **args = arena_alloc(a, (rq->n_args + n_extra + 5) * sizeof *args);
    for (size_t i = 0; i < n_extra; i++)
        args[n++] = extra[i];
    if (rq->is_gcc) {
        args[n++] = "-include";
        args[n++] = gcc_shim_path;
    }
    for (size_t i = 0; i < rq->n_args; i++)
        args[n++] = rq->args[i];
    read_as_serial(fe, rq, args, &n);
    struct CXUnsavedFile *unsaved = arena_alloc(a, (fe->n_files + 2) * sizeof *unsaved);
    for (size_t i = 0; i < fe->n_files; i++) {
        struct unit_file *f = &fe->files[i];
        unsaved[i] = (struct CXUnsavedFile){f->path, sites_mask(a, &f->src, &f->sites), f->src.len};
    }
    unsaved[fe->n_files] = (struct CXUnsavedFile){shim_path, shim_text, sizeof shim_text - 1};
    unsaved[fe->n_files + 1] =
        (struct CXUnsavedFile){gcc_shim_path, gcc_shim_text, sizeof gcc_shim_text - 1};
    fe->p->tu = NULL;
    enum CXErrorCode e = lc.parseTranslationUnit2(
        fe->p->index, fe->files[0].path, args, (int)n, unsaved, (unsigned)fe->n_files + 2,
        CXTranslationUnit_DetailedPreprocessingRecord | CXTranslationUnit_KeepGoing, &fe->p->tu);
    return e == CXError_Success && fe->p->tu;
}
