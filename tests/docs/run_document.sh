#!/bin/sh
# run_document.sh FILE.md: what a document shows is true.
#
# Code blocks are marked by an HTML comment on the line before the fence:
#
#   <!-- test: name.c -O2 -lm -->   the ```c block becomes name.c. It is compiled
#                                   with $CC and with memocc and run: twice with
#                                   memocc, with a store, printing the same, and
#                                   if it has synchronized code also on threads
#                                   and in other orders; with checkpoints, also
#                                   without looking for them, and without them.
#                                   With -c among the flags it is compiled only
#   <!-- test: file name.h -->      any block: written to name.h, for the others
#   <!-- test: output of name -->   the ```console block is what name.c prints;
#                                   lines that begin with `$ ` are left out
#
# A name that comes again is appended to. Environment: CC, MEMOCC, MEMO_INCLUDE.

set -u
document=$1
memocc=$MEMOCC # to programs, MEMOCC is a mode
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_LIBCLANG
LC_ALL=C
export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc docs.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
export MEMOCC_DIR="$work/store" MEMOCC_GATE=off

awk '
    /^ *<!-- test: .* -->/ {
        mark = $0
        sub(/^ *<!-- test: */, "", mark); sub(/ *-->.*/, "", mark)
        line = NR
        next
    }
    /^ *```/ && inside { inside = 0; mark = ""; next }
    /^ *```/ && mark != "" {
        inside = 1
        n = split(mark, word, / +/)
        if (mark ~ /^output of /) file = word[3] ".expected"
        else if (word[1] == "file") file = word[2]
        else {
            file = word[1]
            sub(/^[^ ]+ */, "", mark)
            if (!(file in seen)) print file " " mark > "programs"
            seen[file] = 1
        }
        next
    }
    inside && file ~ /\.expected$/ && /^\$ / { next }
    inside { print > file; next }
    mark != "" && !/^ *$/ { print FILENAME ":" line ": no code block after this mark"; exit 1 }
' "$document" || exit 1
[ -s programs ] || { echo "$document: no marked code blocks"; exit 1; }

status=0
fail() { echo "FAILED: $document: $*"; status=1; }

while read -r source flags; do
    name=${source%.c}
    # shellcheck disable=SC2086 # flags are words
    "$CC" -w -I"$MEMO_INCLUDE" "$source" -o "$name.plain" $flags 2>log ||
        { cat log; fail "$source with $CC"; continue; }
    # shellcheck disable=SC2086
    "$memocc" "$CC" -Wall "$source" -o "$name.memo" $flags 2>log ||
        { cat log; fail "$source with memocc"; continue; }
    case " $flags " in *" -c "*) continue ;; esac
    expected_status=0
    "./$name.plain" >"$name.out" || expected_status=$?
    runs='cold warm'
    ! grep -q '^ *#pragma synchronized' "$source" || runs="$runs threads reverse late"
    ! grep -q '^ *#pragma checkpoint' "$source" || runs="$runs fresh off"
    for run in $runs; do
        actual_status=0
        case $run in
        threads) set -- OMP_NUM_THREADS=3 MEMOCC_DIR="$work/store-threads" ;;
        reverse | late) set -- MEMOCC_ORDER="$run" MEMOCC_DIR="$work/store-$run" ;;
        fresh | off) set -- MEMOCC_CHECKPOINT="$run" MEMOCC_DIR="$work/store-$run" ;;
        *) set -- OMP_NUM_THREADS=1 ;;
        esac
        env "$@" "./$name.memo" >"$name.$run" || actual_status=$?
        [ $actual_status = $expected_status ] || fail "$name, $run: status $actual_status"
        diff -a "$name.out" "$name.$run" || fail "$name, $run: prints something else than with cc"
    done
    if [ -e "$name.expected" ]; then
        diff -a "$name.expected" "$name.out" || fail "$name doesn't print what the text says ('<')"
    fi
done <programs
exit $status
