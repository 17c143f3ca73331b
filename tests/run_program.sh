#!/bin/sh
# run_program.sh CASE: the promise, checked on one program.
#
# CASE is x.c, or a folder of which all *.c make one program (main.c among them).
# It is built with $CC, then with memocc in front of $CC, and the second prints
# what the first prints in every run: standard output, files written to the
# working directory, exit status or signal. Runs, in this order:
#
#   cold      empty store                     refresh   MEMOCC=refresh
#   warm      a new process, the same store   readonly  MEMOCC=readonly
#   off       MEMOCC=off                      gated     a new store, gate on
#   verify    MEMOCC=verify=1, warm: all that is stored is what is computed
#
# All but the gated one have MEMOCC_GATE=off, so that counters don't depend on time.
#
# A case in which a source has `#pragma synchronized` is built with -O0 and with
# -O2 (only as its flags say, if they have an -O). It has these runs, each with
# an empty store, and those above only if something is memoized:
#
#   threads1 threads2 threads3 threads8    OMP_NUM_THREADS
#   serial late reverse random1 random2    MEMOCC_ORDER, with 3 threads
#   again     MEMOCC=verify: each call is carried out twice, and compared
#   plain-threads3 plain-reverse           of the program built with -O0
#
# Comments at the top of x.c or main.c say more, each as `// key: value`:
#
#   flags: -O2 -lm        for compiling and linking, after the sources; $DIR is
#                         the folder of the case
#   memo-flags: -Wno-...  for memocc only
#   args: a "b c"         the program's arguments, as the shell reads them
#   env: X=1 Y=2          in every run of both programs
#   stdin: text           one line of standard input
#   runs: cold warm       these only
#   stats: cold miss=3 hit=0 f.stored=1
#                         MEMOCC_STATS of that run: calls, hit (all tiers),
#                         memory, disk, miss, stored; of concurrent functions
#                         tasks, serial, events; f. of function f only; <= and >=
#                         for what depends on decisions
#   stderr: cold regex    a line of memocc's (`memocc: ...`) that this run prints
#                         (`all`: every run); any other such line is a failure
#   warnings: yes         memocc may warn when it compiles; otherwise it may not
#   cc-only: gcc          only with this compiler: gcc or clang
#   libclang: 17          only with this version of libclang or newer
#
# Environment: CC, MEMOCC, MEMO_INCLUDE, MEMOCC_LIBCLANG (a version, or default).

set -u
case=$1
tests=$(cd "$(dirname "$0")" && pwd)
memocc=$MEMOCC # to programs, MEMOCC is a mode
unset MEMOCC OMP_NUM_THREADS MEMOCC_ORDER MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_MAX_SIZE MEMOCC_MEMORY XDG_CACHE_HOME
LC_ALL=C
export LC_ALL
[ "${MEMOCC_LIBCLANG:-default}" = default ] && unset MEMOCC_LIBCLANG

if [ -d "$case" ]; then DIR=$case main=$case/main.c; else DIR=$(dirname "$case") main=$case; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc run.XXXXXX") || exit 1
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

n_failures=0
fail() { echo "FAILED: $*"; n_failures=$((n_failures + 1)); }

# The values of a key, a line each.
directive() {
    awk -v key="$1" '
        /^\/\/ [a-z-]+:/ { k = $2; sub(/:$/, "", k)
                           if (k == key) { sub(/^\/\/ [a-z-]+: */, ""); sub(/\r$/, ""); print } next }
        /^\/\// || /^[ \t\r]*$/ || /^\/\*/ || /^ \*/ { next }
        { exit }' "$main"
}

unknown=$(awk '/^\/\/ [a-z-]+:/ { print $2; next } /^\/\// || /^[ \t]*$/ { next } { exit }' "$main" |
    grep -vxE '(flags|memo-flags|args|env|stdin|runs|stats|stderr|warnings|cc-only|libclang):')
[ -z "$unknown" ] || { echo "$main: unknown directive $unknown"; exit 1; }

