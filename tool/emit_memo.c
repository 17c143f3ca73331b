/* emit_memo.c - wrappers for memoized functions.
 *
 * The user's definition stays where it is, under the name memo_gen_f: a macro
 * renames it, so that it doesn't matter whether a name is spelled or made by a
 * macro, and only round the header, so that recursive calls in the body go to
 * the wrapper. The wrapper has the user's own header, copied, and stands
 * behind the body, on the pragma's line as far as debuggers are concerned. */
#include <string.h>

#include "emit.h"
#include "memo_abi.h"
#include "memo_abi_text.h"
#include "memo_checkpoint_abi_text.h"
#include "memo_task_abi_text.h"
#include "section.h"

/* Generated code is none of the user's business: no warning speaks of it. */
static const char quiet_begin[] =
    "#pragma GCC diagnostic push\n"
    "#pragma GCC diagnostic ignored \"-Wpragmas\"\n"
    "#ifdef __clang__\n"
    "#pragma clang diagnostic ignored \"-Wunknown-warning-option\"\n"
    "#pragma clang diagnostic ignored \"-Weverything\"\n"
    "#else\n"
    "#pragma GCC diagnostic ignored \"-Wpedantic\"\n"
    "#pragma GCC diagnostic ignored \"-Wunknown-pragmas\"\n"
    "#pragma GCC diagnostic ignored \"-Wattributes\"\n"
    "#pragma GCC diagnostic ignored \"-Wredundant-decls\"\n"
    "#pragma GCC diagnostic ignored \"-Wnested-externs\"\n"
    "#pragma GCC diagnostic ignored \"-Wmissing-prototypes\"\n"
    "#pragma GCC diagnostic ignored \"-Wmissing-declarations\"\n"
    "#pragma GCC diagnostic ignored \"-Wstrict-prototypes\"\n"
    "#pragma GCC diagnostic ignored \"-Wold-style-definition\"\n"
    "#pragma GCC diagnostic ignored \"-Wunused-function\"\n"
    "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n"
    "#pragma GCC diagnostic ignored \"-Wconversion\"\n"
    "#pragma GCC diagnostic ignored \"-Wsign-conversion\"\n"
    "#pragma GCC diagnostic ignored \"-Wsign-compare\"\n"
    "#pragma GCC diagnostic ignored \"-Wcast-qual\"\n"
    "#pragma GCC diagnostic ignored \"-Wbad-function-cast\"\n"
    "#pragma GCC diagnostic ignored \"-Wshadow\"\n"
    "#pragma GCC diagnostic ignored \"-Wundef\"\n"
    "#pragma GCC diagnostic ignored \"-Wlong-long\"\n"
    "#pragma GCC diagnostic ignored \"-Wvla\"\n"
    "#pragma GCC diagnostic ignored \"-Wdeclaration-after-statement\"\n"
    "#pragma GCC diagnostic ignored \"-Wmissing-field-initializers\"\n"
    "#pragma GCC diagnostic ignored \"-Wmaybe-uninitialized\"\n"
    "#pragma GCC diagnostic ignored \"-Wuninitialized\"\n"
    "#pragma GCC diagnostic ignored \"-Waddress\"\n"
    "#pragma GCC diagnostic ignored \"-Wnonnull-compare\"\n"
    "#pragma GCC diagnostic ignored \"-Wdeprecated-declarations\"\n"
    "#pragma GCC diagnostic ignored \"-Wparentheses\"\n"
    "#pragma GCC diagnostic ignored \"-Wignored-qualifiers\"\n"
    "#pragma GCC diagnostic ignored \"-Waggregate-return\"\n"
    "#pragma GCC diagnostic ignored \"-Wpadded\"\n"
    "#pragma GCC diagnostic ignored \"-Wc++-compat\"\n"
    "#pragma GCC diagnostic ignored \"-Wtraditional\"\n"
    "#pragma GCC diagnostic ignored \"-Wtraditional-conversion\"\n"
    "#pragma GCC diagnostic ignored \"-Wunused-macros\"\n"
    "#pragma GCC diagnostic ignored \"-Winline\"\n"
    "#pragma GCC diagnostic ignored \"-Wframe-larger-than=\"\n"
    "#pragma GCC diagnostic ignored \"-Wstack-usage=\"\n"
    "#pragma GCC diagnostic ignored \"-Wpsabi\"\n"
    "#pragma GCC diagnostic ignored \"-Wfloat-equal\"\n"
    "#endif\n";
