#!/bin/sh
# Each header of ours compiles alone, with gcc and with clang, without warnings;
# memo.h also as a user includes it: strict C99 and C11, with and without memocc.

set -u
cd "$MEMOCC_SOURCE" || exit 1
status=0
n=0

compile() { # compiler, header, flags...
    cc=$1 header=$2
    shift 2
    n=$((n + 1))
    printf '#include "%s"\nint use_of_nothing;\n' "$MEMOCC_SOURCE/$header" |
        "$cc" -x c -fsyntax-only -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror "$@" - ||
        { echo "FAILED: $header alone with $cc $*"; status=1; }
}

for cc in $TEST_GCC $TEST_CLANG; do
    for header in $(find tool -name '*.h' | sort); do
        compile "$cc" "$header" -std=gnu11 -D_GNU_SOURCE -Itool -Iruntime/include \
            -I"$MEMOCC_BUILD/generated" -isystem "$CLANG_C_INCLUDE"
    done
    for header in $(find runtime -name '*.h' ! -path '*/include/*' | sort); do
        compile "$cc" "$header" -std=gnu11 -D_GNU_SOURCE -Iruntime -Iruntime/include
    done
    compile "$cc" runtime/include/memo_abi.h -std=gnu11
    compile "$cc" runtime/include/memo_abi.h -std=gnu89
    for std in c99 c11 gnu11; do
        compile "$cc" runtime/include/memo.h -std=$std -pedantic -Wconversion
        compile "$cc" runtime/include/memo.h -std=$std -pedantic -Wconversion -D__MEMOCC__=10000
    done
done
[ $n -gt 0 ] || { echo "no compiler, or no headers"; exit 1; }
exit $status
