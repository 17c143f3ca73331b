/* frontend_names.c - what is declared inside a function but its variables: text that
 * mentions such a name means nothing outside of the function. */
#include <string.h>

#include "frontend_private.h"

struct name_visit {
    struct frontend *fe;
    const char **found;
    size_t n, cap;
};

static enum CXChildVisitResult visit_name(CXCursor c, CXCursor parent, CXClientData data)
{
    struct name_visit *v = data;
    (void)parent;
    switch (lc.getCursorKind(c)) {
    case CXCursor_TypedefDecl:
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_EnumDecl:
        if (lc.Cursor_isAnonymous(c))
            break;
        /* fall through */
    case CXCursor_EnumConstantDecl:
    case CXCursor_FunctionDecl: {
        const char *name = frontend_string(v->fe, lc.getCursorSpelling(c));
        if (*name && !strpbrk(name, " ("))
            ARENA_PUSH(v->fe->facts.arena, v->found, v->n, v->cap) = name;
        break;
    }
    default:
        break;
    }
    return CXChildVisit_Recurse;
}

static enum CXChildVisitResult visit_body(CXCursor c, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (lc.getCursorKind(c) == CXCursor_CompoundStmt)
        lc.visitChildren(c, visit_name, data);
    return CXChildVisit_Continue;
}

size_t frontend_local_names(struct frontend *fe, struct function *fn, const char *const **names)
{
    struct name_visit v = {.fe = fe};
    if (fn->has_definition)
        lc.visitChildren(*(CXCursor *)fn->decl, visit_body, &v);
    *names = v.found;
    return v.n;
}