static const char quiet_end[] = "#pragma GCC diagnostic pop\n";

const char *emit_preamble(struct arena *arena, bool has_tasks, bool has_checkpoints)
{
    struct strbuf out = STRBUF_INIT;
    strbuf_adds(&out, "/* memocc: begin runtime declarations */\n");
    strbuf_adds(&out, quiet_begin);
    strbuf_adds(&out, memo_abi_text);
    if (has_tasks)
        strbuf_adds(&out, memo_task_abi_text);
    if (has_checkpoints)
        strbuf_adds(&out, memo_checkpoint_abi_text);
    strbuf_adds(&out, quiet_end);
    strbuf_adds(&out, "/* memocc: end runtime declarations */\n");
    char *text = arena_strndup(arena, out.buf, out.len);
    strbuf_release(&out);
    return text;
}

struct emitter {
    struct memo_plan *plan;
    struct memo_function *mf;
    struct function *fn;
    struct frontend *fe;
    struct arena *arena;
    const struct unit_request *request;
    const struct unit_file *file;
    struct strbuf args; /* "a, b" */
    const char *callee; /* what the wrapper calls */
    const char *site;   /* C text of the site's address */
    bool is_void;
};

static const char *text_of(struct emitter *em, struct strbuf *b)
{
    char *t = arena_strndup(em->arena, b->buf, b->len);
    strbuf_release(b);
    return t;
}

static const struct unit_file *file_of(struct frontend *fe, const struct source *src)
{
    for (size_t i = 0; i < fe->n_files; i++)
        if (&fe->files[i].src == src)
            return &fe->files[i];
    return NULL;
}

/* ---- tables ---- */

static void emit_bytes(struct strbuf *out, const unsigned char *b)
{
    strbuf_addc(out, '{');
    for (int i = 0; i < 16; i++)
        strbuf_addf(out, "%u%s", b[i], i < 15 ? "," : "}");
}

static void emit_string(struct strbuf *out, const char *s)
{
    if (s)
        strbuf_add_c_string(out, s, strlen(s));
    else
        strbuf_addc(out, '0');
}

static void emit_types(struct emitter *em, struct strbuf *out)
{
    for (size_t i = 0; i < em->plan->n_parts; i++) {
        const struct part_plan *part = &em->plan->parts[i];
        if (part->type)
            emit_type(out, em->plan, arena_printf(em->arena, "memo_t_%s_%zu", em->fn->name, i),
                      part->type, part->excluded);
    }
}

/* The parts, as a table in the wrapper: sizeof may name parameters there. */
static void emit_parts(struct emitter *em, struct strbuf *out)
{
    strbuf_adds(out, "static const struct memo_part memo_l_p[] = {");
    for (size_t i = 0; i < em->plan->n_parts; i++) {
        const struct part_plan *part = &em->plan->parts[i];
        strbuf_adds(out, "{");
        emit_string(out, part->name);
        strbuf_adds(out, ", ");
        if (part->kind_text)
            strbuf_adds(out, part->kind_text);
        else
            emit_string(out, part->kind);
        if (part->type)
            strbuf_addf(out, ", &memo_t_%s_%zu", em->fn->name, i);
        else
            strbuf_adds(out, ", 0");
        strbuf_addf(out, ", %s, %uu, %uu, %luu}, ", part->size, part->role, part->ref, part->align);
    }
    strbuf_adds(out, "}; ");
}

