# consumer.sh - read by the tests beside it: an installed memocc, a copy of the
# project, and what its programs must print and count.
#
# Environment: MEMOCC_BUILD, MEMOCC_SOURCE, CMAKE, CC. The working directory is
# the test's own (run_alone.sh); its name holds a blank.
# shellcheck shell=sh

set -u
unset MEMOCC # to programs, a mode
export MEMOCC_GATE=off

fail() { echo "FAILED: $*"; exit 1; }

# Runs a command; its output is shown only if it fails.
step() { # what, command...
    what=$1
    shift
    "$@" >log 2>&1 || { cat log; fail "$what"; }
}

# Installs memocc, then moves the prefix: a package must not know where it was made.
install_memocc() {
    step install "$CMAKE" --install "$MEMOCC_BUILD" --prefix "$PWD/made here"
    mv "made here" prefix
}

# Runs a program twice in a store of its own; the second run computes nothing.
check_program() { # program, expected output, expected misses of the first run
    rm -rf store
    for run in cold warm; do
        MEMOCC_DIR=$PWD/store MEMOCC_STATS=$PWD/$run.json "$1" >"$run.out" 2>"$run.err" ||
            { cat "$run.err"; fail "$1, $run: exit status $?"; }
        printf %b "$2" | diff - "$run.out" || fail "$1, $run: prints this ('>')"
    done
    python3 "$MEMOCC_SOURCE/tests/check_stats.py" cold.json "miss=$3" || fail "$1, cold"
    python3 "$MEMOCC_SOURCE/tests/check_stats.py" warm.json miss=0 "disk=$3" || fail "$1, warm"
}
