/* frontend_body.c - function bodies to nodes (facts.h).
 *
 * Operators have names in libclang since version 17. Before, they are read in
 * the text between the operands; where a macro makes the operator there is no
 * such text, and it is told from the operands: a destination is an lvalue that
 * no conversion reads. */
#include <stdlib.h>
#include <string.h>

#include "frontend_private.h"

struct conversion {
    struct frontend *fe;
    struct function *fn;
    unsigned depth;
};

struct children {
    CXCursor *items;
    size_t n, cap;
    struct arena *arena;
};

static enum CXChildVisitResult collect(CXCursor c, CXCursor parent, CXClientData data)
{
    struct children *k = data;
    (void)parent;
    ARENA_PUSH(k->arena, k->items, k->n, k->cap) = c;
    return CXChildVisit_Continue;
}

static struct children children_of(struct conversion *cv, CXCursor c)
{
    struct children k = {.arena = cv->fe->facts.arena};
    lc.visitChildren(c, collect, &k);
    return k;
}

static struct node *convert(struct conversion *cv, CXCursor c);

static void set_range(struct conversion *cv, struct node *n, CXCursor c)
{
    CXSourceRange r = lc.getCursorExtent(c);
    n->range = frontend_range(cv->fe, r);
    n->is_macro = frontend_is_macro(c);
    /* Of what is no argument of a macro old versions don't say so. */
    n->is_macro_begin = frontend_location_is_macro(lc.getRangeStart(r)) ||
                        frontend_expansion(cv->fe, n->range.src, n->range.begin);
}

static struct node *new_node(struct conversion *cv, CXCursor c, enum node_kind kind)
{
    struct node *n = ARENA_NEW(cv->fe->facts.arena, struct node);
    n->kind = kind;
    n->op = n->name = "";
    set_range(cv, n, c);
    if (lc.isExpression(lc.getCursorKind(c)))
        n->type = frontend_type(cv->fe, lc.getCursorType(c));
    return n;
}

static void add_kid(struct conversion *cv, struct node *n, struct node *kid)
{
    if (!kid)
        return;
    n->kids = arena_grow(cv->fe->facts.arena, n->kids, n->n_kids * sizeof *n->kids,
                         (n->n_kids + 1) * sizeof *n->kids);
    n->kids[n->n_kids++] = kid;
    kid->parent = n;
}

static struct node *with_kids(struct conversion *cv, CXCursor c, enum node_kind kind)
{
    struct node *n = new_node(cv, c, kind);
    struct children k = children_of(cv, c);
    for (size_t i = 0; i < k.n; i++) {
        struct node *kid = convert(cv, k.items[i]);
        /* `(f(x));` begins at its parenthesis. */
        if (kid && !n->type && lc.getCursorKind(k.items[i]) == CXCursor_ParenExpr)
            set_range(cv, kid, k.items[i]);
        add_kid(cv, n, kid);
    }
    return n;
}

/* ---- operators ---- */

/* What libclang 17 and newer number from 1 on. */
static const char *const binary_names[] = {
    "",   ".*", "->*", "*",  "/",   "%",   "+",  "-",  "<<", ">>", "<=>", "<",
    ">",  "<=", ">=",  "==", "!=",  "&",   "^",  "|",  "&&", "||", "=",   "*=",
    "/=", "%=", "+=",  "-=", "<<=", ">>=", "&=", "^=", "|=", ",",
};
static const char *const unary_names[] = {
    "", "p++", "p--", "++", "--", "&", "*", "+", "-", "~", "!", "__real", "__imag", "__extension__",
};

/* The operator that starts at p, longest first; "" if there is none. */
static const char *operator_at(const char *p, const char *end)
{
    static const char *const known[] = {
        "<<=",
        ">>=",
        "<<",
        ">>",
        "<=",
        ">=",
        "==",
        "!=",
        "&&",
        "||",
        "*=",
        "/=",
        "%=",
        "+=",
        "-=",
        "&=",
        "^=",
        "|=",
        "++",
        "--",
        "*",
        "/",
        "%",
        "+",
        "-",
        "<",
        ">",
        "&",
        "^",
        "|",
        "=",
        ",",
        "~",
        "!",
        "__real",
        "__imag",
        "__extension__",
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i]);
        if ((size_t)(end - p) >= n && memcmp(p, known[i], n) == 0)
            return known[i];
    }
    return "";
}

