/* A child starts with the parent's memory tier; both print what they should. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#pragma memo
int f(int n)
{
    return n * 3;
}

int main(void)
{
    printf("%d\n", f(1));
    fflush(stdout);
    pid_t p = fork();
    if (p == 0) {
        printf("child %d %d\n", f(1), f(2));
        exit(3);
    }
    int status;
    waitpid(p, &status, 0);
    printf("parent %d %d status %d\n", f(1), f(2), WEXITSTATUS(status));
    return 0;
}
