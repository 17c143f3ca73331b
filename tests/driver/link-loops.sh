# Loops that are checkpointed, and what other units do in them: state that is written there
# and isn't saved is an error with the chain of calls; `state`, `save`, `skip` and `trust`
# settle it; what is only read, streams and what can't be looked into are warnings.
. "$(dirname "$0")/lib.sh"
cat >main.c <<'END2'
double run(int n);
#include <stdio.h>
int main(int argc, char **argv)
{
    (void)argv;
    printf("%g\n", run(argc * 10));
    return 0;
}
END2
"$CC" -O2 -c main.c

# loop CLAUSES: the unit with the loop, which has these clauses
loop() {
    cat >loop.c <<END2
#include <stddef.h>
double step(double x);
extern int mode;
int seen;
size_t get_state(void *buffer, size_t capacity);
void set_state(const void *buffer, size_t len);
static double inner(double x) { return step(x) + 1; }
double run(int n)
{
    double sum = 0;
    int k = mode;
#pragma checkpoint $1
    for (int i = 0; i < n; i++)
        sum += inner(i) + ${2:-seen};
    return sum + k;
}
END2
    "$MEMOCC" -O2 -c loop.c
}
# link: output in log, status in $status
link() {
    set +e
    "$MEMOCC" main.o loop.o "$@" -o program -lm >log 2>&1
    status=$?
    set -e
}
more=yes
# with CHECK...: step.c has the text; its object is linked at every level
with() {
    cat >step.c
    for level in -O0 -O2 ${more:+"-O1 -ffunction-sections -fdata-sections" "-Os -g -fPIC"}; do
        # shellcheck disable=SC2086
        "$CC" $level -c step.c
        link step.o
        "$@" || {
            echo "--- $* ($level)" >&2
            cat log >&2
            fail "step.c: $(cat step.c)"
        }
        rm -f program
    done
}
silent() { [ "$status" -eq 0 ] && [ ! -s log ]; }
refused() { # by an error with that text, at the call, with the way there
    [ "$status" -ne 0 ] && grep -q "^loop.c:7:[0-9]*: error: loop '.*loop.c:run:1' can't be checkpointed: .*$1" log &&
        grep -q "^loop.c:14:.*note: 'run' calls 'inner' here" log && grep -q "note: write 'state(get, set)'.*'trust(step)'" log
}
warned() { [ "$status" -eq 0 ] && grep -q "^loop.c:7:[0-9]*: warning: checkpointed loop '.*$1" log; }

# ---- clean code
loop ""
with silent <<'END2'
#include <math.h>
#include <stdlib.h>
#include <errno.h>
#include <stdio.h>
int mode;
static int unrelated;
int count_unrelated(void) { return ++unrelated; }
static const double table[] = {1, 2, 3};
double step(double x)
{
    double *p = malloc(sizeof *p), y;
    if (!p) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
    *p = table[(int)x % 3];
    y = *p + sin(x);
    free(p);
    if (errno)
        errno = 0;
    return y;
}
END2

# ---- state
written='int mode;
static double last;
static double deeper(double x) { return last = last * 0.5 + x; }
double step(double x) { return deeper(x); }'
global='int mode;
extern int seen;
double step(double x) { return x + seen++; }'
loop ""
echo "$written" | with refused "may write 'last'"
with refused "may write 'count'" <<'END2'
int mode, count;
double step(double x) { return x + count++; }
END2
grep -q "declare 'count' in front of the loop and write 'save(count)', or 'skip(count)'" log || fail "$(cat log)"
with refused "may write '[a-z.]*calls" <<'END2'
int mode;
double step(double x) { static int calls; return x + ++calls; }
END2
! grep -q "declare 'calls" log || fail "$(cat log)"
with refused "may write 'buffer'" <<'END2'
#include <stdio.h>
#include <stdlib.h>
int mode;
static char buffer[40];
double step(double x) { snprintf(buffer, sizeof buffer, "%.3g", x); return atof(buffer); }
END2

