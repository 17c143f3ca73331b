#pragma memo // expected-error {{is not followed by a function}}
int not_a_function;

#pragma memo // expected-error {{several declarators}}
int two(int), declarators(int);

#pragma memo
#pragma memo // expected-error {{already has a '#pragma memo' here}}
int twice(int n)
{
    return n;
}

#pragma memo ignore(m)
int differ(int n, int m);

#pragma memo // expected-error {{don't mean the same}}
int differ(int n, int m)
{
    return n + m;
}

#pragma memo in(p[:n])
int same(const int *p, int n);

#pragma memo in(q[:count])
int same(const int *q, int count)
{
    return count > 0 ? q[0] : 0;
}

#if 0
#pragma memo nonsense
#endif

// #pragma memo nonsense
const char *text = "#pragma memo nonsense";

#pragma checkpoint // expected-error {{is not followed by a loop}} expected-note {{it stands before a 'for', 'while' or 'do' loop}}
int later(int n);

#pragma memo // expected-error {{is not followed by a function}}