only=$(directive cc-only)
case ${CC##*/} in *clang*) flavour=clang ;; *) flavour=gcc ;; esac
[ -z "$only" ] || [ "$only" = $flavour ] || { echo "for $only only"; exit 125; }
oldest=$(directive libclang)
[ -z "$oldest" ] || [ "${MEMOCC_LIBCLANG:-99}" -ge "$oldest" ] || { echo "needs libclang $oldest"; exit 125; }

flags=
eval "flags=\"$(directive flags)\""
memo_flags=$(directive memo-flags)
args=$(directive args)
environment=$(directive env)

# ---- build

# Sources are named relative to the folder: what __FILE__ gives is then equal.
# Several units are compiled one by one and linked, one in a single call.
build() { # program, compiler and its flags...
    program=$1
    shift
    if [ -d "$case" ]; then
        for source in *.c; do
            # shellcheck disable=SC2086 # flags are words
            "$@" -c "$source" $flags -o "$program-${source%.c}.o" || return 1
        done
        set -- "$@" "$program"-*.o
        # shellcheck disable=SC2086
        "$@" $flags -o "$program"
    else
        # shellcheck disable=SC2086
        "$@" "${case##*/}" $flags -o "$program"
    fi
}

# Both programs, NAME's, with these flags before those of the case.
build_both() { # name, flags...
    name=$1
    shift
    # -w: cc's own opinion of the case, of its pragmas above all, isn't the subject.
    if ! build "$work/cc-$name" "$CC" "$@" -w -I"$MEMO_INCLUDE" >"$work/log" 2>&1; then
        cat "$work/log"
        echo "FAILED: $CC doesn't compile it ($*)"
        exit 1
    fi
    # shellcheck disable=SC2086
    if ! build "$work/memo-$name" "$memocc" "$CC" "$@" $memo_flags >"$work/log" 2>&1; then
        cat "$work/log"
        echo "FAILED: memocc doesn't compile it ($*)"
        exit 1
    fi
    if [ -z "$(directive warnings)" ] && grep -E '\[-W[a-z=]*memo' "$work/log"; then
        fail "warnings (above)"
    fi
}

cd "$DIR" || exit 1
if [ -d "$case" ]; then sources=$(ls ./*.c ./*.h 2>/dev/null); else sources=$main; fi
has_pragma() { # word: is there one of this kind?
    # shellcheck disable=SC2086 # names of cases have no blanks
    grep -qE "#[ \t]*pragma[ \t]+$1|_Pragma\(\"$1" $sources
}
if has_pragma synchronized; then
    case " $flags" in
    *" -O"*) build_both program -ffp-contract=off ;;
    *)
        build_both program -O2 -ffp-contract=off
        build_both plain -O0 -ffp-contract=off
        ;;
    esac
else
    build_both program
fi

# ---- run

# Runs $work/$1 in a fresh folder $work/$2 that holds what it wrote, with the
# output in $work/$2.out, memocc's lines and the program's in .err, status in .rc.
run() { # program, run, VARIABLE=value...
    program=$1 run=$2
    shift 2
    mkdir "$work/$run" && cd "$work/$run" || exit 1
    # The same name in all runs: argv[0] may be printed.
    cp "$work/$program" "$work/program"
    (
        for setting in "$@"; do export "${setting?}"; done
        for setting in $environment; do export "${setting?}"; done
        eval "set -- $args"
        exec "$work/program" "$@"
    ) <"$work/stdin" >"$work/$run.out" 2>"$work/$run.err"
    echo $? >"$work/$run.rc"
}

check_stderr() { # run
    directive stderr | sed -nE "s/^(all|$1) +//p" >"$work/expected-lines"
    grep '^memocc:' "$work/$1.err" >"$work/lines"
    if [ -s "$work/expected-lines" ]; then
        grep -vEf "$work/expected-lines" "$work/lines" && fail "$1: lines on stderr (above)"
        while IFS= read -r regex; do
            grep -qE "$regex" "$work/lines" ||
                { fail "$1: no line on stderr matches '$regex'"; cat "$work/$1.err"; }
        done <"$work/expected-lines"
    elif [ -s "$work/lines" ]; then
        cat "$work/lines"
        fail "$1: lines on stderr (above)"
    fi
}

check_run() { # run, VARIABLE=value...
    run=$1
    case " $runs " in *" $run "*) ;; *) return ;; esac
    shift
    run "memo-$name" "$run" MEMOCC_STATS="$work/$run.json" "$@"
    cmp -s "$work/$expected.rc" "$work/$run.rc" ||
        fail "$run: exit status $(cat "$work/$run.rc"), with cc $(cat "$work/$expected.rc")"
    cmp -s "$work/$expected.out" "$work/$run.out" || {
        diff -a "$work/$expected.out" "$work/$run.out" | head -20
        fail "$run: output differs from cc's ('<')"
        head -30 "$work/$run.err"
    }
    diff -ar "$work/$expected" "$work/$run" || fail "$run: files differ from cc's ('<')"
    check_stderr "$run"
    directive stats | sed -n "s/^$run //p" >"$work/expected-stats"
    while IFS= read -r line; do
        # shellcheck disable=SC2086
        python3 "$tests/check_stats.py" "$work/$run.json" $line || fail "$run: counters (above)"
    done <"$work/expected-stats"
}

check_memo() {
    check_run cold MEMOCC_GATE=off MEMOCC_DIR="$work/store"
    check_run warm MEMOCC_GATE=off MEMOCC_DIR="$work/store"
    check_run verify MEMOCC=verify=1 MEMOCC_GATE=off MEMOCC_DIR="$work/store"
    check_run off MEMOCC=off MEMOCC_DIR="$work/store"
    check_run refresh MEMOCC=refresh MEMOCC_GATE=off MEMOCC_DIR="$work/store"
    check_run readonly MEMOCC=readonly MEMOCC_GATE=off MEMOCC_DIR="$work/store"
    check_run gated MEMOCC_DIR="$work/gated-store"
}

check_concurrent() {
    for n in 1 2 3 8; do
        check_run threads$n OMP_NUM_THREADS=$n MEMOCC_DIR="$work/store-$n"
    done
    for order in serial late reverse random:1 random:2; do
        run=$(echo $order | tr -d :)
        check_run "$run" MEMOCC_ORDER=$order OMP_NUM_THREADS=3 MEMOCC_DIR="$work/store-$run"
    done
    check_run again MEMOCC=verify MEMOCC_DIR="$work/store-again"
    [ -e "$work/memo-plain" ] || return
    name=plain expected=cc0
    run cc-plain cc0
    check_run plain-threads3 OMP_NUM_THREADS=3 MEMOCC_DIR="$work/store-plain"
    check_run plain-reverse MEMOCC_ORDER=reverse OMP_NUM_THREADS=3 MEMOCC_DIR="$work/store-plain-2"
}

runs=$(directive runs)
: "${runs:=cold warm verify off refresh readonly gated \
    threads1 threads2 threads3 threads8 serial late reverse random1 random2 again \
    plain-threads3 plain-reverse}"
input=$(directive stdin)
if [ -n "$input" ]; then echo "$input" >"$work/stdin"; else : >"$work/stdin"; fi

run cc-program cc
name=program expected=cc
if ! has_pragma synchronized || has_pragma memo; then check_memo; fi
if has_pragma synchronized; then check_concurrent; fi

[ $n_failures = 0 ]
