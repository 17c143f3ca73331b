# Processes that start at the same time and need the same dear result: one of them
# computes it. When that one is killed, another does.
. "$(dirname "$0")/lib.sh"
cat >dear.c <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
static void mark(void)
{
    int fd = open("count", O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || write(fd, "x", 1) != 1)
        _exit(3);
    close(fd);
}
#pragma memo pure
double dear(int n)
{
    mark();
    usleep(n * 1000);
    return n / 3.0;
}
int main(int argc, char **argv)
{
    (void)argv;
    printf("%.17g\n", dear(argc > 1 ? 1000 : 500));
    return 0;
}
C
"$MEMOCC" -O2 dear.c -o dear 2>warnings || fail "$(cat warnings)"
MEMOCC_DIR=$PWD/store
export MEMOCC_DIR
unset MEMOCC

# The argument: one, or none.
all_at_once() {
    for i in 1 2 3 4 5 6; do
        ./dear $1 >"out$i" 2>&1 &
    done
}
all_at_once ""
wait
[ "$(wc -c <count)" -eq 1 ] || fail "computed $(wc -c <count) times"
for i in 1 2 3 4 5 6; do
    [ "$(cat "out$i")" = 166.66666666666666 ] || fail "$i: $(cat "out$i")"
done

rm count
./dear 2 2>/dev/null &
owner=$!
while [ ! -s count ]; do sleep 0.01; done
all_at_once 2
sleep 0.2
kill -9 $owner
wait
[ "$(wc -c <count)" -eq 2 ] || fail "computed $(wc -c <count) times after the owner's end"
for i in 1 2 3 4 5 6; do
    [ "$(cat "out$i")" = 333.33333333333331 ] || fail "$i: $(cat "out$i")"
done
