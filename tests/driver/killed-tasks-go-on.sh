# memo and concurrent on one function: a run that is killed in the middle of its tasks, then one
# that goes on: what was stored isn't computed again, what is known makes no task, and the output
# is that of an uninterrupted run.
. "$(dirname "$0")/lib.sh"

tool=$MEMOCC
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE
MEMOCC_DIR=$PWD/store
MEMOCC_GATE=off
OMP_NUM_THREADS=3
export MEMOCC_DIR MEMOCC_GATE OMP_NUM_THREADS

cat >a.c <<'END'
#include <stdio.h>
#include <time.h>

#pragma memo trust(nanosleep)
#pragma concurrent trust(nanosleep)
static double slow(int i)
{
    struct timespec t = {0, 20000000};
    nanosleep(&t, NULL);
    return 1.0 / (i + 1);
}

int main(void)
{
    double sum = 0;
#pragma synchronized
    for (int i = 0; i < 60; i++) {
        double v = slow(i % 50);
        sum = sum / 2 + v;
    }
    printf("%.17g\n", sum);
    return 0;
}
END

$CC -w -o plain a.c || fail "cc"
$tool "$CC" -o a a.c 2>log || { cat log; fail "memocc"; }
./plain >expected

./a >out & # 50 calls of 20 ms on 3 threads: 340 ms at least
sleep 0.2
kill -9 $! 2>/dev/null || :
wait $! 2>/dev/null || :
[ ! -s out ] || fail "it was over before it was killed"

counter() { # file, function, counter
    python3 -c '
import json, sys
rows = json.load(open(sys.argv[1]))
for row in rows["functions"]:
    if row["name"] == "slow":
        hits = row["hits"]
        print({"miss": row["misses"], "hit": hits["memory"] + hits["disk"]}[sys.argv[2]])
' "$1" "$2"
}
MEMOCC_STATS=second.json ./a >out || fail "second run"
cmp out expected || fail "output"
misses=$(counter second.json miss)
[ "$misses" -lt 50 ] || fail "nothing was kept: $misses misses"
[ "$misses" -gt 0 ] || fail "everything was known"
[ $((misses + $(counter second.json hit))) -eq 60 ] || fail "not 60 calls"

MEMOCC_STATS=third.json ./a >out || fail "third run"
cmp out expected || fail "output"
[ "$(counter third.json miss)" -eq 0 ] || fail "misses in the third run"
python3 -c '
import json
tasks = sum(row["tasks"] + row["serial"] for row in json.load(open("third.json"))["concurrent"])
assert tasks == 0, "%d tasks of calls that are known" % tasks
' || fail "tasks"
