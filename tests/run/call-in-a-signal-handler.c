/* A handler may call a memoized function, whatever it interrupted. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

static volatile sig_atomic_t seen;

#pragma memo
int work(int n)
{
    int x = n;
    for (int i = 0; i < 50; i++)
        x = x * 1103515245 + 12345;
    return x;
}

static void handler(int s)
{
    (void)s;
    if (work(7) == work(7))
        seen++;
}

int main(void)
{
    struct sigaction sa;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = handler;
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval t = {{0, 500}, {0, 500}};
    setitimer(ITIMER_REAL, &t, NULL);
    unsigned sum = 0;
    for (int i = 0; i < 20000 || seen < 20; i++)
        if (i < 20000)
            sum += (unsigned)work(i);
    memset(&t, 0, sizeof t);
    setitimer(ITIMER_REAL, &t, NULL);
    printf("%u\n", sum);
    return 0;
}
