#!/bin/sh
# The repository stands on its own: no file of it names the machine or the
# folders that it was written on.

set -u
cd "$MEMOCC_SOURCE" || exit 1
# Spelled in pieces, so that this file passes too.
slash=/
machine="(^|[^A-Za-z0-9_.~\$}\"'-])${slash}(work|home|root|Users)${slash}[A-Za-z]|[.][.]${slash}shared${slash}"

if git rev-parse --is-inside-work-tree >"$TMPDIR/git" 2>&1; then
    git ls-files -z
else
    find . -path ./build -prune -o -path ./.git -prune -o -type f -print0
fi >"$TMPDIR/files"
[ -s "$TMPDIR/files" ] || { echo "no files"; exit 1; }
if xargs -0 grep -nIE "$machine" <"$TMPDIR/files"; then
    echo "FAILED: paths of one machine (above)"
    exit 1
fi
