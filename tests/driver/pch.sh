# Precompiled headers are still used.
. "$(dirname "$0")/lib.sh"
is_clang && skip "clang takes them by -include-pch only"
echo 'static inline int five(void) { return 5; }' >pch.h
cat >a.c <<'END'
#include "pch.h"
#pragma memo
int square(int x) { return x * x; }
int main(void) { return square(five()); }
END
"$MEMOCC" -x c-header pch.h -o pch.h.gch
"$MEMOCC" -Winvalid-pch -H -c a.c 2>headers.txt
grep -q '^! .*pch.h.gch' headers.txt || { cat headers.txt; fail "not used"; }
"$MEMOCC" a.o -o program
status_of ./program
[ $status -eq 25 ] || fail "status $status"
