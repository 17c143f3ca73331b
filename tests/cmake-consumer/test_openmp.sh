#!/bin/sh
# Synchronized code in a program and in libraries, static and shared; NO_OPENMP.
. "$MEMOCC_SOURCE/tests/cmake-consumer/consumer.sh"
command -v readelf >/dev/null || exit 125
generator='Unix Makefiles'
command -v ninja >/dev/null && generator=Ninja
install_memocc
mkdir source
cat >source/CMakeLists.txt <<'END_OF_FILE'
cmake_minimum_required(VERSION 3.20)
project(consumer LANGUAGES C)
find_package(memocc 1.0 REQUIRED)
foreach(name rows columns)
    set(kind STATIC)
    if(name STREQUAL "columns")
        set(kind SHARED)
    endif()
    add_library(${name} ${kind} sum.c)
    target_compile_definitions(${name} PRIVATE sum=${name})
    memocc_enable(${name})
endforeach()
add_executable(app main.c) # linked without memocc
target_link_libraries(app PRIVATE rows columns)
add_executable(program program.c)
memocc_enable(program)
add_executable(serial program.c)
memocc_enable(serial NO_OPENMP)
add_executable(memo memo.c)
memocc_enable(memo)
END_OF_FILE
cat >source/sum.c <<'END_OF_FILE'
#pragma concurrent
static double term(int i)
{
    double s = 0;
    for (int k = 1; k < 20000; k++)
        s += 1.0 / (i + k);
    return s;
}
double sum(int n);
#pragma synchronized
double sum(int n)
{
    double total = 0;
    for (int i = 0; i < n; i++)
        total += term(i);
    return total;
}
END_OF_FILE
cat >source/main.c <<'END_OF_FILE'
#include <stdio.h>
double rows(int n), columns(int n);
int main(void) { printf("%.6f %.6f\n", rows(100), columns(200)); return 0; }
END_OF_FILE
cat >source/program.c <<'END_OF_FILE'
#include <stdio.h>
#include "sum.c"
int main(void) { printf("%.6f\n", sum(100)); return 0; }
END_OF_FILE
cat >source/memo.c <<'END_OF_FILE'
#include <stdio.h>
#pragma memo
static int square(int x) { return x * x; }
int main(void) { printf("%d\n", square(7)); return 0; }
END_OF_FILE
step configure "$CMAKE" -G "$generator" -S source -B build -DCMAKE_PREFIX_PATH="$PWD/prefix" \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_BUILD_TYPE=Release
step build "$CMAKE" --build build

openmps() { # program: those that are loaded with it
    ldd "build/$1" | sed -n 's/^[[:space:]]*lib\(gomp\|omp\|iomp5\)[.].*/\1/p' | sort -u | wc -l
}
check() { # program, number of OpenMP runtimes, what serial C prints
    [ "$(openmps "$1")" -eq "$2" ] || fail "$1 loads $(ldd "build/$1")"
    rm -f stats.json
    for threads in 1 2; do
        OMP_NUM_THREADS=$threads MEMOCC_DIR=$PWD/store MEMOCC_STATS=stats.json \
            "build/$1" >out || fail "$1: status $?"
        [ "$(cat out)" = "$3" ] || fail "$1 prints $(cat out)"
    done
}
printf 'double rows(int n), columns(int n);\n#define sum rows\n#include "source/sum.c"\n' >a.c
printf 'double rows(int n), columns(int n);\n#define sum columns\n#include "source/sum.c"\n' >b.c
step "build with cc" "$CC" -O2 -w source/main.c a.c b.c -o plain
expected=$(./plain)
check app 1 "$expected"
check program 1 "${expected%% *}"
grep -q '"tasks":100' stats.json || fail "no tasks: $(cat stats.json)"
check serial 0 "${expected%% *}"
[ ! -e stats.json ] || fail "tasks in spite of NO_OPENMP: $(cat stats.json)"
check memo 0 49
