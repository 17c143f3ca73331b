# lib.sh - what the scripts share. Sourced first by each of them.
#
# The current folder is empty and the script's own. Programs stop where a script wants it, by
# signals that they send to themselves: STOP=100 saves and ends by TERM in iteration 100,
# MARK=50 saves by USR1 in iteration 50, so that there are two generations; HOLD=60 waits in
# iteration 60 (SIGSTOP).

. "$MEMOCC_SOURCE/tests/driver/lib.sh"
unset MEMOCC_CHECKPOINT MEMOCC_CHECKPOINT_DIR STOP MARK HOLD INPUT
here=$MEMOCC_SOURCE/tests/checkpoint
memocc=$MEMOCC # to programs, MEMOCC is a mode
unset MEMOCC
states=$MEMOCC_DIR/checkpoints

# Builds $2... as $1, and checks that memocc says nothing.
build() {
    out=$1
    shift
    "$memocc" "$CC" -O2 -I"$here" "$@" -o "$out" 2>warnings || { cat warnings >&2; fail "$out"; }
    [ ! -s warnings ] || { cat warnings >&2; fail "warnings"; }
}

# Builds $2... as $1 with cc.
build_plain() {
    out=$1
    shift
    "$CC" -O2 -w -I"$here" "$@" -o "$out"
}

# The program that most scripts stop and damage; $1: further clauses, $2: an edit by sed.
victim() {
    sed "s/CLAUSES/$1/; ${2:-}" <<'C'
#include <signal.h>

#include "sim.h"

static uint64_t table[100], calls;

static uint64_t number(const char *name)
{
    return getenv(name) ? strtoul(getenv(name), NULL, 10) : UINT64_MAX;
}

/* Not part of the loop. */
static uint64_t elsewhere(uint64_t x)
{
    return x * 3;
}

static uint64_t turn(uint64_t x)
{
    calls++;
    return spend(x) ^ calls;
}

int main(void)
{
    uint64_t stop = number("STOP"), mark = number("MARK"), hold = number("HOLD");
    uint64_t x = 1, input = number("INPUT");
    unsigned factor = getenv("FACTOR") ? 6 : 5;
    char text[8] = "abc";

    if (getenv("TEXT"))
        text[2] = 'd';
#pragma checkpoint on(TERM, USR1) skip(stop, mark, hold) CLAUSES
    for (uint64_t i = 0; i < 150; i++) {
        x = turn(x + input) * factor;
        table[x % 100] += x + (uint64_t)text[i % 4];
        if (i == mark)
            raise(SIGUSR1);
        if (i == stop)
            raise(SIGTERM);
        if (i == hold)
            raise(SIGSTOP);
    }
    print("table", DIGEST(table));
    print("calls", elsewhere(calls));
    return 3;
}
C
}

# run PROGRAM...: standard output in `out`, what it says in `said`, status in $status.
run() {
    status_of "$@" >out 2>said </dev/null
}

# The run before ended by itself, and printed what $1 holds.
ended_as() {
    [ "$status" = 3 ] || { cat said >&2; fail "status $status"; }
    cmp "$1" out >&2 || { cat said >&2; fail "output differs"; }
}

# stop PROGRAM...: it stops in iteration 100, having saved in iteration 50.
stop() {
    export STOP=100 MARK=50
    run "$@"
    unset STOP MARK
    [ "$status" = 143 ] || { cat said >&2; fail "status $status instead of TERM's"; }
}

# It went on before iteration $1, a regular expression.
resumed_at() {
    grep -Eq "^memocc: .* goes on at iteration $1," said ||
        { cat said >&2; fail "not resumed at iteration $1"; }
}

# It started from the beginning, and said why in a line that $1 matches.
fresh_because() {
    if grep -q '^memocc: .* goes on at' said; then cat said >&2; fail "resumed"; fi
    grep '^memocc: .* starts afresh: ' said | grep -Eq ": .*($1)" ||
        { cat said >&2; fail "no line with '$1'"; }
}

# It said nothing.
silent() {
    [ ! -s said ] || { cat said >&2; fail "lines"; }
}

n_states() {
    find "$states" -name '*.ckpt' 2>find.err | wc -l
}

# n_states_are N
n_states_are() {
    [ "$(n_states)" = "$1" ] || { cat said >&2; fail "states: $(n_states), not $1"; }
}