/* Callees that only the link step can judge, a line for each; NULL: there are none. */
static const char *unseen_of(struct emitter *em)
{
    struct section_function f = {.name = NULL};
    struct strbuf out = STRBUF_INIT;
    emit_section_calls(em->arena, em->plan, &f);
    for (size_t i = 0; i < f.n_calls; i++)
        if (!f.calls[i].is_listed)
            strbuf_addf(&out, "%s\n", *f.calls[i].name ? f.calls[i].name : "a pointer");
    return out.len ? text_of(em, &out) : NULL;
}

static void emit_site(struct emitter *em, struct strbuf *out)
{
    const struct memo_plan *plan = em->plan;
    strbuf_addf(out, "static struct memo_site memo_l_site = {MEMO_ABI, %uu, ", plan->flags);
    emit_string(out, plan->name);
    strbuf_adds(out, ", ");
    /* Without its folder: the program's content may be in keys, and two checkouts share. */
    const char *unit = em->fe->files[0].src.name, *slash = strrchr(unit, '/');
    emit_string(out, slash ? slash + 1 : unit);
    strbuf_adds(out, ", ");
    emit_string(out, plan->signature);
    strbuf_adds(out, ", ");
    emit_string(out, plan->version);
    strbuf_adds(out, em->request->is_gcc ? ", \"gcc \" __VERSION__ " : ", __VERSION__ ");
    struct strbuf codegen = STRBUF_INIT;
    strbuf_addf(&codegen, " %s", em->request->codegen ? em->request->codegen : "");
    emit_string(out, codegen.buf);
    strbuf_release(&codegen);
    strbuf_adds(out, ", ");
    emit_bytes(out, plan->fingerprint.code);
    strbuf_adds(out, ", ");
    emit_bytes(out, plan->layout);
    strbuf_adds(out, ", ");
    emit_string(out, plan->version ? NULL : plan->fingerprint.components);
    strbuf_adds(out, ", ");
    emit_string(out, unseen_of(em));
    strbuf_addf(out, ", memo_link_table, memo_l_p, %zuu, %uu, %lldLL, %lldLL, 0, 0, 0, 0, 0}; ",
                plan->n_parts, plan->tiers, plan->min_cost_ns, plan->expires_ns);
}

/* ---- the wrapper's statements ---- */

static void emit_direct_call(struct emitter *em, struct strbuf *out)
{
    if (em->is_void)
        strbuf_addf(out, "%s(%s); return; ", em->callee, em->args.buf);
    else
        strbuf_addf(out, "return %s(%s); ", em->callee, em->args.buf);
}

/* A key of at most 16 bytes, made in two registers: a key that is stored in
 * pieces and loaded whole would wait for its stores. */
static void emit_words(struct emitter *em, struct strbuf *out)
{
    const struct memo_plan *plan = em->plan;
    strbuf_adds(out, "memo_abi_u64 memo_l_k[2] = {0, 0}; ");
    for (size_t i = 0; i < plan->n_packed; i++) {
        const struct packed *p = &plan->packed[i];
        for (size_t done = 0; done < p->len;) {
            size_t left = p->len - done, n = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
            size_t at = p->offset + done, shift = at % 8 * 8;
            strbuf_addf(out,
                        "memo_l_k[%zu] |= memo_abi_bits((const char *)&%s + %zu, %zu) << %zu; ",
                        at / 8, p->name, done, n, shift);
            if (at % 8 + n > 8)
                strbuf_addf(out,
                            "memo_l_k[%zu] |= memo_abi_bits((const char *)&%s + %zu, %zu) >> %zu; ",
                            at / 8 + 1, p->name, done, n, 64 - shift);
            done += n;
        }
    }
}

