/* frontend_type.c - libclang's types to struct type and struct record; see
 * facts.h. Types are canonical before they are looked at: a typedef is
 * CXType_Typedef in one version and CXType_Elaborated in another. */
#include <string.h>

#include "frontend_private.h"

/* "struct (unnamed at f.c:3:152)" loses its place: 14 and 19 write it in
 * different ways, and a moved line isn't a new type. A folder may have a
 * parenthesis in its name: the place ends in :line:column. */
char *frontend_without_places(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s), *w = out;
    while (*s) {
        const char *end = NULL;
        if (strncmp(s, " at ", 4) == 0) {
            for (const char *p = s + 4; !end && (p = strchr(p, ')')) != NULL; p++) {
                const char *q = p;
                int colons = 0;
                while ((q[-1] >= '0' && q[-1] <= '9') || (q[-1] == ':' && colons < 2))
                    colons += *--q == ':';
                if (colons == 2 && q < p - 3)
                    end = p;
            }
        }
        if (end)
            s = end;
        else
            *w++ = *s++;
    }
    *w = '\0';
    return out;
}

const char *frontend_type_spelling(struct frontend *fe, CXType t)
{
    const char *s = frontend_string(fe, lc.getTypeSpelling(lc.getCanonicalType(t)));
    return frontend_without_places(fe->facts.arena, s);
}

static enum CXVisitorResult add_field(CXCursor c, CXClientData data)
{
    void **args = data;
    struct frontend *fe = args[0];
    struct record *r = args[1];
    size_t *cap = args[2];
    struct field *f = &ARENA_PUSH(fe->facts.arena, r->fields, r->n_fields, *cap);
    *f = (struct field){
        .name = frontend_string(fe, lc.getCursorSpelling(c)),
        .type = frontend_type(fe, lc.getCursorType(c)),
        .bit_offset = lc.Cursor_getOffsetOfField(c),
        .is_bitfield = lc.Cursor_isBitField(c),
    };
    /* Newer versions spell anonymous members as "struct s::(anonymous at ...)". */
    if (strchr(f->name, '('))
        f->name = "";
    if (f->is_bitfield)
        f->bit_width = (unsigned)lc.getFieldDeclBitWidth(c);
    if (f->type->kind == TYPE_ARRAY && f->type->count < 0)
        r->has_flexible_array = true;
    else if (f->type->kind == TYPE_RECORD && f->type->record->has_flexible_array)
        r->has_flexible_array = true;
    return CXVisit_Continue;
}

const struct record *frontend_record(struct frontend *fe, CXType t)
{
    CXCursor decl = lc.getTypeDeclaration(t), def = lc.getCursorDefinition(decl);
    CXCursor c = lc.Cursor_isNull(def) ? lc.getCanonicalCursor(decl) : def;
    void **slot = cursor_map_at(fe->facts.arena, &fe->p->records, c);
    if (*slot)
        return *slot;
    struct record *r = ARENA_NEW(fe->facts.arena, struct record);
    *slot = r;
    r->name = frontend_type_spelling(fe, lc.getCursorType(c));
    r->is_union = lc.getCursorKind(c) == CXCursor_UnionDecl;
    r->is_system = lc.Location_isInSystemHeader(lc.getCursorLocation(c));
    long long size = lc.Type_getSizeOf(lc.getCursorType(c));
    if (size < 0)
        return r;
    r->is_complete = true;
    r->size = (size_t)size;
    r->align = (size_t)lc.Type_getAlignOf(lc.getCursorType(c));
    size_t cap = 0;
    void *args[] = {fe, r, &cap};
    lc.Type_visitFields(lc.getCursorType(c), add_field, args);
    return r;
}

static void fill_array(struct frontend *fe, struct type *out, CXType t)
{
    out->kind = TYPE_ARRAY;
    out->element = frontend_type(fe, lc.getArrayElementType(t));
    out->count = t.kind == CXType_ConstantArray ? lc.getArraySize(t) : -1;
    out->is_variable = t.kind == CXType_VariableArray || out->element->is_variable;
    out->is_const |= out->element->is_const;
    out->is_volatile |= out->element->is_volatile;
}

static enum type_kind kind_of_builtin(enum CXTypeKind k)
{
    switch (k) {
    case CXType_Void:
        return TYPE_VOID;
    case CXType_Bool:
        return TYPE_BOOL;
    case CXType_Char_U:
    case CXType_UChar:
    case CXType_Char16:
    case CXType_Char32:
    case CXType_UShort:
    case CXType_UInt:
    case CXType_ULong:
    case CXType_ULongLong:
    case CXType_UInt128:
    case CXType_Char_S:
    case CXType_SChar:
    case CXType_WChar:
    case CXType_Short:
    case CXType_Int:
    case CXType_Long:
    case CXType_LongLong:
    case CXType_Int128:
        return TYPE_INTEGER;
    case CXType_Float:
    case CXType_Double:
    case CXType_LongDouble:
    case CXType_Float128:
    case CXType_Half:
    case CXType_Float16:
        return TYPE_FLOAT;
    default:
        return TYPE_OTHER;
    }
}

