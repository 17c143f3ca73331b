#!/bin/sh
# Scripts are plain POSIX sh and clean for shellcheck, where that is installed.

command -v shellcheck >/dev/null || { echo "no shellcheck"; exit 125; }
cd "$MEMOCC_SOURCE" || exit 1
status=0
# Not followed: a file beside the case, read by a name that holds a variable.
find dev .ci tests examples \( -name '*.sh' -o -name dev -o -path '.ci/*' -o -name configure \) \
    -type f ! -path 'tests/driver/*' \
    -exec shellcheck -s sh -S warning -e SC1090,SC1091,SC2154 {} + || status=1
# Cases of the driver are command lines first: words that split, cd that -e guards.
find tests/driver -name '*.sh' -exec shellcheck -s sh -S warning \
    -e SC1090,SC1091,SC2154,SC2034,SC2010,SC2044,SC2046,SC2086,SC2164,SC2209 {} + || status=1
exit $status
