/* facts.h - what the frontend tells everybody else about a unit: plain structs.
 *
 * No libclang here: checks, plan and emission work on these alone. Everything
 * lives in the unit's arena. Ranges are file positions; of code that a macro
 * makes, the range is the whole invocation and is_macro is set. */
#ifndef MEMOCC_FACTS_H
#define MEMOCC_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "source.h"

/* ---- types: canonical, one struct for each ---- */

enum type_kind {
    TYPE_VOID,
    TYPE_BOOL,
    TYPE_INTEGER, /* char kinds too; __int128 */
    TYPE_FLOAT,   /* float double long double _Float16 __float128 */
    TYPE_COMPLEX, /* element: the float type */
    TYPE_ENUM,
    TYPE_POINTER,  /* element */
    TYPE_ARRAY,    /* element, count */
    TYPE_RECORD,   /* record */
    TYPE_FUNCTION, /* element: result */
    TYPE_VECTOR,
    TYPE_OTHER, /* _BitInt, nullptr_t, blocks, errors, ... */
};

struct record;
struct type {
    enum type_kind kind;
    bool is_const, is_volatile, is_restrict, is_atomic;
    bool is_char;         /* char, signed char, unsigned char */
    bool is_signed;       /* integers */
    bool is_long_double;  /* x87: 10 of 16 bytes count */
    bool is_complete;     /* size is known at compile time */
    bool is_variable;     /* an array whose size is known at run time only (VLA) */
    size_t size, align;   /* 0 unless complete */
    const char *spelling; /* canonical, without places of anonymous types */
    const struct type *element;
    long long count; /* arrays: -1 unknown or variable */
    const struct record *record;
};

struct field {
    const char *name; /* "" for anonymous members and unnamed bit-fields */
    const struct type *type;
    long long bit_offset; /* in the record */
    bool is_bitfield;
    unsigned bit_width; /* of a bit-field */
};
struct record {
    const char *name;                      /* "struct s", or a description of an anonymous one */
    bool is_union, is_complete, is_system; /* is_system: declared in a system header */
    bool has_flexible_array;
    struct field *fields;
    size_t n_fields;
    size_t size, align;
};

/* ---- declarations ---- */

enum storage { STORAGE_NONE, STORAGE_EXTERN, STORAGE_STATIC };

struct variable {
    const char *name;
    const struct type *type;
    struct src_range range; /* of its name */
    bool is_parameter;
    unsigned index; /* of a parameter */
    bool is_global; /* file scope, or static or extern in a function */
    bool is_static_local, is_thread_local;
    bool is_register;        /* `register`: its address can't be taken */
    bool is_internal;        /* file scope, static */
    bool is_block_extern;    /* `extern` inside a function, its first declaration */
    bool is_defined_here;    /* a definition, tentative ones too, stands in this unit */
    bool is_system;          /* declared in a system header */
    const struct node *init; /* of local variables, and of constant globals; NULL: none */
    const struct node *start; /* the initializer of a global that isn't constant and may hold
                                 pointers; NULL: none */
    bool is_init_read;       /* of a global: init or start was looked at */
    void *data;              /* for one analysis at a time */
};

struct node;
struct function {
    const char *name;
    const struct type *type; /* TYPE_FUNCTION */
    const struct type *result;
    const char *signature;    /* canonical spelling of the type */
    struct variable **params; /* of the definition if there is one */
    size_t n_params;
    bool is_variadic, is_static, is_inline, is_noreturn, is_main;
    bool is_system;                   /* declared in a system header and nowhere else */
    bool is_builtin;                  /* __builtin_... */
    bool is_const_attr, is_pure_attr; /* GNU attributes of the user's or of a header */
    bool has_definition;              /* in this unit */
    bool has_earlier_declaration;     /* before its definition, at file scope */
    struct src_range name_range;      /* of the definition, else of a declaration */
    /* Of the definition; range.src NULL if a macro makes it. */
    struct src_range header; /* first token of the declaration up to the '{', without blanks */
    struct src_range body;   /* '{' to '}' */
    bool is_knr;             /* old-style parameter list */
    bool is_macro_name;      /* its name is not spelled at name_range */
    bool is_macro_body;      /* header or braces come from a macro */
    bool defines_type;       /* a struct, union or enum is defined in its header */
    const char
        *refused_attribute; /* "weak", "alias", "constructor"...: what forbids memo; or NULL */
    /* GNU access attributes with a size, in the user's own source. */
    struct access_attribute {
        enum { ACCESS_READ, ACCESS_WRITE, ACCESS_READ_WRITE } mode;
        unsigned pointer, size; /* indices of parameters */
    } * access;
    size_t n_access, cap_access;
    bool has_pragma_in_header; /* of ours, made by a macro that makes more */
    bool has_visibility_attribute;
    bool optimizes_differently; /* optimize/target attribute: in the fingerprint */
    /* Of its `#pragma memo`, for its callers: */
    const char *memo_name; /* NULL: it has none in this unit */
    const char *version;   /* stands for its code; or NULL */
    bool is_memo_pure;     /* `pure` */

