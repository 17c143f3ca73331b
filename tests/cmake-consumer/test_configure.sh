#!/bin/sh
# CC=memocc ./configure && make, as with any package of the GNU kind.
command -v make >/dev/null || exit 125
. "$MEMOCC_SOURCE/tests/cmake-consumer/consumer.sh"
install_memocc
cp "$MEMOCC_SOURCE"/tests/cmake-consumer/project/*.[ch] .
rm unaware.c
cp "$MEMOCC_SOURCE/tests/cmake-consumer/autoconf/configure" .

PATH=$PWD/prefix/bin:$PATH MEMOCC_CC=$CC CC=memocc
export PATH MEMOCC_CC CC
step configure ./configure
step make make -j2
line='13 13 34 4\n'
check_program ./app "$line$line$line" 3

# A header changed: what depends on it is built again, and works.
sleep 1
echo '/* changed */' >>shapes.h
make >log 2>&1 || { cat log; fail "make after a change"; }
[ "$(grep -c -e ' -c ' log)" = 4 ] || { cat log; fail "not all four units were compiled again"; }
check_program ./app "$line$line$line" 3