# ... that the loop knows of
more=
loop "trust(step)"
echo "$written" | with silent
loop "state(get_state, set_state)"
printf '%s\n' "$written" '#include <string.h>
size_t get_state(void *buffer, size_t capacity)
{ if (capacity >= sizeof last) memcpy(buffer, &last, sizeof last); return sizeof last; }
void set_state(const void *buffer, size_t len) { if (len == sizeof last) memcpy(&last, buffer, len); }' | with silent
loop "skip(seen)"
echo "$global" | with silent
loop "save(seen)"
echo "$global" | with silent
loop "" "seen++"
echo "$global" | with silent

# ... state(get, set) covers what these touch, wherever they are, and nothing else
hidden='#include <string.h>
int mode, other;
extern int seen;
static double last, table[3], *at = table;
double step(double x) { last += x; at[0]++; seen++; other++; return last; }
'
savers='size_t get_state(void *buffer, size_t capacity)
{ if (capacity >= sizeof last) memcpy(buffer, &last, sizeof last); return sizeof last; }
void set_state(const void *buffer, size_t len)
{ if (len == sizeof last) memcpy(&last, buffer, len); else memset(at, 0, sizeof table); }'
loop "state(get_state, set_state) skip(seen)" 0
refused_by_state() {
    [ "$status" -ne 0 ] && grep -q "error: loop '.*' can't be checkpointed: 'step' in step.o may write '$1', which no" log &&
        grep -q "note: 'get_state' and 'set_state', which 'state' names, don't touch that: let them" log
}
printf '%s\n' "$hidden" "$savers" | with refused_by_state other
! grep -q "may also write\|'last'\|'seen'\|'table'" log || fail "$(cat log)"
printf '%s\n' "$hidden" "$savers" | sed "s/other++/seen++/" | with silent
loop "state(get_state, set_state)" 0
printf '%s\n' "$hidden" "$savers" | with refused_by_state "[a-z]*"
grep -q "note: calls of 'step' may also write '[a-z.0]*'\( and '[a-z.0]*'\)*$" log || fail "$(cat log)"
loop "" 0
printf '%s\n' "$hidden" | with refused "may write '[a-z]*'"
grep -q "note: calls of 'step' may also write '[a-z.0]*', '[a-z.0]*' and '[a-z.0]*'$" log || fail "$(cat log)"
{
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "static int v$i;"; done
    echo 'int mode; double step(double x) { return x'
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo " + v$i++"; done
    echo '; }'
} | with refused "may write 'v[0-9]*'"
grep -q "note: calls of 'step' may also write 'v.*' and 3 more$" log || fail "$(cat log)"
# ... static in the loop's own unit, too
loop "state(get_state, set_state)" 0
sed -i 's/^size_t get_state.*/static size_t get_state(void *b, size_t n) { extern int other; (void)b; return n * 0 * (size_t)other; }/
        s/^void set_state.*/static void set_state(const void *b, size_t n) { extern int other; other = b \&\& n; }/' loop.c
"$MEMOCC" -O2 -c loop.c
more=yes
printf '%s\n' 'int mode, other; double step(double x) { return x + other++; }' | with silent
printf '%s\n' 'int mode, other, another; double step(double x) { return x + other++ + another++; }' | with refused_by_state another
more=

