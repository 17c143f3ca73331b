# main ends by pthread_exit while another thread goes on: the process ends with that thread.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#pragma memo
static long slow(long x)
{
    for (int i = 0; i < 100000; i++)
        x = x * 3 % 10007;
    return x;
}

static void *run(void *unused)
{
    long sum = 1;

#pragma checkpoint EVERY
    for (int i = 0; i < 20; i++) {
        sum = slow(sum + i);
        usleep(300);
    }
    printf("%ld\n", sum);
    fflush(stdout);
    return unused;
}

int main(void)
{
    pthread_t t;

    pthread_create(&t, NULL, run, NULL);
    pthread_exit(NULL);
}
END_C
build_plain plain p.c -DEVERY= -pthread
./plain >expected
for every in '1 iterations' 30s '1%'; do
    sed "s/EVERY/every($every)/" p.c >q.c
    build p q.c -pthread
    for run in cold warm; do
        rc=0
        MEMOCC_GATE=off timeout -s KILL 30 ./p >out 2>err || rc=$?
        [ "$rc" = 0 ] || fail "every($every), $run: status $rc"
        cmp out expected || fail "every($every), $run: another result"
    done
done
