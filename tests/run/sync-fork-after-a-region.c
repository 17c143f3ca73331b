// stats: late tasks>=200
/* A child of fork goes on with synchronized code, though its parent had threads. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 5000; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
#pragma synchronized
static int all(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * 3 % 10007 + f(i);
    return sum;
}
/* Half of it in each process. */
#pragma synchronized
static pid_t forked(int *v, int n)
{
    pid_t child = -1;
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        if (i == n / 2) {
            child = fork();
            if (child < 0)
                return child;
        }
    }
    return child;
}

int main(void)
{
    int v[40], status;
    printf("%d\n", all(100));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        printf("child %d\n", all(120));
        return 4;
    }
    waitpid(child, &status, 0);
    printf("%d %d\n", WEXITSTATUS(status), all(110));
    fflush(stdout);
    child = forked(v, 40);
    if (child == 0) {
        int sum = 0;
        for (int i = 0; i < 40; i++)
            sum += v[i];
        return sum % 100;
    }
    waitpid(child, &status, 0);
    printf("%d %d\n", WEXITSTATUS(status), v[39]);
    return 0;
}
