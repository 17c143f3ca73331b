#!/bin/sh
# run_alone.sh COMMAND...
#
# Runs a test in a folder of its own, which is also its TMPDIR and its store,
# and removes it afterwards. The folder's name holds a blank. Exit status: the
# test's.

# To scripts $MEMOCC is the compiler that is tested, to programs a mode.
[ "$1" = sh ] || unset MEMOCC
unset MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_GATE MEMOCC_MAX_SIZE MEMOCC_MEMORY XDG_CACHE_HOME
LC_ALL=C
export LC_ALL

alone=$(mktemp -d "${TMPDIR:-/tmp}/memocc test.XXXXXX") || exit 1
trap 'chmod -R u+rwx "$alone"; rm -rf "$alone"' EXIT
trap 'exit 1' HUP INT TERM
TMPDIR=$alone MEMOCC_DIR=$alone/store HOME=$alone
export TMPDIR MEMOCC_DIR HOME

cd "$alone" || exit 1
"$@"
