# Precompiled headers are still used.
. "$(dirname "$0")/lib.sh"
echo 'static inline int five(void) { return 5; }' >pch.h
cat >a.c <<'END'
#ifndef FORCED
#include "pch.h"
#endif
#pragma memo
int square(int x) { return x * x; }
int main(void) { return square(five()); }
END
check() {
    "$MEMOCC" "$@" a.c -o program
    status_of ./program
    [ $status -eq 25 ] || fail "status $status: $*"
}
if is_clang; then
    "$MEMOCC" -x c-header pch.h -o pch.h.pch
    check -DFORCED -include-pch pch.h.pch
else
    "$MEMOCC" -x c-header pch.h -o pch.h.gch
    "$MEMOCC" -Winvalid-pch -H -c a.c 2>headers.txt
    grep -q '^! .*pch.h.gch' headers.txt || { cat headers.txt; fail "not used"; }
    check
fi
check -DFORCED -include pch.h
