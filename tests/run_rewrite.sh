#!/bin/sh
# run_rewrite.sh x.c: what memocc makes of a unit.
#
# `memocc --memo-emit x.c` equals x.expected.c, but for what is the same everywhere or
# differs between versions of libclang and compilers: the runtime's declarations and
# each list of warnings turned off are one line, and what is written for the link step
# is left out; digests are DIGEST, those of types
# #TYPES, the version of the compiler COMPILER. So that people can read it, each
# statement of generated functions has a line of its own. What was emitted, as it
# is, also compiles with every installed compiler under -Wall -Wextra -Werror.
# Where a header is annotated the text is what `gcc -E -fdirectives-only` makes: what
# comes from gcc and the system is left out, and only gcc compiles it.
# MEMOCC_UPDATE=1 writes x.expected.c instead. At the top of x.c may stand
#
#   // flags: -O2      for memocc and the compilers
#   // warnings: yes   memocc may warn
#   // libclang: 17    only with this version or newer
#   // cc: gcc          only where there is gcc
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
[ "$(directive cc)" != gcc ] || [ -n "$TEST_GCC" ] || exit 125
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
    /^# [0-9]+ "/ { sub(/^# 0 /, "# 1 "); foreign = $3 ~ /^"[<\/]/ }
    foreign { next }
    /memocc: begin runtime declarations/ { print "/* runtime declarations */"; inside = 1 }
    /^#pragma GCC diagnostic push$/ { print "/* warnings off */"; quiet = 1; next }
    quiet && /^#(pragma (GCC|clang) diagnostic ignored |ifdef __clang__$|else$|endif$)/ { next }
    { quiet = 0 }
    !inside {
        if (/memo_l_/) gsub(/; /, ";\n    ")
        print
    }
    /memocc: end runtime declarations/ { inside = 0 }' "$work/$name.c" |
    sed -E -e 's/\{ *((0x)?[0-9a-f]{1,3}, *){15}(0x)?[0-9a-f]{1,3},? *\}/{DIGEST}/g' \
        -e 's/ #[0-9a-f]{16}"/ #TYPES"/g' \
        -e 's/ [0-9a-f]{16}\\012/ DIGEST\\012/g' -e '/^__asm__\("\.pushsection \.memocc,/d' \
        -e 's/("(gcc|clang)[^"]*" *)?__VERSION__/COMPILER/g' >"$work/text"

if [ "${MEMOCC_UPDATE:-}" = 1 ]; then
    cp "$work/text" "$name.expected.c"
elif ! diff -a "$name.expected.c" "$work/text"; then
    echo "FAILED: emitted text ('>') differs; MEMOCC_UPDATE=1 to accept it"
    exit 1
fi

compilers="$TEST_GCC $TEST_CLANG"
if head -1 "$work/$name.c" | grep -q '^# [01] "'; then
    compilers=$TEST_GCC
    flags="$flags -fpreprocessed -fdirectives-only"
fi
for cc in $compilers; do
    # shellcheck disable=SC2086
    "$cc" $flags -Wall -Wextra -Werror -D__MEMOCC__=10000 -I"$MEMO_INCLUDE" -iquote . \
        -c "$work/$name.c" -o "$work/$name.o" || { echo "FAILED: $cc on the emitted text"; exit 1; }
done
