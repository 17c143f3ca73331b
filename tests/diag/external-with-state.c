#pragma memo external
double lgamma(double x); // expected-error {{memoized function 'lgamma'}}

#pragma memo external
double erf(double x);
