// flags: -ffast-math
#pragma memo
double f(double x) // expected-warning {{with '-ffast-math' the compiler may compute 'f' differently}}
{
    return x * x + 1;
}

#pragma memo
int g(int n) // no floating point: no -Wmemo-fp
{
    return n + 1;
}
