#!/bin/sh
# find_package(memocc) with Ninja.
command -v ninja >/dev/null || exit 125
# shellcheck disable=SC2034 # read by find_package.sh
generator=Ninja
. "$MEMOCC_SOURCE/tests/cmake-consumer/find_package.sh"