static const char *skip_blank(const char *p, const char *end)
{
    while (p < end) {
        if (strchr(" \t\r\n\f\v\\)", *p)) { /* parentheses of the left operand */
            p++;
        } else if (end - p > 1 && p[0] == '/' && p[1] == '*') {
            const char *close = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
            p = close ? close + 2 : end;
        } else if (end - p > 1 && p[0] == '/' && p[1] == '/') {
            while (p < end && *p != '\n')
                p++;
        } else {
            break;
        }
    }
    return p;
}

static bool reads_nothing_yet(const struct node *n)
{
    switch (n->kind) {
    case NODE_VARIABLE:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_DEREF:
    case NODE_COMPOUND_LITERAL:
        return n->type && n->type->kind != TYPE_ARRAY && n->type->kind != TYPE_FUNCTION;
    default:
        return false;
    }
}

static const char *binary_operator(CXCursor c, struct node *n)
{
    const struct node *l = n->kids[0], *r = n->kids[1];
    if (lc.getCursorBinaryOperatorKind) {
        unsigned k = lc.getCursorBinaryOperatorKind(c);
        if (k > 0 && k < sizeof binary_names / sizeof *binary_names)
            return binary_names[k];
    }
    if (l->range.src && l->range.src == r->range.src && l->range.end < r->range.begin) {
        const char *text = l->range.src->text, *end = text + r->range.begin;
        const char *op = operator_at(skip_blank(text + l->range.end, end), end);
        if (*op)
            return op;
    }
    n->is_guessed = true;
    if (lc.getCursorKind(c) == CXCursor_CompoundAssignOperator)
        return "+=";
    return reads_nothing_yet(l) ? "=" : "+";
}

static struct node *convert_binary(struct conversion *cv, CXCursor c)
{
    struct node *n = with_kids(cv, c, NODE_BINARY);
    if (n->n_kids != 2) {
        n->kind = NODE_OPERATOR;
        return n;
    }
    n->op = binary_operator(c, n);
    size_t len = strlen(n->op);
    bool compares = strcmp(n->op, "==") == 0 || strcmp(n->op, "!=") == 0 ||
                    strcmp(n->op, "<=") == 0 || strcmp(n->op, ">=") == 0;
    if (n->op[len - 1] == '=' && !compares)
        n->kind = NODE_ASSIGN;
    return n;
}

static const char *unary_operator(CXCursor c, struct node *n)
{
    const struct node *kid = n->kids[0];
    if (lc.getCursorUnaryOperatorKind) {
        unsigned k = lc.getCursorUnaryOperatorKind(c);
        if (k > 0 && k < sizeof unary_names / sizeof *unary_names)
            return unary_names[k];
    }
    if (n->range.src && n->range.src == kid->range.src) {
        const char *text = n->range.src->text, *op = "";
        if (n->range.begin < kid->range.begin)
            op = operator_at(text + n->range.begin, text + n->range.end);
        else if (kid->range.end < n->range.end)
            op = operator_at(skip_blank(text + kid->range.end, text + n->range.end),
                             text + n->range.end);
        if (strcmp(op, "&&") == 0)
            op = "&";
        if (*op && n->range.begin >= kid->range.begin && (*op == '+' || *op == '-'))
            return *op == '+' ? "p++" : "p--";
        if (*op)
            return op;
    }
    if (kid->type && kid->type->kind == TYPE_POINTER && n->type == kid->type->element)
        return "*";
    if (n->type && n->type->kind == TYPE_POINTER && n->type->element == kid->type)
        return "&";
    n->is_guessed = true;
    return reads_nothing_yet(kid) ? "++" : "-";
}

static struct node *convert_unary(struct conversion *cv, CXCursor c)
{
    struct node *n = with_kids(cv, c, NODE_UNARY);
    if (n->n_kids != 1) {
        n->kind = NODE_OPERATOR;
        return n;
    }
    n->op = unary_operator(c, n);
    if (strcmp(n->op, "__extension__") == 0)
        return n->kids[0];
    if (strcmp(n->op, "*") == 0)
        n->kind = NODE_DEREF;
    else if (strcmp(n->op, "&") == 0)
        n->kind = NODE_ADDRESS;
    else if (n->op[0] == 'p' || (n->op[0] == n->op[1] && (n->op[0] == '+' || n->op[0] == '-')))
        n->kind = NODE_INCDEC;
    n->is_postfix = n->op[0] == 'p';
    if (n->is_postfix)
        n->op++;
    return n;
}

