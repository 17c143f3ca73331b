# `progress` and MEMOCC_PROGRESS: a bar on a terminal, lines in a log, nothing in a pipe
# unless it is asked for.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip "no python3"
cat >slow.c <<'END_OF_FILE'
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#pragma concurrent
static double f(int i)
{
    double s = 0;
    struct timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        for (int k = 1; k < 1000; k++)
            s = s * 0.5 + 1.0 / (i + k);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000.0 + (now.tv_nsec - begin.tv_nsec) / 1e6 < 4);
    return s > 100;
}
int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 20;
    double total = 0;
#ifdef PRINTS
#pragma synchronized progress
    for (int i = 0; i < n; i++)
        printf("row %g\n", f(i) + i);
#elif defined CLAUSE
#pragma synchronized progress("rows of \"a\"")
    for (int i = 0; i < n; i++)
        total += f(i);
#else
#pragma synchronized
    for (int i = 0; i < n; i++)
        total += f(i);
#endif
    printf("%g\n", total);
    return 0;
}
END_OF_FILE
cat >terminal.py <<'END_OF_FILE'
"""terminal.py COLUMNS COMMAND...: run it with standard error on a terminal; prints what comes
there as a list of (seconds, text)."""
import fcntl, os, pty, struct, subprocess, sys, termios, time
main, side = pty.openpty()
fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
def own():
    os.setsid()
    fcntl.ioctl(2, termios.TIOCSCTTY, 0)
begin = time.monotonic()
p = subprocess.Popen(sys.argv[2:], stderr=side, stdout=side if os.environ.get("BOTH") else None,
                     stdin=subprocess.DEVNULL, preexec_fn=own)
os.close(side)
pieces = []
while True:
    try:
        data = os.read(main, 65536)
    except OSError:
        break
    if not data:
        break
    pieces.append((time.monotonic() - begin, data.decode()))
p.wait()
assert p.returncode == 0, p.returncode
print(repr(pieces), file=open("pieces", "w"))
END_OF_FILE
tool=$MEMOCC
unset MEMOCC MEMOCC_PROGRESS
export OMP_NUM_THREADS=2 MEMOCC_DIR="$PWD/store"
"$tool" -O1 -DCLAUSE slow.c -o clause
"$tool" -O1 slow.c -o plain
"$tool" -O1 -DPRINTS slow.c -o prints

# A bar: begins late, is drawn ten times a second at most, keeps to its line, and goes.
python3 terminal.py 60 ./clause 400 >out
cat >bar.py <<'END_OF_FILE'
import re, sys
pieces = eval(open("pieces").read())
text = "".join(t for _, t in pieces)
assert pieces and pieces[0][0] >= 0.5, pieces[:1]
frames = re.findall(r"\r([^\r\n]*)\x1b\[K", text)
assert text == "".join("\r%s\x1b[K" % f for f in frames), text[:200]
assert frames[-1] == "", "it stays there: %r" % frames[-1]
bars = [f for f in frames if f]
seconds = pieces[-1][0] - pieces[0][0]
assert 2 <= len(bars) <= seconds * 10 + 2, (len(bars), seconds)
assert len(frames) - len(bars) == 1
done = []
for b in bars:
    assert len(b) < int(sys.argv[1]), b
    m = re.match(r'memocc: rows of "a" (?:\[#*\.*\] )?\d+% (\d+)/400, \S+/s, \d:\d\d left$', b)
    if int(sys.argv[1]) < 54: # cut off at the edge
        m = re.match(r'memocc: rows of "a" \d+% (\d+)/400, ', b)
    assert m, b
    done.append(int(m.group(1)))
assert done == sorted(done) and done[0] > 0 and done[-1] <= 400, done
END_OF_FILE
python3 bar.py 60
grep -q '^[0-9]' out || fail "no output"
python3 terminal.py 40 ./clause 400 >out
python3 bar.py 40

# Less than half a second shows nothing; without the clause, only if it is asked for.
python3 terminal.py 60 ./clause 20 >out
[ "$(cat pieces)" = '[]' ] || fail "a short loop shows $(cat pieces)"
python3 terminal.py 60 ./plain 200 >out
[ "$(cat pieces)" = '[]' ] || fail "without a clause: $(cat pieces)"
MEMOCC_PROGRESS=1 python3 terminal.py 60 ./plain 400 >out
grep -q 'memocc: main [0-9]*, ' pieces || fail "MEMOCC_PROGRESS=1 shows $(cat pieces)"
MEMOCC_PROGRESS=0 python3 terminal.py 60 ./clause 400 >out
[ "$(cat pieces)" = '[]' ] || fail "MEMOCC_PROGRESS=0: $(cat pieces)"

# Output of the program on the same terminal never stands behind the bar.
BOTH=1 python3 terminal.py 60 ./prints 400
python3 - <<'END_OF_FILE'
import re
text = "".join(t for _, t in eval(open("pieces").read()))
assert "memocc: main " in text
screen = [re.sub(r".*\r|\x1b\[K", "", line) for line in text.replace("\r\n", "\n").split("\n")]
rows = [line for line in screen if line]
assert rows == ["row %d" % i for i in range(400)] + ["0"], rows[:20]
for line in text.replace("\r\n", "\n").split("\n"):
    assert re.search(r"(^|\x1b\[K)row \d+$", line) or not re.search("row", line), line
END_OF_FILE

# In a file, lines; in a pipe, nothing; unless it is asked for.
begin=$(date +%s)
./clause 650 >out 2>log
seconds=$(($(date +%s) - begin))
grep -q '^memocc: rows of "a": [0-9].*/s, 0:0[0-9]' log || fail "no line in the log: $(cat log)"
grep -q '^memocc: rows of "a": done, 650, ' log || fail "no last line: $(cat log)"
! grep -v '^memocc: rows of' log || fail "something else in the log"
[ "$(wc -l <log)" -le $((seconds / 3 + 3)) ] || fail "too many lines: $(cat log)"
{ ./clause 400 2>&1 >out | cat; } >log
[ ! -s log ] || fail "in a pipe: $(cat log)"
{ MEMOCC_PROGRESS=1 ./plain 650 2>&1 >out | cat; } >log
grep -q '^memocc: main: [0-9]' log || fail "MEMOCC_PROGRESS=1 in a pipe: $(cat log)"
./plain 400 >out 2>log
[ ! -s log ] || fail "without a clause: $(cat log)"
MEMOCC_PROGRESS=yes ./plain 3 >out 2>log
grep -q "^memocc: MEMOCC_PROGRESS: 'yes' is not understood" log || fail "accepted: yes"
