# However often it is killed, a run repeats no more than one interval, and what was done
# while the last save was being written.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim.h"

int main(void)
{
    int fd = open("carried-out", O_RDWR | O_CREAT, 0600);
    unsigned char *carried_out;
    uint64_t x = 1;

    if (fd < 0 || ftruncate(fd, 600) != 0)
        return 2;
    carried_out = mmap(NULL, 600, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (carried_out == MAP_FAILED)
        return 2;
    memset(carried_out, 0, 600);
    close(fd);
#pragma checkpoint every(10 iterations) skip(carried_out)
    for (int i = 0; i < 600; i++) {
        x = spend(x);
        carried_out[i] = 1;
    }
    print("x", x);
    return 3;
}
END_C
build_plain plain p.c -DSCALE=400
run ./plain
mv out expected
build p p.c -DSCALE=400
# It went on at $at, and carried out what was left, up to $reached; $last: where the run before was.
check() {
    at=$(sed -nE 's/^memocc: .* goes on at iteration ([0-9]+),.*/\1/p' said)
    at=${at:-0}
    reached=$((at + $(tr -d '\000' <carried-out | wc -c)))
    { [ "$at" -le "$last" ] && [ $((last - at)) -le 60 ]; } ||
        { cat said >&2; fail "reached $last, went on at $at"; }
    last=$reached
}
last=0
for _ in 1 2 3 4; do
    ./p >out 2>said &
    pid=$!
    sleep 0.3
    kill -9 $pid
    wait $pid || :
    check
done
run ./p
ended_as expected
check
[ $reached = 600 ] || fail "$reached iterations"
