#!/bin/sh
# find_package(memocc) with make.
command -v make >/dev/null || exit 125
# shellcheck disable=SC2034 # read by find_package.sh
generator='Unix Makefiles'
. "$MEMOCC_SOURCE/tests/cmake-consumer/find_package.sh"