static void emit_packing(struct emitter *em, struct strbuf *out)
{
    const struct memo_plan *plan = em->plan;
    if (plan->packed_len)
        strbuf_addf(out, "unsigned char memo_l_v[%zu]; ", plan->packed_len);
    for (size_t i = 0; i < plan->n_packed; i++) {
        const struct packed *p = &plan->packed[i];
        if (p->is_long_complex) { /* two of ten bytes */
            strbuf_addf(out, "__builtin_memcpy(memo_l_v + %zu, &%s, 10); ", p->offset, p->name);
            strbuf_addf(out, "__builtin_memcpy(memo_l_v + %zu, (char *)&%s + sizeof(%s) / 2, 10); ",
                        p->offset + 10, p->name, p->name);
        } else {
            strbuf_addf(out, "__builtin_memcpy(memo_l_v + %zu, &%s, %zu); ", p->offset, p->name,
                        p->len);
        }
    }
}

/* Behind the scalar table, whose hits pay for every function, and before all that
 * costs something. */
static void emit_bypass(struct emitter *em, struct strbuf *out)
{
    strbuf_addf(out, "if (memo_abi_bypass(%s)) { ", em->site);
    emit_direct_call(em, out);
    strbuf_adds(out, "} ");
}

/* then: what a hit does */
static void emit_fast(struct emitter *em, struct strbuf *out, const char *then)
{
    const char *fp = em->plan->flags & MEMO_SITE_FP ? "memo_abi_fp_default() && " : "";
    strbuf_addf(out,
                "if (__builtin_expect(%smemo_abi_fast(%s, memo_l_k[0], "
                "memo_l_k[1], &memo_l_r, sizeof(memo_l_r)), 1)) %s; ",
                fp, em->site, then);
}

static void emit_spans(struct emitter *em, struct strbuf *out, const char *more)
{
    const struct memo_plan *plan = em->plan;
    strbuf_addf(out, "struct memo_span memo_l_s[%zu]; %s", plan->n_parts ? plan->n_parts : 1, more);
    for (size_t i = 0; i < plan->n_parts; i++) {
        const struct part_plan *part = &plan->parts[i];
        const char *data = part->data;
        strbuf_addf(out, "memo_l_s[%zu].m_data = (void *)(%s); memo_l_s[%zu].m_count = %s; ", i,
                    data, i, part->count);
    }
}

static void emit_lookup(struct emitter *em, struct strbuf *out)
{
    const struct memo_plan *plan = em->plan;
    const char *done = em->is_void ? "return" : "return memo_l_r";
    if (!plan->valid) {
        strbuf_addf(out, "if (memo_abi_begin(%s, memo_l_s, &memo_l_c) == MEMO_HIT) %s; ", em->site,
                    done);
        return;
    }
    strbuf_addf(out,
                "{ int memo_l_h = memo_abi_begin(%s, memo_l_s, &memo_l_c); "
                "if (memo_l_h == MEMO_CANDIDATE) { double memo_age, memo_cost; "
                "memo_abi_age(memo_l_c, &memo_age, &memo_cost); "
                "memo_l_h = memo_abi_accept(&memo_l_c, memo_l_s, !!(%s)); } "
                "if (memo_l_h == MEMO_HIT) %s; } ",
                em->site, plan->valid, done);
}

static void emit_finish(struct emitter *em, struct strbuf *out)
{
    const struct memo_plan *plan = em->plan;
    strbuf_adds(out, "if (memo_l_c) { ");
    if (plan->store_if) {
        if (plan->store_if_uses_result && !em->is_void)
            strbuf_adds(out, "__typeof__(memo_l_r) result = memo_l_r; (void)result; ");
        strbuf_addf(out, "if (!(%s)) memo_abi_drop(memo_l_c); else { ", plan->store_if);
    }
    for (size_t i = 0; i < plan->n_parts; i++) {
        const struct part_plan *part = &plan->parts[i];
        if (!part->late_count)
            continue;
        strbuf_adds(out, "{ ");
        if (!em->is_void)
            strbuf_adds(out, "__typeof__(memo_l_r) result = memo_l_r; (void)result; ");
        strbuf_addf(out, "memo_l_s[%zu].m_count = %s; } ", i, part->late_count);
    }
    strbuf_adds(out, "memo_abi_end(memo_l_c, memo_l_s); ");
    strbuf_adds(out, plan->store_if ? "} } " : "} ");
}