# ---- what is read, effects, libraries
loop ""
with warned "uses 'mode', which may change at run time and isn't matched \[-Wmemo-unseen\]" <<'END2'
int mode;
void set_mode(int m) { mode = m; }
double step(double x) { return x * mode; }
END2
grep -q "note: declare 'mode' in front of the loop and write 'match(mode)'" log || fail "$(cat log)"
with warned "uses '[a-z.]*hidden', which may change" <<'END2'
int mode;
static double hidden;
void set_hidden(double h) { hidden = h; }
double step(double x) { return x * hidden; }
END2
grep -q "note: write 'state(get, set)'" log && ! grep -q "note: declare" log || fail "$(cat log)"
loop "match(mode)" mode
with silent <<'END2'
int mode;
void set_mode(int m) { mode = m; }
double step(double x) { return x * mode; }
END2
loop ""
with warned "calls 'p[a-z]*', with a stream that no 'file' names \[-Wmemo-stream\]" <<'END2'
#include <stdio.h>
int mode;
double step(double x) { printf("%g\n", x); return x; }
END2
with silent <<'END2'
#include <stdio.h>
int mode;
double step(double x) { if (x < 0) fprintf(stderr, "%g is negative\n", x); return x; }
END2
with warned "calls 'rand', which .* \[-Wmemo-state\]" <<'END2'
#include <stdlib.h>
int mode;
double step(double x) { return x + rand(); }
END2
grep -q "write 'rng(random)' to have it restored" log || fail "$(cat log)"
with warned "calls 'unlink': what that does is done again by a run that goes on, from the last save on \[-Wmemo-state\]" <<'END2'
#include <unistd.h>
int mode;
double step(double x) { return x + unlink("nothing"); }
END2
with warned "calls 'getenv', whose value isn't matched \[-Wmemo-state\]" <<'END2'
#include <stdlib.h>
int mode;
double step(double x) { return x + (getenv("nothing") != 0); }
END2
with warned "calls 'strtok', which keeps hidden state: no checkpoint holds that \[-Wmemo-state\]" <<'END2'
#include <string.h>
int mode;
double step(double x) { char t[] = "a,b"; return x + (strtok(t, ",") == t); }
END2
loop "rng(random)"
with silent <<'END2'
#include <stdlib.h>
int mode;
double step(double x) { return x + rand(); }
END2
loop ""
echo 'static double s; double far(double x) { return s += x; }' >far.c
"$CC" -O2 -fPIC -shared far.c -o libfar.so
echo 'int mode; double far(double); double step(double x) { return far(x); }' >step.c
"$CC" -O2 -c step.c
link step.o ./libfar.so
warned "reaches 'far' in .*libfar.so, which memocc can't look into: state of it would be lost \[-Wmemo-unseen\]" || fail "$(cat log)"
loop "state(get_state, set_state)"
echo '#include <stddef.h>
int mode; double far(double); double step(double x) { return far(x); }
size_t get_state(void *b, size_t n) { (void)b; return n * 0; }
void set_state(const void *b, size_t n) { (void)b; (void)n; }' >step.c
"$CC" -O2 -c step.c
link step.o ./libfar.so
silent || fail "$(cat log)"

# ---- a library, whose program may define anything
loop ""
sed 's/step/elsewhere/g' loop.c >library.c
mv library.c loop.c
"$MEMOCC" -O2 -fPIC -c loop.c
"$MEMOCC" -shared -o libloop.so loop.o >log 2>&1
grep -q "^loop.c:7:.*reaches 'elsewhere', which nothing in this link defines: state of it would be lost \[-Wmemo-unseen\]" log ||
    fail "$(cat log)"

# ---- another loop, in another unit
loop ""
cat >step.c <<'END2'
int mode;
double step(double x)
{
    double y = x;
#pragma checkpoint
    for (int i = 0; i < 5; i++)
        y = y * 0.5 + i;
    return y;
}
END2
"$MEMOCC" -O2 -c step.c
link step.o
silent || fail "$(cat log)"

# ---- calls through pointers
cat >loop.c <<'END2'
double run(int n);
extern double (*handler)(double);
double run(int n)
{
    double sum = 0;
#pragma checkpoint skip(handler)
    for (int i = 0; i < n; i++)
        sum += handler(i);
    return sum;
}
END2
"$MEMOCC" -O2 -c loop.c
cat >step.c <<'END2'
static double last;
static double add(double x) { return last += x; }
double (*handler)(double) = add;
void set_handler(double (*h)(double)) { handler = h; }
END2
"$CC" -O2 -c step.c
link step.o
grep -q "^loop.c:8:.*warning: checkpointed loop '.*' calls through 'handler', and one function that this may be has state that no checkpoint holds: 'add' \[-Wmemo-unseen\]" log ||
    fail "$(cat log)"

# ---- code out of sight is part of what a loop is known by
loop "trust(step)"
echo "$written" >step.c
"$CC" -O2 -c step.c
link step.o
grep -a '^o step.o ' program >line1 && grep -aq "^function [0-9a-f]* run:1" program || fail "no table"
sed -i 's/0.5/0.25/' step.c
"$CC" -O2 -c step.c
link step.o
grep -a '^o step.o ' program >line2 && ! cmp -s line1 line2 || fail "the table doesn't change with step.c"
