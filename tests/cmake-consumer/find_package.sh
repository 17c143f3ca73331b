# find_package.sh - the test of memocc_enable() for one generator, $generator.
# shellcheck shell=sh disable=SC2154

. "$MEMOCC_SOURCE/tests/cmake-consumer/consumer.sh"
install_memocc
cp -R "$MEMOCC_SOURCE/tests/cmake-consumer/project" source

step configure "$CMAKE" -G "$generator" -S source -B build -DCMAKE_PREFIX_PATH="$PWD/prefix" \
    -DCMAKE_C_COMPILER="$CC"
step build "$CMAKE" --build build

line='13 13 34 4\n'
check_program build/app "$line$line$line" 3
line='13 13\n'
check_program build/unaware "$line$line$line" 2
check_program build/sub/inner '42\n' 1

# A launcher that was there stays, behind memocc.
printf '#!/bin/sh\necho x >>"%s"\nexec "$@"\n' "$PWD/launched" >launcher
chmod +x launcher
step "configure with a launcher" "$CMAKE" -G "$generator" -S source -B launched-build \
    -DCMAKE_PREFIX_PATH="$PWD/prefix" -DCMAKE_C_COMPILER_LAUNCHER="$PWD/launcher"
step "build with a launcher" "$CMAKE" --build launched-build
[ -s launched ] || fail "the project's own launcher was not called"
line='13 13 34 4\n'
check_program launched-build/app "$line$line$line" 3

# What can't be had is an error that says so.
refuse() { # arguments of memocc_enable, text of the error
    sed "s|^memocc_enable(app).*|memocc_enable($1)|" \
        "$MEMOCC_SOURCE/tests/cmake-consumer/project/CMakeLists.txt" >source/CMakeLists.txt
    if "$CMAKE" -G "$generator" -S source -B refused -DCMAKE_PREFIX_PATH="$PWD/prefix" >log 2>&1; then
        fail "memocc_enable($1) is accepted"
    fi
    tr -s ' \n' ' ' <log | grep -q "$2" || { cat log; fail "memocc_enable($1): other message"; }
}
refuse 'app SHARED redis://localhost:6379' 'SHARED is not in this version'
refuse 'app SHARED' 'SHARED is not in this version'
refuse 'app OPENMP' "unknown argument 'OPENMP'"
refuse 'nothing' "there is no target 'nothing'"