static bool is_declaration(const struct part_plan *part)
{
    return strncmp(part->setup, "extern", 6) == 0;
}

/* The result's variable, and declarations that sizes and shapes need. */
static void emit_locals(struct emitter *em, struct strbuf *out)
{
    if (!em->is_void)
        strbuf_addf(out, "__typeof__(%s(%s)) memo_l_r; ", em->callee, em->args.buf);
    for (size_t i = 0; i < em->plan->n_parts; i++)
        if (is_declaration(&em->plan->parts[i]))
            strbuf_adds(out, em->plan->parts[i].setup);
}

static void emit_site_access(struct emitter *em, struct strbuf *out)
{
    if (!emit_memo_has_hit(em->plan)) {
        emit_parts(em, out);
        emit_site(em, out);
        return;
    }
    strbuf_addf(out, "struct memo_site *const memo_l_at = memo_gen_site_%s(%s); ", em->fn->name,
                em->args.buf);
    em->site = "memo_l_at";
}

static void emit_table(struct emitter *em, struct strbuf *out, const char *then)
{
    strbuf_adds(out, "{ ");
    emit_words(em, out);
    emit_fast(em, out, then);
    strbuf_adds(out, "} ");
}

static void emit_arguments(struct emitter *em, struct strbuf *out, const char *more)
{
    emit_packing(em, out);
    for (size_t i = 0; i < em->plan->n_parts; i++)
        if (!is_declaration(&em->plan->parts[i]))
            strbuf_adds(out, em->plan->parts[i].setup);
    emit_spans(em, out, more);
}

static const char *wrapper_body(struct emitter *em)
{
    struct memo_plan *plan = em->plan;
    struct strbuf out = STRBUF_INIT;
    strbuf_adds(&out, "{ ");
    emit_locals(em, &out);
    emit_site_access(em, &out);
    if (plan->when) {
        strbuf_addf(&out, "if (!(%s)) { if (memo_abi_tells) memo_abi_refused(%s); ", plan->when,
                    em->site);
        emit_direct_call(em, &out);
        strbuf_adds(&out, "} ");
    }
    if (plan->is_fast)
        emit_table(em, &out, "return memo_l_r");
    emit_bypass(em, &out);
    emit_arguments(em, &out, "struct memo_call *memo_l_c = 0; ");
    emit_lookup(em, &out);
    strbuf_addf(&out, em->is_void ? "%s(%s); " : "memo_l_r = %s(%s); ", em->callee, em->args.buf);
    emit_finish(em, &out);
    strbuf_adds(&out, em->is_void ? "}\n" : "return memo_l_r; }\n");
    return text_of(em, &out);
}

/* ---- for synchronized code: is the result known? ---- */

/* Of a type with a name of its own, or made of such types. */
static bool is_spelled(const struct type *t)
{
    while (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY)
        t = t->element;
    return t->kind != TYPE_FUNCTION && t->kind != TYPE_OTHER && !strchr(t->spelling, '(');
}

bool emit_memo_has_hit(const struct memo_plan *plan)
{
    const struct function *fn = plan->mf->fn;
    if (!plan->mf->is_concurrent || plan->mf->is_external || !fn->has_definition || fn->is_knr ||
        fn->result->kind == TYPE_VOID || !is_spelled(fn->result) || fn->result->is_const ||
        fn->result->is_volatile || plan->valid || (plan->flags & MEMO_SITE_ERRNO_READ))
        return false;
    for (size_t i = 0; i < plan->n_parts; i++)
        if ((plan->parts[i].role & MEMO_RESULT) && plan->parts[i].role != MEMO_RESULT)
            return false;
    for (size_t i = 0; i < plan->n_parts; i++) /* the value, and nothing else */
        if (plan->parts[i].role == MEMO_RESULT &&
            strcmp(plan->parts[i].data, "(void *)&memo_l_r") != 0)
            return false;
    for (size_t i = 0; i < fn->n_params; i++)
        if (!is_spelled(fn->params[i]->type))
            return false;
    return true;
}