/* ---- expressions ---- */

static bool is_constant(const struct type *t)
{
    while (t->kind == TYPE_ARRAY && !t->is_const)
        t = t->element;
    return t->is_const;
}

static bool may_hold_pointers(const struct type *t)
{
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    return t->kind == TYPE_POINTER || t->kind == TYPE_RECORD;
}

/* What a constant global holds is known: tables of functions, above all. What others start with
 * matters where they hold pointers. */
static void read_initializer(struct conversion *cv, struct variable *v, CXCursor decl)
{
    bool is_const = is_constant(v->type);
    if (!v->is_global || v->is_init_read || (!is_const && !may_hold_pointers(v->type)))
        return;
    v->is_init_read = true; /* first: it may name itself */
    CXCursor def = lc.getCursorDefinition(decl);
    CXCursor init = lc.Cursor_getVarDeclInitializer(lc.Cursor_isNull(def) ? decl : def);
    if (!lc.Cursor_isNull(init))
        *(is_const ? &v->init : &v->start) = convert(cv, init);
}

static struct node *convert_reference(struct conversion *cv, CXCursor c)
{
    CXCursor r = lc.getCursorReferenced(c);
    struct node *n = new_node(cv, c, NODE_OTHER);
    switch (lc.getCursorKind(r)) {
    case CXCursor_VarDecl:
    case CXCursor_ParmDecl:
        n->kind = NODE_VARIABLE;
        n->var = frontend_variable_of(cv->fe, r);
        read_initializer(cv, n->var, r);
        break;
    case CXCursor_FunctionDecl:
        n->kind = NODE_FUNCTION;
        n->fn = frontend_function_of(cv->fe, r);
        break;
    case CXCursor_EnumConstantDecl:
        n->kind = NODE_ENUMERATOR;
        n->value = lc.getEnumConstantDeclValue(r);
        break;
    default:
        break;
    }
    return n;
}

static struct node *convert_member(struct conversion *cv, CXCursor c)
{
    struct node *n = new_node(cv, c, NODE_MEMBER);
    struct children k = children_of(cv, c);
    for (size_t i = 0; i < k.n && n->n_kids == 0; i++)
        if (lc.isExpression(lc.getCursorKind(k.items[i])))
            add_kid(cv, n, convert(cv, k.items[i]));
    n->name = frontend_string(cv->fe, lc.getCursorSpelling(c));
    if (strchr(n->name, '('))
        n->name = "";
    if (n->n_kids == 0) {
        n->kind = NODE_OTHER;
        return n;
    }
    n->is_arrow = n->kids[0]->type && n->kids[0]->type->kind == TYPE_POINTER;
    return n;
}

/* Implicit conversions, parentheses and the like: kept only where the type
 * changes. */
static struct node *convert_transparent(struct conversion *cv, CXCursor c)
{
    struct children k = children_of(cv, c);
    if (k.n == 1) {
        struct node *kid = convert(cv, k.items[0]);
        const struct type *t = frontend_type(cv->fe, lc.getCursorType(c));
        if (!kid || (kid->type == t && !(reads_nothing_yet(kid) && t->kind != TYPE_ARRAY)))
            return kid;
        /* An lvalue that is read here: later, reads_nothing_yet() tells. */
        struct node *n = new_node(cv, c, NODE_CAST);
        n->is_implicit = true;
        add_kid(cv, n, kid);
        return n;
    }
    return with_kids(cv, c, NODE_OTHER);
}

static struct node *convert_call(struct conversion *cv, CXCursor c)
{
    struct node *n = with_kids(cv, c, NODE_CALL);
    struct node *callee = n->n_kids > 0 ? n->kids[0] : NULL;
    while (callee && callee->kind == NODE_CAST && callee->is_implicit)
        callee = callee->kids[0];
    if (callee && callee->kind == NODE_FUNCTION)
        n->fn = callee->fn;
    return n;
}

static struct node *convert_string(struct conversion *cv, CXCursor c)
{
    struct node *n = new_node(cv, c, NODE_STRING);
    const char *s = frontend_string(cv->fe, lc.getCursorSpelling(c));
    size_t len = strlen(s);
    n->name = len >= 2 && s[0] == '"' ? arena_strndup(cv->fe->facts.arena, s + 1, len - 2) : s;
    return n;
}

