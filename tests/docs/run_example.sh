#!/bin/sh
# run_example.sh FOLDER: an example builds from a copy outside the repository, as
# a user's project would, against an installed memocc and with plain cc, and
# prints the same with both. One with `#pragma memo`: cold and warm, and the warm
# run finds all results. One with `#pragma synchronized`: with several numbers of
# threads, and with its tasks in other orders. One with `#pragma checkpoint`: when it
# is killed now and then and started again.
#
# Environment: MEMOCC_BUILD (what is installed), CMAKE via PATH.

set -u
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_LIBCLANG MEMOCC_ORDER OMP_NUM_THREADS MEMOCC_CHECKPOINT
LC_ALL=C
export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc example.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
name=$(basename "$1")
cp -R "$1" "$work/source" && cd "$work" || exit 1
export MEMOCC_DIR="$work/store" MEMOCC_GATE=off

case $name in
quadrature | montecarlo)
    if ! pkg-config --exists gsl; then
        echo "GSL isn't installed"
        exit 125
    fi
    ;;
esac

# Small ones of what the programs do by themselves.
set --
case $name in
climate) set -- -y 2 ;;
nbody) set -- 150 40 ;;
mandelbrot) set -- -w 240 -n 500 ;;
primes) set -- 28000 ;; # a second, to be killed in
montecarlo) set -- 2e7 7 ;;
heat) set -- -n 400 -s 6000 ;;
wordcount)
    # From 3 bytes to 600 kB, an empty one, one that isn't there, one twice.
    awk 'BEGIN { for (i = 0; i < 20000; i++)
                     printf "%s%s", substr("abcdefgh", 1, 1 + i * i % 8), i % 7 ? " " : "\n\t" }' >large
    cat large large large large large large large large >larger
    head -c 1000 large >small
    printf 'a b' >tiny
    : >empty
    set -- ../small ../larger ../tiny ../empty ../missing ../large ../small
    ;;
esac
[ "$name" = wordcount ] && expected_status=1 || expected_status=0

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
if grep 'memo-serial' log; then
    echo "FAILED: calls run serially"
    exit 1
fi

run() { # folder, output, arguments...
    folder=$1 output=$2
    shift 2
    mkdir "run-$output"
    (cd "run-$output" && MEMOCC_STATS="$work/$output.json" "../$folder/$name" "$@") \
        >"$output.out" 2>"$output.err"
    status=$?
    [ $status -eq "$expected_status" ] ||
        { cat "$output.out" "$output.err"; echo "FAILED: $name, $output: status $status"; exit 1; }
}
compare() { # output
    diff -a plain.out "$1.out" || { echo "FAILED: $1 prints something else than with cc"; exit 1; }
    diff -r run-plain "run-$1" || { echo "FAILED: $1 writes other files than with cc"; exit 1; }
}

run plain plain "$@"
[ -s plain.out ] || { echo "FAILED: prints nothing"; exit 1; }
if grep -q '^#pragma memo' source/*.c; then
    for state in cold warm; do
        run memo $state "$@"
        compare $state
    done
    python3 "$MEMOCC_SOURCE/tests/check_stats.py" warm.json miss=0 ||
        { echo "FAILED: the second run computes"; cat warm.err; exit 1; }
fi
if grep -q '^#pragma synchronized' source/*.c; then
    for n in 1 2 3 8; do
        OMP_NUM_THREADS=$n
        export OMP_NUM_THREADS
        run memo "threads-$n" "$@"
        compare "threads-$n"
    done
    OMP_NUM_THREADS=3
    for order in serial late reverse random:1; do
        MEMOCC_ORDER=$order
        export MEMOCC_ORDER
        run memo "order-$order" "$@"
        compare "order-$order"
    done
    unset MEMOCC_ORDER
    python3 - order-late.json <<'END' || { echo "FAILED: no call runs as a task"; exit 1; }
import json, sys
functions = json.load(open(sys.argv[1]))["concurrent"]
sys.exit(not functions or not all(f["tasks"] > 0 for f in functions))
END
    MEMOCC=verify
    export MEMOCC
    run memo verify "$@"
    unset MEMOCC
    compare verify
    if grep '^memocc: verify:' verify.err; then
        echo "FAILED: tasks differ when they run in another order"
        exit 1
    fi
fi

# Killed until two processes have gone on where another was, or until it ends by itself.
killed() { # signal, output, arguments...
    signal=$1 output=$2
    shift 2
    mkdir "run-$output"
    n_resumed=0 delay=2 # tenths of a second
    while [ $n_resumed -lt 2 ] && [ $delay -lt 100 ]; do
        (cd "run-$output" && exec "../memo/$name" "$@") >"$output.out" 2>"$output.err" &
        pid=$!
        sleep $((delay / 10)).$((delay % 10))
        kill -s "$signal" $pid 2>/dev/null
        status=0
        wait $pid 2>/dev/null || status=$?
        ! grep -q '^memocc:.* goes on at iteration' "$output.err" || n_resumed=$((n_resumed + 1))
        [ $status -ne 0 ] || break
        [ $status -gt 128 ] || { cat "$output.err"; echo "FAILED: $name, $output: status $status"; exit 1; }
        delay=$((delay + 1))
    done
    [ $n_resumed -gt 0 ] || { cat "$output.err"; echo "FAILED: $name begins again when it is killed"; exit 1; }
    [ $status -eq 0 ] || (cd "run-$output" && exec "../memo/$name" "$@") >"$output.out" 2>"$output.err" ||
        { cat "$output.err"; echo "FAILED: $name, $output: status $?"; exit 1; }
}
if grep -q '^#pragma checkpoint' source/*.c; then
    for signal in none KILL TERM; do
        # `name` stands for the folder, too: what one run keeps isn't for the next.
        export MEMOCC_CHECKPOINT_DIR="$work/checkpoints-$signal"
        case $signal in
        none) run memo none "$@" ;;
        *) killed $signal "$signal" "$@" ;;
        esac
        compare "$signal"
    done
    if [ "$name" = primes ]; then
        export MEMOCC_CHECKPOINT_DIR="$work/checkpoints-kept"
        (memo/primes && memo/primes 5) >kept.out 2>kept.err
        printf '%s\n' '11 primes: 2 3 5 7 11 13 17 19 23 29 31' \
            '16 primes: 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53' | diff - kept.out ||
            { cat kept.err; echo "FAILED: primes doesn't go on where the last run ended"; exit 1; }
        # One that is killed, and asked for less than it had found.
        timeout -s KILL 1 memo/primes 1000000 >/dev/null 2>&1
        timeout 60 memo/primes 5 >kept.out 2>kept.err && [ "$(wc -w <kept.out)" -gt 20 ] ||
            { cat kept.out kept.err; echo "FAILED: primes, after many, doesn't end with a few"; exit 1; }
    fi
fi