static void fill(struct frontend *fe, struct type *out, CXType t)
{
    out->spelling = frontend_type_spelling(fe, t);
    out->is_const = lc.isConstQualifiedType(t);
    out->is_volatile = lc.isVolatileQualifiedType(t);
    out->is_restrict = lc.isRestrictQualifiedType(t);
    out->count = -1;
    /* Of a builtin function's own type libclang dies when asked for the size. */
    bool has_size = t.kind != CXType_Unexposed && t.kind != CXType_Overload &&
                    t.kind != CXType_Dependent && t.kind != CXType_Invalid;
    long long size = has_size ? lc.Type_getSizeOf(t) : -1;
    if (size >= 0 && t.kind != CXType_Void && t.kind != CXType_FunctionProto &&
        t.kind != CXType_FunctionNoProto) {
        out->is_complete = true;
        out->size = (size_t)size;
        out->align = (size_t)lc.Type_getAlignOf(t);
    }
    switch (t.kind) {
    case CXType_Pointer:
        out->kind = TYPE_POINTER;
        out->element = frontend_type(fe, lc.getPointeeType(t));
        return;
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
    case CXType_VariableArray:
    case CXType_DependentSizedArray:
        fill_array(fe, out, t);
        return;
    case CXType_Record:
        out->kind = TYPE_RECORD;
        out->record = frontend_record(fe, t);
        return;
    case CXType_Enum:
        out->kind = TYPE_ENUM;
        return;
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
        out->kind = TYPE_FUNCTION;
        out->element = frontend_type(fe, lc.getResultType(t));
        return;
    case CXType_Complex:
        out->kind = TYPE_COMPLEX;
        out->element = frontend_type(fe, lc.getElementType(t));
        out->is_long_double = out->element->is_long_double;
        return;
    case CXType_Vector:
    case CXType_ExtVector:
        out->kind = TYPE_VECTOR;
        out->element = frontend_type(fe, lc.getElementType(t));
        out->count = lc.getNumElements(t);
        return;
    case CXType_Atomic: {
        const struct type *value = frontend_type(fe, lc.Type_getValueType(t));
        const char *spelling = out->spelling;
        *out = *value;
        out->spelling = spelling;
        out->is_atomic = true;
        return;
    }
    default:
        out->kind = kind_of_builtin(t.kind);
        out->is_char = t.kind == CXType_Char_U || t.kind == CXType_Char_S ||
                       t.kind == CXType_UChar || t.kind == CXType_SChar;
        out->is_signed = out->kind == TYPE_INTEGER && t.kind >= CXType_Char_S;
        out->is_long_double = t.kind == CXType_LongDouble && out->size > 8;
        if (out->kind == TYPE_VOID || out->kind == TYPE_OTHER)
            out->is_complete = out->kind == TYPE_OTHER && out->is_complete;
        return;
    }
}

static size_t hash_type(CXType t)
{
    /* Equal types have equal spellings; the reverse need not hold. */
    CXString s = lc.getTypeSpelling(t);
    const char *p = lc.getCString(s);
    size_t h = 5381;
    for (; p && *p; p++)
        h = h * 33 + (unsigned char)*p;
    lc.disposeString(s);
    return h * 0x9e3779b97f4a7c15u >> 20;
}

static struct type **type_slot(struct frontend *fe, CXType t)
{
    struct type_map *m = &fe->p->types;
    if (m->n * 2 >= m->cap) {
        struct type_map bigger = {.cap = m->cap ? m->cap * 2 : 256};
        bigger.entries = arena_alloc(fe->facts.arena, bigger.cap * sizeof *bigger.entries);
        for (size_t i = 0; i < m->cap; i++) {
            if (!m->entries[i].value)
                continue;
            size_t j = hash_type(m->entries[i].key) & (bigger.cap - 1);
            while (bigger.entries[j].value)
                j = (j + 1) & (bigger.cap - 1);
            bigger.entries[j] = m->entries[i];
        }
        bigger.n = m->n;
        *m = bigger;
    }
    size_t i = hash_type(t) & (m->cap - 1);
    while (m->entries[i].value && !lc.equalTypes(m->entries[i].key, t))
        i = (i + 1) & (m->cap - 1);
    m->entries[i].key = t;
    return &m->entries[i].value;
}

const struct type *frontend_type(struct frontend *fe, CXType t)
{
    t = lc.getCanonicalType(t);
    struct type **slot = type_slot(fe, t);
    if (*slot)
        return *slot;
    struct type *out = ARENA_NEW(fe->facts.arena, struct type);
    *slot = out; /* before its parts: a struct may point to itself */
    fe->p->types.n++;
    fill(fe, out, t);
    return out;
}