static struct node *convert_literal(struct conversion *cv, CXCursor c)
{
    struct node *n = new_node(cv, c, NODE_LITERAL);
    if (lc.getCursorKind(c) == CXCursor_IntegerLiteral) {
        CXEvalResult e = lc.Cursor_Evaluate(c);
        if (e && lc.EvalResult_getKind(e) == CXEval_Int)
            n->value = lc.EvalResult_getAsLongLong(e);
        if (e)
            lc.EvalResult_dispose(e);
    }
    return n;
}

/* Compound literals and casts carry the type's own children (VLA sizes, type
 * references) before the operand. */
static struct node *convert_last_expression(struct conversion *cv, CXCursor c, enum node_kind kind)
{
    struct node *n = new_node(cv, c, kind);
    struct children k = children_of(cv, c);
    for (size_t i = k.n; i-- > 0;) {
        enum CXCursorKind kk = lc.getCursorKind(k.items[i]);
        if (lc.isExpression(kk) || kk == CXCursor_StmtExpr) {
            add_kid(cv, n, convert(cv, k.items[i]));
            break;
        }
    }
    if (kind == NODE_COMPOUND_LITERAL) {
        n->var = ARENA_NEW(cv->fe->facts.arena, struct variable);
        *n->var = (struct variable){.name = "", .type = n->type, .range = n->range};
    }
    return n;
}

/* ---- declarations and statements ---- */

/* `__attribute__((cleanup(f)))`: f(&v) is called at the end of v's scope. NULL if
 * the attribute is another one. */
static struct node *cleanup_call(struct conversion *cv, CXCursor attribute, struct node *decl)
{
    const char *text = frontend_attribute_text(cv->fe, attribute), *p = strstr(text, "cleanup");
    if (!p)
        return NULL;
    p += strcspn(p, "(");
    p += *p == '(' ? 1 + strspn(p + 1, " ") : 0;
    size_t len = strcspn(p, " )");
    struct node *var = new_node(cv, attribute, NODE_VARIABLE);
    struct node *address = new_node(cv, attribute, NODE_ADDRESS);
    struct node *callee = new_node(cv, attribute, NODE_OTHER);
    struct node *call = new_node(cv, attribute, NODE_CALL);
    struct type *pointer = ARENA_NEW(cv->fe->facts.arena, struct type);
    *pointer = (struct type){.kind = TYPE_POINTER,
                             .element = decl->var->type,
                             .is_complete = true,
                             .size = sizeof(void *),
                             .align = sizeof(void *),
                             .spelling = "void *"};
    var->var = decl->var;
    var->type = decl->var->type;
    address->type = pointer;
    add_kid(cv, address, var);
    callee->fn = call->fn = frontend_function(cv->fe, arena_strndup(cv->fe->facts.arena, p, len));
    if (callee->fn)
        callee->kind = NODE_FUNCTION;
    call->range = decl->var->range;
    add_kid(cv, call, callee);
    add_kid(cv, call, address);
    return call;
}

/* What attributes of a local variable do: they come behind its declaration. */
static struct node *convert_attribute(struct conversion *cv, CXCursor attribute, CXCursor variable,
                                      struct node *decl)
{
    if (lc.getCursorKind(attribute) == CXCursor_AsmLabelAttr)
        return lc.Cursor_getStorageClass(variable) == CX_SC_Register
                   ? new_node(cv, variable, NODE_ASM)
                   : NULL;
    return cleanup_call(cv, attribute, decl);
}

