#!/bin/sh
# bench_ulam.sh: P10: the sieve of examples/ulam, and a run that only reads.
#
# Three processes, each timed as a whole: plain cc (computes), memocc with a
# warm store (an owned copy of the primes, the spiral found by their content),
# and, where python3-joblib is installed, joblib loading an array of the same
# size. ULAM_B: how far the sieve goes; the article's is 500000000.
#
# Environment: MEMOCC, CC, BENCH_RUNS, ULAM_B.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
memocc=${MEMOCC:-$top/build/release/bin/memocc}
cc=${CC:-cc}
runs=${BENCH_RUNS:-5}
b=${ULAM_B:-100000000}
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset MEMOCC

cat >"$work/sieve.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#pragma memo out(*count) returns([:*count])
static long *primes_between(long a, long b, size_t *count)
{
    char *composite = calloc((size_t)b + 1, 1);
    long *primes = malloc(((size_t)b / 8 + 64) * sizeof *primes);
    *count = 0;
    for (long i = 2; i <= b / i; i++)
        if (!composite[i])
            for (long m = i * i; m <= b; m += i)
                composite[m] = 1;
    for (long i = a < 2 ? 2 : a; i <= b; i++)
        if (!composite[i])
            primes[(*count)++] = i;
    free(composite);
    return primes;
}

int main(int argc, char **argv)
{
    struct timespec s, e;
    size_t n;
    long *p, sum = 0;
    (void)argc;
    clock_gettime(CLOCK_MONOTONIC, &s);
    p = primes_between(1, atol(argv[1]), &n);
    clock_gettime(CLOCK_MONOTONIC, &e);
    for (size_t i = 0; i < n; i += 512) /* a touch of every page */
        sum += p[i];
    printf("%.3f\n", (double)(e.tv_sec - s.tv_sec) * 1e3 + (double)(e.tv_nsec - s.tv_nsec) / 1e6);
    fprintf(stderr, "%zu %ld\n", n, sum);
    free(p);
    return 0;
}
END
cat >"$work/load.py" <<'END'
import sys, time
import numpy as np
from joblib import Memory
memory = Memory(sys.argv[2], verbose=0)
@memory.cache
def primes(n):
    return np.arange(n, dtype=np.int64)
start = time.perf_counter()
primes(int(sys.argv[1]))
print("%.3f" % ((time.perf_counter() - start) * 1e3))
END
cd "$work"
"$cc" -w -O2 sieve.c -o plain
"$memocc" "$cc" -O2 sieve.c -o memo
export MEMOCC_DIR="$work/store" MEMOCC_GATE=off
./memo "$b" >cold 2>found
n=$(cut -d' ' -f1 found)
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
has_joblib=$(python3 -c 'import joblib, numpy; print(1)' 2>/dev/null || true)
[ -z "$has_joblib" ] || python3 load.py "$n" "$work/joblib" >/dev/null
for i in $(seq "$runs"); do
    ./memo "$b" >>warm.times 2>/dev/null
    [ "$i" -gt 3 ] || ./plain "$b" >>plain.times 2>/dev/null
    [ -z "$has_joblib" ] || python3 load.py "$n" "$work/joblib" >>joblib.times
done
printf '%-34s %10s\n' "P10 sieve to $b, $n primes" ms
printf '%-34s %10.1f\n' "computed, plain cc" "$(median plain.times)"
printf '%-34s %10.1f\n' "memocc, miss (computed, stored)" "$(cat cold)"
printf '%-34s %10.1f\n' "memocc, hit from disk, owned copy" "$(median warm.times)"
if [ -n "$has_joblib" ]; then
    printf '%-34s %10.1f\n' "joblib, hit (load)" "$(median joblib.times)"
    echo "$(median warm.times) $(median joblib.times)" |
        awk '{ printf "%-34s %10.2f   target <= 1\n", "ratio, memocc to joblib", $1 / $2 }'
fi
