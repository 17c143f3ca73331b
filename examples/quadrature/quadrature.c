/* quadrature.c - integrals over a grid of parameters, computed once.
 *
 *   quadrature [N]
 *
 * For N * N pairs (alpha, omega), the integral from 0 to 60 of
 *
 *     exp(-alpha x) cos(omega x^2)
 *
 * which oscillates faster and faster, by GSL's adaptive Gauss-Kronrod rule. One
 * takes the better part of a millisecond. Run it with another N that shares pairs with the
 * first: what was computed is not computed again. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct parameters {
    double alpha, omega;
};

static double integrand(double x, void *arg)
{
    const struct parameters *p = arg;
    return exp(-p->alpha * x) * cos(p->omega * x * x);
}

/* The integral, with an estimate of its error; NAN, which is not remembered, if
 * GSL gives up. The functions of GSL lie in a library, out of memocc's sight:
 * `trust` is our word that what else they may do doesn't matter. */
#pragma memo out(*error) store_if(result == result)                                                \
    trust(gsl_integration_workspace_alloc, gsl_integration_qag, gsl_integration_workspace_free)
static double integral(double alpha, double omega, double *error)
{
    struct parameters parameters = {alpha, omega};
    gsl_function function = {.function = integrand, .params = &parameters};
    double value;

    *error = 0;
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(10000);
    if (!workspace)
        return NAN;
    int status = gsl_integration_qag(&function, 0, 60, 0, 1e-10, 10000, GSL_INTEG_GAUSS21,
                                     workspace, &value, error);
    gsl_integration_workspace_free(workspace);
    return status == GSL_SUCCESS ? value : NAN;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 20;
    double sum = 0, worst = 0;

    gsl_set_error_handler_off();
    for (int i = 0; i < n; i++) {
        double row = 0;
        for (int k = 0; k < n; k++) {
            double error, value = integral(0.05 + i / 16.0, 1 + k / 4.0, &error);
            row += value;
            worst = fmax(worst, error);
        }
        printf("alpha %-8g sum over omega %.17g\n", 0.05 + i / 16.0, row);
        sum += row;
    }
    printf("total %.17g, estimated error of each below %.17g\n", sum, worst);
    return 0;
}
