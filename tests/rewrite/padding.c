/* Structs in keys are taken member by member, results with all their bytes. */
struct inner {
    char tag;
    double value;
};
struct outer {
    short id;
    struct inner inner[2];
    unsigned flag : 3, : 5, other : 2;
    union {
        int i;
        float f;
    } u;
};

#pragma memo in(*o)
struct inner pick(const struct outer *o, struct inner fallback)
{
    return (struct inner){o->flag ? o->inner[0].tag : fallback.tag, o->inner[1].value + o->u.i};
}
