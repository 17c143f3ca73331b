#define SYNC _Pragma("synchronized") /* before a loop */
double f(int n)
{
#pragma synchronized threads(n) noalias(p, q->data[3]) \
    progress("label")

    /* between */
#pragma omp parallel for
    _Pragma("omp simd") _Pragma ( "GCC ivdep"
    )
    for (;;) {
#pragma synchronized wait
    }
    SYNC while (n) ;
    _Pragma("synchronized speculate") _Pragma("acc loop"
#pragma synchronized wait // the end
#pragma omp