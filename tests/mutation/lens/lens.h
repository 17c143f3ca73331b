#ifndef LENS_H
#define LENS_H

/*@ view sharp? */
#define INDEX 1.52
/*@ sharp? view? */
#define BENT(x) ((x) / 1.25 + 0.125)
/*@ shade? */
#define DARK 0.75
/*@ */
#define BRIGHT 4.5

/*@ */
double bend(double angle, double index);
double glass(double thickness);
double filtered(double light);
double tinted(double light);
double coating(double thickness);

double view(double angle);
double shade(double light);
double sharp(double x);
int both(int n);
double fixed(double x);
double uses_fixed(double x);
double left_turn(double x);
double right_turn(double x);

#endif
