# Every way to spell a pragma of ours is seen, and things that look like one
# but aren't don't slow a unit down. All stand in #if 0, so that nothing is
# rewritten; whether the scan saw them shows in -D__MEMOCC__.
. "$(dirname "$0")/lib.sh"
cat >recorder <<END
#!/bin/sh
printf '%s\n' "\$@" >"$PWD/arguments"
exec "$CC" "\$@"
END
chmod +x recorder
MEMOCC_CC="'$PWD/recorder'"

compile() {
    rm -f arguments
    { printf '#if 0\n'; cat; printf '\n#endif\nint x;\n'; } >case.c
    "$MEMOCC" -c case.c
}
sees() {
    compile
    grep -q __MEMOCC__ arguments || { cat case.c; fail "not seen"; }
}
ignores() {
    compile
    ! grep -q __MEMOCC__ arguments || { cat case.c; fail "seen"; }
}

for word in memo concurrent synchronized checkpoint; do
    echo "#pragma $word" | sees
    echo "	#	pragma	$word in(p[:n])" | sees
    echo "%:pragma $word" | sees
    echo "??=pragma $word" | sees
    echo "#/**/pragma/* */$word" | sees
    echo "_Pragma(\"$word\")" | sees
    printf '_Pragma\n(\n"%s")\n' "$word" | sees
    echo "_Pragma ( L\"$word in(p)\" )" | sees
done
printf '#pra\\\ngma memo\n' | sees
printf '#pra\\\r\ngma memo\r\n' | sees
printf '#pra\\ \ngma memo\n' | sees
printf '#pragma me\\\nmo\n' | sees
printf '#pragma \\\n memo\n' | sees
printf '#p\\\nr\\\na\\\ngma m\\\n\\\nemo\n' | sees
printf '#pra??/\ngma memo\n' | sees
printf '#pragma/* a\nb */memo\n' | sees
printf '#define P(x) _Pragma(#x)\nP(memo in(p[:n]))\n' | sees
printf '#define P(x) _Pragma ( \\\n #x)\n P(checkpoint)\n' | sees
printf '#define M _Pragma("memo")\n' | sees
printf '#pragma memo' | sees
echo '#include <memo.h>' | sees
echo 'int y = __MEMOCC__;' | sees
echo 'x = memo_cached(f(1));' | sees
printf '\357\273\277#pragma memo\n' | sees

echo '#pragma memory' | ignores
echo '#pragma omp parallel' | ignores
echo '#pragma GCC memo' | ignores
echo 'int memory, memo, concurrent; /* a memo */' | ignores
echo '_Pragma("GCC ivdep")' | ignores
printf '#define P(x) _Pragma(#x)\nP(GCC ivdep)\n' | ignores
printf '#define A 1 \\\n + 2 \\\n + 3\n' | ignores
printf 'char *s = "a\\\nb";' | ignores
rm case.c
echo 'int x;' >case.c
"$MEMOCC" -DM='_Pragma("memo")' -c case.c
grep -q __MEMOCC__ arguments || fail "a pragma in -D isn't seen"
