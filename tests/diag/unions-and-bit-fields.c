struct tagged {
    int tag : 4;
    union {
        int i;
        const char *s;
    } u;
};

#pragma memo in(*t) ignore(t->u.s) // expected-error {{a member of a union can't be ignored alone}} expected-error {{pointer '*t.u.s' has no shape}}
int a(const struct tagged *t)
{
    return t->tag;
}

#pragma memo in(*t) ignore(t->u)
int b(const struct tagged *t)
{
    return t->tag;
}

#pragma memo out(t->tag) // expected-error {{'t->tag' is a bit-field}}
void c(struct tagged *t)
{
    t->tag = 1;
}
