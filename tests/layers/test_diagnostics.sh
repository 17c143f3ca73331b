#!/bin/sh
# Each diagnostic of tool/diag.def has a case in tests/diag (or, for those about
# the command line, in tests/driver): some expected-* comment or exact text
# there is part of its format, texts between quotes left out. Those that no source file
# can provoke stand in `exceptions`, with the reason.

set -u
# err_no_unit: libclang gives no tree only when it crashes or has no memory
exceptions="err_no_unit"
cd "$MEMOCC_SOURCE" || exit 1
cc=${TEST_GCC:-$TEST_CLANG}
[ -n "$cc" ] || exit 125

printf '#define DIAG(id, severity, flag, format) @@ id severity format\n#include "diag.def"\n' |
    "$cc" -E -P -x c -Itool - | grep '^@@' >"$TMPDIR/table"
[ -s "$TMPDIR/table" ] || { echo "tool/diag.def has no diagnostics"; exit 1; }
cat tests/diag/*.c tests/diag/*.txt tests/driver/*.sh 2>/dev/null >"$TMPDIR/cases"

awk -v exceptions="$exceptions" '
# What stays of a text: no quoted parts, no numbers, single blanks.
function bare(text) {
    gsub(/\\"/, "\"", text)
    gsub(/n\047t/, "nt", text)
    gsub(/\047[^\047]*\047/, "\047\047", text)
    gsub(/%(l|z|ll)?[a-z]/, "", text)
    gsub(/[0-9]+/, "", text)
    gsub(/ +/, " ", text)
    return text
}
# The longest stretch of a format without a conversion.
function longest(format,   n, i, pieces, best) {
    n = split(format, pieces, /%(\.\*)?(l|z|ll)?[a-z]/)
    for (i = 1; i <= n; i++)
        if (length(pieces[i]) > length(best)) best = pieces[i]
    return best
}
FNR == NR {
    text = $0
    sub(/^@@ [a-z0-9_A-Z]+ [A-Z]+ "/, "", text); sub(/"$/, "", text)
    gsub(/" +"/, "", text); gsub(/\\"/, "\"", text)
    id[++n] = $2; format[n] = bare(text); piece[n] = longest(text)
    next
}
{
    all = all $0 "\n"
    line = $0
    while (match(line, /\{\{[^}]*(\}[^}]+)*\}\}/)) {
        expected[++m] = bare(substr(line, RSTART + 2, RLENGTH - 4))
        line = substr(line, RSTART + RLENGTH)
    }
}
END {
    for (i = split(exceptions, except); i > 0; i--) may_lack[except[i]] = 1
    for (i = 1; i <= n; i++) {
        if (id[i] in may_lack) {
            delete may_lack[id[i]]
            continue
        }
        found = length(piece[i]) >= 8 && index(all, piece[i])
        if (length(format[i]) < 4) continue # nothing but what its callers say
        for (j = 1; j <= m && !found; j++)
            found = length(expected[j]) >= 8 && index(format[i], expected[j])
        if (!found) { print "no case: " id[i] ": " format[i]; missing++ }
    }
    for (i in may_lack) { print "no such diagnostic: " i; missing++ }
    if (missing) { print missing " of " n " diagnostics without a case"; exit 1 }
}' "$TMPDIR/table" "$TMPDIR/cases"
