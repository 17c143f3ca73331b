# What MEMOCC_STATS, MEMOCC_TRACE and MEMOCC_VERBOSE say of concurrent calls.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip "no python3"
cat >tasks.c <<'END_OF_FILE'
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static double work(int i, int steps)
{
    double s = 0;
    for (int k = 1; k < steps; k++)
        s += 1.0 / (i + k);
    return s;
}
#pragma concurrent
static double f(int i) { return work(i, 50000); }
#pragma concurrent
static double g(int i) { return work(i, 60000); }
#pragma memo
static double m(int i) { return work(i, 70000); }
#pragma synchronized
static double rows(int n)
{
    static double y[1000];
    double total = 0;
    for (int i = 0; i < n; i++)
        y[i] = f(i);
    for (int i = 0; i < n; i++)
        total += g(i) + y[i];
    return total;
}
int main(int argc, char **argv)
{
    double total = rows(100);
    for (int i = 0; i < 6; i++)
        total += m(i % 3);
    if (argc > 1) {
        if (fork() == 0) {
            printf("%.17g\n", rows(50));
            exit(0);
        }
        wait(NULL);
        for (int i = 0; i < 150; i++)
            total += rows(100);
        abort();
    }
    printf("%.17g\n", total);
    return 0;
}
END_OF_FILE
tool=$MEMOCC
unset MEMOCC
export MEMOCC_DIR="$PWD/store" MEMOCC_GATE=off OMP_NUM_THREADS=2
"$tool" -O1 tasks.c -o tasks
"$CC" -O1 -w tasks.c -o serial
./serial >expected

# Statistics.
MEMOCC_STATS=stats.json ./tasks | cmp - expected
python3 "$MEMOCC_SOURCE/tests/check_stats.py" stats.json m.miss=3 m.hit=3
python3 - <<'END_OF_FILE'
import json
rows = {r["function"]: r for r in json.load(open("stats.json"))["concurrent"]}
assert set(rows) == {"f", "g"}, rows
for r in rows.values():
    assert r["tasks"] + r["serial"] == 100, r
    assert r["tasks"] > 0 and 1 <= r["events"] <= 100, r
END_OF_FILE
MEMOCC_ORDER=serial MEMOCC_STATS=serial.json ./tasks | cmp - expected
python3 - <<'END_OF_FILE'
import json
rows = json.load(open("serial.json"))["concurrent"]
assert rows == [{"function": "f, g", "tasks": 0, "serial": 200, "events": 0}], rows
END_OF_FILE
MEMOCC_STATS=1 ./tasks 2>table | cmp - expected
grep -q '^memocc: concurrent function  *tasks  *in place  *events$' table || fail "no table: $(cat table)"
grep -q '^memocc: g  *100  *0  *[0-9]*$' table || fail "table: $(cat table)"
MEMOCC_VERBOSE=1 ./tasks 2>lines | cmp - expected
grep -q '^memocc: event tasks.c:18: [0-9]* records, 2 threads: run in .*s, committed in .*s$' lines ||
    fail "no line of an event: $(cat lines)"

# The timeline: of threads, what they did, and hits and misses.
rm -rf store
MEMOCC_TRACE=trace.json ./tasks | cmp - expected
cat >check.py <<'END_OF_FILE'
import json, sys
trace = json.load(open("trace.json"))
events = trace["traceEvents"]
for e in events:
    assert e["ph"] in "XiM" and isinstance(e["pid"], int) and isinstance(e["tid"], int), e
    assert e["ph"] == "M" or isinstance(e["ts"], float), e
    assert e["ph"] != "X" or e["dur"] >= 0, e
def those(category, name, pid=None):
    return [e for e in events if e.get("cat") == category and e["name"] == name and
            pid in (None, e["pid"])]
pids = sorted({e["pid"] for e in events})
assert len(pids) == int(sys.argv[1]), pids
assert {e["args"]["name"] for e in events if e["name"] == "process_name"} == {"tasks"}
first = min((e for e in events if e["ph"] == "X"), key=lambda e: e["ts"])["pid"]
END_OF_FILE
cat check.py - >one.py <<'END_OF_FILE'
assert sum(e["args"]["calls"] for e in those("task", "f")) == 100
assert sum(e["args"]["calls"] for e in those("task", "g")) == 100
assert len(those("miss", "m")) == 3 and len(those("hit", "m")) == 3
assert len(those("synchronized", "rows")) == 1
outer = those("synchronized", "rows")[0]
for e in those("event", "event") + those("commit", "commit") + those("task", "f"):
    assert outer["ts"] <= e["ts"] and e["ts"] + e["dur"] <= outer["ts"] + outer["dur"] + 0.01, e
END_OF_FILE
python3 one.py 1

# A child of fork in the same file, and a process that is killed while it writes; what was in
# the file before has gone.
status_of sh -c 'MEMOCC_TRACE=trace.json ./tasks x >/dev/null 2>&1'
[ $status -ne 0 ] || fail "it isn't killed"
cat check.py - >two.py <<'END_OF_FILE'
second = [p for p in pids if p != first][0]
assert sum(e["args"]["calls"] for e in those("task", "f", second)) in (0, 50)
assert len(those("synchronized", "rows", second)) == 1
assert len(those("synchronized", "rows", first)) > 10
assert len({e["tid"] for e in those("task", "g", first)}) == 2, "one thread"
END_OF_FILE
python3 two.py 2

# What can't be written is said, and nothing else happens.
MEMOCC_TRACE=/dev/null ./tasks 2>lines | cmp - expected
grep -q "^memocc: MEMOCC_TRACE: '/dev/null' can't be written" lines || fail "nothing is said"