    const struct node *root;  /* the body, converted on demand by frontend_body(); NULL before */
    struct variable **locals; /* all variables declared in the body */
    size_t n_locals, cap_locals;
    void *decl; /* the frontend's */
    void *data; /* for one analysis at a time (effects.c) */
};

/* ---- bodies ---- */

enum node_kind {
    NODE_VARIABLE,   /* var */
    NODE_FUNCTION,   /* fn: its name in an expression */
    NODE_ENUMERATOR, /* value */
    NODE_LITERAL,    /* number or character */
    NODE_STRING,     /* string literal: an array */
    NODE_MEMBER,     /* kids[0].name, or -> if is_arrow (kids[0] is then a pointer) */
    NODE_INDEX,      /* kids[0] is the pointer (decayed array), kids[1] the index */
    NODE_DEREF,
    NODE_ADDRESS,
    NODE_UNARY, /* + - ~ ! and __real__ ... */
    NODE_INCDEC,
    NODE_BINARY,   /* op: text of the operator: "+", "&&", ","... */
    NODE_ASSIGN,   /* op "=", "+=", ...; kids[0] the destination */
    NODE_OPERATOR, /* unknown operator (macro-made, libclang < 17): the worst is assumed */
    NODE_COND,     /* kids[0] ? kids[1] : kids[2] */
    NODE_CALL,     /* kids[0] the callee, kids[1..] arguments; fn set if it is called by name */
    NODE_CAST,     /* explicit or implicit (is_implicit); type is the new type */
    NODE_SIZEOF,   /* unevaluated; no kids */
    NODE_COMPOUND_LITERAL, /* kids[0] the initializer list; var: an unnamed local object */
    NODE_INIT_LIST,
    NODE_STMT_EXPR, /* kids[0] a block; its value is the last statement's */
    NODE_VA_ARG,
    NODE_DECL,   /* declaration of var; its initializer, if any, is kids[0] */
    NODE_RETURN, /* kids[0], if any */
    NODE_BLOCK,  /* { }; or several NODE_DECL of one declaration (is_declaration) */
    NODE_NULL,   /* ; */
    NODE_IF,     /* kids[0] the condition, kids[1], kids[2] if there's an else */
    NODE_FOR,    /* only what is written: see stmt_for_parts() */
    NODE_WHILE,  /* kids[0] the condition, kids[1] */
    NODE_DO,     /* kids[0] the body, kids[1] the condition */
    NODE_SWITCH, /* kids[0], kids[1] */
    NODE_CASE,   /* value and statement; value..end and statement; op "default": statement */
    NODE_LABEL,  /* name: kids[0] */
    NODE_GOTO,   /* name; computed: "", kids[0] is where to */
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_ASM,
    NODE_NESTED_FUNCTION,
    NODE_OTHER, /* anything else; kids are what is in it */
};

struct node {
    enum node_kind kind;
    const struct type *type; /* of expressions; NULL for statements */
    const char *op;          /* "" where none */
    const char *name;        /* member, label; text of a string */
    struct variable *var;
    struct function *fn;
    long long value;
    bool is_guessed; /* op: a macro makes it, which this libclang doesn't show; the worst is assumed
                      */
    bool is_arrow, is_implicit, is_postfix;
    bool is_macro;       /* its begin or its end comes out of a macro, as far as libclang tells */
    bool is_macro_begin; /* its begin does; sure in files with annotations */
    /* A declaration: a NODE_DECL, or a NODE_BLOCK whose kids are its NODE_DECLs (in such
     * blocks of their own where sizes of arrays or attributes carry out something). The
     * range is that of the statement, with its semicolon; of the inner ones, a declarator's. */
    bool is_declaration;
    struct src_range range; /* statements: without their semicolon; see stmt_range() */
    struct node *parent;    /* NULL for the body of a function, and for initializers of globals */
    struct node **kids;
    size_t n_kids;
};

/* ---- the unit ---- */

struct facts {
    struct arena *arena;
    struct function **functions; /* known by name so far */
    size_t n_functions, cap_functions;
    struct variable **globals;
    size_t n_globals, cap_globals;
};

struct frontend;

/* The function's body as nodes, converted at the first call; NULL if it has no
 * definition in this unit. */
const struct node *frontend_body(struct frontend *fe, struct function *fn);

/* Names of types, tags, enumerators and functions declared inside fn's body. */
size_t frontend_local_names(struct frontend *fe, struct function *fn, const char *const **names);

#endif