static struct node *convert_variable(struct conversion *cv, CXCursor c)
{
    struct node *n = new_node(cv, c, NODE_DECL);
    n->var = frontend_variable_of(cv->fe, c);
    struct arena *a = cv->fe->facts.arena;
    ARENA_PUSH(a, cv->fn->locals, cv->fn->n_locals, cv->fn->cap_locals) = n->var;
    CXCursor init = lc.Cursor_getVarDeclInitializer(c);
    if (!lc.Cursor_isNull(init)) {
        add_kid(cv, n, convert(cv, init));
        n->var->init = n->n_kids ? n->kids[0] : NULL;
    }
    struct node *block = NULL, *after = NULL;
    struct children k = children_of(cv, c);
    for (size_t i = 0; i < k.n; i++) {
        bool is_attribute = lc.isAttribute(lc.getCursorKind(k.items[i]));
        if (is_attribute && !after)
            after = convert_attribute(cv, k.items[i], c, n);
        /* Sizes of variable arrays are evaluated here. */
        if (!lc.isExpression(lc.getCursorKind(k.items[i])) || lc.equalCursors(k.items[i], init))
            continue;
        struct node *size = convert(cv, k.items[i]);
        if (!size || size->kind == NODE_LITERAL || size->kind == NODE_ENUMERATOR)
            continue;
        if (!block)
            block = new_node(cv, c, NODE_BLOCK);
        add_kid(cv, block, size);
    }
    if (!block && !after)
        return n;
    if (!block)
        block = new_node(cv, c, NODE_BLOCK);
    block->is_declaration = true;
    add_kid(cv, block, n);
    add_kid(cv, block, after);
    return block;
}

/* `int a = 1, b[n];` is one statement. */
static struct node *convert_declarations(struct conversion *cv, CXCursor c)
{
    struct children k = children_of(cv, c);
    struct node *out = NULL;
    size_t n_found = 0;
    for (size_t i = 0; i < k.n; i++) {
        if (lc.getCursorKind(k.items[i]) != CXCursor_VarDecl)
            continue;
        struct node *n = convert_variable(cv, k.items[i]);
        if (n_found++ == 0) {
            out = n;
            continue;
        }
        if (n_found == 2) {
            struct node *block = new_node(cv, c, NODE_BLOCK);
            add_kid(cv, block, out);
            out = block;
        }
        add_kid(cv, out, n);
    }
    if (!out)
        return NULL;
    out->is_declaration = true;
    set_range(cv, out, c);
    return out;
}

static struct node *convert_case(struct conversion *cv, CXCursor c)
{
    struct node *n = with_kids(cv, c, NODE_CASE);
    if (lc.getCursorKind(c) == CXCursor_DefaultStmt) {
        n->op = "default";
        return n;
    }
    struct children k = children_of(cv, c);
    CXEvalResult e = k.n ? lc.Cursor_Evaluate(k.items[0]) : NULL;
    if (e && lc.EvalResult_getKind(e) == CXEval_Int)
        n->value = lc.EvalResult_getAsLongLong(e);
    if (e)
        lc.EvalResult_dispose(e);
    return n;
}

/* A label, and what names one: goto, `&&label`. */
static struct node *convert_label(struct conversion *cv, CXCursor c, enum node_kind kind)
{
    struct node *n = with_kids(cv, c, kind);
    if (kind == NODE_LABEL) {
        n->name = frontend_string(cv->fe, lc.getCursorSpelling(c));
        return n;
    }
    struct children k = children_of(cv, c);
    for (size_t i = 0; i < k.n; i++)
        if (lc.getCursorKind(k.items[i]) == CXCursor_LabelRef)
            n->name = frontend_string(cv->fe, lc.getCursorSpelling(k.items[i]));
    return n;
}

/* Statements that libclang has no kind for. Of those with attributes the statement is
 * kept; attributes that are written in front belong to its text, pragmas don't. */
static struct node *convert_other_statement(struct conversion *cv, CXCursor c)
{
    struct node *n = with_kids(cv, c, NODE_OTHER);
    if (n->n_kids != 1)
        return n;
    struct node *last = n->kids[0];
    const struct source *src = n->range.src;
    if (src && !n->is_macro_begin && src == last->range.src &&
        (src->text[n->range.begin] == '[' ||
         strncmp(src->text + n->range.begin, "__attribute", 11) == 0)) {
        last->range.begin = n->range.begin;
        last->is_macro_begin = false;
    }
    return last;
}

static const struct {
    enum CXCursorKind cursor;
    enum node_kind node;
} plain[] = {
    {CXCursor_ArraySubscriptExpr, NODE_INDEX},
    {CXCursor_ConditionalOperator, NODE_COND},
    {CXCursor_InitListExpr, NODE_INIT_LIST},
    {CXCursor_StmtExpr, NODE_STMT_EXPR},
    {CXCursor_CompoundStmt, NODE_BLOCK},
    {CXCursor_IfStmt, NODE_IF},
    {CXCursor_ForStmt, NODE_FOR},
    {CXCursor_WhileStmt, NODE_WHILE},
    {CXCursor_DoStmt, NODE_DO},
    {CXCursor_SwitchStmt, NODE_SWITCH},
    {CXCursor_NullStmt, NODE_NULL},
    {CXCursor_BreakStmt, NODE_BREAK},
    {CXCursor_ContinueStmt, NODE_CONTINUE},
    {CXCursor_ReturnStmt, NODE_RETURN},
    {CXCursor_AsmStmt, NODE_ASM},
    {CXCursor_MSAsmStmt, NODE_ASM},
};

