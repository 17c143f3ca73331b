/* Calls of a library function go to a wrapper in this unit; its address stays. */
double erf(double x);

#pragma memo external
double erf(double x);

double (*pointer)(double) = erf;

double use(double x)
{
    return erf(x) + (erf)(2 * x);
}
