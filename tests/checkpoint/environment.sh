# MEMOCC_CHECKPOINT, and where checkpoints lie.
. "$(dirname "$0")/lib.sh"
victim '' >p.c
build_plain plain p.c
run ./plain
mv out expected
build p p.c

# fresh: what is there isn't used, and replaced.
stop ./p
STOP=120 MARK=110 MEMOCC_CHECKPOINT=fresh run ./p
[ "$status" = 143 ] || fail "status $status"
! grep -q 'goes on at' said || fail "resumed"
run ./p
ended_as expected
resumed_at 121
# off: nothing is read, written or deleted; the signals do what they do without memocc.
stop ./p
cat "$states"/*.ckpt >before
MEMOCC_CHECKPOINT=off run ./p
ended_as expected
silent
cat "$states"/*.ckpt | cmp - before || fail "changed"
STOP=30 MEMOCC_CHECKPOINT=off run ./p
[ "$status" = 143 ] || fail "status $status"
cat "$states"/*.ckpt | cmp - before || fail "changed"
MEMOCC=off run ./p # that is the cache
ended_as expected
resumed_at 101

# A line for each save; none at all.
export MEMOCC_VERBOSE=1 STOP=100 MARK=50
run ./p
[ "$(grep -cE ': state of iteration (51|101) saved: .* to copy, .* to write$' said)" = 2 ] ||
    { cat said >&2; fail "lines of saves"; }
unset STOP MARK
MEMOCC_VERBOSE=0 run ./p
ended_as expected
silent
unset MEMOCC_VERBOSE

# A folder of one's own, made when it is needed; absolute and relative.
mkdir own
for folder in "$PWD/own/deeper" relative; do
    export MEMOCC_CHECKPOINT_DIR="$folder"
    states=$folder
    stop ./p
    n_states_are 2
    [ "$(stat -c %a "$folder")" = 700 ] || fail "$folder: $(stat -c %a "$folder")"
    run ./p
    ended_as expected
    resumed_at 101
done
# One that is no folder, or can't be made, or is open to others: a line, and no checkpoints.
touch file
mkdir open
chmod 777 open
for folder in "$PWD/file" /proc/none/c "$PWD/open"; do
    export MEMOCC_CHECKPOINT_DIR="$folder"
    run ./p
    ended_as expected
    [ "$(grep -c '^memocc: ' said)" = 1 ] || { cat said >&2; fail "$folder: lines"; }
    STOP=20 run ./p
    [ "$status" = 143 ] || fail "$folder: status $status"
done
unset MEMOCC_CHECKPOINT_DIR
states=$MEMOCC_DIR/checkpoints
# Read only, for those to whom that means something.
[ "$(id -u)" != 0 ] || exit 0
stop ./p
chmod 500 "$states"
run ./p
ended_as expected
chmod 700 "$states"
