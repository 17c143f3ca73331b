#pragma memo in(*p)
int second(const int *p)
{
    return p[0] + p[1]; // expected-error {{'p' has the shape of one object, '*p', and here is another}} expected-note@-3 {{write a section}}
}

#pragma memo in(p[:2])
int both(const int *p)
{
    return p[0] + *(p + 1);
}