const char *emit_memo_hit_name(struct arena *arena, const struct memo_plan *plan)
{
    return arena_printf(arena, "memo_gen_hit_%s", plan->mf->fn->name);
}

static void add_parameters(struct strbuf *out, const struct function *fn, const char *const *names)
{
    for (size_t i = 0; i < fn->n_params; i++) {
        const struct type *t = fn->params[i]->type;
        /* Arrays have decayed; const of a parameter itself is no matter. */
        strbuf_addf(out, "%s__typeof__(%s) %s%s", i ? ", " : "",
                    t->kind == TYPE_ARRAY ? t->element->spelling : t->spelling,
                    t->kind == TYPE_ARRAY ? "*" : "", names ? names[i] : fn->params[i]->name);
    }
}

static void add_hit_header(struct strbuf *out, const struct memo_plan *plan)
{
    const struct function *fn = plan->mf->fn;
    strbuf_addf(out, "static __attribute__((unused)) int memo_gen_hit_%s(", fn->name);
    add_parameters(out, fn, NULL);
    strbuf_addf(out, "%s__typeof__(%s) *memo_result, int *memo_errno)", fn->n_params ? ", " : "",
                fn->result->spelling);
}

void emit_memo_hit_prototype(struct strbuf *out, const struct memo_plan *plan)
{
    strbuf_adds(out, quiet_begin);
    add_hit_header(out, plan);
    strbuf_adds(out, ";\n");
    strbuf_adds(out, quiet_end);
}

/* The site in a function of its own, which two functions use. */
static void emit_site_function(struct emitter *em, struct strbuf *out)
{
    strbuf_addf(out,
                "static __inline__ __attribute__((always_inline)) struct memo_site "
                "*memo_gen_site_%s(",
                em->fn->name);
    add_parameters(out, em->fn, NULL);
    strbuf_addf(out, "%s)\n{ ", em->fn->n_params ? "" : "void");
    emit_locals(em, out);
    emit_parts(em, out);
    emit_site(em, out);
    strbuf_adds(out, "return &memo_l_site; }\n");
}

static void emit_hit_function(struct emitter *em, struct strbuf *out)
{
    struct memo_plan *plan = em->plan;
    add_hit_header(out, plan);
    strbuf_adds(out, "\n{ ");
    emit_locals(em, out);
    emit_site_access(em, out);
    if (plan->when)
        strbuf_addf(out, "if (!(%s)) return 0; ", plan->when);
    if (plan->is_fast)
        emit_table(em, out, "return *memo_result = memo_l_r, 1");
    strbuf_adds(out, "if (__atomic_load_n(&memo_l_at->m_bypass, __ATOMIC_RELAXED)) return 0; ");
    emit_arguments(em, out, "");
    strbuf_adds(out, "if (!memo_abi_hit(memo_l_at, memo_l_s, memo_errno)) return 0; "
                     "*memo_result = memo_l_r; return 1; }\n");
}

/* ---- definitions ---- */

static void init(struct emitter *em, struct memo_plan *plan, const struct unit_request *request)
{
    struct memo_function *mf = plan->mf;
    *em = (struct emitter){.plan = plan,
                           .mf = mf,
                           .fn = mf->fn,
                           .fe = mf->scope.fe,
                           .arena = mf->scope.fe->facts.arena,
                           .request = request,
                           .site = "&memo_l_site",
                           .args = STRBUF_INIT};
    em->is_void = mf->fn->result->kind == TYPE_VOID;
}

static void add_arguments(struct emitter *em, bool by_scope)
{
    for (size_t i = 0; i < em->fn->n_params; i++)
        strbuf_addf(&em->args, "%s%s", i ? ", " : "",
                    by_scope ? em->mf->scope.names[i] : em->fn->params[i]->name);
}

