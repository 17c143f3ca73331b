# MEMOCC=explain: each miss says why, in words that name what changed.
. "$(dirname "$0")/lib.sh"

tool=$MEMOCC
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE
MEMOCC_DIR=$PWD/store
MEMOCC_GATE=off
export MEMOCC_DIR MEMOCC_GATE

cat >a.c <<'END'
#include <stdio.h>
#include "a.h"
enum unit { MM = 1, INCH = 25 };
struct point { double x, y; };
static const double weights[3] = {1, 2, 3};
static double twice(double x) { return 2 * x; }
#pragma memo in(v[:n])
double area(int n, const double *v, struct point p, enum unit u)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += v[i] * weights[i % 3];
    return twice(sum) * p.x + (u == INCH ? 25.4 : 1) * SCALE;
}
int main(void)
{
    double v[4] = {1, 2.5, 3, 4};
    struct point p = {5, 6};
    printf("%g\n", area(4, v, p, MM));
    return 0;
}
END
echo '#define SCALE 10' >a.h

# edit FILE 's/old/new/': what changes, changes.
edit() {
    sed "$2" "$1" >edited
    ! cmp -s edited "$1" || fail "no effect: $2"
    mv edited "$1"
}

build() { "$tool" "$@" a.c -o a; }

# says TEXT [SETTING...]: runs the program; what it says on stderr, without the call.
says() {
    expected=$1
    shift
    env MEMOCC=explain "$@" ./a >stdout.txt 2>stderr.txt || fail "the program's status is $?"
    sed -e 's/^memocc: //' -e 's/^miss \([a-z]*\)(.*): \([a-z]\)/\1: \2/' stderr.txt >said.txt
    printf '%s' "${expected:+$expected
}" | diff - said.txt >&2 || fail "not what was expected"
}

build -O1
env MEMOCC=explain ./a 2>stderr.txt >/dev/null
cat >expected.txt <<'END'
memocc: miss area(n = 4, p = {.x = 5, .y = 6}, u = 1, v[:n] = {1, 2.5, 3, 4}): never seen: no result of 'area' is stored
END
diff expected.txt stderr.txt >&2 || fail "the whole line"
says ''

# Arguments.
edit a.c 's/{1, 2.5, 3, 4}/{1, 2.5, 3.75, 4}/'
build -O1
says 'area: never seen; the only entry differs in v[2]: 3 -> 3.75'
edit a.c 's/p = {5, 6}/p = {5, 7}/'
build -O1
says 'area: never seen; the nearest of 2 entries differs in p.y: 6 -> 7'
edit a.c 's/area(4, v, p, MM)/area(3, v, p, INCH)/'
build -O1
says 'area: never seen; the nearest of 3 entries differs in n: 4 -> 3, u: 1 -> 25, v[:n]: 4 -> 3 elements'
edit a.c 's/area(3, v, p, INCH)/area(0, NULL, p, INCH)/'
build -O1
says 'area: never seen; the nearest of 4 entries differs in n: 3 -> 0, v[:n]: {1, 2.5, 3.75} -> NULL'
edit a.c 's/area(0, NULL, p, INCH)/area(4, v, p, MM)/'
build -O1
says ''

# Code.
edit a.c 's/return 2 \* x/return x + x/'
build -O1
says "area: code changed: function 'twice'"
says ''
edit a.c 's/{1, 2, 3}/{1, 2, 4}/'
build -O1
says "area: code changed: global 'weights'"
edit a.c 's/INCH = 25/INCH = 26/'
build -O1
says "area: code changed: enumerator 'INCH'"
edit a.h 's/10/11/'
build -O1
says 'area: code changed: its own body or header'
edit a.c 's/^#pragma/static double half(double x) { return x \/ 2; }\n&/; s/return twice(sum)/return half(sum)/'
build -O1
says "area: code changed: its own body or header, new callee 'half', no longer callee 'twice'"
edit a.c 's/double x, y; }/double x; float y; }/'
build -O1
says "area: code changed: type 'point' (and no entry has these arguments)"
says ''
build -O2
says 'area: code changed: compiler or its options: -O1 -> -O2'
build -O1
says ''
edit a.c 's/int n, const double \*v,/long n, const double *v,/; s/for (int/for (long/'
build -O1
says "area: code changed: signature: double (int, const double *, struct point, enum unit) -> double (long, const double *, struct point, enum unit), its own body or header (and no entry has these arguments)"
