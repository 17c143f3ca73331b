#!/bin/sh
# run_diag.sh x.c: the diagnostics of a unit.
#
# Two kinds of case. Where x.c holds expected-* comments, `memocc --memo-verify`
# compares them with what it reports:
#
#   x = y;  // expected-error {{part of the text}}
#   // expected-warning@-1 {{...}}  @+2, @7 (a line); a count: expected-note 2 {{...}}
#   // expected-no-diagnostics
#
# Where there is a file x.txt, it is the exact text on stderr, carets and all,
# and exit status 0 or not must follow from it; MEMOCC_UPDATE=1 writes it. At the
# top of x.c may stand
#
#   // flags: -Rmemo        for memocc
#   // libclang: 17         only with this version or newer
#   // cc: clang            with this real compiler; default gcc where there is one
#
# Environment: MEMOCC, TEST_GCC, TEST_CLANG, MEMOCC_LIBCLANG.

set -u
case=$1
name=$(basename "$case" .c)
LC_ALL=C
export LC_ALL
[ "${MEMOCC_LIBCLANG:-default}" = default ] && unset MEMOCC_LIBCLANG
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc diag.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$(dirname "$case")" || exit 1

directive() { sed -n "s|^// $1: *||p" "$name.c" | tr -d '\r' | head -1; }
oldest=$(directive libclang)
[ -z "$oldest" ] || [ "${MEMOCC_LIBCLANG:-99}" -ge "$oldest" ] || exit 125
flags=$(directive flags)
case $(directive cc) in
clang) MEMOCC_CC=$TEST_CLANG ;;
*) MEMOCC_CC=${TEST_GCC:-$TEST_CLANG} ;;
esac
[ -n "$MEMOCC_CC" ] || exit 125
export MEMOCC_CC

if [ -e "$name.txt" ] || ! grep -q 'expected-' "$name.c"; then
    # shellcheck disable=SC2086 # flags are words
    "$MEMOCC" $flags --memo-check -c "$name.c" -o "$work/$name.o" >"$work/out" 2>"$work/text"
    status=$?
    if [ "${MEMOCC_UPDATE:-}" = 1 ]; then
        cp "$work/text" "$name.txt"
    fi
    [ -s "$name.txt" ] || { echo "FAILED: neither expected-* comments nor $name.txt"; exit 1; }
    diff -a "$name.txt" "$work/text" || { echo "FAILED: stderr ('>') differs"; exit 1; }
    if grep -q ': error: ' "$name.txt"; then [ $status != 0 ]; else [ $status = 0 ]; fi || {
        echo "FAILED: exit status $status"
        exit 1
    }
else
    # shellcheck disable=SC2086
    "$MEMOCC" $flags --memo-verify -c "$name.c" -o "$work/$name.o" || {
        echo "FAILED: exit status $?"
        exit 1
    }
fi
