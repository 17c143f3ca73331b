/* A loop with checkpoints inside of synchronized code: what is pending is carried out before a
 * save; both may stand before one loop. */
#pragma concurrent
double work(int i);

double all(int n)
{
    double sum = 0;
#pragma synchronized
#pragma checkpoint
    for (int i = 0; i < n; i++)
        sum += work(i);
    return sum;
}
