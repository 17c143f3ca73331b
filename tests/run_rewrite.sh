#!/bin/sh
# run_rewrite.sh x.c: what memocc makes of a unit, byte for byte.
#
# `memocc --memo-emit x.c` equals x.expected.c, but for three things: the
# runtime's declarations, which are the same everywhere, are one line; digests
# are DIGEST; the compiler's name and version are COMPILER. What was emitted also
# compiles with every installed compiler under -Wall -Wextra -Werror.
# MEMOCC_UPDATE=1 writes x.expected.c instead. At the top of x.c may stand
#
#   // flags: -O2      for memocc and the compilers
#   // warnings: yes   memocc may warn
#   // libclang: 17    only with this version or newer
#
# Environment: MEMOCC, MEMO_INCLUDE, TEST_GCC, TEST_CLANG, MEMOCC_LIBCLANG.

set -u
case=$1
name=$(basename "$case" .c)
LC_ALL=C
export LC_ALL
[ "${MEMOCC_LIBCLANG:-default}" = default ] && unset MEMOCC_LIBCLANG
work=$(mktemp -d "${TMPDIR:-/tmp}/memocc rewrite.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$(dirname "$case")" || exit 1

directive() { sed -n "s|^// $1: *||p" "$name.c" | head -1; }
oldest=$(directive libclang)
[ -z "$oldest" ] || [ "${MEMOCC_LIBCLANG:-99}" -ge "$oldest" ] || exit 125
flags=$(directive flags)

# shellcheck disable=SC2086 # flags are words
MEMOCC_CC=${TEST_GCC:-${TEST_CLANG:-cc}} "$MEMOCC" $flags --memo-emit "$name.c" \
    >"$work/$name.c" 2>"$work/log" || { cat "$work/log"; echo "FAILED: --memo-emit"; exit 1; }
if [ -s "$work/log" ] && [ -z "$(directive warnings)" ]; then
    cat "$work/log"
    echo "FAILED: warnings (above)"
    exit 1
fi

awk '
    /memocc: begin runtime declarations/ { print "/* runtime declarations */"; inside = 1 }
    !inside { print }
    /memocc: end runtime declarations/ { inside = 0 }' "$work/$name.c" |
    sed -E -e 's/\{ *(0x[0-9a-f]{1,2}, *){15}0x[0-9a-f]{1,2},? *\}/{DIGEST}/g' \
        -e 's/("(gcc|clang)[^"]*" *)?__VERSION__/COMPILER/g' >"$work/text"

if [ "${MEMOCC_UPDATE:-}" = 1 ]; then
    cp "$work/text" "$name.expected.c"
elif ! diff -a "$name.expected.c" "$work/text"; then
    echo "FAILED: emitted text ('>') differs; MEMOCC_UPDATE=1 to accept it"
    exit 1
fi

for cc in $TEST_GCC $TEST_CLANG; do
    # shellcheck disable=SC2086
    "$cc" $flags -Wall -Wextra -Werror -D__MEMOCC__=10000 -I"$MEMO_INCLUDE" -iquote . \
        -c "$work/$name.c" -o "$work/$name.o" || { echo "FAILED: $cc on the emitted text"; exit 1; }
done
