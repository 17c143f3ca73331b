/* What libclang can't read can't be saved. */
int work(int i);

int f(int n)
{
    int s = 0;
#pragma checkpoint // expected-note {{annotated here}}
    for (int i = 0; i < n; i++)
        s += work(i) + nowhere; // expected-error {{the loop in 'f' can't be saved, since it can't be analysed: use of undeclared identifier 'nowhere'}}
    return s;
}

static int step(int i)
{
    return i + missing; // expected-error {{the loop in 'g' can't be saved, since it can't be analysed: use of undeclared identifier 'missing'}}
}

int g(int n)
{
    int s = 0;
#pragma checkpoint // expected-note {{annotated here}}
    for (int i = 0; i < n; i++)
        s += step(i);
    return s;
}
