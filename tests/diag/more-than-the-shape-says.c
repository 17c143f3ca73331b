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

struct pair {
    int a, b;
};

#pragma memo in(*p) // expected-note {{write a section, like 'p[:n]'}}
int second_of_pair(const int *p)
{
    return ((const struct pair *)p)->b; // expected-error {{'p' has the shape of one object, '*p', and here is another}}
}

#pragma memo in(*p)
int first_byte(const int *p)
{
    return *(const unsigned char *)p;
}