static struct node *convert_kind(struct conversion *cv, CXCursor c)
{
    enum CXCursorKind k = lc.getCursorKind(c);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (plain[i].cursor == k)
            return with_kids(cv, c, plain[i].node);
    switch (k) {
    case CXCursor_DeclRefExpr:
        return convert_reference(cv, c);
    case CXCursor_MemberRefExpr:
        return convert_member(cv, c);
    case CXCursor_CallExpr:
        return convert_call(cv, c);
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
        return convert_binary(cv, c);
    case CXCursor_UnaryOperator:
        return convert_unary(cv, c);
    case CXCursor_UnexposedExpr:
    case CXCursor_ParenExpr:
        return convert_transparent(cv, c);
    case CXCursor_CStyleCastExpr:
        return convert_last_expression(cv, c, NODE_CAST);
    case CXCursor_CompoundLiteralExpr:
        return convert_last_expression(cv, c, NODE_COMPOUND_LITERAL);
    case CXCursor_StringLiteral:
        return convert_string(cv, c);
    case CXCursor_IntegerLiteral:
    case CXCursor_FloatingLiteral:
    case CXCursor_ImaginaryLiteral:
    case CXCursor_CharacterLiteral:
        return convert_literal(cv, c);
    case CXCursor_UnaryExpr: /* sizeof, _Alignof: not evaluated */
        return new_node(cv, c, NODE_SIZEOF);
    case CXCursor_CaseStmt:
    case CXCursor_DefaultStmt:
        return convert_case(cv, c);
    case CXCursor_LabelStmt:
        return convert_label(cv, c, NODE_LABEL);
    case CXCursor_GotoStmt:
    case CXCursor_IndirectGotoStmt:
        return convert_label(cv, c, NODE_GOTO);
    case CXCursor_AddrLabelExpr:
        return convert_label(cv, c, NODE_OTHER);
    case CXCursor_UnexposedStmt:
        return convert_other_statement(cv, c);
    case CXCursor_DeclStmt:
        return convert_declarations(cv, c);
    case CXCursor_VarDecl:
        return convert_variable(cv, c);
    case CXCursor_TypeRef:
    case CXCursor_MemberRef:
    case CXCursor_LabelRef:
        return NULL;
    default:
        if (lc.isDeclaration(k) || lc.isAttribute(k))
            return NULL;
        return with_kids(cv, c, NODE_OTHER);
    }
}

static struct node *convert(struct conversion *cv, CXCursor c)
{
    /* Deeper than any hand-written code; generated `a+b+c+...` stays below. */
    if (cv->depth > 3000)
        return new_node(cv, c, NODE_OPERATOR);
    cv->depth++;
    struct node *n = convert_kind(cv, c);
    cv->depth--;
    if (n && n->kind == NODE_INDEX && n->n_kids == 2 && n->kids[0]->type &&
        n->kids[0]->type->kind != TYPE_POINTER && n->kids[0]->type->kind != TYPE_ARRAY &&
        n->kids[0]->type->kind != TYPE_VECTOR) {
        struct node *swap = n->kids[0]; /* 3[a] */
        n->kids[0] = n->kids[1];
        n->kids[1] = swap;
    }
    return n;
}

static enum CXChildVisitResult find_compound(CXCursor c, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (lc.getCursorKind(c) == CXCursor_CompoundStmt)
        *(CXCursor *)data = c;
    return CXChildVisit_Continue;
}

const struct node *frontend_body(struct frontend *fe, struct function *fn)
{
    if (fn->root || !fn->has_definition)
        return fn->root;
    CXCursor def = *(CXCursor *)fn->decl, body = lc.getNullCursor();
    lc.visitChildren(def, find_compound, &body);
    if (lc.Cursor_isNull(body))
        return NULL;
    struct conversion cv = {.fe = fe, .fn = fn};
    fn->root = convert(&cv, body);
    return fn->root;
}
