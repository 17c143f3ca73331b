#!/bin/sh
# run_example.sh FOLDER: an example builds from a copy outside the repository, as
# a user's project would, against an installed memocc and with plain cc; it
# prints the same with both, cold and warm, and the warm run finds results.
#
# Environment: MEMOCC_BUILD (what is installed), CMAKE via PATH.

set -u
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_LIBCLANG
LC_ALL=C
export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc example.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
name=$(basename "$1")
cp -R "$1" "$work/source" && cd "$work" || exit 1
export MEMOCC_DIR="$work/store" MEMOCC_GATE=off

if [ "$name" = quadrature ] && ! pkg-config --exists gsl; then
    echo "GSL isn't installed"
    exit 125
fi

step() { # what, command...
    what=$1
    shift
    "$@" >log 2>&1 || { cat log; echo "FAILED: $what"; exit 1; }
}
step install cmake --install "$MEMOCC_BUILD" --prefix "$work/prefix"
step "configure with cc" cmake -S source -B plain -DCMAKE_DISABLE_FIND_PACKAGE_memocc=ON
step "build with cc" cmake --build plain
step "configure with memocc" cmake -S source -B memo -DCMAKE_PREFIX_PATH="$work/prefix"
step "build with memocc" cmake --build memo

run() { # folder, output
    mkdir "run-$2"
    (cd "run-$2" && MEMOCC_STATS="$work/$2.json" "../$1/$name") >"$2.out" 2>"$2.err" ||
        { cat "$2.out" "$2.err"; echo "FAILED: $name, $2"; exit 1; }
}
run plain plain
run memo cold
run memo warm
for run in cold warm; do
    diff -a plain.out $run.out || { echo "FAILED: $run prints something else than with cc"; exit 1; }
    diff -r run-plain run-$run || { echo "FAILED: $run writes other files than with cc"; exit 1; }
done
[ -s plain.out ] || { echo "FAILED: prints nothing"; exit 1; }
python3 "$MEMOCC_SOURCE/tests/check_stats.py" warm.json miss=0 ||
    { echo "FAILED: the second run computes"; cat warm.err; exit 1; }
