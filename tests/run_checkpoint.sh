#!/bin/sh
# run_checkpoint.sh CASE: a program with checkpoints, killed again and again.
#
# CASE is x.c, or a folder of which all *.c make one program (main.c among them). It is built
# with $CC, and with memocc in front of $CC; checkpoint/helpers/killer.c runs the second,
# uninterrupted and with kills at random instants, and compares what it prints to a file,
# the files it writes and its exit status with those of the first.
#
# Comments at the top of x.c or main.c, each as `// key: value`:
#
#   flags: -lm            for compiling and linking, after the sources
#   args: a "b c"         the program's arguments, as the shell reads them
#   setup: command        makes files that are in the working directory at the start
#   kills: 8              how many; default: see below
#   appends: yes          stdout is opened as by `>>`; files are appended to
#   updates: yes          it changes files that it reads
#   signal: TERM          TERM or INT: half of the kills. USR1: sent besides
#   threads: vary         OMP_NUM_THREADS differs from run to run
#   warnings: yes         memocc may warn; otherwise it may not
#
# Environment: CC, MEMOCC, KILLER; MEMOCC_KILLS and MEMOCC_SEED (number and seed; the instants
# depend on the seed, what the program does at them on the machine), MEMOCC_SCALE (per cent of
# the programs' time), MEMOCC_NIGHTLY=1: many kills. What fails leaves its folder in
# $MEMOCC_BUILD/checkpoint-failures.

set -u
case=$1
memocc=$MEMOCC # to programs, MEMOCC is a mode
unset MEMOCC OMP_NUM_THREADS MEMOCC_ORDER MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_MAX_SIZE \
    MEMOCC_MEMORY MEMOCC_CHECKPOINT MEMOCC_CHECKPOINT_DIR XDG_CACHE_HOME
LC_ALL=C
export LC_ALL
[ "${MEMOCC_LIBCLANG:-default}" = default ] && unset MEMOCC_LIBCLANG

if [ -d "$case" ]; then DIR=$case main=$case/main.c; else DIR=$(dirname "$case") main=$case; fi
name=$(basename "$case" .c)
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc checkpoint.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

if [ -n "${MEMOCC_NIGHTLY:-}" ] && [ "$MEMOCC_NIGHTLY" != 0 ]; then kills=60; else kills=4; fi

# The values of a key, a line each.
directive() {
    awk -v key="$1" '
        /^\/\/ [a-z-]+:/ { k = $2; sub(/:$/, "", k)
                           if (k == key) { sub(/^\/\/ [a-z-]+: */, ""); print } next }
        /^\/\// { next }
        { exit }' "$main"
}

unknown=$(awk '/^\/\/ [a-z-]+:/ { print $2; next } /^\/\// { next } { exit }' "$main" |
    grep -vxE '(flags|args|setup|kills|appends|updates|signal|threads|warnings):')
[ -z "$unknown" ] || { echo "$main: unknown directive $unknown"; exit 1; }

flags="-O2 -DSCALE=${MEMOCC_SCALE:-100} $(directive flags)"

# ---- build

build() { # program, compiler and its flags...
    program=$1
    shift
    if [ -d "$case" ]; then set -- "$@" ./*.c; else set -- "$@" "${case##*/}"; fi
    # shellcheck disable=SC2086 # flags are words
    "$@" $flags -o "$program" >"$work/log" 2>&1 || {
        cat "$work/log"
        echo "FAILED: ${2##*/} doesn't compile it"
        exit 1
    }
}

cd "$DIR" || exit 1
mkdir "$work/cc" "$work/memocc" "$work/start"
build "$work/cc/program" "$CC" -w
build "$work/memocc/program" "$memocc" "$CC"
if [ -z "$(directive warnings)" ] && grep -E '\[-W[a-z=]*memo' "$work/log"; then
    echo "FAILED: warnings (above)"
    exit 1
fi

# ---- run

cd "$work/start" || exit 1
eval "$(directive setup)" || exit 1
cd "$work" || exit 1

option() { # key, words where it is given
    given=$(directive "$1")
    [ -z "$given" ] || printf '%s ' "$2"
}
given=$(directive kills)
kills=${MEMOCC_KILLS:-${given:-$kills}}
seed=${MEMOCC_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
options="--seed $seed --kills $kills $(option appends --append)$(option updates --update)$(option threads --threads)"
signal=$(directive signal)
[ -z "$signal" ] || options="$options --signal $signal"
eval "set -- $(directive args)"
# shellcheck disable=SC2086 # options are words
"$KILLER" $options "$work/cc/program" "$work/memocc/program" "$@" && exit 0

failures=$MEMOCC_BUILD/checkpoint-failures
mkdir -p "$failures" && rm -rf "$failures/$name-$seed" && cp -R "$work" "$failures/$name-$seed"
echo "kept in $failures/$name-$seed; again: MEMOCC_SEED=$seed MEMOCC_KILLS=$kills with the same command"
exit 1