static const char *const function_names[] = {"__func__", "__FUNCTION__", "__PRETTY_FUNCTION__"};

/* Visibility has nothing to say to what is static now, nor inline to what is
 * noinline, and an old-style definition has no prototype. */
static bool has_quiet_header(const struct function *fn)
{
    const struct src_range *header = &fn->header;
    return fn->has_visibility_attribute || fn->is_knr || fn->has_pragma_in_header ||
           fn->is_inline ||
           memmem(header->src->text + header->begin, header->end - header->begin, "always_inline",
                  13) != NULL;
}

/* gcc's push_macro knows no other names. A macro of the user's that is called like the
 * function is lost then. */
static bool is_plain(const char *name)
{
    for (; *name; name++)
        if (!(*name >= 'a' && *name <= 'z') && !(*name >= 'A' && *name <= 'Z') &&
            !(*name >= '0' && *name <= '9') && *name != '_')
            return false;
    return true;
}

/* Before the header: declarations, and the new name. */
static const char *text_before_header(struct emitter *em)
{
    const struct function *fn = em->fn;
    const struct source *src = fn->header.src;
    struct strbuf out = STRBUF_INIT;
    strbuf_adds(&out, quiet_begin);
    if (!fn->has_earlier_declaration) {
        edit_line_directive(em->fe, &out, em->file, fn->header.begin);
        if (fn->is_knr) { /* a prototype would not be the user's */
            size_t n = 0;
            const char *open =
                memchr(src->text + fn->name_range.end, '(', fn->header.end - fn->name_range.end);
            if (open)
                n = (size_t)(open - (src->text + fn->header.begin));
            strbuf_add(&out, src->text + fn->header.begin, n);
            strbuf_adds(&out, "();\n");
        } else {
            strbuf_add(&out, src->text + fn->header.begin, fn->header.end - fn->header.begin);
            strbuf_adds(&out, "\n;\n");
        }
    }
    /* Not inlined: the wrapper stays small, and the call computes what it does in cc's program. */
    strbuf_addf(&out, "static __attribute__((noinline)) __typeof__(%s) memo_gen_%s;\n", fn->name,
                fn->name);
    strbuf_adds(&out, quiet_end);
    if (is_plain(fn->name))
        strbuf_addf(&out, "#pragma push_macro(\"%s\")\n", fn->name);
    strbuf_addf(&out, "#undef %s\n#define %s memo_gen_%s\n", fn->name, fn->name, fn->name);
    if (has_quiet_header(fn))
        strbuf_adds(&out, "#pragma GCC diagnostic push\n"
                          "#pragma GCC diagnostic ignored \"-Wattributes\"\n"
                          "#pragma GCC diagnostic ignored \"-Wunknown-pragmas\"\n"
                          "#pragma GCC diagnostic ignored \"-Wmissing-prototypes\"\n");
    return text_of(em, &out);
}

static const char *text_before_body(struct emitter *em)
{
    const struct function *fn = em->fn;
    struct strbuf out = STRBUF_INIT;
    strbuf_addf(&out, is_plain(fn->name) ? "#pragma pop_macro(\"%s\")\n" : "#undef %s\n", fn->name);
    for (size_t i = 0; i < 3; i++)
        strbuf_addf(&out, "#pragma push_macro(\"%s\")\n#undef %s\n#define %s \"%s\"\n",
                    function_names[i], function_names[i], function_names[i], fn->name);
    return text_of(em, &out);
}

