#!/bin/sh
# bench_compile.sh: P12 and P13: what memocc adds to a compilation; and to a link.
#
# P12: a unit without annotations, against the compiler alone; the object must be
# the same. P13: the same unit with one annotation more. The unit has 300
# functions; -O2; medians of CPU time over interleaved runs. The link: 200 objects of
# ten functions each, one with 20 memoized functions that reach all of them; and the
# same objects without any.
#
# Environment: MEMOCC, CC, BENCH_RUNS.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
memocc=${MEMOCC:-$top/build/release/bin/memocc}
cc=${CC:-cc}
runs=${BENCH_RUNS:-9}
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset MEMOCC

awk 'BEGIN {
    print "#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>"
    for (i = 0; i < 300; i++)
        printf "double f%d(const double *v, int n, int k)\n{\n    double s = 0;\n" \
               "    for (int i = 0; i < n; i++) {\n        switch ((i + k) %% 5) {\n" \
               "        case 0: s += sqrt(fabs(v[i])); break;\n        case 1: s -= v[i] * %d; break;\n" \
               "        case 2: s += v[(i * 7) %% n]; break;\n        default: s = s * 0.5 + i;\n" \
               "        }\n    }\n    return s;\n}\n", i, i
}' >"$work/plain.c"
cp "$work/plain.c" "$work/annotated.c"
cat >>"$work/annotated.c" <<'END'

int bench_fib(int n);
#pragma memo
int bench_fib(int n)
{
    return n < 2 ? n : bench_fib(n - 1) + bench_fib(n - 2);
}
END
cd "$work"

# CPU seconds of one run, children included: other work on the machine hardly counts.
seconds() { # command...
    ("$@" && times) | tail -1 | tr 'ms' '  ' | awk '{ print $1 * 60 + $2 + $3 * 60 + $4 }'
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

compile() { "$@" -O2 -g; }

for _ in $(seq "$runs"); do
    seconds compile "$cc" -c plain.c -o cc.o >>cc.times
    seconds compile "$memocc" "$cc" -c plain.c -o memo.o >>plain.times
    seconds compile "$cc" -w -c annotated.c -o cc2.o >>cc2.times
    seconds compile "$memocc" "$cc" -w -c annotated.c -o memo2.o >>annotated.times
done
# ---- the link

mkdir many
awk 'BEGIN {
    for (i = 0; i < 200; i++) {
        file = "many/u" i ".c"
        for (k = 0; k < 10; k++) {
            if (i < 199) printf "double u%d_%d(double);\n", i + 1, k >file
            printf "double v%d_%d(double x) { return x * %d; }\n", i, k, k >file
            printf "double u%d_%d(double x) { return %s + v%d_%d(x); }\n", i, k,
                   i < 199 ? "u" (i + 1) "_" k "(x)" : "x", i, k >file
        }
        close(file)
    }
    print "double f0(double); int main(void) { return f0(1) > 2; }" >"many/main.c"
    for (i = 0; i < 20; i++)
        printf "double u0_%d(double);\n#pragma memo\ndouble f%d(double x) { return u0_%d(x) + %d; }\n",
               i % 10, i, i % 10, i >"many/memo.c"
}'
(cd many && "$cc" -O2 -c u*.c main.c && "$cc" -w -O2 -c memo.c -o plain.o && "$memocc" "$cc" -O2 -c memo.c)

for _ in $(seq "$runs"); do
    seconds "$cc" many/main.o many/plain.o many/u*.o -o linked >>ld.times
    seconds "$memocc" "$cc" many/main.o many/plain.o many/u*.o -o linked >>ldplain.times
    seconds "$memocc" "$cc" many/main.o many/memo.o many/u*.o -o linked >>ldmemo.times
done
cmp -s cc.o memo.o && same=identical || same=DIFFERS
awk -v a="$(median cc.times)" -v b="$(median plain.times)" -v c="$(median cc2.times)" \
    -v d="$(median annotated.times)" -v same="$same" -v l="$(median ld.times)" \
    -v lp="$(median ldplain.times)" -v lm="$(median ldmemo.times)" 'BEGIN {
    printf "%-34s %10s %10s %7s %8s\n", "compile at -O2 (ms)", "memocc", "cc alone", "ratio", "target"
    printf "%-34s %10.1f %10.1f %7.2f %8s  object %s\n", "P12 no annotation", b * 1e3, a * 1e3, b / a, "<= 1.03", same
    printf "%-34s %10.1f %10.1f %7.2f %8s\n", "P13 one annotated function", d * 1e3, c * 1e3, d / c, "<= 1.3"
    printf "%-34s %10.1f %10.1f %7.2f\n", "link of 202 objects", lp * 1e3, l * 1e3, lp / l
    printf "%-34s %10.1f %10.1f %7.2f\n", "... with 20 memoized functions", lm * 1e3, l * 1e3, lm / l
}'
