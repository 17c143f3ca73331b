# Two copies of an annotated header are one file to gcc (#pragma once, equal size, time
# and text), but two to libclang: an error that says so, and no object.
. "$(dirname "$0")/lib.sh"
is_clang && skip "two files to clang"
mkdir one two
cat >one/h.h <<'END'
#pragma once
#pragma memo
static inline int f(int n)
{
    return n;
}
END
cp one/h.h two/h.h
touch -r one/h.h two/h.h
cat >m.c <<'END'
#include "one/h.h"
#include "two/h.h"
int main(void) { return f(0); }
END
"$CC" -c m.c -o plain.o
status_of "$MEMOCC" -c m.c 2>errors
[ "$status" != 0 ] || fail "status 0"
grep -qF "text of 'm.c' doesn't show its annotated headers; is one of them included under several names?" \
    errors ||
    fail "$(cat errors)"
[ ! -e m.o ] || fail "there is an object"
no_temps_left
# Names of one file are no copies.
rm two/h.h
ln -s ../one/h.h two/h.h
"$MEMOCC" -c m.c
[ -e m.o ] || fail "no object"
