# Bytes that change, files that are cut short, replaced or longer: the generation before, or a
# start afresh, never wrong output.
. "$(dirname "$0")/lib.sh"
is_clang && [ -z "${MEMOCC_NIGHTLY:-}" ] && skip "the same runtime"
victim '' >p.c
build_plain plain p.c -DSCALE=2
run ./plain
mv out expected
build p p.c -DSCALE=2
stop ./p
n_states_are 2
cp -R "$states" saved
old=$(cd saved && find . -name '*.ckpt' | sort | head -1)
new=$(cd saved && find . -name '*.ckpt' | sort | tail -1)

restore() {
    rm -rf "$states"
    cp -R saved "$states"
}
# The newer one is that without which it goes on from the older.
restore
rm "$states/$new"
run ./p
if grep -q 'iteration 101' said; then
    swap=$old old=$new new=$swap
fi
restore
rm "$states/$new"
run ./p
ended_as expected
resumed_at 51
size=$(wc -c <"saved/$new")

# flip FILE OFFSET: the byte becomes another one.
flip() {
    byte=$(od -An -tu1 -j "$2" -N 1 "$states/$1" | tr -d ' ')
    # shellcheck disable=SC2059 # the format is the byte
    printf "\\$(printf %o $((byte ^ 1 << $2 % 8)))" |
        dd of="$states/$1" bs=1 seek="$2" conv=notrunc 2>dd.err || { cat dd.err; exit 1; }
}
damaged_both() {
    grep -q '^memocc: warning: .*damaged' said || { cat said >&2; fail "nothing was said"; }
    ! grep -q 'goes on at' said || { cat said >&2; fail "it went on"; }
}
if [ -n "${MEMOCC_NIGHTLY:-}" ]; then step=1; else step=$((size / 40)); fi
for at in $(seq 0 15) $(seq 16 "$step" $((size - 1))); do
    restore
    flip "$new" "$at"
    run ./p
    ended_as expected
    resumed_at 51
    n_states_are 0
done
for len in 0 1 8 64 $((size / 4)) $((size / 2)) $((size - 64)) $((size - 8)) $((size - 1)); do
    restore
    head -c $len "saved/$new" >"$states/$new"
    run ./p
    ended_as expected
    resumed_at 51
done
restore
printf x >>"$states/$new"
run ./p
ended_as expected
resumed_at 51
# Both.
for at in 0 $((size / 2)) $((size - 1)); do
    restore
    flip "$new" "$at"
    flip "$old" "$at"
    run ./p
    ended_as expected
    damaged_both
done
# One in place of the other; a directory; nothing that makes sense.
restore
cp "saved/$old" "$states/$new"
run ./p
ended_as expected
resumed_at 51
restore
rm "$states/$new"
mkdir "$states/$new"
run ./p
ended_as expected
restore
head -c 100000 /dev/urandom >"$states/$new"
head -c 100000 /dev/zero >"$states/$old"
run ./p
ended_as expected
damaged_both