static const char *text_after_body(struct emitter *em)
{
    const struct function *fn = em->fn;
    const struct source *src = fn->header.src;
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < 3; i++)
        strbuf_addf(&out, "#pragma pop_macro(\"%s\")\n", function_names[i]);
    if (has_quiet_header(fn)) /* no pragma of this kind may stand between header and body */
        strbuf_adds(&out, quiet_end);
    strbuf_adds(&out, quiet_begin);
    emit_types(em, &out);
    if (emit_memo_has_hit(em->plan)) {
        edit_line_directive(em->fe, &out, em->file, fn->header.begin);
        emit_site_function(em, &out);
        edit_line_directive(em->fe, &out, em->file, fn->header.begin);
        emit_hit_function(em, &out);
    }
    /* The wrapper takes its parameters' addresses. */
    bool has_register = memmem(src->text + fn->header.begin, fn->header.end - fn->header.begin,
                               "register", 8) != NULL;
    if (has_register)
        strbuf_adds(&out, "#pragma push_macro(\"register\")\n#undef register\n#define register\n");
    edit_line_directive(em->fe, &out, em->file, fn->header.begin);
    strbuf_add(&out, src->text + fn->header.begin, fn->header.end - fn->header.begin);
    strbuf_addc(&out, '\n');
    edit_line_directive(em->fe, &out, em->file, fn->header.begin);
    strbuf_adds(&out, wrapper_body(em));
    if (has_register)
        strbuf_adds(&out, "#pragma pop_macro(\"register\")\n");
    strbuf_adds(&out, quiet_end);
    return text_of(em, &out);
}

void emit_memo(struct edit_list *edits, struct memo_plan *plan, const struct unit_request *request)
{
    struct emitter em;
    init(&em, plan, request);
    struct function *fn = em.fn;
    em.file = file_of(em.fe, fn->header.src);
    em.callee = arena_printf(em.arena, "memo_gen_%s", fn->name);
    add_arguments(&em, false);
    edit_add(edits, (struct edit){.file = em.file,
                                  .begin = fn->header.begin,
                                  .end = fn->header.begin,
                                  .text = text_before_header(&em),
                                  .needs_preamble = true});
    edit_add(edits, (struct edit){.file = em.file,
                                  .begin = fn->body.begin,
                                  .end = fn->body.begin,
                                  .text = text_before_body(&em)});
    edit_add(edits, (struct edit){.file = em.file,
                                  .begin = fn->body.end,
                                  .end = fn->body.end,
                                  .text = text_after_body(&em)});
    strbuf_release(&em.args);
}

/* ---- external ---- */

void emit_external(struct edit_list *edits, struct memo_plan *plan,
                   const struct unit_request *request)
{
    struct emitter em;
    init(&em, plan, request);
    struct function *fn = em.fn;
    em.file = plan->mf->top->file;
    em.callee = arena_printf(em.arena, "(%s)", fn->name);
    add_arguments(&em, true);
    struct strbuf out = STRBUF_INIT;
    strbuf_adds(&out, quiet_begin);
    emit_types(&em, &out);
    edit_line_directive(em.fe, &out, em.file, plan->mf->site->begin);
    strbuf_addf(&out, "static __attribute__((unused)) __typeof__(%s) memo_gen_%s(",
                fn->result->spelling, fn->name);
    add_parameters(&out, fn, plan->mf->scope.names);
    strbuf_addf(&out, "%s)\n", fn->n_params ? "" : "void");
    edit_line_directive(em.fe, &out, em.file, plan->mf->site->begin);
    strbuf_adds(&out, wrapper_body(&em));
    strbuf_adds(&out, quiet_end);
    size_t end = plan->mf->top->end;
    const struct source *src = &em.file->src;
    while (end < src->len && src->text[end] != ';')
        end++;
    end += end < src->len;
    edit_add(edits, (struct edit){.file = em.file,
                                  .begin = end,
                                  .end = end,
                                  .text = text_of(&em, &out),
                                  .needs_preamble = true});
    struct call_site *calls;
    size_t n = frontend_calls_of(em.fe, fn, &calls);
    for (size_t i = 0; i < n; i++)
        if (calls[i].file != em.file || calls[i].begin > end)
            edit_add(edits, (struct edit){.file = calls[i].file,
                                          .begin = calls[i].begin,
                                          .end = calls[i].end,
                                          .text = arena_printf(em.arena, "memo_gen_%s", fn->name)});
    strbuf_release(&em.args);
}
