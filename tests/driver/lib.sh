# lib.sh - what the driver cases share. Sourced first by each of them.
#
# $MEMOCC is the tool, $CC the real compiler behind it. The current folder is
# empty and the case's own; its name holds a blank. A case fails at the first
# command that fails.

set -eu
MEMOCC_CC=$CC
export MEMOCC_CC
unset CPATH C_INCLUDE_PATH DEPENDENCIES_OUTPUT CFLAGS
: "${TMPDIR:=/tmp}"
# What memocc leaves behind is looked for here.
TMPDIR=$TMPDIR/tmp
mkdir -p "$TMPDIR"
export TMPDIR

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

skip() {
    echo "skipped: $*"
    exit 125
}

# The compiler behind $CC is clang.
is_clang() { "$CC" --version | grep -q clang; }

# The status of a command that may fail.
status_of() {
    set +e
    "$@"
    status=$?
    set -e
}

no_temps_left() {
    left=$(ls "$TMPDIR" | grep '^memocc' || true)
    [ -z "$left" ] || fail "left behind: $left"
}

# compare NAME COMMAND...: run `$CC ARGS` and `memocc ARGS` in two copies of ./src,
# one after the other at the same place, and compare status, output and all files.
compare() {
    rm -rf cc.out memocc.out work
    for who in cc memocc; do
        cp -R src work
        case $who in cc) tool=$CC ;; *) tool=$MEMOCC ;; esac
        set +e
        (cd work && "$tool" "$@" >stdout.txt 2>stderr.txt </dev/null; echo $? >status.txt)
        set -e
        mv work "$who.out"
    done
    diff -r cc.out memocc.out >differences || {
        cat differences >&2
        fail "files differ: $*"
    }
    no_temps_left
}

# compare_names: as compare, but only names of files, status and dependencies.
compare_names() {
    rm -rf cc.out memocc.out work
    for who in cc memocc; do
        cp -R src work
        case $who in cc) tool=$CC ;; *) tool=$MEMOCC ;; esac
        set +e
        (cd work && "$tool" "$@" >/dev/null 2>stderr.txt </dev/null; echo $? >status.txt)
        set -e
        (cd work && find . -type f | sort >../"$who.names"
         for f in $(find . -name '*.d'); do # line breaks are the compiler's choice
             tr -d '\\' <"$f" | tr -s ' \n' '\n\n' >"$f.words" && mv "$f.words" "$f"
         done)
        mv work "$who.out"
    done
    cmp cc.out/status.txt memocc.out/status.txt || {
        cat memocc.out/stderr.txt >&2
        fail "status differs: $*"
    }
    diff cc.names memocc.names >&2 || fail "names of files differ: $*"
    for f in $(cd cc.out && find . -name '*.d'); do
        diff "cc.out/$f" "memocc.out/$f" >&2 || fail "dependencies differ: $*"
    done
    no_temps_left
}
