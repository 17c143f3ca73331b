#!/bin/sh
# Objects compiled with memocc, linked without it: `pkg-config --libs memocc` and
# `memocc --memo-libs`; and linked with it.
. "$MEMOCC_SOURCE/tests/cmake-consumer/consumer.sh"
# $(memocc --memo-libs) is split into words: a prefix without blanks.
prefix=$(TMPDIR='' mktemp -d /tmp/memocc-by-hand.XXXXXX) || exit 1
trap 'rm -rf "$prefix"' EXIT
step install "$CMAKE" --install "$MEMOCC_BUILD" --prefix "$prefix"
memocc=$prefix/bin/memocc
cp "$MEMOCC_SOURCE"/tests/cmake-consumer/project/*.[ch] .
line='13 13 34 4\n'
sources='main areas lengths plain'

compile() {
    for name in $sources; do
        step "compile $name.c" "$memocc" "$CC" -O2 -c "$name.c"
    done
}

link_and_check() { # what, words of the shell that give the libraries
    eval "step 'link with $1' \"$CC\" main.o areas.o lengths.o plain.o -o app $2"
    check_program ./app "$line$line$line" 3
}

compile
link_and_check "memocc --memo-libs" "$("$memocc" --memo-libs)"
if command -v pkg-config >/dev/null; then
    PKG_CONFIG_PATH=''
    for folder in "$prefix"/lib*/pkgconfig "$prefix"/lib/*/pkgconfig; do
        [ -d "$folder" ] && PKG_CONFIG_PATH=$folder
    done
    export PKG_CONFIG_PATH
    [ "$(pkg-config --modversion memocc)" ] || fail "pkg-config doesn't know memocc"
    link_and_check pkg-config "$(pkg-config --libs memocc)"

    # memo.h under plain cc is header-only.
    eval "step 'memo.h with cc' \"$CC\" $(pkg-config --cflags memocc) main.c areas.c lengths.c plain.c -o plain"
    [ "$(./plain | tail -1)" = "13 13 34 4" ] || fail "built with cc, prints $(./plain)"
fi
step "link with memocc" "$memocc" "$CC" main.o areas.o lengths.o plain.o -o app
check_program ./app "$line$line$line" 3
step "all at once" "$memocc" "$CC" -O2 main.c areas.c lengths.c plain.c -o app
check_program ./app "$line$line$line" 3
